// Rows out of ranges of files, for a cluster whose workers see the files themselves: it hands out where to read, and no row goes
// through it. A row belongs to the range that it begins in, so ranges that meet give each row once.

import fs from 'node:fs'
import { createGunzip } from 'node:zlib'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { sniffCompression, type Compression } from '../sources/compressed.js'

const READ_BYTES = 1 << 20
const NEWLINE = 10
const ENDED = Buffer.from([NEWLINE])

interface Range {
  from: number
  to: number
  path: string
}

/**
 * Text of rows, each ended: chunks are good until the next one is asked for.
 * @param lines first byte, byte after the last, path, between tabs; a path may be a `file:` URL. What is compressed by gzip is read whole, by
 * whoever has its first byte
 * @throws InputError for what is no such line, and a file that cannot be read
 */
export async function* rowsOfRanges(
  lines: AsyncIterable<string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const line of lines) {
    const range = rangeOf(line)
    try {
      const compression = compressionOf(range.path)
      if (compression === 'gzip') {
        if (range.from === 0)
          yield* fs.createReadStream(range.path).pipe(createGunzip()) as AsyncIterable<Buffer>
      } else if (compression === 'none') yield* rowsOf(range)
      else throw new Error(`${compression} is not read in ranges: unpack it, or pack it with gzip`)
    } catch (error) {
      throw new InputError('failed', `${safeText(range.path)}: ${(error as Error).message}`, { cause: error })
    }
    yield ENDED
  }
}

function rangeOf(line: string): Range {
  const [, from, to, path] = /^(\d+)\t(\d+)\t(?:file:(?:\/\/(?=\/))?)?(\/.*)$/s.exec(line) ?? []
  if (path === undefined)
    throw new InputError('failed', `operator: no range of a file: ${JSON.stringify(line.slice(0, 80))}`)
  return { from: Number(from), to: Number(to), path }
}

function compressionOf(path: string): Compression {
  const head = Buffer.alloc(4)
  const fd = fs.openSync(path, 'r')
  try {
    fs.readSync(fd, head, 0, head.length, 0)
    return sniffCompression(head)
  } finally {
    fs.closeSync(fd)
  }
}

/** Those of a plain file: chunks of whole lines, but that each may begin and end anywhere. */
export function* rowsOf({ from, to, path }: Range): Generator<Uint8Array, void, undefined> {
  const bytes = Buffer.allocUnsafe(READ_BYTES)
  const fd = fs.openSync(path, 'r')
  try {
    // a row begins here if one ends just before
    let at = Math.max(0, from - 1)
    let isBegun = from === 0
    while (at < to || isBegun) {
      const read = fs.readSync(fd, bytes, 0, bytes.length, at)
      if (read === 0) return
      const chunk = bytes.subarray(0, read)
      let start = 0
      if (!isBegun) {
        start = chunk.indexOf(NEWLINE) + 1
        // the row before goes on, and may do so beyond the range
        if (start === 0 || at + start >= to) {
          if (start > 0) return
          at += read
          continue
        }
        isBegun = true
      }
      // the row that the last byte of the range is in ends it
      const last = at + read < to ? -1 : chunk.indexOf(NEWLINE, Math.max(start, to - 1 - at))
      yield chunk.subarray(start, last < 0 ? read : last + 1)
      if (last >= 0) return
      at += read
    }
  } finally {
    fs.closeSync(fd)
  }
}

/**
 * Whether all lines of some chunks, which may end anywhere, are rows.
 * @param areRows says so of whole lines
 */
export function areLinesRows(chunks: Iterable<Uint8Array>, areRows: (lines: Uint8Array) => boolean): boolean {
  let rest = Buffer.alloc(0)
  for (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    const first = chunk.indexOf(NEWLINE) + 1
    if (end === 0) {
      rest = Buffer.concat([rest, chunk])
      continue
    }
    if (!areRows(Buffer.concat([rest, chunk.subarray(0, first)])) || !areRows(chunk.subarray(first, end)))
      return false
    rest = Buffer.from(chunk.subarray(end))
  }
  return areRows(rest)
}
