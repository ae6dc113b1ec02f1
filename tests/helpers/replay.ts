// Runs reports through an engine and collects what it says. A track is written as it reads: at(hour, lat, lon).

import { createEngine } from '../../src/engine/engine.js'
import type { EngineOptions } from '../../src/engine/api.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_HOUR } from '../../src/model/units.js'

export const T0 = Date.UTC(2024, 0, 15)
export const MMSI = 257123450

/** Event time of an hour of the script. */
export const hour = (h: number) => T0 + h * MS_PER_HOUR

/** A report at an hour, eastward at one knot along the equator unless placed. */
export function at(h: number, rest: Partial<PositionReport> = {}): PositionReport {
  return { mmsi: MMSI, t: hour(h), lat: 0, lon: 10 + h / 60, sog: 1, ...rest }
}

/** A number in the script moves event time to that hour without a report. */
export type Script = (PositionReport | number)[]

export function replay(script: Script, options: Partial<EngineOptions> = {}): DarkEvent[] {
  const events: DarkEvent[] = []
  const config = {
    ...options.config,
    engine: { capacity: 64, silenceCapacity: 64, ...options.config?.engine },
  }
  const engine = createEngine({ onEvent: event => events.push(event), ...options, config })
  for (const step of script) {
    if (typeof step === 'number') engine.advance(hour(step))
    else engine.push(step)
  }
  engine.flush()
  return events
}

/** Each event in its last state; what was taken back is gone. Sorted, so that only content counts. */
export function finals(events: DarkEvent[]): DarkEvent[] {
  const last = new Map<string, DarkEvent>()
  for (const event of events) last.set(event.id, event)
  return [...last.values()]
    .filter(event => event.phase !== 'retracted')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What must be equal between runs: everything but how and when it came to be known. */
export function content(events: DarkEvent[]): string[] {
  return finals(events).map(({ revision: _r, asOf: _a, ...event }) => JSON.stringify(event))
}
