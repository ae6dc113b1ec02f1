// Slow ships for tests: a way of stretches, each with a speed and a course, reported as often as wanted.

import fc from 'fast-check'
import { destination } from '../../../src/geo/distance.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { EngineOptions } from '../../../src/engine/api.js'
import type { PositionReport, StaticReport } from '../../../src/model/report.js'
import { createEngine } from '../../../src/engine/engine.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { coastNm } from '../../helpers/coast.js'
import { finals, MMSI, T0 } from '../../helpers/replay.js'

export interface Stretch {
  hours: number
  kn: number
  cog?: number
  /** @default the course */
  heading?: number
}

export interface Way {
  mmsi?: number
  lat?: number
  lon?: number
  /** Event time of the first report, ms after T0. */
  fromMs?: number
  /** Minutes between reports; a list goes round. @default 5 */
  everyMin?: number | readonly number[]
  told?: (report: PositionReport, n: number) => Partial<PositionReport>
}

/** Reports of a ship on such a way: at the end of each stretch it changes its speed and course at once. */
export function sail(stretches: readonly Stretch[], way: Way = {}): PositionReport[] {
  const { mmsi = MMSI, fromMs = 0, everyMin = 5, told = () => ({}) } = way
  const steps = typeof everyMin === 'number' ? [everyMin] : everyMin
  const reports: PositionReport[] = []
  let { lat = 30, lon = -40 } = way
  let begins = 0
  let t = 0
  let n = 0
  for (const { hours, kn, cog = 90, heading = cog } of stretches) {
    const ends = begins + Math.round(hours * MS_PER_HOUR)
    for (; t < ends; t += Math.round(steps[n++ % steps.length]! * MS_PER_MIN)) {
      const place = destination(lat, lon, cog, (kn * M_PER_NM * (t - begins)) / MS_PER_HOUR)
      const report: PositionReport = {
        ...{ mmsi, t: T0 + fromMs + t, ...place, sog: kn, cog, heading },
        ...{ navStatus: 0, msgType: 1, txClass: 'A' },
      }
      reports.push({ ...report, ...told(report, n) })
    }
    ;({ lat, lon } = destination(lat, lon, cog, kn * M_PER_NM * hours))
    begins = ends
  }
  return reports
}

export const byTime = (reports: PositionReport[]): PositionReport[] =>
  [...reports].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)

export function detect(
  reports: readonly PositionReport[],
  { statics = [], ...options }: Partial<EngineOptions> & { statics?: StaticReport[] } = {},
): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({
    ...{ coast: coastNm(100), ...options },
    config: { sequences: [], ...options.config, engine: { capacity: 64, silenceCapacity: 64 } },
    onEvent: event => event.type === 'loitering' && events.push(event),
  })
  for (const each of statics) engine.pushStatic(each)
  for (const report of reports) engine.push(report)
  engine.flush()
  return finals(events)
}

/** Ways that are clearly slow or clearly not, in stretches long enough to tell: at sea, then slow, and so on. */
export const stretches: fc.Arbitrary<Stretch[]> = fc
  .array(
    fc.record({
      fast: fc.record({
        hours: fc.integer({ min: 5, max: 30 }).map(x => x / 5),
        kn: fc.integer({ min: 6, max: 20 }),
        cog: fc.integer({ min: 0, max: 359 }),
      }),
      slow: fc.record({
        hours: fc.oneof(fc.integer({ min: 6, max: 17 }), fc.integer({ min: 23, max: 90 })).map(x => x / 5),
        kn: fc.integer({ min: 0, max: 16 }).map(x => x / 10),
        cog: fc.integer({ min: 0, max: 359 }),
        heading: fc.integer({ min: 0, max: 359 }),
      }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(list => [...list.flatMap(({ fast, slow }) => [fast, slow]), { hours: 2.3, kn: 11, cog: 200 }])
