// From a file's name to reports: what is it, how is it compressed, who reads it. Everything that can be wrong with an
// input before its first row is found here, and said in one line.

import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { InputError, UsageError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import {
  decompress,
  openZip,
  readPieces,
  sniffCompression,
  type Compression,
  type OnStored,
  type Pieces,
  type Take,
} from './compressed.js'
import type { CsvLayout } from './csv/layout.js'
import { createCsvReader } from './csv/reader.js'
import { areRows } from './csv/whole.js'
import { createJsonReader } from './json.js'
import { createNmeaReader } from './nmea.js'
import type { Reader, ReaderContext } from './reader.js'
import { HEAD_BYTES, INPUT_FORMATS, sniff, type InputFormat, type Sniffed } from './sniff.js'

export { INPUT_FORMATS, type InputFormat } from './sniff.js'
export type { Compression } from './compressed.js'

/** Something to read: a path, or a stream of bytes. */
export interface Input {
  /** As given; for messages and the `source` column. */
  name: string
  path?: string
  stream?: AsyncIterable<Uint8Array>
  /** Stored size, where it is known before reading. */
  sizeBytes?: number
}

export interface RecogniseOptions {
  /** What the input is, over what it looks like. */
  format?: InputFormat | undefined
  /** Column names by field, for CSV and JSON whose names no alias covers. */
  map?: Record<string, string> | undefined
  /** Most plain bytes that a compressed input may expand to. @default 2^40 */
  maxBytes?: number | undefined
}

export interface RecognisedInput {
  name: string
  /** `mixed` for a zip whose members differ. */
  format: InputFormat | 'mixed'
  compression: Compression
  /** Stored size; undefined for a stream. */
  sizeBytes: number | undefined
  /** Of a plain file of CSV, which can be read in ranges: … */
  table?: {
    /** … bytes before the first row, … */
    start: number
    /** … a reader of rows from there on, … */
    reader: (context: ReaderContext) => Reader
    /** … and whether some of its whole lines are a row each. */
    areRows: (lines: Uint8Array) => boolean
  }
  /** The members of a zip that hold AIS. */
  members?: { name: string; format: InputFormat }[]
  /** Members of a zip that hold none, and why. */
  skipped?: string[]
  /**
   * Reads it all, once for a stream, again and again for a file. Batches go to `context.onBatch`.
   * @param onBytes stored bytes read so far
   * @throws InputError `failed` when it breaks off; what was read until then was delivered
   */
  read(context: ReaderContext, onBytes?: OnStored): Promise<void>
}

const STDIN = '-'
/** Its footer comes first. */
const PACKED_PARQUET = 'Parquet is read from a plain file: unpack it, or save the stream, first'

/** Names of files as inputs; `-` is standard input. Nothing is opened yet. */
export function openFiles(paths: string[]): Input[] {
  return paths.map(path => (path === STDIN ? { name: 'stdin', stream: process.stdin } : { name: path, path }))
}

/**
 * Finds out what an input is, by the first 64 KiB of its plain bytes.
 * @throws InputError `failed` (missing, a directory, empty, unreadable) or `unrecognised`, in one line
 */
export async function recognise(input: Input, options: RecogniseOptions = {}): Promise<RecognisedInput> {
  const { format } = options
  if (format !== undefined && !(INPUT_FORMATS as readonly string[]).includes(format)) {
    throw new UsageError(
      `input format: unknown name "${safeText(format)}", expected one of ${INPUT_FORMATS.join(', ')}`,
    )
  }
  const name = safeText(input.name, 300)
  const { path } = input
  let sizeBytes = input.sizeBytes
  let stream = input.stream
  if (path !== undefined && !stream) {
    const size = await sizeOf(name, path)
    sizeBytes ??= size
    // a pipe can be read only once
    if (size === undefined) stream = createReadStream(path)
  }
  if (stream) return recogniseStream(name, stream, sizeBytes, options)
  if (path === undefined) throw new UsageError(`${name}: an input needs a path or a stream`)

  const pieces = (): Pieces => named(name, readPieces(path))
  const compression = sniffCompression(await firstBytes(name, pieces(), 'none', 8))
  if (compression === 'zip') return recogniseZip(name, path, sizeBytes, options)
  const head = await firstBytes(name, pieces(), compression, HEAD_BYTES)
  if (head.length === 0) throw new InputError('failed', `${name}: empty`)
  const what = sniff(head, name, options)
  if (what.container === 'parquet') {
    if (compression !== 'none') throw new InputError('failed', `${name}: ${PACKED_PARQUET}`)
    const { openParquet, readParquet } = await import('./parquet.js')
    const table = await openParquet(name, path, what.layout, options.map)
    return {
      name,
      format: what.format,
      compression,
      sizeBytes,
      read: (context, onBytes) => readParquet(name, path, table, context, onBytes),
    }
  }
  return {
    name,
    format: what.format,
    compression,
    sizeBytes,
    read: (context, onBytes) => readAll(name, pieces(), compression, what, context, options, onBytes),
    ...(compression === 'none' && what.container === 'csv' && { table: tableOf(what.layout) }),
  }
}

const tableOf = (layout: CsvLayout): NonNullable<RecognisedInput['table']> => ({
  start: layout.dataStart,
  reader: context => createCsvReader(context, { ...layout, dataStart: 0 }),
  areRows: lines => areRows(lines, layout.delimiter),
})

/**
 * The plain bytes of an input that is no AIS, such as events: a file may be .gz or .zst, a stream is as it is.
 * @throws InputError `failed` when it cannot be read, or breaks off
 */
export async function readPlain({ name, path, stream }: Input, take: Take): Promise<void> {
  const label = safeText(name, 300)
  const pieces = (): Pieces => named(label, stream ?? readPieces(path!))
  const compression = stream ? 'none' : sniffCompression(await firstBytes(label, pieces(), 'none', 8))
  if (compression === 'zip') throw new InputError('failed', `${label}: a zip: unpack it first`)
  await decompress(label, pieces(), compression, take)
}

/** Stored size of a file; undefined for a pipe or device. @throws InputError when it cannot be read */
async function sizeOf(name: string, path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) throw new InputError('failed', `${name}: is a directory`)
    await access(path, constants.R_OK)
    if (!stats.isFile()) return undefined
    if (stats.size === 0) throw new InputError('failed', `${name}: empty`)
    return stats.size
  } catch (error) {
    throw spoken(name, error)
  }
}

