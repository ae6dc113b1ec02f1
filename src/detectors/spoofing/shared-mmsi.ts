// Shared MMSI: two stations send under one number, each consistent in itself, in turn, from places that one ship cannot
// serve. A clone hides behind another ship's name; a placeholder number is a careless installation. detection.md 5.2.

import { distanceBetweenM, fix } from '../../geo/fix.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import { M_PER_NM, round } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'

/** Numbers that devices are delivered with or that people type; several ships use each at any time. */
const PLACEHOLDERS = new Set([
  1, 1193046, 123456, 1234567, 12345678, 123456789, 987654321, 111111111, 222222222, 333333333, 444444444,
  555555555, 666666666, 777777777, 888888888, 999999999,
])
/** A country code followed by zeros only was never assigned to one ship. */
const isPlaceholder = (mmsi: number) => PLACEHOLDERS.has(mmsi) || mmsi % 1_000_000 === 0

export interface SharedMmsiState {
  /** The announced event, by slot. */
  open: Map<number, DetectorEvent>
}

export function sharedMmsiDetector(options: Config['spoofing']): Detector<SharedMmsiState> {
  const step: Detector<SharedMmsiState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const alternations = tracks.alternations[slot]!
    if (alternations === 0) clear(state, slot, tracks, emit)
    if (alternations < options.minAlternations || state.open.has(slot)) return
    const event = describe(slot, tracks, batch.t[i]!)
    state.open.set(slot, event)
    emit(event)
  }

  function describe(slot: number, tracks: Tracks, asOf: number): DetectorEvent {
    const fork = fix(tracks.forkT[slot]!, tracks.forkLat[slot]!, tracks.forkLon[slot]!)
    const places = [
      fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!),
      fix(tracks.otherT[slot]!, tracks.otherLat[slot]!, tracks.otherLon[slot]!),
    ] as const
    const separationM = distanceBetweenM(...places)!
    const alternations = tracks.alternations[slot]!
    const mmsi = tracks.mmsi[slot]!
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
    return {
      type: 'spoofing',
      class: 'shared_mmsi',
      key: 'shared_mmsi',
      phase: 'opened',
      revision: 1,
      asOf,
      start: fork,
      end: null,
      score: rankScore(0.5, evidence),
      evidence,
      details: { fork, places, separationM, alternations },
    }
  }

  function clear(state: SharedMmsiState, slot: number, tracks: Tracks, emit: Emit): void {
    const event = state.open.get(slot)
    if (!event) return
    state.open.delete(slot)
    const end = fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!)
    emit({ ...event, phase: 'closed', revision: 2, asOf: end.t, end })
  }

  return {
    name: 'shared_mmsi',
    onlyApart: true,
    init: () => ({ open: new Map() }),
    step,
    clear,
  }
}
