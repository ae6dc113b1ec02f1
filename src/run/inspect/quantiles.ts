// Quantiles of lengths of time in fixed memory: a histogram with steps that are as fine as such a figure is ever read,
// 0.1 s below a minute, 1 s below an hour, a minute below a day.

const TENTHS = 600
const SECONDS = 3600 - 60
const MINUTES = 24 * 60 - 60
const BINS = TENTHS + SECONDS + MINUTES + 1

export interface Quantiles {
  /** Takes a length in seconds, > 0; a day and more are one bin. */
  add(seconds: number): void
  readonly count: number
  /** The length, s, that a share `q` of all are no longer than; NaN of none. */
  at(q: number): number
}

export function createQuantiles(): Quantiles {
  const bins = new Float64Array(BINS)
  let count = 0
  return {
    get count() {
      return count
    },
    add(seconds) {
      bins[binOf(seconds)]! += 1
      count++
    },
    at(q) {
      if (count === 0) return NaN
      let left = Math.max(1, Math.ceil(q * count))
      let bin = 0
      while ((left -= bins[bin]!) > 0) bin++
      return secondsOf(bin)
    },
  }
}

function binOf(seconds: number): number {
  if (seconds < 60) return Math.min(TENTHS - 1, Math.round(seconds * 10))
  if (seconds < 3600) return TENTHS + Math.min(SECONDS - 1, Math.round(seconds - 60))
  return TENTHS + SECONDS + Math.min(MINUTES, Math.round((seconds - 3600) / 60))
}

function secondsOf(bin: number): number {
  if (bin < TENTHS) return bin / 10
  if (bin < TENTHS + SECONDS) return bin - TENTHS + 60
  return (bin - TENTHS - SECONDS) * 60 + 3600
}
