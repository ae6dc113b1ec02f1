// The questions of a console as plain SQL over the tables of a store: what its own answers are held to.

import { SORTS, type Cursor, type EventFilter, type Sort } from '../../src/store/filter.js'

const COLUMNS = { score: 'score', start: 'epoch_ms(start_t)', duration: 'duration_s' } as const

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
const among = (column: string, values: readonly string[] | undefined): string =>
  !values ? 'true' : values.length ? `${column} IN (${values.map(text).join(', ')})` : 'false'

/** The condition of a WHERE over `events e`. */
export function where(f: EventFilter): string {
  const exemptIs = (who: string): string => `EXISTS (SELECT 1 FROM exemptions x WHERE x.mmsi = ${who}
    AND e.start_t < x.expires AND (x.types IS NULL OR list_contains(x.types, e.type)))`
  const exempt = `(${exemptIs('e.mmsi')} AND
    (e.type <> 'identity' OR e.partner IS NULL OR ${exemptIs('e.partner')}))`
  const words = f.text?.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8) ?? []
  return [
    f.retracted ? 'true' : `e.phase <> 'retracted'`,
    among('e.type', f.types),
    among('e.class', f.classes),
    among('e.flag', f.flags),
    f.zones ? `e.n IN (SELECT n FROM event_zones z WHERE ${among('z.zone', f.zones)})` : 'true',
    f.minScore === undefined ? 'true' : `e.score >= ${f.minScore}`,
    f.maxScore === undefined ? 'true' : `e.score <= ${f.maxScore}`,
    f.minDurationS === undefined ? 'true' : `e.duration_s >= ${f.minDurationS}`,
    f.mmsi === undefined ? 'true' : `(e.mmsi = ${f.mmsi} OR e.partner = ${f.mmsi})`,
    f.to === undefined ? 'true' : `epoch_ms(e.start_t) < ${f.to}`,
    f.from === undefined ? 'true' : `(e.end_t IS NULL OR epoch_ms(e.end_t) >= ${f.from})`,
    f.open === undefined ? 'true' : `e.end_t IS ${f.open ? '' : 'NOT'} NULL`,
    f.acknowledged === undefined ? 'true' : `e.acknowledged_at IS ${f.acknowledged ? 'NOT' : ''} NULL`,
    f.bbox ? `(${inBox('start', f.bbox)} OR ${inBox('end', f.bbox)})` : 'true',
    ...words.map(word => `contains(e.search, ${text(word)})`),
    f.exempt === 'show' ? 'true' : f.exempt === 'only' ? exempt : `NOT ${exempt}`,
  ].join(' AND ')
}

function inBox(at: 'start' | 'end', [w, s, e, n]: NonNullable<EventFilter['bbox']>): string {
  const [lat, lon] = [`e.${at}_lat`, `e.${at}_lon`]
  const inside = w <= e ? `${lon} BETWEEN ${w} AND ${e}` : `(${lon} >= ${w} OR ${lon} <= ${e})`
  return `(${lat} BETWEEN ${s} AND ${n} AND ${inside})`
}

/** Of the events that a filter is about the first `limit` behind `after`: n, id. */
export function pageSql(filter: EventFilter, sort: Sort, limit: number, after: Cursor | null): string {
  const { field, descending } = SORTS[sort]
  const key = `${descending ? '-' : ''}${COLUMNS[field]}`
  const value = after?.value == null ? null : descending ? -after.value : after.value
  const behind = !after
    ? 'true'
    : value === null
      ? `(${key} IS NULL AND e.n > ${after.n})`
      : `(${key} > ${value} OR (${key} = ${value} AND e.n > ${after.n}) OR ${key} IS NULL)`
  return `SELECT n, id FROM events e WHERE ${where(filter)} AND ${behind} ORDER BY ${key} NULLS LAST, e.n LIMIT ${limit}`
}
