// Stops with nobody in sight, from reports to events: what is told, what is not, and what holds for any ships.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { Engine, EngineOptions } from '../../src/engine/api.js'
import { bearingDeg } from '../../src/geo/distance.js'
import { DETECTORS } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { loadCoast } from '../../src/zones/coast.js'
import { buildPortIndex } from '../../src/zones/ports.js'
import { content, finals, T0 } from '../helpers/replay.js'
import { inOrder, later, middle, reportsOf, turned, type Leg, type Ship, type Spot } from './encounter/sea.js'
import { share } from '../helpers/share.js'

const only = { without: DETECTORS.filter(name => name !== 'dark_rendezvous' && name !== 'gap') }
const A = 257000011
const B = 412000020

/** Comes from 20 km to the west, stops in the middle for some minutes, and goes on. */
const stops = (minutes: number, more: Partial<Ship> = {}): Ship => ({
  ...{
    mmsi: A,
    from: [-20_000, 0],
    legs: [{ to: [0, 0], kn: 10 }, { stay: minutes }, { to: [0, 20_000], kn: 10 }],
  },
  ...more,
})
/** It comes there at minute 64.8. */
const THERE = 64.8

function told(reports: PositionReport[], options: Partial<EngineOptions> = {}): DarkEvent[] {
  const events: DarkEvent[] = []
  const config = {
    ...only,
    ...options.config,
    engine: { capacity: 64, silenceCapacity: 64, ...options.config?.engine },
  }
  const engine = createEngine({ ...options, config, onEvent: event => events.push(event) })
  introduce(engine, reports)
  for (const report of reports) engine.push(report)
  engine.flush()
  return events.filter(({ type, class: kind }) => type === 'dark_rendezvous' && kind !== 'two_silences')
}
/** With the courses that the ways make, and what the ships are: trawlers and carriers in turn. */
function sent(ships: Ship[]): PositionReport[] {
  return inOrder(
    ships.flatMap(ship => {
      const reports = reportsOf(ship)
      return reports.map((report, k): PositionReport => {
        const before = reports[k - 1]
        if (!before || (before.lat === report.lat && before.lon === report.lon)) return report
        return { ...report, cog: bearingDeg(before.lat!, before.lon!, report.lat!, report.lon!) }
      })
    }),
  )
}
function introduce(engine: Engine, reports: PositionReport[]): void {
  for (const mmsi of new Set(reports.map(report => report.mmsi)))
    engine.pushStatic({ mmsi, t: reports[0]!.t - 1000, shipType: mmsi % 2 === 0 ? 30 : 70 })
}

const of = (ships: Ship[], options: Partial<EngineOptions> = {}) => finals(told(sent(ships), options))
const minute = (t: number): number => (t - T0) / MS_PER_MIN

