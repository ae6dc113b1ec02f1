// A ship that reports another motion than its positions make: less speed than it runs at, a passage while it stays where
// it is, a course that leads elsewhere. Beside it sets without a speed, feeds with another unit or other times, and all
// who turn, tack, drift, sprint and stop.

import { destination, haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { PositionReport } from '../../src/model/report.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Heard, type Ship, type Water } from './family.js'
import { sail, spanOf, transmit, type Motion } from './ships.js'

const M_PER_DEG = 111_195

/** The longest stretch in which it runs at this speed or more, heard every three minutes at least. */
export function longestRun({ messages }: Ship, knots: number): { from: number; to: number } {
  let best = { from: 0, to: 0 }
  let run = { from: 0, to: -Infinity }
  for (const { kind, report } of messages) {
    if (kind !== 'position') continue
    if (!((report.sog ?? 0) >= knots)) run = { from: 0, to: -Infinity }
    else if (report.t - run.to > 3 * MS_PER_MIN) run = { from: report.t, to: report.t }
    else run.to = report.t
    if (run.to - run.from > best.to - best.from) best = { ...run }
  }
  return best
}

const tenth = (x: number): number => Math.round(x * 10) / 10

function lay(ship: Ship, random: Random): ReturnType<Family['lie']> {
  const run = longestRun(ship, 6)
  if (run.to - run.from < 40 * MS_PER_MIN) return null
  const from = run.from + random.between(0.05, 0.25) * (run.to - run.from)
  const to = from + random.between(0.6, 0.7) * (run.to - run.from)
  const isTold = (report: PositionReport): boolean =>
    report.t >= from && report.t < to && report.lat !== undefined
  const lies = (change: (report: PositionReport) => PositionReport) => ({
    messages: changeReports(ship.messages, report => (isTold(report) ? change(report) : report)),
    from,
    to,
  })
  const hasCourse = ship.messages.some(({ kind, report }) => kind === 'position' && report.cog !== undefined)
  const how = random.below(hasCourse ? 3 : 2)
  if (how === 0) {
    const share = random.between(0.1, 0.4)
    return lies(report => ({ ...report, sog: tenth(report.sog! * share) }))
  }
  let start: PositionReport | undefined
  if (how === 1) {
    // it lies still somewhere, and tells of a passage
    return lies(report => {
      start ??= report
      const off = destination(start.lat!, start.lon!, random.between(0, 360), Math.abs(5 * random.normal()))
      return { ...report, lat: toSteps(off.lat), lon: toSteps(off.lon) }
    })
  }
  // the way is turned about the place where it begins, and the course is not
  const turn = random.between(45, 315)
  return lies(report => {
    start ??= report
    const shrink = Math.cos((start.lat! * Math.PI) / 180)
    const [north, east] = [report.lat! - start.lat!, (report.lon! - start.lon!) * shrink]
    const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)]
    return {
      ...report,
      lat: toSteps(start.lat! + north * cos - east * sin),
      lon: toSteps(start.lon! + (north * sin + east * cos) / shrink),
    }
  })
}

/** The motion of something that goes round and round. */
function circles(at: readonly [number, number], radiusM: number, periodS: number, start: number) {
  return (t: number): Motion => {
    const deg = (((t - start) / MS_PER_S / periodS) * 360) % 360
    const place = destination(at[0], at[1], deg, radiusM)
    const sogKn = ((2 * Math.PI * radiusM) / periodS) * (3600 / M_PER_NM)
    return { ...place, sogKn, cog: (deg + 90) % 360 }
  }
}

/** Legs of a few minutes, each on the other side of the wind. */
function tacks(at: readonly [number, number], knots: number, legS: number, start: number) {
  let state = { lat: at[0], lon: at[1] }
  let before = start
  return (t: number): Motion => {
    const cog = Math.floor((t - start) / MS_PER_S / legS) % 2 === 0 ? 45 : 315
    state = destination(state.lat, state.lon, cog, (knots * M_PER_NM * (t - before)) / MS_PER_HOUR)
    before = t
    return { ...state, sogKn: knots, cog }
  }
}

