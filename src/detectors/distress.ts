// Distress: a beacon that says that it is active. AIS-SART (970…), man overboard devices (972…) and EPIRBs with AIS (974…)
// send position reports with status 14 when they are in use and 15 when they are tested; tests are told as such, and are
// what most of these are. An ordinary ship with status 14 has a knob turned too far: told too, last of all. A message by
// itself is nothing: a bit error makes one. detection.md 11; ITU-R M.1371-5, IEC 61097-14.

import { isBeacon, mmsiKind } from '../ais/mmsi.js'
import { planeM } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Tracks } from '../tracks/table.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector, Emit } from './detector.js'
import { clearRun, createRuns, endRun, startRun, takeBackRuns, tellRun } from './runs.js'
import type { Run, RunState } from './runs.js'
import { rankScore } from './score.js'

export const ACTIVE = 14
const TEST = 15
/** Nobody in the water goes faster, by positions this far apart. */
const AFLOAT_KN = 6
const SPEED_MS = 10 * MS_PER_MIN
/** A ship that says so is told of when it has said so this often, over this time. */
const SHIP_REPORTS = 3
const SHIP_MS = 10 * MS_PER_MIN
/** Messages of class A position reports: what beacons send. Their status is one that was sent. */
const isPositionA = (msgType: number): boolean => msgType >= 1 && msgType <= 3
const DEVICES: Record<string, string> = {
  sart: 'AIS-SART',
  mob: 'man overboard device',
  epirb: 'EPIRB',
}

type Kind = 'active' | 'test' | 'undetermined' | 'mistaken'

/** Beacons are tested far more often than they are in use. */
const PRIOR: Record<Kind, number> = { active: 0, test: -2, undetermined: -1, mistaken: -3 }

/** What a beacon says, while it says so. */
interface Call {
  kind: Kind
  start: Fix
  end: Fix
  messages: number
  /** The fix that its speed is taken from, and that speed over ten minutes or more; NaN unknown. */
  from: Fix
  kn: number
  event: DetectorEvent | null
}

interface ShipRun extends Run {
  start: Fix
  reports: number
}

export interface DistressState extends RunState<ShipRun> {
  /** By slot of a beacon. */
  calls: Map<number, Call[]>
}

