// The first of many in an order are those that a sort of all of them puts first, wherever a page before them ended and
// however badly a sample of them tells where it ends.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choose, first } from '../../src/store/choose.js'
import { createTable, dropRows, putRows, type EventTable } from '../../src/store/event-table.js'
import { SORTS, type Cursor, type Sort } from '../../src/store/filter.js'

/** Events with these scores, begun in the order of their numbers; every third goes on. */
function tableOf(scores: readonly number[]): EventTable {
  const table = createTable()
  const all = <T>(of: (k: number) => T): T[] => scores.map((_, k) => of(k))
  putRows(table, {
    ...{ n: all(k => 3 * k + 1), score: scores, start: all(k => 1000 * k) },
    ...{ end: all(k => (k % 3 ? 1000 * k : null)), duration: all(k => (k % 3 ? scores[k]! : null)) },
    ...{ mmsi: all(k => 1000 + (k % 9)), partner: all(() => null), type: all(k => `type-${k % 3}`) },
    ...{ class: all(() => null), flag: all(() => 'NOR') },
    ...{ lat: all(() => 0), lon: all(() => 0), endLat: all(() => null), endLon: all(() => null) },
    ...{ retracted: all(() => 0), acknowledged: all(() => 0), zones: all(k => [`zone-${k % 4}`]) },
    search: all(k => `ship ${k % 50} ${1000 + (k % 9)} type-${k % 3}`),
  })
  return table
}

const scores = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 0, maxLength: 3000 }),
  fc.integer({ min: 1500, max: 6000 }).chain(count =>
    fc.constantFrom(
      // in order either way, all the same, and with the best where a sample of every second or third never looks
      Array.from({ length: count }, (_, k) => k),
      Array.from({ length: count }, (_, k) => -k),
      Array.from({ length: count }, () => 1),
      Array.from({ length: count }, (_, k) => (k % Math.ceil(count / 1000) === 1 ? 9 : k % 2)),
      Array.from({ length: count }, (_, k) => (k % Math.ceil(count / 1000) === 0 ? 9 : k % 5)),
    ),
  ),
)

test('the first of many are what a sort of all puts first', () => {
  fc.assert(
    fc.property(
      scores,
      fc.constantFrom<Sort>('score', 'newest', 'oldest', 'longest'),
      fc.integer({ min: 1, max: 700 }),
      fc.option(fc.nat()),
      (of, sort, limit, place) => {
        const table = tableOf(of)
        const { field, descending } = SORTS[sort]
        const key = (row: number): number => {
          const value = table[field][row]!
          return Number.isNaN(value) ? Infinity : descending ? -value : value
        }
        const sorted = Array.from(of, (_, row) => row).sort((a, b) =>
          key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b,
        )
        const at = place === null || of.length === 0 ? -1 : place % of.length
        const last = sorted[at]
        const value = last === undefined ? NaN : table[field][last]!
        const after: Cursor | undefined =
          last === undefined ? undefined : { value: Number.isNaN(value) ? null : value, n: table.n[last]! }
        const found = first(table, choose(table, {}, []), sort, limit, after)
        expect([...found]).toEqual(sorted.slice(at + 1, at + 1 + limit))
      },
    ),
  )
})

test('words are found in what was put in after they were asked for, and no more in what was taken out', () => {
  const table = tableOf([0, 1, 2, 3, 4])
  const found = (text: string): number[] => [...choose(table, { text }, [])].map(row => table.n[row]!)
  expect(found('ship 1002')).toEqual([7])
  const one = { mmsi: [1002], partner: [null], score: [1], start: [0], end: [null], duration: [null] }
  putRows(table, {
    ...{ ...one, n: [100], type: ['new'], class: [null], flag: [null], zones: [['far', 'farther']] },
    ...{ lat: [null], lon: [null], endLat: [null], endLon: [null], retracted: [0], acknowledged: [0] },
    search: ['ship newcomer 1002 new'],
  })
  expect(found('ship 1002')).toEqual([7, 100])
  expect(found('newcomer')).toEqual([100])
  dropRows(table, new Set([1, 7]))
  expect(found('ship 1002')).toEqual([100])
  expect(found('ship')).toEqual([4, 10, 13, 100])
  expect([...choose(table, { zones: ['far'] }, [])].map(row => table.n[row])).toEqual([100])
  expect(table.names.who.list).not.toContain('ship 2 1002')
})
