// A temporary file that nobody else sees, gone when it is closed.

import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempFile {
  readonly fd: number
  /** Closes and removes it; safe to call twice. */
  close(): void
}

/** @throws what the file system says */
export function openTempFile(name: string, tempDir = tmpdir()): TempFile {
  const dir = fs.mkdtempSync(join(tempDir, 'darkwake-'))
  const remove = (): void => fs.rmSync(dir, { recursive: true, force: true })
  let fd = -1
  try {
    fd = fs.openSync(join(dir, name), 'wx+', 0o600)
  } catch (error) {
    remove()
    throw error
  }
  // where an open file can be removed it is, at once: then not even a kill leaves it behind
  if (process.platform !== 'win32') remove()
  return {
    fd,
    close() {
      if (fd < 0) return
      fs.closeSync(fd)
      fd = -1
      remove()
    },
  }
}
