// Presets named after another system, held to that system's own definition: both sides of each threshold.

import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { presets } from '../../src/model/presets.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import type { PortIndex } from '../../src/zones/ports.js'
import { resolveConfig } from '../../src/model/config.js'
import type { EngineOptions } from '../../src/engine/api.js'
import { detect } from '../../src/run/detect.js'
import { openFiles } from '../../src/sources/open.js'
import { loadCoast } from '../../src/zones/coast.js'
import { at, finals, hour, MMSI, replay, type Script } from '../helpers/replay.js'
import { sharedPath, sharedText, testWith } from '../helpers/shared.js'
import { coastNm } from '../helpers/coast.js'

const silences = (preset: string, script: Script, options: Partial<EngineOptions> = {}) =>
  replay(script, { preset, ...options }).filter(({ type }) => type === 'gap' || type === 'port_silence')
const MS = 1 / 3_600_000
const onMinute = (e: DarkEvent) => (e.asOf - hour(0)) / 3_600_000

describe('every preset', () => {
  test('resolves, says what it is, and is told apart from the others', () => {
    const configs = Object.values(presets).map(({ description, config }) => {
      expect(description).not.toBe('')
      return JSON.stringify(resolveConfig(config))
    })
    expect(new Set(configs).size).toBe(configs.length)
  })

  // monitorfish needs a fleet, welch2022 is not strict: below
  const exact = { 'gfw-core': 12, 'gfw-pipe': 6, skylight: 6, marinetraffic: 1 }
  for (const [preset, thresholdH] of Object.entries(exact)) {
    test(`${preset}: strictly longer than ${thresholdH} h, from the second report on`, () => {
      expect(silences(preset, [at(0), at(thresholdH)])).toEqual([])
      const [gap, ...none] = finals(silences(preset, [at(0), at(thresholdH + MS)]))
      expect(none).toEqual([])
      expect(gap).toMatchObject({ type: 'gap', phase: 'closed', durationS: thresholdH * 3600 + 0.001 })
    })

    test(`${preset}: static data are no position`, () => {
      const events: DarkEvent[] = []
      const engine = createEngine({ preset, onEvent: event => events.push(event) })
      engine.push(at(0))
      engine.pushStatic({ mmsi: MMSI, t: hour(thresholdH), name: 'X' })
      engine.push(at(thresholdH + MS))
      engine.flush()
      expect(finals(events).map(({ type }) => type)).toEqual(['gap'])
    })

    test(`${preset}: rest makes no difference, neither does a place that no ship could reach`, () => {
      const moored = (h: number, lat = 50) => at(h, { sog: 0, lat, lon: 10, navStatus: 5 })
      const script = [moored(0), moored(1), moored(1 + thresholdH + MS, -40)]
      const ports: PortIndex = { at: () => ({}) } as never
      expect(finals(silences(preset, script, { ports })).map(({ type }) => type)).toEqual(['gap'])
    })
  }
})

describe('gfw-pipe', () => {
  test('an open gap is judged at each UTC midnight, strictly longer than 6 h', () => {
    // hour 0 is midnight
    expect(silences('gfw-pipe', [at(18), 24])).toEqual([])
    expect(silences('gfw-pipe', [at(18 - MS), 24]).map(onMinute)).toEqual([24])
    expect(silences('gfw-pipe', [at(18 - MS), 23.99])).toEqual([])
    expect(silences('gfw-pipe', [at(18), 47.99])).toEqual([])
    expect(silences('gfw-pipe', [at(18), 48]).map(onMinute)).toEqual([48])
  })

  test('a gap that is over before midnight is only closed', () => {
    expect(silences('gfw-pipe', [at(1), at(8), 24]).map(({ phase }) => phase)).toEqual(['closed', 'opened'])
  })
})

describe('marinetraffic', () => {
  test('out of range in the minute after an hour; in range when that lasted more than two', () => {
    const [out, back] = silences('marinetraffic', [at(0), 1, 1.5, at(2 + MS)])
    expect(out).toMatchObject({ phase: 'opened', details: { returned: null } })
    expect(onMinute(out!)).toBeCloseTo(1 + 1 / 60, 9)
    expect(back).toMatchObject({ phase: 'closed', details: { returned: true } })
    const [, short] = silences('marinetraffic', [at(0), 1.5, at(2)])
    expect(short).toMatchObject({ phase: 'closed', details: { returned: false } })
  })
})

