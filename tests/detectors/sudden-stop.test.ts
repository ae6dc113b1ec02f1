import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { finals, MMSI, T0 } from '../helpers/replay.js'
import { coastNm } from '../helpers/coast.js'

const tanker: StaticData = { shipType: 80, length: 180, name: 'ASTRA' }

interface Leg {
  /** Seconds that it lasts, and the speed at its end; the speed changes evenly. */
  s: number
  kn: number
  /** What it reports instead of that speed. */
  told?: number
  /** It stays where it is, whatever the speed. */
  stands?: boolean
}

/** Reports every five seconds, northward from 55° N 3° E. */
function track(legs: Leg[], from = 0): PositionReport[] {
  const out: PositionReport[] = []
  let lat = 55
  let kn = legs[0]!.kn
  let t = T0
  for (const leg of legs) {
    for (let s = 5; s <= leg.s; s += 5) {
      const now = kn + ((leg.kn - kn) * s) / leg.s
      t += 5000
      if (!leg.stands) lat += (now * 5) / 3600 / 60
      const sog = Math.round(10 * (leg.told ?? now)) / 10
      if (t - T0 > from * 1000)
        out.push({ mmsi: MMSI, t, lat, lon: 3, sog, cog: 0, heading: 0, msgType: 1, txClass: 'A' })
    }
    kn = leg.kn
  }
  return out
}

function all(
  reports: PositionReport[],
  ship: StaticData | null = tanker,
  options: Partial<EngineOptions> = {},
) {
  const events: DarkEvent[] = []
  const engine = createEngine({
    config: { engine: { capacity: 64 } },
    ...options,
    onEvent: e => events.push(e),
  })
  if (ship) engine.pushStatic({ mmsi: MMSI, t: T0, ...ship })
  for (const report of reports) engine.push(report)
  engine.flush()
  return events.filter(({ type }) => type === 'sudden_stop')
}
const stops = (...args: Parameters<typeof all>) => finals(all(...args))

const RUN: Leg = { s: 600, kn: 12 }
const aground = [RUN, { s: 20, kn: 0.2 }, { s: 300, kn: 0.2 }]

describe('sudden stop', () => {
  test('from speed to nothing in seconds, and it stays', () => {
    const [event, ...rest] = stops(track(aground))
    expect(rest).toEqual([])
    expect(event).toMatchObject({ phase: 'opened', mmsi: MMSI, details: { lengthM: 180 } })
    expect(event!.details['fromKn']).toBeGreaterThan(7)
    expect(event!.details['stoppedWithinS']).toBeLessThanOrEqual(30)
  })

  test('only from more than seven knots, within half a minute, and for a minute', () => {
    expect(
      stops(
        track([
          { s: 600, kn: 7 },
          { s: 20, kn: 0.2 },
          { s: 300, kn: 0.2 },
        ]),
      ),
    ).toEqual([])
    expect(stops(track([RUN, { s: 60, kn: 0 }, { s: 300, kn: 0 }]))).toEqual([])
    expect(stops(track([RUN, { s: 20, kn: 0.2 }, { s: 55, kn: 0.2 }]))).toEqual([])
    expect(stops(track([RUN, { s: 20, kn: 0.2 }, { s: 65, kn: 0.2 }]))).toHaveLength(1)
    expect(stops(track([RUN, { s: 20, kn: 1.2 }, { s: 300, kn: 1.2 }]))).toEqual([])
  })

  test('the way that ships stop is none', () => {
    expect(stops(track([RUN, { s: 240, kn: 0 }, { s: 600, kn: 0 }]))).toEqual([])
  })

  test('a speed that drops out, or jumps up at rest, is not confirmed by the positions', () => {
    expect(stops(track([RUN, { s: 300, kn: 12, told: 0 }, RUN]))).toEqual([])
    const spike: Leg[] = [
      { s: 600, kn: 0 },
      { s: 10, kn: 0, told: 12 },
      { s: 300, kn: 0 },
    ]
    expect(stops(track(spike))).toEqual([])
    expect(
      stops(
        track([
          { s: 600, kn: 0, told: 12 },
          { s: 300, kn: 0, told: 0 },
        ]),
      ),
    ).toEqual([])
  })

  test('a set that hung had not stopped: it is taken back', () => {
    const hangs = track([RUN, { s: 120, kn: 12, told: 0, stands: true }])
    const on = track([RUN, { s: 120, kn: 12 }, RUN], 720)
    const events = all([...hangs, ...on])
    expect(events.map(({ phase }) => phase)).toEqual(['opened', 'retracted'])
  })

  test('small, fast and working craft, and ships of which nothing is known, are not looked at', () => {
    const reports = track(aground)
    for (const ship of [
      null,
      {},
      { shipType: 80, length: 49 },
      { shipType: 40, length: 60 },
      { shipType: 50, length: 60 },
    ])
      expect(stops(reports, ship)).toEqual([])
    expect(stops(reports.map(report => ({ ...report, txClass: 'B' as const })))).toEqual([])
    expect(stops(reports, { shipType: 60, length: 50 })).toHaveLength(1)
  })

  test('nor at a berth: by the coast, by the ports, by what it says', () => {
    const coast = (nm: number) => ({
      coast: coastNm(nm),
    })
    expect(stops(track(aground), tanker, coast(0.4))).toEqual([])
    expect(stops(track(aground), tanker, coast(0.6))).toHaveLength(1)
    expect(stops(track(aground), tanker, { ports: { at: () => ({}) } as never })).toEqual([])
    const moored = (navStatus: number) =>
      track(aground).map(report => ({ ...report, navStatus: report.sog! < 1 ? navStatus : 0 }))
    for (const navStatus of [1, 5]) expect(stops(moored(navStatus))).toEqual([])
    const [event] = stops(moored(6))
    expect(event!.evidence.map(({ name }) => name)).toContain('nav_status')
  })

  test('is over when it gets away', () => {
    const [event] = stops(track([...aground, { s: 600, kn: 3 }]))
    expect(event).toMatchObject({ phase: 'closed' })
    expect(event!.end!.t).toBeLessThan(T0 + 1_200_000)
  })

  test('static data between two reports change nothing', () => {
    const events: DarkEvent[] = []
    const engine = createEngine({ config: { engine: { capacity: 64 } }, onEvent: e => events.push(e) })
    for (const report of track(aground)) {
      engine.push(report)
      engine.pushStatic({ mmsi: MMSI, t: report.t, ...tanker })
    }
    engine.flush()
    expect(finals(events).filter(({ type }) => type === 'sudden_stop')).toHaveLength(1)
  })
})
