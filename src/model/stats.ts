// The books of a run: every row read has exactly one fate.
//   read = accepted + static + other + parts + duplicates + late + Σ rejected

import { REJECT_REASONS, type RejectReason } from './report.js'

/** What a source counts while it reads. */
export interface SourceCounts {
  /** CSV or JSON rows, or NMEA sentences. Comments, blank lines and other NMEA sentences are not read. */
  read: number
  /** Messages 5 and 24: static data only. */
  static: number
  /** Valid messages that are no report. */
  other: number
  /** Sentences that completed no message of their own. */
  parts: number
  rejected: Record<RejectReason, number>
  /** Input bytes, as stored (compressed where they are). */
  bytes: number
}

export function createSourceCounts(): SourceCounts {
  const rejected = Object.fromEntries(REJECT_REASONS.map(reason => [reason, 0])) as Record<
    RejectReason,
    number
  >
  return { read: 0, static: 0, other: 0, parts: 0, rejected, bytes: 0 }
}

/** What the engine counts. */
export interface EngineCounts {
  accepted: number
  duplicates: number
  late: number
  /** Lone reports beyond a hole in time (see clean/future). */
  future: number
  /** Rows that a program pushed and that are no reports, by reason; sources count their own. */
  rejected: Partial<Record<RejectReason, number>>
  /** Accepted reports that the outlier guard set aside: part of `accepted`. */
  outliers: number
  evicted: { vessels: number; silences: number }
  events: Record<string, number>
  /** Events that a watchlist's exemption kept from being told, by type; not among `events`. */
  exempted: Record<string, number>
}
