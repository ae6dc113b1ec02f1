import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import { destination, geodesicM, haversineM } from '../../../src/geo/distance.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_HOUR } from '../../../src/model/units.js'
import { content, finals, MMSI, replay, type Script } from '../../helpers/replay.js'
import { approach, ring, type RingOptions } from './rings.js'
import { coastOf } from '../../helpers/coast.js'

const NO_SHORE = coastOf(() => 1e6)
const circlesOf = (events: DarkEvent[]) => events.filter(event => event.class === 'circle')
const circles = (script: Script, options: Parameters<typeof replay>[1] = {}) =>
  circlesOf(finals(replay(script, options)))

/** A ring, and a way that ends 90 nm from where it begins: no late feed makes that of one ship. */
const jumped = (options: RingOptions = {}) => {
  const round = ring(options)
  return [...approach(round, 0.5, 200, 90), ...round]
}
/** A ring, and a way that leads to it. */
const sailed = (options: RingOptions = {}) => {
  const round = ring(options)
  return [...approach(round, 0.5, 180), ...round]
}
const own =
  (heading: number): RingOptions['report'] =>
  (_report, k) => ({ heading: heading + (k % 7 === 0 ? 1 : 0) })

/** A message 5 of a tanker. */
function withStatics(script: readonly PositionReport[], shipType: number): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({ config: { engine: { capacity: 64 } }, onEvent: event => events.push(event) })
  engine.pushStatic({ mmsi: script[0]!.mmsi, t: script[0]!.t, shipType, length: 200, name: 'ROUND' })
  for (const report of script) engine.push(report)
  engine.flush()
  return circlesOf(finals(events))
}

