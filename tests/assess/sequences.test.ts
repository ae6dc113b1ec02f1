import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSequences, type SequenceRule } from '../../src/assess/sequence.js'
import { createSequences } from '../../src/assess/sequences.js'
import { createEngine } from '../../src/engine/engine.js'
import { resolveConfig } from '../../src/model/config.js'
import type { DarkEvent, VesselEvent, VesselEventType } from '../../src/model/event.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import { at, finals, hour, MMSI } from '../helpers/replay.js'
import { vesselEvent } from './events.js'
import { share } from '../helpers/share.js'

const rule = (...steps: object[]): SequenceRule =>
  resolveConfig(undefined, { sequences: [{ name: 'it', steps: steps as never }] }).sequences[0]!
const ids = (rules: SequenceRule[], events: VesselEvent[]) =>
  findSequences(rules, events).map(({ acts }) => acts.map(({ id }) => id).join(' '))
const event = (type: VesselEventType, from: number, to: number | null, over: Partial<VesselEvent> = {}) =>
  vesselEvent(type, [from, 1], to === null ? undefined : [to, 1], over)

describe('a rule', () => {
  const gap = event('gap', 10, 20)

  test('after: from the end on, for so long; never of what goes on', () => {
    const then = rule({ type: 'gap' }, { type: 'loitering', withinHours: 5 })
    const found = (from: number, of = gap) => ids([then], [of, event('loitering', from, from + 1)]).length
    expect([19.9, 20, 25, 25.1].map(from => found(from))).toEqual([0, 1, 1, 0])
    expect(found(12, event('gap', 10, null))).toBe(0)
  })

  test('during: from the beginning to before the end; of what goes on, ever after', () => {
    const meanwhile = rule({ type: 'gap' }, { type: 'identity', relation: 'during' })
    const found = (from: number, of = gap) => ids([meanwhile], [of, event('identity', from, from + 1)]).length
    expect([9.9, 10, 19.9, 20].map(from => found(from))).toEqual([0, 1, 1, 0])
    expect(found(500, event('gap', 10, null))).toBe(1)
  })

  test('beside: either', () => {
    const beside = rule({ type: 'gap' }, { type: 'encounter', relation: 'beside', withinHours: 5 })
    const found = (from: number) => ids([beside], [gap, event('encounter', from, from + 1)]).length
    expect([9.9, 10, 19.9, 20, 25, 25.1].map(found)).toEqual([0, 1, 1, 1, 1, 0])
  })

  test('classes and zones, by id, number or sovereign', () => {
    const zone = {
      id: 'z',
      name: 'Z',
      kind: 'eez',
      mrgid: 5690,
      sovereigns: ['NOR'],
      method: 'approximate',
      weight: 1,
    }
    const there = event('loitering', 30, 31, {
      class: 'drifting',
      zones: { start: [zone as never], end: [], touched: [] },
    })
    const found = (step: object) =>
      ids([rule({ type: 'gap' }, { type: 'loitering', ...step })], [gap, there]).length
    for (const is of ['z', '5690', 'NOR']) expect(found({ zone: is })).toBe(1)
    expect(found({ zone: 'SWE' })).toBe(0)
    expect(found({ classes: ['anchored', 'drifting'] })).toBe(1)
    expect(found({ classes: ['anchored'] })).toBe(0)
  })

  test('by brute force: there is one just when some choice of events fits', () => {
    const kinds = ['gap', 'loitering', 'identity'] as const
    const relations = ['after', 'during', 'beside'] as const
    const acts = fc.array(
      fc.record({
        type: fc.constantFrom(...kinds),
        from: fc.integer({ min: 0, max: 30 }),
        hours: fc.nat({ max: 9 }),
      }),
      { maxLength: 7 },
    )
    const steps = fc.array(
      fc.record({
        type: fc.constantFrom(...kinds),
        relation: fc.constantFrom(...relations),
        withinHours: fc.integer({ min: 1, max: 12 }),
      }),
      { minLength: 2, maxLength: 3 },
    )
    let [yes, no] = [0, 0]
    fc.assert(
      fc.property(acts, steps, (of, wanted) => {
        const events = of.map(({ type, from, hours }, k) =>
          event(type, from, from + hours, { id: `${type}-${k}` }),
        )
        const fits = (a: VesselEvent, b: VesselEvent, { relation, withinHours }: (typeof wanted)[0]) => {
          const [a0, a1, b0, b1] = [a.start.t, a.end!.t, b.start.t, b.end!.t]
          const isSoon = b0 - a1 <= withinHours * MS_PER_HOUR
          if (relation === 'after') return b0 >= a1 && isSoon
          if (relation === 'during') return b0 >= a0 && b0 < a1 && b1 > a0
          return b0 >= a0 && isSoon
        }
        const all = (chosen: VesselEvent[]): boolean => {
          const k = chosen.length
          if (k === wanted.length) return true
          return events.some(
            next =>
              !chosen.includes(next) &&
              next.type === wanted[k]!.type &&
              (k === 0 || fits(chosen[k - 1]!, next, wanted[k]!)) &&
              all([...chosen, next]),
          )
        }
        const found = findSequences([rule(...wanted)], events)
        expect(found.length > 0).toBe(all([]))
        for (const { acts: chosen } of found)
          chosen.forEach((act, k) => expect(k === 0 || fits(chosen[k - 1]!, act, wanted[k]!)).toBe(true))
        if (found.length > 0) yes++
        else no++
      }),
      { numRuns: 500 },
    )
    expect(Math.min(yes, no)).toBeGreaterThan(50 * share)
  })
})

