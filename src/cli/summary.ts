// What a run found, for the person who started it: events by type, whose waters, which vessels and why, and what became
// of every row. Keeps a short form of each event: of its evidence the strongest reasons, of its details nothing.

import { isOfList, rank, type RunStats } from '../index.js'
import {
  isVesselEvent,
  type DarkEvent,
  type Evidence,
  type FeedEvent,
  type VesselEvent,
} from '../model/event.js'
import { inMinutes, inNumber, inThousands, inTime } from './numbers.js'
import { MS_PER_S } from '../model/units.js'
import { nameCell, table, type Cell } from './tables.js'

type WatchlistStats = NonNullable<RunStats['watchlist']>

const TOP = 8
/** Vessels listed, and reasons given for each. */
const TOP_VESSELS = 12
const REASONS = 3
const NO_ZONES: DarkEvent['zones'] = { start: [], end: [], touched: [] }
const SILENCES: ReadonlySet<string> = new Set(['gap', 'port_silence'])
/** Classes that say what a silent vessel may have done. */
const HYPOTHETICAL: ReadonlySet<string> = new Set(['incursion_possible', 'dark_inside'])
/** Reasons that say whether it was the receivers: of a silence they are told whichever way they speak. */
const RECEPTION: ReadonlySet<Evidence['family']> = new Set(['reception', 'witnesses'])

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
  /** Events, each once. */
  readonly size: number
  byType(): string
  topZones(): string
  /** @param width columns of the terminal: reasons are wrapped to fit */
  topVessels(width?: number): string
  /** Feeds and receivers that failed; empty when none did. */
  faults(): string
  /** Areas in which ships were drawn to a false place; empty without one. */
  interferences(): string
}

/** Counts each event once, by its id, in its last state. */
export function createTally(): Tally {
  const last = new Map<string, { event: DarkEvent; zones: string[] }>()
  const zones = new Map<string, ZoneTally>()

  /** Names without what is said of all of them, and no more than a column holds. */
  function zonesOf(ids: string[]): string {
    const names = ids.map(id => zones.get(id)!.name.replace(/ \(approximate EEZ\)$/, ''))
    return names.length > 2 ? `${names.slice(0, 2).join(', ')} …` : names.join(', ')
  }

  /** The silence that a zone event is of, or that an event is itself. */
  function silenceOf({ type, mmsi, track, start }: VesselEvent): VesselEvent | undefined {
    if (type !== 'zone' && !SILENCES.has(type)) return undefined
    const rest = [mmsi, start.t, ...(track === 1 ? [] : [track])].join('-')
    const found = last.get(`gap-${rest}`) ?? last.get(`port_silence-${rest}`)
    return found && isVesselEvent(found.event) ? found.event : undefined
  }

  const ofNoVessel = (): FeedEvent[] =>
    [...last.values()]
      .flatMap(({ event }) => (isVesselEvent(event) ? [] : [event]))
      .sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1))

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
      const short = { evidence: reasons(event), details: {}, zones: NO_ZONES }
      last.set(id, { event: { ...event, ...short }, zones: ids })
    },
    get size() {
      return last.size
    },
    byType() {
      const types = new Map<string, TypeTally>()
      for (const { event } of last.values()) {
        const { phase, mmsi } = event
        const kind = kindOf(event)
        let tally = types.get(kind)
        if (!tally) types.set(kind, (tally = { events: 0, open: 0, vessels: new Set() }))
        tally.events++
        if (phase !== 'closed') tally.open++
        if (mmsi !== undefined) tally.vessels.add(mmsi)
      }
      const rows = [...types].sort(([x, a], [y, b]) => b.events - a.events || (x < y ? -1 : 1))
      return table(
        'events by type',
        ['type', 'events', 'still open', 'vessels'],
        rows.map(([kind, { events, open, vessels }]) => [kind, events, open, vessels.size]),
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
    topVessels(width) {
      const candidates = rank([...last.values()].map(({ event }) => event))
      const rows = candidates.slice(0, TOP_VESSELS).map(({ mmsi, vessel, score, events }) => {
        const [worst, ...others] = events as [VesselEvent, ...VesselEvent[]]
        const silence = silenceOf(worst)
        // what it could have done in a silence is no event: the silence is
        const told = silence && HYPOTHETICAL.has(worst.class ?? '') ? silence : worst
        const also = others.filter(event => event !== told && !HYPOTHETICAL.has(event.class ?? ''))
        return [
          score.toFixed(2),
          String(mmsi),
          nameCell(vessel.name),
          vessel.flag ?? '',
          kindOf(told),
          inMinutes(worst.start.t),
          worst.durationS === null ? 'goes on' : inTime(worst.durationS * MS_PER_S),
          zonesOf(last.get(worst.id)!.zones),
          [...why(worst, silence), ...alsoSaid(also)].join('; '),
        ]
      })
      const more = candidates.length - rows.length
      const title = `vessels, most suspicious first${more > 0 ? ` (${inThousands(more)} more in the events)` : ''}`
      const head = ['score', 'MMSI', 'name', 'flag', 'event', 'from', 'lasted', 'waters', 'why']
      return table(title, head, rows, width === undefined ? {} : { width })
    },
    faults() {
      const rows = ofNoVessel()
        .filter(({ type }) => type !== 'interference')
        .map(({ type, class: kind, source, receiver, start, durationS }): Cell[] => [
          kind === undefined ? type : `${type} ${kind}`,
          receiver ?? source ?? 'all',
          inMinutes(start.t),
          durationS === null ? 'goes on' : inTime(durationS * MS_PER_S),
        ])
      const title = 'feeds and receivers that failed: silence meanwhile is not held against a ship'
      return rows.length === 0 ? '' : table(title, ['what', 'who', 'from', 'lasted'], rows)
    },
    interferences() {
      const rows = ofNoVessel()
        .filter(({ type }) => type === 'interference')
        .map(({ area, start, durationS, evidence }): Cell[] => [
          inMinutes(start.t),
          durationS === null ? 'goes on' : inTime(durationS * MS_PER_S),
          area ? `${area.lat.toFixed(2)}, ${area.lon.toFixed(2)}` : '',
          evidence.map(({ text }) => text).join('; '),
        ])
      const title = 'interference: ships drawn to a false place are not accused of it'
      return rows.length === 0 ? '' : table(title, ['from', 'lasted', 'about', 'what'], rows)
    },
  }
}

