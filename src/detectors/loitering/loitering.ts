// Loitering: a vessel gets nowhere for hours, far from shore: it drifts, waits or works, perhaps to meet another ship.
// Slow is judged by net displacement over a sliding hour, never by the path: a ship at anchor with 30 m of GNSS noise
// every 10 s sails 6 knots on paper. Start and end are fixes of the track, not clock hours. detection.md section 6.

import { lonDelta } from '../../geo/antimeridian.js'
import { bearingDeg } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { sigmaOf } from '../../tracks/motion.js'
import { createNear, place, takeOut, type NearState } from '../../tracks/near.js'
import type { Tracks } from '../../tracks/table.js'
import { THIN_MS, thinnedTracks, type Before, type ThinnedState } from '../../tracks/thinned.js'
import type { Coast } from '../../zones/coast.js'
import type { PortIndex } from '../../zones/ports.js'
import type { Detector, Emit } from '../detector.js'
import { PASSAGE_KN, type ClassRule, type SlowHours } from './classes.js'
import { compare, queueAt, type Compared } from './company.js'
import { describe, netBetween } from './describe.js'
import * as slowly from './slow.js'
import { createTurning, forget, note, noted, settle, type TurningState } from './turning.js'

/** The bow points elsewhere, by more than this (detection.md section 6) … */
const OFF_BOW_DEG = 45
/** … of the course told, where the place has not moved enough to tell one, and slower than this, where that is noise, … */
const COURSE_KN = 0.5
/** … of the way of so long. */
const COURSE_MS = 30 * MS_PER_MIN
/** Ships at anchor and in roads nearer to the coast than this, or in a port of the list, are everyday (encounter: the same). */
const EVERYDAY_M = 3 * M_PER_NM
/** Farther out than this nobody has a reason to be slow that a chart would show (GFW: 20 nm). */
const OFFSHORE_M = 20 * M_PER_NM
/** The vessels around are looked at, and what was not to be told is asked again, after this. */
const AGAIN_MS = MS_PER_HOUR
const FISHING = 30
/** Navigational status by what it says of a slow vessel (ITU-R M.1371). */
const SAYS: Record<number, number> = {
  1: slowly.SAYS_LYING,
  5: slowly.SAYS_LYING,
  6: slowly.SAYS_LYING,
  3: slowly.SAYS_RESTRICTED,
  7: slowly.SAYS_FISHING,
}

export interface LoiteringState {
  thinned: ThinnedState
  slow: slowly.SlowState
  turning: TurningState
  /** The slow ones alone. */
  near: NearState
}

export interface LoiteringViews {
  words: Words
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

export function loiteringDetector(
  options: Config['loitering'],
  { words, coast, ports }: LoiteringViews,
): Detector<LoiteringState> {
  const windowMs = options.windowMinutes * MS_PER_MIN
  const exitMs = options.exitMinutes * MS_PER_MIN
  const minMs = options.minHours * MS_PER_HOUR
  const unheardMs = options.unheardMinutes * MS_PER_MIN
  const maxHoleMs = options.maxHoleHours * MS_PER_HOUR
  const minShoreM = options.minShoreNm * M_PER_NM
  const { maxSpeedKn } = options
  const slowMpms = (maxSpeedKn * M_PER_NM) / MS_PER_HOUR
  const exitMpms = (options.exitSpeedKn * M_PER_NM) / MS_PER_HOUR
  const passageMpms = (PASSAGE_KN * M_PER_NM) / MS_PER_HOUR
  const rule: ClassRule = {
    anchorRadiusM: options.anchorRadiusNm * M_PER_NM,
    offshoreM: OFFSHORE_M,
  }
  const track = thinnedTracks(Math.max(windowMs, exitMs, COURSE_MS))
  const compared: Compared = { compared: 0, alike: 0, stayed: 0 } // one, over and over
  const then: Before = { lat: NaN, lon: NaN, sigmaM: NaN }

  const step: Detector<LoiteringState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const t = batch.t[i]!
    const newestT = state.thinned.newestT[slot]!
    if (batch.sog[i]! < maxSpeedKn !== tracks.sog[slot]! < maxSpeedKn && newestT !== 0)
      passes(state.turning, slot, tracks, batch, i, newestT)
    if (newestT !== 0 && t - newestT < THIN_MS) return
    take(state, slot, tracks, batch, i, emit)
  }

