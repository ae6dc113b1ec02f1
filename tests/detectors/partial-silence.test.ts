import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { DarkEvent } from '../../src/model/event.js'
import {
  brokenRhythm,
  createRhythms,
  hit,
  miss,
  rhythmAt,
} from '../../src/detectors/partial-silence/rhythm.js'
import type { PositionReport } from '../../src/model/report.js'
import { finals, hour, MMSI, replay } from '../helpers/replay.js'
import { company, inOrder, sailing, type Sailing } from './spoofing/heard.js'

const told = (reports: PositionReport[]) => replay(reports).filter(({ type }) => type === 'partial_silence')
const silences = (...parts: PositionReport[][]): DarkEvent[] => finals(told(inOrder(...parts)))

const MINUTES = 480
const first = (of: Omit<Sailing, 'rest'>, rest: Partial<PositionReport> = {}) =>
  sailing({ receiver: 'A', every: 4, sog: 0.8, ...of, rest: { source: 'first', ...rest } })
const second = (of: Omit<Sailing, 'rest'>) =>
  // two minutes after the first feed
  sailing({ receiver: 'S', every: 8, sog: 0.8, ...of, from: (of.from ?? 0) + 2, rest: { source: 'second' } })

/** Others about her, whom the first feed hears all along. */
const around = (of: Partial<Sailing> = {}) =>
  company(14, { receiver: 'A', to: MINUTES, every: 4, sog: 0.5, rest: { source: 'first' }, ...of })
const others = around()
/** By the first feed but for some minutes, by the second one all the time. */
const her = (from: number, to: number, of: Partial<Sailing> = {}) => [
  ...first({ mmsi: MMSI, to: from, ...of }),
  ...first({ mmsi: MMSI, from: to, to: MINUTES, ...of }),
  ...second({ mmsi: MMSI, to: MINUTES, ...of }),
]

