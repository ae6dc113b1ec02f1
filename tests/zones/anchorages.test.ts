// What is an anchorage, and what must never become one: a place where ships meet.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { pack, unpack } from '../../src/engine/snapshot.js'
import { resolveConfig, type ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_MIN, M_PER_NM } from '../../src/model/units.js'
import { createAnchorages, type AnchoragesState, type Stay } from '../../src/zones/anchorages.js'
import { coastNm, coastOf } from '../helpers/coast.js'
import { content, T0 } from '../helpers/replay.js'

const options = resolveConfig().anchorages
const hours = (h: number) => T0 + h * MS_PER_HOUR
/** Some metres north and east of 55° N 5° E. */
const off = (north: number, east = 0) => ({ lat: 55 + north / 111_195, lon: 5 + east / 63_778 })
const known = (of: { ports: { at(lat: number, lon: number, t?: number): unknown } }, t?: number, north = 0) =>
  of.ports.at(off(north).lat, 5, t) !== undefined

/** A ship that lies there for eight hours. */
const stay = (mmsi: number, h: number, north = 0, saysSo = true): Stay[] => [
  ...[1, 2, 3, 4, 5, 6, 7].map((k): Stay => ({ t: hours(h + k), mmsi, what: 'lies', ...off(north), saysSo })),
  { t: hours(h + 6), mmsi, what: 'stopped', ...off(north), saysSo },
  { t: hours(h + 8), mmsi, what: 'leaves', ...off(north), saysSo },
]
const ships = (n: number, everyH: number, apartM = 0, saysSo = true) =>
  Array.from({ length: n }, (_, k) => stay(211000001 + k, k * everyH, k * apartM, saysSo)).flat()

function learned(stays: Stay[], nm = 6, over: Partial<typeof options> = {}) {
  const anchorages = createAnchorages({ ...options, ...over }, { coast: coastNm(nm) })
  for (const one of [...stays].sort((a, b) => a.t - b.t)) {
    anchorages.advance(one.t)
    anchorages.take(one)
  }
  anchorages.advance(hours(10_000))
  return anchorages
}

describe('a place where ships lay', () => {
  test('is an anchorage once five of them have, on three occasions, and from then on', () => {
    const fifth = ships(5, 12)
    expect(known(learned(ships(4, 12)))).toBe(false)
    const five = learned(fifth)
    expect(known(five)).toBe(true)
    // the fifth has stopped at hour 54: known when its ten minutes are over
    expect(
      [hours(54), hours(54) + 10 * MS_PER_MIN - 1, hours(54) + 10 * MS_PER_MIN].map(t => known(five, t)),
    ).toEqual([false, false, true])
    expect(five.list()).toMatchObject([
      { learned: true, vessels: 5, stops: 5, country: null, name: 'anchorage 55.00°N 5.00°E' },
    ])
    // all on one day: one occasion
    expect(known(learned(ships(8, 1, 600)))).toBe(false)
    // the same ship over and over
    expect(known(learned(Array.from({ length: 9 }, (_, k) => stay(211000001, k * 12)).flat()))).toBe(false)
  })

  test('reaches two kilometres, and ships that lie so far off are of it', () => {
    const wide = learned(ships(5, 12, 490))
    expect([0, 1990, 2010].map(north => known(wide, undefined, north))).toEqual([true, true, false])
    // farther apart they are places of their own
    expect(known(learned(ships(5, 12, 2100)))).toBe(false)
  })

  test('far from the coast is none, whoever lies there', () => {
    expect(known(learned(ships(30, 12), 11.9))).toBe(true)
    expect(known(learned(ships(30, 12), 12.1))).toBe(false)
    expect(createAnchorages(options, {}).list()).toEqual([])
  })

  test('is none where they drift: only who says that it is at anchor counts, but in the first miles', () => {
    expect(known(learned(ships(9, 12, 0, false), 3.1))).toBe(false)
    expect(known(learned(ships(9, 12, 0, false), 2.9))).toBe(true)
  })

  test('is none where they lie beside each other: who meets there makes no anchorage that hides the next', () => {
    // a pair a day for a month, each 200 m apart, and at anchor by its word; the second comes within the hour
    const pairs = Array.from({ length: 30 }, (_, k) => [
      ...stay(211000001 + 2 * k, k * 24, 0),
      ...stay(211000002 + 2 * k, k * 24 + 0.5, 200),
    ]).flat()
    expect(known(learned(pairs))).toBe(false)
    // … 600 m apart they are neighbours
    expect(known(learned(pairs.map(one => (one.mmsi % 2 === 0 ? { ...one, ...off(600) } : one))))).toBe(true)
    // berths are beside each other
    expect(known(learned(pairs, 1))).toBe(true)
  })

  test('nothing is learned where nobody wants it', () => {
    expect(known(learned(ships(9, 12), 6, { learn: false }))).toBe(false)
  })
})

