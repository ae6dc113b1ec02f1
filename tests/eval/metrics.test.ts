import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  apply,
  bootstrap,
  calibration,
  fitLogistic,
  rate,
  sum,
  tally,
  thresholdOf,
  type Forecast,
  type Timed,
} from '../../eval/metrics.js'
import { createRandom } from '../../src/simulate/random.js'

const accusation = (truth: string | null, right: boolean, hours = 0): Timed => ({ truth, right, hours })

describe('a rate', () => {
  test('has the interval of Wilson: 8 of 10 worked by hand', () => {
    // p = 0.8, z²/n = 0.38415: centre (0.8 + 0.19207) / 1.38415, half 1.96·√(0.016 + 0.0096036) / 1.38415
    const { value, low, high } = rate(8, 10)
    expect(value).toBe(0.8)
    expect(low).toBeCloseTo(0.4902, 4)
    expect(high).toBeCloseTo(0.9433, 4)
  })

  test('lies within its interval, which lies within 0 and 1 and narrows with more of the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (of, n) => {
        fc.pre(n <= of)
        const few = rate(n, of)
        expect(few.low).toBeLessThanOrEqual(few.value + 1e-12)
        expect(few.high).toBeGreaterThanOrEqual(few.value - 1e-12)
        expect(few.low).toBeGreaterThanOrEqual(0)
        expect(few.high).toBeLessThanOrEqual(1)
        const many = rate(10 * n, 10 * of)
        expect(many.high - many.low).toBeLessThan(few.high - few.low)
      }),
    )
  })

  test('of nothing is no number', () => expect(rate(0, 0).value).toBeNaN())
})

describe('a tally', () => {
  test('counts a silence once however often it is accused, and every false accusation', () => {
    const said = [
      accusation('a', true),
      accusation('a', true),
      accusation('b', true),
      accusation('c', false),
      accusation(null, false),
    ]
    const { recall, precision, falseAccusations } = tally(said, 4)
    expect([recall.n, recall.of]).toEqual([2, 4])
    expect([precision.n, precision.of]).toEqual([3, 5])
    expect(falseAccusations).toBe(2)
  })

  test('of several runs is the sum of their counts, not the mean of their rates', () => {
    const all = sum([tally([accusation('a', true)], 1), tally([accusation('b', false)], 9)])
    expect([all.recall.n, all.recall.of, all.precision.n, all.precision.of]).toEqual([1, 10, 1, 2])
    expect(all.falseAccusations).toBe(1)
  })
})

describe('calibration', () => {
  // two bins: 0.2 said twice, one was so; 0.9 said three times, all were so
  const said: Forecast[] = [
    { score: 0.2, disabled: false },
    { score: 0.2, disabled: true },
    { score: 0.9, disabled: true },
    { score: 0.9, disabled: true },
    { score: 0.9, disabled: true },
  ]

  test('worked by hand', () => {
    const { brier, ece, brierOfBaseRate, bins } = calibration(said)
    expect(brier).toBeCloseTo((0.04 + 0.64 + 3 * 0.01) / 5, 12)
    expect(ece).toBeCloseTo((2 / 5) * 0.3 + (3 / 5) * 0.1, 12)
    expect(brierOfBaseRate).toBeCloseTo(0.8 * 0.2, 12)
    expect(bins[2]).toMatchObject({ n: 2, was: 0.5 })
    expect(bins[9]).toMatchObject({ n: 3, was: 1 })
  })

  test('its bins hold every forecast, 0 and 1 included', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), scores => {
        const { bins } = calibration([...scores, 0, 1].map(score => ({ score, disabled: true })))
        expect(bins.reduce((n, bin) => n + bin.n, 0)).toBe(scores.length + 2)
      }),
    )
  })

  test('a perfect oracle has no error, and saying the base rate has its Brier score', () => {
    const perfect = said.map(({ disabled }) => ({ score: Number(disabled), disabled }))
    expect(calibration(perfect)).toMatchObject({ brier: 0, ece: 0 })
    const base = said.map(({ disabled }) => ({ score: 0.8, disabled }))
    expect(calibration(base).brier).toBeCloseTo(calibration(base).brierOfBaseRate, 12)
    expect(calibration(base).ece).toBeCloseTo(0, 12)
  })
})

describe('the plain threshold', () => {
  const said = [
    accusation('a', true, 30),
    accusation('b', true, 12),
    accusation('c', true, 7),
    accusation('x', false, 20),
    accusation('y', false, 8),
  ]
  const at = (found: number): Timed[] => said.filter(({ hours }) => hours > thresholdOf(said, found))

  test('is raised as far as it finds no less', () => {
    expect(at(1).map(({ truth }) => truth)).toEqual(['a'])
    expect(at(2).map(({ truth }) => truth)).toEqual(['a', 'b', 'x'])
    expect(at(3)).toEqual(said)
  })

  test('accuses nobody where nothing need be found, and everybody where too much must be', () => {
    expect(at(0)).toEqual([])
    expect(thresholdOf(said, 4)).toBe(-Infinity)
  })

  test('of any accusations finds exactly what it must, unless two are as long', () => {
    const one = fc.record({
      truth: fc.nat(20),
      right: fc.boolean(),
      hours: fc.integer({ min: 6, max: 1000 }),
    })
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: a => a.hours }), fc.nat(20), (all, wanted) => {
        const right = all.filter(a => a.right)
        const found = Math.min(wanted, new Set(right.map(a => a.truth)).size)
        const threshold = thresholdOf(all, found)
        expect(new Set(right.filter(a => a.hours > threshold).map(a => a.truth)).size).toBe(found)
      }),
    )
  })
})

describe('the fitted logistic', () => {
  /** Scores whose true probability is another one. */
  function drawn(a: number, b: number, n = 20_000): Forecast[] {
    const random = createRandom(7)
    return Array.from({ length: n }, () => {
      const score = random.between(0.02, 0.98)
      return { score, disabled: random.chance(apply({ a, b }, score)) }
    })
  }

  test('finds the two numbers that the data were made with', () => {
    for (const [a, b] of [
      [0, 1],
      [-1.5, 0.6],
      [0.8, 1.7],
    ] as const) {
      const fit = fitLogistic(drawn(a, b))
      expect(Math.abs(fit.a - a)).toBeLessThan(0.08)
      expect(Math.abs(fit.b - b)).toBeLessThan(0.08)
    }
  })

  test('leaves the mean of what it says at the base rate', () => {
    const data = drawn(-1.5, 0.6)
    const fit = fitLogistic(data)
    const said = data.reduce((total, { score }) => total + apply(fit, score), 0) / data.length
    expect(said).toBeCloseTo(data.filter(({ disabled }) => disabled).length / data.length, 4)
  })

  test('stays finite where a threshold parts them wholly', () => {
    const fit = fitLogistic([0.1, 0.2, 0.8, 0.9].map(score => ({ score, disabled: score > 0.5 })))
    expect(Number.isFinite(fit.a) && Number.isFinite(fit.b)).toBe(true)
    expect(apply(fit, 0.9)).toBeGreaterThan(0.95)
    expect(apply(fit, 0.1)).toBeLessThan(0.05)
  })
})

test('a bootstrap repeats itself, and its interval holds the mean of many equal runs', () => {
  const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
  const runs = Array.from({ length: 40 }, (_, i) => i)
  const [low, high] = bootstrap(runs, mean)
  expect(bootstrap(runs, mean)).toEqual([low, high])
  expect(low).toBeLessThan(19.5)
  expect(high).toBeGreaterThan(19.5)
  expect(high - low).toBeLessThan(10)
})
