// A scene against the vessels that AIS knows: which detection is whom, which is nobody, who should have been seen and was
// not, and how many dark ships that makes. A vessel that is in a silence that was told of explains nothing: a detection that
// is hers is dark.

import type { Detection, Scene } from '../model/detection.js'
import { MS_PER_HOUR } from '../model/units.js'
import { candidatesOf, type SceneVessel } from './candidates.js'
import { momentsOf, placeAt, type Blur } from './density.js'
import { createGrid } from './grid.js'
import { likeliest } from './likeliest.js'
import { recallOf, SEEN_MOST } from './recall.js'
import { weighed } from './weighed.js'

/** A detection is told of as dark from this probability on: that of the best F1 where it is 0.8 (half of it, Lipton et al. 2014). */
export const DARK_AT = 0.4
/** Fixes further from the image than this tell nothing of a vessel that is heard. */
export const HORIZON_MS = 12 * MS_PER_HOUR
/** Where no vessel was heard within this of a detection, nobody listens. */
export const LISTENED_M = 200 * 1852
/** Side of a cell of listeners: a third of that. */
const LISTENER_CELL_DEG = 1
/** Where the geometry of a radar is not told: slant range over speed times the sine of the incidence, as Sentinel-1's. */
const USUAL_SHIFT_S = 65
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
  /** How much likelier what is said of the kind and length of a detection is of that vessel than of anything seen. */
  agreement(of: Judged, vessel: Pick<SceneVessel, 'shipType' | 'lengthM'>): number
}

/** @param fixed chance that a detection at that place is of a fixed object, by place: per square metre */
export function judgeScene(
  scene: Scene,
  vessels: readonly SceneVessel[],
  fixed: (lat: number, lon: number, sigmaM: number) => number = () => 0,
): Verdict {
  const { detections, sensor } = scene
  const hasFootprint = scene.footprint !== null
  const listened = listenedTo(detections, vessels, scene.t)
  const candidates = candidatesOf(scene, vessels, blurOf(scene))
  const { densities, inside, lengths } = candidates
  const { pairs, assigned, shares, ratio, kinds } = weighed(scene, vessels, candidates, fixed)
  const best = likeliest(pairs, detections.length, vessels.length)

  const judged = detections.map((detection, d): Judged => ({
    ...{ detection, judged: listened[d]! },
    pDark: assigned.alone[d]! * shares[d]!.dark,
    pFalse: assigned.alone[d]! * shares[d]!.false,
    pFixed: assigned.alone[d]! * shares[d]!.fixed,
    pMatch: assigned.alone[d]! * shares[d]!.diffuse,
    ...{ who: [], best: null },
  }))
  const seenBy = new Float64Array(vessels.length)
  for (let k = 0; k < pairs.count; k++) {
    const p = assigned.pair[k]!
    const v = pairs.vessel[k]!
    const vessel = vessels[v]!
    const of = judged[pairs.detection[k]!]!
    if (vessel.gap === null) of.pMatch += p
    else of.pDark += p
    seenBy[v]! += p
    if (p > 0.001) of.who.push({ vessel, p })
    if (best[pairs.detection[k]!] === k) of.best = vessel
  }
  for (const { who } of judged)
    who.sort((a, b) => b.p - a.p || a.vessel.mmsi - b.vessel.mmsi || a.vessel.track - b.vessel.track)

  const missed: Missed[] = []
  let expected = 0
  vessels.forEach((vessel, v) => {
    if (vessel.gap !== null || !hasFootprint) return
    const pSeen = Math.min(SEEN_MOST, ratio * recallOf(sensor, vessel.lengthM))
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
    expected: hasFootprint ? expected : null,
    darkShips: darkShipsOf(judged, scene, ratio),
    agreement: (of, { shipType, lengthM }) =>
      kinds.agreement(judged.indexOf(of), shipType) * lengths.agreement(of.detection.lengthM, lengthM),
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

/** Of each detection, whether anybody was heard about it within the horizon. */
function listenedTo(detections: readonly Detection[], vessels: readonly SceneVessel[], t: number): boolean[] {
  const places = vessels.flatMap(({ before, after }) => {
    const fix =
      before && t - before.t <= HORIZON_MS ? before : after && after.t - t <= HORIZON_MS ? after : null
    return fix ? [fix] : []
  })
  const grid = createGrid(places, LISTENER_CELL_DEG)
  return detections.map(({ lat, lon }) => grid.some(lat, lon, LISTENED_M, () => true))
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
