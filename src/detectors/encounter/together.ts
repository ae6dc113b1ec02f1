// Being together: from when two vessels come near, at a certain pace, until they have been apart, or at another pace, for a
// while. Near and apart are two distances, so that noise and a swing at anchor do not cut it into pieces.

import type { DetectorEvent } from '../../model/event.js'
import { shortM } from '../../geo/distance.js'
import { MS_PER_MIN } from '../../model/units.js'
import { placeAt, type Point } from './way.js'

/** Where both were at one time: the event begins or ends there. */
export interface Edge {
  t: number
  a: Point
  b: Point
}

/** The same, and how they did. */
export interface Moment extends Edge {
  distanceM: number
  /** How fast, knots. */
  knA: number
  knB: number
  /** Whether the place lies between two fixes that are far apart in time. */
  guessedA: boolean
  guessedB: boolean
}

export interface Together {
  start: Edge
  /** When they went apart, unless they come back; null while together. */
  away: Edge | null
  /** Since when they were apart or at another pace, epoch ms; NaN while neither. */
  awaySince: number
  /** The last moment of it. */
  last: Edge
  /** Time spent at distances and speeds, ms, by bins. */
  byDistance: number[]
  bySpeed: number[]
  closestM: number
  /** How long they have been close, ms, since they last were far apart for that; and the longest that they ever were. */
  closeInMs: number
  closeMs: number
  /** Where they had come to some time after the start, and how far either was from there since, metres … */
  settled: Edge | null
  rangeM: number
  /** … as it was at `rangeT`, and twenty minutes before that: in the last of them one may be leaving. */
  lastRangeM: number
  earlierRangeM: number
  rangeT: number
  moments: number
  guessedA: number
  guessedB: number
  /** They were seen apart before. */
  came: boolean
  /** Event time of the next look at the place, when the last one found it in a harbour. */
  askAt: number
  told: DetectorEvent | null
}

export interface Rule {
  nearM: number
  leaveM: number
  leaveMs: number
  closeM: number
  apartCloseM: number
  /** Whether they may begin at this pace, and whether they may go on at it. */
  begins(moment: Moment): boolean
  goesOn(moment: Moment): boolean
}

/** Ships that came to stay have come to rest by then. */
const SETTLED_MS = 30 * MS_PER_MIN
/** A ship that leaves at a knot takes so long. */
const LEAVING_MS = 20 * MS_PER_MIN

export const DISTANCE_BIN_M = 25
const DISTANCE_BINS = 40
export const SPEED_BIN_KN = 0.25
const SPEED_BINS = 80

/**
 * They may have come together between two moments.
 * @param from undefined where nothing is known of before
 * @param since when they came near
 */
export function begin(
  rule: Rule,
  from: Moment | undefined,
  moment: Moment,
  since: Edge,
  came: boolean,
): Together | null {
  if (!(moment.distanceM <= rule.nearM) || !rule.begins(moment)) return null
  // a ship takes some minutes to stop
  const start = !from || moment.t - since.t <= rule.leaveMs ? since : from
  const run: Together = {
    start,
    away: null,
    awaySince: NaN,
    last: start,
    byDistance: zeros(DISTANCE_BINS),
    bySpeed: zeros(SPEED_BINS),
    closestM: Infinity,
    closeInMs: 0,
    closeMs: 0,
    settled: null,
    rangeM: 0,
    lastRangeM: 0,
    earlierRangeM: 0,
    rangeT: 0,
    moments: 0,
    guessedA: 0,
    guessedB: 0,
    came,
    askAt: 0,
    told: null,
  }
  takeIn(rule, run, from, moment)
  return run
}

/** They go on; @returns false when it was over, at `away`. */
export function goOn(rule: Rule, run: Together, from: Moment, moment: Moment): boolean {
  const isAway = moment.distanceM > rule.leaveM || !rule.goesOn(moment)
  if (!isAway) {
    run.away = null
    run.awaySince = NaN
    takeIn(rule, run, from, moment)
    return true
  }
  // who is about to leave makes way first
  if (moment.distanceM > rule.leaveM && from.distanceM <= rule.leaveM)
    run.away = edgeBetween(from, moment, rule.leaveM)
  run.away ??= from
  if (run.awaySince !== run.awaySince) run.awaySince = run.away.t
  if (moment.distanceM > rule.apartCloseM) run.closeInMs = 0
  return moment.t - run.awaySince < rule.leaveMs
}

/** When it was over, if it is now. */
export const endOf = (run: Together): Edge => run.away ?? run.last

function takeIn(rule: Rule, run: Together, from: Moment | undefined, moment: Moment): void {
  const { distanceM, t, a, b } = moment
  const ms = from ? t - Math.max(from.t, run.start.t) : 0
  const kn = (moment.knA + moment.knB) / 2
  run.byDistance[Math.min(DISTANCE_BINS - 1, Math.floor(distanceM / DISTANCE_BIN_M))]! += ms
  run.bySpeed[Math.min(SPEED_BINS - 1, Math.floor(kn / SPEED_BIN_KN))]! += ms
  run.closestM = Math.min(run.closestM, distanceM)
  // a ship that once came close and then lies a little farther off is not close
  if (distanceM > rule.apartCloseM) run.closeInMs = 0
  else if (from) run.closeInMs += ms * shareWithin(from.distanceM, distanceM, rule.closeM)
  run.closeMs = Math.max(run.closeMs, run.closeInMs)
  if (t - run.start.t >= SETTLED_MS) {
    run.settled ??= moment
    const { a: a0, b: b0 } = run.settled
    if (t - run.rangeT >= LEAVING_MS) {
      run.earlierRangeM = run.lastRangeM
      run.lastRangeM = run.rangeM
      run.rangeT = t
    }
    run.rangeM = Math.max(
      run.rangeM,
      shortM(a0.lat, a0.lon, a.lat, a.lon),
      shortM(b0.lat, b0.lon, b.lat, b.lon),
    )
  }
  run.moments++
  if (moment.guessedA) run.guessedA++
  if (moment.guessedB) run.guessedB++
  run.last = moment
}

/** Of the way between two distances, the share within a bound. */
function shareWithin(from: number, to: number, bound: number): number {
  const [least, most] = [Math.min(from, to), Math.max(from, to)]
  return most <= bound ? 1 : least > bound ? 0 : (bound - least) / (most - least)
}

/** Where the distance passed a bound between two moments; the earlier one where it had done before. */
export function edgeBetween(from: Moment, to: Moment, boundM: number, notBefore = -Infinity): Edge {
  const share = (boundM - from.distanceM) / (to.distanceM - from.distanceM)
  const t = Math.max(
    notBefore,
    share > 0 && share <= 1 ? Math.round(from.t + share * (to.t - from.t)) : from.t,
  )
  if (t <= from.t) return from
  return { t, a: placeAt(from.a, to.a, t), b: placeAt(from.b, to.b, t) }
}

const zeros = (n: number): number[] => new Array<number>(n).fill(0)

/** The median of a count by bins, as the middle of its bin; NaN for an empty one. */
export function medianOf(bins: readonly number[], width: number): number {
  const half = bins.reduce((a, b) => a + b, 0) / 2
  let sum = 0
  for (let k = 0; k < bins.length; k++) {
    sum += bins[k]!
    if (sum >= half && sum > 0) return (k + 0.5) * width
  }
  return NaN
}