export function distressDetector(
  { silenceMinutes, minMessages }: Config['distress'],
  ports?: PortIndex,
): Detector<DistressState> {
  const silenceMs = silenceMinutes * MS_PER_MIN

  const step: Detector<DistressState>['step'] = (state, slot, tracks, batch, i, emit) => {
    if (isBeacon(batch.mmsi[i]!)) hear(state, slot, tracks, batch, i, emit)
    else if (batch.navStatus[i] === ACTIVE) ship(state, slot, batch, i, emit)
    else if (state.runs.size > 0 && state.watched[slot] === 1 && batch.lat[i]! === batch.lat[i]!)
      endRun(state, slot, batch.t[i]!, emit)
  }

  function hear(
    state: DistressState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const at = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    const kind = kindOf(batch.navStatus[i]!, batch.msgType[i]!)
    const calls = state.calls.get(slot) ?? []
    state.calls.set(slot, calls)
    let call = calls.find(other => other.kind === kind)
    if (!call) calls.push((call = { kind, start: at, end: at, messages: 0, from: at, kn: NaN, event: null }))
    const isFirstPlace = call.end.lat === null && at.lat !== null
    const isFirstFast = measure(call, at)
    call.end = at
    call.messages++
    const { event } = call
    if (event && !isFirstPlace && !isFirstFast) return
    if (!event && call.messages < minMessages) return
    call.event = describe(call, tracks.mmsi[slot]!, at.t, event)
    emit(call.event)
  }

  /** Takes its speed. @returns true when it is the first that is too fast for who swims */
  function measure(call: Call, at: Fix): boolean {
    const { from, kn } = call
    if (at.lat === null) return false
    if (from.lat === null) call.from = at
    else if (at.t - from.t >= SPEED_MS) {
      const hours = (at.t - from.t) / MS_PER_HOUR
      const fastest = planeM(from.lat, from.lon!, at.lat, at.lon!) / M_PER_NM / hours
      call.from = at
      call.kn = kn > fastest ? kn : fastest
    }
    return call.kn > AFLOAT_KN && !(kn > AFLOAT_KN)
  }

  function describe(call: Call, mmsi: number, asOf: number, before: DetectorEvent | null): DetectorEvent {
    const { kind, start, end, messages } = call
    const device = DEVICES[mmsiKind(mmsi)]!
    const port = end.lat === null ? undefined : ports?.at(end.lat, end.lon!)
    const evidence: Evidence[] = [
      {
        ...{ family: 'identity', name: 'device', value: mmsiKind(mmsi), weight: 1 },
        text: `its number is that of an ${device}`.replace('an man', 'a man'),
      },
      {
        ...{ family: 'behaviour', name: 'nav_status', value: kind, expected: 'silence' },
        weight: kind === 'active' ? 1.5 : kind === 'test' ? -4 : -1,
        text:
          kind === 'active'
            ? 'it says that it is active'
            : kind === 'test'
              ? 'it says that it is being tested'
              : 'it does not say whether it is active or tested',
      },
    ]
    if (end.lat === null) {
      const text = 'without a position'
      evidence.push({ family: 'place', name: 'no_position', value: null, weight: 0, text })
    }
    if (call.kn > AFLOAT_KN) {
      const text = `it moves at ${call.kn.toFixed(0)} kn: it is aboard something`
      evidence.push({
        family: 'kinematics',
        name: 'made_good_kn',
        value: round(call.kn, 1),
        weight: -2,
        text,
      })
    }
    if (port) {
      const text = `in port${port.name ? ` (${port.name})` : ''}, where they are tested and handled`
      evidence.push({ family: 'place', name: 'port', value: port.name || 'port', weight: -1, text })
    }
    return {
      ...({ type: 'distress', class: kind, key: kind } as const),
      ...{
        phase: before ? ('updated' as const) : ('opened' as const),
        revision: (before?.revision ?? 0) + 1,
      },
      ...{ asOf, start, end: null, score: rankScore(PRIOR[kind], evidence), evidence },
      details: { device: mmsiKind(mmsi), messages, place: end.lat === null ? null : end },
    }
  }

  /** Calls that have fallen silent, as is known at `t`. */
  function close(state: DistressState, slot: number, t: number, isOver: (call: Call) => boolean, emit: Emit) {
    const calls = state.calls.get(slot) ?? []
    for (const { event, end, messages } of calls.filter(isOver)) {
      if (!event) continue
      emit({
        ...event,
        ...{ phase: 'closed', revision: event.revision + 1, asOf: t, end },
        details: { ...event.details, messages, place: end.lat === null ? event.details['place'] : end },
      })
    }
    const left = calls.filter(call => !isOver(call))
    if (left.length > 0) state.calls.set(slot, left)
    else state.calls.delete(slot)
  }

  /** Row `i`, of a ship, has the status of a beacon. */
  function ship(state: DistressState, slot: number, batch: ReportBatch, i: number, emit: Emit): void {
    const at = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    if (at.lat === null) return
    const run = state.runs.get(slot) ?? startRun(state, slot, { start: at, end: at, reports: 0, event: null })
    run.end = at
    run.reports++
    if (run.event || run.reports < SHIP_REPORTS || at.t - run.start.t < SHIP_MS) return
    const minutes = (at.t - run.start.t) / MS_PER_MIN
    const evidence: Evidence[] = [
      {
        ...{ family: 'behaviour', name: 'nav_status', value: ACTIVE, expected: '0…8', weight: 0 },
        text: `a ship that says for ${minutes.toFixed(0)} min that it is an active AIS-SART: set by mistake`,
      },
    ]
    const event: DetectorEvent = {
      ...({ type: 'distress', class: 'mistaken', key: 'mistaken', phase: 'opened', revision: 1 } as const),
      ...{ asOf: at.t, start: run.start, end: null, score: rankScore(PRIOR.mistaken, evidence), evidence },
      details: { device: 'ship', messages: run.reports, place: at },
    }
    tellRun(state, slot, event, emit)
  }

  return {
    name: 'distress',
    beacons: true,
    init: slots => ({ ...createRuns(slots), calls: new Map() }),
    step,
    watches: (state, slot) => state.watched[slot] === 1,
    minDelayMs: silenceMs,
    due(state, slot) {
      const calls = state.calls.get(slot)
      return calls ? Math.min(...calls.map(({ end }) => end.t + silenceMs)) : Infinity
    },
    tick(state, slot, _tracks, t, emit) {
      close(state, slot, t, ({ end }) => end.t + silenceMs <= t, emit)
    },
    moved: (state, slot, _tracks, batch, i, _isJump, emit) => endRun(state, slot, batch.t[i]!, emit),
    mistaken: (state, slot, _t, asOf, emit) => endRun(state, slot, asOf, emit),
    parted: (state, { slots }, _tracks, t, emit) => takeBackRuns(state, slots, t, emit),
    clear(state, slot, tracks, emit) {
      clearRun(state, slot, tracks.t[slot]!, emit)
      if (state.calls.has(slot)) close(state, slot, tracks.heard[slot]!, () => true, emit)
    },
  }
}

/** Where no status was sent, which most tables do not tell from a status of 15, nothing is known of it. */
function kindOf(navStatus: number, msgType: number): Kind {
  if (navStatus === ACTIVE) return 'active'
  return navStatus === TEST && isPositionA(msgType) ? 'test' : 'undetermined'
}
