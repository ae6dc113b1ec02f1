// How fast a track goes when it goes fast: the 95th percentile of its speed under way, from 32 bytes a track. Over time,
// not over reports: the first fix of each twenty minutes counts, or a chatty hour would outweigh a day. Old speeds fade: when
// a bin is full all are halved.

import type { Config } from '../model/config.js'
import { MS_PER_MIN } from '../model/units.js'

/** Bytes a track. */
export const SPEED_BINS = 32
const BIN_KN = 2
/** Slower than this is no way to go anywhere; the first bin begins here, the last takes all above 64 kn. */
const LEAST_KN = 2
const SHARE = 0.95
/** Fewer speeds have no 95th percentile. */
const MIN_SPEEDS = 20
const PER_SAMPLE_MS = 1 / (20 * MS_PER_MIN)

/** True when a fix at `t` is the first of its twenty minutes, and the fix before it, at `before`, was in others; NaN: none. */
export function isSpeedSample(before: number, t: number): boolean {
  return Math.floor(t * PER_SAMPLE_MS) > Math.floor(before * PER_SAMPLE_MS)
}

/** Counts a speed, knots; NaN and slow ones are passed over. */
export function countSpeed(speeds: Uint8Array, slot: number, sog: number): void {
  if (!(sog >= LEAST_KN)) return
  const first = slot * SPEED_BINS
  const bin = first + Math.min(SPEED_BINS - 1, Math.floor((sog - LEAST_KN) / BIN_KN))
  if (speeds[bin] === 255) for (let k = first; k < first + SPEED_BINS; k++) speeds[k] = speeds[k]! >> 1
  speeds[bin] = speeds[bin]! + 1
}

/** The 95th percentile, knots, rounded up to the bin's upper end, so at most 2 kn too high; NaN when too few are known. */
export function topSpeedKn(speeds: Uint8Array, slot: number): number {
  const first = slot * SPEED_BINS
  let count = 0
  for (let k = first; k < first + SPEED_BINS; k++) count += speeds[k]!
  if (count < MIN_SPEEDS) return NaN
  let below = 0
  let bin = 0
  while ((below += speeds[first + bin]!) < SHARE * count) bin++
  return LEAST_KN + (bin + 1) * BIN_KN
}

/** What ships of the type do at most, knots (ITU-R M.1371 type codes). */
export function typeSpeedKn(options: Config['reach'], type: number | undefined): number {
  if (type === undefined) return options.otherKn
  if (type === 30) return options.fishingKn
  if ((type >= 31 && type <= 34) || type === 36 || type === 52) return options.workboatKn
  if (type === 37) return options.pleasureKn
  if ((type >= 20 && type <= 29) || (type >= 40 && type <= 49)) return options.highSpeedKn
  if (type === 35 || (type >= 50 && type <= 59)) return options.serviceKn
  if (type >= 60 && type <= 69) return options.passengerKn
  if (type >= 70 && type <= 89) return options.cargoKn
  return options.otherKn
}
