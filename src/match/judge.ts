// A scene against the vessels that AIS knows: which detection is whom, which is nobody, who should have been seen and was
// not, and how many dark ships that makes. Every pair is weighed by where the vessel can have been (match/density), how often
// such a ship is seen and how long it is (match/recall); the background it is held against are ships that nobody knows,
// false detections and fixed objects, in numbers that the scene itself tells: they are estimated with the assignment, in
// turns (EM). A vessel that is in a silence that was told of explains nothing: a detection that is hers is dark.

import { insideRings } from '../geo/polygon.js'
import { haversineM } from '../geo/distance.js'
import type { Detection, Scene } from '../model/detection.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import { assign, type Pair } from './assign.js'
import {
  densityAt,
  densityOf,
  momentsOf,
  offsetM,
  PARTS,
  placeAt,
  type Blur,
  type Density,
  type MovingFix,
} from './density.js'
import { createBackground } from './background.js'
import { silentDensity, type SilentShip } from './links.js'
import { lengthAgreement, recallOf } from './recall.js'

/** A vessel at the time of a scene. */
export interface SceneVessel {
  mmsi: number
  track: number
  /** Metres; null unknown. */
  lengthM: number | null
  before: MovingFix | null
  after: MovingFix | null
  /** Id of the gap that it is in; null while it is heard. */
  gap: string | null
  /** The ship of that gap, for how far it reaches. */
  ship?: SilentShip
}

/** A detection is told of as dark from this probability on: that of the best F1 where it is 0.8 (half of it, Lipton et al. 2014). */
export const DARK_AT = 0.4
/** Fixes further from the image than this tell nothing of a vessel that is heard. */
export const HORIZON_MS = 12 * MS_PER_HOUR
/** Where no vessel was heard within this of a detection, nobody listens. */
export const LISTENED_M = 200 * 1852
/** Faster than this nothing goes that is looked for, knots. */
const FASTEST_KN = 40
/** The speed that shifts a ship the most, m/s. */
const SHIFTED_MPS = 15
/** Where the geometry of a radar is not told: slant range over speed times the sine of the incidence, as Sentinel-1's. */
const USUAL_SHIFT_S = 65
const ROUNDS = 6
/** What is that much less likely than the background is left to its sum. */
const LEAST_WEIGHT = 1e-3
/** … and what is less than this per square metre to nobody: a ten-millionth of a crowded background. */
const LEAST_DENSITY = 1e-15
/** Vessels whose share that is seen is as good as known before. */
const RECALL_PRIOR = 10
/** No sensor shows more of the ships there are. */
const SEEN_MOST = 0.98
/** Of the share that is seen, as a share of it. */
const RECALL_ERROR = 0.12
/** A vessel is missed when it must have been in the picture, is mostly seen, and is none of the detections. */
const MISSED = { inside: 0.95, seen: 0.5, matched: 0.05 }

export interface Judged {
  detection: Detection
  /** False where nobody listens: nothing is said of it then. */
  judged: boolean
  /** Probabilities; with that of vessels that are heard they make 1. */
  pDark: number
  pFalse: number
  pFixed: number
  /** Of being one of the vessels that are heard. */
  pMatch: number
  /** Who it may be, likeliest first, and how likely; silent ones too. */
  who: { vessel: SceneVessel; p: number }[]
  /** Of the likeliest assignment; null: none of them. */
  best: SceneVessel | null
}

export interface Missed {
  vessel: SceneVessel
  /** Of having been seen, had it been there. */
  pSeen: number
  lat: number
  lon: number
  sigmaM: number
}

export interface Verdict {
  detections: Judged[]
  /** Vessels that are heard which must have been seen and were not; none where there is no footprint. */
  missed: Missed[]
  /** Detections that vessels which are heard should have made; null without a footprint. */
  expected: number | null
  /** Detections matched, dark, false and fixed: sums of probabilities. */
  sums: { matched: number; dark: number; false: number; fixed: number }
  /** Probability of each silent ship of being one of the detections, by id of its gap. */
  silentSeen: Map<string, number>
  /** Dark ships there are, seen or not, and the bounds that hold it in 95 of 100 cases. */
  darkShips: { estimate: number; low: number; high: number }
  /** Of ships of their length those that this scene shows, to those that its sensor shows otherwise. */
  recallRatio: number
}

