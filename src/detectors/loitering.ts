// Loitering: a vessel gets nowhere for hours, far from shore: it drifts, waits or works, perhaps to meet another ship.
// Slow is judged by net displacement over a sliding window, never by the path: a ship at anchor with 30 m of GNSS noise
// every 10 s sails 6 knots on paper. Start and end are fixes of the track, not clock hours. detection.md section 6.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { planeM } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Tracks } from '../tracks/table.js'
import { THIN_MS, thinnedTracks, type ThinnedState } from '../tracks/thinned.js'
import type { Coast } from '../zones/coast.js'
import type { Detector, Emit } from './detector.js'
import { rankScore } from './score.js'

/** A vessel that stays within this of where it stopped swings at anchor (scope and swing of a large ship). */
const ANCHOR_RADIUS_M = 0.3 * M_PER_NM

// One slow period per slot, as a row of numbers: a third of any fleet lies still, and is added to every five minutes
const START_T = 0 // 0: the slot is not slow
const START_LAT = 1
const START_LON = 2
const LAST_T = 3 // last point taken in
const LAST_LAT = 4
const LAST_LON = 5
const RADIUS_M = 6 // furthest from the start
const PATH_M = 7 // over thinned fixes
const NORTH_DEG = 8 // sums of degrees from the start, for the mean place …
const EAST_DEG = 9 // … the short way, so 180 degrees is no matter
const FIXES = 10
const OPENED = 11
const ASK_SHORE_AT = 12 // event time of the next look, when the last one found the shore too near
const FIELDS = 13

export interface LoiteringState {
  thinned: ThinnedState
  slow: Float64Array
}

