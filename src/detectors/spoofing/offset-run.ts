// A run of matches in which two feeds differ of a ship: whether it is one vector all along, whether the ship has sailed in a
// way that delay and interpolation would show in it, and what is told of it.

import { lonDelta } from '../../geo/antimeridian.js'
import { bearingDeg, destination, geodesicM, planeM } from '../../geo/distance.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { M_PER_NM, round } from '../../model/units.js'
import { rankScore } from '../score.js'

export const M_PER_DEG = 60 * M_PER_NM

/** Vectors that differ by this share of their length (a lie moves a ship by whole degrees or miles, not by so much in a
 * hundred), or by GNSS and the bend of the way between two fixes, are the same. */
const SAME_SHARE = 0.01
const SAME_M = 150
/** What is wrong with a feed is seen less exactly, of other ships at other places. */
const ALIKE_SHARE = 0.1
const ALIKE_M = 200
/** Of the matches of a run this share must agree with its median, the first ones all: there a turn shows what is delay. */
const STEADY = 0.9
const FIRST = 5
/** A shorter leg has no course. */
const LEG_M = 500
/** Delay leaves the ship on her way: a vector within asin 0.2 (11.5°) of the course may be delay. */
const ALONG = 0.2
/** The ship must have sailed this share of the offset, and two miles: another ship goes her own way by then. */
const WAY_SHARE = 0.5
const WAY_M = 2 * M_PER_NM
/** … and turned by this, which turns the vector of a delay, or sailed so many times the offset. */
const TURNED_DEG = 30
const STRAIGHT_SHARE = 5
/** Matches kept of a run. */
const KEPT = 24

/** A match that differs: metres north and east; 1 where it leads off her way since the match before, −1 where it is not known. */
export type Match = [north: number, east: number, across: number]

export interface Run {
  /** The two feeds, smaller first: the vector leads from the one to the other. */
  feeds: [number, number]
  start: Fix
  last: Fix
  matches: Match[]
  /** All of them, and how far the ship has sailed from the first to the last, metres. */
  count: number
  wayM: number
  /** Where she was at the last, and at the last from which a course is taken, by the first feed. */
  at: [lat: number, lon: number]
  from: [lat: number, lon: number]
  /** Course of the first leg, NaN before it, and the most that a later one was off it; degrees. */
  course: number
  turnedDeg: number
  /** Agreeing matches since the last that differed. */
  agreed: number
  event: DetectorEvent | null
}

export const beginRun = (feeds: [number, number], place: Fix, at: [number, number]): Run => ({
  feeds,
  start: place,
  last: place,
  matches: [],
  count: 0,
  wayM: 0,
  at,
  from: at,
  course: NaN,
  turnedDeg: 0,
  agreed: 0,
  event: null,
})

/** One more match, with the vector as seen from the run so far. */
export function addMatch(run: Run, vector: Match, place: Fix, at: [number, number]): void {
  run.wayM += planeM(...run.at, ...at)
  run.at = at
  const isSteady = run.matches.length === 0 || isSame(vector, middleOf(run.matches))
  if (vector[2] >= 0 && isSteady) {
    const course = bearingDeg(...run.from, ...at)
    if (run.course !== run.course) run.course = course
    run.turnedDeg = Math.max(run.turnedDeg, Math.abs(lonDelta(run.course, course)))
    run.from = at
  }
  run.last = place
  run.agreed = 0
  run.count++
  run.matches.push(vector)
  if (run.matches.length > KEPT) run.matches.shift()
}

/** The vector may be the next one of the run. */
export function goesOn(run: Run, between: readonly number[], vector: Match): boolean {
  if (run.feeds[0] !== between[0] || run.feeds[1] !== between[1]) return false
  const middle = middleOf(run.matches)
  if (isSame(vector, middle)) return true
  if (run.matches.length < FIRST) return false
  const off = run.matches.filter(match => !isSame(match, middle)).length + 1
  return off <= Math.max(1, (1 - STEADY) * (run.matches.length + 1))
}

