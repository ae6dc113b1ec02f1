// Candidates for people: a table, or an account of each that can be checked line by line against the events. Text from
// AIS, zone files and lists is made safe here.

import { isOfList, LISTS_CAP, storyOf } from '../index.js'
import type { Candidate } from '../index.js'
import type { Fix, VesselEvent } from '../model/event.js'
import { safeText } from '../model/text.js'
import { MS_PER_S } from '../model/units.js'
import { inMinutes, inNumber, inTime } from './numbers.js'
import { nameCell, table, type Cell } from './tables.js'

const NONE = 'candidates: none, no event speaks against a vessel'
/** Said once above a table, not of each zone in it. */
const APPROXIMATE = / \(approximate EEZ\)/g
/** Steps that a table tells of one vessel. */
const STEPS = 6

export function candidateTable(candidates: readonly Candidate[], width: number): string {
  if (candidates.length === 0) return NONE
  const rows = candidates.map((candidate, k): Cell[] => {
    const { mmsis, vessel, score, lists } = candidate
    const { steps, patterns } = storyOf(candidate)
    const told = steps.slice(0, STEPS).map(({ t, text }) => `${inMinutes(t)} ${text}`)
    const more = steps.length > STEPS ? [`${steps.length - STEPS} more`] : []
    return [
      k + 1,
      score.toFixed(2),
      mmsis.join(' '),
      nameCell(vessel.name),
      vessel.flag ?? '',
      [...patterns.map(({ text }) => text), ...lists.map(({ text }) => text), ...told, ...more]
        .join('; ')
        .replaceAll(APPROXIMATE, ''),
    ]
  })
  return table(
    'candidates, most suspicious first (waters without a zone file are approximate, and no legal limit)',
    ['', 'score', 'MMSI', 'name', 'flag', 'what it did'],
    rows,
    { width },
  )
}

export function explained(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return NONE
  return candidates.map((candidate, k) => account(candidate, k + 1)).join('\n\n')
}

function account(candidate: Candidate, place: number): string {
  const { events, lists } = candidate
  const { steps, patterns } = storyOf(candidate)
  const several = candidate.mmsis.length > 1
  return [
    `${place}. ${titleOf(candidate)}`,
    `   score ${candidate.score.toFixed(3)}`,
    ...scoreOf(candidate).map(line => `     ${line}`),
    ...section('what it did, in order', [
      ...steps.map(({ t, end, lat, lon, zones, text, mmsi }) =>
        [
          `${inMinutes(t)} to ${end === null ? 'now' : inMinutes(end)}`,
          where({ lat, lon }),
          ...(several ? [`as ${mmsi}`] : []),
          ...(zones.length > 0 ? [zones.join(', ')] : []),
          text,
        ].join('  '),
      ),
    ]),
    ...section(
      'what belongs together (told, not weighed)',
      patterns.map(({ text }) => text),
    ),
    ...section(
      'lists, which move its rank and no event’s score',
      lists.map(({ weight, text }) => `${signed(weight)}  ${text}`),
    ),
    '   why, event by event; weights are log-odds, what is below 0 speaks for the vessel',
    ...events.flatMap(event => [`     ${headOf(event)}`, ...reasonsOf(event).map(line => `       ${line}`)]),
  ]
    .map(line => safeText(line, 1000))
    .join('\n')
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`   ${title}`, ...lines.map(line => `     ${line}`)]

function titleOf({ mmsis, vessel }: Candidate): string {
  const { name, flag, imo, callsign, shipType, txClass } = vessel
  return [
    name ?? 'no name told',
    `MMSI ${mmsis.join(', then or before ')}`,
    ...(imo === null ? [] : [`IMO ${imo}`]),
    ...(callsign === null ? [] : [`call sign ${callsign}`]),
    flag ?? 'no flag',
    shipType === null ? 'no ship type told' : `ship type ${shipType}`,
    `class ${txClass}`,
  ].join(', ')
}

/** The sum, so that it can be done again by hand. */
function scoreOf({ families, ownScore, lists, score }: Candidate): string[] {
  const kinds = families.map(({ family, score: own, count }) => {
    const of = count > 1 ? `, the strongest of ${inNumber(count, 'event')}` : ''
    return `${own.toFixed(3)} ${family}${of}`
  })
  const product = families.map(({ score: own }) => `(1 − ${own.toFixed(3)})`).join(' ')
  const weight = lists.reduce((sum, list) => sum + list.weight, 0)
  const capped = weight > LISTS_CAP ? `, no more than ${signed(LISTS_CAP)}` : ''
  return [
    ...kinds,
    ...(families.length > 1 ? [`together 1 − ${product} = ${ownScore.toFixed(3)}`] : []),
    ...(lists.length > 0 ? [`lists ${signed(weight)} in log-odds${capped}: ${score.toFixed(3)}`] : []),
  ]
}

function headOf({ type, class: kind, score, mmsi, start, end, durationS, zones, id }: VesselEvent): string {
  const what = kind === undefined ? type : `${type} ${kind}`
  const from = `from ${inMinutes(start.t)} ${where(start)}`
  const to = end ? ` to ${inMinutes(end.t)} ${where(end)}` : ', goes on'
  const lasted = durationS === null ? '' : ` (${inTime(durationS * MS_PER_S)})`
  const names = [...new Set([...zones.start, ...zones.touched, ...zones.end].map(({ name }) => name))]
  const waters = names.length > 0 ? `; ${names.join(', ')}` : ''
  return `${score.toFixed(3)}  ${what}, MMSI ${mmsi}, ${from}${to}${lasted}${waters}  [${id}]`
}

function reasonsOf({ evidence }: VesselEvent): string[] {
  return [...evidence]
    .filter(reason => !isOfList(reason))
    .sort((a, b) => b.weight - a.weight)
    .map(({ family, name, value, expected, weight, text }) => {
      const innocent = expected === undefined ? '' : `; innocent: ${expected}`
      return `${signed(weight)}  ${text}  (${family}: ${name} ${value ?? 'not known'}${innocent})`
    })
}

const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`

function where({ lat, lon }: Pick<Fix, 'lat' | 'lon'>): string {
  if (lat === null || lon === null) return 'no place'
  const degrees = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(3)}°${value < 0 ? minus : plus}`
  return `${degrees(lat, 'N', 'S')} ${degrees(lon, 'E', 'W')}`
}
