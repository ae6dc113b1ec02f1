import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendRows, compareRows, createOrderer } from '../../src/clean/order.js'
import { createBatch, type ReportBatch } from '../../src/model/batch.js'
import { anyRow, anyTime, contents, pick, toBatch, type Row } from '../run/rows.js'

const identity = (n: number) => Array.from({ length: n }, (_, i) => i)
const orderOf = (batch: ReportBatch) => [...(createOrderer()(batch) ?? identity(batch.length))]
const ordered = (batch: ReportBatch) => contents(pick(batch, orderOf(batch)))

/** The oracle: the language's own sort with the whole comparator. */
const oracle = (batch: ReportBatch) =>
  contents(
    pick(
      batch,
      identity(batch.length).sort((i, j) => compareRows(batch, i, batch, j)),
    ),
  )

describe('compareRows', () => {
  test('is a total order: antisymmetric, transitive, 0 only for equal content', () => {
    fc.assert(
      fc.property(fc.array(anyRow(anyTime), { minLength: 3, maxLength: 3 }), rows => {
        const b = toBatch(rows)
        const c = (i: number, j: number) => Math.sign(compareRows(b, i, b, j))
        const [x, y] = contents(b)
        expect(c(0, 1) + c(1, 0)).toBe(0)
        expect(c(0, 1) === 0).toBe(x!.every((value, k) => Object.is(value, y![k])))
        if (c(0, 1) <= 0 && c(1, 2) <= 0) expect(c(0, 2)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 2000 },
    )
  })

  test('takes time first, then MMSI, then the position', () => {
    const b = toBatch([
      { t: 2, mmsi: 1 },
      { t: 1, mmsi: 3 },
      { t: 1, mmsi: 2, lat: 5 },
      { t: 1, mmsi: 2, lat: 4, lon: 9 },
    ])
    expect(orderOf(b)).toEqual([3, 2, 1, 0])
  })
})

describe('createOrderer', () => {
  test('agrees with a comparison sort on any rows', () => {
    fc.assert(
      fc.property(fc.array(anyRow(anyTime), { maxLength: 60 }), rows => {
        const batch = toBatch(rows)
        expect(ordered(batch)).toEqual(oracle(batch))
      }),
      { numRuns: 1000 },
    )
  })

  test('agrees with it on rows in order of time with the vessels of one time mixed', () => {
    fc.assert(
      fc.property(fc.array(anyRow(), { maxLength: 60 }), rows => {
        const batch = toBatch(rows.sort((a, b) => a.t! - b.t!))
        expect(ordered(batch)).toEqual(oracle(batch))
      }),
      { numRuns: 500 },
    )
  })

  test('agrees with it on seconds as crowded as those of an ocean', () => {
    // a group is sorted in another way from 33 rows on, and from 513
    for (const size of [31, 32, 33, 34, 200, 511, 512, 513, 600]) {
      const [rows] = fc.sample(fc.array(anyRow(), { minLength: size, maxLength: size }), {
        numRuns: 1,
        seed: size,
      })
      const batch = toBatch([
        ...rows!.map(row => ({ ...row, t: 0 })),
        ...rows!.map(row => ({ ...row, t: 1000 })),
      ])
      expect(ordered(batch)).toEqual(oracle(batch))
    }
  })

  test('gives one sequence for any order of arrival, and any order in which the words were met', () => {
    const shuffled = fc
      .array(anyRow(), { maxLength: 40 })
      .chain(rows => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })))
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        expect(ordered(toBatch(other))).toEqual(ordered(toBatch(rows)))
      }),
      { numRuns: 500 },
    )
  })

  test('says null for rows that are in order, and leaves the batch as it was', () => {
    fc.assert(
      fc.property(fc.array(anyRow(anyTime), { maxLength: 30 }), rows => {
        const batch = toBatch(rows)
        const before = contents(batch)
        const sorted = pick(batch, orderOf(batch))
        expect(contents(batch)).toEqual(before)
        expect(createOrderer()(sorted)).toBeNull()
      }),
    )
  })

  test('keeps nothing from one batch to the next', () => {
    const find = createOrderer()
    fc.assert(
      fc.property(fc.array(anyRow(anyTime), { maxLength: 30 }), rows => {
        const batch = toBatch(rows)
        expect(contents(pick(batch, find(batch) ?? identity(batch.length)))).toEqual(oracle(batch))
      }),
      { numRuns: 300 },
    )
  })

  test('orders many reports of one vessel at one time by their content', () => {
    const rows: Row[] = Array.from({ length: 500 }, (_, i) => ({
      t: 1,
      mmsi: 1,
      lat: ((i * 7919) % 500) / 10,
    }))
    const batch = toBatch(rows)
    expect(ordered(batch)).toEqual(oracle(batch))
  })

  test('orders a thousand rows that need every radix pass', () => {
    let seed = 12345
    const random = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32
    const rows = Array.from({ length: 1000 }, () => ({
      t: Date.UTC(2022, 0, 1) + Math.floor(random() * 2 ** 32),
      mmsi: 1 + Math.floor(random() * 999_999_998),
    }))
    const batch = toBatch(rows)
    expect(ordered(batch)).toEqual(oracle(batch))
    const far = toBatch(rows.map((row, i) => (i % 2 ? row : { ...row, t: row.t + 2 ** 33 })))
    expect(ordered(far)).toEqual(oracle(far))
  })
})

test('appendRows copies a stretch of any length', () => {
  fc.assert(
    fc.property(
      fc.array(anyRow(), { minLength: 1, maxLength: 100 }),
      fc.nat(99),
      fc.nat(100),
      (rows, a, n) => {
        const from = toBatch(rows)
        const start = Math.min(a, from.length - 1)
        const count = Math.min(n, from.length - start)
        const to = createBatch(from.words, count + 1)
        appendRows(from, 0, 1, to)
        appendRows(from, start, count, to)
        expect(contents(to)).toEqual([contents(from)[0], ...contents(from).slice(start, start + count)])
      },
    ),
  )
})
