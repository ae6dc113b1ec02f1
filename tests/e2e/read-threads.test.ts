// Several threads read what one reads: every row, count and complaint, of files of all kinds, in ranges and as a whole.

import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import type * as Reading from '../../src/run/reading.js'
import { createWords } from '../../src/model/words.js'
import { createSorter } from '../../src/run/spill.js'
import { createBooks } from '../../src/run/stats.js'
import { openFiles } from '../../src/sources/open.js'
import { contents, pick } from '../run/rows.js'
import { build, builtWith, darkwake, emptyFolder } from './darkwake.js'

let folder: string
let files: string[]

beforeAll(async () => {
  build()
  folder = emptyFolder()
  const made = async (name: string, ...flags: string[]): Promise<string> => {
    const path = join(folder, name)
    const outcome = await darkwake(['simulate', 'north-sea', '-o', path, '--hours', '3', '--quiet', ...flags])
    expect(outcome.code).toBe(0)
    return path
  }
  const day = await made('day.csv', '--vessels', '300')
  const heard = await made('heard.nmea', '--vessels', '60', '--seed', '3')
  const packed = join(folder, 'other.csv.gz')
  writeFileSync(packed, gzipSync(readFileSync(await made('other.csv', '--vessels', '80', '--seed', '4'))))
  const broken = join(folder, 'broken.csv.gz')
  cpSync(packed, broken)
  truncateSync(broken, 100_000)
  // a row that goes on in the next line: not to be cut
  const quoted = join(folder, 'quoted.csv')
  writeFileSync(quoted, readFileSync(day, 'utf8').replace(/\n(\d+,[^\n]*?,)([A-Z ]+ \d+),/, '\n$1"$2\n",'))
  files = [day, heard, join(folder, 'nowhere.csv'), packed, broken, quoted]
})

async function read(
  { readInputs }: typeof Reading,
  inputs: string[],
  options: Partial<Reading.ReadingOptions>,
) {
  const words = createWords()
  const sorter = createSorter({ words })
  const books = createBooks(0, undefined)
  let bytesRead = 0
  try {
    const errors = await readInputs(
      openFiles(inputs),
      { words, sorter, books },
      {
        ...{ threads: 1, bytesPerThread: 100_000, bytesOfFiles: 0, ...options },
        onProgress: progress => (bytesRead = Math.max(bytesRead, progress.bytesRead)),
      },
    )
    const rows: string[] = []
    for (const { batch, order } of sorter.sorted())
      for (const row of contents(order ? pick(batch, [...order]) : batch)) rows.push(JSON.stringify(row))
    return { rows, books, errors: errors.map(({ message }) => message), bytesRead }
  } finally {
    sorter.dispose()
  }
}

const built = async (dist = join(build(), 'dist')): Promise<typeof Reading> =>
  (await import(join(dist, 'run', 'reading.js'))) as typeof Reading

test('threads read what one reads, count it alike, and say the same of what is wrong', async () => {
  const reading = await built()
  const { rows, books, errors, bytesRead } = await read(reading, files, {})
  expect(rows.length).toBeGreaterThan(50_000)
  expect(errors).toHaveLength(2)
  const said: string[] = []
  for (const threads of [2, 3]) {
    const apart = await read(reading, files, { threads, onInputError: ({ message }) => said.push(message) })
    expect(apart.rows.length).toBe(rows.length)
    expect(apart.rows.join('\n') === rows.join('\n')).toBe(true)
    expect(apart.errors).toEqual(errors)
    // all but the header of a table that is cut
    expect(bytesRead - apart.bytesRead).toBeLessThan(1000)
    expect(apart.books).toEqual(books)
  }
  expect(said.sort()).toEqual([...errors, ...errors].sort())
})

test('… and leave out what was not asked for', async () => {
  const reading = await built()
  const from = Date.UTC(2026, 2, 21, 1)
  const span = { from, to: from + 3_600_000 }
  const { rows, books } = await read(reading, files, span)
  expect(books.outside).toBeGreaterThan(10_000)
  const apart = await read(reading, files, { ...span, threads: 2 })
  expect(apart.rows.join('\n') === rows.join('\n')).toBe(true)
  expect(apart.books).toEqual(books)
})

test('an interrupt ends them', async () => {
  const control = new AbortController()
  const apart = await read(await built(), files, {
    ...{ threads: 2, signal: control.signal },
    onInput: ({ name }) => name.endsWith('other.csv.gz') && control.abort(),
  })
  expect(apart.errors).toHaveLength(1)
})

test.each([
  ['throws', "throw new Error('broken')", /broken/],
  ['is gone', 'process.exit(3)', /a thread that reads is gone/],
])('a thread that %s ends the reading', async (_what, code, words) => {
  const copy = builtWith('run/read-helper.js', code)
  await expect(read(await built(copy), files, { threads: 2 })).rejects.toThrow(words)
})
