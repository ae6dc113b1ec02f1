// What a report tells, worked out once for all of its forms: events as they stand, candidates, counts by type and by zone,
// who failed to listen, and what the reports say around the events, where somebody looked.

import type { z } from 'zod'
import { rank, type Candidate } from '../../assess/rank.js'
import {
  isVesselEvent,
  type DarkEvent,
  type EventType,
  type FeedEvent,
  type VesselEvent,
} from '../../model/event.js'
import type { statsSchema } from '../../model/schema.js'
import { loadApproximateEez } from '../../zones/approximate-eez.js'
import type { ZonePolygon } from '../../zones/index.js'

/** The books of the run, as `--stats` writes them. */
export type Books = Pick<
  z.infer<typeof statsSchema>,
  'read' | 'accepted' | 'duplicates' | 'late' | 'vessels' | 'span' | 'rejected' | 'notJudged'
>

export interface TrackPoint {
  /** Epoch ms. */
  t: number
  lat: number
  lon: number
}

/** One that was heard where another was silent. */
export interface Heard {
  mmsi: number
  name: string | null
  reports: number
  first: number
  last: number
  /** How far out of the straight way of the silent one it came at least, there and back, metres. */
  asideM: number
}

/** What the reports tell around events. */
export interface Around {
  /** By MMSI, in the order of time. All ships of one MMSI, as they were heard. */
  tracks: Map<number, TrackPoint[]>
  /** By id of a silence: nearest first; `count` is all of them. */
  heard: Map<string, { count: number; nearest: Heard[] }>
}

export interface ReportOptions {
  /** Above the report. @default 'Dark ship report' */
  title?: string | undefined
  /** Who made it, as `darkwake 0.1.0`. */
  madeBy: string
  /** Names of the inputs. */
  sources: readonly string[]
  /** Candidates that get a card, the most suspicious first. @default 20 */
  top?: number | undefined
  /** Only candidates with at least this score. @default 0 */
  minScore?: number | undefined
  /** Ids: cards of these events alone, whether or not they speak against a vessel. */
  only?: readonly string[] | undefined
  stats?: Books | undefined
  around?: Around | undefined
  /** Boundaries to draw. @default the approximate EEZs */
  zones?: readonly ZonePolygon[] | undefined
}

export interface ZoneRow {
  name: string
  approximate: boolean
  events: number
  silences: number
  vessels: number
  /** Places in the ranking of the candidates that have an event there. */
  candidates: number[]
}

export interface Findings extends Omit<ReportOptions, 'top' | 'minScore' | 'zones' | 'title'> {
  title: string
  /** From the first event to the last that is known, epoch ms; null without events. */
  span: { from: number; to: number } | null
  /** Each event once, in its highest revision, by start. None that was taken back. */
  events: DarkEvent[]
  /** All, most suspicious first … */
  candidates: Candidate[]
  /** … and those that get a card. */
  told: Candidate[]
  /** By type and class, borders last: there are so many. */
  types: { type: EventType; kind: string; events: number; open: number; vessels: number }[]
  zones: ZoneRow[]
  /** Feeds and receivers that failed, and interference. */
  listeners: FeedEvent[]
  boundaries: readonly ZonePolygon[]
}

export const TOP = 20
const SILENCES: ReadonlySet<string> = new Set(['gap', 'port_silence', 'partial_silence'])

export function findingsOf(events: Iterable<DarkEvent>, options: ReportOptions): Findings {
  const { top = TOP, minScore = 0, only, title = 'Dark ship report', zones, ...rest } = options
  const standing = lastOf(events)
  const candidates = rank(standing).filter(({ score }) => score >= minScore)
  const chosen = only
    ? cardsOf(
        standing.filter(({ id }) => only.includes(id)),
        standing,
      )
    : candidates
  const read = [rest.stats?.span.from, rest.stats?.span.to].flatMap(time => (time ? [Date.parse(time)] : []))
  const times = [...read, ...standing.flatMap(({ start, end, asOf }) => [start.t, end?.t ?? start.t, asOf])]
  const span = standing.length === 0 ? null : { from: least(times), to: most(times) }
  return {
    ...rest,
    ...{ title, only, span, events: standing, candidates, told: chosen.slice(0, top) },
    types: typesOf(standing),
    zones: zonesOf(standing, candidates),
    listeners: standing.flatMap(event => (isVesselEvent(event) ? [] : [event])),
    boundaries: zones ?? loadApproximateEez(),
  }
}

