import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { finals, hour, MMSI, replay } from '../../helpers/replay.js'
import { inOrder, sailing } from './heard.js'

const told = (reports: PositionReport[]) =>
  replay(reports).filter(({ type, class: kind }) => type === 'spoofing' && kind === 'offset')
const offsets = (...parts: PositionReport[][]): DarkEvent[] => finals(told(inOrder(...parts)))

/** What a second feed makes of the same reports, half a minute after each. */
const bySecond = (
  reports: readonly PositionReport[],
  change: (report: PositionReport) => PositionReport | null = report => report,
): PositionReport[] =>
  reports.flatMap(report => {
    const nm = ((report.sog ?? 0) * 30) / 3600
    const turn = ((report.cog ?? 0) * Math.PI) / 180
    const later = {
      ...report,
      t: report.t + 30_000,
      lat: report.lat! + (nm * Math.cos(turn)) / 60,
      lon: report.lon! + (nm * Math.sin(turn)) / 60 / Math.cos((report.lat! * Math.PI) / 180),
      source: 'second',
      utcSecond: (report.utcSecond! + 30) % 60,
    }
    return change(later) ?? []
  })
const moved =
  (north: number, east = 0) =>
  (report: PositionReport): PositionReport => ({
    ...report,
    lat: report.lat! + north / 60,
    lon: report.lon! + east / 60 / Math.cos((report.lat! * Math.PI) / 180),
  })

/** A ship that goes out and back on legs of half an hour, at twelve knots. */
const legs = (mmsi: number, minutes: number, courses = [0, 90, 180, 270]): PositionReport[] => {
  const reports: PositionReport[] = []
  let [lat, lon] = [54, 4]
  for (let from = 0, k = 0; from < minutes; from += 30, k++) {
    const leg = sailing({
      ...{ mmsi, from, to: Math.min(minutes, from + 30), every: 1, lat, lon, sog: 12 },
      cog: courses[k % courses.length]!,
      rest: { source: 'first' },
    })
    reports.push(...leg)
    const [last, before] = [leg.at(-1)!, leg.at(-2)!]
    lat = 2 * last.lat! - before.lat!
    lon = 2 * last.lon! - before.lon!
  }
  return reports
}
/** Others of whom both feeds say the same. */
const others = [1, 2, 3, 4].map(k => legs(211_000_000 + k, 180, [40 * k, 90 + 40 * k]))
const agreed = others.flatMap(each => [each, bySecond(each)])
const her = legs(MMSI, 180)

