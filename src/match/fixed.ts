// Things at sea that are no ships: platforms, wind turbines, islands, buoys. Some stand in a list, the others are learned
// (match/stays). A detection there is not thrown away: a ship may lie beside a platform. It is held against the chance that
// it is the platform.

import RBush from 'rbush'
import { insideRings } from '../geo/polygon.js'
import { haversineM } from '../geo/distance.js'
import type { FixedMask } from '../model/detection.js'

/** Share of pictures in which a fixed object is seen. */
export const SEEN = 0.9
/** Turbines and rigs in an area of them, per square metre: one to a square kilometre. */
const IN_AREA = 1e-6 * SEEN

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