/** @param fixed chance that a detection at that place is of a fixed object, by place: per square metre */
export function judgeScene(
  scene: Scene,
  vessels: readonly SceneVessel[],
  fixed: (lat: number, lon: number, sigmaM: number) => number = () => 0,
): Verdict {
  const { detections, sensor } = scene
  const rings = scene.footprint?.map(ring => Float64Array.from(ring)) ?? null
  const blur = blurOf(scene)
  const inScene = (lat: number, lon: number): boolean => rings === null || insideRings(rings, lat, lon)
  const near = createGrid(detections)
  const listened = listenedTo(detections, vessels, scene.t)

  // who can have made which detection, and how densely it would have been seen there
  const edges: { detection: number; vessel: number; density: number }[] = []
  const inside = new Float64Array(vessels.length)
  const recall = vessels.map(({ lengthM }) => recallOf(sensor, lengthM))
  const densities = vessels.map((vessel, v) => {
    const density = densityAt(vessel.before, vessel.after, clamped(scene.t, vessel, scene.untilT))
    inside[v] = rings === null ? 0.5 : shareInside(density, inScene)
    return density
  })
  const spread = scene.untilT > scene.t
  densities.forEach((density, v) => {
    const vessel = vessels[v]!
    const { east, north, sigmaM } = momentsOf(density)
    const middle = placeAt(density.lat, density.lon, east, north)
    const { ship } = vessel
    // a silent ship may be anywhere in its reach
    const hours = ship ? (scene.untilT - ship.off.t) / MS_PER_HOUR : 0
    const roamM = ship
      ? haversineM(middle.lat, middle.lon, ship.off.lat, ship.off.lon) + hours * ship.kn * M_PER_NM
      : 0
    const shiftM = (blur.shiftS + blur.unknownShiftS) * SHIFTED_MPS
    const reachM = Math.max(roamM, 6 * Math.hypot(sigmaM, 500) + shiftM + spreadM(scene))
    near(middle.lat, middle.lon, reachM, d => {
      const seen = detections[d]!
      const at = spread ? densityAt(vessel.before, vessel.after, seen.t) : density
      const [x, y] = offsetM(at.lat, at.lon, seen.lat, seen.lon)
      const agreed = lengthAgreement(seen.lengthM, vessel.lengthM)
      const led = ship
        ? silentDensity(ship, at, seen, blur)
        : densityOf(at, x, y, { ...blur, sigmaM: seen.sigmaM })
      if (led * agreed > LEAST_DENSITY) edges.push({ detection: d, vessel: v, density: led * agreed })
    })
  })

  const background = createBackground(scene, fixed)
  let ratio = 1
  let out = assign([], detections.length, vessels.length)
  let pairs: Pair[] = []
  const diffuse = new Float64Array(detections.length)
  const shares = detections.map(() => ({ dark: 0, false: 0, fixed: 0, diffuse: 0 }))
  for (let round = 0; round < ROUNDS; round++) {
    pairs = []
    diffuse.fill(0)
    const seen = recall.map(p => Math.min(SEEN_MOST, ratio * p))
    const total = detections.map((_, d) => background.total(d))
    for (const { detection, vessel, density } of edges) {
      const weight = (seen[vessel]! * density) / (1 - seen[vessel]! * inside[vessel]!) / total[detection]!
      if (weight < LEAST_WEIGHT) {
        if (vessels[vessel]!.gap === null) diffuse[detection]! += weight * total[detection]!
        continue
      }
      pairs.push({ detection, vessel, weight })
    }
    // what many far ones add up to stands in the background
    pairs.forEach(
      pair => (pair.weight *= total[pair.detection]! / (total[pair.detection]! + diffuse[pair.detection]!)),
    )
    out = assign(pairs, detections.length, vessels.length, round === ROUNDS - 1)
    detections.forEach((_, d) => (shares[d] = background.shares(d, diffuse[d]!)))
    const dark = new Float64Array(detections.length)
    const real = new Float64Array(detections.length)
    let heardSeen = 0
    pairs.forEach(({ detection, vessel }, p) => {
      if (vessels[vessel]!.gap === null) heardSeen += out.pair[p]!
      else dark[detection]! += out.pair[p]!
    })
    detections.forEach((_, d) => {
      dark[d]! += out.alone[d]! * shares[d]!.dark
      real[d] = 1 - out.alone[d]! * (shares[d]!.false + shares[d]!.fixed)
    })
    background.learn(dark, real)
    let expected = 0
    vessels.forEach(({ gap }, v) => (expected += gap === null ? recall[v]! * inside[v]! : 0))
    if (rings !== null)
      ratio = clamp(
        (heardSeen + RECALL_PRIOR) / (expected + RECALL_PRIOR),
        0.2,
        SEEN_MOST / recallOf(sensor, null),
      )
  }

  const judged = detections.map((detection, d): Judged => ({
    ...{ detection, judged: listened[d]! },
    pDark: out.alone[d]! * shares[d]!.dark,
    pFalse: out.alone[d]! * shares[d]!.false,
    pFixed: out.alone[d]! * shares[d]!.fixed,
    pMatch: out.alone[d]! * shares[d]!.diffuse,
    ...{ who: [], best: null },
  }))
  const seenBy = new Float64Array(vessels.length)
  pairs.forEach(({ detection, vessel }, p) => {
    const of = judged[detection]!
    const p_ = out.pair[p]!
    const who = vessels[vessel]!
    if (who.gap === null) of.pMatch += p_
    else of.pDark += p_
    seenBy[vessel]! += p_
    if (p_ > 0.001) of.who.push({ vessel: who, p: p_ })
    if (out.best[detection] === p) of.best = who
  })
  for (const { who } of judged)
    who.sort((a, b) => b.p - a.p || a.vessel.mmsi - b.vessel.mmsi || a.vessel.track - b.vessel.track)

  const missed: Missed[] = []
  let expected = 0
  vessels.forEach((vessel, v) => {
    if (vessel.gap !== null || rings === null) return
    const pSeen = Math.min(SEEN_MOST, ratio * recall[v]!)
    expected += pSeen * inside[v]!
    if (inside[v]! < MISSED.inside || pSeen < MISSED.seen || seenBy[v]! > MISSED.matched) return
    const density = densities[v]!
    const { east, north, sigmaM } = momentsOf(density)
    missed.push({ vessel, pSeen, ...placeAt(density.lat, density.lon, east, north), sigmaM })
  })
  missed.sort((a, b) => b.pSeen - a.pSeen || a.vessel.mmsi - b.vessel.mmsi || a.vessel.track - b.vessel.track)
  const sums = { matched: 0, dark: 0, false: 0, fixed: 0 }
  for (const of of judged) {
    if (!of.judged) continue
    sums.matched += of.pMatch
    sums.dark += of.pDark
    sums.false += of.pFalse
    sums.fixed += of.pFixed
  }
  return {
    ...{ detections: judged, missed, sums, recallRatio: ratio },
    silentSeen: new Map(vessels.flatMap(({ gap }, v) => (gap === null ? [] : [[gap, seenBy[v]!]]))),
    expected: rings === null ? null : expected,
    darkShips: darkShipsOf(judged, scene, ratio),
  }
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x))

