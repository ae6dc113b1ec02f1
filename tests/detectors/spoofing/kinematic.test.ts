import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PositionReport } from '../../../src/model/report.js'
import { createEngine } from '../../../src/engine/engine.js'
import type { DarkEvent } from '../../../src/model/event.js'
import { content, finals, hour, replay, T0 } from '../../helpers/replay.js'
import { endOf, way, type Way } from '../../helpers/tracks.js'

const all = (reports: PositionReport[]) =>
  replay(reports.sort((a, b) => a.t - b.t)).filter(event => event.class === 'kinematic')
const told = (reports: PositionReport[]) => finals(all(reports))

/** A way that was told truly for half an hour, and then not. */
function lie(later: Way['told'], options: Partial<Way> = {}): PositionReport[] {
  return way({ minutes: 75, ...options, told: (report, m) => (m < 30 ? {} : later!(report, m)) })
}

describe('kinematic', () => {
  test('whoever tells the truth is not told of: any speed, course and rate, with noise and clocks', () => {
    const noise = fc.infiniteStream(fc.integer({ min: -100, max: 100 }))
    const any = fc.record({
      kn: fc.integer({ min: 0, max: 400 }).map(x => x / 10),
      cog: fc.integer({ min: 0, max: 359 }),
      everyS: fc.constantFrom(2, 6, 10, 30, 60, 120, 180, 600),
      lat: fc.integer({ min: -75, max: 75 }),
      lon: fc.constantFrom(-179.99, -60, 0, 179.95),
    })
    fc.assert(
      fc.property(any, noise, (options, some) => {
        const jitter = () => (some.next().value as number) / 100
        const reports = way({
          ...{ ...options, minutes: 60 },
          told: ({ t, lat, lon, sog, cog }) => ({
            ...{
              t: t + Math.round(jitter() * 900),
              lat: lat! + jitter() * 2e-4,
              lon: lon! + jitter() * 2e-4,
            },
            ...{ sog: Math.max(0, sog! + jitter() / 4), cog: (cog! + jitter() * 3 + 360) % 360 },
          }),
        })
        expect(told(reports)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('whoever goes more than twice as fast as told for ten minutes is, from the first fix that contradicts', () => {
    const [event, ...rest] = told(lie(() => ({ sog: 4 })))
    expect(rest).toEqual([])
    expect(event).toMatchObject({ type: 'spoofing', phase: 'opened', details: { contradiction: 'faster' } })
    expect(Math.abs(event!.start.t - (T0 + 30 * 60_000))).toBeLessThanOrEqual(120_000)
    expect(event!.asOf - event!.start.t).toBeGreaterThanOrEqual(600_000)
    expect(event!.asOf - event!.start.t).toBeLessThan(900_000)
  })

  test('half as fast is not too slow, nor twice as fast too fast', () => {
    expect(told(lie(() => ({ sog: 6.1 })))).toEqual([])
    expect(told(lie(() => ({ sog: 5 })))).toHaveLength(1)
    expect(told(lie(() => ({ sog: 23 })))).toEqual([])
    expect(told(lie(({ cog }, m) => ({ sog: 30, cog: cog! + (m % 3) })))).toEqual([]) // a speed that is stuck
    expect(told(lie((_, m) => ({ sog: 30 + (m % 3) })))).toHaveLength(1)
  })

  test('a passage that is told from where it lies', () => {
    const [event] = told(lie((_, m) => ({ lat: 55.1, lon: 3.2 + (m % 3) * 2e-5, sog: 12 + (m % 3) / 10 })))
    expect(event).toMatchObject({ details: { contradiction: 'slower' } })
  })

  test('a course that leads elsewhere, by thirty degrees or more', () => {
    const off = (deg: number) => lie((_, m) => ({ cog: (90 + deg + (m % 3)) % 360 }))
    expect(told(off(25))).toEqual([])
    const [event] = told(off(60))
    expect(event).toMatchObject({ details: { contradiction: 'elsewhere' } })
    expect(Math.abs(event!.details['courseOffDeg'] as number)).toBeCloseTo(60, -1)
    // a course that never changes is stuck
    expect(told(lie(() => ({ cog: 200 })))).toEqual([])
  })

  test('whoever tacks, however long the legs and wherever they begin, tells the truth', () => {
    const legs = fc.record({
      legS: fc.constantFrom(40, 59, 60, 61, 90, 119, 120, 180, 240),
      shiftS: fc.nat(119),
    })
    const sailed = fc.record({
      kn: fc.integer({ min: 5, max: 12 }),
      everyS: fc.constantFrom(10, 30),
      wind: fc.nat(359),
    })
    fc.assert(
      fc.property(legs, sailed, ({ legS, shiftS }, { kn, everyS, wind }) => {
        const reports: PositionReport[] = []
        let [lat, lon] = [54, 3]
        for (let s = 0; s < 3600; s += everyS) {
          const cog = (wind + (Math.floor((s + shiftS) / legS) % 2 === 0 ? 45 : 315)) % 360
          const nm = (kn * everyS) / 3600
          lat += (nm / 60) * Math.cos((cog * Math.PI) / 180)
          lon += ((nm / 60) * Math.sin((cog * Math.PI) / 180)) / Math.cos((lat * Math.PI) / 180)
          reports.push({ mmsi: 244_000_001, t: T0 + 1000 * s, lat, lon, sog: kn + (s % 90) / 300, cog })
        }
        expect(told(reports)).toEqual([])
      }),
    )
  })

  test('ends with the last fix that contradicts, or at a silence', () => {
    const later = lie((_, m) => (m < 50 ? { sog: 3 } : {}))
    const [closed] = told(later)
    expect(closed!.phase).toBe('closed')
    expect(Math.abs(closed!.end!.t - (T0 + 50 * 60_000))).toBeLessThanOrEqual(130_000)
    const reports = lie(() => ({ sog: 3 }), { minutes: 50 })
    const [gone] = told([...reports, ...way({ ...endOf(reports), from: 60, minutes: 5 })])
    expect(gone).toMatchObject({ phase: 'closed' })
    expect(Math.abs(gone!.end!.t - (T0 + 50 * 60_000))).toBeLessThanOrEqual(130_000)
  })

  test('a set without a speed tells none; one that had one does', () => {
    expect(told(way({ minutes: 90, told: () => ({ sog: 0, cog: 0 }) }))).toEqual([])
    expect(told(lie(() => ({ sog: 0 })))).toHaveLength(1)
    expect(told(lie(() => ({ sog: undefined as never })))).toEqual([])
  })

  test('a feed in which many contradict themselves is wrong itself', () => {
    const ships = (count: number) =>
      Array.from({ length: count }, (_, k) =>
        lie(() => ({ sog: 1.2 }), { lat: 50 + k, mmsi: 211000000 + k }),
      ).flat()
    expect(told(ships(1))).toHaveLength(1)
    expect(told(ships(4))).toEqual([])
    // a liar or two among many that agree are told of
    const honest = Array.from({ length: 12 }, (_, k) =>
      way({ minutes: 75, lat: 30 + k, mmsi: 212000000 + k }),
    ).flat()
    expect(told([...ships(2), ...honest])).toHaveLength(2)
  })

  test('turns, coarse places, long ways between fixes and messages given again say nothing', () => {
    const circle = way({
      minutes: 60,
      told: (_, m) => {
        const deg = (m * 360) / 2
        const rad = (deg * Math.PI) / 180
        return {
          lat: 55 + 0.002 * Math.cos(rad),
          lon: 3 + 0.0035 * Math.sin(rad),
          sog: 23,
          cog: (deg + 90) % 360,
        }
      },
    })
    expect(told(circle)).toEqual([])
    expect(told(lie(() => ({ sog: 3, msgType: 27 })))).toEqual([])
    expect(told(lie(() => ({ sog: 3 }), { everyS: 200 }))).toEqual([])
    const held = way({ minutes: 10 })
    const again = Array.from({ length: 20 }, (_, k) => ({ ...held.at(-1)!, t: held.at(-1)!.t + k * 60_000 }))
    expect(told([...held, ...again])).toEqual([])
  })

  test('two ships on one number take it back', () => {
    const liar = lie(() => ({ sog: 3 }), { minutes: 300 })
    const other = way({ minutes: 180, from: 110, everyS: 290, lat: -20, lon: 100 })
    const events = all([...liar, ...other])
    expect(events.some(({ phase }) => phase === 'retracted')).toBe(true)
  })

  test('goes on where a snapshot was taken', () => {
    const reports = lie((_, m) => (m < 60 ? { sog: 3 } : {}))
    const whole = content(replay(reports))
    for (const cut of [150, 200, 240, 300, 380]) {
      const events: DarkEvent[] = []
      const config = { engine: { capacity: 64, silenceCapacity: 64 } }
      const onEvent = (event: DarkEvent) => events.push(event)
      const first = createEngine({ config, onEvent })
      for (const report of reports.slice(0, cut)) first.push(report)
      const second = createEngine({ config, onEvent, restore: first.snapshot() })
      for (const report of reports.slice(cut)) second.push(report)
      second.flush()
      expect(content(events)).toEqual(whole)
    }
  })

  test('a lie under another midnight, across ±180 and in pieces is the same lie', () => {
    const facts = (reports: PositionReport[], dt: number) =>
      told(reports).map(({ start, end, score }) => [start.t - dt, end && end.t - dt, score])
    const here = facts(
      lie(() => ({ sog: 3 })),
      0,
    )
    expect(here).toHaveLength(1)
    expect(
      facts(
        lie(() => ({ sog: 3 }), { lon: 179.9 }),
        0,
      ),
    ).toEqual(here)
    const dt = hour(7) - T0
    expect(
      facts(
        lie(() => ({ sog: 3 })).map(report => ({ ...report, t: report.t + dt })),
        dt,
      ),
    ).toEqual(here)
  })
})
