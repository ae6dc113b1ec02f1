import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_S } from '../../../src/model/units.js'
import { createRandom } from '../../../src/simulate/random.js'
import { toSteps } from '../../../src/simulate/transponder.js'
import { content, finals, MMSI, replay, T0 } from '../../helpers/replay.js'

const OTHER = MMSI + 1

interface Way {
  mmsi?: number
  /** First hour of the script, and how many. */
  from?: number
  hours?: number
  seed?: number
  noiseM?: number
  everyS?: number
}

/** A ship that goes east at twelve knots and a little about, with the noise of GNSS. */
function sail({
  mmsi = MMSI,
  from = 0,
  hours = 2,
  seed = 1,
  noiseM = 2,
  everyS = 10,
}: Way = {}): PositionReport[] {
  const random = createRandom(seed)
  const lat = 55 + random.next()
  const lon = 3 + random.next()
  return Array.from({ length: (hours * 3600) / everyS }, (_, k) => {
    const t = T0 + from * MS_PER_HOUR + k * everyS * MS_PER_S
    const miles = (12 * k * everyS) / 3600
    const noise = () => (noiseM * random.normal()) / 111_195
    return {
      ...{ mmsi, t, txClass: 'A', msgType: 1, utcSecond: Math.floor(t / MS_PER_S) % 60 },
      lat: toSteps(lat + noise()),
      lon: toSteps(lon + miles / 60 / Math.cos((lat * Math.PI) / 180) + noise()),
      sog: Math.round((12 + 0.1 * random.normal()) * 10) / 10,
      cog: Math.round((90 + random.normal()) * 10) / 10,
    } as const
  })
}

/** Across 400 m of harbour in four minutes and back, all the time, from the middle of it. */
function ferry(way: Way): PositionReport[] {
  const { seed = 1 } = way
  const random = createRandom(seed)
  return sail(way).map((report, k) => {
    const phase = ((k + 12) % 48) / 48
    const east = 200 * (4 * Math.abs(phase - 0.5) - 1)
    const noise = () => (2 * random.normal()) / 111_195
    const lon = 4 + east / 111_195 / Math.cos((54 * Math.PI) / 180)
    const cog = (phase < 0.5 ? 270 : 90) + Math.round(10 * random.normal()) / 10
    const sog = Math.round(33 + random.normal()) / 10
    return { ...report, lat: toSteps(54 + noise()), lon: toSteps(lon + noise()), sog, cog }
  })
}

interface Change {
  mmsi?: number
  lagS?: number
  lat?: number
  lon?: number
  /** Share lost. */
  lost?: number
  seed?: number
  /** The second of the old time stays in the message. */
  keepsSecond?: boolean
}

function again(
  reports: readonly PositionReport[],
  {
    mmsi = MMSI,
    lagS = 10 * 3600 + 17,
    lat = 0,
    lon = 0,
    lost = 0,
    seed = 9,
    keepsSecond = false,
  }: Change = {},
): PositionReport[] {
  const random = createRandom(seed)
  return reports.flatMap(report => {
    if (random.chance(lost)) return []
    const t = report.t + lagS * MS_PER_S
    const utcSecond = keepsSecond ? report.utcSecond! : Math.floor(t / MS_PER_S) % 60
    return [{ ...report, mmsi, t, utcSecond, lat: report.lat! + lat, lon: report.lon! + lon }]
  })
}

const lose = (reports: readonly PositionReport[], share: number, seed = 4) => {
  const random = createRandom(seed)
  return reports.filter(() => !random.chance(share))
}
const inOrder = (...parts: PositionReport[][]) => parts.flat().sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
const isReplay = (event: DarkEvent) => event.class === 'replay'
const told = (...parts: PositionReport[][]) => finals(replay(inOrder(...parts))).filter(isReplay)

