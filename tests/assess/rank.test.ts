import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rank } from '../../src/assess/rank.js'
import type { VesselEvent, VesselEventType } from '../../src/model/event.js'
import { T0 } from '../helpers/replay.js'
import { outage } from '../sinks/events.js'

const event = (mmsi: number, type: VesselEventType, score: number, k = 0): VesselEvent => ({
  schema: 'darkwake/event/1',
  ...{ type, id: `${type}-${mmsi}-${k}`, phase: 'closed', revision: 1, asOf: T0 + k, mmsi, track: 1 },
  vessel: { name: null, imo: null, callsign: null, flag: null, shipType: null, txClass: 'A' },
  ...{ start: { t: T0 + k, lat: 0, lon: 0 }, end: null, durationS: null },
  zones: { start: [], end: [], touched: [] },
  ...{ score, evidence: [], details: {} },
})

test('a family counts once, different families add up', () => {
  const [one] = rank([event(1, 'gap', 0.5), event(1, 'gap', 0.4, 1), event(1, 'port_silence', 0.3, 2)])
  expect(one!.score).toBe(0.5)
  const [two] = rank([event(1, 'gap', 0.5), event(1, 'spoofing', 0.5, 1)])
  expect(two!.score).toBe(0.75)
  expect(two!.families.map(f => f.family)).toEqual(['silence', 'false position'])
})

const listed = (of: VesselEvent, ...lists: [name: string, weight: number][]): VesselEvent => ({
  ...of,
  evidence: lists.map(([value, weight]) => ({
    ...{ family: 'identity', name: 'watchlist', value, weight, text: '' },
  })),
})

test('a list raises its vessel, each list once, and all together by no more than 2.5 in log-odds', () => {
  const gaps = [event(1, 'gap', 0.5), event(1, 'gap', 0.4, 1)]
  const score = (...lists: [string, number][]) => rank(gaps.map(gap => listed(gap, ...lists)))[0]!.score
  expect(score(['a', 1])).toBeCloseTo(1 / (1 + Math.exp(-1)), 3)
  expect(score(['a', 1], ['b', 1])).toBeCloseTo(1 / (1 + Math.exp(-2)), 3)
  expect(score(['a', 1], ['b', 1], ['c', 1])).toBeCloseTo(1 / (1 + Math.exp(-2.5)), 3)
})

test('a border crossed in sight is news of a vessel on a list, and only of that; what clears it clears it', () => {
  const of = (kind: string) => ({ ...event(1, 'zone', 0.1), class: kind })
  expect(rank([of('entered'), of('incursion_impossible')])).toEqual([])
  expect(rank([listed(of('entered'), ['a', 1])])).toHaveLength(1)
  expect(rank([listed(of('incursion_impossible'), ['a', 1])])).toEqual([])
})

test('an outage makes no vessel suspicious', () => {
  const gap = event(1, 'gap', 0.5)
  expect(rank([outage(), gap, outage({ phase: 'opened' })])).toEqual(rank([gap]))
  expect(rank([outage()])).toEqual([])
})

const anyEvents = fc.array(
  fc
    .tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom<VesselEventType>('gap', 'loitering', 'zone', 'spoofing'),
      fc.integer({ min: 0, max: 1000 }),
    )
    .map(([mmsi, type, s]) => ({ mmsi, type, score: s / 1000 })),
  { maxLength: 30 },
)

test('each vessel once, best first, whatever the order of its events', () => {
  fc.assert(
    fc.property(anyEvents, rows => {
      const events = rows.map(({ mmsi, type, score }, k) => event(mmsi, type, score, k))
      const ranked = rank(events)
      expect(ranked.map(c => c.mmsi).sort()).toEqual([...new Set(rows.map(r => r.mmsi))].sort())
      expect(ranked.map(c => c.score)).toEqual(ranked.map(c => c.score).sort((a, b) => b - a))
      expect(rank([...events].reverse()).map(c => [c.mmsi, c.score])).toEqual(
        ranked.map(c => [c.mmsi, c.score]),
      )
      for (const c of ranked) {
        const strongest = Math.max(...c.events.map(e => e.score))
        expect(c.score).toBeGreaterThanOrEqual(strongest - 1e-9)
      }
    }),
  )
})
