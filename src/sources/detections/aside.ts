// Texts put aside on disk until they are asked for: detections of a year are more than memory should hold.

import fs from 'node:fs'
import { OutputError } from '../../model/errors.js'
import { openTempFile, type TempFile } from '../temp-file.js'

/** Where a text lies, bytes. */
export interface Kept {
  offset: number
  length: number
}

export interface Aside {
  /** Bytes on disk. */
  readonly bytes: number
  /** @throws OutputError disk full */
  put(text: string): Kept
  /** @throws OutputError when it cannot be read back */
  get(kept: Kept): string
  /** Removes what is on disk; safe to call twice. */
  dispose(): void
}

/** Nothing is on disk before the first text. @param tempDir default os.tmpdir() */
export function createAside(tempDir?: string): Aside {
  let file: TempFile | null = null
  let bytes = 0
  const attempt = <T>(doing: string, work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw new OutputError(
        `detections: cannot ${doing} temporary files: ${(cause as Error).message} (TMPDIR says where they are)`,
        { cause },
      )
    }
  }
  return {
    get bytes() {
      return bytes
    },
    put(text) {
      const data = Buffer.from(text)
      const kept = { offset: bytes, length: data.length }
      attempt('write', () => {
        file ??= openTempFile('detections', tempDir)
        for (let done = 0; done < data.length;)
          done += fs.writeSync(file.fd, data, done, data.length - done, kept.offset + done)
      })
      bytes += data.length
      return kept
    },
    get({ offset, length }) {
      const data = Buffer.allocUnsafe(length)
      attempt('read', () => {
        for (let done = 0; done < length;) {
          const got = fs.readSync(file!.fd, data, done, length - done, offset + done)
          if (got === 0) throw new Error('the file ended early')
          done += got
        }
      })
      return data.toString()
    },
    dispose: () => file?.close(),
  }
}
