// A table that may be cut gives the same rows in ranges as in one piece, wherever it is cut; one whose rows are not its lines may not.

import fc from 'fast-check'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'
import { copyRow, createBatch, type ReportBatch } from '../../src/model/batch.js'
import { areLinesRows, rowsOf } from '../../src/run/ranges.js'
import { recognise } from '../../src/sources/open.js'
import { contents } from './rows.js'

let dir: string
beforeAll(() => void (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'darkwake-tables-'))))
afterAll(() => fs.rmSync(dir, { recursive: true }))

const HEADER = 'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,Status'
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'HAI', 'ST. IVES', 'Ålesund') },
  fc.constantFrom('"A, B"', '"SAY ""HO"""', 'FIVE 5" GUNS', '""', '"SHUT"LATE', '"SHUT"LATE,"'),
)
/** Names that go on in the next line, or that no reader can make sense of. */
const oddName = fc.constantFrom('"TWO\nLINES"', '"OPEN', '"', '"A\n2,2,2"')
const rowOf = (names: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.integer({ min: 201000000, max: 201000003 }),
      fc.nat(59),
      fc.double({ min: -80, max: 80 }),
      names,
    )
    .map(
      ([mmsi, s, lat, called]) =>
        `${mmsi},2024-01-01T00:00:${String(s).padStart(2, '0')},${lat.toFixed(5)},1.5,3.2,10,11,${called},0`,
    )
const lineOf = (names: fc.Arbitrary<string>, long: string) =>
  fc.oneof(
    { weight: 20, arbitrary: rowOf(names) },
    fc.constantFrom('', '# said somebody', HEADER, 'no row', '1,2', long),
  )

interface Got {
  rows: unknown[]
  counts: ReturnType<typeof createSourceCounts>
}

/** What a reader gave, in no order. */
async function got(
  read: (context: Parameters<Awaited<ReturnType<typeof recognise>>['read']>[0]) => Promise<void>,
): Promise<Got> {
  const words = createWords()
  const counts = createSourceCounts()
  const all: ReportBatch = createBatch(words, 2048)
  await read({
    ...{ words, name: 'table', counts },
    onBatch(batch) {
      for (let i = 0; i < batch.length; i++) copyRow(batch, i, all, all.length++)
    },
  })
  const rows = contents(all)
    .map(row => JSON.stringify(row))
    .sort()
  return { rows, counts: { ...counts, bytes: 0 } }
}

async function both(lines: string[], ending: string, isEnded: boolean, shares: number[]) {
  const file = path.join(dir, 'table.csv')
  const text = [HEADER, ...lines].join(ending) + (isEnded ? ending : '')
  fs.writeFileSync(file, text)
  const { table, read } = await recognise({ name: 'table', path: file })
  const size = Buffer.byteLength(text)
  const edges = [...shares.map(share => Math.floor(table!.start + share * (size - table!.start))), size].sort(
    (a, b) => a - b,
  )
  const ranges = edges.map((to, k) => ({ path: file, from: k === 0 ? table!.start : edges[k - 1]!, to }))
  const isCuttable = ranges.every(range => areLinesRows(rowsOf(range), table!.areRows))
  const whole = await got(read)
  const cut = await got(async context => {
    for (const range of ranges) {
      const reader = table!.reader(context)
      for (const chunk of rowsOf(range)) reader.push(chunk)
      reader.end()
    }
  })
  return { isCuttable, whole, cut }
}

const cases = (names: fc.Arbitrary<string>, long: string) =>
  [
    fc.array(lineOf(names, long), { minLength: 1, maxLength: 30 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.array(
      fc.nat(1000).map(n => n / 1000),
      { maxLength: 5 },
    ),
  ] as const

test('wherever a table is cut, its ranges give what it gives as a whole', async () => {
  await fc.assert(
    fc.asyncProperty(...cases(name, 'x'.repeat(70_000)), async (lines, ending, isEnded, shares) => {
      const { isCuttable, whole, cut } = await both([rows201, ...lines], ending, isEnded, shares)
      expect(isCuttable).toBe(true)
      expect(cut).toEqual(whole)
    }),
    { numRuns: 200 },
  )
})

test('one with rows that are not its lines is cut only where that changes nothing', async () => {
  let refused = 0
  let different = 0
  await fc.assert(
    fc.asyncProperty(...cases(fc.oneof(name, oddName), ''), async (lines, ending, isEnded, shares) => {
      const { isCuttable, whole, cut } = await both([rows201, ...lines], ending, isEnded, shares)
      if (!isCuttable) refused++
      else expect(cut).toEqual(whole)
      if (JSON.stringify(cut) !== JSON.stringify(whole)) different++
    }),
    { numRuns: 300 },
  )
  expect(refused).toBeGreaterThan(different)
  expect(different).toBeGreaterThan(0)
})

const rows201 = '201000001,2024-01-01T00:00:00,1.00000,1.5,3.2,10,11,HAI,0'
