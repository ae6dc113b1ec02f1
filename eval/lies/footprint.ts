// A ship that says she sails elsewhere, from her first message on: nothing ever jumps, but those who hear her are not those
// who would. Beside her all that is heard from afar with good reason: on a night of ducting, by a satellite in the feed of a
// station, by a network that goes by one name, by an antenna on a ship, by a new one, over repeaters, with a bit flipped.

import { bearingDeg, destination, haversineM } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { flipBit } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Heard, type Ship } from './family.js'
import { sail, spanOf } from './ships.js'

type Place = readonly [lat: number, lon: number]

/** A lie shorter than this goes by no station's range. */
const FAR_NM = 160

export const footprint: Family = {
  type: 'spoofing',
  class: 'footprint',
  lie(ship, random, fleet) {
    const span = spanOf(ship)
    const places = ship.messages.filter(isPlaced)
    if (span.to - span.from < 5 * MS_PER_HOUR || places.length < 100) return null
    if (places.some(({ receiver }) => receiver === undefined)) return null
    const half = placeAt(ship, (span.from + span.to) / 2)
    if (!half) return null
    // it says it is where another one is, who is heard there by others
    const others = fleet.filter(other => {
      const there = placeAt(other, (span.from + span.to) / 2)
      return there !== null && haversineM(...half, ...there) > FAR_NM * M_PER_NM && !shareStation(ship, other)
    })
    if (others.length === 0) return null
    // a place for each station, not for each ship: most ships are where all are
    const station = random.pick([...new Set(others.flatMap(other => [...stationsOf(other)]))].sort())
    const heard = others.filter(other => stationsOf(other).has(station))
    const there = placeAt(random.pick(heard), (span.from + span.to) / 2)!
    const bearing = bearingDeg(...half, ...there)
    const distance = haversineM(...half, ...there)
    const messages = changeReports(ship.messages, report =>
      report.lat === undefined
        ? report
        : { ...report, ...destination(report.lat, report.lon!, bearing, distance) },
    )
    return { messages, from: span.from, to: span.to }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 219_800_001
    const sailing = (kind: string, at: Place, options: { from?: number; to?: number } = {}) =>
      sail({ mmsi: mmsi++, kind, at, water, random, knots: [6, 14], ...options })
    // small craft about every station: a sea with a dozen ships a station teaches little
    for (const { at } of water.receivers) {
      for (let k = 0; k < 8; k++) {
        const options = { mmsi: mmsi++, kind: 'company', at, water, random, withinNm: 20 }
        ships.push(sail({ ...options, txClass: 'B', knots: [0.5, 1.8] }))
      }
    }
    const station = random.pick(water.receivers)
    const from = water.start + 9 * MS_PER_HOUR
    const to = from + 3 * MS_PER_HOUR
    const away = (nm: number, bearing: number): Place => {
      const { lat, lon } = destination(...station.at, bearing, nm * M_PER_NM)
      return [lat, lon]
    }
    // a night in which one station hears all that sails in one direction, out to 250 nm
    const bearing = random.between(0, 360)
    for (let k = 0; k < 9; k++) {
      const plain = sailing(
        'a night of ducting',
        away(random.between(70, 250), bearing + random.between(-15, 15)),
      )
      ships.push({ ...plain, messages: alsoBy(plain.messages, station.station, from, to, 0.3, random) })
    }
    // … and another that carries one lone ship, whom nobody else would hear
    const lone = sailing('a lone ship in a duct', away(random.between(130, 220), bearing + 180))
    ships.push({ ...lone, messages: onlyBy(lone.messages, station.station, from, to, random) })
    // a satellite passes through the feed of a station, under its name
    for (let k = 0; k < 8; k++) {
      const plain = sailing(
        'a satellite in the feed',
        away(random.between(200, 1200), random.between(0, 360)),
      )
      ships.push({ ...plain, messages: inPasses(plain.messages, station.station) })
    }
    // a network under one name
    for (const [k, { at }] of water.receivers.entries()) {
      if (k >= 8) break
      const plain = sailing('a network of one name', at)
      ships.push({ ...plain, messages: plain.messages.map(message => heardBy(message, 'network')) })
    }
    // an antenna on a ship hears those around it
    const carrier = sailing('an antenna at sea', away(60, bearing + 90))
    const wanders = (t: number): Place => {
      const nm = (14 * (t - water.start)) / MS_PER_HOUR
      return away(60 + nm, bearing + 90)
    }
    ships.push({ ...carrier, messages: carrier.messages.map(message => heardBy(message, 'aboard')) })
    for (let k = 0; k < 8; k++) {
      const begin = water.start + k * 2.5 * MS_PER_HOUR
      const plain = sailing('met at sea', wanders(begin), { from: begin, to: begin + 4 * MS_PER_HOUR })
      ships.push({ ...plain, messages: plain.messages.map(message => heardBy(message, 'aboard')) })
    }
    // a new station, that hears far
    for (let k = 0; k < 10; k++) {
      const plain = sailing('a new station', away(10 * k, 40 * k), { from: water.start + 14 * MS_PER_HOUR })
      ships.push({ ...plain, messages: plain.messages.map(message => heardBy(message, 'new')) })
    }
    for (let k = 0; k < 3; k++) {
      const plain = sailing('over a repeater', away(random.between(80, 140), random.between(0, 360)))
      const repeated = onlyBy(plain.messages, station.station, from, to, random)
      const messages = changeReports(repeated, report => ({ ...report, repeat: 1 + random.below(2) }))
      ships.push({ ...plain, messages })
    }
    for (let k = 0; k < 3; k++) {
      const plain = sailing('bit errors', random.pick(water.at))
      const messages = changeReports(plain.messages, report => {
        if (!random.chance(0.005)) return report
        const field = random.chance(0.5) ? 'lat' : 'lon'
        return { ...report, [field]: flipBit(report[field]!, 19 + random.below(5)) }
      })
      ships.push({ ...plain, messages })
    }
    return ships
  },
}

