// What came of it, as tables of docs/evaluation.md.

import { rate } from '../metrics.js'
import { number, table, whole } from '../page.js'
import type { JudgedPair } from './dark.js'
import { isExact, KINDS, type Verdict } from './judge.js'
import type { Ranked } from './silent.js'
import { SOURCES } from './sources.js'

const sum = (verdicts: readonly Verdict[], of: (verdict: Verdict) => number): number =>
  verdicts.reduce((n, each) => n + of(each), 0)

/** Who was met in the dark, as it is ranked. */
export function rankedOf(ranked: readonly Ranked[]): string {
  const met = ranked.filter(({ partner }) => partner !== null)
  const alone = ranked.filter(({ partner }) => partner === null)
  const share = (list: readonly Ranked[], is: (each: Ranked) => boolean): string => {
    const n = list.filter(is).length
    return `${number(rate(n, list.length).value)} (${n} of ${list.length})`
  }
  const upTo = (most: number) => (each: Ranked) => each.rank !== null && each.rank <= most
  const isB = ({ event }: Ranked) => event?.details['level'] === 'B'
  const scoreOf = (list: readonly Ranked[]): string => {
    const scores = list.flatMap(({ event }) => event?.score ?? []).sort((a, b) => a - b)
    return number(scores[scores.length >> 1] ?? NaN)
  }
  const silent = met.reduce((sum, each) => sum + each.silent, 0) / met.length
  return [
    `${met.length} ships that are met by one that is silent, while ${whole(silent)} were silent in the mean; ${alone.length} that stop with nobody coming.`,
    table(
      ['', 'met', 'nobody came'],
      [
        [
          'the stop is told',
          share(met, ({ event }) => event !== null),
          share(alone, ({ event }) => event !== null),
        ],
        ['… with candidates (level B)', share(met, isB), share(alone, isB)],
        ['the true partner is ranked first', share(met, upTo(1)), '–'],
        ['… among the first three', share(met, upTo(3)), '–'],
        ['median score', scoreOf(met), scoreOf(alone)],
      ],
    ),
  ].join('\n\n')
}

/** Pairs of which both were silent. @param stops seas in which no two silent ships meet */
export function pairsOf(
  dark: readonly { pairs: readonly JudgedPair[]; silent: number }[],
  stops: readonly { pairs: number; silent: number }[],
): string {
  const pairs = dark.flatMap(each => each.pairs)
  const met = pairs.filter(pair => pair.met !== null)
  const told = met.filter(({ event }) => event !== null)
  const wrong = pairs.filter(pair => pair.met === null)
  const count = (list: readonly { silent: number }[]) => list.reduce((sum, { silent }) => sum + silent, 0)
  const share = (n: number, of: number): string =>
    of === 0 ? '–' : `${number(rate(n, of).value)} (${n} of ${of})`
  const median = (numbers: readonly number[]): number => {
    const sorted = [...numbers].sort((a, b) => a - b)
    return sorted[sorted.length >> 1] ?? NaN
  }
  const scoreOf = (list: readonly JudgedPair[]) =>
    number(median(list.flatMap(({ event }) => event?.score ?? [])))
  const heard = met.filter(({ isCandidate }) => isCandidate).length
  const without = stops.reduce((sum, each) => sum + each.pairs, 0)
  return [
    `${met.length} pairs that met while both were silent, among ${count(dark)} silences in ${dark.length} seas.`,
    table(
      ['', ''],
      [
        ['both fell silent where reception was good', share(heard, met.length)],
        ['the pair is told', share(told.length, met.length)],
        ['… of those where reception was good', share(told.length, heard)],
        ['pairs told that are true', share(told.length, told.length + wrong.length)],
        ['false pairs, for a hundred silences', number((100 * wrong.length) / count(dark), 1)],
        ['… in seas where no two silent ships meet', number((100 * without) / count(stops), 1)],
        [
          'the time of the meeting lies in the time told',
          share(told.filter(pair => pair.isInTime).length, told.length),
        ],
        ['median distance of the place, nm', number(median(told.flatMap(({ offNm }) => offNm ?? [])), 0)],
        ['median score of true pairs, of false', `${scoreOf(told)}, ${scoreOf(wrong)}`],
      ],
    ),
  ].join('\n\n')
}

export function pageOf(verdicts: readonly Verdict[]): string {
  const share = (n: number, of: number): string =>
    of === 0 ? '–' : `${number(rate(n, of).value, 3)} (${whole(n)} of ${whole(of)})`
  const row = (name: string, kind: string, own: readonly Verdict[]): string[] => {
    const isKind = (of: string | undefined) => of === kind
    const truths = sum(own, ({ truths }) => truths.filter(truth => isKind(truth.kind)).length)
    const found = own.flatMap(each => each.found.filter(({ truth }) => isKind(truth.kind)))
    const wrong = sum(own, each => each.falseEvents.filter(({ event }) => isKind(event.class)).length)
    const edges = found.flatMap(each => each.edges)
    const heard = edges.filter(({ wasHeard }) => wasHeard)
    const unheard = edges.filter(({ wasHeard }) => !wasHeard)
    return [
      ...[name, share(found.length, truths), share(found.length, found.length + wrong)],
      ...[share(heard.filter(isExact).length, heard.length)],
      ...[share(unheard.filter(edge => isExact(edge) || edge.isInHole).length, unheard.length)],
    ]
  }
  const head = ['', 'recall', 'precision', 'start and end within 5 min', 'in a hole: within it']
  const rows = SOURCES.flatMap(({ name }) => {
    const own = verdicts.filter(({ source }) => source === name)
    return KINDS.map(kind => row(`\`${kind}\`, ${name}`, kind, own))
  })
  const all = KINDS.map(kind => row(`**\`${kind}\`**`, kind, verdicts))
  const falseOf = new Map<string, number>()
  for (const { event, what } of verdicts.flatMap(each => each.falseEvents)) {
    const name = `${event.class}: ${what}`
    falseOf.set(name, (falseOf.get(name) ?? 0) + 1)
  }
  const doubtful = sum(verdicts, each => each.doubtful.length)
  return [
    table(head, [...all, ...rows]),
    `Beside them ${whole(doubtful)} events that are true by a hair (a bound more or less a tenth) and count neither way.` +
      (falseOf.size === 0
        ? ' Nothing false was told.'
        : ` False: ${[...falseOf].map(([name, n]) => `${name} (${n})`).join('; ')}.`),
  ].join('\n\n')
}
