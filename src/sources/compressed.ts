// Stored bytes to plain bytes: gzip (also several members), zstd, zip, or nothing to undo. Whatever comes out is handed
// on at once, so that a file that breaks off still gives what it held; what comes out is counted, whatever a header claims.

import { Decompress } from 'fzstd'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'

export type Compression = 'none' | 'gzip' | 'zip' | 'zstd'

const READ_BYTES = 1 << 20
const INFLATE_CHUNK_BYTES = 1 << 18
/** Damaged data cost the output of one write, so writes are small. */
const INFLATE_WRITE_BYTES = 1 << 15
/** AIS text shrinks 5 to 30 times; deflate can do 1,032. What expands more than this is no archive. */
const MAX_RATIO = 250
/** … once it has grown to this: small files of one repeated line are harmless. */
const RATIO_FROM_BYTES = 1 << 28
const MAX_OUTPUT_BYTES = 2 ** 40
/** zstd refuses more without --long; a frame header may claim 2 GB. */
const MAX_ZSTD_WINDOW_BYTES = 1 << 27
const MAX_ZIP_ENTRIES = 10_000

/** Takes bytes, which are the caller's again when it returns; false means: enough. */
export type Take = (bytes: Uint8Array) => boolean | void
/** Bytes read so far, as stored. */
export type OnStored = (bytes: number) => void
/** Awaited before more is handed over; false means: enough. */
export type Ready = () => Promise<boolean>

/** Pieces of stored bytes, each valid until the next is asked for. */
export type Pieces = AsyncIterable<Uint8Array>

/** The pieces of a plain file in two buffers in turn: the next is being read while one is looked at. */
export async function* readPieces(path: string): Pieces {
  let file: FileHandle | undefined
  let ahead: Promise<{ bytesRead: number }> | undefined
  try {
    file = await open(path, 'r')
    if (!(await file.stat()).isFile()) {
      // a pipe, as from a shell's <(…)
      await file.close()
      file = undefined
      yield* createReadStream(path, { highWaterMark: READ_BYTES })
      return
    }
    const opened = file
    const buffers = [new Uint8Array(READ_BYTES), new Uint8Array(READ_BYTES)] as const
    const read = (turn: number) => opened.read(buffers[turn & 1]!, 0, READ_BYTES, null)
    ahead = read(0)
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await ahead
      if (bytesRead === 0) return
      ahead = read(turn + 1)
      ahead.catch(() => undefined) // it is told where it is awaited
      yield buffers[turn & 1]!.subarray(0, bytesRead)
    }
  } finally {
    await ahead?.catch(() => undefined)
    await file?.close()
  }
}

export function sniffCompression(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  // a skippable zstd frame, as pzstd writes
  if (head[0]! >= 0x50 && head[0]! <= 0x5f && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)
    return 'zstd'
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2]! + 1)
    return 'zip'
  return 'none'
}

/** Counts what comes out and refuses a decompression bomb. */
function guard(name: string, take: Take, maxBytes: number): { take: Take; addStored(bytes: number): void } {
  let stored = 0
  let plain = 0
  return {
    addStored(bytes) {
      stored += bytes
    },
    take(bytes) {
      plain += bytes.length
      if (plain > maxBytes)
        throw new InputError('failed', `${name}: more than ${maxBytes} bytes when decompressed`)
      if (plain > RATIO_FROM_BYTES && plain > MAX_RATIO * stored) {
        throw new InputError(
          'failed',
          `${name}: expands more than ${MAX_RATIO} times: refused as a decompression bomb`,
        )
      }
      return take(bytes)
    },
  }
}

/**
 * Undoes the compression of `pieces` and hands the plain bytes to `take`, until it returns false.
 * @throws InputError `failed` when the compressed data are broken or cut off: all that could be read was handed over
 */
