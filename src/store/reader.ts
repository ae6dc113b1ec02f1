// Questions to a store about events: pages, one event, counts. Answers are plain records with times in epoch ms; what
// stands in them is as it was sent, so whoever shows it passes it through safeText.

import { isAboutTwo, isExempt } from '../assess/exemptions.js'
import type { DarkEvent } from '../model/event.js'
import { parseEvent } from '../sources/events.js'
import { choose, first } from './choose.js'
import type { Database, Row } from './database.js'
import type { EventIndex } from './event-index.js'
import { NO_MMSI, type EventTable, type Names } from './event-table.js'
import { SORTS, type Cursor, type EventFilter, type Sort } from './filter.js'
import type { EventBrief } from './records.js'

export interface EventPage {
  events: EventBrief[]
  /** Where the next page begins; null at the end. */
  next: Cursor | null
}

export interface EventDetail {
  brief: EventBrief
  /** As it was told last; its line of NDJSON. */
  line: string
  /** By run, and in each by revision; of no run is what a watch told. */
  revisions: { run: number | null; revision: number; phase: string; asOf: number; line: string }[]
}

/** Events in columns, for maps and timelines: one array a field, in the order that was asked for. */
export interface EventColumns {
  n: Int32Array
  score: Float64Array
  /** Names by code. */
  types: string[]
  type: Uint16Array
  /** NaN where there is no place, no end. */
  lat: Float64Array
  lon: Float64Array
  endLat: Float64Array
  endLon: Float64Array
  /** Epoch ms. */
  start: Float64Array
  end: Float64Array
  /** 0 for none. */
  mmsi: Uint32Array
  /** 1 for yes. */
  acknowledged: Uint8Array
}

export interface HistogramBin {
  t: number
  type: string
  count: number
}

export interface Counts {
  total: number
  byType: Record<string, number>
  byClass: Record<string, number>
  byFlag: Record<string, number>
  byZone: Record<string, number>
  open: number
  acknowledged: number
  from: number | null
  to: number | null
}

const MS = (column: string): string => `epoch_ms(${column})::DOUBLE`

const BRIEF = `e.n, e.id, e.revision, e.phase, e.type, e.class, e.score, e.mmsi, e.partner, e.name, e.flag, e.source,
  e.receiver, ${MS('e.as_of')} AS "asOf", ${MS('e.start_t')} AS "startT", ${MS('e.end_t')} AS "endT",
  e.duration_s AS "durationS", e.start_lat AS "startLat", e.start_lon AS "startLon", e.end_lat AS "endLat",
  e.end_lon AS "endLon", e.waters, e.reasons, ${MS('e.acknowledged_at')} AS "acknowledgedAt"`

/** Steps of a histogram: 22 years by the hour. */
export const MAX_STEPS = 200_000
/** Events read at a time. */
const CHUNK = 1000
/** Most values of a facet. */
const FACET = 60

export interface EventReader {
  /** @param limit 1…1000 */
  page(filter: EventFilter, sort: Sort, limit: number, after?: Cursor): Promise<EventPage>
  /** Those of these numbers that there are, in no order. */
  byNumber(numbers: readonly number[]): Promise<EventBrief[]>
  byId(id: string): Promise<EventDetail | null>
  /** Hands over each whole event of a filter, in the order in which the store took them. */
  each(filter: EventFilter, take: (event: DarkEvent) => void): Promise<void>
  /** The first `limit` in order. */
  columns(filter: EventFilter, sort: Sort, limit: number): Promise<EventColumns>
  counts(filter: EventFilter): Promise<Counts>
  /** Reads what the first question would have to wait for. */
  prepare(): Promise<void>
  /** First and last time of all events, epoch ms; null without any. */
  span(): Promise<{ from: number; to: number } | null>
  /**
   * Begun in each `stepMs` from `from` until before `to`, by type; those without any are left out. In order of time, then type.
   * @throws RangeError for more than MAX_STEPS steps
   */
  histogram(filter: EventFilter, from: number, to: number, stepMs: number): Promise<HistogramBin[]>
}

