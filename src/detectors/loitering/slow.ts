// What is kept of a slow period while it lasts: one row of numbers a slot, since a third of any fleet lies still, and every
// five minutes each of them adds to it. Points of the thinned track are taken in once it is clear that they are no departure.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { planeM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { Fix } from '../../model/event.js'
import { MS_PER_MIN, M_PER_NM } from '../../model/units.js'
import { beyondNoiseM } from '../../tracks/motion.js'

export const START_T = 0 // 0: the slot is not slow
const START_LAT = 1
const START_LON = 2
export const LAST_T = 3 // last point taken in
const LAST_LAT = 4
const LAST_LON = 5
export const UNHEARD_MS = 6 // of silences too long to say where it was meanwhile
export const PATH_M = 7 // leg by leg, without their noise
const NORTH_DEG = 8 // sums of degrees from the start, for the mean place …
const EAST_DEG = 9 // … the short way, so 180 degrees is no matter
const SOUTHMOST = 10 // the box around it, in degrees from the start, since it has settled
const NORTHMOST = 11
const WESTMOST = 12
const EASTMOST = 13
const LEG_LAT = 14 // where its last leg began: legs are as long as it takes to be beyond noise
const LEG_LON = 15
const LEG_NORTH = 16 // the leg before, in degrees of latitude, …
const LEG_EAST = 17
export const TURNED_DEG = 18 // … and how far it turned from one to the next, in all
export const LOOK_AT = 19 // event time of the next look at the vessels around
export const ASK_AT = 20 // … and of the next question whether it is to be told
export const OPENED = 21
const LONGEST_MS = 22 // of these silences
export const FIELDS = 23

// counts of thinned fixes, in a row of their own
export const FIXES = 0
/** Legs between which it may have turned. */
export const TURNS = 1
/** It says that it is at anchor, moored or aground; that it fishes; that it is restricted in its ability to manoeuvre. */
export const SAYS_LYING = 2
export const SAYS_FISHING = 3
export const SAYS_RESTRICTED = 4
/** Fixes at which it is known where its bow points while it moves, and of them those at which that is elsewhere. */
export const HEADED = 5
export const OFF_BOW = 6
/** Comparisons with slow vessels around it that moved: all, those that moved as it did, and those while it stayed. */
export const COMPARED = 7
export const ALIKE = 8
export const STAYED = 9
/** Looks at who lies around it, those at which that was a queue, and the longest queue. */
export const LOOKS = 10
export const QUEUED = 11
export const QUEUE = 12
export const COUNTS = 13

/** A ship that stops, anchors and falls back on its chain has settled by then. */
const SETTLED_MS = 30 * MS_PER_MIN
const M_PER_DEG = 60 * M_PER_NM
const DEG = 180 / Math.PI

export interface SlowState {
  rows: Float64Array
  counts: Uint32Array
}

export const createSlow = (slots: number): SlowState => ({
  rows: new Float64Array(slots * FIELDS),
  counts: new Uint32Array(slots * COUNTS),
})

export const isSlow = ({ rows }: SlowState, slot: number): boolean => rows[slot * FIELDS + START_T] !== 0

export function beginSlow({ rows, counts }: SlowState, slot: number, { t, lat, lon }: Fix): void {
  const k = slot * FIELDS
  rows.fill(0, k, k + FIELDS)
  counts.fill(0, slot * COUNTS, (slot + 1) * COUNTS)
  rows[k + START_T] = rows[k + LAST_T] = t
  rows[k + START_LAT] = rows[k + LAST_LAT] = rows[k + LEG_LAT] = lat!
  rows[k + START_LON] = rows[k + LAST_LON] = rows[k + LEG_LON] = lon!
  rows[k + SOUTHMOST] = rows[k + WESTMOST] = Infinity
  rows[k + NORTHMOST] = rows[k + EASTMOST] = -Infinity
  counts[slot * COUNTS + FIXES] = 1
}

export function endSlow({ rows, counts }: SlowState, slot: number): void {
  rows.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
  counts.fill(0, slot * COUNTS, (slot + 1) * COUNTS)
}

/**
 * A point of it, later than the last one.
 * @param unheardMs what is between them counts as unheard when it is longer than this
 */
