// The results in words: tables of docs/evaluation.md, between two marks that the command finds again.

import type { Bar } from './bars.js'
import type { Rate, Tally } from './metrics.js'
import type { RealResult } from './real.js'
import { CAUSES, type Result } from './result.js'
import type { SeedSet } from './seeds.js'

/** All that one run of the command found; docs/evaluation.json holds it as it is. */
export interface Run {
  set: SeedSet
  command: string
  commit: string
  seeds: readonly number[]
  seas: { name: string; title: string; result: Result }[]
  total: Result
  bars: Bar[]
  real: { results: RealResult[]; skipped: string[] }
}

const NOTHING = '–'
export const number = (value: number, decimals = 2): string =>
  Number.isNaN(value) ? NOTHING : value === Infinity ? '∞' : value.toFixed(decimals)
export const whole = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ')
const interval = ({ value, low, high }: Rate): string =>
  Number.isNaN(value) ? NOTHING : `${number(value)} (${number(low)}–${number(high)})`
const share = ({ n, of }: Rate): string => (of === 0 ? NOTHING : `${n} of ${of}`)

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // the first column is words, the others are figures
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** What issue 4 asks for, on all seas together. */
export function goals({ ours, calibration, fewer, raised }: Result): Bar[] {
  return [
    {
      name: '`likely_disabled`: precision ≥ 0.9 …',
      holds: ours.precision.value >= 0.9,
      seen: `${interval(ours.precision)}, ${share(ours.precision)}`,
    },
    {
      name: '… at recall ≥ 0.8',
      holds: ours.recall.value >= 0.8,
      seen: `${interval(ours.recall)}, ${share(ours.recall)}`,
    },
    {
      name: 'expected calibration error of `score` ≤ 0.05',
      holds: calibration.ece <= 0.05,
      seen: `${number(calibration.ece, 3)} over ${whole(calibration.n)} gaps`,
    },
    {
      name: '≥ 5 × fewer false accusations than the plain threshold at the same recall',
      holds: ours.recall.n > 0 && fewer.times >= 5,
      seen:
        ours.recall.n === 0
          ? 'nothing was accused'
          : `${number(fewer.times, 1)} × (${number(fewer.low, 1)}–${number(fewer.high, 1)}): ` +
            `${whole(ours.falseAccusations)} against ${whole(raised.falseAccusations)} at > ${number(raised.hours, 1)} h`,
    },
  ]
}

