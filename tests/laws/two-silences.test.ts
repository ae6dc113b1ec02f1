// The story of two tankers in the dark (fixtures), as a whole engine hears it: at any time of day, on any longitude and either
// hemisphere, in pieces, shuffled within the window, and resumed, the same pair is told.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { EngineOptions } from '../../src/engine/api.js'
import { wrapLon } from '../../src/geo/antimeridian.js'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent, Fix, VesselEvent } from '../../src/model/event.js'
import type { PositionReport, StaticReport } from '../../src/model/report.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { content, finals } from '../helpers/replay.js'

const STORY = new URL('../../fixtures/scenarios/two-tankers-in-the-dark.reports.ndjson', import.meta.url)
const rows = readFileSync(STORY, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Record<string, number | string>)
  .map(row => ({ ...row, t: Date.parse(String(row['t'])) }))
const statics = rows.filter(row => 'shipType' in row) as unknown as StaticReport[]
const reports = rows.filter(row => 'lat' in row) as unknown as PositionReport[]

const small: ConfigInput = { engine: { capacity: 64, silenceCapacity: 64, reorderWindowS: 0 } }

function start(options: Partial<EngineOptions> = {}) {
  const events: DarkEvent[] = []
  const engine = createEngine({ config: small, ...options, onEvent: event => events.push(event) })
  if (!options.restore) for (const each of statics) engine.pushStatic(each)
  return { engine, events }
}

const pairsOf = (events: DarkEvent[]): VesselEvent[] =>
  finals(events).filter((event): event is VesselEvent => event.class === 'two_silences')

/** The pair of a sea that was moved. */
function pairOf(moved: readonly PositionReport[], ms = 0): VesselEvent {
  const { engine, events } = start()
  for (const report of moved) engine.push({ ...report, t: report.t + ms })
  engine.flush()
  const [pair, ...others] = pairsOf(events)
  expect(others).toEqual([])
  return pair!
}

describe('two silences', () => {
  const plain = pairOf(reports)

  test('are told at any time of day, across the antimeridian and on the other hemisphere', () => {
    expect(plain).toMatchObject({ mmsi: 538007222, details: { others: [636018111] } })
    for (const [minutes, degrees, side] of [
      [437, 0, 1],
      [0, 201.4, 1],
      [0, -158.6, -1],
    ] as const) {
      const pair = pairOf(
        reports.map(report => ({
          ...report,
          lat: side * report.lat!,
          lon: wrapLon(report.lon! + degrees),
          cog: side === 1 ? report.cog! : (540 - report.cog!) % 360,
        })),
        minutes * MS_PER_MIN,
      )
      expect([pair.mmsi, pair.details['others']]).toEqual([plain.mmsi, plain.details['others']])
      const [told, own] = [pair.details, plain.details] as unknown as { place: Fix; from: number }[]
      expect(Math.abs(told!.from - minutes * MS_PER_MIN - own!.from)).toBeLessThanOrEqual(5 * MS_PER_MIN)
      expect(Math.abs(side * told!.place.lat! - own!.place.lat!)).toBeLessThan(0.03)
      expect(Math.abs(wrapLon(told!.place.lon! - degrees) - own!.place.lon!)).toBeLessThan(0.03)
    }
  })

  test('and however their reports arrive', () => {
    const whole = start()
    for (const report of reports) whole.engine.push(report)
    whole.engine.flush()

    for (const share of [0.5, 0.62, 0.8]) {
      const first = start()
      const cut = Math.floor(share * reports.length)
      for (const report of reports.slice(0, cut)) first.engine.push(report)
      const second = start({ restore: first.engine.snapshot() })
      for (const report of reports.slice(cut)) second.engine.push(report)
      second.engine.flush()
      expect([...first.events, ...second.events]).toEqual(whole.events)
    }

    const shuffled = start({
      config: { engine: { ...small.engine, reorderWindowS: 120 }, clean: { futureGuard: false } },
    })
    const arrival = reports
      .map((report, k) => ({ report, at: report.t + ((k * 7919) % 120) * 1000 }))
      .sort((a, b) => a.at - b.at)
    for (const { report, at } of arrival) {
      shuffled.engine.push(report)
      shuffled.engine.advance(at - 120_001)
    }
    shuffled.engine.flush()
    expect(content(shuffled.events)).toEqual(content(whole.events))
  })

  test('not where the detector is left out', () => {
    const { engine, events } = start({ config: { ...small, without: ['dark_rendezvous'] } })
    for (const report of reports) engine.push(report)
    engine.flush()
    expect(pairsOf(events)).toEqual([])
    expect(events.some(({ type }) => type === 'gap')).toBe(true)
  })
})