const SPOKEN: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'name too long',
  EMFILE: 'too many open files',
  EIO: 'read error of the device',
}

/** An error of the operating system as one line about the input. */
function spoken(name: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (error instanceof InputError || code === undefined || syscall === undefined) return error
  return new InputError('failed', `${name}: ${SPOKEN[code] ?? `cannot be read (${code})`}`, { cause: error })
}

async function* named(name: string, pieces: Pieces): Pieces {
  try {
    yield* pieces
  } catch (error) {
    throw spoken(name, error)
  }
}

/** The first plain bytes, up to `count`. A broken stream gives what it has; reading it will tell. */
async function firstBytes(
  name: string,
  pieces: Pieces,
  compression: Exclude<Compression, 'zip'>,
  count: number,
): Promise<Uint8Array> {
  const head = headTaker(count)
  try {
    await decompress(name, pieces, compression, head.take)
  } catch (error) {
    if (head.bytes().length === 0) throw error
  }
  return head.bytes()
}

function headTaker(count: number): { take: Take; bytes(): Uint8Array } {
  const head = new Uint8Array(count)
  let length = 0
  return {
    take(bytes) {
      const part = bytes.subarray(0, count - length)
      head.set(part, length)
      length += part.length
      return length < count
    },
    bytes: () => head.subarray(0, length),
  }
}

function createReader(what: Sniffed, context: ReaderContext): Reader {
  switch (what.container) {
    case 'csv':
      return createCsvReader(context, what.layout)
    case 'json':
      return createJsonReader(context, { layout: what.layout })
    case 'nmea':
      return createNmeaReader(context)
    case 'parquet':
      throw new InputError('failed', `${context.name}: ${PACKED_PARQUET}`)
  }
}

/** Reads one stream of bytes to its end, or to where it breaks: what came until then is delivered. */
async function readAll(
  name: string,
  pieces: Pieces,
  compression: Exclude<Compression, 'zip'>,
  what: Sniffed,
  context: ReaderContext,
  { maxBytes }: RecogniseOptions,
  onBytes?: OnStored,
): Promise<void> {
  const reader = createReader(what, context)
  const before = context.counts.bytes
  const onStored = (stored: number): void => {
    context.counts.bytes = before + stored
    onBytes?.(stored)
  }
  try {
    await decompress(name, pieces, compression, bytes => reader.push(bytes), {
      ...{ onStored, maxBytes, ready: context.ready },
    })
  } catch (error) {
    if (error instanceof InputError) reader.end()
    throw error
  }
  reader.end()
}

