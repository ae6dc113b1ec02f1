// Sudden stop: a large ship that ran for minutes stands within half a minute, and stays. No engine does that to it: it
// has run aground, into something, or its speed is wrong, which the positions tell. Rule of the Danish Maritime Authority
// (AisAbnormal: from 7 kn to 1 kn in 30 s, held for 60 s); detection.md 5.11.

import { planeM } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { TX_CLASSES, type StaticData } from '../model/report.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_MIN, MS_PER_S, round } from '../model/units.js'
import type { Words } from '../model/words.js'
import type { Tracks } from '../tracks/table.js'
import type { Coast } from '../zones/coast.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector, Emit } from './detector.js'
import { clearRun, createRuns, endRun, retractRun, startRun, takeBackRuns, tellRun } from './runs.js'
import type { Run as Watched, RunState } from './runs.js'
import { rankScore } from './score.js'

const CLASS_B = TX_CLASSES.indexOf('B')
const COARSE_TYPE = 27
const AT_ANCHOR = 1
const MOORED = 5
const AGROUND = 6
/** It had run for this long, at half of the speed by its positions: a speed that jumps up for a report is noise. */
const MIN_RUN_MS = 3 * MS_PER_MIN
const MIN_MADE_GOOD = 0.5
/** A longer silence, and nobody knows how fast it was. */
export const HOLE_MS = 5 * MS_PER_MIN
/** No ship that stood is faster over the next moments. */
const RESTART_KN = 10
/** GNSS noise of two fixes. */
const NOISE_M = 60
const MIN_REPORTS = 3
/** Berths, locks and port entries lie this near to the coast of the map. */
const HARBOUR_M = 0.5 * M_PER_NM

/** By slot, where it became fast: t, lat, lon; t 0 while it is not. */
const FIELDS = 3

interface Run extends Watched {
  /** The last fix at speed. */
  start: Fix
  fromKn: number
  /** The first fix at rest; null while it brakes. */
  stop: Fix | null
  reports: number
  saysAground: boolean
}

export interface SuddenStopState extends RunState<Run> {
  since: Float64Array
}

export interface SuddenStopViews {
  words: Words
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

export function suddenStopDetector(
  options: Config['suddenStop'],
  { words, coast, ports }: SuddenStopViews,
): Detector<SuddenStopState> {
  const { fromKn, toKn } = options
  const withinMs = options.withinS * MS_PER_S
  const heldMs = options.heldS * MS_PER_S

  const step: Detector<SuddenStopState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const sog = batch.sog[i]!
    const before = tracks.sog[slot]!
    if (sog > fromKn && before > fromKn && batch.t[i]! - tracks.t[slot]! <= HOLE_MS) return
    if (!(sog > fromKn || before > fromKn) && (state.runs.size === 0 || state.watched[slot] === 0)) return
    if (sog !== sog || batch.lat[i]! !== batch.lat[i]!) return
    if (sog > fromKn) runs(state, slot, tracks, batch, i, emit)
    else if (before > fromKn) brakes(state, slot, tracks, batch, i, emit)
    else follow(state, slot, tracks, batch, i, emit)
  }

  /** It has become fast. */
  function runs(
    state: SuddenStopState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    if (state.watched[slot] === 1) follow(state, slot, tracks, batch, i, emit)
    endRun(state, slot, batch.t[i]!, emit)
    const k = slot * FIELDS
    state.since[k] = batch.t[i]!
    state.since[k + 1] = batch.lat[i]!
    state.since[k + 2] = batch.lon[i]!
  }

