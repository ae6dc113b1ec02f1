// The gap presets against pipe-gaps' own answers on its own input (Global Fishing Watch, Apache-2.0).

import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent, Fix } from '../../src/model/event.js'
import type { Collection, PositionReport } from '../../src/model/report.js'
import { sharedText, testWith } from '../helpers/shared.js'

interface Message {
  ssvid: string
  timestamp: number
  lat: number | null
  lon: number | null
  receiver_type: string
}

interface Expected {
  gap_id: string
  distance_m: number | null
  duration_h: number
  implied_speed_knots: number | null
  start_timestamp: number
  end_timestamp: number
  positions_hours_before: number
  positions_hours_before_ter: number
  positions_hours_before_sat: number
  positions_hours_before_dyn: number
}

function gapsOf(
  messages: Message[],
  thresholdH: number,
  until?: number,
  config: ConfigInput['gap'] = {},
): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({
    preset: 'gfw-core',
    config: { gap: { minGapHours: thresholdH, ...config }, engine: { capacity: 16, reorderWindowS: 0 } },
    onEvent: event => event.type === 'gap' && events.push(event),
  })
  const sorted = [...messages].sort((a, b) => a.timestamp - b.timestamp)
  for (const { ssvid, timestamp, lat, lon, receiver_type } of sorted) {
    const report: PositionReport = {
      mmsi: Number(ssvid),
      t: timestamp * 1000,
      collection: receiver_type as Collection,
    }
    engine.push(lat === null || lon === null ? report : { ...report, lat, lon })
  }
  if (until) engine.advance(until)
  engine.flush()
  return events
}

const closed = (events: DarkEvent[]) => events.filter(({ phase }) => phase === 'closed')

/** pipe-gaps' id: md5 over the OFF message as Python prints it. */
function gapId({ mmsi, start }: DarkEvent): string {
  const python = (x: number | null) => (Number.isInteger(x ?? 0) ? `${x ?? 0}.0` : String(x))
  const text = `${mmsi}|${python(start.t / 1000)}|${python(start.lat)}|${python(start.lon)}`
  return createHash('md5').update(text).digest('hex')
}

const relative = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(b), 1e-12)

function same(event: DarkEvent, gap: Expected, withoutPlace = false): void {
  const { distanceM, impliedSpeedKn, reportsBefore12h } = event.details as {
    distanceM: number | null
    impliedSpeedKn: number | null
    reportsBefore12h: Record<string, number>
  }
  expect(event.start.t).toBe(gap.start_timestamp * 1000)
  expect((event.end as Fix).t).toBe(gap.end_timestamp * 1000)
  expect(event.durationS! / 3600).toBeCloseTo(gap.duration_h, 9)
  expect(reportsBefore12h).toEqual({
    total: gap.positions_hours_before,
    terrestrial: gap.positions_hours_before_ter,
    satellite: gap.positions_hours_before_sat,
    dynamic: gap.positions_hours_before_dyn,
  })
  if (withoutPlace) {
    expect([distanceM, impliedSpeedKn]).toEqual([null, null])
    return
  }
  expect(gapId(event)).toBe(gap.gap_id)
  expect(relative(distanceM!, gap.distance_m!)).toBeLessThan(1e-6)
  if (gap.duration_h > 0) expect(relative(impliedSpeedKn!, gap.implied_speed_knots!)).toBeLessThan(1e-6)
}

describe('pipe-gaps', () => {
  const unit = 'cases/pipe-gaps/core-unit.json'
  testWith(unit, 'its unit cases, field by field', () => {
    const { messages, detect } = JSON.parse(sharedText(unit)) as {
      messages: Message[]
      detect: { threshold_h: number; start_time?: number; expected: Expected[] }[]
    }
    for (const { threshold_h, start_time = 0, expected } of detect) {
      const events = closed(gapsOf(messages, threshold_h)).filter(({ start }) => start.t >= start_time * 1000)
      expect(events).toHaveLength(expected.length)
      expected.forEach((gap, k) => same(events[k]!, gap))
    }
  })

  testWith(unit, 'open gaps are judged at the next UTC midnight', () => {
    const { eval_open_gap } = JSON.parse(sharedText(unit)) as {
      eval_open_gap: { threshold_h: number; message_time: string; expected_open: boolean }[]
    }
    for (const { threshold_h, message_time, expected_open } of eval_open_gap) {
      const t = Date.parse(message_time)
      const message = { ssvid: '12345', timestamp: t / 1000, lat: 1, lon: 2, receiver_type: 'satellite' }
      const midnight = Math.ceil((t + 1) / 86_400_000) * 86_400_000
      const events = gapsOf([message], threshold_h, midnight, { openAt: 'utc-midnight' })
      expect(events.map(({ phase }) => phase)).toEqual(expected_open ? ['opened'] : [])
    }
  })

  const oracle = 'cases/pipe-gaps/sample-oracle.json'
  testWith(oracle, 'its sample of 84 messages at every threshold', () => {
    const parsed = JSON.parse(sharedText(oracle)) as {
      messages: Message[]
      expected_by_threshold_h: Record<string, Expected[]>
    }
    const nowhere = 1704412120
    for (const [thresholdH, gaps] of Object.entries(parsed.expected_by_threshold_h)) {
      const events = closed(gapsOf(parsed.messages, Number(thresholdH)))
      expect(events).toHaveLength(gaps.length)
      gaps.forEach((gap, k) => {
        same(events[k]!, gap, gap.start_timestamp === nowhere || gap.end_timestamp === nowhere)
      })
    }
  })
})
