// Why is a vessel slow? The first reason that the figures of its slow hours bear out; where none does, far from shore, that
// is what an analyst would look at. detection.md section 6.

import { M_PER_NM } from '../../model/units.js'

export type LoiteringClass =
  | 'anchored'
  | 'waiting_at_port'
  | 'drifting'
  | 'fishing_like'
  | 'station_keeping'
  | 'suspicious'
  | 'undetermined'

/** What is known of the slow hours of one vessel. */
export interface SlowHours {
  /** Half of the longer side of the box around it, metres. */
  radiusM: number
  /** Along its thinned track, without noise; and from start to end. */
  pathM: number
  netM: number
  hours: number
  /** Mean turn from step to step, degrees; NaN where it made no two steps beyond noise. */
  turnDeg: number
  /** Thinned fixes: all, and those at which it says that it lies, fishes, or is restricted. */
  fixes: number
  saysLying: number
  saysFishing: number
  saysRestricted: number
  /** … at which it moves and tells where its bow points, and those at which that is elsewhere. */
  headed: number
  offBow: number
  /** Comparisons with slow vessels around that moved: all, as it did, and while it stayed. */
  compared: number
  alike: number
  stayed: number
  /** ITU-R M.1371. */
  shipType: number | undefined
  /** It lies in a port or anchorage of the list. */
  isInPort: boolean
  /** Looks at who lies around it, and those at which they were a queue of slow ships, fishing vessels aside. */
  looks: number
  queued: number
  /** Null without a coast. */
  shoreM: number | null
}

export interface ClassRule {
  anchorRadiusM: number
  /** From here on nobody has a reason to be slow that a chart would show, metres from shore. */
  offshoreM: number
}

const FISHING = 30
/** Its word is taken when it says so half of the time: sets are switched late. */
const MOST = 0.5
/** Fewer fixes, or comparisons, say nothing. */
const MIN_HEADED = 6
const MIN_COMPARED = 3
/** Who lies to its anchor by its own word may have a long chain, or drag it a little. */
const CHAIN = 2
/** A vessel that works on the spot goes so many times as far as it gets, and turns so much every five minutes. */
const WORKS_PATH_NET = 3
const WORKS_TURN_DEG = 30
/** … at this speed: slower is the tide, faster is passage. */
const WORKS_KN = 0.7
export const PASSAGE_KN = 5
/** A ship that holds its station comes back to within this. */
const STATION_M = 3 * M_PER_NM

/** Towing, dredging, diving, military (31–35), service (50–59), and what has no type of its own, as supply ships (90–99). */
const isWorkboat = (type: number | undefined): boolean =>
  type !== undefined && ((type >= 31 && type <= 35) || (type >= 50 && type <= 59) || type >= 90)

const isMost = (n: number, of: number): boolean => n > MOST * of

/** It goes other than its bow points, or as others around it drift. */
export const drifts = ({ headed, offBow, compared, alike }: SlowHours): boolean =>
  (headed >= MIN_HEADED && isMost(offBow, headed)) || (compared >= MIN_COMPARED && isMost(alike, compared))

/** Whether a drift would have shown; a few neighbours that moved otherwise may lie in another eddy. */
export const couldTell = ({ headed, compared }: SlowHours): boolean =>
  headed >= MIN_HEADED || compared >= 2 * MIN_COMPARED

/** Others around it drift, and it does not. */
export const staysAmongDrifting = ({ compared, stayed }: SlowHours): boolean =>
  compared >= MIN_COMPARED && isMost(stayed, compared)

/** It goes to and fro, or round, under its own power. */
export function worksOnTheSpot({ pathM, netM, hours, turnDeg }: SlowHours): boolean {
  const knots = pathM / M_PER_NM / hours
  if (!(knots >= WORKS_KN && knots <= PASSAGE_KN)) return false
  return pathM >= WORKS_PATH_NET * netM || turnDeg >= WORKS_TURN_DEG
}

export function classOf(slow: SlowHours, rule: ClassRule): LoiteringClass {
  const { radiusM, fixes, shipType, shoreM } = slow
  const lies =
    radiusM <= rule.anchorRadiusM || (isMost(slow.saysLying, fixes) && radiusM <= CHAIN * rule.anchorRadiusM)
  const fishes = isMost(slow.saysFishing, fixes)
  const isFishing = fishes || shipType === FISHING
  const isQueued = !isFishing && slow.queued > 0 && !isMost(slow.looks - slow.queued, slow.looks)
  if (slow.isInPort || (lies && isQueued)) return 'waiting_at_port'
  const holdsStation = isMost(slow.saysRestricted, fixes)
  if (lies) return holdsStation ? 'station_keeping' : 'anchored'
  if (fishes) return 'fishing_like'
  if (drifts(slow)) return isQueued ? 'waiting_at_port' : 'drifting'
  const works = worksOnTheSpot(slow)
  if (works && (shipType === FISHING || (shipType === undefined && slow.turnDeg >= WORKS_TURN_DEG)))
    return 'fishing_like'
  const isNear = radiusM <= STATION_M
  if (holdsStation || (isNear && (staysAmongDrifting(slow) || (works && isWorkboat(shipType)))))
    return 'station_keeping'
  if (isQueued) return 'waiting_at_port'
  // who tells no heading, and is alone, may be adrift
  return couldTell(slow) && (shoreM === null || shoreM >= rule.offshoreM) ? 'suspicious' : 'undetermined'
}
