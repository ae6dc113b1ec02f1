// A decoded message as named values, and the columns that a table of messages has: out of the tables of ais/tables, so
// that no field can be forgotten.

import type { Field } from '../../ais/field.js'
import { toGpsd } from '../../ais/gpsd.js'
import { PLANS } from '../../ais/plan.js'
import { scaleMessage } from '../../ais/scale.js'
import { UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import { MS_PER_DAY } from '../../model/units.js'
import { isoTime } from '../../sinks/values.js'
import type { DecodedMessage } from '../decode.js'

/** Values as the wire has them, in canonical units, or as gpsd names and prints them. */
export type Names = 'own' | 'gpsd'
export interface RecordOptions {
  /** Degrees, knots, words; false for the wire's integers. @default true */
  scaled?: boolean | undefined
  /** @default 'own' */
  names?: Names | undefined
  /** Only these, in this order; what a message lacks is null. @default all it has */
  fields?: readonly string[] | undefined
  /** Columns of a table: only of these message types. @default all */
  types?: readonly number[] | undefined
}

/** What is known of a message besides what was sent: first in every line. `source` and `line` only where asked for. */
export const HEARD = ['time', 'station', 'channel'] as const
const HEARD_ON_REQUEST = ['source', 'line'] as const

/** Places of names in a row. */
export const placesOf = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, k) => [name, k]))

export type RecordOf = (message: DecodedMessage) => Record<string, unknown>

/** @throws UsageError naming a field that no message has */
export function createRecords({ scaled = true, names = 'own', fields, types }: RecordOptions = {}): RecordOf {
  if (fields) checkFields(fields, types)
  const values = valuesOf(scaled, names)
  if (fields) {
    const places = placesOf(fields)
    return message => {
      const out = Object.fromEntries(fields.map(field => [field, null as unknown]))
      for (const record of [heard(message), onRequest(message), values(message)])
        for (const [name, value] of Object.entries(record)) if (places.has(name)) out[name] = value
      return out
    }
  }
  // gpsd's lines stay as they are, and end in what gpsd does not say
  if (names === 'gpsd') return message => Object.assign(values(message), told(heard(message)))
  return message => Object.assign(heard(message) as Record<string, unknown>, values(message))
}

/** Everything known of a message by name, in no order that matters: for tables. */
export function createRows(scaled: boolean): RecordOf {
  const values = valuesOf(scaled, 'own')
  return message => Object.assign(values(message), heard(message), onRequest(message))
}

const valuesOf =
  (scaled: boolean, names: Names): RecordOf =>
  message =>
    names === 'gpsd'
      ? toGpsd(message.raw, { scaled })
      : scaled
        ? rounded(scaleMessage(message.raw))
        : { ...message.raw }

const heard = ({ t, station, channel }: DecodedMessage) => ({
  time: timeOf(t),
  station,
  channel,
})
const onRequest = ({ source, line }: DecodedMessage) => ({ source, line })
const told = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null))

/** 1/600,000 of a degree needs six decimals; a rate of turn is known to a few per cent. */
export const roundedFigure = (name: string, value: number): number =>
  name === 'turn' ? Math.round(value * 100) / 100 : Math.round(value * 1e6) / 1e6

function rounded(record: Record<string, unknown>): Record<string, unknown> {
  for (const name in record) {
    const value = record[name]
    if (typeof value === 'number') {
      if (!Number.isInteger(value)) record[name] = roundedFigure(name, value)
    } else if (Array.isArray(value)) record[name] = value.map(rounded)
  }
  return record
}

const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
let lastDay = NaN
let lastDate = ''

