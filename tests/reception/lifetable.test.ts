import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BIN_START,
  binOf,
  BINS,
  LONGEST,
  shareAtMost,
  survivalOf,
  UNKNOWN_HAZARD,
} from '../../src/reception/lifetable.js'

describe('ranges of lengths', () => {
  test('every length is in the range that begins at or before it', () => {
    for (let n = 0; n <= 3 * LONGEST; n++) {
      const bin = binOf(n)
      expect(BIN_START[bin]!).toBeLessThanOrEqual(n)
      expect(BIN_START[bin + 1] ?? Infinity).toBeGreaterThan(n)
    }
  })
})

describe('survivalOf', () => {
  const hazards = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: BINS, maxLength: BINS })
  const length = fc.double({ min: 0, max: 2 * LONGEST, noNaN: true })

  test('is 1 for no silence at all, never grows, and stays a chance', () => {
    fc.assert(
      fc.property(hazards, length, length, (h, a, b) => {
        expect(survivalOf(h, 0)).toBe(1)
        const [short, long] = a < b ? [a, b] : [b, a]
        expect(survivalOf(h, long)).toBeLessThanOrEqual(survivalOf(h, short))
        expect(survivalOf(h, long)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('is the product of what went on, from the beginning of each range to the next', () => {
    fc.assert(
      fc.property(hazards, fc.nat(BINS - 1), (h, bin) => {
        const product = h.slice(0, bin).reduce((p, hazard) => p * (1 - hazard), 1)
        expect(survivalOf(h, BIN_START[bin]!)).toBeCloseTo(product, 12)
        expect(survivalOf(h, (BIN_START[bin + 1] ?? LONGEST) - 0.01)).toBeCloseTo(product, 12)
      }),
    )
  })

  test('where nothing is known, six hours of silence are no surprise', () => {
    expect(survivalOf(UNKNOWN_HAZARD, 36)).toBeCloseTo(1 / Math.sqrt(37), 12)
    for (const start of BIN_START)
      expect(survivalOf(UNKNOWN_HAZARD, start)).toBeCloseTo((1 + start) ** -0.5, 12)
  })
})

describe('shareAtMost', () => {
  test('is the share for which what was seen is at the 5 % edge: the score test, solved by hand', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (p, n) => {
        const most = shareAtMost(p, n)
        expect((most - p) / Math.sqrt((most * (1 - most)) / n)).toBeCloseTo(1.645, 5)
      }),
    )
  })

  test('nothing in n trials leaves about 2.7 / n; no trials leave everything', () => {
    expect(shareAtMost(0, 1000)).toBeCloseTo(2.706 / 1002.706, 6)
    expect(shareAtMost(0, 0)).toBe(1)
    expect(shareAtMost(0.5, 0)).toBe(1)
  })
})
