// Two silent vessels as a possible meeting that nobody saw: whether both can have been at one place for long enough, where
// that fits best, and what speaks for it. The weights are log-odds like, as those of a silent partner (partner.ts), and chosen
// on the tuning seeds of `npm run eval:meetings`; with no stop to hold two silences against they say less, and prove nothing.

import { handsOver, kindOf, mayTransfer, type Kind } from '../ais/kinds.js'
import { planeOf, toPlace, toVector, vectorM, type Vector } from '../geo/gnomonic.js'
import type { VesselRef } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'
import { jointBoundMs, jointStay, msPerM } from '../tracks/joint-stay.js'
import type { SilentVessel } from './partner.js'

/** What two silences make of each other. Plain data; of both numbers of a pair the first is of the smaller MMSI. */
export interface SilentPair {
  weight: number
  /** Where a meeting fits best, degrees. */
  lat: number
  lon: number
  /** At top speed both can have been there from when to when, epoch ms. */
  from: number
  to: number
  /** The longest that they can have been together at any place, hours, … */
  longestH: number
  /** … and there, at their usual speeds: below 0 they would have missed each other. */
  usualH: number
  /** At its usual speed, hours that a ship would have waited for the other one to come, or before it came back. */
  spareH: readonly [number, number]
  /** Miles from where it fell silent. */
  fromNm: readonly [number, number]
  /** From its course as it fell silent to the way there, degrees; null unknown. */
  offCourseDeg: readonly [number | null, number | null]
}

/** Faster than this as it fell silent, a ship was on its way at its usual speed; slower, it worked or waited there. */
const PASSAGE_KN = 6
/** Slower than this it has no course. */
const HEADED_KN = 3
const HEADED_M = 1852
/** Share of its top speed that a ship goes at, where its speed is not known. */
const USUAL = 0.75
/** Hours that a handing over takes: less is not worth a meeting, more are not explained by one. */
const USUAL_H = [2, 8] as const
/** Miles there and back that are nothing out of the ordinary for a ship on its way, and for one that was at work. */
const NEAR_NM = { way: 60, work: 20 }
/** What is not known of a silence that lasts: how long it would have waited afterwards. */
const OPEN_COST = 0.69
/** Places are tried on a lattice of so many steps a side, then on finer ones about the best. */
const COARSE = 20
const FINE = 3
const ROUNDS = 3

const within = (most: number, x: number): number => Math.max(-most, Math.min(most, x))
const logOdds = (p: number): number => Math.log(p / (1 - Math.min(0.999, p)))
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

export const isBefore = (a: SilentVessel, b: SilentVessel): boolean =>
  a.mmsi < b.mmsi || (a.mmsi === b.mmsi && a.id < b.id)

/** Whether a vessel is one of those that hand over to each other. */
export const isOfHandOver = ({ shipType, name }: VesselRef): boolean =>
  handsOver({ ...(shipType === null ? {} : { shipType }), ...(name === null ? {} : { name }) })

/** Null: they have nothing for each other, as two of the same trade. */
function kindWeight(a: Kind, b: Kind): number | null {
  if (mayTransfer(a, b)) return 0.75
  return a === b && a !== 'other' ? null : 0
}

/** A silence made ready for many places. */
interface Ship {
  off: Vector
  on: Vector | null
  offT: number
  onT: number
  topMs: number
  usualMs: number
  /** Unit tangent at OFF along its course. */
  course: Vector | null
  nearM: number
}

type Ships = readonly [Ship, Ship]

const isOnWay = ({ sogKn }: SilentVessel): boolean => sogKn !== null && sogKn > PASSAGE_KN

const usualKn = (silent: SilentVessel): number =>
  isOnWay(silent) ? Math.min(silent.kn, silent.sogKn!) : USUAL * silent.kn

const atUsual = (silent: SilentVessel): SilentVessel => ({ ...silent, kn: usualKn(silent) })

function shipOf(silent: SilentVessel, untilT: number): Ship {
  const { off, on, kn, sogKn, cogDeg } = silent
  const isHeaded = cogDeg !== null && sogKn !== null && sogKn >= HEADED_KN
  return {
    off: toVector(off),
    on: on && toVector(on),
    offT: off.t,
    onT: on ? on.t : untilT,
    topMs: msPerM(kn),
    usualMs: msPerM(usualKn(silent)),
    course: isHeaded ? tangent(off, cogDeg) : null,
    nearM: (isOnWay(silent) ? NEAR_NM.way : NEAR_NM.work) * M_PER_NM,
  }
}

