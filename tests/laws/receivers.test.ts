// Who heard it: every fix that an event tells of names all the receivers that heard that transmission, whatever the order
// in which their copies came.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { DarkEvent, Fix } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { at, content, finals, replay, T0 } from '../helpers/replay.js'
import { heardTraffic } from '../helpers/traffic.js'
import { share } from '../helpers/share.js'

const WINDOW_MS = 30_000

/** A transmission by brute force: reports of equal content within half a minute of the first. */
interface Transmission {
  first: PositionReport
  receivers: Set<string>
}

function transmissions(reports: PositionReport[]): Transmission[] {
  const found: Transmission[] = []
  const latest = new Map<string, Transmission>()
  for (const report of reports) {
    const { t, receiver, ...content } = report
    const key = JSON.stringify(content)
    let of = latest.get(key)
    if (!of || t - of.first.t > WINDOW_MS) {
      found.push((of = { first: report, receivers: new Set() }))
      latest.set(key, of)
    }
    if (receiver) of.receivers.add(receiver)
  }
  return found
}

/** Who heard the fix: the message of that time, or the last one before it that was at that place. */
function expected(sent: Transmission[], mmsi: number, { t, lat, lon }: Fix): string[] | undefined {
  const of = sent.findLast(
    ({ first }) =>
      first.mmsi === mmsi &&
      (lat === null
        ? first.t === t && first.lat === undefined
        : first.t <= t && first.lat === lat && first.lon === lon),
  )
  return of && of.receivers.size > 0 ? [...of.receivers].sort() : undefined
}

const told = (event: DarkEvent): Fix[] => [
  ...(event.type === 'spoofing' && event.class === 'shared_mmsi' ? [] : [event.start]),
  ...(event.end ? [event.end] : []),
  ...(['off', 'on', 'from', 'to'] as const).flatMap(name => (event.details[name] as Fix | null) ?? []),
  ...((event.details['places'] as Fix[] | undefined) ?? []),
]

/** Events that name the receivers: of one transmission before and one after. Others are of many. */
const names = ({ type, class: kind }: DarkEvent) =>
  ['gap', 'port_silence'].includes(type) || ['jump', 'shared_mmsi'].includes(kind ?? '')

describe('who heard it', () => {
  test('by brute force: every fix names all receivers that heard it, and no other', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(heardTraffic, reports => {
        const sent = transmissions(reports)
        for (const event of finals(replay(reports)).filter(names)) {
          for (const fix of told(event)) {
            // a silence without a place of its own names nobody
            if (fix.lat === null && fix === event.start) continue
            expect(fix.receivers).toEqual(expected(sent, event.mmsi!, fix))
            seen.add(`${event.type} ${event.class} ${fix.receivers?.length ?? 0}`)
          }
        }
      }),
      { numRuns: 150 },
    )
    if (share < 1) return
    for (const kind of [
      'gap undetermined',
      'port_silence undetermined',
      'spoofing jump',
      'spoofing shared_mmsi',
    ])
      expect(seen).toContain(`${kind} 2`)
  })

  test('copies that come later than the event that they bear on, in any order within the reorder window', () => {
    const shuffled = heardTraffic.chain(reports =>
      fc
        .array(fc.integer({ min: 0, max: 120_000 }), { minLength: reports.length, maxLength: reports.length })
        .map(delays =>
          reports
            .map((report, k) => ({ report, arrival: report.t + delays[k]! }))
            .sort((a, b) => a.arrival - b.arrival),
        ),
    )
    fc.assert(
      fc.property(shuffled, arrivals => {
        const events: DarkEvent[] = []
        const config = {
          clean: { futureGuard: false },
          engine: { capacity: 64, silenceCapacity: 64, reorderWindowS: 120 },
        }
        const engine = createEngine({ config, onEvent: event => events.push(event) })
        for (const { report, arrival } of arrivals) {
          engine.push(report)
          engine.advance(arrival - 120_001)
        }
        engine.flush()
        const sorted = arrivals.map(({ report }) => report).sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
        expect(content(events)).toEqual(
          content(replay(sorted, { config: { clean: { futureGuard: false } } })),
        )
      }),
    )
  })
})

