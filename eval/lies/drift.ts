// A ship that loses its engine, and lies across wind and sea from then on. Beside it all who go slowly, or sideways, with a
// reason: in the tide, astern, on station, at anchor, waiting, with a compass that is wrong.

import { destination } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { loadCoast } from '../../src/zones/coast.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Ship } from './family.js'
import { atAnchor, longestRun } from './kinematic.js'
import { transmit, type Motion } from './ships.js'

const coast = loadCoast()

/** Cargo ships, tankers and passenger ships of 50 m and more: the others are not looked at. */
export function isLargeShip({ messages }: Ship): boolean {
  return messages.some(
    ({ kind, report }) =>
      kind === 'static' &&
      (report.length ?? 0) >= 50 &&
      (report.shipType ?? 0) >= 60 &&
      (report.shipType ?? 0) < 90,
  )
}

export const isOffshore = (lat: number, lon: number): boolean =>
  !coast.onLand(lat, lon) && coast.shoreDistanceM(lat, lon) > 2 * M_PER_NM

export const drift: Family = {
  type: 'drift',
  lie(ship, random) {
    if (!isLargeShip(ship)) return null
    const run = longestRun(ship, 8)
    if (run.to - run.from < 40 * MS_PER_MIN) return null
    const from = run.from + random.between(0.2, 0.4) * (run.to - run.from)
    const to = run.to
    const bearing = random.between(0, 360)
    const bow = bearing + random.pick([-1, 1]) * random.between(65, 115)
    const knots = random.between(1.3, 3.5)
    // she loses her way within minutes
    const slowsMs = random.between(6, 15) * MS_PER_MIN
    let state: { lat: number; lon: number; t: number; sog: number; cog: number } | undefined
    let isSuited = true
    const messages = changeReports(ship.messages, report => {
      if (report.t < from || report.t > to || report.lat === undefined) return report
      if (report.heading === undefined || report.cog === undefined) isSuited = false
      state ??= { lat: report.lat, lon: report.lon!, t: report.t, sog: report.sog!, cog: report.cog ?? 0 }
      const f = Math.min(1, (report.t - from) / slowsMs)
      const sog = state.sog * (1 - f) + knots * f
      const turn = ((bearing - state.cog + 540) % 360) - 180
      const cog = (state.cog + turn * f + 720) % 360
      Object.assign(
        state,
        destination(state.lat, state.lon, cog, (sog * M_PER_NM * (report.t - state.t)) / MS_PER_HOUR),
      )
      state.t = report.t
      if (!isOffshore(state.lat, state.lon)) isSuited = false
      const yaw = 6 * Math.sin((report.t - from) / 40_000) + random.normal()
      return {
        ...report,
        ...{ lat: toSteps(state.lat), lon: toSteps(state.lon) },
        ...{ sog: Math.round(10 * sog) / 10, cog: Math.round(10 * cog) / 10 },
        heading: f < 1 ? Math.round(cog) % 360 : (Math.round(bow + yaw) + 720) % 360,
      }
    })
    // who is too short a time adrift has not been
    return isSuited && to - from > slowsMs + 15 * MS_PER_MIN ? { messages, from, to } : null
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let next = 211_930_001
    const at = () => random.pick(water.at)
    const about = (kind: string) => ({ mmsi: next++, kind, water, random, lengthM: 140 })
    /** Runs at twelve knots for an hour, then goes on as it does. */
    const after = (
      slow: (hours: number) => { knots: number; cog: number; heading: number; navStatus?: number },
      place = at(),
    ) => {
      let state = { lat: place[0], lon: place[1] }
      let before = water.start
      return (t: number): Motion => {
        const hours = (t - water.start) / MS_PER_HOUR - 1
        const now = hours < 0 ? { knots: 12, cog: 90, heading: 90 } : slow(hours)
        state = destination(
          state.lat,
          state.lon,
          now.cog,
          (now.knots * M_PER_NM * (t - before)) / MS_PER_HOUR,
        )
        before = t
        const { knots: sogKn, cog, heading, navStatus = 0 } = now
        return { ...state, sogKn, cog: (cog + 360) % 360, heading: (heading + 360) % 360, navStatus }
      }
    }
    const to = water.start + 5 * MS_PER_HOUR
    const yaw = (hours: number): number => 5 * Math.sin(hours * 90)
    const add = (count: number, kind: string, make: () => Partial<Parameters<typeof transmit>[0]>) => {
      for (let k = 0; k < count; k++)
        ships.push(transmit({ to, ...about(kind), motion: () => null, ...make() }))
    }
    add(3, 'crabs through the tide', () => ({
      motion: after(hours => ({ knots: 4, cog: 90, heading: 55 + yaw(hours) / 2 })),
    }))
    add(3, 'goes astern', () => ({
      motion: after(hours => ({ knots: 3, cog: 270, heading: 90 + yaw(hours) })),
    }))
    add(3, 'on station, restricted', () => ({
      shipType: 90,
      motion: after(hours => ({ knots: 1.5, cog: 180, heading: 90 + yaw(hours), navStatus: 3 })),
    }))
    add(3, 'supply ship, sideways', () => ({
      shipType: 50,
      motion: after(hours => ({ knots: 1.5, cog: 180, heading: 90 + yaw(hours) })),
    }))
    add(2, 'small craft', () => ({
      ...{ shipType: 37, lengthM: 14 },
      motion: after(hours => ({ knots: 2, cog: 180, heading: 90 + yaw(hours) })),
    }))
    add(2, 'a compass that is wrong', () => {
      const off = random.between(70, 110)
      const inner = after(hours => ({ knots: 4, cog: 90, heading: 90 + yaw(hours) }))
      return { motion: t => ({ ...inner(t)!, heading: (inner(t)!.heading! + off) % 360 }) }
    })
    for (let k = 0; k < 2; k++) {
      const motion = after(() => ({ knots: 3, cog: 140, heading: 41 }))
      const ship = transmit({ ...about('a compass that is stuck'), to, motion })
      const messages = changeReports(ship.messages, report => ({ ...report, heading: 41 }))
      ships.push({ ...ship, messages })
    }
    add(3, 'at anchor in the tide', () => ({ motion: atAnchor(at(), water.start) }))
    add(3, 'sideways for minutes', () => ({
      motion: after(hours =>
        hours % 1 < 0.1
          ? { knots: 2, cog: 180, heading: 90 + yaw(hours) }
          : { knots: 5, cog: 90, heading: 90 },
      ),
    }))
    add(3, 'has waited for hours', () => ({
      from: water.start + 3 * MS_PER_HOUR,
      to: water.start + 9 * MS_PER_HOUR,
      motion: after(hours => ({ knots: 1.6, cog: 180, heading: 90 + yaw(hours) })),
    }))
    // four ships in one current, each with its bow where it likes
    const place = at()
    add(4, 'carried like those around', () => {
      const near: [number, number] = [
        place[0] + random.between(-0.02, 0.02),
        place[1] + random.between(-0.03, 0.03),
      ]
      const bow = random.between(60, 120)
      return { motion: after(hours => ({ knots: 2.5, cog: 180, heading: 180 + bow + yaw(hours) }), near) }
    })
    // a bad heading for one report in ten
    for (let k = 0; k < 2; k++) {
      const ship = transmit({
        ...about('slow, and garbled'),
        to,
        motion: after(() => ({ knots: 3, cog: 90, heading: 90 })),
      })
      const messages = changeReports(ship.messages, report =>
        random.chance(0.1) ? { ...report, heading: random.below(360) } : report,
      )
      ships.push({ ...ship, messages })
    }
    return ships
  },
}
