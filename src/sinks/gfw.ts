// Events as the Events API of Global Fishing Watch (version 3) gives them, for whoever has scripts for that: a document with
// `entries`. Four types have a counterpart: gap, encounter, loitering, port_visit. Names, units and which figures are text
// are theirs; what they know and we do not is null or an empty list. docs/events.md has the fields one by one.

import { interpolate } from '../geo/distance.js'
import { isVesselEvent, type DarkEvent, type Fix, type VesselEvent, type ZoneRef } from '../model/event.js'
import { M_PER_NM, round } from '../model/units.js'
import { loadCoast, type Coast } from '../zones/coast.js'
import { cellText } from './flat.js'
import { toJson } from './ndjson.js'
import type { EventFormat } from './sink.js'
import { isoTime, rounded } from './values.js'

const M_PER_KM = 1000
const S_PER_HOUR = 3600

type Entry = Record<string, unknown>
interface Vessel {
  mmsi: number
  track?: number
  name: string | null
  flag: string | null
  shipType: number | null
}

/** @param coast for distances from shore; the shipped one is read with the first event that has a place */
export function gfwFormat(coast: Pick<Coast, 'onLand' | 'shoreDistanceM'> = loadCoast()): EventFormat {
  let total = 0
  return {
    head: '{"entries":[',
    event(event) {
      return entriesOf(event, coast)
        .map(entry => `${total++ === 0 ? '\n' : ',\n'}${toJson(entry)}`)
        .join('')
    },
    tail: () => `\n],"total":${total},"limit":null,"offset":0,"nextOffset":null}\n`,
  }
}

/** None for what has no counterpart; an encounter is told twice, once for each vessel. */
export function entriesOf(event: DarkEvent, coast: Pick<Coast, 'onLand' | 'shoreDistanceM'>): Entry[] {
  if (!isVesselEvent(event) || event.phase === 'retracted') return []
  const { id, type } = event
  const base = (vessel: Vessel, idOf = id): Entry => ({
    start: isoTime(event.start.t),
    end: isoTime(event.end?.t ?? null),
    id: cellText(idOf),
    type,
    position: positionOf(event),
    regions: regionsOf(event),
    boundingBox: boundingBox(event),
    distances: {
      startDistanceFromShoreKm: shoreKm(event.start, coast),
      endDistanceFromShoreKm: event.end && shoreKm(event.end, coast),
      startDistanceFromPortKm: null,
      endDistanceFromPortKm: null,
    },
    vessel: vesselOf(vessel),
  })
  const own: Vessel = { ...event.vessel, mmsi: event.mmsi, track: event.track }
  switch (type) {
    case 'gap':
      return [{ ...base(own), gap: gapOf(event) }]
    case 'loitering':
      return [{ ...base(own), loitering: loiteringOf(event) }]
    case 'port_visit':
      return [{ ...base(own), port_visit: portVisitOf(event) }]
    case 'encounter': {
      const partner = partnerOf(event)
      const pair: [Vessel, Vessel] = [own, partner]
      return pair.map((vessel, k) => ({
        ...base(vessel, `${id}.${k + 1}`),
        encounter: encounterOf(event, vessel, pair[1 - k]!),
      }))
    }
    default:
      return []
  }
}

function gapOf({ class: kind, start, end, durationS, details }: VesselEvent): Entry {
  const { distanceM, impliedSpeedKn, reportsBefore12h } = details as {
    distanceM?: number | null
    impliedSpeedKn?: number | null
    reportsBefore12h?: { satellite?: number }
  }
  return {
    intentionalDisabling: kind === 'likely_disabled',
    // these three are text there
    distanceKm: asText(distanceM == null ? null : distanceM / M_PER_KM),
    impliedSpeedKnots: asText(impliedSpeedKn ?? null),
    positions12HoursBeforeSat: asText(reportsBefore12h?.satellite ?? null, 0),
    durationHours: hours(durationS),
    positionsPerDaySatReception: null,
    offPosition: place(start),
    onPosition: end && place(end),
  }
}

function loiteringOf({ durationS, details }: VesselEvent): Entry {
  const { pathM, averageSpeedKn, distanceFromShoreM, meanDistanceFromShoreNm } = details as Record<
    string,
    number | null | undefined
  >
  const shoreM =
    distanceFromShoreM ?? (meanDistanceFromShoreNm == null ? null : meanDistanceFromShoreNm * M_PER_NM)
  return {
    totalTimeHours: hours(durationS),
    totalDistanceKm: km(pathM),
    averageSpeedKnots: rounded('averageSpeedKn', averageSpeedKn ?? null),
    averageDistanceFromShoreKm: km(shoreM),
  }
}

function encounterOf({ details }: VesselEvent, vessel: Vessel, other: Vessel): Entry {
  return {
    vessel: vesselOf(other),
    medianDistanceKilometers: km(details['medianDistanceM'] as number | null | undefined),
    medianSpeedKnots: rounded('medianSpeedKn', (details['medianSpeedKn'] as number | undefined) ?? null),
    type: `${typeOf(vessel)}-${typeOf(other)}`,
    potentialRisk: null,
  }
}

