// What holds for any ships that meet.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import { MS_PER_MIN } from '../../../src/model/units.js'
import { content, finals, T0 } from '../../helpers/replay.js'
import { everyPair } from './oracle.js'
import { inOrder, later, line, only, reportsOf, told, turned, type Leg, type Ship, type Spot } from './sea.js'
import { share } from '../../helpers/share.js'

const MMSIS = [211000001, 257000002, 374000003, 412000004]

/** Places half an hour of slow sailing apart, and where about them a ship lies. */
const PLACES: Spot[] = [
  [0, 0],
  [2600, 400],
  [900, -2400],
]
/** Where they come from: nobody is there to begin with. */
const CORNERS: Spot[] = [
  [-6000, 3000],
  [5000, 5000],
  [6000, -5000],
  [-4000, -5000],
]
const aside = fc.oneof(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -420, max: 420 }))

const leg: fc.Arbitrary<Leg> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      to: fc.tuple(fc.constantFrom(...PLACES), aside, aside).map(([[x, y], e, n]): Spot => [x + e, y + n]),
      kn: fc.constantFrom(1, 1.5, 4, 7, 11),
    }),
  },
  { weight: 3, arbitrary: fc.record({ stay: fc.integer({ min: 5, max: 200 }) }) },
)

const hole = fc
  .integer({ min: 20, max: 600 })
  .chain(from => fc.constantFrom(25, 45, 80, 150).map(minutes => [from, from + minutes] as const))

const ship = (mmsi: number): fc.Arbitrary<Ship> =>
  fc.record({
    mmsi: fc.constant(mmsi),
    from: fc.constant(CORNERS[MMSIS.indexOf(mmsi)]!),
    legs: fc.array(leg, { minLength: 2, maxLength: 9 }),
    start: fc.integer({ min: 0, max: 90 }),
    everyS: fc.constantFrom(60, 90, 120, 180),
    silent: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(hole, { minLength: 1, maxLength: 1 }) },
    ),
  })

const ships = fc.tuple(...MMSIS.map(ship)).map(all => [...all])
const fleet = ships.map(all => inOrder(all.flatMap(reportsOf)))

/** All but what a mirror or a clock changes. */
const gist = (events: DarkEvent[]) =>
  finals(events)
    .map(event => {
      const { medianDistanceM, cameTogether, medianSpeedKn } = event.details as Record<string, unknown>
      return [line(event), event.phase, medianDistanceM, cameTogether, medianSpeedKn].join(' ')
    })
    .sort()

