// A beacon that is in use: beside a ship an AIS-SART, a man overboard device or an EPIRB begins to send. Innocent are tests,
// a number that a bit error makes of a ship's, markers of nets that use such numbers, and a ship with a wrong status.

import { destination } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Heard, type Ship } from './family.js'
import { sail, transmit } from './ships.js'

/** Eight messages a minute, two seconds apart, of which some are heard; the place is that of the minute (IEC 61097-14). */
function beacon(
  options: {
    mmsi: number
    kind: string
    at: { lat: number; lon: number }
    from: number
    to: number
    status: number
  },
  heard: number,
  random: Random,
): Ship {
  const { mmsi, kind, at, from, to, status } = options
  const messages: Heard[] = []
  let place = { ...at }
  const bearing = random.between(0, 360)
  for (let minute = from; minute < to; minute += MS_PER_MIN * random.between(0.9, 1.1)) {
    place = destination(place.lat, place.lon, bearing, (0.8 * M_PER_NM) / 60)
    for (let k = 0; k < 8; k++) {
      const t = Math.round(minute + 2 * k * MS_PER_S)
      if (!random.chance(heard)) continue
      const report = {
        ...{
          mmsi,
          t,
          lat: toSteps(place.lat),
          lon: toSteps(place.lon),
          sog: 0.8,
          cog: Math.round(bearing) % 360,
        },
        ...{ navStatus: status, msgType: 1, txClass: 'sart' as const, collection: 'terrestrial' as const },
        ...{ utcSecond: Math.floor(minute / MS_PER_S) % 60, commState: 0x1000 + k, receivedAt: t + 300 },
      }
      messages.push({ kind: 'position', receivedAt: t + 300, receiver: 'coast', report })
    }
  }
  return { mmsi, kind, messages }
}

export const distress: Family = {
  type: 'distress',
  class: 'active',
  lie(ship, random) {
    const positions = ship.messages.flatMap(({ kind, report }) =>
      kind === 'position' && report.lat !== undefined ? [report] : [],
    )
    if (positions.length < 60) return null
    const { t, lat, lon } = positions[Math.floor(positions.length * random.between(0.2, 0.7))]!
    const first = random.pick([970, 972, 974])
    const mmsi = first * 1_000_000 + 100_000 + (ship.mmsi % 100_000)
    const to = t + random.between(0.1, 6) * MS_PER_HOUR
    const at = { lat: lat!, lon: lon! }
    const other = beacon(
      { mmsi, kind: 'beacon', at, from: t, to, status: 14 },
      random.between(0.1, 0.7),
      random,
    )
    return { messages: ship.messages, from: t, to, others: [other] }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let next = 211_950_001
    const at = () => random.pick(water.at)
    for (let k = 0; k < 6; k++) {
      const [lat, lon] = at()
      const from = water.start + random.between(1, 20) * MS_PER_HOUR
      const mmsi = random.pick([970, 972, 974]) * 1_000_000 + 500_000 + k
      const options = {
        mmsi,
        kind: 'a beacon being tested',
        at: { lat, lon },
        from,
        to: from + 4 * MS_PER_MIN,
      }
      ships.push(beacon({ ...options, status: 15 }, 0.6, random))
    }
    for (let k = 0; k < 4; k++) {
      // one message in use among those of a test: a bit
      const [lat, lon] = at()
      const from = water.start + random.between(1, 20) * MS_PER_HOUR
      const mmsi = 970_600_000 + k
      const options = {
        mmsi,
        kind: 'a test, garbled once',
        at: { lat, lon },
        from,
        to: from + 6 * MS_PER_MIN,
      }
      const ship = beacon({ ...options, status: 15 }, 0.6, random)
      let isDone = false
      const messages = changeReports(ship.messages, report => {
        if (isDone) return report
        isDone = true
        return { ...report, navStatus: 14 }
      })
      ships.push({ ...ship, messages })
    }
    for (let k = 0; k < 4; k++) {
      // a message of a ship whose number a bad line turns into that of a beacon, once
      const ship = sail({
        mmsi: next++,
        kind: 'a number garbled once',
        water,
        random,
        at: at(),
        knots: [8, 14],
      })
      const position = ship.messages.filter(({ kind }) => kind === 'position')[50]!
      const mmsi = 972_700_000 + k
      const once = { ...position, report: { ...position.report, mmsi } } as Heard
      ships.push(ship, { mmsi, kind: 'a number garbled once', messages: [once] })
    }
    for (let k = 0; k < 4; k++) {
      const [lat, lon] = at()
      const motion = () => ({ lat, lon, sogKn: 0.4, cog: 90 })
      const set = { mmsi: 974_800_000 + k, kind: 'a marker of nets', water, random, motion }
      ships.push(transmit({ ...set, txClass: 'B', named: false, shipType: 30, lengthM: 2 }))
    }
    for (let k = 0; k < 3; k++) {
      const ship = sail({
        mmsi: next++,
        kind: 'a ship with status 14',
        water,
        random,
        at: at(),
        knots: [8, 14],
      })
      ships.push({
        ...ship,
        messages: changeReports(ship.messages, report => ({ ...report, navStatus: 14 })),
      })
    }
    return ships
  },
}
