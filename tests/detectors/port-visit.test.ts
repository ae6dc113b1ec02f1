import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { destination } from '../../src/geo/distance.js'
import { DETECTORS, type ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { buildPortIndex } from '../../src/zones/ports.js'
import { content, finals, T0 } from '../helpers/replay.js'
import { share } from '../helpers/share.js'

const A = 257123450
const HARBOUR = { name: 'HARBOUR', lat: 0, lon: 10, radiusM: 3000, country: 'XXX' }
const SECOND = { name: 'SECOND', lat: 0, lon: 10.05, radiusM: 3000, country: null }

const config: ConfigInput = {
  without: DETECTORS.filter(name => name !== 'port_visit'),
  clean: { futureGuard: false },
  engine: { capacity: 16, silenceCapacity: 16 },
}
type Options = Partial<Parameters<typeof createEngine>[0]>

function run(reports: PositionReport[], options: Options = {}): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({
    ...{ config, ports: buildPortIndex([HARBOUR]), ...options },
    onEvent: event => events.push(event),
  })
  for (const report of reports) engine.push(report)
  engine.flush()
  return events
}

/** A report at a minute, so many kilometres north of the port. */
const at = (m: number, km: number, sog: number | undefined = 5, mmsi = A): PositionReport => ({
  ...{ mmsi, t: T0 + m * MS_PER_MIN, ...destination(0, 10, 0, km * 1000) },
  ...(sog === undefined ? {} : { sog }),
})
/** In at 3 km by minute 20, at rest from minute 40 to 100, out of 4 km after minute 120. */
const call: PositionReport[] = [
  ...[10, 8, 6, 4, 2].map((km, k) => at(k * 5, km, 12)),
  ...[1, 0.5, 0.2].map((km, k) => at(25 + k * 5, km, 3)),
  ...Array.from({ length: 13 }, (_, k) => at(40 + k * 5, 0.1, 0.1)),
  ...[0.5, 2, 3.5, 3.9].map((km, k) => at(105 + k * 5, km, 8)),
  ...[4.1, 8].map((km, k) => at(125 + k * 5, km, 12)),
]
const minute = (fix: unknown) => (fix === null ? null : ((fix as { t: number }).t - T0) / MS_PER_MIN)
const line = ({ phase, start, end, details: d }: DarkEvent) =>
  [
    phase,
    minute(start),
    minute(end),
    d['confidence'],
    minute(d['entered']),
    minute(d['stopped']),
    minute(d['restarted']),
    minute(d['left']),
  ].join(' ')
const lines = (reports: PositionReport[], options: Options = {}) => finals(run(reports, options)).map(line)

