// Questions to a store about events: pages, one event, counts. Answers are plain records with times in epoch ms; what
// stands in them is as it was sent, so whoever shows it passes it through safeText.

import type { Database, Params, Row, Value } from './database.js'
import { condition, isExempt, SORTS, timestamp, type EventFilter, type Exempt, type Sort } from './filter.js'
import type { EventBrief } from './records.js'

export interface EventPage {
  events: EventBrief[]
  /** Where the next page begins; null at the end. */
  next: Cursor | null
}

/** Value that the page is sorted by, and number, of the last event of a page. */
export interface Cursor {
  value: number | null
  n: number
}

export interface EventDetail {
  brief: EventBrief
  /** As it was told last; its line of NDJSON. */
  line: string
  revisions: { revision: number; phase: string; asOf: number; line: string }[]
}

/** Events in columns, for maps and timelines: one array a field, in the order that was asked for. */
export interface EventColumns {
  n: Value[]
  score: Value[]
  type: Value[]
  lat: Value[]
  lon: Value[]
  endLat: Value[]
  endLon: Value[]
  start: Value[]
  end: Value[]
  mmsi: Value[]
  acknowledged: Value[]
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

/** Most values of a facet. */
const FACET = 60

export interface EventReader {
  /** @param limit 1…1000 */
  page(filter: EventFilter, sort: Sort, limit: number, after?: Cursor): Promise<EventPage>
  /** Those of these numbers that there are, in no order. */
  byNumber(numbers: readonly number[]): Promise<EventBrief[]>
  byId(id: string): Promise<EventDetail | null>
  /** The first `limit` in order. */
  columns(filter: EventFilter, sort: Sort, limit: number): Promise<EventColumns>
  counts(filter: EventFilter): Promise<Counts>
  /** Begun in each `stepMs` from `from` to `to`, by type. */
  histogram(
    filter: EventFilter,
    from: number,
    to: number,
    stepMs: number,
  ): Promise<{ t: number; type: string; count: number }[]>
}

export function createReader(db: Database): EventReader {
  async function exemptions(): Promise<Exempt[]> {
    const rows = await db.query(`SELECT mmsi, types, ${MS('expires')} AS expires FROM exemptions`)
    return rows.map(({ mmsi, types, expires }) => ({
      mmsi: mmsi as number,
      types: types === null ? null : [...(types as unknown as { items: string[] }).items],
      expires: expires as number,
    }))
  }

  async function asBriefs(rows: readonly Row[]): Promise<EventBrief[]> {
    const exempt = await exemptions()
    return (rows as unknown as EventBrief[]).map(brief => ({ ...brief, exempt: isExempt(exempt, brief) }))
  }

  async function numbers(sql: string, params: Params): Promise<number[]> {
    const [found = []] = await db.columns(sql, params)
    return found as number[]
  }

  // numbers come from the database itself, and a list of constants is what it looks up by key
  async function byNumber(of: readonly number[]): Promise<EventBrief[]> {
    const known = of.filter(n => Number.isSafeInteger(n) && n >= 0 && n <= 0x7fffffff)
    if (known.length === 0) return []
    return asBriefs(await db.query(`SELECT ${BRIEF} FROM events e WHERE e.n IN (${known.join(', ')})`))
  }

  return {
    byNumber,
    async page(filter, sort, limit, after) {
      const { sql, params } = condition(filter, await exemptions())
      const found = await numbers(
        `SELECT e.n FROM events e WHERE ${sql} ${after ? `AND ${behind(sort, after, params)}` : ''}
         ORDER BY ${order(sort)} LIMIT ${Math.trunc(limit) + 1}`,
        params,
      )
      const here = found.slice(0, limit)
      const briefs = new Map((await byNumber(here)).map(brief => [brief.n, brief]))
      const events = here.flatMap(n => briefs.get(n) ?? [])
      const last = events.at(-1)
      return {
        events,
        next: found.length > limit && last ? { value: sortValue(sort, last), n: last.n } : null,
      }
    },
    async byId(id) {
      const [found] = await db.query(`SELECT ${BRIEF}, e.event AS line FROM events e WHERE e.id = $id`, {
        id,
      })
      if (!found) return null
      const { line, ...brief } = found
      const revisions = await db.query(
        `SELECT revision, phase, ${MS('as_of')} AS "asOf", event AS line FROM event_revisions WHERE id = $id ORDER BY revision`,
        { id },
      )
      return {
        brief: (await asBriefs([brief]))[0]!,
        line: line as string,
        revisions: revisions as unknown as EventDetail['revisions'],
      }
    },
    async columns(filter, sort, limit) {
      const { sql, params } = condition(filter, await exemptions())
      const [n, score, type, lat, lon, endLat, endLon, start, end, mmsi, acknowledged] = await db.columns(
        `SELECT e.n, e.score, e.type, e.start_lat, e.start_lon, e.end_lat, e.end_lon, ${MS('e.start_t')}, ${MS('e.end_t')}, e.mmsi,
           e.acknowledged_at IS NOT NULL
         FROM events e WHERE ${sql} ORDER BY ${order(sort)} LIMIT ${Math.trunc(limit)}`,
        params,
      )
      const of = (column: Value[] | undefined): Value[] => column ?? []
      return {
        ...{ n: of(n), score: of(score), type: of(type), lat: of(lat), lon: of(lon) },
        ...{ endLat: of(endLat), endLon: of(endLon) },
        ...{ start: of(start), end: of(end), mmsi: of(mmsi), acknowledged: of(acknowledged) },
      }
    },
    async counts(filter) {
      const { sql, params } = condition(filter, await exemptions())
      const group = (column: string): Promise<Row[]> =>
        db.query(
          `SELECT ${column} AS key, count(*)::DOUBLE AS count FROM events e WHERE ${sql} AND ${column} IS NOT NULL
           GROUP BY ALL ORDER BY count DESC, key LIMIT ${FACET}`,
          params,
        )
      const [[total], types, classes, flags, zones] = await Promise.all([
        db.query(
          `SELECT count(*)::DOUBLE AS total, count(*) FILTER (e.end_t IS NULL)::DOUBLE AS open,
             count(e.acknowledged_at)::DOUBLE AS acknowledged,
             ${MS('min(e.start_t)')} AS "from", ${MS('max(greatest(e.start_t, e.end_t))')} AS "to"
           FROM events e WHERE ${sql}`,
          params,
        ),
        group('e.type'),
        group('e.class'),
        group('e.flag'),
        db.query(
          `SELECT z.zone AS key, count(*)::DOUBLE AS count FROM events e JOIN event_zones z USING (n) WHERE ${sql}
           GROUP BY ALL ORDER BY count DESC, key LIMIT ${FACET}`,
          params,
        ),
      ])
      return {
        ...(total as unknown as Pick<Counts, 'total' | 'open' | 'acknowledged' | 'from' | 'to'>),
        ...{ byType: facet(types), byClass: facet(classes), byFlag: facet(flags), byZone: facet(zones) },
      }
    },
    async histogram(filter, from, to, stepMs) {
      const { sql, params } = condition(
        { ...filter, from: filter.from ?? from, to: filter.to ?? to },
        await exemptions(),
      )
      const found = await db.query(
        `SELECT floor((epoch_ms(e.start_t) - $zero::BIGINT) / $step)::DOUBLE AS k, e.type, count(*)::DOUBLE AS count
         FROM events e WHERE ${sql} AND e.start_t >= epoch_ms($zero::BIGINT) GROUP BY ALL ORDER BY ALL`,
        { ...params, zero: timestamp(from), step: stepMs },
      )
      return found.map(row => ({
        t: from + (row['k'] as number) * stepMs,
        type: row['type'] as string,
        count: row['count'] as number,
      }))
    },
  }
}

const facet = (rows: readonly Row[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ key, count }) => [key as string, count as number]))

function order(sort: Sort): string {
  const { column, descending } = SORTS[sort]
  return `e.${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST, e.n ASC`
}

function sortValue(sort: Sort, brief: EventBrief): number | null {
  if (sort === 'score') return brief.score
  return sort === 'longest' ? brief.durationS : brief.startT
}

/** What comes after the cursor in the order of `sort`. */
function behind(sort: Sort, { value, n }: Cursor, params: Params): string {
  const { column, descending } = SORTS[sort]
  params['afterN'] = n
  if (value === null) return `e.${column} IS NULL AND e.n > $afterN`
  params['after'] = column === 'start_t' ? timestamp(value) : value
  const given = column === 'start_t' ? 'epoch_ms($after::BIGINT)' : '$after'
  return `(e.${column} ${descending ? '<' : '>'} ${given} OR (e.${column} = ${given} AND e.n > $afterN)
    OR e.${column} IS NULL)`
}
