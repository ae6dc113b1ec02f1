// Which events a user asked for: types, a least score, a box on the map.

import { UsageError } from '../model/errors.js'
import { EVENT_TYPES, type DarkEvent, type EventType, type Fix } from '../model/event.js'

/** West, south, east, north in degrees; west > east means across ±180. */
export type BoundingBox = readonly [minLon: number, minLat: number, maxLon: number, maxLat: number]

export interface Selection {
  /** Only these types. @default all */
  only?: readonly EventType[] | undefined
  /** Only events of this score or more, 0…1. @default 0 */
  minScore?: number | undefined
  /** Only events that start or end in this box. */
  bbox?: BoundingBox | undefined
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
    !(bbox && !inBox(bbox, event.start) && !(event.end && inBox(bbox, event.end)))
}

/**
 * The same for revisions as they come: whoever was told of an event is told how it goes on, whatever became of its
 * score. Says whether this is the first that is told of it, a later one, or nothing to tell.
 */
export function createFollower(
  wanted: (event: DarkEvent) => boolean,
): (event: DarkEvent) => 'first' | 'later' | null {
  const open = new Set<string>()
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

function inBox([minLon, minLat, maxLon, maxLat]: BoundingBox, { lat, lon }: Fix): boolean {
  if (lat === null || lon === null || !(lat >= minLat && lat <= maxLat)) return false
  return minLon <= maxLon ? lon >= minLon && lon <= maxLon : lon >= minLon || lon <= maxLon
}