  function brakes(
    state: SuddenStopState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const k = slot * FIELDS
    const [t, lat, lon] = [state.since[k]!, state.since[k + 1]!, state.since[k + 2]!]
    state.since[k] = 0
    const start = fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!)
    const ms = start.t - t
    if (t === 0 || !(ms >= MIN_RUN_MS) || batch.t[i]! - start.t > withinMs) return
    const metres = planeM(lat, lon, start.lat!, start.lon!)
    if (metres < (MIN_MADE_GOOD * fromKn * MPS_PER_KN * ms) / MS_PER_S) return
    startRun(state, slot, {
      start,
      end: start,
      fromKn: tracks.sog[slot]!,
      stop: null,
      reports: 0,
      saysAground: false,
      event: null,
    })
    follow(state, slot, tracks, batch, i, emit)
  }

  /** It brakes, or has stopped. */
  function follow(
    state: SuddenStopState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const sog = batch.sog[i]!
    const at = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    const run = state.runs.get(slot)!
    const { start, stop } = run
    const isTooLate = !stop && at.t - start.t > withinMs
    const stands = sog < toKn && batch.msgType[i] !== COARSE_TYPE
    // who had stood would still be near: its set had stood still, not the ship
    if (stop && !isThere(run.end, at, RESTART_KN)) {
      retractRun(state, slot, at.t, emit)
      return
    }
    if (isTooLate || (stop && (!stands || !isThere(stop, at, toKn) || at.t - run.end.t > HOLE_MS))) {
      endRun(state, slot, at.t, emit)
      return
    }
    if (!stands) return
    // who lies at a berth or at anchor says so; who has run aground does not, for some minutes. And of two ships on one
    // number, or a set taken for two, who stood where is a guess
    const nav = batch.navStatus[i]!
    if (!run.event && (nav === AT_ANCHOR || nav === MOORED || tracks.alternations[slot] !== 0)) {
      endRun(state, slot, at.t, emit)
      return
    }
    // what happened in no time, or farther off than it can have got, has a wrong time
    if (!stop && (at.t <= start.t || !isThere(start, at, run.fromKn))) {
      endRun(state, slot, at.t, emit)
      return
    }
    run.stop ??= at
    run.end = at
    run.reports++
    run.saysAground ||= batch.navStatus[i] === AGROUND
    if (run.event || run.reports < MIN_REPORTS || at.t - run.stop.t < heldMs) return
    const vessel = words.statics.get(batch.statics[i]! || tracks.statics[slot]!)
    if (batch.txClass[i] === CLASS_B || !isLarge(vessel) || isInHarbour(run.stop))
      endRun(state, slot, at.t, emit)
    else tellRun(state, slot, describe(run, vessel!, at.t), emit)
  }

  /** No farther off than this speed makes of the time, and noise. */
  const isThere = (from: Fix, to: Fix, kn: number): boolean =>
    planeM(from.lat!, from.lon!, to.lat!, to.lon!) <= NOISE_M + (kn * MPS_PER_KN * (to.t - from.t)) / MS_PER_S

  /** Cargo ships, tankers and passenger ships of some length: small and fast craft stop like this all day. */
  const isLarge = (vessel: StaticData | undefined): boolean =>
    (vessel?.length ?? 0) >= options.minLengthM &&
    vessel?.shipType !== undefined &&
    vessel.shipType >= 60 &&
    vessel.shipType < 90

  function isInHarbour({ lat, lon }: Fix): boolean {
    if (ports?.at(lat!, lon!)) return true
    return coast !== undefined && (coast.onLand(lat!, lon!) || coast.shoreDistanceM(lat!, lon!) < HARBOUR_M)
  }

  function describe(
    { start, stop, fromKn: kn, reports, saysAground }: Run,
    vessel: StaticData,
    asOf: number,
  ): DetectorEvent {
    const seconds = (stop!.t - start.t) / MS_PER_S
    const evidence: Evidence[] = [
      {
        ...{ family: 'kinematics', name: 'stopped_within_s', value: round(seconds, 0) },
        expected: `> ${options.withinS} s from ${fromKn} kn`,
        weight: round(Math.min(1.5, 0.5 + (kn / fromKn - 1)), 3),
        text: `from ${kn.toFixed(1)} kn to a stop within ${seconds.toFixed(0)} s, and the positions stand too`,
      },
      {
        ...{ family: 'behaviour', name: 'length_m', value: vessel.length! },
        weight: round(Math.min(1, vessel.length! / 200), 3),
        text: `a ship of ${vessel.length!} m`,
      },
    ]
    if (saysAground)
      evidence.push({
        ...{ family: 'behaviour', name: 'nav_status', value: AGROUND, weight: 1 },
        text: 'it says itself that it is aground',
      })
    return {
      ...({ type: 'sudden_stop', phase: 'opened', revision: 1 } as const),
      ...{ asOf, start, end: null, score: rankScore(-1, evidence), evidence },
      details: {
        fromKn: kn,
        stoppedWithinS: seconds,
        stop,
        heldS: (asOf - stop!.t) / MS_PER_S,
        reports,
        lengthM: vessel.length!,
      },
    }
  }

  function forget(state: SuddenStopState, slot: number, t: number, emit: Emit): void {
    endRun(state, slot, t, emit)
    state.since.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
  }

  return {
    name: 'sudden_stop',
    needs: ['native rate', 'static data'],
    init: slots => ({ ...createRuns(slots), since: new Float64Array(slots * FIELDS) }),
    step,
    watches: (state, slot) => state.watched[slot] === 1,
    moved(state, slot, _tracks, batch, i, _isJump, emit) {
      // it goes on where it cannot have come from: it had not stood
      if (state.watched[slot] === 1) retractRun(state, slot, batch.t[i]!, emit)
      forget(state, slot, batch.t[i]!, emit)
    },
    mistaken: (state, slot, _t, asOf, emit) => forget(state, slot, asOf, emit),
    parted(state, { slots }, _tracks, t, emit) {
      takeBackRuns(state, slots, t, emit)
      for (const slot of slots) state.since.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    },
    clear(state, slot, tracks, emit) {
      clearRun(state, slot, tracks.t[slot]!, emit)
      state.since.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    },
  }
}