export function markdownOf(run: Run): string {
  const { seas, total, bars, real } = run
  const all = [...seas, { name: '**all**', result: total }]
  const verdict = ({ holds }: Bar): string => (holds ? 'yes' : '**no**')
  const barRows = [...goals(total), ...bars].map(bar => [bar.name, verdict(bar), bar.seen])
  const perThousand = (n: number, { shipDays }: Result): string => number((1000 * n) / shipDays, 1)
  const judge = ({ recall, precision, falseAccusations }: Tally): string[] => [
    ...[number(recall.value), number(precision.value), whole(falseAccusations)],
  ]
  const said = [...new Set(CAUSES.flatMap(cause => Object.keys(total.said[cause] ?? {})))].sort()
  const parts = [
    `\`${run.command}\`, commit ${run.commit}, seeds ${run.seeds.join(', ')}: ${whole(total.weeks)} weeks, ` +
      `${whole(total.shipDays)} ship-days, ${whole(total.reports)} reports.`,
    `#### Asked for, and reached\n\n${table(['', 'reached', 'measured'], barRows)}`,
    `#### Accusations (\`gap\` of class \`likely_disabled\`)\n\n${table(
      [
        'sea',
        'silences',
        'switched off',
        'recall',
        'precision',
        'false',
        'false per 1000 ship-days',
        'Brier (base rate)',
        'ECE',
      ],
      all.map(({ name, result }) => [
        name,
        whole(Object.values(result.silences).reduce((a, b) => a + b, 0)),
        whole(result.silences['disabled']!),
        interval(result.ours.recall),
        interval(result.ours.precision),
        whole(result.ours.falseAccusations),
        perThousand(result.ours.falseAccusations, result),
        `${number(result.calibration.brier, 3)} (${number(result.calibration.brierOfBaseRate, 3)})`,
        number(result.calibration.ece, 3),
      ]),
    )}`,
    `#### Baselines on the same data (recall, precision, false accusations)\n\n${table(
      [
        'sea',
        'any gap of ours',
        '',
        '',
        'gfw-pipe, > 6 h',
        '',
        '',
        'raised to',
        'recall',
        'false',
        'Welch',
        '',
        '',
      ],
      all.map(({ name, result }) => [
        name,
        ...judge(result.anyGap),
        ...judge(result.plain),
        result.raised.hours === Infinity ? NOTHING : `${number(result.raised.hours, 1)} h`,
        number(result.raised.recall.value),
        whole(result.raised.falseAccusations),
        ...judge(result.welch),
      ]),
    )}`,
    `#### Calibration of \`score\` over all gaps\n\n${table(
      ['score', 'gaps', 'said', 'switched off'],
      total.calibration.bins.map(({ from, to, n, said: mean, was }) => [
        `${number(from, 1)}–${number(to, 1)}`,
        whole(n),
        number(mean),
        number(was),
      ]),
    )}`,
    `#### What the switched-off ships were up to\n\n${table(
      ['', 'silences', 'told as a gap', 'accused'],
      Object.entries(total.stories)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([story, { silences, gaps, accused }]) => [story, whole(silences), whole(gaps), whole(accused)]),
    )}\n\nIn ${whole(total.faint)} of them fewer than three reports are missing: nobody could know. Recall of the others: ${interval(total.decidable)}. Of ${whole(total.ours.falseAccusations)} false accusations ${whole(total.partly)} are of ships whose set was off for a part of the silence, though not for the most of it.`,
    `#### Who could bear witness\n\n${table(
      ['ships nearby in the hour before', 'told as a gap', 'accused', 'share'],
      Object.entries(total.witnessed).map(([near, { gaps, accused }]) => [
        near,
        whole(gaps),
        whole(accused),
        number(accused / gaps),
      ]),
    )}`,
    `#### What was said of silences, by true cause\n\n${table(
      ['cause', ...said],
      CAUSES.map(cause => [cause, ...said.map(what => whole(total.said[cause]?.[what] ?? 0))]),
    )}`,
  ]
  if (real.results.length + real.skipped.length > 0) {
    const tables = real.results.length > 0 ? [realTable(real.results)] : []
    const lines = real.skipped.map(line => `- ${line}`).join('\n')
    parts.push(
      ['#### Real files with silences cut out, and things taken away', ...tables, lines].join('\n\n'),
    )
  }
  return parts.join('\n\n')
}

function realTable(results: readonly RealResult[]): string {
  return table(
    [
      'file',
      'taken away',
      'gaps',
      'cuts found',
      'cuts accused',
      'other accusations',
      'score of cuts',
      'of others',
    ],
    results.map(result => [
      result.file,
      result.injected,
      whole(result.gaps),
      share(result.found),
      share(result.accused),
      whole(result.otherAccusations),
      number(result.scoreInjected),
      number(result.scoreOthers),
    ]),
  )
}

/** A part of the page: of one evaluation, on one set of seeds. */
export type Part =
  SeedSet | `lies ${SeedSet}` | `${'loitering' | 'meetings' | 'scenes'} ${SeedSet}` | 'scenes motion'

const marks = (set: Part): [string, string] => [`<!-- eval ${set} -->`, `<!-- end of eval ${set} -->`]

/** The page with the results of one set put between its marks. @throws when the page has no such marks */
export function intoPage(page: string, set: Part, text: string): string {
  const [begin, end] = marks(set)
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/evaluation.md: no marks ${begin} and ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`
}
