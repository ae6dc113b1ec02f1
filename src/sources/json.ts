// JSON lines with our own field names (model/report.ts) or the names of fields.ts, one report an object; also a file
// that is one JSON array of such objects. A record with static data and no latitude key is a static report.

import { epochToMs, parseTimeText } from './csv/time.js'
import type { RejectReason } from '../model/report.js'
import { isBlankText, parseNumber } from './csv/number.js'
import { collectionCode, navStatusCode, txClassCode } from './codes.js'
import { fieldOf, FIELDS, STATIC_FIELDS, type Field } from './fields.js'
import { MAX_LINE_BYTES, type Reader, type ReaderContext } from './reader.js'
import { createRows } from './rows.js'
import { staticId } from './statics.js'

const NEWLINE = 10
const QUOTE = 34
const COMMENT = 35
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
/** Names of keys remembered; hostile input can invent any number of them. */
const MAX_KEYS = 4096
const MAX_STATION_CHARS = 120
/** The message that carries only static data, for records without a position. */
const STATIC_MESSAGE = 5

const encoder = new TextEncoder()
const decoder = new TextDecoder()

type Values = Map<Field, unknown>

/** A number, or a string that holds one; NaN for anything else. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > 64) return NaN
  const bytes = encoder.encode(value)
  return parseNumber(bytes, 0, bytes.length)
}

/** Epoch ms; NaN when it cannot be read. */
function toTime(value: unknown): number {
  if (typeof value === 'number') return epochToMs(value)
  return typeof value === 'string' ? parseTimeText(value) : NaN
}

const isAbsent = (value: unknown): boolean =>
  value == null || (typeof value === 'string' && isBlankText(value))

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** Reads JSON pushed in pieces of any size: one object a line, or one array of objects. */
export function createJsonReader(context: ReaderContext): Reader {
  const { counts, words, map = {} } = context
  const rows = createRows(context)
  const meanings = new Map<string, { field: Field; rank: number } | null>()
  for (const [field, key] of Object.entries(map)) {
    if ((FIELDS as readonly string[]).includes(field)) meanings.set(key, { field: field as Field, rank: -1 })
  }

  function meaning(key: string): { field: Field; rank: number } | null {
    let known = meanings.get(key)
    if (known !== undefined) return known
    known = fieldOf(key) ?? null
    // in a record of ours `source` is the feed
    if (known?.field === 'collection' && /^(source|src)$/i.test(key)) known = null
    if (meanings.size < MAX_KEYS) meanings.set(key, known)
    return known
  }

  function readFields(record: object): Values {
    const values: Values = new Map()
    const ranks = new Map<Field, number>()
    for (const [key, value] of Object.entries(record)) {
      const known = meaning(key)
      if (!known || (ranks.get(known.field) ?? Infinity) <= known.rank) continue
      values.set(known.field, value)
      ranks.set(known.field, known.rank)
    }
    return values
  }

  /** Fills the free row; a reason when the record is no report. */
  function fillRow(values: Values): RejectReason | null {
    const { batch } = rows
    const i = batch.length
    const mmsi = toNumber(values.get('mmsi'))
    if (!(mmsi >= 1 && mmsi <= 999_999_999) || mmsi !== Math.floor(mmsi)) return 'mmsi-invalid'
    const t = toTime(values.get('t'))
    if (t !== t) return isAbsent(values.get('t')) ? 'no-time' : 'time-invalid'
    const lat = toNumber(values.get('lat'))
    const lon = toNumber(values.get('lon'))
    if ((lat !== lat && !isAbsent(values.get('lat'))) || (lon !== lon && !isAbsent(values.get('lon')))) {
      return 'position-invalid'
    }
    batch.mmsi[i] = mmsi
    batch.t[i] = t
    batch.lat[i] = lat
    batch.lon[i] = lon
    batch.sog[i] = toNumber(values.get('sog'))
    batch.cog[i] = toNumber(values.get('cog'))
    batch.heading[i] = toNumber(values.get('heading'))
    batch.rot[i] = toNumber(values.get('rot'))
    batch.navStatus[i] = navStatusCode(toText(values.get('navStatus')))
    const type = toNumber(toText(values.get('msgType')).replace(/^AIS\./i, ''))
    if (type >= 1 && type <= 27) batch.msgType[i] = type
    batch.txClass[i] = txClassCode(toText(values.get('txClass')))
    batch.collection[i] = collectionCode(toText(values.get('collection')))
    const second = toNumber(values.get('utcSecond'))
    if (second >= 0 && second <= 63) batch.utcSecond[i] = second
    batch.receivedAt[i] = toTime(values.get('receivedAt'))
    const station = toText(values.get('receiver')).trim().slice(0, MAX_STATION_CHARS)
    if (station) batch.receiver[i] = words.receivers.id(station, () => station)

    const present = STATIC_FIELDS.filter(field => values.has(field))
    if (present.length > 0) {
      batch.statics[i] = staticId(
        words,
        present,
        present.map(field => toText(values.get(field))),
      )
      const isPosition = values.has('lat') || values.has('lon')
      if (!isPosition && batch.msgType[i] === 0 && batch.statics[i] !== 0) batch.msgType[i] = STATIC_MESSAGE
    }
    return rows.settle()
  }

  function takeRecord(bytes: Uint8Array, start: number, end: number, line: number): void {
    counts.read++
    let record: unknown
    try {
      record = JSON.parse(decoder.decode(bytes.subarray(start, end)))
    } catch {
      return rows.reject('malformed', line, bytes, start, end)
    }
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      return rows.reject('malformed', line, bytes, start, end)
    }
    const reason = fillRow(readFields(record))
    if (reason !== null) rows.reject(reason, line, bytes, start, end)
  }

  const records = createSplitter(takeRecord, (bytes, start, end, line) => {
    counts.read++
    rows.reject('too-long', line, bytes, start, end)
  })
  return {
    push: records.push,
    end() {
      records.end()
      rows.flush()
    },
  }
}

