// The kind of ship: nothing before anything is learned, what the matched ones show afterwards, and never for ships or
// detections of which it is not told.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seaOf } from '../../eval/scenes/sea.js'
import { judgeScene } from '../../src/match/judge.js'
import { createKinds, kindOf } from '../../src/match/kinds.js'
import { addPair, createPairs } from '../../src/match/pairs.js'
import type { Detection } from '../../src/model/detection.js'

const FISHING = 30
const CARGO = 70
const detection = (fishing: number | null): Detection => ({
  ...{ id: '', t: 0, lat: 0, lon: 0, sigmaM: 50, lengthM: null, headingDeg: null, confidence: null, fishing },
})

/** Pairs that are sure: so many of each type, called so. */
function sure(list: readonly { type: number | null; fishing: number | null }[]) {
  const pairs = createPairs(list.length)
  list.forEach((_, k) => addPair(pairs, k, k, 1))
  const kinds = createKinds(
    list.map(({ fishing }) => detection(fishing)),
    list.map(({ type }) => ({ shipType: type })),
  )
  const learn = () =>
    kinds.learn(pairs, { pair: new Float64Array(list.length).fill(1), alone: new Float64Array(list.length) })
  return { kinds, learn }
}
const times = <T>(n: number, of: T): T[] => Array.from({ length: n }, () => of)
const one = fc.record({
  type: fc.constantFrom(null, 0, FISHING, CARGO, 52),
  fishing: fc.constantFrom(null, 0, 0.2, 0.7, 1),
})

describe('kinds', () => {
  test('are fishing, another one, or not told', () => {
    expect([30, 70, 0, null, undefined].map(kindOf)).toEqual([0, 1, -1, -1, -1])
  })

  test('weigh nothing before anything is learned, and nothing where either is not told', () => {
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), list => {
        const { kinds, learn } = sure(list)
        list.forEach((_, d) => {
          for (const type of [FISHING, CARGO, 0, null]) expect(kinds.agreement(d, type)).toBe(1)
        })
        learn()
        list.forEach(({ fishing }, d) => {
          expect(kinds.agreement(d, 0)).toBe(1)
          expect(kinds.agreement(d, null)).toBe(1)
          for (const type of [FISHING, CARGO]) {
            expect(kinds.agreement(d, type)).toBeGreaterThan(0)
            if (fishing === null) expect(kinds.agreement(d, type)).toBe(1)
          }
        })
      }),
    )
  })

  test('weigh as often as the matched ones were called rightly', () => {
    const list = [
      ...times(90, { type: FISHING, fishing: 1 }),
      ...times(10, { type: FISHING, fishing: 0 }),
      ...times(95, { type: CARGO, fishing: 0 }),
      ...times(5, { type: CARGO, fishing: 1 }),
    ]
    const { kinds, learn } = sure(list)
    learn()
    // 96 of 202 are called fishing; of a hundred fishing vessels 90, with ten of the usual beside them
    const usual = 96 / 202
    expect(kinds.agreement(0, FISHING)).toBeCloseTo((90 + 10 * usual) / 110 / usual, 9)
    expect(kinds.agreement(0, CARGO)).toBeCloseTo((5 + 10 * usual) / 110 / usual, 9)
    expect(kinds.agreement(150, FISHING)).toBeCloseTo((10 + 10 * (1 - usual)) / 110 / (1 - usual), 9)
    // a second look at the same changes nothing
    expect(learn()).toBe(0)
  })

  test('of a detector that calls at random weigh next to nothing', () => {
    const list = [FISHING, CARGO].flatMap(type => [
      ...times(50, { type, fishing: 1 }),
      ...times(50, { type, fishing: 0 }),
    ])
    const { kinds, learn } = sure(list)
    learn()
    for (const type of [FISHING, CARGO])
      for (const d of [0, 60]) expect(kinds.agreement(d, type)).toBeCloseTo(1, 2)
  })
})

describe('judgeScene', () => {
  const setting = { kind: 'fishing fleet', vessels: 400, cadenceMin: 60, noiseM: 150 } as const
  const plain = seaOf(3, setting)
  const told = seaOf(3, setting, true)

  test('says the same where only one side tells the kind', () => {
    const darks = (scene: typeof plain.scene, candidates: typeof plain.candidates) =>
      judgeScene(scene, candidates).detections.map(({ pDark }) => pDark)
    const neither = darks(plain.scene, plain.candidates)
    expect(darks(told.scene, plain.candidates)).toEqual(neither)
    expect(darks(plain.scene, told.candidates)).toEqual(neither)
    expect(darks(told.scene, told.candidates)).not.toEqual(neither)
  })

  test('gives more belief to the right ships where both do', () => {
    let [with_, without] = [0, 0]
    for (const seed of [1, 2, 3, 4]) {
      const right = ({ scene, candidates, makers }: typeof plain): number =>
        judgeScene(scene, candidates).detections.reduce((sum, { who }, d) => {
          const maker = makers[d]!
          if (maker.kind !== 'heard') return sum
          return sum + (who.find(({ vessel }) => vessel.mmsi === maker.mmsi)?.p ?? 0)
        }, 0)
      without += right(seaOf(seed, setting))
      with_ += right(seaOf(seed, setting, true))
    }
    expect(with_).toBeGreaterThan(without)
  })
})
