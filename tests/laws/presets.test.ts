// The laws of the engine hold under every preset: those named after a system go by rules of their own.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import type { DarkEvent } from '../../src/model/event.js'
import { presets } from '../../src/model/presets.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { content, T0 } from '../helpers/replay.js'
import { traffic } from '../helpers/traffic.js'
import { coastNm } from '../helpers/coast.js'

const HOURS = 48
/** Ships that keep the feed up, but for an hour in which one of them is heard. */
const steady: PositionReport[] = Array.from({ length: 6 * HOURS }, (_, n) => {
  const [hour, k] = [Math.floor(n / 6), n % 6]
  return {
    mmsi: 265000001 + k,
    t: T0 + hour * MS_PER_HOUR + k * MS_PER_MIN,
    lat: 57 + k / 10,
    lon: 11,
    sog: 6,
  }
}).filter(({ t, mmsi }) => t < T0 + 40 * MS_PER_HOUR || t >= T0 + 41 * MS_PER_HOUR || mmsi === 265000001)

const sea: fc.Arbitrary<PositionReport[]> = traffic.map(reports =>
  [
    ...steady,
    ...reports
      .filter(({ t }) => t < T0 + HOURS * MS_PER_HOUR)
      // a repeat is heard by whom the first was
      .map(report => (report.t % 180_000 === 0 ? { ...report, collection: 'satellite' as const } : report)),
  ].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi),
)
const coast = coastNm(60)
/** What a preset named after a system is about: silences, but for the one of slow hours. */
const isAbout = (preset: string, { type }: DarkEvent) =>
  preset === 'gfw-loitering' ? type === 'loitering' : type === 'gap' || type === 'port_silence'

const optionsOf = (preset: string, onEvent: EngineOptions['onEvent'], reorderWindowS: number) => ({
  ...{ preset, coast, onEvent },
  config: {
    // a satellite copy of a report is late by hours in no test: the window alone decides
    clean: { futureGuard: false },
    disabling: { minSatelliteReports: 2 },
    engine: { capacity: 64, silenceCapacity: 64, reorderWindowS },
  },
})
function run(
  preset: string,
  reports: PositionReport[],
  feed?: (engine: ReturnType<typeof createEngine>) => void,
  window = 0,
) {
  const events: DarkEvent[] = []
  const engine = createEngine(optionsOf(preset, event => events.push(event), window))
  if (feed) feed(engine)
  else for (const report of reports) engine.push(report)
  engine.flush()
  return events.filter(event => isAbout(preset, event))
}

/** Those that look for gaps; the others have laws of their own (tests/detectors/encounter). */
const gapPresets = Object.keys(presets).filter(name => !presets[name]!.config.without?.includes('gap'))

describe.each(gapPresets)('under %s', preset => {
  const runs = { numRuns: 8 }

  test('shuffled within the reorder window, the gaps are those of a sorted run', () => {
    const delayed = fc.tuple(sea, fc.infiniteStream(fc.integer({ min: 0, max: 120_000 })))
    fc.assert(
      fc.property(delayed, ([reports, delays]) => {
        const arrival = reports
          .map(report => ({ report, at: report.t + (delays.next().value as number) }))
          .sort((a, b) => a.at - b.at)
        const live = run(
          preset,
          [],
          engine => {
            for (const { report, at } of arrival) {
              engine.push(report)
              engine.advance(at - 120_001)
            }
          },
          120,
        )
        expect(content(live)).toEqual(content(run(preset, reports)))
      }),
      runs,
    )
  })

  test('split into batches anywhere they are the same', () => {
    fc.assert(
      fc.property(sea, fc.integer({ min: 1, max: 500 }), (reports, size) => {
        const words = createWords()
        const events: DarkEvent[] = []
        const engine = createEngine({ ...optionsOf(preset, event => events.push(event), 0), words })
        for (let from = 0; from < reports.length; from += size) {
          const batch = createBatch(words, size)
          for (const report of reports.slice(from, from + size)) appendReport(batch, report)
          engine.pushBatch(batch)
        }
        engine.flush()
        expect(events.filter(event => isAbout(preset, event))).toEqual(run(preset, reports))
      }),
      runs,
    )
  })

  test('resumed from a snapshot at any point they are the same', () => {
    fc.assert(
      fc.property(sea, fc.nat(), (reports, cut) => {
        const events: DarkEvent[] = []
        const options = optionsOf(preset, event => events.push(event), 120)
        const at = cut % reports.length
        const first = createEngine(options)
        for (const report of reports.slice(0, at)) first.push(report)
        const second = createEngine({ ...options, restore: first.snapshot() })
        for (const report of reports.slice(at)) second.push(report)
        second.flush()
        expect(events.filter(event => isAbout(preset, event))).toEqual(run(preset, reports, undefined, 120))
      }),
      runs,
    )
  })

  test('however often time is advanced they are the same', () => {
    fc.assert(
      fc.property(sea, fc.integer({ min: 1, max: 600 }), (reports, everyMin) => {
        const events = run(preset, [], engine => {
          let next = reports[0]!.t
          for (const report of reports) {
            for (; next < report.t; next += everyMin * MS_PER_MIN) engine.advance(next)
            engine.push(report)
          }
        })
        expect(content(events)).toEqual(content(run(preset, reports)))
      }),
      runs,
    )
  })
})

test('the sea of these tests is worth its name: every preset finds gaps, and a rule says yes and no', () => {
  const found = gapPresets.map(preset => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(sea, reports => {
        for (const { class: kind } of run(preset, reports)) kinds.add(kind!)
      }),
      { numRuns: 8, seed: 7 },
    )
    return [preset, [...kinds].sort()]
  })
  const kinds = Object.fromEntries(found) as Record<string, string[]>
  expect(kinds['welch2022']).toEqual(['likely_disabled', 'undetermined'])
  expect(Object.values(kinds).every(list => list.length > 0)).toBe(true)
})
