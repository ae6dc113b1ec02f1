// Two silences that may be one meeting: in any order of coming to be known the same pairs are told, those of which each is
// the best that the other has; and what an analyst wants to read of them.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { silenceOf } from '../../src/assess/partner.js'
import { pairOf } from '../../src/assess/silent-pair.js'
import { createSilentPairs, type SilentPairsState } from '../../src/assess/silent-pairs.js'
import { wrapLon } from '../../src/geo/antimeridian.js'
import { bearingDeg } from '../../src/geo/distance.js'
import { resolveConfig } from '../../src/model/config.js'
import type { VesselEvent } from '../../src/model/event.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import type { Shores } from '../../src/zones/out-at-sea.js'
import { buildPortIndex } from '../../src/zones/ports.js'
import { hour } from '../helpers/replay.js'
import { vesselEvent } from './events.js'
import { share } from '../helpers/share.js'

const options = resolveConfig().darkRendezvous
const A = 400_000_001
const B = 400_000_002
const C = 400_000_003

interface GapOf {
  mmsi?: number
  from?: number
  to?: number | null
  /** Where it fell silent and came back: longitude, latitude. */
  off: [number, number]
  on?: [number, number]
  kn?: number
  cog?: number | null
  shipType?: number | null
  name?: string | null
  class?: string
  score?: number
  witnesses?: Record<string, number> | null
}

function gap({
  mmsi = A,
  from = 0,
  to = 16,
  off,
  on = off,
  kn = 12,
  cog = null,
  shipType = 80,
  name = null,
  score = 0.8,
  witnesses = null,
  ...more
}: GapOf): VesselEvent {
  const details = {
    ...{ reach: { vMaxKn: 18 }, offSogKn: kn, offCogDeg: cog, witnesses, survival: { survival: 0.01 } },
  }
  return vesselEvent('gap', [from, off[0]], to === null ? [] : [to, on[0]], {
    ...{ id: `gap-${mmsi}-${hour(from)}`, mmsi, asOf: hour(to ?? from + 12), score, details },
    ...{ class: more.class ?? 'likely_disabled', start: { t: hour(from), lat: off[1], lon: off[0] } },
    end: to === null ? null : { t: hour(to), lat: on[1], lon: on[0] },
    vessel: { name, imo: null, callsign: null, flag: null, shipType, txClass: 'A' },
  })
}

/** 60 nm to the east of 0 and to the west of it, each headed there, five hours away at 12 kn; six hours there and back again. */
const east = (over: Partial<GapOf> = {}): VesselEvent => gap({ mmsi: A, off: [1, 0], cog: 270, ...over })
const west = (over: Partial<GapOf> = {}): VesselEvent => gap({ mmsi: B, off: [-1, 0], cog: 90, ...over })

function told(events: readonly VesselEvent[], shores: Shores = {}): VesselEvent[] {
  const out: VesselEvent[] = []
  const pairs = createSilentPairs(options, { ...shores, zonesAt: () => [] }, event => out.push(event))
  for (const event of events) pairs.take(event)
  return out
}

