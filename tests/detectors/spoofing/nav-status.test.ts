import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../../src/engine/api.js'
import type { PositionReport } from '../../../src/model/report.js'
import { finals, replay, T0 } from '../../helpers/replay.js'
import { endOf, way } from '../../helpers/tracks.js'
import { coastNm } from '../../helpers/coast.js'

const minute = (m: number) => T0 + m * 60_000
const told = (reports: PositionReport[], options: Partial<EngineOptions> = {}) =>
  finals(
    replay(
      [...reports].sort((a, b) => a.t - b.t),
      options,
    ),
  ).filter(({ class: kind }) => kind === 'nav_status')
const says = (navStatus: number) => () => ({ navStatus })
const shore = (nm: number) => ({
  coast: coastNm(nm),
})
const atRest = (minutes: number, from = 0, navStatus = 1) =>
  way({ minutes, from, kn: 0.1, everyS: 180, told: says(navStatus) })

describe('nav_status', () => {
  test('a ship that says that it lies, and sails for half an hour, is told of once', () => {
    for (const navStatus of [1, 5]) {
      const [event, ...rest] = told(way({ minutes: 90, told: says(navStatus) }))
      expect(rest).toEqual([])
      expect(event).toMatchObject({ phase: 'opened', start: { t: T0 }, details: { navStatus } })
      expect(event!.asOf).toBe(minute(30))
    }
  })

  test('no other status is one, nor are these below three knots: any way', () => {
    const any = fc.record({
      kn: fc.integer({ min: 0, max: 40 }),
      navStatus: fc.integer({ min: 0, max: 15 }),
      everyS: fc.constantFrom(10, 60, 360, 1800),
    })
    fc.assert(
      fc.property(any, ({ kn, navStatus, everyS }) => {
        const events = told(way({ minutes: 200, kn, everyS, told: says(navStatus) }))
        expect(events.length).toBe((navStatus === 1 || navStatus === 5) && kn >= 3 ? 1 : 0)
      }),
      { numRuns: 80 },
    )
  })

  test('not before half an hour and five miles', () => {
    expect(told(way({ minutes: 29.5, kn: 20, told: says(5) }))).toEqual([])
    expect(told(way({ minutes: 30, kn: 20, told: says(5) }))).toHaveLength(1)
    expect(told(way({ minutes: 40, kn: 7, told: says(5) }))).toEqual([])
    expect(told(way({ minutes: 44, kn: 7, told: says(5) }))).toHaveLength(1)
  })

  test('speed alone is noise: the positions have to move', () => {
    expect(told(way({ minutes: 600, kn: 0.1, told: () => ({ sog: 6, navStatus: 1 }) }))).toEqual([])
  })

  test('a status for a report or two is a bit error', () => {
    const reports = way({ minutes: 300, told: (_, m) => ({ navStatus: m % 20 < 0.3 ? 5 : 0 }) })
    expect(told(reports)).toEqual([])
  })

  test('near shore they forget it all day', () => {
    const reports = way({ minutes: 90, told: says(5) })
    expect(told(reports, shore(2.9))).toEqual([])
    expect(told(reports, shore(3))).toHaveLength(1)
  })

  test('lasts as long as the status does, over a stop, and ends at the last fix that sails', () => {
    const out = way({ minutes: 60, told: says(1) })
    const lies = way({ ...endOf(out), minutes: 120, from: 61, kn: 0, told: says(1) })
    const on = way({ ...endOf(out), minutes: 60, from: 182, told: says(1) })
    const right = way({ ...endOf(on), minutes: 10, from: 243 })
    const events = told([...out, ...lies, ...on, ...right])
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ phase: 'closed', end: { t: on.at(-1)!.t } })
    // who has lain for hours lies there truly
    const long = atRest(400, 61).map(report => ({ ...report, ...endOf(out) }))
    expect(told([...out, ...long])[0]).toMatchObject({ phase: 'closed', end: { t: out.at(-1)!.t } })
  })

  test('a switch that was right before ranks lower than one that was turned under way', () => {
    const [forgotten] = told([...atRest(60), ...way({ minutes: 60, from: 61, told: says(1) })])
    expect(forgotten!.evidence.map(({ name }) => name)).toContain('left_rest')
    const [turned] = told(way({ minutes: 120, told: (_, m) => ({ navStatus: m < 40 ? 0 : 1 }) }))
    expect(turned!.evidence.map(({ name }) => name)).toContain('set_under_way')
    expect(forgotten!.score).toBeLessThan(turned!.score)
    expect(turned!.score).toBeLessThan(0.5)
  })
})
