// Found, missed, false alarm: events held against the truth of a simulation. An event belongs to a truth when ship and
// type are the same and the two overlap in time; details and scores play no part, so no detector can be fitted to it.

import type { DarkEvent } from '../model/event.js'
import { MS_PER_MIN } from '../model/units.js'
import type { TruthEvent } from './truth.js'

/** What scoring needs of an event. */
export type ScoredEvent = Pick<DarkEvent, 'type' | 'mmsi' | 'start' | 'end'> &
  Partial<Pick<DarkEvent, 'id' | 'class' | 'phase'>>

export interface TruthScore<E extends ScoredEvent = ScoredEvent> {
  /** Each truth that was found, with every event that speaks of it. */
  found: { truth: TruthEvent; events: E[] }[]
  missed: TruthEvent[]
  /** Events without a truth; `lookalike` is the innocent thing that explains it, where there is one. */
  falseAlarms: { event: E; lookalike: TruthEvent | null }[]
  /** Innocent look-alikes that no event speaks of. */
  leftAlone: TruthEvent[]
}

/** Reports are minutes apart, so an event may begin or end that much off. */
const SLACK_MS = 15 * MS_PER_MIN

const overlaps = (event: ScoredEvent, truth: TruthEvent): boolean =>
  event.start.t <= (truth.end?.t ?? Infinity) + SLACK_MS &&
  (event.end?.t ?? Infinity) >= truth.start.t - SLACK_MS

/** No accusation: a call at a port, a tow or a convoy, a pilot or a bunker boat alongside, a stop at which nobody can have been. */
const INNOCENT = new Set(['tandem', 'service', 'one_sided', 'over_port_stay'])
const isAccused = ({ type, class: kind = '' }: ScoredEvent): boolean =>
  type !== 'zone' && type !== 'port_visit' && !INNOCENT.has(kind)

/** Events without a vessel and retracted ones are not scored, nor what is no accusation: crossing a border is none. */
export function scoreAgainstTruth<E extends ScoredEvent>(
  events: Iterable<E>,
  truth: readonly TruthEvent[],
): TruthScore<E> {
  const byShip = new Map<number, TruthEvent[]>()
  for (const entry of truth) byShip.set(entry.mmsi, [...(byShip.get(entry.mmsi) ?? []), entry])
  const told = new Map<TruthEvent, E[]>()
  const falseAlarms: TruthScore<E>['falseAlarms'] = []
  const blamed = new Set<TruthEvent>()
  for (const event of events) {
    if (event.mmsi === undefined || event.phase === 'retracted' || !isAccused(event)) continue
    const near = (byShip.get(event.mmsi) ?? []).filter(entry => overlaps(event, entry))
    const matches = near.filter(entry => entry.type === event.type)
    for (const entry of matches) told.set(entry, [...(told.get(entry) ?? []), event])
    if (matches.length > 0) continue
    const lookalike = near.find(entry => entry.type === 'innocent') ?? null
    if (lookalike) blamed.add(lookalike)
    falseAlarms.push({ event, lookalike })
  }
  const guilty = truth.filter(entry => entry.type !== 'innocent')
  return {
    found: guilty.flatMap(entry => (told.has(entry) ? [{ truth: entry, events: told.get(entry)! }] : [])),
    missed: guilty.filter(entry => !told.has(entry)),
    falseAlarms,
    leftAlone: truth.filter(entry => entry.type === 'innocent' && !blamed.has(entry)),
  }
}
