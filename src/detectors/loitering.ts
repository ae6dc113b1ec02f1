// Loitering: a vessel gets nowhere for hours, far from shore: it drifts, waits or works, perhaps to meet another ship.
// Slow is judged by net displacement over a sliding window, never by the path: a ship at anchor with 30 m of GNSS noise
// every 10 s sails 6 knots on paper. Start and end are fixes of the track, not clock hours. detection.md section 6.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { planeM } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Tracks } from '../tracks/table.js'
import type { Coast } from '../zones/coast.js'
import type { Detector, Emit } from './detector.js'
import { rankScore } from './score.js'

/** The track is thinned to one fix per this time: enough for the window, and noise over it stays below 0.3 kn. */
const THIN_MS = 5 * MS_PER_MIN
/** A vessel that stays within this of where it stopped swings at anchor (scope and swing of a large ship). */
const ANCHOR_RADIUS_M = 0.3 * M_PER_NM

/** One slow period, from its first fix on. */
interface Slow {
  start: Fix
  last: Fix
  /** Furthest from the start, and path over thinned fixes, metres. */
  radiusM: number
  pathM: number
  fixes: number
  /** Sums of degrees from the start, for the mean place: the short way, so 180 degrees is no matter. */
  northDeg: number
  eastDeg: number
  opened: boolean
  /** Event time of the next look at the shore, when the last one found it too near. */
  askShoreAt: number
}

export interface LoiteringState {
  /** Ring of thinned fixes by slot: [t, lat, lon] each. */
  ring: Float64Array
  /** Time of the newest point: the one thing that most reports need, so it has its own short array. */
  newestT: Float64Array
  /** Index of the newest point in the ring, and points in use. */
  head: Uint8Array
  used: Uint8Array
  slow: Map<number, Slow>
}

