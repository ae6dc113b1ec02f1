// When did it slow down, and when did it get under way? The thinned track tells to five minutes; between two of its points
// the speed that the vessel reports tells to a report. A report at which that passes the bound is noted, the first of those
// that can be the change, and counts only where the places say that there was one.

import { fix } from '../../geo/fix.js'
import type { Fix } from '../../model/event.js'

/** Per slot: t, lat and lon of the first slow report, and of the last slow one before a fast one; t 0: none. */
const STRIDE = 6
export type Pace = 'slowing' | 'leaving'
const AT: Record<Pace, number> = { slowing: 0, leaving: 3 }

export type TurningState = Float64Array

export const createTurning = (slots: number): TurningState => new Float64Array(slots * STRIDE)

/**
 * The reported speed passed the bound here.
 * @param newestT of the newest point of the thinned track: of several since then the last one counts
 */
export function note(
  state: TurningState,
  slot: number,
  pace: Pace,
  t: number,
  lat: number,
  lon: number,
  newestT: number,
): void {
  const k = slot * STRIDE + AT[pace]
  if (state[k] !== 0 && state[k]! < newestT) return
  state[k] = t
  state[k + 1] = lat
  state[k + 2] = lon
}

/** A step of the thinned track since `fromT` was slow, or was not: it cannot have left, or slowed down, before. */
export function settle(state: TurningState, slot: number, wasSlow: boolean, fromT: number): void {
  const k = slot * STRIDE + AT[wasSlow ? 'leaving' : 'slowing']
  if (state[k]! < fromT) state[k] = 0
}

/** The report of the change between two times, both included; null: none was noted. */
export function noted(state: TurningState, slot: number, pace: Pace, fromT: number, toT: number): Fix | null {
  const k = slot * STRIDE + AT[pace]
  const t = state[k]!
  return t !== 0 && t >= fromT && t <= toT ? fix(t, state[k + 1]!, state[k + 2]!) : null
}

export function forget(state: TurningState, slot: number): void {
  state.fill(0, slot * STRIDE, (slot + 1) * STRIDE)
}
