// Ships that go round, for the tests of circles and of the trail: what they send while they do.

import { destination } from '../../../src/geo/distance.js'
import type { PositionReport } from '../../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR } from '../../../src/model/units.js'
import { createRandom } from '../../../src/simulate/random.js'
import { MMSI, T0 } from '../../helpers/replay.js'

export interface RingOptions {
  mmsi?: number
  centre?: readonly [lat: number, lon: number]
  radiusM?: number
  knots?: number
  turns?: number
  /** 1 to starboard, −1 to port. */
  sense?: number
  everyS?: number
  /** Bearing of the first point from the centre. */
  from?: number
  startT?: number
  noiseM?: number
  /** What the centre does, as by current: knots eastward. */
  driftKn?: number
  /** What it reports instead. */
  report?: ((report: PositionReport, k: number) => Partial<PositionReport>) | undefined
}

/** Reports along a circle. */
export function ring(options: RingOptions = {}): PositionReport[] {
  const { mmsi = MMSI, centre = [0, 10], radiusM = 1000, knots = 10, turns = 2.5, sense = 1 } = options
  const { everyS = 10, from = 0, startT = T0, noiseM = 5, driftKn = 0, report = () => ({}) } = options
  const random = createRandom(mmsi)
  const circumferenceM = 2 * Math.PI * radiusM
  const seconds = ((turns * circumferenceM) / M_PER_NM / knots) * 3600
  const reports: PositionReport[] = []
  for (let s = 0; s <= seconds; s += everyS) {
    const wentM = (knots * M_PER_NM * s) / 3600
    const bearing = from + (sense * 360 * wentM) / circumferenceM
    const middle = destination(...centre, 90, (driftKn * M_PER_NM * s) / 3600)
    const true_ = destination(middle.lat, middle.lon, bearing, radiusM)
    const off = destination(true_.lat, true_.lon, random.between(0, 360), Math.abs(noiseM * random.normal()))
    const cog = (((bearing + 90 * sense) % 360) + 360) % 360
    const plain = {
      mmsi,
      t: startT + s * 1000,
      ...off,
      sog: knots,
      cog,
      heading: Math.round(cog) % 360,
      navStatus: 0,
    }
    reports.push({ ...plain, ...report(plain, reports.length) })
  }
  return reports
}

/** A straight leg that ends where, and when, the reports begin; or begins where they end. */
export function approach(
  to: readonly PositionReport[],
  hours = 0.5,
  bearing = 200,
  nm = 0,
): PositionReport[] {
  const first = to[0]!
  const knots = 10
  const reports: PositionReport[] = []
  const end =
    nm > 0
      ? destination(first.lat!, first.lon!, bearing, nm * M_PER_NM)
      : { lat: first.lat!, lon: first.lon! }
  for (let h = hours; h > 0.002; h -= 1 / 180) {
    const place = destination(end.lat, end.lon, bearing, h * knots * M_PER_NM)
    const cog = (bearing + 180) % 360
    reports.push({
      mmsi: first.mmsi,
      t: first.t - h * MS_PER_HOUR,
      ...place,
      sog: knots,
      cog,
      heading: cog,
      navStatus: 0,
    })
  }
  return reports
}
