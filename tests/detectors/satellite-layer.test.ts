import { describe, expect, test } from 'vitest'
import {
  clearPosition,
  countPosition,
  initLayer,
  positionsPerDay,
  type LayerState,
} from '../../src/detectors/gap/satellite-layer.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../../src/model/units.js'

const T = Date.UTC(2024, 4, 10)

/** A position every so many hours for two days, at 10.5 N 20.5 E. */
function heard({ everyH = 2, lat = 10.5, lon = 20.5, sog = 8, isClassB = false, from = T }): LayerState {
  const state = initLayer(2)
  for (let h = 0; h <= 48; h += everyH)
    countPosition(state, 1, from + h * MS_PER_HOUR, lat, lon, sog, isClassB)
  return state
}
const perDay = (state: LayerState, lat = 10.5, lon = 20.5, isClassB = false, t = T) =>
  positionsPerDay(state, t, lat, lon, isClassB)

describe('the satellite layer', () => {
  test('is positions over hours, a day', () => {
    expect(perDay(heard({ everyH: 2 }))).toBeCloseTo(12, 9)
    expect(perDay(heard({ everyH: 0.5 }))).toBeCloseTo(48, 9)
    expect(perDay(initLayer(1))).toBe(0)
  })

  test('counts no more than 15 hours from one position to the next', () => {
    expect(perDay(heard({ everyH: 15 }))).toBeCloseTo(24 / 15, 9)
    expect(perDay(heard({ everyH: 24 }))).toBeCloseTo(24 / 15, 9)
  })

  test('takes ships of the speeds at which they send often', () => {
    const rate = (sog: number, isClassB = false) => perDay(heard({ sog, isClassB }), 10.5, 20.5, isClassB)
    expect([rate(0.5), rate(14), rate(2, true), rate(30, true)]).toEqual([0, 0, 0, 0])
    expect([rate(0.51), rate(13.9), rate(2.1, true), rate(29.9, true)].every(x => x > 0)).toBe(true)
    // none reported: by the way it made, none here
    expect(perDay(heard({ sog: NaN }))).toBe(0)
    const under = initLayer(1)
    for (let h = 0; h < 30; h++) countPosition(under, 0, T + h * MS_PER_HOUR, 10.2, 20 + h / 100, NaN, false)
    expect(perDay(under)).toBeCloseTo(24, 9) // 0.6 kn
  })

  test('is by class, degree and month', () => {
    expect(perDay(heard({}), 10.5, 20.5, true)).toBe(0)
    expect(perDay(heard({}), 10.01, 20.99)).toBeCloseTo(12, 9)
    expect(perDay(heard({}), 10.5, 20.5, false, T + 31 * MS_PER_DAY)).toBe(0)
    expect(perDay(heard({}), 10.5, 380.5)).toBeCloseTo(12, 9)
  })

  test('lends a cell without a day of data what its eight neighbours have, over ±180 and up to the poles', () => {
    expect(perDay(heard({}), 11.5, 21.5)).toBeCloseTo(12, 9)
    expect(perDay(heard({}), 12.5, 20.5)).toBe(0)
    expect(perDay(heard({ lon: 179.5 }), 10.5, -179.5)).toBeCloseTo(12, 9)
    expect(perDay(heard({ lat: 89.9 }), 90, 20.5)).toBeCloseTo(12, 9)
    expect(perDay(heard({ lat: -90 }), -89.5, 20.5)).toBeCloseTo(12, 9)
  })

  test('copies, and a ship that took the place of another, say nothing', () => {
    const state = heard({})
    for (let k = 0; k < 9; k++) countPosition(state, 1, T + 48 * MS_PER_HOUR, 10.5, 20.5, 8, false)
    expect(perDay(state)).toBeCloseTo(12, 9)
    clearPosition(state, 1)
    countPosition(state, 1, T + 49 * MS_PER_HOUR, 10.5, 20.5, 8, false)
    expect(perDay(state)).toBeCloseTo(12, 9)
  })

  test('keeps thirteen months', () => {
    const state = heard({})
    for (let month = 1; month < 30; month++)
      for (const h of [0, 1])
        countPosition(state, 0, T + month * 31 * MS_PER_DAY + h * MS_PER_HOUR, 0, 0, 8, false)
    expect(state.cells.size).toBe(13)
  })
})
