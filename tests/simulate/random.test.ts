import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, seedOf } from '../../src/simulate/random.js'

describe('random', () => {
  it('repeats itself for the same seed and not for another', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const a = createRandom(seed)
        const b = createRandom(seed)
        const other = createRandom(seed + 1)
        const draw = (r: typeof a) => Array.from({ length: 8 }, () => r.next())
        const first = draw(a)
        expect(draw(b)).toEqual(first)
        expect(draw(other)).not.toEqual(first)
      }),
    )
  })

  it('is uniform enough: mean, spread and bounds of 100,000 draws', () => {
    const random = createRandom(1)
    let sum = 0
    let squares = 0
    for (let i = 0; i < 100_000; i++) {
      const x = random.next()
      expect(x >= 0 && x < 1).toBe(true)
      sum += x
      squares += x * x
    }
    expect(sum / 100_000).toBeCloseTo(0.5, 2)
    expect(squares / 100_000).toBeCloseTo(1 / 3, 2)
  })

  it('normal has mean 0 and deviation 1', () => {
    const random = createRandom(2)
    const draws = Array.from({ length: 100_000 }, () => random.normal())
    const mean = draws.reduce((a, b) => a + b) / draws.length
    expect(mean).toBeCloseTo(0, 1)
    expect(Math.sqrt(draws.reduce((a, b) => a + b * b) / draws.length)).toBeCloseTo(1, 1)
  })

  it('keeps its ranges', () => {
    const random = createRandom(3)
    for (let i = 0; i < 1000; i++) {
      expect([0, 1, 2]).toContain(random.below(3))
      const x = random.between(-2, 5)
      expect(x >= -2 && x < 5).toBe(true)
    }
    expect(() => random.pick([])).toThrow('empty')
  })

  it('seeds differ by purpose, and parts do not run together', () => {
    expect(seedOf(1, 'radio', 2)).not.toBe(seedOf(1, 'radio', 3))
    expect(seedOf('ab', 'c')).not.toBe(seedOf('a', 'bc'))
  })
})