function last(events: readonly VesselEvent[]): VesselEvent[] {
  const found = new Map<string, VesselEvent>()
  for (const event of events) found.set(event.id, event)
  return [...found.values()]
    .filter(({ phase }) => phase !== 'retracted')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

const isTold = (...events: VesselEvent[]): boolean => last(told(events)).length > 0

interface Place {
  lat: number
  lon: number
}

describe('in the end', () => {
  const place = fc
    .tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 }))
    .map(([x, y]): [number, number] => [x / 12, y / 12])
  /** Each of them first opened, some then closed, some taken back. */
  const thing = fc.record({
    ...{ from: fc.integer({ min: 0, max: 8 }), hours: fc.integer({ min: 12, max: 20 }) },
    ...{ off: place, on: place, kn: fc.constantFrom(4, 12, 13) },
    // to the middle of them, or a course
    cog: fc.constantFrom<('middle' | number | null)[]>('middle', 'middle', null, 0, 90, 200),
    fate: fc.constantFrom('open', 'closed', 'closed', 'closed', 'retracted'),
    shipType: fc.constantFrom(null, 30, 70, 80),
  })
  const things = fc.array(thing, { minLength: 3, maxLength: 8 }).map(all =>
    all.map(({ hours, fate, cog: course, ...more }, k): VesselEvent[] => {
      const [lon, lat] = more.off
      const cog = course === 'middle' ? bearingDeg(lat, lon, 0, 0) : course
      const of = (to: number | null) => gap({ ...more, cog, mmsi: 300_000_000 + k, to })
      const opened = of(null)
      if (fate === 'open') return [opened]
      const closed = of(more.from + hours)
      return [opened, fate === 'closed' ? closed : { ...closed, phase: 'retracted', end: null }]
    }),
  )

  /** Every silence with every other one, and of these the pairs that have nothing better. */
  function expected(events: VesselEvent[][]): string[] {
    const silences = events.flatMap(each => silenceOf(each.at(-1)!) ?? [])
    const all = silences.flatMap((a, k) =>
      silences.slice(k + 1).flatMap(b => {
        const pair = pairOf(a, b, options.jointHours * MS_PER_HOUR, -Infinity)
        return pair && pair.weight >= -0.5 ? [{ a, b, pair }] : []
      }),
    )
    const best = (id: string) =>
      all
        .filter(({ a, b }) => a.id === id || b.id === id)
        .sort((x, y) => y.pair.weight - x.pair.weight || (x.b.id + x.a.id < y.b.id + y.a.id ? -1 : 1))[0]
    return all
      .filter(each => best(each.a.id) === each && best(each.b.id) === each)
      .map(({ a, b }) => `${a.mmsi} ${b.mmsi}`)
      .sort()
  }

  test('pairs are told of which each is the best that the other has, in whatever order they come to be known', () => {
    let pairs = 0
    fc.assert(
      fc.property(things, fc.infiniteStream(fc.nat()), (all, draws) => {
        const shuffled: VesselEvent[] = []
        const waiting = all.map(events => [...events])
        while (waiting.some(events => events.length > 0)) {
          const ready = waiting.filter(events => events.length > 0)
          shuffled.push(ready[(draws.next().value as number) % ready.length]!.shift()!)
        }
        const events = last(told(shuffled))
        const names = events.map(({ mmsi, details }) => `${mmsi} ${(details['others'] as number[])[0]}`)
        expect(names.sort()).toEqual(expected(all))
        const content = (list: VesselEvent[]) =>
          last(list).map(({ asOf: _a, revision: _r, phase: _p, ...event }) => event)
        expect(content(events)).toEqual(content(told(all.flat())))
        pairs += names.length
      }),
      { numRuns: 50 },
    )
    expect(pairs).toBeGreaterThan(6 * share)
  })

  test('no silence is told of twice; revisions count up; a copy of the state goes on as it would have', () => {
    fc.assert(
      fc.property(things, fc.nat(), (all, cut) => {
        const events = all.flat().sort((a, b) => a.asOf - b.asOf || (a.id < b.id ? -1 : 1))
        const whole = told(events)
        const next = new Map<string, number>()
        const standing = new Map<string, string[]>()
        const beginnings = new Map<string, VesselEvent['start']>()
        for (const { id, revision, phase, details, start } of whole) {
          expect(start).toEqual(beginnings.get(id) ?? start)
          beginnings.set(id, start)
          expect(revision).toBe((next.get(id) ?? 0) + 1)
          next.set(id, phase === 'retracted' ? 0 : revision)
          if (phase === 'retracted') standing.delete(id)
          else
            standing.set(
              id,
              (details['silences'] as { id: string }[]).map(each => each.id),
            )
          const gaps = [...standing.values()].flat()
          expect(new Set(gaps).size).toBe(gaps.length)
        }
        const at = cut % events.length
        const out: VesselEvent[] = []
        let state: SilentPairsState | undefined
        for (const part of [events.slice(0, at), events.slice(at)]) {
          const pairs = createSilentPairs(options, { zonesAt: () => [] }, event => out.push(event), state)
          for (const event of part) pairs.take(event)
          state = structuredClone(pairs.state)
        }
        expect(out).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })

  test('neither the time of day, nor the longitude, nor the hemisphere matters', () => {
    fc.assert(
      fc.property(
        things,
        fc.integer({ min: 1, max: 1e8 }),
        fc.integer({ min: -180, max: 179 }),
        (all, ms, degrees) => {
          // the courses of the mirrored sea
          const move = (event: VesselEvent): VesselEvent => {
            const at = (fix: { t: number; lat: number | null; lon: number | null }) => ({
              ...{ t: fix.t + ms, lat: -fix.lat!, lon: wrapLon(fix.lon! + degrees) },
            })
            const { start, end, asOf, details } = event
            const cog = details['offCogDeg'] as number | null
            return {
              ...{ ...event, start: at(start), end: end && at(end), asOf: asOf + ms },
              details: { ...details, offCogDeg: cog === null ? null : (540 - cog) % 360 },
            }
          }
          const gist = (events: VesselEvent[], isMoved: boolean) =>
            last(events).map(({ details, mmsi, score }) => {
              const { lat, lon } = details['place'] as Place
              return {
                ...{ mmsi, others: details['others'], score },
                lat: isMoved ? -lat : lat,
                lon: isMoved ? wrapLon(lon - degrees) : lon,
              }
            })
          const plain = gist(told(all.flat()), false)
          const moved = gist(told(all.flat().map(move)), true)
          expect(moved.map(({ mmsi, others }) => [mmsi, others])).toEqual(
            plain.map(({ mmsi, others }) => [mmsi, others]),
          )
          moved.forEach(({ score }, k) => expect(score).toBeCloseTo(plain[k]!.score, 1))
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('told', () => {
  test('two tankers that go dark on their way to each other: where, from when to when, and by how much', () => {
    const [event, ...others] = last(told([east(), west()]))
    expect(others).toEqual([])
    expect(event).toMatchObject({
      ...{ class: 'two_silences', phase: 'closed', mmsi: A },
      details: { level: 'C', others: [B], partner: { mmsi: B, shipType: 80 }, rivals: 0 },
    })
    const { place, from, to, maxTogetherH, marginH, usualTogetherH } = event!.details as {
      place: Place
    } & Record<string, number>
    expect(Math.abs(place.lat)).toBeLessThan(0.1)
    expect(Math.abs(place.lon)).toBeLessThan(0.1)
    // 60.04 nm at 18 kn, there and back, of 16 h
    expect(maxTogetherH).toBeCloseTo(16 - 2 * 3.336, 2)
    expect(marginH).toBeCloseTo(maxTogetherH! - 2, 2)
    expect(usualTogetherH).toBeGreaterThan(5)
    expect(usualTogetherH).toBeLessThan(6.5)
    expect([event!.start, event!.end]).toEqual([
      { t: hour(0), lat: 0, lon: -1 },
      { t: hour(16), lat: 0, lon: -1 },
    ])
    // at top speed, in whole minutes
    expect((to! - from!) / MS_PER_HOUR).toBeCloseTo(maxTogetherH!, 1)
    expect(event!.score).toBeLessThan(0.5)
    const texts = event!.evidence.map(({ text }) => text).join('; ')
    expect(texts).toContain(`MMSI ${A} and MMSI ${B} can have been at one place for up to 9.3 h`)
    for (const word of ['met ', 'handed', 'transfer']) expect(texts).not.toContain(word)
  })

  test('the same, whichever of them comes to be known first', () => {
    const content = (events: VesselEvent[]) => last(told(events)).map(({ asOf: _, ...event }) => event)
    expect(content([west(), east()])).toEqual(content([east(), west()]))
    expect(content([west({ mmsi: A }), east({ mmsi: B })])[0]).toMatchObject({ mmsi: A })
  })

  test('two hours at one place at top speed, and no less', () => {
    // 120 nm apart, 3.34 h there at 18 kn and as much back
    const isLong = (h: number) => isTold(east({ to: h, kn: 18 }), west({ to: h, kn: 18 }))
    expect(isLong(8.7)).toBe(true)
    expect(isLong(8.6)).toBe(false)
  })

  test('not of two that had no time to spare: they sailed on', () => {
    // 192 nm in 16 h, which is what they had made before
    expect(isTold(east({ on: [-2.2, 0] }), west({ on: [2.2, 0] }))).toBe(false)
  })

  test('of ships that have something for each other: no two trawlers, no ferry, tug or pilot', () => {
    const of = (a: number | null, b: number | null, name: string | null = null) =>
      isTold(east({ shipType: a }), west({ shipType: b, name }))
    expect(of(30, 70)).toBe(true)
    expect(of(80, 80)).toBe(true)
    expect(of(30, 80)).toBe(true)
    expect(of(null, 30)).toBe(true)
    expect(of(80, 80, 'BUNKER EXPRESS')).toBe(true)
    expect(of(80, 80, 'PILOT 7')).toBe(false)
    expect(of(30, 30)).toBe(false)
    expect(of(70, 70)).toBe(false)
    for (const type of [60, 52, 50, 31, 37, 35]) expect(of(80, type)).toBe(false)
  })

  test('of silences that were likely their own doing, or fell where others went on to be heard', () => {
    const heard = { near: 4, stillHeard: 4, heard: 100, expected: 90, live: 90, steps: 96 }
    const by = (witnesses: Record<string, number> | null) =>
      isTold(east(), west({ class: 'likely_reception', score: 0.1, witnesses }))
    expect(by(heard)).toBe(true)
    expect(by(null)).toBe(false)
    expect(by({ ...heard, near: 1, stillHeard: 1 })).toBe(false)
    expect(by({ ...heard, stillHeard: 2 })).toBe(false)
    expect(by({ ...heard, live: 47 })).toBe(false)
    expect(by({ ...heard, heard: 40 })).toBe(false)
  })

  test('far from ports: neither where they meet nor where the silences begin and end', () => {
    const at = (lon: number, lat = 0) => ({
      ports: buildPortIndex([{ name: 'P', lat, lon, radiusM: 1852, country: null }]),
    })
    const events = [east(), west()]
    expect(last(told(events, at(0)))).toEqual([])
    expect(last(told(events, at(1, 0.05)))).toEqual([])
    expect(last(told(events, at(-1, 0.05)))).toEqual([])
    expect(last(told(events, at(0.5, 1)))).toHaveLength(1)
  })

  test('while they are silent, told anew as they come back, taken back when that disproves it', () => {
    const near = { off: [0.5, 0], on: [0.5, 0] } satisfies Partial<GapOf>
    const east = (over: Partial<GapOf> = {}) => gap({ mmsi: A, cog: 270, ...near, ...over })
    const west = (over: Partial<GapOf> = {}) => gap({ mmsi: B, off: [-0.5, 0], cog: 90, ...over })
    const open = [east({ to: null }), west({ to: null })]
    const phases = (events: VesselEvent[]) =>
      told(events).map(({ phase, revision }) => `${phase} ${revision}`)
    expect(phases(open)).toEqual(['opened 1'])
    expect(phases([...open, east()])).toEqual(['opened 1', 'updated 2'])
    expect(phases([...open, east(), west()])).toEqual(['opened 1', 'updated 2', 'closed 3'])
    // it was 150 nm farther east all the time
    const away = east({ on: [3.5, 0] })
    expect(phases([...open, away])).toEqual(['opened 1', 'retracted 2'])
    expect(phases([...open, { ...east(), phase: 'retracted', end: null }])).toEqual([
      'opened 1',
      'retracted 2',
    ])
    // judged again by late data, it was reception
    expect(phases([...open, east({ class: 'likely_reception' })])).toEqual(['opened 1', 'retracted 2'])
  })

  test('with the better partner alone: who was told of before is let go', () => {
    // 40 nm to the north of them, and headed elsewhere
    const third = west({ mmsi: C, off: [-1, 0.7], cog: 60 })
    const events = told([east(), third, west()])
    expect(events.map(({ phase, details }) => `${phase} ${(details['others'] as number[])[0]}`)).toEqual([
      `closed ${C}`,
      `retracted ${C}`,
      `closed ${B}`,
    ])
    expect(events.at(-1)!.details['rivals']).toBe(1)
    const before = events[0]!.score
    expect(last(told([east(), west()]))[0]!.score).toBeGreaterThan(last(events)[0]!.score)
    expect(before).toBeLessThan(last(events)[0]!.score)
  })

  test('what is over for a week stays as it was told', () => {
    const far = (day: number) => gap({ mmsi: C, from: 24 * day, to: 24 * day + 10, off: [90, 0] })
    const out: VesselEvent[] = []
    const pairs = createSilentPairs(options, { zonesAt: () => [] }, event => out.push(event))
    for (const event of [east(), west(), far(9)]) pairs.take(event)
    expect(pairs.state.members.size).toBe(1)
    expect(pairs.state.told.size).toBe(0)
    expect(last(out)).toHaveLength(1)
  })
})
