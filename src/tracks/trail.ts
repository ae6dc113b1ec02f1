// The trail of a ship that moves: a ring of fixes, thinned by turning. A fix is kept when the ship has turned by 22.5
// degrees since the last one that was, or has gone 3 nm; a ship that lies still leaves none. So a circle of any size is
// sixteen points a turn, a passage of a hundred miles is thirty, and a ring of a few hundred bytes holds two turns or half
// a day. Along with it goes how far the ship has turned in one sense.

import { lonDelta } from '../geo/antimeridian.js'
import type { ReportBatch } from '../model/batch.js'
import { M_PER_NM } from '../model/units.js'

/** Points of a trail. */
export const TRAIL_POINTS = 32

const RAD = Math.PI / 180
const M_PER_DEG = 111_195
/** Far above GNSS noise (5 m): a shorter step has no direction. */
const MIN_STEP_M = 80
const TURN_TAN = Math.tan(22.5 * RAD)
const LONG_M = 3 * M_PER_NM
/** A turn below this is none: the point was kept for its distance. */
const STRAIGHT_RAD = 10 * RAD
/** Less than this the other way is the noise of two short steps, or a helmsman's. */
const WOBBLE_RAD = 45 * RAD
/** A ship that has turned less since its last point is not asked for so many fixes. */
const AHEAD_TAN = Math.tan(5 * RAD)
const AHEAD_FIXES = 4
/** Times are kept in 31 bits, 24 days; then the trail begins anew. */
const MAX_SPAN_MS = 2 ** 31 - 1

// One point: 16 bytes
const WORDS = 4
const AT_T = 0 // ms since BASE_T
const AT_LAT = 1 // 1e-7 degrees: a centimetre
const AT_LON = 2
const AT_REST = 3 // speed, course and heading, as AIS sends them: 10, 12 and 9 bits
const STEP_DEG = 1e-7
const NO_SOG = 1023
const NO_COG = 3600
const NO_HEADING = 511

// What the reports of a moving ship ask for: one row of 64 bytes
const BASE_T = 0 // 0 without a point
const STEP_LAT = 1 // end of the last step
const STEP_LON = 2
const COURSE_EAST = 3 // the step that ended at the newest point, metres; 0, 0 when there was none
const COURSE_NORTH = 4
const TURNED = 5 // radians in one sense since it last turned the other way or went straight; positive to starboard
const MOST_TURNED = 6
const WAY_M = 7 // since the newest point
const ROW = 8

export interface TrailState {
  ring: Int32Array
  row: Float64Array
  /** Place of the newest point in the ring, points in use, and points of the running turn. */
  head: Uint8Array
  used: Uint8Array
  turning: Uint8Array
  /** Fixes to pass over: all that most reports touch, so it has its own short array. */
  wait: Uint8Array
}

/** A point as it was reported. */
export interface TrailPoint {
  t: number
  lat: number
  lon: number
  /** NaN where it was not told; to 0.1 kn, 0.1 and 1 degrees. */
  sog: number
  cog: number
  heading: number
}

export function createTrails(slots: number): TrailState {
  return {
    ring: new Int32Array(slots * TRAIL_POINTS * WORDS),
    row: new Float64Array(slots * ROW),
    head: new Uint8Array(slots),
    used: new Uint8Array(slots),
    turning: new Uint8Array(slots),
    wait: new Uint8Array(slots),
  }
}

export function clearTrail(state: TrailState, slot: number): void {
  if (state.used[slot] === 0) return
  state.ring.fill(0, slot * TRAIL_POINTS * WORDS, (slot + 1) * TRAIL_POINTS * WORDS)
  state.row.fill(0, slot * ROW, (slot + 1) * ROW)
  state.head[slot] = state.used[slot] = state.turning[slot] = state.wait[slot] = 0
}

