import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import type { PositionReport } from '../../../src/model/report.js'
import { finals, hour, MMSI, replay } from '../../helpers/replay.js'
import { company, inOrder, sailing } from './heard.js'

const isClock = ({ type, class: kind }: DarkEvent) => type === 'spoofing' && kind === 'clock'
const told = (reports: PositionReport[]) => replay(reports).filter(isClock)
const clocks = (...parts: PositionReport[][]) => finals(told(inOrder(...parts)))
/** The vessel on trial, by station A unless said otherwise. */
const her = (of: Partial<Parameters<typeof sailing>[0]> = {}) =>
  sailing({ mmsi: MMSI, receiver: 'A', to: 180, every: 1, aheadS: 20, ...of })
const others = company(6, { receiver: 'A', to: 180 })

describe('clock', () => {
  test('a vessel whose second is always off, among others that are right', () => {
    const [event, ...rest] = clocks(others, her())
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      ...{ type: 'spoofing', class: 'clock', phase: 'opened', mmsi: MMSI, end: null },
      details: { offsetS: -20, receivers: ['A'] },
    })
    expect(event!.id).toBe(`spoofing-${MMSI}-${event!.start.t}-clock`)
  })

  test('what her second says does not matter where the station itself is off by as much', () => {
    const late = { receiver: 'A', to: 180, fastMs: 20_000 }
    expect(clocks(company(6, late), her({ fastMs: 20_000, aheadS: 0 }))).toEqual([])
    // nor is one whose clock is right called off there
    expect(clocks(company(6, late), her({ fastMs: 20_000, aheadS: 20 }))).toEqual([])
  })

  test('for any offset: told from ten seconds on, either way, and never below', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 3 }), (aheadS, every) => {
        const found = clocks(others, her({ aheadS, every }))
        if (Math.abs(aheadS) < 10) expect(found).toEqual([])
        else expect(found.map(event => event.details['offsetS'])).toEqual([aheadS === 30 ? 30 : -aheadS])
      }),
      { numRuns: 60 },
    )
  })

  test('two stations of which one is wrong, hearing her in turn, accuse nobody', () => {
    const by = (receiver: string, fastMs: number) => company(6, { receiver, to: 180, fastMs })
    const turns = [0, 1].map(k =>
      her({ from: k, every: 2, aheadS: 0, receiver: k ? 'B' : 'A', fastMs: k ? 25_000 : 0 }),
    )
    expect(
      clocks(by('A', 0), company(6, { receiver: 'B', to: 180, fastMs: 25_000 }, 212_000_001), ...turns),
    ).toEqual([])
  })

  test('one more who is off alike clears it where they are heard, and not of what other stations heard before', () => {
    const atB = company(6, { receiver: 'B', to: 180 }, 212_000_001)
    const alike = (from: number) => her({ mmsi: 213_000_001, receiver: 'B', from })
    const later = [her({ to: 120 }), her({ from: 120, receiver: 'B' })]
    expect(clocks(others, atB, ...later, alike(120)).map(({ mmsi }) => mmsi)).toEqual([MMSI])
    expect(clocks(others, atB, her({ receiver: 'B' }), alike(0))).toEqual([])
  })

  test('a station whose clock is set in the middle accuses nobody', () => {
    const steps = (reports: PositionReport[]) =>
      reports.map(report => {
        const stepped = report.t >= hour(1.13) && report.t < hour(2.21)
        return stepped ? { ...report, t: report.t + 25_000 } : report
      })
    expect(told(inOrder(steps(others), steps(her({ aheadS: 0 }))))).toEqual([])
  })

  test('others who are off by the same are heard another way: what was said is taken back', () => {
    const three = company(3, { receiver: 'A', from: 90, to: 240, aheadS: 20 }, 212_000_001)
    const events = told(inOrder(company(12, { receiver: 'A', to: 240 }), her({ to: 240 }), three))
    expect(events.map(({ phase }) => phase)).toEqual(['opened', 'retracted'])
    expect(events.every(({ mmsi }) => mmsi === MMSI)).toBe(true)
  })

  test('satellites, repeaters, sets without a time and logs of whole minutes say nothing', () => {
    const rest = (more: Partial<PositionReport>) => clocks(others, her({ rest: more }))
    expect(rest({ collection: 'satellite' })).toEqual([])
    expect(rest({ repeat: 1 })).toEqual([])
    for (const utcSecond of [60, 61, 62, 63]) expect(rest({ utcSecond })).toEqual([])
    const whole = (reports: PositionReport[]) => reports.map(r => ({ ...r, t: r.t - (r.t % 60_000) }))
    expect(clocks(whole(others), whole(her({ aheadS: 0 })))).toEqual([])
    expect(clocks(others, her({ receiver: undefined }))).toEqual([])
  })

  test('needs others who are right, and time', () => {
    expect(clocks(company(1, { receiver: 'A', to: 180 }), her())).toEqual([])
    expect(clocks(company(2, { receiver: 'A', to: 180 }), her())).toHaveLength(1)
    // nine messages, then ten, over long enough; and many over too short a time
    const some = (n: number) => her({ from: 60, every: 6, to: 60 + 6 * n })
    expect(clocks(others, some(9))).toEqual([])
    expect(clocks(others, some(13))).toHaveLength(1)
    expect(clocks(others, her({ from: 60, to: 79, every: 0.25 }), her({ from: 90, aheadS: 0 }))).toEqual([])
  })

  test('ends at the last message that was off, when it has been right ten times', () => {
    const events = told(inOrder(others, her({ to: 100 }), her({ from: 100, aheadS: 0 })))
    expect(events.map(({ phase, revision }) => [phase, revision])).toEqual([
      ['opened', 1],
      ['closed', 2],
    ])
    const last = her({ to: 100 }).at(-1)!
    expect(events[1]!.end).toMatchObject({ t: last.t, lat: last.lat })
    expect(events[1]!.id).toBe(events[0]!.id)
    expect(told(inOrder(others, her({ to: 100 }), her({ from: 100, to: 109, aheadS: 0 })))).toHaveLength(1)
  })

  test('what the slots say of the time is told: sent when received, or when it says itself', () => {
    const slotted = (slotS: (report: PositionReport) => number) =>
      her().map(report => ({
        ...report,
        commState: (2 << 14) | Math.round(((slotS(report) % 60) * 2250) / 60),
      }))
    const names = (reports: PositionReport[]) => clocks(others, reports)[0]!.evidence.map(({ name }) => name)
    expect(names(slotted(({ t }) => (t / 1000) % 60))).toContain('slots_of_receipt')
    expect(names(slotted(({ utcSecond }) => utcSecond!))).toContain('slots_of_own')
    const minuteOf = (h: number, m: number) =>
      her().map(r => ({ ...r, commState: (1 << 14) | (h << 9) | (m << 2) }))
    expect(names(minuteOf(17, 3))).toContain('other_minute')
    expect(clocks(others, her({ aheadS: 18 }))[0]!.evidence.map(({ name }) => name)).toContain('gps_time')
  })

  test('resumed from a snapshot at any point it says the same', () => {
    const reports = inOrder(others, her({ to: 120 }), her({ from: 120, aheadS: 0 }))
    const whole = told(reports)
    for (const cut of [100, 300, 420, 500]) {
      const events: DarkEvent[] = []
      const options = {
        config: { engine: { capacity: 64, silenceCapacity: 64 } },
        onEvent: (event: DarkEvent) => events.push(event),
      }
      const first = createEngine(options)
      reports.slice(0, cut).forEach(report => first.push(report))
      const second = createEngine({ ...options, restore: first.snapshot() })
      reports.slice(cut).forEach(report => second.push(report))
      second.flush()
      expect(events.filter(isClock)).toEqual(whole)
    }
  })
})
