// What a fix is known by when it is met again: its place in whole steps, and where data are rounded speed and course with
// it; and what must be so for a fix to be worth remembering. The table is ./remembered.

import { lonDelta } from '../../geo/antimeridian.js'
import { planeM } from '../../geo/distance.js'
import type { ReportBatch } from '../../model/batch.js'
import { MPS_PER_KN, MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import {
  hashOf,
  isChosen,
  latOf,
  lonOf,
  mmsiOf,
  recall,
  secondOf,
  STEPS_PER_DEG,
  type RememberedState,
} from './remembered.js'

/** Slower than this a vessel may swing at its anchor, and meet its own fixes. */
export const MIN_SPEED_KN = 2
/** Of data rounded to five, four and three decimals every place is a multiple of these. */
const FIVE_DECIMALS = STEPS_PER_DEG / 1e5
const FOUR_DECIMALS = STEPS_PER_DEG / 1e4
const THREE_DECIMALS = STEPS_PER_DEG / 1e3
export const COARSE_TYPE = 27
/** A step without course noise is that of any other ship on that course: this far beside it at least, in units of the data. */
const MIN_ASIDE = 3
const UNIT_OF_MESSAGE = STEPS_PER_DEG / 600_000
/** A step over more time than this has no character of its own. */
const MAX_STEP_MS = 10 * MS_PER_MIN
/** A ship may pass its own place sooner than after this, s, or lie there. */
const MIN_LAG_S = 600
/** The second that a message carries is the right one within this. */
const SECOND_TOLERANCE_S = 8

/** A coordinate in whole steps: what rounds to the same here was sent as the same. */
export const stepsOf = (deg: number): number => ((deg * STEPS_PER_DEG + (SHIFT + 0.5)) | 0) - SHIFT
/** More steps than there are in 180 degrees: `| 0` cuts off below zero the other way. */
const SHIFT = 600_000_000

const TURN = 360 * STEPS_PER_DEG

/** Steps of longitude, −180…180 degrees. */
export const wrapped = (steps: number): number =>
  steps >= TURN / 2 ? steps - TURN : steps < -TURN / 2 ? steps + TURN : steps

/** Tenths of a knot or a degree; 0 where there is none. */
export const tenths = (x: number): number => (x * 10 + 0.5) | 0

export const clockOf = (t: number): number => Math.floor(t / MS_PER_S)

const isRounded = (north: number, east: number, unit: number) => north % unit === 0 && east % unit === 0

/** A place of no more than three decimals, a hundred metres: many ships pass it. */
export const isCoarse = (north: number, east: number): boolean => isRounded(north, east, THREE_DECIMALS)

/** A place that is rounded to ten metres is met again soon: there speed and course must be the same too. @returns 0: no tag */
export function tagOf(batch: ReportBatch, i: number, place: number, north: number, east: number): number {
  if (!isRounded(north, east, FOUR_DECIMALS)) return place
  const sog = batch.sog[i]!
  const cog = batch.cog[i]!
  // the high bits say that it is a chosen one
  return sog === sog && cog === cog ? place ^ (hashOf(tenths(sog), tenths(cog)) >>> 16) : 0
}

/** Faster than a vessel swings at anchor; without a speed of its own, by what it made since its last fix. */
export function isUnderWay(tracks: Tracks, slot: number, batch: ReportBatch, i: number): boolean {
  const sog = batch.sog[i]!
  if (sog === sog) return true
  const ms = batch.t[i]! - tracks.t[slot]!
  if (!(ms > 0 && ms <= MAX_STEP_MS)) return false
  const m = planeM(tracks.lat[slot]!, tracks.lon[slot]!, batch.lat[i]!, batch.lon[i]!)
  return m >= (MIN_SPEED_KN * MPS_PER_KN * ms) / MS_PER_S
}

/** The step to here leads off the reported course by more than the rounding of the data. */
export function hasCharacter(
  tracks: Tracks,
  slot: number,
  batch: ReportBatch,
  i: number,
  north: number,
  east: number,
): boolean {
  const cog = batch.cog[i]!
  if (cog !== cog || !(batch.t[i]! - tracks.t[slot]! <= MAX_STEP_MS)) return false
  if (isRounded(north, east, FOUR_DECIMALS)) return false
  const unit = isRounded(north, east, FIVE_DECIMALS) ? FIVE_DECIMALS : UNIT_OF_MESSAGE
  const rad = cog * (Math.PI / 180)
  const dNorth = (batch.lat[i]! - tracks.lat[slot]!) * STEPS_PER_DEG
  const dEast = lonDelta(tracks.lon[slot]!, batch.lon[i]!) * STEPS_PER_DEG
  const aside = dNorth * Math.sin(rad) - dEast * Math.cos(batch.lat[i]! * (Math.PI / 180)) * Math.cos(rad)
  return Math.abs(aside) >= MIN_ASIDE * unit
}

/** Whether the second in the message is that of the new time, or that of the old one; undefined where it does not say. */
export function secondTells(batch: ReportBatch, i: number, lagS: number): 'new' | 'old' | undefined {
  const sent = batch.utcSecond[i]!
  const lag = lagS % 60
  if (sent >= 60 || lag < 2 * SECOND_TOLERANCE_S || lag > 60 - 2 * SECOND_TOLERANCE_S) return undefined
  const since = (((clockOf(batch.t[i]!) - sent) % 60) + 60) % 60
  const isNear = (to: number) => Math.abs(((since - to + 90) % 60) - 30) <= SECOND_TOLERANCE_S
  return isNear(0) ? 'new' : isNear(lag) ? 'old' : undefined
}

/**
 * How long ago the MMSI itself was at the very place of row `i`, s; −1 when it was not, as far as is remembered; NaN when the
 * place is not one that would be.
 */
export function ownLagS(
  remembered: RememberedState,
  tracks: Tracks,
  slot: number,
  batch: ReportBatch,
  i: number,
): number {
  const lat = batch.lat[i]!
  if (lat !== lat || batch.sog[i]! < MIN_SPEED_KN || batch.msgType[i] === COARSE_TYPE) return NaN
  const north = stepsOf(lat)
  const east = stepsOf(batch.lon[i]!)
  const place = hashOf(north, east)
  if (!isChosen(place, remembered.level) || isCoarse(north, east)) return NaN
  if (lat === tracks.lat[slot] && batch.lon[i] === tracks.lon[slot]) return NaN
  const tag = tagOf(batch, i, place, north, east)
  if (tag === 0 || !isUnderWay(tracks, slot, batch, i)) return NaN
  const at = recall(remembered, tag)
  if (at < 0 || latOf(remembered, at) !== north || lonOf(remembered, at) !== east) return -1
  const lagS = clockOf(batch.t[i]!) - secondOf(remembered, at)
  return mmsiOf(remembered, at) === tracks.mmsi[slot] && lagS >= MIN_LAG_S ? lagS : -1
}