type TakeRecord = (bytes: Uint8Array, start: number, end: number, line: number) => void

/** Cuts the bytes into records: lines, or the objects of an array where the first byte that is no blank is `[`. */
function createSplitter(take: TakeRecord, tooLong: TakeRecord): Reader {
  const record = new Uint8Array(MAX_LINE_BYTES)
  let length = 0
  let overflow = false
  let mode: 'start' | 'lines' | 'array' = 'start'
  let line = 1
  let firstLine = 1
  let depth = 0
  let inString = false
  let escaped = false

  const finish = (): void => {
    give(record, 0, length)
    length = 0
  }
  /** One record, which may have lost its end to the limit. */
  function give(bytes: Uint8Array, start: number, end: number): void {
    if (overflow || end - start > MAX_LINE_BYTES) {
      if (bytes[start] !== COMMENT) tooLong(bytes, start, end, firstLine)
    } else if (!isBlankRecord(bytes, start, end)) take(bytes, start, end, firstLine)
    overflow = false
  }

  /** Lines from `p` on: straight from the input where they are whole. */
  function inLines(bytes: Uint8Array, p: number): void {
    while (p < bytes.length) {
      if (length === 0 && !overflow) firstLine = line
      const newline = bytes.indexOf(NEWLINE, p)
      const end = newline < 0 ? bytes.length : newline
      if (newline >= 0 && length === 0) give(bytes, p, end)
      else {
        const room = Math.min(end - p, MAX_LINE_BYTES - length)
        record.set(bytes.subarray(p, p + room), length)
        length += room
        if (room < end - p) overflow = true
        if (newline >= 0) finish()
      }
      if (newline >= 0) line++
      p = end + 1
    }
  }

  /** Objects directly inside the array; what lies between them is skipped. */
  function inArray(byte: number): void {
    if (byte === NEWLINE) line++
    if (depth === 0) {
      if (byte !== OPEN_BRACE) return
      depth = 1
      firstLine = line
      record[length++] = byte
      return
    }
    if (length < MAX_LINE_BYTES) record[length++] = byte
    else overflow = true
    if (inString) {
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = true
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) finish()
  }

  return {
    push(bytes) {
      let p = 0
      for (; mode === 'start' && p < bytes.length; p++) {
        const byte = bytes[p]!
        // blanks and a byte order mark
        if (byte <= 32 || byte >= 128) {
          if (byte === NEWLINE) line++
        } else if (byte === OPEN_BRACKET) mode = 'array'
        else {
          mode = 'lines'
          p--
        }
      }
      if (mode === 'lines') inLines(bytes, p)
      else for (; p < bytes.length; p++) inArray(bytes[p]!)
    },
    end() {
      // an object that the end cut off is a record too: a malformed one
      if (length > 0) finish()
    },
  }
}

function isBlankRecord(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === COMMENT) return true
  for (let p = start; p < end; p++) if (bytes[p]! > 32) return false
  return true
}
