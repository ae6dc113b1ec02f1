// The slow vessels around a slow one. In one wind and one tide they drift alike; where they drift and one stays, it is held by
// its anchor or its engine; and many that lie together wait for something.

import { lonDelta } from '../../geo/antimeridian.js'
import { shortM } from '../../geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import { found, search, type NearState } from '../../tracks/near.js'
import type { Tracks } from '../../tracks/table.js'
import { type Before, type Thinned, type ThinnedState } from '../../tracks/thinned.js'

/** Wind and tide are much the same this near. */
const AROUND_M = 10 * M_PER_NM
/** They are compared by the way that each made in its last hour, … */
const SPAN_MS = MS_PER_HOUR
/** … both heard of late. */
const STALE_MS = 30 * MS_PER_MIN
/** Slower than this it stays where it is: less than a large ship swings. */
const STAYS_KN = 0.2
/** Two that drift differ by this, or by half of their speed: hulls and windage do. */
const ALIKE_KN = 0.3
/** Nearer to each other than this lie the ships of one anchorage. */
const QUEUE_M = 5 * M_PER_NM
/** Not heard for longer than this it may be gone. */
const GONE_MS = 4 * MS_PER_HOUR
/** More need not be compared: it is known by then. */
const MAX_COMPARED = 16

export interface Compared {
  compared: number
  alike: number
  stayed: number
}

/** Way made good in the last hour, knots. */
interface Velocity {
  north: number
  east: number
}
const own: Velocity = { north: 0, east: 0 }
const its: Velocity = { north: 0, east: 0 }
const then: Before = { lat: NaN, lon: NaN, sigmaM: NaN }
const KN_PER_DEG_PER_SPAN = (60 * MS_PER_HOUR) / SPAN_MS

function velocityOf(track: Thinned, thinned: ThinnedState, slot: number, to: Velocity): boolean {
  if (!track.before(thinned, slot, SPAN_MS, then)) return false
  const at = track.at(thinned, slot, 0)
  const lat = thinned.ring[at + 1]!
  to.north = (lat - then.lat) * KN_PER_DEG_PER_SPAN
  to.east = lonDelta(then.lon, thinned.ring[at + 2]!) * Math.cos((lat * Math.PI) / 180) * KN_PER_DEG_PER_SPAN
  return true
}

/** How a slow vessel moved in its last hour, against every other slow one around it that moved. */
export function compare(
  near: NearState,
  track: Thinned,
  thinned: ThinnedState,
  slot: number,
  into: Compared,
): void {
  into.compared = into.alike = into.stayed = 0
  if (!velocityOf(track, thinned, slot, own)) return
  const at = track.at(thinned, slot, 0)
  const t = thinned.ring[at]!
  const lat = thinned.ring[at + 1]!
  const lon = thinned.ring[at + 2]!
  const knots = Math.hypot(own.north, own.east)
  search(near, lat, lon, AROUND_M)
  for (const other of found) {
    if (other === slot || t - thinned.newestT[other]! > STALE_MS) continue
    const its0 = track.at(thinned, other, 0)
    if (shortM(lat, lon, thinned.ring[its0 + 1]!, thinned.ring[its0 + 2]!) > AROUND_M) continue
    if (!velocityOf(track, thinned, other, its) || Math.hypot(its.north, its.east) < STAYS_KN) continue
    into.compared++
    if (knots < STAYS_KN) into.stayed++
    else if (Math.hypot(own.north - its.north, own.east - its.east) <= Math.max(ALIKE_KN, knots / 2))
      into.alike++
    if (into.compared === MAX_COMPARED) return
  }
}

/** How many other slow vessels lie around a place. @param counts whether a slot is one of those */
export function queueAt(
  near: NearState,
  tracks: Tracks,
  slot: number,
  { lat, lon }: { lat: number; lon: number },
  t: number,
  counts: (slot: number) => boolean,
): number {
  search(near, lat, lon, QUEUE_M)
  let others = 0
  for (const other of found) {
    if (other === slot || t - tracks.t[other]! > GONE_MS || !counts(other)) continue
    if (shortM(lat, lon, tracks.lat[other]!, tracks.lon[other]!) <= QUEUE_M) others++
  }
  return others
}
