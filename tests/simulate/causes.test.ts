// Why a ship was silent. The laws hold on whole seas, the examples are ships of one story on an empty one.

import { describe, expect, it } from 'vitest'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { watchSilences, type TrueSilence } from '../../src/simulate/causes.js'
import { simulate, type Simulation } from '../../src/simulate/fleet.js'
import type { Scenario, Vessel } from '../../src/simulate/scenario.js'
import { scenarioNamed } from '../../src/simulate/scenarios.js'
import { openSea } from './helpers.js'

const SIX_H = 6 * MS_PER_HOUR
function silencesOf(simulation: Simulation, minMs = SIX_H): TrueSilence[] {
  const watch = watchSilences(simulation)
  for (const message of simulation.messages) watch.hear(message)
  return watch.silences(minMs)
}
const sea = (vessel: Partial<Vessel>, overrides: Partial<Scenario> = {}) =>
  silencesOf(
    simulate(
      openSea(
        [
          {
            kind: 'trawler',
            from: [55, 3],
            plan: [{ do: 'fish', knots: 4, hours: 60, radiusNm: 5 }],
            ...vessel,
          },
        ],
        {
          hours: 48,
          ...overrides,
        },
      ),
    ),
  )
const moored: Partial<Vessel> = { from: 'port', plan: [{ do: 'moor', hours: 60 }] }

describe('the cause of a silence', () => {
  it('is the ship when its set was off at sea, and her berth when it was off there', () => {
    const acts = [{ act: 'off', at: 10, hours: 9 }] as const
    expect(sea({ acts })).toMatchObject([{ cause: 'disabled' }])
    expect(sea({ ...moored, acts })).toMatchObject([{ cause: 'moored_off', missed: 0 }])
  })

  it('is what the most of it was', () => {
    // off for a part of the time in port before it sails dark
    const plan = (berthH: number): Vessel['plan'] => [
      { do: 'moor', hours: 10 + berthH },
      { do: 'sail', to: 'away', knots: 5 },
      { do: 'fish', knots: 4, hours: 60, radiusNm: 5 },
    ]
    const acts = [{ act: 'off', at: 10, hours: 12 }] as const
    expect(sea({ from: 'port', plan: plan(5), acts })).toMatchObject([{ cause: 'disabled' }])
    expect(sea({ from: 'port', plan: plan(7), acts })).toMatchObject([{ cause: 'moored_off' }])
  })

  it('is the receivers when those that would hear are down, and one that is up is enough', () => {
    const both = [
      { station: 'one', at: [55, 3], rangeNm: 60 },
      { station: 'two', at: [55.1, 3.1], rangeNm: 60 },
    ] as const
    const down = (...stations: string[]) =>
      sea({}, { receivers: both, outages: [{ at: 10, hours: 8, stations }] })
    expect(down('one', 'two')).toMatchObject([{ cause: 'outage' }])
    expect(down('one')).toEqual([])
    expect(sea({}, { receivers: both, outages: [{ at: 10, hours: 8 }] })).toMatchObject([{ cause: 'outage' }])
  })

  it('is reception where nobody could hear at all, outage or not', () => {
    const away: Partial<Vessel> = {
      plan: [
        { do: 'sail', via: [[55, 8]], knots: 15 },
        { do: 'sail', via: [[55, 3]], knots: 15 },
      ],
    }
    const receivers = [{ station: 'one', at: [55, 3], rangeNm: 50 }] as const
    expect(sea(away, { receivers })).toMatchObject([{ cause: 'reception' }])
    expect(sea(away, { receivers, outages: [{ at: 6, hours: 3 }] })).toMatchObject([{ cause: 'reception' }])
  })

  it('a ship that switches off while nobody listens has still switched off', () => {
    const acts = [{ act: 'off', at: 10, hours: 12 }] as const
    expect(sea({ acts }, { outages: [{ at: 12, hours: 8 }] })).toMatchObject([{ cause: 'disabled' }])
  })
})

describe('a silence', () => {
  const acts = [{ act: 'off', at: 10, hours: 9 }] as const

  it('lasts from the last message heard to the next', () => {
    const simulation = simulate(
      openSea([{ kind: 'cargo', ...moored, plan: [], from: 'port', acts }], { hours: 48 }),
    )
    const [only, ...more] = silencesOf(simulation)
    const times = [...simulation.messages].map(({ report }) => report.t)
    expect(more).toEqual([])
    expect(times).toContain(only!.from)
    expect(times).toContain(only!.to)
    expect(times.filter(t => t > only!.from && t < only!.to!)).toEqual([])
    expect(only!.durationMs).toBe(only!.to! - only!.from)
  })

  it('strictly longer than asked for', () => {
    const simulation = simulate(openSea([{ kind: 'cargo', from: 'port', plan: [], acts }], { hours: 48 }))
    const [only] = silencesOf(simulation)
    expect(silencesOf(simulation, only!.durationMs)).toEqual([])
    expect(silencesOf(simulation, only!.durationMs - 1)).toEqual([only])
  })

  it('is open when the ship was not heard again, and lasts to the end of the data', () => {
    const other: Vessel = { kind: 'cargo', from: 'port', plan: [] }
    const gone: Vessel = { kind: 'cargo', from: 'away', plan: [], acts: [{ act: 'off', at: 10 }] }
    const simulation = simulate(openSea([other, gone], { hours: 48 }))
    const newest = Math.max(...[...simulation.messages].map(({ report }) => report.t))
    expect(silencesOf(simulation)).toMatchObject([{ to: null }])
    expect(silencesOf(simulation)[0]!.from + silencesOf(simulation)[0]!.durationMs).toBe(newest)
  })

  it('misses the reports that a ship switched on would have given', () => {
    // one a minute, heard near the antenna nearly always: 9 hours
    const [only] = sea({ acts }, { receivers: [{ station: 'one', at: [55, 3], rangeNm: 200 }], thinS: 60 })
    expect(only!.missed).toBeGreaterThan(0.93 * 9 * 60)
    expect(only!.missed).toBeLessThan(9 * 60 * 1.03)
    // and none where there is nobody to hear them
    const deaf = { outages: [{ at: 9.9, hours: 9.5 }] }
    expect(sea({ acts }, deaf)[0]!.missed).toBe(0)
  })
})

it('on a whole sea each silence is of one hull, has no message in it, and repeats itself', () => {
  const simulation = simulate({ ...scenarioNamed('open-ocean'), thinS: 600 }, { vessels: 40 })
  const once = silencesOf(simulation, 2 * MS_PER_HOUR)
  expect(silencesOf(simulation, 2 * MS_PER_HOUR)).toEqual(once)
  expect(once.length).toBeGreaterThan(10)
  const twins = new Set(
    simulation.hulls.filter(hull => hull.twinOf !== undefined).map(hull => hull.identity.mmsi),
  )
  const heard = [...simulation.messages]
  for (const { mmsi, from, to } of once) {
    if (twins.has(mmsi)) continue
    const inside = heard.filter(
      m => m.report.mmsi === mmsi && m.report.t > from && m.report.t < (to ?? Infinity),
    )
    expect(inside).toEqual([])
  }
  const dark = simulation.truth.filter(({ type }) => type === 'gap')
  expect(dark.length).toBeGreaterThan(0)
  for (const { mmsi, start } of dark) {
    const of = once.filter(s => s.mmsi === mmsi && s.from <= start.t && start.t - s.from < 90 * MS_PER_MIN)
    expect(of.map(({ cause }) => cause)).toContain('disabled')
  }
})
