// What a CSV file looks like, read from its first bytes: delimiter, header, and which column holds which field.
// The layouts of layouts.ts are known by their headers; every other file goes by the names of its columns.

import { MAX_TYPE } from '../../ais/plan.js'
import { InputError } from '../../model/errors.js'
import { plainName, type Field } from '../fields.js'
import type { NamedLayout } from '../json/recognise.js'
import type { LayoutName } from '../layouts.js'
import { applyMap, assignColumns, recogniseTable, requireColumns } from '../tables.js'
import type { Unit } from '../units.js'
import { parseNumber } from './number.js'

export interface CsvLayout {
  /** `csv` where columns go by their names alone. */
  name: LayoutName | 'csv'
  layout: NamedLayout | undefined
  /** Delimiter byte. */
  delimiter: number
  /** Header cells as written. */
  columns: string[]
  /** Column number of each field, −1 where there is none. */
  column: Record<Field, number>
  /** Units other than ours. */
  unit: Partial<Record<Field, Unit>>
  /** Bytes before the first row: byte order mark, comments, header. */
  dataStart: number
  /** Line number of the first row, from 1. */
  dataLine: number
  /** The header line, to know it again in files that were glued together. */
  header: Uint8Array
}

const DELIMITERS = [',', ';', '\t', '|']
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
    const score = Object.values(assignColumns(columns, undefined).column).filter(k => k >= 0).length
    if (score > best.score || (score === best.score && columns.length > best.columns.length)) {
      best = { columns, delimiter, score }
    }
  }
  return best
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
 * @param known the layout where somebody said it; `names`: none, columns go by their names
 * @throws InputError `unrecognised` when columns are missing (says which), or latitude and longitude look swapped
 */
export function readCsvLayout(
  head: Uint8Array,
  input: string,
  map: Record<string, string> = {},
  known?: NamedLayout | 'names',
): CsvLayout {
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
  const sample = sampleRows(head, best.end, delimiter, columns.length)
  const isWhole = (k: number): boolean => sample.every(row => /^\s*(-?\d+)?\s*$/.test(row[k] ?? ''))
  const layout = known === 'names' ? undefined : (known ?? recogniseTable(columns, isWhole))
  const { column, unit } = assignColumns(columns, layout)
  applyMap({ column, unit }, columns, map, input)
  requireColumns({ column, columns, layout, input, what: 'CSV' })
  if (!map['msgType'] && !map['shipType']) settleType(column, columns, sample)
  // whoever names both columns knows which is which
  const isDegrees = column.lat >= 0 && !unit.lat
  if (isDegrees && (!map['lat'] || !map['lon'])) checkSwapped(column, sample, input)
  return {
    name: layout?.name ?? 'csv',
    layout,
    delimiter: delimiter.charCodeAt(0),
    columns,
    column,
    unit,
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

/** A column called just `type` holds message ids (1…28) in some archives and ship types in others: its values tell. */
function settleType(column: Record<Field, number>, columns: string[], sample: string[][]): void {
  const k = column.msgType
  if (k < 0 || plainName(columns[k]!) !== 'type') return
  const values = sample.map(row => row[k] ?? '').filter(cell => cell.trim() !== '')
  if (
    values.every(
      cell => /^\s*(AIS\.)?\d+(\.0*)?\s*$/.test(cell) && Number(cell.replace(/^\s*AIS\./, '')) <= MAX_TYPE,
    )
  )
    return
  column.msgType = -1
  if (column.shipType < 0) column.shipType = k
}

/** A cell as a number, with a decimal point or comma. */
function degrees(cell = ''): number {
  const bytes = new TextEncoder().encode(cell.replace(',', '.'))
  return parseNumber(bytes, 0, bytes.length)
}

/** @throws InputError when latitudes lie beyond ±90 while every longitude lies within */
function checkSwapped(column: Record<Field, number>, sample: string[][], input: string): void {
  let rows = 0
  let beyond = 0
  for (const row of sample) {
    const lat = degrees(row[column.lat])
    const lon = degrees(row[column.lon])
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
