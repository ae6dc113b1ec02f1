// How far a station's clock is off. A ship sends the UTC second of her fix (M.1371 "time stamp"), good to a second or
// so; the station writes when it heard her. The difference, modulo a minute, is the same for all ships but for noise:
// its median is the clock's offset and what the way took, its spread says how much to believe it.

import { MS_PER_MIN, MS_PER_S } from '../model/units.js'

export interface ClockOffset {
  /** Reports that carry a UTC second. */
  reports: number
  /** Receive time minus the second sent, s, −30…30: positive when the station's clock is fast or slow to log. */
  medianS: number
  /** Half of the reports lie within this of one another, s: 75 % quantile minus 25 % quantile. */
  spreadS: number
}

/**
 * Which bin of a minute a report falls into.
 * @param t receive time, epoch ms
 * @param second the UTC second sent, 0…59
 */
export const offsetBin = (t: number, second: number, bins: number): number =>
  Math.round((((t % MS_PER_MIN) / MS_PER_S - second + 60) % 60) / (60 / bins)) % bins

/** What the reports by bin of a minute say; null where there are none. A minute is a circle. */
export function offsetOf(bins: ArrayLike<number>): ClockOffset | null {
  const size = bins.length
  const binS = 60 / size
  let reports = 0
  for (let bin = 0; bin < size; bin++) reports += bins[bin]!
  if (reports === 0) return null
  // it is cut opposite to where most reports are
  const reach = Math.round(1 / binS)
  let most = 0
  for (let bin = 1; bin < size; bin++) if (near(bins, bin, reach) > near(bins, most, reach)) most = bin
  const cut = most - size / 2
  const quantile = (q: number): number => {
    let left = Math.max(1, Math.ceil(q * reports))
    let k = 0
    while ((left -= bins[(cut + k + size) % size]!) > 0) k++
    return (cut + k) * binS
  }
  const medianS = quantile(0.5)
  return {
    reports,
    medianS: medianS > 30 ? medianS - 60 : medianS <= -30 ? medianS + 60 : medianS,
    spreadS: quantile(0.75) - quantile(0.25),
  }
}

/** Reports within a second of a bin. */
function near(bins: ArrayLike<number>, at: number, reach: number): number {
  let sum = 0
  for (let k = -reach; k <= reach; k++) sum += bins[(at + k + bins.length) % bins.length]!
  return sum
}
