// The line a ship follows over water: great-circle legs with corners rounded as a ship turns, cut into pieces short
// enough that a straight line in latitude and longitude is the same line. Longitudes run on past ±180.

import { bearingDeg, destination, haversineM, interpolate } from '../geo/distance.js'
import { M_PER_NM } from '../model/units.js'
import type { Point } from './scenario.js'

export interface Path {
  lat: Float64Array
  /** Continuous: beyond ±180 where the path crosses the antimeridian. */
  lon: Float64Array
  /** Metres from the start at each point. */
  atM: Float64Array
  /** Course of the piece that begins at each point, degrees. */
  course: Float64Array
  lengthM: number
}

const PIECE_M = 10 * M_PER_NM

/** Smallest turn from course a to course b, −180…180 degrees, positive to starboard. */
export const turnDeg = (a: number, b: number): number => ((((b - a + 540) % 360) + 360) % 360) - 180

/** Longitude −180…180. */
export const wrapLon = (lon: number): number => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon)

function roundCorners(points: readonly Point[], turnRadiusNm: number): Point[] {
  const out: Point[] = []
  for (let i = 0; i < points.length; i++) {
    const here = points[i]!
    const before = points[i - 1]
    const after = points[i + 1]
    if (!before || !after) {
      out.push(here)
      continue
    }
    const inward = bearingDeg(here[0], here[1], before[0], before[1])
    const onward = bearingDeg(here[0], here[1], after[0], after[1])
    const turn = Math.abs(turnDeg(inward + 180, onward))
    const room = 0.4 * Math.min(haversineM(...before, ...here), haversineM(...here, ...after))
    const reach = Math.min(room, turnRadiusNm * M_PER_NM * Math.tan(Math.min(turn, 120) * (Math.PI / 360)))
    if (turn < 2 || reach < 20) {
      out.push(here)
      continue
    }
    const a = destination(...here, inward, reach)
    const b = destination(...here, onward, reach)
    const steps = Math.ceil(turn / 4)
    for (let k = 0; k <= steps; k++) {
      const f = k / steps
      const p = interpolate(a.lat, a.lon, here[0], here[1], f)
      const q = interpolate(here[0], here[1], b.lat, b.lon, f)
      const r = interpolate(p.lat, p.lon, q.lat, q.lon, f)
      out.push([r.lat, r.lon])
    }
  }
  return out
}

/**
 * @param points two or more, none twice in a row
 * @param turnRadiusNm how wide the ship turns
 */
export function createPath(points: readonly Point[], turnRadiusNm = 0.4): Path {
  const rounded = roundCorners(points, turnRadiusNm)
  const dense: Point[] = [rounded[0]!]
  for (let i = 1; i < rounded.length; i++) {
    const a = rounded[i - 1]!
    const b = rounded[i]!
    const pieces = Math.ceil(haversineM(...a, ...b) / PIECE_M)
    for (let k = 1; k <= pieces; k++) {
      const p = interpolate(...a, ...b, k / pieces)
      dense.push([p.lat, p.lon])
    }
  }
  const n = dense.length
  const path: Path = {
    lat: new Float64Array(n),
    lon: new Float64Array(n),
    atM: new Float64Array(n),
    course: new Float64Array(n),
    lengthM: 0,
  }
  for (let i = 0; i < n; i++) {
    const [lat, lon] = dense[i]!
    path.lat[i] = lat
    path.lon[i] = lon
    if (i === 0) continue
    const [lat0, lon0] = dense[i - 1]!
    path.lon[i] = path.lon[i - 1]! + turnDeg(lon0, lon)
    path.lengthM += haversineM(lat0, lon0, lat, lon)
    path.atM[i] = path.lengthM
    path.course[i - 1] = bearingDeg(lat0, lon0, lat, lon)
  }
  path.course[n - 1] = path.course[Math.max(0, n - 2)]!
  return path
}

/** Index of the piece that holds `m` metres from the start; `hint` is where the last look-up ended. */
export function pieceAt(path: Path, m: number, hint: number): number {
  const { atM } = path
  const last = Math.max(0, atM.length - 2)
  let i = Math.min(Math.max(hint, 0), last)
  while (i > 0 && atM[i]! > m) i--
  while (i < last && atM[i + 1]! <= m) i++
  return i
}
