// How good a judge is, in numbers: recall and precision with Wilson intervals, calibration of a probability, and the
// false accusations of a plain threshold that is raised until it finds no more than we do. Pure, and worked by hand in the tests.

import { createRandom } from '../src/simulate/random.js'

/** A share with its 95 % interval (Wilson, 1927); NaN of nothing. */
export interface Rate {
  n: number
  of: number
  value: number
  low: number
  high: number
}

const Z = 1.959964

export function rate(n: number, of: number): Rate {
  if (of === 0) return { n, of, value: NaN, low: NaN, high: NaN }
  const p = n / of
  const middle = p + (Z * Z) / (2 * of)
  const half = Z * Math.sqrt((p * (1 - p)) / of + (Z * Z) / (4 * of * of))
  const scale = 1 + (Z * Z) / of
  return {
    n,
    of,
    value: p,
    low: Math.max(0, (middle - half) / scale),
    high: Math.min(1, (middle + half) / scale),
  }
}

/** An accusation held against the truth; `truth` is the silence it speaks of, null when there is none. */
export interface Accusation<T = unknown> {
  truth: T | null
  right: boolean
}

export interface Tally {
  /** Of the disabled silences, how many were accused. */
  recall: Rate
  /** Of the accusations, how many were right. */
  precision: Rate
  falseAccusations: number
}

/** @param truths disabled silences there were. Two accusations of one silence find it once. */
export function tally(accusations: readonly Accusation[], truths: number): Tally {
  const right = accusations.filter(accusation => accusation.right)
  const found = new Set(right.map(({ truth }) => truth)).size
  return {
    recall: rate(found, truths),
    precision: rate(right.length, accusations.length),
    falseAccusations: accusations.length - right.length,
  }
}

/** Of several runs together. */
export function sum(tallies: readonly Tally[]): Tally {
  const add = (of: (tally: Tally) => number): number => tallies.reduce((total, each) => total + of(each), 0)
  return {
    recall: rate(
      add(({ recall }) => recall.n),
      add(({ recall }) => recall.of),
    ),
    precision: rate(
      add(({ precision }) => precision.n),
      add(({ precision }) => precision.of),
    ),
    falseAccusations: add(({ falseAccusations }) => falseAccusations),
  }
}

/** A probability that was said, and what was so. */
export interface Forecast {
  score: number
  disabled: boolean
}

export interface Calibration {
  n: number
  /** Mean squared error of the probability (Brier, 1950): 0 perfect, 0.25 for "one half" every time. */
  brier: number
  /** Brier of always saying the share of disabled: what a score must beat. */
  brierOfBaseRate: number
  /** Expected calibration error: mean distance of what was said from what was so, over the bins, by their size. */
  ece: number
  bins: { from: number; to: number; n: number; said: number; was: number }[]
}

const BINS = 10

export function calibration(forecasts: readonly Forecast[]): Calibration {
  const n = forecasts.length
  const bins = Array.from({ length: BINS }, (_, b) => {
    const of = forecasts.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === b)
    const mean = (value: (f: Forecast) => number): number =>
      of.length === 0 ? NaN : of.reduce((total, f) => total + value(f), 0) / of.length
    return {
      ...{ from: b / BINS, to: (b + 1) / BINS, n: of.length },
      ...{ said: mean(({ score }) => score), was: mean(({ disabled }) => Number(disabled)) },
    }
  })
  const base = forecasts.filter(({ disabled }) => disabled).length / n
  return {
    n,
    brier: forecasts.reduce((total, { score, disabled }) => total + (score - Number(disabled)) ** 2, 0) / n,
    brierOfBaseRate: base * (1 - base),
    ece:
      n === 0
        ? NaN
        : bins.reduce((total, b) => (b.n === 0 ? total : total + (b.n / n) * Math.abs(b.said - b.was)), 0),
    bins,
  }
}

/** An accusation of the plain threshold, which can be raised. */
export interface Timed extends Accusation {
  hours: number
}

/**
 * The highest threshold at which a plain rule ("silent for longer than h hours") still finds `found` of the silences.
 * @returns −Infinity when it never does, Infinity when nothing need be found
 */
export function thresholdOf(accusations: readonly Timed[], found: number): number {
  if (found === 0) return Infinity
  const longest = new Map<unknown, number>()
  for (const { truth, right, hours } of accusations) {
    if (right) longest.set(truth, Math.max(longest.get(truth) ?? 0, hours))
  }
  const sorted = [...longest.values()].sort((a, b) => b - a)
  // strictly longer than the threshold: just below the silence that is the last one needed
  return sorted.length < found ? -Infinity : sorted[found - 1]! - 1e-9
}

/** 5th and 95th percentile of a figure over runs drawn with replacement: how much it owes to single weeks. */
export function bootstrap<T>(
  runs: readonly T[],
  figure: (sample: T[]) => number,
  seed = 1,
  rounds = 500,
): [low: number, high: number] {
  const random = createRandom(seed)
  const values = Array.from({ length: rounds }, () => figure(runs.map(() => random.pick(runs))))
    .filter(value => !Number.isNaN(value))
    .sort((a, b) => a - b)
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? NaN
  return [at(0.05), at(0.95)]
}

/** p = 1 / (1 + exp(−(a + b·logit(score)))): Platt (1999), two numbers that bring a score to a probability. */
export interface Logistic {
  a: number
  b: number
}

/** A score of 0 or 1 has no logit. */
const EDGE = 1e-3
const logit = (score: number): number => {
  const p = Math.min(1 - EDGE, Math.max(EDGE, score))
  return Math.log(p / (1 - p))
}

export const apply = ({ a, b }: Logistic, score: number): number =>
  1 / (1 + Math.exp(-(a + b * logit(score))))

/** Newton's method on the log-likelihood, with a weak pull to (0, 1) that keeps a separable set finite. */
export function fitLogistic(forecasts: readonly Forecast[]): Logistic {
  const pull = 1e-3
  let fit: Logistic = { a: 0, b: 1 }
  for (let round = 0; round < 100; round++) {
    let [ga, gb, haa, hab, hbb] = [-pull * fit.a, -pull * (fit.b - 1), pull, 0, pull]
    for (const { score, disabled } of forecasts) {
      const x = logit(score)
      const p = apply(fit, score)
      const w = p * (1 - p)
      ga += Number(disabled) - p
      gb += (Number(disabled) - p) * x
      haa += w
      hab += w * x
      hbb += w * x * x
    }
    const det = haa * hbb - hab * hab
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det]
    // half steps where a whole one would overshoot
    const step = Math.min(1, 2 / Math.hypot(da, db))
    fit = { a: fit.a + step * da, b: fit.b + step * db }
    if (Math.hypot(da, db) < 1e-9) break
  }
  return fit
}
