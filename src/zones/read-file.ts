// Whole small files, plain or gzipped, with errors that say what to do. Zones and ports are megabytes, not archives.

import { readFile, stat } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
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
    if (error instanceof InputError) throw error
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`
    throw new InputError('failed', `${label}: ${why}`, { cause: error })
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
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
