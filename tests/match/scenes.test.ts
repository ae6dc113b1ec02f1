// Pictures in the stream of reports: what is said of them depends on the reports and the pictures alone, not on how they
// come; it is told anew when more is known, and taken back when AIS explains a ship after all.

import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { EngineOptions } from '../../src/engine/api.js'
import type { Detection, Scene } from '../../src/model/detection.js'
import type { DarkEvent, VesselEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { placeAt } from '../../src/match/density.js'
import { createStays } from '../../src/match/stays.js'
import type { PictureSource } from '../../src/match/scenes.js'

const SMALL = { engine: { capacity: 64 } }
const T = Date.UTC(2024, 4, 14, 6)
const MIN = 60_000
const HOUR = 60 * MIN
const LON = 179.9 // the picture lies over ±180

const place = (east: number, north: number) => placeAt(-20, LON, east * 1852, north * 1852)

/** A ship on a straight way, a report every ten minutes: nautical miles from the middle at the time of the picture. */
function sails(mmsi: number, east: number, north: number, kn = 10, from = -14, to = 26): PositionReport[] {
  const out: PositionReport[] = []
  for (let m = from * 60; m <= to * 60; m += 10) {
    const t = T + m * MIN + (mmsi % 50) * 1000
    out.push({ mmsi, t, ...place(east + (kn * (t - T)) / HOUR, north), sog: kn, cog: 90, txClass: 'A' })
  }
  return out
}

const detection = (id: string, east: number, north: number, more: Partial<Detection> = {}): Detection => ({
  ...{ id, t: T, ...place(east, north), sigmaM: 50, lengthM: null, headingDeg: null, confidence: 0.98 },
  ...more,
})

function scene(detections: Detection[], more: Partial<Scene> = {}): Scene {
  // two rings, as an outline over ±180 is cut
  const [w, e] = [place(-40, 0).lon, place(40, 0).lon]
  const box = (a: number, b: number) => [a, -21, b, -21, b, -19, a, -19, a, -21]
  return {
    ...{ id: 'S1', sensor: 'optical', t: T, untilT: T, looking: null },
    footprint: [box(w, 180), box(-180, e)],
    detections,
    ...more,
  }
}

const FLEET = [
  ...sails(201_000_001, 0, 0),
  ...sails(201_000_002, 5, 5),
  ...sails(201_000_003, -8, 12),
  // falls silent five hours before the picture, and comes back nine hours after it
  ...sails(201_000_004, -10, -20).filter(({ t }) => t < T - 5 * HOUR || t > T + 9 * HOUR),
]
const inTime = (reports: readonly PositionReport[]): PositionReport[] =>
  [...reports].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
const PICTURE = scene([
  detection('a', 0, 0),
  detection('b', 5, 5),
  detection('c', -8, 12),
  detection('silent', -10, -20),
  detection('nobody', 20, 30),
])

function run(
  reports: readonly PositionReport[],
  pictures: readonly Scene[],
  { at = -1, ...options }: Partial<EngineOptions> & { at?: number } = {},
): DarkEvent[] {
  const events: DarkEvent[] = []
  const config = { ...options.config, engine: { capacity: 64, ...options.config?.engine } }
  const engine = createEngine({ scenes: {}, ...options, config, onEvent: event => events.push(event) })
  reports.forEach((report, k) => {
    if (k === at || (at < 0 && k === 0)) for (const picture of pictures) engine.pushScene(picture)
    engine.push(report)
  })
  if (reports.length === 0) for (const picture of pictures) engine.pushScene(picture)
  engine.flush()
  return events
}

const last = (events: readonly DarkEvent[], id: (event: DarkEvent) => boolean): DarkEvent | undefined =>
  events.filter(id).at(-1)
const of = (name: string) => (event: DarkEvent) =>
  event.type === 'unmatched_detection' && event.details['detection'] === name
const ofScene = (event: DarkEvent) => event.type === 'scene'
const final = (events: readonly DarkEvent[]): unknown[] => {
  const byId = new Map(events.map(event => [event.id, event]))
  return [...byId.values()]
    .filter(({ phase }) => phase !== 'retracted')
    .map(({ revision: _, asOf: __, ...rest }) => rest)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

describe('a picture', () => {
  test('tells of what no track explains, and of nothing else', () => {
    const events = run(inTime(FLEET), [PICTURE])
    for (const name of ['a', 'b', 'c']) expect(last(events, of(name))?.phase ?? 'retracted').toBe('retracted')
    const nobody = last(events, of('nobody'))!
    expect(nobody.phase).toBe('closed')
    // the silent ship can have been there, but it is elsewhere in the picture
    const [link] = nobody.details['silences'] as { mmsi: number; p: number }[]
    expect(link!.mmsi).toBe(201_000_004)
    expect(link!.p).toBeLessThan(0.05)
    const silent = last(events, of('silent'))!
    expect(silent).toMatchObject({ phase: 'closed', class: 'silence_in_reach' })
    expect(silent.details['silences']).toMatchObject([{ rank: 1, mmsi: 201_000_004 }])
    expect((silent.details['silences'] as { p: number }[])[0]!.p).toBeGreaterThan(0.4)
    expect(last(events, ofScene)!.details['counts']).toMatchObject({
      found: 5,
      matched: 3,
      dark: 2,
      missed: 0,
    })
  })

  test('becomes evidence of the gap, and stays so when the gap closes', () => {
    const events = run(inTime(FLEET), [PICTURE])
    const gap = last(events, event => event.type === 'gap' && event.mmsi === 201_000_004) as VesselEvent
    expect(gap.phase).toBe('closed')
    expect(gap.evidence.filter(({ name }) => name === 'satellite_detection')).toHaveLength(1)
    const revisions = events.filter(({ id }) => id === gap.id).map(({ revision }) => revision)
    expect(revisions).toEqual(revisions.map((_, k) => k + 1))
  })

  test('is told of an open silence before that ends', () => {
    const until = inTime(FLEET).filter(({ t }) => t < T + 5 * HOUR)
    const silent = last(run(until, [PICTURE]), of('silent'))!
    expect(silent.phase).not.toBe('closed')
    expect(silent.details['silences']).toMatchObject([{ mmsi: 201_000_004, open: true }])
  })

  test('says that a vessel should have been seen', () => {
    const events = run(inTime(FLEET), [scene([detection('b', 5, 5), detection('c', -8, 12)])])
    expect(last(events, ofScene)!.details['missed']).toMatchObject([{ mmsi: 201_000_001 }])
    const outside = run(inTime(FLEET), [scene([detection('b', 5, 5)], { footprint: null })])
    expect(last(outside, ofScene)!.details['missed']).toEqual([])
    expect(last(outside, ofScene)!.details['expected']).toBeNull()
  })

  test('without AIS is not judged, and says why', () => {
    const later = scene([detection('x', 0, 0, { t: T + 90 * HOUR })], {
      t: T + 90 * HOUR,
      untilT: T + 90 * HOUR,
    })
    const [event, ...others] = run(inTime(FLEET), [later]).filter(
      ({ type }) => type === 'scene' || type === 'unmatched_detection',
    )
    expect(others).toEqual([])
    expect(event!.details).toMatchObject({
      notJudged: 'no AIS within 12 h',
      counts: { found: 1, dark: 0, notJudged: 1 },
    })
    const far = scene([{ ...detection('x', 0, 0), lat: 40, lon: 0 }], { footprint: null })
    expect(last(run(inTime(FLEET), [far]), ofScene)!.details['notJudged']).toBe(
      'no AIS within 12 h and 200 nm',
    )
  })

  test('is taken back when late AIS explains it', () => {
    // the ship that nobody knows turns out to be heard by a feed that is two hours behind
    const late = sails(201_000_009, 20, 30, 10, -2, 2)
    const events = run(
      [
        ...inTime(FLEET).filter(({ t }) => t < T + 2 * HOUR),
        ...late.map(report => ({ ...report, receivedAt: T + 2 * HOUR })),
        ...inTime(FLEET).filter(({ t }) => t >= T + 2 * HOUR),
      ],
      [PICTURE],
      { config: { engine: { reorderWindowS: 0 } } },
    )
    const told = events.filter(of('nobody'))
    expect(told[0]!.phase).toBe('opened')
    expect(told.at(-1)!.phase).toBe('retracted')
    expect(told.map(({ revision }) => revision)).toEqual(told.map((_, k) => k + 1))
  })

  test('shows who lay beside a dark ship', () => {
    const events = run(inTime([...FLEET, ...sails(201_000_007, -15, 3, 0)]), [
      scene([detection('seven', -15, 3), detection('beside', -15, 3.2)]),
    ])
    const meeting = last(events, ({ type }) => type === 'dark_rendezvous') as VesselEvent
    expect(meeting).toMatchObject({ mmsi: 201_000_007, class: 'seen_by_satellite', details: { level: 'D' } })
  })

  test('does not take a platform for a ship, told or learned', () => {
    const at = place(20, 30)
    const masked = run(inTime(FLEET), [PICTURE], {
      scenes: { mask: { points: [{ ...at, radiusM: 200, name: null }], areas: [] } },
    })
    expect(masked.filter(of('nobody'))).toEqual([])
    expect(last(masked, ofScene)!.details['counts']).toMatchObject({ fixed: 1 })
    const before = [-40, -30, -20, -10].map(day =>
      scene([detection('rig', 20, 30, { t: T + day * 24 * HOUR })], {
        id: `before ${day}`,
        t: T + day * 24 * HOUR,
        untilT: T + day * 24 * HOUR,
      }),
    )
    expect(run(inTime(FLEET), [...before, PICTURE]).filter(of('nobody'))).toEqual([])
    // seen once before it may be the same ship, waiting
    expect(run(inTime(FLEET), [before[3]!, PICTURE]).filter(of('nobody'))).not.toEqual([])
  })

  test('handed in twice counts once', () => {
    const engine = createEngine({ scenes: {}, onEvent: () => undefined })
    expect(engine.pushScene(PICTURE)).toBe(true)
    expect(engine.pushScene(PICTURE)).toBe(false)
  })
})

describe('laws', () => {
  const reports = inTime(FLEET)
  const whole = run(reports, [PICTURE])

  test('the order of pictures and of reports within the window changes nothing', () => {
    const second = scene([detection('z', 0, 0, { t: T + HOUR })], { id: 'S2', t: T + HOUR, untilT: T + HOUR })
    expect(final(run(reports, [second, PICTURE]))).toEqual(final(run(reports, [PICTURE, second])))
    // neighbours change places: seconds apart
    const swapped = [...reports]
    for (let k = 0; k + 1 < swapped.length; k += 2)
      [swapped[k], swapped[k + 1]] = [swapped[k + 1]!, swapped[k]!]
    const near = reports.every((report, k) => Math.abs(report.t - swapped[k]!.t) < 2 * HOUR)
    expect(near).toBe(true)
    const config = { engine: { reorderWindowS: 3600 } }
    expect(final(run(swapped, [PICTURE], { config }))).toEqual(final(run(reports, [PICTURE], { config })))
  })

  test('pictures that are fetched when their time comes say what those say that are handed in before', () => {
    const at = (id: string, h: number) =>
      scene([detection(id, 3, 3, { t: T + h * HOUR })], { id, t: T + h * HOUR, untilT: T + h * HOUR })
    const pictures = [at('before', -40), at('early', -3), PICTURE, at('soon', 1), at('after', 90)]
    const stays = createStays()
    for (const { detections } of pictures) stays.add(detections)
    let next = 0
    const source: PictureSource = {
      stays: stays.state,
      get nextT() {
        return pictures[next]?.t ?? Infinity
      },
      next: () => pictures[next++]!,
    }
    expect(run(reports, [], { scenes: { pictures: source } })).toEqual(run(reports, pictures))
    expect(next).toBe(pictures.length)
  })

  test('resuming at any point changes nothing', () => {
    for (const cut of [180, 345, 500]) {
      const events: DarkEvent[] = []
      const onEvent = (event: DarkEvent): void => void events.push(event)
      const first = createEngine({ scenes: {}, config: SMALL, onEvent })
      first.pushScene(PICTURE)
      reports.slice(0, cut).forEach(report => first.push(report))
      const second = createEngine({ scenes: {}, config: SMALL, onEvent, restore: first.snapshot() })
      reports.slice(cut).forEach(report => second.push(report))
      second.flush()
      expect(events).toEqual(whole)
    }
  })

  test('a picture that comes hours late says the same of who is dark', () => {
    const at = reports.findIndex(({ t }) => t > T + 6 * HOUR)
    const late = run(reports, [PICTURE], { at, scenes: { late: true } })
    expect(last(late, ofScene)!.details['counts']).toEqual(last(whole, ofScene)!.details['counts'])
    expect(last(late, of('silent'))!.details['silences']).toMatchObject([{ mmsi: 201_000_004 }])
    const blind = run(reports, [PICTURE], { at })
    expect(last(blind, ofScene)!.details['notJudged']).toBe('it came late, and positions are not kept')
    expect(blind.filter(of('silent'))).toEqual([])
  })

  test('all longitudes moved, all the same', () => {
    const turn = (lon: number): number => ((lon + 100 + 540) % 360) - 180
    const moved = reports.map(report => ({ ...report, lon: turn(report.lon!) }))
    const picture = {
      ...PICTURE,
      footprint: [
        [
          turn(place(-40, 0).lon),
          -21,
          turn(place(40, 0).lon),
          -21,
          turn(place(40, 0).lon),
          -19,
          turn(place(-40, 0).lon),
          -19,
          turn(place(-40, 0).lon),
          -21,
        ],
      ],
      detections: PICTURE.detections.map(each => ({ ...each, lon: turn(each.lon) })),
    }
    const counts = (events: readonly DarkEvent[]) => last(events, ofScene)!.details['counts']
    expect(counts(run(moved, [picture]))).toEqual(counts(whole))
  })
})
