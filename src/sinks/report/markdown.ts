// A report as Markdown, to be pasted into one's own: what the HTML says, without its pictures. Text from AIS is escaped, so that
// a ship's name is no heading, no link, no table and no HTML.

import { storyOf } from '../../assess/story.js'
import type { Candidate } from '../../assess/rank.js'
import { isVesselEvent, type VesselEvent } from '../../model/event.js'
import { shownText } from '../markup.js'
import { factsOf, heardInWords, heardNear, looksOf, lookInWords, reachRows, TASKING_NOTE } from './facts.js'
import { isOfSilence, mainEvent, placeIn, type Findings } from './findings.js'
import { qualityOf, summaryOf } from './summary.js'
import { DISCLAIMER, LIMITS, METHOD } from './texts.js'
import {
  evidenceOf,
  figureOf,
  identityOf,
  inDegrees,
  inMinutes,
  inNm,
  inThousands,
  kindOf,
  lastedOf,
  nameOf,
  signed,
  watersOf,
  zoneName,
} from './words.js'

/**
 * Text that Markdown (CommonMark, GitHub's tables, its links without brackets and its formulas) takes for nothing but text, in the
 * middle of a line, in a list and in a cell.
 */
export function escapeMarkdown(text: string): string {
  return shownText(text)
    .replace(/[\\`*_[\]|~$#@]/g, String.raw`\$&`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:(?=\/)/g, String.raw`\:`)
    .replace(/www\./gi, match => `${match.slice(0, 3)}\\.`)
    .trim()
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, String.raw`$1\$2`)
    .replace(/^[-+](?=\s|$)/, String.raw`\$&`)
}

const md = escapeMarkdown
const row = (cells: (string | number)[]): string => `| ${cells.map(cell => md(String(cell))).join(' | ')} |`
const table = (head: string[], rows: (string | number)[][]): string[] =>
  rows.length === 0 ? [] : ['', row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row), '']
const bullet = (text: string): string => `- ${md(text)}`
const plainWaters = (text: string): string => text.replaceAll(' (approximate EEZ)', '')

export function markdownReport(findings: Findings): string {
  const { title, span, sources, madeBy, types, candidates, told, zones, events } = findings
  const { lines, rejected } = qualityOf(findings)
  const when = span ? `${inMinutes(span.from)} to ${inMinutes(span.to)}` : 'no events'
  return [
    `# ${md(title)}`,
    '',
    md(`${when}. From ${sources.join(', ')}, by ${madeBy}. All times UTC.`),
    ...['', '## Summary', '', ...summaryOf(findings).map(bullet), '', `> ${md(DISCLAIMER)}`],
    ...table(
      ['what', 'events', 'go on', 'vessels'],
      types.map(({ type, kind, events: n, open, vessels }) => [
        kindOf({ type, class: kind }),
        n,
        open,
        vessels,
      ]),
    ),
    '## Candidates',
    ...(candidates.length === 0 ? ['', 'None: no event speaks against a vessel.', ''] : []),
    ...table(
      ['', 'score', 'name', 'MMSI', 'flag', 'what', 'from', 'lasted', 'waters'],
      candidates.map((candidate, k) => {
        const { score, vessel, mmsi, events: own } = candidate
        const worst = mainEvent(candidate)
        const waters = [...new Set(own.flatMap(watersOf))].slice(0, 4).join(', ')
        return [
          ...[k + 1, score.toFixed(2), nameOf(vessel), mmsi, vessel.flag ?? '', kindOf(worst)],
          ...[inMinutes(worst.start.t), lastedOf(worst), waters],
        ]
      }),
    ),
    ...told.flatMap(candidate => card(findings, candidate)),
    '## Zones',
    ...table(
      ['zone', 'events', 'silences', 'vessels', 'candidates, by place', ''],
      zones.map(({ name, approximate, events: n, silences, vessels, candidates: own }) => [
        ...[zoneName(name), n, silences, vessels, own.join(', '), approximate ? 'approximate' : ''],
      ]),
    ),
    ...['## Data quality', '', ...lines.map(bullet)],
    ...table(
      ['rejected', 'rows', 'share'],
      rejected.map(([reason, count, share]) => [reason, inThousands(count), share]),
    ),
    ...table(
      ['what', 'who', 'from', 'lasted', 'why'],
      findings.listeners.map(event => [
        ...[
          kindOf(event),
          event.receiver ?? event.source ?? 'all',
          inMinutes(event.start.t),
          lastedOf(event),
        ],
        event.evidence.map(({ text }) => text).join('; '),
      ]),
    ),
    ...['', '## Method', '', ...METHOD.map(bullet), '', '## Limits', '', ...LIMITS.map(bullet), ''],
    '## All events',
    ...table(
      ['from', 'what', 'who', 'lasted', 'where', 'waters', 'score', 'id'],
      events.map(event => [
        ...[inMinutes(event.start.t), kindOf(event), whoOf(event), lastedOf(event), inDegrees(event.start)],
        ...[watersOf(event).join(', '), event.score.toFixed(2), event.id],
      ]),
    ),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n')
}

const whoOf = (event: Findings['events'][0]): string =>
  isVesselEvent(event)
    ? [event.vessel.name, event.mmsi].filter(part => part !== null).join(' ')
    : (event.receiver ?? event.source ?? 'all')

function card(findings: Findings, candidate: Candidate): string[] {
  const { mmsi, mmsis, vessel, score, lists, events } = candidate
  const place = placeIn(findings, candidate)
  const { steps, patterns } = storyOf(candidate)
  return [
    ...['', `## ${place > 0 ? `${place}. ` : ''}${md(nameOf(vessel))}, score ${score.toFixed(2)}`, ''],
    md(
      `MMSI ${mmsis.length > 1 ? `${mmsis.join(', ')} in turn, last ${mmsi}` : mmsi}, ${identityOf(vessel).join(', ')}`,
    ),
    ...['', ...lists.map(({ text }) => bullet(text)), ''],
    ...['What it did, in order:', ''],
    ...steps.map(({ t, zones, text }) =>
      bullet(plainWaters(`${inMinutes(t)} ${zones.length > 0 ? `(${zones.join(', ')}) ` : ''}${text}`)),
    ),
    ...patterns.map(({ text }) => bullet(`belongs together, told and not weighed: ${text}`)),
    ...events.flatMap(event => eventCard(findings, event)),
  ]
}

/** One event with its facts and reasons: a card that stands by itself. */
function eventCard(findings: Findings, event: VesselEvent): string[] {
  const { id, score } = event
  const reach = reachRows(event)
  const heard = heardNear(findings, event)
  const found = looksOf(findings, event)
  return [
    ...['', `### ${md(`${kindOf(event)}, ${lastedOf(event)}, score ${score.toFixed(2)}`)}`, ''],
    ...(isOfSilence(event) ? [] : factsOf(event).map(([label, value]) => bullet(`${label}: ${value}`))),
    bullet(`event: ${id}`),
    ...table(
      ['weight', 'reason', 'figure'],
      evidenceOf(event).map(reason => [signed(reason.weight), plainWaters(reason.text), figureOf(reason)]),
    ),
    ...table(
      ['waters it can have been in', 'least speed', 'there at most', 'from OFF'],
      reach.rows.map(({ zone, minSpeedKn, maxDwellH, offDistanceM }) => [
        ...[zone, `${minSpeedKn.toFixed(1)} kn`, `${maxDwellH.toFixed(1)} h`],
        offDistanceM === 0 ? 'inside' : inNm(offDistanceM),
      ]),
    ),
    ...(heard
      ? [
          '',
          md(`What else was heard there: ${heard.said}.`),
          '',
          ...heard.nearest.map(each => bullet(heardInWords(each))),
        ]
      : []),
    ...(found && found.looks.length > 0
      ? [
          ...['', 'Satellite passes worth looking at:', ''],
          // a link of our own: figures and ISO times
          ...found.looks.map(
            look => `- [${md(lookInWords(look))}](${look.link}), around ${md(inDegrees(look.place))}`,
          ),
          ...['', md(TASKING_NOTE)],
        ]
      : []),
  ]
}
