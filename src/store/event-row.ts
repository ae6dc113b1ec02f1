// An event as a row: what is filtered and sorted by stands in columns of its own, the whole event beside them as its line
// of NDJSON.

import { othersOf } from '../assess/exemptions.js'
import { isVesselEvent, type DarkEvent } from '../model/event.js'
import { safeText } from '../model/text.js'
import { eventLine } from '../sinks/ndjson.js'
import { rounded } from '../sinks/values.js'
import type { EventFacts } from './records.js'

export interface EventRow extends EventFacts {
  search: string
  event: string
  zones: string[]
}

const MAX_NAME = 60
const MAX_REASONS = 400
const MAX_SEARCH = 300

const clean = (text: string | null | undefined, max: number): string | null =>
  text == null ? null : safeText(text, max)

/** Columns are for people and made safe; `event` is as it was told. */
export function eventRow(event: DarkEvent): EventRow {
  const { start, end, zones, details } = event
  const vessel = isVesselEvent(event) ? event.vessel : null
  const listener = isVesselEvent(event) ? null : event
  const area = listener?.area ?? null
  const all = [...zones.start, ...zones.end, ...zones.touched]
  const names = [...new Set(all.map(({ name }) => name))]
  const partner = partnerOf(details)
  const name = clean(vessel?.name, MAX_NAME)
  // what is of the vessel up to its number, what is of the event behind: each comes again and again (event-table.ts)
  const said = [
    ...[name, vessel?.imo, clean(vessel?.callsign, MAX_NAME), vessel?.flag, event.mmsi],
    ...[partner?.mmsi, clean(partner?.name, MAX_NAME)],
    ...[event.type, event.class, listener?.source, listener?.receiver, ...names],
  ]
  return {
    id: event.id,
    revision: event.revision,
    phase: event.phase,
    type: event.type,
    class: event.class ?? null,
    score: rounded('score', event.score) ?? 0,
    mmsi: event.mmsi ?? null,
    partner: partner?.mmsi ?? null,
    name,
    flag: vessel?.flag ?? null,
    source: clean(listener?.source, MAX_NAME),
    receiver: clean(listener?.receiver, MAX_NAME),
    asOf: event.asOf,
    startT: start.t,
    endT: end?.t ?? null,
    durationS: event.durationS,
    startLat: rounded('lat', start.lat ?? area?.lat ?? null),
    startLon: rounded('lon', start.lon ?? area?.lon ?? null),
    endLat: rounded('lat', end?.lat ?? null),
    endLon: rounded('lon', end?.lon ?? null),
    waters: names.length ? clean(names.join(', '), MAX_REASONS) : null,
    reasons: clean(event.evidence.map(({ text }) => text).join('; '), MAX_REASONS),
    search: safeText(said.filter(word => word != null && word !== '').join(' '), MAX_SEARCH).toLowerCase(),
    event: eventLine(event),
    zones: [...new Set(all.map(({ id }) => id))],
  }
}

/** The other vessel of a meeting; the other number that tells a name. */
function partnerOf(details: DarkEvent['details']): { mmsi: number; name: string | null } | null {
  const partner = details['partner'] as { mmsi?: unknown; name?: unknown } | undefined
  const mmsi = partner?.mmsi ?? othersOf(details)[0]
  if (typeof mmsi !== 'number') return null
  return { mmsi, name: typeof partner?.name === 'string' ? partner.name : null }
}
