import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import { destination } from '../../../src/geo/distance.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { M_PER_NM, MS_PER_MIN } from '../../../src/model/units.js'
import { content, finals, MMSI, replay, T0 } from '../../helpers/replay.js'
import { coastOf } from '../../helpers/coast.js'

/** A coast along the meridian of 20° E: all east of it is land. */
const M_PER_DEG = 111_195
const coast = coastOf(
  (lat, lon) => Math.abs(lon - 20) * M_PER_DEG * Math.cos((lat * Math.PI) / 180),
  (_lat, lon) => lon > 20,
)
const engineConfig = { engine: { capacity: 64, silenceCapacity: 64 } }

interface Leg {
  mmsi?: number
  from: readonly [lat: number, lon: number]
  course?: number
  knots?: number
  minutes: number
  startMin?: number
  everyMin?: number
  /** How far its course swings to either side, over half an hour: a river. */
  bends?: number
}

function sail({
  mmsi = MMSI,
  from,
  course = 90,
  knots = 12,
  minutes,
  startMin = 0,
  everyMin = 1,
  bends = 0,
}: Leg) {
  const reports: PositionReport[] = []
  let [lat, lon] = from
  for (let m = 0; m <= minutes; m += everyMin) {
    const cog = (course + bends * Math.sin((m / 30) * 2 * Math.PI) + 360) % 360
    reports.push({ mmsi, t: T0 + (startMin + m) * MS_PER_MIN, lat, lon, sog: knots, cog, txClass: 'A' })
    ;({ lat, lon } = destination(lat, lon, cog, (knots * M_PER_NM * everyMin) / 60))
  }
  return reports
}

const onLandOf = (events: DarkEvent[]) => events.filter(event => event.class === 'on_land')
const told = (script: PositionReport[]) => onLandOf(finals(replay(script, { coast })))
const atSea = (minutes = 60): PositionReport[] => sail({ from: [0, 18.5], minutes, course: 0 })
const inland = (minutes: number, rest: Partial<Leg> = {}) =>
  sail({ from: [0.2, 21], minutes, startMin: 61, course: 0, bends: 40, knots: 8, ...rest })

function withStatics(
  script: readonly PositionReport[],
  statics: { shipType: number; length: number },
): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({ coast, config: engineConfig, onEvent: event => events.push(event) })
  engine.pushStatic({ mmsi: MMSI, t: script[0]!.t, ...statics })
  for (const report of script) engine.push(report)
  engine.flush()
  return onLandOf(finals(events))
}