describe('told', () => {
  test('a stop of two hours on the way: from when to when, to five minutes', () => {
    const [event, ...others] = of([stops(120)])
    expect(others).toEqual([])
    expect(event).toMatchObject({
      class: 'one_sided',
      phase: 'closed',
      mmsi: A,
      details: { level: 'A', candidates: [] },
    })
    expect(Math.abs(minute(event!.start.t) - THERE)).toBeLessThanOrEqual(5)
    expect(Math.abs(minute(event!.end!.t) - THERE - 120)).toBeLessThanOrEqual(5)
  })

  test('an hour, and ten minutes less', () => {
    expect(of([stops(65)])).toHaveLength(1)
    expect(of([stops(50)])).toEqual([])
  })

  test('long enough between two looks: told as it ends', () => {
    const config = { darkRendezvous: { minHours: 1.5 } }
    expect(told(sent([stops(100)]), { config }).map(({ phase }) => phase)).toEqual(['closed'])
    expect(of([stops(80)], { config })).toEqual([])
  })

  test('one that turns about within half a mile gets nowhere either', () => {
    const round = [
      [300, 0],
      [300, 300],
      [0, 300],
      [0, 0],
    ].map(([x, y]): Leg => ({ to: [x!, y!], kn: 4 }))
    const legs: Leg[] = [
      { to: [0, 0], kn: 10 },
      ...Array.from({ length: 12 }, () => round).flat(),
      { to: [0, 20_000], kn: 10 },
    ]
    expect(of([stops(0, { legs })])).toHaveLength(1)
  })

  test('with another beside it: no; with one that passes, or stays a mile and a half off: yes', () => {
    const beside: Ship = { mmsi: B, from: [400, 0], legs: [{ stay: 400 }] }
    expect(of([stops(120), beside]).filter(({ mmsi }) => mmsi === A)).toEqual([])
    const passes: Ship = { mmsi: B, from: [-20_000, 900], start: 60, legs: [{ to: [30_000, 900], kn: 14 }] }
    expect(of([stops(120), passes])).toHaveLength(1)
    expect(of([stops(120), { ...beside, from: [2800, 0] }]).filter(({ mmsi }) => mmsi === A)).toHaveLength(1)
  })

  test('near a port of the list: no, nor near the coast', () => {
    const port = (nm: number) =>
      buildPortIndex([{ name: 'P', ...middle, lat: middle.lat + nm / 60, radiusM: 1852, country: null }])
    expect(of([stops(120)], { ports: port(5.9) })).toEqual([])
    expect(of([stops(120)], { ports: port(6.2) })).toHaveLength(1)
    const coast = loadCoast()
    // off Kennedy's cape, and thirty miles farther out
    expect(of([stops(120, { middle: { lat: 28.45, lon: -80.46 } })], { coast })).toEqual([])
    expect(of([stops(120, { middle: { lat: 28.45, lon: -79.9 } })], { coast })).toHaveLength(1)
  })

  test('one that lay in port for hours, sails seven miles and stops: from when it does', () => {
    const home = buildPortIndex([
      { name: 'P', ...middle, lat: middle.lat - 7 / 60, radiusM: 1852, country: null },
    ])
    for (const inPort of [40, 100, 120, 700]) {
      const legs: Leg[] = [
        { stay: inPort },
        { to: [0, 0], kn: 12 },
        { stay: 120 },
        { to: [0, 20_000], kn: 10 },
      ]
      // it tells how fast it is, so that nobody looks at it while it lies there
      const isUnderWay = (t: number) =>
        minute(t) > inPort && !(minute(t) > inPort + 35 && minute(t) < inPort + 155)
      const reports = sent([stops(0, { from: [0, -7 * 1852], legs })])
      const [event, ...others] = finals(
        told(
          reports.map(report => ({ ...report, sog: isUnderWay(report.t) ? 12 : 0 })),
          { ports: home },
        ),
      )
      expect(others).toEqual([])
      expect(Math.abs(minute(event!.start.t) - inPort - 35)).toBeLessThanOrEqual(5)
      expect(event!.class).toBe('one_sided')
    }
  })

  test('one that drifts out of port: from where it is out', () => {
    const home = buildPortIndex([{ name: 'P', ...middle, radiusM: 1852, country: null }])
    // the middle of the port is left by 6 nm after six hours at a knot; whether it is out is asked once an hour
    const legs: Leg[] = [
      { to: [0, 12 * 1852], kn: 1 },
      { to: [0, 40_000], kn: 10 },
    ]
    const reports = sent([stops(0, { from: [0, 0], legs })]).map(report => ({ ...report, sog: 1 }))
    // slow as it is, it counts as under way
    const config = { darkRendezvous: { wayKn: 0.5 } }
    const [event, ...others] = finals(told(reports, { ports: home, config }))
    expect(others).toEqual([])
    expect(minute(event!.start.t)).toBeGreaterThanOrEqual(6 * 60 - 20)
    expect(minute(event!.start.t)).toBeLessThanOrEqual(7 * 60 + 10)
  })

  test('where it was itself heard now and then only, nobody knows who was there', () => {
    expect(of([stops(240, { everyS: 19 * 60 })])).toHaveLength(1)
    expect(of([stops(240, { everyS: 21 * 60 })])).toEqual([])
  })

  test('a silence of an hour ends it; what stays for two days lives there', () => {
    const [event] = of([stops(300, { silent: [[THERE + 90, THERE + 155]] })])
    expect(Math.abs(minute(event!.end!.t) - THERE - 90)).toBeLessThanOrEqual(5)
    const events = told(reportsOf(stops(49 * 60)))
    expect(events.at(-1)!.phase).toBe('retracted')
    expect(of([stops(47 * 60)])).toHaveLength(1)
  })

  test('a ship that went dark on its way there may have been there', () => {
    const legs: Leg[] = [
      { to: [300, 0], kn: 10 },
      { stay: 200 },
      { to: [0, -60_000], kn: 10 },
      { to: [0, -90_000], kn: 10 },
    ]
    // 60 km at 10 kn take 194 min; it comes there soon after the other one has
    const silentFrom = 100
    const partner: Ship = { mmsi: B, from: [90_000, 0], legs, silent: [[silentFrom, 680]] }
    const host = stops(230, { start: 210 })
    const away: Ship = {
      mmsi: B + 1,
      from: [40_000, 40_000],
      legs: [{ to: [200_000, 200_000], kn: 10 }],
      silent: [[100, 680]],
    }
    const found = of([host, partner, away]).filter(({ mmsi }) => mmsi === A)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ class: 'partner_in_silence', details: { level: 'B' } })
    const [first] = found[0]!.details['candidates'] as { mmsi: number; offCourseDeg: number | null }[]
    expect(first).toMatchObject({ mmsi: B })
  })
})

