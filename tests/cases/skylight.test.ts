// Late data take back what they disprove, as Skylight documents it (facts from its public help page).

import { expect } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { presetConfig } from '../../src/model/presets.js'
import type { DarkEvent } from '../../src/model/event.js'
import { finals } from '../helpers/replay.js'
import { sharedText, testWith } from '../helpers/shared.js'

const clock = (text: string) => Date.parse(`2024-05-01T${text}:00Z`)
const hhmm = (t: number) => new Date(t).toISOString().slice(11, 16)

interface Case {
  threshold_h: number
  messages: { event_time: string; received: string }[]
  expected: { at: string; action: string; gap_from?: string; gap_to?: string }[]
}

const path = 'cases/skylight/retraction.json'

function run(order: (a: Case['messages'][0], b: Case['messages'][0]) => number): DarkEvent[] {
  const { messages } = JSON.parse(sharedText(path)) as Case
  const events: DarkEvent[] = []
  const engine = createEngine({
    preset: 'skylight',
    config: { engine: { capacity: 16, reorderWindowS: 0 } },
    onEvent: event => event.type === 'gap' && events.push(event),
  })
  for (const { event_time, received } of [...messages].sort(order)) {
    engine.push({ mmsi: 257000001, t: clock(event_time), receivedAt: clock(received), lat: 60, lon: 3 })
  }
  engine.flush()
  return events
}

testWith(path, 'fed as received: opened, closed, and withdrawn when the late message comes', () => {
  const { expected, threshold_h } = JSON.parse(sharedText(path)) as Case
  expect(presetConfig('skylight').gap).toMatchObject({ minGapHours: threshold_h })
  const events = run((a, b) => clock(a.received) - clock(b.received))
  expect(events.map(({ phase }) => phase)).toEqual(['opened', 'closed', 'retracted'])
  const [open, close, retract] = expected
  expect(hhmm(events[0]!.start.t)).toBe(open!.gap_from)
  expect(hhmm(events[0]!.asOf - 60_000)).toBe(open!.at) // the first whole minute past the threshold
  expect([hhmm(events[1]!.start.t), hhmm(events[1]!.end!.t)]).toEqual([close!.gap_from, close!.gap_to])
  expect(hhmm(events[2]!.asOf)).toBe(retract!.at)
  expect(events.map(({ revision }) => revision)).toEqual([1, 2, 3])
  expect(new Set(events.map(({ id }) => id)).size).toBe(1)
  expect(finals(events)).toEqual([])
})

testWith(path, 'fed in order of event time: no gap', () => {
  expect(finals(run((a, b) => clock(a.event_time) - clock(b.event_time)))).toEqual([])
})
