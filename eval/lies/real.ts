// Real files: ships as recorded. Nobody is known to lie in those that are called clean, and lies are laid into the two
// that were recorded at full rate.

import { existsSync } from 'node:fs'
import { isStaticOnly, type ReportBatch } from '../../src/model/batch.js'
import { COLLECTIONS, TX_CLASSES, type PositionReport } from '../../src/model/report.js'
import { readSorted } from '../real.js'
import type { Heard, Ship } from './family.js'

export interface Recording {
  name: string
  title: string
  /** Every transmission is in it: what is laid into its ships can be found. */
  fullRate: boolean
}

export const RECORDINGS: readonly Recording[] = [
  {
    name: 'aisanalyze_northsea_1h_2022-11-01.csv.gz',
    title: 'DMA, an hour of the North Sea',
    fullRate: true,
  },
  { name: 'stonesoup_SolentAIS_20160112.csv.gz', title: 'the Solent, 84 minutes', fullRate: true },
  {
    name: 'marinecadastre_2022-01-03_first99999.csv.gz',
    title: 'NOAA, 25 minutes of all the US coasts',
    fullRate: false,
  },
  { name: 'dataset1_truth.csv.gz', title: 'NOAA, a day, a report per half hour', fullRate: false },
  {
    name: 'gfw_pelagos_4vessels_2012.csv.gz',
    title: 'four fishing vessels, a year of satellites',
    fullRate: false,
  },
]

/** @returns null when the file is not there */
export async function shipsOf(path: string): Promise<Ship[] | null> {
  if (!existsSync(path)) return null
  const { batches } = await readSorted(path)
  const ships = new Map<number, Ship & { statics: number }>()
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      const mmsi = batch.mmsi[i]!
      let ship = ships.get(mmsi)
      if (!ship) ships.set(mmsi, (ship = { mmsi, kind: 'as recorded', messages: [], statics: 0 }))
      const t = batch.t[i]!
      const statics = batch.statics[i]!
      if (statics !== 0 && statics !== ship.statics) {
        ship.statics = statics
        ship.messages.push({
          kind: 'static',
          receivedAt: t,
          report: { mmsi, t, ...batch.words.statics.get(statics) },
        })
      }
      if (!isStaticOnly(batch.msgType[i]!)) ship.messages.push(heardOf(batch, i))
    }
  }
  return [...ships.values()]
}

/** A value that a batch says is not available is left out. */
function heardOf(batch: ReportBatch, i: number): Heard {
  const t = batch.t[i]!
  const report: PositionReport = { mmsi: batch.mmsi[i]!, t, txClass: TX_CLASSES[batch.txClass[i]!]! }
  for (const name of ['lat', 'lon', 'sog', 'cog', 'heading', 'rot'] as const)
    if (!Number.isNaN(batch[name][i]!)) report[name] = batch[name][i]!
  report.msgType = batch.msgType[i]!
  report.navStatus = batch.navStatus[i]!
  if (batch.utcSecond[i]! < 64) report.utcSecond = batch.utcSecond[i]!
  report.collection = COLLECTIONS[batch.collection[i]!]!
  const receiver = batch.words.receivers.get(batch.receiver[i]!)
  return {
    ...{ kind: 'position', receivedAt: t, report },
    ...(receiver !== undefined && { receiver }),
  }
}
