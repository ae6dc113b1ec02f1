// The likeliest assignment, by shortest augmenting paths (Jonker & Volgenant 1987) on the pairs that there are: solvers at
// hand want the whole matrix, which for 2,000 detections and 20,000 vessels is 40 million cells of which some ten thousand
// are not empty.

import { createSlotHeap } from '../tracks/heap.js'
import { listedBy, type Pairs } from './pairs.js'

/**
 * The assignment whose product of weights is largest: the pair of each detection, −1 for none. Detections come in one after
 * another, each by the shortest path (Dijkstra, with potentials) to a vessel that is free or to staying alone, which costs 0.
 */
export function likeliest(pairs: Pairs, rows: number, columns: number): Int32Array {
  const { count, detection, vessel, weight } = pairs
  // a pair of weight below 1 is worse than both alone
  const key = detection.slice(0, count)
  let most = 0
  for (let k = 0; k < count; k++)
    if (weight[k]! > 1) most = Math.max(most, Math.log(weight[k]!))
    else key[k] = -1
  const { start: first, item } = listedBy(key, count, rows)
  // each row has a column of its own for staying alone, so all costs can be ≥ 0: what it loses against the best of all
  const costs = Float64Array.from(item, k => most - Math.log(weight[k]!))
  const all = columns + rows
  const rowOf = new Int32Array(all).fill(-1)
  const columnOf = new Int32Array(rows).fill(-1)
  const pairAt = new Int32Array(all).fill(-1)
  const priceRow = new Float64Array(rows)
  const priceColumn = new Float64Array(all)
  const distance = new Float64Array(all).fill(Infinity)
  const from = new Int32Array(all)
  const via = new Int32Array(all)
  const done = new Uint8Array(all)
  const touched: number[] = []
  const heap = createSlotHeap((a, b) => distance[a]! < distance[b]! || (distance[a] === distance[b] && a < b))

  function relax(row: number, column: number, base: number, pair: number): void {
    if (done[column]) return
    const d = base - priceRow[row]! - priceColumn[column]!
    if (!(d < distance[column]!)) return
    if (distance[column] === Infinity) touched.push(column)
    distance[column] = d
    from[column] = row
    via[column] = pair
    heap.put(column)
  }

  function reach(row: number, base: number): void {
    for (let k = first[row]!; k < first[row + 1]!; k++)
      relax(row, vessel[item[k]!]!, base + costs[k]!, item[k]!)
    relax(row, columns + row, base + most, -1)
  }

  for (let start = 0; start < rows; start++) {
    reach(start, 0)
    let end = -1
    let shortest = 0
    while (end < 0) {
      const column = heap.first()
      heap.remove(column)
      done[column] = 1
      shortest = distance[column]!
      if (rowOf[column]! < 0) end = column
      else reach(rowOf[column]!, shortest)
    }
    priceRow[start]! += shortest
    for (const column of touched) {
      if (!done[column] || column === end) continue
      const gain = shortest - distance[column]!
      priceColumn[column]! -= gain
      priceRow[rowOf[column]!]! += gain
    }
    for (let column = end; ;) {
      const row = from[column]!
      const before = columnOf[row]!
      rowOf[column] = row
      columnOf[row] = column
      pairAt[column] = via[column]!
      if (row === start) break
      column = before
    }
    for (const column of touched) {
      heap.remove(column)
      distance[column] = Infinity
      done[column] = 0
    }
    touched.length = 0
  }
  return Int32Array.from(columnOf, column => pairAt[column]!)
}
