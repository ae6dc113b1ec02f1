// A ship whose position runs round a circle: moved there by a GNSS simulator, or made up where it was by a box. Beside it
// those who really go round: tugs that wait, races, seiners, surveys, searches, trials, and exact ones at that.

import { planeAt } from '../../src/geo/circle.js'
import { destination } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Ship, type Water } from './family.js'
import { isUnderWay, spanOf, transmit, type Motion, type SetOptions } from './ships.js'
import { follows, steered, type Current, type Order } from './steering.js'

/** Place and course on a ring at a time. */
function onRing(
  centre: { lat: number; lon: number },
  radiusM: number,
  kn: number,
  sense: number,
  from: number,
): (hours: number) => { lat: number; lon: number; cog: number } {
  const plane = planeAt(centre.lat, centre.lon)
  return hours => {
    const bearing = (from * Math.PI) / 180 + (sense * hours * kn * M_PER_NM) / radiusM
    const place = plane.place(radiusM * Math.sin(bearing), radiusM * Math.cos(bearing))
    return { ...place, cog: ((((bearing * 180) / Math.PI + 90 * sense) % 360) + 360) % 360 }
  }
}

/** What a receiver that is led round a ring makes of it. */
function reported(
  report: PositionReport,
  at: { lat: number; lon: number; cog: number },
  kn: number,
  random: Random,
) {
  const noise = () => random.normal() * 4e-5
  return {
    ...report,
    lat: toSteps(at.lat + noise()),
    lon: toSteps(at.lon + noise()),
    sog: Math.round((kn + 0.1 * random.normal()) * 10) / 10,
    cog: (Math.round(((at.cog + 0.5 * random.normal() + 360) % 360) * 10) / 10) % 360,
  }
}

export const circle: Family = {
  type: 'spoofing',
  class: 'circle',
  lie(ship, random) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    if (hours < 0.7 || ship.messages.length < 120 || !isUnderWay(ship)) return null
    const from = span.from + random.between(0.15, 0.35) * (span.to - span.from)
    const kn = random.between(8, 22)
    const radiusM = 1000 * Math.exp(random.between(Math.log(0.35), Math.log(5)))
    const turnH = (2 * Math.PI * radiusM) / M_PER_NM / kn
    // three of four where it never was: what is known of such circles is like that. A box that makes one up where the ship
    // was covers for it while it is away, for hours
    const isAway = random.chance(0.75) || hours < 4
    const lastsH = isAway ? Math.max(0.4, turnH * random.between(2, 6)) : random.between(2, 10)
    const to = Math.min(span.to, from + lastsH * MS_PER_HOUR)
    if (to - from < 1.6 * turnH * MS_PER_HOUR) return null
    // who is not heard while it lies cannot be found out
    const heard = ship.messages.filter(
      ({ kind, report }) => kind === 'position' && report.t >= from && report.t < to,
    )
    const holes = heard.slice(1).map(({ report }, i) => report.t - heard[i]!.report.t)
    if (heard.length < 60 || Math.max(...holes) > (turnH * MS_PER_HOUR) / 8) return null
    const sense = random.chance(0.5) ? 1 : -1
    const around = isAway ? random.between(0, 360) : NaN
    let ring: ReturnType<typeof onRing> | undefined
    const messages = changeReports(ship.messages, report => {
      const { t, lat, lon, cog } = report
      if (t < from || t >= to || lat === undefined || lon === undefined) return report
      if (!ring) {
        if (isAway) {
          const centre = destination(lat, lon, around, random.between(10, 300) * M_PER_NM)
          ring = onRing(centre, radiusM, kn, sense, random.between(0, 360))
        } else {
          // it leaves the ship's own way as a ship would
          const beam = ((cog ?? 0) + 90 * sense + 360) % 360
          ring = onRing(destination(lat, lon, beam, radiusM), radiusM, kn, sense, (beam + 180) % 360)
        }
      }
      const at = ring((t - from) / MS_PER_HOUR)
      const lie = reported(report, at, kn, random)
      // a simulator leads the receiver round, not the gyro; a box makes up all of it
      return isAway || report.heading === undefined ? lie : { ...lie, heading: Math.round(at.cog) % 360 }
    })
    return { messages, from, to }
  },
  lookalikes,
}