describe('a copy by another receiver', () => {
  const sent = (s: number, receiver: string, rest: Partial<PositionReport> = {}) =>
    at(0, { t: T0 + s * 1000, lat: 1, lon: 10, utcSecond: 5, receiver, ...rest })
  const before = Array.from({ length: 5 }, (_, k) =>
    sent(60 * (k - 5), 'A', { lon: 10 + (k - 5) / 1000, sog: 1 + k }),
  )
  const on = { lon: 10.2, utcSecond: 7 }
  const back = 10 * 3600
  const told = (events: DarkEvent[]) =>
    events.map(({ phase, revision, start, end }) => [phase, revision, start.receivers, end?.receivers])

  test('of the ON that ended a gap is told at once', () => {
    const script = [...before, sent(0, 'B'), sent(1, 'A'), 8, sent(back, 'B', on), sent(back + 1, 'C', on)]
    expect(told(replay(script))).toEqual([
      ['opened', 1, ['A', 'B'], undefined],
      ['closed', 2, ['A', 'B'], ['B']],
      ['closed', 3, ['A', 'B'], ['B', 'C']],
    ])
  })

  test('of the OFF of a gap that is told already is told as well, however late, and moves nothing', () => {
    const script = [...before, sent(0, 'B'), 8, sent(2, 'A'), sent(back, 'B', on), sent(4, 'C')]
    const config = { clean: { futureGuard: false }, engine: { reorderWindowS: 0 } }
    const events = replay(script, { config })
    expect(told(events)).toEqual([
      ['opened', 1, ['B'], undefined],
      ['updated', 2, ['A', 'B'], undefined],
      ['closed', 3, ['A', 'B'], ['B']],
      ['closed', 4, ['A', 'B', 'C'], ['B']],
    ])
    expect(new Set(events.map(({ start }) => start.t))).toEqual(new Set([T0]))
    expect(events[1]!.asOf).toBe(T0 + 8 * 3_600_000)
  })

  test('by the same receiver, or by one without a name, is no news', () => {
    const copies = [sent(1, 'B'), { ...sent(2, 'B'), receiver: undefined }] as PositionReport[]
    expect(told(replay([...before, sent(0, 'B'), ...copies, 8]))).toEqual([['opened', 1, ['B'], undefined]])
  })
})

describe('a silence', () => {
  const HOURS = 14
  const DEAF = 6
  /** A fleet heard by A, and by B as copies a second later, where B is there; A goes deaf, and one ship falls silent. */
  function silence(bHearsIt: boolean): DarkEvent[] {
    const reports: PositionReport[] = []
    for (let minute = 0; minute < 60 * HOURS; minute += 4) {
      for (let ship = 0; ship <= 30; ship++) {
        const isIt = ship === 0
        if (isIt && minute >= 60 * DEAF) continue
        const t = T0 + minute * 60_000 + ship * 1000
        const lat = 54 + ship / 100 + minute / 600
        const sent = { mmsi: 257000001 + ship, t, lat, lon: 3, sog: 1.5, utcSecond: ship, msgType: 1 }
        if (minute < 60 * DEAF) reports.push({ ...sent, receiver: 'A' })
        if (isIt ? bHearsIt : ship > 15) reports.push({ ...sent, t: t + 1000, receiver: 'B' })
      }
    }
    return finals(replay(reports.sort((a, b) => a.t - b.t))).filter(({ mmsi }) => mmsi === 257000001)
  }

  test('is excused while all that used to hear the ship are deaf, and not while one of them hears', () => {
    expect(silence(false)).toEqual([])
    expect(silence(true)).toMatchObject([{ type: 'gap', start: { receivers: ['A', 'B'] } }])
  })
})
