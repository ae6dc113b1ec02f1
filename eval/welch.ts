// The rule of Welch et al. (2022) as a baseline, simplified: a silence is intentional when it lasts 12 h or more (in whole
// minutes), begins more than 50 nm from shore, follows 14 or more satellite positions in 12 h, and lies where satellites
// hear more than 10 positions a day. Thresholds: ../shared/design/detection.md section 4.
//
// The reception layer is made from the data themselves, by one-degree cell and class: satellite positions over the hours
// that ships spent there, times 24. Hours run from one satellite position of a ship to its next, no more than 15 of
// them. Speeds as in the original (Class A 0.5 to 14 kn, B 2 to 30). Where a cell has less than 24 hours, its eight
// neighbours lend theirs: the original spreads a radial basis function over a month of the whole world.

import { isStaticOnly, type ReportBatch } from '../src/model/batch.js'
import type { VesselEvent } from '../src/model/event.js'
import { COLLECTIONS, TX_CLASSES } from '../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../src/model/units.js'

const MIN_GAP_H = 12
const MIN_SHORE_NM = 50
const MIN_SATELLITE_BEFORE = 14
const MIN_POSITIONS_PER_DAY = 10
const MAX_HOURS = 15
const MIN_CELL_HOURS = 24
const SATELLITE = COLLECTIONS.indexOf('satellite')
const SPEEDS_KN: Partial<Record<(typeof TX_CLASSES)[number], readonly [number, number]>> = {
  A: [0.5, 14],
  B: [2, 30],
}

export interface ReceptionLayer {
  /** Satellite positions a day that a ship of this class gives at this place; 0 where nobody was. */
  perDay(lat: number, lon: number, txClass: string): number
}

export function receptionLayer(batches: readonly ReportBatch[]): ReceptionLayer {
  interface Heard {
    t: number
    cell: string
  }
  const cells = new Map<string, { positions: number; hours: number }>()
  const of = (name: string) => {
    let cell = cells.get(name)
    if (!cell) cells.set(name, (cell = { positions: 0, hours: 0 }))
    return cell
  }
  const last = new Map<number, Heard>()
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      if (batch.collection[i] !== SATELLITE || isStaticOnly(batch.msgType[i]!)) continue
      const txClass = TX_CLASSES[batch.txClass[i]!]!
      const [slow, fast] = SPEEDS_KN[txClass] ?? [Infinity, 0]
      const mmsi = batch.mmsi[i]!
      const t = batch.t[i]!
      const before = last.get(mmsi)
      if (before && t <= before.t) continue // a copy, or late
      if (before) of(before.cell).hours += Math.min(MAX_HOURS, (t - before.t) / MS_PER_HOUR)
      if (!(batch.sog[i]! >= slow && batch.sog[i]! <= fast)) {
        last.delete(mmsi)
        continue
      }
      const cell = cellName(batch.lat[i]!, batch.lon[i]!, txClass)
      of(cell).positions++
      last.set(mmsi, { t, cell })
    }
  }
  return {
    perDay(lat, lon, txClass) {
      const own = cells.get(cellName(lat, lon, txClass)) ?? { positions: 0, hours: 0 }
      let { positions, hours } = own
      if (hours < MIN_CELL_HOURS) {
        for (let north = -1; north <= 1; north++) {
          for (let east = -1; east <= 1; east++) {
            const next = north || east ? cells.get(cellName(lat + north, lon + east, txClass)) : undefined
            positions += next?.positions ?? 0
            hours += next?.hours ?? 0
          }
        }
      }
      return hours > 0 ? (24 * positions) / hours : 0
    },
  }
}

const cellName = (lat: number, lon: number, txClass: string): string =>
  `${txClass} ${Math.floor(lat)} ${((Math.floor(lon) % 360) + 360) % 360}`

/** @param gap a closed gap of the preset gfw-pipe, which counts positions before it as the original does */
export function isIntentional(
  { start, durationS, vessel, details }: Pick<VesselEvent, 'start' | 'durationS' | 'vessel' | 'details'>,
  layer: ReceptionLayer,
  shoreDistanceM: (lat: number, lon: number) => number,
): boolean {
  const { lat, lon } = start
  if (durationS === null || lat === null || lon === null) return false
  const minutes = Math.floor((durationS * 1000) / MS_PER_MIN)
  const before = details['reportsBefore12h'] as { satellite: number } | null
  return (
    minutes / 60 >= MIN_GAP_H &&
    (before?.satellite ?? 0) >= MIN_SATELLITE_BEFORE &&
    shoreDistanceM(lat, lon) > MIN_SHORE_NM * M_PER_NM &&
    layer.perDay(lat, lon, vessel.txClass) > MIN_POSITIONS_PER_DAY
  )
}
