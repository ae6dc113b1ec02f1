// Laws of the assignment, held against enumeration: every pair's probability, who is alone, and the likeliest of all.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign, exact, likeliest, propagated, type Pair } from '../../src/match/assign.js'

interface Oracle {
  pair: number[]
  alone: number[]
  best: number
}

/** Every assignment there is. */
function enumerate(pairs: readonly Pair[], detections: number): Oracle {
  const pair = pairs.map(() => 0)
  const alone = Array.from({ length: detections }, () => 0)
  let total = 0
  let best = 0
  const chosen: number[] = []
  const walk = (d: number, taken: ReadonlySet<number>, product: number): void => {
    if (d === detections) {
      total += product
      best = Math.max(best, product)
      const seen = new Set(chosen.map(p => pairs[p]!.detection))
      for (const p of chosen) pair[p]! += product
      for (let k = 0; k < detections; k++) if (!seen.has(k)) alone[k]! += product
      return
    }
    walk(d + 1, taken, product)
    pairs.forEach(({ detection, vessel, weight }, p) => {
      if (detection !== d || taken.has(vessel)) return
      chosen.push(p)
      walk(d + 1, new Set([...taken, vessel]), product * weight)
      chosen.pop()
    })
  }
  walk(0, new Set(), 1)
  return { pair: pair.map(x => x / total), alone: alone.map(x => x / total), best }
}

const SIZE = 5
const problem = fc
  .uniqueArray(
    fc.record({
      detection: fc.nat(SIZE - 1),
      vessel: fc.nat(SIZE - 1),
      weight: fc.integer({ min: -6, max: 9 }).map(x => Math.exp(x)),
    }),
    { selector: ({ detection, vessel }) => detection * SIZE + vessel, maxLength: 14 },
  )
  .map(pairs => pairs as Pair[])

const product = (pairs: readonly Pair[], best: Int32Array): number =>
  [...best].reduce((all, p) => (p < 0 ? all : all * pairs[p]!.weight), 1)

describe('assign', () => {
  test('gives every pair its share of all assignments', () => {
    fc.assert(
      fc.property(problem, pairs => {
        const of = assign(pairs, SIZE, SIZE)
        const truth = enumerate(pairs, SIZE)
        truth.pair.forEach((p, k) => expect(of.pair[k]).toBeCloseTo(p, 9))
        truth.alone.forEach((p, d) => expect(of.alone[d]).toBeCloseTo(p, 9))
      }),
      { numRuns: 200 },
    )
  })

  test('finds the likeliest, one to one', () => {
    fc.assert(
      fc.property(problem, pairs => {
        const { best } = assign(pairs, SIZE, SIZE)
        const vessels = [...best].filter(p => p >= 0).map(p => pairs[p]!.vessel)
        expect(new Set(vessels).size).toBe(vessels.length)
        best.forEach((p, d) => {
          if (p >= 0) expect(pairs[p]!.detection).toBe(d)
        })
        const found = product(pairs, best)
        expect(Math.log(found)).toBeCloseTo(Math.log(enumerate(pairs, SIZE).best), 9)
      }),
      { numRuns: 300 },
    )
  })

  test('the likeliest does not change when detections and vessels are told in another order', () => {
    fc.assert(
      fc.property(problem, pairs => {
        const turned = pairs
          .map(({ detection, vessel, weight }) => ({
            ...{ detection: SIZE - 1 - detection, vessel: SIZE - 1 - vessel, weight },
          }))
          .reverse()
        const a = product(pairs, assign(pairs, SIZE, SIZE).best)
        const b = product(turned, assign(turned, SIZE, SIZE).best)
        expect(Math.log(a)).toBeCloseTo(Math.log(b), 9)
      }),
    )
  })

  const cells = (pairs: readonly Pair[]) =>
    pairs.map(({ detection, vessel, weight }) => ({ row: detection, column: vessel, weight }))

  test('belief propagation is exact on trees', () => {
    // a chain: 0-0, 0-1, 1-1, 1-2, 2-2
    const chain = [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 2],
    ] as const
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 6 }), { minLength: 5, maxLength: 5 }), logs => {
        const pairs = chain.map(([row, column], k) => ({ row, column, weight: Math.exp(logs[k]!) }))
        const sums = propagated(pairs, 3, 3)
        exact(pairs, 3, 3).forEach((p, k) => expect(sums[k]).toBeCloseTo(p, 5))
      }),
    )
  })

  test('belief propagation is near the truth on groups with circles', () => {
    let worst = 0
    let sum = 0
    let n = 0
    fc.assert(
      fc.property(problem, pairs => {
        const sums = propagated(cells(pairs), SIZE, SIZE)
        exact(cells(pairs), SIZE, SIZE).forEach((p, k) => {
          const off = Math.abs(p - sums[k]!)
          worst = Math.max(worst, off)
          sum += off
          n++
        })
      }),
      { seed: 5, numRuns: 200 },
    )
    expect(worst).toBeLessThan(0.3)
    expect(sum / n).toBeLessThan(0.01)
  })

  test('large groups are finite, and nobody is given twice', () => {
    const pairs: Pair[] = []
    for (let d = 0; d < 200; d++)
      for (let k = -3; k <= 3; k++)
        if (d + k >= 0 && d + k < 200) pairs.push({ detection: d, vessel: d + k, weight: 5000 / (1 + k * k) })
    const { pair, alone, best } = assign(pairs, 200, 200)
    const byVessel = new Float64Array(200)
    pairs.forEach(({ vessel }, p) => (byVessel[vessel]! += pair[p]!))
    expect(Math.max(...byVessel)).toBeLessThanOrEqual(1 + 1e-6)
    expect(Math.min(...alone)).toBeGreaterThanOrEqual(0)
    // each with its own is the likeliest by far
    expect([...best].every((p, d) => pairs[p]!.vessel === d)).toBe(true)
  })

  test('a pair that is less likely than both alone is not taken', () => {
    expect([...likeliest([{ row: 0, column: 0, weight: 0.9 }], 1, 1)]).toEqual([-1])
    expect([...likeliest([{ row: 0, column: 0, weight: 1.1 }], 1, 1)]).toEqual([0])
  })
})
