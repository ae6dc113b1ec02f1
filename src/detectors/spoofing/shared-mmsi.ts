// Shared MMSI: two ships or more send under one number, each consistent in itself, in turn, from places that one ship
// cannot serve. A clone hides behind another ship's name; a placeholder number is a careless installation. tracks/associate
// tells the ships apart; here it is said. detection.md 5.2.
// A feed that delivers hours late makes two ships of one as well (./late).

import { distanceBetweenM, fix, heardFix } from '../../geo/fix.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { isCopyOf, type Copy, type ReceiverSets } from '../../model/receivers.js'
import { M_PER_NM, round } from '../../model/units.js'
import type { Parting } from '../../tracks/associate.js'
import { lastFix } from '../../tracks/last-place.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import { initLate, isLate, meetsItself, type LateState } from './late.js'
import type { RememberedState } from './remembered.js'

/** Numbers that devices are delivered with or that people type; several ships use each at any time. */
const PLACEHOLDERS = new Set([
  1, 1193046, 123456, 1234567, 12345678, 123456789, 987654321, 111111111, 222222222, 333333333, 444444444,
  555555555, 666666666, 777777777, 888888888, 999999999,
])
/** A country code followed by zeros only was never assigned to one ship. */
const isPlaceholder = (mmsi: number) => PLACEHOLDERS.has(mmsi) || mmsi % 1_000_000 === 0

interface Shared extends DetectorEvent {
  slot: number
  slots: number[]
}

export interface SharedMmsiState {
  /** The announced event as last said, by MMSI. */
  open: Map<number, Shared>
  late: LateState
}

export function sharedMmsiDetector(
  options: Config['spoofing'],
  { receivers, remembered }: { receivers: ReceiverSets; remembered: RememberedState },
): Detector<SharedMmsiState> {
  const parted: Detector<SharedMmsiState>['parted'] = (state, parting, tracks, t, emit) => {
    const mmsi = tracks.mmsi[parting.slots[0]]!
    if (isLate(state.late, mmsi, t)) return
    const open = state.open.get(mmsi)
    const event = open
      ? {
          ...open,
          ...{ phase: 'updated' as const, revision: open.revision + 1, asOf: t },
          slots: [...new Set([...open.slots, ...parting.slots])],
        }
      : describe(parting, tracks, t)
    state.open.set(mmsi, event)
    emit(event)
  }

  /** Does a track of a shared number repeat what the number sent hours ago? */
  const step: Detector<SharedMmsiState>['step'] = (state, slot, tracks, batch, i, emit) => {
    if (tracks.alternations[slot] === 0 || state.open.size === 0) return
    const mmsi = tracks.mmsi[slot]!
    const event = state.open.get(mmsi)
    if (!event || !meetsItself(state.late, remembered, tracks, slot, batch, i)) return
    const t = batch.t[i]!
    close(state, mmsi)
    emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf: t })
  }

  function close(state: SharedMmsiState, mmsi: number): void {
    state.open.delete(mmsi)
    state.late.met.delete(mmsi)
  }

  /** One more receiver heard one of the two places. */
  function copied(state: SharedMmsiState, slot: number, tracks: Tracks, copy: Copy, emit: Emit): void {
    const mmsi = tracks.mmsi[slot]!
    const open = state.open.size > 0 ? state.open.get(mmsi) : undefined
    if (!open) return
    const before = open.details['places'] as Fix[]
    const names = receivers.names(copy.heardBy)
    const isNews = (at: Fix) => isCopyOf(copy, at) && at.receivers?.length !== names?.length
    if (!before.some(isNews)) return
    const places = before.map(at => (isNews(at) ? heardFix(at, names) : at))
    const event = {
      ...open,
      ...{ phase: 'updated' as const, revision: open.revision + 1, asOf: copy.asOf },
      details: { ...open.details, places },
    }
    state.open.set(mmsi, event)
    emit(event)
  }

  function describe({ slots, fork, alternations }: Parting, tracks: Tracks, asOf: number) {
    const start = fix(...fork)
    const places = slots.map(slot => lastFix(tracks, slot, receivers))
    const separationM = distanceBetweenM(places[0]!, places[1]!)!
    const mmsi = tracks.mmsi[slots[0]]!
    const evidence: Evidence[] = [
      {
        family: 'kinematics',
        name: 'alternations',
        value: alternations,
        expected: '0: one ship is in one place',
        weight: round(Math.min(2, 1 + Math.log2(alternations / options.minAlternations) / 2), 3),
        text: `heard in turn at two places ${(separationM / M_PER_NM).toFixed(0)} nm apart, ${alternations} changes`,
      },
    ]
    if (isPlaceholder(mmsi)) {
      const text = 'a placeholder number, more likely careless than deceitful'
      evidence.push({ family: 'identity', name: 'placeholder_mmsi', value: mmsi, weight: -1.5, text })
    }
    const ofTrack = (slot: number) => tracks.track[slot]!
    const sorted = [...slots].sort((a, b) => ofTrack(a) - ofTrack(b))
    return {
      ...({ type: 'spoofing', class: 'shared_mmsi', key: 'shared_mmsi' } as const),
      ...({ phase: 'opened', revision: 1, asOf, start, end: null } as const),
      ...{ slot: sorted[0]!, slots: sorted },
      score: rankScore(0.5, evidence),
      evidence,
      details: { fork: start, places, separationM, alternations },
    }
  }

  /** Heard in turn until `slot` fell silent. */
  function end(state: SharedMmsiState, slot: number, tracks: Tracks, asOf: number, emit: Emit): void {
    const mmsi = tracks.mmsi[slot]!
    const event = state.open.get(mmsi)
    if (!event) return
    close(state, mmsi)
    emit({
      ...event,
      phase: 'closed',
      revision: event.revision + 1,
      asOf,
      end: lastFix(tracks, slot, receivers),
    })
  }

  return {
    name: 'shared_mmsi',
    init: () => ({ open: new Map(), late: initLate() }),
    step,
    parted,
    copied,
    alone: (state, slot, tracks, t, emit) => end(state, slot, tracks, t, emit),
    clear(state, slot, tracks, emit) {
      const event = state.open.get(tracks.mmsi[slot]!)
      if (!event?.slots.includes(slot)) return
      if (event.slots.length <= 2) end(state, slot, tracks, tracks.t[slot]!, emit)
      else
        state.open.set(tracks.mmsi[slot]!, { ...event, slots: event.slots.filter(other => other !== slot) })
    },
  }
}
