// Probability of each pair by summing over every assignment there is, for groups of which one side is small: rows one after
// another, the state being which columns are taken.

import { listedBy, type Pairs } from './pairs.js'

/**
 * @param rows, columns how many detections and vessels there are; the larger side makes the rows
 * @returns by pair
 */
export function exact(pairs: Pairs, rows: number, columns: number): Float64Array {
  const { count, weight } = pairs
  const turned = columns > rows
  const [R, C] = turned ? [columns, rows] : [rows, columns]
  const row = turned ? pairs.vessel : pairs.detection
  const column = turned ? pairs.detection : pairs.vessel
  const { start, item } = listedBy(row, count, R)
  const states = 2 ** C
  // sums over the rows from r on, each table scaled by its own largest: only ratios count
  const after = new Float64Array((R + 1) * states).fill(1, R * states)
  for (let r = R - 1; r >= 0; r--) {
    const here = r * states
    const next = here + states
    let most = 0
    for (let mask = 0; mask < states; mask++) {
      let sum = after[next + mask]!
      for (let k = start[r]!; k < start[r + 1]!; k++) {
        const to = mask | (1 << column[item[k]!]!)
        if (to !== mask) sum += weight[item[k]!]! * after[next + to]!
      }
      after[here + mask] = sum
      if (sum > most) most = sum
    }
    for (let mask = 0; mask < states; mask++) after[here + mask]! /= most
  }
  const out = new Float64Array(count)
  let before = new Float64Array(states)
  let next = new Float64Array(states)
  before[0] = 1
  for (let r = 0; r < R; r++) {
    const rest = (r + 1) * states
    next.fill(0)
    let total = 0
    for (let mask = 0; mask < states; mask++) {
      const here = before[mask]!
      if (here === 0) continue
      next[mask]! += here
      total += here * after[rest + mask]!
      for (let k = start[r]!; k < start[r + 1]!; k++) {
        const pair = item[k]!
        const to = mask | (1 << column[pair]!)
        if (to === mask) continue
        const mass = here * weight[pair]!
        next[to]! += mass
        out[pair]! += mass * after[rest + to]!
        total += mass * after[rest + to]!
      }
    }
    for (let k = start[r]!; k < start[r + 1]!; k++) out[item[k]!]! /= total
    let most = 0
    for (let mask = 0; mask < states; mask++) if (next[mask]! > most) most = next[mask]!
    for (let mask = 0; mask < states; mask++) next[mask]! /= most
    ;[before, next] = [next, before]
  }
  return out
}
