// Raw encounters of two vessels, as pipe-encounters (Global Fishing Watch) defines them: times of the grid in a row at which
// they are near; and those of a pair that are one encounter, since little time lies between them.

import { haversineM } from '../../geo/distance.js'
import { M_PER_NM, MS_PER_HOUR } from '../../model/units.js'
import type { Edge } from './together.js'

// a time at which they are near, as a row of numbers
export const T = 0
const A = 1 // place and density of the one, …
const B = 4 // … and of the other
const DISTANCE = 7
export const FIELDS = 8

/** Of one of the two. */
export interface Side {
  /** Its mean place. */
  lat: number
  lon: number
  /** Median of the speeds made good from one time to the next. */
  medianKn: number
  /** Sum of its densities, rounded: fixes that it rests on. */
  points: number
}

export interface Raw {
  start: Edge
  end: Edge
  medianDistanceM: number
  closestM: number
  /** Times, and those that lie between fixes farther apart than the grid's times. */
  times: number
  a: Side & { guessed: number }
  b: Side & { guessed: number }
}

/** What times in a row say. @param rows FIELDS numbers each, two rows at least */
export function rawOf(rows: readonly number[]): Raw {
  const distances: number[] = []
  for (let k = 0; k < rows.length; k += FIELDS) distances.push(rows[k + DISTANCE]!)
  const last = rows.length - FIELDS
  return {
    ...{ start: edgeAt(rows, 0), end: edgeAt(rows, last), times: distances.length },
    ...{ medianDistanceM: medianOf(distances), closestM: Math.min(...distances) },
    ...{ a: sideOf(rows, A), b: sideOf(rows, B) },
  }
}

function sideOf(rows: readonly number[], side: number): Raw['a'] {
  const n = rows.length / FIELDS
  let [lat, north, east, points, guessed] = [0, 0, 0, 0, 0]
  const speeds: number[] = []
  for (let k = 0; k < rows.length; k += FIELDS) {
    const at = k + side
    const lon = (rows[at + 1]! * Math.PI) / 180
    lat += rows[at]! / n
    north += Math.cos(lon)
    east += Math.sin(lon)
    points += rows[at + 2]!
    if (rows[at + 2]! < 1) guessed++
    if (k === 0) continue
    const from = at - FIELDS
    const m = haversineM(rows[from]!, rows[from + 1]!, rows[at]!, rows[at + 1]!)
    speeds.push((m / M_PER_NM / (rows[k + T]! - rows[k - FIELDS + T]!)) * MS_PER_HOUR)
  }
  return {
    ...{ lat, lon: (Math.atan2(east, north) * 180) / Math.PI },
    ...{ medianKn: medianOf(speeds), points: toEven(points), guessed },
  }
}

const edgeAt = (rows: readonly number[], k: number): Edge => {
  const t = rows[k + T]!
  const at = (side: number) => ({ t, lat: rows[k + side]!, lon: rows[k + side + 1]! })
  return { t, a: at(A), b: at(B) }
}

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** A half goes to the even neighbour, as it does there. */
function toEven(x: number): number {
  const floor = Math.floor(x)
  return x - floor === 0.5 ? floor + (floor % 2) : Math.round(x)
}
