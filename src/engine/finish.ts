// From what a detector says to the event that goes out: its id, its vessel, whose waters it began and ended in.

import type {
  DetectorEvent,
  FeedEvent,
  FeedFinding,
  Fix,
  VesselEvent,
  VesselRef,
  ZoneRef,
} from '../model/event.js'
import { TX_CLASSES } from '../model/report.js'
import { idPart } from '../model/text.js'
import { MS_PER_S } from '../model/units.js'
import type { Words } from '../model/words.js'
import { flagOf } from '../ais/mmsi.js'
import { fix } from '../geo/fix.js'
import type { Tracks } from '../tracks/table.js'
import type { ZoneIndex } from '../zones/index.js'

export function finishEvent(
  event: DetectorEvent,
  slot: number,
  tracks: Tracks,
  words: Words,
  zones: ZoneIndex | undefined,
): VesselEvent {
  const {
    type,
    phase,
    revision,
    asOf,
    key,
    zone,
    slots,
    start,
    end,
    class: eventClass,
    score,
    evidence,
    details,
  } = event
  const mmsi = tracks.mmsi[slot]!
  const { t } = start
  const track = tracks.track[slot]!
  // the first track's ids are those of an MMSI that has only one
  const id = [type, mmsi, t, ...(key === undefined ? [] : [key]), ...(track === 1 ? [] : [track])].join('-')
  return {
    schema: 'darkwake/event/1',
    type,
    id,
    phase,
    revision,
    asOf,
    mmsi,
    track,
    vessel: vesselOf(slot, tracks, words),
    start,
    end,
    durationS: end && (end.t - t) / MS_PER_S,
    zones: zone ? { start: [], end: [], touched: [zone] } : watersOf(event, zones),
    ...(eventClass === undefined ? {} : { class: eventClass }),
    score,
    evidence,
    details: slots ? { ...details, tracks: slots.map(of => trackRef(of, tracks, words)) } : details,
  }
}

/** One of several tracks of an MMSI: which, whose, where last, and how often heard. */
function trackRef(slot: number, tracks: Tracks, words: Words): Record<string, unknown> {
  return {
    track: tracks.track[slot]!,
    vessel: vesselOf(slot, tracks, words),
    last: fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!),
    reports: tracks.count[slot]!,
  }
}

/** The same for what a feed or a receiver did: no vessel, no waters. */
export function finishFeedEvent({ key, ...finding }: FeedFinding): FeedEvent {
  const { type, source, receiver, start, end } = finding
  return {
    schema: 'darkwake/event/1',
    id: `${type}-${idPart(receiver ?? source ?? 'all')}-${start.t}${key === undefined ? '' : `-${key}`}`,
    ...finding,
    durationS: end && (end.t - start.t) / MS_PER_S,
    zones: { start: [], end: [], touched: [] },
  }
}

/** One of which nothing is known. */
export const unknownVessel = (mmsi: number): VesselRef => ({
  ...{ name: null, imo: null, callsign: null, flag: flagOf(mmsi), shipType: null, txClass: 'unknown' },
})

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

/** Whose waters an event began and ended in. */
export const watersOf = (
  { start, end }: Pick<DetectorEvent, 'start' | 'end'>,
  zones: ZoneIndex | undefined,
): VesselEvent['zones'] => ({
  ...{ start: zonesAt(start, zones), end: end ? zonesAt(end, zones) : [], touched: [] },
})

/** Whose waters a fix is in; none where it has no place. */
export const zonesAt = ({ lat, lon }: Pick<Fix, 'lat' | 'lon'>, zones: ZoneIndex | undefined): ZoneRef[] =>
  lat === null || lon === null ? [] : zonesOf(lat, lon, zones)

/** Whose waters a place is in. */
export function zonesOf(lat: number, lon: number, zones: ZoneIndex | undefined): ZoneRef[] {
  if (!zones) return []
  return zones.members(zones.setAt(lat, lon)).map(zone => zones.zones[zone]!)
}
