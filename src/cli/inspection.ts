// An inspection as a page of tables.

import type { Inspection } from '../index.js'
import { inBytes, inMinutes, inPercent, inThousands } from './numbers.js'
import { pairs, table } from './tables.js'

/** Longest list of hours; a year of data is told by day elsewhere. */
const MAX_HOURS = 48

const MESSAGE_NAMES: Record<string, string> = {
  0: 'unknown',
  1: 'Class A position',
  2: 'Class A position (assigned)',
  3: 'Class A position (response)',
  4: 'base station',
  5: 'Class A static and voyage',
  9: 'search and rescue aircraft',
  18: 'Class B position',
  19: 'Class B extended position',
  21: 'aid to navigation',
  24: 'Class B static',
  27: 'long range position',
}

export function asText(found: Inspection): string {
  const { name, format, compression, sizeBytes, span, read, reports, vessels } = found
  const size = sizeBytes === null ? '' : `, ${inBytes(sizeBytes)}`
  const rows: [string, string | number][] = [
    ['format', `${format}${compression === 'none' ? '' : `, ${compression}`}${size}`],
    ['span', span ? `${inMinutes(span.from)} to ${inMinutes(span.to)}` : 'no time'],
    ['rows read', read],
    ['reports', reports],
    ['vessels', vessels],
    ['reports per hour', found.reportsPerHour],
    ['per vessel and hour', found.reportsPerVesselHour.toFixed(1)],
    ['duplicates', `${inThousands(found.duplicates)}  ${inPercent(found.duplicates, reports)}`],
    ['without a position', found.withoutPosition],
    ['static messages', found.static],
    ['other messages', found.other],
    ['parts of messages', found.parts],
    ['stations named', found.receivers],
    ['in order of time', found.sorted ? 'yes' : 'no'],
  ]
  const hours = found.hours.slice(0, MAX_HOURS).map(hour => [inMinutes(hour.t), hour.reports, hour.vessels])
  const more = found.hours.length - hours.length
  const types = Object.entries(found.messageTypes).map(([type, count]) => [
    type === '0' ? '' : type,
    MESSAGE_NAMES[type] ?? 'other',
    count,
    inPercent(count, reports + found.static),
  ])
  const rejected = Object.entries(found.rejected)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => [reason, count, inPercent(count, read)])
  return [
    pairs(name, rows),
    table('message types', ['type', 'what', 'messages', 'share'], types),
    table('rejected', ['reason', 'rows', 'share'], rejected),
    table('reports by hour', ['from', 'reports', 'vessels'], hours),
    ...(more > 0 ? [`  and ${inThousands(more)} more hours (--json has them all)`] : []),
    '',
  ].join('\n\n')
}
