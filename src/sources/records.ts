// A record, the loose values of one report by field (from a JSON object, or a row of Parquet), becomes a row of the batch.
// Values are numbers or texts in our units; what is no number is not available, except where it makes the record invalid.

import { MAX_TYPE } from '../ais/plan.js'
import type { RejectReason } from '../model/report.js'
import { collectionCode, integrityBits, MAX_COMM_STATE, navStatusCode, txClassCode } from './codes.js'
import { isBlankText, parseNumber } from './csv/number.js'
import { epochToMs, parseTimeText } from './csv/time.js'
import { FIELDS, STATIC_FIELDS, type Field } from './fields.js'
import type { ReaderContext } from './reader.js'
import { isUsefulMessage, type Rows } from './rows.js'
import { staticId, type StaticField } from './statics.js'

/** Values by field, at the index of FIELD_INDEX; undefined where the record has no such key. */
export type Values = unknown[]

export const FIELD_INDEX = Object.fromEntries(FIELDS.map((field, k) => [field, k])) as Record<Field, number>

const MAX_STATION_CHARS = 120
/** Separators of a key of static data: no text has them. */
const BETWEEN = '\u001e'
const AFTER_FIELD = '\u001f'
/** The message that carries only static data, for records without a position. */
const STATIC_MESSAGE = 5

const encoder = new TextEncoder()

/** A number, or a string that holds one; NaN for anything else. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string' || value.length > 64) return NaN
  const bytes = encoder.encode(value)
  return parseNumber(bytes, 0, bytes.length)
}

/** 0 or 1, in whatever way it is written; NaN for anything else. */
function toFlag(value: unknown): number {
  if (value === undefined) return NaN
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === 'true') return 1
  if (value === 'false') return 0
  const number = toNumber(value)
  return number === 0 || number === 1 ? number : NaN
}

/** Epoch ms; NaN when it cannot be read. */
export function toTime(value: unknown): number {
  if (typeof value === 'number') return epochToMs(value)
  if (typeof value === 'bigint') return epochToMs(Number(value))
  // compact times like 20230826140000 are numbers to JSON only when they are not quoted
  return typeof value === 'string' ? parseTimeText(value) : value instanceof Date ? value.getTime() : NaN
}

export const isAbsent = (value: unknown): boolean =>
  value == null || (typeof value === 'string' && isBlankText(value)) || Number.isNaN(value)

const toText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : ''

/** Words and ship's data repeat; new ones are forgotten together when there are too many. */
const MAX_REMEMBERED = 1 << 16

/** The same answer for the same text, worked out once while `epoch` says the same. */
function remembered<T>(answer: (text: string) => T, epoch = (): number => 0): (text: string) => T {
  const known = new Map<string, T>()
  let since = epoch()
  return text => {
    if (since !== epoch()) {
      since = epoch()
      known.clear()
    }
    let found = known.get(text)
    if (found === undefined) {
      found = answer(text)
      if (known.size >= MAX_REMEMBERED) known.clear()
      known.set(text, found)
    }
    return found
  }
}

/** `other`: a valid message that is no report. `no-time`: the row is filled but for its time. */
export type Filled = RejectReason | 'other' | null

export interface RecordOptions {
  /** Records are messages: those of types that are neither reports nor static data are `other`. */
  isMessage?: boolean | undefined
  /** Records hold static data only. */
  isStatic?: boolean | undefined
}

export interface Records {
  /** Fills row `rows.batch.length`; null when it is complete but not yet settled. */
  fill(values: Values, options: RecordOptions): Filled
}

export function createRecords({ words }: ReaderContext, rows: Rows): Records {
  const at = FIELD_INDEX
  const nav = remembered(navStatusCode)
  const txClass = remembered(txClassCode)
  const collection = remembered(collectionCode)
  const staticsOf = remembered(
    key => {
      const cells = key.split(BETWEEN).map(cell => cell.split(AFTER_FIELD))
      return staticId(
        words,
        cells.map(([field]) => field as StaticField),
        cells.map(([, text]) => text!),
      )
    },
    () => words.statics.epoch,
  )
  const staticAt = STATIC_FIELDS.map(field => at[field])

  function fillStatics(values: Values, { isMessage, isStatic }: RecordOptions): void {
    const { batch } = rows
    const i = batch.length
    const present = STATIC_FIELDS.filter((_, k) => values[staticAt[k]!] !== undefined)
    if (present.length > 0) {
      const clean = (text: string): string => text.replace(/[\u001e\u001f]/g, ' ')
      const cells = present.map(field => field + AFTER_FIELD + clean(toText(values[at[field]])))
      batch.statics[i] = staticsOf(cells.join(BETWEEN))
    }
    if (isMessage || batch.msgType[i] !== 0) return
    const isPosition = values[at.lat] !== undefined || values[at.lon] !== undefined
    if (isStatic || (!isPosition && batch.statics[i] !== 0)) batch.msgType[i] = STATIC_MESSAGE
  }

  return {
    fill(values, options) {
      const { batch } = rows
      const i = batch.length
      const mmsi = toNumber(values[at.mmsi])
      if (!(mmsi >= 1 && mmsi <= 999_999_999) || mmsi !== Math.floor(mmsi)) return 'mmsi-invalid'
      const type = toNumber(toText(values[at.msgType]).replace(/^AIS\./i, ''))
      if (options.isMessage && !isUsefulMessage(type)) return 'other'
      const lat = toNumber(values[at.lat])
      const lon = toNumber(values[at.lon])
      if ((lat !== lat && !isAbsent(values[at.lat])) || (lon !== lon && !isAbsent(values[at.lon]))) {
        return 'position-invalid'
      }
      const t = toTime(values[at.t])
      if (t !== t && !isAbsent(values[at.t])) return 'time-invalid'
      batch.mmsi[i] = mmsi
      batch.t[i] = t
      batch.lat[i] = lat
      batch.lon[i] = lon
      batch.sog[i] = toNumber(values[at.sog])
      batch.cog[i] = toNumber(values[at.cog])
      batch.heading[i] = toNumber(values[at.heading])
      batch.rot[i] = toNumber(values[at.rot])
      batch.navStatus[i] = nav(toText(values[at.navStatus]))
      if (type >= 1 && type <= MAX_TYPE) batch.msgType[i] = type
      batch.txClass[i] = txClass(toText(values[at.txClass]))
      batch.collection[i] = collection(toText(values[at.collection]))
      const second = toNumber(values[at.utcSecond])
      if (second >= 0 && second <= 63) batch.utcSecond[i] = second
      batch.bits[i] = integrityBits(
        toFlag(values[at.accuracy]),
        toFlag(values[at.raim]),
        toNumber(values[at.repeat]),
      )
      const state = toNumber(values[at.commState])
      batch.commState[i] = state >= 0 && state <= MAX_COMM_STATE ? state : 0
      batch.receivedAt[i] = toTime(values[at.receivedAt])
      const station = toText(values[at.receiver]).trim().slice(0, MAX_STATION_CHARS)
      if (station) batch.receiver[i] = words.receivers.id(station, () => station)
      fillStatics(values, options)
      return t !== t ? 'no-time' : null
    },
  }
}
