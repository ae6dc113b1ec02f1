// Where a fleet is cut up by vessel, those that hold vessels against each other see an extract of all of them: of each a position
// a minute, more often than they look (detectors/encounter), each that brings new static data, and the first ones
// after a day without any (detectors/spoofing/fabricated-group looks at forty).

import type { ReportBatch } from '../model/batch.js'
import { MS_PER_DAY, MS_PER_MIN } from '../model/units.js'

const EVERY_MS = MS_PER_MIN
const FIRST = 40

interface Seen {
  /** Of the last one taken, and of the last one. */
  takenT: number
  t: number
  statics: number
  /** First ones that are still to be taken. */
  left: number
}

/** Tells of each row, in order of time of its vessel, whether it belongs to the extract. */
export function createExtract(): (batch: ReportBatch, i: number) => boolean {
  const vessels = new Map<number, Seen>()
  return (batch, i) => {
    const t = batch.t[i]!
    const mmsi = batch.mmsi[i]!
    const statics = batch.statics[i]!
    let seen = vessels.get(mmsi)
    if (!seen) vessels.set(mmsi, (seen = { takenT: -Infinity, t: -Infinity, statics: 0, left: 0 }))
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
}
