// Ships on their ways for tests of encounters: legs from place to place and stays, in metres east and north of a point.

import { createEngine } from '../../../src/engine/engine.js'
import type { EngineOptions } from '../../../src/engine/api.js'
import { lonDelta } from '../../../src/geo/antimeridian.js'
import { destination } from '../../../src/geo/distance.js'
import { DETECTORS } from '../../../src/model/config.js'
import type { DarkEvent, VesselEvent } from '../../../src/model/event.js'
import type { PositionReport, StaticData } from '../../../src/model/report.js'
import { MPS_PER_KN, MS_PER_MIN } from '../../../src/model/units.js'
import { finals, T0 } from '../../helpers/replay.js'

export const only = { without: DETECTORS.filter(name => name !== 'encounter') }

/** A place on the test sea: metres east and north of its middle. */
export type Spot = readonly [east: number, north: number]

/** To a place at a speed, or where it is for some minutes. */
export type Leg = { to: Spot; kn: number } | { stay: number }

export interface Ship {
  mmsi: number
  from: Spot
  legs: Leg[]
  /** Minute of the first report. @default 0 */
  start?: number
  /** Seconds between reports. @default 60 */
  everyS?: number
  navStatus?: number
  about?: StaticData
  /** Minutes without a report. */
  silent?: readonly (readonly [from: number, to: number])[]
  middle?: { lat: number; lon: number }
}

export const middle = { lat: 45, lon: -20 }

/** Where a ship is at each second of its legs. */
export function sail({ from, legs, start = 0 }: Ship): (minute: number) => Spot | null {
  const parts: { t: number; until: number; a: Spot; b: Spot }[] = []
  let at = from
  let t = start
  for (const leg of legs) {
    const to = 'to' in leg ? leg.to : at
    const minutes =
      'to' in leg ? Math.hypot(to[0] - at[0], to[1] - at[1]) / (leg.kn * MPS_PER_KN) / 60 : leg.stay
    parts.push({ t, until: t + minutes, a: at, b: to })
    t += minutes
    at = to
  }
  return minute => {
    const part = parts.find(p => minute >= p.t && minute <= p.until)
    if (!part) return null
    const share = part.until > part.t ? (minute - part.t) / (part.until - part.t) : 1
    return [part.a[0] + share * (part.b[0] - part.a[0]), part.a[1] + share * (part.b[1] - part.a[1])]
  }
}

export function onEarth([east, north]: Spot, from = middle): { lat: number; lon: number } {
  const m = Math.hypot(east, north)
  return m === 0 ? { ...from } : destination(from.lat, from.lon, (Math.atan2(east, north) * 180) / Math.PI, m)
}

export function reportsOf(ship: Ship): PositionReport[] {
  const { mmsi, start = 0, everyS = 60, silent = [], navStatus } = ship
  const where = sail(ship)
  const out: PositionReport[] = []
  // no two ships in step
  for (let minute = start + (mmsi % 7) / 20; ; minute += everyS / 60) {
    const spot = where(minute)
    if (!spot) return out
    if (silent.some(([a, b]) => minute > a && minute < b)) continue
    const t = T0 + Math.round(minute * MS_PER_MIN)
    out.push({
      ...{ mmsi, t, ...onEarth(spot, ship.middle), msgType: 1, txClass: 'A' },
      ...(navStatus === undefined ? {} : { navStatus }),
    })
  }
}

export const inOrder = (reports: PositionReport[]): PositionReport[] =>
  [...reports].sort((x, y) => x.t - y.t || x.mmsi - y.mmsi)

export function told(
  reports: PositionReport[],
  options: Partial<EngineOptions> = {},
  about: Ship[] = [],
): DarkEvent[] {
  const events: DarkEvent[] = []
  const config = {
    ...only,
    ...options.config,
    engine: { capacity: 64, silenceCapacity: 64, ...options.config?.engine },
  }
  const engine = createEngine({ ...options, config, onEvent: event => events.push(event) })
  for (const ship of about)
    if (ship.about) engine.pushStatic({ ...ship.about, mmsi: ship.mmsi, t: reports[0]!.t })
  for (const report of reports) engine.push(report)
  engine.flush()
  return events.filter(({ type }) => type === 'encounter')
}

/** What is told of ships in the end. */
export const meetings = (ships: Ship[], options: Partial<EngineOptions> = {}): VesselEvent[] =>
  finals(told(inOrder(ships.flatMap(reportsOf)), options, ships)) as VesselEvent[]

/** An event as a line: class, who, from when to when in minutes. */
export function line(event: DarkEvent): string {
  const { class: kind, mmsi, details, start, end } = event
  const minute = (t: number) => Math.round((t - T0) / MS_PER_MIN)
  const partner = details['partner'] as { mmsi: number }
  return `${kind} ${mmsi} ${partner.mmsi} ${minute(start.t)}–${end ? minute(end.t) : ''}`
}

/** The same reports after the earth was turned, and a pole made the other one. */
export const turned = (reports: PositionReport[], degrees: number, mirror = 1): PositionReport[] =>
  reports.map(report => ({
    ...report,
    lat: mirror * report.lat!,
    lon: lonDelta(0, report.lon! + degrees),
  }))

export const later = (reports: PositionReport[], ms: number): PositionReport[] =>
  reports.map(report => ({ ...report, t: report.t + ms }))
