// Shared MMSI: two ships or more send under one number, each consistent in itself, in turn, from places that one ship
// cannot serve. A clone hides behind another ship's name; a placeholder number is a careless installation. tracks/associate
// tells the ships apart; here it is said. detection.md 5.2.
//
// A feed that delivers hours late, and a receiver whose clock is wrong by hours, make two ships of one as well: one of them
// goes where the other went. So what is remembered of all vessels (./remembered) is asked for the fixes of both.

import { distanceBetweenM, fix, heardFix } from '../../geo/fix.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { isCopyOf, type Copy, type ReceiverSets } from '../../model/receivers.js'
import { M_PER_NM, MS_PER_DAY, round } from '../../model/units.js'
import type { Parting } from '../../tracks/associate.js'
import { lastFix } from '../../tracks/last-place.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import { ownLagS } from './fix-content.js'
import type { RememberedState } from './remembered.js'

/** Numbers that devices are delivered with or that people type; several ships use each at any time. */
const PLACEHOLDERS = new Set([
  1, 1193046, 123456, 1234567, 12345678, 123456789, 987654321, 111111111, 222222222, 333333333, 444444444,
  555555555, 666666666, 777777777, 888888888, 999999999,
])
/** A country code followed by zeros only was never assigned to one ship. */
const isPlaceholder = (mmsi: number) => PLACEHOLDERS.has(mmsi) || mmsi % 1_000_000 === 0

/** Fixes met before with one lag that make a delay … */
const MIN_MET = 3
/** … of so many that were looked for; and how exactly the lags agree, s: clocks. */
const MIN_MET_SHARE = 1 / 3
const SAME_LAG_S = 10
/** Lags followed of one number. */
const MAX_LAGS = 8
/** Who is late today is late for the rest of the day. */
const LATE_MS = MS_PER_DAY

/** Fixes of one of the tracks that were looked for, and met before. */
interface Met {
  slot: number
  lagS: number
  met: number
  tried: number
}

interface Shared extends DetectorEvent {
  slot: number
  slots: number[]
}

export interface SharedMmsiState {
  /** The announced event as last said, by MMSI. */
  open: Map<number, Shared>
  /** Of those, what was met before. */
  met: Map<number, Met[]>
  /** Numbers of which a feed is late, until when, epoch ms: what looks like two ships is one. */
  late: Map<number, number>
}

export function sharedMmsiDetector(
  options: Config['spoofing'],
  { receivers, remembered }: { receivers: ReceiverSets; remembered: RememberedState },
): Detector<SharedMmsiState> {
  const parted: Detector<SharedMmsiState>['parted'] = (state, parting, tracks, t, emit) => {
    const mmsi = tracks.mmsi[parting.slots[0]]!
    if (state.late.get(mmsi)! > t) return
    state.late.delete(mmsi)
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
    const lagS = event ? ownLagS(remembered, tracks, slot, batch, i) : NaN
    if (!event || lagS !== lagS) return
    const list = state.met.get(mmsi) ?? []
    state.met.set(mmsi, list)
    for (const each of list) if (each.slot === slot) each.tried++
    if (lagS < 0) return
    let one = list.find(each => each.slot === slot && Math.abs(each.lagS - lagS) <= SAME_LAG_S)
    if (!one) {
      if (list.length >= MAX_LAGS) list.shift()
      list.push((one = { slot, lagS, met: 0, tried: 1 }))
    }
    one.met++
    if (one.met < MIN_MET || one.met < MIN_MET_SHARE * one.tried) return
    const t = batch.t[i]!
    close(state, mmsi)
    for (const [other, until] of state.late) if (until <= t) state.late.delete(other)
    state.late.set(mmsi, t + LATE_MS)
    emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf: t })
  }

  function close(state: SharedMmsiState, mmsi: number): void {
    state.open.delete(mmsi)
    state.met.delete(mmsi)
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
    init: () => ({ open: new Map(), met: new Map(), late: new Map() }),
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
