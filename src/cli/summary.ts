// What a run found, for the person who started it: events by type, whose waters, which vessels, and what became of
// every row. Keeps a short form of each event, without its evidence and details.

import { rank } from '../index.js'
import { isVesselEvent, type DarkEvent, type EventType } from '../model/event.js'
import { inMinutes, inThousands, inTime } from './numbers.js'
import { MS_PER_S } from '../model/units.js'
import { table, type Cell } from './tables.js'

const TOP = 8
const NO_ZONES: DarkEvent['zones'] = { start: [], end: [], touched: [] }

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
  byType(): string
  topZones(): string
  topVessels(): string
  /** Feeds and receivers that failed; empty when none did. */
  faults(): string
}

/** Counts each event once, by its id, in its last state. */
export function createTally(): Tally {
  const last = new Map<string, { event: DarkEvent; zones: string[] }>()
  const zones = new Map<string, ZoneTally>()

  return {
    add(event) {
      const { id, phase } = event
      const { start, end, touched } = event.zones
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
      last.set(id, { event: { ...event, evidence: [], details: {}, zones: NO_ZONES }, zones: ids })
    },
    byType() {
      const types = new Map<EventType, TypeTally>()
      for (const { event } of last.values()) {
        const { type, phase, mmsi } = event
        let tally = types.get(type)
        if (!tally) types.set(type, (tally = { events: 0, open: 0, vessels: new Set() }))
        tally.events++
        if (phase !== 'closed') tally.open++
        if (mmsi !== undefined) tally.vessels.add(mmsi)
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
      for (const { event, zones: ids } of last.values()) {
        for (const id of ids) {
          const tally = zones.get(id)!
          tally.events++
          if (event.mmsi !== undefined) tally.vessels.add(event.mmsi)
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
      // crossing a border is no reproach
      const told = [...last.values()].flatMap(({ event }) => (event.type === 'zone' ? [] : [event]))
      return table(
        'vessels, most suspicious first',
        ['MMSI', 'name', 'score', 'events', 'what'],
        rank(told)
          .slice(0, TOP)
          .map(({ mmsi, vessel, score, events, families }) => [
            String(mmsi),
            vessel.name ?? '',
            score.toFixed(2),
            events.length,
            families.map(({ family, count }) => (count > 1 ? `${family} ×${count}` : family)).join(', '),
          ]),
      )
    },
    faults() {
      const rows = [...last.values()]
        .flatMap(({ event }) => (isVesselEvent(event) ? [] : [event]))
        .sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1))
        .map(({ type, class: kind, source, receiver, start, durationS }): Cell[] => [
          kind === undefined ? type : `${type} ${kind}`,
          receiver ?? source ?? 'all',
          inMinutes(start.t),
          durationS === null ? 'goes on' : inTime(durationS * MS_PER_S),
        ])
      const title = 'feeds and receivers that failed: silence meanwhile is not held against a ship'
      return rows.length === 0 ? '' : table(title, ['what', 'who', 'from', 'lasted'], rows)
    },
  }
}

/** What was rejected and why, most first. */
export function rejectedTable(rejected: Record<string, number>, read: number, what = 'rows'): string {
  const rows = Object.entries(rejected)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
  const cells: Cell[][] = rows.map(([reason, count]) => [
    reason,
    count,
    `${((100 * count) / read).toFixed(2)} %`,
  ])
  return table(`rejected ${what}, of ${inThousands(read)} read`, ['reason', what, 'share'], cells)
}
