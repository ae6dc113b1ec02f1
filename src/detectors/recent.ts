// What was told of each track in the last day, for a detector that has to take it back when two ships turn out to have
// been taken for one.

import type { DetectorEvent } from '../model/event.js'
import { MS_PER_DAY } from '../model/units.js'
import type { Emit } from './detector.js'

/** A track of which more is told in a day is described by its last events. */
const MAX_RECENT = 16

/** By slot. */
export type Recent = Map<number, DetectorEvent[]>

/** Takes in an event, or its next revision in place of the one before. */
export function remember(recent: Recent, slot: number, event: DetectorEvent): void {
  const kept = (recent.get(slot) ?? []).filter(
    ({ asOf, start }) => start.t !== event.start.t && event.asOf - asOf <= MS_PER_DAY,
  )
  recent.set(slot, [...kept, event].slice(-MAX_RECENT))
}

/** Takes back what was told of the track within a day before `t`. */
export function takeBack(recent: Recent, slot: number, t: number, emit: Emit): void {
  for (const event of recent.get(slot) ?? []) {
    if (t - event.asOf <= MS_PER_DAY)
      emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
  }
  recent.delete(slot)
}
