// Probability of each pair by belief propagation (Williams & Lau, IEEE Trans. AES 50(4), 2014): exact where a group has no
// circles, close where it has. It always comes to rest, and at one place only.

import type { Pairs } from './pairs.js'

const MAX_ROUNDS = 200
const CONVERGED = 1e-6

/**
 * @param rows, columns how many detections and vessels there are
 * @param toRow messages by pair to begin with, all 1 or what a run on like weights left there: written anew
 * @returns by pair
 */
export function propagated(
  { count, detection, vessel, weight }: Pairs,
  rows: number,
  columns: number,
  toRow: Float64Array = new Float64Array(count).fill(1),
): Float64Array {
  const toColumn = new Float64Array(count) // from the detection: what is left of it for the vessel
  const rowSum = new Float64Array(rows)
  const columnSum = new Float64Array(columns)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    columnSum.fill(1)
    for (let k = 0; k < count; k++) columnSum[vessel[k]!]! += weight[k]! * toRow[k]!
    rowSum.fill(1)
    for (let k = 0; k < count; k++) {
      const others = columnSum[vessel[k]!]! - weight[k]! * toRow[k]!
      const message = weight[k]! / (others > 1 ? others : 1)
      toColumn[k] = message
      rowSum[detection[k]!]! += message
    }
    let change = 0
    for (let k = 0; k < count; k++) {
      const others = rowSum[detection[k]!]! - toColumn[k]!
      const next = 1 / (others > 1 ? others : 1)
      const moved = Math.abs(next - toRow[k]!)
      if (moved > change) change = moved
      toRow[k] = next
    }
    if (change < CONVERGED) break
  }
  for (let k = 0; k < count; k++) toColumn[k]! /= rowSum[detection[k]!]!
  return toColumn
}
