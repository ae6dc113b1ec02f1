// A fix that the ship can hardly have reached waits: what becomes of it when nothing more is heard.

import { describe, expect, test } from 'vitest'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { hour, MMSI, replay, T0 } from '../helpers/replay.js'

const MIN = 1 / 60

/** Half a day at 5 knots, then, half an hour on, a fix 12 miles ahead; another ship is heard all along. */
const reports: PositionReport[] = [
  ...Array.from({ length: 145 }, (_, k) => ({
    ...{ mmsi: MMSI, t: hour(k * 5 * MIN), lat: 0, lon: 10 + (k * 5 * MIN * 5) / 60, sog: 5, cog: 90 },
  })),
  { mmsi: MMSI, t: hour(12.5), lat: 0, lon: 11.2, sog: 5, cog: 90 },
  ...Array.from({ length: 240 }, (_, k) => ({
    ...{ mmsi: 219000001, t: hour(k * 5 * MIN) + MS_PER_MIN, lat: 1, lon: 10, sog: 0 },
  })),
].sort((a, b) => a.t - b.t)

const gapAfter = (minHours: number) => {
  const events = replay(reports, { config: { gap: { minGapHours: minHours } } })
  return events.find(event => event.type === 'gap' && event.mmsi === MMSI)!
}

describe('a doubtful fix with nothing after it', () => {
  test('is believed after an hour: the silence begins with it', () => {
    expect(gapAfter(1.7).start.t).toBe(hour(12.5))
    expect(gapAfter(6).start.t).toBe(hour(12.5))
  })

  test('is not believed before', () => {
    const { start, asOf } = gapAfter(1.4)
    expect((start.t - T0) / MS_PER_HOUR).toBe(12)
    expect((asOf - start.t) / MS_PER_HOUR).toBeLessThan(1.5)
  })
})
