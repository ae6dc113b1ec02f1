import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wrapLon } from '../../../src/geo/antimeridian.js'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_S } from '../../../src/model/units.js'
import { createRandom } from '../../../src/simulate/random.js'
import { toSteps } from '../../../src/simulate/transponder.js'
import { content, finals, MMSI, replay, T0 } from '../../helpers/replay.js'

interface Ship {
  mmsi?: number
  seed?: number
  minutes?: number
  from?: number
  /** White noise of places, metres; jitter of course, degrees, of speed, knots, and of the interval, s. */
  noiseM?: number
  cog?: number
  sog?: number
  jitterS?: number
  everyS?: number
  heading?: boolean
  decimals?: number
}

/** A ship on a straight course from a place of its own. Without noise a program sends it. */
function sail(ship: Ship = {}): PositionReport[] {
  const { mmsi = MMSI, seed = 1, minutes = 90, from = 0, everyS = 10, heading = true, decimals } = ship
  const { noiseM = 1, cog = 0.5, sog = 0.1, jitterS = 1 } = ship
  const random = createRandom(seed)
  const [lat, lon] = [55 + random.next(), 3 + random.next()]
  const course = Math.round(random.between(10, 350) * 10) / 10
  const knots = Math.round(random.between(10, 15) * 10) / 10
  const reports: PositionReport[] = []
  const round = (deg: number) =>
    decimals === undefined ? toSteps(deg) : Math.round(deg * 10 ** decimals) / 10 ** decimals
  for (let s = 0; s < minutes * 60; s += everyS + jitterS * random.between(-1, 1)) {
    const m = (s * knots * 1852) / 3600
    const rad = (course * Math.PI) / 180
    const said = Math.round((course + cog * random.normal()) * 10) / 10
    reports.push({
      ...{ mmsi, t: Math.round(T0 + from * 60_000 + s * MS_PER_S), txClass: 'A', msgType: 1 },
      lat: round(lat + (m * Math.cos(rad) + noiseM * random.normal()) / 111_195),
      lon: round(
        lon + (m * Math.sin(rad) + noiseM * random.normal()) / 111_195 / Math.cos((lat * Math.PI) / 180),
      ),
      sog: Math.round((knots + sog * random.normal()) * 10) / 10,
      cog: said,
      ...(heading && { heading: Math.round(cog === 0 ? course : course + 3 * random.normal()) }),
    })
  }
  return reports
}

const program = (rest: Ship = {}) => sail({ noiseM: 0, cog: 0, sog: 0, jitterS: 0, ...rest })
const fleet = (count: number, rest: Ship = {}) =>
  Array.from({ length: count }, (_, k) => sail({ mmsi: MMSI + 1 + k, seed: 100 + k, ...rest }))
const inOrder = (...parts: PositionReport[][]) => parts.flat().sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
const isSynthetic = (event: DarkEvent) => event.class === 'synthetic'
const told = (...parts: PositionReport[][]) => finals(replay(inOrder(...parts))).filter(isSynthetic)

const moved = (reports: PositionReport[], east: number) =>
  reports.map(report => ({ ...report, lon: wrapLon(report.lon! + east) }))

