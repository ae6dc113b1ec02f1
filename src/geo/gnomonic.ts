// The plane on which great circles are straight lines: what is convex on the sphere is convex there. Less than half the
// sphere has room on it, without a date line and without poles.

import { EARTH_RADIUS_M } from '../model/units.js'

/** Of length 1, from the middle of the earth. */
export type Vector = readonly [x: number, y: number, z: number]

export interface Plane {
  /** The box that holds all the places that it was made for, as tangents. */
  readonly minX: number
  readonly maxX: number
  readonly minY: number
  readonly maxY: number
  /** The place at a point of the plane. */
  at(x: number, y: number): Vector
}

const RAD = Math.PI / 180
/** Cosine of the farthest that a place may be from the middle of all, 60 degrees: beyond, the plane is too large to search. */
const FARTHEST_COS = 0.5

export function toVector({ lat, lon }: { lat: number; lon: number }): Vector {
  const cos = Math.cos(lat * RAD)
  return [cos * Math.cos(lon * RAD), cos * Math.sin(lon * RAD), Math.sin(lat * RAD)]
}

export const toPlace = ([x, y, z]: Vector): { lat: number; lon: number } => ({
  lat: Math.atan2(z, Math.hypot(x, y)) / RAD,
  lon: Math.atan2(y, x) / RAD,
})

/** Great-circle distance on the mean sphere, metres. */
export function vectorM(a: Vector, b: Vector): number {
  const x = a[0] - b[0]
  const y = a[1] - b[1]
  const z = a[2] - b[2]
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z) / 2))
}

/** A plane about the middle of some places; null where they are farther than 3,600 nm from it. */
export function planeOf(places: readonly Vector[]): Plane | null {
  const middle = unit(places.reduce<Vector>((s, a) => [s[0] + a[0], s[1] + a[1], s[2] + a[2]], [0, 0, 0]))
  const [mx, my, mz] = middle
  const east = unit(Math.abs(mz) < 0.999 ? [-my, mx, 0] : [0, -mz, my])
  const north: Vector = [
    my * east[2] - mz * east[1],
    mz * east[0] - mx * east[2],
    mx * east[1] - my * east[0],
  ]
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const place of places) {
    const cos = dot(place, middle)
    if (!(cos > FARTHEST_COS)) return null
    const [x, y] = [dot(place, east) / cos, dot(place, north) / cos]
    minX = Math.min(minX, x)
    maxX = Math.max(maxX, x)
    minY = Math.min(minY, y)
    maxY = Math.max(maxY, y)
  }
  return {
    ...{ minX, maxX, minY, maxY },
    at(x, y) {
      const scale = 1 / Math.sqrt(1 + x * x + y * y)
      return [
        (mx + x * east[0] + y * north[0]) * scale,
        (my + x * east[1] + y * north[1]) * scale,
        (mz + x * east[2] + y * north[2]) * scale,
      ]
    },
  }
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

function unit(a: Vector): Vector {
  const length = Math.sqrt(dot(a, a))
  return [a[0] / length, a[1] / length, a[2] / length]
}
