// Anchorages that nobody listed, learned from where ships lie: a place near the coast where several of them have stopped for
// hours, on several occasions, is one from then on, and counts as a port does (zones/ports). So that two ships that meet do not
// make a place where the next two go unseen: beyond the first miles from the coast only ships that say that they are at anchor
// count, and none that lies beside another; far from the coast nothing is learned.
//
// What ships do is taken in when its ten minutes of event time are over, in order of time and MMSI, so that neither the order
// of arrival nor how the input was cut shows.

import { haversineM } from '../geo/distance.js'
import type { Config } from '../model/config.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { Coast } from './coast.js'
import { cellOf, cellsWithin, type Port, type PortIndex } from './ports.js'

/** What a ship does: it lies there, which it says once an hour, it has done so for hours, it goes. */
export interface Stay {
  t: number
  mmsi: number
  what: 'lies' | 'stopped' | 'leaves'
  /** Where it lies, or lay. */
  lat: number
  lon: number
  /** At anchor or moored by its own word. */
  saysSo: boolean
}

/** A place where ships lay. */
interface Place {
  lat: number
  lon: number
  /** So near to the coast that neighbours are everyday. */
  inshore: boolean
  /** Different ships that stopped, up to as many as it takes to count them. */
  mmsis: number[]
  stops: number
  /** Stops half a day or more apart, and when the last of them was. */
  occasions: number
  lastOccasionT: number
  lastT: number
  /** Since when it is an anchorage, epoch ms; 0: it is none. */
  since: number
  /** Ships that lie there now. */
  lying: { mmsi: number; t: number; lat: number; lon: number }[]
}

/** Plain data. */
export interface AnchoragesState {
  /** End of the ten minutes that are being gathered, epoch ms. */
  slotEnd: number
  waiting: Stay[]
  places: Place[]
}

/** An anchorage that was learned. */
export interface Anchorage extends Port {
  /** Different ships that stopped there (64 at most are told apart), their stops, and since when it counts, epoch ms. */
  vessels: number
  stops: number
  since: number
}

export interface Anchorages {
  /** Ports of the list, and what was learned beside them. */
  readonly ports: PortIndex
  readonly state: AnchoragesState
  take(stay: Stay): void
  /** Event time reached `t`. */
  advance(t: number): void
  list(): Anchorage[]
}

const SLOT_MS = 10 * MS_PER_MIN
/** Ships that lie this near to where others lay are at one place; nearer than that they lie beside each other. */
const PLACE_M = 2000
const BESIDE_M = 500
/** A day at one place is one occasion or two. */
const OCCASION_MS = 12 * MS_PER_HOUR
/** Who has not been heard to lie there for so long may be gone. */
const LYING_MS = 2 * MS_PER_HOUR
/** Neighbours are everyday nearer to the coast than this (encounter.minShoreNm). */
const INSHORE_M = 3 * M_PER_NM
const MAX_MMSIS = 64
const MAX_LYING = 64
/** Places kept; then a quarter of them gives way: those that are none yet, longest without a stop. */
const MAX_PLACES = 16_384

