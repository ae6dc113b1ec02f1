// What is no ship because it stays: something is detected at one place again and again, for weeks. Most of what is detected is
// detected once, and every place has to be remembered in case it is seen again: so places are rows of columns (48 bytes each with their index), found by
// cells of a hash table, and the oldest give way to new ones.

import { haversineM } from '../geo/distance.js'
import type { Detection } from '../model/detection.js'
import { EARTH_RADIUS_M, MS_PER_DAY } from '../model/units.js'
import { SEEN } from './fixed.js'

/** Learned: at least so many pictures, over so many days, within so many metres besides their errors. */
const LEAST_PICTURES = 4
const LEAST_DAYS = 10
const STAYS_M = 100
/** Places that are watched, at most; the oldest give way. */
const MAX_PLACES = 262_144
const FIRST_PLACES = 1024

/** Side of a cell, degrees: some two kilometres, as far as most detectors err. */
const CELL_DEG = 0.02
const CELLS_ROUND = Math.round(360 / CELL_DEG)
const M_PER_DEG = (EARTH_RADIUS_M * Math.PI) / 180
const NONE = -1

/** Rows of places. Plain data. */
export interface StaysState {
  /** Mean of all detections there. */
  lat: Float64Array
  lon: Float64Array
  /** Pictures that show something there: of LEAST_PICTURES days (since 1970), the last of which is the newest. */
  pictures: Uint32Array
  days: Int32Array
  /** Rows in use, and the one that gives way next once all are. */
  used: number
  oldest: number
}

export const newStays = (): StaysState => ({
  ...{ lat: new Float64Array(FIRST_PLACES), lon: new Float64Array(FIRST_PLACES) },
  ...{ pictures: new Uint32Array(FIRST_PLACES), days: new Int32Array(LEAST_PICTURES * FIRST_PLACES) },
  ...{ used: 0, oldest: 0 },
})

export interface Stays {
  readonly state: StaysState
  /** Takes what a picture shows. */
  add(detections: readonly Detection[]): void
  /** As `Fixed.density`, of what has been seen often enough. */
  density(lat: number, lon: number, sigmaM: number): number
}

/** @param maxPlaces @default 262,144 */
export function createStays(state: StaysState = newStays(), maxPlaces = MAX_PLACES): Stays {
  // rows by cell: the first of each bucket, and the next of each row
  let first = new Int32Array(0)
  let next = new Int32Array(0)

  function index(): void {
    first = new Int32Array(2 * state.lat.length).fill(NONE)
    next = new Int32Array(state.lat.length).fill(NONE)
    for (let row = 0; row < state.used; row++) link(row)
  }

  function bucketOf(y: number, x: number): number {
    const column = ((x % CELLS_ROUND) + CELLS_ROUND) % CELLS_ROUND
    return ((Math.imul(y, 73_856_093) ^ Math.imul(column, 19_349_663)) >>> 0) % first.length
  }
  const cellOf = (deg: number): number => Math.floor(deg / CELL_DEG)
  const homeOf = (row: number): number => bucketOf(cellOf(state.lat[row]!), cellOf(state.lon[row]!))

  function link(row: number): void {
    const bucket = homeOf(row)
    next[row] = first[bucket]!
    first[bucket] = row
  }

  function unlink(row: number): void {
    const bucket = homeOf(row)
    if (first[bucket] === row) first[bucket] = next[row]!
    else {
      let before = first[bucket]!
      while (next[before] !== row) before = next[before]!
      next[before] = next[row]!
    }
  }

  const ageOf = (row: number): number => (row - state.oldest + maxPlaces) % maxPlaces

  /** The row of the nearest place within that distance, of two the older one. */
  function nearest(lat: number, lon: number, reachM: number): { row: number; m: number } | null {
    const dLat = reachM / M_PER_DEG
    const dLon = Math.min(180, dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180)))
    let best: { row: number; m: number } | null = null
    for (let y = cellOf(lat - dLat); y <= cellOf(lat + dLat); y++)
      for (let x = cellOf(lon - dLon); x <= cellOf(lon + dLon); x++)
        for (let row = first[bucketOf(y, x)]!; row !== NONE; row = next[row]!) {
          if (Math.abs(state.lat[row]! - lat) > dLat) continue
          const m = haversineM(lat, lon, state.lat[row]!, state.lon[row]!)
          if (m > reachM) continue
          if (!best || m < best.m || (m === best.m && ageOf(row) < ageOf(best.row))) best = { row, m }
        }
    return best
  }

  /** A row for a new place. */
  function freeRow(): number {
    if (state.used === maxPlaces) {
      const row = state.oldest
      unlink(row)
      state.oldest = (row + 1) % maxPlaces
      return row
    }
    if (state.used === state.lat.length) grow(Math.min(maxPlaces, 2 * state.used))
    return state.used++
  }

  function grow(size: number): void {
    const longer = <T extends { set(of: T): void }>(into: T, of: T): T => (into.set(of), into)
    state.lat = longer(new Float64Array(size), state.lat)
    state.lon = longer(new Float64Array(size), state.lon)
    state.pictures = longer(new Uint32Array(size), state.pictures)
    state.days = longer(new Int32Array(LEAST_PICTURES * size), state.days)
    index()
  }

  const daysOf = (row: number): Int32Array =>
    state.days.subarray(
      LEAST_PICTURES * row,
      LEAST_PICTURES * row + Math.min(LEAST_PICTURES, state.pictures[row]!),
    )

  function seenAgain(row: number, lat: number, lon: number, day: number): void {
    const days = daysOf(row)
    if (days.includes(day)) return
    const pictures = ++state.pictures[row]!
    // days beyond what it takes tell nothing more
    if (days.length < LEAST_PICTURES) state.days[LEAST_PICTURES * row + days.length] = day
    else days[LEAST_PICTURES - 1] = Math.max(day, days[LEAST_PICTURES - 1]!)
    unlink(row)
    state.lat[row]! += (lat - state.lat[row]!) / pictures
    if (Math.abs(lon - state.lon[row]!) < 1) state.lon[row]! += (lon - state.lon[row]!) / pictures
    link(row)
  }

  index()
  return {
    state,
    add(detections) {
      for (const { lat, lon, sigmaM, t } of detections) {
        const day = Math.floor(t / MS_PER_DAY)
        const near = nearest(lat, lon, STAYS_M + 2 * sigmaM)
        if (near) {
          seenAgain(near.row, lat, lon, day)
          continue
        }
        const row = freeRow()
        state.lat[row] = lat
        state.lon[row] = lon
        state.pictures[row] = 1
        state.days[LEAST_PICTURES * row] = day
        link(row)
      }
    },
    density(lat, lon, sigmaM) {
      const near = nearest(lat, lon, STAYS_M + 3 * sigmaM)
      if (!near || state.pictures[near.row]! < LEAST_PICTURES) return 0
      const days = daysOf(near.row)
      if (Math.max(...days) - Math.min(...days) < LEAST_DAYS) return 0
      const spread = (STAYS_M / 2) ** 2 + sigmaM ** 2
      return (SEEN * Math.exp((-near.m * near.m) / (2 * spread))) / (2 * Math.PI * spread)
    },
  }
}