describe('a call at a port', () => {
  test('in at 3 km, at rest below 0.2 knots, until it makes 0.5, out at 4 km', () => {
    const [event, ...none] = finals(run(call))
    expect(none).toEqual([])
    expect(line(event!)).toBe('closed 20 125 4 20 40 105 125')
    expect(event).toMatchObject({
      ...{ type: 'port_visit', class: 'port', score: 0, evidence: [] },
      details: { port: { name: 'HARBOUR', country: 'XXX' }, learned: false, stops: 1, silences: 0 },
    })
    expect(event!.details['stoppedH']).toBeCloseTo(65 / 60, 2)
  })

  test('is told when it stops', () => {
    const events = run(call)
    expect(events.map(({ phase, revision, asOf }) => [phase, revision, (asOf - T0) / MS_PER_MIN])).toEqual([
      ['opened', 1, 40],
      ['closed', 2, 125],
    ])
  })

  test('both sides of each threshold', () => {
    const with_ = (kn: number, go: number) =>
      lines([at(0, 9), at(5, 2), at(10, 1, kn), at(15, 1, go), at(20, 9)])
    expect(with_(0.19, 5)).toEqual(['closed 5 20 4 5 10 15 20'])
    expect(with_(0.2, 5)).toEqual([])
    expect(with_(0.1, 0.5)).toEqual(['closed 5 20 4 5 10  20'])
    expect(lines([at(0, 9), at(5, 3.01), at(10, 3.01, 0), at(20, 9)])).toEqual([])
    expect(lines([at(0, 9), at(5, 2.99), at(10, 3.99, 0), at(20, 4.01)])).toEqual(['closed 5 20 4 5 10  20'])
  })

  test('of confidence 1 to 4: passed through, only inside, one end, both', () => {
    const all = { config: { ...config, portVisit: { minConfidence: 1 } } }
    const confidence = (reports: PositionReport[]) =>
      finals(run(reports, all)).map(({ details }) => details['confidence'])
    const inside = call.slice(5, -2)
    expect(confidence(call.filter(({ sog }) => sog! > 1))).toEqual([1])
    expect(confidence(inside)).toEqual([2])
    expect(confidence(call.slice(0, -2))).toEqual([3])
    expect(confidence([...inside, ...call.slice(-2)])).toEqual([3])
    expect(confidence(call)).toEqual([4])
    // … and fewer are told where more is asked for
    for (const [minConfidence, told] of [
      [2, 1],
      [3, 0],
    ] as const)
      expect(finals(run(inside, { config: { ...config, portVisit: { minConfidence } } }))).toHaveLength(told)
  })

  test('a silence of more than four hours in port is a stop', () => {
    const silent = (hours: number) => [at(0, 9), at(5, 2), at(5 + hours * 60, 1), at(20 + hours * 60, 9)]
    expect(lines(silent(4))).toEqual([])
    const [event] = finals(run(silent(4.01)))
    expect(event!.details).toMatchObject({ confidence: 4, stops: 0, silences: 1 })
    expect(event!.details['silentH']).toBeCloseTo(4.01, 3)
  })

  test('without a speed it goes by the way made', () => {
    const told = lines(call.map(({ sog: _sog, ...rest }) => rest))
    expect(told).toEqual(['closed 20 125 4 20 45 105 125'])
  })

  test('from one port into the next', () => {
    const both = { ports: buildPortIndex([HARBOUR, SECOND]) }
    const east = (m: number, km: number, sog: number) => ({
      ...at(m, 0, sog),
      ...destination(0, 10, 90, km * 1000),
    })
    const told = finals(
      run(
        [east(0, -9, 9), east(5, 0, 0), east(10, 1, 5), east(15, 4.5, 5), east(20, 5, 0), east(30, 20, 9)],
        both,
      ),
    )
    expect(told.map(event => [(event.details['port'] as { name: string }).name, line(event)])).toEqual([
      ['HARBOUR', 'closed 5 15 4 5 5 10 15'],
      ['SECOND', 'closed 15 30 3  20  30'],
    ])
  })

  test('of a ship that gives way to others is over at its last fix', () => {
    const others = Array.from({ length: 80 }, (_, k) =>
      at(200 + k, 3000 + (k >> 2) * 30, 9, 211000001 + (k >> 2)),
    )
    const [event] = finals(run([...call.slice(0, 20), ...others]))
    expect(line(event!)).toBe('closed 20 95 3 20 40  ')
  })
})

