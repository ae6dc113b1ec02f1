// What holds for any ships under the preset gfw-encounters: the definition, written down for all vessels at once, gives the
// same; and it does not matter how the reports arrive, who is asked, or where and when it is.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  after,
  before,
  between,
  dayEnd,
  type GridRule,
  type Spot,
} from '../../../src/detectors/encounter/grid.js'
import { createEngine } from '../../../src/engine/engine.js'
import { haversineM } from '../../../src/geo/distance.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { content, finals } from '../../helpers/replay.js'
import { inOrder, later, reportsOf, turned, type Leg, type Ship, type Spot as Place } from './sea.js'
import { share } from '../../helpers/share.js'

const MMSIS = [211000001, 257000002, 374000003, 412000004]
const PLACES: Place[] = [
  [0, 0],
  [2600, 400],
]
const aside = fc.integer({ min: -300, max: 300 })
const leg: fc.Arbitrary<Leg> = fc.oneof(
  fc.record({
    to: fc.tuple(fc.constantFrom(...PLACES), aside, aside).map(([[x, y], e, n]): Place => [x + e, y + n]),
    kn: fc.constantFrom(1, 3, 9),
  }),
  fc.record({ stay: fc.integer({ min: 30, max: 500 }) }),
)
const hole = fc
  .integer({ min: 20, max: 1300 })
  .chain(from => fc.constantFrom(40, 65, 150, 400).map(minutes => [from, from + minutes] as const))
const ship = (mmsi: number): fc.Arbitrary<Ship> =>
  fc.record({
    mmsi: fc.constant(mmsi),
    from: fc.constantFrom(...PLACES),
    legs: fc.array(leg, { minLength: 3, maxLength: 9 }),
    start: fc.integer({ min: 0, max: 1400 }),
    everyS: fc.constantFrom(120, 300, 1500),
    silent: fc.array(hole, { maxLength: 2 }),
  })
const fleet = fc
  .tuple(...MMSIS.map(ship))
  .map(all => inOrder(all.flatMap(reportsOf)).map(report => ({ ...report, cog: report.mmsi % 360 })))

const RULE: GridRule = { stepMs: 10 * MS_PER_MIN, holeMs: MS_PER_HOUR, extrapolate: true }

const optionsOf = (events: DarkEvent[], { extrapolate = true, reorderWindowS = 0 } = {}) => ({
  preset: 'gfw-encounters',
  config: {
    encounter: { grid: { extrapolate } },
    clean: { futureGuard: false },
    engine: { capacity: 16, silenceCapacity: 16, reorderWindowS },
  },
  onEvent: (event: DarkEvent) => events.push(event),
})

/** With two days of silence at the end, so that all is settled. */
function told(reports: PositionReport[], extrapolate = true): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine(optionsOf(events, { extrapolate }))
  for (const report of reports) engine.push(report)
  engine.advance(reports.at(-1)!.t + 2 * MS_PER_DAY)
  engine.flush()
  return events
}

const otherOf = ({ details }: DarkEvent) => (details['partner'] as { mmsi: number }).mmsi
const line = (event: DarkEvent) => `${event.mmsi} ${otherOf(event)} ${event.start.t} ${event.end?.t}`
const lines = (events: DarkEvent[]) => finals(events).map(line).sort()

/** The places of a vessel, all its fixes known. */
function placesOf(reports: PositionReport[]): Map<number, Spot> {
  const fixes = reports.map(({ t, lat, lon, sog, cog }) => ({
    ...{ t, lat: lat!, lon: lon!, kn: sog!, course: cog! },
  }))
  const spots = fixes.flatMap((to, k) => {
    const from = fixes[k - 1]
    const isEnd = (of: number) => {
      const [a, b] = [fixes[of - 1], fixes[of]]
      return !a || !b || (b.t - a.t >= RULE.holeMs && b.t >= dayEnd(a.t))
    }
    return [
      ...(isEnd(k) ? before(to, RULE) : []),
      ...(from ? between(from, to, isEnd(k - 1), RULE) : []),
      ...(isEnd(k + 1) ? after(to, RULE) : []),
    ]
  })
  return new Map(spots.map(spot => [spot.t, spot]))
}

const median = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

