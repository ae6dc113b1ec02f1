// What holds for loitering whatever a ship does: its times are those of its reports, and neither the clock, the map, the rate
// of the reports nor their noise makes a difference.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import { wrapLon } from '../../../src/geo/antimeridian.js'
import { haversineM } from '../../../src/geo/distance.js'
import { isVesselEvent, type DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { appendReport, createBatch } from '../../../src/model/batch.js'
import { createWords } from '../../../src/model/words.js'
import { coastNm } from '../../helpers/coast.js'
import { content, MMSI, T0 } from '../../helpers/replay.js'
import { byTime, detect, sail, stretches, type Stretch } from './sea.js'
import { share } from '../../helpers/share.js'

const runs = { numRuns: 20 }
const MIN_MS = 4 * MS_PER_HOUR
const facts = (events: readonly DarkEvent[], dt = 0) =>
  events.map(({ class: kind, phase, start, end }) => [kind, phase, start.t - dt, end && end.t - dt])

/** The slow stretches of a way, as its reports give them: first and last report in them. */
function truth(way: readonly Stretch[], reports: readonly PositionReport[]): [from: number, to: number][] {
  let begins = T0
  return way.flatMap(({ hours, kn }) => {
    const ends = begins + Math.round(hours * MS_PER_HOUR)
    const inside = reports.filter(({ t }) => t >= begins && t < ends)
    begins = ends
    return kn < 2 && inside.length > 0 ? [[inside[0]!.t, inside.at(-1)!.t] as [number, number]] : []
  })
}

describe('loitering', () => {
  test('begins with the first slow report and ends with the last, at even and uneven rates', () => {
    const rates = fc.array(
      fc.integer({ min: 1, max: 48 }).map(x => x / 6),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(stretches, rates, (way, everyMin) => {
        const reports = sail(way, { everyMin })
        const expected = truth(way, reports).filter(([from, to]) => to - from >= MIN_MS)
        const found = detect(reports).map(({ start, end }) => [start.t, end?.t])
        expect(found.sort((a, b) => a[0]! - b[0]!)).toEqual(expected)
      }),
      runs,
    )
  })

  test('… and within five minutes of them, or a report, where no speed is told', () => {
    fc.assert(
      fc.property(stretches, fc.integer({ min: 1, max: 12 }), (way, everyMin) => {
        const told = () => ({ sog: undefined, cog: undefined })
        const reports = sail(way, { everyMin, told: told as never })
        const expected = truth(way, reports).filter(([from, to]) => to - from >= MIN_MS + 30 * MS_PER_MIN)
        const found = detect(reports)
        for (const [from, to] of expected) {
          const near = (a: number, b: number) => Math.abs(a - b) <= (5 + 2 * everyMin) * MS_PER_MIN
          expect(found.filter(({ start, end }) => near(start.t, from) && near(end!.t, to))).toHaveLength(1)
        }
      }),
      runs,
    )
  })

  test('start and end are reports that were sent, in any traffic of holes and speeds', () => {
    const any = fc.array(
      fc.record({
        hours: fc.integer({ min: 1, max: 40 }).map(x => x / 8),
        kn: fc.integer({ min: 0, max: 60 }).map(x => x / 10),
        cog: fc.integer({ min: 0, max: 359 }),
      }),
      { minLength: 3, maxLength: 9 },
    )
    const rates = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 50, max: 290 })), {
      minLength: 3,
      maxLength: 9,
    })
    let found = 0
    fc.assert(
      fc.property(any, rates, (way, everyMin) => {
        const reports = sail(way, { everyMin })
        const sent = new Map(reports.map(report => [report.t, report]))
        for (const { start, end, details } of detect(reports)) {
          found++
          for (const at of end ? [start, end] : [start])
            expect([at.lat, at.lon]).toEqual([sent.get(at.t)!.lat, sent.get(at.t)!.lon])
          const radiusM = details['radiusM'] as number
          const inside = reports.filter(({ t }) => t >= start.t && t <= (end?.t ?? Infinity))
          const span = Math.max(...inside.map(r => haversineM(start.lat!, start.lon!, r.lat!, r.lon!)))
          expect(radiusM).toBeLessThanOrEqual(2 * span + 1)
        }
      }),
      { numRuns: 150 },
    )
    expect(found).toBeGreaterThanOrEqual(20 * share)
  })

  test('every n-th report moves start and end by no more than one of those that are left', () => {
    fc.assert(
      fc.property(stretches, fc.integer({ min: 2, max: 40 }), fc.nat({ max: 39 }), (way, n, phase) => {
        const dense = sail(way, { everyMin: 1 / 4 })
        const sparse = dense.filter((_, k) => k % n === phase % n)
        const oneMs = n * 15_000
        const all = detect(dense)
        const left = detect(sparse)
        for (const { start, end } of all) {
          if (end!.t - start.t < MIN_MS + 2 * oneMs) continue
          const near = (a: number, b: number) => Math.abs(a - b) <= oneMs
          expect(left.filter(e => near(e.start.t, start.t) && near(e.end!.t, end!.t))).toHaveLength(1)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('noise of 30 m at any rate changes no event of a ship', () => {
    const still = stretches.map(way => way.map(each => (each.kn < 2 ? { ...each, kn: 0 } : each)))
    fc.assert(
      fc.property(still, fc.constantFrom(1 / 6, 1, 4), fc.nat(), (way, everyMin, seed) => {
        const quiet = sail(way, { everyMin })
        const noisy = quiet.map((report, k) => {
          const angle = ((k + 1) * (seed + 7919)) % 360
          const north = (30 * Math.cos(angle)) / 111_195
          const east = (30 * Math.sin(angle)) / 111_195 / Math.cos((report.lat! * Math.PI) / 180)
          return { ...report, lat: report.lat! + north, lon: report.lon! + east }
        })
        const events = detect(noisy)
        expect(facts(events)).toEqual(facts(detect(quiet)))
        for (const { details } of events) expect(details['pathM']).toBeLessThan(1000)
      }),
      { numRuns: 30 },
    )
  })

  test('no midnight: at any offset, to the millisecond', () => {
    fc.assert(
      fc.property(stretches, fc.integer({ min: -86_400_000, max: 86_400_000 }), (way, fromMs) => {
        const reports = sail(way)
        const later = reports.map(report => ({ ...report, t: report.t + fromMs }))
        expect(facts(detect(later), fromMs)).toEqual(facts(detect(reports)))
      }),
      runs,
    )
  })

  const fleet = fc
    .array(stretches, { minLength: 2, maxLength: 4 })
    .map(ways =>
      byTime(
        ways.flatMap((way, k) =>
          sail(way, { mmsi: MMSI + k, lat: 30 + k / 30, fromMs: k * 7000, everyMin: [4, 7, 3] }),
        ),
      ),
    )

  test('neither the antimeridian nor the side of the equator makes a difference, east is as good as west', () => {
    fc.assert(
      fc.property(fleet, reports => {
        const [lon0, dLon] = [-40, -139.95]
        const expected = facts(detect(reports))
        const moved = (change: (report: PositionReport) => Partial<PositionReport>) =>
          facts(detect(reports.map(report => ({ ...report, ...change(report) }))))
        expect(moved(({ lon }) => ({ lon: wrapLon(lon! + dLon) }))).toEqual(expected)
        const south = (deg: number) => (540 - deg) % 360
        expect(
          moved(({ lat, cog, heading }) => ({ lat: -lat!, cog: south(cog!), heading: south(heading!) })),
        ).toEqual(expected)
        const west = (deg: number) => (360 - deg) % 360
        expect(
          moved(({ lon, cog, heading }) => ({
            ...{ lon: 2 * lon0 - lon!, cog: west(cog!), heading: west(heading!) },
          })),
        ).toEqual(expected)
      }),
      runs,
    )
  })

  test('split into batches, shuffled within the reorder window or resumed, a fleet gives the same events', () => {
    const config = { sequences: [], engine: { capacity: 64, silenceCapacity: 64 } }
    const isOurs = ({ type }: DarkEvent) => type === 'loitering'
    const classes = new Set<string>()
    fc.assert(
      fc.property(fleet, fc.nat(), fc.integer({ min: 1, max: 300 }), (reports, cut, size) => {
        const options = { config, coast: coastNm(100) }
        const whole: DarkEvent[] = []
        const engine = createEngine({ ...options, onEvent: event => whole.push(event) })
        for (const report of reports) engine.push(report)
        engine.flush()
        for (const { class: kind } of whole.filter(isOurs)) classes.add(kind!)

        const words = createWords()
        const split: DarkEvent[] = []
        const inBatches = createEngine({ ...options, words, onEvent: event => split.push(event) })
        for (let from = 0; from < reports.length; from += size) {
          const batch = createBatch(words, size)
          for (const report of reports.slice(from, from + size)) appendReport(batch, report)
          inBatches.pushBatch(batch)
        }
        inBatches.flush()
        expect(split.filter(isOurs)).toEqual(whole.filter(isOurs))

        const resumed: DarkEvent[] = []
        const first = createEngine({ ...options, onEvent: event => resumed.push(event) })
        const at = cut % reports.length
        for (const report of reports.slice(0, at)) first.push(report)
        const second = createEngine({
          ...{ ...options, restore: first.snapshot(), onEvent: event => resumed.push(event) },
        })
        for (const report of reports.slice(at)) second.push(report)
        second.flush()
        expect(resumed.filter(isOurs)).toEqual(whole.filter(isOurs))

        const shuffled: DarkEvent[] = []
        const live = createEngine({ ...options, onEvent: event => shuffled.push(event) })
        const arrival = reports
          .map((report, k) => ({ report, at: report.t + ((k * 7919 + cut) % 119_000) }))
          .sort((a, b) => a.at - b.at)
        for (const { report, at: now } of arrival) {
          live.push(report)
          live.advance(now - 120_000)
        }
        live.flush()
        expect(content(shuffled.filter(isOurs))).toEqual(content(whole.filter(isOurs)))
      }),
      { numRuns: 20 },
    )
    // … of more than one kind, neighbours among them
    expect(classes.size).toBeGreaterThan(2)
  })
})

describe('the sliding hour', () => {
  /** Where the ship was: between two of its thinned fixes on the straight way. */
  function naively(reports: readonly PositionReport[]): { t: number; kn: number }[] {
    const thinned: PositionReport[] = []
    for (const report of reports)
      if (thinned.length === 0 || report.t - thinned.at(-1)!.t >= 5 * MS_PER_MIN) thinned.push(report)
    return thinned.flatMap((now, k) => {
      const then = now.t - MS_PER_HOUR
      const after = thinned.findIndex(({ t }) => t > then)
      const [a, b] = [thinned[after - 1], thinned[after]]
      if (!a || after > k) return []
      const share = (then - a.t) / (b!.t - a.t)
      const [lat, lon] = [a.lat! + share * (b!.lat! - a.lat!), a.lon! + share * (b!.lon! - a.lon!)]
      const apartM = haversineM(lat, lon, now.lat!, now.lon!)
      const floorM = 3 * Math.hypot(20, 20)
      return [{ t: now.t, kn: Math.sqrt(Math.max(0, apartM ** 2 - floorM ** 2)) / M_PER_NM }]
    })
  }

  test('a ship is slow from when its net speed over the hour is below the bound, by brute force; not before', () => {
    const any = fc.array(
      fc.record({
        hours: fc.integer({ min: 2, max: 30 }).map(x => x / 5),
        kn: fc.integer({ min: 0, max: 90 }).map(x => x / 10),
        cog: fc.integer({ min: 0, max: 359 }),
      }),
      { minLength: 2, maxLength: 7 },
    )
    let found = 0
    fc.assert(
      fc.property(
        any,
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 }),
        (way, everyMin) => {
          const reports = sail(way, { everyMin })
          const hours = naively(reports)
          const clear = hours.filter(({ kn }) => Math.abs(kn - 2) > 0.02)
          const told = detect(reports, { config: { loitering: { minHours: 1, exitSpeedKn: 2.001 } } })
          // within an event it was slow over some hour that lies in it, or it would not have begun
          for (const { start, end } of told) {
            found++
            const inside = hours.filter(({ t }) => t >= start.t && (!end || t <= end.t + 2 * MS_PER_HOUR))
            expect(inside.some(({ kn }) => kn < 2.02)).toBe(true)
          }
          // and a report at which it is, with the hour before it, lies in one, or about one too short to tell
          const within = (t: number) => told.some(({ start, end }) => start.t <= t && (!end || t <= end.t))
          const runsOf: number[][] = []
          for (const { t, kn } of clear) {
            const last = runsOf.at(-1)
            if (kn >= 2) {
              if (last?.length !== 0) runsOf.push([])
            } else if (last) last.push(t)
            else runsOf.push([t])
          }
          for (const run of runsOf)
            if (run.length > 0 && run.at(-1)! - run[0]! >= 2.5 * MS_PER_HOUR)
              expect(within((run[0]! + run.at(-1)!) / 2)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
    expect(found).toBeGreaterThan(50 * share)
  })
})

test('the events of these laws are those of vessels', () => {
  const [event] = detect(
    sail([
      { hours: 2, kn: 10 },
      { hours: 5, kn: 0.5 },
      { hours: 2, kn: 10 },
    ]),
  )
  expect(isVesselEvent(event!)).toBe(true)
})
