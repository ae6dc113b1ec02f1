// How a ship moves, as far as it tells two ships apart. State is the last fix and the speed and course sent with it
// (GNSS gives both, so the filter's update is the fix itself); from there a constant velocity, with a covariance that
// grows in time. Three questions: what could it reach at all, where would it be by its own speed, and of several tracks,
// whose fix is this more likely? detection.md section 2.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { bearingDeg, haversineM, planeM } from '../geo/distance.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S, MPS_PER_KN } from '../model/units.js'
import { TX_CLASSES } from '../model/report.js'

/** The last fix of a track, and what it says of the next. */
export interface Motion {
  /** Epoch ms. */
  t: number
  lat: number
  lon: number
  /** Knots and degrees; NaN unknown. */
  sog: number
  cog: number
  /** Standard deviation of the position, metres. */
  sigmaM: number
}

const CLASS_B = TX_CLASSES.indexOf('B')
/** GNSS, and a ship of some length around its antenna. */
const SIGMA_M = 20
/** Class B sends older fixes of cheaper receivers. */
const SIGMA_B_M = 50
/** Message 27 gives tenths of a minute: a tenth of a mile (detection.md section 1). */
const SIGMA_27_M = 0.1 * M_PER_NM
const COARSE_TYPE = 27

/** What a ship may do within its own speed, and clocks and antennas add to it. */
const OWN_SLACK_NM = 0.5
/** A ship that reports no speed, or lies still, may do this much without a second look. */
const UNKNOWN_KN = 15
const STILL_KN = 5
/** Few ships are faster than this, and those say so. */
const CRUISE_KN = 25
/** How far a ship may be from the straight line between two fixes, beside a quarter of it. */
const BEND_M = 0.2 * M_PER_NM
/** A bit error this much larger than that is hardly one by chance: in one direction of many, at one distance of many. */
const SURE = 8
/** One coordinate the same to this much, and the other wrong by more minutes than that: by chance for one ship in many. */
const ALIKE_M = 0.1 * M_PER_NM
const GARBLED_MIN = 5
const POLE_DEG = 89.9
/** A reported speed may grow by this much until the next report. */
const GAIN = 1.3
/** Receivers and feeds pass on what they heard up to this late, with the wrong time on it. */
const LATENCY_MS = 10 * MS_PER_MIN

/** … and a whole feed may be this late: satellites, second providers (pyseas' 249014000 and 220413000: 35 to 90 min). */
const DELAY_MS = 1.5 * MS_PER_HOUR
const ALONG_DEG = 45

/** A set that hangs tells no speed, for so long at most. */
const HUNG_KN = 0.5
const HANG_MS = 5 * MS_PER_MIN

/** White noise of acceleration, m²/s³: 5 kn of change within ten minutes. */
const ACCELERATION = (5 * MPS_PER_KN) ** 2 / 600
/** Beyond this a course says nothing any more. */
const COURSE_MS = MS_PER_HOUR
/** Uncertainty of a velocity that was sent, and of one that was not. */
const SENT_KN = 0.5
const UNSENT_KN = 5
/** Timing of a report. */
const CLOCK_S = 5

const KN = M_PER_NM / MS_PER_HOUR // m per ms

export function sigmaOf(msgType: number, txClass: number): number {
  return msgType === COARSE_TYPE ? SIGMA_27_M : txClass === CLASS_B ? SIGMA_B_M : SIGMA_M
}

/** The motion that row `i` tells of, written over `to`. */
export function motionOf(batch: ReportBatch, i: number, to: Motion): void {
  to.t = batch.t[i]!
  to.lat = batch.lat[i]!
  to.lon = batch.lon[i]!
  to.sog = batch.sog[i]!
  to.cog = batch.cog[i]!
  to.sigmaM = sigmaOf(batch.msgType[i]!, batch.txClass[i]!)
}

/** Great-circle distance, metres. */
export function apartM(a: Motion, b: Motion): number {
  // close by, where nearly all are, a plane does at a third of the cost
  const close = Math.abs(a.lat - b.lat) < 0.5 && Math.abs(a.lon - b.lon) < 0.5 && Math.abs(a.lat) < 80
  return close ? planeM(a.lat, a.lon, b.lat, b.lon) : haversineM(a.lat, a.lon, b.lat, b.lon)
}

