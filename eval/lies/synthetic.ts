// A ship whose way is worked out by a program: straight legs at one speed, without noise, sent on the second or at the
// times of a real set. Beside it those that are too even by nature: calm water, sets that filter, survey vessels, ferries,
// places that are rounded, and a provider that interpolates.

import { bearingDeg, haversineM, interpolate } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Heard, type Ship } from './family.js'
import { isUnderWay, sail, spanOf } from './ships.js'

const M_PER_DEG = 111_195
const LEG_MS = 50 * MS_PER_MIN
const MIN_KN = 5
/** What is even is told by the others of its class: detection.md wants ten whose window of 25 looks, one report in four, is full
 * by the time that the first of two of her own is. */
const NEIGHBOURS = 10
const REPORTS_OF_A_WINDOW = 100
const WINDOW_MS = 20 * MS_PER_MIN
/** A report is looked at above this speed, with a course, so soon after the one before and so far from there. */
const LOOKED_AT_KN = 3
const SOON_MS = 30 * MS_PER_S
const STEP_M = 40

type Place = readonly [t: number, lat: number, lon: number]

const placed = (messages: readonly Heard[]): PositionReport[] =>
  messages.flatMap(({ kind, report }) => (kind === 'position' && report.lat !== undefined ? [report] : []))

/** Where the ship was, every so often. */
function waypoints(messages: readonly Heard[], everyMs: number): Place[] {
  const points: Place[] = []
  for (const { t, lat, lon } of placed(messages))
    if (points.length === 0 || t - points[points.length - 1]![0] >= everyMs) points.push([t, lat!, lon!])
  return points
}

/** What a program makes of these: where, how fast and which way at a time. */
function onLegs(points: readonly Place[], t: number): Pick<PositionReport, 'lat' | 'lon' | 'sog' | 'cog'> {
  let k = 1
  while (k < points.length - 1 && points[k]![0] < t) k++
  const [a, b] = [points[k - 1]!, points[k]!]
  const { lat, lon } = interpolate(a[1], a[2], b[1], b[2], (t - a[0]) / (b[0] - a[0]))
  const knots = haversineM(a[1], a[2], b[1], b[2]) / M_PER_NM / ((b[0] - a[0]) / MS_PER_HOUR)
  return {
    ...{ lat: toSteps(lat), lon: toSteps(lon), sog: Math.round(knots * 10) / 10 },
    cog: (Math.round(bearingDeg(lat, lon, b[1], b[2]) * 10) / 10) % 360,
  }
}

/** Whether a window of this ship is full by then. */
function isJudgedBy(ship: Ship, until: number): boolean {
  let looks = 0
  let before: PositionReport | undefined
  for (const report of placed(ship.messages)) {
    if (report.t > until) break
    const last = before
    before = report
    if (!last || report.t === last.t || report.t - last.t > SOON_MS) continue
    if (!((report.sog ?? 0) >= LOOKED_AT_KN) || report.cog === undefined) continue
    if (haversineM(last.lat!, last.lon!, report.lat!, report.lon!) >= STEP_M) looks++
  }
  return looks >= REPORTS_OF_A_WINDOW
}

/** There are ships around that show in time what is even for her kind of set: a short recording has too few. */
function hasNeighbours(ship: Ship, fleet: readonly Ship[], until: number): boolean {
  const classOf = (of: Ship) => placed(of.messages)[0]?.txClass
  const others = fleet.filter(
    other => other !== ship && classOf(other) === classOf(ship) && isJudgedBy(other, until),
  )
  return others.length >= NEIGHBOURS
}

