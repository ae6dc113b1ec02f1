// Where a simulated ship truly is: a way through the plane about the middle of its case, from which its set is made. Ways
// add up, so that a ship alongside another goes where that one drifts.

import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'

/** Metres east and north of the middle of the case. */
export interface Spot {
  x: number
  y: number
}

/** At a time, ms from the start of the sea; null: there is no such ship. */
export type Way = (ms: number) => Spot | null

export const MPS = M_PER_NM / MS_PER_HOUR

export const spot = (bearing: number, m: number, from: Spot = { x: 0, y: 0 }): Spot => ({
  x: from.x + m * Math.sin((bearing * Math.PI) / 180),
  y: from.y + m * Math.cos((bearing * Math.PI) / 180),
})

/** One goes where the other goes, and its own way beside it. */
export const beside =
  (host: Way, own: Way): Way =>
  ms => {
    const [a, b] = [host(ms), own(ms)]
    return a && b && { x: a.x + b.x, y: a.y + b.y }
  }

export const only =
  (way: Way, from: number, to: number): Way =>
  ms =>
    ms >= from && ms < to ? way(ms) : null

/** Sways about its way, some tens of metres in some tens of minutes. */
function sway(random: Random, m: number): Way {
  const waves = [0, 1, 2, 3].map(() => ({
    per: (2 * Math.PI) / (random.between(20, 70) * MS_PER_MIN),
    phase: random.between(0, 7),
  }))
  const [a, b, c, d] = waves.map(
    ({ per, phase }) =>
      (ms: number) =>
        m * Math.sin(ms * per + phase),
  )
  return ms => ({ x: a!(ms) + b!(ms) / 2, y: c!(ms) + d!(ms) / 2 })
}

/** Engine stopped: wind and tide carry it. */
export function drifts(random: Random, kn: number, bearing: number, from: Spot = { x: 0, y: 0 }): Way {
  return beside(ms => spot(bearing, kn * MPS * ms, from), sway(random, 25))
}

/** Swings about its anchor as the tide turns. */
export function anchors(random: Random, at: Spot): Way {
  const radius = random.between(60, 140)
  const phase = random.between(0, 360)
  const swing: Way = ms => spot(phase + 80 * Math.sin((2 * Math.PI * ms) / (12.42 * MS_PER_HOUR)), radius, at)
  return beside(swing, sway(random, 6))
}

/** What a ship does next: goes to a spot, or waits. */
export type Leg = { to: Spot; kn: number } | { waitMs: number }

const lasts = (from: Spot, leg: Leg): number =>
  'waitMs' in leg ? leg.waitMs : Math.hypot(leg.to.x - from.x, leg.to.y - from.y) / (leg.kn * MPS)

/** Along legs, from a spot at a time on; it is there only meanwhile. */
export function goes(start: Spot, at: number, legs: readonly Leg[]): Way {
  const times = [at]
  const spots = [start]
  for (const leg of legs) {
    times.push(times.at(-1)! + lasts(spots.at(-1)!, leg))
    spots.push('waitMs' in leg ? spots.at(-1)! : leg.to)
  }
  return ms => {
    if (ms < at || ms >= times.at(-1)!) return null
    let k = 1
    while (times[k]! <= ms) k++
    const share = (ms - times[k - 1]!) / (times[k]! - times[k - 1]!)
    const [a, b] = [spots[k - 1]!, spots[k]!]
    return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
  }
}

const nm = (miles: number): number => miles * M_PER_NM

export interface Visit {
  /** From where and to where it goes: bearings off the other. */
  from: number
  to: number
  /** Where it lies alongside, … */
  offset: Spot
  /** … from when on, ms, and how long. */
  at: number
  ms: number
  /** @default 14 */
  knots?: number
  /** Nautical miles from which it comes. @default 18 */
  far?: number
}

/** Comes to another, slows down as ships do, lies alongside, and goes. In the plane of the other. */
export function visits({ from, to, offset, at, ms, knots = 14, far = 18 }: Visit): Way {
  const legsOf = (bearing: number): [Spot, number][] => [
    [spot(bearing, nm(1.6), offset), 6],
    [spot(bearing, nm(0.5), offset), 3],
    [spot(bearing, nm(0.12), offset), 1.2],
  ]
  const start = spot(from, nm(far), offset)
  const inLegs: Leg[] = []
  let kn = knots
  for (const [there, slower] of legsOf(from)) {
    inLegs.push({ to: there, kn })
    kn = slower
  }
  inLegs.push({ to: offset, kn })
  let where = start
  let tookMs = 0
  for (const leg of inLegs) {
    tookMs += lasts(where, leg)
    if ('to' in leg) where = leg.to
  }
  const outLegs: Leg[] = []
  for (const [there, slower] of legsOf(to).reverse()) outLegs.push({ to: there, kn: slower + 1 })
  outLegs.push({ to: spot(to, nm(far), offset), kn: knots })
  return goes(start, at - tookMs, [...inLegs, { waitMs: ms }, ...outLegs])
}

/** Works its ground: legs of half an hour or more about a spot, as trawlers tow. */
export function works(random: Random, at: Spot, radiusNm: number, kn: number, hours: number): Way {
  const legs: Leg[] = []
  let where = spot(random.between(0, 360), nm(radiusNm) * Math.sqrt(random.next()), at)
  const start = where
  for (let ms = 0; ms < hours * MS_PER_HOUR;) {
    const to = spot(random.between(0, 360), nm(radiusNm) * Math.sqrt(random.next()), at)
    const leg = { to, kn: kn * random.between(0.9, 1.1) }
    ms += lasts(where, leg)
    legs.push(leg)
    where = to
    if (random.chance(0.3)) {
      const waitMs = random.between(20, 50) * MS_PER_MIN // the gear comes in
      legs.push({ waitMs })
      ms += waitMs
    }
  }
  return beside(goes(start, 0, legs), sway(random, 15))
}
