// Which fixes of a track a store keeps. A ship on a straight course is drawn by a fix every few minutes; a turn, a stop
// and the two ends of a silence are where the story is, so these are always kept. Hot: called per report.

import { lonDelta } from '../geo/antimeridian.js'
import { MS_PER_MIN, MS_PER_S } from '../model/units.js'

/** A fix at least this often under way … */
export const MOVING_MS = 3 * MS_PER_MIN
/** … and this often at rest. */
export const RESTING_MS = 30 * MS_PER_MIN
/** Between two kept for a turn or a change of speed. */
const TURN_MS = 20 * MS_PER_S
const TURN_DEG = 12
const SPEED_KN = 3
const RESTING_KN = 0.7
/** A silence whose two ends are kept: shorter ones are drawn by the fixes around them. */
export const SILENCE_MS = 15 * MS_PER_MIN
/** Vessels followed at a time; when more come all are forgotten, which costs each one fix too many. */
const CAPACITY = 1 << 18

export interface Thinned {
  mmsi: number
  t: number
  lat: number
  lon: number
  sog: number
  cog: number
}

/** Last fix seen and last fix kept of a vessel, and the last kept of what came late. */
interface Seen {
  t: number
  lat: number
  lon: number
  sog: number
  cog: number
  keptT: number
  keptSog: number
  keptCog: number
  lateT: number
}

/**
 * @param keep called with numbers, not objects: a fix of the track
 */
export function createThinner(
  keep: (mmsi: number, t: number, lat: number, lon: number, sog: number, cog: number) => void,
): {
  /** @param lat degrees, not NaN. @param sog, cog NaN where not told */
  see(mmsi: number, t: number, lat: number, lon: number, sog: number, cog: number): void
} {
  const vessels = new Map<number, Seen>()

  return {
    see(mmsi, t, lat, lon, sog, cog) {
      const seen = vessels.get(mmsi)
      if (!seen) {
        if (vessels.size >= CAPACITY) vessels.clear()
        vessels.set(mmsi, { t, lat, lon, sog, cog, keptT: t, keptSog: sog, keptCog: cog, lateT: NaN })
        keep(mmsi, t, lat, lon, sog, cog)
        return
      }
      if (t < seen.t) {
        // from a feed that is behind: its own thin line
        if (!(Math.abs(t - seen.lateT) < MOVING_MS)) {
          seen.lateT = t
          keep(mmsi, t, lat, lon, sog, cog)
        }
        return
      }
      if (t === seen.t) return
      const silent = t - seen.t >= SILENCE_MS
      if (silent && seen.t > seen.keptT) keep(mmsi, seen.t, seen.lat, seen.lon, seen.sog, seen.cog)
      const since = t - seen.keptT
      const moves = !(sog < RESTING_KN) || hasMoved(seen, lat, lon)
      const turned =
        since >= TURN_MS &&
        moves &&
        (Math.abs(lonDelta(seen.keptCog, cog)) >= TURN_DEG || Math.abs(sog - seen.keptSog) >= SPEED_KN)
      if (silent || turned || since >= (moves ? MOVING_MS : RESTING_MS)) {
        seen.keptT = t
        seen.keptSog = sog
        seen.keptCog = cog
        keep(mmsi, t, lat, lon, sog, cog)
      }
      seen.t = t
      seen.lat = lat
      seen.lon = lon
      seen.sog = sog
      seen.cog = cog
    },
  }
}

/** By a good hundred metres since the fix before: more than a receiver at rest wanders. */
function hasMoved({ lat, lon }: Seen, lat2: number, lon2: number): boolean {
  return Math.abs(lat2 - lat) > 0.001 || Math.abs(lonDelta(lon, lon2)) > 0.002
}
