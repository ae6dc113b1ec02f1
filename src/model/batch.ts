// A batch of reports as columns: what travels from sources to the engine. One typed array per field, never an object
// per report, so that a batch can be sorted, spilled to disk or moved to another thread as plain numbers.

import { COLLECTIONS, TX_CLASSES, type PositionReport, type StaticReport } from './report.js'
import { staticKey, type Words } from './words.js'

/** Every column and its type; order and spill code walk this table. Not available: NaN, or the value in brackets. */
export const COLUMNS = {
  t: Float64Array, // epoch ms UTC
  mmsi: Uint32Array,
  lat: Float64Array, // degrees
  lon: Float64Array, // degrees, −180…180
  sog: Float32Array, // knots
  cog: Float32Array, // degrees
  heading: Float32Array, // degrees
  rot: Float32Array, // degrees per minute
  navStatus: Uint8Array, // [15]
  msgType: Uint8Array, // [0]; 5 and 24 are static messages: no position, only `statics`
  txClass: Uint8Array, // index in TX_CLASSES
  collection: Uint8Array, // index in COLLECTIONS
  utcSecond: Uint8Array, // [NO_UTC_SECOND]
  bits: Uint8Array, // BIT_* below
  commState: Uint32Array, // 19 bits as sent [0]
  receivedAt: Float64Array, // epoch ms UTC
  receiver: Uint32Array, // id in words.receivers [0]
  source: Uint16Array, // id in words.sources [0]
  statics: Uint32Array, // id in words.statics [0]
} as const

export type ColumnName = keyof typeof COLUMNS
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[]

type Columns = { [K in ColumnName]: InstanceType<(typeof COLUMNS)[K]> }

export interface ReportBatch extends Columns {
  /** Rows in use. */
  length: number
  readonly capacity: number
  /** What the ids point into. */
  readonly words: Words
  /** True when every row went through clean/validate: sources do that, where the raw line is still at hand. */
  validated: boolean
  /** Set of receivers of each row (model/receivers), where rows waited for their copies; null: each has its own only. */
  heardBy: Uint32Array | null
}

/** The set of receivers that row `i` is known to have been heard by. */
export const heardByOf = (batch: ReportBatch, i: number): number =>
  batch.heardBy === null ? batch.receiver[i]! : batch.heardBy[i]!

/** `utcSecond` of a report that carries none (60…63 are states of their own). */
export const NO_UTC_SECOND = 64
export const NO_NAV_STATUS = 15

/** Bits of the `bits` column; a bit is only meaningful when its `_KNOWN` twin is set. */
export const BIT_ACCURACY = 1
export const BIT_ACCURACY_KNOWN = 2
export const BIT_RAIM = 4
export const BIT_RAIM_KNOWN = 8
/** Repeat indicator 0…3 in the two bits from here; 3 = do not repeat any more. */
export const BIT_REPEAT_SHIFT = 4
/** In messages 5 and 24, which have no accuracy: the names were sent, and are empty (StaticReport.blank). */
export const BIT_BLANK = BIT_ACCURACY
export const BIT_CHANNEL_B = 64
export const BIT_CHANNEL_KNOWN = 128

/**
 * An empty batch. Written out column by column, so that all batches share one hidden class: built in a loop, each
 * was a dictionary of its own, and a row cost several times as much.
 * @param capacity rows, > 0
 */
export function createBatch(words: Words, capacity = 4_096): ReportBatch {
  return {
    t: new Float64Array(capacity),
    mmsi: new Uint32Array(capacity),
    lat: new Float64Array(capacity),
    lon: new Float64Array(capacity),
    sog: new Float32Array(capacity),
    cog: new Float32Array(capacity),
    heading: new Float32Array(capacity),
    rot: new Float32Array(capacity),
    navStatus: new Uint8Array(capacity),
    msgType: new Uint8Array(capacity),
    txClass: new Uint8Array(capacity),
    collection: new Uint8Array(capacity),
    utcSecond: new Uint8Array(capacity),
    bits: new Uint8Array(capacity),
    commState: new Uint32Array(capacity),
    receivedAt: new Float64Array(capacity),
    receiver: new Uint32Array(capacity),
    source: new Uint16Array(capacity),
    statics: new Uint32Array(capacity),
    length: 0,
    capacity,
    words,
    validated: false,
    heardBy: null,
  }
}

/** `count` rows of a batch from `start` on, in place: a batch of their own whose columns lie in the other's memory. */
export function windowOf(batch: ReportBatch, start: number, count: number): ReportBatch {
  const end = start + count
  return {
    t: batch.t.subarray(start, end),
    mmsi: batch.mmsi.subarray(start, end),
    lat: batch.lat.subarray(start, end),
    lon: batch.lon.subarray(start, end),
    sog: batch.sog.subarray(start, end),
    cog: batch.cog.subarray(start, end),
    heading: batch.heading.subarray(start, end),
    rot: batch.rot.subarray(start, end),
    navStatus: batch.navStatus.subarray(start, end),
    msgType: batch.msgType.subarray(start, end),
    txClass: batch.txClass.subarray(start, end),
    collection: batch.collection.subarray(start, end),
    utcSecond: batch.utcSecond.subarray(start, end),
    bits: batch.bits.subarray(start, end),
    commState: batch.commState.subarray(start, end),
    receivedAt: batch.receivedAt.subarray(start, end),
    receiver: batch.receiver.subarray(start, end),
    source: batch.source.subarray(start, end),
    statics: batch.statics.subarray(start, end),
    length: count,
    capacity: count,
    words: batch.words,
    validated: batch.validated,
    heardBy: null,
  }
}

