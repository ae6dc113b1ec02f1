// What is in a file: format, span, vessels, message types, rates, what was rejected and why, duplicates, reports by
// hour. One pass without sorting, in memory that does not grow with the file but for its vessels and hours.

import { COLUMN_NAMES, isStaticOnly, type ReportBatch } from '../model/batch.js'
import { InputError } from '../model/errors.js'
import { TX_CLASSES, type RejectReason } from '../model/report.js'
import { createSourceCounts } from '../model/stats.js'
import { MS_PER_HOUR } from '../model/units.js'
import { createWords } from '../model/words.js'
import { recognise, type Input, type RecogniseOptions } from '../sources/open.js'

export interface Inspection {
  name: string
  /** `mixed` for a zip whose members differ. */
  format: string
  compression: string
  sizeBytes: number | null
  /** Rows or sentences read. */
  read: number
  /** Rows that are reports, duplicates included. */
  reports: number
  /** Reports without a position: signs of life. */
  withoutPosition: number
  static: number
  other: number
  parts: number
  rejected: Partial<Record<RejectReason, number>>
  /** Reports equal in every field but arrival to one among the last million or so. */
  duplicates: number
  /** Distinct MMSIs. */
  vessels: number
  /** Epoch ms; null without any report. */
  span: { from: number; to: number } | null
  /** Mean over the span. */
  reportsPerHour: number
  /** Mean of the vessels heard, over the span. */
  reportsPerVesselHour: number
  /** True when event time never goes back. */
  sorted: boolean
  /** Reports and static messages by M.1371 type; 0 is unknown. */
  messageTypes: Record<string, number>
  txClasses: Record<string, number>
  /** Stations that were named. */
  receivers: number
  /** Reports by UTC hour, in order; hours without any are left out. */
  hours: { t: number; reports: number; vessels: number }[]
  /** Why it could not be read to its end. */
  error?: string
}

export interface InspectOptions extends RecogniseOptions {
  /** Event time of sentences that carry none and have nothing to lean on, epoch ms. */
  timeStart?: number | undefined
  /** Stored bytes read so far, and rows. */
  onProgress?: ((bytes: number, rows: number) => void) | undefined
}

/** Entries of the table that duplicates are found in: 2^20, 8 MB. */
const SEEN_BITS = 20

/** Fields that tell one transmission from another; the rest is about how it got here. */
const TRANSMITTED = COLUMN_NAMES.filter(
  name => !['receivedAt', 'receiver', 'source', 'statics', 'collection'].includes(name),
)

/**
 * Reads an input to its end and tells what is in it.
 * @throws InputError when it cannot be opened or recognised; one that breaks off on the way has `error`
 */
export async function inspect(input: Input, options: InspectOptions = {}): Promise<Inspection> {
  const { timeStart, onProgress, map, ...how } = options
  const recognised = await recognise(input, { ...how, map })
  const words = createWords()
  const counts = createSourceCounts()
  const tally = createTally()
  let error: string | undefined
  try {
    await recognised.read(
      {
        ...{ words, name: recognised.name, counts, onBatch: tally.add },
        ...(timeStart !== undefined && { timeStart }),
        ...(map && { map }),
      },
      bytes => onProgress?.(bytes, counts.read),
    )
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    error = cause.message
  }
  const { reports, from, to, vessels } = tally
  const hours = (to - from) / MS_PER_HOUR
  return {
    name: recognised.name,
    format: recognised.format,
    compression: recognised.compression,
    sizeBytes: recognised.sizeBytes ?? null,
    read: counts.read,
    reports,
    withoutPosition: tally.withoutPosition,
    static: counts.static,
    other: counts.other,
    parts: counts.parts,
    rejected: Object.fromEntries(Object.entries(counts.rejected).filter(([, count]) => count > 0)),
    duplicates: tally.duplicates,
    vessels: vessels.size,
    span: reports > 0 ? { from, to } : null,
    reportsPerHour: hours > 0 ? reports / hours : 0,
    reportsPerVesselHour: hours > 0 ? reports / vessels.size / hours : 0,
    sorted: tally.sorted,
    messageTypes: named(tally.messageTypes, String),
    txClasses: named(tally.txClasses, code => TX_CLASSES[code]!),
    receivers: words.receivers.size - 1,
    hours: tally.byHour(),
    ...(error !== undefined && { error }),
  }
}

function named(counts: Uint32Array, name: (code: number) => string): Record<string, number> {
  return Object.fromEntries([...counts].flatMap((count, code) => (count > 0 ? [[name(code), count]] : [])))
}

function createTally() {
  const seen = createSeen()
  const byHour = new Map<number, { reports: number; vessels: Set<number> }>()
  let hour = { reports: 0, vessels: new Set<number>() }
  let hourOf = NaN
  let last = -Infinity
  const tally = {
    ...{ reports: 0, withoutPosition: 0, duplicates: 0, from: Infinity, to: -Infinity, sorted: true },
    vessels: new Set<number>(),
    messageTypes: new Uint32Array(64),
    txClasses: new Uint32Array(TX_CLASSES.length),
    add(batch: ReportBatch): void {
      for (let i = 0; i < batch.length; i++) {
        const type = batch.msgType[i]!
        tally.messageTypes[type & 63]! += 1
        if (isStaticOnly(type)) continue
        const t = batch.t[i]!
        const mmsi = batch.mmsi[i]!
        tally.reports++
        if (!(batch.lat[i]! >= -90)) tally.withoutPosition++
        if (t < last) tally.sorted = false
        last = t
        if (t < tally.from) tally.from = t
        if (t > tally.to) tally.to = t
        tally.vessels.add(mmsi)
        tally.txClasses[batch.txClass[i]!]! += 1
        if (seen(batch, i)) tally.duplicates++
        const start = Math.floor(t / MS_PER_HOUR)
        if (start !== hourOf) {
          hourOf = start
          const known = byHour.get(start)
          hour = known ?? { reports: 0, vessels: new Set() }
          if (!known) byHour.set(start, hour)
        }
        hour.reports++
        hour.vessels.add(mmsi)
      }
    },
    byHour: () =>
      [...byHour]
        .sort(([a], [b]) => a - b)
        .map(([start, { reports, vessels }]) => ({ t: start * MS_PER_HOUR, reports, vessels: vessels.size })),
  }
  return tally
}

/** Says whether a row was seen before, among the last million or so: a table in which a newer row replaces an older. */
function createSeen(): (batch: ReportBatch, i: number) => boolean {
  const table = new Uint32Array(2 << SEEN_BITS)
  const number = new Float64Array(1)
  const halves = new Uint32Array(number.buffer)
  return (batch, i) => {
    let a = 0x811c9dc5
    let b = 0x9e3779b9
    for (let k = 0; k < TRANSMITTED.length; k++) {
      number[0] = batch[TRANSMITTED[k]!][i]! + 0
      for (let half = 0; half < 2; half++) {
        a = Math.imul(a ^ halves[half]!, 0x01000193)
        a ^= a >>> 15
        b = Math.imul(b ^ halves[half]!, 0x85ebca6b)
        b ^= b >>> 13
      }
    }
    const at = (a >>> (32 - SEEN_BITS)) * 2
    a |= 1 // an empty entry is zero
    if (table[at] === a >>> 0 && table[at + 1] === b >>> 0) return true
    table[at] = a
    table[at + 1] = b
    return false
  }
}