describe('replay: laws', () => {
  test('found whatever a tenth to four tenths of the record and of the repetition are lost, moved or not', () => {
    const shift = fc.record({
      lat: fc.integer({ min: -900_000, max: 900_000 }).map(steps => steps / 600_000),
      lon: fc.integer({ min: -900_000, max: 900_000 }).map(steps => steps / 600_000),
    })
    const lost = fc.double({ min: 0.1, max: 0.4, noNaN: true })
    const place = fc.oneof(fc.constant({ lat: 0, lon: 0 }), shift)
    fc.assert(
      fc.property(place, lost, lost, fc.nat(), fc.boolean(), (vector, a, b, seed, isOwn) => {
        const record = sail({ seed, hours: 4, mmsi: OTHER })
        const mmsi = isOwn ? OTHER : MMSI
        const events = told(lose(record, a, seed), again(record, { mmsi, lost: b, seed, ...vector }))
        expect(events.map(event => event.mmsi)).toEqual([mmsi])
        expect(events[0]!.details['lagS']).toBeCloseTo(36_017, -1)
        expect(events[0]!.details['original']).toMatchObject({ mmsi: OTHER })
      }),
      { numRuns: 15 },
    )
  })

  test('two ways of ships are never one, however near', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        fc.pre(a !== b)
        // the same line at the same speed, a lag apart: noise alone differs
        const way = sail({ seed: a, hours: 3 })
        const noise = createRandom(b)
        const other = again(way).map(report => ({
          ...report,
          lat: toSteps(report.lat! + (2 * noise.normal()) / 111_195),
          lon: toSteps(report.lon! + (2 * noise.normal()) / 111_195),
        }))
        expect(told(way, other)).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const record = sail({ mmsi: OTHER })
    const reports = inOrder(record, again(record, { lost: 0.2, lat: 0.1 }), sail({ from: 30 }))
    const whole = content(replay(reports))
    expect(whole.some(line => line.includes('"replay"'))).toBe(true)
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
      { numRuns: 6 },
    )
  })
})

describe('replay', () => {
  const record = sail()

  test('of its own, or under another number, to where it ends', () => {
    const [own] = told(record, again(record), sail({ from: 14, seed: 7 }))
    expect(own).toMatchObject({ class: 'replay', phase: 'closed', mmsi: MMSI })
    expect(own!.start.t).toBeGreaterThanOrEqual(record[0]!.t + 36_017_000)
    expect(own!.end!.t).toBeLessThanOrEqual(record.at(-1)!.t + 36_017_000)
    expect(own!.details['offsetM']).toBeLessThan(1)
    const [other] = told(record, again(record, { mmsi: OTHER, lagS: 3600 }))
    expect(other).toMatchObject({ phase: 'opened', mmsi: OTHER, end: null })
  })

  test('ends when nothing is heard for six hours', () => {
    const script = [...inOrder(record, again(record)), 18.1]
    expect(finals(replay(script)).filter(isReplay)).toMatchObject([{ phase: 'closed' }])
    expect(finals(replay([...inOrder(record, again(record)), 17.9])).filter(isReplay)).toMatchObject([
      { phase: 'opened' },
    ])
  })

  test('of a harbour ferry, which is never far from where it began', () => {
    const record = ferry({ mmsi: OTHER })
    expect(told(record, again(record, { lagS: 1800, lost: 0.2 }))).toMatchObject([{ mmsi: MMSI }])
  })

  test('over half a kilometre of way, and of no less', () => {
    const crawl = (seconds: number, seed: number) =>
      sail({ seed, everyS: 2 })
        .slice(0, seconds / 2)
        .map((report, k, [first]) => ({
          ...report,
          lon: toSteps(first!.lon! + (report.lon! - first!.lon!) / 4),
          sog: 3 + (k % 5) / 10,
        }))
    for (const seed of [1, 2, 3, 4, 5]) {
      const [short, long] = [crawl(180, seed), crawl(900, seed)]
      expect(told(short, again(short))).toEqual([])
      expect(told(long, again(long))).toHaveLength(1)
    }
  })

  test('tells the vector of a shifted one', () => {
    const [event] = told(record, again(record, { mmsi: OTHER, lat: 0.5 }))
    expect(event!.details['offsetM']).toBeCloseTo(55_660, -2)
  })
})

