// Who was where at each time of the grid: places by cell, of the last hours only. What was put there by a vessel that has
// given its slot to another counts no more.

import { haversineM } from '../../geo/distance.js'
import { MS_PER_HOUR } from '../../model/units.js'
import type { Spot } from './grid.js'
import { cellOf, cellsAround } from '../../tracks/near.js'

/** Times so far behind the newest are given up: a source may be hours late (a satellite's 8 h). */
const KEEP_MS = 9 * MS_PER_HOUR
/** … and sooner, once there are more places than this for each slot: an hour of all of them is needed. */
const PER_SLOT = 12

// a place in a cell, as a row of numbers
const SLOT = 0
const OWNER = 1
const LAT = 2
const LON = 3
const DENSITY = 4
const FIELDS = 5

/** Plain data. */
export interface Layers {
  /** Counts the owners that a slot has had. */
  owner: Uint32Array
  /** By event time, then by cell. */
  times: Map<number, Map<number, number[]>>
  newest: number
  /** Places held. */
  size: number
  /** No time nearer to the newest than this, ms, is given up. */
  neededMs: number
}

export const createLayers = (slots: number, neededMs: number): Layers => ({
  ...{ owner: new Uint32Array(slots), times: new Map<number, Map<number, number[]>>() },
  ...{ newest: 0, size: 0, neededMs },
})

export function place(layers: Layers, slot: number, { t, lat, lon, density }: Spot): void {
  const cells = layers.times.get(t) ?? open(layers, t)
  const cell = cellOf(lat, lon)
  const rows = cells.get(cell)
  const row = [slot, layers.owner[slot]!, lat, lon, density]
  if (rows) rows.push(...row)
  else cells.set(cell, row)
  layers.size++
}

/** What was placed there by this owner of the slot was none of its places. */
export function takeOut(layers: Layers, slot: number, { t, lat, lon }: Spot): void {
  const rows = layers.times.get(t)?.get(cellOf(lat, lon)) ?? []
  for (let k = 0; k < rows.length; k += FIELDS) {
    if (rows[k + SLOT] !== slot || rows[k + OWNER] !== layers.owner[slot]) continue
    rows.splice(k, FIELDS)
    layers.size--
    return
  }
}

/** Visits who was within a distance of a place at its time. */
export function visitNear(
  { times, owner }: Layers,
  { t, lat, lon }: Spot,
  withinM: number,
  visit: (slot: number, spot: Spot) => void,
): void {
  const cells = times.get(t)
  if (!cells) return
  for (const cell of cellsAround(lat, lon, withinM)) {
    const rows = cells.get(cell) ?? []
    for (let k = 0; k < rows.length; k += FIELDS) {
      const slot = rows[k + SLOT]!
      if (rows[k + OWNER] !== owner[slot]) continue
      const [its, east] = [rows[k + LAT]!, rows[k + LON]!]
      if (haversineM(lat, lon, its, east) <= withinM)
        visit(slot, { t, lat: its, lon: east, kn: NaN, density: rows[k + DENSITY]! })
    }
  }
}

function open(layers: Layers, t: number): Map<number, number[]> {
  const { times } = layers
  const cells = new Map<number, number[]>()
  times.set(t, cells)
  layers.newest = Math.max(layers.newest, t)
  for (const old of [...times.keys()].sort((a, b) => a - b)) {
    const isMuch = layers.size > PER_SLOT * layers.owner.length
    const ms = layers.newest - old
    if (old === t || ms <= layers.neededMs || !(isMuch || ms > KEEP_MS)) break
    for (const rows of times.get(old)!.values()) layers.size -= rows.length / FIELDS
    times.delete(old)
  }
  return cells
}