export function takeIn(
  { rows, counts }: SlowState,
  slot: number,
  t: number,
  lat: number,
  lon: number,
  sigmaM: number,
  unheardMs: number,
): void {
  const k = slot * FIELDS
  const c = slot * COUNTS
  const silentMs = t - rows[k + LAST_T]!
  if (silentMs > unheardMs) {
    rows[k + UNHEARD_MS]! += silentMs
    rows[k + LONGEST_MS] = Math.max(rows[k + LONGEST_MS]!, silentMs)
  }
  const legLat = rows[k + LEG_LAT]!
  const legLon = rows[k + LEG_LON]!
  const legM = beyondNoiseM(planeM(legLat, legLon, lat, lon), sigmaM, sigmaM)
  if (legM > 0) {
    rows[k + PATH_M]! += legM
    const north = lat - legLat
    const east = lonDelta(legLon, lon) * Math.cos(lat / DEG)
    const northBefore = rows[k + LEG_NORTH]!
    const eastBefore = rows[k + LEG_EAST]!
    if (northBefore !== 0 || eastBefore !== 0) {
      const cross = northBefore * east - eastBefore * north
      const along = northBefore * north + eastBefore * east
      rows[k + TURNED_DEG]! += Math.abs(Math.atan2(cross, along)) * DEG
      counts[c + TURNS]!++
    }
    rows[k + LEG_LAT] = lat
    rows[k + LEG_LON] = lon
    rows[k + LEG_NORTH] = north
    rows[k + LEG_EAST] = east
  }
  const northDeg = lat - rows[k + START_LAT]!
  const eastDeg = lonDelta(rows[k + START_LON]!, lon)
  rows[k + NORTH_DEG]! += northDeg
  rows[k + EAST_DEG]! += eastDeg
  if (t - rows[k + START_T]! >= SETTLED_MS) {
    if (northDeg < rows[k + SOUTHMOST]!) rows[k + SOUTHMOST] = northDeg
    if (northDeg > rows[k + NORTHMOST]!) rows[k + NORTHMOST] = northDeg
    if (eastDeg < rows[k + WESTMOST]!) rows[k + WESTMOST] = eastDeg
    if (eastDeg > rows[k + EASTMOST]!) rows[k + EASTMOST] = eastDeg
  }
  counts[c + FIXES]!++
  rows[k + LAST_T] = t
  rows[k + LAST_LAT] = lat
  rows[k + LAST_LON] = lon
}

/** Half of the longer side of the box that holds it since it has settled, metres; 0 before. */
export function radiusOf({ rows }: SlowState, slot: number): number {
  const k = slot * FIELDS
  const high = rows[k + NORTHMOST]! - rows[k + SOUTHMOST]!
  const wide = (rows[k + EASTMOST]! - rows[k + WESTMOST]!) * Math.cos(rows[k + START_LAT]! / DEG)
  return high >= 0 ? (M_PER_DEG * Math.max(high, wide)) / 2 : 0
}

export const startOf = ({ rows }: SlowState, slot: number): Fix => fixAt(rows, slot * FIELDS + START_T)
export const lastOf = ({ rows }: SlowState, slot: number): Fix => fixAt(rows, slot * FIELDS + LAST_T)

/** Whether until `t` it lasted for so long, and was not unheard at one stretch for more than half of it. */
export function isLong({ rows }: SlowState, slot: number, t: number, minMs: number): boolean {
  const k = slot * FIELDS
  const ms = t - rows[k + START_T]!
  return ms >= minMs && 2 * rows[k + LONGEST_MS]! <= ms
}

export function meanPlace({ rows, counts }: SlowState, slot: number): { lat: number; lon: number } {
  const k = slot * FIELDS
  const fixes = counts[slot * COUNTS + FIXES]!
  return {
    lat: rows[k + START_LAT]! + rows[k + NORTH_DEG]! / fixes,
    lon: wrapLon(rows[k + START_LON]! + rows[k + EAST_DEG]! / fixes),
  }
}

function fixAt(row: Float64Array, at: number): Fix {
  return fix(row[at]!, row[at + 1]!, row[at + 2]!)
}
