// Between tracks and reception: what a track's columns say to the model of who is heard where.

import type { ReportBatch } from '../model/batch.js'
import type { Heard } from '../reception/model.js'
import { radioClass } from '../reception/slots.js'
import { liesAtRest, type Tracks } from '../tracks/table.js'

/**
 * Row `i`, the first of its track in a slot of ten minutes, told to `heard`; `tracks` still holds the report before. One
 * object is filled anew each time: a sixth of all rows come here.
 */
export function heardOf(tracks: Tracks, slot: number, batch: ReportBatch, i: number, heard: Heard): Heard {
  const t = batch.t[i]!
  const received = batch.receivedAt[i]!
  const { before } = heard
  heard.mmsi = tracks.mmsi[slot]!
  heard.radio = radioClass(tracks.txClass[slot]!)
  heard.t = t
  heard.lat = batch.lat[i]!
  heard.lon = batch.lon[i]!
  heard.feed = batch.collection[i]!
  heard.receiver = batch.receiver[i]!
  heard.receivedAt = received === received ? received : t
  heard.utcSecond = batch.utcSecond[i]!
  // ships switch off at their berth: what they teach of a place would be wrong for those under way
  before.t = liesAtRest(tracks, slot) ? NaN : tracks.heard[slot]!
  before.lat = tracks.lat[slot]!
  before.lon = tracks.lon[slot]!
  before.feed = tracks.collection[slot]!
  heard.lapsedAt = tracks.lapsedAt[slot] === 0 ? NaN : tracks.lapsedAt[slot]!
  return heard
}

/** For heardOf() to fill. */
export const blankHeard = (): Heard => ({
  mmsi: 0,
  radio: 0,
  t: NaN,
  lat: NaN,
  lon: NaN,
  feed: 0,
  receiver: 0,
  receivedAt: NaN,
  utcSecond: 0,
  before: { t: NaN, lat: NaN, lon: NaN, feed: 0 },
  lapsedAt: NaN,
})
