// Between tracks and reception: what a track's columns say to the model of who is heard where.

import type { ReportBatch } from '../model/batch.js'
import type { Heard } from '../reception/model.js'
import { radioClass } from '../reception/slots.js'
import { liesAtRest, type Tracks } from '../tracks/table.js'

/** Row `i`, the first of its track in a slot of ten minutes; `tracks` still holds the report before. */
export function heardOf(tracks: Tracks, slot: number, batch: ReportBatch, i: number): Heard {
  const t = batch.t[i]!
  const received = batch.receivedAt[i]!
  // ships switch off at their berth: what they teach of a place would be wrong for those under way
  const before = liesAtRest(tracks, slot) ? NaN : tracks.heard[slot]!
  return {
    mmsi: tracks.mmsi[slot]!,
    radio: radioClass(tracks.txClass[slot]!),
    ...{ t, lat: batch.lat[i]!, lon: batch.lon[i]! },
    feed: batch.collection[i]!,
    receiver: batch.receiver[i]!,
    receivedAt: received === received ? received : t,
    utcSecond: batch.utcSecond[i]!,
    before: { t: before, lat: tracks.lat[slot]!, lon: tracks.lon[slot]!, feed: tracks.collection[slot]! },
    lapsedAt: tracks.lapsedAt[slot] === 0 ? NaN : tracks.lapsedAt[slot]!,
  }
}
