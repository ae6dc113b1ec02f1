// A ship whose position is on land: moved there as it sails, led round over an airfield, or sent straight on over a coast by
// software. Beside it those that a coast at 1 : 10 million puts on land: rivers, canals, lakes, lagoons, ports.

import { destination, haversineM } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { loadCoast } from '../../src/zones/coast.js'
import { changeReports, type Family, type Ship, type Water } from './family.js'
import { isUnderWay, sail, spanOf, transmit, type Motion, type SetOptions } from './ships.js'
import { follows } from './steering.js'

type Point = readonly [lat: number, lon: number]
type Placed = PositionReport & { lat: number; lon: number }

const coast = loadCoast()
/** Far enough from any coast that nobody would call it a harbour, metres. */
const INLAND_M = 15_000
const isDeep = (lat: number, lon: number): boolean =>
  coast.onLand(lat, lon) && coast.shoreDistanceM(lat, lon) >= INLAND_M

const placed = ({ messages }: Ship, from: number, to: number): Placed[] =>
  messages.flatMap(({ kind, report }) =>
    kind === 'position' && report.t >= from && report.t < to && report.lat !== undefined
      ? [report as Placed]
      : [],
  )

export const onLand: Family = {
  type: 'spoofing',
  class: 'on_land',
  lie(ship, random) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    if (hours < 0.7 || ship.messages.length < 120 || !isUnderWay(ship)) return null
    const from = span.from + random.between(0.2, 0.5) * (span.to - span.from)
    // one of four goes straight over the coast, where one is near enough
    const straight = random.chance(0.25) ? overTheCoast(ship, from, span.to, random) : null
    return straight ?? elsewhere(ship, from, span.to, random)
  },
  lookalikes,
}

/** Its whole way is moved inland, or it is led round there. */
function elsewhere(ship: Ship, from: number, end: number, random: Random): ReturnType<Family['lie']> {
  const to = Math.min(end, from + random.between(0.5, 4) * MS_PER_HOUR)
  const reports = placed(ship, from, to)
  const before = placed(ship, from - 20 * MS_PER_MIN, from)
  const holes = reports.slice(1).map(({ t }, i) => t - reports[i]!.t)
  // who is not heard while it lies, or just before, cannot be found out; one that lay at its berth did not move
  if (reports.length < 40 || before.length < 5 || Math.max(...holes) > 10 * MS_PER_MIN) return null
  const [first, last] = [reports[0]!, reports.at(-1)!]
  if (isDeep(first.lat, first.lon) || coast.onLand(before[0]!.lat, before[0]!.lon)) return null
  const goes = haversineM(first.lat, first.lon, last.lat, last.lon)
  if (goes < 2000) return null
  for (let tries = 0; tries < 200; tries++) {
    const bearing = random.between(0, 360)
    const awayM = random.between(20, 300) * M_PER_NM
    const move = ({ lat, lon }: Placed) => destination(lat, lon, bearing, awayM)
    const there = move(first)
    if (!isDeep(there.lat, there.lon)) continue
    // as it sails, or round an airfield
    const round = random.chance(0.35)
    if (!round && !reports.every(report => isDeep(...latLon(move(report))))) continue
    const radiusM = random.between(300, 3000)
    const kn = random.between(6, 20)
    const messages = changeReports(ship.messages, report => {
      const { t, lat } = report
      if (t < from || t >= to || lat === undefined) return report
      if (!round) return noisy(report, move(report as Placed), random)
      const angle = (((t - first.t) / MS_PER_HOUR) * kn * M_PER_NM * 180) / radiusM / Math.PI
      const place = destination(there.lat, there.lon, angle % 360, radiusM)
      return {
        ...noisy(report, place, random),
        sog: Math.round(kn * 10) / 10,
        cog: Math.floor((angle + 90) % 360),
      }
    })
    return { messages, from, to }
  }
  return null
}