/** Probability that a detection is the ship of a gap, and that this is another of the detections. */
export function silentOf(
  { silentSeen }: Verdict,
  { who }: Judged,
): { p: (id: string) => number; elsewhere: (id: string) => number } {
  const p = (id: string): number => who.find(({ vessel }) => vessel.gap === id)?.p ?? 0
  return { p, elsewhere: id => (silentSeen.get(id) ?? 0) - p(id) }
}

/** The middle of the scene, or what of it lies between the fixes. */
function clamped(t: number, { before, after }: SceneVessel, untilT: number): number {
  const middle = (t + untilT) / 2
  return clamp(middle, before?.t ?? -Infinity, after?.t ?? Infinity)
}

const spreadM = ({ t, untilT }: Scene): number => ((untilT - t) / MS_PER_S) * FASTEST_KN * MPS_PER_KN

const RAD = Math.PI / 180

export function blurOf({ sensor, looking }: Scene): Blur {
  const none = { sigmaM: 0, flight: [0, 1] as const, toRadar: [1, 0] as const, shiftS: 0, unknownShiftS: 0 }
  if (sensor !== 'sar') return none
  if (!looking) return { ...none, unknownShiftS: USUAL_SHIFT_S }
  const { headingDeg, look, incidenceDeg, rangeOverSpeedS } = looking
  const to = headingDeg + (look === 'right' ? -90 : 90)
  return {
    ...none,
    flight: [Math.sin(headingDeg * RAD), Math.cos(headingDeg * RAD)],
    toRadar: [Math.sin(to * RAD), Math.cos(to * RAD)],
    shiftS: rangeOverSpeedS * Math.sin(incidenceDeg * RAD),
  }
}

/** Nodes and weights of Gauss-Hermite of three points. */
const NODES = [
  [-Math.sqrt(3), 1 / 6],
  [0, 2 / 3],
  [Math.sqrt(3), 1 / 6],
] as const

