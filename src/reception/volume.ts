// How loud the whole feed was: reports per ten minutes of event time. When everybody falls silent at once, it was the
// receivers, or the recording ended; no ship is to blame. (Reception by place is finer; this is the floor under it.)
//
// Only whole slots that lie in the past are read, and counts are integers, so arrival order does not show.

import { MS_PER_MIN } from '../model/units.js'

const SLOT_MS = 10 * MS_PER_MIN
/** Slots kept: ten days, longer than any threshold. A longer silence is judged by its last ten days. */
const SLOTS = 1440
/** Slots before a silence that tell how loud the feed used to be: one hour. */
const BEFORE = 6
/** With fewer reports of others in that hour there is no crowd to compare with. */
const MIN_OTHERS = 30

export interface VolumeState {
  /** Reports per slot, ring by slot number; and the slot each place stands for. */
  counts: Float64Array
  slots: Float64Array
}

export interface FeedVolume {
  readonly state: VolumeState
  /** A report was heard at `t`, epoch ms; times do not go backwards. */
  add(t: number): void
  /**
   * Volume during a silence against the hour before it: 1 as loud, 0 nothing heard. NaN when either cannot be told.
   * @param from start of the silence, epoch ms
   * @param to end of it, or the present
   * @param own the silent vessel's own reports in the hour before (an upper bound): it is no witness for itself
   */
  share(from: number, to: number, own: number): number
}

export function createFeedVolume(restored?: VolumeState): FeedVolume {
  const state: VolumeState = restored ?? { counts: new Float64Array(SLOTS), slots: new Float64Array(SLOTS) }
  const { counts, slots } = state

  // where the slot of the last report begins, and its place in the ring: the next one mostly is of the same
  let start = NaN
  let place = 0

  const countOf = (slot: number) => (slots[slot % SLOTS] === slot ? counts[slot % SLOTS]! : 0)

  return {
    state,
    add(t) {
      if (t >= start && t < start + SLOT_MS) {
        counts[place] = counts[place]! + 1
        return
      }
      const slot = Math.floor(t / SLOT_MS)
      const at = slot % SLOTS
      start = slot * SLOT_MS
      place = at
      if (slots[at] !== slot) {
        slots[at] = slot
        counts[at] = 0
      }
      counts[at] = counts[at]! + 1
    },
    share(from, to, own) {
      const start = Math.floor(from / SLOT_MS)
      const end = Math.floor(to / SLOT_MS) // this slot is still running
      let before = 0
      let heardSlots = 0
      for (let slot = start; slot > start - BEFORE; slot--) {
        const count = countOf(slot)
        before += count
        if (count > 0) heardSlots++
      }
      const first = Math.max(start + 1, end - SLOTS + BEFORE)
      const others = before - own
      if (others < MIN_OTHERS || end - first < BEFORE) return NaN
      let during = 0
      for (let slot = first; slot < end; slot++) during += countOf(slot)
      return during / (end - first) / (others / heardSlots)
    },
  }
}
