// Whose silence explains a detection: of all ships that are silent at the time of the picture, those that can have been
// there, by how densely they can have been there (match/density), and by their length. What ranks is a logarithm of
// likelihood; the share is that of the ship among those that can have been there, if it is one of them.

import { areaAt } from '../assess/partner.js'
import { haversineM } from '../geo/distance.js'
import type { Detection } from '../model/detection.js'
import type { VesselRef } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../model/units.js'
import { stayAt, type Reaching } from '../tracks/reaches.js'
import { densityAt, densityOf, offsetM, type Blur, type Density, type MovingFix } from './density.js'

/** A ship that is in a gap. Plain data. */
export interface SilentShip extends Reaching {
  mmsi: number
  track: number
  vessel: VesselRef
  /** Metres; null unknown. */
  lengthM: number | null
  /** At OFF, knots and degrees; null unknown. */
  sogKn: number | null
  cogDeg: number | null
  /** Of its gap. */
  score: number
  class: string
}

export interface Link {
  /** From 1. */
  rank: number
  /** Id of the gap. */
  id: string
  mmsi: number
  track: number
  vessel: VesselRef
  /** Whether the ship was still silent when that was said. */
  open: boolean
  /** Logarithm of likelihood; what it is better by than the next is its margin (null for the last). */
  weight: number
  margin: number | null
  /** Of those that can have been there. */
  share: number
  /** Probability that it is this ship, against ships that nobody knows too. */
  p: number
  /** Hours silent by then, miles from where it fell silent, and the speed that this takes, knots. */
  silentH: number
  fromNm: number
  neededKn: number
  lengthM: number | null
}

/** Links that are listed. */
export const LISTED_LINKS = 10

export const offOf = ({ off, sogKn, cogDeg }: SilentShip): MovingFix => ({
  ...off,
  sog: sogKn ?? NaN,
  cog: cogDeg ?? NaN,
})

export const onOf = ({ on }: SilentShip): MovingFix | null => on && { ...on, sog: NaN, cog: NaN }

const whereAt = (ship: SilentShip, t: number): Density => densityAt(offOf(ship), onOf(ship), t)

/** The same, worked out once for a ship while the time is the same. */
export function rememberedWhere(): typeof whereAt {
  const known = new Map<SilentShip, { t: number; density: Density }>()
  return (ship, t) => {
    const before = known.get(ship)
    if (before?.t === t) return before.density
    const density = whereAt(ship, t)
    known.set(ship, { t, density })
    return density
  }
}

/** Whether the ship was silent at that time, and can have been at that place. */
export function covers(ship: SilentShip, { t, lat, lon }: Detection): boolean {
  if (!(ship.off.t <= t && (!ship.on || ship.on.t >= t))) return false
  const { from, to } = stayAt(ship, lat, lon)
  return from <= t && t <= to
}

/** Ships that switch off to go elsewhere are not led on by how they went: so many may be anywhere in their reach. */
const ANYWHERE = 0.2
const LEAST_AREA_M2 = Math.PI * 1000 ** 2

/** Density per square metre of a silent ship that may be anywhere in its reach at a time, epoch ms. */
export const anywhereIn = (ship: SilentShip, t: number): number =>
  1 / Math.max(LEAST_AREA_M2, areaAt(ship, t) * M_PER_NM ** 2)

/**
 * How densely a silent ship would have been seen where a detection is, per square metre.
 * @param at its density then
 * @param anywhere density of its reach then
 */
export function silentDensity(
  ship: SilentShip,
  at: Density,
  detection: Detection,
  blur: Blur,
  anywhere = anywhereIn(ship, detection.t),
): number {
  const { lat, lon, sigmaM } = detection
  const [east, north] = offsetM(at.lat, at.lon, lat, lon)
  const led = (1 - ANYWHERE) * densityOf(at, east, north, blur, sigmaM)
  return covers(ship, detection) ? led + ANYWHERE * anywhere : led
}

/** What is known of the ships of gaps beside their reach. */
export interface LinkViews {
  /** Probability that it is the ship of a gap … */
  p(id: string): number
  /** … and that this is another of the detections. */
  elsewhere(id: string): number
  /** How much likelier what is said of its kind and length is of this one. */
  alike?(ship: SilentShip): number
  /** Its density at a time. */
  where?(ship: SilentShip, t: number): Density
}

/** @param ships those that cover it, of any number */
export function linksOf(
  detection: Detection,
  ships: readonly SilentShip[],
  blur: Blur,
  { p, elsewhere, alike = () => 1, where = whereAt }: LinkViews,
): Link[] {
  const weighed = ships
    .map(ship => {
      const value = silentDensity(ship, where(ship, detection.t), detection, blur)
      const here = value * alike(ship) * (1 - Math.min(0.99, elsewhere(ship.id)))
      return { ship, weight: Math.log(Math.max(1e-300, here)) }
    })
    .sort((a, b) => b.weight - a.weight || (a.ship.id < b.ship.id ? -1 : 1))
  const most = weighed[0]?.weight ?? 0
  const total = weighed.reduce((sum, { weight }) => sum + Math.exp(weight - most), 0)
  return weighed.slice(0, LISTED_LINKS).map(({ ship, weight }, k) => {
    const { id, mmsi, track, vessel, off, on, lengthM } = ship
    const silentH = (detection.t - off.t) / MS_PER_HOUR
    const fromNm = haversineM(off.lat, off.lon, detection.lat, detection.lon) / M_PER_NM
    const next = weighed[k + 1]
    return {
      ...{ rank: k + 1, id, mmsi, track, vessel, open: on === null },
      weight: round(weight - most, 3) + 0,
      margin: next ? round(weight - next.weight, 3) : null,
      share: Math.exp(weight - most) / total,
      p: p(id),
      ...{ silentH: round(silentH, 2), fromNm: round(fromNm, 1) },
      neededKn: silentH > 0 ? round(fromNm / silentH, 1) : 0,
      lengthM,
    }
  })
}
