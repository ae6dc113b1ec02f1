// Events that are not told because their vessel is exempt. That is settled when an event is first told, and holds for as
// long as it goes on: nobody hears the end of what they never heard begin, or only the beginning.

import type { VesselEvent } from '../model/event.js'
import { MS_PER_DAY } from '../model/units.js'

/** Ids of events that are not told, with the event time they were closed at; Infinity while they go on. Plain data. */
export type UntoldState = Map<string, number>

/** What is closed may be revised for a day (engine.correctionHorizonH, jumps that are taken back), and some. */
const KEEP_MS = 2 * MS_PER_DAY
const SWEEP_FROM = 4096

export interface Untold {
  readonly state: UntoldState
  /** True when this revision is not to be told. @param isExempt asked when the event is new */
  take(event: VesselEvent, isExempt: () => boolean): boolean
}

/** @param counts events that were not told, by type: counted here */
export function createUntold(counts: Record<string, number>, state: UntoldState = new Map()): Untold {
  let sweepAt = SWEEP_FROM

  function keep({ id, phase, asOf }: VesselEvent): void {
    state.set(id, phase === 'closed' ? asOf : Infinity)
    if (state.size < sweepAt) return
    for (const [old, closedAt] of state) if (asOf - closedAt > KEEP_MS) state.delete(old)
    sweepAt = Math.max(SWEEP_FROM, 2 * state.size)
  }

  return {
    state,
    take(event, isExempt) {
      const { id, type, phase, revision } = event
      if (!state.has(id) && !(revision === 1 && isExempt())) return false
      if (revision === 1) counts[type] = (counts[type] ?? 0) + 1
      if (phase === 'retracted') {
        counts[type] = (counts[type] ?? 0) - 1
        state.delete(id)
      } else keep(event)
      return true
    },
  }
}
