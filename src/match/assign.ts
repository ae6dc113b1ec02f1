// Which detection is which vessel? Each detection is one vessel or none, each vessel is seen once or not. Every pair has a
// weight: how much likelier it is that the two are one than that the detection is of nobody known and the vessel was not
// seen. The probability of a whole assignment is the product of the weights of its pairs; what is asked of a pair is the sum
// over all assignments that hold it. Pairs fall into groups that share nothing; small groups are summed exactly, large
// ones by belief propagation (Williams & Lau, IEEE Trans. AES 50(4), 2014). The likeliest assignment is found by shortest
// augmenting paths (Jonker & Volgenant 1987) on the pairs that there are: solvers at hand want the whole matrix, which for
// 2,000 detections and 20,000 vessels is 40 million cells of which some thousand are not empty.

import { createSlotHeap } from '../tracks/heap.js'

export interface Pair {
  detection: number
  vessel: number
  /** > 0. */
  weight: number
}

export interface Assigned {
  /** Probability of each pair, in the order given. */
  pair: Float64Array
  /** Of each detection that it is none of these vessels. */
  alone: Float64Array
  /** Of the likeliest assignment: the pair of each detection, −1 for none. */
  best: Int32Array
}

/** Exact sums take rows × 2^columns steps for a group: up to so many, and with so many columns. */
const MAX_STATES = 1 << 18
const MAX_COLUMNS = 12
const MAX_ROUNDS = 200
const CONVERGED = 1e-6

/** @param withBest whether the likeliest assignment is asked for too: else `best` is empty. @default true */
export function assign(
  pairs: readonly Pair[],
  detections: number,
  vessels: number,
  withBest = true,
): Assigned {
  const pair = new Float64Array(pairs.length)
  const alone = new Float64Array(detections).fill(1)
  const best = new Int32Array(detections).fill(-1)
  for (const group of groupsOf(pairs, detections, vessels)) {
    const rows = numbered(group.map(p => pairs[p]!.detection))
    const columns = numbered(group.map(p => pairs[p]!.vessel))
    const local = group.map(p => ({
      row: rows.get(pairs[p]!.detection)!,
      column: columns.get(pairs[p]!.vessel)!,
      weight: pairs[p]!.weight,
    }))
    const small = Math.min(rows.size, columns.size)
    const isSmall = small <= MAX_COLUMNS && Math.max(rows.size, columns.size) * 2 ** small <= MAX_STATES
    const sums = isSmall ? exact(local, rows.size, columns.size) : propagated(local, rows.size, columns.size)
    group.forEach((p, k) => {
      pair[p] = sums[k]!
      alone[pairs[p]!.detection] = alone[pairs[p]!.detection]! - sums[k]!
    })
    if (!withBest) continue
    const chosen = likeliest(local, rows.size, columns.size)
    for (const [detection, row] of rows) best[detection] = chosen[row]! < 0 ? -1 : group[chosen[row]!]!
  }
  for (let d = 0; d < detections; d++) alone[d] = Math.max(0, alone[d]!)
  return { pair, alone, best }
}

/** Local pair: rows and columns of one group, from 0. */
interface Cell {
  row: number
  column: number
  weight: number
}

function numbered(keys: readonly number[]): Map<number, number> {
  const numbers = new Map<number, number>()
  for (const key of keys) if (!numbers.has(key)) numbers.set(key, numbers.size)
  return numbers
}

/** Pairs by the group they belong to: union-find over detections and vessels. */
function groupsOf(pairs: readonly Pair[], detections: number, vessels: number): number[][] {
  const parent = Int32Array.from({ length: detections + vessels }, (_, k) => k)
  const find = (k: number): number => {
    while (parent[k] !== k) k = parent[k] = parent[parent[k]!]!
    return k
  }
  for (const { detection, vessel } of pairs) parent[find(detection)] = find(detections + vessel)
  const groups = new Map<number, number[]>()
  pairs.forEach(({ detection }, p) => {
    const root = find(detection)
    const group = groups.get(root)
    if (group) group.push(p)
    else groups.set(root, [p])
  })
  return [...groups.values()]
}

/**
 * Probability of each cell, by summing over everything: rows one after another, the state being which columns are taken.
 * The larger side makes the rows.
 */