describe('as events come', () => {
  const rules = [rule({ type: 'loitering' }, { type: 'gap' }, { type: 'loitering' })]
  const history = fc.array(
    fc.record({
      type: fc.constantFrom('gap' as const, 'loitering' as const),
      from: fc.integer({ min: 0, max: 12 }),
      hours: fc.integer({ min: 1, max: 3 }),
      taken: fc.nat({ max: 4 }).map(n => n === 0),
    }),
    { minLength: 3, maxLength: 10 },
  )

  test('what stands in the end is what the events that stand make, in any order of telling; ids count up', () => {
    let stood = 0
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (of, chance) => {
        const events = of.map(({ type, from, hours }, k) =>
          event(type, from, from + hours, { id: `${type}-${k}` }),
        )
        const tellings = of.flatMap(({ taken }, k) => [
          { k, phase: 'opened' as const, end: null },
          ...(taken ? [{ k, phase: 'retracted' as const }] : [{ k, phase: 'closed' as const }]),
        ])
        // of one event in order, of several mixed at random
        const told: DarkEvent[] = []
        const sequences = createSequences(rules, say => told.push(say))
        const waiting = of.map((_, k) => tellings.filter(each => each.k === k))
        while (waiting.some(left => left.length > 0)) {
          const open = waiting.filter(left => left.length > 0)
          const { k, ...over } = open[(chance.next().value as number) % open.length]!.shift()!
          sequences.take({ ...events[k]!, ...over, asOf: hour(40) })
        }
        const standing = events.filter((_, k) => !of[k]!.taken)
        const expected = findSequences(rules, standing).map(({ acts }) => acts.map(({ id }) => id).join(' '))
        const last = finals(told)
        expect(new Set(last.map(({ details }) => (details['events'] as string[]).join(' ')))).toEqual(
          // two that begin at one moment are one event
          new Set(expected.filter((_, k, all) => isFirstOfItsStart(all, k, standing))),
        )
        stood += last.length
        const revisions = new Map<string, number>()
        for (const { id, revision, phase } of told) {
          expect(revision).toBe((revisions.get(id) ?? 0) + 1)
          if (phase === 'retracted') revisions.delete(id)
          else revisions.set(id, revision)
        }
      }),
      { numRuns: 300 },
    )
    expect(stood).toBeGreaterThan(20)
  })

  const isFirstOfItsStart = (all: string[], k: number, events: VesselEvent[]) => {
    const startOf = (ids: string) => events.find(({ id }) => id === ids.split(' ')[0])!.start.t
    return all.findIndex(other => startOf(other) === startOf(all[k]!)) === k
  }

  test('a meeting is an event of both: either may fall silent after it', () => {
    const OTHER = MMSI + 1
    const partner = { mmsi: OTHER, track: 2, name: 'OTHER', imo: null, callsign: null }
    const details = { partner: { ...partner, flag: 'NOR', shipType: 30, txClass: 'A' } }
    const met = event('encounter', 5, 9, { class: 'encounter', details })
    const dark = (mmsi: number) => event('gap', 10, 20, { id: `gap-${mmsi}`, mmsi })
    const told: VesselEvent[] = []
    const sequences = createSequences([rule({ type: 'encounter' }, { type: 'gap' })], say => told.push(say))
    for (const each of [met, dark(OTHER), dark(MMSI)]) sequences.take(each)
    expect(told.map(({ mmsi }) => mmsi)).toEqual([OTHER, MMSI])
    expect(told[0]!.evidence[0]!.text).toBe('stayed beside another vessel for 4 h')
    // and both lose it
    sequences.take({ ...met, phase: 'retracted', revision: 2 })
    expect(told.slice(2).map(({ mmsi, phase }) => [mmsi, phase])).toEqual([
      [MMSI, 'retracted'],
      [OTHER, 'retracted'],
    ])
  })

  test('… and whoever has only met is told with its own name', () => {
    const vessel = {
      name: 'OTHER',
      imo: null,
      callsign: null,
      flag: 'NOR',
      shipType: 30,
      txClass: 'A' as const,
    }
    const details = { partner: { mmsi: MMSI + 1, track: 2, ...vessel } }
    const told: VesselEvent[] = []
    const twice = rule({ type: 'encounter' }, { type: 'encounter' })
    const sequences = createSequences([twice], say => told.push(say))
    for (const from of [0, 8])
      sequences.take(event('encounter', from, from + 4, { class: 'encounter', details }))
    expect(told.map(({ mmsi, track, vessel: { name } }) => [mmsi, track, name])).toEqual([
      [MMSI, 1, null],
      [MMSI + 1, 2, 'OTHER'],
    ])
  })

  test('in the engine: told with the event that completes it, taken back with one of its parts', () => {
    const events: DarkEvent[] = []
    const engine = createEngine({
      config: {
        ...{ engine: { reorderWindowS: 0 }, gap: { minReports: 1, portRule: false } },
        sequences: [{ name: 'twice_dark', steps: [{ type: 'gap' }, { type: 'gap' }] }],
      },
      onEvent: found => events.push(found),
    })
    for (const h of [0, 0.1, 10, 10.1, 20, 20.1])
      engine.push(at(h, { mmsi: MMSI, lat: 1 + h / 10, lon: 1, sog: 6 }))
    engine.flush()
    const sequences = () => finals(events).filter(({ type }) => type === 'sequence')
    expect(sequences()).toMatchObject([
      {
        ...{
          class: 'twice_dark',
          phase: 'closed',
          mmsi: MMSI,
          start: { t: hour(0.1) },
          end: { t: hour(20) },
        },
        details: { events: [`gap-${MMSI}-${hour(0.1)}`, `gap-${MMSI}-${hour(10.1)}`] },
      },
    ])
    for (let h = 0.2; h < 10; h += 1) engine.push(at(h, { mmsi: MMSI, lat: 1 + h / 10, lon: 1, sog: 6 }))
    engine.flush()
    expect(sequences()).toEqual([])
  })
})
