// From what a detector says to the event that goes out: its id, its vessel, whose waters it began and ended in.

import type { DarkEvent, DetectorEvent, Fix, VesselRef, ZoneRef } from '../model/event.js'
import { TX_CLASSES } from '../model/report.js'
import { MS_PER_S } from '../model/units.js'
import type { Words } from '../model/words.js'
import { flagOf } from '../ais/mmsi.js'
import type { Tracks } from '../tracks/table.js'
import type { ZoneIndex } from '../zones/index.js'

export function finishEvent(
  event: DetectorEvent,
  slot: number,
  tracks: Tracks,
  words: Words,
  zones: ZoneIndex | undefined,
): DarkEvent {
  const {
    type,
    phase,
    revision,
    asOf,
    key,
    zone,
    start,
    end,
    class: eventClass,
    score,
    evidence,
    details,
  } = event
  const mmsi = tracks.mmsi[slot]!
  const { t } = start
  return {
    schema: 'darkwake/event/1',
    type,
    id: `${type}-${mmsi}-${t}${key === undefined ? '' : `-${key}`}`,
    phase,
    revision,
    asOf,
    mmsi,
    track: tracks.track[slot]!,
    vessel: vesselOf(slot, tracks, words),
    start,
    end,
    durationS: end && (end.t - t) / MS_PER_S,
    zones: zone
      ? { start: [], end: [], touched: [zone] }
      : { start: zonesAt(start, zones), end: end ? zonesAt(end, zones) : [], touched: [] },
    ...(eventClass === undefined ? {} : { class: eventClass }),
    score,
    evidence,
    details,
  }
}

/** What is known of the vessel now. */
export function vesselOf(slot: number, tracks: Tracks, words: Words): VesselRef {
  const statics = words.statics.get(tracks.statics[slot]!)
  return {
    name: statics?.name ?? null,
    imo: statics?.imo ?? null,
    callsign: statics?.callsign ?? null,
    flag: flagOf(tracks.mmsi[slot]!),
    shipType: statics?.shipType ?? null,
    txClass: TX_CLASSES[tracks.txClass[slot]!]!,
  }
}

function zonesAt({ lat, lon }: Fix, zones: ZoneIndex | undefined): ZoneRef[] {
  if (!zones || lat === null || lon === null) return []
  return zones.members(zones.setAt(lat, lon)).map(zone => zones.zones[zone]!)
}
