// An inspection as a page of tables.

import type { Inspection } from '../index.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import { inBytes, inMinutes, inPercent, inSeconds, inThousands, inTime } from './numbers.js'
import { MESSAGE_NAMES } from './message-names.js'
import { timeHint } from './summary.js'
import { pairs, table, type Cell } from './tables.js'

/** Longest list of hours; --json has them all. */
const MAX_HOURS = 48
const MAX_STATIONS = 25
/** Fewer seconds than this say nothing about a clock. */
const MIN_CLOCK_REPORTS = 20
/** A sample line is cut to what a terminal shows. */
const SAMPLE_CHARS = 90

const MOTION_NAMES = { underWay: 'under way', atRest: 'at rest', notTold: 'no speed told' }

const at = (iso: string): string => inMinutes(Date.parse(iso))

export function asText(found: Inspection): string {
  const { name, format, compression, sizeBytes, span, read, reports } = found
  const size = sizeBytes === null ? '' : `, ${inBytes(sizeBytes)}`
  const [from, to] = span ? [Date.parse(span.from), Date.parse(span.to)] : [NaN, NaN]
  const packed = compression === 'none' ? '' : `, ${compression}`
  const members = found.members ? `, ${inThousands(found.members.length)} files` : ''
  const share = (count: number): string =>
    count === 0 ? '0' : `${inThousands(count)}  ${inPercent(count, reports)}`
  const rows: [string, Cell][] = [
    ['format', `${format}${packed}${members}${size}`],
    ['span', span ? `${inSeconds(from)} to ${inSeconds(to)}  ${inTime(to - from)}` : 'no time'],
    ['rows read', read],
    ['reports', reports],
    ['static messages', found.static],
    ['other messages', found.other],
    ['parts of messages', found.parts],
    ['rejected', Object.values(found.rejected).reduce((sum, count) => sum + count, 0)],
    ['MMSIs that reported', `${inThousands(found.vessels)}${found.limited ? ' or more' : ''}`],
    // a rate by the hour says something about an hour, not about five seconds
    ...((to - from >= MS_PER_HOUR
      ? [
          ['reports per hour', found.reportsPerHour],
          ['per vessel and hour', found.reportsPerVesselHour.toFixed(1)],
        ]
      : to > from
        ? [['reports per minute', (reports * MS_PER_MIN) / (to - from)]]
        : []) as [string, Cell][]),
    ...((reports > 0
      ? [
          ['without a position', share(found.withoutPosition)],
          ['duplicates', share(found.duplicates)],
          ['of these, from another station', share(found.duplicatesElsewhere)],
          ['hours without a report', found.hoursWithout],
          ['in order of time', found.sorted ? 'yes' : 'no'],
        ]
      : []) as [string, Cell][]),
  ]
  return [
    pairs(name, rows),
    messageTypes(found),
    ...(reports > 0 ? [cadence(found)] : []),
    rejected(found),
    ...(reports > 0 ? [receivers(found), hours(found)] : []),
    ...(found.error === undefined ? [] : [`reading stopped: ${found.error}`]),
    '',
  ].join('\n\n')
}

function messageTypes({ messageTypes }: Inspection): string {
  const types = Object.entries(messageTypes)
  const all = types.reduce((sum, [, count]) => sum + count, 0)
  return table(
    'message types',
    ['type', 'what', 'messages', 'share'],
    types.map(([type, count]) => [
      type === '0' ? '' : type,
      MESSAGE_NAMES[type] ?? 'not defined',
      count,
      inPercent(count, all),
    ]),
  )
}

function cadence({ cadence }: Inspection): string {
  return table(
    'seconds between two reports of a vessel',
    ['class', '', 'intervals', '10 %', '25 %', 'median', '75 %', '90 %'],
    cadence.map(({ txClass, motion, intervals, p10S, p25S, medianS, p75S, p90S }) => [
      txClass,
      MOTION_NAMES[motion],
      intervals,
      ...[p10S, p25S, medianS, p75S, p90S].map(String),
    ]),
    { none: 'no vessel reports twice' },
  )
}

function rejected({ rejected, rejectSamples, read }: Inspection): string {
  const shown = table(
    'rejected',
    ['reason', 'rows', 'share', 'line', 'for example'],
    Object.entries(rejected)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => {
        const sample = rejectSamples[reason as keyof typeof rejectSamples]
        const raw = sample?.raw ?? ''
        return [
          reason,
          count,
          inPercent(count, read),
          sample?.line ?? null,
          raw.length > SAMPLE_CHARS ? `${raw.slice(0, SAMPLE_CHARS)}…` : raw,
        ]
      }),
  )
  return shown + timeHint(rejected)
}

function receivers({ receivers, reports }: Inspection): string {
  if (receivers.every(({ name }) => name === null)) return 'by station: none is named'
  const rows = receivers.slice(0, MAX_STATIONS).map(station => {
    const { name, reports: count, vessels, hours, repeats, clock } = station
    const told = clock && clock.reports >= MIN_CLOCK_REPORTS
    return [
      name ?? '(not named)',
      count,
      inPercent(count, reports),
      vessels,
      hours,
      repeats > 0 ? inPercent(repeats, count) : '',
      told ? `${clock.medianS > 0 ? '+' : ''}${clock.medianS} s` : '',
      told ? `${clock.spreadS} s` : '',
    ]
  })
  const head = ['station', 'reports', 'share', 'vessels', 'hours', 'heard elsewhere first', 'clock', 'spread']
  const shown = table('by station', head, rows)
  const more = receivers.length - rows.length
  return more > 0 ? `${shown}\n  and ${inThousands(more)} more stations (--json has them all)` : shown
}

function hours({ hours }: Inspection): string {
  const shown = table(
    'reports by hour',
    ['from', 'reports', 'vessels'],
    hours.slice(0, MAX_HOURS).map(hour => [at(hour.t), hour.reports, hour.vessels]),
  )
  const more = hours.length - MAX_HOURS
  return more > 0 ? `${shown}\n  and ${inThousands(more)} more hours (--json has them all)` : shown
}