export function createAnchorages(
  options: Config['anchorages'],
  { ports, coast }: { ports?: PortIndex | undefined; coast?: Coast | undefined },
  saved?: AnchoragesState,
): Anchorages {
  const state: AnchoragesState = saved ?? { slotEnd: 0, waiting: [], places: [] }
  const reachM = options.maxShoreNm * M_PER_NM
  /** Places by cell, all those whose circle touches it; and those that are anchorages once more. */
  let cells = new Map<number, Place[]>()
  const known = new Map<number, Place[]>()
  for (const place of state.places) {
    enter(place, cells)
    if (place.since !== 0) enter(place, known)
  }

  function enter(place: Place, into: Map<number, Place[]>): void {
    for (const cell of cellsWithin({ lat: place.lat, lon: place.lon, radiusM: PLACE_M })) {
      const held = into.get(cell)
      if (held) held.push(place)
      else into.set(cell, [place])
    }
  }

  /** @param by of places that are anchorages: only those that were by then */
  function nearest(places: Place[] | undefined, lat: number, lon: number, by: number): Place | undefined {
    if (!places) return undefined
    let best: Place | undefined
    let bestM = PLACE_M
    for (const place of places) {
      const distanceM = haversineM(lat, lon, place.lat, place.lon)
      if (distanceM > bestM || place.since > by) continue
      // of two as near always the same one, in whatever order they are kept
      if (best && distanceM === bestM && (best.lat - place.lat || best.lon - place.lon) <= 0) continue
      best = place
      bestM = distanceM
    }
    return best
  }

  function found(lat: number, lon: number): Place | undefined {
    const place = nearest(cells.get(cellOf(lat, lon)), lat, lon, Infinity)
    if (place || !coast?.isLandWithin(lat, lon, reachM)) return place
    if (state.places.length >= MAX_PLACES && !makeRoom()) return undefined
    const made: Place = {
      lat,
      lon,
      inshore: coast.isLandWithin(lat, lon, INSHORE_M),
      mmsis: [],
      stops: 0,
      occasions: 0,
      lastOccasionT: -Infinity,
      lastT: 0,
      since: 0,
      lying: [],
    }
    state.places.push(made)
    enter(made, cells)
    return made
  }

  function makeRoom(): boolean {
    const idle = state.places.filter(({ since }) => since === 0)
    const gone = new Set(idle.sort((a, b) => a.lastT - b.lastT).slice(0, MAX_PLACES / 4))
    state.places = state.places.filter(place => !gone.has(place))
    cells = new Map()
    for (const place of state.places) enter(place, cells)
    return gone.size > 0
  }

  function apply({ t, mmsi, what, lat, lon, saysSo }: Stay, now: number): void {
    if (what === 'leaves') {
      for (const place of cells.get(cellOf(lat, lon)) ?? [])
        place.lying = place.lying.filter(ship => ship.mmsi !== mmsi)
      return
    }
    const place = found(lat, lon)
    if (!place) return
    if (what === 'lies') {
      const others = place.lying.filter(ship => ship.mmsi !== mmsi && t - ship.t <= LYING_MS)
      place.lying = [...others, { mmsi, t, lat, lon }].slice(-MAX_LYING)
      place.lastT = t
      return
    }
    const isBeside = place.lying.some(
      ship => ship.mmsi !== mmsi && haversineM(lat, lon, ship.lat, ship.lon) <= BESIDE_M,
    )
    if (!place.inshore && (isBeside || !saysSo)) return
    place.stops++
    place.lastT = t
    if (place.mmsis.length < MAX_MMSIS && !place.mmsis.includes(mmsi)) place.mmsis.push(mmsi)
    if (t - place.lastOccasionT >= OCCASION_MS) {
      place.occasions++
      place.lastOccasionT = t
    }
    if (
      place.since === 0 &&
      place.mmsis.length >= options.minVessels &&
      place.occasions >= options.minOccasions
    ) {
      place.since = now
      enter(place, known)
    }
  }

  const anchorageOf = ({ lat, lon, mmsis, stops, since }: Place): Anchorage => ({
    name: `anchorage ${degrees(lat, 'N', 'S')} ${degrees(lon, 'E', 'W')}`,
    lat,
    lon,
    radiusM: PLACE_M,
    country: null,
    learned: true,
    vessels: mmsis.length,
    stops,
    since,
  })

  return {
    state,
    ports: {
      ports: ports?.ports ?? [],
      skipped: ports?.skipped ?? 0,
      at(lat, lon, t = Infinity) {
        const listed = ports?.at(lat, lon)
        if (listed || known.size === 0 || !(Math.abs(lat) <= 90) || !Number.isFinite(lon)) return listed
        const place = nearest(known.get(cellOf(lat, lon)), lat, lon, t)
        return place && anchorageOf(place)
      },
    },
    take(stay) {
      if (options.learn) state.waiting.push(stay)
    },
    advance(t) {
      if (t < state.slotEnd) return
      const due = state.waiting.filter(stay => stay.t < state.slotEnd)
      state.waiting = state.waiting.filter(stay => !(stay.t < state.slotEnd))
      due.sort(inOrder)
      for (const stay of due) apply(stay, state.slotEnd)
      state.slotEnd = (Math.floor(t / SLOT_MS) + 1) * SLOT_MS
    },
    list: () => state.places.filter(({ since }) => since !== 0).map(anchorageOf),
  }
}

const ORDER = ['leaves', 'lies', 'stopped']

/** By all that they are. */
const inOrder = (a: Stay, b: Stay): number =>
  a.t - b.t ||
  a.mmsi - b.mmsi ||
  ORDER.indexOf(a.what) - ORDER.indexOf(b.what) ||
  a.lat - b.lat ||
  a.lon - b.lon

const degrees = (deg: number, plus: string, minus: string): string =>
  `${Math.abs(deg).toFixed(2)}°${deg < 0 ? minus : plus}`
