// How far a source has come in event time. Its watermark is the newest event time that can be believed less the lateness
// it is allowed: all that is older has come, as far as anyone can tell. One transmitter with a broken or a forged clock
// must not move it: beyond a hole of an hour it takes two vessels or three reports that say the same (detection.md, as in
// clean/reorder); and what lies in the future of whoever listens never gets this far.

import { MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'

const HOLE_MS = MS_PER_HOUR
const VESSELS_BEYOND = 2
const REPORTS_BEYOND = 3
/** Lone reports remembered: a broken clock can send any number. */
const MAX_BEYOND = 16

/** Plain data, so that a checkpoint is a copy. */
export interface SourceClockState {
  /** Newest event time that can be believed, epoch ms; −Infinity before the first. */
  newest: number
  /** Reports beyond a hole that nothing has confirmed yet: [t, mmsi]. */
  beyond: [number, number][]
}

export interface SourceClock {
  readonly state: SourceClockState
  /** Epoch ms; −Infinity before the first report. */
  readonly watermark: number
  /** A report was heard. @returns true when the watermark reached another whole minute */
  see(t: number, mmsi: number): boolean
}

export function createSourceClock(latenessMs: number, restored?: SourceClockState): SourceClock {
  const state: SourceClockState = restored ?? { newest: -Infinity, beyond: [] }
  /** Event time at which the next whole minute of the watermark begins. */
  let nextMinute = -Infinity
  settleMinute()

  function settleMinute(): void {
    nextMinute = (Math.floor((state.newest - latenessMs) / MS_PER_MIN) + 1) * MS_PER_MIN + latenessMs
  }

  function move(t: number): boolean {
    state.newest = t
    if (t < nextMinute) return false
    settleMinute()
    return true
  }

  /** Two vessels, or three reports, lie within an hour of each other beyond the hole: time is there. */
  function cross(t: number, mmsi: number): boolean {
    const beyond = state.beyond.filter(([at]) => at > state.newest + HOLE_MS)
    beyond.push([t, mmsi])
    beyond.sort((a, b) => a[0] - b[0])
    for (const [from] of beyond) {
      const near = beyond.filter(([at]) => at >= from && at <= from + HOLE_MS)
      if (near.length < REPORTS_BEYOND && new Set(near.map(([, who]) => who)).size < VESSELS_BEYOND) continue
      const newest = near.at(-1)![0]
      state.beyond = beyond.filter(([at]) => at > newest)
      return move(newest)
    }
    state.beyond = beyond.slice(-MAX_BEYOND)
    return false
  }

  return {
    state,
    get watermark() {
      return state.newest - latenessMs
    },
    see(t, mmsi) {
      if (t <= state.newest) return false
      if (t <= state.newest + HOLE_MS || state.newest === -Infinity) return move(t)
      return cross(t, mmsi)
    },
  }
}
