// Stops and silences in any order make the same of it; and what an analyst wants to read of it.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRendezvous } from '../../src/assess/rendezvous.js'
import { resolveConfig } from '../../src/model/config.js'
import type { VesselEvent } from '../../src/model/event.js'
import { hour } from '../helpers/replay.js'
import { vesselEvent } from './events.js'
import { share } from '../helpers/share.js'

const options = resolveConfig().darkRendezvous
const vessel = (shipType: number): VesselEvent['vessel'] => ({
  ...{ name: null, imo: null, callsign: null, flag: null, shipType, txClass: 'A' as const },
})
const SUBJECT = 200_000_001

interface StopOf {
  mmsi?: number
  from: number
  to: number | null
  lon?: number
  shipType?: number
  more?: Record<string, unknown>
}

/** A trawler that stops at a longitude of the equator from one hour to another. */
function stopped({ mmsi = SUBJECT, from, to, lon = 0, shipType = 30, more = {} }: StopOf): VesselEvent {
  const asOf = hour(to ?? from + 2)
  const details = {
    ...{ place: { lat: 0, lon }, hours: (to ?? from + 2) - from, radiusM: 900, companyShare: 0 },
    ...{ closestOtherM: null, heardShare: 0.95, cameUnderWay: true, navStatus: 0, distanceFromShoreM: 4e5 },
    ...more,
  }
  const range = to === null ? [] : [to, lon]
  return vesselEvent('dark_rendezvous', [from, lon], range, {
    ...{ id: `dark_rendezvous-${mmsi}-${from}`, mmsi, asOf, vessel: vessel(shipType), details },
  })
}

interface GapOf {
  mmsi: number
  from: number
  to: number | null
  lon: number
  lonTo?: number
  cog?: number | null
  shipType?: number
  over?: Partial<VesselEvent>
}

/** A reefer, silent from one hour to another, at 12 kn at most. */
function silent({
  mmsi,
  from,
  to,
  lon,
  lonTo = lon,
  cog = null,
  shipType = 70,
  over = {},
}: GapOf): VesselEvent {
  const details = { reach: { vMaxKn: 12 }, offSogKn: cog === null ? null : 10, offCogDeg: cog }
  return vesselEvent('gap', [from, lon], to === null ? [] : [to, lonTo], {
    ...{ id: `gap-${mmsi}-${from}`, mmsi, asOf: hour(to ?? from + 6), class: 'likely_disabled', score: 0.8 },
    ...{ vessel: vessel(shipType), details },
    ...over,
  })
}

/** What is told of events as they come. */
function told(events: VesselEvent[]): VesselEvent[] {
  const out: VesselEvent[] = []
  const rendezvous = createRendezvous(options, event => out.push(event))
  for (const event of events)
    if (event.type === 'gap') rendezvous.take(event)
    else rendezvous.stop(event)
  return out
}

function last(events: VesselEvent[]): Map<string, VesselEvent> {
  const found = new Map<string, VesselEvent>()
  for (const event of events) found.set(event.id, event)
  for (const [id, { phase }] of found) if (phase === 'retracted') found.delete(id)
  return found
}

const candidates = ({ details }: VesselEvent) =>
  details['candidates'] as { mmsi: number; maxTogetherH: number }[]
const ranks = (events: VesselEvent[]): number[] =>
  candidates([...last(events).values()][0]!).map(({ mmsi }) => mmsi)

