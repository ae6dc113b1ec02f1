import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReorder } from '../../src/clean/reorder.js'
import { compareRows } from '../../src/clean/order.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { hour, T0 } from '../helpers/replay.js'

const words = createWords()
const batchOf = (rows: [mmsi: number, t: number][]) => {
  const batch = createBatch(words, Math.max(1, rows.length))
  for (const [mmsi, t] of rows) appendReport(batch, { mmsi, t, lat: 1, lon: 2 })
  return batch
}

function pass(rows: [number, number][], windowS: number, { single = false, guard = true } = {}) {
  const out: [number, number][] = []
  const refused: [number, number][] = []
  const reorder = createReorder(words, windowS * 1000, guard, (b, i) => out.push([b.mmsi[i]!, b.t[i]!]))
  const batch = batchOf(rows)
  for (let i = 0; i < batch.length; i++) reorder.push(batch, i)
  const inTime = [...out]
  reorder.end(single, (b, i) => refused.push([b.mmsi[i]!, b.t[i]!]))
  return { inTime, out, refused }
}

describe('reorder', () => {
  test('rows late by no more than the window leave in canonical order, each once', () => {
    const row = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 600_000 }),
      fc.nat({ max: 120_000 }),
    )
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), rows => {
        const arrival = rows
          .map(([mmsi, t, delay]) => ({ mmsi, t: T0 + t, at: t + delay }))
          .sort((a, b) => a.at - b.at)
        const pairs = arrival.map(({ mmsi, t }): [number, number] => [mmsi, t])
        const batch = batchOf(pairs)
        const sorted = pairs.map((_, i) => i).sort((a, b) => compareRows(batch, a, batch, b))
        expect(pass(pairs, 120, { guard: false }).out).toEqual(sorted.map(i => pairs[i]))
      }),
    )
  })

  test('a row leaves as soon as time is a window and a second past it, without anybody asking', () => {
    const fleet = (s: number): [number, number][] => [1, 2, 3].map(mmsi => [mmsi, T0 + s * 1000])
    expect(pass([0, 1, 121].flatMap(fleet), 120).inTime).toEqual(fleet(0))
    expect(pass([0, 1, 120].flatMap(fleet), 120).inTime).toEqual([])
  })

  test('time crosses a hole for two vessels or three reports, not for one', () => {
    const day: [number, number][] = [0, 0.1, 0.2, 0.3].flatMap(h => [
      [1, hour(h)],
      [2, hour(h)],
    ])
    const far = hour(100_000)
    expect(pass([...day, [3, far]], 0)).toMatchObject({ out: day, refused: [[3, far]] })
    expect(pass([...day, [3, far], [3, far + 1]], 0).refused).toHaveLength(2)
    expect(pass([...day, [3, far], [3, far + 1], [3, far + 2]], 0).refused).toEqual([])
    expect(pass([...day, [3, far], [4, far + 1]], 0).refused).toEqual([])
    expect(pass([...day, [3, hour(1.3)]], 0).refused).toEqual([])
    expect(pass([...day, [3, hour(1.3) + 1]], 0).refused).toHaveLength(1)
  })

  test('one vessel alone is taken at its word', () => {
    expect(
      pass(
        [
          [1, hour(0)],
          [1, hour(1)],
          [1, hour(9)],
        ],
        0,
        { single: true },
      ).refused,
    ).toEqual([])
  })

  test('a future row from the start does not poison what follows', () => {
    const day: [number, number][] = [0, 0.1, 0.2].flatMap(h => [
      [1, hour(h)],
      [2, hour(h)],
    ])
    const { out, refused } = pass([[9, hour(50_000)], ...day], 120)
    expect(refused).toEqual([[9, hour(50_000)]])
    expect(out).toEqual(day)
  })
})