describe('however the stays come', () => {
  const some = fc.array(
    fc.record({
      mmsi: fc.integer({ min: 1, max: 7 }),
      h: fc.integer({ min: 0, max: 120 }),
      north: fc.constantFrom(0, 300, 900, 2500, 2700),
    }),
    { minLength: 8, maxLength: 30 },
  )
  test('in any order within ten minutes, and resumed at any point, the same is learned', () => {
    let found = 0
    fc.assert(
      fc.property(some, fc.nat(), fc.infiniteStream(fc.nat({ max: 999 })), (all, cut, lots) => {
        const stays = all
          .flatMap(({ mmsi, h, north }) => stay(211000000 + mmsi, h, north))
          .sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
        const plain = learned(stays).list()
        found += plain.length
        let anchorages = createAnchorages(options, { coast: coastNm(6) })
        const mixed = stays
          .map(one => ({ one, lot: lots.next().value! }))
          .sort((a, b) => Math.floor(a.one.t / 600_000) - Math.floor(b.one.t / 600_000) || a.lot - b.lot)
        mixed.forEach(({ one }, k) => {
          if (k === cut % mixed.length)
            anchorages = createAnchorages(
              options,
              { coast: coastNm(6) },
              unpack(pack(anchorages.state)) as AnchoragesState,
            )
          anchorages.advance(Math.floor(one.t / 600_000) * 600_000)
          anchorages.take(one)
        })
        anchorages.advance(hours(10_000))
        expect(anchorages.list()).toEqual(plain)
      }),
    )
    expect(found).toBeGreaterThan(10)
  })
})