/** What lists say of the vessel, and the reasons that weigh most against it; of a silence, what speaks for it as well. */
function reasons({ type, evidence }: DarkEvent): Evidence[] {
  const sorted = [...evidence].sort(
    (a, b) => Number(isOfList(b)) - Number(isOfList(a)) || b.weight - a.weight,
  )
  const against = sorted.filter(({ weight }) => weight > 0).slice(0, REASONS)
  if (!SILENCES.has(type)) return against
  return sorted.filter(reason => against.includes(reason) || RECEPTION.has(reason.family))
}

/** The reasons of an event, and of the silence that it is of: those against the vessel, then what speaks for it. */
function why(event: VesselEvent, silence: VesselEvent | undefined): string[] {
  const own = event === silence ? [] : event.evidence
  const all = [...own, ...(silence?.evidence ?? [])]
  const texts = (list: Evidence[]) => list.map(({ text }) => text.replaceAll(' (approximate EEZ)', ''))
  const inFavour = texts(all.filter(({ weight }) => weight <= 0))
  return [
    ...texts(all.filter(({ weight }) => weight > 0)).slice(0, REASONS + 1),
    ...(inFavour.length > 0 ? [`but ${inFavour.join(', ')}`] : []),
  ]
}

/** A type says what happened; a class is worth its place when it says more. */
const kindOf = ({ type, class: kind }: DarkEvent): string =>
  kind === undefined || kind === 'undetermined' ? type : kind.includes(type) ? kind : `${type} ${kind}`

/** What else a vessel did, in a few words. */
function alsoSaid(events: VesselEvent[]): string[] {
  const counts = new Map<string, number>()
  for (const event of events) counts.set(kindOf(event), (counts.get(kindOf(event)) ?? 0) + 1)
  const said = [...counts].map(([kind, count]) => (count > 1 ? `${kind} ×${count}` : kind))
  return said.length > 0 ? [`also ${said.join(', ')}`] : []
}
/** What lists made of the events: one line, for lists can be wrong as well. */
export function watchlistLine({ rows, expired, watched, notOnList, exempted }: WatchlistStats): string {
  return [
    `watchlists: ${inNumber(watched, 'event')} of vessels that are watched`,
    `${inThousands(notOnList)} of vessels missing from a register`,
    untold(exempted),
    `${inNumber(rows, 'row')}, of which ${inThousands(expired)} had expired before the data begin`,
  ].join('; ')
}

/** What analysts decided in the store. */
export const exemptedLine = (exempted: Record<string, number>): string =>
  `exempt in the store: ${untold(exempted)}`

function untold(exempted: Record<string, number>): string {
  const types = Object.entries(exempted).filter(([, count]) => count > 0)
  const silenced = types.reduce((sum, [, count]) => sum + count, 0)
  const which = types.map(([type, count]) => `${type} ${inThousands(count)}`).join(', ')
  return `${inThousands(silenced)} not told because the vessel is exempt${which && ` (${which})`}`
}

/** How to read a log that does not say when; empty where none was rejected for that. */
export const timeHint = (rejected: Partial<Record<string, number>>): string =>
  rejected['no-time']
    ? '\n  no-time: nothing told when; --time-start gives a time to what comes before the first'
    : ''

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
  const shown = table(`rejected ${what}, of ${inThousands(read)} read`, ['reason', what, 'share'], cells)
  return shown + timeHint(rejected)
}
