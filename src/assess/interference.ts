// Jamming and GNSS spoofing of an area: ships near one another that all say, within an hour or two, that they are at one
// other place were not lying, they were lied to. What was said of them is taken back, what would be said of them is not
// said, and one event tells where, when, who, and whereto they were drawn. A ship that claims a place of its own meanwhile
// stays accused. detection.md 5.13.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { haversineM } from '../geo/distance.js'
import type { Config } from '../model/config.js'
import type { Evidence, FeedFinding, Fix, VesselEvent } from '../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, round } from '../model/units.js'

/** Events remembered, at most: a sea with more of them within hours has other worries. */
const MAX_TOLD = 4096
/** Ships that were drawn away are waited for so long: they may have gone silent there. */
const AWAY_MS = MS_PER_DAY
/** What was withdrawn may be spoken of again by a detector that does not know: for as long as that. */
const WITHDRAWN_MS = 3 * MS_PER_DAY
/** What a false place makes of a ship; a recording played again or a made-up fleet is no work of a jammer. */
const NOT_BY_JAMMING = new Set(['replay', 'fabricated_group'])
const ALSO_BY_JAMMING = new Set(['drift', 'sudden_stop', 'encounter'])

interface Place {
  lat: number
  lon: number
}

/** From where to where a ship was moved, and when, epoch ms. */
interface Move {
  t: number
  from: Place
  to: Place
}

/** What was told of a ship and may be the work of a jammer; how it was moved, where that is known. */
interface Told {
  event: VesselEvent
  move: Move | null
}

/** Ships drawn to one place. */
interface Drawn {
  finding: FeedFinding
  /** Where they were, and where they said they were; metres about it. */
  origin: Place & { radiusM: number }
  attractor: Place & { radiusM: number }
  victims: number[]
  /** Those of them that have not come back. */
  away: number[]
  /** How many victims there were when the event was last told. */
  lastTold: number
  withdrawn: number
  /** First and last displacement, epoch ms. */
  from: number
  last: number
}

export interface InterferenceState {
  /** In order of telling. */
  told: Told[]
  active: Drawn[]
  /** Ids of events that were taken back, and when that was last of use. */
  withdrawn: Map<string, number>
}

export interface Outside {
  tell(event: VesselEvent): void
  tellArea(finding: FeedFinding): void
  /** How many vessels but these say that they are within so many metres of a place, and were heard since `since`, epoch ms. */
  vesselsNear(place: Place, radiusM: number, since: number, but: readonly number[]): number
}

export interface Interference {
  readonly state: InterferenceState
  /** An event of a vessel on its way out: told, or withdrawn. `now` is event time, epoch ms. */
  take(event: VesselEvent, now: number): void
  /** Event time reached `now`. */
  advance(now: number): void
}