describe('for any ships', () => {
  const SPOTS: Spot[] = [
    [0, 0],
    [22_000, 4000],
    [-9000, -26_000],
    [40_000, 40_000],
  ]
  const leg: fc.Arbitrary<Leg> = fc.oneof(
    fc.record({ to: fc.constantFrom(...SPOTS), kn: fc.constantFrom(1, 4, 8, 12) }),
    fc.record({ stay: fc.integer({ min: 40, max: 400 }) }),
  )
  const hole = fc
    .integer({ min: 60, max: 900 })
    .chain(from => fc.constantFrom(40, 200, 400, 700).map(minutes => [from, from + minutes] as const))
  const ship = (mmsi: number): fc.Arbitrary<Ship> =>
    fc.record({
      mmsi: fc.constant(mmsi),
      from: fc.constantFrom(...SPOTS),
      legs: fc.array(leg, { minLength: 4, maxLength: 10 }),
      start: fc.integer({ min: 0, max: 60 }),
      everyS: fc.constantFrom(120, 200, 300),
      silent: fc.array(hole, { minLength: 1, maxLength: 1 }),
    })
  const fleet = fc.tuple(...[211000001, 257000002, 374000003, 412000004].map(ship)).map(sent)

  /** Six hours are long in a test. */
  const shorter = { ...only, gap: { minGapHours: 2 } }
  const gist = (events: DarkEvent[], ms = 0) =>
    finals(events)
      .map(event => {
        const { class: kind, mmsi, start, end, phase, details } = event
        const ranked = (details['candidates'] as { mmsi: number }[]).map(each => each.mmsi).join()
        return [phase, kind, mmsi, start.t - ms, end && end.t - ms, ranked].join(' ')
      })
      .sort()
  const run = (reports: PositionReport[]) => told(reports, { config: shorter })

  test('there are stops of both levels', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(fleet, reports => {
        for (const { class: kind } of finals(run(reports))) seen.set(kind!, (seen.get(kind!) ?? 0) + 1)
      }),
      { seed: 1, numRuns: 100 },
    )
    expect(seen.get('one_sided')).toBeGreaterThan(10 * share)
    expect(seen.get('partner_in_silence')).toBeGreaterThan(10 * share)
  })

  test('neither the time of day, nor the longitude, nor the hemisphere matters', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.integer({ min: 1, max: 24 * 60 }),
        fc.integer({ min: -180, max: 179 }),
        (reports, minutes, degrees) => {
          const whole = gist(run(reports))
          // whole minutes: timers run at them
          expect(gist(run(later(reports, minutes * MS_PER_MIN)), minutes * MS_PER_MIN)).toEqual(whole)
          expect(gist(run(turned(reports, degrees)))).toEqual(whole)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('how the reports arrive does not matter: in pieces, shuffled within the window, resumed', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.nat(),
        fc.infiniteStream(fc.integer({ min: 0, max: 120_000 })),
        (reports, cut, delays) => {
          const options = (reorderWindowS: number, events: DarkEvent[]) => ({
            config: {
              ...shorter,
              clean: { futureGuard: false },
              engine: { capacity: 16, silenceCapacity: 16, reorderWindowS },
            },
            onEvent: (event: DarkEvent) => events.push(event),
          })
          const whole: DarkEvent[] = []
          const one = createEngine(options(0, whole))
          introduce(one, reports)
          for (const report of reports) one.push(report)
          one.flush()

          const resumed: DarkEvent[] = []
          const first = createEngine(options(0, resumed))
          const at = cut % reports.length
          introduce(first, reports)
          for (const report of reports.slice(0, at)) first.push(report)
          const second = createEngine({ ...options(0, resumed), restore: first.snapshot() })
          for (const report of reports.slice(at)) second.push(report)
          second.flush()
          expect(resumed).toEqual(whole)

          const live: DarkEvent[] = []
          const engine = createEngine(options(120, live))
          const arrival = reports
            .map(report => ({ report, at: report.t + delays.next().value! }))
            .sort((a, b) => a.at - b.at)
          introduce(engine, reports)
          for (const { report, at: t } of arrival) {
            engine.push(report)
            engine.advance(t - 120_001)
          }
          engine.flush()
          expect(content(live)).toEqual(content(whole))
        },
      ),
      { numRuns: 25 },
    )
  })

  test('a vessel that gives way to others leaves no stop behind', () => {
    fc.assert(
      fc.property(fleet, reports => {
        const events: DarkEvent[] = []
        const engine = createEngine({
          config: { ...shorter, engine: { capacity: 16, silenceCapacity: 16 } },
          onEvent: event => events.push(event),
        })
        const end = reports.at(-1)!.t
        for (const report of reports) engine.push(report)
        for (let k = 0; k < 160; k++)
          engine.push({
            mmsi: 500000100 + (k >> 2),
            t: end + (k * MS_PER_MIN) / 4,
            lat: -30 + (k >> 2),
            lon: 80,
          })
        engine.flush()
        const stopsOf = finals(events).filter(({ type }) => type === 'dark_rendezvous')
        expect(stopsOf.filter(({ phase }) => phase !== 'closed')).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})