/** Runs for a minute or two, and stands for as long. */
function sprints(at: readonly [number, number], knots: number, random: Random, start: number) {
  let state = { lat: at[0], lon: at[1] }
  let before = start
  let until = start
  let sogKn = 0
  let cog = 0
  return (t: number): Motion => {
    if (t >= until) {
      until = t + random.between(40, 150) * MS_PER_S
      sogKn = sogKn > 1 ? 0.3 : knots
      cog = random.between(0, 360)
    }
    state = destination(state.lat, state.lon, cog, (sogKn * M_PER_NM * (t - before)) / MS_PER_HOUR)
    before = t
    return { ...state, sogKn, cog }
  }
}

/** At anchor: it swings with the tide. */
export function atAnchor(at: readonly [number, number], start: number, navStatus = 1) {
  let last: { lat: number; lon: number } | undefined
  let before = start
  return (t: number): Motion => {
    const hours = (t - start) / MS_PER_HOUR
    const deg = 90 * Math.sin((2 * Math.PI * hours) / 12.4) + 8 * Math.sin((2 * Math.PI * hours) / 0.15)
    const place = destination(at[0], at[1], deg, 250)
    const metres = last ? haversineM(last.lat, last.lon, place.lat, place.lon) : 0
    const sogKn = t > before ? metres / M_PER_NM / ((t - before) / MS_PER_HOUR) : 0
    last = place
    before = t
    return { ...place, sogKn, cog: (deg + 90 + 360) % 360, heading: (deg + 180) % 360, navStatus }
  }
}

/** Reports that another source gives, at times of its own. */
const retimed = (
  { messages, ...ship }: Ship,
  source: string,
  timeOf: (report: PositionReport) => number,
): Ship => ({
  ...ship,
  messages: messages
    .map((message): Heard => {
      if (message.kind === 'static') return message
      const t = timeOf(message.report)
      return { ...message, receivedAt: t, report: { ...message.report, t, receivedAt: t, source } }
    })
    .sort((a, b) => a.receivedAt - b.receivedAt),
})

