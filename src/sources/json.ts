// JSON of any known feed (layouts.ts), or with our own field names (model/report.ts) or those of fields.ts: one report an
// object, alone on a line, in an array or wrapped. A record with static data and no latitude key is a static report.

import { copyRow, type ReportBatch } from '../model/batch.js'
import { fieldOf, FIELDS, type Field } from './fields.js'
import { createPicker, namesOf, partOf, valueAt, type JsonObject } from './json/origins.js'
import { isGreeting, isIn, recogniseRecord, recogniseRecords, type NamedLayout } from './json/recognise.js'
import { createSplitter } from './json/splitter.js'
import { createClock, hearBaseStation } from './nmea/clock.js'
import { createHeld } from './nmea/held.js'
import { createNmeaReader } from './nmea.js'
import { createRecords, FIELD_INDEX, toTime, type Values } from './records.js'
import type { Reader, ReaderContext } from './reader.js'
import { createRows } from './rows.js'

/** Names of keys remembered; hostile input can invent any number of them. */
const MAX_KEYS = 4096
/** Sentences of one message: a group has nine at most. */
const MAX_SENTENCES = 9
const BASE_STATION = 4
const OPEN_BRACE = 123
/** `vessels-v2/230123456/location {…}`, as `mosquitto_sub -v` prints it. */
const TOPIC_LINE = /^([\w+-]+(?:\/[\w+-]+)+) (\{.*)$/s

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export interface JsonOptions {
  /**
   * The layout of the records, where it is known: records that are not in it are still read in theirs. `names`: by the
   * names of fields.ts and nothing else. @default found out by the first record
   */
  layout?: NamedLayout | 'names' | undefined
}

/**
 * Reads JSON pushed in pieces of any size. Books: each object is a row, except greetings and headers of a feed; the
 * sentences of an object that holds NMEA are counted one by one.
 */
export function createJsonReader(context: ReaderContext, { layout }: JsonOptions = {}): Reader {
  const { counts, map = {}, name, onReject } = context
  const rows = createRows(context)
  const records = createRecords(context, rows)
  const clock = createClock()
  const held = createHeld(context.words)
  const pickByName = createNamePicker(map)
  let pickRest: typeof pickByName | undefined
  const isFixed = layout === 'names' || Object.keys(map).length > 0
  let current = layout === 'names' || isFixed ? undefined : layout
  let pick: ReturnType<typeof createPicker> | undefined
  useLayout(current)
  let line = 1
  let nmea: Reader | undefined

  function settleLayout(record: JsonObject): void {
    if (isFixed || (current && isIn(current, record))) return
    const found = current ? recogniseRecord(record) : recogniseRecords([record])
    // a record of no known layout goes by names, or by the layout that was asked for
    if (found === current || (!found && current === layout)) return
    useLayout(found ?? (layout as NamedLayout | undefined))
  }

  function useLayout(next: NamedLayout | undefined): void {
    current = next
    pick = next && createPicker(next)
    // flat keys that the layout does not name can still be known by their names
    pickRest = next?.shape === 'table' ? createNamePicker({}, namesOf(next)) : undefined
  }

  function valuesOf(record: JsonObject, part: unknown): Values {
    if (!pick) return pickByName(record)
    const values = pick(record, part)
    pickRest?.(record).forEach((value, k) => (values[k] ??= value))
    return values
  }

  function takeObject(
    record: JsonObject,
    wrapper: JsonObject | undefined,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    settleLayout(record)
    const fits = current && isIn(current, record)
    if (!fits && !isFixed && isGreeting(record)) return
    const part = current ? partOf(record, current) : undefined
    const values = valuesOf(record, part)
    values[FIELD_INDEX.receiver] ??= wrapper?.['stationid']
    if (current?.nmea && !isDecoded(values)) {
      const sentences = valueAt(record, [current.nmea])
      if (Array.isArray(sentences) && sentences.length > 0) return takeSentences(sentences, values)
    }

    counts.read++
    const filled = records.fill(values, { isMessage: current?.isMessage, isStatic: current?.isStatic })
    if (filled === 'other') counts.other++
    else if (filled === 'no-time') takeUntimed(record, part, bytes, start, end)
    else {
      const reason = filled ?? rows.settle()
      if (reason !== null) rows.reject(reason, line, bytes, start, end)
    }
  }

  /** The row is complete but for its time: base stations may know it, or whoever reads. */
  function takeUntimed(
    record: JsonObject,
    part: unknown,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { batch } = rows
    const i = batch.length
    const baseTime = current?.baseTime
    if (context.arrival) return settleAt(context.arrival(), line, onReject && rows.raw(bytes, start, end))
    if (baseTime !== undefined) {
      if (batch.msgType[i] === BASE_STATION) {
        hearBaseStation(clock, toTime(valueAt(part, [baseTime]) ?? valueAt(record, [baseTime])))
      }
      const isKnown = clock.heard === clock.heard
      if (!isKnown || held.length > 0) {
        // in line behind those that wait
        held.add(batch, i, line, onReject && rows.raw(bytes, start, end))
        rows.drop()
        if (isKnown) releaseHeld(clock.heard)
        else if (held.full) releaseHeld(context.timeStart ?? NaN)
        return
      }
    }
    const t = clock.heard === clock.heard ? clock.heard : (context.timeStart ?? NaN)
    settleAt(t, line, onReject && rows.raw(bytes, start, end))
  }

  /** Keeps the filled row with time `t`, or rejects it. */
  function settleAt(t: number, at: number, raw: string | undefined): void {
    rows.batch.t[rows.batch.length] = t
    const reason = t === t ? rows.settle() : 'no-time'
    if (reason === null) return
    if (reason === 'no-time') rows.drop()
    counts.rejected[reason]++
    onReject?.({ reason, source: name, line: at, ...(raw === undefined ? {} : { raw }) })
  }

  function releaseHeld(t: number): void {
    held.release((waiting: ReportBatch, k, at, raw) => {
      copyRow(waiting, k, rows.batch, rows.batch.length)
      settleAt(t, at, raw)
    })
  }

  /** NMEA as it was received, with the time and station of its object as a TAG block. */
  function takeSentences(sentences: unknown[], values: Values): void {
    nmea ??= createNmeaReader({
      ...context,
      ...(onReject ? { onReject: reject => onReject({ ...reject, line }) } : {}),
    })
    const t = toTime(values[FIELD_INDEX.t])
    const station = String(values[FIELD_INDEX.receiver] ?? '').replace(/[^\w.-]/g, '')
    const tags = [t === t ? `c:${Math.round(t)}` : '', station ? `s:${station.slice(0, 60)}` : '']
    const block = tags.filter(Boolean).join(',')
    const prefix = block === '' ? '' : `\\${block}*${checksum(block)}\\`
    for (const sentence of sentences.slice(0, MAX_SENTENCES)) {
      nmea.push(encoder.encode(`${prefix}${String(sentence).replace(/[\r\n\\]+/g, ' ')}\n`))
    }
  }

  const splitter = createSplitter(
    (bytes, start, end, at, wrapper) => {
      line = at
      const record = readObject(bytes, start, end)
      if (record) return takeObject(record, wrapper, bytes, start, end)
      counts.read++
      rows.reject('malformed', line, bytes, start, end)
    },
    (bytes, start, end, at) => {
      counts.read++
      rows.reject('too-long', at, bytes, start, end)
    },
  )
  return {
    push: splitter.push,
    flush() {
      nmea?.flush?.()
      rows.flush()
    },
    end() {
      splitter.end()
      if (held.length > 0) releaseHeld(context.timeStart ?? NaN)
      nmea?.end()
      rows.flush()
    },
  }
}

/** The object in bytes[start, end), or undefined when it is none. */
export function readObject(bytes: Uint8Array, start: number, end: number): JsonObject | undefined {
  let text = decoder.decode(bytes.subarray(start, end))
  let topic: string | undefined
  if (bytes[start] !== OPEN_BRACE) {
    const match = TOPIC_LINE.exec(text)
    if (match) [, topic, text = ''] = match
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return topic === undefined ? (value as JsonObject) : { topic, payload: value }
  } catch {
    return undefined
  }
}

/** Something was decoded beside the type and the sender. */
const isDecoded = (values: Values): boolean =>
  values[FIELD_INDEX.lat] !== undefined ||
  values[FIELD_INDEX.name] !== undefined ||
  values[FIELD_INDEX.callsign] !== undefined ||
  values[FIELD_INDEX.shipType] !== undefined

/** XOR of the characters, two hexadecimal digits. */
function checksum(text: string): string {
  let sum = 0
  for (let p = 0; p < text.length; p++) sum ^= text.charCodeAt(p)
  return sum.toString(16).toUpperCase().padStart(2, '0')
}

/** Reads the fields of an object by the names of its keys, those of `except` left out. */
function createNamePicker(
  map: Record<string, string>,
  except: readonly string[] = [],
): (record: JsonObject) => Values {
  const meanings = new Map<string, { field: Field; rank: number } | null>(except.map(key => [key, null]))
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

  return record => {
    const values: Values = new Array<unknown>(FIELDS.length).fill(undefined)
    const ranks = new Map<Field, number>()
    for (const [key, value] of Object.entries(record)) {
      const known = meaning(key)
      if (!known || (ranks.get(known.field) ?? Infinity) <= known.rank) continue
      values[FIELD_INDEX[known.field]] = value
      ranks.set(known.field, known.rank)
    }
    return values
  }
}
