// NDJSON: one event a line, the public record that other programs build on (docs/events.md). Lossless but for
// rounding: text stays as it was sent, escaped so that no line reader and no terminal takes it for anything else.

import { isVesselEvent, type DarkEvent, type Fix, type VesselRef, type ZoneRef } from '../model/event.js'
import type { EventFormat } from './sink.js'
import { isoTime, plain, rounded } from './values.js'

export const ndjsonFormat = (): EventFormat => ({ head: '', event: e => `${eventLine(e)}\n`, tail: '' })

/** An event as its line of NDJSON, without the line feed. */
export const eventLine = (event: DarkEvent): string => toJson(eventRecord(event))

// DEL, C1 controls (NEL among them), line separators, bidirectional controls: JSON allows them raw
const RAW = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** JSON on one line by any reader's idea of a line. Parses to the same as without the escapes. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(RAW, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The event as written: fields in their public order, times ISO-8601, figures rounded. */
export function eventRecord(event: DarkEvent): Record<string, unknown> {
  const { zones } = event
  return {
    schema: event.schema,
    type: event.type,
    id: event.id,
    phase: event.phase,
    revision: event.revision,
    asOf: isoTime(event.asOf),
    ...subject(event),
    start: fixRecord(event.start),
    end: event.end && fixRecord(event.end),
    durationS: rounded('durationS', event.durationS),
    zones: { start: zones.start.map(zone), end: zones.end.map(zone), touched: zones.touched.map(zone) },
    class: event.class,
    score: rounded('score', event.score),
    evidence: event.evidence.map(({ family, name, value, expected, weight, text }) => ({
      family,
      name,
      value: typeof value === 'number' ? rounded(name, value) : value,
      expected,
      weight: rounded('weight', weight),
      text,
    })),
    details: plain('details', event.details),
  }
}

/** Whose event it is: a vessel's, or that of those who listen. */
function subject(event: DarkEvent): Record<string, unknown> {
  if (isVesselEvent(event)) {
    return { mmsi: event.mmsi, track: event.track, vessel: vesselRecord(event.vessel) }
  }
  const { source, receiver, area } = event
  return { source, receiver, area: plain('area', area) }
}

const vesselRecord = ({ name, imo, callsign, flag, shipType, txClass }: VesselRef) => ({
  ...{ name, imo, callsign, flag, shipType, txClass },
})

const fixRecord = ({ t, lat, lon, receivers }: Fix): Record<string, unknown> => ({
  t: isoTime(t),
  lat: rounded('lat', lat),
  lon: rounded('lon', lon),
  receivers,
})

const zone = ({ id, name, kind, mrgid, sovereigns, method, weight }: ZoneRef): Record<string, unknown> => ({
  id,
  name,
  kind,
  mrgid,
  sovereigns,
  method,
  weight: rounded('share', weight),
})