function lookalikes(random: Random, water: Water): Ship[] {
  const ships: Ship[] = []
  let next = 211_910_001
  const at = () => random.pick(water.at)
  const about = (kind: string) => ({ mmsi: next++, kind, water, random })
  const classB = { txClass: 'B' as const, shipType: 37, lengthM: 12 }
  const add = (count: number, make: () => Ship) => {
    for (let k = 0; k < count; k++) ships.push(make())
  }
  const changed = (ship: Ship, change: (report: PositionReport) => PositionReport | null): Ship => ({
    ...ship,
    messages: changeReports(ship.messages, change),
  })

  add(4, () =>
    changed(sail({ ...about('a set without a speed'), ...classB, at: at(), knots: [5, 18] }), report => ({
      ...report,
      ...{ sog: 0, cog: 0 },
    })),
  )
  add(2, () =>
    changed(
      sail({ ...about('no speed told'), ...classB, at: at(), knots: [5, 18] }),
      ({ sog: _s, ...report }) => ({
        ...report,
        cog: 0,
      }),
    ),
  )
  add(3, () => {
    const periodS = random.pick([30, 60, 90, 120, 180])
    const radiusM = (random.between(4, 12) * MPS_PER_KN * periodS) / (2 * Math.PI)
    const motion = circles(at(), radiusM, periodS, water.start)
    return transmit({ ...about('in circles'), motion, shipType: 52, lengthM: 30 })
  })
  add(3, () => {
    const motion = tacks(at(), random.between(4, 9), random.between(40, 240), water.start)
    return transmit({ ...about('tacking'), ...classB, shipType: 36, motion })
  })
  add(3, () => {
    const motion = sprints(at(), random.between(15, 40), random, water.start)
    return transmit({ ...about('sprints and stops'), motion, shipType: 50, lengthM: 14 })
  })
  add(3, () => transmit({ ...about('at anchor in the tide'), motion: atAnchor(at(), water.start) }))
  add(3, () =>
    changed(transmit({ ...about('noise at rest'), motion: atAnchor(at(), water.start, 5) }), report => ({
      ...report,
      sog: tenth(Math.abs(1.2 * random.normal())),
      cog: tenth(random.between(0, 359)),
    })),
  )
  add(3, () => {
    // two feeds, of which one is minutes late and stamps its own time
    const late = random.between(2, 9) * MS_PER_MIN
    return retimed(sail({ ...about('a slow feed'), at: at(), knots: [8, 18] }), 'mixed', ({ t }) =>
      Math.round(random.chance(0.6) ? t : t + late),
    )
  })
  add(3, () =>
    retimed(
      sail({ ...about('times in minutes'), at: at(), knots: [8, 20] }),
      'minutes',
      ({ t }) => MS_PER_MIN * Math.round(t / MS_PER_MIN),
    ),
  )
  add(2, () => {
    // what was heard last, given again every minute until the next is heard
    const ship = sail({ ...about('snapshots of the last report'), at: at(), knots: [8, 18] })
    let held: PositionReport | undefined
    let until = 0
    return changed(ship, report => {
      if (!held || report.t >= until) {
        held = report
        until = report.t + random.between(1, 12) * MS_PER_MIN
      }
      return { ...held, t: report.t, ...(report.receivedAt && { receivedAt: report.receivedAt }) }
    })
  })
  add(2, () => {
    // a place that lags behind
    const ship = sail({ ...about('smoothed'), at: at(), knots: [6, 15] })
    let lat = NaN
    let lon = NaN
    let before = 0
    return changed(ship, report => {
      const keep = Number.isNaN(lat) ? 0 : Math.exp(-(report.t - before) / (90 * MS_PER_S))
      lat = keep === 0 ? report.lat! : keep * lat + (1 - keep) * report.lat!
      lon = keep === 0 ? report.lon! : keep * lon + (1 - keep) * report.lon!
      before = report.t
      return { ...report, lat: toSteps(lat), lon: toSteps(lon) }
    })
  })
  add(5, () =>
    retimed(
      changed(sail({ ...about('a feed in another unit'), at: at(), knots: [6, 18] }), report => ({
        ...report,
        sog: tenth(report.sog! / 10),
      })),
      'tenths',
      ({ t }) => t,
    ),
  )
  add(3, () => {
    const ship = sail({ ...about('bit errors'), at: at(), knots: [8, 16] })
    return changed(ship, report => {
      if (!random.chance(0.02)) return report
      const which = random.below(3)
      if (which === 0)
        return { ...report, sog: (Math.round(report.sog! * 10) ^ (1 << random.below(10))) / 10 }
      if (which === 1) return { ...report, cog: ((Math.round(report.cog! * 10) ^ 1024) % 3600) / 10 }
      return { ...report, lat: toSteps(report.lat! + 2 ** random.between(6, 13) / 600_000) }
    })
  })
  add(2, () => {
    // heading in place of the course, five knots through a current of two and a half across
    const heading = random.between(0, 360)
    let state = { lat: at()[0], lon: at()[1] }
    state = destination(state.lat, state.lon, heading + 180, 20 * M_PER_NM)
    let before = water.start
    const off = (Math.atan2(2.5, 5) * 180) / Math.PI
    const motion = (t: number): Motion => {
      state = destination(state.lat, state.lon, heading + off, (5.6 * M_PER_NM * (t - before)) / MS_PER_HOUR)
      before = t
      return { ...state, sogKn: 5.6, cog: (heading + off) % 360, heading }
    }
    const ship = transmit({
      ...about('heading for course, in a current'),
      motion,
      to: water.start + 8 * MS_PER_HOUR,
    })
    return changed(ship, report => ({ ...report, cog: report.heading! % 360 }))
  })
  add(2, () => {
    // noise of a cheap receiver, 40 m
    const ship = sail({ ...about('poor GNSS'), ...classB, at: at(), knots: [3, 8] })
    return changed(ship, report => ({
      ...report,
      lat: toSteps(report.lat! + (40 * random.normal()) / M_PER_DEG),
      lon: toSteps(report.lon! + (60 * random.normal()) / M_PER_DEG),
    }))
  })
  return ships
}

export const kinematic: Family = {
  type: 'spoofing',
  class: 'kinematic',
  lie: (ship, random) => (spanOf(ship).to > spanOf(ship).from ? lay(ship, random) : null),
  lookalikes,
}
