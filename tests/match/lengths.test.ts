// Lengths: what is not told weighs nothing, and over all that a picture shows an agreement makes up for no more than it is.

import { describe, expect, test } from 'vitest'
import { createLengths } from '../../src/match/lengths.js'
import type { Detection } from '../../src/model/detection.js'
import { createRandom } from '../../src/simulate/random.js'

const of = (lengthM: number | null): Detection => ({
  ...{ id: '', t: 0, lat: 0, lon: 0, sigmaM: 50, lengthM, headingDeg: null, confidence: null },
})
const random = createRandom(2)
/** Boats of 27 m, seen with an error of a quarter. */
const boats = Array.from({ length: 2000 }, () => 27 * Math.exp(0.3 * random.normal()))
const seen = boats.map(lengthM => lengthM * Math.exp(0.28 * random.normal()))
const fleet = createLengths(seen.map(of))

describe('lengths', () => {
  test('weigh nothing where one of the two is not told', () => {
    for (const [a, b] of [
      [null, 30],
      [30, null],
      [0, 30],
      [30, -1],
    ] as const)
      expect(fleet.agreement(a, b)).toBe(1)
  })

  test('over pairs of a fleet that have nothing to do with each other make 1', () => {
    const mean = seen.reduce((sum, lengthM, k) => sum + fleet.agreement(lengthM, boats[(k + 7) % 2000]!), 0)
    expect(mean / 2000).toBeGreaterThan(0.95)
    expect(mean / 2000).toBeLessThan(1.05)
  })

  test('weigh less in a fleet of one size than in a sea of all', () => {
    const sea = createLengths(
      [12, 18, 27, 50, 90, 150, 220, 300].flatMap(m => Array(20).fill(of(m)) as Detection[]),
    )
    expect(fleet.agreement(27, 27)).toBeLessThan(sea.agreement(27, 27) / 1.5)
  })

  test('agree best where they are the same, and a typing error is not the end', () => {
    for (const told of [15, 30, 60]) {
      const same = fleet.agreement(told, told)
      for (const factor of [0.5, 0.8, 1.25, 2])
        expect(fleet.agreement(told, told * factor)).toBeLessThan(same)
    }
    expect(fleet.agreement(30, 300)).toBeCloseTo(0.03, 3)
  })

  test('of a picture that tells none are held against what is known of all', () => {
    const none = createLengths([of(null), of(null)])
    expect(none.agreement(40, 40)).toBeGreaterThan(2)
    expect(none.agreement(40, 400)).toBeLessThan(0.1)
  })
})
