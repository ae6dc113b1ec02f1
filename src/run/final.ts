// From revisions to final events: of each event the last state, once. An event that is still open may change until the
// data end; one that is closed is settled, but for false positions, which a later discovery (the number is shared by
// two ships) withdraws within a day. Only those are held back, so memory follows what is open, not what was found.

import type { DarkEvent, EventType } from '../model/event.js'
import { MS_PER_DAY } from '../model/units.js'

export interface FinalEvents {
  /** Takes the next revision. */
  add(event: DarkEvent): void
  /** What is settled by event time `t` (epoch ms), each once; call after each piece of data. */
  settled(t: number): DarkEvent[]
  /** The data ended: all that is left, open ones as they stand, in order of their first revision. */
  rest(): DarkEvent[]
}

/** Types that can be withdrawn after they closed, and for how long (detectors/spoofing/jump). */
const WITHDRAWABLE: ReadonlySet<EventType> = new Set<EventType>(['spoofing'])
const WITHDRAWABLE_MS = MS_PER_DAY

export function createFinalEvents(): FinalEvents {
  const held = new Map<string, DarkEvent>()
  let done: DarkEvent[] = []
  return {
    add(event) {
      const { id, phase, type } = event
      if (phase === 'retracted') held.delete(id)
      else if (phase === 'closed' && !WITHDRAWABLE.has(type)) {
        held.delete(id)
        done.push(event)
      } else held.set(id, event)
    },
    settled(t) {
      for (const [id, event] of held) {
        if (event.phase !== 'closed' || !(t - event.asOf > WITHDRAWABLE_MS)) continue
        held.delete(id)
        done.push(event)
      }
      const out = done
      done = []
      return out
    },
    rest() {
      const out = [...done, ...held.values()]
      done = []
      held.clear()
      return out
    },
  }
}