export async function decompress(
  name: string,
  pieces: Pieces,
  compression: Exclude<Compression, 'zip'> | 'deflate',
  take: Take,
  {
    onStored,
    maxBytes = MAX_OUTPUT_BYTES,
    ready,
  }: { onStored?: OnStored | undefined; maxBytes?: number | undefined; ready?: Ready | undefined } = {},
): Promise<void> {
  const limits = guard(name, take, maxBytes)
  let stored = 0
  const count = (bytes: number): void => {
    stored += bytes
    limits.addStored(bytes)
    onStored?.(stored)
  }
  if (compression === 'none') {
    for await (const piece of pieces) {
      count(piece.length)
      if (take(piece) === false || (ready && !(await ready()))) return
    }
  } else if (compression === 'zstd' && !zlibZstd()) {
    await expandZstd(name, pieces, limits.take, count, ready)
  } else {
    const transform =
      compression === 'gzip'
        ? zlib.createGunzip({ chunkSize: INFLATE_CHUNK_BYTES })
        : compression === 'deflate'
          ? zlib.createInflateRaw({ chunkSize: INFLATE_CHUNK_BYTES })
          : zlibZstd()!({ chunkSize: INFLATE_CHUNK_BYTES })
    await pump(name, pieces, transform, limits.take, count, ready)
  }
}

/** Node's own zstd, from 22.15 on. */
function zlibZstd(): ((options: { chunkSize: number }) => Transform) | undefined {
  return (zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform })
    .createZstdDecompress
}

const BROKEN: Record<string, string> = {
  Z_BUF_ERROR: 'ends too early (truncated)',
  Z_DATA_ERROR: 'compressed data are damaged',
}

/** Runs `pieces` through a transform of zlib; `take` gets each chunk as it comes, also those before an error. */
async function pump(
  name: string,
  pieces: Pieces,
  transform: Transform,
  take: Take,
  count: (bytes: number) => void,
  ready: Ready | undefined,
): Promise<void> {
  let enough = false
  let thrown: unknown
  const done = new Promise<void>((resolve, reject) => {
    transform.on('data', (chunk: Uint8Array) => {
      if (enough || thrown !== undefined) return
      try {
        enough = take(chunk) === false
      } catch (error) {
        thrown = error
      }
    })
    transform.once('end', resolve)
    transform.once('error', reject)
  })
  done.catch(() => {}) // awaited below; a loop of writes may still be under way
  const stopped = (): boolean => enough || thrown !== undefined || transform.destroyed
  // zlib reads the bytes in another thread: wait until it has taken them in
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise(resolve => {
      transform.once('close', resolve)
      transform.write(bytes, () => {
        transform.off('close', resolve)
        resolve()
      })
    })
  try {
    for await (const piece of pieces) {
      count(piece.length)
      for (let at = 0; at < piece.length && !stopped(); at += INFLATE_WRITE_BYTES) {
        await write(piece.subarray(at, at + INFLATE_WRITE_BYTES))
        if (ready && !(await ready())) enough = true
      }
      if (stopped()) break
    }
    if (thrown === undefined && !enough) {
      transform.end()
      await done
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!/^(Z_|ERR_ZSTD|ZSTD)/.test(code)) throw error
    throw new InputError('failed', `${name}: ${BROKEN[code] ?? 'compressed data are damaged'}`, {
      cause: error,
    })
  } finally {
    transform.destroy()
  }
  if (thrown !== undefined) throw thrown
}

/** zstd in plain JS, for a Node that has none. */
async function expandZstd(
  name: string,
  pieces: Pieces,
  take: Take,
  count: (bytes: number) => void,
  ready: Ready | undefined,
): Promise<void> {
  let enough = false
  let own: unknown
  const stream = new Decompress(chunk => {
    if (enough || chunk.length === 0) return
    try {
      enough = take(chunk) === false
    } catch (error) {
      own = error
      throw error
    }
  })
  let isFirst = true
  try {
    for await (const piece of pieces) {
      count(piece.length)
      if (isFirst && zstdWindow(piece) > MAX_ZSTD_WINDOW_BYTES) {
        throw new InputError(
          'failed',
          `${name}: zstd window over ${MAX_ZSTD_WINDOW_BYTES >> 20} MiB: recompress it without --long`,
        )
      }
      isFirst = false
      stream.push(piece.slice()) // it keeps what it could not use yet
      if (enough || (ready && !(await ready()))) return
    }
    stream.push(new Uint8Array(0), true)
  } catch (error) {
    if (error === own || error instanceof InputError || (error as NodeJS.ErrnoException).syscall) throw error
    const early = /EOF/.test(String(error))
    throw new InputError('failed', `${name}: ${BROKEN[early ? 'Z_BUF_ERROR' : 'Z_DATA_ERROR']}`, {
      cause: error,
    })
  }
}

