// The recent track of every slot, thinned to one fix per five minutes: enough to ask how fast a vessel gets away over
// twenty minutes or an hour, and long enough between points that GNSS noise stays below 0.3 kn. A ring of
// [t, lat, lon] per slot in one array; points are counted back from the newest, which is 0.

import { planeM } from '../geo/distance.js'
import { MS_PER_MIN } from '../model/units.js'

/** Least time between two points. */
export const THIN_MS = 5 * MS_PER_MIN

export interface ThinnedState {
  ring: Float64Array
  /** Time of the newest point, 0 without one: all that most reports need, so it has its own short array. */
  newestT: Float64Array
  /** Place of the newest point in the ring, and points in use. */
  head: Uint8Array
  used: Uint8Array
}

export interface Thinned {
  init(slots: number): ThinnedState
  push(state: ThinnedState, slot: number, t: number, lat: number, lon: number): void
  clear(state: ThinnedState, slot: number): void
  /** Offset in the ring of a point: its t; lat and lon follow. */
  at(state: ThinnedState, slot: number, back: number): number
  /** The newest point at least `span` ms older than the newest of all; −1 when the ring does not reach that far. */
  backTo(state: ThinnedState, slot: number, span: number): number
  /** Net speed from a point to a newer one, metres per ms. */
  speed(state: ThinnedState, slot: number, from: number, to: number): number
}

/** @param spanMs the longest time that will be asked for */
export function thinnedTracks(spanMs: number): Thinned {
  const points = Math.ceil(spanMs / THIN_MS) + 2 // the span, one before it, and the newest
  const stride = points * 3

  const at = (state: ThinnedState, slot: number, back: number) =>
    slot * stride + ((state.head[slot]! - back + points) % points) * 3

  return {
    init: slots => ({
      ring: new Float64Array(slots * stride),
      newestT: new Float64Array(slots),
      head: new Uint8Array(slots),
      used: new Uint8Array(slots),
    }),
    push(state, slot, t, lat, lon) {
      state.head[slot] = (state.head[slot]! + 1) % points
      if (state.used[slot]! < points) state.used[slot] = state.used[slot]! + 1
      const k = at(state, slot, 0)
      state.newestT[slot] = state.ring[k] = t
      state.ring[k + 1] = lat
      state.ring[k + 2] = lon
    },
    clear(state, slot) {
      state.used[slot] = state.head[slot] = state.newestT[slot] = 0
      state.ring.fill(0, slot * stride, (slot + 1) * stride)
    },
    at,
    backTo(state, slot, span) {
      const oldEnough = state.newestT[slot]! - span
      // points are THIN_MS apart or more, so this one is old enough, and mostly the next newer one is not
      let back = Math.min(state.used[slot]! - 1, Math.ceil(span / THIN_MS))
      if (!(state.ring[at(state, slot, back)]! <= oldEnough)) return -1
      while (back > 1 && state.ring[at(state, slot, back - 1)]! <= oldEnough) back--
      return back
    },
    speed(state, slot, from, to) {
      const { ring } = state
      const a = at(state, slot, from)
      const b = at(state, slot, to)
      return planeM(ring[a + 1]!, ring[a + 2]!, ring[b + 1]!, ring[b + 2]!) / (ring[b]! - ring[a]!)
    },
  }
}
