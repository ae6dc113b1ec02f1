import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { finals, MMSI, T0 } from '../helpers/replay.js'

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
      if (s > from) out.push({ mmsi: MMSI, t, lat, lon: 3, sog, cog: 0, heading: 0, msgType: 1, txClass: 'A' })
    }
    kn = leg.kn
  }
  return out
}

function all(reports: PositionReport[], ship: StaticData | null = tanker, options: Partial<EngineOptions> = {}) {
  const events: DarkEvent[] = []
  const engine = createEngine({ config: { engine: { capacity: 64 } }, ...options, onEvent: e => events.push(e) })
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
})