/** The speed that no ship of this type exceeds, knots. */
export function speedLimitKn(
  shipType: number | undefined,
  clean: Config['clean'],
  tracks: Config['tracks'],
): number {
  if (shipType === undefined) return clean.maxSpeedKn
  if (shipType >= 40 && shipType < 50) return Math.max(clean.maxSpeedKn, tracks.fastCraftMaxSpeedKn)
  if (shipType >= 70 && shipType < 90) return Math.min(clean.maxSpeedKn, tracks.largeShipMaxSpeedKn)
  return clean.maxSpeedKn
}

/** The speed between two fixes, of which one may not tell it; NaN when neither does. */
const between = (a: number, b: number) => (a !== a ? b : b !== b ? a : (a + b) / 2)
/** Three sigma of the two fixes together. */
const noiseM = (a: Motion, b: Motion) => noiseOfM(a.sigmaM, b.sigmaM)
const noiseOfM = (sigmaM: number, otherM: number) => 3 * Math.sqrt(sigmaM * sigmaM + otherM * otherM)

/**
 * A distance between two fixes without their noise, metres: 0 below three sigma of the two together, and beyond it what is
 * left in quadrature, as independent errors add. So what is far is told as it is, and what lies still does not move.
 */
export function beyondNoiseM(apartM: number, sigmaM: number, otherM: number): number {
  const floorM = noiseOfM(sigmaM, otherM)
  return apartM > floorM ? Math.sqrt(apartM * apartM - floorM * floorM) : 0
}

/**
 * How far a ship could be from fix `a` at the time of fix `b`, metres: nothing of its kind is faster. The time may lie
 * either way. A ship that twice says that it does more than its kind is believed, and a fix that a slow feed stamped late
 * is no miracle, nor is the one after a set that hung: it told the same place and no speed, and the ship sailed on.
 * @param slackM what GNSS and clocks make of two fixes of a ship at rest
 */
export function reachM(a: Motion, b: Motion, limitKn: number, slackM: number): number {
  const dt = Math.abs(b.t - a.t)
  const told = GAIN * Math.min(a.sog, b.sog)
  const reach = (told > limitKn ? told : limitKn) * dt
  const late = told * (dt + LATENCY_MS)
  const hung = a.sog < HUNG_KN ? GAIN * Math.min(b.sog, limitKn) * (dt + HANG_MS) : 0
  const delayed = late > hung ? late : hung
  return slackM + KN * (delayed > reach ? delayed : reach) + noiseM(a, b)
}

/** How far it would be by the speed that it reports, metres: within this, a fix needs no second one. */
export function ownReachM(a: Motion, b: Motion, limitKn: number, slackM: number): number {
  const sog = between(a.sog, b.sog)
  const own = sog === sog ? Math.max(STILL_KN, GAIN * Math.min(sog, limitKn)) : UNKNOWN_KN
  return Math.min(slackM, OWN_SLACK_NM * M_PER_NM) + own * KN * Math.abs(b.t - a.t) + noiseM(a, b)
}

/**
 * A ship that was at `a` and is at `c` may have been at `b` in between, though it says of no such speed: a crew boat
 * heard every half hour is there and back. Not when that takes a speed which few ships have and those report, nor when
 * `b` is but a point of its way with one bit wrong.
 */
export function isDetour(a: Motion, b: Motion, c: Motion, msgType: number): boolean {
  const told = GAIN * Math.max(a.sog > 0 ? a.sog : 0, b.sog > 0 ? b.sog : 0, c.sog > 0 ? c.sog : 0)
  const fastest = KN * Math.max(CRUISE_KN, told)
  const slack = OWN_SLACK_NM * M_PER_NM
  if (apartM(a, b) > slack + fastest * (b.t - a.t) || apartM(b, c) > slack + fastest * (c.t - b.t))
    return false
  const f = c.t > a.t ? (b.t - a.t) / (c.t - a.t) : 0
  const way = { ...a, lat: a.lat + f * (c.lat - a.lat), lon: wrapLon(a.lon + f * lonDelta(a.lon, c.lon)) }
  const bendM = BEND_M + apartM(a, c) / 4
  return apartM(way, b) < SURE * bendM || !isBitError(way, b, msgType, bendM)
}

/**
 * Two fixes that lie apart by no more than a late feed's delay may be one ship, heard by a feed that passes it on at once
 * and by one that is late and stamps its own time.
 */
export function isDelayed(a: Motion, b: Motion, slackM: number): boolean {
  const told = GAIN * Math.min(CRUISE_KN, Math.max(a.sog > 0 ? a.sog : 0, b.sog > 0 ? b.sog : 0))
  return apartM(a, b) <= slackM + told * KN * (DELAY_MS + Math.abs(b.t - a.t)) + noiseM(a, b)
}