type Placed = Heard & { kind: 'position'; report: PositionReport & { lat: number; lon: number } }
const isPlaced = (message: Heard): message is Placed =>
  message.kind === 'position' && message.report.lat !== undefined

/** Where a ship was heard last before a time, in the hour before it. */
function placeAt({ messages }: Ship, t: number): Place | null {
  const last = messages.findLast(message => isPlaced(message) && message.report.t <= t)
  if (!last || !isPlaced(last) || t - last.report.t > MS_PER_HOUR) return null
  return [last.report.lat, last.report.lon]
}

/** Of each ship the stations that hear it. */
const stations = new WeakMap<Ship, Set<string | undefined>>()
function stationsOf(ship: Ship): Set<string | undefined> {
  let of = stations.get(ship)
  if (!of) stations.set(ship, (of = new Set(ship.messages.map(({ receiver }) => receiver))))
  return of
}

function shareStation(a: Ship, b: Ship): boolean {
  return [...stationsOf(b)].some(station => stationsOf(a).has(station))
}

const heardBy = (message: Heard, receiver: string): Heard =>
  message.kind === 'static'
    ? { ...message, receiver }
    : { ...message, receiver, report: { ...message.report, receiver } }

/** For some hours a station hears a share of it too. */
function alsoBy(
  messages: readonly Heard[],
  station: string,
  from: number,
  to: number,
  share: number,
  random: Random,
): Heard[] {
  return messages.flatMap(message => {
    const { t } = message.report
    return t >= from && t < to && random.chance(share) ? [message, heardBy(message, station)] : [message]
  })
}

/** For some hours that station alone hears it, and before and after nobody. */
function onlyBy(
  messages: readonly Heard[],
  station: string,
  from: number,
  to: number,
  random: Random,
): Heard[] {
  return messages.flatMap((message, k) => {
    const { t } = message.report
    const isFirst = k === 0 || messages[k - 1]!.report.t !== t
    return t >= from && t < to && isFirst && random.chance(0.5) ? [heardBy(message, station)] : []
  })
}

/** Ten minutes of each hour and a half, under the name of a station. */
function inPasses(messages: readonly Heard[], station: string): Heard[] {
  return messages.flatMap((message, k) => {
    const { t } = message.report
    const isFirst = k === 0 || messages[k - 1]!.report.t !== t
    return isFirst && t % (90 * MS_PER_MIN) < 10 * MS_PER_MIN ? [heardBy(message, station)] : []
  })
}