describe('synthetic: laws', () => {
  test('the neighbours are those around, on whichever side of a line of ten degrees, and no farther', () => {
    const ships = fleet(12, { minutes: 150 })
    const one = program({ minutes: 120, from: 30 })
    // ships at 3 to 4° E; a sea ends at 10° E and at 180°
    expect(told(moved(one, 7), ...ships)).toHaveLength(1)
    expect(told(moved(one, 178), ...ships.map(ship => moved(ship, 174)))).toHaveLength(1)
    expect(told(moved(one, 13), ...ships)).toEqual([])
  })

  test('one program among ships is found, whatever is lost of it; the ships never are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 0.3, noNaN: true }), (seed, lost) => {
        const random = createRandom(seed)
        const one = program({ seed, minutes: 120, from: 30 }).filter(() => !random.chance(lost))
        const events = told(one, ...fleet(12, { minutes: 150 }))
        expect(events.map(({ mmsi }) => mmsi)).toEqual([MMSI])
        expect(events[0]!.start.t).toBe(one.find(({ t }) => t === events[0]!.start.t)!.t)
      }),
      { numRuns: 6 },
    )
  })

  test('noise of a ship in any one of place, course and speed, and interval leaves too few signs', () => {
    const ships = fleet(12, { minutes: 150 })
    const one = (rest: Ship) => told(program({ minutes: 120, from: 30, ...rest }), ...ships)
    expect(one({})).toHaveLength(1)
    expect(one({ noiseM: 1 })).toEqual([])
    expect(one({ cog: 0.5 })).toEqual([])
    // two signs are left: its heading is its course, and does not change
    expect(one({ sog: 0.1 })).toHaveLength(1)
    expect(one({ sog: 0.1, jitterS: 1, heading: false })).toEqual([])
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const reports = inOrder(program({ minutes: 120, from: 30 }), ...fleet(12, { minutes: 150 }))
    const whole = content(replay(reports))
    expect(whole.some(line => line.includes('"synthetic"'))).toBe(true)
    fc.assert(
      fc.property(fc.nat({ max: reports.length - 1 }), cut => {
        const events: DarkEvent[] = []
        const options = {
          config: { engine: { capacity: 64, silenceCapacity: 64 } },
          onEvent: (event: DarkEvent) => events.push(event),
        }
        const first = createEngine(options)
        for (const report of reports.slice(0, cut)) first.push(report)
        const second = createEngine({ ...options, restore: first.snapshot() })
        for (const report of reports.slice(cut)) second.push(report)
        second.flush()
        expect(content(events)).toEqual(whole)
      }),
      { numRuns: 4 },
    )
  })
})

describe('synthetic', () => {
  const ships = fleet(12, { minutes: 150 })

  test('needs ten neighbours of its class in its sea', () => {
    const one = program({ minutes: 120, from: 30 })
    expect(told(one, ...fleet(10, { minutes: 150 }))).toHaveLength(1)
    expect(told(one, ...fleet(9, { minutes: 150 }))).toEqual([])
    const other = fleet(12, { minutes: 150 }).map(ship => ship.map(r => ({ ...r, txClass: 'B' as const })))
    expect(told(one, ...other)).toEqual([])
    expect(told(one, ...ships.map(ship => ship.map(r => ({ ...r, lon: r.lon! + 10 }))))).toEqual([])
  })

  test('ends when it is no longer too even, or when it falls silent', () => {
    const one = program({ minutes: 100, from: 30 })
    const after = sail({ minutes: 60, from: 130 }).map(r => ({
      ...r,
      lat: r.lat! + one.at(-1)!.lat! - 55,
      lon: r.lon! + one.at(-1)!.lon! - 3,
    }))
    expect(told(one, ...ships)).toMatchObject([{ phase: 'opened', end: null }])
    const script = [...inOrder(one, ...ships), 20]
    const [closed] = finals(replay(script)).filter(isSynthetic)
    expect(closed).toMatchObject({ phase: 'closed' })
    expect(closed!.end!.t).toBeLessThanOrEqual(one.at(-1)!.t)
    expect(told(one, after, ...fleet(12, { minutes: 200 }))).toMatchObject([{ phase: 'closed' }])
  })
})

describe('what looks synthetic', () => {
  const ships = fleet(12, { minutes: 150 })
  const one = (rest: Ship) => told(program({ minutes: 120, from: 30, ...rest }), ...ships)

  test('a provider that smooths them all, or several', () => {
    const smooth = Array.from({ length: 12 }, (_, k) =>
      program({ mmsi: MMSI + 1 + k, seed: 100 + k, minutes: 150 }),
    )
    expect(told(program({ minutes: 120, from: 30 }), ...smooth)).toEqual([])
    expect(told(program({ minutes: 120, from: 30 }), ...smooth.slice(0, 3), ...ships.slice(3))).toEqual([])
  })

  test('reports that are thinned: slower than any set sends', () => {
    expect(one({ everyS: 30 })).toHaveLength(1)
    expect(one({ everyS: 31 })).toEqual([])
  })

  test('places that are rounded with all others', () => {
    const rounded = fleet(12, { minutes: 150, decimals: 4 })
    expect(told(program({ minutes: 120, from: 30, decimals: 4 }), ...rounded)).toEqual([])
  })

  test('an autopilot on calm water, a set that filters, a survey vessel', () => {
    expect(one({ noiseM: 0.1, cog: 0.2, sog: 0.03, jitterS: 1 })).toEqual([])
    expect(one({ noiseM: 0.02, cog: 0.3, sog: 0.05, jitterS: 1 })).toEqual([])
  })
})
