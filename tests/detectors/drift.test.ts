import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { finals, MMSI, T0 } from '../helpers/replay.js'
import { endOf, way, type Way } from '../helpers/tracks.js'
import { coastNm } from '../helpers/coast.js'

const tanker: StaticData = { shipType: 80, length: 180 }

function drifts(reports: PositionReport[], ship: StaticData = tanker, options: Partial<EngineOptions> = {}) {
  const events: DarkEvent[] = []
  const engine = createEngine({
    config: { engine: { capacity: 64 } },
    ...options,
    onEvent: e => events.push(e),
  })
  for (const mmsi of new Set(reports.map(report => report.mmsi))) engine.pushStatic({ mmsi, t: T0, ...ship })
  for (const report of [...reports].sort((a, b) => a.t - b.t)) engine.push(report)
  engine.flush()
  return finals(events).filter(({ type }) => type === 'drift')
}

/** Runs for half an hour, then goes slowly south with the bow to the east, or as told. */
function story(options: Partial<Way> = {}, bow = 90, runs: Partial<Way> = {}): PositionReport[] {
  const fast = way({ minutes: 30, ...runs })
  const told: Way['told'] = (report, m) => ({
    heading: (bow + (Math.round(m) % 3)) % 360,
    ...options.told?.(report, m),
  })
  const slow = way({ ...endOf(fast), minutes: 40, from: 31, kn: 2, cog: 180, ...options, told })
  return [...fast, ...slow]
}

describe('drift', () => {
  test('sideways for ten minutes and five hundred metres, from the first fix of it', () => {
    const [event, ...rest] = drifts(story())
    expect(rest).toEqual([])
    expect(event).toMatchObject({ type: 'drift', phase: 'opened', start: { t: T0 + 31 * 60_000 } })
    expect(event!.asOf).toBe(T0 + 41 * 60_000)
    expect(event!.details).toMatchObject({ lengthM: 180, notUnderCommand: false })
    expect(drifts(story({ kn: 1.55 }))).toHaveLength(1)
    expect(drifts(story({ minutes: 10, kn: 1.55 }))).toEqual([]) // 480 m
  })

  test('whatever the bow does: only more than 45° off it and off the stern is a drift', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359 }), bow => {
        // the bow yaws by two degrees
        const off = Math.abs(((bow + 1 - 180 + 540) % 360) - 180)
        if (Math.min(Math.abs(off - 45), Math.abs(off - 135)) < 3) return
        expect(drifts(story({}, bow)).length).toBe(off > 45 && off < 135 ? 1 : 0)
      }),
      { numRuns: 60 },
    )
  })

  test('at one to five knots', () => {
    for (const [kn, count] of [
      [0.9, 0],
      [1, 1],
      [5, 1],
      [5.2, 0],
    ] as const)
      expect(drifts(story({ kn, told: () => ({ sog: kn }) }))).toHaveLength(count)
  })

  test('what explains it: another status, a small or working ship, class B', () => {
    for (const navStatus of [1, 3, 5, 6, 7, 8, 11])
      expect(drifts(story({ told: () => ({ navStatus }) }))).toEqual([])
    for (const navStatus of [0, 2, 4, 15])
      expect(drifts(story({ told: () => ({ navStatus }) }))).toHaveLength(1)
    expect(drifts(story(), { shipType: 80, length: 49 })).toEqual([])
    expect(drifts(story(), { shipType: 52, length: 80 })).toEqual([])
    expect(drifts(story(), {})).toEqual([])
    expect(drifts(story({ told: () => ({ txClass: 'B' }) }))).toEqual([])
  })

  test('who has been slow for more than an hour waits, unless it says that it cannot', () => {
    const [, ...slow] = [story(), ...story({ minutes: 60 }).filter(({ sog }) => sog! < 7)]
    expect(drifts(slow)).toEqual([])
    const [event] = drifts(slow.map(report => ({ ...report, navStatus: 2 })))
    expect(event!.details['notUnderCommand']).toBe(true)
  })

  test('a compass that is stuck, or was wrong before, is none', () => {
    expect(drifts(story({ told: () => ({ heading: 90 }) }))).toEqual([])
    const wrong = story({}, 90, { told: ({ cog }) => ({ heading: (cog! + 90) % 360 }) })
    expect(drifts(wrong)).toEqual([])
  })

  test('three that go the same way are carried', () => {
    const fleet = (count: number) =>
      Array.from({ length: count }, (_, k) =>
        story({}, 60 + 20 * k, { lat: 55 + k / 60, mmsi: MMSI + k }),
      ).flat()
    const named = (count: number) =>
      fleet(count).map((report, i, { length }) => ({
        ...report,
        mmsi: MMSI + Math.floor((i * count) / length),
      }))
    expect(drifts(named(2))).toHaveLength(2)
    expect(drifts(named(4)).length).toBeLessThanOrEqual(2)
  })

  test('not at a quay', () => {
    const coast = (nm: number) => ({
      coast: coastNm(nm),
    })
    expect(drifts(story(), tanker, coast(0.2))).toEqual([])
    expect(drifts(story(), tanker, coast(0.4))).toHaveLength(1)
  })

  test('ends when it steers again', () => {
    const adrift = story()
    const [event] = drifts([...adrift, ...way({ ...endOf(adrift), minutes: 10, from: 72 })])
    expect(event).toMatchObject({ phase: 'closed', end: { t: adrift.at(-1)!.t } })
  })
})
