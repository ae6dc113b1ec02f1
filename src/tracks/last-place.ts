// Where a track was when it was last heard: the place from which whatever happens in a silence begins.

import { fix, heardFix } from '../geo/fix.js'
import type { Fix } from '../model/event.js'
import type { ReceiverSets } from '../model/receivers.js'
import { MS_PER_MIN } from '../model/units.js'
import { lastHeardBy, type Tracks } from './table.js'

/** A last fix older than this says nothing of where a silence began. */
export const MAX_FIX_AGE_MS = 10 * MS_PER_MIN

/** The last fix, with the receivers that heard it. */
export const lastFix = (tracks: Tracks, slot: number, receivers: ReceiverSets): Fix =>
  heardFix(
    fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!),
    receivers.names(lastHeardBy(tracks, slot)),
  )

/**
 * Time of the last sign of life, and the place of that very message; or of the last fix, if it is fresh. Else without one.
 * @param positionsOnly only the place of that very message counts
 */
export function lastPlace(tracks: Tracks, slot: number, positionsOnly: boolean): Fix {
  const heard = tracks.heard[slot]!
  const fresh = tracks.placed[slot] === 1 || (!positionsOnly && heard - tracks.t[slot]! <= MAX_FIX_AGE_MS)
  return fresh ? fix(heard, tracks.lat[slot]!, tracks.lon[slot]!) : fix(heard, NaN, NaN)
}