export function createInterference(
  options: Config['interference'],
  outside: Outside,
  saved?: InterferenceState,
): Interference {
  const state: InterferenceState = saved ?? { told: [], active: [], withdrawn: new Map() }
  const windowMs = options.windowHours * MS_PER_HOUR
  const originM = options.originNm * M_PER_NM
  const attractorM = options.attractorNm * M_PER_NM

  function take(event: VesselEvent, now: number): void {
    if (!mayBeJamming(event)) return outside.tell(event)
    if (state.withdrawn.has(event.id)) return remember(event.id, now)
    const move = moveOf(event)
    const drawn = state.active.find(each => isVictim(each, event, move))
    if (drawn) return join(drawn, event, move, now)
    outside.tell(event)
    state.told = state.told
      .filter(({ event: { id, asOf } }) => id !== event.id && now - asOf <= windowMs)
      .slice(1 - MAX_TOLD)
    if (event.phase === 'retracted') return
    state.told.push({ event, move })
    if (move) look(move, now)
  }

  /** In order of use. */
  function remember(id: string, now: number): void {
    state.withdrawn.delete(id)
    state.withdrawn.set(id, now)
  }

  /** Were others moved as this one was? */
  function look(move: Move, now: number): void {
    const drawn: (Told & { move: Move })[] = []
    for (const { event, move: other } of state.told) {
      if (!other || Math.abs(other.t - move.t) > windowMs) continue
      const way = wayOf(move, other)
      if (way !== 0)
        drawn.push({ event, move: way > 0 ? other : { ...other, from: other.to, to: other.from } })
    }
    if (new Set(drawn.map(({ event: { mmsi } }) => mmsi)).size >= options.minVessels) open(drawn, now)
  }

  /** 1 when two ships were moved from one area to one place, −1 when the one was moved back, 0 otherwise. */
  function wayOf(a: Move, b: Move): -1 | 0 | 1 {
    const isWay = (from: Place, to: Place): boolean =>
      (within(a.to, to, attractorM) && within(a.from, from, originM)) ||
      (within(a.from, from, attractorM) && within(a.to, to, originM))
    return isWay(b.from, b.to) ? 1 : isWay(b.to, b.from) ? -1 : 0
  }

  function isVictim(
    { origin, attractor, from, victims }: Drawn,
    event: VesselEvent,
    move: Move | null,
  ): boolean {
    if (event.start.t < from - windowMs) return false
    if (victims.includes(event.mmsi)) return true
    const isDrawn = (a: Place, b: Place): boolean =>
      within(b, attractor, 2 * attractorM) && within(a, origin, 2 * originM)
    return move !== null && (isDrawn(move.from, move.to) || isDrawn(move.to, move.from))
  }

  /** One more event of a victim, or one more victim: not told, or told no longer. */
  function join(drawn: Drawn, event: VesselEvent, move: Move | null, now: number): void {
    if (move) follow(drawn, event.mmsi, move)
    const known = state.told.find(({ event: { id } }) => id === event.id)
    if (known) withdraw(drawn, known.event, now)
    else if (event.revision > 1) withdraw(drawn, { ...event, revision: event.revision - 1 }, now)
    else {
      drawn.withdrawn++
      remember(event.id, now)
    }
    if (drawn.victims.includes(event.mmsi)) return
    drawn.victims = [...drawn.victims, event.mmsi].sort((a, b) => a - b)
    withdrawAll(drawn, now)
    if (drawn.victims.length >= 2 * drawn.lastTold) tell(drawn, 'updated', now)
  }

  /** A victim goes away, or comes back. */
  function follow(drawn: Drawn, mmsi: number, { t, to }: Move): void {
    drawn.last = Math.max(drawn.last, t)
    drawn.away = drawn.away.filter(other => other !== mmsi)
    if (within(to, drawn.attractor, 2 * attractorM)) drawn.away.push(mmsi)
  }

  /** What was told of victims since it began, or shortly before, is taken back. */
  function withdrawAll(drawn: Drawn, now: number): void {
    for (const { event } of state.told) {
      if (drawn.victims.includes(event.mmsi) && event.start.t >= drawn.from - windowMs)
        withdraw(drawn, event, now)
    }
  }

  function withdraw(drawn: Drawn, event: VesselEvent, now: number): void {
    drawn.withdrawn++
    remember(event.id, now)
    state.told = state.told.filter(({ event: { id } }) => id !== event.id)
    const others = drawn.victims.filter(mmsi => mmsi !== event.mmsi).length
    const reason: Evidence = {
      ...{ family: 'witnesses', name: 'drawn_with', value: others, expected: '0', weight: -2.5 },
      text: `drawn to the same place as ${others} ships nearby: interference, not a lie`,
    }
    outside.tell({
      ...event,
      ...{ phase: 'retracted', class: 'victim', revision: event.revision + 1, asOf: now, score: 0 },
      evidence: [...event.evidence, reason],
    })
  }

  function open(told: (Told & { move: Move })[], now: number): void {
    const first = told.reduce((a, b) =>
      b.move.t < a.move.t || (b.move.t === a.move.t && b.event.mmsi < a.event.mmsi) ? b : a,
    )
    const { t: from } = first.move
    const isBack = goesBack(told)
    const [origin, attractor] = [
      circleAbout(told.map(({ move }) => (isBack ? move.to : move.from))),
      circleAbout(told.map(({ move }) => (isBack ? move.from : move.to))),
    ]
    const drawn: Drawn = {
      finding: {
        ...{
          type: 'interference',
          source: null,
          receiver: null,
          area: origin,
          key: String(first.event.mmsi),
        },
        ...{ phase: 'opened', revision: 0, asOf: now, start: { t: from, lat: null, lon: null }, end: null },
        ...{ class: 'drawn', score: 0, evidence: [], details: {} },
      },
      victims: [...new Set(told.map(({ event }) => event.mmsi))].sort((a, b) => a - b),
      ...{ origin, attractor, from, away: [], last: from, lastTold: 0, withdrawn: 0 },
    }
    const inOrder = [...told].sort((a, b) => a.move.t - b.move.t)
    for (const { event } of inOrder) follow(drawn, event.mmsi, moveOf(event)!)
    state.active.push(drawn)
    withdrawAll(drawn, now)
    tell(drawn, 'opened', now)
  }

  function tell(drawn: Drawn, phase: 'opened' | 'updated' | 'closed', now: number): void {
    const { origin, attractor, victims, finding, withdrawn, from, last } = drawn
    // those that were drawn away say that they are elsewhere: only the others are found there
    const others = outside.vesselsNear(origin, origin.radiusM + M_PER_NM, from, victims)
    const share = victims.length / (victims.length + others)
    const n = victims.length
    const evidence: Evidence[] = [
      {
        ...{ family: 'witnesses', name: 'vessels_drawn', value: n, expected: '0' },
        weight: round(Math.min(2.5, Math.log2(n / options.minVessels) / 2 + 1), 3),
        text: `${n} vessels said they were within ${nm(attractor.radiusM)} nm of one place, ${nm(
          haversineM(origin.lat, origin.lon, attractor.lat, attractor.lon),
        )} nm away from where they were`,
      },
      {
        ...{ family: 'witnesses', name: 'share_drawn', value: round(share, 3) },
        weight: round(share, 3),
        text: `${n} of ${n + others} vessels that were heard in that area`,
      },
    ]
    const weight = evidence.reduce((sum, each) => sum + each.weight, 0)
    drawn.lastTold = n
    drawn.finding = {
      ...finding,
      ...{ phase, revision: finding.revision + 1, asOf: now, evidence },
      end: phase === 'closed' ? { t: last, lat: null, lon: null } : null,
      area: origin,
      score: round(1 / (1 + Math.exp(-weight)), 3),
      details: { attractor, victims: [...victims], shareDrawn: round(share, 3), withdrawn },
    }
    outside.tellArea(drawn.finding)
  }

  return {
    state,
    take,
    advance(now) {
      if (state.active.length > 0) {
        const over = state.active.filter(
          ({ last, away }) => now - last > (away.length > 0 ? AWAY_MS : windowMs),
        )
        if (over.length > 0) {
          state.active = state.active.filter(each => !over.includes(each))
          for (const drawn of over) tell(drawn, 'closed', now)
        }
      }
      for (const [id, t] of state.withdrawn) {
        if (now - t <= WITHDRAWN_MS) break
        state.withdrawn.delete(id)
      }
    },
  }
}