function lookalikes(random: Random, water: Water): Ship[] {
  const ships: Ship[] = []
  let mmsi = 231_900_001
  const place = () => random.pick(water.at)
  const near = (at: readonly [number, number], nm: number): readonly [number, number] => {
    const { lat, lon } = destination(...at, random.between(0, 360), random.between(0, nm) * M_PER_NM)
    return [lat, lon]
  }
  const tide = (): Current => ({ kn: random.between(0.1, 1.8), towards: random.between(0, 360) })
  const still: Current = { kn: 0, towards: 0 }
  const start = () => water.start + random.between(0, 0.3) * (water.end - water.start)
  const add = (
    kind: string,
    motion: (t: number) => Motion | null,
    hours: number,
    rest: Partial<SetOptions> = {},
  ): void => {
    const from = rest.from ?? start()
    const to = Math.min(water.end, from + hours * MS_PER_HOUR)
    ships.push(transmit({ mmsi: mmsi++, kind, water, random, motion, ...rest, from, to }))
  }
  /** Rate of turn for a circle. */
  const rate = (kn: number, radiusM: number) => (((kn * M_PER_NM) / 60 / radiusM) * 180) / Math.PI
  const round = (kn: number, radiusM: number, current: Current, at = place()) =>
    steered(near(at, 8), random.between(0, 360), current, random, () => ({
      kn,
      degPerMin: rate(kn, radiusM),
    }))

  for (let k = 0; k < 6; k++)
    add('waits in circles', round(random.between(4, 9), random.between(400, 2500), tide()), 8, {
      shipType: 80,
      lengthM: 180,
    })
  for (let k = 0; k < 3; k++)
    add('tug and tow', round(random.between(3, 5), random.between(600, 2000), tide()), 10, {
      shipType: 52,
      lengthM: 35,
    })
  for (let k = 0; k < 3; k++)
    add('turning trials', round(random.between(14, 20), random.between(300, 700), tide()), 1.2, {
      lengthM: 200,
    })
  for (let k = 0; k < 3; k++)
    add('turning trials, no current', round(random.between(12, 18), random.between(400, 900), still), 1.5, {
      lengthM: 160,
    })

  // three tugs on one tow, and a parade: each steers for itself after the first
  for (const [kind, apartM, kn, radiusM] of [
    ['three tugs on a tow', 250, 3.5, 1500],
    ['a parade', 900, 9, 2000],
  ] as const) {
    const at = near(place(), 6)
    const current = tide()
    const from = start()
    for (let k = 0; k < 4; k++) {
      const behind = destination(...at, 270, apartM * k)
      const motion = steered([behind.lat, behind.lon], 90, current, random, () => ({
        kn,
        degPerMin: rate(kn, radiusM + (kind === 'a parade' ? 0 : 100 * k)),
      }))
      add(kind, motion, 4, { shipType: 52, lengthM: 40, from })
    }
  }

  // a race: eight boats round the same marks, at their own speed
  for (const marks of [3, 6]) {
    const centre = place()
    const course = Array.from({ length: marks * 6 + 1 }, (_, k) => {
      const { lat, lon } = destination(...centre, 40 + (360 / marks) * k, 1800)
      return [lat, lon] as const
    })
    const from = start()
    for (let k = 0; k < 8; k++) {
      const wide = course.map(mark => near(mark, 0.03))
      add('a race round marks', follows(wide, random.between(4, 9)), 5, {
        txClass: 'B',
        shipType: 36,
        lengthM: 14,
        from,
      })
    }
  }

  for (let k = 0; k < 4; k++) {
    // a set of a purse seine: once round the school, closer and closer; then it hauls
    const kn = random.between(8, 11)
    const motion = steered(near(place(), 8), 0, tide(), random, (s): Order => {
      const phase = s % 5400
      if (phase < 1500) return { kn, degPerMin: rate(kn, 320 - phase / 12) }
      return phase < 3600 ? { kn: 0.6 } : { kn: 9, course: (Math.floor(s / 5400) * 73) % 360 }
    })
    add('purse seiner', motion, 8, { shipType: 30, lengthM: 45 })
  }

  for (let k = 0; k < 3; k++) {
    // lines of a survey, and a spiral
    const kn = random.between(4, 6)
    const motion = steered(near(place(), 8), 90, tide(), random, s =>
      s % 2400 < 2000
        ? { kn, course: Math.floor(s / 2400) % 2 ? 270 : 90 }
        : { kn, degPerMin: Math.floor(s / 2400) % 2 ? -28 : 28 },
    )
    add('survey lines', motion, 10, { shipType: 33, lengthM: 60 })
    add(
      'survey spiral',
      steered(near(place(), 8), 0, still, random, s => ({ kn, degPerMin: rate(kn, 300 + s / 8) })),
      8,
      { shipType: 33, lengthM: 60 },
    )
  }

  // exact, by track control: a transponder is calibrated from a circle on DP; a coil of a seismic survey; a robot that waits
  const exact = (kn: number, radiusM: number, heading?: number) => {
    const [lat, lon] = near(place(), 8)
    const ring = onRing({ lat, lon }, radiusM, kn, random.chance(0.5) ? 1 : -1, random.between(0, 360))
    let t0 = NaN
    return (t: number): Motion => {
      if (Number.isNaN(t0)) t0 = t
      const at = ring((t - t0) / MS_PER_HOUR)
      return { ...at, sogKn: kn, navStatus: 3, ...(heading !== undefined && { heading }) }
    }
  }
  for (let k = 0; k < 3; k++) {
    add('calibration on DP', exact(random.between(2, 4.5), random.between(250, 1500)), 6, {
      shipType: 70,
      lengthM: 90,
    })
    add('on DP, bow to the weather', exact(random.between(1, 2.5), random.between(220, 500), 240), 6, {
      shipType: 70,
    })
    add('coil survey', exact(4.5, 6000), 12, { shipType: 90, lengthM: 95 })
    add('robot that waits', exact(random.between(2, 5), random.between(200, 400)), 12, {
      txClass: 'B',
      shipType: 90,
      lengthM: 7,
    })
  }

  for (let k = 0; k < 3; k++) {
    // a gyro that has stopped, and a boat that waits for a pilot
    const frozen = Math.floor(random.between(0, 360))
    const kn = random.between(6, 10)
    const motion = steered(near(place(), 8), 0, tide(), random, () => ({
      kn,
      degPerMin: rate(kn, 900),
      heading: frozen,
    }))
    // stopped: not even noise
    const plain = transmit({
      mmsi: mmsi++,
      kind: 'a gyro that has stopped',
      water,
      random,
      motion,
      to: water.start + 4 * MS_PER_HOUR,
      shipType: 60,
    })
    const messages = changeReports(plain.messages, report => ({ ...report, heading: frozen }))
    ships.push({ ...plain, messages })
    add(
      'pilot boat',
      steered(near(place(), 5), 0, tide(), random, s => {
        const leg = Math.floor(s / 900)
        return leg % 3 === 0 ? { kn: 18, course: (leg * 131) % 360 } : { kn: 5, degPerMin: 25 }
      }),
      10,
      { shipType: 50, lengthM: 16 },
    )
  }

  for (let k = 0; k < 2; k++) {
    const kn = random.between(8, 14)
    add(
      'expanding square',
      steered(near(place(), 8), 0, tide(), random, s => {
        // legs of 1, 1, 2, 2, 3, 3 … units of 0.5 nm
        let leg = 0
        let left = (s * kn) / 3600 / 0.5
        while (left > Math.floor(leg / 2) + 1) left -= Math.floor(leg++ / 2) + 1
        return { kn, course: (leg * 90) % 360 }
      }),
      4,
      { shipType: 51, lengthM: 40 },
    )
    add(
      'sector search',
      steered(near(place(), 8), 0, tide(), random, s => ({ kn, course: (Math.floor(s / 600) * 120) % 360 })),
      4,
      { shipType: 51, lengthM: 40 },
    )
    add(
      'triangular ferry',
      follows(
        Array.from({ length: 30 }, (_, i) => {
          const { lat, lon } = destination(...water.at[k % water.at.length]!, 120 * i, 5000)
          return [lat, lon] as const
        }),
        14,
      ),
      8,
      { shipType: 60, lengthM: 70 },
    )
    add(
      'dredger',
      steered(near(place(), 8), 0, tide(), random, s =>
        s % 1800 < 1200
          ? { kn: 2.5, course: Math.floor(s / 1800) % 2 ? 200 : 20 }
          : { kn: 2.5, degPerMin: 35 },
      ),
      10,
      { shipType: 33, lengthM: 100 },
    )
    // swings round its anchor with the tide
    const [lat, lon] = near(place(), 8)
    add(
      'swings at anchor',
      t => {
        const bearing = ((t - water.start) / MS_PER_HOUR / 12.4) * 360
        return {
          ...destination(lat, lon, bearing, 320),
          sogKn: 0.1,
          cog: (bearing + 90) % 360,
          heading: (bearing + 180) % 360,
          navStatus: 1,
        }
      },
      24,
      { lengthM: 250 },
    )
  }
  return ships
}
