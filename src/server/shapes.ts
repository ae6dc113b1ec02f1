// What a map of one event or one vessel shows, as GeoJSON: the track in pieces with their speed, silences in it, the event
// itself, where the ship can have been, and who else was heard. `part` says which feature is which.

import { destination, envelopeFeature, feature, lonDelta, parseEvent, wrapLon } from '../index.js'
import type { DarkEvent, EventArea, NearVessel, StoredFix } from '../index.js'

export interface Feature {
  type: 'Feature'
  geometry: { type: string; coordinates: unknown } | null
  properties: Record<string, unknown>
}

export interface FeatureCollection {
  type: 'FeatureCollection'
  features: unknown[]
}

/** A stretch without a fix for this long is drawn as a silence. */
const SILENCE_MS = 15 * 60_000
/** Thinned fixes of a ship at rest are half an hour apart. */
const RESTING_SILENCE_MS = 35 * 60_000
const RESTING_KN = 0.7
const MS_PER_H = 3_600_000
const NM_PER_DEG = 60
/** A way that no ship went is drawn as a silence is. */
const LEAP_KN = 70
const CIRCLE_POINTS = 72

export const collection = (features: unknown[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features,
})

/** Pieces between fixes, each with `sog` (knots, that of its end, or what the way implies), `from` and `to` (epoch ms). */
export function trackFeatures(fixes: readonly StoredFix[], mmsi: number, part = 'track'): Feature[] {
  return fixes.slice(1).map((b, k) => {
    const a = fixes[k]!
    const lasted = b.t - a.t
    const resting = (a.sog ?? Infinity) < RESTING_KN && (b.sog ?? Infinity) < RESTING_KN
    const silent = lasted >= (resting ? RESTING_SILENCE_MS : SILENCE_MS)
    const implied = impliedKn(a, b)
    const leapt = implied !== null && implied > LEAP_KN
    const sog = silent || leapt ? null : (b.sog ?? implied)
    return {
      type: 'Feature',
      geometry: lineBetween(a, b),
      properties: {
        part: silent || leapt ? 'silence' : part,
        mmsi,
        sog: sog && Math.round(sog * 10) / 10,
        from: a.t,
        to: b.t,
      },
    }
  })
}

function impliedKn(a: StoredFix, b: StoredFix): number | null {
  const hours = (b.t - a.t) / MS_PER_H
  if (!(hours > 0)) return null
  const east = lonDelta(a.lon, b.lon) * Math.cos((a.lat * Math.PI) / 180)
  return (Math.hypot(b.lat - a.lat, east) * NM_PER_DEG) / hours
}

type Place = Pick<StoredFix, 'lat' | 'lon'>

/** The short way, in two pieces where it crosses ±180. */
function lineBetween(a: Place, b: Place): Feature['geometry'] {
  const east = lonDelta(a.lon, b.lon)
  const end = a.lon + east
  if (end >= -180 && end <= 180)
    return {
      type: 'LineString',
      coordinates: [
        [a.lon, a.lat],
        [end, b.lat],
      ],
    }
  const edge = east > 0 ? 180 : -180
  const lat = a.lat + ((edge - a.lon) / east) * (b.lat - a.lat)
  return {
    type: 'MultiLineString',
    coordinates: [
      [
        [a.lon, a.lat],
        [edge, lat],
      ],
      [
        [-edge, lat],
        [wrapLon(b.lon), b.lat],
      ],
    ],
  }
}

/** The event itself and its envelope. */
export function eventFeatures(line: string): { event: DarkEvent; features: unknown[] } | null {
  const event = parseEvent(line)
  if (typeof event === 'string') return null
  const around = envelopeFeature(event)
  return { event, features: [feature(event), ...(around ? [around] : [])] }
}

export const pointFeature = (place: Place, properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [place.lon, place.lat] },
  properties,
})

/** A circle on the sphere, good for areas of some hundred miles. */
export function areaFeature({ lat, lon, radiusM, ...properties }: EventArea): Feature {
  const ring = Array.from({ length: CIRCLE_POINTS + 1 }, (_, k) => {
    const to = destination(lat, lon, (k * 360) / CIRCLE_POINTS, radiusM)
    return [lon + lonDelta(lon, to.lon), to.lat]
  })
  return {
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [ring] },
    properties: { ...properties, radiusM },
  }
}

export const nearFeature = ({ mmsi, t, lat, lon, sog, cog, name, flag, shipType }: NearVessel): Feature =>
  pointFeature({ lat, lon }, { part: 'near', mmsi, t, sog, cog, name, flag, shipType })
