// Stops and pieces of one recorded track, as pure functions: where it stayed within a diameter for a while, and where it
// was not heard for too long. The words are those of MovingPandas (TrajectoryStopDetector, ObservationGapSplitter); a stop
// there is bounded by the diagonal of the smallest rectangle around it, here by the distance of its farthest two fixes.

import { haversineM } from '../geo/distance.js'

/** A fix of a track: epoch ms, degrees. */
export interface TrackFix {
  t: number
  lat: number
  lon: number
}

/** Fixes `from` to `to` of a track, both included. */
export interface Stretch {
  from: number
  to: number
}

export interface StopRule {
  /** Any two fixes of a stop are nearer to each other than this, metres. */
  maxDiameterM: number
  /** From its first fix to its last, this long or longer, ms. */
  minMs: number
}

/**
 * Stops of a track, in order: from the first fix at which one can begin, for as long as it lasts; the next begins after it.
 * A fix that stays near the first one costs a comparison or two, so a month at a berth costs no more than a month at sea.
 * @param track in order of time
 * @param distanceM between two fixes; any that keeps the triangle inequality. @default haversine
 */
export function stopsOf(
  track: readonly TrackFix[],
  { maxDiameterM, minMs }: StopRule,
  distanceM: (a: TrackFix, b: TrackFix) => number = betweenM,
): Stretch[] {
  const stops: Stretch[] = []
  // the widest stretch from `from` on ends before `next`; all of it lies within `radiusM` of one of its fixes
  let from = 0
  let next = 1
  let middle = track[0]
  let radiusM = 0
  const fits = (fix: TrackFix): boolean => {
    const offM = distanceM(middle!, fix)
    if (offM + radiusM < maxDiameterM) {
      radiusM = Math.max(radiusM, offM)
      return true
    }
    for (let k = next - 1; k >= from; k--) if (!(distanceM(track[k]!, fix) < maxDiameterM)) return false
    radiusM = Math.max(radiusM, offM)
    return true
  }
  while (from < track.length) {
    while (next < track.length && fits(track[next]!)) next++
    if (next - from > 1 && track[next - 1]!.t - track[from]!.t >= minMs) {
      stops.push({ from, to: next - 1 })
      from = next
    } else from++
    if (next > from) continue
    next = from + 1
    middle = track[from]
    radiusM = 0
  }
  return stops
}

/**
 * The pieces of a track that was not heard for longer than `maxGapMs` between them. Every fix is in one; a piece may be of one.
 * @param times in order, ms
 */
export function piecesOf(times: readonly number[], maxGapMs: number): Stretch[] {
  const pieces: Stretch[] = []
  times.forEach((t, k) => {
    const last = pieces[pieces.length - 1]
    if (last && t - times[k - 1]! <= maxGapMs) last.to = k
    else pieces.push({ from: k, to: k })
  })
  return pieces
}

const betweenM = (a: TrackFix, b: TrackFix): number => haversineM(a.lat, a.lon, b.lat, b.lon)
