import fc from 'fast-check'
import fs, { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { compareRows } from '../../src/clean/order.js'
import { OutputError } from '../../src/model/errors.js'
import { createWords } from '../../src/model/words.js'
import { copyRow, type ReportBatch } from '../../src/model/batch.js'
import { createSorter, type Sorter } from '../../src/run/spill.js'
import { anyRow, anyTime, contents, pick, toBatch, type Row } from './rows.js'

let tempDir: string
beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'spill-test-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(tempDir, { recursive: true, force: true })
})

/** The same rows, written into the sorter's own memory. */
function addInWindows(sorter: Sorter, batch: ReportBatch) {
  for (let i = 0; i < batch.length;) {
    const window = sorter.window()
    window.validated = batch.validated
    while (window.length < window.capacity && i < batch.length) copyRow(batch, i++, window, window.length++)
    sorter.add(window)
  }
}

/** @param windowTurn which of every three batches is written into the sorter's own memory; −1: none */
function sortAll(rows: Row[], pieces: number, maxMemoryBytes: number, windowTurn = -1) {
  const words = createWords()
  const sorter = createSorter({ words, maxMemoryBytes, tempDir })
  const out = []
  let spilled: number
  try {
    for (let i = 0; i < rows.length; i += pieces) {
      const batch = toBatch(rows.slice(i, i + pieces), words)
      if ((i / pieces) % 3 === windowTurn) addInWindows(sorter, batch)
      else sorter.add(batch)
      batch.t.fill(NaN) // the batch is ours again
    }
    spilled = sorter.spilledBytes
    for (const { batch, order } of sorter.sorted()) {
      expect(batch.validated).toBe(true)
      out.push(...contents(order ? pick(batch, [...order]) : batch))
    }
  } finally {
    sorter.dispose()
  }
  return { out, spilled }
}

function oracle(rows: Row[]) {
  const batch = toBatch(rows)
  return contents(
    pick(
      batch,
      rows.map((_, i) => i).sort((i, j) => compareRows(batch, i, batch, j)),
    ),
  )
}

/** `n` rows, cheap to make: a seeded walk through time with ties and steps back. */
function walk(n: number, seed: number, back: number): Row[] {
  let state = seed >>> 0
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  let t = Date.UTC(2022, 0, 3)
  return Array.from({ length: n }, () => {
    t += Math.floor(random() * 3) * 1000
    return {
      t: t - (random() < 0.2 ? Math.floor(random() * back) * 1000 : 0),
      mmsi: 1 + Math.floor(random() * 20),
      lat: Math.floor(random() * 4),
      receivedAt: NaN,
      shipName: random() < 0.3 ? `SHIP ${Math.floor(random() * 9)}` : '',
    }
  })
}

describe('createSorter', () => {
  test('gives the canonical order for any split in batches and any memory', () => {
    const row = anyRow(anyTime)
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 400, size: 'max' }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: -1, max: 2 }),
        (rows, pieces, memory, windowTurn) => {
          expect(sortAll(rows, pieces, memory, windowTurn).out).toEqual(oracle(rows))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('merges many runs of many blocks, from one overlapping everything to none', () => {
    for (const [seed, back] of [
      [1, 0],
      [2, 50],
      [3, 1000],
      [4, 1_000_000],
    ] as const) {
      const rows = walk(20_000, seed, back)
      const { out, spilled } = sortAll(rows, 777, 88 * 2500, 1)
      expect(spilled).toBeGreaterThan(0)
      expect(out).toEqual(oracle(rows))
    }
  })

  test('does not touch the disk while the rows fit in memory', () => {
    const rows = walk(1000, 5, 100)
    expect(sortAll(rows, 100, 88 * 1000).spilled).toBe(0)
    expect(sortAll(rows, 100, 88 * 999).spilled).toBeGreaterThan(0)
  })

  test('writes a column of one value as that value only', () => {
    const words = createWords()
    const sorter = createSorter({ words, maxMemoryBytes: 88 * 64, tempDir })
    // only t, mmsi and lat vary
    sorter.add(
      toBatch(
        Array.from({ length: 65 }, (_, i) => ({ t: i, mmsi: i + 1, lat: i / 2, receivedAt: NaN })),
        words,
      ),
    )
    expect(sorter.spilledBytes).toBe(64 * (8 + 4 + 8))
    sorter.dispose()
  })

  test('has nothing to say about no rows', () => {
    expect(sortAll([], 1, 0).out).toEqual([])
  })

  test('leaves nothing on disk: after the end, after stopping half-way, after nothing at all', () => {
    const words = createWords()
    for (const take of [Infinity, 1, 0]) {
      const sorter = createSorter({ words, maxMemoryBytes: 0, tempDir })
      sorter.add(toBatch(walk(500, 1, 100), words))
      let taken = 0
      for (const { batch } of sorter.sorted()) if (batch.length > 0 && ++taken > take) break
      sorter.dispose()
      sorter.dispose()
      expect(readdirSync(tempDir)).toEqual([])
    }
  })

  test('marks what comes out as unvalidated when some of it was', () => {
    const words = createWords()
    const sorter = createSorter({ words })
    const raw = toBatch([{ t: 2, mmsi: 1 }], words)
    raw.validated = false
    sorter.add(toBatch([{ t: 1, mmsi: 1 }], words))
    sorter.add(raw)
    expect([...sorter.sorted()].map(({ batch }) => batch.validated)).toEqual([false])
  })
})

describe('when the disk fails', () => {
  const spill = (dir: string) => {
    const words = createWords()
    const sorter = createSorter({ words, maxMemoryBytes: 0, tempDir: dir })
    try {
      for (let i = 0; i < 10; i++) sorter.add(toBatch(walk(500, i, 100), words))
      for (const { batch } of sorter.sorted()) expect(batch.length).toBeGreaterThan(0)
    } finally {
      sorter.dispose()
    }
  }

  test('a full disk is one clear line with the place and the need', () => {
    const real = fs.writevSync.bind(fs)
    let left = 5000
    vi.spyOn(fs, 'writevSync').mockImplementation((fd, views, position) => {
      const size = views.reduce((sum, view) => sum + view.byteLength, 0)
      if ((left -= size) < 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      return real(fd, views, position)
    })
    expect(() => spill(tempDir)).toThrow(OutputError)
    left = 5000
    expect(() => spill(tempDir)).toThrow(
      `sort by time: ${tempDir}: disk full: 0 MB of reports were put aside, at least 1 MB are needed`,
    )
    expect(readdirSync(tempDir)).toEqual([])
  })

  test('a short write is taken up where it stopped', () => {
    const real = fs.writevSync.bind(fs)
    vi.spyOn(fs, 'writevSync').mockImplementation((fd, views, position) => {
      const first = views.find(view => view.byteLength > 0)!
      return real(
        fd,
        [new Uint8Array(first.buffer, first.byteOffset, Math.ceil(first.byteLength / 3))],
        position,
      )
    })
    const rows = walk(300, 9, 100)
    expect(sortAll(rows, 50, 0).out).toEqual(oracle(rows))
  })

  test('a missing temporary directory is named', () => {
    const missing = join(tempDir, 'nowhere')
    expect(() => spill(missing)).toThrow(`sort by time: ${missing}: cannot create temporary files: ENOENT`)
    expect(existsSync(missing)).toBe(false)
  })
})
