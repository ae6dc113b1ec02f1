// The recent track of every slot, thinned to one fix per five minutes: enough to ask how fast a vessel gets away over
// twenty minutes or an hour, whatever the rate of its reports. Displacements are told without the noise of the two fixes:
// a ship at anchor goes nowhere. A ring of [t, lat, lon] per slot in one array; points are counted back from the newest,
// which is 0.

import { lonDelta } from '../geo/antimeridian.js'
import { planeM } from '../geo/distance.js'
import { MS_PER_MIN } from '../model/units.js'
import { beyondNoiseM } from './motion.js'

/** Least time between two points. */
export const THIN_MS = 5 * MS_PER_MIN

export interface ThinnedState {
  ring: Float64Array
  /** Standard deviation of each point, metres (tracks/motion). */
  sigmaM: Uint8Array
  /** Time of the newest point, 0 without one: all that most reports need, so it has its own short array. */
  newestT: Float64Array
  /** Place of the newest point in the ring, and points in use. */
  head: Uint8Array
  used: Uint8Array
}

/** Where a vessel was at some time, between two of its points. */
export interface Before {
  lat: number
  lon: number
  sigmaM: number
}

export interface Thinned {
  init(slots: number): ThinnedState
  push(state: ThinnedState, slot: number, t: number, lat: number, lon: number, sigmaM: number): void
  clear(state: ThinnedState, slot: number): void
  /** Offset in the ring of a point: its t; lat and lon follow. */
  at(state: ThinnedState, slot: number, back: number): number
  /** The newest point at least `span` ms older than the newest of all; −1 when the ring does not reach that far. */
  backTo(state: ThinnedState, slot: number, span: number): number
  /** Net speed from a point to a newer one, without noise, metres per ms. */
  speed(state: ThinnedState, slot: number, from: number, to: number): number
  /** Where it was `span` ms before the newest point, on the straight way between two; false when the ring does not reach so far. */
  before(state: ThinnedState, slot: number, span: number, to: Before): boolean
  /** Net speed over just the last `span` ms, without noise, metres per ms; NaN when the ring does not reach so far. */
  meanSpeed(state: ThinnedState, slot: number, span: number): number
}

const then: Before = { lat: NaN, lon: NaN, sigmaM: NaN } // one, over and over

/** @param spanMs the longest time that will be asked for */
export function thinnedTracks(spanMs: number): Thinned {
  const points = Math.ceil(spanMs / THIN_MS) + 2 // the span, one before it, and the newest
  const stride = points * 3

  const place = (state: ThinnedState, slot: number, back: number) =>
    slot * points + ((state.head[slot]! - back + points) % points)
  const at = (state: ThinnedState, slot: number, back: number) => 3 * place(state, slot, back)

  function backTo(state: ThinnedState, slot: number, span: number): number {
    const oldEnough = state.newestT[slot]! - span
    // points are THIN_MS apart or more, so this one is old enough, and mostly the next newer one is not
    let back = Math.min(state.used[slot]! - 1, Math.ceil(span / THIN_MS))
    if (!(state.ring[at(state, slot, back)]! <= oldEnough)) return -1
    while (back > 1 && state.ring[at(state, slot, back - 1)]! <= oldEnough) back--
    return back
  }

  function before(state: ThinnedState, slot: number, span: number, to: Before): boolean {
    const back = backTo(state, slot, span)
    if (back < 1) return false
    const { ring } = state
    const a = at(state, slot, back)
    const b = at(state, slot, back - 1)
    const share = (state.newestT[slot]! - span - ring[a]!) / (ring[b]! - ring[a]!)
    to.lat = ring[a + 1]! + share * (ring[b + 1]! - ring[a + 1]!)
    to.lon = ring[a + 2]! + share * lonDelta(ring[a + 2]!, ring[b + 2]!)
    to.sigmaM = state.sigmaM[place(state, slot, back)]!
    return true
  }

  return {
    init: slots => ({
      ring: new Float64Array(slots * stride),
      sigmaM: new Uint8Array(slots * points),
      newestT: new Float64Array(slots),
      head: new Uint8Array(slots),
      used: new Uint8Array(slots),
    }),
    push(state, slot, t, lat, lon, sigmaM) {
      state.head[slot] = (state.head[slot]! + 1) % points
      if (state.used[slot]! < points) state.used[slot] = state.used[slot]! + 1
      const n = place(state, slot, 0)
      state.newestT[slot] = state.ring[3 * n] = t
      state.ring[3 * n + 1] = lat
      state.ring[3 * n + 2] = lon
      state.sigmaM[n] = sigmaM
    },
    clear(state, slot) {
      state.used[slot] = state.head[slot] = state.newestT[slot] = 0
      state.ring.fill(0, slot * stride, (slot + 1) * stride)
      state.sigmaM.fill(0, slot * points, (slot + 1) * points)
    },
    at,
    backTo,
    speed(state, slot, from, to) {
      const { ring, sigmaM } = state
      const a = place(state, slot, from)
      const b = place(state, slot, to)
      const apartM = planeM(ring[3 * a + 1]!, ring[3 * a + 2]!, ring[3 * b + 1]!, ring[3 * b + 2]!)
      return beyondNoiseM(apartM, sigmaM[a]!, sigmaM[b]!) / (ring[3 * b]! - ring[3 * a]!)
    },
    before,
    meanSpeed(state, slot, span) {
      if (!before(state, slot, span, then)) return NaN
      const b = place(state, slot, 0)
      const apartM = planeM(then.lat, then.lon, state.ring[3 * b + 1]!, state.ring[3 * b + 2]!)
      return beyondNoiseM(apartM, then.sigmaM, state.sigmaM[b]!) / span
    },
  }
}