function tangent({ lat, lon }: { lat: number; lon: number }, deg: number): Vector {
  const [phi, lambda, c] = [lat, lon, deg].map(x => (x * Math.PI) / 180) as [number, number, number]
  const [north, east] = [Math.cos(c), Math.sin(c)]
  return [
    -north * Math.sin(phi) * Math.cos(lambda) - east * Math.sin(lambda),
    -north * Math.sin(phi) * Math.sin(lambda) + east * Math.cos(lambda),
    north * Math.cos(phi),
  ]
}

/** The cosine of the angle from its course to the way there; null unknown. */
function headed({ course, off }: Ship, p: Vector, thereM: number): number | null {
  if (!course || thereM < HEADED_M) return null
  const cos = dot(off, p)
  return within(1, dot(course, p) / Math.sqrt(Math.max(1e-18, 1 - cos * cos)))
}

/** What speaks for a place; −∞ where both cannot have been for long enough. */
function weightAt([a, b]: Ships, p: Vector, leastMs: number): number {
  const aThereM = vectorM(a.off, p)
  const bThereM = vectorM(b.off, p)
  const aBackM = a.on ? vectorM(a.on, p) : 0
  const bBackM = b.on ? vectorM(b.on, p) : 0
  const topFrom = Math.max(a.offT + aThereM * a.topMs, b.offT + bThereM * b.topMs)
  const topTo = Math.min(a.onT - aBackM * a.topMs, b.onT - bBackM * b.topMs)
  if (!(topTo - topFrom >= leastMs)) return -Infinity
  const aComes = a.offT + aThereM * a.usualMs
  const bComes = b.offT + bThereM * b.usualMs
  const aLeaves = a.onT - aBackM * a.usualMs
  const bLeaves = b.onT - bBackM * b.usualMs
  const from = Math.max(aComes, bComes)
  const to = Math.min(aLeaves, bLeaves)
  return (
    hoursWeight(to - from) +
    shipWeight(a, p, aThereM, aBackM, from - aComes, aLeaves - to) +
    shipWeight(b, p, bThereM, bBackM, from - bComes, bLeaves - to)
  )
}

function hoursWeight(ms: number): number {
  const hours = ms / MS_PER_HOUR
  if (hours < USUAL_H[0]) return -Math.log(1 + USUAL_H[0] - hours)
  return hours > USUAL_H[1] ? -Math.log(1 + hours - USUAL_H[1]) / 2 : 0
}

/** Of one of them: the hours that it would have waited, how far it would have gone, and whether it was headed there. */
function shipWeight(
  ship: Ship,
  p: Vector,
  thereM: number,
  backM: number,
  before: number,
  after: number,
): number {
  return (
    (headed(ship, p, thereM) ?? 0) -
    Math.log(1 + before / MS_PER_HOUR) -
    (ship.on ? Math.log(1 + after / MS_PER_HOUR) : OPEN_COST) -
    Math.log(1 + (ship.on ? thereM + backM : 2 * thereM) / ship.nearM)
  )
}

/** No place weighs more: it is on the way of both, with the time that they have, and each is headed there. */
function mostWeight(ships: Ships, usualMs: number): number {
  let most = hoursWeight(Math.min(usualMs, USUAL_H[1] * MS_PER_HOUR))
  for (const { off, on, course, nearM } of ships)
    most += (course ? 1 : 0) - (on ? Math.log(1 + vectorM(off, on) / nearM) : OPEN_COST)
  return most
}

/**
 * Whether two silences may be a meeting.
 * @param leastMs both have to have been at one place for so long …
 * @param leastWeight … and it has to weigh so much
 * @returns null when they cannot, have nothing for each other, or weigh less
 */
