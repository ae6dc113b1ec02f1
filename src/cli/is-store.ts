// Whether a file is a store, by its first bytes.

import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Bytes 8 to 12 of a DuckDB file. */
const MAGIC = 'DUCK'

/** False for what cannot be opened: who reads it says so. A pipe is none, and no byte is taken from it. */
export function isStore(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
  const head = Buffer.alloc(12)
  try {
    const fd = openSync(path, 'r')
    try {
      readSync(fd, head, 0, head.length, 0)
    } finally {
      closeSync(fd)
    }
  } catch {
    return false
  }
  return head.toString('latin1', 8) === MAGIC
}
