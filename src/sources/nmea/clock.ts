// When was a sentence heard that carries no time? The last time that the log told: by TAG blocks, prefixes and tails, or,
// in logs without any, by $PGHP lines, which hold for one sentence and may come hours late from a satellite. Before there
// is one, the time that base stations in the log send (message 4).

import { MS_PER_HOUR } from '../../model/units.js'

export interface Clock {
  /** The last time that the log itself told, epoch ms; NaN before the first. */
  readonly told: number
  /** The log tells `t`; `passing` when it is the time of one sentence only ($PGHP). */
  tell(t: number, passing: boolean): void
  /** The time by the base stations heard, epoch ms; NaN before the first. */
  readonly heard: number
  /** A base station says `t`, or NaN when it does not know. Returns the time to use for its message. */
  hearBaseStation(t: number): number
}

/** Base stations disagree by seconds. One that is further off is believed when a second one says the same. */
const MAX_APART_MS = MS_PER_HOUR

export function createClock(): Clock {
  let told = NaN
  let lasting = false
  let heard = NaN
  let doubtful = NaN
  return {
    get told() {
      return told
    },
    tell(t, passing) {
      if (passing && lasting) return
      told = t
      lasting = !passing
    },
    get heard() {
      return heard
    },
    hearBaseStation(t) {
      if (t !== t) return heard
      if (heard !== heard) heard = t
      else if (Math.abs(t - heard) <= MAX_APART_MS) heard = Math.max(heard, t)
      else if (Math.abs(t - doubtful) <= MAX_APART_MS) {
        heard = t
        doubtful = NaN
      } else doubtful = t
      return heard
    },
  }
}
