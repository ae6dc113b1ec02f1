// The way of each vessel as far as pairs need it: its last points, minutes apart, and how it went from one to the other.

import { interpolate, haversineM } from '../../geo/distance.js'
import { lonDelta } from '../../geo/antimeridian.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'

/** A shorter leg than this says nothing of the speed: GNSS noise. */
const MIN_LEG_MS = MS_PER_MIN
/** Slower than this is at rest (tracks/table). */
const REST_KN = 0.5

// a row of numbers a slot; points are t, lat, lon, and t 0 where there is none
const NEXT = 0 // event time at which the next point is wanted; 0: at once
const NEWEST = 1
const KN = 4 // made good on the last leg
const NORTH = 5 // … degrees per ms, …
const EAST = 6 // … of longitude
const MOVED_T = 7 // when it was last seen to move; 0: never
const BEFORE = 8 // the two points before, of the same unbroken way
const OLDEST = 11
const RESTED = 14 // where it was before that: from there to the oldest it has not moved
export const FIELDS = 17

export interface Point {
  t: number
  lat: number
  lon: number
}

export const wantsPoint = (ways: Float64Array, slot: number, t: number): boolean =>
  t >= ways[slot * FIELDS + NEXT]!

export function wantAt(ways: Float64Array, slot: number, t: number): void {
  ways[slot * FIELDS + NEXT] = t
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
export function goOn(ways: Float64Array, slot: number, to: Point, sog: number): void {
  const k = slot * FIELDS
  const last = pointAt(ways, k + NEWEST)
  const kn = legKn(last, to)
  if (!last) {
    ways[k + KN] = sog === sog ? sog : 0
    ways[k + NORTH] = ways[k + EAST] = 0
  } else if (kn !== undefined) {
    ways[k + KN] = kn
    ways[k + NORTH] = (to.lat - last.lat) / (to.t - last.t)
    ways[k + EAST] = lonDelta(last.lon, to.lon) / (to.t - last.t)
    if (kn >= REST_KN) ways[k + MOVED_T] = to.t
  }
  const oldest = pointAt(ways, k + OLDEST)
  if (oldest && isMove(oldest, pointAt(ways, k + BEFORE)!)) ways[k + RESTED] = 0
  else if (oldest && ways[k + RESTED] === 0) copy(ways, k + OLDEST, k + RESTED)
  copy(ways, k + BEFORE, k + OLDEST)
  copy(ways, k + NEWEST, k + BEFORE)
  ways[k + NEWEST] = to.t
  ways[k + NEWEST + 1] = to.lat
  ways[k + NEWEST + 2] = to.lon
}

const isMove = (from: Point, to: Point): boolean => (legKn(from, to) ?? 0) >= REST_KN

const copy = (ways: Float64Array, from: number, to: number): void => {
  ways.copyWithin(to, from, from + 3)
}

/** Speed made good, knots; undefined where the leg is too short to tell. */
export function legKn(from: Point | undefined, to: Point): number | undefined {
  if (!from || to.t - from.t < MIN_LEG_MS) return undefined
  return (haversineM(from.lat, from.lon, to.lat, to.lon) / M_PER_NM / (to.t - from.t)) * MS_PER_HOUR
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

/** Metres from a place to where a vessel should be at `t`, going on as it did from its last fix. */
export function offM(
  ways: Float64Array,
  slot: number,
  last: Point,
  t: number,
  lat: number,
  lon: number,
): number {
  const k = slot * FIELDS
  const ms = t - last.t
  return haversineM(lat, lon, last.lat + ways[k + NORTH]! * ms, last.lon + ways[k + EAST]! * ms)
}

/** Where it was at `t`, on the great circle between two points. */
export function placeAt(from: Point, to: Point, t: number): Point {
  if (t === to.t) return to
  const { lat, lon } = interpolate(from.lat, from.lon, to.lat, to.lon, (t - from.t) / (to.t - from.t))
  return { t, lat, lon }
}
