// A group of ships that a program invents: they appear in the middle of the sea within some hours, and all of them fill
// the fields of their messages in one way that no set has. The one that lies is the first of them; it was silent before.
// Beside them a fishing fleet with one make of set that comes out of port together, a regatta, and a fleet that a new
// station or a satellite hears at once.
//
// The simulator knows nothing of integrity bits: each ship of the fleet is given a set of some make first, ever the same.

import { destination } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { loadCoast, type Coast } from '../../src/zones/coast.js'
import { changeReports, type Family, type Heard, type Ship, type Water } from './family.js'
import { isUnderWay, sail, spanOf } from './ships.js'

/** How a make of set fills the fields that the traffic around does not decide. */
interface Make {
  accuracy: number
  raim: number
  type3: number
  hasRot: boolean
  hasHeading: boolean
  /** Communication state as sent, or 0. */
  hasComm: boolean
  navStatus?: number
}

/** Some dozen that one meets. */
function makeOf(random: Random, txClass: 'A' | 'B'): Make {
  return {
    accuracy: random.pick([0, 0, 0.5, 1, 1]),
    raim: random.pick([0, 0, 0, 1, 0.9]),
    type3: random.pick([0, 0, 0.05, 0.3]),
    hasRot: txClass === 'A' && random.chance(0.7),
    hasHeading: txClass === 'A' && random.chance(0.85),
    hasComm: true,
  }
}

/** The fields of one report, as a set of this make fills them. */
function filled(report: PositionReport, make: Make, random: Random): PositionReport {
  const { heading, rot, ...rest } = report
  return {
    ...rest,
    ...{ accuracy: random.chance(make.accuracy), raim: random.chance(make.raim), repeat: 0 },
    ...(report.txClass !== 'B' && { msgType: random.chance(make.type3) ? 3 : 1 }),
    ...(make.navStatus !== undefined && { navStatus: make.navStatus }),
    ...(make.hasHeading && heading !== undefined && { heading }),
    ...(make.hasRot && rot !== undefined && { rot }),
    commState: make.hasComm ? 1 + random.below(2 ** 18) : 0,
  }
}

const withMake = (ship: Ship, make: Make, random: Random): Heard[] =>
  changeReports(ship.messages, report => filled(report, make, random))

const equipped = new WeakSet<Ship>()

/** In place: the others of the fleet have to have them too. */
function equip(fleet: readonly Ship[]): void {
  for (const ship of fleet) {
    if (equipped.has(ship)) continue
    equipped.add(ship)
    const random = createRandom(seedOf('make', ship.mmsi))
    const first = ship.messages.find(({ kind }) => kind === 'position')
    const txClass = first?.kind === 'position' && first.report.txClass === 'B' ? 'B' : 'A'
    ship.messages = withMake(ship, makeOf(random, txClass), random)
  }
}

/** What hardly any set sends; each program its own way. No communication state is what they have in common with few. */
function inventedMake(random: Random): Make {
  const share = () => random.pick([0, 0.5, 1])
  return {
    ...{ accuracy: share(), raim: share(), type3: share(), hasComm: random.chance(0.3) },
    ...{ hasRot: random.chance(0.5), hasHeading: random.chance(0.5) },
    navStatus: random.pick([0, 8, 11, 15]),
  }
}
/** A rare make all the same: set by set, and over the years. */
const RARE: Make = { accuracy: 1, raim: 0, type3: 1, hasRot: false, hasHeading: true, hasComm: false }

const MIN_HOURS = 18
const MOVING_KN = 5
const AT_SEA_NM = 20

let coast: Coast | undefined

const QUIET_HOURS = 3
const OCTANTS = 8

/**
 * Whoever appears at the edge of what is heard may come from beyond it. In the middle of it, the station has heard
 * others in the last twelve hours, never quiet for three, and others were heard on all sides: nowhere are three of the eight
 * directions in a row empty.
 */
function isAmongOthers(
  at: number,
  lat: number,
  lon: number,
  receiver: string | undefined,
  fleet: readonly Ship[],
): boolean {
  const heard = [at - 12.5 * MS_PER_HOUR, at - MS_PER_HOUR]
  const sides = new Array<boolean>(OCTANTS).fill(false)
  for (const { messages } of fleet)
    for (const { kind, report, receiver: station } of messages) {
      const ago = at - report.t
      if (kind !== 'position' || ago < MS_PER_HOUR || ago > 12.5 * MS_PER_HOUR || report.lat === undefined)
        continue
      if (station === receiver) heard.push(report.t)
      const [north, east] = [report.lat - lat, (report.lon! - lon) * Math.cos((lat * Math.PI) / 180)]
      const away = Math.max(Math.abs(north), Math.abs(east))
      const turn = Math.atan2(east, north) / (2 * Math.PI)
      if (away > 0.4 && away < 1.5) sides[(Math.round(turn * OCTANTS) + OCTANTS) % OCTANTS] = true
    }
  heard.sort((a, b) => a - b)
  const isQuiet = heard.some((t, k) => k > 0 && t - heard[k - 1]! > QUIET_HOURS * MS_PER_HOUR)
  const isOpen = sides.some((_, k) => [0, 1, 2].every(next => !sides[(k + next) % OCTANTS]))
  return !isQuiet && !isOpen
}