/** Every pair at every time. */
function byDefinition(reports: PositionReport[]): string[] {
  const places = new Map(MMSIS.map(mmsi => [mmsi, placesOf(reports.filter(report => report.mmsi === mmsi))]))
  const out: string[] = []
  for (const a of MMSIS)
    for (const b of MMSIS.filter(other => other > a)) {
      const times = [...places.get(a)!.keys()]
        .filter(t => {
          const [x, y] = [places.get(a)!.get(t)!, places.get(b)!.get(t)]
          return y && haversineM(x.lat, x.lon, y.lat, y.lon) <= 500
        })
        .sort((x, y) => x - y)
      const runs: number[][] = []
      for (const t of times) {
        if (runs.length > 0 && t - runs.at(-1)!.at(-1)! === RULE.stepMs) runs.at(-1)!.push(t)
        else runs.push([t])
      }
      const raws = runs.filter(run => run.at(-1)! - run[0]! >= MS_PER_HOUR)
      const groups: number[][][] = []
      for (const raw of raws) {
        const end = groups.at(-1)?.at(-1)?.at(-1)
        if (end !== undefined && raw[0]! - end < 4 * MS_PER_HOUR) groups.at(-1)!.push(raw)
        else groups.push([raw])
      }
      for (const group of groups) {
        const [from, to] = [group[0]![0]!, group.at(-1)!.at(-1)!]
        const speeds = group.flatMap(raw =>
          [a, b].map(mmsi => {
            const spots = raw.map(t => places.get(mmsi)!.get(t)!)
            return median(
              spots
                .slice(1)
                .map(
                  (spot, k) => haversineM(spots[k]!.lat, spots[k]!.lon, spot.lat, spot.lon) / 1852 / (1 / 6),
                ),
            )
          }),
        )
        if (to - from >= 2 * MS_PER_HOUR && median(speeds) < 2) out.push(`${a} ${b} ${from} ${to}`)
      }
    }
  return out.sort()
}

describe('encounters on the grid', () => {
  test('are those of the definition', () => {
    let compared = 0
    fc.assert(
      fc.property(fleet, reports => {
        const right = byDefinition(reports)
        expect(lines(told(reports))).toEqual(right)
        compared += right.length
      }),
      { numRuns: 100 },
    )
    expect(compared).toBeGreaterThan(50 * share)
  })

  test('do not depend on how the reports arrive: in pieces, shuffled within the window, resumed', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.nat(),
        fc.infiniteStream(fc.integer({ min: 0, max: 120_000 })),
        (reports, cut, delays) => {
          const whole: DarkEvent[] = []
          const one = createEngine(optionsOf(whole))
          for (const report of reports) one.push(report)
          one.flush()

          const resumed: DarkEvent[] = []
          const first = createEngine(optionsOf(resumed))
          const at = cut % reports.length
          for (const report of reports.slice(0, at)) first.push(report)
          const second = createEngine({ ...optionsOf(resumed), restore: first.snapshot() })
          for (const report of reports.slice(at)) second.push(report)
          second.flush()
          expect(resumed).toEqual(whole)

          const live: DarkEvent[] = []
          const engine = createEngine(optionsOf(live, { reorderWindowS: 120 }))
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
      { numRuns: 30 },
    )
  })

  test('do not depend on who has the smaller number', () => {
    fc.assert(
      fc.property(fleet, reports => {
        const swap = new Map(MMSIS.map((mmsi, k) => [mmsi, MMSIS[MMSIS.length - 1 - k]!]))
        const swapped = inOrder(reports.map(report => ({ ...report, mmsi: swap.get(report.mmsi)! })))
        const back = lines(told(swapped))
          .map(text => {
            const [a, b, ...rest] = text.split(' ')
            const [x, y] = [swap.get(Number(a))!, swap.get(Number(b))!].sort((p, q) => p - q)
            return [x, y, ...rest].join(' ')
          })
          .sort()
        expect(back).toEqual(lines(told(reports)))
      }),
      { numRuns: 30 },
    )
  })

  test('no longitude is special, and no hemisphere; without guesses beyond a day, no time either', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.integer({ min: -180, max: 179 }),
        fc.constantFrom(1, -1),
        fc.integer({ min: 1, max: 143 }),
        (reports, degrees, mirror, steps) => {
          const here = lines(told(reports, false))
          expect(lines(told(turned(reports, degrees, mirror), false))).toEqual(here)
          const ms = steps * RULE.stepMs
          const then = finals(told(later(reports, ms), false))
            .map(event => ({
              ...event,
              start: { ...event.start, t: event.start.t - ms },
              end: event.end && { ...event.end, t: event.end.t - ms },
            }))
            .map(line)
          expect(then.sort()).toEqual(here)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('a vessel that gives way to others leaves nothing open', () => {
    fc.assert(
      fc.property(fleet, reports => {
        const events: DarkEvent[] = []
        const engine = createEngine(optionsOf(events))
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
        expect(finals(events).filter(({ phase }) => phase !== 'closed')).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  test('days side by side are one encounter, and no more is kept of it than of two days', () => {
    const days = 9
    const ships = [0, 200].map((east, k): Ship => ({
      ...{ mmsi: MMSIS[k]!, from: [east, 0], legs: [{ stay: days * 1440 }], everyS: 600 },
    }))
    const events: DarkEvent[] = []
    const engine = createEngine(optionsOf(events))
    const sizes: number[] = []
    inOrder(ships.flatMap(reportsOf)).forEach((report, k) => {
      engine.push(report)
      if (k % 288 === 287) sizes.push(engine.snapshot().length)
    })
    engine.advance(Date.UTC(2024, 1, 1))
    engine.flush()
    const [event, ...none] = finals(events)
    expect(none).toEqual([])
    expect(event!.durationS! / 86_400).toBeGreaterThan(days - 0.01)
    expect((event!.details['raw'] as unknown[]).length).toBe(days - 1)
    // a raw encounter a day, of which one takes as much as three of its 144 times
    expect(sizes.at(-1)! - sizes[3]!).toBeLessThan(30_000)
  })
})
