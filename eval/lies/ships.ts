// Innocent ships made up for a family: a set that sends as M.1371 says, with the noise of GNSS and the steps of the
// message, on a way of its own.

import { destination, haversineM } from '../../src/geo/distance.js'
import type { Collection, PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import { reportingIntervalMs, STATIC_INTERVAL_MS } from '../../src/simulate/m1371.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import type { Heard, Ship, Water } from './family.js'

const M_PER_DEG = 111_195
const MOVING_KN = 4

/** First and last message, epoch ms. */
export function spanOf({ messages }: Ship): { from: number; to: number } {
  return { from: messages[0]!.report.t, to: messages[messages.length - 1]!.report.t }
}

/** Most of what it sent, it sent on its way. */
export function isUnderWay({ messages }: Ship): boolean {
  const moving = messages.filter(({ kind, report }) => kind === 'position' && (report.sog ?? 0) >= MOVING_KN)
  return moving.length > messages.length / 2
}

/** Where a ship is, and how it goes there. */
export interface Motion {
  lat: number
  lon: number
  sogKn: number
  cog: number
  /** @default cog */
  heading?: number
  /** @default 0, under way */
  navStatus?: number
}

export interface SetOptions {
  mmsi: number
  kind: string
  water: Water
  random: Random
  /** Its true motion at a time, epoch ms; asked in order of time. Null when its set is off. */
  motion: (t: number) => Motion | null
  /** @default 'A' */
  txClass?: 'A' | 'B'
  /** M.1371 ship type. @default 70 */
  shipType?: number
  lengthM?: number
  /** @default the whole time of the water */
  from?: number
  to?: number
  /** @default true */
  named?: boolean
  /** Who hears what it sends at a time, in place of the stations of the water, and of what kind that is. */
  hear?: { collection: Collection; stations: (t: number, random: Random) => string[] }
  /** No more often than this, seconds. @default as M.1371 has it */
  thinS?: number
}

/** All that is heard of a set: its messages at the times it has to send, by the stations of the water that are near. */
export function transmit(options: SetOptions): Ship {
  const { mmsi, kind, water, random, motion, txClass = 'A', shipType = 70, lengthM = 90 } = options
  const { hear, thinS = 0 } = options
  const messages: Heard[] = []
  const end = options.to ?? water.end
  let next = (options.from ?? water.start) + random.between(0, 20) * MS_PER_S
  let nextStatic = next
  let cogBefore = NaN
  // the slow wander of GNSS, metres
  let north = 0
  let east = 0
  let before = Math.floor(next)
  while (next < end) {
    const t = Math.floor(next)
    const state = motion(t)
    if (!state) {
      next += MS_PER_MIN
      continue
    }
    const fade = Math.exp(-(t - before) / (10 * MS_PER_MIN))
    const grow = 3 * Math.sqrt(1 - fade ** 2)
    north = north * fade + grow * random.normal()
    east = east * fade + grow * random.normal()
    before = t
    const { sogKn, cog, heading = cog, navStatus = 0 } = state
    const lat = toSteps(state.lat + (north + 2 * random.normal()) / M_PER_DEG)
    const shrink = Math.cos((state.lat * Math.PI) / 180)
    const lon = toSteps(state.lon + (east + 2 * random.normal()) / M_PER_DEG / shrink)
    const turning = Math.abs(((cog - cogBefore + 540) % 360) - 180) > 5
    const turn = Number.isNaN(cogBefore) ? 0 : ((cog - cogBefore + 540) % 360) - 180
    cogBefore = cog
    const stations = hear ? hear.stations(t, random) : heardBy(water, lat, lon, txClass, random)
    if (t >= nextStatic) {
      nextStatic = t + STATIC_INTERVAL_MS
      const name =
        options.named === false ? {} : { name: `${kind.toUpperCase().slice(0, 12)} ${mmsi % 1000}` }
      const report = {
        mmsi,
        t,
        ...name,
        callsign: `D${mmsi % 100_000}`,
        shipType,
        length: lengthM,
        width: Math.round(lengthM / 6),
      }
      for (const receiver of stations)
        messages.push({ kind: 'static', receivedAt: t + 200, receiver, report })
    }
    const sog = Math.max(0, Math.round((sogKn + 0.06 * random.normal()) * 10) / 10)
    const cogNoise = (random.normal() * 0.4) / Math.max(0.1, sogKn / 10)
    const bow = txClass === 'A' ? (Math.round(heading + 0.5 * random.normal()) + 360) % 360 : 0
    for (const receiver of stations) {
      const receivedAt = t + Math.round(random.between(100, 900))
      // written out: there are half a million of them in a fleet
      const report: PositionReport = {
        mmsi,
        t,
        lat,
        lon,
        txClass,
        utcSecond: Math.floor(t / MS_PER_S) % 60,
        sog,
        cog: (Math.round((cog + cogNoise) * 10) / 10 + 3600) % 360,
        msgType: txClass === 'A' ? 1 : 18,
        collection: hear?.collection ?? 'terrestrial',
        receivedAt,
        receiver,
      }
      if (txClass === 'A') {
        report.heading = bow
        report.navStatus = navStatus
        report.rot = Math.max(-126, Math.min(126, Math.round((turn * MS_PER_MIN) / 10_000)))
      }
      messages.push({ kind: 'position', receivedAt, receiver, report })
    }
    const intervalMs = Math.max(thinS * MS_PER_S, reportingIntervalMs(txClass, sogKn, turning, navStatus))
    next = t + intervalMs * random.between(0.95, 1.05)
  }
  return { mmsi, kind, messages }
}

/** Where no station is in range there is a platform somewhere within such a square, and its antenna hears most of it. */
const PLATFORM_DEG = 0.5

/** Stations in range, or a platform. */
function heardBy(
  { receivers }: Water,
  lat: number,
  lon: number,
  txClass: 'A' | 'B',
  random: Random,
): string[] {
  const weaker = txClass === 'B' ? 0.65 : 1
  const near = receivers.filter(
    ({ at, rangeNm }) => haversineM(...at, lat, lon) < rangeNm * M_PER_NM * weaker,
  )
  const heard = near.filter(() => random.chance(0.85)).map(({ station }) => station)
  if (near.length > 0 || !random.chance(0.8)) return heard
  return [`platform ${Math.floor(lat / PLATFORM_DEG)} ${Math.floor(lon / PLATFORM_DEG)}`]
}

/** A ship on straight legs about a point: a few miles out, a new course, at a speed of its own. */
export function sail(
  options: Omit<SetOptions, 'motion'> & {
    at: readonly [lat: number, lon: number]
    knots: readonly [min: number, max: number]
    /** Turns back towards the point beyond this. @default 15 */
    withinNm?: number
  },
): Ship {
  const { at, knots, random, withinNm = 15 } = options
  const start = destination(at[0], at[1], random.between(0, 360), random.between(0, withinNm / 2) * M_PER_NM)
  return transmit({ ...options, motion: legs(start, at, knots, withinNm, random) })
}

/** Degrees per minute that a ship turns at. */
const TURN_DEG_PER_MIN = 20

function legs(
  start: { lat: number; lon: number },
  home: readonly [lat: number, lon: number],
  knots: readonly [min: number, max: number],
  withinNm: number,
  random: Random,
): (t: number) => Motion {
  const state = { ...start, sogKn: random.between(...knots), cog: random.between(0, 360) }
  let wanted = state.cog
  let legEnd = 0
  let before = NaN
  return t => {
    if (Number.isNaN(before)) before = t
    for (; before < t; before = Math.min(t, before + 10 * MS_PER_S)) {
      const dt = Math.min(t - before, 10 * MS_PER_S)
      if (before >= legEnd || haversineM(...home, state.lat, state.lon) > withinNm * M_PER_NM) {
        if (before >= legEnd) {
          legEnd = before + random.between(0.2, 1.5) * MS_PER_HOUR
          wanted = random.between(0, 360)
        }
        if (haversineM(...home, state.lat, state.lon) > withinNm * M_PER_NM) wanted = bearing(state, home)
      }
      const off = ((wanted - state.cog + 540) % 360) - 180
      const most = (TURN_DEG_PER_MIN * dt) / MS_PER_MIN
      state.cog = (state.cog + Math.max(-most, Math.min(most, off)) + 360) % 360
      Object.assign(
        state,
        destination(state.lat, state.lon, state.cog, (state.sogKn * M_PER_NM * dt) / MS_PER_HOUR),
      )
    }
    return { ...state }
  }
}

function bearing(
  { lat, lon }: { lat: number; lon: number },
  [toLat, toLon]: readonly [number, number],
): number {
  const east = (toLon - lon) * Math.cos((lat * Math.PI) / 180)
  return ((Math.atan2(east, toLat - lat) * 180) / Math.PI + 360) % 360
}
