// The grid against asking every place: poles, ±180, cells of any size and circles of any.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { createGrid } from '../../src/match/grid.js'

const lat = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(-90, 90, 89.999, -89.99, 0, 85),
)
const lon = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 179.999, -179.999, 0),
)
const place = fc.record({ lat, lon })
const radius = fc.oneof(
  fc.double({ min: 1, max: 50_000, noNaN: true }),
  fc.double({ min: 1, max: 2e7, noNaN: true }),
)

test('finds all within the circle, and nothing beyond', () => {
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 40 }),
      place,
      radius,
      fc.constantFrom(0.1, 1, 7, 90),
      (others, at, radiusM, cellDeg) => {
        // some near it, or next to none would be
        const near = [0, 0.2, -0.3, 0.9].map(x => ({
          lat: Math.max(-90, Math.min(90, at.lat + (x * radiusM) / 111_195)),
          lon: ((at.lon + x * 0.1 + 540) % 360) - 180,
        }))
        const places = [...others, ...near]
        const found = new Set<number>()
        createGrid(places, cellDeg).some(at.lat, at.lon, radiusM, k => {
          expect(found.has(k)).toBe(false)
          found.add(k)
          return false
        })
        places.forEach((each, k) => {
          const m = haversineM(at.lat, at.lon, each.lat, each.lon)
          // a centimetre and a millionth for rounding
          if (Math.abs(m - radiusM) > 0.01 + 1e-6 * radiusM) expect(found.has(k)).toBe(m < radiusM)
        })
      },
    ),
    { numRuns: 500 },
  )
})

test('stops at the one looked for', () => {
  const grid = createGrid(
    [1, 2, 3].map(() => ({ lat: 0, lon: 0 })),
    1,
  )
  let asked = 0
  expect(grid.some(0, 0, 10, () => ++asked === 2)).toBe(true)
  expect(asked).toBe(2)
  expect(grid.some(5, 0, 10, () => true)).toBe(false)
  expect(createGrid([], 1).some(0, 0, 10, () => true)).toBe(false)
})