describe('rhythm', () => {
  test('is broken by a row of misses that is no chance, of four at least, three times as long as any before', () => {
    const upTo = (max: number) => fc.integer({ min: 0, max })
    fc.assert(
      fc.property(upTo(60), upTo(2), upTo(60), upTo(20), (before, gap, after, missed) => {
        const counts = createRhythms(1)
        const at = rhythmAt(0, 1)
        const repeat = (n: number, what: typeof hit | typeof miss) => {
          for (let k = 0; k < n; k++) what(counts, at)
        }
        repeat(before, hit)
        repeat(gap, miss)
        repeat(after, hit)
        repeat(missed, miss)
        const heard = before + after
        const tried = heard + (after > 0 ? gap : 0)
        const row = after > 0 ? missed : gap + missed
        const longest = after > 0 ? gap : 0
        const chance = (1 - heard / (tried + 2)) ** row
        const isBroken = tried >= 12 && heard >= tried / 2 && row >= 4 && row > 3 * longest && chance <= 1e-4
        expect(brokenRhythm(counts, at) !== null).toBe(isBroken)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('partial silence', () => {
  test('one feed stops to hear a vessel among others, another one goes on', () => {
    const [event, ...rest] = silences(others, her(200, MINUTES))
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      ...{ type: 'partial_silence', mmsi: MMSI, phase: 'opened', end: null },
      details: { silentOn: { source: 'first' }, heardOn: { source: 'second' } },
    })
    expect(event!.start.t).toBeLessThan(hour(200 / 60) + 60_000)
  })

  test('for any stretch: none of an hour or less, told of three hours, and closed when it is heard again', () => {
    const stretch = fc.record({
      from: fc.integer({ min: 150, max: 200 }),
      long: fc.integer({ min: 4, max: 260 }),
    })
    fc.assert(
      fc.property(stretch, ({ from, long }) => {
        const found = silences(others, her(from, from + long))
        if (long <= 56) expect(found).toEqual([])
        if (long < 180) return
        expect(found).toHaveLength(1)
        if (from + long < MINUTES - 10)
          expect(Math.abs(found[0]!.end!.t - hour((from + long) / 60))).toBeLessThan(5 * 60_000)
      }),
      { numRuns: 25 },
    )
  })

  test('a feed that passes now and then tells as well as one that listens all along', () => {
    const passing = (from: number, everyMin: number) => [
      ...first({ mmsi: MMSI, to: from }),
      ...second({ mmsi: MMSI, to: MINUTES, every: everyMin }),
    ]
    for (const everyMin of [25, 35, 50]) expect(silences(others, passing(220, everyMin))).toHaveLength(1)
    // twice in ten minutes may be chance
    expect(silences(others, passing(MINUTES - 110, 50))).toEqual([])
  })

  test('however sure the rhythm is, an hour is waited for', () => {
    for (const long of [50, 52, 54, 56, 58]) expect(silences(others, her(400, 400 + long))).toEqual([])
    expect(silences(others, her(400, 470))).toHaveLength(1)
  })

  test('whoever is heard by both, or by nobody, is not told of', () => {
    expect(silences(others, her(MINUTES, MINUTES))).toEqual([])
    const off = her(200, MINUTES).filter(({ t }) => t < hour(200 / 60))
    expect(silences(others, off)).toEqual([])
  })

  test('needs others whom the feed hears there, meanwhile', () => {
    expect(silences(her(200, MINUTES))).toEqual([])
    expect(silences(around({ lat: 57 }), her(200, MINUTES))).toEqual([])
    expect(silences(around({ to: 200 }), her(200, MINUTES))).toEqual([])
  })

  test('strong sets are company for a weak one close to the station, and not farther out', () => {
    const weak = { txClass: 'B', msgType: 18 } as const
    const hers = (lat: number) => her(200, MINUTES, { lat }).map(report => ({ ...report, ...weak }))
    expect(silences(others, hers(54))).toHaveLength(1)
    // at half the station's range
    const out = { receiver: 'A', from: 20, to: MINUTES, every: 4, sog: 0.5, lat: 54.35 }
    const strong = company(6, { ...out, rest: { source: 'first' } }, 212_000_001)
    expect(silences(others, strong, hers(54.35))).toEqual([])
    const likeHer = strong.map(report => ({ ...report, ...weak }))
    expect(silences(others, likeHer, hers(54.35))).toHaveLength(1)
  })

  test('a station that hears nobody else, and falls silent, may have failed', () => {
    const own = her(200, MINUTES).map(report =>
      report.receiver === 'A' ? { ...report, receiver: 'lone' } : report,
    )
    expect(silences(others, own)).toEqual([])
    // … while it still hears somebody, it has not
    const company2 = first({ mmsi: 244_000_001, to: MINUTES, lat: 54.05, receiver: 'lone' })
    expect(silences(others, own, company2)).toHaveLength(1)
    // … whether they tell seconds or not
    const mute = (reports: PositionReport[]) =>
      reports.map(({ utcSecond: _second, ...report }): PositionReport => report)
    expect(silences(mute(others), mute(own), mute(company2))).toHaveLength(1)
    expect(silences(mute(others), mute(own))).toEqual([])
  })

  test('lying still, out of the feed’s reach, or heard by chance all along it says nothing', () => {
    expect(silences(others, her(200, MINUTES, { sog: 0.2 }))).toEqual([])
    // at twelve knots it is a hundred miles away by the end, and nobody there
    expect(silences(others, her(200, MINUTES, { sog: 14 }))).toEqual([])
    const rare = her(200, MINUTES).filter(
      ({ source, t }) => source === 'second' || (t - hour(0)) % 5_400_000 < 300_000,
    )
    expect(silences(others, rare)).toEqual([])
  })

  test('a late report of the feed takes it back', () => {
    const events: DarkEvent[] = []
    const config = { engine: { capacity: 64, silenceCapacity: 64 } }
    const engine = createEngine({ config, onEvent: event => events.push(event) })
    for (const report of inOrder(others, her(200, MINUTES))) engine.push(report)
    engine.push(first({ mmsi: MMSI, from: 300, to: 301 })[0]!)
    engine.flush()
    const own = events.filter(({ type }) => type === 'partial_silence').map(({ phase }) => phase)
    expect(own).toEqual(['opened', 'retracted'])
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const reports = inOrder(others, her(200, 420))
    const whole = told(reports).map(event => JSON.stringify(event))
    expect(whole).toHaveLength(2)
    const options = { config: { engine: { capacity: 64, silenceCapacity: 64 } } }
    for (const share of [0.1, 0.5, 0.7]) {
      const cut = Math.floor(share * reports.length)
      const events: DarkEvent[] = []
      const before = createEngine({ ...options, onEvent: event => events.push(event) })
      for (const report of reports.slice(0, cut)) before.push(report)
      const restore = before.snapshot()
      const after = createEngine({ ...options, restore, onEvent: event => events.push(event) })
      for (const report of reports.slice(cut)) after.push(report)
      after.flush()
      const own = events.filter(({ type }) => type === 'partial_silence')
      expect(own.map(event => JSON.stringify(event))).toEqual(whole)
    }
  })
})
