// A ship's plan worked out: where she is and how she moves at any moment, as a function of time alone. Nothing is
// integrated step by step, so any moment can be asked for and rounding never adds up.

import { destination, haversineM } from '../geo/distance.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../model/units.js'
import { keepToStarboard, nearestPlace, pointOf, route } from './lanes.js'
import { createPath, pieceAt, turnDeg, wrapLon } from './path.js'
import { createRandom, seedOf, type Random } from './random.js'
import type { Journey, Phase, Place, Point, Waters } from './scenario.js'

/** The ship as she is, before anything is measured or sent. */
export interface ShipState {
  lat: number
  /** −180…180. */
  lon: number
  sogKn: number
  cog: number
  heading: number
  /** Degrees per minute, positive to starboard. */
  rotDegMin: number
  navStatus: number
  /** Course changed by more than 5° against the last 30 s (M.1371). */
  turning: boolean
  /** One standard deviation of the position sensor, metres. */
  sensorM: number
}

export const createState = (): ShipState => ({
  lat: 0,
  lon: 0,
  sogKn: 0,
  cog: 0,
  heading: 0,
  rotDegMin: 0,
  navStatus: 0,
  turning: false,
  sensorM: 4,
})

/** From ≤ t < to, epoch ms. */
export interface Span {
  from: number
  to: number
}

/** One stretch of a plan. */
export interface Stretch {
  readonly phase: Phase['do']
  /** Epoch ms, from ≤ t < to. The last one never ends. */
  readonly from: number
  readonly to: number
  /** What the plan said about the distance to shore, nautical miles. */
  readonly shoreNm: number | undefined
  write(t: number, out: ShipState): void
}

export interface Voyage {
  readonly stretches: readonly Stretch[]
  /** When the plan says that the transponder is off, in order. */
  readonly offs: readonly Span[]
  /** When the plan begins and when it is done, epoch ms. After it the ship stays where it is. */
  readonly from: number
  readonly planEnd: number
  /** Writes the state at a time; before the first stretch that of its start. */
  at(t: number, out: ShipState): void
  stretchAt(t: number): Stretch
}

const STATUS = { sail: 0, moor: 5, anchor: 1, fish: 7, drift: 0, work: 3 } as const
/** Ports are left and entered at this speed … */
const HARBOUR_KN = 8
/** … over this distance. */
const HARBOUR_M = 2 * M_PER_NM
const TURN_WINDOW_S = 30
/** Berths of a port, along each side of a square, and how far apart. */
const BERTHS = 16
const BERTH_M = 300

/** A run along a path at a speed that swells a little, as wind and current make it. */
function run(
  phase: 'sail' | 'fish' | 'work',
  points: readonly Point[],
  knots: number,
  from: number,
  until: number,
  inPort: readonly [boolean, boolean],
  random: Random,
): Stretch[] {
  const path = createPath(points, phase === 'sail' ? 0.4 : 0.15)
  const leeway = random.between(-3, 3)
  const swell = random.between(0.01, 0.04)
  const swellPerS = (2 * Math.PI) / random.between(1200, 3600)
  const swellPhase = random.between(0, 6)
  const out: Stretch[] = []
  let start = from
  const stretch = (fromM: number, toM: number, kn: number) => {
    if (!(toM > fromM) || start >= until) return
    const v = kn * MPS_PER_KN
    const zero = Math.sin(swellPhase)
    const along = (s: number) => v * (s + (swell / swellPerS) * (Math.sin(swellPerS * s + swellPhase) - zero))
    // the swell moves the arrival by a few seconds; two Newton steps find it
    let seconds = (toM - fromM) / v
    for (let k = 0; k < 3; k++) seconds += (toM - fromM - along(seconds)) / v
    const begin = start
    const end = Math.min(until, begin + seconds * MS_PER_S)
    let hint = 0
    out.push({
      phase,
      from: begin,
      to: end,
      shoreNm: undefined,
      write(t, state) {
        const s = (t - begin) / MS_PER_S
        const m = fromM + along(s)
        hint = pieceAt(path, m, hint)
        const pieceM = path.atM[hint + 1]! - path.atM[hint]!
        const f = Math.min(1, Math.max(0, (m - path.atM[hint]!) / pieceM))
        const sogMps = v * (1 + swell * Math.cos(swellPerS * s + swellPhase))
        const turn = turnDeg(
          path.course[pieceAt(path, m - sogMps * TURN_WINDOW_S, hint)]!,
          path.course[hint]!,
        )
        state.lat = path.lat[hint]! + f * (path.lat[hint + 1]! - path.lat[hint]!)
        state.lon = wrapLon(path.lon[hint]! + f * (path.lon[hint + 1]! - path.lon[hint]!))
        state.sogKn = sogMps / MPS_PER_KN
        state.cog = path.course[hint]!
        state.heading = path.course[hint]! + leeway
        state.rotDegMin = turn / (TURN_WINDOW_S / 60)
        state.turning = Math.abs(turn) > 5
        state.navStatus = STATUS[phase]
        state.sensorM = 4
      },
    })
    start = end
  }
  const slowOut = inPort[0] ? Math.min(HARBOUR_M, path.lengthM / 3) : 0
  const slowIn = inPort[1] ? Math.min(HARBOUR_M, path.lengthM / 3) : 0
  stretch(0, slowOut, Math.min(knots, HARBOUR_KN))
  stretch(slowOut, path.lengthM - slowIn, knots)
  stretch(path.lengthM - slowIn, path.lengthM, Math.min(knots, HARBOUR_KN))
  return out
}

