// The circle that points on the earth lie on best: on the plane that touches the ellipsoid, by Kåsa's
// algebraic fit (least squares of x² + y² − r²). Over a whole turn its bias is far below the noise of a fix.

import { lonDelta, wrapLon } from './antimeridian.js'
import { ECCENTRICITY_SQUARED, SEMI_MAJOR_M } from './distance.js'

const RAD = Math.PI / 180

/** The plane that touches the earth at a place: east and north of it, metres; to decimetres within 25 km. */
export interface Plane {
  put(lat: number, lon: number): readonly [east: number, north: number]
  /** The place of a point of the plane. */
  place(east: number, north: number): { lat: number; lon: number }
}

export function planeAt(lat0: number, lon0: number): Plane {
  const sin0 = Math.sin(lat0 * RAD)
  const cos0 = Math.cos(lat0 * RAD)
  /** Distance from the axis, and above the equator, turned so that the plane's meridian is the first. */
  const onEarth = (lat: number): [axis: number, z: number] => {
    const sin = Math.sin(lat * RAD)
    const normal = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY_SQUARED * sin * sin)
    return [normal * Math.cos(lat * RAD), normal * (1 - ECCENTRICITY_SQUARED) * sin]
  }
  const [axis0, z0] = onEarth(lat0)
  return {
    put(lat, lon) {
      const [axis, z] = onEarth(lat)
      const turn = lonDelta(lon0, lon) * RAD
      return [axis * Math.sin(turn), cos0 * (z - z0) - sin0 * (axis * Math.cos(turn) - axis0)]
    },
    place(east, north) {
      const x = axis0 - sin0 * north
      const lon = wrapLon(lon0 + Math.atan2(east, x) / RAD)
      return {
        lat: Math.atan2(z0 + cos0 * north, Math.hypot(x, east) * (1 - ECCENTRICITY_SQUARED)) / RAD,
        lon,
      }
    },
  }
}

export interface Circle {
  x: number
  y: number
  r: number
  /** Root mean square of the points' distances from it. */
  rms: number
}

/** @returns null when the points lie on a line, or are fewer than three */
export function fitCircle(xs: readonly number[], ys: readonly number[]): Circle | null {
  const n = xs.length
  if (n < 3) return null
  const mx = xs.reduce((a, b) => a + b) / n
  const my = ys.reduce((a, b) => a + b) / n
  let [xx, yy, xy, xz, yz, z] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const u = xs[i]! - mx
    const v = ys[i]! - my
    const w = u * u + v * v
    xx += u * u
    yy += v * v
    xy += u * v
    xz += u * w
    yz += v * w
    z += w
  }
  const det = xx * yy - xy * xy
  if (!(det > 1e-9 * xx * yy) || !(z > 0)) return null
  const u = (xz * yy - yz * xy) / (2 * det)
  const v = (yz * xx - xz * xy) / (2 * det)
  const r = Math.sqrt(u * u + v * v + z / n)
  let sum = 0
  for (let i = 0; i < n; i++) sum += (Math.hypot(xs[i]! - mx - u, ys[i]! - my - v) - r) ** 2
  return { x: mx + u, y: my + v, r, rms: Math.sqrt(sum / n) }
}
