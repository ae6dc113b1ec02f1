// The way of each vessel as far as pairs need it: its last points, minutes apart, and how it went from one to the other.

import { along, shortM } from '../../geo/distance.js'
import { lonDelta } from '../../geo/antimeridian.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'

/** A shorter leg than this says nothing of the speed: GNSS noise. */
const MIN_LEG_MS = MS_PER_MIN
const M_PER_DEG = 60 * M_PER_NM
/** Slower than this is at rest (tracks/table). */
const REST_KN = 0.5

// a row of numbers a slot; points are t, lat, lon, and t 0 where there is none
const NEWEST = 0
const KN = 3 // made good on the last leg
const NORTH = 4 // … degrees per ms, …
const EAST = 5 // … of longitude
const MOVED_T = 6 // when it was last seen to move; 0: never
const BEFORE = 7 // the two points before, of the same unbroken way
const OLDEST = 10
const RESTED = 13 // where it was before that; of one that lies still, as long as it has not moved since
export const FIELDS = 16

export interface Point {
  t: number
  lat: number
  lon: number
}

/** The newest point of a slot; undefined where there is none. */
export const newest = (ways: Float64Array, slot: number): Point | undefined =>
  pointAt(ways, slot * FIELDS + NEWEST)

export const newestT = (ways: Float64Array, slot: number): number => ways[slot * FIELDS + NEWEST]!

/** What is known of its way of late, oldest first: one point at least. */
export function recent(ways: Float64Array, slot: number): Point[] {
  return [RESTED, OLDEST, BEFORE, NEWEST].flatMap(field => pointAt(ways, slot * FIELDS + field) ?? [])
}

function pointAt(ways: Float64Array, at: number): Point | undefined {
  return ways[at] === 0 ? undefined : { t: ways[at]!, lat: ways[at + 1]!, lon: ways[at + 2]! }
}

/** It goes on. @param sog speed that it tells, for the first point, knots; NaN: none */
export function goOn(
  ways: Float64Array,
  slot: number,
  t: number,
  lat: number,
  lon: number,
  sog: number,
): void {
  const k = slot * FIELDS
  const ms = t - ways[k + NEWEST]!
  if (ways[k + NEWEST] === 0) {
    ways[k + KN] = sog === sog ? sog : 0
    ways[k + NORTH] = ways[k + EAST] = 0
  } else if (ms >= MIN_LEG_MS) {
    const kn = speedOf(ways[k + NEWEST + 1]!, ways[k + NEWEST + 2]!, lat, lon, ms)
    ways[k + KN] = kn
    ways[k + NORTH] = (lat - ways[k + NEWEST + 1]!) / ms
    ways[k + EAST] = lonDelta(ways[k + NEWEST + 2]!, lon) / ms
    if (kn >= REST_KN) ways[k + MOVED_T] = t
  }
  if (ways[k + OLDEST] !== 0) {
    const isResting = legAt(ways, k + OLDEST, k + BEFORE) < REST_KN
    const hasRested = ways[k + RESTED] !== 0 && legAt(ways, k + RESTED, k + OLDEST) < REST_KN
    if (!(isResting && hasRested)) copy(ways, k + OLDEST, k + RESTED)
  }
  copy(ways, k + BEFORE, k + OLDEST)
  copy(ways, k + NEWEST, k + BEFORE)
  ways[k + NEWEST] = t
  ways[k + NEWEST + 1] = lat
  ways[k + NEWEST + 2] = lon
}

function copy(ways: Float64Array, from: number, to: number): void {
  ways[to] = ways[from]!
  ways[to + 1] = ways[from + 1]!
  ways[to + 2] = ways[from + 2]!
}

/** Speed made good from one point of a row to another, knots; 0 where the leg is too short to tell. */
function legAt(ways: Float64Array, from: number, to: number): number {
  const ms = ways[to]! - ways[from]!
  if (ms < MIN_LEG_MS) return 0
  return speedOf(ways[from + 1]!, ways[from + 2]!, ways[to + 1]!, ways[to + 2]!, ms)
}

/** Speed made good, knots. */
const speedOf = (lat1: number, lon1: number, lat2: number, lon2: number, ms: number): number =>
  (shortM(lat1, lon1, lat2, lon2) / M_PER_NM / ms) * MS_PER_HOUR

/** Speed made good, knots; undefined where the leg is too short to tell. */
export function legKn(from: Point | undefined, to: Point): number | undefined {
  if (!from || to.t - from.t < MIN_LEG_MS) return undefined
  return speedOf(from.lat, from.lon, to.lat, to.lon, to.t - from.t)
}

/** The newest point was none of its own. */
export function goBack(ways: Float64Array, slot: number): void {
  const k = slot * FIELDS
  copy(ways, k + BEFORE, k + NEWEST)
  copy(ways, k + OLDEST, k + BEFORE)
  ways[k + OLDEST] = ways[k + RESTED] = 0
}

/** The way is broken: what comes is another one. */
export function breakOff(ways: Float64Array, slot: number): void {
  ways.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
}

export const speedKn = (ways: Float64Array, slot: number): number => ways[slot * FIELDS + KN]!

/** When it was last seen to move, epoch ms; 0: never. */
export const movedT = (ways: Float64Array, slot: number): number => ways[slot * FIELDS + MOVED_T]!

/** How much faster one goes than the other, as vectors, knots. */
export function driftApartKn(ways: Float64Array, a: number, b: number): number {
  const [i, j] = [a * FIELDS, b * FIELDS]
  const north = ways[i + NORTH]! - ways[j + NORTH]!
  const east = (ways[i + EAST]! - ways[j + EAST]!) * Math.cos((ways[i + NEWEST + 1]! * Math.PI) / 180)
  return Math.hypot(north, east) * 60 * MS_PER_HOUR
}

/** Metres north or south of a parallel that a vessel should be at `t`: most are too far off by this alone. */
export function northM(
  ways: Float64Array,
  slot: number,
  lastT: number,
  lastLat: number,
  t: number,
  lat: number,
): number {
  return Math.abs(lastLat + ways[slot * FIELDS + NORTH]! * (t - lastT) - lat) * M_PER_DEG
}

/** Metres from a place to where a vessel should be at `t`, going on as it did from its last fix. */
export function offM(
  ways: Float64Array,
  slot: number,
  lastT: number,
  lastLat: number,
  lastLon: number,
  t: number,
  lat: number,
  lon: number,
): number {
  const k = slot * FIELDS
  const ms = t - lastT
  return shortM(lat, lon, lastLat + ways[k + NORTH]! * ms, lastLon + ways[k + EAST]! * ms)
}

/** Where it was at `t`, on the way between two points. */
export function placeAt(from: Point, to: Point, t: number): Point {
  if (t === to.t) return to
  const { lat, lon } = along(from.lat, from.lon, to.lat, to.lon, (t - from.t) / (to.t - from.t))
  return { t, lat, lon }
}