/** Window size that a zstd frame asks for (RFC 8878, 3.1.1.1), 0 when it does not say. */
export function zstdWindow(frame: Uint8Array): number {
  const isZstd = sniffCompression(frame) === 'zstd' && frame[0] === 0x28 && frame.length >= 18
  if (!isZstd) return 0
  const descriptor = frame[4]!
  const sizeFlag = descriptor >> 6
  if ((descriptor & 32) === 0) {
    const log = 10 + (frame[5]! >> 3)
    return 2 ** log + (2 ** log / 8) * (frame[5]! & 7)
  }
  // a single segment: the window is the content
  const at = 5 + [0, 1, 2, 4][descriptor & 3]!
  let size = 0
  for (let k = (1 << sizeFlag) - 1; k >= 0; k--) size = size * 256 + (frame[at + k] ?? 0)
  return size
}

export interface ZipMember {
  name: string
  entry: Entry
}

/** An open zip: its members, and the plain bytes of each. */
export interface ZipArchive {
  members: ZipMember[]
  read(
    member: ZipMember,
    take: Take,
    options: { onStored?: OnStored; maxBytes?: number | undefined; ready?: Ready | undefined },
  ): Promise<void>
  close(): void
}

/**
 * Opens a zip file and lists its members; folders and hidden files (`__MACOSX/…`) are left out.
 * @throws InputError `failed` when it is damaged or holds more than 10,000 members
 */
export async function openZip(name: string, path: string): Promise<ZipArchive> {
  const damaged = (error: unknown): InputError =>
    new InputError(
      'failed',
      `${name}: damaged zip (${safeText(error instanceof Error ? error.message : String(error))})`,
      {
        cause: error,
      },
    )
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, file) => {
      if (error) reject(damaged(error))
      else resolve(file)
    })
  })
  const members: ZipMember[] = []
  try {
    zip.readEntry()
    for (;;) {
      const entry = await nextEntry(zip)
      if (!entry) break
      // names are shown, never used as paths
      const memberName = new TextDecoder().decode(entry.fileName as unknown as Uint8Array)
      if (!/\/$|(^|\/)(__MACOSX\/|\.)/.test(memberName)) members.push({ name: safeText(memberName), entry })
      if (members.length > MAX_ZIP_ENTRIES) throw new Error(`more than ${MAX_ZIP_ENTRIES} members`)
      zip.readEntry()
    }
  } catch (error) {
    zip.close()
    throw damaged(error)
  }
  return {
    members,
    close: () => zip.close(),
    async read({ name: memberName, entry }, take, options) {
      const label = `${name}/${memberName}`
      if (entry.isEncrypted()) throw new InputError('failed', `${label}: encrypted`)
      if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
        throw new InputError(
          'failed',
          `${label}: zip method ${entry.compressionMethod} is not supported, only stored and deflate: unpack it first`,
        )
      }
      const stream = await new Promise<Pieces>((resolve, reject) => {
        const onStream = (error: Error | null, readable: NodeJS.ReadableStream): void => {
          if (error) reject(damaged(error))
          else resolve(readable as unknown as Pieces)
        }
        if (entry.compressionMethod === 0) zip.openReadStream(entry, onStream)
        else zip.openReadStream(entry, { decodeFileData: false }, onStream)
      })
      await decompress(label, stream, entry.compressionMethod === 0 ? 'none' : 'deflate', take, options)
    },
  }
}

async function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  const abort = new AbortController()
  try {
    const ended = once(zip, 'end', { signal: abort.signal }).then(() => undefined)
    const entry = once(zip, 'entry', { signal: abort.signal }).then(([value]) => value as Entry)
    ended.catch(() => {})
    entry.catch(() => {})
    return await Promise.race([entry, ended])
  } finally {
    abort.abort()
  }
}