function partnerOf({ details }: VesselEvent): Vessel {
  const { partner, others } = details as { partner?: Partial<Vessel>; others?: number[] }
  const unknown = { mmsi: others?.[0] ?? 0, name: null, flag: null, shipType: null }
  return { ...unknown, ...partner }
}

function portVisitOf({ id, durationS, details }: VesselEvent): Entry {
  const { port, confidence } = details as {
    port: { name: string; country?: string | null; lat: number; lon: number }
    confidence?: number
  }
  const name = cellText(port.name)
  const anchorage = {
    anchorageId: `${port.lat.toFixed(4)},${port.lon.toFixed(4)}`,
    atDock: null,
    distanceFromShoreKm: null,
    flag: cellText(port.country ?? null),
    id: cellText([port.country ?? null, port.name].filter(Boolean).join('-').toLowerCase()),
    ...{ lat: rounded('lat', port.lat), lon: rounded('lon', port.lon), name, topDestination: null },
  }
  return {
    visitId: cellText(id),
    confidence: asText(confidence ?? null, 0),
    durationHrs: hours(durationS),
    // a visit is one stay in one port here
    ...{ startAnchorage: anchorage, intermediateAnchorage: anchorage, endAnchorage: anchorage },
  }
}

/** Theirs are ids of their vessel database; ours says which track of which MMSI. */
const vesselOf = ({ mmsi, track, name, flag, shipType }: Vessel): Entry => ({
  id: `mmsi-${mmsi}-${track ?? 1}`,
  name: cellText(name),
  ssvid: String(mmsi),
  flag: cellText(flag),
  type: typeOf({ shipType }),
})

/** The ship type that a vessel tells, in the words of their filter. Theirs come from registers and from how it moves. */
function typeOf({ shipType }: Pick<Vessel, 'shipType'>): string {
  if (shipType === 30) return 'fishing'
  const tens = Math.floor((shipType ?? 0) / 10)
  return tens === 6 ? 'passenger' : tens === 7 ? 'cargo' : tens === 8 ? 'tanker' : 'other'
}

function regionsOf({ zones }: VesselEvent): Entry {
  const all = new Map<string, ZoneRef>()
  for (const zone of [...zones.start, ...zones.touched, ...zones.end]) all.set(zone.id, zone)
  // their ids are those of Marine Regions and of WDPA; a zone without such a number has its own
  const of = (kind: ZoneRef['kind']): (string | null)[] =>
    [...all.values()]
      .filter(zone => zone.kind === kind)
      .map(({ mrgid, id }) => (mrgid === null ? cellText(id) : String(mrgid)))
  return {
    ...{ mpa: of('mpa'), eez: of('eez'), rfmo: [], fao: [], majorFao: [], eez12Nm: of('territorial') },
    ...{ highSeas: [], mpaNoTakePartial: [], mpaNoTake: [] },
  }
}

const hasPlace = (fix: Fix | null): fix is Fix & { lat: number; lon: number } =>
  fix !== null && fix.lat !== null && fix.lon !== null

const place = (fix: Pick<Fix, 'lat' | 'lon'>): Entry | null =>
  fix.lat === null || fix.lon === null ? null : { lat: rounded('lat', fix.lat), lon: rounded('lon', fix.lon) }

/** The middle of an event: of its two ends, or where it was on average. */
function positionOf({ start, end, details }: VesselEvent): Entry | null {
  const mean = details['meanPlace'] as { lat: number; lon: number } | undefined
  if (mean) return place(mean)
  if (!hasPlace(start) || !hasPlace(end)) return place(hasPlace(start) ? start : (end ?? start))
  return place(interpolate(start.lat, start.lon, end.lat, end.lon, 0.5))
}

/** West, south, east, north; west > east across ±180. */
function boundingBox({ start, end }: VesselEvent): number[] | null {
  const fixes = [start, end].filter(hasPlace)
  if (fixes.length === 0) return null
  const lats = fixes.map(({ lat }) => rounded('lat', lat)!)
  const lons = fixes.map(({ lon }) => rounded('lon', lon)!)
  const [low, high] = [Math.min(...lons), Math.max(...lons)]
  const [west, east] = high - low > 180 ? [high, low] : [low, high]
  return [west, Math.min(...lats), east, Math.max(...lats)]
}

function shoreKm({ lat, lon }: Fix, coast: Pick<Coast, 'onLand' | 'shoreDistanceM'>): number | null {
  if (lat === null || lon === null) return null
  return coast.onLand(lat, lon) ? 0 : round(coast.shoreDistanceM(lat, lon) / M_PER_KM, 2)
}

const km = (metres: number | null | undefined): number | null =>
  rounded('distanceKm', metres == null ? null : metres / M_PER_KM)

const hours = (seconds: number | null): number | null =>
  rounded('durationH', seconds === null ? null : seconds / S_PER_HOUR)

const asText = (value: number | null, decimals = 4): string | null =>
  value === null || !Number.isFinite(value) ? null : String(round(value, decimals))
