// The first lines of a report in sentences, and what is known of the data that it rests on.

import { mainEvent, type Findings } from './findings.js'
import { counted, inMinutes, inThousands, kindOf, lastedOf, nameOf, watersOf, zoneName } from './words.js'

/** What a reader should know who reads no further. */
export function summaryOf({ candidates, events, zones, listeners, span }: Findings): string[] {
  if (!span) return ['The input holds no events.']
  const gaps = events.filter(({ type }) => type === 'gap')
  const of = (kind: string): number => gaps.filter(({ class: own }) => own === kind).length
  const [first, second, third] = candidates
  const lead = [first, second, third].flatMap(candidate => {
    if (!candidate) return []
    const worst = mainEvent(candidate)
    const waters = watersOf(worst)
    const where = waters.length > 0 ? `, ${waters.slice(0, 2).join(' and ')}` : ''
    return [
      `${nameOf(candidate.vessel)} (MMSI ${candidate.mmsi}, ${candidate.vessel.flag ?? 'no flag'}): ${kindOf(worst)} from ${inMinutes(worst.start.t)}, ${lastedOf(worst)}${where}, score ${candidate.score.toFixed(2)}`,
    ]
  })
  const busiest = zones.filter(zone => zone.candidates.length > 0).slice(0, 3)
  return [
    `${counted(gaps.length, 'gap')}: ${of('likely_disabled')} likely disabled, ${of('likely_reception')} explained by reception, the others undetermined.`,
    ...(lead.length > 0 ? [`Most suspicious: ${lead.join('; ')}.`] : ['No event speaks against a vessel.']),
    ...(busiest.length > 0
      ? [
          `Candidates by waters: ${busiest.map(({ name, candidates: own }) => `${zoneName(name)} ${own.length}`).join(', ')}.`,
        ]
      : []),
    ...(listeners.length > 0
      ? [
          `${counted(listeners.length, 'feed, receiver or area')} failed or was jammed for a while: see data quality.`,
        ]
      : []),
  ]
}

export function qualityOf({ stats, sources }: Findings): {
  lines: string[]
  rejected: [reason: string, count: number, share: string][]
} {
  if (!stats)
    return {
      lines: [
        `Made from events (${counted(sources.length, 'file')}); what became of the rows that they were found in is not known here. ` +
          'darkwake detect --report, or report --stats with the books of the run, tells.',
      ],
      rejected: [],
    }
  const { read, accepted, duplicates, late, vessels, span, rejected, notJudged } = stats
  const sum = Object.values(rejected).reduce<number>((total, count) => total + (count ?? 0), 0)
  const share = (count: number): string => (read > 0 ? `${((100 * count) / read).toFixed(2)} %` : '')
  const needs = Object.entries(notJudged)
  return {
    lines: [
      `${counted(read, 'row')} read: ${counted(accepted, 'report')} of ${counted(vessels, 'vessel')}, ${counted(duplicates, 'duplicate')}, ${inThousands(sum)} rejected (${share(sum)}), ${inThousands(late)} late.`,
      ...(span.from && span.to
        ? [`Reports from ${inMinutes(Date.parse(span.from))} to ${inMinutes(Date.parse(span.to))}.`]
        : []),
      ...(needs.length > 0
        ? [
            `Not judged, for want of data: ${needs.map(([name, why]) => `${name} (no ${why.join(', no ')})`).join('; ')}.`,
          ]
        : []),
    ],
    rejected: Object.entries(rejected)
      .flatMap(([reason, count]): [string, number, string][] =>
        count ? [[reason, count, share(count)]] : [],
      )
      .sort((a, b) => b[1] - a[1]),
  }
}