describe('monitorfish', () => {
  /** Ten vessels, of which so many report in each hour, at half past; and one that falls silent at `off`. */
  function fleet(off: number, heard: (hour: number) => number, hours: number): PositionReport[] {
    const reports: PositionReport[] = []
    for (let h = 0; h < hours; h++) {
      for (let k = 0; k < heard(h); k++) reports.push(at(h + 0.5, { mmsi: 227000001 + k, lat: 45 + k }))
      if (h < off) reports.push(at(h + 0.5))
    }
    return reports
  }
  const own = (events: DarkEvent[]) => events.filter(({ mmsi }) => mmsi === MMSI)
  const told = (script: Script, options = {}) => own(silences('monitorfish', script, options))
  /** Nine others, always, and one vessel: 9 of 10 heard when it is silent. */
  const up = () => 9

  test('at sea: strictly longer than 4 h', () => {
    const all = [...fleet(30, up, 40), at(30)].sort((a, b) => a.t - b.t)
    const until = (h: number) => all.filter(({ t }) => t < hour(h))
    expect(told([...until(34), at(34)])).toEqual([])
    const over = [...until(34), at(34 + MS)]
    expect(finals(told(over)).map(({ durationS }) => durationS)).toEqual([14400.001])
    expect(told([...until(35), 35]).map(onMinute)).toEqual([34 + 1 / 60])
  })

  test('in a port: strictly longer than 60 h; moored outside of one is at sea', () => {
    const still = { sog: 0, lat: 0, lon: 10, navStatus: 5 as const }
    const before = fleet(0, up, 100)
    const from = (to: number) =>
      [...before.filter(({ t }) => t < hour(to)), at(29, still), at(30, still), at(to, still)].sort(
        (a, b) => a.t - b.t,
      )
    const inPort: PortIndex = { at: (lat: number) => (lat === 0 ? {} : null) } as never
    expect(finals(told(from(90), { ports: inPort }))).toEqual([])
    const [silence] = finals(told(from(90 + MS), { ports: inPort }))
    expect(silence).toMatchObject({ type: 'port_silence', durationS: 60 * 3600 + 0.001 })
    expect(finals(told(from(40))).map(({ type }) => type)).toEqual(['gap'])
  })

  test('only while strictly more than 70 % of the vessels of the feed are heard in each of 24 hours', () => {
    // ten vessels with the one that falls silent at 39.5 h: in hour 35 so many of them are heard
    const opened = (n: number) => told([...fleet(40, h => (h === 35 ? n - 1 : 9), 61), 61]).map(onMinute)
    expect(opened(8)).toEqual([43.5 + 1 / 60])
    // hour 35 is among the last 24 until hour 60 begins
    expect(opened(7)).toEqual([60])
  })

  test('a vessel that is back before the feed is up was never missed', () => {
    const weak = fleet(40, h => (h === 35 ? 5 : 9), 60)
    expect(told([...weak, at(59.9)])).toEqual([])
    // … and the first 24 hours of a feed are not enough to go by
    expect(told([...fleet(10, up, 24), at(23.9)])).toEqual([])
    expect(finals(told([...fleet(10, up, 25), at(24)])).map(({ start }) => start.t)).toEqual([hour(9.5)])
  })

  test('another feed that is up is no help', () => {
    const ours = fleet(40, h => (h === 35 ? 0 : 9), 60)
    const theirs = fleet(0, up, 60).map(r => ({
      ...{ ...r, mmsi: r.mmsi + 100, t: r.t + 60_000 },
      collection: 'satellite' as const,
    }))
    expect(told([...ours, ...theirs].sort((a, b) => a.t - b.t))).toEqual([])
  })
})