/** From its own place on one course at one speed, over a coast that is near. */
function overTheCoast(ship: Ship, from: number, to: number, random: Random): ReturnType<Family['lie']> {
  const reports = placed(ship, from, to)
  const [first] = reports
  if (!first || coast.onLand(first.lat, first.lon)) return null
  const holes = reports.slice(1).map(({ t }, i) => t - reports[i]!.t)
  if (Math.max(...holes) > 8 * MS_PER_MIN || coast.shoreDistanceM(first.lat, first.lon) < 10_000) return null
  const kn = random.between(11, 20)
  const hours = (to - from) / MS_PER_HOUR
  for (let tries = 0; tries < 36; tries++) {
    const course = random.between(0, 360)
    const at = (t: number) =>
      destination(first.lat, first.lon, course, ((t - first.t) / MS_PER_HOUR) * kn * M_PER_NM)
    const wayM = hours * kn * M_PER_NM
    let deep = 0
    for (let m = 0; m < wayM; m += 1000) {
      const { lat, lon } = destination(first.lat, first.lon, course, m)
      deep = isDeep(lat, lon) ? deep + 1 : 0
      if (deep >= 25) break
    }
    if (deep < 25) continue
    const messages = changeReports(ship.messages, report =>
      report.t < from || report.lat === undefined
        ? report
        : {
            ...noisy(report, at(report.t), random),
            sog: Math.round(kn * 10) / 10,
            cog: (Math.round(course * 10) / 10) % 360,
          },
    )
    return { messages, from, to }
  }
  return null
}

const latLon = ({ lat, lon }: { lat: number; lon: number }): [number, number] => [lat, lon]

function noisy(
  report: PositionReport,
  { lat, lon }: { lat: number; lon: number },
  random: Random,
): PositionReport {
  const noise = () => random.normal() * 4e-5
  return { ...report, lat: toSteps(lat + noise()), lon: toSteps(lon + noise()) }
}

/** Waterways by some of their bends, by eye; the ships on them are in no water of the shipped coast. */
const WATERWAYS: Record<
  string,
  { way: readonly Point[]; kn: readonly [number, number]; shipType: number; lengthM: number }
