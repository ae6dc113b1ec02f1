// Random traffic for property tests: a few vessels with silences, stops, displaced fixes, a second hull on one MMSI,
// repeated transmissions and messages without a position. Small numbers on purpose: everything happens often.

import fc from 'fast-check'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { T0 } from './replay.js'

/** One step of one vessel's story. */
type Step =
  | { kind: 'sail'; minutes: number; dLat: number; dLon: number }
  | { kind: 'silence'; hours: number }
  | { kind: 'still'; hours: number }
  | { kind: 'displaced'; lat: number; lon: number }
  | { kind: 'elsewhere'; lat: number; lon: number; fixes: number }
  | { kind: 'nowhere' }
  | { kind: 'repeat' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('sail' as const),
    minutes: fc.integer({ min: 1, max: 90 }),
    dLat: fc.integer({ min: -20, max: 20 }).map(x => x / 100),
    dLon: fc.integer({ min: -20, max: 20 }).map(x => x / 100),
  }),
  fc.record({
    kind: fc.constant('silence' as const),
    // days now and then: event time is what a case costs
    hours: fc.integer({ min: 2, max: 80 }).map(hours => (hours > 64 ? hours : 2 + (hours % 20))),
  }),
  fc.record({ kind: fc.constant('still' as const), hours: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    kind: fc.constant('displaced' as const),
    // never 0, 0, which is refused: time would stand where nothing was taken in
    lat: fc.integer({ min: -60, max: 60 }).map(x => x + 0.5),
    lon: fc.integer({ min: -90, max: 90 }),
  }),
  fc.record({
    kind: fc.constant('elsewhere' as const),
    lat: fc.constantFrom(-40, 35, 50),
    lon: fc.constantFrom(-70, 20, 90),
    fixes: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ kind: fc.constant('nowhere' as const) }),
  fc.record({ kind: fc.constant('repeat' as const) }),
)

function play(mmsi: number, lat0: number, lon0: number, steps: Step[]): PositionReport[] {
  const reports: PositionReport[] = []
  let t = T0 + (mmsi % 60) * MS_PER_MIN
  let lat = lat0
  let lon = lon0
  const report = (sog: number, at = { lat, lon }) =>
    reports.push({ mmsi, t, ...at, sog, msgType: 1, txClass: 'A' })
  report(8)
  for (const s of steps) {
    if (s.kind === 'silence') t += s.hours * 60 * MS_PER_MIN
    else if (s.kind === 'still') {
      for (let k = 0; k < s.hours * 6; k++) {
        t += 10 * MS_PER_MIN
        report(0.1, { lat: lat + (k % 3) * 1e-4, lon })
      }
    } else if (s.kind === 'sail') {
      t += s.minutes * MS_PER_MIN
      lat = Math.max(-70, Math.min(70, lat + s.dLat))
      lon = Math.max(-100, Math.min(100, lon + s.dLon))
      report(10)
    } else if (s.kind === 'displaced') {
      t += MS_PER_MIN
      report(9, { lat: s.lat, lon: s.lon })
    } else if (s.kind === 'elsewhere') {
      for (let k = 0; k < s.fixes; k++) {
        t += 2 * MS_PER_MIN
        report(7, { lat: s.lat + k * 1e-3, lon: s.lon })
      }
    } else if (s.kind === 'nowhere') {
      t += MS_PER_MIN
      reports.push({ mmsi, t, msgType: 1, txClass: 'A' })
    } else reports.push({ ...reports.at(-1)! })
  }
  return reports
}

const steps = fc.array(step, { minLength: 2, maxLength: 14 })

/** Traffic of three vessels in order of time. */
export const traffic: fc.Arbitrary<PositionReport[]> = fc
  .tuple(steps, steps, steps)
  .map(([a, b, c]) =>
    [...play(257000010, 60, 5, a), ...play(419000020, -10, 70, b), ...play(503000030, 20, -30, c)].sort(
      (x, y) => x.t - y.t || x.mmsi - y.mmsi,
    ),
  )

const ears = fc.uniqueArray(
  fc.record({
    receiver: fc.constantFrom('Abel', 'Bodø', 'Cork', 'Dover', undefined),
    delayMs: fc.constantFrom(0, 0, 400, 3_000, 20_000),
  }),
  { minLength: 1, maxLength: 4, selector: ({ receiver }) => receiver },
)

/** The same as several receivers heard it: every transmission carries its second, and is in there once for each. */
export const heardTraffic: fc.Arbitrary<PositionReport[]> = traffic.chain(sent =>
  fc.array(ears, { minLength: sent.length, maxLength: sent.length }).map(heard =>
    sent
      .flatMap((report, k) =>
        heard[k]!.map(({ receiver, delayMs }) => ({
          ...{ ...report, t: report.t + delayMs, utcSecond: Math.floor(report.t / 1000) % 60 },
          ...(receiver ? { receiver } : {}),
        })),
      )
      .sort((x, y) => x.t - y.t || x.mmsi - y.mmsi),
  ),
)

/** The same traffic by so many ships: every second one a quarter of an hour later and elsewhere, in pairs that are near one another. */
export const fleetOf = (reports: readonly PositionReport[], ships: number): PositionReport[] =>
  Array.from({ length: ships }, (_, k) =>
    reports.map(report => ({
      ...{ ...report, mmsi: report.mmsi + 1000 * k, t: report.t + (k >> 1) * 17 * MS_PER_MIN },
      ...(report.lat === undefined ? {} : { lat: report.lat + (k >> 1) * 0.4 + (k & 1) * 0.004 }),
    })),
  ).flat()
