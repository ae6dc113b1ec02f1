// Interference: many drawn to one place are victims, whoever goes elsewhere is not, and it all holds however it is told.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { destination } from '../../src/geo/distance.js'
import type { DarkEvent } from '../../src/model/event.js'
import { isVesselEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_MIN } from '../../src/model/units.js'
import { content, finals, T0 } from '../helpers/replay.js'

const ROAD = [51.5, 2.5] as const
const AIRFIELD = destination(...ROAD, 120, 45 * M_PER_NM)

interface Story {
  /** Ships drawn to the airfield. */
  victims: number
  /** Ships that go to places of their own. */
  spoofers?: number
  /** Ships that stay where they are. */
  others?: number
  /** Minutes between the beginnings of one victim and the next. */
  everyMin?: number
  /** When it ends, minutes; the whole story is 8 hours. */
  untilMin?: number
  /** How far the false places of victims are apart, nm. */
  scatterNm?: number
}

const victim = (k: number) => 229_000_001 + k
const spoofer = (k: number) => 538_000_001 + k

/** A report every four minutes of ships at anchor. */
function story(told: Story): PositionReport[] {
  const { victims, spoofers = 0, others = 0, everyMin = 2, untilMin = 240, scatterNm = 0.2 } = told
  const reports: PositionReport[] = []
  const add = (
    mmsi: number,
    k: number,
    falsePlace: (minute: number) => { lat: number; lon: number } | null,
  ) => {
    const home = destination(...ROAD, 47 * k, (1 + (k % 7)) * M_PER_NM)
    for (let minute = k % 4; minute < 480; minute += 4) {
      const place = falsePlace(minute) ?? home
      reports.push({ mmsi, t: T0 + minute * MS_PER_MIN + k, ...place, sog: 0.2, msgType: 1, txClass: 'A' })
    }
  }
  for (let k = 0; k < victims; k++) {
    const from = 120 + everyMin * k
    add(victim(k), k, minute =>
      minute >= from && minute < untilMin
        ? destination(AIRFIELD.lat, AIRFIELD.lon, 77 * k, (((k * 7) % 10) / 10) * scatterNm * M_PER_NM)
        : null,
    )
  }
  for (let k = 0; k < spoofers; k++)
    add(spoofer(k), k + 3, minute =>
      minute >= 130 + 9 * k ? destination(...ROAD, 200 + 60 * k, 150 * M_PER_NM) : null,
    )
  for (let k = 0; k < others; k++) add(244_000_001 + k, k + 5, () => null)
  return reports.sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
}

function run(reports: readonly PositionReport[], config = {}): DarkEvent[] {
  const told: DarkEvent[] = []
  const engine = createEngine({
    config: { engine: { capacity: 256 }, ...config },
    onEvent: event => told.push(event),
  })
  for (const report of reports) engine.push(report)
  engine.flush()
  return told
}

const accused = (events: DarkEvent[]): number[] =>
  [...new Set(finals(events).flatMap(e => (isVesselEvent(e) && e.type === 'spoofing' ? [e.mmsi] : [])))].sort(
    (a, b) => a - b,
  )
const areas = (events: DarkEvent[]): DarkEvent[] =>
  finals(events).filter(({ type }) => type === 'interference')