/** Lying still: moored ships do not move, anchored ones swing about the anchor with the tide. */
function still(phase: 'moor' | 'anchor', at: Point, from: number, to: number, random: Random): Stretch {
  const swingM = phase === 'anchor' ? random.between(60, 180) : 0
  const heading = random.between(0, 360)
  const swingPerMs = (2 * Math.PI) / (random.between(10, 13) * MS_PER_HOUR)
  const sensorM = phase === 'anchor' ? random.between(5, 15) : random.between(2, 6)
  return {
    phase,
    from,
    to,
    shoreNm: undefined,
    write(t, state) {
      const angle = heading + (phase === 'anchor' ? 60 * Math.sin(swingPerMs * (t - from)) : 0)
      const p = swingM > 0 ? destination(...at, angle + 180, swingM) : undefined
      state.lat = p ? p.lat : at[0]
      state.lon = p ? p.lon : at[1]
      state.sogKn = phase === 'anchor' ? 0.1 : 0
      state.cog = angle
      state.heading = angle
      state.rotDegMin = 0
      state.turning = false
      state.navStatus = STATUS[phase]
      state.sensorM = sensorM
    },
  }
}

/** Carried by wind and tide: a steady drift and a tidal ellipse on top, the bow lying across. */
function drift(phase: Phase & { do: 'drift' }, at: Point, from: number, to: number, random: Random): Stretch {
  const tidePerS = (2 * Math.PI) / (12.42 * 3600)
  const tideMps = Math.min(0.4, phase.knots * 0.4) * MPS_PER_KN
  const tidePhase = random.between(0, 2 * Math.PI)
  const toward = (phase.bearing * Math.PI) / 180
  const across = phase.bearing + random.between(60, 110)
  const v = phase.knots * MPS_PER_KN
  return {
    phase: 'drift',
    from,
    to,
    shoreNm: phase.shoreNm,
    write(t, state) {
      const s = (t - from) / MS_PER_S
      const tide = tidePerS * s + tidePhase
      const north = v * Math.cos(toward) * s + (tideMps / tidePerS) * (Math.sin(tide) - Math.sin(tidePhase))
      const east = v * Math.sin(toward) * s - (tideMps / tidePerS) * (Math.cos(tide) - Math.cos(tidePhase))
      const vNorth = v * Math.cos(toward) + tideMps * Math.cos(tide)
      const vEast = v * Math.sin(toward) + tideMps * Math.sin(tide)
      const p = destination(...at, (Math.atan2(east, north) * 180) / Math.PI, Math.hypot(north, east))
      state.lat = p.lat
      state.lon = p.lon
      state.sogKn = Math.hypot(vNorth, vEast) / MPS_PER_KN
      state.cog = (Math.atan2(vEast, vNorth) * 180) / Math.PI
      state.heading = across + 8 * Math.sin(s / 900)
      state.rotDegMin = 0
      state.turning = false
      state.navStatus = STATUS.drift
      state.sensorM = 4
    },
  }
}

/** Tows to and fro over a ground: straight runs with a turn at each end. */
function tows(at: Point, lengthM: number, radiusNm: number, random: Random): Point[] {
  const points: Point[] = [at]
  const axis = random.between(0, 180)
  let total = 0
  for (let i = 0; total < lengthM; i++) {
    const out = destination(
      ...at,
      axis + (i % 2 === 0 ? 0 : 180) + random.between(-35, 35),
      radiusNm * random.between(0.6, 1) * M_PER_NM,
    )
    const last = points[points.length - 1]!
    total += haversineM(...last, out.lat, out.lon)
    points.push([out.lat, out.lon])
  }
  return points
}

/**
 * Works out a journey.
 * @param t0 epoch ms that the journey's hours count from
 * @param horizon epoch ms; what would begin after it is left out
 * @throws UsageError when the plan names an unknown place, or a way that no lane serves
 */
