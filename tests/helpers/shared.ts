// Real data and replay cases live beside the project, not in it; tests that use them skip where they are absent.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { test } from 'vitest'

const root = resolve(import.meta.dirname, '../../../shared')

export const sharedPath = (path: string) => resolve(root, path)

export function sharedText(path: string): string {
  const bytes = readFileSync(sharedPath(path))
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

/** A test that needs a shared file: skipped, by name, where there is none. */
export function testWith(path: string, name: string, run: () => void | Promise<void>): void {
  if (existsSync(sharedPath(path))) test(name, run)
  else test.skip(`${name} (skipped: ../shared/${path} is absent)`, () => {})
}
