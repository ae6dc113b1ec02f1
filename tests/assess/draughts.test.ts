// What a change of draught lies over, whatever comes to be known first.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDraughts, type DraughtsState } from '../../src/assess/draughts.js'
import { pack, unpack } from '../../src/engine/snapshot.js'
import { resolveConfig } from '../../src/model/config.js'
import type { VesselEvent } from '../../src/model/event.js'
import { hour, MMSI } from '../helpers/replay.js'
import { vesselEvent } from './events.js'

const B = 311000123
const { meetingHours } = resolveConfig().draught
const partner = {
  mmsi: B,
  track: 1,
  name: null,
  imo: null,
  callsign: null,
  flag: null,
  shipType: null,
  txClass: 'A',
}

const kinds = [
  ['gap', 'likely_disabled'],
  ['gap', 'undetermined'],
  ['gap', 'likely_reception'],
  ['port_silence', 'undetermined'],
  ['encounter', 'encounter'],
  ['encounter', 'brief_meeting'],
  ['encounter', 'service'],
] as const

interface Line {
  id: string
  type: string
  class: string
  from: number
  to: number | null
  retracted: boolean
  /** When the line is told. */
  at: number
}

const act = fc.record({
  kind: fc.constantFrom(...kinds),
  from: fc.integer({ min: 0, max: 60 }),
  hours: fc.integer({ min: 1, max: 20 }),
  told: fc.integer({ min: 0, max: 30 }),
  fate: fc.constantFrom('stays', 'stays', 'open', 'retracted'),
})
const change = fc.record({
  from: fc.integer({ min: 0, max: 60 }),
  hours: fc.integer({ min: 0, max: 20 }),
  told: fc.integer({ min: 1, max: 30 }),
  mmsi: fc.constantFrom(MMSI, B),
  inPort: fc.boolean(),
  retracted: fc.constantFrom(false, false, true),
})

function eventOf({ id, type, class: kind, from, to, retracted, at }: Line, mmsi = MMSI): VesselEvent {
  return vesselEvent(type, [from, 1], to === null ? undefined : [to, 1], {
    ...{ id, mmsi, class: kind, asOf: hour(at) },
    ...(retracted && { phase: 'retracted' as const }),
    details: { ...(type === 'encounter' && { partner }), ...(type === 'draught' && { over: [] }) },
  })
}

test('the last telling is that of all the events that stand, and revisions count up', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 6 }),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.nat({ max: 12 }),
      (acts, changes, cut) => {
        const lines: (Line & { mmsi: number })[] = [
          ...acts.flatMap(
            ({ kind: [type, kind], from, hours, told, fate }, k): (Line & { mmsi: number })[] => {
              const line = {
                id: `${type}-${k}`,
                type,
                class: kind,
                from,
                to: from + hours,
                retracted: false,
                at: from + told,
                mmsi: MMSI,
              }
              if (fate === 'open') return [{ ...line, to: null }]
              return fate === 'stays' ? [line] : [line, { ...line, retracted: true, at: line.at + 3 }]
            },
          ),
          ...changes.flatMap(({ from, hours, told, mmsi, inPort, retracted }, k) => {
            const line = {
              id: `draught-${k}`,
              type: 'draught',
              class: inPort ? 'over_port_stay' : 'at_sea',
              from,
              to: from + hours,
              retracted: false,
              at: from + hours + told,
              mmsi,
            }
            return retracted ? [line, { ...line, retracted: true, at: line.at + 2 }] : [line]
          }),
        ].sort((a, b) => a.at - b.at)

        const told = new Map<string, VesselEvent>()
        const tell = (event: VesselEvent) => {
          if (event.type !== 'draught') return
          expect(event.revision).toBe((told.get(event.id)?.revision ?? 0) + 1)
          told.set(event.id, event)
        }
        const make = (state?: DraughtsState) => createDraughts(resolveConfig().draught, tell, state)
        let draughts = make()
        lines.forEach((line, k) => {
          if (k === cut) draughts = make(unpack(pack(draughts.state)) as DraughtsState)
          const event = draughts.take(eventOf(line, line.mmsi)) as VesselEvent
          tell(event)
          draughts.follow(event)
        })

        changes.forEach(({ from, hours, mmsi, inPort, retracted }, k) => {
          const event = told.get(`draught-${k}`)!
          expect(event.phase === 'retracted').toBe(retracted)
          if (retracted) return
          const over = acts.filter(({ kind: [type, kind], from: since, hours: lasts, fate }) => {
            if (fate === 'retracted' || kind === 'service' || (mmsi === B && type !== 'encounter'))
              return false
            const until =
              fate === 'open' ? Infinity : since + lasts + (type === 'encounter' ? meetingHours : 0)
            return since < from + hours && from < until
          })
          const has = (type: string) => over.some(({ kind }) => kind[0] === type)
          const right = has('encounter')
            ? 'over_encounter'
            : has('gap')
              ? 'over_gap'
              : has('port_silence') || inPort
                ? 'over_port_stay'
                : 'at_sea'
          seen.add(right)
          expect(event.class).toBe(right)
          expect(event.details['over']).toHaveLength(over.length)
        })
      },
    ),
    { numRuns: 300 },
  )
  expect([...seen].sort()).toEqual(['at_sea', 'over_encounter', 'over_gap', 'over_port_stay'])
})

test('a meeting and a silence weigh, one that reception explains does not', () => {
  const scoreOver = (...over: [type: string, kind: string][]) => {
    const draughts = createDraughts(resolveConfig().draught, () => undefined)
    over.forEach(([type, kind], k) => {
      draughts.follow(
        eventOf({ id: `${type}-${k}`, type, class: kind, from: 1, to: 9, retracted: false, at: 9 }),
      )
    })
    const line = {
      id: 'draught',
      type: 'draught',
      class: 'at_sea',
      from: 0,
      to: 10,
      retracted: false,
      at: 11,
    }
    return (draughts.take(eventOf(line)) as VesselEvent).score
  }
  const reception = scoreOver(['gap', 'likely_reception'])
  const silent = scoreOver(['gap', 'undetermined'])
  const disabled = scoreOver(['gap', 'likely_disabled'])
  const met = scoreOver(['encounter', 'encounter'])
  expect([reception < silent, silent < disabled, silent < met]).toEqual([true, true, true])
  expect(scoreOver(['gap', 'likely_disabled'], ['encounter', 'encounter'])).toBeGreaterThan(met)
  expect(scoreOver(['port_silence', 'undetermined'])).toBeLessThan(reception)
})
