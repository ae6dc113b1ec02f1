// Places on a grid of time, as pipe-encounters (Global Fishing Watch) makes them: every ten minutes, between two fixes that
// are less than an hour apart, and up to an hour beyond the first and the last fix of a day by speed and course. The day is
// no seam, as it is there: who is heard on both sides of midnight within the hour is interpolated over it.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../../model/units.js'

export interface GridRule {
  stepMs: number
  /** Fixes this far apart or farther have nothing between them. */
  holeMs: number
  extrapolate: boolean
}

export interface Sighting {
  t: number
  lat: number
  lon: number
  /** Knots and degrees; NaN where not told. */
  kn: number
  course: number
}

/** Where a vessel was at a time of the grid. */
export interface Spot {
  t: number
  lat: number
  lon: number
  kn: number
  /** Fixes that it stands for: 1, less where they are farther apart than the grid's times. */
  density: number
}

/** Degrees of latitude that a knot makes in a millisecond. */
const DEG_PER_KN_MS = 1 / (60 * MS_PER_HOUR)
/** Near a pole a degree of longitude is taken for no shorter than this share of one of latitude. */
const MIN_COS = 0.1
const RAD = Math.PI / 180

const dayStart = (t: number): number => Math.floor(t / MS_PER_DAY) * MS_PER_DAY
export const dayEnd = (t: number): number => dayStart(t) + MS_PER_DAY

/** No time of the grid after `a` and up to `b`: nearly always. */
export const isWithin = (a: number, b: number, { stepMs }: GridRule): boolean =>
  Math.floor(a / stepMs) === Math.floor(b / stepMs)

/** At the times after one fix and up to the next; at that of the first too, where it begins a way. */
export function between(from: Sighting, to: Sighting, isFirst: boolean, rule: GridRule): Spot[] {
  const ms = to.t - from.t
  if (!(ms < rule.holeMs)) return []
  return timesFrom(from.t, to.t, rule)
    .filter(t => isFirst || t > from.t)
    .map(t => {
      const share = (t - from.t) / ms
      return {
        t,
        lat: to.lat * share + from.lat * (1 - share),
        lon: wrapLon(from.lon + share * lonDelta(from.lon, to.lon)),
        kn: to.kn * share + from.kn * (1 - share),
        density: Math.min(1, rule.stepMs / ms),
      }
    })
}

/** At the times before the first fix of a day. */
export const before = (first: Sighting, rule: GridRule): Spot[] =>
  timesFrom(Math.max(dayStart(first.t), first.t - rule.holeMs), first.t - 1, rule).flatMap(t =>
    goingOn(first, t, rule),
  )

/** At the times after the last fix of a day. */
export const after = (last: Sighting, rule: GridRule): Spot[] =>
  timesFrom(last.t + 1, Math.min(dayEnd(last.t) - 1, last.t + rule.holeMs), rule).flatMap(t =>
    goingOn(last, t, rule),
  )

function timesFrom(from: number, to: number, { stepMs }: GridRule): number[] {
  const times: number[] = []
  for (let t = Math.ceil(from / stepMs) * stepMs; t <= to; t += stepMs) times.push(t)
  return times
}

/** On a plane, as it went. Nothing where it does not tell how it went. */
function goingOn({ t: since, lat, lon, kn, course }: Sighting, t: number, rule: GridRule): Spot[] {
  if (!rule.extrapolate || kn !== kn || (course !== course && kn !== 0)) return []
  const deg = kn === 0 ? 0 : kn * DEG_PER_KN_MS * (t - since)
  const north = deg === 0 ? 0 : deg * Math.cos(course * RAD)
  const east = deg === 0 ? 0 : (deg * Math.sin(course * RAD)) / Math.max(MIN_COS, Math.cos(lat * RAD))
  // as there: of what lies ahead so many hundredths, of what lies behind all
  const density = Math.round(100 * Math.min(1, rule.stepMs / Math.max(1, t - since))) / 100
  return [{ t, lat: Math.max(-90, Math.min(90, lat + north)), lon: wrapLon(lon + east), kn, density }]
}