describe('what looks like a replay', () => {
  const record = sail()

  test('a ship that is late, or comes twice within six hours', () => {
    expect(told(record, again(record, { lagS: 6 * 3600 - 20 }))).toEqual([])
    expect(told(record, again(record, { lagS: 6 * 3600 + 20 }))).toHaveLength(1)
  })

  test('a second transponder, or a feed with numbers of its own, minutes late', () => {
    for (const lagS of [0, 3, 300, 590])
      expect(told(record, again(record, { mmsi: OTHER, lagS }))).toEqual([])
    expect(told(record, again(record, { mmsi: OTHER, lagS: 620 }))).toHaveLength(1)
  })

  test('messages that a provider delivers again: the second in them is the old one', () => {
    expect(told(record, again(record, { keepsSecond: true }))).toEqual([])
    // another ship's are no news, whatever second they carry
    expect(told(record, again(record, { keepsSecond: true, mmsi: OTHER }))).toHaveLength(1)
  })

  test('… of several ships with one lag, of which the first is taken back', () => {
    const ships = [0, 1, 2].map(k => sail({ mmsi: MMSI + k, seed: 20 + k, hours: 1 + k / 4 }))
    const twice = ships.map((ship, k) => again(ship, { mmsi: MMSI + k, lagS: 36_000 }))
    expect(told(...ships, ...twice)).toEqual([])
    const lags = ships.map((ship, k) => again(ship, { mmsi: MMSI + k, lagS: 36_000 + 1000 * k }))
    expect(told(...ships, ...lags).map(({ mmsi }) => mmsi)).toEqual([MMSI, MMSI + 1, MMSI + 2])
    const staggered = [
      twice[0]!,
      again(sail({ mmsi: MMSI + 1, from: 4, seed: 5 }), { mmsi: MMSI + 1, lagS: 36_000 }),
    ]
    const events = replay(inOrder(ships[0]!, sail({ mmsi: MMSI + 1, from: 4, seed: 5 }), ...staggered))
    expect(events.filter(isReplay).map(({ phase }) => phase)).toContain('retracted')
    expect(finals(events).filter(isReplay)).toEqual([])
  })

  test('… and of four ships that a feed gives other numbers', () => {
    const ships = [0, 1, 2, 3].map(k => sail({ mmsi: MMSI + k, seed: 20 + k }))
    const renamed = ships.map((ship, k) => again(ship, { mmsi: MMSI + 10 + k, lagS: 1800 }))
    expect(told(...ships, ...renamed)).toEqual([])
    expect(told(...ships, ...renamed.slice(1))).toHaveLength(3)
  })

  test('… of a ship that is heard elsewhere meanwhile', () => {
    const whole = sail({ hours: 14 })
    const old = whole.slice(0, 720)
    expect(told(whole, again(old, { lagS: 36_000, lost: 0.3 }))).toEqual([])
  })

  test('ferries on one line and one timetable, whatever their places are rounded to', () => {
    for (const decimals of [9, 5, 4]) {
      const round = (x: number) => Math.round(x * 10 ** decimals) / 10 ** decimals
      const rounded = (reports: PositionReport[]) =>
        reports.map(report => ({ ...report, lat: round(report.lat!), lon: round(report.lon!) }))
      const one = rounded(ferry({ hours: 9, seed: 2 }))
      const other = rounded(again(ferry({ hours: 9, seed: 3 }), { mmsi: OTHER, lagS: 1200 }))
      expect(told(one, other)).toEqual([])
    }
  })

  test('lying still, however often at the same place', () => {
    const moored = sail().map(report => ({ ...report, sog: 1.9 }))
    expect(told(moored, again(moored))).toEqual([])
    const moving = moored.map(report => ({ ...report, sog: 2 }))
    expect(told(moving, again(moving))).toHaveLength(1)
  })

  test('places in tenths of a minute, or in thousandths of a degree', () => {
    const coarse = sail().map(report => ({
      ...report,
      lat: Math.round(report.lat! * 1000) / 1000,
      lon: Math.round(report.lon! * 1000) / 1000,
    }))
    expect(told(coarse, again(coarse))).toEqual([])
    const long = sail().map(report => ({ ...report, msgType: 27 }))
    expect(told(long, again(long))).toEqual([])
  })

  test('two ways without noise on one course: their steps are those of any ship', () => {
    const smooth = (from: number, mmsi: number, lat: number) =>
      sail({ from, mmsi, noiseM: 0, seed: 3 }).map(report => ({ ...report, lat, sog: 12, cog: 90 }))
    expect(told(smooth(0, MMSI, 55), smooth(8, OTHER, 56))).toEqual([])
  })
})
