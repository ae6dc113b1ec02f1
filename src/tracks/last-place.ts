// Where a track was when it was last heard: the place from which whatever happens in a silence begins.

import { fix } from '../geo/fix.js'
import type { Fix } from '../model/event.js'
import { MS_PER_MIN } from '../model/units.js'
import type { Tracks } from './table.js'

/** A last fix older than this says nothing of where a silence began. */
export const MAX_FIX_AGE_MS = 10 * MS_PER_MIN

/**
 * Time of the last sign of life, and the place of that very message; or of the last fix, if it is fresh. Else without one.
 * @param positionsOnly only the place of that very message counts
 */
export function lastPlace(tracks: Tracks, slot: number, positionsOnly: boolean): Fix {
  const heard = tracks.heard[slot]!
  const fresh = tracks.placed[slot] === 1 || (!positionsOnly && heard - tracks.t[slot]! <= MAX_FIX_AGE_MS)
  return fresh ? fix(heard, tracks.lat[slot]!, tracks.lon[slot]!) : fix(heard, NaN, NaN)
}
