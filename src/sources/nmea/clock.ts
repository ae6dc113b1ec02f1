// When was a sentence heard that carries no time? The last time that the log told: by TAG blocks, prefixes and tails, or,
// in logs without any, by $PGHP lines, which hold for one sentence and may come hours late from a satellite. Before there
// is one, the time that base stations in the log send (message 4).

import { MS_PER_HOUR } from '../../model/units.js'

export interface Clock {
  /** The last time that the log itself told, epoch ms; NaN before the first. */
  told: number
  /** Does `told` hold until the next one (TAG, prefix, tail)? */
  lasting: boolean
  /** The time by the base stations heard, epoch ms; NaN before the first. */
  heard: number
  /** A far-off time that one base station sent, epoch ms, or NaN. */
  doubtful: number
}

export const createClock = (): Clock => ({ told: NaN, lasting: false, heard: NaN, doubtful: NaN })

/** The log tells `t`; `passing` when it is the time of one sentence only ($PGHP). */
export function tell(clock: Clock, t: number, passing: boolean): void {
  if (passing && clock.lasting) return
  clock.told = t
  clock.lasting = !passing
}

/** Base stations disagree by seconds. One that is further off is believed when a second one says the same. */
const MAX_APART_MS = MS_PER_HOUR

/** A base station says `t`, or NaN when it does not know. */
export function hearBaseStation(clock: Clock, t: number): void {
  if (t !== t) return
  const apart = Math.abs(t - clock.heard)
  if (apart !== apart) clock.heard = t
  else if (apart <= MAX_APART_MS) clock.heard = Math.max(clock.heard, t)
  else if (Math.abs(t - clock.doubtful) <= MAX_APART_MS) {
    clock.heard = t
    clock.doubtful = NaN
  } else clock.doubtful = t
}
