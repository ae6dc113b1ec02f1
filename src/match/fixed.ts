// Things at sea that are no ships: platforms, wind turbines, islands, buoys. Some stand in a list, the others are learned:
// what is detected at one place again and again, for weeks, is no ship. A detection there is not thrown away: a ship may
// lie beside a platform. It is held against the chance that it is the platform.

import RBush from 'rbush'
import { insideRings } from '../geo/polygon.js'
import { haversineM } from '../geo/distance.js'
import type { Detection, FixedMask } from '../model/detection.js'
import { MS_PER_DAY } from '../model/units.js'

/** Share of pictures in which a fixed object is seen. */
const SEEN = 0.9
/** Turbines and rigs in an area of them, per square metre: one to a square kilometre. */
const IN_AREA = 1e-6 * SEEN
/** Learned: at least so many pictures, over so many days, within so many metres besides their errors. */
const LEAST_PICTURES = 4
const LEAST_DAYS = 10
const STAYS_M = 100
/** Places that are watched, at most; the oldest give way. */
const MAX_PLACES = 262_144

export interface Fixed {
  /** Detections of fixed objects that are to be expected at a place, per square metre. */
  density(lat: number, lon: number, sigmaM: number): number
}

interface Point {
  minX: number
  minY: number
  maxX: number
  maxY: number
  lat: number
  lon: number
  radiusM: number
}

export function createFixed({ points, areas }: FixedMask): Fixed {
  const tree = new RBush<Point>()
  tree.load(
    points.map(({ lat, lon, radiusM }) => ({
      minX: lon,
      maxX: lon,
      minY: lat,
      maxY: lat,
      lat,
      lon,
      radiusM,
    })),
  )
  const shapes = areas.map(({ rings }) => rings.map(ring => Float64Array.from(ring)))
  const most = points.reduce((max, { radiusM }) => Math.max(max, radiusM), 0)
  return {
    density(lat, lon, sigmaM) {
      let sum = 0
      if (points.length > 0) {
        const reach = most + 4 * sigmaM
        const dLat = reach / 111_000
        const dLon = dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180))
        for (const turn of [0, 360, -360]) {
          const box = { minX: lon - dLon + turn, maxX: lon + dLon + turn, minY: lat - dLat, maxY: lat + dLat }
          for (const at of tree.search(box)) {
            const spread = (at.radiusM / 2) ** 2 + sigmaM ** 2
            const m = haversineM(lat, lon, at.lat, at.lon)
            sum += (SEEN * Math.exp((-m * m) / (2 * spread))) / (2 * Math.PI * spread)
          }
        }
      }
      for (const rings of shapes) if (insideRings(rings, lat, lon)) sum += IN_AREA
      return sum
    },
  }
}

/** A place where something was detected. Plain data. */
interface Place {
  lat: number
  lon: number
  sigmaM: number
  /** Days (since 1970) of pictures that show something there. */
  days: number[]
  pictures: number
}

/** By number, in order of the first detection there. Plain data. */
export interface StaysState {
  places: Map<number, Place>
  next: number
}

export interface Stays {
  readonly state: StaysState
  /** Takes what a picture shows. */
  add(detections: readonly Detection[]): void
  /** As `Fixed.density`, of what has been seen often enough. */
  density(lat: number, lon: number, sigmaM: number): number
}

interface At {
  minX: number
  minY: number
  maxX: number
  maxY: number
  key: number
}

export function createStays(state: StaysState = { places: new Map(), next: 0 }): Stays {
  const tree = new RBush<At>()
  const pins = new Map<number, At>()
  const pin = (key: number, { lat, lon }: Place): void => {
    const at = { minX: lon, maxX: lon, minY: lat, maxY: lat, key }
    tree.insert(at)
    pins.set(key, at)
  }
  for (const [key, place] of state.places) pin(key, place)

  function nearest(lat: number, lon: number, reachM: number): { key: number; m: number } | null {
    const dLat = reachM / 111_000
    const dLon = dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180))
    let best: { key: number; m: number } | null = null
    for (const turn of [0, 360, -360])
      for (const { key } of tree.search({
        ...{ minX: lon - dLon + turn, maxX: lon + dLon + turn },
        ...{ minY: lat - dLat, maxY: lat + dLat },
      })) {
        const place = state.places.get(key)!
        const m = haversineM(lat, lon, place.lat, place.lon)
        if (m <= reachM && (!best || m < best.m || (m === best.m && key < best.key))) best = { key, m }
      }
    return best
  }

  return {
    state,
    add(detections) {
      for (const { lat, lon, sigmaM, t } of detections) {
        const day = Math.floor(t / MS_PER_DAY)
        const near = nearest(lat, lon, STAYS_M + 2 * sigmaM)
        if (near) {
          const place = state.places.get(near.key)!
          if (place.days.includes(day)) continue
          place.pictures++
          // the mean of all; days beyond what it takes tell nothing more
          place.lat += (lat - place.lat) / place.pictures
          if (Math.abs(lon - place.lon) < 1) place.lon += (lon - place.lon) / place.pictures
          if (place.days.length < LEAST_PICTURES) place.days.push(day)
          else place.days[LEAST_PICTURES - 1] = Math.max(day, place.days[LEAST_PICTURES - 1]!)
          continue
        }
        const place = { lat, lon, sigmaM, days: [day], pictures: 1 }
        state.places.set(state.next, place)
        pin(state.next++, place)
        if (state.places.size > MAX_PLACES) {
          const oldest = state.places.keys().next().value!
          tree.remove(pins.get(oldest)!)
          pins.delete(oldest)
          state.places.delete(oldest)
        }
      }
    },
    density(lat, lon, sigmaM) {
      const near = nearest(lat, lon, STAYS_M + 3 * sigmaM)
      if (!near) return 0
      const { days, pictures } = state.places.get(near.key)!
      if (pictures < LEAST_PICTURES || Math.max(...days) - Math.min(...days) < LEAST_DAYS) return 0
      const spread = (STAYS_M / 2) ** 2 + sigmaM ** 2
      return (SEEN * Math.exp((-near.m * near.m) / (2 * spread))) / (2 * Math.PI * spread)
    },
  }
}
