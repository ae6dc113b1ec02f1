// Whole small files and the text of longer ones, plain or gzipped, with errors that say what to do. Zones and ports are
// megabytes, not archives.

import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip, gunzipSync } from 'node:zlib'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'

/** Far above any file of zones or ports (Marine Regions' World EEZ in full detail is 0.4 GB as GeoJSON). */
const MAX_BYTES = 2 ** 30

/** The name of a file as messages may show it. */
export function fileLabel(path: string): string {
  return safeText(path, 200)
}

/**
 * The bytes of a file, unpacked where it is gzip.
 * @throws InputError when it is missing, no file, unreadable, empty, or its gzip is broken or too large
 */
export async function readWholeFile(path: string): Promise<Buffer> {
  const label = fileLabel(path)
  let bytes: Buffer
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) throw new InputError('failed', `${label}: larger than ${MAX_BYTES} bytes`)
    bytes = await readFile(path)
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(label, error)
  }
  if (isGzip(bytes)) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const why =
        code === 'ERR_BUFFER_TOO_LARGE' ? `more than ${MAX_BYTES} bytes unpacked` : 'broken or truncated gzip'
      throw new InputError('failed', `${label}: ${why}`, { cause: error })
    }
  }
  if (bytes.length === 0) throw new InputError('unrecognised', `${label}: empty`)
  return bytes
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

function unreadable(label: string, cause: unknown): InputError {
  const { code } = cause as NodeJS.ErrnoException
  const why =
    code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`
  return new InputError('failed', `${label}: ${why}`, { cause })
}

/** Unpacked text beyond this is no list that anybody keeps. */
const MAX_TEXT_BYTES = 2 ** 36

/**
 * The text of a file in pieces, unpacked where it is gzip, without a byte order mark: a file of any size.
 * @throws InputError as readWholeFile does
 */
export async function* readTextPieces(path: string): AsyncGenerator<string, void, undefined> {
  const label = fileLabel(path)
  const stored = createReadStream(path)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const next = async (): Promise<Buffer | undefined> => {
    try {
      const { value, done } = await stored.next()
      return done ? undefined : value
    } catch (error) {
      throw unreadable(label, error)
    }
  }
  async function* all(): AsyncGenerator<Buffer> {
    for (let piece = first; piece; piece = await next()) yield piece
  }
  const first = await next()
  if (!first) throw new InputError('unrecognised', `${label}: empty`)
  let plain: AsyncIterable<Buffer> = all()
  if (isGzip(first)) {
    const unpacked = createGunzip()
    pipeline(plain, unpacked).catch(() => undefined) // what goes wrong is told where it is read
    plain = unpacked
  }
  const decoder = new StringDecoder('utf8')
  let bytes = 0
  let isStart = true
  try {
    for await (const piece of plain) {
      bytes += piece.length
      if (bytes > MAX_TEXT_BYTES)
        throw new InputError('failed', `${label}: more than ${MAX_TEXT_BYTES} bytes unpacked`)
      const text = decoder.write(piece)
      yield isStart ? text.replace(/^\ufeff/, '') : text
      isStart = false
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError('failed', `${label}: broken or truncated gzip`, { cause: error })
  }
  if (bytes === 0) throw new InputError('unrecognised', `${label}: empty`)
  yield decoder.end()
}
