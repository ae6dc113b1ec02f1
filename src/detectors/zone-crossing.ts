// Zone crossing: a vessel enters or leaves an EEZ (or any other zone), at the point and time where its path cuts the
// boundary. A crossing is believed half a mile or ten minutes beyond it, so jitter along a boundary never yields pairs. Across a long silence the crossing point is unknown: the event spans the silence and says so.

import { haversineM, interpolate } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { ZoneIndex } from '../zones/index.js'
import type { Detector } from './detector.js'
import { rankScore } from './score.js'

/** The piece of path between two consecutive fixes. */
interface Leg {
  t0: number
  lat0: number
  lon0: number
  t1: number
  lat1: number
  lon1: number
}

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

export interface ZoneState {
  /** Believed set of zones + 1; 0 before the first fix. */
  believed: Int32Array
  pending: Map<number, Pending>
}

export function zoneDetector(
  options: Config['zone'],
  gap: Config['gap'],
  zones: ZoneIndex,
): Detector<ZoneState> {
  const minM = options.minInsideNm * M_PER_NM
  const minMs = options.minInsideMinutes * MS_PER_MIN
  const darkMs = gap.minGapHours * MS_PER_HOUR

  const step: Detector<ZoneState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    // tracks.zoneSet was set by the engine for this very row: one lookup serves everybody
    const set = tracks.zoneSet[slot]!
    const believed = state.believed[slot]! - 1
    if (set === believed) {
      if (state.pending.size > 0) state.pending.delete(slot)
      return
    }
    if (believed < 0 || tracks.relocated[slot] === 1) {
      // first seen here, or moved here by a jump: nothing was crossed
      state.pending.delete(slot)
      state.believed[slot] = set + 1
      return
    }
    const t = batch.t[i]!
    const lon = batch.lon[i]!
    let pending = state.pending.get(slot)
    if (pending?.set !== set) {
      const leg = {
        t0: tracks.t[slot]!,
        lat0: tracks.lat[slot]!,
        lon0: tracks.lon[slot]!,
        t1: t,
        lat1: lat,
        lon1: lon,
      }
      const cut = crossingOn(changedZone(believed, set), leg)?.at
      pending = { set, lat: cut?.lat ?? lat, lon: cut?.lon ?? lon, left: pending?.left ?? leg, reached: leg }
      state.pending.set(slot, pending)
    }
    const believable =
      t - pending.reached.t1 >= minMs || haversineM(pending.lat, pending.lon, lat, lon) >= minM
    if (!believable) return

    for (const zone of zones.members(believed)) {
      if (!zones.members(set).includes(zone)) emit(describe('exited', zone, pending.left, pending.reached, t))
    }
    for (const zone of zones.members(set)) {
      if (!zones.members(believed).includes(zone))
        emit(describe('entered', zone, pending.reached, pending.left, t))
    }
    state.believed[slot] = set + 1
    state.pending.delete(slot)
  }

  /** A zone that is in one set and not in the other. */
  function changedZone(a: number, b: number): number {
    const [inA, inB] = [zones.members(a), zones.members(b)]
    return inB.find(zone => !inA.includes(zone)) ?? inA.find(zone => !inB.includes(zone))!
  }

  function describe(
    way: 'entered' | 'exited',
    zone: number,
    leg: Leg,
    other: Leg,
    asOf: number,
  ): DetectorEvent {
    const ref = zones.zones[zone]!
    const cut = crossingOn(zone, leg) ?? crossingOn(zone, other)
    const on = cut?.leg ?? leg
    const dark = on.t1 - on.t0 > darkMs
    const start = dark ? fix(on.t0, on.lat0, on.lon0) : (cut?.at ?? fix(on.t1, on.lat1, on.lon1))
    const end = dark ? fix(on.t1, on.lat1, on.lon1) : start
    const evidence: Evidence[] = dark
      ? [
          {
            family: 'silence',
            name: 'silent_h',
            value: (on.t1 - on.t0) / MS_PER_HOUR,
            expected: `≤ ${gap.minGapHours} h`,
            weight: 1.5,
            text: `${way} ${ref.name} while silent for ${((on.t1 - on.t0) / MS_PER_HOUR).toFixed(1)} h`,
          },
        ]
      : [{ family: 'place', name: 'crossing', value: ref.id, weight: 0, text: `${way} ${ref.name}` }]
    return {
      type: 'zone',
      class: dark ? `${way}_dark` : way,
      key: ref.id,
      zone: ref,
      phase: 'closed',
      revision: 1,
      asOf,
      start,
      end,
      score: rankScore(dark ? -1.5 : -4, evidence),
      evidence,
      details: {
        zone: ref.id,
        interpolated: !dark,
        between: [fix(on.t0, on.lat0, on.lon0), fix(on.t1, on.lat1, on.lon1)],
      },
    }
  }

  function crossingOn(zone: number, leg: Leg): { at: Fix; leg: Leg } | undefined {
    const f = zones.crossing(zone, leg.lat0, leg.lon0, leg.lat1, leg.lon1)
    if (f !== f) return undefined
    const { lat, lon } = interpolate(leg.lat0, leg.lon0, leg.lat1, leg.lon1, f)
    return { at: { t: Math.round(leg.t0 + f * (leg.t1 - leg.t0)), lat, lon }, leg }
  }

  return {
    name: 'zone',
    init: slots => ({ believed: new Int32Array(slots), pending: new Map() }),
    step,
    clear(state, slot) {
      state.believed[slot] = 0
      state.pending.delete(slot)
    },
  }
}
