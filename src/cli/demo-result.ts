// What the demo found beside what really happened: found, false alarms, missed, and the look-alikes it left alone.

import type { VesselEvent } from '../model/event.js'
import type { RunStats, TruthEvent, TruthScore } from '../index.js'
import { inMinutes, inThousands, inTime } from './numbers.js'
import { table, type Cell } from './tables.js'

const ship = (truth: TruthEvent): string => `${truth.name} (${truth.mmsi})`

const kind = (type: string, kindOf?: string): string =>
  kindOf && kindOf !== 'undetermined' ? `${type} ${kindOf}` : type

const lasted = ({ durationS, end }: VesselEvent): string =>
  durationS === null || !end ? 'still open' : inTime(durationS * 1000)

/** Names without what is said of all of them in the head. */
const waters = ({ zones }: VesselEvent): string =>
  zones.start.map(({ name }) => name.replace(/ \(.*\)$/, '')).join(', ')

/** Events of one truth share a line: a false position is noticed on leaving and on coming back. */
interface Line {
  events: VesselEvent[]
  score: number
  verdict: string
  note: string
}

const line = (events: VesselEvent[], verdict: string, note: string): Line => ({
  ...{ events, verdict, note },
  score: Math.max(...events.map(event => event.score)),
})

/** @param width columns of the terminal */
export function asText(score: TruthScore<VesselEvent>, stats: RunStats, width: number): string {
  const { found, missed, falseAlarms, leftAlone } = score
  const lines = [
    ...found.map(({ truth, events }) => line(events, 'found', truth.note)),
    ...falseAlarms.map(({ event, lookalike }) =>
      line(
        [event],
        'FALSE ALARM',
        lookalike ? `innocent: ${lookalike.note}` : 'nothing of the kind happened',
      ),
    ),
  ].sort((a, b) => b.score - a.score || (a.events[0]!.id < b.events[0]!.id ? -1 : 1))
  const rows: Cell[][] = lines.map(({ events, score: best, verdict, note }, k) => {
    const first = events.reduce((a, b) => (a.start.t <= b.start.t ? a : b))
    return [
      k + 1,
      best.toFixed(2),
      kind(first.type, first.class) + (events.length > 1 ? ` ×${events.length}` : ''),
      first.vessel.name ?? String(first.mmsi),
      inMinutes(first.start.t).slice(11),
      lasted(first),
      waters(first),
      verdict,
      note,
    ]
  })
  const innocents = falseAlarms.filter(({ lookalike }) => lookalike).length
  const all = found.length + missed.length
  return [
    table(
      'ranked by score, beside what really happened; waters are approximate',
      ['', 'score', 'event', 'ship', 'from', 'lasted', 'waters', '', 'what really happened'],
      rows,
      { none: 'nothing', width },
    ),
    '',
    table(
      'missed',
      ['event', 'ship', 'from', 'what really happened'],
      missed.map(truth => [kind(truth.type, truth.class), ship(truth), inMinutes(truth.start.t), truth.note]),
      { width },
    ),
    '',
    `${found.length} of ${all} found, ${missed.length} missed, ${falseAlarms.length} false alarms` +
      `; ${leftAlone.length} innocent look-alikes left alone${innocents ? `, ${innocents} taken for the real thing` : ''}`,
    `${inThousands(stats.read)} sentences, ${inThousands(stats.vessels)} ships in ${inTime(stats.elapsedMs)}`,
  ].join('\n')
}
