// Which zones a vessel can have been in while nobody heard it, how fast it had to be to touch one and come back, and for
// how long it can have stayed at most. From where it was last and next heard; from the one place alone while it is silent.

import { geodesicM } from '../geo/distance.js'
import type { Place } from '../geo/envelope.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'
import type { ZoneIndex } from './index.js'

/** How far a zone is out of the way, metres; WGS-84, within 20 m + 0.02 % below 4,000 km. */
export interface ZoneWay {
  /** Index into zones.zones. */
  zone: number
  holdsOff: boolean
  /** null without ON. */
  holdsOn: boolean | null
  /**
   * The shortest way from OFF into the zone and on to ON: the straight one when the zone lies across it or holds an end.
   * Without ON the way into the zone.
   */
  wayM: number
  /** From OFF to the zone and from the zone to ON: 0 inside. */
  offM: number
  onM: number | null
  /** From OFF to the nearest boundary of the zone, inside or outside. */
  boundaryM: number
}

/** The search is that exact; the way that it finds is measured anew. */
const SEARCH_M = 20
const SEARCH_SHARE = 0.0002
/** Half the girth of the earth: nothing is farther away. */
const FARTHEST_M = 20_010_000

/**
 * The zones that the way of a vessel can have touched, those least out of its way first.
 * @param on null while it was not heard again
 * @param rangeM the longest way it can have gone
 */
export function zonesInReach(zones: ZoneIndex, off: Place, on: Place | null, rangeM: number): ZoneWay[] {
  if (on) return search(zones, off, on, rangeM)
  let places = askedOf.get(zones)
  if (!places) askedOf.set(zones, (places = new Map()))
  const key = `${off.lat} ${off.lon}`
  let known = places.get(key)
  if (!known || known.rangeM < rangeM) {
    const wideM = rangeM < WIDEN_UP_TO_M ? WIDER * rangeM : rangeM
    known = { rangeM: wideM, ways: search(zones, off, null, wideM) }
    if (places.size >= PLACES_KEPT) places.delete(places.keys().next().value!)
    places.set(key, known)
  }
  return known.ways.filter(({ wayM }) => wayM <= rangeM)
}

/**
 * What was found around the places asked of last. The next questions are of the same places: when will it reach one zone
 * more, and hours later, which has it reached. So one search looks a little more than twice as far as was asked, unless
 * that is half an ocean. That saves a third of the searches of 1,900 silences, 6,700 before.
 */
const askedOf = new WeakMap<ZoneIndex, Map<string, { rangeM: number; ways: ZoneWay[] }>>()
const PLACES_KEPT = 4096
const WIDER = 2.001
const WIDEN_UP_TO_M = 500 * M_PER_NM

function search(zones: ZoneIndex, off: Place, on: Place | null, rangeM: number): ZoneWay[] {
  const holdOff = zones.members(zones.setAt(off.lat, off.lon))
  const holdOn = on ? zones.members(zones.setAt(on.lat, on.lon)) : []
  const straightM = on ? geodesicM(off.lat, off.lon, on.lat, on.lon) : 0
  const found = [...new Set([...holdOff, ...holdOn])].map(zone => wayTo(zone, straightM))

  function wayTo(zone: number, wayM: number): ZoneWay {
    const holdsOff = holdOff.includes(zone)
    const boundaryM = on || holdsOff ? zones.boundaryDistanceM(zone, off.lat, off.lon) : wayM
    const way = { zone, wayM, holdsOff, offM: holdsOff ? 0 : boundaryM, boundaryM }
    if (!on) return { ...way, holdsOn: null, onM: null }
    const holdsOn = holdOn.includes(zone)
    return { ...way, holdsOn, onM: holdsOn ? 0 : zones.boundaryDistanceM(zone, on.lat, on.lon) }
  }

  const back = on ?? off // without ON there and back, twice as far
  const limitM = rangeM * (on ? 1 : 2) * (1 + SEARCH_SHARE) + SEARCH_M
  for (const { zone, lat, lon } of zones.detours(off.lat, off.lon, back.lat, back.lon, limitM)) {
    if (holdOff.includes(zone) || holdOn.includes(zone)) continue
    const thereM = geodesicM(off.lat, off.lon, lat, lon)
    const wayM = on ? Math.max(straightM, thereM + geodesicM(lat, lon, on.lat, on.lon)) : thereM
    if (wayM <= rangeM) found.push(wayTo(zone, wayM))
  }
  return found.sort((a, b) => a.wayM - b.wayM || a.zone - b.zone)
}

/**
 * The zones nearest to a place of those that do not hold it, by distance.
 * @param guessM where to begin: a range that may hold them
 */
export function nearestZones(
  zones: ZoneIndex,
  off: Place,
  count: number,
  guessM = 100 * M_PER_NM,
): ZoneWay[] {
  for (let rangeM = Math.max(M_PER_NM, guessM); ; rangeM *= 2) {
    const found = zonesInReach(zones, off, null, rangeM).filter(({ holdsOff }) => !holdsOff)
    if (found.length >= count || rangeM > FARTHEST_M) return found.slice(0, count)
  }
}

/** The speed it takes to touch the zone and be at ON in time, knots. */
export function minSpeedKn({ wayM }: ZoneWay, silentMs: number): number {
  return wayM / M_PER_NM / (silentMs / MS_PER_HOUR)
}

/**
 * The longest time in the zone, ms, for a vessel no faster than that: in by the shortest way, out by the shortest way, and
 * there for the rest. All of the silence when the zone holds both ends. An upper bound: where the two ways end far from
 * each other, it had to spend some of the rest outside.
 */
export function maxDwellMs({ wayM, offM, onM }: ZoneWay, silentMs: number, speedKn: number): number {
  const hours = (m: number) => m / M_PER_NM / speedKn
  if (!(hours(wayM) * MS_PER_HOUR <= silentMs * (1 + 1e-9))) return 0
  return Math.max(0, silentMs - hours(offM + (onM ?? 0)) * MS_PER_HOUR)
}
