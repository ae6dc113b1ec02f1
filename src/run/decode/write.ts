// Decoded messages as text: a line of JSON each, gpsd's JSON, or the rows of a table. Parquet has a file of its own.

import { toJson } from '../../sinks/ndjson.js'
import { formulaSafe } from '../../sinks/csv.js'
import type { Output } from '../../sinks/output.js'
import { safeText } from '../../model/text.js'
import type { DecodedMessage } from '../decode.js'
import { columnsOf, createRecords, createRows, placesOf, type RecordOptions } from './columns.js'
import { createLines, jsonStyle, type Style } from './lines.js'

export const MESSAGE_FORMATS = ['ndjson', 'csv', 'parquet', 'gpsd'] as const
export type MessageFormat = (typeof MESSAGE_FORMATS)[number]

const ENDINGS: Record<string, MessageFormat> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'ndjson',
  csv: 'csv',
  parquet: 'parquet',
}

/** The format that a file name's ending asks for; undefined when it says nothing. */
export function messageFormatOf(path: string): MessageFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined
}

export interface MessageSink {
  /** @throws OutputError when the output fails */
  write(message: DecodedMessage): void
  /** Ends the document and the output. @throws OutputError */
  close(): void
  /** Ends after a failure or interrupt: what there is stays as FILE.partial. Never throws. */
  abort(): void
}

/**
 * @param options fields, types and units; see RecordOptions
 * @throws UsageError for a field that no message has
 */
export async function createMessageSink(
  format: MessageFormat,
  output: Output,
  options: Omit<RecordOptions, 'names'> = {},
): Promise<MessageSink> {
  if (format === 'parquet') {
    const { createParquetSink } = await import('./parquet.js')
    return createParquetSink(output, options)
  }
  const line = format === 'csv' ? csvLine(output, options) : jsonLine(format, options)
  return {
    write: message => output.write(line(message)),
    close: () => output.close(),
    abort: () => output.abort(),
  }
}

function jsonLine(format: 'ndjson' | 'gpsd', options: RecordOptions): (message: DecodedMessage) => string {
  const { scaled = true, fields } = options
  const recordOf = createRecords({ ...options, names: format === 'gpsd' ? 'gpsd' : 'own' })
  const long = (message: DecodedMessage): string => `${toJson(recordOf(message))}\n`
  const style = jsonStyle(fields ? 'null' : null)
  const short = createLines({ scaled, gpsd: format === 'gpsd', names: fields, style })
  return message => short(message) ?? long(message)
}

/** Writes the head; gives the lines. fast-csv would write a tenth as many a second. */
function csvLine(output: Output, options: RecordOptions): (message: DecodedMessage) => string {
  const { scaled = true } = options
  const names = columnsOf(options).map(({ name }) => name)
  const places = placesOf(names)
  const rowOf = createRows(scaled)
  const cells: string[] = names.map(() => '')
  output.write(`${names.join(',')}\n`)
  const short = createLines({ scaled, names, style: CSV_STYLE })
  return message => {
    const line = short(message)
    if (line !== null) return line
    const row = rowOf(message)
    cells.fill('')
    for (const name in row) {
      const at = places.get(name)
      if (at !== undefined) cells[at] = cell(row[name])
    }
    return `${cells.join(',')}\n`
  }
}

const CSV_STYLE: Style = {
  open: k => (k === 0 ? '' : ','),
  absent: '',
  text: value => cell(value),
  plain: value => value,
  close: '\n',
}

/** Quoted where RFC 4180 asks for it; text that no spreadsheet runs and no terminal obeys. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return typeof value === 'object' ? quoted(toJson(value)) : String(value)
  return quoted(String(formulaSafe(safeText(value, 8000))))
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