export function loiteringDetector(options: Config['loitering'], coast?: Coast): Detector<LoiteringState> {
  const windowMs = options.windowMinutes * MS_PER_MIN
  const exitMs = options.exitMinutes * MS_PER_MIN
  const minMs = options.minHours * MS_PER_HOUR
  const maxHoleMs = options.maxHoleHours * MS_PER_HOUR
  const minShoreM = options.minShoreNm * M_PER_NM
  const slowMpms = (options.maxSpeedKn * M_PER_NM) / MS_PER_HOUR
  const exitMpms = (options.exitSpeedKn * M_PER_NM) / MS_PER_HOUR
  const track = thinnedTracks(Math.max(windowMs, exitMs))

  const step: Detector<LoiteringState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const { thinned, slow } = state
    const t = batch.t[i]!
    const newestT = thinned.newestT[slot]!
    if (newestT !== 0) {
      if (t - newestT < THIN_MS) return
      else if (t - tracks.t[slot]! > maxHoleMs) restart(state, slot, tracks, emit)
    }
    track.push(thinned, slot, t, lat, batch.lon[i]!)
    if (thinned.used[slot]! < 2) return
    const k = slot * FIELDS
    if (slow[k + START_T] === 0) begin(state, slot)
    else if (isLeaving(thinned, slot)) finish(state, slot, emit)
    else takeIn(state, slot, t - exitMs)
    if (slow[k + START_T] === 0 || slow[k + OPENED] === 1) return
    if (slow[k + LAST_T]! - slow[k + START_T]! >= minMs && t >= slow[k + ASK_SHORE_AT]!)
      open(slow, k, t, emit)
  }

  /** Slow over the whole window: it began with the first slow step inside it. */
  function begin(state: LoiteringState, slot: number): void {
    const { thinned, slow } = state
    let back = track.backTo(thinned, slot, windowMs)
    if (back < 0 || !(track.speed(thinned, slot, back, 0) < slowMpms)) return
    while (back > 1 && !(track.speed(thinned, slot, back, back - 1) < slowMpms)) back--
    const k = slot * FIELDS
    slow.fill(0, k, k + FIELDS)
    const at = track.at(thinned, slot, back)
    for (let field = 0; field < 3; field++)
      slow[k + START_T + field] = slow[k + LAST_T + field] = thinned.ring[at + field]!
    slow[k + FIXES] = 1
    takeIn(state, slot, thinned.newestT[slot]! - exitMs)
  }

  /** Takes in the points up to a time. Those of the last exitMinutes wait: they may already be the departure. */
  function takeIn(state: LoiteringState, slot: number, until: number): void {
    const { thinned, slow } = state
    const { ring } = thinned
    const k = slot * FIELDS
    let back = 0
    while (back < thinned.used[slot]! && ring[track.at(thinned, slot, back)]! > slow[k + LAST_T]!) back++
    for (back--; back >= 0; back--) {
      const at = track.at(thinned, slot, back)
      if (!(ring[at]! <= until)) return
      const lat = ring[at + 1]!
      const lon = ring[at + 2]!
      const startLat = slow[k + START_LAT]!
      const startLon = slow[k + START_LON]!
      slow[k + PATH_M]! += planeM(slow[k + LAST_LAT]!, slow[k + LAST_LON]!, lat, lon)
      slow[k + RADIUS_M] = Math.max(slow[k + RADIUS_M]!, planeM(startLat, startLon, lat, lon))
      slow[k + NORTH_DEG]! += lat - startLat
      slow[k + EAST_DEG]! += lonDelta(startLon, lon)
      slow[k + FIXES]!++
      slow[k + LAST_T] = ring[at]!
      slow[k + LAST_LAT] = lat
      slow[k + LAST_LON] = lon
    }
  }

  /** Gets away, and every step of it fast: a short dash is not a departure, and neither is fishing in circles. */
  function isLeaving(thinned: ThinnedState, slot: number): boolean {
    const from = track.backTo(thinned, slot, exitMs)
    if (from < 0 || !(track.speed(thinned, slot, from, 0) > exitMpms)) return false
    for (let back = from; back > 0; back--)
      if (!(track.speed(thinned, slot, back, back - 1) > exitMpms)) return false
    return true
  }

  /** Under way again: it ended where the fast steps began. */
  function finish(state: LoiteringState, slot: number, emit: Emit): void {
    const { thinned, slow } = state
    let back = 0
    while (back + 1 < thinned.used[slot]! && !(track.speed(thinned, slot, back + 1, back) < slowMpms)) back++
    const at = track.at(thinned, slot, back)
    const later = thinned.ring[at]! > slow[slot * FIELDS + LAST_T]!
    close(state, slot, later ? fixAt(thinned.ring, at) : fixAt(slow, slot * FIELDS + LAST_T), emit)
  }

  /** A silence too long to say anything of, or a jump: what there was ends at the last fix before. */
  function restart(state: LoiteringState, slot: number, tracks: Tracks, emit: Emit): void {
    if (state.slow[slot * FIELDS + START_T] !== 0) {
      close(state, slot, fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!), emit)
    }
    track.clear(state.thinned, slot)
  }

  function close(state: LoiteringState, slot: number, end: Fix, emit: Emit): void {
    const { slow } = state
    const k = slot * FIELDS
    takeIn(state, slot, end.t)
    const longEnough = end.t - slow[k + START_T]! >= minMs
    if (slow[k + OPENED] === 1 || (longEnough && fromShoreM(slow, k) >= minShoreM))
      emit(describe(slow, k, end.t, end))
    slow.fill(0, k, k + FIELDS)
  }

  function open(slow: Float64Array, k: number, t: number, emit: Emit): void {
    const inshoreM = minShoreM - fromShoreM(slow, k)
    if (inshoreM > 0) {
      // a ship that does not get away is no sooner out there
      slow[k + ASK_SHORE_AT] = t + Math.max(MS_PER_HOUR, inshoreM / exitMpms)
      return
    }
    emit(describe(slow, k, t, null))
    slow[k + OPENED] = 1
  }

  function fromShoreM(slow: Float64Array, k: number): number {
    if (!coast || minShoreM === 0) return Infinity
    const { lat, lon } = meanPlace(slow, k)
    return coast.shoreDistanceM(lat, lon)
  }

  function describe(slow: Float64Array, k: number, asOf: number, end: Fix | null): DetectorEvent {
    const mean = meanPlace(slow, k)
    const start = fixAt(slow, k + START_T)
    const radiusM = slow[k + RADIUS_M]!
    const hours = ((end?.t ?? asOf) - start.t) / MS_PER_HOUR
    const anchored = radiusM <= ANCHOR_RADIUS_M
    const shoreM = coast ? coast.shoreDistanceM(mean.lat, mean.lon) : null
    const evidence: Evidence[] = [
      {
        family: 'behaviour',
        name: 'slow_h',
        value: round(hours, 2),
        expected: `< ${options.minHours} h`,
        weight: round(Math.min(1.5, Math.log2(hours / options.minHours) / 2), 3),
        text: `slow for ${hours.toFixed(1)} h within ${(radiusM / M_PER_NM).toFixed(1)} nm`,
      },
    ]
    if (anchored) {
      const text = 'stays within the swing of an anchor'
      evidence.push({ family: 'place', name: 'radius_m', value: round(radiusM, 0), weight: -1, text })
    }
    if (shoreM !== null) {
      const nm = shoreM / M_PER_NM
      const weight = round(Math.min(1, nm / 100), 3)
      const text = `${nm.toFixed(0)} nm from shore`
      evidence.push({ family: 'place', name: 'shore_nm', value: round(nm, 1), weight, text })
    }
    return {
      type: 'loitering',
      class: anchored ? 'anchored' : 'drifting',
      phase: end ? 'closed' : 'opened',
      revision: end && slow[k + OPENED] === 1 ? 2 : 1,
      asOf,
      start,
      end,
      score: rankScore(-2, evidence),
      evidence,
      details: {
        meanPlace: mean,
        radiusM,
        pathM: slow[k + PATH_M]!,
        averageSpeedKn: slow[k + PATH_M]! / M_PER_NM / hours,
        thinnedFixes: slow[k + FIXES]!,
        distanceFromShoreM: shoreM,
      },
    }
  }

  return {
    name: 'loitering',
    init: slots => ({ thinned: track.init(slots), slow: new Float64Array(slots * FIELDS) }),
    step,
    moved: (state, slot, tracks, _batch, _i, _isJump, emit) => restart(state, slot, tracks, emit),
    mistaken: (state, slot) => track.clear(state.thinned, slot),
    clear: restart,
  }
}

function fixAt(row: Float64Array, at: number): Fix {
  return fix(row[at]!, row[at + 1]!, row[at + 2]!)
}

function meanPlace(slow: Float64Array, k: number): { lat: number; lon: number } {
  const fixes = slow[k + FIXES]!
  return {
    lat: slow[k + START_LAT]! + slow[k + NORTH_DEG]! / fixes,
    lon: wrapLon(slow[k + START_LON]! + slow[k + EAST_DEG]! / fixes),
  }
}
