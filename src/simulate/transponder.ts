// A ship's AIS: when it sends, and what. It reports what the sensors say in the steps of M.1371 (1/10000 minute,
// 0.1 knot, 0.1 degree), is switched off and on, and lies when the story says so.

import { destination } from '../geo/distance.js'
import type { PositionReport } from '../model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import type { Hull } from './fleet.js'
import type { Identity } from './identity.js'
import { reportingIntervalMs, STATIC_INTERVAL_MS } from './m1371.js'
import { wrapLon } from './path.js'
import type { Random } from './random.js'
import type { Act } from './scenario.js'
import { createState, type ShipState, type Span, type Voyage } from './voyage.js'

/** Steps of 1/10000 minute in a degree. */
const STEPS_PER_DEG = 600_000
const M_PER_DEG = 111_195

/**
 * When a hull's AIS is off, on purpose or not, in order. What the story of its vessel says holds for the first hull; a
 * twin has its own plan only.
 * @param start epoch ms that the acts' hours count from
 */
export function silencesOf({ vessel, voyage, twinOf }: Hull, start: number): Span[] {
  if (twinOf !== undefined) return [...voyage.offs]
  const spans: Span[] = (vessel.acts ?? [])
    .filter(act => act.act === 'off')
    .map(act => ({
      from: start + act.at * MS_PER_HOUR,
      to: start + (act.at + (act.hours ?? Infinity)) * MS_PER_HOUR,
    }))
  spans.push(...voyage.offs)
  const { offAfterPlanH } = vessel
  if (offAfterPlanH !== undefined)
    spans.push({ from: voyage.planEnd + offAfterPlanH * MS_PER_HOUR, to: Infinity })
  return spans.sort((a, b) => a.from - b.from)
}

export interface Transponder {
  readonly identity: Identity
  /** Of the next transmission, epoch ms; Infinity when there is none any more. */
  next(): number
  /** True place at the last transmission: what decides who hears it. */
  readonly state: ShipState
  /** Sends: a position report, or null for static data. */
  send(): PositionReport | null
  /** The report just sent was heard by somebody: what happens once has happened. */
  heard(report: PositionReport): void
  /** Bit flip that one receiver makes of the report just sent, or null. */
  corrupted(report: PositionReport): PositionReport | null
}

export const toSteps = (deg: number): number => Math.round(deg * STEPS_PER_DEG) / STEPS_PER_DEG

/** An angle in whole steps, 0 ≤ angle < 360. */
function degrees(value: number, stepsPerDeg: number): number {
  const circle = 360 * stepsPerDeg
  return (((Math.round(value * stepsPerDeg) % circle) + circle) % circle) / stepsPerDeg
}

/** Flips one bit of a coordinate as M.1371 sends it. */
export function flipBit(deg: number, bit: number): number {
  return (Math.round(deg * STEPS_PER_DEG) ^ (1 << bit)) / STEPS_PER_DEG
}

/**
 * @param silences when it is off, in order; in between it is on from the start of the journey
 * @param start epoch ms that the acts' hours count from; nothing is sent before
 * @param thinMs shortest time between two position reports
 */
export function createTransponder(
  identity: Identity,
  voyage: Voyage,
  acts: readonly Act[],
  silences: readonly Span[],
  start: number,
  thinMs: number,
  random: Random,
): Transponder {
  const state = createState()
  const at = (act: Act) => start + act.at * MS_PER_HOUR
  const displaced = acts
    .filter(act => act.act === 'displace')
    .map(act => ({ from: at(act), to: at(act) + act.hours * MS_PER_HOUR, act }))
  const oneFix = acts.filter(act => act.act === 'one-fix').map(act => ({ from: at(act), act, done: false }))
  const bitErrors = acts
    .filter(act => act.act === 'bit-error')
    .map(act => ({ from: at(act), act, done: false }))
  const { txClass } = identity
  const staticEveryMs = STATIC_INTERVAL_MS * Math.ceil(Math.max(1, (10 * thinMs) / STATIC_INTERVAL_MS))
  /** The first report after switching on is a message 3: the station enters the network by ITDMA. */
  let entering = false

  /** The transponder wakes up to a minute after it was switched on. */
  const whenOn = (t: number): number => {
    let on = t
    for (const silence of silences) {
      if (on < silence.from || on >= silence.to) continue
      entering = true
      on = silence.to + random.between(20, 60) * MS_PER_S
    }
    return on
  }
  const begin = Math.max(start, voyage.from)
  let nextPosition = whenOn(begin + random.between(0, Math.max(10 * MS_PER_S, thinMs)))
  let nextStatic = whenOn(begin + random.between(0, staticEveryMs))

  const position = (t: number): PositionReport => {
    let { lat, lon } = state
    for (const { from, to, act } of displaced) {
      if (t >= from && t < to) ({ lat, lon } = destination(lat, lon, act.bearing, act.nm * M_PER_NM))
    }
    for (const once of oneFix) {
      if (once.done || t < once.from) continue
      ;({ lat, lon } = destination(lat, lon, once.act.bearing, once.act.nm * M_PER_NM))
    }
    const noise = state.sensorM / M_PER_DEG
    lat = toSteps(lat + random.normal() * noise)
    lon = toSteps(wrapLon(lon + (random.normal() * noise) / Math.cos((lat * Math.PI) / 180)))
    const sog = Math.max(0, Math.round((state.sogKn + random.normal() * 0.06) * 10) / 10)
    const cog = degrees(state.cog + (random.normal() * 0.3) / Math.max(0.2, state.sogKn / 10), 10)
    const utcSecond = Math.floor(t / MS_PER_S) % 60
    const { mmsi } = identity
    if (txClass === 'B') return { mmsi, t, lat, lon, sog, cog, msgType: 18, txClass, utcSecond }
    const heading = degrees(state.heading + random.normal() * 0.5, 1)
    const rot = Math.round(state.rotDegMin * 10) / 10
    const msgType = entering ? 3 : 1
    entering = false
    return {
      mmsi,
      t,
      lat,
      lon,
      sog,
      cog,
      heading,
      rot,
      navStatus: state.navStatus,
      msgType,
      txClass,
      utcSecond,
    }
  }

  return {
    identity,
    state,
    next: () => Math.min(nextPosition, nextStatic),
    send() {
      const t = Math.floor(Math.min(nextPosition, nextStatic))
      voyage.at(t, state)
      if (nextStatic < nextPosition) {
        nextStatic = whenOn(t + staticEveryMs)
        return null
      }
      const report = position(t)
      const interval = reportingIntervalMs(txClass, state.sogKn, state.turning, state.navStatus)
      const times = Math.max(1, Math.ceil(thinMs / interval))
      const due = t + interval * times * random.between(0.9, 1.1)
      nextPosition = whenOn(due)
      // switching on starts with a static report, too
      if (nextPosition !== due) nextStatic = nextPosition + 2 * MS_PER_S
      return report
    },
    heard(report) {
      for (const once of oneFix) if (report.t >= once.from) once.done = true
    },
    corrupted(report) {
      for (const error of bitErrors) {
        if (error.done || report.t < error.from) continue
        error.done = true
        const { field, bit } = error.act
        return { ...report, [field]: flipBit(report[field]!, bit) }
      }
      return null
    },
  }
}
