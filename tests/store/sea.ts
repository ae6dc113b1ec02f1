// Events for a store by the number: every kind of what is filtered by, from a seed.

import type { DarkEvent, VesselEvent } from '../../src/model/event.js'
import { createRandom } from '../../src/simulate/random.js'
import { gapEvent, taiwan } from '../sinks/events.js'

export const T0 = Date.UTC(2024, 0, 15)
export const HOUR = 3_600_000
const TYPES = ['gap', 'spoofing', 'loitering', 'encounter', 'zone'] as const
const FLAGS = ['TWN', 'NOR', 'PAN', null]

/** The library is optional: without it these tests say so. */
export const hasDuckdb = await import('@duckdb/node-api').then(
  () => true,
  () => false,
)
export const WITHOUT = '(skipped: @duckdb/node-api is not installed)'

export function seaEvents(count: number, seed = 1): VesselEvent[] {
  const { next: random } = createRandom(seed)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  return Array.from({ length: count }, (_, k) => {
    const type = pick(TYPES)
    const mmsi = 200_000_000 + Math.floor(random() * 40)
    const t = T0 + Math.floor(random() * 200) * HOUR
    const open = random() < 0.2
    const place = () => ({ lat: Math.round(random() * 160 - 80), lon: Math.round(random() * 359 - 179) })
    const zones = ['eez-1', 'eez-2', 'eez-3'].filter(() => random() < 0.3)
    return gapEvent({
      ...{ type, mmsi, id: `${type}-${mmsi}-${t}-${k}`, revision: 1, asOf: t + HOUR },
      phase: open ? 'opened' : 'closed',
      ...(random() < 0.5 ? { class: pick(['a', 'b']) } : {}),
      score: Math.round(random() * 20) / 20,
      vessel: {
        ...{
          name: `SHIP ${mmsi % 7}`,
          imo: null,
          callsign: null,
          flag: pick(FLAGS),
          shipType: 30,
          txClass: 'A',
        },
      },
      start: { t, ...place() },
      end: open ? null : { t: t + Math.floor(random() * 30) * HOUR, ...place() },
      durationS: open ? null : Math.floor(random() * 30) * 3600,
      zones: { start: zones.map(id => ({ ...taiwan, id, name: `Waters ${id}` })), end: [], touched: [] },
    })
  })
}

export const byId = (a: DarkEvent, b: DarkEvent): number => (a.id < b.id ? -1 : 1)
