// How far a station's clock is off. A ship sends the UTC second of her fix (M.1371 "time stamp"), good to a second or
// so; the station writes when it heard her. The difference, modulo a minute, is the same for all ships but for noise:
// its median is the clock's offset and what the way took, its spread says how much to believe it.

import { MS_PER_MIN, MS_PER_S } from '../../model/units.js'

export interface ClockOffset {
  /** Reports that carry a UTC second. */
  reports: number
  /** Receive time minus the second sent, s, −30…30: positive when the station's clock is fast or slow to log. */
  medianS: number
  /** Half of the reports lie within this of one another, s: 75 % quantile minus 25 % quantile. */
  spreadS: number
}

const BIN_S = 0.25
const BINS = 60 / BIN_S

export interface Clocks {
  /** @param t receive time, epoch ms, @param second the UTC second sent, 0…59 */
  add(t: number, second: number): void
  /** null where no report carries a second. */
  offset(): ClockOffset | null
}

export function createClocks(): Clocks {
  const bins = new Uint32Array(BINS)
  let reports = 0
  return {
    add(t, second) {
      const apartS = (((t % MS_PER_MIN) / MS_PER_S - second + 60) % 60) / BIN_S
      bins[Math.round(apartS) % BINS]! += 1
      reports++
    },
    offset() {
      if (reports === 0) return null
      // a minute is a circle: it is cut opposite to where most reports are
      let most = 0
      for (let bin = 1; bin < BINS; bin++) if (near(bins, bin) > near(bins, most)) most = bin
      const cut = most - BINS / 2
      const quantile = (q: number): number => {
        let left = Math.max(1, Math.ceil(q * reports))
        let k = 0
        while ((left -= bins[(cut + k + BINS) % BINS]!) > 0) k++
        return (cut + k) * BIN_S
      }
      const medianS = quantile(0.5)
      return {
        reports,
        medianS: medianS > 30 ? medianS - 60 : medianS <= -30 ? medianS + 60 : medianS,
        spreadS: quantile(0.75) - quantile(0.25),
      }
    },
  }
}

/** Reports within a second of a bin. */
function near(bins: Uint32Array, at: number): number {
  let sum = 0
  for (let k = -4; k <= 4; k++) sum += bins[(at + k + BINS) % BINS]!
  return sum
}
