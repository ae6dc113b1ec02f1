// What makes a detection when no vessel that AIS knows does: ships that nobody knows, false detections, fixed objects. How
// many of each there are, the scene tells: it is estimated in turns with the assignment. Ships that nobody knows are anywhere
// in the scene or where the others are (an anchorage, a fishing ground), as many as it tells; false detections are anywhere.

import { haversineM } from '../geo/distance.js'
import { insideRings } from '../geo/polygon.js'
import { lonDelta } from '../geo/antimeridian.js'
import type { Scene } from '../model/detection.js'
import { EARTH_RADIUS_M } from '../model/units.js'
import { createGrid } from './grid.js'

/** Share of dark ships among detections before anything is known, and how many detections that knowledge is worth. */
const DARK_SHARE = 0.15
const PRIOR_DETECTIONS = 4
/** Share of detections that are ships where their detector does not say. */
const USUAL_CONFIDENCE = 0.95
/** Beyond these a detector is not believed. */
const SUREST = 0.995
const LEAST_SURE = 0.02
/** Share of unknown ships that are where others are, before anything is known, and how many of them that knowledge is worth. */
const WITH_OTHERS = 0.5
const PRIOR_SHIPS = 10
/** Others that are looked for about a detection: ten tell a density to a third. */
const NEAREST = 10
/** Ships that lie closer than this lie no closer, metres. */
const LEAST_CROWD_M = 500
const LEAST_AREA_M2 = 1e8
const M_PER_DEG = (EARTH_RADIUS_M * Math.PI) / 180

export interface Shares {
  dark: number
  false: number
  fixed: number
  diffuse: number
}

export interface Background {
  /** Detections per square metre at that of detection `d`. */
  total(d: number): number
  /** What of them is what, `diffuse` more per square metre being of vessels that are known and far. */
  shares(d: number, diffuse: number): Shares
  /** @param unknown, real probability of each detection of being a ship that nobody knows, of being a ship */
  learn(unknown: Float64Array, real: Float64Array): void
}

export function createBackground(
  scene: Scene,
  fixed: (lat: number, lon: number, sigmaM: number) => number,
): Background {
  const { detections } = scene
  const n = detections.length
  const area = areaOf(scene)
  const crowd = crowdOf(scene, area)
  const sure = detections.map(({ confidence }) =>
    Math.min(SUREST, Math.max(LEAST_SURE, confidence ?? USUAL_CONFIDENCE)),
  )
  const atFixed = detections.map(({ lat, lon, sigmaM }) => fixed(lat, lon, sigmaM))
  let dark = DARK_SHARE * n
  let ships = sure.reduce((sum, p) => sum + p, 0)
  let together = WITH_OTHERS
  const shapeAt = (d: number): number => (1 - together) / area + together * crowd[d]!
  const darkAt = (d: number): number => dark * shapeAt(d)
  const falseAt = (d: number): number => (ships / area) * ((1 - sure[d]!) / sure[d]!)
  const total = (d: number): number => darkAt(d) + falseAt(d) + atFixed[d]!
  return {
    total,
    shares(d, diffuse) {
      const all = total(d) + diffuse
      return {
        dark: darkAt(d) / all,
        false: falseAt(d) / all,
        fixed: atFixed[d]! / all,
        diffuse: diffuse / all,
      }
    },
    learn(unknownOf, realOf) {
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
      const unknown = sum(unknownOf)
      const withOthers = sum(unknownOf.map((p, d) => (p * together * crowd[d]!) / shapeAt(d)))
      dark = ((unknown + DARK_SHARE * PRIOR_DETECTIONS) / (n + PRIOR_DETECTIONS)) * n
      together = (withOthers + WITH_OTHERS * PRIOR_SHIPS) / (unknown + PRIOR_SHIPS)
      ships = Math.max(0.5, sum(realOf))
    },
  }
}

/** Of the footprint, by counting points of a lattice; where there is none, of a box about the detections. */
export function areaOf({ footprint, detections }: Scene): number {
  const flat = footprint?.flat() ?? detections.flatMap(({ lat, lon }) => [lon, lat])
  if (flat.length === 0) return LEAST_AREA_M2
  const lat0 = flat[1]!
  const lon0 = flat[0]!
  let [south, north, west, east] = [lat0, lat0, 0, 0]
  for (let k = 0; k < flat.length; k += 2) {
    const x = footprint ? flat[k]! - lon0 : lonDelta(lon0, flat[k]!)
    west = Math.min(west, x)
    east = Math.max(east, x)
    south = Math.min(south, flat[k + 1]!)
    north = Math.max(north, flat[k + 1]!)
  }
  const margin = footprint ? 0 : 0.1
  const mid = (south + north) / 2
  const height = haversineM(south, lon0, north, lon0) + margin * 222_000
  const perDeg = haversineM(mid, 0, mid, 1)
  const box = height * (east - west + 2 * margin) * perDeg
  if (!footprint) return Math.max(LEAST_AREA_M2, box)
  const rings = footprint.map(ring => Float64Array.from(ring))
  const N = 40
  let inside = 0
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      const lat = south + ((i + 0.5) / N) * (north - south)
      const lon = lon0 + west + ((j + 0.5) / N) * (east - west)
      if (insideRings(rings, lat, lon)) inside++
    }
  return Math.max(LEAST_AREA_M2, (box * inside) / (N * N))
}

/**
 * Density of the others about each detection, per square metre and detection: of the nearest ones over the circle that holds
 * them (Loftsgaarden & Quesenberry 1965), so that it is as fine as they are close.
 */
function crowdOf({ detections }: Scene, area: number): number[] {
  const n = detections.length
  const nearest = Math.min(NEAREST, n - 1)
  if (nearest < 2) return detections.map(() => 1 / area)
  const usualM = Math.sqrt((nearest * area) / (Math.PI * n))
  const grid = createGrid(detections, Math.min(10, usualM / M_PER_DEG))
  return detections.map(({ lat, lon }) => {
    let near: number[] = []
    for (let reachM = usualM / 2; near.length <= nearest; reachM *= 2) {
      near = []
      grid.some(lat, lon, reachM, other => {
        const at = detections[other]!
        near.push(haversineM(lat, lon, at.lat, at.lon))
        return false
      })
    }
    // the first is itself
    const radiusM = Math.max(LEAST_CROWD_M, near.sort((a, b) => a - b)[nearest]!)
    return (nearest - 1) / (Math.PI * radiusM ** 2 * (n - 1))
  })
}