describe('in a sea', () => {
  const config: ConfigInput = {
    clean: { futureGuard: false },
    engine: { capacity: 64, silenceCapacity: 64 },
  }
  /** The coast lies along 55.1° N. */
  const coast = coastOf(lat => Math.abs(55.1 - lat) * 60 * M_PER_NM)
  /** A report in ten minutes. */
  function lies(
    mmsi: number,
    from: number,
    to: number,
    north: number,
    over: Partial<PositionReport> = {},
  ): PositionReport[] {
    const out: PositionReport[] = []
    for (let m = from * 60; m <= to * 60; m += 10)
      out.push({
        mmsi,
        t: T0 + m * MS_PER_MIN,
        ...off(north + (m % 30), 0),
        sog: 0,
        navStatus: 1,
        msgType: 1,
        txClass: 'A',
        ...over,
      })
    return out
  }
  const inOrder = (reports: PositionReport[]) => reports.sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
  /** Seven ships lie there, each for nine hours, one after the other. */
  const waiting = Array.from({ length: 7 }, (_, k) => lies(211000001 + k, k * 12, k * 12 + 9, k * 150)).flat()
  const A = 257000001
  const B = 374000002
  /** Two that come together there at hour 100, seen apart before, and lie 150 m from each other for five hours. */
  const meeting = [
    ...lies(A, 98, 107, 0, { navStatus: 0 }),
    ...lies(B, 98, 99.9, 4000, { navStatus: 0, sog: 5 }),
    ...lies(B, 100.2, 105.2, 150, { navStatus: 0 }),
    ...lies(B, 105.5, 107, 5000, { navStatus: 0, sog: 8 }),
  ]

  function told(reports: PositionReport[], learn = true): DarkEvent[] {
    const events: DarkEvent[] = []
    const engine = createEngine({
      config: { ...config, anchorages: { learn } },
      coast,
      onEvent: event => events.push(event),
    })
    for (const report of reports) engine.push(report)
    engine.flush()
    return events
  }
  const has = (events: DarkEvent[], type: string, mmsi = A) =>
    events.some(event => event.type === type && event.mmsi === mmsi)

  test('a meeting in an anchorage is none; the same meeting is one before, and elsewhere', () => {
    expect(has(told(inOrder([...waiting, ...meeting])), 'encounter')).toBe(false)
    expect(has(told(inOrder([...waiting, ...meeting]), false), 'encounter')).toBe(true)
    expect(
      has(told(inOrder([...waiting.filter(({ mmsi }) => mmsi < 211000004), ...meeting])), 'encounter'),
    ).toBe(true)
  })

  test('meetings at one place off the coast, day after day, hide no other', () => {
    const pairs = Array.from({ length: 8 }, (_, k) => [
      ...lies(211000001 + 2 * k, k * 12, k * 12 + 9, 0),
      ...lies(211000002 + 2 * k, k * 12, k * 12 + 9, 150),
    ]).flat()
    expect(has(told(inOrder([...pairs, ...meeting])), 'encounter')).toBe(true)
  })

  test('a ship that falls silent there is silent in port, of an anchorage that was learned', () => {
    // it sails in from the south, and is not heard for ten hours from the middle of the anchorage on
    const sails = Array.from({ length: 13 }, (_, k): PositionReport => ({
      ...{
        mmsi: A,
        t: T0 + (100 * 60 + k * 10) * MS_PER_MIN,
        ...off(-12_000 + k * 1000),
        sog: 3,
        msgType: 1,
        txClass: 'A',
      },
    }))
    const back = lies(A, 112, 113, 0, { navStatus: 0, sog: 3 })
    const [silence] = told(inOrder([...waiting, ...sails, ...back, ...lies(B, 0, 120, 30_000)])).filter(
      ({ type, mmsi }) => mmsi === A && (type === 'gap' || type === 'port_silence'),
    )
    expect(silence).toBeUndefined()
    const events = told(inOrder([...sails, ...back, ...lies(B, 0, 120, 30_000)]))
    expect(has(events, 'gap')).toBe(true)
    // longer than port silences may be
    const late = lies(A, 170, 171, 0, { navStatus: 0, sog: 3 })
    const long = told(inOrder([...waiting, ...sails, ...late, ...lies(B, 0, 180, 30_000)]))
    expect(long.find(({ type, mmsi }) => type === 'port_silence' && mmsi === A)).toMatchObject({
      details: { state: 'in_port', learned: true },
    })
  })

  test('who calls there visits an anchorage', () => {
    const events = told(
      inOrder([
        ...waiting,
        ...lies(A, 98, 99, 9000, { navStatus: 0, sog: 8 }),
        ...lies(A, 99.5, 102, 0),
        ...lies(A, 103, 104, 9000, { navStatus: 0, sog: 8 }),
      ]),
    )
    expect(events.filter(({ type, mmsi }) => type === 'port_visit' && mmsi === A).at(-1)).toMatchObject({
      ...{ class: 'anchorage', phase: 'closed', score: 0 },
      details: { learned: true, confidence: 4 },
    })
  })

  test('shuffled within the window, or resumed from a snapshot, all is the same', () => {
    const reports = inOrder([...waiting, ...meeting])
    const plain = told(reports)
    fc.assert(
      fc.property(fc.nat(), fc.infiniteStream(fc.integer({ min: 0, max: 119_000 })), (cut, delays) => {
        const live: DarkEvent[] = []
        const engine = createEngine({ config, coast, onEvent: event => live.push(event) })
        const arrival = reports
          .map(report => ({ report, at: report.t + delays.next().value! }))
          .sort((a, b) => a.at - b.at)
        for (const { report, at } of arrival) {
          engine.push(report)
          engine.advance(at - 120_001)
        }
        engine.flush()
        expect(content(live)).toEqual(content(plain))

        const events: DarkEvent[] = []
        const options = { config, coast, onEvent: (event: DarkEvent) => events.push(event) }
        const first = createEngine(options)
        const n = cut % reports.length
        for (const report of reports.slice(0, n)) first.push(report)
        const second = createEngine({ ...options, restore: first.snapshot() })
        for (const report of reports.slice(n)) second.push(report)
        second.flush()
        expect(events).toEqual(plain)
        expect(second.anchorages().length).toBe(1)
      }),
      { numRuns: 6 },
    )
  })
})
