// Zone crossing: a vessel enters or leaves an EEZ (or any other zone), at the point and time where its path cuts the
// boundary. A crossing is believed half a mile or ten minutes beyond it, so jitter along a boundary never yields pairs.
// What changed during a silence is the gap detector's to tell (gap/reach): it can take it back.

import { haversineM } from '../geo/distance.js'
import { silenceThresholdMs, type Config } from '../model/config.js'
import type { DetectorEvent } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import { lastPlace } from '../tracks/last-place.js'
import { isHeardOften, type Tracks } from '../tracks/table.js'
import type { ZoneIndex } from '../zones/index.js'
import { crossingEvent, cutOn, type Leg } from './crossing.js'
import type { Detector, Emit } from './detector.js'

/** A change of zones not yet believed. */
interface Pending {
  set: number
  /** Where the boundary was cut. */
  lat: number
  lon: number
  /** Leg on which the believed zones were left, and leg on which the present ones were reached. */
  left: Leg
  reached: Leg
}

interface Told {
  t: number
  believed: number
  events: DetectorEvent[]
}

export interface ZoneState {
  /** Believed set of zones + 1; 0 before the first fix. */
  believed: Int32Array
  pending: Map<number, Pending>
  /** PENDING and TOLD for a slot in the maps of these names: most reports ask for nothing else. */
  noted: Uint8Array
  /** Crossings told by the one fix that ended a long silence, by slot, and what was believed before it. */
  told: Map<number, Told>
}

const PENDING = 1
const TOLD = 2

/** A fix after so long a silence may be told to have been mistaken; see Detector.mistaken. */
const MISTAKABLE_MS = MS_PER_HOUR

export function zoneDetector(
  options: Config['zone'],
  gap: Config['gap'],
  zones: ZoneIndex,
): Detector<ZoneState> {
  const minM = options.minInsideNm * M_PER_NM
  const minMs = options.minInsideMinutes * MS_PER_MIN
  const darkMs = silenceThresholdMs(gap.minGapHours, gap)

  const step: Detector<ZoneState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    // tracks.zoneSet was set by the engine for this very row: one lookup serves everybody
    const set = tracks.zoneSet[slot]!
    const believed = state.believed[slot]! - 1
    if ((state.noted[slot]! & TOLD) !== 0 && tracks.t[slot] === state.told.get(slot)!.t)
      forgetTold(state, slot)
    if (set === believed && (state.noted[slot]! & PENDING) === 0) return
    if (believed < 0) {
      // first seen here: nothing was crossed
      settle(state, slot)
      state.believed[slot] = set + 1
      return
    }
    const t = batch.t[i]!
    const lon = batch.lon[i]!
    let pending = state.pending.get(slot)
    if (isDark(tracks, slot, t)) {
      if (pending) told(believed, pending, t).forEach(emit)
      settle(state, slot)
      noteTold(state, slot, { t, believed: believed + 1, events: [] })
      state.believed[slot] = set + 1
      return
    }
    if (set === believed) {
      settle(state, slot)
      return
    }
    if (pending?.set !== set) {
      const leg = {
        t0: tracks.t[slot]!,
        lat0: tracks.lat[slot]!,
        lon0: tracks.lon[slot]!,
        t1: t,
        lat1: lat,
        lon1: lon,
      }
      const cut = cutOn(zones, changedZone(believed, set), leg)
      pending = { set, lat: cut?.lat ?? lat, lon: cut?.lon ?? lon, left: pending?.left ?? leg, reached: leg }
      state.pending.set(slot, pending)
      state.noted[slot]! |= PENDING
    }
    const believable =
      t - pending.reached.t1 >= minMs || haversineM(pending.lat, pending.lon, lat, lon) >= minM
    if (!believable) return
    const events = told(believed, pending, t)
    events.forEach(emit)
    if (t - tracks.t[slot]! >= MISTAKABLE_MS) {
      noteTold(state, slot, { t, believed: state.believed[slot]!, events })
    }
    state.believed[slot] = set + 1
    settle(state, slot)
  }

  function settle(state: ZoneState, slot: number): void {
    state.pending.delete(slot)
    state.noted[slot]! &= ~PENDING
  }

  function noteTold(state: ZoneState, slot: number, said: Told): void {
    state.told.set(slot, said)
    state.noted[slot]! |= TOLD
  }

  function forgetTold(state: ZoneState, slot: number): void {
    state.told.delete(slot)
    state.noted[slot]! &= ~TOLD
  }

  /** A silence ends with this row that the gap detector looks at, with a place at both ends. */
  function isDark(tracks: Tracks, slot: number, t: number): boolean {
    if (!(t - tracks.heard[slot]! > darkMs) || !isHeardOften(tracks, slot, gap.minReports)) return false
    return lastPlace(tracks, slot, gap.positionsOnly).lat !== null
  }

  function told(believed: number, { set, left, reached }: Pending, asOf: number): DetectorEvent[] {
    const [before, after] = [zones.members(believed), zones.members(set)]
    const exited = before.filter(zone => !after.includes(zone))
    const entered = after.filter(zone => !before.includes(zone))
    return [
      ...exited.map(zone => crossingEvent(zones, zone, 'exited', [left, reached], asOf, darkMs)),
      ...entered.map(zone => crossingEvent(zones, zone, 'entered', [reached, left], asOf, darkMs)),
    ]
  }

  /** Moved by a jump: nothing was crossed. */
  function moved(state: ZoneState, slot: number): void {
    state.believed[slot] = 0
    settle(state, slot)
  }

  function mistaken(state: ZoneState, slot: number, t: number, asOf: number, emit: Emit): void {
    if (state.pending.get(slot)?.reached.t1 === t) settle(state, slot)
    const said = state.told.get(slot)
    if (said?.t !== t) return
    for (const event of said.events) emit({ ...event, phase: 'retracted', revision: 2, asOf })
    state.believed[slot] = said.believed
    forgetTold(state, slot)
  }

  /** A zone that is in one set and not in the other. */
  function changedZone(a: number, b: number): number {
    const [inA, inB] = [zones.members(a), zones.members(b)]
    return inB.find(zone => !inA.includes(zone)) ?? inA.find(zone => !inB.includes(zone))!
  }

  return {
    name: 'zone',
    init: slots => ({
      believed: new Int32Array(slots),
      pending: new Map(),
      noted: new Uint8Array(slots),
      told: new Map(),
    }),
    step,
    moved,
    mistaken,
    clear(state, slot) {
      moved(state, slot)
      forgetTold(state, slot)
    },
  }
}
