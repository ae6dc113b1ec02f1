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
const OPEN_COST = Math.LN2
/** Places are tried on a lattice of so many steps a side, then thrice on a finer one about the best. */
const COARSE = 24
const FINE = 4

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

function shipOf({ off, on, kn, sogKn, cogDeg }: SilentVessel, untilT: number): Ship {
  const onWay = sogKn !== null && sogKn > PASSAGE_KN
  const isHeaded = cogDeg !== null && sogKn !== null && sogKn >= HEADED_KN
  return {
    ...{ off: toVector(off), on: on && toVector(on), offT: off.t, onT: on ? on.t : untilT },
    ...{ topMs: msPerM(kn), usualMs: msPerM(onWay ? Math.min(kn, sogKn) : USUAL * kn) },
    course: isHeaded ? tangent(off, cogDeg) : null,
    nearM: (onWay ? NEAR_NM.way : NEAR_NM.work) * M_PER_NM,
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

/** Ships and a place: their ways there and back, metres, and when both are there, epoch ms, at top and at usual speed. */
function meetingAt(ships: readonly Ship[], p: Vector) {
  const ways = ships.map(({ off, on, offT, onT, usualMs }) => {
    const thereM = vectorM(off, p)
    const backM = on ? vectorM(on, p) : 0
    return { thereM, backM, comes: offT + thereM * usualMs, leaves: onT - backM * usualMs }
  })
  const meeting = { ways, topFrom: -Infinity, topTo: Infinity, from: -Infinity, to: Infinity }
  ways.forEach(({ thereM, backM, comes, leaves }, k) => {
    const { offT, onT, topMs } = ships[k]!
    meeting.topFrom = Math.max(meeting.topFrom, offT + thereM * topMs)
    meeting.topTo = Math.min(meeting.topTo, onT - backM * topMs)
    meeting.from = Math.max(meeting.from, comes)
    meeting.to = Math.min(meeting.to, leaves)
  })
  return meeting
}

/** The cosine of the angle from its course to the way there; null unknown. */
function headed({ course, off }: Ship, p: Vector, thereM: number): number | null {
  if (!course || thereM < HEADED_M) return null
  const cos = dot(off, p)
  return within(1, dot(course, p) / Math.sqrt(Math.max(1e-18, 1 - cos * cos)))
}

/** What speaks for a place; −∞ where both cannot have been for long enough. */
function weightAt(ships: readonly Ship[], p: Vector, leastMs: number): number {
  const { ways, topFrom, topTo, from, to } = meetingAt(ships, p)
  if (!(topTo - topFrom >= leastMs)) return -Infinity
  const hours = (to - from) / MS_PER_HOUR
  let weight = hours < USUAL_H[0] ? -Math.log(1 + USUAL_H[0] - hours) : 0
  if (hours > USUAL_H[1]) weight -= Math.log(1 + hours - USUAL_H[1]) / 2
  ways.forEach(({ thereM, backM, comes, leaves }, k) => {
    const ship = ships[k]!
    weight -= Math.log(1 + (from - comes) / MS_PER_HOUR)
    weight -= ship.on ? Math.log(1 + (leaves - to) / MS_PER_HOUR) : OPEN_COST
    weight -= Math.log(1 + (ship.on ? thereM + backM : 2 * thereM) / ship.nearM)
    weight += headed(ship, p, thereM) ?? 0
  })
  return weight
}

/**
 * Whether two silences may be a meeting.
 * @param leastMs both have to have been at one place for so long
 * @returns null when they cannot, or have nothing for each other
 */
export function pairOf(a: SilentVessel, b: SilentVessel, leastMs: number): SilentPair | null {
  if (a.mmsi === b.mmsi) return null
  const both = isBefore(a, b) ? ([a, b] as const) : ([b, a] as const)
  const [kind, other] = both.map(({ vessel }) => kindOf({ shipType: vessel.shipType ?? 0 })) as [Kind, Kind]
  const ofKinds = kindWeight(kind, other)
  const untilT = Math.max(a.asOf, b.asOf)
  if (ofKinds === null || !(jointBoundMs(...both, untilT) >= leastMs)) return null
  const ships = both.map(silent => shipOf(silent, untilT))
  // at their usual speeds they have to find to each other at all: most that sail on have no hour to spare
  const atUsual = both.map((silent, k) => ({ ...silent, kn: MS_PER_HOUR / M_PER_NM / ships[k]!.usualMs }))
  if (!(jointBoundMs(atUsual[0]!, atUsual[1]!, untilT) >= 0)) return null
  const longest = jointStay(...both, untilT)
  if (!longest || longest.to - longest.from < leastMs) return null
  const best = bestPlace(ships, toVector(longest), leastMs)
  const { ways, topFrom, topTo, from, to } = meetingAt(ships, best.p)
  const each = <T>(of: (ship: Ship, way: (typeof ways)[number]) => T) =>
    ships.map((ship, k) => of(ship, ways[k]!)) as unknown as readonly [T, T]
  return {
    weight: best.weight + ofKinds + 0.1 * (within(2.5, logOdds(a.score)) + within(2.5, logOdds(b.score))),
    ...{ ...toPlace(best.p), from: topFrom, to: topTo },
    longestH: (longest.to - longest.from) / MS_PER_HOUR,
    usualH: (to - from) / MS_PER_HOUR,
    spareH: each(({ on }, { comes, leaves }) => (from - comes + (on ? leaves - to : 0)) / MS_PER_HOUR),
    fromNm: each((_, { thereM }) => thereM / M_PER_NM),
    offCourseDeg: each((ship, { thereM }) => {
      const cos = headed(ship, best.p, thereM)
      return cos === null ? null : (Math.acos(cos) * 180) / Math.PI
    }),
  }
}

/** The place that weighs most, among those that give time enough. @param sure one that does */
function bestPlace(ships: readonly Ship[], sure: Vector, leastMs: number): { p: Vector; weight: number } {
  const best = { p: sure, weight: weightAt(ships, sure, leastMs), x: NaN, y: NaN }
  const plane = planeOf(ships.flatMap(({ off, on }) => (on ? [off, on] : [off])))!
  const search = (x0: number, y0: number, dx: number, dy: number, steps: number): void => {
    for (let i = 0; i <= steps; i++)
      for (let j = 0; j <= steps; j++) {
        const [x, y] = [x0 + i * dx, y0 + j * dy]
        const p = plane.at(x, y)
        const weight = weightAt(ships, p, leastMs)
        if (weight > best.weight) Object.assign(best, { p, weight, x, y })
      }
  }
  let dx = (plane.maxX - plane.minX) / COARSE
  let dy = (plane.maxY - plane.minY) / COARSE
  search(plane.minX, plane.minY, dx, dy, COARSE)
  for (let round = 0; round < 3 && best.x === best.x; round++) {
    const [x0, y0] = [best.x - dx, best.y - dy]
    dx /= FINE
    dy /= FINE
    search(x0, y0, dx, dy, 2 * FINE)
  }
  return best
}