describe('offset', () => {
  test('two feeds put a ship three miles apart, and agree of the others', () => {
    const [event, ...rest] = offsets(...agreed, her, bySecond(her, moved(0, 3)))
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      ...{ type: 'spoofing', class: 'offset', mmsi: MMSI, phase: 'opened', end: null },
      details: { from: { source: 'first' }, to: { source: 'second' } },
    })
    const { offsetM, bearing, spreadM } = event!.details as Record<string, number>
    expect(offsetM! / 1852).toBeCloseTo(3, 1)
    expect(bearing).toBeCloseTo(90, 0)
    expect(spreadM).toBeLessThan(150)
    expect(event!.id).toBe(`spoofing-${MMSI}-${event!.start.t}-offset`)
  })

  test('for any vector: none below half a mile, told from one mile on', () => {
    const vector = fc.record({
      nm: fc.double({ min: 0.05, max: 8, noNaN: true }),
      deg: fc.integer({ min: 0, max: 359 }),
    })
    fc.assert(
      fc.property(vector, ({ nm, deg }) => {
        const turn = (deg * Math.PI) / 180
        const found = offsets(...agreed, her, bySecond(her, moved(nm * Math.cos(turn), nm * Math.sin(turn))))
        if (nm < 0.5) expect(found).toEqual([])
        if (nm >= 1) expect(found.map(({ mmsi }) => mmsi)).toEqual([MMSI])
      }),
      { numRuns: 30 },
    )
  })

  test('delay is none, by however much and on whatever way', () => {
    // legs that are parallel an hour apart look alike to whoever is late by an hour
    const course = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), {
      ...{ minLength: 6, maxLength: 6, selector: deg => Math.floor(deg / 20) },
    })
    fc.assert(
      fc.property(course, fc.integer({ min: 1, max: 90 }), (courses, minutes) => {
        const way = legs(MMSI, 180, courses)
        const late = bySecond(way, report => ({ ...report, t: report.t + minutes * 60_000 }))
        expect(offsets(...agreed, way, late)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  test('what all ships of a feed show is the feed’s', () => {
    const wrong = others.flatMap(each => [each, bySecond(each, moved(0, 3))])
    expect(offsets(...wrong, her, bySecond(her, moved(0, 3)))).toEqual([])
    expect(offsets(her, bySecond(her, moved(0, 3)))).toEqual([])
  })

  test('lines drawn between fixes of a ship that turns are no offset', () => {
    // a fix of every forty minutes, and a straight line between them
    const points = her.filter((_, k) => k % 40 === 0)
    const drawn = her.flatMap(({ t }) => {
      const next = points.findIndex(point => point.t > t)
      if (next < 1) return []
      const [a, b] = [points[next - 1]!, points[next]!]
      const f = (t + 30_000 - a.t) / (b.t - a.t)
      const [lat, lon] = [a.lat! + f * (b.lat! - a.lat!), a.lon! + f * (b.lon! - a.lon!)]
      return [{ ...a, t: t + 30_000, lat, lon, source: 'second' }]
    })
    expect(offsets(...agreed, her, drawn)).toEqual([])
  })

  test('two ships under one number keep no distance', () => {
    const other = legs(MMSI, 180, [10, 200, 130]).map(moved(8, 5))
    expect(offsets(...agreed, her, bySecond(other))).toEqual([])
  })

  test('copies of one transmission, and one feed alone, say nothing', () => {
    expect(
      offsets(
        ...agreed,
        her,
        her.map(report => ({ ...report, source: 'second' })),
      ),
    ).toEqual([])
    expect(
      offsets(
        ...agreed,
        her,
        bySecond(her, moved(0, 3)).map(r => ({ ...r, source: 'first' })),
      ),
    ).toEqual([])
  })

  test('needs twenty minutes, two miles, and a turn or five times the offset', () => {
    const straight = legs(MMSI, 180, [0])
    const until = (way: PositionReport[], minutes: number, nm: number) =>
      offsets(
        ...agreed,
        way,
        bySecond(
          way.filter(({ t }) => t < way[0]!.t + minutes * 60_000),
          moved(0, nm),
        ),
      )
    expect(until(straight, 18, 0.6)).toEqual([])
    expect(until(straight, 60, 0.9)).toHaveLength(1)
    // five times three miles are 75 minutes
    expect(until(straight, 60, 3)).toEqual([])
    expect(until(straight, 100, 3)).toHaveLength(1)
    expect(until(her, 60, 3)).toHaveLength(1)
  })

  test('ends where the feeds agree again', () => {
    const back = (report: PositionReport) => (report.t < hour(1.5) ? moved(0, 3)(report) : report)
    const events = told(inOrder(...agreed, her, bySecond(her, back)))
    expect(events.map(({ phase, revision }) => [phase, revision])).toEqual([
      ['opened', 1],
      ['closed', 2],
    ])
    expect(events[1]!.id).toBe(events[0]!.id)
    expect(Math.abs(events[1]!.end!.t - hour(1.5))).toBeLessThan(3 * 60_000)
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const reports = inOrder(...agreed, her, bySecond(her, moved(2, 1)))
    const whole = told(reports).map(event => JSON.stringify(event))
    expect(whole.length).toBeGreaterThan(0)
    const options = { config: { engine: { capacity: 64, silenceCapacity: 64 } } }
    for (const share of [0.1, 0.3, 0.5, 0.9]) {
      const cut = Math.floor(share * reports.length)
      const events: DarkEvent[] = []
      const first = createEngine({ ...options, onEvent: event => events.push(event) })
      for (const report of reports.slice(0, cut)) first.push(report)
      const second = createEngine({
        ...options,
        restore: first.snapshot(),
        onEvent: event => events.push(event),
      })
      for (const report of reports.slice(cut)) second.push(report)
      second.flush()
      expect(events.filter(event => event.class === 'offset').map(event => JSON.stringify(event))).toEqual(
        whole,
      )
    }
  })
})
