import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CELL_DEG, cellAt, cellKey, cellOn, keyOn, LEVELS, placeOf } from '../../src/reception/cells.js'

const lat = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(-90, 90, 0, 54.25, 54.2499999),
)
const lon = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 0, 179.9999999, -0.25),
)
const wrapped = (lon: number) => (lon === 180 ? -180 : lon)

test('a place lies in its cell on every level, and the cells lie in one another', () => {
  fc.assert(
    fc.property(lat, lon, fc.nat(2), fc.nat(63), (y, x, radio, feed) => {
      const fine = cellKey(0, cellAt(y, x), radio, feed)
      for (let level = 0; level < LEVELS - 1; level++) {
        const cell = placeOf(keyOn(level, fine))
        const half = CELL_DEG[level]! / 2
        expect(cell).toMatchObject({ level, radio, feed, deg: 2 * half })
        expect(Math.abs(y - cell.lat)).toBeLessThanOrEqual(half)
        expect(Math.abs(wrapped(x) - cell.lon)).toBeLessThanOrEqual(half)
        expect(cellAt(cell.lat, cell.lon)).toBeGreaterThanOrEqual(0)
        expect(cellOn(level, cellAt(cell.lat, cell.lon))).toBe(cellOn(level, cellAt(y, x)))
      }
      expect(placeOf(keyOn(3, fine))).toMatchObject({ level: 3, radio, feed })
    }),
  )
})

test('different cells, levels, classes and feeds have different keys', () => {
  const keys = new Set<number>()
  let made = 0
  for (const y of [-90, -89.75, 0, 0.25, 89.9])
    for (const x of [-180, -179.75, 0, 179.9])
      for (const [radio, feed] of [
        [0, 0],
        [2, 0],
        [0, 63],
        [2, 63],
      ] as const) {
        keys.add(cellKey(0, cellAt(y, x), radio, feed))
        made++
      }
  for (let level = 1; level < LEVELS; level++, made++) keys.add(keyOn(level, cellKey(0, 0, 0, 0)))
  expect(keys.size).toBe(made)
  for (const key of keys) expect(key).toBeLessThan(2 ** 30)
})

test('no place, no cell', () => {
  for (const [y, x] of [
    [NaN, 0],
    [0, NaN],
    [91, 0],
    [0, Infinity],
  ] as const)
    expect(cellAt(y, x)).toBe(-1)
})
