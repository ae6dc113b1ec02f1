// Which detection is which vessel? Each detection is one vessel or none, each vessel is seen once or not. The probability of
// a whole assignment is the product of the weights of its pairs; what is asked of a pair is the sum over all assignments
// that hold it. Pairs fall into groups that share nothing; small groups are summed exactly, large ones by belief
// propagation.

import { exact } from './exact.js'
import { createPairs, listedBy, type Listed, type Pairs } from './pairs.js'
import { propagated } from './propagate.js'

export interface Assigned {
  /** Probability of each pair, in the order given; 0 of those without weight. */
  pair: Float64Array
  /** Of each detection that it is none of these vessels. */
  alone: Float64Array
}

/** Exact sums take rows × 2^columns steps for a group: up to so many, and with so many columns. */
const MAX_STATES = 1 << 18
const MAX_COLUMNS = 12

/**
 * @param messages by pair, all 1 or what a call with like weights left there: large groups begin with them
 */
export function assign(
  pairs: Pairs,
  detections: number,
  vessels: number,
  messages: Float64Array = new Float64Array(pairs.count).fill(1),
): Assigned {
  const { count, detection, vessel, weight } = pairs
  const pair = new Float64Array(count)
  const alone = new Float64Array(detections).fill(1)
  const { start, item } = groupsOf(pairs, detections, vessels)
  // of one group, its detections and vessels numbered from 0
  const row = new Int32Array(detections).fill(-1)
  const column = new Int32Array(vessels).fill(-1)
  const local = createPairs(count)
  for (let g = 0; g + 1 < start.length; g++) {
    const group = item.subarray(start[g], start[g + 1])
    let [rows, columns] = [0, 0]
    local.count = group.length
    for (let k = 0; k < group.length; k++) {
      const p = group[k]!
      const [d, v] = [detection[p]!, vessel[p]!]
      if (row[d]! < 0) row[d] = rows++
      if (column[v]! < 0) column[v] = columns++
      local.detection[k] = row[d]!
      local.vessel[k] = column[v]!
      local.weight[k] = weight[p]!
    }
    const small = Math.min(rows, columns)
    let sums: Float64Array
    if (small <= MAX_COLUMNS && Math.max(rows, columns) * 2 ** small <= MAX_STATES)
      sums = exact(local, rows, columns)
    else {
      const toRow = Float64Array.from(group, p => messages[p]!)
      sums = propagated(local, rows, columns, toRow)
      group.forEach((p, k) => (messages[p] = toRow[k]!))
    }
    for (let k = 0; k < group.length; k++) {
      pair[group[k]!] = sums[k]!
      alone[detection[group[k]!]!]! -= sums[k]!
    }
  }
  for (let d = 0; d < detections; d++) if (alone[d]! < 0) alone[d] = 0
  return { pair, alone }
}

/** Pairs by the group they belong to: union-find over detections and vessels. */
function groupsOf({ count, detection, vessel, weight }: Pairs, detections: number, vessels: number): Listed {
  const parent = new Int32Array(detections + vessels)
  for (let k = 0; k < parent.length; k++) parent[k] = k
  function find(of: number): number {
    let k = of
    while (parent[k] !== k) k = parent[k] = parent[parent[k]!]!
    return k
  }
  for (let p = 0; p < count; p++)
    if (weight[p]! > 0) parent[find(detection[p]!)] = find(detections + vessel[p]!)
  const numbers = new Int32Array(parent.length).fill(-1)
  const key = new Int32Array(count).fill(-1)
  let groups = 0
  for (let p = 0; p < count; p++) {
    if (!(weight[p]! > 0)) continue
    const root = find(detection[p]!)
    if (numbers[root]! < 0) numbers[root] = groups++
    key[p] = numbers[root]!
  }
  return listedBy(key, count, groups)
}
