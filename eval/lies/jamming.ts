// A jammer in a roadstead: sixty ships are drawn to an airfield, some miles inland, for some hours, and two in their midst
// lie on their own account. Told must be one interference, nobody but the two accused.

import { destination } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import { changeReports, type Heard, type Ship, type Water } from './family.js'
import { sail } from './ships.js'

export interface Jamming {
  ships: Ship[]
  victims: number[]
  spoofers: number[]
  attractor: { lat: number; lon: number }
  from: number
  to: number
}

const VICTIMS = 60
const OTHERS = 25

/** @param seed draws everything */
export function jamming(seed: number): Jamming {
  const random = createRandom(seedOf(seed, 'jamming'))
  const middle = [random.between(-50, 50), random.between(-180, 180)] as const
  const start = Date.UTC(2026, random.below(12), 1 + random.below(28), random.below(24))
  const water: Water = { start, end: start + 8 * MS_PER_HOUR, at: [middle], receivers: [] }
  const from = start + random.between(2, 3) * MS_PER_HOUR
  const to = from + random.between(1, 3) * MS_PER_HOUR
  const attractor = destination(...middle, random.between(0, 360), random.between(30, 80) * M_PER_NM)
  const ship = (mmsi: number, kind: string, withinNm: number): Ship =>
    sail({ mmsi, kind, at: middle, water, random, knots: random.chance(0.4) ? [0, 0.3] : [6, 15], withinNm })
  const victims = Array.from({ length: VICTIMS }, (_, k) => 229_000_001 + k)
  const spoofers = [538_000_001, 538_000_002]
  const ships = [
    ...victims.map(mmsi => {
      const plain = ship(mmsi, 'a victim', 14)
      return { ...plain, messages: drawn(plain.messages, attractor, from, to, random) }
    }),
    ...spoofers.map(mmsi => {
      const plain = ship(mmsi, 'a spoofer', 14)
      // each has a place of its own, an hour about the beginning of the jamming
      const since = from + random.between(-30, 60) * MS_PER_MIN
      const bearing = random.between(0, 360)
      const nm = random.between(100, 300)
      const messages = changeReports(plain.messages, report =>
        report.t < since
          ? report
          : { ...report, ...destination(report.lat!, report.lon!, bearing, nm * M_PER_NM) },
      )
      return { ...plain, messages }
    }),
    // out of the jammer's reach, and some in it whose receivers hold
    ...Array.from({ length: OTHERS }, (_, k) => ship(244_000_001 + k, 'a ship nearby', 40)),
  ]
  return { ships, victims, spoofers, attractor, from, to }
}

/** What a receiver makes of it: the false place with some wander, or a circle about it, or the true one for some minutes, or none. */
function drawn(
  messages: readonly Heard[],
  { lat, lon }: { lat: number; lon: number },
  from: number,
  to: number,
  random: Random,
): Heard[] {
  const begin = from + random.between(0, 25) * MS_PER_MIN
  const end = to - random.between(0, 25) * MS_PER_MIN
  const circles = random.chance(0.3)
  const radiusM = circles ? random.between(500, 4000) : random.between(50, 800)
  const periodMs = random.between(6, 30) * MS_PER_MIN
  const phase = random.between(0, 360)
  return changeReports(messages, report => {
    if (report.t < begin || report.t > end) return report
    if (random.chance(0.05)) {
      const nowhere = { ...report }
      delete nowhere.lat
      delete nowhere.lon
      return nowhere
    }
    const turn = phase + (360 * report.t) / periodMs
    const place = circles
      ? destination(lat, lon, turn % 360, radiusM)
      : destination(lat, lon, random.between(0, 360), radiusM * Math.sqrt(random.next()))
    return { ...report, ...place }
  })
}
