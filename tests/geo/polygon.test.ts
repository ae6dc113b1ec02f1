import { booleanPointInPolygon } from '@turf/turf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMeetings, edgeLonAt, insideRings } from '../../src/geo/polygon.js'

const coordinate = fc.double({ min: -80, max: 80, noNaN: true })

describe('insideRings', () => {
  test('agrees with turf on any ring with a hole, away from the edges', () => {
    const arms = fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(arms, coordinate, coordinate, (lengths, lat, lon) => {
        const ring = (scale: number) => {
          const points = lengths.map((arm, k) => {
            const angle = (2 * Math.PI * k) / lengths.length
            return [70 * arm * scale * Math.cos(angle), 70 * arm * scale * Math.sin(angle)]
          })
          return [...points, points[0]!]
        }
        const rings = [ring(1), ring(0.5)]
        const expected = booleanPointInPolygon([lon, lat], { type: 'Polygon', coordinates: rings })
        expect(
          insideRings(
            rings.map(r => Float64Array.from(r.flat())),
            lat,
            lon,
          ),
        ).toBe(expected)
      }),
    )
  })

  test('of two polygons that share an edge exactly one has each point on it', () => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0, max: 1, noNaN: true }), (x1, x2, f) => {
        const west = Float64Array.of(-90, -85, x1, -85, x2, 85, -90, 85, -90, -85)
        const east = Float64Array.of(x2, 85, x1, -85, 90, -85, 90, 85, x2, 85)
        const lat = -85 + 169 * f
        for (const lon of [edgeLonAt(x1, -85, x2, 85, lat), x1 + f * (x2 - x1)]) {
          expect(insideRings([west], lat, lon)).toBe(!insideRings([east], lat, lon))
        }
      }),
    )
  })
})

describe('addMeetings', () => {
  type Four = [x1: number, y1: number, x2: number, y2: number]
  function meetings(way: Four, edge: Four): number[] {
    const fractions: number[] = []
    addMeetings(fractions, ...way, ...edge)
    return fractions
  }

  test('is where the ways cross', () => {
    expect(meetings([0, 0, 10, 0], [4, -1, 4, 1])).toEqual([0.4])
    expect(meetings([0, 0, 10, 10], [0, 5, 10, 5])).toEqual([expect.closeTo(0.5, 14)])
  })

  test('ends count, beyond them nothing does', () => {
    expect(meetings([0, 0, 10, 0], [10, -1, 10, 1])).toEqual([1])
    expect(meetings([0, 0, 10, 0], [0, -1, 0, 1])).toEqual([0])
    expect(meetings([0, 0, 10, 0], [10.000001, -1, 10.000001, 1])).toEqual([])
    expect(meetings([0, 0, 10, 0], [5, 0.000001, 5, 1])).toEqual([])
    expect(meetings([0, 0, 10, 0], [5, 1e-12, 5, 1])).toEqual([0.5])
  })

  test('a way along the edge meets its ends', () => {
    expect(meetings([0, 0, 10, 0], [2, 0, 3, 0])).toEqual([0.2, 0.3])
    expect(meetings([0, 0, 10, 0], [-2, 0, 3, 0])).toEqual([0.3])
  })

  test('a way without length, or of nonsense, meets nothing', () => {
    expect(meetings([5, 5, 5, 5], [0, 0, 9, 9])).toEqual([])
    expect(meetings([NaN, 5, 5, 5], [0, 0, 9, 9])).toEqual([])
    expect(meetings([0, 0, 10, 0], [5, NaN, 5, 1])).toEqual([])
  })

  test('a way through a corner meets it, however it is rounded', () => {
    const at = fc.double({ min: -80, max: 80, noNaN: true })
    const off = fc.double({ min: -0.2, max: 0.2, noNaN: true })
    fc.assert(
      fc.property(at, at, at, at, at, at, off, off, (x, y, x0, y0, x2, y2, dx, dy) => {
        fc.pre(Math.hypot(dx, dy) > 1e-6)
        const way: Four = [x - 0.37 * dx, y - 0.37 * dy, x + 0.63 * dx, y + 0.63 * dy]
        const near = [...meetings(way, [x0, y0, x, y]), ...meetings(way, [x, y, x2, y2])]
        expect(Math.min(...near.map(f => Math.abs(f - 0.37)))).toBeLessThan(1e-7)
      }),
    )
  })
})
