// Shares of ways of moving make 1, are what is known of all where nothing is seen, and those of the vessels where these are many.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/simulate/random.js'
import { MODES, modesAmong } from '../../src/match/modes.js'

const sum = (modes: readonly { share: number }[]): number => modes.reduce((all, { share }) => all + share, 0)
/** Vessels of which it is as good as known how they move. */
const sure = (mode: number, n: number): Float64Array[] =>
  Array.from({ length: n }, () => Float64Array.from(MODES, (_, k) => (k === mode ? 1 : 1e-9)))

describe('modesAmong', () => {
  test('shares make 1, with and without vessels', () => {
    expect(sum(MODES)).toBeCloseTo(1, 9)
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 })),
        likelihoods => {
          const modes = modesAmong(likelihoods.map(of => Float64Array.from(of)))
          expect(sum(modes)).toBeCloseTo(1, 9)
          for (const { share } of modes) expect(share).toBeGreaterThan(0)
        },
      ),
    )
  })

  test('vessels that say nothing change nothing', () => {
    const nothing = Array.from({ length: 100 }, () => new Float64Array(MODES.length).fill(0.3))
    for (const modes of [modesAmong([]), modesAmong(nothing)])
      modes.forEach(({ share }, k) => {
        expect(share).toBeCloseTo(MODES[k]!.share, 9)
      })
  })

  test('ten vessels weigh as much as what is known of all', () => {
    const [, anchor] = modesAmong(sure(1, 10))
    expect(anchor!.share).toBeCloseTo((10 + 10 * MODES[1]!.share) / 20, 6)
  })

  test('finds the shares that made what is seen, though no vessel tells its own for sure', () => {
    const random = createRandom(5)
    const truth = MODES.map((_, k) => (k === 2 ? 0.7 : k === 5 ? 0.3 : 0))
    const vessels = Array.from({ length: 4000 }, () => {
      const mode = random.chance(truth[2]!) ? 2 : 5
      const seen = (mode === 2 ? 0 : 2) + random.normal()
      return Float64Array.from(MODES, (_, k) =>
        k === 2 || k === 5 ? Math.exp(-((seen - (k === 2 ? 0 : 2)) ** 2) / 2) : 1e-6,
      )
    })
    modesAmong(vessels).forEach(({ share }, k) => {
      expect(Math.abs(share - truth[k]!)).toBeLessThan(0.04)
    })
  })
})