describe('however the reports arrive', () => {
  const step = fc.record({
    minutes: fc.constantFrom(1, 3, 10, 300),
    km: fc.constantFrom(0.1, 1, 2.9, 3.1, 3.9, 4.1, 9),
    sog: fc.constantFrom(0, 0.1, 0.3, 0.6, 8, undefined),
  })
  const stories = fc.array(step, { minLength: 5, maxLength: 40 }).map(steps => {
    let m = 0
    return steps.map(({ minutes, km, sog }) => at((m += minutes), km, sog))
  })
  const guardless = { ...config, clean: { futureGuard: false, outlierGuard: false } }

  /** Fix by fix, all of them known. */
  function byDefinition(reports: PositionReport[]): string[] {
    const kmOf = ({ lat }: PositionReport) => Math.abs(lat!) * 111.195
    const out: string[] = []
    let first = -1
    const end = (k: number, isLeft: boolean) => {
      const visit = reports.slice(first, isLeft ? k : k + 1)
      const kn = visit.map((report, n) => {
        if (report.sog !== undefined) return report.sog
        const before = reports[first + n - 1]
        return before
          ? (Math.abs(kmOf(report) - kmOf(before)) / 1.852 / (report.t - before.t)) * 3_600_000
          : NaN
      })
      const stopped = kn.findIndex(speed => speed < 0.2)
      const hole =
        reports.findIndex(({ t }, n) => n > first && n <= k && t - reports[n - 1]!.t > 4 * 3_600_000) >= 0
      const came = first > 0
      if (stopped >= 0 || hole)
        out.push(
          [
            minute(visit[0]!),
            isLeft ? minute(reports[k]!) : null,
            2 + Number(came) + Number(isLeft),
            stopped < 0 || !isLeft ? null : minute(visit[stopped]!),
          ].join(' '),
        )
      first = -1
    }
    reports.forEach((report, k) => {
      const km = kmOf(report)
      if (first >= 0 && km > 4) end(k, true)
      else if (first < 0 && km <= 3) first = k
    })
    if (first >= 0) end(reports.length - 1, false)
    return out
  }

  test('visits are those of the definition', () => {
    let compared = 0
    fc.assert(
      fc.property(stories, reports => {
        const told = finals(run(reports, { config: guardless })).sort((a, b) => a.start.t - b.start.t)
        const right = byDefinition(reports)
        expect(
          told.map(({ start, end, details: d }) =>
            [minute(start), minute(end), d['confidence'], end && minute(d['stopped'])].join(' '),
          ),
        ).toEqual(right)
        compared += right.length
      }),
      { numRuns: 200 },
    )
    expect(compared).toBeGreaterThan(100 * share)
  })

  test('shuffled within the window, or resumed from a snapshot, they are the same', () => {
    fc.assert(
      fc.property(
        stories,
        fc.nat(),
        fc.infiniteStream(fc.integer({ min: 0, max: 119_000 })),
        (reports, cut, delays) => {
          const plain = run(reports)
          const ports = buildPortIndex([HARBOUR])
          const live: DarkEvent[] = []
          const engine = createEngine({ config, ports, onEvent: event => live.push(event) })
          const arrival = reports
            .map(report => ({ report, at: report.t + delays.next().value! }))
            .sort((a, b) => a.at - b.at)
          for (const { report, at: t } of arrival) {
            engine.push(report)
            engine.advance(t - 120_001)
          }
          engine.flush()
          expect(content(live)).toEqual(content(plain))

          const events: DarkEvent[] = []
          const options = { config, ports, onEvent: (event: DarkEvent) => events.push(event) }
          const first = createEngine(options)
          const n = cut % reports.length
          for (const report of reports.slice(0, n)) first.push(report)
          const second = createEngine({ ...options, restore: first.snapshot() })
          for (const report of reports.slice(n)) second.push(report)
          second.flush()
          expect(events).toEqual(plain)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('on either side of 180°, either half of the earth, at any time, they are the same', () => {
    fc.assert(
      fc.property(
        stories,
        fc.integer({ min: -180, max: 179 }),
        fc.integer({ min: 1, max: 1439 }),
        (reports, deg, later) => {
          const turn = (lon: number) => ((lon + deg + 540) % 360) - 180
          const moved = reports.map(report => ({
            ...report,
            lat: -report.lat!,
            lon: turn(report.lon!),
            t: report.t + later * MS_PER_MIN,
          }))
          const there = finals(run(moved, { ports: buildPortIndex([{ ...HARBOUR, lon: turn(10) }]) }))
          const gist = (events: DarkEvent[], back: number) =>
            events
              .map(({ start, end, details: d }) =>
                [minute(start)! - back, end && minute(end)! - back, d['confidence'], d['stops']].join(' '),
              )
              .sort()
          expect(gist(there, later)).toEqual(gist(finals(run(reports)), 0))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a fix that was not its own takes nothing away', () => {
    // far off once after three hours at the berth, and back: the guard finds out
    const far = { ...at(300, 0), lat: 40, lon: 100 }
    const berth = [...call.slice(0, 20), ...[280, 290].map(m => at(m, 0.1, 0.1))]
    const after = [310, 315, 320, 325].map(m => at(m, 0.1, 0.1))
    const told = finals(run([...berth, far, ...after, at(340, 2, 8), at(345, 9, 12)]))
    expect(told.map(line)).toEqual(['closed 20 345 4 20 40 340 345'])
  })
})