describe('a ship on land', () => {
  test('that jumped there from the sea is told after ten minutes, from the first fix there to the last', () => {
    const back = sail({ from: [0.4, 18.5], minutes: 60, startMin: 152, course: 0 })
    const there = inland(90)
    const events = onLandOf(replay([...atSea(), ...there, ...back], { coast }))
    expect(events.map(({ phase }) => phase)).toEqual(['opened', 'closed'])
    expect(events[0]).toMatchObject({ start: { t: there[0]!.t, lat: there[0]!.lat, lon: there[0]!.lon } })
    expect(events[0]!.asOf - there[0]!.t).toBeGreaterThanOrEqual(10 * MS_PER_MIN)
    expect(events[0]!.asOf - there[0]!.t).toBeLessThan(16 * MS_PER_MIN)
    expect(there.at(-1)!.t - events[1]!.end!.t).toBeLessThan(6 * MS_PER_MIN)
    const trueM = coast.shoreDistanceM(0.2, 21)
    expect(Math.abs((events[1]!.details['inlandM'] as number) / trueM - 1)).toBeLessThan(0.1)
    expect(events[1]!.details['reachedBy']).toBe('jump')
  })

  test('is not, below ten minutes, where it does not move, or where the coast may be wrong', () => {
    expect(
      told([...atSea(), ...inland(9), ...sail({ from: [0.4, 18.5], minutes: 60, startMin: 71 })]),
    ).toEqual([])
    expect(told([...atSea(), ...inland(90, { knots: 0.1 })])).toEqual([])
    const near = (km: number) => inland(90, { from: [0.2, 20 + (km * 1000) / M_PER_DEG], bends: 0 })
    expect(told([...atSea(), ...near(6.5)])).toEqual([])
    expect(told([...atSea(), ...near(10)])).toHaveLength(1)
  })

  test('after a silence of hours, or of a set hardly heard before, is not: it may be another ship', () => {
    const late = (min: number) => [...atSea(), ...inland(90, { startMin: 60 + min, from: [20, 21] })]
    expect(told(late(50))).toHaveLength(1)
    expect(told(late(70))).toEqual([])
    expect(told([...atSea().slice(-9), ...inland(90)])).toEqual([])
  })

  test('that belongs there is not: never, whichever way it came or comes back', () => {
    const river = fc.record({
      knots: fc.integer({ min: 2, max: 35 }),
      bends: fc.integer({ min: 15, max: 80 }),
      everyMin: fc.constantFrom(1, 3, 9),
      lat: fc.integer({ min: -60, max: 60 }),
    })
    fc.assert(
      fc.property(river, ({ knots, bends, everyMin, lat }) => {
        // up the river from the sea, and a ship that was first heard there
        expect(told(sail({ from: [lat, 19.6], minutes: 900, knots, bends, everyMin }))).toEqual([])
        expect(told(sail({ from: [lat, 21], minutes: 300, knots, bends, everyMin }))).toEqual([])
      }),
      { numRuns: 25 },
    )
    // led away to sea, and back to its river: the jump home is true
    const away = sail({ from: [0, 18], minutes: 60, startMin: 121, course: 0 })
    const home = inland(90, { startMin: 182 })
    expect(told([...inland(60, { startMin: 60 }), ...away, ...home])).toEqual([])
  })

  test('on a canal: straight from the sea, and slow; on a lake, straight and far', () => {
    expect(told(sail({ from: [0, 19.7], minutes: 400, knots: 8.8 }))).toEqual([])
    // fast up to the entrance
    const sea = sail({ from: [0, 19.5], minutes: 108, knots: 17 })
    const { lat, lon } = sea.at(-1)!
    const canal = sail({ from: [lat!, lon!], minutes: 300, startMin: 109, knots: 8.8 })
    expect(told([...sea, ...canal])).toEqual([])
    expect(told(sail({ from: [0, 22], minutes: 900, knots: 14 }))).toEqual([])
  })

  test('straight from the open sea over land, faster than on any canal', () => {
    const [event, ...rest] = told(sail({ from: [0, 19.7], minutes: 400, knots: 12 }))
    expect(rest).toEqual([])
    expect(event!.details['reachedBy']).toBe('leg')
    // a bend, or a start near the coast
    const bend = sail({ from: [0, 19.7], minutes: 110, knots: 12 })
    const { lat, lon } = bend.at(-1)!
    const on = sail({ from: [lat!, lon!], course: 60, minutes: 300, startMin: 111, knots: 12 })
    expect(told([...bend, ...on])).toEqual([])
    expect(told(sail({ from: [0, 19.97], minutes: 400, knots: 12 }))).toEqual([])
  })

  test('a large ship is told sooner', () => {
    const way = sail({ from: [0, 19.7], minutes: 112, knots: 16 })
    expect(withStatics(way, { shipType: 80, length: 250 })).toHaveLength(1)
    // a crew boat that calls itself cargo
    expect(withStatics(way, { shipType: 70, length: 50 })).toEqual([])
  })

  test('where others sail there is water', () => {
    const others = [1, 2].flatMap(k =>
      inland(90, { mmsi: MMSI + k, startMin: 0, from: [0.2, 21 + k / 1000] }),
    )
    const script = [...others, ...atSea(), ...inland(90)].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
    const one = script.filter(({ mmsi }) => mmsi !== MMSI + 2)
    const told2 = (reports: PositionReport[]) => told(reports).filter(({ mmsi }) => mmsi === MMSI)
    // learned from what comes every quarter of an hour: only some of the way
    expect(told2(one)).toHaveLength(1)
    const many = [3, 4, 5, 6, 7].flatMap(k =>
      inland(90, { mmsi: MMSI + k, startMin: -k * 7, from: [0.2, 21 + k / 1000] }),
    )
    expect(told2([...many, ...script].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi))).toEqual([])
  })

  test('two ships of one number take it back', () => {
    const there = inland(40)
    const both = Array.from({ length: 40 }, (_, k) => {
      const t = T0 + (103 + k * 2) * MS_PER_MIN
      const isHome = Math.floor(k / 4) % 2 === 0
      return isHome ? { ...atSea().at(-1)!, t } : { ...there.at(-1)!, t }
    })
    const events = onLandOf(replay([...atSea(), ...there, ...both], { coast }))
    expect(events[0]!.phase).toBe('opened')
    expect(events.at(-1)!.phase).toBe('retracted')
  })

  test('without a coast nothing is said', () => {
    expect(onLandOf(replay([...atSea(), ...inland(90)]))).toEqual([])
  })

  test('resumed from a snapshot anywhere it is the same event', () => {
    const script = [
      ...atSea(),
      ...inland(60),
      ...sail({ from: [0.4, 18.5], minutes: 60, startMin: 122, course: 0 }),
    ]
    const whole = content(onLandOf(replay(script, { coast })))
    expect(whole).toHaveLength(1)
    for (let cut = 3; cut < script.length; cut += 13) {
      const events: DarkEvent[] = []
      const options = { coast, config: engineConfig, onEvent: (event: DarkEvent) => events.push(event) }
      const first = createEngine(options)
      for (const report of script.slice(0, cut)) first.push(report)
      const second = createEngine({ ...options, restore: first.snapshot() })
      for (const report of script.slice(cut)) second.push(report)
      second.flush()
      expect(content(onLandOf(events))).toEqual(whole)
    }
  })
})
