// How innocent ships go round, up and down: steered by a rudder through water that moves, or along a line of places.

import { bearingDeg, destination, haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_S } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import type { Motion } from './ships.js'

type Point = readonly [lat: number, lon: number]

/** What the helmsman wants at a time, seconds from the start: speed through water, and rate of turn or a course. */
export interface Order {
  kn: number
  degPerMin?: number
  course?: number
  heading?: number
}

export interface Current {
  kn: number
  towards: number
}

const STEP_S = 5
const MOST_DEG_PER_MIN = 60

/** A ship that is steered: its speed and its turning waver, wind sets it, and the water carries it. */
export function steered(
  start: Point,
  cog: number,
  current: Current,
  random: Random,
  orders: (seconds: number, at: { lat: number; lon: number; cog: number }) => Order,
): (t: number) => Motion {
  const at = { lat: start[0], lon: start[1], cog }
  let t0 = NaN
  let seconds = 0
  let waver = 0
  let shown: Motion = { ...at, sogKn: 0 }
  return t => {
    if (Number.isNaN(t0)) t0 = t
    while (seconds <= (t - t0) / MS_PER_S) {
      const order = orders(seconds, at)
      // a rudder holds a rate of turn to some percent, and wanders about it over minutes
      waver += (-waver * STEP_S) / 120 + 0.06 * Math.sqrt(STEP_S / 60) * random.normal()
      const off = order.course === undefined ? 0 : ((order.course - at.cog + 540) % 360) - 180
      const wanted = order.course === undefined ? (order.degPerMin ?? 0) * (1 + waver) : off * (60 / 20)
      const rate = Math.max(-MOST_DEG_PER_MIN, Math.min(MOST_DEG_PER_MIN, wanted))
      at.cog = (at.cog + (rate * STEP_S) / 60 + 360) % 360
      const kn = order.kn * (1 + waver / 4)
      const before = { ...at }
      for (const [towards, speed] of [
        [at.cog, kn],
        [current.towards, current.kn],
      ] as const)
        Object.assign(at, destination(at.lat, at.lon, towards, (speed * M_PER_NM * STEP_S) / 3600))
      shown = {
        lat: at.lat,
        lon: at.lon,
        sogKn: (haversineM(before.lat, before.lon, at.lat, at.lon) / M_PER_NM / STEP_S) * 3600,
        cog: bearingDeg(before.lat, before.lon, at.lat, at.lon),
        heading: order.heading ?? at.cog,
      }
      seconds += STEP_S
    }
    return shown
  }
}

/** Along a line of places at one speed, corners cut as a ship turns; there it stays, or goes back and forth. */
export function follows(points: readonly Point[], kn: number, backAndForth = false): (t: number) => Motion {
  const lengths = points.slice(1).map((point, i) => haversineM(...points[i]!, ...point))
  const all = lengths.reduce((a, b) => a + b, 0)
  let t0 = NaN
  return t => {
    if (Number.isNaN(t0)) t0 = t
    const wentM = (kn * M_PER_NM * (t - t0)) / MS_PER_HOUR
    const lap = Math.floor(wentM / all)
    if (lap > 0 && !backAndForth) {
      const [lat, lon] = points.at(-1)!
      return { lat, lon, sogKn: 0, cog: 0, navStatus: 5 }
    }
    const isBack = lap % 2 === 1
    let left = isBack ? all - (wentM % all) : wentM % all
    let leg = 0
    while (leg < lengths.length - 1 && left > lengths[leg]!) left -= lengths[leg++]!
    const [lat, lon] = points[leg]!
    const course = bearingDeg(lat, lon, ...points[leg + 1]!)
    return { ...destination(lat, lon, course, left), sogKn: kn, cog: (course + (isBack ? 180 : 0)) % 360 }
  }
}
