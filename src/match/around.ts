// The vessels about a picture: of each the last fix before it and the first after, gathered as reports pass. Memory is one
// small record a vessel that can have been in the picture, whatever the rate of its reports.

import { haversineM } from '../geo/distance.js'
import { circleAbout } from '../geo/enclosing.js'
import type { Scene } from '../model/detection.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'
import type { MovingFix } from './density.js'
import { HORIZON_MS } from './judge.js'

/** Vessels are no faster, nor are their places more wrong than this, as far as they can explain anything. */
const FASTEST_KN = 35
const MARGIN_M = 15_000
/** A ship that lay still is still there, for days. */
const STILL_KN = 0.5
const STILL_MS = 72 * MS_PER_HOUR

/** A vessel about a picture. Plain data. */
export interface Near {
  mmsi: number
  track: number
  name: string | null
  lengthM: number | null
  shipType: number | null
  before: MovingFix | null
  after: MovingFix | null
}

/** Plain data. */
export interface Around {
  /** The circle that holds the picture. */
  circle: { lat: number; lon: number; radiusM: number }
  /** Middle of its time: fixes up to then are before. */
  t: number
  vessels: Map<number, Near>
  /** By slot, when its first fix after the picture was; 0: none yet. */
  after: Float64Array
  /** Whether anybody at all was heard within the horizon. */
  heard: boolean
}

export const nearKey = (mmsi: number, track: number): number => mmsi * 16 + track

/** The circle that holds the picture's footprint, or where there is none its detections; null without either. */
export function circleOf({ footprint, detections }: Scene): Around['circle'] | null {
  const places = footprint
    ? footprint.flatMap(ring =>
        Array.from({ length: ring.length / 2 }, (_, k) => ({ lon: ring[2 * k]!, lat: ring[2 * k + 1]! })),
      )
    : detections
  return places.length > 0 ? circleAbout(places) : null
}

export function aroundOf(scene: Scene, slots: number): Around {
  return {
    circle: circleOf(scene) ?? { lat: 0, lon: 0, radiusM: 0 },
    t: (scene.t + scene.untilT) / 2,
    vessels: new Map(),
    after: new Float64Array(slots),
    heard: false,
  }
}

/** Whether a vessel with that fix can have been in the picture. */
export function reaches({ circle, t }: Around, fix: MovingFix): boolean {
  const away = Math.abs(fix.t - t)
  const isStill = fix.sog < STILL_KN
  if (away > (isStill ? STILL_MS : HORIZON_MS)) return false
  const reachM = (Math.min(away, HORIZON_MS) / MS_PER_HOUR) * FASTEST_KN * M_PER_NM + MARGIN_M
  return haversineM(circle.lat, circle.lon, fix.lat, fix.lon) <= circle.radiusM + reachM
}

/** Takes a fix, in any order. @returns whether it is news */
export function place(around: Around, mmsi: number, track: number, fix: MovingFix, facts: Facts): boolean {
  if (Math.abs(fix.t - around.t) <= HORIZON_MS) around.heard = true
  const key = nearKey(mmsi, track)
  const known = around.vessels.get(key)
  const isBefore = fix.t <= around.t
  const held = known && (isBefore ? known.before : known.after)
  if (held && (isBefore ? fix.t <= held.t : fix.t >= held.t)) return false
  // a fix from beyond the horizon says nothing of one who was near, nor one from elsewhere; but that who was near is there is news
  if (!known && !reaches(around, fix)) return false
  if (known && !isBefore && fix.t - around.t > HORIZON_MS && !(fix.sog < STILL_KN)) return false
  const { name, lengthM, shipType } = facts(mmsi)
  const near = known ?? { mmsi, track, name, lengthM, shipType, before: null, after: null }
  near.name = name ?? near.name
  near.lengthM = lengthM ?? near.lengthM
  near.shipType = shipType ?? near.shipType
  if (isBefore) near.before = fix
  else near.after = fix
  around.vessels.set(key, near)
  return true
}

/** What is known of a vessel now. */
export type Facts = (mmsi: number) => { name: string | null; lengthM: number | null; shipType: number | null }