/** Writes the "nothing known" row at `i`, so that a parser only sets what it has. */
export function blankRow(batch: ReportBatch, i: number): void {
  batch.t[i] = NaN
  batch.mmsi[i] = 0
  batch.lat[i] = NaN
  batch.lon[i] = NaN
  batch.sog[i] = NaN
  batch.cog[i] = NaN
  batch.heading[i] = NaN
  batch.rot[i] = NaN
  batch.navStatus[i] = NO_NAV_STATUS
  batch.msgType[i] = 0
  batch.txClass[i] = 0
  batch.collection[i] = 0
  batch.utcSecond[i] = NO_UTC_SECOND
  batch.bits[i] = 0
  batch.commState[i] = 0
  batch.receivedAt[i] = NaN
  batch.receiver[i] = 0
  batch.source[i] = 0
  batch.statics[i] = 0
}

export function copyRow(from: ReportBatch, i: number, to: ReportBatch, j: number): void {
  to.t[j] = from.t[i]!
  to.mmsi[j] = from.mmsi[i]!
  to.lat[j] = from.lat[i]!
  to.lon[j] = from.lon[i]!
  to.sog[j] = from.sog[i]!
  to.cog[j] = from.cog[i]!
  to.heading[j] = from.heading[i]!
  to.rot[j] = from.rot[i]!
  to.navStatus[j] = from.navStatus[i]!
  to.msgType[j] = from.msgType[i]!
  to.txClass[j] = from.txClass[i]!
  to.collection[j] = from.collection[i]!
  to.utcSecond[j] = from.utcSecond[i]!
  to.bits[j] = from.bits[i]!
  to.commState[j] = from.commState[i]!
  to.receivedAt[j] = from.receivedAt[i]!
  to.receiver[j] = from.receiver[i]!
  to.source[j] = from.source[i]!
  to.statics[j] = from.statics[i]!
}

/** One row taken out of its batch, as a plain record: for the few that have to wait somewhere. */
export type Row = Record<ColumnName, number>

export function copyOut(batch: ReportBatch, i: number): Row {
  return Object.fromEntries(COLUMN_NAMES.map(name => [name, batch[name][i]!])) as Row
}

/** Puts such a row back, so that it can be handed on like any other. */
export function writeRow(batch: ReportBatch, i: number, row: Row): void {
  for (const name of COLUMN_NAMES) batch[name][i] = row[name]
}

/** Appends one report given as a plain object. The batch must have room. */
export function appendReport(batch: ReportBatch, report: PositionReport): void {
  const i = batch.length++
  const { words } = batch
  blankRow(batch, i)
  batch.t[i] = report.t
  batch.mmsi[i] = report.mmsi
  if (report.lat != null) batch.lat[i] = report.lat
  if (report.lon != null) batch.lon[i] = report.lon
  if (report.sog != null) batch.sog[i] = report.sog
  if (report.cog != null) batch.cog[i] = report.cog
  if (report.heading != null) batch.heading[i] = report.heading
  if (report.rot != null) batch.rot[i] = report.rot
  if (report.navStatus != null) batch.navStatus[i] = report.navStatus
  if (report.msgType != null) batch.msgType[i] = report.msgType
  if (report.txClass) batch.txClass[i] = TX_CLASSES.indexOf(report.txClass)
  if (report.collection) batch.collection[i] = COLLECTIONS.indexOf(report.collection)
  if (report.utcSecond != null) batch.utcSecond[i] = report.utcSecond
  if (report.commState != null) batch.commState[i] = report.commState
  batch.bits[i] = bitsOf(report)
  if (report.receivedAt != null) batch.receivedAt[i] = report.receivedAt
  const { receiver, source } = report
  if (receiver) batch.receiver[i] = words.receivers.id(receiver, () => receiver)
  if (source) batch.source[i] = words.sources.id(source, () => source)
}

/** The same for static data. */
export function appendStatic(batch: ReportBatch, report: StaticReport, msgType: 5 | 24 = 5): void {
  const { mmsi, t, blank = false, ...data } = report
  const i = batch.length++
  const { statics } = batch.words
  blankRow(batch, i)
  batch.t[i] = t
  batch.mmsi[i] = mmsi
  batch.msgType[i] = msgType
  if (blank) batch.bits[i] = BIT_BLANK
  else batch.statics[i] = statics.id(staticKey(data), () => data)
}

/** True for a message whose names were sent, and are empty. */
export const isBlank = (batch: ReportBatch, i: number): boolean =>
  isStaticOnly(batch.msgType[i]!) && (batch.bits[i]! & BIT_BLANK) !== 0

function bitsOf({ accuracy, raim, repeat }: PositionReport): number {
  let bits = 0
  if (accuracy != null) bits |= BIT_ACCURACY_KNOWN | (accuracy ? BIT_ACCURACY : 0)
  if (raim != null) bits |= BIT_RAIM_KNOWN | (raim ? BIT_RAIM : 0)
  if (repeat != null) bits |= repeat << BIT_REPEAT_SHIFT
  return bits
}

export const isStaticOnly = (msgType: number): boolean => msgType === 5 || msgType === 24
