import { describe, expect, it } from 'vitest'
import { scoreAgainstTruth, type ScoredEvent } from '../../src/simulate/score.js'
import type { TruthEvent } from '../../src/simulate/truth.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'

const at = (h: number) => h * MS_PER_HOUR
const place = (h: number) => ({ t: at(h), lat: 54, lon: 3 })
const truth = (
  type: TruthEvent['type'],
  from: number,
  to: number | null,
  rest: Partial<TruthEvent> = {},
): TruthEvent => ({
  type,
  mmsi: 1,
  name: 'A',
  start: place(from),
  end: to === null ? null : place(to),
  note: 'a test',
  ...rest,
})
const event = (type: ScoredEvent['type'], from: number, to: number | null, mmsi = 1): ScoredEvent => ({
  type,
  mmsi,
  start: place(from),
  end: to === null ? null : place(to),
})

describe('scoreAgainstTruth', () => {
  it('leaves out what is of no vessel', () => {
    const outage: ScoredEvent = { type: 'feed_outage', start: place(4), end: place(12) }
    expect(scoreAgainstTruth([outage], [truth('gap', 4, 12)]).falseAlarms).toEqual([])
  })

  it.each([
    ['zone', 'entered'],
    ['port_visit', 'port'],
    ['encounter', 'tandem'],
    ['encounter', 'service'],
    ['dark_rendezvous', 'one_sided'],
    ['draught', 'over_port_stay'],
  ] as const)('leaves out what is no accusation: %s %s', (type, kind) => {
    const told = { ...event(type, 4, 12), class: kind }
    expect(scoreAgainstTruth([told], [truth('gap', 4, 12)]).falseAlarms).toEqual([])
  })

  it.each([
    ['encounter', 'brief_meeting'],
    ['dark_rendezvous', 'partner_in_silence'],
    ['draught', 'at_sea'],
  ] as const)('counts what is one: %s %s', (type, kind) => {
    const told = { ...event(type, 4, 12), class: kind }
    expect(scoreAgainstTruth([told], [truth('gap', 4, 12)]).falseAlarms).toHaveLength(1)
  })

  const gap = truth('gap', 4, 12)

  it('an event of the same ship, type and time is a find', () => {
    const found = event('gap', 4, 12)
    expect(scoreAgainstTruth([found], [gap])).toEqual({
      found: [{ truth: gap, events: [found] }],
      missed: [],
      falseAlarms: [],
      leftAlone: [],
    })
  })

  it.each([
    ['another ship', event('gap', 4, 12, 2)],
    ['another type', event('spoofing', 4, 12)],
    ['another time', event('gap', 13, 20)],
  ])('%s is a false alarm, and the truth is missed', (_, wrong) => {
    const score = scoreAgainstTruth([wrong], [gap])
    expect(score.missed).toEqual([gap])
    expect(score.falseAlarms).toEqual([{ event: wrong, lookalike: null }])
  })

  it('reports are minutes apart: a quarter of an hour beside it still belongs to it, more does not', () => {
    const start = (minutes: number) => event('gap', 12 + (minutes * MS_PER_MIN) / MS_PER_HOUR, 20)
    expect(scoreAgainstTruth([start(15)], [gap]).found.length).toBe(1)
    expect(scoreAgainstTruth([start(16)], [gap]).found.length).toBe(0)
  })

  it('open ends reach to the end of the data', () => {
    expect(scoreAgainstTruth([event('gap', 4, null)], [truth('gap', 4, null)]).missed).toEqual([])
    expect(scoreAgainstTruth([event('loitering', 2, null)], [truth('loitering', 30, 40)]).missed).toEqual([])
  })

  it('several events may speak of one truth: one find, no false alarm', () => {
    const parts = [event('loitering', 0, 5), event('loitering', 6, 9)]
    const score = scoreAgainstTruth(parts, [truth('loitering', 0, 9)])
    expect(score.found).toMatchObject([{ events: parts }])
    expect(score.falseAlarms).toEqual([])
  })

  it('an innocent look-alike explains a false alarm, or is left alone', () => {
    const edge = truth('innocent', 4, null, { class: 'coverage_edge' })
    const wait = truth('innocent', 1, 3, { class: 'short_wait', mmsi: 2 })
    const alarm = event('gap', 4, null)
    const score = scoreAgainstTruth([alarm], [edge, wait])
    expect(score.falseAlarms).toEqual([{ event: alarm, lookalike: edge }])
    expect(score.leftAlone).toEqual([wait])
    expect(score.missed).toEqual([])
  })

  it('crossing a border or a retracted event accuses nobody', () => {
    const events: ScoredEvent[] = [event('zone', 4, 4), { ...event('gap', 4, 12, 2), phase: 'retracted' }]
    expect(scoreAgainstTruth(events, [])).toEqual({ found: [], missed: [], falseAlarms: [], leftAlone: [] })
  })
})
