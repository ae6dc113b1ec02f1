// What makes a detection when no vessel that AIS knows does: ships that nobody knows, false detections, fixed objects. How
// many of each there are, the scene tells: it is estimated in turns with the assignment. Ships that nobody knows are half
// anywhere in the scene, half where the others are (an anchorage, a fishing ground); false detections are anywhere.

import { haversineM } from '../geo/distance.js'
import { insideRings } from '../geo/polygon.js'
import { lonDelta } from '../geo/antimeridian.js'
import type { Scene } from '../model/detection.js'

/** Share of dark ships among detections before anything is known, and how many detections that knowledge is worth. */
const DARK_SHARE = 0.15
const PRIOR_DETECTIONS = 4
/** Share of detections that are ships where their detector does not say. */
const USUAL_CONFIDENCE = 0.95
/** Beyond these a detector is not believed. */
const SUREST = 0.995
const LEAST_SURE = 0.02
/** Share of unknown ships that are where others are. */
const WITH_OTHERS = 0.5
/** Others within this count, metres. */
const CROWD_M = 8000
const LEAST_AREA_M2 = 1e8

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
  /** @param dark, real probability of each detection of being a dark ship, of being a ship */
  learn(dark: Float64Array, real: Float64Array): void
}

export function createBackground(
  scene: Scene,
  fixed: (lat: number, lon: number, sigmaM: number) => number,
): Background {
  const { detections } = scene
  const n = detections.length
  const area = areaOf(scene)
  const crowd = crowdOf(scene)
  const shape = detections.map((_, d) => (1 - WITH_OTHERS) / area + WITH_OTHERS * crowd[d]!)
  const sure = detections.map(({ confidence }) =>
    Math.min(SUREST, Math.max(LEAST_SURE, confidence ?? USUAL_CONFIDENCE)),
  )
  const atFixed = detections.map(({ lat, lon, sigmaM }) => fixed(lat, lon, sigmaM))
  let dark = DARK_SHARE * n
  let ships = sure.reduce((sum, p) => sum + p, 0)
  const darkAt = (d: number): number => dark * shape[d]!
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
    learn(darkOf, realOf) {
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
      dark = ((sum(darkOf) + DARK_SHARE * PRIOR_DETECTIONS) / (n + PRIOR_DETECTIONS)) * n
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

/** Density of the other detections about each, per square metre and detection: by cells, its own and those around. */
function crowdOf({ detections }: Scene): number[] {
  const cells = new Map<string, number[]>()
  const cellOf = (lat: number, lon: number): [number, number] => {
    const row = Math.floor((lat * 111_195) / CROWD_M)
    const scale = Math.max(0.05, Math.cos((row * CROWD_M) / 111_195 / (180 / Math.PI)))
    return [row, Math.floor((lon * 111_195 * scale) / CROWD_M)]
  }
  detections.forEach(({ lat, lon }, d) => {
    const key = cellOf(lat, lon).join()
    const cell = cells.get(key)
    if (cell) cell.push(d)
    else cells.set(key, [d])
  })
  const around = Math.PI * CROWD_M ** 2
  return detections.map(({ lat, lon }) => {
    let others = -1
    for (let dy = -1; dy <= 1; dy++) {
      const [row] = cellOf(lat, lon)
      const y = dy === 0 ? lat : ((row + dy + 0.5) * CROWD_M) / 111_195
      const [r, c] = cellOf(y, lon)
      for (let dx = -1; dx <= 1; dx++)
        for (const other of cells.get([r, c + dx].join()) ?? []) {
          const at = detections[other]!
          if (haversineM(lat, lon, at.lat, at.lon) <= CROWD_M) others++
        }
    }
    return others / around / Math.max(1, detections.length)
  })
}
