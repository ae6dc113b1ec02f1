// What makes a ring a lie. Ships do go round: tugs, pilots, surveys, races, seiners, who waits for a berth. So a circle
// alone is a loop and nobody's business; it is told when something about it cannot be. detection.md 5.3.

import { geodesicM } from '../../geo/distance.js'
import type { Evidence } from '../../model/event.js'
import { MS_PER_HOUR, MS_PER_MIN, round } from '../../model/units.js'
import type { TrailPoint } from '../../tracks/trail.js'
import { COAST_ACCURACY_M, type Coast } from '../../zones/coast.js'
import type { Turn } from './circle-turn.js'

/** What is known of a ship that goes round: numbers and short lists, kept while it lasts. */
export interface Ring {
  mmsi: number
  /** First point on it, and the last so far. */
  start: Place
  last: Place
  /** The latest whole turn. */
  latest: Turn
  /** Turns so far. */
  turns: number
  /** Held of every turn so far. */
  headingStays: boolean
  sogIsOff: boolean
  courseIsOff: boolean
  isTooFast: boolean
  /** The turn that later ones are held against, when it ended, and how many of them in a row were exactly the same. */
  model: Turn
  modelT: number
  exactTurns: number
  /** Reached by a jump, or left by one. */
  jumped: boolean
  left: boolean
  /** On land and at sea in turn. */
  overLand: boolean
  /** The most others that were on the same ring. */
  company: number
}

export interface Place {
  t: number
  lat: number
  lon: number
}

export type Reason = 'jump' | 'left' | 'land' | 'company' | 'heading' | 'sog' | 'course' | 'speed' | 'exact'

/** It came here by a jump no longer ago than this, or than one turn takes. */
const AFTER_JUMP_MS = 30 * MS_PER_MIN

/** A live gyro that points one way: no ship goes sideways and astern at this speed all the way round. */
const STAYS_DEG = 30
const STAYS_CHANGES = 3
const STAYS_MIN_KN = 5

/** Reported speed against circumference over period: neither noise nor current does that over a whole turn. */
const SOG_RATIO = 1.5
const SOG_DIFFERENCE_KN = 2
const OFF_COURSE_SHARE = 2 / 3

/**
 * A rudder holds no circle over ground: a current of a hundredth of a knot moves it by 18 m in an hour. Only track control
 * does, and merchant ships have none for circles. USBL calibrations, coil surveys and unmanned craft do, but not these
 * types, nor at this speed. Of any other ship it says something only when the ring is left by a jump: the box is off.
 */
const EXACT_M = 15
/** A rudder in water that stands still holds it for half an hour. */
const EXACT_MS = MS_PER_HOUR
const EXACT_MIN_KN = 6
const isMerchant = (shipType: number | undefined) => shipType! >= 60 && shipType! <= 89

/** What one turn shows, to be held of all of them. */
export function traitsOf(
  turn: Turn,
  classKn: number,
): Pick<Ring, 'headingStays' | 'sogIsOff' | 'courseIsOff' | 'isTooFast'> {
  const { sogKn, speedKn, offCourse, headingSpread, headingChanges } = turn
  const ratio = sogKn === null ? 1 : sogKn / speedKn
  return {
    headingStays:
      headingSpread !== null &&
      headingSpread <= STAYS_DEG &&
      headingChanges >= STAYS_CHANGES &&
      speedKn >= STAYS_MIN_KN,
    sogIsOff:
      (ratio > SOG_RATIO || ratio < 1 / SOG_RATIO) && Math.abs((sogKn ?? 0) - speedKn) >= SOG_DIFFERENCE_KN,
    courseIsOff: offCourse !== null && offCourse >= OFF_COURSE_SHARE,
    isTooFast: speedKn > classKn && turn.residual <= SAME_SHARE,
  }
}

/** The same circle over ground as the turn before, to the noise of GNSS. */
export function isExactly(turn: Turn, model: Turn): boolean {
  const off = Math.max(turn.residualM, model.residualM, Math.abs(turn.radiusM - model.radiusM))
  return off <= EXACT_M && apartM(turn, model) <= EXACT_M
}

/** Why it is no loop; none: it is one. */
export function reasonsOf(ring: Ring, shipType: number | undefined): Reason[] {
  const { turns } = ring
  const reasons: Reason[] = []
  if (ring.jumped) reasons.push('jump')
  if (ring.overLand) reasons.push('land')
  if (ring.company >= MIN_COMPANY) reasons.push('company')
  if (turns >= 2) {
    if (ring.headingStays) reasons.push('heading')
    if (ring.sogIsOff) reasons.push('sog')
    if (ring.courseIsOff) reasons.push('course')
    if (ring.isTooFast) reasons.push('speed')
  }
  if (ring.left && ring.exactTurns >= 1) reasons.push('left')
  const isFast = ring.latest.speedKn >= EXACT_MIN_KN
  const isLong = ring.exactTurns >= 2 && ring.last.t - ring.modelT >= EXACT_MS
  if (isLong && isFast && isMerchant(shipType)) reasons.push('exact')
  return reasons
}