> = {
  'Rhine barge': {
    way: [
      [51.88, 4.45],
      [51.83, 4.7],
      [51.82, 5.0],
      [51.89, 5.4],
      [51.85, 5.87],
      [51.87, 6.1],
      [51.7, 6.45],
      [51.45, 6.7],
      [51.22, 6.75],
    ],
    ...{ kn: [6, 10], shipType: 79, lengthM: 110 },
  },
  'Danube barge': {
    way: [
      [45.16, 29.65],
      [45.18, 29.2],
      [45.22, 28.8],
      [45.44, 28.1],
      [45.27, 27.97],
      [44.9, 28.1],
      [44.35, 28.02],
    ],
    ...{ kn: [5, 9], shipType: 79, lengthM: 85 },
  },
  'hydrofoil on the Danube': {
    way: [
      [48.21, 16.41],
      [48.14, 16.65],
      [48.12, 16.9],
      [48.14, 17.1],
    ],
    ...{ kn: [28, 34], shipType: 40, lengthM: 35 },
  },
  'Mississippi from sea': {
    way: [
      [28.85, -89.5],
      [28.99, -89.38],
      [29.15, -89.25],
      [29.35, -89.45],
      [29.6, -89.88],
      [29.85, -89.98],
      [29.93, -90.14],
      [30.0, -90.45],
    ],
    ...{ kn: [10, 14], shipType: 70, lengthM: 225 },
  },
  'Great Lakes': {
    way: [
      [46.75, -91.9],
      [47.3, -89.9],
      [47.6, -88],
      [47.1, -86],
      [46.6, -84.8],
      [46.4, -84.3],
    ],
    ...{ kn: [10, 13], shipType: 70, lengthM: 300 },
  },
  'Kiel Canal from sea': {
    way: [
      [54.0, 8.1],
      [53.98, 8.5],
      [53.87, 9.05],
      [53.9, 9.15],
      [54.05, 9.3],
      [54.2, 9.4],
      [54.3, 9.65],
      [54.33, 9.85],
      [54.37, 10.14],
      [54.5, 10.3],
    ],
    ...{ kn: [7, 8.5], shipType: 70, lengthM: 150 },
  },
  'Suez from sea': {
    way: [
      [31.55, 32.38],
      [31.3, 32.36],
      [31.1, 32.31],
      [30.7, 32.34],
      [30.57, 32.3],
      [30.3, 32.4],
      [30.0, 32.58],
      [29.8, 32.55],
    ],
    ...{ kn: [7, 8.6], shipType: 70, lengthM: 300 },
  },
  'Panama from sea': {
    way: [
      [9.6, -79.95],
      [9.4, -79.92],
      [9.27, -79.92],
      [9.2, -79.87],
      [9.13, -79.8],
      [9.05, -79.65],
      [8.95, -79.57],
      [8.8, -79.5],
    ],
    ...{ kn: [6, 12], shipType: 80, lengthM: 250 },
  },
  'Rotterdam from sea': {
    way: [
      [52.05, 3.75],
      [51.99, 4.02],
      [51.96, 4.15],
      [51.9, 4.27],
      [51.9, 4.4],
      [51.88, 4.52],
    ],
    ...{ kn: [9, 13], shipType: 70, lengthM: 200 },
  },
  'Amsterdam from sea': {
    way: [
      [52.5, 4.2],
      [52.46, 4.55],
      [52.45, 4.7],
      [52.41, 4.85],
      [52.38, 4.95],
    ],
    ...{ kn: [6, 9], shipType: 70, lengthM: 180 },
  },
  'Thames from sea': {
    way: [
      [51.55, 1.2],
      [51.5, 0.75],
      [51.46, 0.4],
      [51.48, 0.2],
      [51.5, 0.06],
      [51.49, -0.02],
    ],
    ...{ kn: [9, 12], shipType: 70, lengthM: 120 },
  },
  'clipper on the Thames': {
    way: [
      [51.45, 0.37],
      [51.48, 0.2],
      [51.5, 0.06],
      [51.49, 0.0],
      [51.505, -0.08],
    ],
    ...{ kn: [22, 30], shipType: 60, lengthM: 38 },
  },
  'Humber from sea': {
    way: [
      [53.6, 0.6],
      [53.57, 0.15],
      [53.6, -0.05],
      [53.66, -0.2],
      [53.72, -0.3],
      [53.71, -0.5],
    ],
    ...{ kn: [10, 14], shipType: 70, lengthM: 140 },
  },
  'Weser from sea': {
    way: [
      [53.95, 7.7],
      [53.8, 8.15],
      [53.6, 8.5],
      [53.4, 8.48],
      [53.2, 8.48],
      [53.13, 8.7],
    ],
    ...{ kn: [10, 13], shipType: 70, lengthM: 150 },
  },
  'Houston from sea': {
    way: [
      [29.1, -94.45],
      [29.34, -94.75],
      [29.5, -94.87],
      [29.68, -94.98],
      [29.75, -95.1],
    ],
    ...{ kn: [8, 11], shipType: 80, lengthM: 230 },
  },
  'crew boat in a canal': {
    way: [
      [29.35, -93.35],
      [29.6, -93.34],
      [29.76, -93.345],
      [29.95, -93.32],
      [30.1, -93.3],
    ],
    ...{ kn: [20, 26], shipType: 70, lengthM: 50 },
  },
  'Calcasieu from sea': {
    way: [
      [29.35, -93.35],
      [29.6, -93.34],
      [29.76, -93.345],
      [29.95, -93.32],
      [30.1, -93.3],
    ],
    ...{ kn: [7, 10], shipType: 80, lengthM: 290 },
  },
  'Brownsville from sea': {
    way: [
      [26.06, -96.9],
      [26.07, -97.15],
      [26.05, -97.2],
      [25.95, -97.4],
    ],
    ...{ kn: [6, 10], shipType: 80, lengthM: 180 },
  },
  'Columbia from sea': {
    way: [
      [46.2, -124.3],
      [46.26, -124.05],
      [46.2, -123.75],
      [46.25, -123.4],
      [46.15, -123.1],
      [45.85, -122.8],
    ],
    ...{ kn: [12, 15], shipType: 70, lengthM: 200 },
  },
  'a lagoon from sea': {
    way: [
      [54.72, 19.5],
      [54.65, 19.9],
      [54.66, 20.15],
      [54.7, 20.45],
    ],
    ...{ kn: [7, 10], shipType: 70, lengthM: 110 },
  },
  'Swine and Haff from sea': {
    way: [
      [54.2, 14.2],
      [53.95, 14.27],
      [53.85, 14.28],
      [53.75, 14.4],
      [53.6, 14.58],
      [53.45, 14.6],
    ],
    ...{ kn: [6, 9], shipType: 70, lengthM: 150 },
  },
  'up the Seine': {
    way: [
      [49.45, -0.1],
      [49.43, 0.25],
      [49.47, 0.5],
      [49.5, 0.75],
      [49.38, 0.85],
      [49.44, 1.04],
    ],
    ...{ kn: [11, 14], shipType: 80, lengthM: 170 },
  },
}

