// Where a fleet is cut up by vessel, those that hold vessels against each other see an extract of all of them: of each a position
// a minute, more often than they look (detectors/encounter), each that brings new static data, and the first ones
// after a day without any (detectors/spoofing/fabricated-group looks at forty).

import type { ReportBatch } from '../model/batch.js'
import { MS_PER_DAY, MS_PER_MIN } from '../model/units.js'

const EVERY_MS = MS_PER_MIN
const FIRST = 40

interface Seen {
  /** Of the last one taken, and of the last one, epoch ms; 0: none. */
  takenT: number
  t: number
  statics: number
  /** First ones that are still to be taken. */
  left: number
}

/** By MMSI. Plain data. */
export type ExtractState = [mmsi: number, seen: Seen][]

export interface Extract {
  /** Which rows belong to it, of all that come, in order of time of each vessel. */
  choose(batch: ReportBatch, order?: Uint32Array | null): number[]
  state(): ExtractState
}

export function createExtract(saved: ExtractState = []): Extract {
  const vessels = new Map<number, Seen>(saved)

  function holds(batch: ReportBatch, i: number): boolean {
    const t = batch.t[i]!
    const mmsi = batch.mmsi[i]!
    const statics = batch.statics[i]!
    let seen = vessels.get(mmsi)
    if (!seen) vessels.set(mmsi, (seen = { takenT: 0, t: 0, statics: 0, left: 0 }))
    if (t - seen.t >= MS_PER_DAY) seen.left = FIRST
    seen.t = t
    const isNew = statics !== 0 && statics !== seen.statics
    if (isNew) seen.statics = statics
    const isPlaced = batch.lat[i]! === batch.lat[i]!
    const isDue = isPlaced && t - seen.takenT >= EVERY_MS
    if (!isNew && !isDue && seen.left === 0) return false
    if (seen.left > 0) seen.left--
    if (isPlaced) seen.takenT = t
    return true
  }

  return {
    choose(batch, order) {
      const rows: number[] = []
      const n = order ? order.length : batch.length
      for (let k = 0; k < n; k++) {
        const i = order ? order[k]! : k
        if (holds(batch, i)) rows.push(i)
      }
      return rows
    },
    state: () => [...vessels],
  }
}