describe('many drawn to one place', () => {
  const events = run(story({ victims: 20, spoofers: 2, others: 5 }))

  test('one event, nobody accused but those who went elsewhere', () => {
    expect(areas(events)).toHaveLength(1)
    expect(accused(events)).toEqual([spoofer(0), spoofer(1)])
  })

  test('it tells who, from where, whereto, and how many of those who were there', () => {
    const [area] = areas(events)
    expect(area).toMatchObject({ phase: 'closed', class: 'drawn', source: null, receiver: null })
    const { victims, attractor, shareDrawn } = area!.details as {
      victims: number[]
      attractor: { lat: number; lon: number; radiusM: number }
      shareDrawn: number
    }
    expect(victims).toEqual(Array.from({ length: 20 }, (_, k) => victim(k)))
    expect(attractor.lat).toBeCloseTo(AIRFIELD.lat, 1)
    expect(attractor.lon).toBeCloseTo(AIRFIELD.lon, 1)
    expect((area as { area: { lat: number } }).area.lat).toBeCloseTo(ROAD[0], 1)
    expect(shareDrawn).toBeGreaterThan(0.6)
    expect(shareDrawn).toBeLessThan(1)
    // from the first that was drawn away to the last that came back
    expect(area!.start.t).toBe(T0 + 120 * MS_PER_MIN)
    expect(area!.end!.t).toBeGreaterThanOrEqual(T0 + 240 * MS_PER_MIN)
    expect(area!.end!.t).toBeLessThan(T0 + 260 * MS_PER_MIN)
  })

  test('every accusation that was told is taken back, with the reason', () => {
    const told = new Map<string, DarkEvent[]>()
    for (const event of events)
      if (isVesselEvent(event) && event.mmsi < spoofer(0) && event.type === 'spoofing')
        told.set(event.id, [...(told.get(event.id) ?? []), event])
    expect(told.size).toBeGreaterThan(0)
    for (const revisions of told.values()) {
      const last = revisions.at(-1)!
      expect(last).toMatchObject({ phase: 'retracted', class: 'victim' })
      expect(last.evidence.at(-1)).toMatchObject({ name: 'drawn_with', family: 'witnesses' })
      expect(revisions.map(({ revision }) => revision)).toEqual(revisions.map((_, k) => k + 1))
    }
    // of most victims nothing was ever said
    expect(told.size).toBeLessThan(6)
  })
})

test('fewer than it takes are accused', () => {
  const events = run(story({ victims: 2, others: 5 }))
  expect(areas(events)).toEqual([])
  expect(accused(events)).toEqual([victim(0), victim(1)])
})

test('exactly as many as it takes are victims', () => {
  const events = run(story({ victims: 3 }))
  expect(areas(events)).toHaveLength(1)
  expect(accused(events)).toEqual([])
})

test('the same place one after the other, hours apart, is no jammer', () => {
  const events = run(story({ victims: 3, everyMin: 130, untilMin: 480 }))
  expect(areas(events)).toEqual([])
  expect(accused(events)).toHaveLength(3)
})

test('places that lie far apart are lies of their own', () => {
  const events = run(story({ victims: 0, spoofers: 5, others: 5 }))
  expect(areas(events)).toEqual([])
  expect(accused(events)).toHaveLength(5)
})

test('a recording that begins in the middle of it: those who come back were drawn', () => {
  const events = run(story({ victims: 8 }).filter(({ t }) => t > T0 + 150 * MS_PER_MIN))
  expect(areas(events)).toHaveLength(1)
  expect(accused(events)).toEqual([])
})

test('what was said long before stands', () => {
  // one of the victims had jumped, and stayed there, six hours before
  const reports = story({ victims: 6 }).map(report => ({ ...report, t: report.t + 360 * MS_PER_MIN }))
  const [mmsi, far] = [victim(0), destination(...ROAD, 300, 200 * M_PER_NM)]
  const before = Array.from({ length: 90 }, (_, k): PositionReport => ({
    ...{ mmsi, t: T0 + 4 * k * MS_PER_MIN, sog: 0.2, msgType: 1, txClass: 'A' },
    ...(k < 30 ? far : destination(...ROAD, 0, M_PER_NM)),
  }))
  const events = run([...before, ...reports])
  expect(areas(events)).toHaveLength(1)
  const [left] = finals(events).filter(e => e.type === 'spoofing')
  expect(left!.start.t).toBeLessThan(T0 + 120 * MS_PER_MIN)
  expect(accused(events)).toEqual([victim(0)])
})

test('shuffled within the reorder window or resumed from a snapshot it is the same', () => {
  const reports = story({ victims: 9, spoofers: 1, others: 3 })
  const whole = content(run(reports))
  expect(whole.length).toBeGreaterThan(1)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: reports.length - 1 }),
      fc.infiniteStream(fc.nat(99_999)),
      (cut, dice) => {
        const shuffled = reports
          .map(report => ({ report, at: report.t + dice.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ report }) => report)
        const told: DarkEvent[] = []
        const options = {
          config: { engine: { capacity: 256 } },
          onEvent: (event: DarkEvent) => void told.push(event),
        }
        const first = createEngine(options)
        for (const report of shuffled.slice(0, cut)) first.push(report)
        const second = createEngine({ ...options, restore: first.snapshot() })
        for (const report of shuffled.slice(cut)) second.push(report)
        second.flush()
        expect(content(told)).toEqual(whole)
      },
    ),
    { numRuns: 15 },
  )
})
