// Implausible jump: the vessel's position moves where no ship of its kind could have gone in the time, and stays there.
// tracks/associate confirms the new place first, so a single displaced fix never gets this far. When the old place goes
// on as well, it was no jump but a second ship: the accusation is withdrawn. detection.md 5.1.
//
// A false place moves no antenna: whoever heard the ship before goes on hearing it. When others hear it at the new place,
// it is another ship, or a message that comes late by another way, and nothing is said until one of the first hears it there.

import { haversineM } from '../../geo/distance.js'
import { distanceBetweenM, fix, heardFix, impliedSpeedKn } from '../../geo/fix.js'
import { heardByOf, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { COLLECTIONS } from '../../model/report.js'
import { isCopyOf, type Copy, type ReceiverSets } from '../../model/receivers.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, round } from '../../model/units.js'
import { lastFix } from '../../tracks/last-place.js'
import { lastHeardBy, type Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import { initLate, isLate, meetsItself, type LateState } from './late.js'
import type { RememberedState } from './remembered.js'

/** A vessel that jumps more often than this in a day is described by its last ones. */
const MAX_RECENT = 16
/** Satellites pass: who of them heard a ship says nothing. */
const SATELLITE = COLLECTIONS.indexOf('satellite')
const AN_ORBIT = -1
/** A receiver without a name. */
const NOBODY = 0
/** A satellite's messages are a day late at most, and this is more than ships make in a day: 25 kn. */
const A_DAY_M = 600 * M_PER_NM
/** Whoever heard it at the old place is waited for so long. */
const WAIT_MS = MS_PER_HOUR

/** A jump to a place where none of those that heard the ship before has heard it yet. */
interface Unheard {
  event: DetectorEvent
  /** Who heard it at the old place: ids in words.receivers, −1 a satellite. */
  before: number[]
}

export interface JumpState {
  /** 1 where a jump was seen of late: all that the report of an ordinary ship reads. */
  watched: Uint8Array
  /** Jumps of the last day, by slot: what a shared MMSI would have to take back. */
  recent: Map<number, DetectorEvent[]>
  /** By slot. */
  unheard: Map<number, Unheard>
  late: LateState
}

export function jumpDetector(
  clean: Config['clean'],
  { receivers, remembered }: { receivers: ReceiverSets; remembered: RememberedState },
): Detector<JumpState> {
  const moved: Detector<JumpState>['moved'] = (state, slot, tracks, batch, i, isJump, emit) => {
    state.unheard.delete(slot)
    if (!isJump || isLate(state.late, tracks.mmsi[slot]!, batch.t[i]!)) return
    state.watched[slot] = 1
    const event = describe(tracks, slot, batch, i)
    const heardBy = receivers.members(lastHeardBy(tracks, slot))
    const before =
      tracks.collection[slot] === SATELLITE ? [AN_ORBIT] : heardBy.length > 0 ? [...heardBy] : [NOBODY]
    const isFar = (event.details['distanceM'] as number) > A_DAY_M
    const isByOrbit = before.includes(AN_ORBIT) || batch.collection[i] === SATELLITE
    if ((isByOrbit && isFar) || isHeardBy(before, batch, i)) say(state, slot, event, emit)
    else state.unheard.set(slot, { event, before })
  }

  /** One of those has heard row `i`, or nobody knows who heard what. */
  function isHeardBy(before: readonly number[], batch: ReportBatch, i: number): boolean {
    if (batch.collection[i] === SATELLITE) return before.includes(AN_ORBIT)
    const set = heardByOf(batch, i)
    return set === 0 ? !before.includes(AN_ORBIT) : before.includes(NOBODY) || isAmong(before, set)
  }

  /** No ship gets there from where it was: what goes on at the old place is no witness of the new one. */
  function isOutOfReach({ start }: DetectorEvent, t: number, lat: number, lon: number): boolean {
    const reachNm = clean.minJumpNm + (clean.maxSpeedKn * (t - start.t)) / MS_PER_HOUR
    return haversineM(start.lat!, start.lon!, lat, lon) > reachNm * M_PER_NM
  }

  const isAmong = (before: readonly number[], set: number) =>
    receivers.members(set).some(id => before.includes(id))

  function say(state: JumpState, slot: number, event: DetectorEvent, emit: Emit): void {
    const kept = (state.recent.get(slot) ?? []).filter(({ asOf }) => event.asOf - asOf <= MS_PER_DAY)
    state.recent.set(slot, [...kept, event].slice(-MAX_RECENT))
    emit(event)
  }

  const step: Detector<JumpState>['step'] = (state, slot, tracks, batch, i, emit) => {
    if (state.watched[slot] === 0) return
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const t = batch.t[i]!
    const recent = state.recent.get(slot)
    if (recent && meetsItself(state.late, remembered, tracks, slot, batch, i)) takeBack(state, slot, t, emit)
    else if (recent && t - recent.at(-1)!.asOf > MS_PER_DAY) state.recent.delete(slot)
    const waiting = state.unheard.get(slot)
    if (!waiting) {
      if (!state.recent.has(slot)) forget(state, slot)
      return
    }
    if (t - waiting.event.asOf > WAIT_MS) state.unheard.delete(slot)
    else if (isHeardBy(waiting.before, batch, i) && isOutOfReach(waiting.event, t, lat, batch.lon[i]!)) {
      state.unheard.delete(slot)
      say(state, slot, { ...waiting.event, asOf: t }, emit)
    }
  }

  /** It never was elsewhere. */
  function takeBack(state: JumpState, slot: number, t: number, emit: Emit): void {
    for (const event of state.recent.get(slot) ?? []) {
      if (t - event.asOf <= MS_PER_DAY)
        emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
    }
    forget(state, slot)
  }

  function forget(state: JumpState, slot: number): void {
    state.watched[slot] = 0
    state.recent.delete(slot)
    state.unheard.delete(slot)
  }

  const parted: Detector<JumpState>['parted'] = (state, { slots }, _tracks, t, emit) => {
    for (const slot of slots) takeBack(state, slot, t, emit)
  }

  /** One of those that it waits for has heard the new place too, or one more has heard the old one. */
  function copiedUnheard(state: JumpState, slot: number, copy: Copy, emit: Emit): void {
    const waiting = state.unheard.get(slot)
    if (!waiting) return
    const before = isCopyOf(copy, waiting.event.start)
      ? [...new Set([...waiting.before, ...receivers.members(copy.heardBy)])]
      : waiting.before
    const event = withCopy(waiting.event, copy)
    const isThere = copy.t >= event.end!.t && copy.lat === copy.lat
    if (isThere && isAmong(before, copy.heardBy) && isOutOfReach(event, copy.t, copy.lat, copy.lon)) {
      state.unheard.delete(slot)
      say(state, slot, { ...event, asOf: copy.asOf }, emit)
    } else if (event !== waiting.event) state.unheard.set(slot, { event, before })
  }

  /** One more receiver heard a place that it left or came to. */
  const copied: Detector<JumpState>['copied'] = (state, slot, _tracks, copy, emit) => {
    if (state.unheard.size > 0) copiedUnheard(state, slot, copy, emit)
    const recent = state.recent.size > 0 ? state.recent.get(slot) : undefined
    recent?.forEach((event, k) => {
      const more = withCopy(event, copy)
      if (more === event) return
      recent[k] = { ...more, revision: event.revision + 1, asOf: copy.asOf }
      emit(recent[k])
    })
  }

  /** The event with one more receiver of its places; the same event when the copy is of neither. */
  function withCopy(event: DetectorEvent, copy: Copy): DetectorEvent {
    const heard = (at: Fix) => (isCopyOf(copy, at) ? heardFix(at, receivers.names(copy.heardBy)) : at)
    const [from, to] = [heard(event.start), heard(event.end!)]
    if (from === event.start && to === event.end) return event
    return { ...event, start: from, end: to, details: { ...event.details, from, to } }
  }

  function describe(tracks: Tracks, slot: number, batch: ReportBatch, i: number): DetectorEvent {
    const from = lastFix(tracks, slot, receivers)
    const names = receivers.names(heardByOf(batch, i))
    const to = heardFix(fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!), names)
    const distanceM = distanceBetweenM(from, to)!
    const speedKn = impliedSpeedKn(from, to, distanceM)
    const nm = distanceM / M_PER_NM
    const evidence: Evidence[] = [
      {
        family: 'kinematics',
        name: 'implied_speed_kn',
        value: speedKn === null ? null : round(speedKn, 1),
        expected: `≤ ${clean.maxSpeedKn} kn`,
        weight: round(Math.min(1.5, Math.log10((speedKn ?? Infinity) / clean.maxSpeedKn)), 3),
        text:
          speedKn === null
            ? `${nm.toFixed(0)} nm in no time`
            : `${nm.toFixed(0)} nm at ${speedKn.toFixed(0)} kn`,
      },
      {
        family: 'place',
        name: 'distance_nm',
        value: round(nm, 1),
        expected: `≤ ${clean.minJumpNm} nm`,
        weight: round(Math.min(1, Math.log10(nm / clean.minJumpNm) / 2), 3),
        text: 'the new place was confirmed by further fixes',
      },
    ]
    return {
      type: 'spoofing',
      class: 'jump',
      key: 'jump',
      phase: 'closed',
      revision: 1,
      asOf: to.t,
      start: from,
      end: to,
      score: rankScore(-0.5, evidence),
      evidence,
      details: { from, to, distanceM, impliedSpeedKn: speedKn },
    }
  }

  return {
    name: 'jump',
    init: slots => ({
      watched: new Uint8Array(slots),
      recent: new Map(),
      unheard: new Map(),
      late: initLate(),
    }),
    step,
    moved,
    copied,
    parted,
    clear(state, slot, tracks) {
      forget(state, slot)
      state.late.met.delete(tracks.mmsi[slot]!)
    },
  }
}
