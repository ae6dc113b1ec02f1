// How well satellites hear a place: positions a day that a ship gives there, by month, one-degree cell and class, after
// the reception layer of Welch et al. (2022). It is made of the data of the run, as they come. Hours run from one satellite
// position of a ship to its next, no more than 15; speeds as in the original (Class A 0.5 to 14 kn, B 2 to 30), by which
// a ship sends often enough to be missed. Where a cell has less than a day of them its eight neighbours lend theirs: the
// original spreads a radial basis function over a month of the whole world.

import { haversineM } from '../../geo/distance.js'
import { M_PER_NM, MS_PER_HOUR } from '../../model/units.js'

const MAX_HOURS = 15
const MIN_CELL_HOURS = 24
/** Months kept. */
const MONTHS = 13
const SPEEDS_KN = { A: [0.5, 14], B: [2, 30] } as const
const LATS = 180
const LONS = 360
const CELLS = 2 * LATS * LONS
const AROUND = [-1, 0, 1]
  .flatMap(north => [-1, 0, 1].map(east => [north, east] as const))
  .filter(([n, e]) => n || e)

/** Plain data. */
export interface LayerState {
  /** The last satellite position of each track, by slot: epoch ms (0: none), degrees. */
  t: Float64Array
  lat: Float64Array
  lon: Float64Array
  /** Newest month seen, since 1970. */
  month: number
  /** By month, class and cell: positions, hours. */
  cells: Map<number, [positions: number, hours: number]>
}

export const initLayer = (slots: number): LayerState => ({
  t: new Float64Array(slots),
  lat: new Float64Array(slots),
  lon: new Float64Array(slots),
  month: 0,
  cells: new Map(),
})

export function monthOf(t: number): number {
  const date = new Date(t)
  return 12 * (date.getUTCFullYear() - 1970) + date.getUTCMonth()
}

/** Takes a satellite position of a track. @param sog its speed, knots; NaN: that between it and the one before */
export function countPosition(
  state: LayerState,
  slot: number,
  t: number,
  lat: number,
  lon: number,
  sog: number,
  isClassB: boolean,
): void {
  const t0 = state.t[slot]!
  const hours = (t - t0) / MS_PER_HOUR
  if (!(hours > 0)) return // a copy
  const [lat0, lon0] = [state.lat[slot]!, state.lon[slot]!]
  state.t[slot] = t
  state.lat[slot] = lat
  state.lon[slot] = lon
  if (t0 === 0) return
  const kn = sog === sog ? sog : haversineM(lat0, lon0, lat, lon) / M_PER_NM / hours
  const [slow, fast] = SPEEDS_KN[isClassB ? 'B' : 'A']
  if (!(kn > slow && kn < fast)) return
  const month = monthOf(t0)
  const key = keyOf(month, isClassB, lat0, lon0)
  const cell = state.cells.get(key)
  const spent = Math.min(MAX_HOURS, hours)
  if (cell) {
    cell[0]++
    cell[1] += spent
    return
  }
  state.cells.set(key, [1, spent])
  if (month <= state.month) return
  state.month = month
  for (const old of state.cells.keys()) if (old < (month - MONTHS + 1) * CELLS) state.cells.delete(old)
}

export function clearPosition(state: LayerState, slot: number): void {
  state.t[slot] = 0
}

/** Satellite positions a day that a ship of the class gives there in the month of `t`; 0 where nobody was. */
export function positionsPerDay(
  state: LayerState,
  t: number,
  lat: number,
  lon: number,
  isClassB: boolean,
): number {
  const month = monthOf(t)
  const cell = (north: number, east: number) =>
    (Math.abs(lat + north) <= 90 && state.cells.get(keyOf(month, isClassB, lat + north, lon + east))) || [
      0, 0,
    ]
  let [positions, hours] = cell(0, 0)
  if (hours < MIN_CELL_HOURS) {
    for (const [north, east] of AROUND) {
      const [n, h] = cell(north, east)
      positions += n
      hours += h
    }
  }
  return hours > 0 ? (24 * positions) / hours : 0
}

const keyOf = (month: number, isClassB: boolean, lat: number, lon: number): number =>
  month * CELLS +
  (isClassB ? LATS * LONS : 0) +
  Math.min(LATS - 1, Math.floor(lat) + 90) * LONS +
  ((((Math.floor(lon) + 180) % LONS) + LONS) % LONS)