/** A minute at which the ship has been under way for two hours, and will be. */
function whenAtSea(
  ship: Ship,
  from: number,
  to: number,
  random: Random,
  fleet: readonly Ship[],
): number | null {
  for (let tries = 0; tries < 20 && to > from; tries++) {
    const at = random.between(from, to)
    const around = ship.messages.filter(
      ({ kind, report }) => kind === 'position' && Math.abs(report.t - at) < 2 * MS_PER_HOUR,
    )
    const isUnderWay = ({ report }: Heard) => (report as PositionReport).sog! >= MOVING_KN
    if (around.length <= 100 || !around.every(isUnderWay)) continue
    const first = around.find(({ report }) => report.t >= at)
    if (!first) continue
    const { lat, lon } = first.report as PositionReport
    if ((coast ??= loadCoast()).shoreDistanceM(lat!, lon!) < AT_SEA_NM * M_PER_NM) continue
    if (isAmongOthers(at, lat!, lon!, first.receiver, fleet)) return at
  }
  return null
}

export const fabricatedGroup: Family = {
  type: 'spoofing',
  class: 'fabricated_group',
  lie(ship, random, fleet) {
    equip(fleet)
    const span = spanOf(ship)
    if (span.to - span.from < MIN_HOURS * MS_PER_HOUR || !isUnderWay(ship)) return null
    const appears = whenAtSea(ship, span.from + 13 * MS_PER_HOUR, span.to - 3 * MS_PER_HOUR, random, fleet)
    if (appears === null) return null
    const make = inventedMake(random)
    const messages = withMake(ship, make, random).filter(({ report }) => report.t >= appears)
    const sent = messages.filter(({ kind }) => kind === 'position')
    if (new Set(sent.map(({ report }) => report.t)).size < 200) return null
    // the others go the same way, some miles aside and some minutes later
    const others = Array.from({ length: 4 + random.below(4) }, (_, k): Ship => {
      const mmsi = 235_800_000 + (ship.mmsi % 10_000) * 10 + k
      const bearing = random.between(0, 360)
      const nm = random.between(2, 8)
      const laterMs = Math.round(random.between(0, 60)) * MS_PER_MIN
      const own = changeReports(sent, report => {
        if (report.lat === undefined || report.t + laterMs > span.to) return null
        const { lat, lon } = destination(report.lat, report.lon!, bearing, nm * M_PER_NM)
        const t = report.t + laterMs
        return filled({ ...report, mmsi, t, lat: toSteps(lat), lon: toSteps(lon) }, make, random)
      })
      const moved = own.map((message): Heard => ({ ...message, receivedAt: message.report.t + 400 }) as Heard)
      return { mmsi, kind: 'invented', messages: moved }
    })
    return { messages, from: appears, to: span.to, others }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 250_900_001
    const group = (
      kind: string,
      count: number,
      make: Make,
      options: Partial<Parameters<typeof sail>[0]>,
      station?: string,
    ) => {
      const at = random.pick(water.at)
      const from = water.start + random.between(14, 17) * MS_PER_HOUR
      for (let k = 0; k < count; k++) {
        const start = from + random.between(0, 1) * MS_PER_HOUR
        const plain = sail({
          ...{ mmsi: mmsi++, kind, at, water, random, knots: [6, 10], withinNm: 8, from: start },
          ...options,
        })
        const messages = withMake(plain, make, random)
        ships.push({ ...plain, messages: station ? messages.map(m => at1(m, station)) : messages })
      }
    }
    // a make that some others have
    const usual: Make = { accuracy: 0, raim: 0, type3: 0, hasRot: true, hasHeading: true, hasComm: true }
    group('a fleet with a usual make', 8, usual, {})
    // a rare make, and they come out of port, one after the other
    const port = nearestShore(water)
    group('a rare make, out of port', 8, RARE, { at: port, withinNm: 4 })
    // a regatta: Class B, all switched on for the start
    group('a regatta', 12, { ...usual, hasRot: false, hasHeading: false }, { txClass: 'B', knots: [4, 8] })
    // one that has sailed there all day, when a station begins to listen, and when a satellite comes over
    group('a new station', 7, RARE, {}, 'new station')
    group('one make, through the day', 6, RARE, { from: water.start })
    const kinds: Ship[] = []
    group('a satellite pass', 7, RARE, {})
    for (const ship of ships.splice(-7))
      kinds.push({
        ...ship,
        messages: ship.messages.map((m): Heard => {
          const message = at1(m, 'satellite')
          return message.kind === 'position'
            ? { ...message, report: { ...message.report, collection: 'satellite' } }
            : message
        }),
      })
    return [...ships, ...kinds]
  },
}

/** Heard by this station and no other. */
function at1(message: Heard, station: string): Heard {
  return message.kind === 'position'
    ? { ...message, receiver: station, report: { ...message.report, receiver: station } }
    : { ...message, receiver: station }
}

/** The antennas stand on the shore. */
const nearestShore = ({ receivers }: Water): readonly [number, number] => receivers[0]!.at
