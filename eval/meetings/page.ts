// What came of it, as tables of docs/evaluation.md.

import { rate } from '../metrics.js'
import { number, table, whole } from '../page.js'
import { isExact, KINDS, type Verdict } from './judge.js'
import { SOURCES } from './sources.js'

const sum = (verdicts: readonly Verdict[], of: (verdict: Verdict) => number): number =>
  verdicts.reduce((n, each) => n + of(each), 0)

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
