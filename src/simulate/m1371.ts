// How often a ship transmits: the reporting intervals of ITU-R M.1371-5, annex 1, tables 1 and 2.
// Class B here is carrier-sense (CS), by far the most common kind.

import { MS_PER_MIN, MS_PER_S } from '../model/units.js'

const AT_ANCHOR = 1
const MOORED = 5

/**
 * Nominal time between two position reports, ms.
 * @param sogKn speed over ground, knots
 * @param turning course changed by more than 5° against the last 30 s
 */
export function reportingIntervalMs(
  txClass: 'A' | 'B',
  sogKn: number,
  turning: boolean,
  navStatus: number,
): number {
  if (txClass === 'B') return sogKn > 2 ? 30 * MS_PER_S : 3 * MS_PER_MIN
  if (navStatus === AT_ANCHOR || navStatus === MOORED) return sogKn > 3 ? 10 * MS_PER_S : 3 * MS_PER_MIN
  if (sogKn > 23) return 2 * MS_PER_S
  if (sogKn > 14) return turning ? 2 * MS_PER_S : 6 * MS_PER_S
  return turning ? 10_000 / 3 : 10 * MS_PER_S
}

/** Static and voyage data (messages 5 and 24), ms. */
export const STATIC_INTERVAL_MS = 6 * MS_PER_MIN
