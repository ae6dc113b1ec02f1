// Ships that are slow for a reason, and ships that only look like it, on open water with one tide and one wind for all.

import { destination, haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import type { LoiteringClass } from '../../src/detectors/loitering/classes.js'
import type { Ship, Water } from '../lies/family.js'
import { transmit, type Motion, type SetOptions } from '../lies/ships.js'

/** What a ship really did. */
export interface Slow {
  mmsi: number
  class: LoiteringClass
  /** From when to when it was slow, epoch ms. */
  from: number
  to: number
}

export interface SlowFleet {
  ships: Ship[]
  truth: Slow[]
}

const HOURS = 30
const START = Date.UTC(2026, 4, 3, 17, 20)
/** Open water of the North Sea, 60 nm from shore and more. */
const MIDDLE = { lat: 56.2, lon: 3.2 }
const WATER: Water = { start: START, end: START + HOURS * MS_PER_HOUR, at: [], receivers: [] }
const SAIL_KN = 12
/** A ship stops, and gets under way, within this. */
const STOP_MS = 12 * MS_PER_MIN
const TIDE_H = 12.42
const STEP_MS = 10_000

interface Place {
  lat: number
  lon: number
}

/** How fast, whither and how turned a ship is in its slow hours; `at` is where it is. */
type Doing = (t: number, at: Place) => Omit<Motion, 'lat' | 'lon'>

interface Weather {
  /** Knots and degrees of what drifts without a sail. */
  tide(t: number): { kn: number; deg: number }
  /** Whither the wind blows, and how fast it drives a hull of windage 1. */
  windDeg: number
  windKn: number
}

function weatherOf(random: Random): Weather {
  const [axis, most, phase] = [random.between(0, 360), random.between(0.3, 0.9), random.between(0, TIDE_H)]
  return {
    tide(t) {
      const turn = ((t / MS_PER_HOUR + phase) / TIDE_H) * 2 * Math.PI
      const [along, across] = [most * Math.cos(turn), (most / 3) * Math.sin(turn)]
      return { kn: Math.hypot(along, across), deg: axis + (Math.atan2(across, along) * 180) / Math.PI }
    },
    windDeg: random.between(0, 360),
    windKn: random.between(0.2, 0.9),
  }
}

const vector = (kn: number, deg: number): [north: number, east: number] => [
  kn * Math.cos((deg * Math.PI) / 180),
  kn * Math.sin((deg * Math.PI) / 180),
]
const courseOf = (north: number, east: number): number =>
  ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360

/** Adrift: tide, and wind on the hull, which lies across it. */
function adrift(random: Random, weather: Weather): Doing {
  const windage = random.between(0.6, 1.2)
  const across = weather.windDeg + random.pick([-1, 1]) * random.between(75, 110)
  const yaw = random.between(0, 6)
  return t => {
    const { kn, deg } = weather.tide(t)
    const [north, east] = vector(kn, deg)
    const [n, e] = vector(windage * weather.windKn, weather.windDeg)
    return {
      ...{ sogKn: Math.hypot(north + n, east + e), cog: courseOf(north + n, east + e) },
      heading: across + 12 * Math.sin(t / MS_PER_HOUR + yaw),
      navStatus: 0,
    }
  }
}

/** On a chain, downstream of the anchor, yawing. */
function anchored(random: Random, weather: Weather, saysSo: boolean): Doing {
  const chainM = random.between(90, 330)
  let anchor: Place | undefined
  return (t, at) => {
    const { deg } = weather.tide(t)
    anchor ??= destination(at.lat, at.lon, deg + 180, chainM)
    const yaw = 18 * Math.sin(t / (9 * MS_PER_MIN))
    const wanted = destination(anchor.lat, anchor.lon, deg + yaw, chainM)
    const awayM = haversineM(at.lat, at.lon, wanted.lat, wanted.lon)
    const cog = courseOf(wanted.lat - at.lat, (wanted.lon - at.lon) * Math.cos((at.lat * Math.PI) / 180))
    return {
      ...{ sogKn: Math.min(0.7, awayM / 300), cog, heading: deg + yaw + 180 },
      navStatus: saysSo ? 1 : 0,
    }
  }
}

/** Within a mile of a rig: into the wind under its engine, and back with it. */
function onStation(random: Random, weather: Weather): Doing {
  const reachM = random.between(0.8, 1.8) * M_PER_NM
  const bow = weather.windDeg + 180
  const kn = random.between(1.2, 1.9)
  let rig: Place | undefined
  let isBack = false
  return (_t, at) => {
    rig ??= at
    const awayM = haversineM(rig.lat, rig.lon, at.lat, at.lon)
    if (awayM > reachM) isBack = true
    else if (awayM < reachM / 4) isBack = false
    const toRig = courseOf(rig.lat - at.lat, (rig.lon - at.lon) * Math.cos((at.lat * Math.PI) / 180))
    const cog = isBack ? toRig : bow
    return { sogKn: kn, cog, heading: cog + 8 * random.normal(), navStatus: 0 }
  }
}

/** Legs to and fro, none long enough to get away. */
function fishing(random: Random, saysSo: boolean): Doing {
  const knots = random.between(1.9, 3.3)
  const legMs = random.between(12, 35) * MS_PER_MIN
  let leg = -1
  let cog = random.between(0, 360)
  return t => {
    const now = Math.floor(t / legMs)
    if (now !== leg) {
      leg = now
      cog += 180 + random.between(-50, 50)
    }
    return { sogKn: knots, cog, navStatus: saysSo ? 7 : 0 }
  }
}

/** Under way and in no hurry: bow ahead, a new course every hour or two, with nobody near. */
function hovering(random: Random): Doing {
  const knots = random.between(0.7, 1.7)
  let until = 0
  let cog = random.between(0, 360)
  return t => {
    if (t > until) {
      until = t + random.between(0.8, 2) * MS_PER_HOUR
      cog += random.between(-120, 120)
    }
    return { sogKn: knots, cog, navStatus: 0 }
  }
}

/** At sea, slow from one time to another, at sea again. */
function voyage(random: Random, start: Place, doing: Doing, from: number, to: number): SetOptions['motion'] {
  const [inbound, outbound] = [random.between(0, 360), random.between(0, 360)]
  const sailedNm = (SAIL_KN * (from - STOP_MS / 2 - START)) / MS_PER_HOUR
  let at = destination(start.lat, start.lon, inbound + 180, sailedNm * M_PER_NM)
  let before = NaN
  const motion = (t: number): Omit<Motion, 'lat' | 'lon'> => {
    if (t >= from && t < to) return doing(t, at)
    const run = t < from ? Math.min(1, (from - t) / STOP_MS) : Math.min(1, (t - to) / STOP_MS)
    return { sogKn: Math.max(2, SAIL_KN * run), cog: t < from ? inbound : outbound, navStatus: 0 }
  }
  return t => {
    if (before !== before) before = START
    for (; before < t; before += STEP_MS) {
      const { sogKn, cog } = motion(before)
      at = destination(at.lat, at.lon, cog, (sogKn * M_PER_NM * STEP_MS) / MS_PER_HOUR)
    }
    const state = motion(t)
    const turned = (deg: number): number => ((deg % 360) + 360) % 360
    return {
      ...{ ...at, ...state, cog: turned(state.cog) },
      ...(state.heading !== undefined && { heading: turned(state.heading) }),
    }
  }
}

/** @returns ships that are slow for a reason, by seed, and others that are not, or not for long enough */
export function slowFleet(seed: number): SlowFleet {
  const random = createRandom(seedOf(seed, 'loitering'))
  const weather = weatherOf(random)
  const ships: Ship[] = []
  const truth: Slow[] = []
  let mmsi = 219_000_000 + (seed % 1000) * 1000
  let ground = 0
  // grounds some 15 nm apart, so that what waits here is no neighbour of what drifts there
  const nextGround = (): Place =>
    destination(MIDDLE.lat, MIDDLE.lon, 137.5 * ++ground, 9 * Math.sqrt(ground) * M_PER_NM)
  const add = (
    kind: LoiteringClass | null,
    name: string,
    start: Place,
    doing: Doing,
    shipType: number,
    hours: readonly [number, number] = [4.6, 14],
    set: Partial<SetOptions> = {},
  ): void => {
    const from = START + random.between(3, 9) * MS_PER_HOUR
    const to = from + random.between(...hours) * MS_PER_HOUR
    const motion = voyage(random, start, doing, from, to)
    ships.push(transmit({ mmsi: ++mmsi, kind: name, water: WATER, random, shipType, motion, ...set }))
    if (kind) truth.push({ mmsi, class: kind, from, to })
  }
  const around = (place: Place, nm: number): Place =>
    destination(place.lat, place.lon, random.between(0, 360), nm * Math.sqrt(random.next()) * M_PER_NM)

  for (let k = 0; k < 4; k++) {
    add('anchored', 'at anchor', nextGround(), anchored(random, weather, random.next() < 0.7), 80)
    add('drifting', 'adrift', nextGround(), adrift(random, weather), 70)
    add('station_keeping', 'on station', nextGround(), onStation(random, weather), random.pick([90, 52, 33]))
    add('fishing_like', 'fishing', nextGround(), fishing(random, random.next() < 0.6), 30)
    add('suspicious', 'hovers', nextGround(), hovering(random), random.pick([70, 80]))
  }
  const [roads, drifters] = [nextGround(), nextGround()]
  for (let k = 0; k < 7; k++)
    add('waiting_at_port', 'in a queue', around(roads, 2), anchored(random, weather, k % 4 > 0), 80, [9, 14])
  for (let k = 0; k < 4; k++)
    add('drifting', 'adrift, no heading', around(drifters, 4), adrift(random, weather), 36, [8, 14], {
      txClass: 'B',
    })
  // look-alikes: too short, too fast, or fast enough to get away
  const cruises = (knots: number): Doing => {
    const cog = random.between(0, 360)
    return () => ({ sogKn: knots, cog, navStatus: 0 })
  }
  for (let k = 0; k < 4; k++) {
    add(null, 'a short stop', nextGround(), adrift(random, weather), 70, [1, 3.6])
    add(null, 'steams slowly', nextGround(), cruises(random.between(2.8, 4)), 70)
    const tow: Doing = ((cog, legMs) => t => ({
      ...{ sogKn: 3.6, cog: cog + 180 * (Math.floor(t / legMs) % 2), navStatus: 7 },
    }))(random.between(0, 360), random.between(1.6, 2.5) * MS_PER_HOUR)
    add(null, 'tows long legs', nextGround(), tow, 30)
  }
  return { ships, truth }
}
