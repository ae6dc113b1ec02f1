import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../src/model/config.js'
import { createEngine } from '../../src/engine/engine.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { content, finals, hour, replay, T0, type Script } from '../helpers/replay.js'
import { way } from '../helpers/tracks.js'

const SART = 970_123_456
const told = (script: Script, config: ConfigInput = {}) => finals(replay(script, { config }))
const classes = (script: Script) => told(script).map(({ type, class: kind }) => `${type} ${kind}`)

/** A message at a minute, as beacons send it. */
const call = (minute: number, rest: Partial<PositionReport> = {}): PositionReport => ({
  ...{ mmsi: SART, t: T0 + Math.round(minute * 60_000), lat: 55, lon: 3 + minute / 1000, sog: 1, cog: 90 },
  ...{ navStatus: 14, msgType: 1, txClass: 'sart', utcSecond: 0, commState: Math.round(minute * 100) },
  ...rest,
})
const burst = (minute: number, count: number, rest: Partial<PositionReport> = {}) =>
  Array.from({ length: count }, (_, k) => call(minute + k / 30, rest))

describe('distress', () => {
  test('two messages of a beacon in use, and it is told; an hour of silence ends it', () => {
    expect(classes([call(0)])).toEqual([])
    const [event] = told(burst(0, 8))
    expect(event).toMatchObject({
      type: 'distress',
      class: 'active',
      phase: 'opened',
      mmsi: SART,
      start: { t: T0 },
    })
    expect(event!.asOf).toBe(T0 + 2000)
    const still = told([...burst(0, 8), ...way({ minutes: 1, from: 59 })])
    expect(still[0]!.phase).toBe('opened')
    const [over] = told([...burst(0, 8), ...way({ minutes: 5, from: 60 })])
    expect(over).toMatchObject({ phase: 'closed', end: { t: call(7 / 30).t }, details: { messages: 8 } })
  })

  test('all three kinds, and no other number', () => {
    for (const [first, device] of [
      [970, 'sart'],
      [972, 'mob'],
      [974, 'epirb'],
    ] as const)
      expect(told(burst(0, 3, { mmsi: first * 1e6 + 1 }))[0]).toMatchObject({ details: { device } })
    for (const mmsi of [969_999_999, 971_000_001, 973_000_001, 975_000_001])
      expect(classes(burst(0, 3, { mmsi }))).toEqual([])
  })

  test('a test is told as one, and what does not say is not taken for a call', () => {
    const [test] = told(burst(0, 8, { navStatus: 15 }))
    expect(test).toMatchObject({ class: 'test' })
    expect(test!.score).toBeLessThan(0.1)
    expect(classes(burst(0, 8, { navStatus: 15, msgType: 18 }))).toEqual(['distress undetermined'])
    expect(classes(burst(0, 8, { navStatus: 0 }))).toEqual(['distress undetermined'])
    // one message in use among those of a test is a bit error
    expect(classes([...burst(0, 5, { navStatus: 15 }), call(1), ...burst(2, 5, { navStatus: 15 })])).toEqual([
      'distress test',
    ])
    expect(classes([...burst(0, 5, { navStatus: 15 }), ...burst(9, 5)])).toEqual([
      'distress test',
      'distress active',
    ])
  })

  test('one message heard by many is one message', () => {
    const heard = ['a', 'b', 'c'].map((receiver, k) => ({ ...call(0), t: T0 + k * 300, receiver }))
    expect(classes(heard)).toEqual([])
  })

  test('a beacon is no vessel: nobody else speaks of it, and it is not counted', () => {
    const events: DarkEvent[] = []
    const engine = createEngine({ onEvent: event => events.push(event) })
    // it leaps, lies still, falls silent for days, and comes back elsewhere
    const script = [...burst(0, 8), ...burst(60, 8, { lat: 40 }), ...burst(4000, 8, { lat: 10, lon: 10 })]
    for (const report of [...script, ...way({ minutes: 5, from: 9000 })].sort((a, b) => a.t - b.t))
      engine.push(report)
    engine.flush()
    expect(new Set(events.filter(({ mmsi }) => mmsi === SART).map(({ type }) => type))).toEqual(
      new Set(['distress']),
    )
    expect(engine.vessels).toBe(1)
    expect(engine.counts.accepted).toBe(script.length + 31)
  })

  test('what moves like a boat is aboard one, and a first place is told', () => {
    const far = [...burst(0, 4), ...burst(11, 4, { lat: 55.1 })]
    const last = replay(far).at(-1)!
    expect(last).toMatchObject({ phase: 'updated', revision: 2 })
    expect(last.evidence.map(({ name }) => name)).toContain('made_good_kn')
    const blind = burst(0, 4).map(({ lat: _a, lon: _o, ...rest }) => rest)
    expect(replay(blind).at(-1)).toMatchObject({ start: { lat: null }, details: { place: null } })
    expect(replay([...blind, ...burst(1, 2)]).at(-1)).toMatchObject({
      phase: 'updated',
      details: { place: { lat: 55 } },
    })
  })

  test('a ship with the status of a beacon has it by mistake', () => {
    const wrong = way({ minutes: 30, told: () => ({ navStatus: 14 }) })
    const [event] = told(wrong)
    expect(event).toMatchObject({ class: 'mistaken', phase: 'opened' })
    expect(event!.score).toBeLessThan(0.1)
    expect(told(wrong.slice(0, 50))).toEqual([])
    const right = way({ minutes: 5, from: 31, lat: 55, lon: 3.2 })
    expect(told([...wrong, ...right])[0]).toMatchObject({ phase: 'closed', end: { t: wrong.at(-1)!.t } })
  })

  test('goes on where a snapshot was taken, shuffled or pushed out of the table', () => {
    const script = [...burst(0, 8), ...burst(20, 8), ...burst(200, 3), ...way({ minutes: 10, from: 400 })]
    const whole = content(replay(script))
    fc.assert(
      fc.property(fc.nat({ max: script.length }), cut => {
        const events: DarkEvent[] = []
        const config = { engine: { capacity: 64, silenceCapacity: 64 } }
        const onEvent = (event: DarkEvent) => events.push(event)
        const first = createEngine({ config, onEvent })
        for (const report of script.slice(0, cut)) first.push(report)
        const second = createEngine({ config, onEvent, restore: first.snapshot() })
        for (const report of script.slice(cut)) second.push(report)
        second.flush()
        expect(content(events)).toEqual(whole)
      }),
      { numRuns: 20 },
    )
    const flood = Array.from({ length: 60 }, (_, k) => ({
      ...{ mmsi: 211000000 + Math.floor(k / 3), t: hour(0.5) + k * 1000, lat: 1, lon: 2 },
    }))
    const [event] = finals(replay([...burst(0, 8), ...flood], { config: { engine: { capacity: 16 } } }))
    expect(event).toMatchObject({ type: 'distress', phase: 'closed' })
  })
})
