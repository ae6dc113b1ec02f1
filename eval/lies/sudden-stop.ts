// A ship that runs aground: from speed to nothing within seconds. Beside it those that stop as ships do, small craft that
// do it all day, speeds that drop out, sets that hang, and times that were rounded.

import { destination } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { PositionReport } from '../../src/model/report.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Ship } from './family.js'
import { isLargeShip, isOffshore } from './drift.js'
import { longestRun } from './kinematic.js'
import { sail, transmit, type Motion } from './ships.js'

export const suddenStop: Family = {
  type: 'sudden_stop',
  lie(ship, random) {
    if (!isLargeShip(ship)) return null
    const run = longestRun(ship, 8.5)
    if (run.to - run.from < 30 * MS_PER_MIN) return null
    const from = run.from + random.between(0.3, 0.6) * (run.to - run.from)
    const to = run.to
    const brakesMs = random.between(3, 20) * MS_PER_S
    let start: PositionReport | undefined
    let isSuited = true
    let heard = 0
    let before = -Infinity
    const messages = changeReports(ship.messages, report => {
      if (report.t > to) return null // it stays there, and is lost to the feed
      if (report.t < from) {
        before = report.t
        return report
      }
      // heard often enough at the moment itself: else nobody saw it stop
      if (heard < 4 && report.t - before > 12 * MS_PER_S) isSuited = false
      heard++
      before = report.t
      start ??= report
      const s = Math.min(1, (report.t - start.t) / brakesMs)
      if (s < 1) return report
      const way = (start.sog! * M_PER_NM * brakesMs) / 2 / MS_PER_HOUR
      const place = destination(start.lat!, start.lon!, start.cog ?? start.heading ?? 0, way)
      if (!isOffshore(place.lat, place.lon)) isSuited = false
      const off = destination(place.lat, place.lon, random.between(0, 360), Math.abs(5 * random.normal()))
      return {
        ...report,
        ...{ lat: toSteps(off.lat), lon: toSteps(off.lon) },
        sog: Math.round(Math.abs(random.normal())) / 10,
      }
    })
    return isSuited && heard > 20 ? { messages, from, to } : null
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let next = 211_940_001
    const at = () => random.pick(water.at)
    const about = (kind: string) => ({ mmsi: next++, kind, water, random, lengthM: 140 })
    /** Runs for a while, stops within so many seconds, stands, and runs again. */
    const stops = (knots: number, withinS: number) => {
      const place = at()
      let state = { lat: place[0], lon: place[1] }
      let before = water.start
      return (t: number): Motion => {
        const s = ((t - water.start) / MS_PER_S) % 3600
        const f = s < 2400 ? Math.min(1, s / 600) : Math.max(0, 1 - (s - 2400) / withinS)
        const cog = Math.floor((t - water.start) / MS_PER_HOUR) % 2 === 0 ? 0 : 180
        state = destination(state.lat, state.lon, cog, (f * knots * M_PER_NM * (t - before)) / MS_PER_HOUR)
        before = t
        return { ...state, sogKn: f * knots, cog }
      }
    }
    const add = (count: number, kind: string, options: () => Partial<Parameters<typeof transmit>[0]>) => {
      for (let k = 0; k < count; k++)
        ships.push(transmit({ ...about(kind), motion: () => null, ...options() }))
    }
    add(4, 'stops as ships do', () => ({ motion: stops(12, random.between(150, 600)) }))
    add(3, 'pilot boat', () => ({ motion: stops(22, 15), shipType: 50, lengthM: 16 }))
    add(3, 'high-speed craft', () => ({ motion: stops(34, 25), shipType: 40, lengthM: 45 }))
    add(2, 'a tug of unknown length', () => ({ motion: stops(10, 15), shipType: 52, lengthM: 0 }))
    const changed = (kind: string, change: () => (report: PositionReport) => PositionReport | null) => {
      const ship = sail({ ...about(kind), at: at(), knots: [9, 16] })
      ships.push({ ...ship, messages: changeReports(ship.messages, change()) })
    }
    for (let k = 0; k < 3; k++)
      changed('speed drops out', () => {
        let until = 0
        return report => {
          if (random.chance(0.003)) until = report.t + random.between(10, 300) * MS_PER_S
          return report.t < until ? { ...report, sog: 0 } : report
        }
      })
    for (let k = 0; k < 3; k++)
      changed('a set that hangs', () => {
        let held: PositionReport | undefined
        let until = 0
        return report => {
          if (report.t >= until && random.chance(0.002)) {
            held = report
            until = report.t + random.between(60, 300) * MS_PER_S
          }
          return report.t < until ? { ...report, lat: held!.lat!, lon: held!.lon!, sog: 0 } : report
        }
      })
    for (let k = 0; k < 3; k++) {
      const ship = transmit({ ...about('times in minutes'), motion: stops(12, 180) })
      const messages = ship.messages.map(message => {
        if (message.kind === 'static') return message
        const t = MS_PER_MIN * Math.floor(message.report.t / MS_PER_MIN)
        return { ...message, report: { ...message.report, t, receivedAt: message.receivedAt } }
      })
      ships.push({ ...ship, messages })
    }
    for (let k = 0; k < 3; k++) {
      // at rest, and its speed jumps up for a report or two
      const place = at()
      const motion = (): Motion => ({ lat: place[0], lon: place[1], sogKn: 0.1, cog: 90 })
      const ship = transmit({ ...about('speed jumps up at rest'), motion })
      const messages = changeReports(ship.messages, report =>
        random.chance(0.05) ? { ...report, sog: 12 } : report,
      )
      ships.push({ ...ship, messages })
    }
    return ships
  },
}