/** ISO-8601, or null for no time. Times of one log share a day, which Date is asked for once. */
export function timeOf(t: number): string | null {
  if (t !== t) return null
  const day = Math.floor(t / MS_PER_DAY)
  if (day !== lastDay) {
    const iso = isoTime(day * MS_PER_DAY)
    if (iso === null) return null
    lastDay = day
    lastDate = iso.slice(0, -13)
  }
  const ms = Math.trunc(t - day * MS_PER_DAY)
  const s = (ms / 1000) | 0
  const rest = ms - s * 1000
  const hms = `${two[(s / 3600) | 0]!}:${two[((s / 60) | 0) % 60]!}:${two[s % 60]!}`
  return `${lastDate}${hms}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`
}

export type ColumnKind = 'integer' | 'number' | 'boolean' | 'text' | 'time' | 'json'
export interface Column {
  name: string
  kind: ColumnKind
}

const NUMBERS: readonly ColumnKind[] = ['boolean', 'integer', 'number']

/** Of two layouts that use one name: what holds both. */
function widest(a: ColumnKind, b: ColumnKind): ColumnKind {
  const [i, k] = [NUMBERS.indexOf(a), NUMBERS.indexOf(b)]
  return a === b ? a : i >= 0 && k >= 0 ? NUMBERS[Math.max(i, k, 1)]! : 'text'
}

/** The columns of a table of messages, in the order of types and fields; words beside codes are left to `fields`. */
export function columnsOf({ scaled = true, fields, types }: RecordOptions = {}): Column[] {
  const all = allColumns(scaled, types)
  if (!fields) return [...all.values()].filter(({ name }) => !isAside(name))
  checkFields(fields, types)
  return fields.map(name => all.get(name) ?? { name, kind: 'text' })
}

const isAside = (name: string): boolean =>
  name.endsWith('_text') || (HEARD_ON_REQUEST as readonly string[]).includes(name)

function allColumns(scaled: boolean, types: readonly number[] | undefined): Map<string, Column> {
  const columns = new Map<string, Column>()
  const add = (name: string, kind: ColumnKind): void => {
    const known = columns.get(name)
    if (known) known.kind = widest(known.kind, kind)
    else columns.set(name, { name, kind })
  }
  add('time', 'time')
  for (const name of ['station', 'channel', 'source']) add(name, 'text')
  for (const name of ['line', 'type', 'repeat', 'mmsi']) add(name, 'integer')
  for (const [type, plans] of PLANS.entries()) {
    if (types && !types.includes(type)) continue
    for (const { fields, layout, group } of plans) {
      for (const field of fields) {
        if (scaled && (field.name.startsWith('spare') || field.name === 'name_ext')) continue
        add(field.name, kindOf(field, scaled))
        if (scaled && field.texts) add(field.note ?? `${field.name}_text`, 'text')
      }
      if (scaled) for (const { name } of layout.gpsdTimes ?? []) add(name, 'text')
      if (group) add(group.name, 'json')
    }
  }
  return columns
}

function kindOf({ name, kind, scale = 1, offset = 0 }: Field, scaled: boolean): ColumnKind {
  if (kind === 'text' || kind === 'data') return 'text'
  if (!scaled) return 'integer'
  if (kind === 'bool') return 'boolean'
  return scale !== 1 || !Number.isInteger(offset) || name === 'turn' ? 'number' : 'integer'
}

/** Names that only gpsd's lines have. */
const GPSD_NAMES = ['class', 'device', 'scaled', 'part']

function checkFields(fields: readonly string[], types: readonly number[] | undefined): void {
  const known = new Set([
    ...allColumns(true, types).keys(),
    ...allColumns(false, types).keys(),
    ...GPSD_NAMES,
  ])
  const unknown = fields.find(field => !known.has(field))
  if (unknown === undefined) return
  const of = types ? ` of type ${types.join(', ')}` : ''
  const near = [...known].filter(name => name.includes(unknown) || unknown.includes(name))
  const hint = near.length > 0 ? `; there is ${near.slice(0, 8).join(', ')}` : ''
  throw new UsageError(`fields: no message${of} has "${safeText(unknown, 60)}"${hint}`)
}
