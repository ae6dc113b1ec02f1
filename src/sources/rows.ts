// The last step of every tabular source: a parsed row becomes a report of the batch, or a reject with its reason.
// Sentinels of ITU-R M.1371-5 that archives keep (latitude 91, longitude 181, ROT −128 …) end here.

import { validateRow } from '../clean/validate.js'
import {
  blankRow,
  createBatch,
  isStaticOnly,
  NO_NAV_STATUS,
  NO_UTC_SECOND,
  type ReportBatch,
} from '../model/batch.js'
import type { RejectReason } from '../model/report.js'
import { txClassOfMessage } from './codes.js'
import type { ReaderContext } from './reader.js'

/** 1/600,000 degree, the resolution of a position report: a sentinel may have gone through minutes and back. */
const SENTINEL_TOLERANCE_DEG = 1 / 600_000
/** (127 / 4.733)² degrees per minute: what the largest rate that M.1371 can express decodes to. */
const MAX_ROT = 720.1
const MAX_RAW_CHARS = 1000

/** Messages of M.1371 that are reports or static data; the others are valid, and of no use here. */
export const isUsefulMessage = (type: number): boolean =>
  (type >= 1 && type <= 5) ||
  type === 9 ||
  type === 18 ||
  type === 19 ||
  type === 21 ||
  type === 24 ||
  type === 27 ||
  type === 28

export interface Rows {
  /** The batch being filled; row `batch.length` is blank and free. It may be another one after settle(). */
  batch: ReportBatch
  /** Row `batch.length` is complete: keeps it, or returns why not (and counts nothing). */
  settle(): RejectReason | null
  /** Row `batch.length` was filled in vain: it is blank and free again. */
  drop(): void
  /** Counts a rejected row and hands it on with its raw text. */
  reject(reason: RejectReason, line: number, bytes: Uint8Array, start: number, end: number): void
  /** The raw text of a row, cut to what a reject holds. */
  raw(bytes: Uint8Array, start: number, end: number): string
  /** Hands over what is left. */
  flush(): void
}

const decoder = new TextDecoder()

export function createRows(context: ReaderContext): Rows {
  const { counts, name, words, onReject } = context
  const source = words.sources.id(name, () => name)

  function freshBatch(): ReportBatch {
    const batch = context.freshBatch?.() ?? createBatch(words)
    batch.validated = true
    batch.source.fill(source)
    blankColumns(batch)
    return batch
  }

  return {
    batch: freshBatch(),
    settle() {
      const { batch } = this
      const i = batch.length
      dropSentinels(batch, i)
      const reason = validateRow(batch, i)
      if (reason !== null) {
        this.drop()
        return reason
      }
      if (isStaticOnly(batch.msgType[i]!)) counts.static++
      if (++batch.length === batch.capacity) this.flush()
      return null
    },
    drop() {
      const { batch } = this
      blankRow(batch, batch.length)
      batch.source[batch.length] = source
    },
    reject(reason, line, bytes, start, end) {
      counts.rejected[reason]++
      if (!onReject) return
      onReject({ reason, source: name, line, raw: this.raw(bytes, start, end) })
    },
    raw: (bytes, start, end) =>
      decoder
        .decode(bytes.subarray(start, Math.min(end, start + 4 * MAX_RAW_CHARS)))
        .slice(0, MAX_RAW_CHARS)
        .replace(/[\r\n]+$/, ''),
    flush() {
      const { batch } = this
      if (batch.length === 0) return
      context.onBatch(batch)
      this.batch = freshBatch()
    },
  }
}

/** Blank rows for a whole batch at once: its memory may have held others. */
function blankColumns(batch: ReportBatch): void {
  for (const column of [
    batch.t,
    batch.lat,
    batch.lon,
    batch.sog,
    batch.cog,
    batch.heading,
    batch.rot,
    batch.receivedAt,
  ]) {
    column.fill(NaN)
  }
  for (const column of [
    batch.msgType,
    batch.txClass,
    batch.collection,
    batch.bits,
    batch.commState,
    batch.receiver,
    batch.statics,
  ]) {
    column.fill(0)
  }
  batch.navStatus.fill(NO_NAV_STATUS)
  batch.utcSecond.fill(NO_UTC_SECOND)
}

function dropSentinels(batch: ReportBatch, i: number): void {
  const lat = batch.lat[i]!
  const lon = batch.lon[i]!
  if (lat > 90 && Math.abs(lat - 91) <= SENTINEL_TOLERANCE_DEG) batch.lat[i] = NaN
  if (lon > 180 && Math.abs(lon - 181) <= SENTINEL_TOLERANCE_DEG) batch.lon[i] = NaN
  const rot = batch.rot[i]!
  // ±128 is the raw sentinel, with its sign lost in some archives; its square decodes to 731
  if (rot === 128 || rot === -128 || rot > MAX_ROT || rot < -MAX_ROT) batch.rot[i] = NaN
  if (batch.txClass[i] === 0 && batch.msgType[i] !== 0) batch.txClass[i] = txClassOfMessage(batch.msgType[i]!)
}
