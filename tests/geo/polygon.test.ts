import { booleanPointInPolygon } from '@turf/turf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edgeLonAt, insideRings, meetingFraction } from '../../src/geo/polygon.js'

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

describe('meetingFraction', () => {
  test('is where the ways cross', () => {
    expect(meetingFraction(0, 0, 10, 0, 4, -1, 4, 1)).toBe(0.4)
    expect(meetingFraction(0, 0, 10, 10, 0, 5, 10, 5)).toBe(0.5)
  })

  test('ends count, beyond them nothing does', () => {
    expect(meetingFraction(0, 0, 10, 0, 10, -1, 10, 1)).toBe(1)
    expect(meetingFraction(0, 0, 10, 0, 0, -1, 0, 1)).toBe(0)
    expect(meetingFraction(0, 0, 10, 0, 10.001, -1, 10.001, 1)).toBeNaN()
    expect(meetingFraction(0, 0, 10, 0, 5, 0.001, 5, 1)).toBeNaN()
  })

  test('a way along the edge meets nothing', () => {
    expect(meetingFraction(0, 0, 10, 0, 2, 0, 3, 0)).toBeNaN()
    expect(meetingFraction(5, 5, 5, 5, 0, 0, 9, 9)).toBeNaN()
  })
})
