// Who can have made which detection: of each vessel the density of its place at the time of the picture, how much of that
// lies in the picture, and how densely it would have been seen at each of the detections about it.

import { haversineM, interpolate } from '../geo/distance.js'
import { insideRings } from '../geo/polygon.js'
import type { Scene } from '../model/detection.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import {
  densityAt,
  densityOf,
  mixed,
  momentsOf,
  offsetM,
  PARTS,
  placeAt,
  placesAt,
  type Blur,
  type Density,
  type MovingFix,
} from './density.js'
import { createGrid } from './grid.js'
import { createLengths, type Lengths } from './lengths.js'
import { anywhereIn, silentDensity, type SilentShip } from './links.js'
import { MODES, modesAmong } from './modes.js'
import { addPair, createPairs, type Pairs } from './pairs.js'

/** Faster than this nothing goes that is looked for, knots. */
const FASTEST_KN = 40
/** The speed that shifts a ship the most, m/s. */
const SHIFTED_MPS = 15
/** What is less than this per square metre is left to nobody: a ten-millionth of a crowded background. */
const LEAST_DENSITY = 1e-15
/** Side of a cell of detections, degrees: some miles, as ships are looked for. */
const CELL_DEG = 0.1

/** Ships within this of a detection move as the ships of its picture do, metres. */
const ABOUT_M = 50_000

/** A vessel at the time of a scene. */
export interface SceneVessel {
  mmsi: number
  track: number
  /** Metres; null unknown. */
  lengthM: number | null
  /** As AIS tells it (ITU-R M.1371); null or absent: unknown. */
  shipType?: number | null | undefined
  before: MovingFix | null
  after: MovingFix | null
  /** Id of the gap that it is in; null while it is heard. */
  gap: string | null
  /** The ship of that gap, for how far it reaches. */
  ship?: SilentShip
}

export interface Candidates {
  /** By vessel. */
  densities: Density[]
  /** By vessel: share of its density that lies in the picture; a half where there is no footprint. */
  inside: Float64Array
  /** Weights are densities per square metre, with what the detection and the vessel are alike. By vessel. */
  pairs: Pairs
  lengths: Lengths
}

export function candidatesOf(scene: Scene, vessels: readonly SceneVessel[], blur: Blur): Candidates {
  const { detections, t, untilT } = scene
  const contains = outlineOf(scene)
  const lengths = createLengths(detections)
  const grid = createGrid(detections, CELL_DEG)
  const inside = new Float64Array(vessels.length).fill(0.5)
  /** Has fixes on both sides, and a place between them that is in the picture, or where nobody tells what is, near a detection. */
  const isAbout = ({ before, after }: SceneVessel, at: number): boolean => {
    if (!before || !after || !(after.t > before.t)) return false
    const f = Math.min(1, Math.max(0, (at - before.t) / (after.t - before.t)))
    const { lat, lon } = interpolate(before.lat, before.lon, after.lat, after.lon, f)
    return contains ? contains(lat, lon) : grid.some(lat, lon, ABOUT_M, () => true)
  }
  const pairs = createPairs(4 * (detections.length + 4))
  const hasSpread = untilT > t
  const spreadM = ((untilT - t) / MS_PER_S) * FASTEST_KN * MPS_PER_KN
  const shiftM = (blur.shiftS + blur.unknownShiftS) * SHIFTED_MPS
  const middleT = (t + untilT) / 2
  const places = vessels.map(vessel => placesAt(vessel.before, vessel.after, clamped(middleT, vessel)))
  // a silent ship shows nothing of how those move that are heard, nor they of how it moves
  const heard = modesAmong(
    vessels.flatMap((vessel, v) =>
      vessel.gap === null && isAbout(vessel, middleT) ? [places[v]!.likelihoods] : [],
    ),
  )
  const densities = vessels.map((vessel, v) => {
    const { before, after, ship, lengthM, gap } = vessel
    const modes = gap === null ? heard : MODES
    const density = mixed(places[v]!, modes)
    if (contains) inside[v] = shareInside(density, contains)
    const { east, north, sigmaM } = momentsOf(density)
    const middle = placeAt(density.lat, density.lon, east, north)
    // a silent ship may be anywhere in its reach
    const roamM = ship
      ? haversineM(middle.lat, middle.lon, ship.off.lat, ship.off.lon) +
        ((untilT - ship.off.t) / MS_PER_HOUR) * ship.kn * M_PER_NM
      : 0
    const anywhere = ship && !hasSpread ? anywhereIn(ship, t) : undefined
    const reachM = Math.max(roamM, 6 * Math.hypot(sigmaM, 500) + shiftM + spreadM)
    grid.some(middle.lat, middle.lon, reachM, d => {
      const seen = detections[d]!
      const at = hasSpread ? densityAt(before, after, seen.t, modes) : density
      const [x, y] = offsetM(at.lat, at.lon, seen.lat, seen.lon)
      const led = ship
        ? silentDensity(ship, at, seen, blur, anywhere)
        : densityOf(at, x, y, blur, seen.sigmaM)
      const value = led > 0 ? led * lengths.agreement(seen.lengthM, lengthM) : 0
      if (value > LEAST_DENSITY) addPair(pairs, d, v, value)
      return false
    })
    return density
  })
  return { densities, inside, pairs, lengths }
}

/** The middle of the scene, or what of it lies between the fixes. */
function clamped(middle: number, { before, after }: SceneVessel): number {
  return Math.min(after?.t ?? Infinity, Math.max(before?.t ?? -Infinity, middle))
}

type Contains = (lat: number, lon: number) => boolean

/** Whether a place is in the picture; null where its outline is not told. */
function outlineOf({ footprint }: Scene): Contains | null {
  if (footprint === null) return null
  const rings = footprint.map(ring => Float64Array.from(ring))
  let [south, north, west, east] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const ring of rings)
    for (let k = 0; k < ring.length; k += 2) {
      west = Math.min(west, ring[k]!)
      east = Math.max(east, ring[k]!)
      south = Math.min(south, ring[k + 1]!)
      north = Math.max(north, ring[k + 1]!)
    }
  return (lat, lon) =>
    lat >= south && lat <= north && lon >= west && lon <= east && insideRings(rings, lat, lon)
}

/** Nodes and weights of Gauss-Hermite of three points. */
const NODES = [-Math.sqrt(3), 0, Math.sqrt(3)] as const
const NODE_WEIGHTS = [1 / 6, 2 / 3, 1 / 6] as const

/** Share of a density that lies in the picture. */
function shareInside({ lat, lon, count, parts }: Density, contains: Contains): number {
  let sum = 0
  for (let k = 0; k < count; k++) {
    const p = PARTS * k
    const sigma = Math.sqrt(parts[p + 3]!)
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        const at = placeAt(lat, lon, parts[p + 1]! + NODES[i]! * sigma, parts[p + 2]! + NODES[j]! * sigma)
        if (contains(at.lat, at.lon)) sum += parts[p]! * NODE_WEIGHTS[i]! * NODE_WEIGHTS[j]!
      }
  }
  return sum
}
