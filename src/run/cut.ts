// Rows of a CSV put together by vessel, for a cluster that hands all rows of a vessel to one process: it moves pieces of many rows in
// place of rows, and looks into none of them. docs/scale.md.
//
//   bucket of vessels, tab, row ␞ row ␞ …
//
// Between rows stands the record separator of ASCII, as a line feed would end the line, and between the cells of a row that has tabs its
// unit separator; a carriage return, which some end a line at too, is a space or, before a line feed, gone.

import { sniffCompression } from '../sources/compressed.js'
import { readCsvLayout, splitRow } from '../sources/csv/layout.js'

/** Buckets of vessels, many times as many as the parts that they are put into, so that parts are much the same. */
const BUCKETS = 1024
/** A piece is handed on when it has so many bytes: a bucket's piece waits in memory. */
const PIECE_BYTES = 32_768
const TAB = 9
const NEWLINE = 10
const RETURN = 13
const QUOTE = 34
const SPACE = 32
const ZERO = 48
const NINE = 57
const RECORD_SEPARATOR = 30
const UNIT_SEPARATOR = 31
const ENDED = Buffer.from([NEWLINE])

/**
 * Cuts rows by vessel.
 * @param rows text of rows without a header, in chunks cut anywhere, which are changed in place. A row that has no digit where the MMSI stands is a header line, or
 * none, and left out
 * @param header their header line
 * @param map column names by field, over the aliases
 * @throws InputError where the header names no MMSI, or nothing else that is needed
 */
export async function* cutByVessel(
  rows: AsyncIterable<Uint8Array>,
  header: string,
  map: Record<string, string> = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { column, delimiter } = readCsvLayout(Buffer.from(`${header}\n`), 'header', map)
  const bucketOf = createBucketOf(column.mmsi, delimiter === TAB ? UNIT_SEPARATOR : delimiter)
  const pieces: (Buffer | undefined)[] = []
  const lengths = new Uint32Array(BUCKETS)

  function takeOut(bucket: number): Buffer {
    const piece = Buffer.from(pieces[bucket]!.subarray(0, lengths[bucket]))
    piece[piece.length - 1] = NEWLINE
    lengths[bucket] = 0
    return piece
  }

  /** Puts a row into its bucket's piece, whose beginning is the bucket. */
  function put(bytes: Buffer, start: number, end: number, bucket: number): void {
    const piece = (pieces[bucket] ??= Buffer.allocUnsafe(PIECE_BYTES))
    let at = lengths[bucket]!
    if (at === 0) at = piece.write(`${bucket}\t`)
    bytes.copy(piece, at, start, end)
    at += end - start
    piece[at++] = RECORD_SEPARATOR
    lengths[bucket] = at
  }

  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of ended(rows)) {
    replaceAll(chunk, RECORD_SEPARATOR, SPACE)
    replaceAll(chunk, UNIT_SEPARATOR, SPACE)
    replaceAll(chunk, RETURN, SPACE)
    replaceAll(chunk, TAB, UNIT_SEPARATOR)
    const bytes =
      held.length > 0
        ? Buffer.concat([held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const bucket = bucketOf(bytes, start, end)
      if (bucket >= 0) {
        const stop = end > start && bytes[end - 1] === SPACE ? end - 1 : end
        const length = stop - start
        if (lengths[bucket]! > 0 && lengths[bucket]! + length >= PIECE_BYTES) yield takeOut(bucket)
        if (length > PIECE_BYTES - 10)
          yield Buffer.concat([Buffer.from(`${bucket}\t`), bytes.subarray(start, stop), ENDED])
        else put(bytes, start, stop, bucket)
      }
      start = end + 1
    }
    held = Buffer.from(bytes.subarray(start))
  }
  for (let bucket = 0; bucket < BUCKETS; bucket++) if (lengths[bucket]! > 0) yield takeOut(bucket)
}

/** Ends the last row, whether the text did or not. */
async function* ended(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* rows
  yield ENDED
}

/** Rows of pieces as lines again; what begins as compressed bytes do is left as it is. Chunks are changed in place. */
export async function* uncut(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let isText: boolean | undefined
  for await (const chunk of pieces) {
    isText ??= sniffCompression(chunk) === 'none'
    if (isText) {
      replaceAll(chunk, RECORD_SEPARATOR, NEWLINE)
      replaceAll(chunk, UNIT_SEPARATOR, TAB)
    }
    yield chunk
  }
}

function replaceAll(bytes: Uint8Array, byte: number, by: number): void {
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) bytes[at] = by
}

/** Makes a function that finds the bucket of the row in bytes[start, end); −1: it has no digit where the MMSI stands. */
function createBucketOf(
  column: number,
  delimiter: number,
): (bytes: Buffer, start: number, end: number) => number {
  const separator = String.fromCharCode(delimiter)

  function slowly(bytes: Buffer, start: number, end: number): number {
    const cell = splitRow(bytes.toString('latin1', start, end), separator)[column] ?? ''
    if (!/\d/.test(cell)) return -1
    const mmsi = Number(cell)
    return bucketOfMmsi(Number.isFinite(mmsi) ? mmsi : 0)
  }

  return (bytes, start, end) => {
    let at = start
    for (let k = 0; k < column && at < end; at++) {
      if (bytes[at] === QUOTE) return slowly(bytes, start, end)
      if (bytes[at] === delimiter) k++
    }
    const first = at
    let mmsi = 0
    for (; at < end; at++) {
      const digit = bytes[at]!
      if (digit < ZERO || digit > NINE) break
      mmsi = 10 * mmsi + digit - ZERO
    }
    const isPlain = at > first && (at === end || bytes[at] === delimiter)
    return isPlain ? bucketOfMmsi(mmsi) : slowly(bytes, start, end)
  }
}

const bucketOfMmsi = (mmsi: number): number => Math.imul(mmsi, 0x9e3779b1) >>> (32 - Math.log2(BUCKETS))