/** The ring began where, and when, a jump had brought the ship. @param jumpT 0: none */
export const isByJump = (startT: number, jumpT: number, turn: Turn): boolean =>
  jumpT > 0 && startT - jumpT <= Math.max(AFTER_JUMP_MS, turn.periodS * 1000)

/** Points that are surely on land, and points that are surely at sea: no lake and no river is both. */
const MIN_POINTS_EACH = 3

export function isOverLand(points: readonly TrailPoint[], turn: Turn, coast: Coast | undefined): boolean {
  if (!coast || 2 * turn.radiusM < COAST_ACCURACY_M) return false
  let land = 0
  let sea = 0
  for (const { lat, lon } of points) {
    if (!coast.onLand(lat, lon)) sea++
    else if (coast.shoreDistanceM(lat, lon) > COAST_ACCURACY_M) land++
  }
  return land >= MIN_POINTS_EACH && sea >= MIN_POINTS_EACH
}

/** Others on the same ring: two more make a box's, or a simulator's. Ships that follow each other round do not keep to it so. */
export const MIN_COMPANY = 2
const SAME_M = 30
const SAME_SHARE = 0.02

export function isSameRing(a: Turn, b: Turn): boolean {
  if (a.sense !== b.sense || a.residual > SAME_SHARE || b.residual > SAME_SHARE) return false
  const within = Math.max(SAME_M, SAME_SHARE * Math.min(a.radiusM, b.radiusM))
  // a cheap look first
  if (Math.abs(a.lat - b.lat) > 0.01 || Math.abs(a.radiusM - b.radiusM) > within) return false
  return apartM(a, b) <= within
}

const apartM = (a: Turn, b: Turn): number => geodesicM(a.lat, a.lon, b.lat, b.lon)

/** The reasons in numbers and words. */
export function evidenceOf(ring: Ring, reasons: readonly Reason[], classKn: number): Evidence[] {
  const { latest, turns, company } = ring
  const { radiusM, residual, residualM, speedKn, sogKn, offCourse, headingSpread, periodS } = latest
  const evidence: Evidence[] = [
    {
      family: 'behaviour',
      name: 'turns',
      value: round(turns, 1),
      expected: '< 1',
      weight: round(Math.min(1, turns / 5), 3),
      text: `${turns.toFixed(1)} times round a circle of ${(radiusM / 1000).toFixed(1)} km, within ${residualM.toFixed(0)} m of it, at ${speedKn.toFixed(0)} kn`,
    },
  ]
  const add = (
    family: Evidence['family'],
    name: string,
    value: Evidence['value'],
    expected: string,
    weight: number,
    text: string,
  ) => evidence.push({ family, name, value, expected, weight, text })
  for (const reason of reasons) {
    if (reason === 'jump') add('kinematics', 'reached_by', 'jump', 'sailing', 2, 'it came there by a jump')
    else if (reason === 'left')
      add('kinematics', 'left_by', 'jump', 'sailing', 1.5, 'it left an exact circle by a jump')
    else if (reason === 'land')
      add(
        'place',
        'over_land',
        'land and sea',
        'sea',
        2,
        'the circle lies partly on land, far from any water',
      )
    else if (reason === 'company')
      add('witnesses', 'same_ring', company + 1, '1', 2, `${company + 1} ships on the same circle`)
    else if (reason === 'heading')
      add(
        'kinematics',
        'heading_spread_deg',
        headingSpread === null ? null : round(headingSpread, 0),
        '180',
        1.5,
        'its heading did not turn with it',
      )
    else if (reason === 'sog')
      add(
        'kinematics',
        'sog_kn',
        sogKn === null ? null : round(sogKn, 1),
        `${speedKn.toFixed(1)} kn`,
        1.5,
        `it reports ${sogKn?.toFixed(1)} kn, and goes round in ${(periodS / 60).toFixed(0)} min: ${speedKn.toFixed(1)} kn`,
      )
    else if (reason === 'course')
      add(
        'kinematics',
        'off_course',
        offCourse === null ? null : round(offCourse, 2),
        '0',
        1,
        'the courses it reports are not those of the circle',
      )
    else if (reason === 'speed')
      add(
        'identity',
        'speed_kn',
        round(speedKn, 1),
        `≤ ${classKn} kn`,
        1,
        `${speedKn.toFixed(0)} kn is more than ships of its type do`,
      )
    else
      add(
        'behaviour',
        'residual',
        round(residual, 4),
        '> 0.01',
        1,
        `turn after turn within ${EXACT_M} m of the same circle, as no helmsman holds it`,
      )
  }
  return evidence
}