export const synthetic: Family = {
  type: 'spoofing',
  class: 'synthetic',
  lie(ship, random, fleet) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    if (hours < 0.9 || !isUnderWay(ship)) return null
    const from = span.from + (hours > 6 ? random.between(0.1, 0.5) * hours * MS_PER_HOUR : 0)
    const to = Math.min(span.to, from + random.between(2, 5) * MS_PER_HOUR)
    const own = ship.messages.filter(({ report }) => report.t >= from && report.t <= to)
    const [first] = placed(own)
    if (!first || first.cog === undefined) return null
    const points = waypoints(own, Math.min(LEG_MS, (to - from) / 2.2))
    if (points.length < 2) return null
    const legs = points.slice(1).map(([t]) => onLegs(points, t - 1))
    if (legs.some(({ sog }) => sog! < MIN_KN)) return null
    const [start, end] = [points[0]![0], points[points.length - 1]![0]]
    const withHeading = (report: PositionReport, at: ReturnType<typeof onLegs>): PositionReport => ({
      ...{ ...report, ...at },
      ...(report.heading !== undefined && { heading: Math.round(at.cog!) % 360 }),
      ...(report.rot !== undefined && { rot: 0 }),
    })
    const rest = ship.messages.filter(
      ({ kind, report }) => kind === 'static' || report.t < start || report.t > end,
    )
    const replaced = own.filter(
      ({ kind, report }) => kind === 'position' && report.t >= start && report.t <= end,
    )
    if (replaced.length < 150 || !hasNeighbours(ship, fleet, end - WINDOW_MS)) return null
    const isOnTheSecond = random.chance(0.7)
    const sent = isOnTheSecond
      ? metronome(replaced, first, points, random).map(
          ({ message, at }): Heard =>
            ({
              ...message,
              report: withHeading(message.report as PositionReport, at),
            }) as Heard,
        )
      : changeReports(replaced, report => withHeading(report, onLegs(points, report.t)))
    const messages = [...rest, ...sent].sort((a, b) => a.report.t - b.report.t)
    return { messages, from: start, to: end }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 232_900_001
    const options = (kind: string) => ({ mmsi: mmsi++, kind, at: random.pick(water.at), water, random })
    const even = (kind: string, noise: Noise, knots: readonly [number, number] = [9, 15]) =>
      ships.push(quieten(sail({ ...options(kind), knots, withinNm: 30 }), noise, random))
    for (let k = 0; k < 5; k++) even('calm water, autopilot', { placeM: 0.15, cog: 0.2, sog: 0.03, hold: 0 })
    for (let k = 0; k < 5; k++) even('a set that filters', { placeM: 0.1, cog: 0.3, sog: 0.08, hold: 0.9 })
    for (let k = 0; k < 3; k++) even('RTK survey', { placeM: 0.02, cog: 0.25, sog: 0.05, hold: 0.3 }, [4, 6])
    for (let k = 0; k < 3; k++)
      even('whole degrees', { placeM: 0.3, cog: 0.2, sog: 0.05, hold: 0.5, step: 1 })
    for (const decimals of [4, 4, 3]) {
      const ship = sail({ ...options(`${decimals} decimals`), knots: [9, 15] })
      const round = (x: number) => Math.round(x * 10 ** decimals) / 10 ** decimals
      ships.push({
        ...ship,
        messages: changeReports(ship.messages, r => ({ ...r, lat: round(r.lat!), lon: round(r.lon!) })),
      })
    }
    // a provider keeps a report per five minutes, and fills in the others
    for (let k = 0; k < 14; k++) {
      const ship = sail({ ...options('interpolated'), knots: [9, 15], withinNm: 30 })
      const points = waypoints(ship.messages, 5 * MS_PER_MIN)
      const [first] = placed(ship.messages)
      const own = ship.messages.filter(
        ({ kind, report }) => kind === 'position' && report.t < points.at(-1)![0],
      )
      if (!first || points.length < 2) continue
      const filled = metronome(own, first, points, random).map(
        ({ message, at }): Heard =>
          ({
            ...message,
            report: { ...message.report, ...at },
          }) as Heard,
      )
      const statics = ship.messages.filter(({ kind }) => kind === 'static')
      ships.push({ ...ship, messages: [...statics, ...filled].sort((a, b) => a.report.t - b.report.t) })
    }
    return ships
  },
}