describe('in the end', () => {
  /** Each of them first opened, some then closed, some taken back. */
  const thing = fc.record({
    isGap: fc.boolean(),
    from: fc.integer({ min: 0, max: 30 }),
    hours: fc.integer({ min: 2, max: 40 }),
    lon: fc.integer({ min: -6, max: 6 }).map(x => x / 4),
    fate: fc.constantFrom('open', 'closed', 'retracted'),
    cog: fc.constantFrom(null, 90, 270),
    shipType: fc.constantFrom(30, 70, 80),
  })
  const things = fc.array(thing, { minLength: 3, maxLength: 14 }).map(all =>
    all.map(({ isGap, from, hours, lon, fate, cog, shipType }, k): VesselEvent[] => {
      const who = { mmsi: 300_000_000 + k, from, lon, shipType }
      const of = (to: number | null) => (isGap ? silent({ ...who, to, cog }) : stopped({ ...who, to }))
      const opened = of(null)
      if (fate === 'open') return [opened]
      const closed = of(from + (isGap ? hours + 6 : hours))
      return [opened, fate === 'closed' ? closed : { ...closed, phase: 'retracted', end: null }]
    }),
  )

  test('the order in which they come to be known does not matter, nor what was asked meanwhile', () => {
    let withCandidates = 0
    fc.assert(
      fc.property(things, fc.infiniteStream(fc.nat()), (all, draws) => {
        const shuffled: VesselEvent[] = []
        const waiting = all.map(events => [...events])
        while (waiting.some(events => events.length > 0)) {
          const ready = waiting.filter(events => events.length > 0)
          shuffled.push(ready[(draws.next().value as number) % ready.length]!.shift()!)
        }
        const inTime = all.flat().sort((a, b) => a.asOf - b.asOf || (a.id < b.id ? -1 : 1))
        const content = (events: VesselEvent[]) =>
          [...last(told(events)).values()]
            .sort((a, b) => (a.id < b.id ? -1 : 1))
            .map(({ asOf: _a, revision: _r, phase: _p, ...event }) => event)
        expect(content(shuffled)).toEqual(content(inTime))
        withCandidates += content(inTime).filter(({ details }) => details['level'] === 'B').length
      }),
      { numRuns: 400 },
    )
    expect(withCandidates).toBeGreaterThan(200 * share)
  })

  test('revisions of an event count up, and a copy of the state goes on as it would have', () => {
    fc.assert(
      fc.property(things, fc.nat(), (all, cut) => {
        const events = all.flat().sort((a, b) => a.asOf - b.asOf || (a.id < b.id ? -1 : 1))
        const whole = told(events)
        const next = new Map<string, number>()
        for (const { id, revision } of whole) {
          expect(revision).toBe((next.get(id) ?? 0) + 1)
          next.set(id, revision)
        }
        const at = cut % events.length
        const out: VesselEvent[] = []
        let state: ReturnType<typeof createRendezvous>['state'] | undefined
        for (const part of [events.slice(0, at), events.slice(at)]) {
          const rendezvous = createRendezvous(options, event => out.push(event), state)
          for (const event of part)
            if (event.type === 'gap') rendezvous.take(event)
            else rendezvous.stop(event)
          state = structuredClone(rendezvous.state)
        }
        expect(out).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })
})

describe('told', () => {
  const A = 400_000_001
  const B = 400_000_002

  test('who goes dark on the way there before who goes away, who has no time to get there not at all', () => {
    const stop = stopped({ from: 10, to: 16 })
    const there = silent({ mmsi: B, from: 6, to: 20, lon: 0.75, lonTo: -0.75, cog: 270 })
    const away = silent({ mmsi: A, from: 6, to: 20, lon: 0.75, lonTo: -0.75, cog: 90 })
    const far = silent({ mmsi: A + 5, from: 6, to: 20, lon: 2, lonTo: 2 })
    expect(ranks(told([stop, away, there, far]))).toEqual([B, A])
    const [event] = [...last(told([stop, away, there, far])).values()]
    expect(event).toMatchObject({ class: 'partner_in_silence', details: { level: 'B' }, phase: 'closed' })
    // 45 nm at 12 kn: from 9:45 to 16:15, which is all of the stop
    expect(candidates(event!)[0]!.maxTogetherH).toBe(6)
    const texts = event!.evidence.map(({ text }) => text).join('; ')
    expect(texts).toContain(`MMSI ${B}, silent meanwhile, can have been there for up to 6.0 h`)
    expect(texts).toContain('nobody heard within 1 nm')
  })

  test('when a silence ends, what it can have reached shrinks: it loses its rank, or its place', () => {
    const stop = stopped({ from: 10, to: 16 })
    const open = silent({ mmsi: B, from: 6, to: null, lon: 0.75, cog: 270 })
    const farOff = silent({ mmsi: B, from: 6, to: 20, lon: 0.75, lonTo: 2.75, cog: 270 })
    const events = told([stop, open, farOff])
    expect(events.map(({ phase, revision }) => `${phase} ${revision}`)).toEqual(['closed 1', 'retracted 2'])
    const near = silent({ mmsi: B, from: 6, to: 20, lon: 0.75, lonTo: 0.5, cog: 270 })
    expect(told([stop, open, near]).map(({ phase, revision }) => `${phase} ${revision}`)).toEqual([
      'closed 1',
      'closed 2',
    ])
  })

  test('a silence that late data disprove is no candidate any more', () => {
    const stop = stopped({ from: 10, to: 16, shipType: 80 })
    const gap = silent({ mmsi: B, from: 6, to: 20, lon: 0.5, lonTo: 0.5, shipType: 80 })
    const events = told([stop, gap, { ...gap, phase: 'retracted', revision: 3 }])
    expect(events.map(({ class: kind }) => kind)).toEqual(['one_sided', 'partner_in_silence', 'one_sided'])
  })

  test('with nobody who can have come: a carrier that stops on its way, and no trawler, which stops all day', () => {
    const level = (over: Partial<StopOf>) =>
      told([stopped({ from: 10, to: 16, ...over })])[0]?.details['level']
    expect(level({ shipType: 70 })).toBe('A')
    expect(level({ shipType: 30 })).toBeUndefined()
    expect(level({ shipType: 52 })).toBeUndefined()
    expect(level({ shipType: 70, more: { navStatus: 1 } })).toBeUndefined()
    expect(level({ shipType: 70, more: { cameUnderWay: false } })).toBeUndefined()
    expect(level({ shipType: 70, more: { companyShare: 0.2 } })).toBe('A')
    expect(level({ shipType: 70, more: { companyShare: 0.21 } })).toBeUndefined()
    expect(level({ shipType: 70, more: { heardShare: 0.5 } })).toBe('A')
    expect(level({ shipType: 70, more: { heardShare: 0.49 } })).toBeUndefined()
  })

  test('an hour that both can have been there, or all of a shorter stop: no less', () => {
    // 60 nm away, at 12 kn: there from hour 11 on
    const gap = silent({ mmsi: B, from: 6, to: null, lon: 1.0005 })
    const isListed = (from: number, to: number) => told([stopped({ from, to }), gap])[0] !== undefined
    expect(isListed(10, 12.02)).toBe(true)
    expect(isListed(10, 11.97)).toBe(false)
  })

  test('one that is silent itself, or has been for two weeks, is no candidate', () => {
    const stop = stopped({ from: 400, to: 406 })
    expect(told([stop, silent({ mmsi: SUBJECT, from: 398, to: null, lon: 0.1 })])).toEqual([])
    expect(told([stop, silent({ mmsi: B, from: 400 - 14 * 24 - 1, to: 410, lon: 0.1 })])).toEqual([])
  })
})
