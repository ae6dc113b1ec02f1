import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lonDelta, splitRing, wrapLon } from '../../src/geo/antimeridian.js'
import { insideRings } from '../../src/geo/polygon.js'
import { share } from '../helpers/share.js'

const lon = fc.double({ min: -1000, max: 1000, noNaN: true })

describe('longitudes', () => {
  test('wrapLon stays on the meridian and within −180 ≤ lon < 180', () => {
    fc.assert(
      fc.property(lon, x => {
        const w = wrapLon(x)
        expect(w).toBeGreaterThanOrEqual(-180)
        expect(w).toBeLessThan(180)
        expect(Math.cos(((w - x) * Math.PI) / 180)).toBeCloseTo(1, 9)
      }),
    )
  })

  test('a longitude in range is not touched, not even in its last bit', () => {
    fc.assert(
      fc.property(fc.double({ min: -180, max: 179.999, noNaN: true }), x => {
        expect(wrapLon(x)).toBe(x)
      }),
    )
  })

  test('lonDelta is the short way', () => {
    fc.assert(
      fc.property(lon, lon, (a, b) => {
        const d = lonDelta(a, b)
        expect(Math.abs(d)).toBeLessThanOrEqual(180)
        expect(Math.cos(((a + d - b) * Math.PI) / 180)).toBeCloseTo(1, 9)
      }),
    )
    expect(lonDelta(179, -179)).toBe(2)
    expect(lonDelta(-179, 179)).toBe(-2)
  })
})

describe('splitRing', () => {
  const inside = (ring: number[], lat: number, lon: number) => insideRings(splitRing(ring), lat, lon)

  test('a ring within ±180 comes back as it is, closed', () => {
    expect(splitRing([0, 0, 10, 0, 10, 10]).map(r => [...r])).toEqual([[0, 0, 10, 0, 10, 10, 0, 0]])
  })

  test('a ring across ±180 is the same area in either style', () => {
    const onwards = [170, -10, 190, -10, 190, 10, 170, 10]
    const back = [-170, -10, -190, -10, -190, 10, -170, 10]
    const jumping = [170, -10, -170, -10, -170, 10, 170, 10]
    for (const ring of [onwards, back, jumping]) {
      for (const piece of splitRing(ring)) {
        for (let i = 0; i < piece.length; i += 2) expect(Math.abs(piece[i]!)).toBeLessThanOrEqual(180)
      }
      expect([inside(ring, 0, 179), inside(ring, 0, -179), inside(ring, 0, -180)]).toEqual([true, true, true])
      expect([inside(ring, 0, 169), inside(ring, 0, -169), inside(ring, 0, 0)]).toEqual([false, false, false])
    }
  })

  test('shifting a ring by whole turns changes nothing', () => {
    const ring = fc.array(fc.tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -80, max: 80 })), {
      minLength: 3,
      maxLength: 12,
    })
    const point = fc.tuple(
      fc.double({ min: -180, max: 179, noNaN: true }),
      fc.double({ min: -85, max: 85, noNaN: true }),
    )
    fc.assert(
      fc.property(
        ring,
        fc.constantFrom(0, 130, 180),
        fc.integer({ min: -2, max: 2 }),
        point,
        (at, shift, turns, [x, y]) => {
          const here = at.flatMap(([px, py]) => [px + shift, py])
          const there = at.flatMap(([px, py]) => [px + shift + 360 * turns, py])
          expect(inside(there, y, x)).toBe(inside(here, y, x))
        },
      ),
    )
  })

  test('a ring around a pole holds the pole', () => {
    const cap = Array.from({ length: 36 }, (_, k) => [wrapLon(k * 10 - 175), 70]).flat()
    expect(inside(cap, 89.9, 12)).toBe(true)
    expect(inside(cap, 71, -179.9)).toBe(true)
    expect(inside(cap, 69, 0)).toBe(false)
    const south = cap.map((v, i) => (i % 2 === 1 ? -v : v))
    expect(inside(south, -89.9, 12)).toBe(true)
    expect(inside(south, 80, 12)).toBe(false)
  })

  test('a band around the earth, drawn from −180 to 180, is that band', () => {
    for (const band of [
      [-180, -60, 180, -60, 180, -50, -180, -50],
      [-180, -60, 180, -60, 180, -50, 0, -50, -180, -50],
      [-180, -60, 0, -60, 180, -60, 180, -50, 0, -50, -180, -50],
    ]) {
      expect(inside(band, -55, 0)).toBe(true)
      expect(inside(band, -55, -179)).toBe(true)
      expect(inside(band, -65, 0)).toBe(false)
      expect(inside(band, -45, 100)).toBe(false)
    }
  })

  test('180.00000000000006, as software leaves it, is 180', () => {
    const pieces = splitRing([170, 0, 180.00000000000006, 0, 180.00000000000006, 10, 170, 10])
    expect(pieces).toHaveLength(1)
    expect(Math.max(...pieces[0]!.filter((_, i) => i % 2 === 0))).toBe(180)
  })

  test('too few corners give nothing', () => {
    expect(splitRing([])).toEqual([])
    expect(splitRing([1, 1])).toEqual([])
    expect(splitRing([1, 1, 2, 2])).toEqual([])
  })
})

test('splitRing: a ring in a column is split as the same numbers in a list are', () => {
  const lon = fc.oneof(fc.integer({ min: -60, max: 60 }), fc.constantFrom(-180, 180, 179, -179, 190, -200))
  const ring = fc
    .tuple(
      fc.array(fc.tuple(lon, fc.integer({ min: -80, max: 80 })), { minLength: 3, maxLength: 6 }),
      fc.boolean(),
    )
    .map(([points, isClosed]) => (isClosed ? [...points, points[0]!] : points).flat())
  let whole = 0
  fc.assert(
    fc.property(ring, flat => {
      const pieces = splitRing(Float64Array.from(flat))
      expect(pieces).toEqual(splitRing(flat))
      if (pieces.length === 1) whole++
    }),
    { numRuns: 1000 },
  )
  expect(whole).toBeGreaterThan(100 * share)
})
