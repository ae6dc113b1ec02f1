// The trail of a ship that moves: a ring of fixes, thinned by turning. A fix is kept when the ship has turned by 22.5
// degrees against the leg before, or has gone straight on for 3 nm; a ship that lies still or swings at anchor leaves
// none. So a circle of any size is sixteen points a turn, a passage of a hundred miles is thirty, and a ring of a
// few hundred bytes holds two turns or half a day. Along with it goes how far the ship has turned in one sense.

import { lonDelta } from '../geo/antimeridian.js'
import type { ReportBatch } from '../model/batch.js'
import { M_PER_NM } from '../model/units.js'

/** Points of a trail. */
export const TRAIL_POINTS = 32

const RAD = Math.PI / 180
const M_PER_DEG = 111_195
/** Far above GNSS noise (5 m) and the sheer of a moored ship: a shorter leg has no direction. */
const MIN_LEG_M = 60
const TURN_TAN = Math.tan(22.5 * RAD)
const LONG_LEG_M = 3 * M_PER_NM
/** Leg and turn below this are straight: the point was kept for its distance. */
const STRAIGHT_RAD = 10 * RAD
/** A ship this far from turning is not asked for so many fixes: on a circle no leg is that straight against the last. */
const AHEAD_TAN = Math.tan(5 * RAD)
const AHEAD_FIXES = 4
/** Legs further apart in time say nothing of the way between. Times are kept in 31 bits: 24 days. */
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

// What every report of a moving ship asks for: one row of 64 bytes
const BASE_T = 0
const LAST_T = 1 // newest point; 0 without one
const LAST_LAT = 2
const LAST_LON = 3
const LAST_COS = 4 // metres a degree of longitude there
const LEG_EAST = 5 // the leg that ends there, metres; 0, 0 without one
const LEG_NORTH = 6
const TURNED = 7 // radians in one sense since it last turned the other way or went straight; positive to starboard
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
  if (row[k + LAST_T] === 0 || t - row[k + BASE_T]! > MAX_SPAN_MS) {
    clearTrail(state, slot)
    row[k + BASE_T] = t
    keep(state, slot, batch, i)
    return true
  }
  const north = (lat - row[k + LAST_LAT]!) * M_PER_DEG
  const east = lonDelta(row[k + LAST_LON]!, lon) * row[k + LAST_COS]!
  const length2 = north * north + east * east
  if (length2 < MIN_LEG_M * MIN_LEG_M) return false
  const legEast = row[k + LEG_EAST]!
  const legNorth = row[k + LEG_NORTH]!
  const along = legEast * east + legNorth * north
  const aside = legNorth * east - legEast * north // positive to starboard
  const isFirst = legEast === 0 && legNorth === 0
  if (!isFirst) {
    const bend = aside < 0 ? -aside : aside
    if (bend < AHEAD_TAN * along) wait[slot] = AHEAD_FIXES
    if (bend < TURN_TAN * along && length2 < LONG_LEG_M * LONG_LEG_M) return false
    turn(state, slot, Math.atan2(aside, along))
  }
  row[k + LEG_EAST] = east
  row[k + LEG_NORTH] = north
  keep(state, slot, batch, i)
  return true
}

/** The leg to the new point turned against the one before: a longer turn, or the first of another. */
function turn(state: TrailState, slot: number, by: number): void {
  const at = slot * ROW + TURNED
  const turned = state.row[at]!
  if (Math.abs(by) < STRAIGHT_RAD) {
    state.row[at] = 0
    state.turning[slot] = 1 // the new point may be where a turn begins
  } else if (turned * by > 0) {
    state.row[at] = turned + by
    state.turning[slot] = Math.min(254, state.turning[slot]!) + 1
  } else {
    state.row[at] = by
    state.turning[slot] = 2
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
  row[k + LAST_T] = t
  row[k + LAST_LAT] = lat
  row[k + LAST_LON] = lon
  row[k + LAST_COS] = M_PER_DEG * Math.cos(lat * RAD)
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