describe('for any ships', () => {
  test('the ships of these tests meet: there is every kind', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(fleet, reports => {
        for (const { class: kind } of finals(told(reports))) seen.set(kind!, (seen.get(kind!) ?? 0) + 1)
      }),
      { seed: 1, numRuns: 100 },
    )
    expect(seen.get('encounter')).toBeGreaterThan(10 * share)
    expect(seen.get('brief_meeting')).toBeGreaterThan(10 * share)
  })

  test('what every pair, looked at every half minute, gives', () => {
    let compared = 0
    fc.assert(
      fc.property(ships, all => {
        const reports = inOrder(all.flatMap(reportsOf))
        const until = (reports.at(-1)!.t - T0) / MS_PER_MIN
        const [loose, right, tight] = [
          { by: 1.12, more: -9, lag: 20, over: 5 },
          { by: 1, more: 0, lag: 30, over: 2 },
          { by: 0.88, more: 9, lag: 45, over: 1 },
        ].map(bounds => everyPair(all, until, bounds))
        // a case that hangs on a hair may come out either way
        fc.pre(loose!.length === right!.length && tight!.length === right!.length)
        const clear = right!.every((found, k) =>
          [loose![k]!, tight![k]!].every(
            other =>
              other.kind === found.kind &&
              Math.abs(other.from - found.from) <= 4 &&
              Math.abs((other.to ?? until) - (found.to ?? until)) <= 4,
          ),
        )
        fc.pre(clear)
        const events = finals(told(reports)).filter(({ class: kind }) => kind !== 'tandem')
        const minutes = (t: number) => (t - T0) / MS_PER_MIN
        const said = events
          .map(({ class: kind, mmsi, details, start, end }) => ({
            ...{ kind, a: mmsi!, b: (details['partner'] as { mmsi: number }).mmsi },
            ...{ from: minutes(start.t), to: end && minutes(end.t) },
          }))
          .sort((x, y) => x.a - y.a || x.b - y.b || x.from - y.from)
        const who = (list: { kind: string | undefined; a: number; b: number }[]) =>
          list.map(({ kind, a, b }) => `${kind} ${a} ${b}`)
        expect(who(said), JSON.stringify({ right, said })).toEqual(who(right!))
        said.forEach((event, k) => {
          expect(Math.abs(event.from - right![k]!.from), JSON.stringify({ right, said })).toBeLessThanOrEqual(
            5,
          )
          if (event.to !== null && right![k]!.to !== null)
            expect(Math.abs(event.to - right![k]!.to!), JSON.stringify({ right, said })).toBeLessThanOrEqual(
              5,
            )
        })
        compared += right!.length
      }),
      { numRuns: 150 },
    )
    expect(compared).toBeGreaterThan(20 * share)
  })

  test('who has the smaller number does not matter', () => {
    fc.assert(
      fc.property(ships, all => {
        const swapped = all.map((one, k) => ({ ...one, mmsi: MMSIS[MMSIS.length - 1 - k]! }))
        const back = new Map(MMSIS.map((mmsi, k) => [mmsi, MMSIS[MMSIS.length - 1 - k]!]))
        // the offset of a ship's reports goes with its number: give each the other's times
        const reports = inOrder(all.flatMap(reportsOf))
        const renamed = inOrder(reports.map(report => ({ ...report, mmsi: back.get(report.mmsi)! })))
        expect(swapped).toHaveLength(all.length)
        const pairs = (events: DarkEvent[], nameOf: (mmsi: number) => number) =>
          finals(events)
            .map(event => {
              const partner = event.details['partner'] as { mmsi: number }
              const [a, b] = [nameOf(event.mmsi!), nameOf(partner.mmsi)].sort((x, y) => x - y)
              return `${event.class} ${a} ${b} ${event.start.t} ${event.end?.t}`
            })
            .sort()
        expect(pairs(told(renamed), mmsi => back.get(mmsi)!)).toEqual(pairs(told(reports), mmsi => mmsi))
      }),
    )
  })

  test('the time of day does not matter', () => {
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 86_400 }), (reports, seconds) => {
        const shifted = told(later(reports, seconds * 1000))
        const back = shifted.map(event => ({
          ...event,
          id: event.id,
          start: { ...event.start, t: event.start.t - seconds * 1000 },
          end: event.end && { ...event.end, t: event.end.t - seconds * 1000 },
        }))
        expect(gist(back)).toEqual(gist(told(reports)))
      }),
    )
  })

  test('no longitude is special, and no hemisphere', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.integer({ min: -180, max: 179 }),
        fc.constantFrom(1, -1),
        (reports, degrees, mirror) => {
          expect(gist(told(turned(reports, degrees, mirror)))).toEqual(gist(told(reports)))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('nor a pole: the same meetings there', () => {
    fc.assert(
      fc.property(ships, all => {
        const there = inOrder(all.flatMap(one => reportsOf({ ...one, middle: { lat: 89.99, lon: 10 } })))
        const here = inOrder(all.flatMap(reportsOf))
        const slow = (events: DarkEvent[]) =>
          finals(events)
            .filter(({ class: kind }) => kind !== 'tandem')
            .map(line)
            .sort()
        expect(slow(told(there))).toEqual(slow(told(here)))
      }),
      { numRuns: 60 },
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
              ...only,
              clean: { futureGuard: false },
              engine: { capacity: 16, silenceCapacity: 16, reorderWindowS },
            },
            onEvent: (event: DarkEvent) => events.push(event),
          })
          const whole: DarkEvent[] = []
          const one = createEngine(options(0, whole))
          for (const report of reports) one.push(report)
          one.flush()

          const resumed: DarkEvent[] = []
          const first = createEngine(options(0, resumed))
          const at = cut % reports.length
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
          for (const { report, at: t } of arrival) {
            engine.push(report)
            engine.advance(t - 120_001)
          }
          engine.flush()
          expect(content(live)).toEqual(content(whole))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a vessel that gives way to others leaves nothing behind', () => {
    fc.assert(
      fc.property(fleet, reports => {
        const events: DarkEvent[] = []
        const engine = createEngine({
          config: { ...only, engine: { capacity: 16, silenceCapacity: 16 } },
          onEvent: event => events.push(event),
        })
        const end = reports.at(-1)!.t
        for (const report of reports) engine.push(report)
        // each heard often enough to be worth a place
        for (let k = 0; k < 160; k++)
          engine.push({
            mmsi: 500000100 + (k >> 2),
            t: end + (k * MS_PER_MIN) / 4,
            lat: -30 + (k >> 2),
            lon: 80,
          })
        engine.flush()
        const ofFleet = events.filter(({ type }) => type === 'encounter')
        expect(finals(ofFleet).filter(({ phase }) => phase !== 'closed')).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})