/** Share of a density that lies in the picture. */
function shareInside(
  { lat, lon, count, parts }: Density,
  inScene: (lat: number, lon: number) => boolean,
): number {
  let sum = 0
  for (let k = 0; k < count; k++) {
    const p = PARTS * k
    const sigma = Math.sqrt(parts[p + 3]!)
    for (const [x, wx] of NODES)
      for (const [y, wy] of NODES) {
        const at = placeAt(lat, lon, parts[p + 1]! + x * sigma, parts[p + 2]! + y * sigma)
        if (inScene(at.lat, at.lon)) sum += parts[p]! * wx * wy
      }
  }
  return sum
}

/** Of each detection, whether anybody was heard about it within the horizon. */
function listenedTo(detections: readonly Detection[], vessels: readonly SceneVessel[], t: number): boolean[] {
  const places = vessels.flatMap(({ before, after }) => {
    const fix =
      before && t - before.t <= HORIZON_MS ? before : after && after.t - t <= HORIZON_MS ? after : null
    return fix ? [fix] : []
  })
  let last = places[0] // neighbours have the same listener
  return detections.map(({ lat, lon }) => {
    const hears = (fix: MovingFix): boolean => haversineM(fix.lat, fix.lon, lat, lon) <= LISTENED_M
    if (last && hears(last)) return true
    const found = places.find(hears)
    if (found) last = found
    return found !== undefined
  })
}

/**
 * Ships there are for each that was seen: one over the share that is seen of its length (Horvitz & Thompson 1952). Its variance
 * is of not knowing which are dark, of those that were not seen, and of the share itself; the bounds are those of a lognormal,
 * as whole ships.
 */
function darkShipsOf(judged: readonly Judged[], { sensor }: Scene, ratio: number): Verdict['darkShips'] {
  let estimate = 0
  let variance = 0
  for (const { judged: is, pDark, detection } of judged) {
    if (!is) continue
    const seen = clamp(ratio * recallOf(sensor, detection.lengthM), 0.15, SEEN_MOST)
    estimate += pDark / seen
    variance += (pDark * (1 - pDark) + pDark * (1 - seen)) / seen ** 2
  }
  if (estimate < 1e-9) return { estimate: 0, low: 0, high: 0 }
  const sigma = Math.sqrt(Math.log(1 + variance / estimate ** 2 + RECALL_ERROR ** 2))
  const [low, high] = [-1.96, 1.96].map(z => estimate * Math.exp(z * sigma)) as [number, number]
  return { estimate, low: Math.floor(low), high: Math.ceil(high) }
}

/** Detections by cells of a tenth of a degree: calls back for those within some metres of a place, and some more. */
function createGrid(
  detections: readonly Detection[],
): (lat: number, lon: number, radiusM: number, visit: (d: number) => void) => void {
  const CELL = 0.1
  const rows = new Map<number, Map<number, number[]>>()
  const columns = Math.round(360 / CELL)
  const columnOf = (lon: number): number => ((Math.floor((lon + 180) / CELL) % columns) + columns) % columns
  detections.forEach(({ lat, lon }, d) => {
    const row = Math.floor(lat / CELL)
    const cells = rows.get(row) ?? new Map<number, number[]>()
    rows.set(row, cells)
    const column = columnOf(lon)
    const cell = cells.get(column)
    if (cell) cell.push(d)
    else cells.set(column, [d])
  })
  return (lat, lon, radiusM, visit) => {
    const dLat = radiusM / 111_000
    const near = (d: number): void => {
      const of = detections[d]!
      if (haversineM(lat, lon, of.lat, of.lon) <= radiusM) visit(d)
    }
    const all = dLat > 3 || Math.abs(lat) + dLat > 85
    if (all) {
      for (let d = 0; d < detections.length; d++) near(d)
      return
    }
    const dLon = dLat / Math.cos((Math.abs(lat) + dLat) * RAD)
    for (let row = Math.floor((lat - dLat) / CELL); row <= Math.floor((lat + dLat) / CELL); row++) {
      const cells = rows.get(row)
      if (!cells) continue
      const steps = Math.ceil(dLon / CELL) + 1
      if (2 * steps + 1 >= columns) cells.forEach(list => list.forEach(near))
      else for (let c = -steps; c <= steps; c++) cells.get(columnOf(lon + c * CELL))?.forEach(near)
    }
  }
}
