// What is this? Decided by the first 64 KiB of plain bytes, never by a file's ending.

import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { looksLikeCsv, readCsvLayout, type CsvLayout } from './csv/layout.js'
import { readObject } from './json.js'
import type { JsonObject } from './json/origins.js'
import { isGreeting, recogniseRecords, type NamedLayout } from './json/recognise.js'
import { createSplitter } from './json/splitter.js'
import { layoutNamed, LAYOUTS, type LayoutName } from './layouts.js'

/** What bytes are, whatever they tell. `csv`, `json` and `parquet` as formats: read by names alone. */
export type Container = 'nmea' | 'json' | 'csv' | 'parquet'
export type InputFormat = Container | LayoutName
/** Formats that can be read; also the names that `--input-format` takes. */
export const INPUT_FORMATS: readonly InputFormat[] = [
  ...(['nmea', 'json', 'csv', 'parquet'] as const),
  ...LAYOUTS.map(({ name }) => name),
]

/** Bytes that decide. */
export const HEAD_BYTES = 65_536

export type Sniffed =
  | { container: 'nmea'; format: 'nmea' }
  | { container: 'json'; format: InputFormat; layout: NamedLayout | 'names' | undefined }
  | { container: 'csv'; format: InputFormat; layout: CsvLayout }
  | { container: 'parquet'; format: InputFormat; layout: NamedLayout | 'names' | undefined }

/** Objects of a head that decide which layout JSON is in. */
const SAMPLE_RECORDS = 200

/** An AIS sentence anywhere: any two bytes as talker, a garbled `!=IVDM` as well. */
const SENTENCE = /[!$][^\r\n]{2}VD[MO],\d?,/i

/** Types that people try and that need another program first. */
const KNOWN: { what: string; test: (head: Uint8Array) => boolean }[] = [
  {
    what: 'an SQLite database or GeoPackage: export it as CSV',
    test: head => startsWith(head, 'SQLite format 3'),
  },
  { what: 'a PDF', test: head => startsWith(head, '%PDF') },
  { what: 'a 7-Zip archive: unpack it first', test: head => startsWith(head, '7z\xbc\xaf\x27\x1c') },
  { what: 'a RAR archive: unpack it first', test: head => startsWith(head, 'Rar!') },
  { what: 'a bzip2 file: unpack it first', test: head => startsWith(head, 'BZh') && head[4] === 0x31 },
  { what: 'an xz file: unpack it first', test: head => startsWith(head, '\xfd7zXZ') },
  { what: 'an LZ4 file: unpack it first', test: head => startsWith(head, '\x04\x22\x4d\x18') },
  { what: 'a tar archive: unpack it first', test: head => startsWith(head.subarray(257), 'ustar') },
  {
    what: 'an HDF5 or netCDF file: export it as CSV',
    test: head => startsWith(head, '\x89HDF') || startsWith(head, 'CDF'),
  },
  { what: 'an old Excel file: save it as CSV', test: head => startsWith(head, '\xd0\xcf\x11\xe0') },
  { what: 'compressed inside compressed: unpack it once first', test: isCompressed },
  { what: 'UTF-16 text: save it as UTF-8', test: isUtf16 },
]

function isCompressed(head: Uint8Array): boolean {
  return (
    startsWith(head, '\x1f\x8b') || startsWith(head, '\x28\xb5\x2f\xfd') || startsWith(head, 'PK\x03\x04')
  )
}

function isUtf16(head: Uint8Array): boolean {
  return startsWith(head, '\xff\xfe') || startsWith(head, '\xfe\xff')
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  for (let k = 0; k < magic.length; k++) if (bytes[k] !== magic.charCodeAt(k)) return false
  return true
}

/** A share of control bytes that text never has: NUL and the like. */
function isBinary(head: Uint8Array): boolean {
  let odd = 0
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 28)) odd++
  return odd > head.length / 100
}

/** True when the text begins with a JSON object, or an array of them, or such an object behind an MQTT topic. */
function isJson(text: string): boolean {
  const start = text.replace(/^\ufeff/, '').trimStart()
  if (start.startsWith('[')) return /^\[\s*(\{\s*["}]|\[\s*\{|\]\s*$)/.test(start)
  return /^([\w+-]+(\/[\w+-]+)+ )?\{\s*["}]/.test(start)
}

/** The layout of the objects in a head; undefined where names decide. */
function sniffJson(head: Uint8Array): NamedLayout | undefined {
  const records: JsonObject[] = []
  const take = (bytes: Uint8Array, start: number, end: number): void => {
    if (records.length >= SAMPLE_RECORDS) return
    const record = readObject(bytes, start, end)
    if (record && !isGreeting(record)) records.push(record)
  }
  const splitter = createSplitter(take, () => {})
  splitter.push(head)
  splitter.end()
  return recogniseRecords(records)
}

/**
 * Recognises plain bytes.
 * @param head the first bytes, up to HEAD_BYTES
 * @param name the input's name, for messages
 * @param format what the user says it is, over what it looks like
 * @param map column names by field, for CSV
 * @throws InputError `unrecognised` with the reason
 */
export function sniff(
  head: Uint8Array,
  name: string,
  { format, map = {} }: { format?: InputFormat | undefined; map?: Record<string, string> | undefined } = {},
): Sniffed {
  const isParquet = startsWith(head, 'PAR1')
  const text = new TextDecoder().decode(head)
  if (format === 'nmea') return { container: 'nmea', format }
  if (format) {
    const layout = layoutNamed(format) ?? 'names'
    if (format === 'parquet' || isParquet) return { container: 'parquet', format, layout }
    const isObjects = layout === 'names' ? format === 'json' : layout.shape === 'json' || isJson(text)
    if (isObjects) return { container: 'json', format, layout }
    return { container: 'csv', format, layout: readCsvLayout(head, name, map, layout) }
  }
  if (isParquet) return { container: 'parquet', format: 'parquet', layout: undefined }
  const known = KNOWN.find(type => type.test(head))
  if (known) throw new InputError('unrecognised', `${name}: ${known.what}`)
  if (isJson(text)) {
    const layout = sniffJson(head)
    return { container: 'json', format: layout?.name ?? 'json', layout }
  }
  if (SENTENCE.test(text)) return { container: 'nmea', format: 'nmea' }
  if (isBinary(head)) throw new InputError('unrecognised', `${name}: binary data of an unknown kind, not AIS`)
  if (Object.keys(map).length > 0 || looksLikeCsv(text.split(/\r?\n/, 20))) {
    const layout = readCsvLayout(head, name, map)
    return { container: 'csv', format: layout.name, layout }
  }
  const first = text.split(/\r?\n/).find(line => line.trim() !== '') ?? ''
  throw new InputError(
    'unrecognised',
    `${name}: no AIS in it: neither NMEA, CSV, JSON nor Parquet (it starts "${safeText(first, 60)}")`,
  )
}