/** Row `i`, which has a place, is a fix of the ship. @returns true when it was kept as a point of the trail */
export function addToTrail(state: TrailState, slot: number, batch: ReportBatch, i: number): boolean {
  const { row, wait } = state
  if (wait[slot]! > 0) {
    wait[slot]!--
    return false
  }
  const t = batch.t[i]!
  const lat = batch.lat[i]!
  const lon = batch.lon[i]!
  const k = slot * ROW
  if (row[k + BASE_T] === 0 || t - row[k + BASE_T]! > MAX_SPAN_MS) {
    clearTrail(state, slot)
    row[k + BASE_T] = t
    row[k + STEP_LAT] = lat
    row[k + STEP_LON] = lon
    keep(state, slot, batch, i)
    return true
  }
  const north = (lat - row[k + STEP_LAT]!) * M_PER_DEG
  const east = lonDelta(row[k + STEP_LON]!, lon) * M_PER_DEG * Math.cos(lat * RAD)
  const step2 = north * north + east * east
  if (step2 < MIN_STEP_M * MIN_STEP_M) return false
  const wayM = row[k + WAY_M]! + Math.sqrt(step2)
  row[k + WAY_M] = wayM
  row[k + STEP_LAT] = lat
  row[k + STEP_LON] = lon
  const courseEast = row[k + COURSE_EAST]!
  const courseNorth = row[k + COURSE_NORTH]!
  if (courseEast !== 0 || courseNorth !== 0) {
    const along = courseEast * east + courseNorth * north
    const aside = courseNorth * east - courseEast * north // positive to starboard
    const bend = aside < 0 ? -aside : aside
    if (bend < AHEAD_TAN * along) wait[slot] = AHEAD_FIXES
    if (bend < TURN_TAN * along && wayM < LONG_M) return false
    turn(state, slot, Math.atan2(aside, along))
  }
  row[k + COURSE_EAST] = east
  row[k + COURSE_NORTH] = north
  keep(state, slot, batch, i)
  return true
}

/** It turned by so much to the new point: a longer turn, or the first of another. */
function turn({ row, turning }: TrailState, slot: number, by: number): void {
  const k = slot * ROW
  const turned = row[k + TURNED]! + by
  const most = row[k + MOST_TURNED]!
  if (Math.abs(by) < STRAIGHT_RAD) {
    row[k + TURNED] = row[k + MOST_TURNED] = 0
    turning[slot] = 1 // the new point may be where a turn begins
  } else if (turned * most > 0 && Math.abs(turned) > Math.abs(most) - WOBBLE_RAD) {
    row[k + TURNED] = turned
    if (Math.abs(turned) > Math.abs(most)) row[k + MOST_TURNED] = turned
    turning[slot] = Math.min(254, turning[slot]!) + 1
  } else {
    row[k + TURNED] = row[k + MOST_TURNED] = by
    turning[slot] = 1
  }
}

function keep(state: TrailState, slot: number, batch: ReportBatch, i: number): void {
  const { ring, row } = state
  const t = batch.t[i]!
  const lat = batch.lat[i]!
  const lon = batch.lon[i]!
  const sog = batch.sog[i]!
  const cog = batch.cog[i]!
  const heading = batch.heading[i]!
  const k = slot * ROW
  const head = (state.head[slot]! + 1) % TRAIL_POINTS
  state.head[slot] = head
  if (state.used[slot]! < TRAIL_POINTS) state.used[slot] = state.used[slot]! + 1
  const at = (slot * TRAIL_POINTS + head) * WORDS
  ring[at + AT_T] = t - row[k + BASE_T]!
  ring[at + AT_LAT] = Math.round(lat / STEP_DEG)
  ring[at + AT_LON] = Math.round(lon / STEP_DEG)
  const speed = sog >= 0 ? Math.min(1022, Math.round(sog * 10)) : NO_SOG
  const course = cog >= 0 ? Math.round(cog * 10) % 3600 : NO_COG
  const pointing = heading >= 0 ? Math.round(heading) % 360 : NO_HEADING
  ring[at + AT_REST] = (speed << 21) | (course << 9) | pointing
  row[k + WAY_M] = 0
}

/** How far it has turned in one sense up to the newest point, radians; positive to starboard. */
export const turnedRad = (state: TrailState, slot: number): number => state.row[slot * ROW + TURNED]!

/** Points of that turn, those still in the ring. */
export const turnPoints = (state: TrailState, slot: number): number =>
  Math.min(state.turning[slot]!, state.used[slot]!)

/** The newest `count` points, oldest first. */
export function trailPoints(state: TrailState, slot: number, count: number): TrailPoint[] {
  const points: TrailPoint[] = []
  const { ring } = state
  for (let back = Math.min(count, state.used[slot]!) - 1; back >= 0; back--) {
    const at = (slot * TRAIL_POINTS + ((state.head[slot]! - back + TRAIL_POINTS) % TRAIL_POINTS)) * WORDS
    const rest = ring[at + AT_REST]!
    const sog = rest >>> 21
    const cog = (rest >>> 9) & 4095
    const heading = rest & 511
    points.push({
      t: state.row[slot * ROW + BASE_T]! + ring[at + AT_T]!,
      lat: Number((ring[at + AT_LAT]! * STEP_DEG).toFixed(7)),
      lon: Number((ring[at + AT_LON]! * STEP_DEG).toFixed(7)),
      sog: sog === NO_SOG ? NaN : sog / 10,
      cog: cog === NO_COG ? NaN : cog / 10,
      heading: heading === NO_HEADING ? NaN : heading,
    })
  }
  return points
}
