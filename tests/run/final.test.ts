import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DarkEvent, Phase, VesselEventType } from '../../src/model/event.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../../src/model/units.js'
import { createFinalEvents } from '../../src/run/final.js'
import { createEngine } from '../../src/engine/engine.js'
import { finals as lastOf } from '../helpers/replay.js'
import { traffic } from '../helpers/traffic.js'
import { gapEvent } from '../sinks/events.js'

function revision(id: string, phase: Phase, asOf: number, type: VesselEventType = 'gap'): DarkEvent {
  return gapEvent({ id, phase, asOf, type })
}
const certain = () => false
const ids = (events: DarkEvent[]) => events.map(({ id, phase }) => `${id} ${phase}`)

describe('createFinalEvents', () => {
  test('hands a closed event on once no other receiver can have heard its end, in its last state', () => {
    const finals = createFinalEvents()
    finals.add(revision('a', 'opened', 1))
    finals.add(revision('a', 'updated', 2))
    expect(finals.settled(2, certain)).toEqual([])
    finals.add(revision('a', 'closed', 3))
    expect(finals.settled(3 + MS_PER_HOUR, certain)).toEqual([])
    expect(finals.settled(4 + MS_PER_HOUR, () => true)).toEqual([])
    expect(ids(finals.settled(4 + MS_PER_HOUR, certain))).toEqual(['a closed'])
    expect(finals.settled(5 + MS_PER_HOUR, certain)).toEqual([])
    expect(finals.rest()).toEqual([])
  })

  test('holds a stop at sea for eight days: silences that end later say whom it can have met', () => {
    const finals = createFinalEvents()
    finals.add(revision('a', 'closed', 3, 'dark_rendezvous'))
    expect(finals.settled(3 + 8 * MS_PER_DAY, certain)).toEqual([])
    expect(ids(finals.settled(4 + 8 * MS_PER_DAY, certain))).toEqual(['a closed'])
  })

  test('where others were told before, their retractions are last states', () => {
    const finals = createFinalEvents(false, true)
    const told = (id: string, phase: Phase, revision: number): DarkEvent =>
      gapEvent({ id, phase, revision, asOf: revision })
    finals.add(told('new', 'opened', 1))
    finals.add(told('new', 'retracted', 2))
    finals.add(told('old', 'retracted', 3))
    finals.add(told('open', 'closed', 2))
    expect(ids(finals.rest())).toEqual(['old retracted', 'open closed'])
  })

  test('gives what is open at the end, in order of the first revision', () => {
    const finals = createFinalEvents()
    for (const id of ['b', 'a', 'c']) finals.add(revision(id, 'opened', 1))
    finals.add(revision('b', 'updated', 2))
    finals.add(revision('a', 'closed', 3))
    expect(ids(finals.rest())).toEqual(['b updated', 'a closed', 'c opened'])
  })

  test('leaves out what was withdrawn', () => {
    const finals = createFinalEvents()
    finals.add(revision('a', 'opened', 1))
    finals.add(revision('a', 'retracted', 2))
    expect(finals.settled(2, certain)).toEqual([])
    expect(finals.rest()).toEqual([])
  })

  test('holds a false position for the day in which it can be withdrawn, and not a millisecond longer', () => {
    const finals = createFinalEvents()
    finals.add(revision('a', 'closed', 1000, 'spoofing'))
    finals.add(revision('b', 'closed', 1000, 'spoofing'))
    expect(finals.settled(1000 + MS_PER_DAY, certain)).toEqual([])
    finals.add(revision('a', 'retracted', 1000 + MS_PER_DAY, 'spoofing'))
    expect(ids(finals.settled(1001 + MS_PER_DAY, certain))).toEqual(['b closed'])
    expect(finals.rest()).toEqual([])
  })

  test('agrees with "the last revision of each id" for any stream, wherever it is asked what is settled', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      phase: fc.constantFrom<Phase>('opened', 'updated', 'closed', 'retracted'),
      ask: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        const finals = createFinalEvents()
        const out: DarkEvent[] = []
        const last = new Map<string, DarkEvent>()
        const over = new Set<string>()
        steps.forEach(({ id, phase, ask }, t) => {
          // false positions: closed and withdrawn in any order, all within a day
          if (!over.has(id)) {
            const event = revision(id, phase, t, 'spoofing')
            finals.add(event)
            last.set(id, event)
            if (phase === 'retracted') over.add(id)
          }
          if (ask) out.push(...finals.settled(t, certain))
        })
        out.push(...finals.rest())
        const expected = [...last.values()].filter(({ phase }) => phase !== 'retracted')
        expect(ids(out).sort()).toEqual(ids(expected).sort())
      }),
    )
  })

  test('over an engine: each event once, in its last state, wherever it is asked what is settled', () => {
    fc.assert(
      fc.property(traffic, fc.integer({ min: 1, max: 40 }), (reports, every) => {
        const all: DarkEvent[] = []
        const out: DarkEvent[] = []
        const finals = createFinalEvents()
        const engine = createEngine({
          config: { engine: { capacity: 64, reorderWindowS: 0 } },
          onEvent(event) {
            all.push(event)
            finals.add(event)
          },
        })
        reports.forEach((report, k) => {
          engine.push(report)
          if (k % every === 0) out.push(...finals.settled(engine.span.to, engine.isInDoubt))
        })
        engine.flush()
        out.push(...finals.rest())
        expect(ids(out).sort()).toEqual(ids(lastOf(all)).sort())
      }),
      { numRuns: 300 },
    )
  })
})