describe('welch2022', () => {
  const FAR = coastNm(50.01)
  const sat = (h: number, rest: Partial<PositionReport> = {}) =>
    at(h, { collection: 'satellite', txClass: 'A', sog: 8, ...rest })
  /** Satellite positions `perDay` a day for four days, then as many as wanted in the 12 h before OFF at hour 96. */
  function voyage({ before = 14, perDay = 20, gapH = 12, rest = {} as Partial<PositionReport> }) {
    const step = 24 / perDay
    const usual = Array.from({ length: Math.floor(84 / step) }, (_, k) => sat(k * step, rest))
    const last = Array.from({ length: before }, (_, k) => sat(96 - 12 * (k / before), rest)).reverse()
    return [...usual.filter(({ t }) => t < hour(84)), ...last, sat(96 + gapH, rest)]
  }
  const judged = (script: PositionReport[], coast = FAR) => {
    const gap = finals(silences('welch2022', script, { coast })).find(({ start }) => start.t === hour(96))
    return gap && gap.class
  }

  test('12 h or more', () => {
    expect(judged(voyage({ gapH: 12 - MS }))).toBeUndefined()
    expect(judged(voyage({ gapH: 12 }))).toBe('likely_disabled')
  })

  test('more than 50 nm from shore', () => {
    expect(judged(voyage({}), coastNm(50))).toBe('undetermined')
    expect(judged(voyage({}), coastNm(50 + 1e-6))).toBe('likely_disabled')
    const without = finals(silences('welch2022', voyage({}))).at(-1)
    expect(without).toMatchObject({ class: 'undetermined', score: 0 })
  })

  test('14 satellite positions or more in the 12 h before, those of other receivers not counted', () => {
    expect(judged(voyage({ before: 13 }))).toBe('undetermined')
    expect(judged(voyage({ before: 14 }))).toBe('likely_disabled')
    const ashore = voyage({ before: 13 })
    ashore.splice(-2, 0, at(95.9, { collection: 'terrestrial', sog: 8 }))
    expect(judged(ashore)).toBe('undetermined')
  })

  test('more than 10 satellite positions a day usual at OFF', () => {
    // the vessel alone makes the layer of its cell: nobody else is there
    const dull = (perDay: number) => {
      const others = Array.from({ length: 40 }, (_, k) =>
        Array.from({ length: Math.floor((96 * perDay) / 24) }, (_, n) =>
          sat((n * 24) / perDay, { mmsi: 300000000 + k, lon: 11.5 }),
        ),
      ).flat()
      const there = voyage({ rest: { lon: 11.5 } })
      return judged([...others, ...there].sort((a, b) => a.t - b.t))
    }
    expect(dull(9)).toBe('undetermined')
    expect(dull(11)).toBe('likely_disabled')
  })

  test('each criterion is told with its figure', () => {
    const gap = finals(silences('welch2022', voyage({}), { coast: FAR })).find(
      ({ start }) => start.t === hour(96),
    )
    expect(gap!.score).toBe(1)
    expect(gap!.evidence.map(({ name, value, expected }) => [name, value, expected])).toEqual([
      ['duration_h', 12, '< 12 h'],
      ['shore_nm', 50.01, '≤ 50 nm'],
      ['satellite_before', 14, '< 14'],
      ['positions_per_day', expect.any(Number), '≤ 10'],
    ])
  })

  const labelled = 'data/gaps/pyseas_gap_positions_gfw.csv.gz'
  testWith(labelled, 'the labelled gap is one, with the figures of the paper', async () => {
    const { expected } = JSON.parse(sharedText('cases/welch2022/labelled-gap.json')) as {
      expected: Record<string, number> & { off: string }
    }
    const found: DarkEvent[] = []
    const run = detect(openFiles([sharedPath(labelled)]), { preset: 'welch2022', coast: loadCoast() })
    for await (const event of run) if (event.type === 'gap') found.push(event)
    expect(found).toHaveLength(1)
    const [gap] = found
    expect(gap).toMatchObject({ start: { t: Date.parse(expected.off) }, class: 'likely_disabled', score: 1 })
    const value = (name: string) => gap!.evidence.find(e => e.name === name)!.value as number
    expect(value('satellite_before')).toBe(expected['satellite_positions_in_12h_before'])
    // the layer of the paper is of a whole month of all ships; of this one ship alone it is of the same order
    expect(value('positions_per_day') / expected['positions_per_day_off']!).toBeGreaterThan(0.5)
    expect(value('positions_per_day') / expected['positions_per_day_off']!).toBeLessThan(2)
  })
})
