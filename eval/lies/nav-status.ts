// A ship that says that it lies at anchor or is moored, and sails. Beside it those that do lie there, swing, drag and are
// shaken by their GNSS; switches that were forgotten for some minutes, and harbour craft that never touch theirs.

import { planeM } from '../../src/geo/distance.js'
import { loadCoast } from '../../src/zones/coast.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import { changeReports, type Family, type Ship } from './family.js'
import { atAnchor, longestRun } from './kinematic.js'
import { sail, transmit, type Motion } from './ships.js'

const coast = loadCoast()
/** Nearer to shore nothing is claimed to be found, nor of shorter ways. */
const SHORE_NM = 3
const WAY_NM = 7

export const navStatus: Family = {
  type: 'spoofing',
  class: 'nav_status',
  lie(ship, random) {
    const run = longestRun(ship, 5)
    if (run.to - run.from < 45 * MS_PER_MIN) return null
    const from = run.from + random.between(0, 0.1) * (run.to - run.from)
    const to = run.to
    const way = ship.messages.flatMap(({ kind, report }) =>
      kind === 'position' && report.lat !== undefined && report.t >= from && report.t <= to ? [report] : [],
    )
    const [first, last] = [way[0]!, way.at(-1)!]
    if (way.every(({ navStatus: status }) => status === undefined || status === 15)) return null
    if (planeM(first.lat!, first.lon!, last.lat!, last.lon!) < WAY_NM * M_PER_NM) return null
    const isOff = ({ lat, lon }: (typeof way)[number]) =>
      coast.shoreDistanceM(lat!, lon!) > SHORE_NM * M_PER_NM
    if (!way.slice(-Math.ceil(way.length / 2)).every(isOff)) return null
    const status = random.pick([1, 5])
    const messages = changeReports(ship.messages, report =>
      report.t >= from && report.t <= to ? { ...report, navStatus: status } : report,
    )
    return { messages, from, to }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let next = 211_920_001
    const at = () => random.pick(water.at)
    const about = (kind: string) => ({ mmsi: next++, kind, water, random })
    for (let k = 0; k < 4; k++) {
      const ship = transmit({ ...about('at anchor, speed noise'), motion: atAnchor(at(), water.start) })
      const messages = changeReports(ship.messages, report => ({
        ...report,
        sog: Math.round(10 * (report.sog! + Math.abs(3 * random.normal()))) / 10,
      }))
      ships.push({ ...ship, messages })
    }
    for (let k = 0; k < 3; k++) {
      // drags for two miles at two knots
      const place = at()
      const motion = (t: number): Motion => {
        const hours = Math.max(0, Math.min(1, (t - water.start) / MS_PER_HOUR - 3))
        const sogKn = hours > 0 && hours < 1 ? 2 : 0.2
        return { lat: place[0] + (2 * hours) / 60, lon: place[1], sogKn, cog: 0, heading: 180, navStatus: 1 }
      }
      ships.push(transmit({ ...about('drags its anchor'), motion }))
    }
    for (let k = 0; k < 4; k++) {
      // at anchor, then on its way, and the switch is remembered within a quarter of an hour
      const leaves = water.start + random.between(2, 8) * MS_PER_HOUR
      const remembers = leaves + random.between(5, 20) * MS_PER_MIN
      const place = at()
      const lies = atAnchor(place, water.start)
      const motion = (t: number): Motion => {
        if (t < leaves) return lies(t)
        const nm = (10 * (t - leaves)) / MS_PER_HOUR
        const navStatus = t < remembers ? 1 : 0
        return { lat: place[0] + nm / 60, lon: place[1], sogKn: 10, cog: 0, navStatus }
      }
      ships.push(transmit({ ...about('remembers the switch'), motion, to: leaves + 3 * MS_PER_HOUR }))
    }
    for (let k = 0; k < 3; k++) {
      // there and back between two berths, the switch forgotten for good
      const place = at()
      const motion = (t: number): Motion => {
        const minutes = ((t - water.start) / MS_PER_MIN) % 40
        const way = minutes < 12 ? minutes / 12 : minutes < 20 ? 1 : minutes < 32 ? (32 - minutes) / 12 : 0
        const moves = minutes < 12 || (minutes >= 20 && minutes < 32)
        const cog = minutes < 20 ? 0 : 180
        return { lat: place[0] + (1.6 * way) / 60, lon: place[1], sogKn: moves ? 8 : 0, cog, navStatus: 5 }
      }
      ships.push(transmit({ ...about('harbour craft, moored for good'), motion, shipType: 52, lengthM: 25 }))
    }
    for (let k = 0; k < 3; k++) {
      const ship = sail({ ...about('bit errors of the status'), at: at(), knots: [8, 16] })
      const messages = changeReports(ship.messages, report =>
        random.chance(0.02) ? { ...report, navStatus: random.pick([1, 5]) } : report,
      )
      ships.push({ ...ship, messages })
    }
    for (let k = 0; k < 3; k++) {
      // a set that is stuck at the speed that it came with
      const ship = transmit({ ...about('moored, speed stuck'), motion: atAnchor(at(), water.start, 5) })
      const messages = changeReports(ship.messages, report => ({
        ...report,
        sog: 4.2,
        t: MS_PER_S * Math.round(report.t / MS_PER_S),
      }))
      ships.push({ ...ship, messages })
    }
    return ships
  },
}
