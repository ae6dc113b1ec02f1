// Implausible jump: the vessel's position moves where no ship of its kind could have gone in the time, and stays there.
// tracks/associate confirms the new place first, so a single displaced fix never gets this far. When the old place goes
// on as well, it was no jump but a second ship: the accusation is withdrawn. detection.md 5.1.

import { distanceBetweenM, fix, heardFix, impliedSpeedKn } from '../../geo/fix.js'
import { heardByOf, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { isCopyOf, type ReceiverSets } from '../../model/receivers.js'
import { M_PER_NM, MS_PER_DAY, round } from '../../model/units.js'
import { lastFix } from '../../tracks/last-place.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector } from '../detector.js'
import { rankScore } from '../score.js'

/** A vessel that jumps more often than this in a day is described by its last ones. */
const MAX_RECENT = 16

export interface JumpState {
  /** Jumps of the last day, by slot: what a shared MMSI would have to take back. */
  recent: Map<number, DetectorEvent[]>
}

export function jumpDetector(clean: Config['clean'], receivers: ReceiverSets): Detector<JumpState> {
  const moved: Detector<JumpState>['moved'] = (state, slot, tracks, batch, i, isJump, emit) => {
    if (!isJump) return
    const event = describe(tracks, slot, batch, i)
    const kept = (state.recent.get(slot) ?? []).filter(({ asOf }) => event.asOf - asOf <= MS_PER_DAY)
    state.recent.set(slot, [...kept, event].slice(-MAX_RECENT))
    emit(event)
  }

  const parted: Detector<JumpState>['parted'] = (state, { slots }, _tracks, t, emit) => {
    for (const slot of slots) {
      for (const event of state.recent.get(slot) ?? []) {
        if (t - event.asOf <= MS_PER_DAY)
          emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
      }
      state.recent.delete(slot)
    }
  }

  /** One more receiver heard a place that it left or came to. */
  const copied: Detector<JumpState>['copied'] = (state, slot, _tracks, copy, emit) => {
    const recent = state.recent.size > 0 ? state.recent.get(slot) : undefined
    recent?.forEach((event, k) => {
      const heard = (at: Fix) => (isCopyOf(copy, at) ? heardFix(at, receivers.names(copy.heardBy)) : at)
      const [from, to] = [heard(event.start), heard(event.end!)]
      if (from === event.start && to === event.end) return
      recent[k] = {
        ...event,
        ...{ revision: event.revision + 1, asOf: copy.asOf, start: from, end: to },
        details: { ...event.details, from, to },
      }
      emit(recent[k])
    })
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
    init: () => ({ recent: new Map() }),
    moved,
    copied,
    parted,
    clear(state, slot) {
      state.recent.delete(slot)
    },
  }
}
