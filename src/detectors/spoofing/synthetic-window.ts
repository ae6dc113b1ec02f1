// A window of a vessel's reports: how far its steps lead beside the course, and how often what it says stays the same.

import { lonDelta } from '../../geo/antimeridian.js'

/** A window is judged when it has so many samples. */
export const MIN_SAMPLES = 25
/** Of shorter intervals the tenth by which sets vary them is less than the whole seconds of many feeds. */
const MIN_INTERVAL_S = 5
const INTERVAL_TOLERANCE_S = 0.5

// as a row of numbers of one cache line
const SAMPLES = 0
const SAME_COURSE = 1
const SAME_SPEED = 2
const SAME_INTERVAL = 3
const INTERVALS = 4
const SAME_HEADING = 5
const HEADINGS = 6
const COURSE = 7 // of the last sample
const SPEED = 8
const INTERVAL = 9
const ASIDE = 10 // samples by how far beside the reported course the step led
const FIELDS = 16
/** Upper ends of these, m. */
const ASIDE_M = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6]

/** What a window came to: when, how far beside its course the steps led (median, m), and shares of what stayed the same. */
export type Figures = [
  t: number,
  asideM: number,
  course: number,
  speed: number,
  interval: number,
  heading: number,
]

export const createWindows = (slots: number) => new Float32Array(slots * FIELDS)
export const windowAt = (slot: number): number => slot * FIELDS
export const clearWindow = (windows: Float32Array, k: number) => windows.fill(0, k, k + FIELDS)
export const samplesOf = (windows: Float32Array, k: number): number => windows[k + SAMPLES]!

/**
 * One more sample.
 * @param asideM how far beside the reported course the step led
 * @param intervalS since the report before
 * @param heading NaN: none
 */
export function addSample(
  windows: Float32Array,
  k: number,
  cog: number,
  sog: number,
  heading: number,
  asideM: number,
  intervalS: number,
): void {
  if (windows[k + SAMPLES]! > 0) {
    if (Math.abs(cog - windows[k + COURSE]!) < 0.15) windows[k + SAME_COURSE]!++
    if (Math.abs(sog - windows[k + SPEED]!) < 0.05) windows[k + SAME_SPEED]!++
  }
  if (heading === heading) {
    windows[k + HEADINGS]!++
    if (Math.abs(lonDelta(heading, cog)) <= 0.51) windows[k + SAME_HEADING]!++
  }
  countInterval(windows, k, intervalS)
  windows[k + ASIDE + binOf(asideM)]!++
  windows[k + COURSE] = cog
  windows[k + SPEED] = sog
  windows[k + SAMPLES]!++
}

const binOf = (asideM: number): number => {
  let bin = 0
  while (bin < ASIDE_M.length - 1 && asideM >= ASIDE_M[bin]!) bin++
  return bin
}

/** A report that was lost makes an interval twice as long: that is another one, not an uneven one. */
function countInterval(windows: Float32Array, k: number, intervalS: number): void {
  const before = windows[k + INTERVAL]!
  if (before === 0 || intervalS < 0.67 * before) windows[k + INTERVAL] = intervalS
  else if (intervalS < 1.5 * before) {
    windows[k + INTERVAL] = intervalS
    if (intervalS < MIN_INTERVAL_S) return
    windows[k + INTERVALS]!++
    if (Math.abs(intervalS - before) < INTERVAL_TOLERANCE_S) windows[k + SAME_INTERVAL]!++
  }
}

export function figuresOf(windows: Float32Array, k: number, t: number): Figures {
  const of = (count: number, out: number) => (out < MIN_SAMPLES / 2 ? 0 : count / out)
  const changes = windows[k + SAMPLES]! - 1
  return [
    t,
    medianAside(windows, k),
    windows[k + SAME_COURSE]! / changes,
    windows[k + SAME_SPEED]! / changes,
    of(windows[k + SAME_INTERVAL]!, windows[k + INTERVALS]!),
    of(windows[k + SAME_HEADING]!, windows[k + HEADINGS]!),
  ]
}

function medianAside(windows: Float32Array, k: number): number {
  let left = windows[k + SAMPLES]! / 2
  for (let bin = 0; ; bin++) {
    const count = windows[k + ASIDE + bin]!
    const from = bin === 0 ? 0 : ASIDE_M[bin - 1]!
    if (left <= count || bin === ASIDE_M.length - 1)
      return from + ((ASIDE_M[bin]! - from) * Math.min(left, count)) / Math.max(count, 1)
    left -= count
  }
}