const nm = (m: number): string => (m / M_PER_NM).toFixed(0)

function mayBeJamming({ type, class: kind }: VesselEvent): boolean {
  return type === 'spoofing' ? !NOT_BY_JAMMING.has(kind ?? '') : ALSO_BY_JAMMING.has(type)
}

/** From where to where an event says that its ship was moved; null when it does not say. */
function moveOf({ class: kind, start, end, details }: VesselEvent): Move | null {
  const between = (from: unknown, to: unknown, t: number): Move | null =>
    isPlace(from) && isPlace(to)
      ? { t, from: { lat: from.lat, lon: from.lon }, to: { lat: to.lat, lon: to.lon } }
      : null
  switch (kind) {
    case 'jump':
      return between(start, end, end!.t)
    case 'shared_mmsi': {
      const [a, b] = details['places'] as Fix[]
      return between(a, b, start.t)
    }
    case 'circle':
      return between(start, details['centre'], start.t)
    case 'on_land':
      return between(start, end ?? start, start.t)
    default:
      return null
  }
}

const isPlace = (place: unknown): place is Place =>
  typeof (place as Place | undefined)?.lat === 'number' && typeof (place as Place).lon === 'number'

/** Of each ship the first move counts: out there, not back. True when those of most go against the way of the list. */
function goesBack(told: readonly (Told & { move: Move })[]): boolean {
  const firsts = new Map<number, Told & { move: Move }>()
  for (const each of told) {
    const first = firsts.get(each.event.mmsi)
    if (!first || each.move.t < first.move.t) firsts.set(each.event.mmsi, each)
  }
  const back = [...firsts.values()].filter(({ event, move }) => !isSame(moveOf(event)!.to, move.to))
  return 2 * back.length > firsts.size
}

const isSame = (a: Place, b: Place): boolean => a.lat === b.lat && a.lon === b.lon
const within = (a: Place, b: Place, m: number): boolean => haversineM(a.lat, a.lon, b.lat, b.lon) <= m

/** A circle about the middle of some places that holds them all. */
function circleAbout(places: readonly Place[]): Place & { radiusM: number } {
  const mean = (of: (place: Place) => number): number =>
    places.reduce((sum, place) => sum + of(place), 0) / places.length
  const { lon: lon0 } = places[0]!
  const middle = { lat: mean(({ lat }) => lat), lon: wrapLon(lon0 + mean(({ lon }) => lonDelta(lon0, lon))) }
  return {
    ...middle,
    radiusM: Math.max(...places.map(({ lat, lon }) => haversineM(middle.lat, middle.lon, lat, lon))),
  }
}