/** The way from `a` to `b` lies along the course of `b`, ahead or astern; true when there is none. */
export function isAlong(a: Motion, b: Motion): boolean {
  if (b.cog !== b.cog) return true
  const off = Math.abs(lonDelta(bearingDeg(a.lat, a.lon, b.lat, b.lon), b.cog))
  return off <= ALONG_DEG || off >= 180 - ALONG_DEG
}

/** The reach of its own speed as a cheap bound in degrees, for the ordinary report. */
export const NEAR_DEG = OWN_SLACK_NM / 60
export const NEAR_DEG_PER_MS = UNKNOWN_KN / 60 / MS_PER_HOUR

/** Log-likelihood, up to a constant, of fix `b` as the next one of the ship at `a`: larger is likelier. */
export function logLikelihood(a: Motion, b: Motion): number {
  const dtS = (b.t - a.t) / MS_PER_S
  let { lat, lon } = a
  let unsure = a.sog > UNSENT_KN ? a.sog : UNSENT_KN
  if (a.sog === a.sog && a.cog === a.cog && Math.abs(b.t - a.t) <= COURSE_MS) {
    const deg = (a.sog * MPS_PER_KN * dtS) / M_PER_NM / 60
    const course = (a.cog * Math.PI) / 180
    lat += deg * Math.cos(course)
    lon = wrapLon(lon + (deg * Math.sin(course)) / Math.max(0.02, Math.cos((a.lat * Math.PI) / 180)))
    unsure = SENT_KN
  }
  const drift = unsure * MPS_PER_KN * dtS
  const timing = (a.sog > 0 ? a.sog : 0) * MPS_PER_KN * CLOCK_S
  const varianceM2 =
    a.sigmaM ** 2 + b.sigmaM ** 2 + timing ** 2 + drift ** 2 + (ACCELERATION * Math.abs(dtS) ** 3) / 3
  const offM = haversineM(Math.min(90, Math.max(-90, lat)), lon, b.lat, b.lon)
  // Student's tails, not Gauss's: a speed or a course is now and then garbled, and then the place is still near
  return -2 * Math.log1p(offM ** 2 / (2 * varianceM2)) - Math.log(varianceM2)
}

/**
 * Fix `b` is fix `a` with one bit of one coordinate wrong: only one moved, by a power of two of the unit it is sent in.
 * @param withinM how far the ship itself may have moved meanwhile
 */
export function isBitError(a: Motion, b: Motion, msgType: number, withinM: number): boolean {
  const unitMin = msgType === COARSE_TYPE ? 0.1 : 1e-4
  const { north, east, within, withinEast } = offset(a, b, withinM)
  if (east <= withinEast) return isBit(north, unitMin, within)
  // the sign bit of a longitude is worth more than half a turn
  const turned = 60 * Math.abs(b.lon - a.lon)
  return north <= within && (isBit(east, unitMin, withinEast) || isBit(turned, unitMin, withinEast))
}

/**
 * Fix `b` is what a broken set or a bad line makes of fix `a`: one bit of it is wrong, or one coordinate as a whole while
 * the other goes on as told; or it lies at a pole, which is what many errors come to.
 */
export function isGarbled(a: Motion, b: Motion, msgType: number, withinM: number): boolean {
  if (Math.abs(b.lat) > POLE_DEG || isBitError(a, b, msgType, withinM)) return true
  const sog = between(a.sog, b.sog)
  const toldM = ALIKE_M + GAIN * (sog === sog ? sog : UNKNOWN_KN) * KN * Math.abs(b.t - a.t)
  const { north, east, within, withinEast } = offset(a, b, Math.min(toldM, withinM))
  return (north <= within && east > GARBLED_MIN) || (east <= withinEast && north > GARBLED_MIN)
}

/** Between two fixes, in minutes of arc; and how much of it the ship may have moved. */
function offset(a: Motion, b: Motion, withinM: number) {
  const within = withinM / M_PER_NM
  return {
    north: 60 * Math.abs(b.lat - a.lat),
    east: 60 * Math.abs(lonDelta(a.lon, b.lon)),
    within,
    withinEast: within / Math.max(0.01, Math.cos((a.lat * Math.PI) / 180)),
  }
}

function isBit(minutes: number, unit: number, within: number): boolean {
  return Math.abs(minutes - unit * 2 ** Math.round(Math.log2(minutes / unit))) <= within
}
