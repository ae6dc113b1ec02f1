import { describe, expect, test } from 'vitest'
import { isIntentional, receptionLayer } from '../../eval/welch.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'

const T = Date.UTC(2026, 0, 1)
const batchOf = (reports: PositionReport[]) => {
  const batch = createBatch(createWords(), Math.max(1, reports.length))
  for (const report of reports) appendReport(batch, report)
  return batch
}
/** A position each `everyH` hours for two days, from 10.5 N 20.5 E. */
const heard = (everyH: number, rest: Partial<PositionReport> = {}) =>
  batchOf(
    Array.from({ length: Math.floor(48 / everyH) + 1 }, (_, k) => ({
      ...{ mmsi: 1, t: T + k * everyH * MS_PER_HOUR, lat: 10.5, lon: 20.5, sog: 5 },
      ...({ txClass: 'A', collection: 'satellite' } as const),
      ...rest,
    })),
  )

describe('the layer of reception', () => {
  const perDay = (batch: ReturnType<typeof batchOf>, lat = 10.5, lon = 20.5, txClass = 'A') =>
    receptionLayer([batch]).perDay(lat, lon, txClass)

  test('is positions over hours times 24: one every two hours is twelve a day', () => {
    // 25 positions over 48 hours
    expect(perDay(heard(2))).toBeCloseTo((24 * 25) / 48, 9)
  })

  test('counts no more than 15 hours between two positions', () => {
    // at 0, 24 and 48 h: three positions over 30 hours
    expect(perDay(heard(24))).toBeCloseTo((24 * 3) / 30, 9)
  })

  test('takes satellites only, and ships of the speeds that the original takes', () => {
    expect(perDay(heard(2, { collection: 'terrestrial' }))).toBe(0)
    expect(perDay(heard(2, { sog: 0.4 }))).toBe(0)
    expect(perDay(heard(2, { sog: 14.1 }))).toBe(0)
    expect(perDay(heard(2, { sog: 1.9, txClass: 'B' }), 10.5, 20.5, 'B')).toBe(0)
    expect(perDay(heard(2, { sog: 2, txClass: 'B' }), 10.5, 20.5, 'B')).toBeGreaterThan(0)
  })

  test('lends a cell without data what its neighbours have, across the antimeridian too, and no farther', () => {
    expect(perDay(heard(2), 11.5, 21.5)).toBeCloseTo((24 * 25) / 48, 9)
    expect(perDay(heard(2), 12.5, 20.5)).toBe(0)
    expect(perDay(heard(2, { lon: 179.5 }), 10.5, -179.5)).toBeGreaterThan(0)
  })
})

describe('the rule', () => {
  const layer = (perDay: number) => ({ perDay: () => perDay })
  const flagged = ({ hours = 12, shoreNm = 60, satellite = 14, perDay = 11 }) =>
    isIntentional(
      {
        start: { t: T, lat: 10, lon: 20 },
        durationS: hours * 3600,
        vessel: { name: null, imo: null, callsign: null, flag: null, shipType: null, txClass: 'A' },
        details: { reportsBefore12h: { total: 99, satellite } },
      },
      layer(perDay),
      () => shoreNm * M_PER_NM,
    )

  test('each threshold from both sides', () => {
    expect(flagged({})).toBe(true)
    expect(flagged({ hours: 12 - 1 / 3600 })).toBe(false)
    expect(flagged({ shoreNm: 50 })).toBe(false)
    expect(flagged({ shoreNm: 50.01 })).toBe(true)
    expect(flagged({ satellite: 13 })).toBe(false)
    expect(flagged({ perDay: 10 })).toBe(false)
    expect(flagged({ perDay: 10.01 })).toBe(true)
  })
})
