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
/** Speeds are sent in tenths of a knot. */
const SAME_KN = 0.05
/** Less than this has no bearing. */
const MIN_BEARING_NM = 0.05
/** A ship that turns more than this covers less ground than it sails. */
const MAX_TURN_DEG = 30

const SIN = Float64Array.from({ length: 361 }, (_, deg) => Math.sin((deg * Math.PI) / 180))
const COS = Float64Array.from({ length: 361 }, (_, deg) => Math.cos((deg * Math.PI) / 180))

/** The step looked at last: read at once or not at all. */
export const last = { lat0: 0, lon0: 0, north: 0, east: 0, movedNm: 0, ms: 0, hours: 0 }

/** Degrees between two courses, 0…180; NaN when one is not known. */
export const courseApart = (a: number, b: number): number => Math.abs(lonDelta(a, b))

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
  return (lat0, lon0, cog0, lat, lon, cog, low, high, ms) => {
    const north = (lat - lat0) * 60
    const east = lonDelta(lon0, lon) * 60 * COS[Math.abs(lat + 0.5) | 0]!
    const movedNm = Math.sqrt(north * north + east * east)
    const hours = ms / MS_PER_HOUR
    last.lat0 = lat0
    last.lon0 = lon0
    last.north = north
    last.east = east
    last.movedNm = movedNm
    last.ms = ms
    last.hours = hours
    if (!(high <= MAX_KN)) return NOTHING
    if (movedNm - NOISE_NM > ratio * high * hours && movedNm > MIN_KN * hours) return FASTER
    if ((movedNm + NOISE_NM) * ratio < low * hours && low > MIN_KN) {
      // the same message over again says that somebody repeats it
      if (movedNm === 0 && high - low < SAME_KN) return NOTHING
      return courseApart(cog0, cog) > MAX_TURN_DEG ? NOTHING : SLOWER
    }
    if (!(movedNm > MIN_KN * hours)) return NOTHING
    if (movedNm < MIN_COURSE_KN * hours || movedNm < MIN_BEARING_NM || cog !== cog) return AGREES
    const way = cosOff * movedNm
    if (north * COS[(cog + 0.5) | 0]! + east * SIN[(cog + 0.5) | 0]! >= way) return AGREES
    if (cog0 !== cog0) return ELSEWHERE
    if (north * COS[(cog0 + 0.5) | 0]! + east * SIN[(cog0 + 0.5) | 0]! >= way) return AGREES
    return courseApart(cog0, cog) > MAX_TURN_DEG ? NOTHING : ELSEWHERE
  }
}
