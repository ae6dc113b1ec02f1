// The last fix of each vessel as two feeds told it, side by side: what one says of a ship can be held against the other. A
// feed is a kind of collection from a named source. All reports count here, copies too, before it is known which ship of
// the MMSI sent them. Until a second feed is heard there is nothing to compare, and nothing is kept.

import { isStaticOnly, type ReportBatch } from '../model/batch.js'
import { COLLECTIONS } from '../model/report.js'
import { MS_PER_DAY } from '../model/units.js'

// One vessel's row: for each of two feeds who told the last fix, when and where
/** (Feed + 1) × 2^20 + receiver; 0: none. */
export const WHO = 0
export const FIX_T = 1
export const FIX_LAT = 2
export const FIX_LON = 3
/** Fields of a feed; those of the second follow. */
export const SIDE = 4
const FIELDS = 2 * SIDE

const RECEIVERS = 2 ** 20
/** A feed that was not heard of a vessel for this long gives way to a third one. */
const FORGOTTEN_MS = MS_PER_DAY
const NONE = -1
const SEVERAL = -2

/** Plain data. */
export interface FeedsState {
  /** The only feed so far; −1 none, −2 there are several. */
  only: number
  fixes: Float64Array
}

export interface Feeds {
  readonly state: FeedsState
  /** Is row `i` of one of several feeds? Its feed is counted in. */
  areSeveral(batch: ReportBatch, i: number): boolean
  /** Which side of its vessel's row the report's feed has, or may have; −1: two others have them. */
  sideOf(slot: number, batch: ReportBatch, i: number): number
  /** Row `i` is its feed's last. */
  take(slot: number, batch: ReportBatch, i: number): void
  clear(slot: number): void
}

/** What reads them: the detectors. */
export type FeedsView = Pick<Feeds, 'state' | 'sideOf'>

/** Number of the feed that row `i` came by: source and kind of collection. */
export const feedOf = (batch: ReportBatch, i: number): number =>
  batch.source[i]! * COLLECTIONS.length + batch.collection[i]!

export const sourceOfFeed = (feed: number): number => Math.floor(feed / COLLECTIONS.length)
export const collectionOfFeed = (feed: number): number => feed % COLLECTIONS.length

/** Where the fields of a side begin in `fixes`. */
export const sideAt = (slot: number, side: number): number => slot * FIELDS + side * SIDE

export const feedOfSide = (fixes: Float64Array, at: number): number => Math.floor(fixes[at]! / RECEIVERS) - 1
/** Id in words.receivers, 0 none. */
export const receiverOfSide = (fixes: Float64Array, at: number): number => fixes[at]! % RECEIVERS

/** @param several whether to take it that there are several: who sees some of the ships cannot know */
export function createFeeds(slots: number, restored?: FeedsState, several = false): Feeds {
  const state: FeedsState = restored ?? {
    only: several ? SEVERAL : NONE,
    fixes: new Float64Array(slots * FIELDS),
  }
  const { fixes } = state

  function sideOf(slot: number, batch: ReportBatch, i: number): number {
    const feed = feedOf(batch, i)
    const at = slot * FIELDS
    if (fixes[at] === 0 || feedOfSide(fixes, at) === feed) return 0
    if (fixes[at + SIDE] === 0 || feedOfSide(fixes, at + SIDE) === feed) return 1
    return -1
  }

  return {
    state,
    sideOf,
    areSeveral(batch, i) {
      if (state.only === SEVERAL) return true
      // static data may come by a way of their own
      if (isStaticOnly(batch.msgType[i]!)) return false
      const feed = feedOf(batch, i)
      if (state.only === NONE) state.only = feed
      else if (state.only !== feed) state.only = SEVERAL
      return state.only === SEVERAL
    },
    take(slot, batch, i) {
      const lat = batch.lat[i]!
      if (lat !== lat) return
      const t = batch.t[i]!
      let side = sideOf(slot, batch, i)
      if (side < 0) {
        const at = slot * FIELDS
        side = fixes[at + FIX_T]! <= fixes[at + SIDE + FIX_T]! ? 0 : 1
        if (!(t - fixes[sideAt(slot, side) + FIX_T]! > FORGOTTEN_MS)) return
      }
      const at = sideAt(slot, side)
      if (t < fixes[at + FIX_T]!) return
      fixes[at + WHO] = (feedOf(batch, i) + 1) * RECEIVERS + batch.receiver[i]!
      fixes[at + FIX_T] = t
      fixes[at + FIX_LAT] = lat
      fixes[at + FIX_LON] = batch.lon[i]!
    },
    clear(slot) {
      fixes.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    },
  }
}
