// Is it late news? A feed that delivers hours late, and a receiver whose clock is wrong by hours, put a ship where it was
// before. What is remembered of all vessels (./remembered) is asked for the fixes of a ship that seems to be in two places: when
// it meets its own of another time again, all of them as long ago, it is one ship, and who says otherwise is late.

import type { ReportBatch } from '../../model/batch.js'
import { MS_PER_DAY } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import { ownLagS } from './fix-content.js'
import type { RememberedState } from './remembered.js'

/** Fixes met before with one lag that make a delay … */
const MIN_MET = 3
/** … of so many that were looked for: two places may be told of in turn; and how exactly the lags agree, s: clocks. */
const MIN_MET_SHARE = 1 / 5
const SAME_LAG_S = 10
/** Lags followed of one number. */
const MAX_LAGS = 8
/** Who is late today is late for the rest of the day. */
const LATE_MS = MS_PER_DAY

/** Fixes of one of its tracks that were looked for, and met before. */
interface Met {
  slot: number
  lagS: number
  met: number
  tried: number
}

export interface LateState {
  /** What the numbers asked about met again. */
  met: Map<number, Met[]>
  /** Numbers of which a feed is late, and until when, epoch ms. */
  until: Map<number, number>
}

export const initLate = (): LateState => ({ met: new Map(), until: new Map() })

export const isLate = (state: LateState, mmsi: number, t: number): boolean =>
  state.until.size > 0 && state.until.get(mmsi)! > t

/** Row `i` is of a ship that seems to be in two places. @returns true when it has become certain that it is late news */
export function meetsItself(
  state: LateState,
  remembered: RememberedState,
  tracks: Tracks,
  slot: number,
  batch: ReportBatch,
  i: number,
): boolean {
  const lagS = ownLagS(remembered, tracks, slot, batch, i)
  if (lagS !== lagS) return false
  const mmsi = tracks.mmsi[slot]!
  const list = state.met.get(mmsi) ?? []
  for (const each of list) if (each.slot === slot) each.tried++
  if (lagS < 0) return false
  let one = list.find(each => each.slot === slot && Math.abs(each.lagS - lagS) <= SAME_LAG_S)
  if (!one) {
    if (list.length >= MAX_LAGS) list.shift()
    list.push((one = { slot, lagS, met: 0, tried: 1 }))
    state.met.set(mmsi, list)
  }
  one.met++
  if (one.met < MIN_MET || one.met < MIN_MET_SHARE * one.tried) return false
  const t = batch.t[i]!
  for (const [other, until] of state.until) if (until <= t) state.until.delete(other)
  state.until.set(mmsi, t + LATE_MS)
  state.met.delete(mmsi)
  return true
}