export function createReader(db: Database, index: EventIndex): EventReader {
  async function asBriefs(rows: readonly Row[]): Promise<EventBrief[]> {
    const exempt = await index.exemptions()
    return (rows as unknown as EventBrief[]).map(brief => ({
      ...brief,
      exempt: isExempt(exempt, { ...brief, other: isAboutTwo(brief.type) ? brief.partner : null }),
    }))
  }

  /** What `answer` makes of the rows that a filter is about; they are there for as long as it takes. */
  async function about<T>(
    filter: EventFilter,
    answer: (table: EventTable, rows: Uint32Array) => T,
  ): Promise<T> {
    const exempt = await index.exemptions()
    const table = await index.table()
    return answer(table, choose(table, filter, exempt))
  }

  // numbers come from the database itself, and a list of constants is what it looks up by key
  async function byNumber(of: readonly number[]): Promise<EventBrief[]> {
    const known = of.filter(n => Number.isSafeInteger(n) && n >= 0 && n <= 0x7fffffff)
    if (known.length === 0) return []
    return asBriefs(await db.query(`SELECT ${BRIEF} FROM events e WHERE e.n IN (${known.join(', ')})`))
  }

  return {
    byNumber,
    prepare: () => index.table().then(() => undefined),
    async page(filter, sort, limit, after) {
      const { here, next } = await about(filter, (table, rows) => {
        const found = first(table, rows, sort, Math.trunc(limit) + 1, after)
        const last = found.length > limit ? found[limit - 1] : undefined
        return {
          here: Array.from(found.subarray(0, limit), row => table.n[row]!),
          next: last === undefined ? null : cursorAt(table, sort, last),
        }
      })
      const briefs = new Map((await byNumber(here)).map(brief => [brief.n, brief]))
      return { events: here.flatMap(n => briefs.get(n) ?? []), next }
    },
    async byId(id) {
      const [found] = await db.query(`SELECT ${BRIEF}, e.event AS line FROM events e WHERE e.id = $id`, {
        id,
      })
      if (!found) return null
      const { line, ...brief } = found
      const revisions = await db.query(
        `SELECT run, revision, phase, ${MS('as_of')} AS "asOf", event AS line FROM event_revisions
         WHERE id = $id ORDER BY run NULLS FIRST, revision`,
        { id },
      )
      return {
        brief: (await asBriefs([brief]))[0]!,
        line: line as string,
        revisions: revisions as unknown as EventDetail['revisions'],
      }
    },
    async each(filter, take) {
      const numbers = await about(filter, (table, rows) => Array.from(rows, row => table.n[row]!))
      for (let from = 0; from < numbers.length; from += CHUNK) {
        const among = numbers.slice(from, from + CHUNK).join(', ')
        const found = await db.query(`SELECT event FROM events WHERE n IN (${among}) ORDER BY n`)
        for (const { event: line } of found) {
          const event = parseEvent(line as string)
          if (typeof event !== 'string') take(event)
        }
      }
    },
    columns: (filter, sort, limit) =>
      about(filter, (table, chosen) => {
        const rows = first(table, chosen, sort, Math.trunc(limit))
        const { length } = rows
        const real = (field: 'score' | 'lat' | 'lon' | 'endLat' | 'endLon' | 'start' | 'end'): Float64Array =>
          gathered(table[field], rows)
        const n = new Int32Array(length)
        const mmsi = new Uint32Array(length)
        const type = new Uint16Array(length)
        const acknowledged = new Uint8Array(length)
        for (let k = 0; k < length; k++) {
          const row = rows[k]!
          n[k] = table.n[row]!
          mmsi[k] = table.mmsi[row] === NO_MMSI ? 0 : table.mmsi[row]!
          type[k] = table.type[row]!
          acknowledged[k] = table.acknowledged[row]!
        }
        return {
          ...{ n, mmsi, type, acknowledged, types: [...table.names.type.list] },
          ...{ score: real('score'), start: real('start'), end: real('end') },
          ...{ lat: real('lat'), lon: real('lon'), endLat: real('endLat'), endLon: real('endLon') },
        }
      }),
    counts: filter =>
      about(filter, (table, rows) => {
        const { names, start, end, acknowledged, zones } = table
        let [open, seen, from, to] = [0, 0, Infinity, -Infinity]
        const byZone = new Uint32Array(names.zone.list.length)
        for (let k = 0; k < rows.length; k++) {
          const row = rows[k]!
          const [began, ended] = [start[row]!, end[row]!]
          if (Number.isNaN(ended)) open++
          seen += acknowledged[row]!
          if (began < from) from = began
          if (began > to) to = began
          if (ended > to) to = ended
          for (let z = zones.begin[row]!; z < zones.end[row]!; z++) byZone[zones.items[z]!]!++
        }
        const by = (field: 'type' | 'class' | 'flag'): Record<string, number> => {
          const counts = new Uint32Array(names[field].list.length)
          const codes = table[field]
          for (let k = 0; k < rows.length; k++) counts[codes[rows[k]!]!]!++
          return facet(names[field], counts)
        }
        const any = rows.length > 0
        return {
          ...{ total: rows.length, open, acknowledged: seen, from: any ? from : null, to: any ? to : null },
          ...{
            byType: by('type'),
            byClass: by('class'),
            byFlag: by('flag'),
            byZone: facet(names.zone, byZone),
          },
        }
      }),
    async span() {
      const { start, end, count } = await index.table()
      let [from, to] = [Infinity, -Infinity]
      for (let row = 0; row < count; row++) {
        if (start[row]! < from) from = start[row]!
        const last = end[row]! > start[row]! ? end[row]! : start[row]!
        if (last > to) to = last
      }
      return count > 0 ? { from, to } : null
    },
    histogram(filter, from, to, stepMs) {
      const steps = Math.ceil((to - from) / stepMs)
      if (!(steps <= MAX_STEPS)) return Promise.reject(new RangeError(`histogram: ${steps} steps`))
      return about({ ...filter, from: filter.from ?? from, to: filter.to ?? to }, (table, rows) => {
        const { start, type, names } = table
        const { list } = names.type
        // by step, then by code of the type: a map of steps takes longer than all else
        const counts = new Uint32Array(Math.max(0, steps) * list.length)
        for (let k = 0; k < rows.length; k++) {
          const row = rows[k]!
          const t = start[row]!
          if (t >= from && t < to) counts[Math.floor((t - from) / stepMs) * list.length + type[row]!]!++
        }
        const byName = list.map((name, code) => ({ name, code })).sort((a, b) => (a.name < b.name ? -1 : 1))
        const bins: HistogramBin[] = []
        for (let step = 0; step < steps; step++)
          for (const { name, code } of byName) {
            const count = counts[step * list.length + code]!
            if (count > 0) bins.push({ t: from + step * stepMs, type: name, count })
          }
        return bins
      })
    },
  }
}

/** A loop for one kind of array alone: for several at once it takes ten times as long, and so does `from`. */
function gathered(column: Float64Array, rows: Uint32Array): Float64Array {
  const values = new Float64Array(rows.length)
  for (let k = 0; k < rows.length; k++) values[k] = column[rows[k]!]!
  return values
}

/** The most frequent names with their counts; code 0 is none. */
function facet({ list }: Names, counts: Uint32Array): Record<string, number> {
  const found = list.map((name, code): [string, number] => [name, counts[code]!]).slice(1)
  return Object.fromEntries(
    found
      .filter(([, count]) => count > 0)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, FACET),
  )
}

function cursorAt(table: EventTable, sort: Sort, row: number): Cursor {
  const value = table[SORTS[sort].field][row]!
  return { value: Number.isNaN(value) ? null : value, n: table.n[row]! }
}
