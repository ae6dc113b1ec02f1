// Events that were taken back and come up again: a fix looked wrong, what it led to was retracted, and what was seen
// later led to the same event once more. Its detector may count revisions anew; whoever stores events by id must not take the
// second telling for an older one than the first.

import type { DarkEvent } from '../model/event.js'

/** Events remembered, at most; which is far more than are ever taken back within days. */
const MAX_TAKEN_BACK = 16_384

/** Of each id the last telling that was taken back, in order of that. Plain data. */
export type RetoldState = Map<string, TakenBack>

interface TakenBack {
  revision: number
  asOf: number
  /** What is added to revisions of the detector, which may count anew or go on; null while nothing was told again. */
  shift: number | null
}

export interface Retold {
  readonly state: RetoldState
  /** The event with a revision, and a time, that go on where those of an earlier telling ended. */
  take(event: DarkEvent): DarkEvent
}

export function createRetold(state: RetoldState = new Map()): Retold {
  return {
    state,
    take(event) {
      const before = state.get(event.id)
      if (before) {
        before.shift ??= before.revision + 1 - event.revision
        event = {
          ...event,
          revision: event.revision + before.shift,
          asOf: Math.max(before.asOf, event.asOf),
        }
      }
      const { id, phase, revision, asOf } = event
      if (phase !== 'retracted') return event
      state.delete(id)
      state.set(id, { revision, asOf, shift: null })
      if (state.size > MAX_TAKEN_BACK) state.delete(state.keys().next().value!)
      return event
    },
  }
}