function lookalikes(random: Random, water: Water): Ship[] {
  const ships: Ship[] = []
  let mmsi = 232_900_001
  const start = () => water.start + random.between(0, 0.3) * (water.end - water.start)
  const add = (kind: string, motion: (t: number) => Motion | null, rest: Partial<SetOptions> = {}): void => {
    const heard = transmit({ mmsi: mmsi++, kind, water, random, motion, from: start(), ...rest })
    // far from the stations of the sea: each waterway has one of its own
    const station = `${kind} ${heard.mmsi}`
    const ship: Ship = {
      ...heard,
      messages: heard.messages.map(message => {
        if (!message.receiver?.startsWith('platform')) return message
        return message.kind === 'static'
          ? { ...message, receiver: station }
          : { ...message, receiver: station, report: { ...message.report, receiver: station } }
      }),
    }
    ships.push(ship)
  }
  for (const [kind, { way, kn, shipType, lengthM }] of Object.entries(WATERWAYS)) {
    for (let k = 0; k < 2; k++) {
      const points = k === 0 ? way : [...way].reverse()
      add(kind, follows(points, random.between(...kn), true), {
        shipType,
        lengthM,
        txClass: lengthM < 60 ? 'B' : 'A',
      })
    }
  }
  const jitter = (deg: number) => deg + random.between(-0.2, 0.2)
  // not moving: a dealer's shelf, a dry dock, a winter berth; and a yacht on a lorry, from the quay inland
  for (let k = 0; k < 3; k++) {
    const [lat, lon] = [jitter(52.2), jitter(9.5)]
    add('set at a dealer', () => ({ lat, lon, sogKn: 0.05, cog: 0 }), { txClass: 'B' })
    const lorry: Point[] = [
      [53.87, 8.71],
      [53.6, 8.75],
      [53.1, 8.9],
      [52.4, 9.8],
      [51.5, 9.95],
    ]
    add(
      'yacht on a lorry',
      follows(
        lorry.map(([y, x]) => [y + k / 50, x] as const),
        random.between(25, 42),
      ),
      { txClass: 'B', shipType: 37 },
    )
  }
  const river = WATERWAYS['Rhine barge']!
  for (let k = 0; k < 4; k++) {
    // one number, two ships: the one at sea falls silent, the other is heard on its river hours later
    const from = start()
    const options = { mmsi: mmsi++, kind: 'a number handed on', water, random, from }
    const first = sail({ ...options, at: [52.9, 3.6], knots: [8, 14], to: from + 4 * MS_PER_HOUR })
    const second = transmit({
      ...options,
      from: from + random.between(12, 16) * MS_PER_HOUR,
      motion: follows(river.way, 8, true),
      shipType: 79,
    })
    ships.push({ ...first, messages: [...first.messages, ...second.messages] })
  }
  for (let k = 0; k < 3; k++) {
    // the river and the sea in turn, every fix of it true: a coaster that goes to Duisburg, heard from the mouth on
    const way: Point[] = [[52.05, 3.75], [51.99, 4.02], [51.96, 4.15], ...river.way]
    add('coaster up the Rhine', follows(way, random.between(7, 10), true), { shipType: 70, lengthM: 88 })
  }
  return ships
}
