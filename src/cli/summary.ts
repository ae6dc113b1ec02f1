// What a run found, for the person who started it: events by type, whose waters, which vessels, and what became of
// every row. Keeps counts and one short record per vessel, never the events themselves.

import type { DarkEvent, EventType } from '../model/event.js'
import { inThousands } from './numbers.js'
import { table, type Cell } from './tables.js'

const TOP = 8

interface ZoneTally {
  name: string
  approximate: boolean
  events: number
  vessels: Set<number>
}

interface TypeTally {
  events: number
  open: number
  vessels: Set<number>
}

export interface Tally {
  add(event: DarkEvent): void
  readonly events: number
  byType(): string
  topZones(): string
  topVessels(): string
}

/** Counts each event once, by its id, in its last state. */
export function createTally(): Tally {
  const last = new Map<
    string,
    { type: EventType; open: boolean; mmsi: number; score: number; zones: string[] }
  >()
  const names = new Map<number, string>()
  const zones = new Map<string, ZoneTally>()

  return {
    get events() {
      return last.size
    },
    add({ id, type, phase, mmsi, score, vessel, zones: { start, end, touched } }) {
      if (phase === 'retracted') {
        last.delete(id)
        return
      }
      const ids: string[] = []
      for (const zone of [...start, ...end, ...touched]) {
        if (ids.includes(zone.id)) continue
        ids.push(zone.id)
        if (!zones.has(zone.id)) {
          const approximate = zone.method === 'approximate'
          zones.set(zone.id, { name: zone.name, approximate, events: 0, vessels: new Set() })
        }
      }
      last.set(id, { type, open: phase !== 'closed', mmsi, score, zones: ids })
      if (vessel.name) names.set(mmsi, vessel.name)
    },
    byType() {
      const types = new Map<EventType, TypeTally>()
      for (const { type, open, mmsi } of last.values()) {
        let tally = types.get(type)
        if (!tally) types.set(type, (tally = { events: 0, open: 0, vessels: new Set() }))
        tally.events++
        if (open) tally.open++
        tally.vessels.add(mmsi)
      }
      const rows = [...types].sort(([, a], [, b]) => b.events - a.events)
      return table(
        'events by type',
        ['type', 'events', 'still open', 'vessels'],
        rows.map(([type, { events, open, vessels }]) => [type, events, open, vessels.size]),
      )
    },
    topZones() {
      for (const tally of zones.values()) {
        tally.events = 0
        tally.vessels.clear()
      }
      for (const event of last.values()) {
        for (const id of event.zones) {
          const tally = zones.get(id)!
          tally.events++
          tally.vessels.add(event.mmsi)
        }
      }
      const rows = [...zones.values()].filter(({ events }) => events > 0).sort((a, b) => b.events - a.events)
      return table(
        'zones with most events',
        ['zone', 'events', 'vessels', ''],
        rows
          .slice(0, TOP)
          .map(zone => [zone.name, zone.events, zone.vessels.size, zone.approximate ? 'approximate' : '']),
      )
    },
    topVessels() {
      const vessels = new Map<number, VesselTally>()
      for (const { type, mmsi, score } of last.values()) {
        if (type === 'zone') continue // crossing a border is no reproach
        let tally = vessels.get(mmsi)
        if (!tally) vessels.set(mmsi, (tally = { score: 0, events: 0, types: new Map() }))
        tally.score = Math.max(tally.score, score)
        tally.events++
        tally.types.set(type, (tally.types.get(type) ?? 0) + 1)
      }
      const rows = [...vessels].sort(([a, x], [b, y]) => y.score - x.score || y.events - x.events || a - b)
      return table(
        'vessels with the highest scores',
        ['MMSI', 'name', 'score', 'events', 'what'],
        rows
          .slice(0, TOP)
          .map(([mmsi, { score, events, types }]) => [
            String(mmsi),
            names.get(mmsi) ?? '',
            score.toFixed(2),
            events,
            [...types].map(([type, count]) => (count > 1 ? `${type} ×${count}` : type)).join(', '),
          ]),
      )
    },
  }
}

interface VesselTally {
  score: number
  events: number
  types: Map<EventType, number>
}

/** What was rejected and why, most first. */
export function rejectedTable(rejected: Record<string, number>, read: number): string {
  const rows = Object.entries(rejected)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
  const cells: Cell[][] = rows.map(([reason, count]) => [
    reason,
    count,
    `${((100 * count) / read).toFixed(2)} %`,
  ])
  return table(`rejected rows, of ${inThousands(read)} read`, ['reason', 'rows', 'share'], cells)
}