export function loiteringDetector(options: Config['loitering'], coast?: Coast): Detector<LoiteringState> {
  const windowMs = options.windowMinutes * MS_PER_MIN
  const exitMs = options.exitMinutes * MS_PER_MIN
  const minMs = options.minHours * MS_PER_HOUR
  const maxHoleMs = options.maxHoleHours * MS_PER_HOUR
  const minShoreM = options.minShoreNm * M_PER_NM
  const slowMpms = (options.maxSpeedKn * M_PER_NM) / MS_PER_HOUR
  const exitMpms = (options.exitSpeedKn * M_PER_NM) / MS_PER_HOUR
  /** Points that cover the window, one before it, and the newest. */
  const points = Math.ceil(Math.max(windowMs, exitMs) / THIN_MS) + 2
  const stride = points * 3

  /** Offset in the ring of the point `back` points before the newest. */
  const at = (state: LoiteringState, slot: number, back: number) =>
    slot * stride + ((state.head[slot]! - back + points) % points) * 3

  function step(
    state: LoiteringState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const t = batch.t[i]!
    const newestT = state.newestT[slot]!
    if (newestT !== 0) {
      if (tracks.relocated[slot] === 1) restart(state, slot, tracks, emit)
      else if (t - newestT < THIN_MS) return
      else if (t - tracks.t[slot]! > maxHoleMs) restart(state, slot, tracks, emit)
    }
    push(state, slot, t, lat, batch.lon[i]!)
    if (state.used[slot]! < 2) return
    const slow = state.slow.get(slot)
    if (!slow) begin(state, slot)
    else if (isLeaving(state, slot)) finish(state, slot, slow, emit)
    else extendUntil(state, slot, slow, t - exitMs)
    const now = state.slow.get(slot)
    if (now && !now.opened && now.last.t - now.start.t >= minMs && t >= now.askShoreAt) open(now, t, emit)
  }

  function push(state: LoiteringState, slot: number, t: number, lat: number, lon: number): void {
    state.head[slot] = (state.head[slot]! + 1) % points
    if (state.used[slot]! < points) state.used[slot] = state.used[slot]! + 1
    const k = at(state, slot, 0)
    state.newestT[slot] = state.ring[k] = t
    state.ring[k + 1] = lat
    state.ring[k + 2] = lon
  }

  const distance = (state: LoiteringState, a: number, b: number) =>
    planeM(state.ring[a + 1]!, state.ring[a + 2]!, state.ring[b + 1]!, state.ring[b + 2]!)

  /** Points back to the newest one at least `span` old; −1 when the ring does not reach that far. */
  function backTo(state: LoiteringState, slot: number, span: number): number {
    const t = state.newestT[slot]!
    const age = (back: number) => t - state.ring[at(state, slot, back)]!
    // points are at least THIN_MS apart, so this one is old enough, and mostly the next newer one is not
    let back = Math.min(state.used[slot]! - 1, Math.ceil(span / THIN_MS))
    if (!(age(back) >= span)) return -1
    while (back > 1 && age(back - 1) >= span) back--
    return back
  }

  /** Net speed over the last `span`, metres per ms; NaN when the track is shorter. */
  function netSpeed(state: LoiteringState, slot: number, span: number): number {
    const back = backTo(state, slot, span)
    if (back < 0) return NaN
    const a = at(state, slot, back)
    const b = at(state, slot, 0)
    return distance(state, a, b) / (state.ring[b]! - state.ring[a]!)
  }

  /** Gets away, and every step of it fast: a short dash is not a departure, and neither is fishing in circles. */
  function isLeaving(state: LoiteringState, slot: number): boolean {
    if (!(netSpeed(state, slot, exitMs) > exitMpms)) return false
    for (let back = backTo(state, slot, exitMs); back > 0; back--) {
      if (!(stepSpeed(state, slot, back) > exitMpms)) return false
    }
    return true
  }

  /** Speed from the point `back` points ago to the one after it, metres per ms. */
  function stepSpeed(state: LoiteringState, slot: number, back: number): number {
    const a = at(state, slot, back)
    const b = at(state, slot, back - 1)
    return distance(state, a, b) / (state.ring[b]! - state.ring[a]!)
  }

  /** Slow over the whole window: it began with the first slow step inside it. */
  function begin(state: LoiteringState, slot: number): void {
    if (!(netSpeed(state, slot, windowMs) < slowMpms)) return
    let back = backTo(state, slot, windowMs)
    while (back > 1 && !(stepSpeed(state, slot, back) < slowMpms)) back--
    const start = pointFix(state, slot, back)
    const slow: Slow = {
      ...{ start, last: start, radiusM: 0, pathM: 0, fixes: 0, northDeg: 0, eastDeg: 0 },
      ...{ opened: false, askShoreAt: -Infinity },
    }
    state.slow.set(slot, slow)
    extend(slow, start)
    extendUntil(state, slot, slow, state.ring[at(state, slot, 0)]! - exitMs)
  }

  function pointFix(state: LoiteringState, slot: number, back: number): Fix {
    const k = at(state, slot, back)
    return fix(state.ring[k]!, state.ring[k + 1]!, state.ring[k + 2]!)
  }

  /** Takes in the points up to a time. Those of the last exitMinutes wait: they may already be the departure. */
  function extendUntil(state: LoiteringState, slot: number, slow: Slow, t: number): void {
    let back = 0
    while (back < state.used[slot]! && state.ring[at(state, slot, back)]! > slow.last.t) back++
    for (back--; back >= 0 && state.ring[at(state, slot, back)]! <= t; back--)
      extend(slow, pointFix(state, slot, back))
  }

  function extend(slow: Slow, point: Fix): void {
    const lat = point.lat!
    const lon = point.lon!
    slow.pathM += planeM(slow.last.lat!, slow.last.lon!, lat, lon)
    slow.radiusM = Math.max(slow.radiusM, planeM(slow.start.lat!, slow.start.lon!, lat, lon))
    slow.last = point
    slow.fixes++
    slow.northDeg += lat - slow.start.lat!
    slow.eastDeg += lonDelta(slow.start.lon!, lon)
  }

  /** Under way again: it ended where the fast steps began. */
  function finish(state: LoiteringState, slot: number, slow: Slow, emit: Emit): void {
    let back = 0
    while (back + 1 < state.used[slot]! && !(stepSpeed(state, slot, back + 1) < slowMpms)) back++
    const end = pointFix(state, slot, back)
    close(state, slot, slow, end.t > slow.last.t ? end : slow.last, emit)
  }

  function close(state: LoiteringState, slot: number, slow: Slow, end: Fix, emit: Emit): void {
    state.slow.delete(slot)
    extendUntil(state, slot, slow, end.t)
    if (slow.opened || (end.t - slow.start.t >= minMs && offshore(slow))) emit(describe(slow, end.t, end))
  }

  /** A silence too long to say anything of, or a jump: what there was ends at the last fix before. */
  function restart(state: LoiteringState, slot: number, tracks: Tracks, emit: Emit): void {
    const slow = state.slow.get(slot)
    if (slow) close(state, slot, slow, fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!), emit)
    state.used[slot] = 0
    state.head[slot] = 0
    state.newestT[slot] = 0
  }

  function meanPlace({ start, fixes, northDeg, eastDeg }: Slow): { lat: number; lon: number } {
    return { lat: start.lat! + northDeg / fixes, lon: wrapLon(start.lon! + eastDeg / fixes) }
  }

  function offshore(slow: Slow): boolean {
    if (!coast || minShoreM === 0) return true
    const { lat, lon } = meanPlace(slow)
    return coast.shoreDistanceM(lat, lon) >= minShoreM
  }

  function open(slow: Slow, t: number, emit: Emit): void {
    if (!offshore(slow)) {
      slow.askShoreAt = t + MS_PER_HOUR
      return
    }
    emit(describe(slow, t, null))
    slow.opened = true
  }

  function describe(slow: Slow, asOf: number, end: Fix | null): DetectorEvent {
    const mean = meanPlace(slow)
    const hours = ((end?.t ?? asOf) - slow.start.t) / MS_PER_HOUR
    const anchored = slow.radiusM <= ANCHOR_RADIUS_M
    const shoreM = coast ? coast.shoreDistanceM(mean.lat, mean.lon) : null
    const netKn = slow.pathM / M_PER_NM / Math.max(hours, 1e-9)
    const evidence: Evidence[] = [
      {
        family: 'behaviour',
        name: 'slow_h',
        value: round(hours, 2),
        expected: `< ${options.minHours} h`,
        weight: round(Math.min(1.5, Math.log2(hours / options.minHours) / 2), 3),
        text: `slow for ${hours.toFixed(1)} h within ${(slow.radiusM / M_PER_NM).toFixed(1)} nm`,
      },
    ]
    if (anchored) {
      const text = 'stays within the swing of an anchor'
      evidence.push({ family: 'place', name: 'radius_m', value: round(slow.radiusM, 0), weight: -1, text })
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
      revision: slow.opened && end ? 2 : 1,
      asOf,
      start: slow.start,
      end,
      score: rankScore(-2, evidence),
      evidence,
      details: {
        meanPlace: mean,
        radiusM: slow.radiusM,
        pathM: slow.pathM,
        averageSpeedKn: netKn,
        thinnedFixes: slow.fixes,
        distanceFromShoreM: shoreM,
      },
    }
  }

  return {
    name: 'loitering',
    init: slots => ({
      ring: new Float64Array(slots * stride),
      newestT: new Float64Array(slots),
      head: new Uint8Array(slots),
      used: new Uint8Array(slots),
      slow: new Map(),
    }),
    step,
    clear(state, slot, tracks, emit) {
      restart(state, slot, tracks, emit)
      state.ring.fill(0, slot * stride, (slot + 1) * stride)
    },
  }
}