describe('a circle', () => {
  test('of any size, speed, sense and place is found where a jump led to it, and told as it is', () => {
    const any = fc.record({
      radiusM: fc.integer({ min: 300, max: 8000 }),
      knots: fc.integer({ min: 6, max: 20 }),
      sense: fc.constantFrom(1, -1),
      lat: fc.integer({ min: -60, max: 60 }),
      lon: fc.constantFrom(10, 179.99, -70),
      from: fc.integer({ min: 0, max: 359 }),
      noiseM: fc.integer({ min: 0, max: 8 }),
    })
    fc.assert(
      fc.property(any, ({ radiusM, knots, sense, lat, lon, from, noiseM }) => {
        fc.pre((2 * Math.PI * radiusM) / knots > 120) // a turn in four minutes or more
        const centre = [lat, lon] as const
        const round = { radiusM, knots, sense, centre, from, noiseM, turns: 2.2 }
        const [circle, ...rest] = circles(jumped(round))
        expect(rest).toEqual([])
        const details = circle!.details as Record<string, number> & { centre: { lat: number; lon: number } }
        const offM = geodesicM(lat, lon, details.centre.lat, details.centre.lon)
        expect(offM).toBeLessThan(20 + 0.02 * radiusM)
        expect(Math.abs(details['radiusM']! - radiusM)).toBeLessThan(20 + 0.02 * radiusM)
        const periodS = (2 * Math.PI * radiusM) / (knots * (1852 / 3600))
        expect(Math.abs(details['periodS']! / periodS - 1)).toBeLessThan(0.05)
        expect(details['residual']).toBeLessThan(0.05)
      }),
      { numRuns: 40 },
    )
  })

  test('without any reason is a loop: a ship that sails there and goes round, for however long', () => {
    const sizes = fc.record({
      radiusM: fc.integer({ min: 250, max: 9000 }),
      knots: fc.integer({ min: 4, max: 14 }),
      sense: fc.constantFrom(1, -1),
      driftKn: fc.integer({ min: 0, max: 3 }),
      turns: fc.integer({ min: 1, max: 6 }),
    })
    fc.assert(
      fc.property(sizes, options => {
        expect(circles(sailed(options))).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  test('begins at a fix of the track, is opened after a turn, and ends where the ship leaves it', () => {
    const round = ring({ turns: 2.5 })
    const on = [...approach(round, 0.5, 200, 40), ...round]
    const last = round.at(-1)!
    const away = Array.from({ length: 60 }, (_, k) => {
      const place = destination(last.lat!, last.lon!, 45, k * 150 + 150)
      return { ...last, t: last.t + (k + 1) * 30_000, ...place, cog: 45, heading: 45 }
    })
    const events = circlesOf(replay([...on, ...away]))
    expect(events.map(({ phase }) => phase)).toEqual(['opened', 'updated', 'closed'])
    expect(events.map(({ revision }) => revision)).toEqual([1, 2, 3])
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
    const [first, , closed] = events
    const turnMs = (first!.details['periodS'] as number) * 1000
    expect(first!.asOf - round[0]!.t).toBeGreaterThan(turnMs)
    expect(first!.asOf - round[0]!.t).toBeLessThan(1.5 * turnMs)
    expect(on.some(({ t }) => t === closed!.start.t)).toBe(true)
    expect(closed!.end!.t).toBeLessThan(last.t + turnMs / 8)
    expect(closed!.end!.t).toBeGreaterThan(last.t - turnMs / 4)
    expect(closed!.details['turns']).toBeGreaterThan(2)
  })

  test('less than a turn, or too small, or too slow, is none', () => {
    expect(circles(jumped({ turns: 0.9 }))).toEqual([])
    expect(circles(jumped({ turns: 1.4 }))).toHaveLength(1)
    expect(circles(jumped({ radiusM: 180, knots: 6 }))).toEqual([])
    expect(circles(jumped({ radiusM: 230, knots: 6 }))).toHaveLength(1)
    expect(circles(jumped({ knots: 2.8 }))).toEqual([])
    expect(circles(jumped({ knots: 3.3 }))).toHaveLength(1)
  })

  test('reported too rarely to be told from a polygon is none', () => {
    const { radiusM, knots } = { radiusM: 1000, knots: 10 } // a turn in 20 min
    expect(circles(jumped({ radiusM, knots, turns: 5, everyS: 240 }))).toEqual([])
    expect(circles(jumped({ radiusM, knots, turns: 5, everyS: 100 }))).toHaveLength(1)
  })

  test('an ellipse, and steps out of time, are none', () => {
    const flat = jumped({ turns: 3 }).map(report => ({ ...report, lat: report.lat! * 0.4 }))
    expect(circles(flat)).toEqual([])
    const round = ring({ turns: 3 })
    // twice as fast on one half of each turn
    let t = round[0]!.t
    const uneven = round.map(report => ({ ...report, t: (t += report.lat! > 0 ? 5000 : 25_000) }))
    expect(circles([...approach(round, 0.5, 200, 40), ...uneven])).toEqual([])
  })
})

describe('reasons', () => {
  test('a jump long before is none', () => {
    const round = ring({ turns: 3 })
    const late = approach(round, 3)
    expect(circles([...approach(late, 0.5, 200, 40), ...late, ...round])).toEqual([])
    const soon = approach(round, 0.3)
    expect(circles([...approach(soon, 0.5, 200, 40), ...soon, ...round])).toHaveLength(1)
  })

  test('a heading that does not turn with the ship, when it is alive', () => {
    const [circle] = circles(sailed({ turns: 3.2, knots: 9, report: own(40) }))
    expect(circle!.details['reasons']).toEqual(['heading'])
    // a gyro that has stopped says nothing, nor does one turn
    expect(circles(sailed({ turns: 3.2, knots: 9, report: () => ({ heading: 40 }) }))).toEqual([])
    expect(circles(sailed({ turns: 1.7, knots: 9, report: own(40) }))).toEqual([])
    // on DP, bow to the weather
    expect(circles(sailed({ turns: 3.2, knots: 4, report: own(40) }))).toEqual([])
  })

  test('a speed, or courses, that are not those of the circle', () => {
    const slow = circles(sailed({ turns: 3.2, knots: 12, report: () => ({ sog: 5.1 }) }))
    expect(slow.map(({ details }) => details['reasons'])).toEqual([['sog']])
    expect(circles(sailed({ turns: 3.2, knots: 12, report: () => ({ sog: 9.5 }) }))).toEqual([])
    const straight = circles(sailed({ turns: 3.2, knots: 12, report: (_, k) => ({ cog: 200 + (k % 5) }) }))
    expect(straight.map(({ details }) => details['reasons'])).toEqual([['course']])
    expect(
      circles(sailed({ turns: 3.2, knots: 12, report: ({ cog }) => ({ cog: (cog! + 25) % 360 }) })),
    ).toEqual([])
  })

  test('faster than ships of its type go', () => {
    const fast = sailed({ turns: 3.2, knots: 19, radiusM: 1500 })
    expect(withStatics(fast, 30).map(({ details }) => details['reasons'])).toEqual([['speed']])
    expect(withStatics(fast, 40)).toEqual([])
  })

  test('a merchant ship that keeps to one circle over ground, turn after turn; not with the least current', () => {
    const exact = { turns: 5.5, knots: 10, noiseM: 4 }
    expect(withStatics(sailed(exact), 80).map(({ details }) => details['reasons'])).toEqual([['exact']])
    expect(withStatics(sailed({ ...exact, driftKn: 0.1 }), 80)).toEqual([])
    // a calibration on DP, by a ship that calls itself cargo; and a survey ship
    expect(withStatics(sailed({ ...exact, knots: 4.5 }), 70)).toEqual([])
    expect(withStatics(sailed(exact), 33)).toEqual([])
  })

  test('an exact circle that is left by a jump', () => {
    const round = ring({ turns: 3.3 })
    const back = approach(round, 0.5).map(report => ({
      ...report,
      t: round.at(-1)!.t + (report.t - round[0]!.t) + 0.52 * MS_PER_HOUR,
      lat: report.lat! + 1,
    }))
    const script = [...approach(round, 0.5, 180), ...round, ...back]
    expect(circles(script).map(({ phase, details }) => [phase, details['reasons']])).toEqual([
      ['closed', ['left']],
    ])
    const drifting = ring({ turns: 3.3, driftKn: 0.5 })
    expect(circles([...approach(round, 0.5, 180), ...drifting, ...back])).toEqual([])
  })

  test('three ships on one circle; not two, and not those who follow each other on their own', () => {
    const at = (k: number, rest: RingOptions = {}) =>
      sailed({ mmsi: MMSI + k, turns: 3.5, from: 60 * k, ...rest })
    const together = (...ships: PositionReport[][]) =>
      // three in one place are victims, which is said elsewhere
      circles(
        ships.flat().sort((a, b) => a.t - b.t || a.mmsi - b.mmsi),
        {
          config: { interference: { minVessels: 9 } },
        },
      )
    expect(together(at(0), at(1))).toEqual([])
    const three = together(at(0), at(1), at(2))
    expect(three.map(({ mmsi, details }) => [mmsi, details['reasons']])).toEqual(
      [0, 1, 2].map(k => [MMSI + k, ['company']]),
    )
    expect(together(at(0), at(1, { radiusM: 1060 }), at(2, { radiusM: 940 }))).toEqual([])
    expect(together(at(0), at(1, { centre: [0.001, 10] }), at(2, { centre: [0, 10.001] }))).toEqual([])
    expect(together(at(0), at(1, { sense: -1 }), at(2))).toEqual([])
  })

  test('a circle over land and sea', () => {
    // all south of 0.02° S is land
    const shore = coastOf(
      lat => Math.abs(lat + 0.02) * 111_195,
      lat => lat < -0.02,
    )
    const wide = sailed({ radiusM: 9000, knots: 15, turns: 1.5 })
    expect(circles(wide, { coast: shore }).map(({ details }) => details['reasons'])).toEqual([['land']])
    expect(circles(wide, { coast: NO_SHORE })).toEqual([])
    // within what the coast may be wrong by
    expect(circles(sailed({ radiusM: 4000, knots: 15, turns: 1.5 }), { coast: shore })).toEqual([])
  })
})

describe('what comes later', () => {
  test('two ships of one number take back what rested on a jump', () => {
    const round = ring({ turns: 2.2 })
    const before = approach(round, 0.5, 200, 60)
    const end = round.at(-1)!.t
    const home = before.at(-1)!
    // both places in turn from then on
    const turns = Array.from({ length: 24 }, (_, k) => {
      const t = end + (k + 1) * 60_000
      const isHome = Math.floor(k / 4) % 2 === 0
      return isHome ? { ...home, t, lat: home.lat! + k * 1e-4 } : { ...round.at(-1)!, t, sog: 2 }
    })
    const events = circlesOf(replay([...before, ...round, ...turns]))
    expect(events[0]!.phase).toBe('opened')
    expect(events.at(-1)!.phase).toBe('retracted')
    expect(circles([...before, ...round, ...turns])).toEqual([])
  })

  test('resumed from a snapshot anywhere it is the same event', () => {
    const script = [
      ...jumped({ turns: 2.5, everyS: 20 }),
      ...ring({ turns: 0.1, startT: ring().at(-1)!.t + 5e6, centre: [3, 10] }),
    ]
    const whole = content(replay(script).filter(({ class: kind }) => kind === 'circle'))
    expect(whole).toHaveLength(1)
    const config = { engine: { capacity: 64, silenceCapacity: 64 } }
    for (let cut = 5; cut < script.length; cut += 41) {
      const events: DarkEvent[] = []
      const first = createEngine({ config, onEvent: event => events.push(event) })
      for (const report of script.slice(0, cut)) first.push(report)
      const second = createEngine({ config, onEvent: event => events.push(event), restore: first.snapshot() })
      for (const report of script.slice(cut)) second.push(report)
      second.flush()
      expect(content(events.filter(({ class: kind }) => kind === 'circle'))).toEqual(whole)
    }
  })

  test('how often it reports does not matter', () => {
    const starts = [5, 10, 20].map(everyS => circles(jumped({ radiusM: 1500, everyS, turns: 2.5 }))[0]!)
    for (const { start, details } of starts) {
      expect(Math.abs(start.t - starts[0]!.start.t)).toBeLessThan(120_000)
      const { lat, lon } = details['centre'] as { lat: number; lon: number }
      expect(haversineM(lat, lon, 0, 10)).toBeLessThan(20)
    }
  })
})
