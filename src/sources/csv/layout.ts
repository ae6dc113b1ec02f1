// What a CSV file looks like, read from its first bytes: delimiter, header, and which column holds which field.
// The named archives differ in quirks only; every file goes by its header.

import { InputError, UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import { FIELDS, fieldOf, plainName, type Field } from '../fields.js'

export type CsvLayoutName = 'marinecadastre' | 'marinecadastre-2' | 'dma' | 'csv'

export interface CsvLayout {
  name: CsvLayoutName
  /** Delimiter byte. */
  delimiter: number
  /** Header cells as written. */
  columns: string[]
  /** Column number of each field, −1 where there is none. */
  column: Record<Field, number>
  /** Bytes before the first row: byte order mark, comments, header. */
  dataStart: number
  /** Line number of the first row, from 1. */
  dataLine: number
  /** The header line, to know it again in files that were glued together. */
  header: Uint8Array
}

const DELIMITERS = [',', ';', '\t', '|']
const REQUIRED = ['mmsi', 't', 'lat', 'lon'] as const satisfies readonly Field[]
const SPOKEN: Record<(typeof REQUIRED)[number], string> = {
  mmsi: 'MMSI',
  t: 'time',
  lat: 'latitude',
  lon: 'longitude',
}
/** Rows of the head that decide what an ambiguous column means. */
const SAMPLE_ROWS = 500
/** A share of latitudes beyond ±90 that no receiver error explains. formats.md section 1. */
const SWAPPED_SHARE = 0.01

/**
 * Splits one row of text by the rules of RFC 4180; a quote that is not first in its cell is text.
 * For headers and samples: rows are read by reader.ts.
 */
export function splitRow(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let p = 0
  for (;;) {
    let cell = ''
    if (line[p] === '"') {
      for (p++; p < line.length; p++) {
        if (line[p] !== '"') cell += line[p]
        else if (line[p + 1] === '"') cell += line[p++]
        else break
      }
      p++
    }
    const next = line.indexOf(delimiter, p)
    if (next < 0) return [...cells, cell + line.slice(p)]
    cells.push(cell + line.slice(p, next))
    p = next + 1
  }
}

/** Which column each field takes: the best name wins, and of equal names the first. */
function assignColumns(columns: string[]): Record<Field, number> {
  const column = Object.fromEntries(FIELDS.map(field => [field, -1])) as Record<Field, number>
  const rank = new Map<Field, number>()
  columns.forEach((name, k) => {
    const known = fieldOf(name)
    if (!known || (rank.get(known.field) ?? Infinity) <= known.rank) return
    column[known.field] = k
    rank.set(known.field, known.rank)
  })
  return column
}

/** A header line: where it is, how it is split, and how many fields it names. */
interface Header {
  columns: string[]
  delimiter: string
  score: number
}

function readHeader(line: string): Header {
  const text = line.replace(/^\ufeff?#?\s*/, '')
  let best: Header = { columns: [text], delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const columns = splitRow(text, delimiter).map(cell => cell.trim())
    const score = Object.values(assignColumns(columns)).filter(k => k >= 0).length
    if (score > best.score || (score === best.score && columns.length > best.columns.length)) {
      best = { columns, delimiter, score }
    }
  }
  return best
}

/** Applies `--map field=column`. @throws UsageError for an unknown field, InputError for a missing column */
function applyMap(
  column: Record<Field, number>,
  columns: string[],
  map: Record<string, string>,
  input: string,
): void {
  for (const [field, name] of Object.entries(map)) {
    if (!(FIELDS as readonly string[]).includes(field)) {
      throw new UsageError(`map: unknown field "${safeText(field)}", expected one of ${FIELDS.join(', ')}`)
    }
    let k = columns.indexOf(name)
    if (k < 0) k = columns.findIndex(other => plainName(other) === plainName(name) && plainName(name) !== '')
    if (k < 0) {
      throw new InputError(
        'unrecognised',
        `${input}: no column "${safeText(name)}" for ${field}; columns found: ${listColumns(columns)}`,
      )
    }
    for (const other of FIELDS) if (column[other] === k) column[other] = -1
    column[field as Field] = k
  }
}

const listColumns = (columns: string[]): string =>
  columns
    .slice(0, 40)
    .map(name => safeText(name, 40) || '(no name)')
    .join(', ') + (columns.length > 40 ? ` and ${columns.length - 40} more` : '')

function nameOf(columns: string[], column: Record<Field, number>): CsvLayoutName {
  const names = new Set(columns.map(plainName))
  if (names.has('typeofmobile') && names.has('timestamp')) return 'dma'
  if (!names.has('basedatetime')) return 'csv'
  return column.lon < column.lat ? 'marinecadastre-2' : 'marinecadastre'
}

/** True when `text` looks like the first bytes of a table: a header that names at least one of our fields. */
export function looksLikeCsv(lines: string[]): boolean {
  return lines.slice(0, 20).some(line => {
    const header = readHeader(line)
    return header.score >= 1 && header.columns.length >= 2 && header.columns.every(name => name.length <= 80)
  })
}

/**
 * Reads the layout of a CSV file from its head.
 * @param head first bytes of the file, decompressed; 64 KiB are plenty
 * @param input name for messages
 * @param map column names by field, over the aliases
 * @throws InputError `unrecognised` when columns are missing (says which), or latitude and longitude look swapped
 */
export function readCsvLayout(head: Uint8Array, input: string, map: Record<string, string> = {}): CsvLayout {
  const mapped = Object.keys(map).length > 0
  let start = 0
  let line = 1
  let best: (Header & { start: number; end: number; line: number }) | undefined
  // the header is the first line that names fields; blank lines, comments and `sep=;` may come before it
  for (let tries = 0; start < head.length && tries < 20; tries++) {
    const newline = head.indexOf(10, start)
    const end = newline < 0 ? head.length : newline + 1
    const text = new TextDecoder()
      .decode(head.subarray(start, Math.min(end, start + 65_536)))
      .replace(/\r?\n$/, '')
    const header = readHeader(text)
    if (!best || header.score > best.score) best = { ...header, start, end, line }
    if (header.score >= 3 || (mapped && header.columns.length >= 4)) break
    if (header.score > 0 && !text.startsWith('#')) break
    start = end
    line++
  }
  if (!best) throw new InputError('unrecognised', `${input}: empty`)

  const { columns, delimiter } = best
  const column = assignColumns(columns)
  applyMap(column, columns, map, input)
  const missing = REQUIRED.filter(field => column[field] < 0)
  if (missing.length > 0) {
    const spoken = missing.map(field => SPOKEN[field]).join(', ')
    throw new InputError(
      'unrecognised',
      `${input}: CSV without ${spoken}; columns found: ${listColumns(columns)}; missing: ${missing.join(', ')} ` +
        `(name them with --map ${missing.map(field => `${field}=COLUMN`).join(',')})`,
    )
  }

  const sample = sampleRows(head, best.end, delimiter, columns.length)
  if (!map['msgType'] && !map['shipType']) settleType(column, columns, sample)
  // whoever names both columns knows which is which
  if (!map['lat'] || !map['lon']) checkSwapped(column, sample, input)
  return {
    name: nameOf(columns, column),
    delimiter: delimiter.charCodeAt(0),
    columns,
    column,
    dataStart: best.end,
    dataLine: best.line + 1,
    header: head.slice(best.start, best.end),
  }
}

function sampleRows(head: Uint8Array, start: number, delimiter: string, columns: number): string[][] {
  const lines = new TextDecoder().decode(head.subarray(start)).split(/\r?\n/, SAMPLE_ROWS + 1)
  lines.pop() // cut anywhere
  return lines
    .filter(line => line !== '')
    .map(line => splitRow(line, delimiter))
    .filter(row => row.length === columns)
}

/** A column called just `type` holds message ids (1…27) in some archives and ship types in others: its values tell. */
function settleType(column: Record<Field, number>, columns: string[], sample: string[][]): void {
  const k = column.msgType
  if (k < 0 || plainName(columns[k]!) !== 'type') return
  const values = sample.map(row => row[k] ?? '').filter(cell => cell.trim() !== '')
  if (
    values.every(
      cell => /^\s*(AIS\.)?\d+(\.0*)?\s*$/.test(cell) && Number(cell.replace(/^\s*AIS\./, '')) <= 27,
    )
  )
    return
  column.msgType = -1
  if (column.shipType < 0) column.shipType = k
}

/** @throws InputError when latitudes lie beyond ±90 while every longitude lies within */
function checkSwapped(column: Record<Field, number>, sample: string[][], input: string): void {
  let rows = 0
  let beyond = 0
  for (const row of sample) {
    const lat = Number(row[column.lat] || NaN)
    const lon = Number(row[column.lon] || NaN)
    if (!Number.isFinite(lat) || !Number.isFinite(lon) || lat === 91 || lon === 181) continue
    if (Math.abs(lon) > 90) return
    rows++
    if (Math.abs(lat) > 90) beyond++
  }
  if (beyond < 2 || !(beyond > SWAPPED_SHARE * rows)) return
  throw new InputError(
    'unrecognised',
    `${input}: latitude and longitude look swapped: ${beyond} of the first ${rows} latitudes lie beyond ±90 and no ` +
      `longitude does (say which is which with --map lat=COLUMN,lon=COLUMN)`,
  )
}