/** One vector all along, over a way that would have shown it to be a delay, or another ship. */
export function isConstant({ matches, wayM, turnedDeg }: Run): boolean {
  const middle = middleOf(matches)
  const steady = matches.filter(match => isSame(match, middle))
  if (steady.length < STEADY * matches.length) return false
  const offsetM = Math.hypot(middle[0], middle[1])
  if (!(wayM >= Math.max(WAY_M, WAY_SHARE * offsetM))) return false
  if (turnedDeg < TURNED_DEG && wayM < STRAIGHT_SHARE * offsetM) return false
  const known = matches.filter(match => match[2] >= 0)
  const off = known.filter(match => match[2] === 1)
  return known.length >= 2 && off.length >= STEADY * known.length
}

/** Does the vector lead off the way from one place to another? 1 yes, 0 no, −1 too short a way. */
export function across(
  from: readonly [number, number],
  to: readonly [number, number],
  north: number,
  east: number,
): number {
  const legNorth = (to[0] - from[0]) * M_PER_DEG
  const legEast = lonDelta(from[1], to[1]) * Math.cos((to[0] * Math.PI) / 180) * M_PER_DEG
  const legM = Math.hypot(legNorth, legEast)
  if (legM < LEG_M) return -1
  return Math.abs(north * legEast - east * legNorth) > ALONG * legM * Math.hypot(north, east) ? 1 : 0
}

const differsBy = (a: Match, b: Match): number => Math.hypot(a[0] - b[0], a[1] - b[1])

const isSame = (a: Match, b: Match): boolean =>
  differsBy(a, b) <= SAME_M + SAME_SHARE * Math.hypot(b[0], b[1])

/** The same for two ships, one of which is off by `b`. */
export const isAlike = (a: Match, b: Match): boolean =>
  differsBy(a, b) <= ALIKE_M + ALIKE_SHARE * Math.hypot(b[0], b[1])

export function middleOf(matches: readonly Match[]): Match {
  return [medianOf(matches.map(([north]) => north)), medianOf(matches.map(([, east]) => east)), 0]
}

/** Half of the matches lie within this of the median, metres. */
function spreadOf(matches: readonly Match[]): number {
  const middle = middleOf(matches)
  return medianOf(matches.map(match => differsBy(match, middle)))
}

function medianOf(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

/**
 * What is told of it at `asOf`.
 * @param others other vessels of which both feeds say the same
 */
export function describeRun(
  run: Run,
  between: Record<string, unknown>,
  others: number,
  minOffsetNm: number,
  asOf: number,
): DetectorEvent {
  const [north, east] = middleOf(run.matches)
  const [lat, lon] = run.at
  const bearing = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360
  const away = destination(lat, lon, bearing, Math.hypot(north, east))
  const offsetM = geodesicM(lat, lon, away.lat, away.lon)
  const spreadM = spreadOf(run.matches)
  const nm = offsetM / M_PER_NM
  const wayNm = run.wayM / M_PER_NM
  const evidence: Evidence[] = [
    {
      family: 'place',
      name: 'offset_nm',
      value: round(nm, 2),
      expected: `< ${minOffsetNm} nm`,
      weight: round(Math.min(1.5, 0.5 + Math.log10(nm / minOffsetNm)), 3),
      text: `two feeds put it ${nm.toFixed(1)} nm apart, ${run.count} times, within ${spreadM.toFixed(0)} m of one vector`,
    },
    {
      family: 'kinematics',
      name: 'way_nm',
      value: round(wayNm, 1),
      weight: 0.5,
      text: `while it sailed ${wayNm.toFixed(1)} nm: no delay, and no second ship`,
    },
    {
      family: 'reception',
      name: 'others_agreed',
      value: others,
      expected: '0: the feeds themselves disagree',
      weight: round(Math.min(1, others / 8), 3),
      text: `of ${others} other vessels both feeds said the same`,
    },
  ]
  return {
    ...({ type: 'spoofing', class: 'offset', key: 'offset' } as const),
    ...({ phase: 'opened', revision: 1, asOf, start: run.start, end: null } as const),
    score: rankScore(-0.5, evidence),
    evidence,
    details: {
      ...between,
      offsetM,
      bearing: bearingDeg(lat, lon, away.lat, away.lon),
      spreadM,
      matches: run.count,
    },
  }
}