/** Events as if they were all that their vessels did; with a silence goes what it says of zones. */
function cardsOf(chosen: readonly DarkEvent[], all: readonly DarkEvent[]): Candidate[] {
  const cards = new Map<number, VesselEvent[]>()
  const add = (event: VesselEvent): void => {
    const own = cards.get(event.mmsi) ?? []
    if (!own.includes(event)) cards.set(event.mmsi, [...own, event])
  }
  for (const event of chosen.filter(isVesselEvent)) {
    add(event)
    if (!SILENCES.has(event.type)) continue
    for (const other of all) {
      if (isVesselEvent(other) && isOfSilence(other) && isSameBeginning(other, event)) add(other)
    }
  }
  return [...cards.values()].map(events => {
    const { mmsi, vessel } = events[0]!
    const score = most(events.map(event => event.score))
    return { mmsi, mmsis: [mmsi], vessel, score, ownScore: score, families: [], lists: [], events }
  })
}

/** Zone events of a silence say what it may mean: they are told with it. */
export const isOfSilence = ({ type, class: kind }: VesselEvent): boolean =>
  type === 'zone' && kind !== 'entered' && kind !== 'exited'

export const isSameBeginning = (a: VesselEvent, b: VesselEvent): boolean =>
  a.mmsi === b.mmsi && a.track === b.track && a.start.t === b.start.t

/** The event that says most of a candidate: what a silence says of zones is told with the silence. */
export const mainEvent = ({ events }: Candidate): VesselEvent =>
  events.find(event => !isOfSilence(event)) ?? events[0]!

/** Its place in the ranking, from 1; 0 when it is in none. */
export const placeIn = ({ candidates }: Pick<Findings, 'candidates'>, { mmsi }: Candidate): number =>
  candidates.findIndex(({ mmsis }) => mmsis.includes(mmsi)) + 1

const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity)

/** Of each event the highest revision, unless that took it back. */
function lastOf(events: Iterable<DarkEvent>): DarkEvent[] {
  const last = new Map<string, DarkEvent>()
  for (const event of events) {
    const known = last.get(event.id)
    if (!(known && known.revision > event.revision)) last.set(event.id, event)
  }
  return [...last.values()]
    .filter(({ phase }) => phase !== 'retracted')
    .sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1))
}

function typesOf(events: readonly DarkEvent[]): Findings['types'] {
  const types = new Map<string, Findings['types'][0] & { mmsis: Set<number> }>()
  for (const { type, class: kind = '', end, mmsi } of events) {
    const key = `${type} ${kind}`
    const row = types.get(key) ?? { type, kind, events: 0, open: 0, vessels: 0, mmsis: new Set() }
    types.set(key, row)
    row.events++
    if (end === null) row.open++
    if (mmsi !== undefined) row.mmsis.add(mmsi)
  }
  return [...types.values()]
    .map(({ mmsis, ...row }) => ({ ...row, vessels: mmsis.size }))
    .sort(
      (a, b) =>
        Number(a.type === 'zone') - Number(b.type === 'zone') ||
        b.events - a.events ||
        (`${a.type} ${a.kind}` < `${b.type} ${b.kind}` ? -1 : 1),
    )
}

function zonesOf(events: readonly DarkEvent[], candidates: readonly Candidate[]): ZoneRow[] {
  const rows = new Map<
    string,
    Omit<ZoneRow, 'vessels' | 'candidates'> & { mmsis: Set<number>; places: Set<number> }
  >()
  const placeOf = new Map(
    candidates.flatMap(({ events: own }, k) => own.map(({ id }) => [id, k + 1] as const)),
  )
  for (const { id, type, mmsi, zones } of events) {
    const touched = new Map([...zones.start, ...zones.touched, ...zones.end].map(zone => [zone.id, zone]))
    for (const zone of touched.values()) {
      const row = rows.get(zone.id) ?? {
        ...{ name: zone.name, approximate: zone.method === 'approximate' },
        ...{ events: 0, silences: 0, mmsis: new Set(), places: new Set() },
      }
      rows.set(zone.id, row)
      row.events++
      if (SILENCES.has(type)) row.silences++
      if (mmsi !== undefined) row.mmsis.add(mmsi)
      const place = placeOf.get(id)
      if (place !== undefined) row.places.add(place)
    }
  }
  return [...rows.values()]
    .map(({ mmsis, places, ...row }) => ({
      ...{ ...row, vessels: mmsis.size },
      candidates: [...places].sort((a, b) => a - b),
    }))
    .sort(
      (a, b) =>
        b.candidates.length - a.candidates.length || b.events - a.events || (a.name < b.name ? -1 : 1),
    )
}
