// What is asked of the events of a store, as SQL. Values travel as parameters; only words of this file are SQL.

import type { Params } from './database.js'

export interface EventFilter {
  types?: readonly string[] | undefined
  classes?: readonly string[] | undefined
  /** Ids of zones that it lies in or touches. */
  zones?: readonly string[] | undefined
  /** Flags, ISO 3166-1 alpha-3. */
  flags?: readonly string[] | undefined
  mmsi?: number | undefined
  /** Events that last into this time … @see to */
  from?: number | undefined
  /** … from epoch ms `from` on, and began before `to`. */
  to?: number | undefined
  minScore?: number | undefined
  maxScore?: number | undefined
  minDurationS?: number | undefined
  /** Words that are all in name, numbers, flag, type, class or waters; case is nothing. */
  text?: string | undefined
  /** West, south, east, north; west > east goes across ±180. */
  bbox?: readonly [number, number, number, number] | undefined
  /** Still going on. */
  open?: boolean | undefined
  /** Seen by an analyst, or not yet. */
  acknowledged?: boolean | undefined
  /** Of vessels that an analyst exempted. @default left out */
  exempt?: 'hide' | 'only' | 'show' | undefined
  /** Taken back. @default left out */
  retracted?: boolean | undefined
}

export const SORTS = {
  score: { column: 'score', descending: true },
  newest: { column: 'start_t', descending: true },
  oldest: { column: 'start_t', descending: false },
  longest: { column: 'duration_s', descending: true },
} as const
export type Sort = keyof typeof SORTS

/** Words of a search that are looked at. */
const MAX_WORDS = 8

export const timestamp = (ms: number): bigint => BigInt(Math.round(ms))

/** The condition of a WHERE over `events e`. */
export function condition(
  filter: EventFilter,
  exemptions: readonly Exempt[],
): { sql: string; params: Params } {
  const parts: string[] = []
  const params: Params = {}
  const among = (column: string, name: string, values: readonly string[] | undefined): void => {
    if (!values) return
    const names = values.map((value, k) => {
      params[`${name}${k}`] = value
      return `$${name}${k}`
    })
    parts.push(names.length ? `${column} IN (${names.join(', ')})` : 'false')
  }
  const add = (sql: string, name: string, value: Params[string] | undefined): void => {
    if (value === undefined) return
    parts.push(sql)
    params[name] = value
  }

  if (!filter.retracted) parts.push(`e.phase <> 'retracted'`)
  among('e.type', 'type', filter.types)
  among('e.class', 'class', filter.classes)
  among('e.flag', 'flag', filter.flags)
  add('e.score >= $minScore', 'minScore', filter.minScore)
  add('e.score <= $maxScore', 'maxScore', filter.maxScore)
  add('e.duration_s >= $minDuration', 'minDuration', filter.minDurationS)
  add('(e.mmsi = $mmsi OR e.partner = $mmsi)', 'mmsi', filter.mmsi)
  add('e.start_t < epoch_ms($to::BIGINT)', 'to', filter.to === undefined ? undefined : timestamp(filter.to))
  add(
    '(e.end_t IS NULL OR e.end_t >= epoch_ms($from::BIGINT))',
    'from',
    filter.from === undefined ? undefined : timestamp(filter.from),
  )
  if (filter.open !== undefined) parts.push(filter.open ? 'e.end_t IS NULL' : 'e.end_t IS NOT NULL')
  if (filter.acknowledged !== undefined)
    parts.push(`e.acknowledged_at IS ${filter.acknowledged ? 'NOT ' : ''}NULL`)
  if (filter.bbox) parts.push(inBox(filter.bbox, params))
  if (filter.zones) {
    const before = parts.length
    among('z.zone', 'zone', filter.zones)
    const zone = parts.splice(before)[0]!
    parts.push(`e.n IN (SELECT z.n FROM event_zones z WHERE ${zone})`)
  }
  const words = filter.text?.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS) ?? []
  words.forEach((word, k) => add(`contains(e.search, $word${k})`, `word${k}`, word))
  const { exempt = 'hide' } = filter
  if (exempt === 'only' || (exempt === 'hide' && exemptions.length > 0))
    parts.push(`${exempt === 'hide' ? 'NOT ' : ''}${exemptSql(exemptions, params)}`)
  return { sql: parts.length ? parts.join(' AND ') : 'true', params }
}

/** An exemption as a filter needs it. */
export interface Exempt {
  mmsi: number
  /** null: all. */
  types: readonly string[] | null
  /** Epoch ms. */
  expires: number
}

/** The vessel's exemption held when the event began. Written out: joined to a million events it would cost more than all else. */
function exemptSql(exempt: readonly Exempt[], params: Params): string {
  const each = exempt.map(({ mmsi, types, expires }, k) => {
    Object.assign(params, { [`xm${k}`]: mmsi, [`xt${k}`]: timestamp(expires) })
    const of = types?.map((type, t) => {
      params[`x${k}_${t}`] = type
      return `$x${k}_${t}`
    })
    return `(e.mmsi = $xm${k} AND e.start_t < epoch_ms($xt${k}::BIGINT)${of ? ` AND e.type IN (${of.join(', ')})` : ''})`
  })
  return each.length ? `coalesce(${each.join(' OR ')}, false)` : 'false'
}

export const isExempt = (
  exempt: readonly Exempt[],
  { mmsi, type, startT }: { mmsi: number | null; type: string; startT: number },
): boolean =>
  exempt.some(
    one => one.mmsi === mmsi && startT < one.expires && (one.types === null || one.types.includes(type)),
  )

function inBox(
  [west, south, east, north]: readonly [number, number, number, number],
  params: Params,
): string {
  Object.assign(params, { west, south, east, north })
  const within = (at: 'start' | 'end'): string => {
    const [lat, lon] = [`e.${at}_lat`, `e.${at}_lon`]
    const inside =
      west <= east ? `${lon} >= $west AND ${lon} <= $east` : `(${lon} >= $west OR ${lon} <= $east)`
    return `(${lat} >= $south AND ${lat} <= $north AND ${inside})`
  }
  return `(${within('start')} OR ${within('end')})`
}
