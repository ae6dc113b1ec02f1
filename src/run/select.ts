// Which events a user asked for: types, a least score, a box on the map.

import { UsageError } from '../model/errors.js'
import { lonDelta } from '../geo/antimeridian.js'
import { haversineM } from '../geo/distance.js'
import { EVENT_TYPES, isVesselEvent, type Area, type DarkEvent, type EventType } from '../model/event.js'

/** West, south, east, north in degrees; west > east means across ±180. */
export type BoundingBox = readonly [minLon: number, minLat: number, maxLon: number, maxLat: number]

export interface Selection {
  /** Only these types. @default all */
  only?: readonly EventType[] | undefined
  /** Only events of this score or more, 0…1. @default 0 */
  minScore?: number | undefined
  /** Only events that start or end in this box; of feeds and receivers those that may concern it. */
  bbox?: BoundingBox | undefined
}

interface Place {
  lat: number | null
  lon: number | null
}

/** @throws UsageError naming the option, the value and what is allowed */
export function createSelection({ only, minScore, bbox }: Selection): (event: DarkEvent) => boolean {
  for (const type of only ?? []) {
    if (!EVENT_TYPES.includes(type)) {
      throw new UsageError(`only: expected ${EVENT_TYPES.join(', ')}, got ${JSON.stringify(type)}`)
    }
  }
  if (minScore !== undefined && !(minScore >= 0 && minScore <= 1)) {
    throw new UsageError(`minScore: expected a number from 0 to 1, got ${minScore}`)
  }
  if (bbox && !validBox(bbox)) {
    throw new UsageError(`bbox: expected minLon,minLat,maxLon,maxLat in degrees, got ${bbox.join(',')}`)
  }
  const types = only && new Set(only)
  return event =>
    !(types && !types.has(event.type)) &&
    !(minScore !== undefined && !(event.score >= minScore)) &&
    !(bbox && !concerns(bbox, event))
}

/**
 * The same for revisions as they come: whoever was told of an event is told how it goes on, whatever became of its
 * score. Says whether this is the first that is told of it, a later one, or nothing to tell.
 * @param open ids of what was told and goes on; plain data, for a checkpoint
 */
export function createFollower(
  wanted: (event: DarkEvent) => boolean,
  open = new Set<string>(),
): (event: DarkEvent) => 'first' | 'later' | null {
  return event => {
    const { id, phase } = event
    const known = open.has(id)
    if (!known && !wanted(event)) return null
    if (phase === 'opened' || phase === 'updated') open.add(id)
    else open.delete(id)
    return known || phase === 'retracted' ? 'later' : 'first'
  }
}

function validBox([minLon, minLat, maxLon, maxLat]: BoundingBox): boolean {
  const lon = (value: number) => value >= -180 && value <= 180
  return lon(minLon) && lon(maxLon) && minLat >= -90 && maxLat <= 90 && minLat <= maxLat
}

function concerns(box: BoundingBox, event: DarkEvent): boolean {
  // an outage of unknown reach may be why nothing was heard in the box
  if (!isVesselEvent(event)) return event.area === null || reaches(event.area, box)
  return inBox(box, event.start) || (event.end !== null && inBox(box, event.end))
}

/** Whether a circle touches the box: its middle is in it, or near the side that faces it. */
function reaches({ lat, lon, radiusM }: Area, box: BoundingBox): boolean {
  if (inBox(box, { lat, lon })) return true
  const [minLon, minLat, maxLon, maxLat] = box
  const nearLat = Math.min(maxLat, Math.max(minLat, lat))
  const sides = inBox([minLon, -90, maxLon, 90], { lat, lon }) ? [lon] : [minLon, maxLon]
  const nearLon = sides.reduce((a, b) => (Math.abs(lonDelta(lon, a)) <= Math.abs(lonDelta(lon, b)) ? a : b))
  return haversineM(lat, lon, nearLat, nearLon) <= radiusM
}

function inBox([minLon, minLat, maxLon, maxLat]: BoundingBox, { lat, lon }: Place): boolean {
  if (lat === null || lon === null || !(lat >= minLat && lat <= maxLat)) return false
  return minLon <= maxLon ? lon >= minLon && lon <= maxLon : lon >= minLon || lon <= maxLon
}
