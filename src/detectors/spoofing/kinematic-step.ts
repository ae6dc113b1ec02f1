// Does what a ship said of its speed and course on the way from one fix to the next agree with that way? A minute or so
// apart: long enough that GNSS noise and clocks do not matter, short enough that nothing happens unseen in between.

import { lonDelta } from '../../geo/antimeridian.js'
import { MS_PER_HOUR } from '../../model/units.js'

/** What a step says. Nothing: too slow, or unknown; agrees; moves faster or slower than it says; moves elsewhere. */
export const NOTHING = 0
export const AGREES = 1
export const FASTER = 2
export const SLOWER = 3
export const ELSEWHERE = 4

/** Below this a ship at rest may seem to move, and a speed says little. */
const MIN_KN = 3
/** Wind and current set a ship that sends its heading as its course off by up to 30° only when it is slower. */
const MIN_COURSE_KN = 5
/** Noise of two fixes and an antenna that swings: 37 m. */
const NOISE_NM = 0.02
/** 102.2 stands for any speed above, and for sets that are stuck. */
const MAX_KN = 102
/** Less than this has no bearing. */
const MIN_BEARING_NM = 0.05
/** A ship that turns more than this covers less ground than it sails. */
const MAX_TURN_DEG = 30

const PER_HOUR = 1 / MS_PER_HOUR

const SIN = Float64Array.from({ length: 361 }, (_, deg) => Math.sin((deg * Math.PI) / 180))
const COS = Float64Array.from({ length: 361 }, (_, deg) => Math.cos((deg * Math.PI) / 180))

/** Degrees between two courses, 0…180; NaN when one is not known. */
export const courseApart = (a: number, b: number): number => Math.abs(lonDelta(a, b))

/** A step: from where to where, in minutes of arc on a plane, and what it takes. */
export interface Step {
  lat0: number
  lon0: number
  north: number
  east: number
  movedNm: number
  ms: number
  hours: number
}

/** Minutes of longitude to nautical miles. */
const shrinkOf = (lat: number): number => COS[(lat < 0 ? 0.5 - lat : lat + 0.5) | 0]!

export function stepOf(lat0: number, lon0: number, lat: number, lon: number, ms: number): Step {
  const north = (lat - lat0) * 60
  const east = lonDelta(lon0, lon) * 60 * shrinkOf(lat)
  return { lat0, lon0, north, east, movedNm: Math.hypot(north, east), ms, hours: ms / MS_PER_HOUR }
}

/**
 * Judges a step from (lat0, lon0), where the course told was cog0, to (lat, lon), where it was cog; degrees, NaN unknown, an
 * unknown cog0 is taken to be cog. `low` and `high` are the least and most of the speeds told on the way, knots.
 */
export type StepJudge = (
  lat0: number,
  lon0: number,
  cog0: number,
  lat: number,
  lon: number,
  cog: number,
  low: number,
  high: number,
  ms: number,
) => number

/** @param ratio how far speeds may differ, @param offDeg how far courses may */
export function createStepJudge(ratio: number, offDeg: number): StepJudge {
  const cosOff = Math.cos((offDeg * Math.PI) / 180)
  const perRatio = 1 / ratio

  /** It goes where the course leads, or the course is not known. */
  function isAlong(north: number, east: number, moved2: number, cog: number): boolean {
    if (cog !== cog) return true
    const deg = (cog + 0.5) | 0
    const along = north * COS[deg]! + east * SIN[deg]!
    return cosOff >= 0
      ? along > 0 && along * along >= cosOff * cosOff * moved2
      : along > 0 || along * along <= cosOff * cosOff * moved2
  }

  // squares all along: this is what nearly every report of a ship under way costs
  return (lat0, lon0, cog0, lat, lon, cog, low, high, ms) => {
    let deg = lon - lon0
    if (deg > 180 || deg < -180) deg = lonDelta(lon0, lon)
    const north = (lat - lat0) * 60
    const east = deg * 60 * shrinkOf(lat)
    const moved2 = north * north + east * east
    const hours = ms * PER_HOUR
    const slow = MIN_KN * hours
    if (!(high <= MAX_KN)) return NOTHING
    const most = ratio * high * hours + NOISE_NM
    if (moved2 > most * most && moved2 > slow * slow) return FASTER
    const least = low * hours * perRatio - NOISE_NM
    if (least > 0 && moved2 < least * least && low > MIN_KN) {
      // noise makes no two fixes alike: the same place over again is a receiver that hangs, or a message repeated
      if (moved2 === 0) return NOTHING
      return courseApart(cog0, cog) > MAX_TURN_DEG ? NOTHING : SLOWER
    }
    if (!(moved2 > slow * slow)) return NOTHING
    const bearable = MIN_COURSE_KN * hours
    if (moved2 < bearable * bearable || moved2 < MIN_BEARING_NM * MIN_BEARING_NM) return AGREES
    if (isAlong(north, east, moved2, cog)) return AGREES
    if (cog0 !== cog0) return ELSEWHERE
    if (isAlong(north, east, moved2, cog0)) return AGREES
    return courseApart(cog0, cog) > MAX_TURN_DEG ? NOTHING : ELSEWHERE
  }
}
