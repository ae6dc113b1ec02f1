import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { finals, hour, MMSI, replay } from '../../helpers/replay.js'
import { company, inOrder, sailing } from './heard.js'

const told = (reports: PositionReport[]) =>
  replay(reports).filter(({ type, class: kind }) => type === 'spoofing' && kind === 'footprint')
const footprints = (...parts: PositionReport[][]): DarkEvent[] => finals(told(inOrder(...parts)))

const MINUTES = 360
/** Two stations four degrees of latitude apart, each with ships of its own about it. */
const A = { receiver: 'A', lat: 54, lon: 4 }
const B = { receiver: 'B', lat: 58, lon: 4 }
const slow = { to: MINUTES, every: 4, sog: 1 }
const atA = company(12, { ...A, ...slow })
const atB = company(12, { ...B, ...slow }, 212_000_001)
/** Heard by A, and says that it is where B hears. */
const her = (of: Partial<Parameters<typeof sailing>[0]> = {}) =>
  sailing({ mmsi: MMSI, receiver: 'A', lat: B.lat, lon: B.lon + 0.2, to: MINUTES, every: 2, sog: 8, ...of })

describe('footprint', () => {
  test('heard by a station from four times its range away, and not by the one that should', () => {
    const [event, ...rest] = footprints(atA, atB, her())
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      ...{ type: 'spoofing', class: 'footprint', mmsi: MMSI, phase: 'opened', end: null },
      details: { station: 'A', notHeardBy: ['B'] },
    })
    expect((event!.details['distanceM'] as number) / 1852).toBeGreaterThan(200)
    expect(event!.id).toBe(`spoofing-${MMSI}-${event!.start.t}-footprint`)
  })

  test('wherever it says it is: none within three ranges, told beyond six', () => {
    const place = fc.record({ nm: fc.integer({ min: 5, max: 480 }), deg: fc.integer({ min: 0, max: 359 }) })
    fc.assert(
      fc.property(place, ({ nm, deg }) => {
        const turn = (deg * Math.PI) / 180
        const lat = A.lat + (nm * Math.cos(turn)) / 60
        const lon = A.lon + (nm * Math.sin(turn)) / 60 / Math.cos((lat * Math.PI) / 180)
        // somebody else hears there
        const there = company(12, { receiver: 'B', lat, lon, ...slow }, 212_000_001)
        const found = footprints(atA, there, her({ lat, lon, sog: 1 }))
        if (nm < 110) expect(found).toEqual([])
        if (nm > 240) expect(found.map(({ mmsi }) => mmsi)).toEqual([MMSI])
      }),
      { numRuns: 30 },
    )
  })

  test('whoever tells the truth is not told of, by whichever stations it is heard', () => {
    const both = [...atA, ...atA.map(report => ({ ...report, receiver: 'B' }))]
    expect(footprints(both, atB, her({ receiver: 'B' }))).toEqual([])
    expect(footprints(atA, atB)).toEqual([])
  })

  test('a station that can hear it there clears it', () => {
    expect(footprints(atA, atB, her(), her({ receiver: 'B' }))).toEqual([])
  })

  test('a night that carries far, and a satellite under the name of a station, accuse nobody', () => {
    const far = company(4, { receiver: 'A', lat: B.lat, lon: B.lon, ...slow }, 213_000_001)
    expect(footprints(atA, atB, far, her())).toEqual([])
    const everywhere = [3, 5, 7, 9, 11].flatMap(k =>
      sailing({ mmsi: 214_000_000 + k, receiver: 'A', lat: A.lat + k, lon: A.lon - 4 * k, ...slow }),
    )
    expect(footprints(atA, atB, everywhere, her())).toEqual([])
  })

  describe('where nobody hears', () => {
    const LONG = 600
    const long = { to: LONG, every: 4, sog: 0.5 }
    const home = company(12, { ...A, ...long })
    /** Half way, heard by a station of their own. */
    const way = { lat: 56.2, lon: 4 }
    const onTheWay = company(12, { receiver: 'C', ...way, ...long }, 212_000_001)
    /** Beyond the range of both. */
    const far = (of: Partial<Parameters<typeof sailing>[0]> = {}) =>
      her({ lat: 58.5, lon: 4.2, sog: 3, to: LONG, ...of })

    test('those on the way bear witness, when it lasts for longer than a night', () => {
      const [event, ...rest] = footprints(home, onTheWay, far())
      expect(rest).toEqual([])
      expect(event).toMatchObject({ mmsi: MMSI, details: { notHeardBy: [], othersThere: 0 } })
      expect(event!.details['othersOnTheWay']).toBeGreaterThanOrEqual(4)
      expect(event!.asOf - event!.start.t).toBeGreaterThanOrEqual(6 * 3_600_000)
      expect(footprints(home, onTheWay, far({ to: 400 }))).toEqual([])
      expect(footprints(home, far())).toEqual([])
      // who is there, but not on the way, is no witness
      const aside = company(12, { receiver: 'C', lat: 54.5, lon: 8.5, ...long }, 212_000_001)
      expect(footprints(home, aside, far())).toEqual([])
    })

    test('one other stranger, once, does not clear it for good', () => {
      const stray = sailing({ mmsi: 213_000_007, receiver: 'A', lat: 58.2, lon: 4, from: 180, to: 200 })
      const found = footprints(home, onTheWay, far(), stray)
      expect(found.map(({ mmsi }) => mmsi)).toEqual([MMSI])
    })

    test('nor of what a station there does not hear, hour after hour', () => {
      const there = company(12, { ...B, ...long }, 212_000_001)
      const strays = [60, 140].map(from =>
        sailing({ mmsi: 213_000_007, receiver: 'A', lat: 57, lon: 4, from, to: from + 80 }),
      )
      // at half of its range, where a weak set may be lost
      const [event, ...rest] = footprints(home, there, far({ lat: 58.33, lon: 4, sog: 0.5 }), ...strays)
      expect(rest).toEqual([])
      expect(event).toMatchObject({ mmsi: MMSI, details: { notHeardBy: ['B'] } })
      expect(event!.asOf - event!.start.t).toBeGreaterThanOrEqual(6 * 3_600_000)
    })

    test('those on the way who are carried too, if only as copies, clear it', () => {
      const copies = onTheWay.map(report => ({ ...report, receiver: 'A', t: report.t + 300 }))
      expect(footprints(home, onTheWay, copies, far())).toEqual([])
    })
  })

  test('satellites, repeaters and nameless receivers say nothing', () => {
    expect(footprints(atA, atB, her({ rest: { collection: 'satellite' } }))).toEqual([])
    expect(footprints(atA, atB, her({ rest: { repeat: 1 } }))).toEqual([])
    expect(footprints(atA, atB, her({ receiver: undefined }))).toEqual([])
  })

  test('nothing is known before an hour of ten ships', () => {
    // with her they are nine
    const few = company(8, { ...A, ...slow })
    expect(footprints(few, atB, her())).toEqual([])
    expect(footprints(atA, atB, her({ to: 50 }))).toEqual([])
  })

  test('ends at its last far fix, when it is heard as it ought to be', () => {
    const near = her({ from: 241, lat: A.lat + 0.1, lon: A.lon, sog: 1 })
    const events = told(inOrder(atA, atB, her({ to: 240 }), near))
    expect(events.map(({ phase, revision }) => [phase, revision])).toEqual([
      ['opened', 1],
      ['closed', 2],
    ])
    expect(events[1]!.end!.t).toBeLessThanOrEqual(hour(4) + 60_000)
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const reports = inOrder(atA, atB, her())
    const whole = told(reports).map(event => JSON.stringify(event))
    expect(whole).toHaveLength(1)
    const options = { config: { engine: { capacity: 64, silenceCapacity: 64 } } }
    for (const share of [0.05, 0.2, 0.5]) {
      const cut = Math.floor(share * reports.length)
      const events: DarkEvent[] = []
      const first = createEngine({ ...options, onEvent: event => events.push(event) })
      for (const report of reports.slice(0, cut)) first.push(report)
      const restore = first.snapshot()
      const second = createEngine({ ...options, restore, onEvent: event => events.push(event) })
      for (const report of reports.slice(cut)) second.push(report)
      second.flush()
      const own = events.filter(event => event.class === 'footprint')
      expect(own.map(event => JSON.stringify(event))).toEqual(whole)
    }
  })
})