  /** The reported speed passes the bound: it slows down at this report, or was slow for the last time before it. */
  function passes(
    turning: TurningState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    newestT: number,
  ): void {
    const sog = batch.sog[i]!
    const before = tracks.sog[slot]!
    if (sog !== sog || before !== before) return
    if (sog < maxSpeedKn) note(turning, slot, 'slowing', batch.t[i]!, batch.lat[i]!, batch.lon[i]!, newestT)
    else note(turning, slot, 'leaving', tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!, newestT)
  }

  /** A new point of the thinned track. */
  function take(
    state: LoiteringState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const { thinned, slow } = state
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    const sigmaM = sigmaOf(batch.msgType[i]!, batch.txClass[i]!)
    if (thinned.newestT[slot] !== 0 && t - tracks.t[slot]! > maxHoleMs) restart(state, slot, tracks, emit)
    track.push(thinned, slot, t, lat, lon, sigmaM)
    if (thinned.used[slot]! < 2) return
    const isStep = track.speed(thinned, slot, 1, 0) < slowMpms
    settle(state.turning, slot, isStep, thinned.ring[track.at(thinned, slot, 1)]!)
    if (!slowly.isSlow(slow, slot)) {
      if (!(track.meanSpeed(thinned, slot, windowMs) < slowMpms)) return
      begin(state, slot)
    } else if (!isStep && isLeaving(thinned, slot)) {
      finish(state, slot, tracks, emit)
      return
    }
    goOn(state, slot, isStep)
    place(state.near, slot, lat, lon)
    observe(state, slot, batch, i)
    const k = slot * slowly.FIELDS
    const { rows } = slow
    if (t >= rows[k + slowly.LOOK_AT]!) look(state, slot, tracks, t)
    if (rows[k + slowly.OPENED] === 1 || t < rows[k + slowly.ASK_AT]!) return
    if (slowly.isLong(slow, slot, rows[k + slowly.LAST_T]!, minMs)) open(state, slot, tracks, t, emit)
  }

  /** Slow over the whole window: it began with the first slow step inside it, or where it was seen to slow down about then. */
  function begin(state: LoiteringState, slot: number): void {
    const { thinned } = state
    const isSlowStep = (back: number): boolean => track.speed(thinned, slot, back, back - 1) < slowMpms
    const oldest = track.backTo(thinned, slot, windowMs)
    let back = oldest
    while (back > 0 && !isSlowStep(back)) back--
    // to and fro or in circles at more than that, it gets nowhere all the same
    if (back === 0) back = oldest
    else while (back + 1 < thinned.used[slot]! && isSlowStep(back + 1)) back++
    const at = pointAt(thinned, slot, back)
    const before = back + 1 < thinned.used[slot]! ? pointAt(thinned, slot, back + 1).t : at.t
    const start = noted(state.turning, slot, 'slowing', before, pointAt(thinned, slot, back - 1).t) ?? at
    slowly.beginSlow(state.slow, slot, start)
  }

  /**
   * Takes in the points up to the begin of the last slow step, in which it may have left. What follows on it may be the
   * departure, and waits until a slow step tells that it was none, or the window has passed over it.
   */
  function goOn(state: LoiteringState, slot: number, isStepSlow: boolean): void {
    const { ring, newestT } = state.thinned
    takeInto(state, slot, isStepSlow ? ring[track.at(state.thinned, slot, 1)]! : newestT[slot]! - windowMs)
  }

  /** Takes in the points up to a time. */
  function takeInto(state: LoiteringState, slot: number, until: number): void {
    const { thinned, slow } = state
    const { ring } = thinned
    const k = slot * slowly.FIELDS
    let back = 0
    while (back < thinned.used[slot]! && ring[track.at(thinned, slot, back)]! > slow.rows[k + slowly.LAST_T]!)
      back++
    for (back--; back >= 0; back--) {
      const at = track.at(thinned, slot, back)
      if (!(ring[at]! <= until)) return
      slowly.takeIn(slow, slot, ring[at]!, ring[at + 1]!, ring[at + 2]!, thinned.sigmaM[at / 3]!, unheardMs)
    }
  }

  /**
   * Gets away, in every step of a while and over the whole window: neither a short dash is that, nor fishing in circles. A
   * ferry that is back within the hour sails all the same: faster than anybody fishes.
   */
  function isLeaving(thinned: ThinnedState, slot: number): boolean {
    const from = track.backTo(thinned, slot, exitMs)
    if (from < 0) return false
    const awayMpms = track.speed(thinned, slot, from, 0)
    if (!(awayMpms > exitMpms)) return false
    for (let back = from; back > 0; back--)
      if (!(track.speed(thinned, slot, back, back - 1) > exitMpms)) return false
    return awayMpms > passageMpms || !(track.meanSpeed(thinned, slot, windowMs) <= exitMpms)
  }

