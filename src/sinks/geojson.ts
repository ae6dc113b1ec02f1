// GeoJSON for maps (RFC 7946): one feature an event. A silence is the line from OFF to ON, cut at the antimeridian
// (section 3.1.9); everything else is the point where it began, or the middle of its area (its radius is a property).
// Beside a gap goes its envelope, all places that the vessel can have been at. WGS-84, longitude first, no crs member
// (section 4).

import { lonDelta } from '../geo/antimeridian.js'
import { envelope } from '../geo/envelope.js'
import { isVesselEvent, type DarkEvent, type Fix } from '../model/event.js'
import { cellText, flatEvent, type Cell } from './flat.js'
import { toJson } from './ndjson.js'
import type { EventFormat } from './sink.js'
import { plain, rounded } from './values.js'

type Position = [lon: number, lat: number]

export type EventGeometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'MultiLineString'; coordinates: Position[][] }

export type EnvelopeGeometry =
  { type: 'Polygon'; coordinates: Position[][] } | { type: 'MultiPolygon'; coordinates: Position[][][] }

/** Points of an outline: a circle of them is within 0.06 % of round. */
const OUTLINE_POINTS = 90

/** A FeatureCollection written as it comes; the tail makes it whole. */
export function geojsonFormat(): EventFormat {
  let first = true
  return {
    head: '{"type":"FeatureCollection","features":[',
    event(event) {
      const separator = first ? '\n' : ',\n'
      first = false
      const around = envelopeFeature(event)
      return separator + toJson(feature(event)) + (around ? `,\n${toJson(around)}` : '')
    },
    tail: '\n]}\n',
  }
}

/** Events that lead from one place to another; the others are where they began. */
const LINES: ReadonlySet<string> = new Set(['gap', 'port_silence', 'spoofing'])

/** One event as a Feature; `geometry` is null when it has no position at all (section 3.2). */
export function feature(event: DarkEvent): Record<string, unknown> {
  const properties: Record<string, Cell | boolean> = { part: 'event', ...flatEvent(event) }
  // a GIS shows flat fields only: figures get one each, what has parts goes in as text
  for (const [key, value] of Object.entries(plain('details', event.details) as object)) {
    properties[`details_${key}`] =
      typeof value === 'string' ? cellText(value) : typeof value === 'object' && value ? toJson(value) : value
  }
  return { type: 'Feature', id: event.id, geometry: geometryOf(event), properties }
}

/** Where the vessel of a gap can have been, as a Feature of its own; undefined when that is not known, or a line. */
export function envelopeFeature(event: DarkEvent): Record<string, unknown> | undefined {
  const geometry = envelopeGeometryOf(event)
  if (!geometry) return undefined
  const reach = event.details['reach'] as Record<string, unknown>
  const flat = flatEvent(event)
  const properties: Record<string, Cell> = { part: 'envelope', event: flat['id']! }
  for (const key of ['type', 'phase', 'mmsi', 'name', 'startTime', 'endTime']) properties[key] = flat[key]!
  for (const key of ['vMaxKn', 'vMaxFrom', 'rangeM', 'areaKm2', 'zonesInReach'])
    properties[key] = plain(key, reach[key]) as Cell
  return { type: 'Feature', id: `${event.id}-envelope`, geometry, properties }
}

/** The area alone; null when it is not known, or a line. */
export function envelopeGeometryOf(event: DarkEvent): EnvelopeGeometry | null {
  const reach = event.details['reach'] as { rangeM?: unknown; since?: Fix } | null | undefined
  return event.phase === 'retracted'
    ? null
    : envelopeGeometry(event, reach?.since ?? event.start, reach?.rangeM)
}

function envelopeGeometry({ type, end }: DarkEvent, from: Fix, rangeM: unknown): EnvelopeGeometry | null {
  if (type !== 'gap' || typeof rangeM !== 'number' || !(rangeM >= 0)) return null
  const { lat, lon } = from
  if (lat === null || lon === null) return null
  const on = end && end.lat !== null && end.lon !== null ? { lat: end.lat, lon: end.lon } : null
  const polygons = envelope({ lat, lon }, on, rangeM)
    .polygons(OUTLINE_POINTS)
    .map(rings => rings.map(ring => ring.map(([x, y]): Position => [rounded('lon', x)!, rounded('lat', y)!])))
  if (polygons.length === 0) return null
  if (polygons.length > 1) return { type: 'MultiPolygon', coordinates: polygons }
  return { type: 'Polygon', coordinates: polygons[0]! }
}

export function geometryOf(event: DarkEvent): EventGeometry | null {
  const { type, start, end } = event
  const from = position(start)
  const to = end && position(end)
  const line = LINES.has(type)
  if (line && from && to && (from[0] !== to[0] || from[1] !== to[1])) return lineBetween(from, to)
  const at = from ?? to ?? (isVesselEvent(event) ? null : event.area && position(event.area))
  return at && { type: 'Point', coordinates: at }
}

function position({ lat, lon }: Pick<Fix, 'lat' | 'lon'>): Position | null {
  const y = rounded('lat', lat)
  const x = rounded('lon', lon)
  return x === null || y === null ? null : [x, y]
}

/** The line the short way round, in one piece or in two that meet on ±180. */
function lineBetween(from: Position, to: Position): EventGeometry {
  const east = lonDelta(from[0], to[0])
  const unwrapped = from[0] + east
  if (unwrapped >= -180 && unwrapped <= 180) {
    // −180 and 180 are one meridian: the end takes the name that makes the line short
    return { type: 'LineString', coordinates: [from, [rounded('lon', unwrapped)!, to[1]]] }
  }
  const edge = east > 0 ? 180 : -180
  const f = (edge - from[0]) / east
  const lat = rounded('lat', from[1] + f * (to[1] - from[1]))!
  const near: Position[] = [from, [edge, lat]]
  const far: Position[] = [[-edge, lat], to]
  // from the meridian itself there is nothing on this side
  if (f === 0) return { type: 'LineString', coordinates: far }
  return { type: 'MultiLineString', coordinates: [near, far] }
}