async function recogniseZip(
  name: string,
  path: string,
  sizeBytes: number | undefined,
  options: RecogniseOptions,
): Promise<RecognisedInput> {
  const archive = await openZip(name, path)
  const found: { index: number; name: string; what: Sniffed }[] = []
  const skipped: string[] = []
  try {
    for (const [index, member] of archive.members.entries()) {
      const label = `${name}/${member.name}`
      const head = headTaker(HEAD_BYTES)
      try {
        await archive.read(member, head.take, {}).catch((error: unknown) => {
          if (head.bytes().length === 0) throw error
        })
        if (head.bytes().length === 0) throw new InputError('failed', `${label}: empty`)
        const what = sniff(head.bytes(), label, options)
        if (what.container === 'parquet') throw new InputError('failed', `${label}: ${PACKED_PARQUET}`)
        found.push({ index, name: member.name, what })
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        skipped.push(error.message)
      }
    }
  } finally {
    archive.close()
  }
  if (found.length === 0) {
    if (skipped.length === 1) throw new InputError('unrecognised', skipped[0]!)
    throw new InputError('unrecognised', `${name}: no AIS in this zip (${archive.members.length} members)`)
  }
  const formats = new Set(found.map(member => member.what.format))
  return {
    name,
    format: formats.size === 1 ? found[0]!.what.format : 'mixed',
    compression: 'zip',
    sizeBytes,
    members: found.map(member => ({ name: member.name, format: member.what.format })),
    skipped,
    async read(context, onBytes) {
      const zip = await openZip(name, path)
      const before = context.counts.bytes
      let done = 0
      let failure: unknown
      try {
        for (const { index, what } of found) {
          const member = zip.members[index]!
          const reader = createReader(what, { ...context, name: `${name}/${member.name}` })
          let last = 0
          const onStored = (stored: number): void => {
            last = stored
            context.counts.bytes = before + done + stored
            onBytes?.(done + stored)
          }
          try {
            const { ready } = context
            await zip.read(member, bytes => reader.push(bytes), {
              ...{ onStored, maxBytes: options.maxBytes, ready },
            })
          } catch (error) {
            if (!(error instanceof InputError)) throw error
            failure ??= error // the other members are still worth reading
          }
          reader.end()
          done += last
        }
      } finally {
        zip.close()
      }
      if (failure !== undefined) throw failure
    },
  }
}

/** A stream is read once: its first pieces are kept until it is read for good. */
async function recogniseStream(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  sizeBytes: number | undefined,
  options: RecogniseOptions,
): Promise<RecognisedInput> {
  const iterator = named(name, stream)[Symbol.asyncIterator]()
  const kept: Uint8Array[] = []
  const rest = (): Pieces => ({ [Symbol.asyncIterator]: () => iterator })
  /** The pieces so far, then as many more as are asked for, which are kept too. */
  async function* keeping(): Pieces {
    yield* kept
    for (;;) {
      const next = await iterator.next()
      if (next.done) return
      const piece = next.value.slice()
      kept.push(piece)
      yield piece
    }
  }
  const compression = sniffCompression(await firstBytes(name, keeping(), 'none', 8))
  if (compression === 'zip')
    throw new InputError('failed', `${name}: a zip cannot be read from a stream: save it to a file`)
  // where the user names a format that has no header, nothing waits for more bytes than there are
  const told = options.format === 'nmea' || options.format === 'json'
  const head = await firstBytes(name, keeping(), compression, told ? 1 : HEAD_BYTES)
  if (head.length === 0) throw new InputError('failed', `${name}: empty`)
  const what = sniff(head, name, options)
  if (what.container === 'parquet') throw new InputError('failed', `${name}: ${PACKED_PARQUET}`)
  let wasRead = false
  return {
    name,
    format: what.format,
    compression,
    sizeBytes,
    async read(context, onBytes) {
      if (wasRead) throw new UsageError(`${name}: a stream can be read only once`)
      wasRead = true
      const pieces = (async function* () {
        yield* kept.splice(0)
        yield* rest()
      })()
      await readAll(name, pieces, compression, what, context, options, onBytes)
    },
  }
}