  /** Under way again: it ended where the fast steps began, or where it was seen to get under way about then. */
  function finish(state: LoiteringState, slot: number, tracks: Tracks, emit: Emit): void {
    const { thinned, slow } = state
    let back = 0
    while (back + 1 < thinned.used[slot]! && track.speed(thinned, slot, back + 1, back) > exitMpms) back++
    const at = pointAt(thinned, slot, back)
    const before = back + 1 < thinned.used[slot]! ? pointAt(thinned, slot, back + 1).t : at.t
    const left = noted(state.turning, slot, 'leaving', before, pointAt(thinned, slot, back - 1).t)
    const last = slowly.lastOf(slow, slot)
    const end = left ?? at
    close(state, slot, tracks, end.t > last.t ? end : last, emit)
  }

  /** The track is broken: what there was ends at the last fix before. */
  function restart(state: LoiteringState, slot: number, tracks: Tracks, emit: Emit): void {
    if (slowly.isSlow(state.slow, slot))
      close(state, slot, tracks, fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!), emit)
    breakOff(state, slot)
  }

  function breakOff(state: LoiteringState, slot: number): void {
    track.clear(state.thinned, slot)
    forget(state.turning, slot)
  }

  function close(state: LoiteringState, slot: number, tracks: Tracks, end: Fix, emit: Emit): void {
    const { slow } = state
    takeInto(state, slot, end.t)
    const isOpen = slow.rows[slot * slowly.FIELDS + slowly.OPENED] === 1
    if (isOpen || (slowly.isLong(slow, slot, end.t, minMs) && inshoreM(slow, slot) <= 0)) {
      const event = describeSlot(state, slot, tracks, end.t, end)
      if (isOpen || !isEveryday(event)) emit(event)
    }
    slowly.endSlow(slow, slot)
    takeOut(state.near, slot)
  }

  function open(state: LoiteringState, slot: number, tracks: Tracks, t: number, emit: Emit): void {
    const { rows } = state.slow
    const k = slot * slowly.FIELDS
    const tooNearM = inshoreM(state.slow, slot)
    if (tooNearM > 0) {
      // a ship that does not get away is no sooner out there
      rows[k + slowly.ASK_AT] = t + Math.max(AGAIN_MS, tooNearM / exitMpms)
      return
    }
    const event = describeSlot(state, slot, tracks, t, null)
    if (isEveryday(event)) rows[k + slowly.ASK_AT] = t + AGAIN_MS
    else {
      emit(event)
      rows[k + slowly.OPENED] = 1
    }
  }

  /** What the new point says beside its place. */
  function observe(
    { thinned, slow: { counts } }: LoiteringState,
    slot: number,
    batch: ReportBatch,
    i: number,
  ) {
    const c = slot * slowly.COUNTS
    const says = SAYS[batch.navStatus[i]!]
    if (says !== undefined) counts[c + says]!++
    const heading = batch.heading[i]!
    if (heading !== heading) return
    let course = NaN
    if (track.speed(thinned, slot, 1, 0) > 0) {
      const from = pointAt(thinned, slot, 1)
      course = bearingDeg(from.lat!, from.lon!, batch.lat[i]!, batch.lon[i]!)
    } else if (batch.sog[i]! >= COURSE_KN) course = batch.cog[i]!
    else if (track.meanSpeed(thinned, slot, COURSE_MS) > 0 && track.before(thinned, slot, COURSE_MS, then))
      course = bearingDeg(then.lat, then.lon, batch.lat[i]!, batch.lon[i]!)
    if (course !== course) return
    counts[c + slowly.HEADED]!++
    if (Math.abs(lonDelta(course, heading)) > OFF_BOW_DEG) counts[c + slowly.OFF_BOW]!++
  }

  /**
   * Who lies around it, and how it moved against those that move. Ships at anchor near the coast are many, and nothing is told of
   * them: they do not look.
   */
  function look(state: LoiteringState, slot: number, tracks: Tracks, t: number): void {
    const { near, thinned, slow } = state
    const k = slot * slowly.FIELDS
    slow.rows[k + slowly.LOOK_AT] = t + AGAIN_MS
    const lies = slowly.radiusOf(slow, slot) <= rule.anchorRadiusM
    if (lies && slow.rows[k + slowly.OPENED] === 0) return
    lookForQueue(state, slot, tracks, t)
    if (lies) return
    compare(near, track, thinned, slot, compared)
    const c = slot * slowly.COUNTS
    slow.counts[c + slowly.COMPARED]! += compared.compared
    slow.counts[c + slowly.ALIKE]! += compared.alike
    slow.counts[c + slowly.STAYED]! += compared.stayed
  }

  function lookForQueue({ near, slow }: LoiteringState, slot: number, tracks: Tracks, t: number): void {
    const isOther = (other: number): boolean =>
      slowly.isSlow(slow, other) && shipType(tracks, other) !== FISHING
    const queue = queueAt(near, tracks, slot, slowly.meanPlace(slow, slot), t, isOther)
    const c = slot * slowly.COUNTS
    slow.counts[c + slowly.LOOKS]!++
    if (queue >= options.queueVessels) slow.counts[c + slowly.QUEUED]!++
    slow.counts[c + slowly.QUEUE] = Math.max(slow.counts[c + slowly.QUEUE]!, queue)
  }

  const shipType = (tracks: Tracks, slot: number): number | undefined =>
    words.statics.get(tracks.statics[slot]!)?.shipType

  /** Metres from the coast; 0 on land, where rivers and lakes are; null without a coast. */
  function shoreM(slow: slowly.SlowState, slot: number): number | null {
    if (!coast) return null
    const { lat, lon } = slowly.meanPlace(slow, slot)
    return coast.onLand(lat, lon) ? 0 : coast.shoreDistanceM(lat, lon)
  }

  /** How much nearer to the shore it is than it has to be to be told of, metres; 0 or less: it is far enough. */
  const inshoreM = (slow: slowly.SlowState, slot: number): number =>
    minShoreM === 0 ? 0 : minShoreM - (shoreM(slow, slot) ?? Infinity)

  /** Ships at anchor near the coast, and in ports of the list: there are hundreds of them at any time. */
  const isEveryday = ({ class: kind, details }: DetectorEvent): boolean =>
    (kind === 'anchored' || kind === 'waiting_at_port') &&
    (details['port'] !== null || ((details['distanceFromShoreM'] as number | null) ?? Infinity) < EVERYDAY_M)

  function describeSlot(
    state: LoiteringState,
    slot: number,
    tracks: Tracks,
    asOf: number,
    end: Fix | null,
  ): DetectorEvent {
    const { slow } = state
    const { rows, counts } = slow
    const k = slot * slowly.FIELDS
    const count = (which: number): number => counts[slot * slowly.COUNTS + which]!
    const start = slowly.startOf(slow, slot)
    const meanPlace = slowly.meanPlace(slow, slot)
    const port = ports?.at(meanPlace.lat, meanPlace.lon)
    // who lay at anchor has not looked yet
    if (count(slowly.LOOKS) === 0) lookForQueue(state, slot, tracks, asOf)
    const hours: SlowHours = {
      radiusM: slowly.radiusOf(slow, slot),
      pathM: rows[k + slowly.PATH_M]!,
      netM: netBetween(start, end ?? slowly.lastOf(slow, slot)),
      hours: ((end?.t ?? asOf) - start.t) / MS_PER_HOUR,
      turnDeg: rows[k + slowly.TURNED_DEG]! / count(slowly.TURNS),
      fixes: count(slowly.FIXES),
      saysLying: count(slowly.SAYS_LYING),
      saysFishing: count(slowly.SAYS_FISHING),
      saysRestricted: count(slowly.SAYS_RESTRICTED),
      headed: count(slowly.HEADED),
      offBow: count(slowly.OFF_BOW),
      compared: count(slowly.COMPARED),
      alike: count(slowly.ALIKE),
      stayed: count(slowly.STAYED),
      shipType: shipType(tracks, slot),
      isInPort: port !== undefined,
      looks: count(slowly.LOOKS),
      queued: count(slowly.QUEUED),
      shoreM: shoreM(slow, slot),
    }
    return describe(
      {
        slow: hours,
        start,
        end,
        asOf,
        isRetold: rows[k + slowly.OPENED] === 1,
        meanPlace,
        queue: count(slowly.QUEUE),
        unheardMs: rows[k + slowly.UNHEARD_MS]!,
        port: port?.name ?? null,
        minHours: options.minHours,
      },
      rule,
    )
  }

  function pointAt(thinned: ThinnedState, slot: number, back: number): Fix {
    const at = track.at(thinned, slot, back)
    return fix(thinned.ring[at]!, thinned.ring[at + 1]!, thinned.ring[at + 2]!)
  }

  return {
    name: 'loitering',
    init: slots => ({
      thinned: track.init(slots),
      slow: slowly.createSlow(slots),
      turning: createTurning(slots),
      near: createNear(slots),
    }),
    step,
    moved: (state, slot, tracks, _batch, _i, _isJump, emit) => restart(state, slot, tracks, emit),
    mistaken: breakOff,
    clear: restart,
  }
}
