import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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

test('of an event only its highest revision counts, wherever it stands, and what was taken back does not', () => {
  const [first, last] = [event(1, 'gap', 0.9), { ...event(1, 'gap', 0.4), revision: 2 }]
  expect(rank([last, first])[0]!.score).toBe(0.4)
  expect(rank([first, last])[0]!.events).toHaveLength(1)
  expect(rank([{ ...last, phase: 'retracted' }, first])).toEqual([])
})

describe('what a silence says of zones', () => {
  const inZone = (kind: string, score: number): VesselEvent => ({ ...event(1, 'zone', score), class: kind })

  test('is told by the silence: the two do not add up', () => {
    const [one] = rank([event(1, 'gap', 0.5), inZone('entered_dark', 0.6)])
    expect(one!.families).toEqual([{ family: 'silence', score: 0.6, count: 2 }])
    expect(one!.score).toBe(0.6)
  })

  test('is nothing where reception explains the silence, but for a boundary that was crossed', () => {
    const gap = { ...event(1, 'gap', 0.1), class: 'likely_reception' }
    expect(rank([inZone('incursion_possible', 0.2), gap, inZone('dark_inside', 0.2)])).toEqual([])
    expect(rank([inZone('entered_dark', 0.4), gap])).toHaveLength(1)
    const other = { ...gap, start: { ...gap.start, t: T0 + 1 } }
    expect(rank([inZone('incursion_possible', 0.2), other])).toHaveLength(1)
  })
})

describe('two MMSIs', () => {
  const pair = (kind: string, mmsi: number, other: number, k = 0): VesselEvent => ({
    ...event(mmsi, 'identity', 0.5, k),
    ...{ class: kind, id: `identity-${mmsi}-${other}`, details: { others: [other] } },
  })

  test('of one hull, one after the other, are one candidate, named by the one it used last', () => {
    const swaps = [pair('identity_swap', 1, 3), pair('identity_swap', 2, 3, 1)]
    const [one, ...others] = rank([event(1, 'gap', 0.5, 2), event(3, 'loitering', 0.2, 9), ...swaps])
    expect(others).toEqual([])
    expect(one).toMatchObject({ mmsi: 3, mmsis: [1, 2, 3], score: 0.8 })
    expect(one!.events).toHaveLength(4)
  })

  test('that tell one IMO number at once are two, and that is held against each', () => {
    const found = rank([pair('shared_identity', 1, 2), event(2, 'gap', 0.5)])
    expect(found.map(({ mmsi, mmsis, score }) => [mmsi, mmsis, score])).toEqual([
      [2, [2], 0.75],
      [1, [1], 0.5],
    ])
    const [, unnamed] = rank([pair('shared_identity', 219000001, 257000001)])
    expect(unnamed).toMatchObject({ mmsi: 257000001, vessel: { name: null, flag: 'NOR' } })
  })

  test('are two again when the swap is taken back', () => {
    const swap = pair('identity_swap', 1, 2)
    const events = [event(1, 'gap', 0.5), event(2, 'gap', 0.4), swap]
    expect(rank(events)).toHaveLength(1)
    expect(rank([...events, { ...swap, phase: 'retracted', revision: 2 }])).toHaveLength(2)
  })
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
