// What an analyst wants to be told of, and what looks like it.

import { describe, expect, test } from 'vitest'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_MIN } from '../../../src/model/units.js'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import { finals, T0 } from '../../helpers/replay.js'
import { inOrder, line, meetings, only, reportsOf, told, type Leg, type Ship } from './sea.js'
import { coastNm } from '../../helpers/coast.js'

const A = 257000010
const B = 412000020

const lies = (mmsi: number, minutes: number, more: Partial<Ship> = {}): Ship => ({
  ...{ mmsi, from: [0, 0], legs: [{ stay: minutes }] },
  ...more,
})
/** Comes from 8 km to the west, stays 60 m off for some minutes, and leaves to the north. */
const comes = (mmsi: number, stay: number, more: Partial<Ship> = {}): Ship => ({
  ...{ mmsi, from: [-8000, 0] },
  legs: [{ to: [-60, 0], kn: 10 }, { stay }, { to: [-60, 12_000], kn: 10 }],
  ...more,
})
const lines = (ships: Ship[], options = {}) => meetings(ships, options).map(line)

describe('told', () => {
  test('two hours alongside far out', () => {
    const [event, ...others] = meetings([lies(A, 400), comes(B, 150)])
    expect(others).toEqual([])
    expect(event).toMatchObject({
      class: 'encounter',
      phase: 'closed',
      mmsi: A,
      details: { others: [B], cameTogether: true },
    })
    // it comes within 500 m at minute 24.3, stops at 25.7, leaves at 175.7, and is 800 m off at 178.3
    expect(line(event!)).toMatch(/^encounter \d+ \d+ 2[456]–17[789]$/)
    expect(event!.details['medianDistanceM']).toBe(62.5)
  })

  test('a meeting of twenty minutes, which goes on to be an encounter under the same id', () => {
    expect(lines([lies(A, 300), comes(B, 20)])[0]).toMatch(/^brief_meeting/)
    const events = told(inOrder([lies(A, 400), comes(B, 150)].flatMap(reportsOf)))
    expect(events.map(({ phase, class: kind }) => `${phase} ${kind}`)).toEqual([
      'opened brief_meeting',
      'updated encounter',
      'closed encounter',
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
    expect(events.map(({ revision }) => revision)).toEqual([1, 2, 3])
  })

  test('one that comes close once, and stays a little farther off, has not been close: the time within 250 m counts', () => {
    const passes = (m: number): Ship => ({
      ...{ mmsi: B, from: [-8000, 0] },
      legs: [{ to: [-60, 0], kn: 10 }, { to: [m, 0], kn: 1.5 }, { stay: 60 }, { to: [m, 12_000], kn: 10 }],
    })
    expect(lines([lies(A, 400), passes(360)])).toEqual([])
    expect(lines([lies(A, 400), passes(210)])[0]).toMatch(/^brief_meeting/)
  })

  test('of a crowd, no more than 32 with each: what a flood costs grows with it, not with its square', () => {
    const crowd = Array.from({ length: 60 }, (_, k): Ship => {
      const angle = (k / 60) * 2 * Math.PI
      const spot = (m: number) => [m * Math.cos(angle), m * Math.sin(angle)] as const
      // one after the other, and all leave at the end
      return {
        mmsi: A + k,
        from: spot(8000),
        start: 8 * k,
        legs: [{ to: spot(20), kn: 10 }, { stay: 560 - 8 * k }],
      }
    })
    const met = new Map<number, number>()
    for (const { mmsi, details } of meetings(crowd))
      for (const one of [mmsi, ...(details['others'] as number[])]) met.set(one, (met.get(one) ?? 0) + 1)
    expect(met.size).toBe(60)
    expect(Math.max(...met.values())).toBe(32)
  })

  test('two that drift together, 300 m apart', () => {
    const drift = (mmsi: number, side: number, north: number): Ship => ({
      ...{ mmsi, from: [side * 4000, north - side * 3000] },
      legs: [
        { to: [0, north], kn: 8 },
        { to: [3500, north], kn: 0.8 },
        { to: [9000, 30 * north], kn: 8 },
      ],
    })
    expect(lines([drift(A, -1, 200), drift(B, 1, -100)])[0]).toMatch(/^encounter/)
  })

  test('a tug and its tow, for three hours: a tandem; the tug of a ship at anchor: service', () => {
    const tow = (mmsi: number, from: number): Ship => ({
      mmsi,
      from: [from, 0],
      legs: [{ to: [from + 30_000, 0], kn: 6 }],
    })
    expect(lines([tow(A, 0), tow(B, 350)])).toEqual([expect.stringMatching(/^tandem/)])
    expect(lines([lies(A, 400), comes(B, 100, { about: { shipType: 52 } })])).toEqual([
      expect.stringMatching(/^service/),
    ])
  })

  test('several at once: three carriers beside one', () => {
    const third = { ...comes(367000030, 200), start: 20, from: [-8000, 90] as const }
    const found = lines([lies(A, 500), comes(B, 260), third])
    expect(found.map(text => text.split(' ').slice(0, 3).join(' '))).toEqual(
      expect.arrayContaining([`encounter ${A} ${B}`, `encounter ${A} 367000030`, `encounter 367000030 ${B}`]),
    )
  })

  test('heard every forty minutes: interpolated, and it says so', () => {
    const [event] = meetings([lies(A, 700, { everyS: 2400 }), comes(B, 400, { everyS: 2400 })])
    expect(event).toMatchObject({ class: 'encounter' })
    expect(event!.details['interpolatedShare']).toBe(1)
  })
})

describe('not told', () => {
  test('ferries that pass each other, and one that passes a ship at rest', () => {
    const ferry = (mmsi: number, from: number, north: number): Ship => ({
      mmsi,
      from: [from, north],
      legs: [{ to: [-from, north], kn: 18 }],
    })
    expect(
      lines([ferry(A, -20_000, 0), ferry(B, 20_000, 150), lies(367000030, 90, { from: [300, 100] })]),
    ).toEqual([])
  })

  test('neighbours that lie there, swinging: at a berth and at anchor', () => {
    const swings = (mmsi: number, east: number): Ship => ({
      ...{ mmsi, from: [east, 150], everyS: 180, navStatus: 1 },
      legs: Array.from({ length: 24 }, (_, k): Leg => ({
        to: [east + 150 * Math.sin((k * Math.PI) / 6), 150 * Math.cos((k * Math.PI) / 6)],
        kn: 0.15 + (k % 6) / 8,
      })),
    })
    expect(lines([swings(A, 0), swings(B, 420), swings(367000030, 700)])).toEqual([])
    expect(lines([lies(A, 2000, { navStatus: 5 }), lies(B, 2000, { from: [40, 20], navStatus: 5 })])).toEqual(
      [],
    )
  })

  test('who comes to anchor 400 m from another, and who leaves again', () => {
    const anchors = (mmsi: number, stay: number): Ship => ({
      ...{ mmsi, from: [-9000, 400] },
      legs: [
        { to: [-900, 400], kn: 8 },
        { to: [0, 400], kn: 1.5 },
        { stay },
        { to: [900, 400], kn: 1 },
        { to: [9000, 400], kn: 9 },
      ],
    })
    for (const stay of [60, 110, 125, 140, 600]) expect(lines([lies(A, 1000), anchors(B, stay)])).toEqual([])
  })

  test('a pilot who boards under way', () => {
    const pilot: Ship = {
      mmsi: B,
      from: [5000, 4000],
      legs: [
        { to: [8000, 60], kn: 18 },
        { to: [9500, 60], kn: 8 },
        { to: [5000, 4000], kn: 18 },
      ],
      start: 17,
      about: { shipType: 50 },
    }
    expect(lines([{ mmsi: A, from: [0, 0], legs: [{ to: [30_000, 0], kn: 8 }] }, pilot])).toEqual([])
  })

  test.each(['NET 12', 'BUOY-3', 'HY04-85%', 'FS2 11.8V', 'NET MARK', 'FISHING NET', 'radiobuoy 7'])(
    'a beacon on fishing gear: %s',
    name => {
      expect(lines([lies(A, 400), comes(B, 150, { about: { name } })])).toEqual([])
    },
  )

  test.each(['PLANET', 'NETTUNO', 'MAGNET V', 'OCEAN V', 'CABINET 5', 'KUBUOYE'])('%s is no gear', name => {
    expect(lines([lies(A, 400), comes(B, 150, { about: { name } })])).toHaveLength(1)
  })

  test('aids to navigation, daughter craft, and two tracks of one number', () => {
    for (const mmsi of [992570001, 982570001]) expect(lines([lies(mmsi, 400), comes(B, 150)])).toEqual([])
  })

  test('near the coast, and in a port of the list', () => {
    expect(lines([lies(A, 400), comes(B, 150)], { coast: coastNm(2.99) })).toEqual([])
    expect(lines([lies(A, 400), comes(B, 150)], { coast: coastNm(3) })).toHaveLength(1)
    const ports = {
      ports: [],
      skipped: 0,
      at: () => ({ name: '', lat: 0, lon: 0, radiusM: 1, country: null }),
    }
    expect(lines([lies(A, 400), comes(B, 150)], { ports })).toEqual([])
  })
})

describe('edges', () => {
  test('a silence of an hour of either breaks it, of less does not', () => {
    const broken = (from: number, to: number, of: number) =>
      lines([
        lies(A, 400, of === A ? { silent: [[from, to]] } : {}),
        comes(B, 150, of === B ? { silent: [[from, to]] } : {}),
      ])
    for (const of of [A, B]) {
      expect(broken(80, 138, of)).toEqual([expect.stringMatching(/^encounter .* 2\d–17\d$/)])
      expect(broken(80, 141, of)).toEqual([expect.stringMatching(/^brief_meeting .* 2\d–(79|80)$/)])
    }
  })

  test('a quarter of an hour and a minute less', () => {
    expect(lines([lies(A, 300), comes(B, 19)])).toHaveLength(1)
    expect(lines([lies(A, 300), comes(B, 10)])).toEqual([])
  })

  test('a ship that jumps away ends it there', () => {
    const reports = inOrder([lies(A, 400), comes(B, 300)].flatMap(reportsOf))
    const from = T0 + 200 * MS_PER_MIN
    const jumped = reports.map(report =>
      report.mmsi === B && report.t > from ? { ...report, lat: 50, lon: 3 } : report,
    )
    expect(finals(told(jumped)).map(line)).toEqual([expect.stringMatching(/^encounter .* 2\d–(19[89]|200)$/)])
  })

  test('one displaced fix does nothing', () => {
    const reports = inOrder([lies(A, 400), comes(B, 300)].flatMap(reportsOf))
    const displaced = reports.map((report): PositionReport =>
      report.mmsi === B && Math.abs(report.t - T0 - 200 * MS_PER_MIN) < 40_000
        ? { ...report, lat: 50 }
        : report,
    )
    expect(finals(told(displaced)).map(line)).toEqual(finals(told(reports)).map(line))
  })

  test('a late fix far away takes it back', () => {
    const events: DarkEvent[] = []
    const engine = createEngine({
      config: { ...only, engine: { capacity: 16, silenceCapacity: 16 } },
      onEvent: event => events.push(event),
    })
    const reports = inOrder([lies(A, 300), comes(B, 270, { everyS: 1500 })].flatMap(reportsOf))
    for (const report of reports) engine.push(report)
    engine.flush()
    expect(finals(events)).toHaveLength(1)
    engine.push({ mmsi: B, t: T0 + 130 * MS_PER_MIN, lat: 45.3, lon: -20, msgType: 1, txClass: 'A' })
    engine.flush()
    expect(finals(events)).toEqual([])
  })
})
