import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { createRandom } from '../../../src/simulate/random.js'
import { content, finals, MMSI, replay, T0 } from '../../helpers/replay.js'
import { coastNm } from '../../helpers/coast.js'

/** How a set fills its fields. */
const SET = { accuracy: false, raim: false, msgType: 1, navStatus: 0, commState: 77, rot: 0 } as const
const ODD = { accuracy: true, raim: true, msgType: 3, navStatus: 8, commState: 0 } as const

interface Ship {
  mmsi: number
  /** Hours of the script. */
  from?: number
  to?: number
  lat?: number
  lon?: number
  fields?: Partial<PositionReport>
  everyMin?: number
}

/** A ship that goes to and fro over half a degree at ten knots. */
function sail({
  mmsi,
  from = 0,
  to = 24,
  lat = 55,
  lon = 5,
  fields = SET,
  everyMin = 4,
}: Ship): PositionReport[] {
  const reports: PositionReport[] = []
  for (let t = T0 + from * MS_PER_HOUR; t < T0 + to * MS_PER_HOUR; t += everyMin * MS_PER_MIN) {
    const miles = (((t - T0) / MS_PER_HOUR) * 10) % 60
    const away = Math.min(miles, 60 - miles) / 60
    reports.push({
      ...{ mmsi, t, txClass: 'A', sog: 10, heading: 90, receiver: 'Texel', collection: 'terrestrial' },
      ...{ lat: lat + away, lon, ...fields },
    })
  }
  return reports
}

/** Traffic that has been there all along, in every degree around. */
const traffic = (fields?: (k: number) => Partial<PositionReport>) =>
  Array.from({ length: 40 }, (_, k) =>
    sail({
      ...{ mmsi: MMSI + 100 + k, lat: 53.2 + (k % 5), lon: 3.2 + Math.floor(k / 5) },
      ...(fields && { fields: fields(k) }),
    }),
  )
const group = (count: number, rest: Partial<Ship> = {}) =>
  Array.from({ length: count }, (_, k) =>
    sail({ mmsi: MMSI + k, from: 14 + k / 10, lat: 55 + k / 50, lon: 5 + k / 50, fields: ODD, ...rest }),
  )
const inOrder = (...parts: PositionReport[][]) => parts.flat().sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
const isGroup = (event: DarkEvent) => event.class === 'fabricated_group'
const told = (...parts: PositionReport[][]) => finals(replay(inOrder(...parts))).filter(isGroup)
const members = (count: number) => Array.from({ length: count }, (_, k) => MMSI + k)

describe('fabricated group: laws', () => {
  test('all members are told, each with the whole group; nobody else is, whatever is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 8 }), fc.nat(), (count, seed) => {
        const random = createRandom(seed)
        const heard = group(count).map(ship => ship.filter(() => !random.chance(0.2)))
        const events = told(...heard, ...traffic())
        expect(events.map(({ mmsi }) => mmsi).sort()).toEqual(members(count))
        for (const event of events) {
          expect(event.details['group']).toEqual(members(count))
          expect(event.start.t).toBe(heard[event.mmsi! - MMSI]![0]!.t)
        }
      }),
      { numRuns: 8 },
    )
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const reports = inOrder(...group(5), ...traffic())
    const whole = content(replay(reports))
    expect(whole.filter(line => line.includes('"fabricated_group"'))).toHaveLength(5)
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
      { numRuns: 5 },
    )
  })
})

describe('fabricated group', () => {
  test('needs four, within a day and sixty miles, heard by one station', () => {
    expect(told(...group(3), ...traffic())).toEqual([])
    expect(told(...group(4), ...traffic())).toHaveLength(4)
    const far = sail({ mmsi: MMSI + 3, from: 14, lat: 56.2, fields: ODD })
    expect(told(...group(3), far, ...traffic())).toEqual([])
    const apart = sail({ mmsi: MMSI + 3, from: 14, lat: 55, fields: { ...ODD, receiver: 'Den Helder' } })
    const helder = traffic(() => ({ ...SET, receiver: 'Den Helder' }))
    expect(told(...group(3), apart, ...traffic(), ...helder)).toEqual([])
  })

  test('says nothing where the bits are not known', () => {
    const bare = group(5).map(ship => ship.map(({ accuracy: _a, raim: _r, ...report }) => report))
    expect(told(...bare, ...traffic())).toEqual([])
  })

  test('is over when a member falls silent', () => {
    const script = [...inOrder(...group(4, { to: 18 }), ...traffic()), 24.1]
    expect(finals(replay(script)).filter(isGroup)).toMatchObject(Array(4).fill({ phase: 'closed' }))
  })

  test('is taken back when its way of filling fields turns out to be that of many', () => {
    // they were there before; their first reports under way come later
    const late = Array.from({ length: 8 }, (_, k) =>
      sail({ mmsi: MMSI + 50 + k, from: 18, lat: 51.3, lon: 2.1 + k / 50, fields: ODD }),
    )
    const events = replay(inOrder(...group(4), ...late, ...traffic()))
    expect(events.filter(isGroup).filter(({ phase }) => phase === 'retracted')).toHaveLength(4)
    expect(finals(events).filter(isGroup)).toEqual([])
  })
})

