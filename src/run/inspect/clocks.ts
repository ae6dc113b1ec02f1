// The clock of one station over a whole input, to a quarter of a second: see reception/clock-offset.

import { offsetBin, offsetOf, type ClockOffset } from '../../reception/clock-offset.js'

export type { ClockOffset }

const BINS = 240

export interface Clocks {
  /** @param t receive time, epoch ms, @param second the UTC second sent, 0…59 */
  add(t: number, second: number): void
  /** null where no report carries a second. */
  offset(): ClockOffset | null
}

export function createClocks(): Clocks {
  const bins = new Uint32Array(BINS)
  return {
    add(t, second) {
      bins[offsetBin(t, second, BINS)]! += 1
    },
    offset: () => offsetOf(bins),
  }
}
