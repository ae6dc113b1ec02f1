// What the demo found beside what really happened: found, false alarms, missed, and the look-alikes it left alone.

import type { DarkEvent } from '../model/event.js'
import type { RunStats, TruthEvent, TruthScore } from '../index.js'
import { inMinutes, inThousands, inTime } from './numbers.js'
import { table, type Cell } from './tables.js'

const ship = (truth: TruthEvent): string => `${truth.name} (${truth.mmsi})`

const kind = (type: string, kindOf?: string): string => (kindOf ? `${type}: ${kindOf}` : type)

const lasted = ({ durationS, end }: DarkEvent): string =>
  durationS === null || !end ? 'still open' : inTime(durationS * 1000)

const place = (event: DarkEvent): string => event.zones.start.map(zone => zone.name).join(', ')

export function asText(score: TruthScore<DarkEvent>, stats: RunStats): string {
  const { found, missed, falseAlarms, leftAlone } = score
  const told = found.flatMap(({ truth, events }) => events.map(event => ({ event, truth, note: truth.note })))
  const wrong = falseAlarms.map(({ event, lookalike }) => ({
    event,
    truth: null,
    note: lookalike ? `innocent: ${lookalike.note}` : 'nothing of the kind happened',
  }))
  const ranked = [...told, ...wrong].sort(
    (a, b) => b.event.score - a.event.score || (a.event.id < b.event.id ? -1 : 1),
  )
  const rows: Cell[][] = ranked.map(({ event, truth, note }, k) => [
    k + 1,
    event.score.toFixed(2),
    kind(event.type, event.class),
    event.vessel.name ?? String(event.mmsi),
    inMinutes(event.start.t),
    lasted(event),
    place(event),
    truth ? 'true' : 'FALSE',
    note,
  ])
  const innocents = falseAlarms.filter(({ lookalike }) => lookalike).length
  const all = found.length + missed.length
  return [
    table(
      'found, ranked by score, beside what really happened',
      ['', 'score', 'event', 'ship', 'from', 'lasted', 'waters', '', 'truth'],
      rows,
      'nothing',
    ),
    '',
    table(
      'missed',
      ['event', 'ship', 'from', 'truth'],
      missed.map(truth => [kind(truth.type, truth.class), ship(truth), inMinutes(truth.start.t), truth.note]),
    ),
    '',
    `${found.length} of ${all} found, ${missed.length} missed, ${falseAlarms.length} false alarms` +
      `; ${leftAlone.length} innocent look-alikes left alone${innocents ? `, ${innocents} taken for the real thing` : ''}`,
    `${inThousands(stats.read)} sentences, ${inThousands(stats.vessels)} ships in ${inTime(stats.elapsedMs)}`,
  ].join('\n')
}