describe('what looks like a fabricated group', () => {
  test('a fleet with a make that is not unusual', () => {
    expect(told(...group(6, { fields: SET }), ...traffic())).toEqual([])
    expect(told(...group(6), ...traffic(k => (k % 5 === 0 ? ODD : SET)))).toEqual([])
    // rate of turn is what the way makes of it
    const turning = group(6, { fields: SET }).map(ship => ship.map((r, k) => ({ ...r, rot: k % 9 })))
    expect(told(...turning, ...traffic())).toEqual([])
  })

  test('one whose make nobody else had so far, among few', () => {
    const few = (count: number) => traffic().slice(0, count)
    expect(told(...group(6), ...few(31))).toEqual([])
    expect(told(...group(6), ...few(34))).toHaveLength(6)
  })

  test('two groups by one program are no witnesses for each other', () => {
    const other = Array.from({ length: 5 }, (_, k) =>
      sail({ mmsi: MMSI + 20 + k, from: 15 + k / 10, lat: 55 + k / 50, lon: 8 + k / 50, fields: ODD }),
    )
    expect(told(...group(5), ...other, ...traffic())).toHaveLength(10)
  })

  test('one that has been there from the beginning, or comes in from outside', () => {
    expect(told(...group(6, { from: 0 }), ...traffic())).toEqual([])
    const outside = Array.from({ length: 6 }, (_, k) =>
      sail({ mmsi: MMSI + k, from: 14, lat: 52.1, lon: 2.1 + k / 50, fields: ODD }),
    )
    expect(told(...outside, ...traffic())).toEqual([])
  })

  test('one in waters that are open to one side: it came from there', () => {
    const west = traffic().map(ship => ship.map(r => (r.lon! > 5.5 ? { ...r, lon: r.lon! - 8 } : r)))
    expect(told(...group(6), ...west)).toEqual([])
    // the next degree but one is near enough
    const gap = traffic().filter(ship => Math.floor(ship[0]!.lon!) !== 6)
    expect(told(...group(6), ...gap)).toHaveLength(6)
  })

  test('one that lies still when it is first heard: it was in port', () => {
    const lying = group(6).map(ship => ship.map((r, k) => (k < 5 ? { ...r, sog: 0.1 } : r)))
    expect(told(...lying, ...traffic())).toEqual([])
  })

  test('one near the shore', () => {
    const script = inOrder(...group(6), ...traffic())
    expect(finals(replay(script, { coast: coastNm(9) })).filter(isGroup)).toEqual([])
    expect(finals(replay(script, { coast: coastNm(11) })).filter(isGroup)).toHaveLength(6)
  })

  test('one that a new station hears at once, or one that was deaf, or a satellite', () => {
    const by = (receiver: string) => group(6, { fields: { ...ODD, receiver } })
    expect(told(...by('new'), ...traffic())).toEqual([])
    // two hours after it hears again, whoever was in its range has been heard
    const since = (hours: number) =>
      traffic().map(ship =>
        ship.filter(({ t }) => t < T0 + 9 * MS_PER_HOUR || t > T0 + (14 - hours) * MS_PER_HOUR),
      )
    expect(told(...group(6), ...since(1.9))).toEqual([])
    expect(told(...group(6), ...since(2.1))).toHaveLength(6)
    const deaf = traffic().map(ship =>
      ship.filter(({ t }) => t < T0 + 9 * MS_PER_HOUR || t > T0 + 13.5 * MS_PER_HOUR),
    )
    expect(told(...group(6), ...deaf)).toEqual([])
    expect(told(...group(6, { fields: { ...ODD, collection: 'satellite' } }), ...traffic())).toEqual([])
  })
})
