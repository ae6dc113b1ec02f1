// The figures of simulated pictures, as tables of docs/evaluation.md.

import { number, table } from '../page.js'
import type { Outcome } from './judge.js'
import { silentOf, type Setting } from './sea.js'

type Case = { setting: Setting; outcome: Outcome }

interface F1 {
  precision: number
  recall: number
  f1: number
}

export function f1(called: readonly boolean[], truth: readonly boolean[]): F1 {
  const right = called.filter((is, k) => is && truth[k]).length
  const precision = right / called.filter(Boolean).length
  const recall = right / truth.filter(Boolean).length
  return { precision, recall, f1: right === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

/** Expected calibration error over ten bins of equal width. */
export function eceOf(p: readonly number[], truth: readonly boolean[]): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, p: 0, true: 0 }))
  p.forEach((value, k) => {
    const bin = bins[Math.min(9, Math.floor(10 * value))]!
    bin.n++
    bin.p += value
    bin.true += truth[k] ? 1 : 0
  })
  return bins.reduce((sum, bin) => sum + Math.abs(bin.p - bin.true), 0) / p.length
}

function row(name: string, cases: readonly Case[]): string[] {
  const all = cases.map(({ outcome }) => outcome)
  const truth = all.flatMap(({ dark }) => dark)
  const p = all.flatMap(of => of.p)
  const ours = f1(
    all.flatMap(of => of.ours),
    truth,
  )
  const nearest = f1(
    all.flatMap(of => of.nearest),
    truth,
  )
  const greedy = f1(
    all.flatMap(of => of.greedy),
    truth,
  )
  const pairs = all.reduce((sum, of) => sum + of.pairs.of, 0)
  const right = all.reduce((sum, of) => sum + of.pairs.right, 0)
  return [
    name,
    String(p.length),
    String(truth.filter(Boolean).length),
    number(eceOf(p, truth), 3),
    `${number(ours.precision)} / ${number(ours.recall)}`,
    number(ours.f1),
    number(nearest.f1),
    number(greedy.f1),
    number(right / pairs),
  ]
}

const HEAD = [
  '',
  'detections',
  'dark',
  'ECE of P(dark)',
  'precision / recall',
  'F1',
  'F1, nearest within 1,500 m',
  'F1, greedy by distance',
  'given to the right vessel',
]

export function pageOf(cases: readonly Case[]): string {
  const by = <K>(key: (setting: Setting) => K): [K, Case[]][] => {
    const groups = new Map<K, Case[]>()
    for (const each of cases) {
      const k = key(each.setting)
      groups.set(k, [...(groups.get(k) ?? []), each])
    }
    return [...groups]
  }
  const cadence = ({ cadenceMin }: Setting): string => `AIS each ${cadenceMin} min`
  const crowded = cases.filter(({ setting }) => silentOf(setting) === 50)
  const ranks = crowded.flatMap(({ outcome }) => outcome.ranks)
  const within = (most: number): string =>
    number(ranks.filter(rank => rank > 0 && rank <= most).length / ranks.length)
  const held = cases.filter(({ outcome: { darkShips: of } }) => of.low <= of.truth && of.truth <= of.high)
  const estimate = cases.reduce((sum, { outcome }) => sum + outcome.darkShips.estimate, 0)
  const truth = cases.reduce((sum, { outcome }) => sum + outcome.darkShips.truth, 0)
  return [
    table(HEAD, [row('all', cases), ...by(cadence).map(([name, of]) => row(name, of))]),
    table(
      HEAD,
      by(setting => `${setting.kind}, ${cadence(setting)}`).map(([name, of]) => row(name, of)),
    ),
    table(
      HEAD,
      by(({ vessels, noiseM }) => `${vessels} vessels, error ${noiseM} m`).map(([name, of]) => row(name, of)),
    ),
    `Silent ships seen and called dark, in pictures with 50 of them: ${ranks.length}; the right silence of 50 is first in ${within(1)}, in the first three in ${within(3)}.`,
    `Dark ships there were ${truth}, estimated ${number(estimate, 0)}; the interval held the number in ${number(held.length / cases.length)} of ${cases.length} pictures.`,
    worst(
      by(
        setting =>
          `${setting.kind}, ${setting.cadenceMin} min, ${setting.vessels} vessels, ${setting.noiseM} m`,
      ),
    ),
  ].join('\n\n')
}

/** Settings at which a baseline is as good or better. */
function worst(groups: readonly [string, Case[]][]): string {
  const losing = groups.filter(([, of]) => {
    const truth = of.flatMap(({ outcome }) => outcome.dark)
    const ours = f1(
      of.flatMap(({ outcome }) => outcome.ours),
      truth,
    ).f1
    const nearest = f1(
      of.flatMap(({ outcome }) => outcome.nearest),
      truth,
    ).f1
    const greedy = f1(
      of.flatMap(({ outcome }) => outcome.greedy),
      truth,
    ).f1
    return ours <= Math.max(nearest, greedy)
  })
  const names = losing.map(([name]) => name).join('; ')
  return `Settings of ${groups.length} at which a baseline has the same F1 or a better one: ${losing.length}${names && ` (${names})`}.`
}