/** Sent every ten seconds to the millisecond, heard by whoever heard the ship about then. */
function metronome(
  messages: readonly Heard[],
  like: PositionReport,
  points: readonly Place[],
  random: Random,
): { message: Heard; at: ReturnType<typeof onLegs> }[] {
  const out: { message: Heard; at: ReturnType<typeof onLegs> }[] = []
  const everyMs = like.txClass === 'B' ? 30 * MS_PER_S : 10 * MS_PER_S
  let next = points[0]![0]
  for (const message of messages) {
    if (message.kind !== 'position') continue
    // where the ship was not heard for a while the invention is not, either
    if (message.report.t - next > 5 * MS_PER_MIN)
      next += everyMs * Math.floor((message.report.t - next) / everyMs)
    for (; next <= message.report.t; next += everyMs) {
      if (random.chance(0.15)) continue
      const t = Math.round(next)
      const report: PositionReport = { ...message.report, t, receivedAt: t + 300 }
      if (report.utcSecond !== undefined) report.utcSecond = Math.floor(t / MS_PER_S) % 60
      out.push({ message: { ...message, receivedAt: t + 300, report }, at: onLegs(points, t) })
    }
  }
  return out
}

interface Noise {
  /** White, metres, instead of all other noise: places lie on a line through the minute around. */
  placeM: number
  /** Degrees and knots. */
  cog: number
  sog: number
  /** Share of what is reported that was so in the report before. */
  hold: number
  /** Degrees that courses are rounded to. @default 0.1 */
  step?: number
}

/** The same way with hardly any noise: its places averaged over a minute, its course the way between them. */
function quieten(ship: Ship, noise: Noise, random: Random): Ship {
  const reports = placed(ship.messages).filter((report, k, all) => k === 0 || report.t !== all[k - 1]!.t)
  const smooth = new Map<number, PositionReport>()
  let cogBefore = NaN
  let sogBefore = NaN
  // slow weather of course and speed
  let swing = 0
  reports.forEach((report, k) => {
    const some = reports.slice(Math.max(0, k - 6), k + 7)
    const fitted = line(some, report.t)
    swing = 0.9 * swing + 0.44 * random.normal()
    const cog = (fitted.cog + noise.cog * (swing + random.normal()) * 0.7 + 360) % 360
    const sog = Math.max(0, fitted.sog + noise.sog * random.normal())
    const turn = ((cog - cogBefore + 540) % 360) - 180
    cogBefore = Number.isNaN(cogBefore) ? cog : (cogBefore + (1 - noise.hold) * turn + 360) % 360
    sogBefore = Number.isNaN(sogBefore) ? sog : noise.hold * sogBefore + (1 - noise.hold) * sog
    const { step = 0.1 } = noise
    const shrink = Math.cos((fitted.lat * Math.PI) / 180)
    smooth.set(report.t, {
      ...report,
      lat: toSteps(fitted.lat + (noise.placeM * random.normal()) / M_PER_DEG),
      lon: toSteps(fitted.lon + (noise.placeM * random.normal()) / M_PER_DEG / shrink),
      sog: Math.round(sogBefore * 10) / 10,
      cog: (Math.round(cogBefore / step) * step) % 360,
    })
  })
  return { ...ship, messages: changeReports(ship.messages, report => smooth.get(report.t) ?? report) }
}

/** A straight line through these by least squares. */
function line(of: readonly PositionReport[], t: number) {
  const n = of.length
  const meanT = of.reduce((sum, r) => sum + r.t - t, 0) / n
  const spread = of.reduce((sum, r) => sum + (r.t - t - meanT) ** 2, 0) || 1
  const fit = (value: (r: PositionReport) => number) => {
    const mean = of.reduce((sum, r) => sum + value(r), 0) / n
    const slope = of.reduce((sum, r) => sum + (r.t - t - meanT) * (value(r) - mean), 0) / spread
    return { at: mean - slope * meanT, slope }
  }
  const lat = fit(r => r.lat!)
  const lon = fit(r => r.lon!)
  const north = lat.slope * M_PER_DEG
  const east = lon.slope * M_PER_DEG * Math.cos((lat.at * Math.PI) / 180)
  return {
    ...{ lat: lat.at, lon: lon.at },
    cog: ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360,
    sog: (Math.hypot(north, east) * MS_PER_HOUR) / M_PER_NM,
  }
}
