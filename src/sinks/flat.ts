// An event as one flat row, for tables and maps: what CSV writes as columns and GeoJSON as properties. Both are read by
// people in spreadsheets and GIS, so text from AIS is made safe here.

import { isVesselEvent, type DarkEvent, type ZoneRef } from '../model/event.js'
import { safeText } from '../model/text.js'
import { isoTime, rounded } from './values.js'

export type Cell = string | number | null

/** Longest text of a cell; a spreadsheet holds 32,767 characters. */
const MAX_TEXT = 8000

const NO_LISTENER = { source: null, receiver: null, area: null }

/** Text from outside for a cell; null stays null. */
export const cellText = (text: string | null | undefined): string | null =>
  text == null ? null : safeText(text, MAX_TEXT)

/** Every column but `details`, in order: a vessel's are empty for feeds and receivers, and the other way round. Units as in the event: degrees, seconds, ISO-8601 UTC. */
export function flatEvent(event: DarkEvent): Record<string, Cell> {
  const { start, end, zones } = event
  const vessel = isVesselEvent(event) ? event.vessel : null
  const { source, receiver, area } = isVesselEvent(event) ? NO_LISTENER : event
  return {
    id: cellText(event.id),
    type: event.type,
    class: cellText(event.class),
    phase: event.phase,
    revision: event.revision,
    asOf: isoTime(event.asOf),
    mmsi: event.mmsi ?? null,
    track: event.track ?? null,
    name: cellText(vessel?.name),
    imo: vessel?.imo ?? null,
    callsign: cellText(vessel?.callsign),
    flag: cellText(vessel?.flag),
    shipType: vessel?.shipType ?? null,
    txClass: vessel?.txClass ?? null,
    source: cellText(source),
    receiver: cellText(receiver),
    areaLat: rounded('lat', area?.lat ?? null),
    areaLon: rounded('lon', area?.lon ?? null),
    areaRadiusM: rounded('areaRadiusM', area?.radiusM ?? null),
    startTime: isoTime(start.t),
    startLat: rounded('lat', start.lat),
    startLon: rounded('lon', start.lon),
    startReceivers: cellText(start.receivers?.join('; ')),
    endTime: isoTime(end?.t ?? null),
    endLat: rounded('lat', end?.lat ?? null),
    endLon: rounded('lon', end?.lon ?? null),
    endReceivers: cellText(end?.receivers?.join('; ')),
    durationS: rounded('durationS', event.durationS),
    score: rounded('score', event.score),
    startZones: zoneNames(zones.start),
    endZones: zoneNames(zones.end),
    touchedZones: zoneNames(zones.touched),
    reasons: cellText(event.evidence.map(reason => reason.text).join('; ')),
  }
}

/** Approximate zones say so wherever they are shown: they are no legal limit. Those that we ship have it in their name. */
function zoneNames(zones: ZoneRef[]): string | null {
  const names = zones.map(({ name, method }) =>
    method === 'approximate' && !/\bapproximate\b/i.test(name) ? `${name} (approximate)` : name,
  )
  return cellText(names.join('; '))
}
