// A timer wheel: which slots are due at which minute of event time. Ring of minutes with linked lists of slots; a timer
// further off than the ring waits at its end and is looked at again there. Cost per minute, never per slot.

import { MS_PER_MIN } from '../model/units.js'

const RING = 4096 // minutes: almost three days, more than any threshold that is waited for

export interface WheelState {
  /** Last whole minute (epoch ms / 60,000) whose timers have run; NaN before the first. */
  minute: number
  /** First slot + 1 of each minute's list, and the slot + 1 after each slot. */
  head: Int32Array
  next: Int32Array
  /** Minute a slot is armed for; 0 when it is not. */
  armed: Uint32Array
}

export interface Wheel {
  readonly state: WheelState
  isArmed(slot: number): boolean
  /** Arms a slot that is not armed. It will be handed out at the first whole minute ≥ `dueMs`, or earlier. */
  arm(slot: number, dueMs: number): void
  /** Arms a slot that is armed for later than that anew. */
  hasten(slot: number, dueMs: number): void
  disarm(slot: number): void
  /** Moves on to the whole minute at or before `t`, minute by minute, handing out each one's slots, which are not armed then. */
  advance(t: number, run: (minute: number, slots: number[]) => void): void
}

export function createWheel(slots: number, restored?: WheelState): Wheel {
  const state: WheelState = restored ?? {
    minute: NaN,
    head: new Int32Array(RING),
    next: new Int32Array(slots),
    armed: new Uint32Array(slots),
  }
  const { head, next, armed } = state
  // the slot + 1 before each: a flood of vessels is armed for one minute, and leaves again before it
  const before = new Int32Array(slots)
  for (let slot = 0; slot < slots; slot++) if (next[slot] !== 0) before[next[slot]! - 1] = slot + 1

  function arm(slot: number, dueMs: number): void {
    const due = Math.ceil(dueMs / MS_PER_MIN)
    const from = state.minute + 1
    const minute = due < from ? from : due >= state.minute + RING ? state.minute + RING - 1 : due
    const at = minute % RING
    armed[slot] = minute
    const first = head[at]!
    if (first !== 0) before[first - 1] = slot + 1
    next[slot] = first
    head[at] = slot + 1
  }

  function disarm(slot: number): void {
    if (armed[slot] === 0) return
    const [from, to] = [before[slot]!, next[slot]!]
    if (from === 0) head[armed[slot]! % RING] = to
    else next[from - 1] = to
    if (to !== 0) before[to - 1] = from
    armed[slot] = next[slot] = before[slot] = 0
  }

  function take(at: number): number[] {
    const slots: number[] = []
    for (let k = head[at]! - 1; k >= 0;) {
      slots.push(k)
      const after = next[k]! - 1
      armed[k] = next[k] = before[k] = 0
      k = after
    }
    head[at] = 0
    return slots
  }

  return {
    state,
    isArmed: slot => armed[slot] !== 0,
    arm,
    hasten(slot, dueMs) {
      if (armed[slot]! <= Math.ceil(dueMs / MS_PER_MIN)) return
      disarm(slot)
      arm(slot, dueMs)
    },
    disarm,
    advance(t, run) {
      const to = Math.floor(t / MS_PER_MIN)
      if (state.minute !== state.minute) state.minute = to
      while (state.minute < to) {
        state.minute++
        const at = state.minute % RING
        run(state.minute, head[at] === 0 ? [] : take(at))
      }
    },
  }
}
