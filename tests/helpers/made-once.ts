// What is made of the present sources, once for each state of them, beside node_modules: by whoever comes first.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export const SOURCES = resolve('src')

/** Paths within src/ of everything that goes into a build. */
export const sourceFiles = (): string[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(ts|json)$/.test(path))
    .sort()

/** Folder for the present state of the sources. @param others what else goes into what is made, paths */
export function homeOf(name: string, others: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of sourceFiles()) hash.update(path).update(readFileSync(join(SOURCES, path)))
  for (const path of others) hash.update(readFileSync(path))
  return resolve('node_modules', '.cache', name, hash.digest('hex').slice(0, 16))
}

/** An empty folder to make it in, beside the one where it is to stand; null: it stands there. */
export function freshBeside(home: string): string | null {
  if (existsSync(home)) return null
  const fresh = `${home}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  return fresh
}

/** Puts it in its place, and takes away those of other states. */
export function putInPlace(fresh: string, home: string): void {
  for (const old of readdirSync(dirname(home))) {
    if (old !== basename(home) && !old.includes('.'))
      rmSync(join(dirname(home), old), { recursive: true, force: true })
  }
  try {
    renameSync(fresh, home)
  } catch {
    rmSync(fresh, { recursive: true, force: true }) // another run was faster
  }
}
