// The figures of slow ships, as tables of docs/evaluation.md.

import { rate, type Rate } from '../metrics.js'
import { number, table } from '../page.js'
import { errorsOf, type Verdict } from './judge.js'

const together = (verdicts: readonly Verdict[]): Verdict => ({
  truths: verdicts.flatMap(({ truths }) => truths),
  right: verdicts.flatMap(({ right }) => right),
  wrong: verdicts.flatMap(({ wrong }) => wrong),
})
const shown = ({ n, of, value, low, high }: Rate): string =>
  of === 0 ? '–' : `${number(value)} (${number(low)}–${number(high)}), ${n} of ${of}`
const quantile = (sorted: readonly number[], q: number): string =>
  sorted.length === 0 ? '–' : number(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!, 1)
const errors = ({ right }: Verdict, edge: 'start' | 'end'): string => {
  const sorted = errorsOf(right, edge)
  return [0.5, 0.9, 1].map(q => quantile(sorted, q)).join(' / ')
}

/** @param ours, theirs a verdict a seed */
export function pageOf(ours: readonly Verdict[], theirs: readonly Verdict[]): string {
  const [us, them] = [together(ours), together(theirs)]
  const line = (name: string, verdict: Verdict): string[] => [
    name,
    shown(rate(new Set(verdict.right.map(({ truth }) => truth)).size, verdict.truths.length)),
    shown(rate(verdict.right.length, verdict.right.length + verdict.wrong.length)),
    errors(verdict, 'start'),
    errors(verdict, 'end'),
  ]
  const classes = [...new Set(us.truths.map(truth => truth.class))].sort()
  const told = [...new Set(us.right.map(({ event }) => event.class ?? ''))].sort()
  const parts = [
    table(
      ['', 'recall', 'precision', 'start off, min: median / 90 % / most', 'end off'],
      [line('darkwake', us), line('`gfw-loitering`, ≥ 4 h', them)],
    ),
    table(
      ['what it did', 'ships', 'told', 'right class', ...told.map(name => `\`${name}\``), 'mean score'],
      classes.map(name => {
        const of = us.right.filter(({ truth }) => truth.class === name)
        const scores = of.reduce((sum, { event }) => sum + event.score, 0)
        return [
          `\`${name}\``,
          String(us.truths.filter(truth => truth.class === name).length),
          String(of.length),
          shown(rate(of.filter(({ event }) => event.class === name).length, of.length)),
          ...told.map(each => String(of.filter(({ event }) => event.class === each).length)),
          number(scores / of.length),
        ]
      }),
    ),
  ]
  const all = rate(us.right.filter(({ truth, event }) => event.class === truth.class).length, us.right.length)
  parts.push(`Right class over all: ${shown(all)}.`)
  if (us.wrong.length > 0) {
    const kinds = [...new Set(us.wrong.map(({ kind }) => kind))].sort()
    const lines = kinds.map(kind => `${kind} ${us.wrong.filter(each => each.kind === kind).length}`)
    parts.push(`Events of ships that were not slow for so long: ${lines.join(', ')}.`)
  }
  return parts.join('\n\n')
}
