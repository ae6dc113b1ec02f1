// Laws of the assignment, held against enumeration: every pair's probability, who is alone, and the likeliest of all.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign } from '../../src/match/assign.js'
import { exact } from '../../src/match/exact.js'
import { likeliest } from '../../src/match/likeliest.js'
import { addPair, createPairs, type Pairs } from '../../src/match/pairs.js'
import { propagated } from '../../src/match/propagate.js'

interface Pair {
  detection: number
  vessel: number
  weight: number
}

/** As columns, which have to grow. */
function columns(list: readonly Pair[]): Pairs {
  const pairs = createPairs(0)
  for (const { detection, vessel, weight } of list) addPair(pairs, detection, vessel, weight)
  return pairs
}

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
        const of = assign(columns(pairs), SIZE, SIZE)
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
        const best = likeliest(columns(pairs), SIZE, SIZE)
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
        const a = product(pairs, likeliest(columns(pairs), SIZE, SIZE))
        const b = product(turned, likeliest(columns(turned), SIZE, SIZE))
        expect(Math.log(a)).toBeCloseTo(Math.log(b), 9)
      }),
    )
  })

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
        const pairs = columns(
          chain.map(([detection, vessel], k) => ({ detection, vessel, weight: Math.exp(logs[k]!) })),
        )
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
        const sums = propagated(columns(pairs), SIZE, SIZE)
        exact(columns(pairs), SIZE, SIZE).forEach((p, k) => {
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

  test('belief propagation comes to the same rest from wherever it begins', () => {
    fc.assert(
      fc.property(
        problem,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 14, maxLength: 14 }),
        (pairs, begun) => {
          const cold = propagated(columns(pairs), SIZE, SIZE)
          const warm = propagated(columns(pairs), SIZE, SIZE, Float64Array.from(begun))
          warm.forEach((p, k) => expect(p).toBeCloseTo(cold[k]!, 3))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a pair without weight is none', () => {
    fc.assert(
      fc.property(problem, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), (pairs, dropped) => {
        const all = assign(columns(pairs.map((p, k) => (dropped[k] ? { ...p, weight: 0 } : p))), SIZE, SIZE)
        const kept = assign(columns(pairs.filter((_, k) => !dropped[k])), SIZE, SIZE)
        expect([...all.pair.filter((_, k) => !dropped[k])]).toEqual([...kept.pair])
        expect([...all.alone]).toEqual([...kept.alone])
        pairs.forEach((_, k) => {
          if (dropped[k]) expect(all.pair[k]).toBe(0)
        })
      }),
    )
  })

  test('large groups are finite, and nobody is given twice', () => {
    const pairs: Pair[] = []
    for (let d = 0; d < 200; d++)
      for (let k = -3; k <= 3; k++)
        if (d + k >= 0 && d + k < 200) pairs.push({ detection: d, vessel: d + k, weight: 5000 / (1 + k * k) })
    const { pair, alone } = assign(columns(pairs), 200, 200)
    const best = likeliest(columns(pairs), 200, 200)
    const byVessel = new Float64Array(200)
    pairs.forEach(({ vessel }, p) => (byVessel[vessel]! += pair[p]!))
    expect(Math.max(...byVessel)).toBeLessThanOrEqual(1 + 1e-6)
    expect(Math.min(...alone)).toBeGreaterThanOrEqual(0)
    // each with its own is the likeliest by far
    expect([...best].every((p, d) => pairs[p]!.vessel === d)).toBe(true)
  })

  test('a pair that is less likely than both alone is not taken', () => {
    expect([...likeliest(columns([{ detection: 0, vessel: 0, weight: 0.9 }]), 1, 1)]).toEqual([-1])
    expect([...likeliest(columns([{ detection: 0, vessel: 0, weight: 1.1 }]), 1, 1)]).toEqual([0])
  })
})