export function exact(cells: readonly Cell[], rows: number, columns: number): Float64Array {
  const turned = columns > rows
  const [R, C] = turned ? [columns, rows] : [rows, columns]
  const byRow: { column: number; weight: number; cell: number }[][] = Array.from({ length: R }, () => [])
  cells.forEach(({ row, column, weight }, cell) => {
    byRow[turned ? column : row]!.push({ column: turned ? row : column, weight, cell })
  })
  const states = 2 ** C
  // sums over the rows from r on, each table scaled by its own largest: only ratios count
  const after = new Float64Array((R + 1) * states)
  after.fill(1, R * states)
  for (let r = R - 1; r >= 0; r--) {
    let most = 0
    for (let mask = 0; mask < states; mask++) {
      let sum = after[(r + 1) * states + mask]!
      for (const { column, weight } of byRow[r]!)
        if (!(mask & (1 << column))) sum += weight * after[(r + 1) * states + (mask | (1 << column))]!
      after[r * states + mask] = sum
      if (sum > most) most = sum
    }
    for (let mask = 0; mask < states; mask++) after[r * states + mask] = after[r * states + mask]! / most
  }
  const out = new Float64Array(cells.length)
  let before = new Float64Array(states)
  before[0] = 1
  for (let r = 0; r < R; r++) {
    const next = new Float64Array(states)
    const reached = new Float64Array(byRow[r]!.length)
    let total = 0
    for (let mask = 0; mask < states; mask++) {
      const here = before[mask]!
      if (here === 0) continue
      next[mask] = next[mask]! + here
      total += here * after[(r + 1) * states + mask]!
      byRow[r]!.forEach(({ column, weight }, k) => {
        const to = mask | (1 << column)
        if (to === mask) return
        next[to] = next[to]! + here * weight
        const mass = here * weight * after[(r + 1) * states + to]!
        reached[k] = reached[k]! + mass
        total += mass
      })
    }
    byRow[r]!.forEach(({ cell }, k) => (out[cell] = reached[k]! / total))
    let most = 0
    for (const value of next) if (value > most) most = value
    before = next.map(value => value / most)
  }
  return out
}

/** The same by belief propagation: exact where the group has no circles, close where it has. */
export function propagated(cells: readonly Cell[], rows: number, columns: number): Float64Array {
  const n = cells.length
  const toColumn = new Float64Array(n) // from the detection: what is left of it for the vessel
  const toRow = new Float64Array(n).fill(1)
  const rowSum = new Float64Array(rows)
  const columnSum = new Float64Array(columns)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    columnSum.fill(1)
    for (let k = 0; k < n; k++) columnSum[cells[k]!.column]! += cells[k]!.weight * toRow[k]!
    rowSum.fill(1)
    for (let k = 0; k < n; k++) {
      const { row, column, weight } = cells[k]!
      toColumn[k] = weight / Math.max(1, columnSum[column]! - weight * toRow[k]!)
      rowSum[row]! += toColumn[k]!
    }
    let change = 0
    for (let k = 0; k < n; k++) {
      const next = 1 / Math.max(1, rowSum[cells[k]!.row]! - toColumn[k]!)
      change = Math.max(change, Math.abs(next - toRow[k]!))
      toRow[k] = next
    }
    if (change < CONVERGED) break
  }
  return Float64Array.from(cells, ({ row }, k) => toColumn[k]! / rowSum[row]!)
}

/**
 * The assignment whose product of weights is largest: the cell of each row, −1 for none. Rows come in one after another, each
 * by the shortest path (Dijkstra, with potentials) to a column that is free or to staying alone, which costs 0.
 */
export function likeliest(cells: readonly Cell[], rows: number, columns: number): Int32Array {
  const byRow: number[][] = Array.from({ length: rows }, () => [])
  // a pair of weight below 1 is worse than both alone
  cells.forEach(({ row, weight }, k) => {
    if (weight > 1) byRow[row]!.push(k)
  })
  // each row has a column of its own for staying alone, so all costs can be ≥ 0: what it loses against the best of all
  const most = cells.reduce((max, { weight }) => Math.max(max, Math.log(weight)), 0)
  const costOf = (k: number): number => most - Math.log(cells[k]!.weight)
  const all = columns + rows
  const rowOf = new Int32Array(all).fill(-1)
  const columnOf = new Int32Array(rows).fill(-1)
  const cellAt = new Int32Array(all).fill(-1)
  const priceRow = new Float64Array(rows)
  const priceColumn = new Float64Array(all)
  const distance = new Float64Array(all).fill(Infinity)
  const from = new Int32Array(all)
  const via = new Int32Array(all)
  const done = new Uint8Array(all)
  const heap = createSlotHeap((a, b) => distance[a]! < distance[b]! || (distance[a] === distance[b] && a < b))
  for (let start = 0; start < rows; start++) {
    const touched: number[] = []
    heap.clear()
    const reach = (row: number, base: number): void => {
      const relax = (column: number, cost: number, cell: number): void => {
        if (done[column]) return
        const d = base + cost - priceRow[row]! - priceColumn[column]!
        if (!(d < distance[column]!)) return
        if (distance[column] === Infinity) touched.push(column)
        distance[column] = d
        from[column] = row
        via[column] = cell
        heap.put(column)
      }
      for (const k of byRow[row]!) relax(cells[k]!.column, costOf(k), k)
      relax(columns + row, most, -1)
    }
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
      if (done[column] && column !== end) {
        const gain = shortest - distance[column]!
        priceColumn[column]! -= gain
        priceRow[rowOf[column]!]! += gain
      }
    }
    for (let column = end; ;) {
      const row = from[column]!
      const before = columnOf[row]!
      rowOf[column] = row
      columnOf[row] = column
      cellAt[column] = via[column]!
      if (row === start) break
      column = before
    }
    for (const column of touched) {
      distance[column] = Infinity
      done[column] = 0
    }
  }
  return Int32Array.from(columnOf, column => cellAt[column]!)
}