export function pairOf(
  one: SilentVessel,
  other: SilentVessel,
  leastMs: number,
  leastWeight: number,
): SilentPair | null {
  if (one.mmsi === other.mmsi) return null
  const [a, b] = isBefore(one, other) ? [one, other] : [other, one]
  const untilT = Math.max(a.asOf, b.asOf)
  const ofKinds = kindWeight(kind(a), kind(b))
  if (ofKinds === null || !(jointBoundMs(a, b, untilT) >= leastMs)) return null
  const ships: Ships = [shipOf(a, untilT), shipOf(b, untilT)]
  // at their usual speeds they have to find to each other at all: most that sail on have no hour to spare
  const usualMs = jointBoundMs(atUsual(a), atUsual(b), untilT)
  const ofShips = ofKinds + 0.1 * (within(2.5, logOdds(a.score)) + within(2.5, logOdds(b.score)))
  if (!(usualMs >= 0) || mostWeight(ships, usualMs) + ofShips < leastWeight) return null
  const best = bestPlace(ships, leastMs)
  if (best && best.weight + ofShips < leastWeight) return null
  const longest = jointStay(a, b, untilT)
  if (!longest || longest.to - longest.from < leastMs) return null
  const p = best?.p ?? toVector(longest)
  const weight = (best?.weight ?? weightAt(ships, p, leastMs)) + ofShips
  return weight < leastWeight
    ? null
    : { weight, ...toPlace(p), longestH: (longest.to - longest.from) / MS_PER_HOUR, ...figuresAt(ships, p) }
}

const kind = ({ vessel }: SilentVessel): Kind => kindOf({ shipType: vessel.shipType ?? 0 })

/** What is told of a place. */
function figuresAt(
  ships: Ships,
  p: Vector,
): Pick<SilentPair, 'from' | 'to' | 'usualH' | 'spareH' | 'fromNm' | 'offCourseDeg'> {
  const ways = ships.map(({ off, on, offT, onT, topMs, usualMs }) => {
    const thereM = vectorM(off, p)
    const backM = on ? vectorM(on, p) : 0
    return {
      thereM,
      topFrom: offT + thereM * topMs,
      topTo: onT - backM * topMs,
      comes: offT + thereM * usualMs,
      leaves: onT - backM * usualMs,
      isOver: on !== null,
    }
  })
  const from = Math.max(...ways.map(({ comes }) => comes))
  const to = Math.min(...ways.map(({ leaves }) => leaves))
  const each = <T>(of: (way: (typeof ways)[number], ship: Ship) => T) =>
    ways.map((way, k) => of(way, ships[k]!)) as unknown as readonly [T, T]
  return {
    from: Math.max(...ways.map(({ topFrom }) => topFrom)),
    to: Math.min(...ways.map(({ topTo }) => topTo)),
    usualH: (to - from) / MS_PER_HOUR,
    spareH: each(({ comes, leaves, isOver }) => (from - comes + (isOver ? leaves - to : 0)) / MS_PER_HOUR),
    fromNm: each(({ thereM }) => thereM / M_PER_NM),
    offCourseDeg: each(({ thereM }, ship) => {
      const cos = headed(ship, p, thereM)
      return cos === null ? null : (Math.acos(cos) * 180) / Math.PI
    }),
  }
}

/** The place that weighs most; null where none of the lattice gives time enough. */
function bestPlace(ships: Ships, leastMs: number): { p: Vector; weight: number } | null {
  const plane = planeOf(ships.flatMap(({ off, on }) => (on ? [off, on] : [off])))
  if (!plane) return null
  let best: { p: Vector; weight: number } | null = null
  let [bestX, bestY] = [0, 0]
  const search = (x0: number, y0: number, dx: number, dy: number, steps: number): void => {
    for (let i = 0; i <= steps; i++)
      for (let j = 0; j <= steps; j++) {
        const x = x0 + i * dx
        const y = y0 + j * dy
        const p = plane.at(x, y)
        const weight = weightAt(ships, p, leastMs)
        if (weight === -Infinity || (best && weight <= best.weight)) continue
        best = { p, weight }
        bestX = x
        bestY = y
      }
  }
  let dx = (plane.maxX - plane.minX) / COARSE
  let dy = (plane.maxY - plane.minY) / COARSE
  search(plane.minX, plane.minY, dx, dy, COARSE)
  for (let round = 0; round < ROUNDS && best; round++) {
    const [x0, y0] = [bestX - dx, bestY - dy]
    dx /= FINE
    dy /= FINE
    search(x0, y0, dx, dy, 2 * FINE)
  }
  return best
}