export function createVoyage(
  waters: Waters,
  journey: Journey,
  t0: number,
  horizon: number,
  random: Random,
): Voyage {
  const stretches: Stretch[] = []
  const offs: Span[] = []
  let place: Place = journey.from
  let t = t0 + (journey.startH ?? 0) * MS_PER_HOUR
  const side = random.between(0.1, 1)
  const probe = createState()
  const isPort = (p: Place) => typeof p === 'string' && waters.ports.includes(p)
  /** In a port each ship has a berth of its own. */
  const pointIn = (p: Place): Point => {
    const point = pointOf(waters, p)
    if (!isPort(p)) return point
    const own = createRandom(seedOf(side, String(p)))
    const north = destination(...point, 0, BERTH_M * (own.below(BERTHS) - BERTHS / 2))
    const { lat, lon } = destination(north.lat, north.lon, 90, BERTH_M * (own.below(BERTHS) - BERTHS / 2))
    return [lat, lon]
  }
  const push = (added: readonly Stretch[]) => {
    for (const stretch of added) stretches.push(stretch)
    const last = added[added.length - 1]
    if (last) t = last.to
  }
  const endOf = (): Point => {
    stretches[stretches.length - 1]!.write(t - 1, probe)
    return [probe.lat, probe.lon]
  }

  for (const phase of journey.plan) {
    if (t >= horizon) break
    const here: Point = pointIn(place)
    const begin = t
    const until = 'hours' in phase ? t + phase.hours * MS_PER_HOUR : Infinity
    switch (phase.do) {
      case 'moor':
      case 'anchor':
        push([still(phase.do, here, t, until, random)])
        break
      case 'drift':
        push([drift(phase, here, t, until, random)])
        place = endOf()
        break
      case 'sail': {
        const points: Point[] = [here, ...(phase.via ?? [])]
        if (phase.to !== undefined) {
          if (phase.via || typeof phase.to !== 'string') points.push(pointOf(waters, phase.to))
          else {
            const first = typeof place === 'string' ? place : nearestPlace(waters, here)
            const names = route(waters, first, phase.to)
            points.push(...keepToStarboard(waters, names, side).slice(typeof place === 'string' ? 1 : 0))
          }
        }
        const target: Place = phase.to ?? points[points.length - 1]!
        if (isPort(target)) points[points.length - 1] = pointIn(target)
        push(run('sail', distinct(points), phase.knots, t, Infinity, [isPort(place), isPort(target)], random))
        place = target
        break
      }
      case 'fish': {
        const lengthM = phase.knots * MPS_PER_KN * phase.hours * 3600 * 1.1
        push(
          run(
            'fish',
            distinct(tows(here, lengthM, phase.radiusNm, random)),
            phase.knots,
            t,
            until,
            [false, false],
            random,
          ),
        )
        place = endOf()
        break
      }
      case 'work': {
        // twenty to forty minutes at a place, then a mile on
        while (t < until) {
          const spot = destination(
            ...here,
            random.between(0, 360),
            random.between(0.2, 1) * phase.radiusNm * M_PER_NM,
          )
          const now = pointIn(place)
          for (const moved of run(
            'work',
            distinct([now, [spot.lat, spot.lon]]),
            5,
            t,
            until,
            [false, false],
            random,
          )) {
            push([{ ...moved, shoreNm: phase.shoreNm }])
          }
          place = stretches[stretches.length - 1]!.phase === 'work' ? endOf() : now
          const stay = Math.min(until, t + random.between(20, 40) * MS_PER_MIN)
          if (stay > t) {
            push(
              [
                drift(
                  {
                    do: 'drift',
                    knots: 0.15,
                    hours: 0,
                    bearing: random.between(0, 360),
                    shoreNm: phase.shoreNm,
                  },
                  place,
                  t,
                  stay,
                  random,
                ),
              ].map(asWork),
            )
            place = endOf()
          }
        }
      }
    }
    if (phase.off) {
      const from = begin + phase.off.afterH * MS_PER_HOUR
      const to = phase.off.hours === undefined ? t : from + phase.off.hours * MS_PER_HOUR
      if (from < t && from < to) offs.push({ from, to })
    }
  }
  // whoever arrives stays
  stretches.push(still(isPort(place) ? 'moor' : 'anchor', pointIn(place), t, Infinity, random))

  let current = 0
  const stretchAt = (time: number): Stretch => {
    while (current > 0 && time < stretches[current]!.from) current--
    while (current < stretches.length - 1 && time >= stretches[current]!.to) current++
    return stretches[current]!
  }
  return {
    stretches,
    offs,
    from: stretches[0]!.from,
    planEnd: t,
    stretchAt,
    at: (time, out) => {
      const stretch = stretchAt(time)
      stretch.write(Math.max(time, stretch.from), out)
    },
  }
}

/** Station keeping between two moves belongs to the work. */
function asWork(stretch: Stretch): Stretch {
  return {
    ...stretch,
    phase: 'work',
    write(t, state) {
      stretch.write(t, state)
      state.navStatus = STATUS.work
    },
  }
}

/** Without points that repeat the one before. */
function distinct(points: readonly Point[]): Point[] {
  return points.filter((p, i) => i === 0 || p[0] !== points[i - 1]![0] || p[1] !== points[i - 1]![1])
}
