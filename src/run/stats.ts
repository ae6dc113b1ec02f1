// The books of a run, as `--stats` writes them (schema darkwake/stats/1): every row read has exactly one fate.
//   read = accepted + static + other + parts + duplicates + late + Σ rejected

import { NOT_ON_LIST, ON_LIST } from '../assess/listed.js'
import type { Watchlist } from '../assess/watchlist.js'
import type { Engine, ZoneActivity } from '../engine/api.js'
import { EVENT_TYPES, type DarkEvent } from '../model/event.js'
import { REJECT_REASONS, type RejectReason } from '../model/report.js'
import { createSourceCounts, type SourceCounts } from '../model/stats.js'

export interface InputStats {
  /** As given. */
  name: string
  /** What it turned out to be. */
  format: string
  compression: string
  /** Rows or sentences read. */
  rows: number
  rejected: number
  /** Why it could not be read to its end. */
  error?: string
}

export interface RunStats {
  schema: 'darkwake/stats/1'
  read: number
  accepted: number
  rejected: Record<RejectReason, number>
  duplicates: number
  late: number
  static: number
  /** Valid messages that are no report, and reports outside the time that was asked for. */
  other: number
  parts: number
  /** Distinct MMSIs. */
  vessels: number
  /** First and last accepted event time, ISO-8601. */
  span: { from: string | null; to: string | null }
  /** Events handed on, by type. */
  events: Record<string, number>
  evicted: { vessels: number; silences: number }
  /** Input bytes as stored. */
  bytes: number
  elapsedMs: number
  /** Rows read per second of the whole run. */
  reportsPerS: number
  peakRssBytes: number
  /** Fixes that the outlier guard set aside: part of `accepted`. */
  outliers: number
  inputs: InputStats[]
  /** What could not be judged: detectors by name, and what they would have needed of the input. */
  notJudged: Record<string, string[]>
  /** What lists made of it; absent without any. */
  watchlist?: WatchlistStats
  /** Events not told because an analyst exempted their vessel, by type; absent where there was none. */
  exempted?: Record<string, number>
  /** What was heard in each zone, most vessel-hours first. */
  zones: ZoneActivity[]
}

export interface WatchlistStats {
  rows: number
  /** Rows that had expired before the first report. */
  expired: number
  /** Events handed on of vessels that a list watches … */
  watched: number
  /** … and of vessels missing from a register. */
  notOnList: number
  /** Events not told because their vessel is exempt, by type. */
  exempted: Record<string, number>
}

/** What detect() keeps while it runs. */
export interface RunBooks {
  sources: { input: InputStats; counts: SourceCounts }[]
  /** Reports outside the time that was asked for. */
  outside: number
  /** The run went to its end. Until then rows are on their way, and only those whose fate is known count as read. */
  whole: boolean
  /** Events handed on, by type. */
  events: Record<string, number>
  watchlist: Watchlist | undefined
  watched: number
  notOnList: number
  exempted: Record<string, number>
  startedAt: number
  endedAt: number | null
}

export const createBooks = (startedAt: number, watchlist?: Watchlist): RunBooks => ({
  sources: [],
  outside: 0,
  whole: false,
  events: Object.fromEntries(EVENT_TYPES.map(type => [type, 0])),
  ...{ watchlist, watched: 0, notOnList: 0, exempted: {} },
  startedAt,
  endedAt: null,
})

/** An event was not handed on, since its vessel is exempt (`sign` 1), or withdrawn after that (−1). */
export function countExempt({ exempted }: RunBooks, { type }: DarkEvent, sign: 1 | -1): void {
  exempted[type] = (exempted[type] ?? 0) + sign
}

/** An event was handed on (`sign` 1), or withdrawn after that (−1). */
export function countEvent(books: RunBooks, { type, evidence }: DarkEvent, sign: 1 | -1): void {
  books.events[type]! += sign
  if (evidence.some(({ name }) => name === ON_LIST)) books.watched += sign
  if (evidence.some(({ name }) => name === NOT_ON_LIST)) books.notOnList += sign
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)

/** The counts of all inputs together. */
export function totals(books: RunBooks): SourceCounts {
  const total = createSourceCounts()
  for (const { counts } of books.sources) {
    for (const name of ['read', 'static', 'other', 'parts', 'bytes'] as const) total[name] += counts[name]
    for (const reason of REJECT_REASONS) total.rejected[reason] += counts.rejected[reason]
  }
  total.other += books.outside
  return total
}

/** @param now epoch ms, for a run that has not ended */
export function runStats(books: RunBooks, engine: Engine, now: number): RunStats {
  const { static: statics, other, parts, rejected, bytes, ...total } = totals(books)
  const { accepted, duplicates, late, future, outliers, evicted } = engine.counts
  rejected.future += future
  const fates = accepted + statics + other + parts + duplicates + late + sum(Object.values(rejected))
  const read = books.whole ? total.read : fates
  const elapsedMs = Math.max(0, (books.endedAt ?? now) - books.startedAt)
  const { watchlist, watched, notOnList } = books
  const iso = (t: number) => (Number.isFinite(t) ? new Date(t).toISOString() : null)
  return {
    schema: 'darkwake/stats/1',
    read,
    accepted,
    rejected,
    duplicates,
    late,
    static: statics,
    other,
    parts,
    vessels: engine.vessels,
    span: { from: iso(engine.span.from), to: iso(engine.span.to) },
    events: { ...books.events },
    evicted: { ...evicted },
    bytes,
    elapsedMs,
    reportsPerS: elapsedMs > 0 ? Math.round((1000 * read) / elapsedMs) : 0,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    outliers,
    inputs: books.sources.map(({ input, counts }) => ({
      ...input,
      rows: counts.read,
      rejected: sum(Object.values(counts.rejected)),
    })),
    notJudged: engine.notJudged(),
    ...(watchlist && {
      watchlist: {
        rows: watchlist.entries.length,
        expired: watchlist.entries.filter(({ expires = Infinity }) => expires <= engine.span.from).length,
        ...{ watched, notOnList, exempted: { ...engine.counts.exempted } },
      },
    }),
    ...(Object.keys(books.exempted).length > 0 && { exempted: { ...books.exempted } }),
    zones: engine
      .zoneActivity()
      .map(activity => ({ ...activity, vesselHours: Math.round(activity.vesselHours * 1000) / 1000 }))
      .sort(
        (a, b) => b.vesselHours - a.vesselHours || b.reports - a.reports || (a.zone.id < b.zone.id ? -1 : 1),
      ),
  }
}
