// Drift: a ship under way that does not steer. It goes slowly and sideways, for a while and some way: the course that it
// makes and the bow are more than 45° apart, and so are the course and the stern, so that going astern is no drift. A ship
// in the tide does so as well, and then those around it do; one that waits does so for days, so it is told of a ship that
// ran shortly before, or says that it is not under command. Rule of the Danish Maritime Authority (AisAbnormal), which
// tells of all; detection.md 5.11.

import { lonDelta } from '../geo/antimeridian.js'
import { bearingDeg, planeM } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { TX_CLASSES, type StaticData } from '../model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Words } from '../model/words.js'
import { slotOf } from '../reception/slots.js'
import type { Tracks } from '../tracks/table.js'
import type { Coast } from '../zones/coast.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector, Emit } from './detector.js'
import { clearRun, createRuns, endRun, startRun, takeBackRuns, tellRun } from './runs.js'
import type { Run as Watched, RunState } from './runs.js'
import { rankScore } from './score.js'

const CLASS_B = TX_CLASSES.indexOf('B')
/** Without a report that drifts for this long it is over; reports further apart than the other are no run. */
const STEERS_MS = 3 * MS_PER_MIN
const HOLE_MS = 15 * MS_PER_MIN
const MIN_REPORTS = 3
/** Reports that steer, for each that drifts, at most. */
const MAX_STEERING = 0.2
/** Not under command says it itself; at anchor, restricted, moored, aground, fishing, sailing and towing explain it. */
const NOT_UNDER_COMMAND = 2
const MAY_DRIFT = new Set([0, NOT_UNDER_COMMAND, 4, 15])
/** Others this near that go the same way are in the same current, from so many on. */
const NEAR_M = 5 * M_PER_NM
const SAME_WAY_DEG = 30
const NEIGHBOURS = 2
const NEIGHBOUR_MS = 5 * MS_PER_MIN
/** Quays, locks and turning basins lie this near to the coast of the map. */
const HARBOUR_M = 0.3 * M_PER_NM
/** A bow that points elsewhere than where the ship goes at speed is a compass that is wrong. Looked at every ten minutes; so often at most it counts. */
export const FAST_KN = 7
const MAX_ASKEW = 20

interface Run extends Watched {
  start: Fix
  reports: number
  /** Reports in between that do not drift. */
  steering: number
  sumKn: number
  sumOffDeg: number
  /** The first heading, and how far others are from it: one that never changes is no compass. */
  heading: number
  headingSpread: number
  /** Since it was fast, when this began. */
  slowMs: number
  /** It says that it is not under command. */
  ownWord: boolean
}

export interface DriftState extends RunState<Run> {
  /** By slot: when it was fast last, epoch ms; 0: never. */
  fastAt: Float64Array
  /** By slot: how often the compass was seen to be wrong, less how often it was not. */
  askew: Uint8Array
}

export interface DriftViews {
  words: Words
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

/** Between where the bow points and where it goes, 0…180; NaN where one is not told. */
export const offCourseDeg = (batch: ReportBatch, i: number): number =>
  Math.abs(lonDelta(batch.cog[i]!, batch.heading[i]!))

export function driftDetector(
  options: Config['drift'],
  { words, coast, ports }: DriftViews,
): Detector<DriftState> {
  const { minKn, maxKn, minOffDeg } = options
  const maxOffDeg = 180 - minOffDeg
  const lostWayMs = options.lostWayMinutes * MS_PER_MIN

  const step: Detector<DriftState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const sog = batch.sog[i]!
    if (sog > FAST_KN) {
      if (slotOf(batch.t[i]!) !== slotOf(tracks.heard[slot]!)) checkCompass(state, slot, batch, i)
    } else if (tracks.sog[slot]! > FAST_KN && sog >= 0) state.fastAt[slot] = batch.t[i]!
    if (sog >= minKn && sog <= maxKn) {
      const off = offCourseDeg(batch, i)
      if (off > minOffDeg && off < maxOffDeg && MAY_DRIFT.has(batch.navStatus[i]!)) {
        if (batch.txClass[i] !== CLASS_B && batch.lat[i]! === batch.lat[i]!)
          drifts(state, slot, tracks, batch, i, off, emit)
        return
      }
    }
    if (state.runs.size === 0 || state.watched[slot] === 0 || batch.lat[i]! !== batch.lat[i]!) return
    const run = state.runs.get(slot)!
    run.steering++
    if (batch.t[i]! - run.end.t >= STEERS_MS) endRun(state, slot, batch.t[i]!, emit)
  }

  function checkCompass(state: DriftState, slot: number, batch: ReportBatch, i: number): void {
    const off = offCourseDeg(batch, i)
    if (off > minOffDeg) state.askew[slot] = Math.min(MAX_ASKEW, state.askew[slot]! + 1)
    else if (state.askew[slot]! > 0) state.askew[slot] = state.askew[slot]! - 1
  }

  function drifts(
    state: DriftState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    off: number,
    emit: Emit,
  ): void {
    const at = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    const heading = batch.heading[i]!
    if (state.watched[slot] === 1 && at.t - state.runs.get(slot)!.end.t > HOLE_MS)
      endRun(state, slot, at.t, emit)
    const run =
      state.runs.get(slot) ??
      startRun(state, slot, {
        start: at,
        end: at,
        reports: 0,
        steering: 0,
        sumKn: 0,
        sumOffDeg: 0,
        heading,
        headingSpread: 0,
        ownWord: false,
        event: null,
        slowMs: at.t - state.fastAt[slot]!,
      })
    run.end = at
    run.reports++
    run.sumKn += batch.sog[i]!
    run.sumOffDeg += off
    run.headingSpread = Math.max(run.headingSpread, Math.abs(lonDelta(run.heading, heading)))
    run.ownWord ||= batch.navStatus[i] === NOT_UNDER_COMMAND
    if (run.event || !isLong(run) || !isLost(run) || state.askew[slot]! > 0) return
    const { statics } = tracks
    const vessel = words.statics.get(batch.statics[i]! || statics[slot]!)
    if (!isLarge(vessel) || isInHarbour(at) || isCarried(state, slot, run)) return
    tellRun(state, slot, describe(run, vessel!), emit)
  }

  function isLong({ start, end, reports, steering, headingSpread }: Run): boolean {
    if (end.t - start.t < options.minMinutes * MS_PER_MIN || reports < MIN_REPORTS) return false
    if (steering > MAX_STEERING * reports || headingSpread === 0) return false
    return planeM(start.lat!, start.lon!, end.lat!, end.lon!) >= options.minDistanceM
  }

  /** It ran before, or says that it cannot: who has been slow for longer waits, and drifts because it may. */
  const isLost = ({ slowMs, ownWord }: Run): boolean => ownWord || slowMs <= lostWayMs

  /** Cargo ships, tankers and passenger ships of some length: the others work sideways, or are small. */
  const isLarge = (vessel: StaticData | undefined): boolean =>
    (vessel?.length ?? 0) >= options.minLengthM &&
    vessel?.shipType !== undefined &&
    vessel.shipType >= 60 &&
    vessel.shipType < 90

  function isInHarbour({ lat, lon }: Fix): boolean {
    if (ports?.at(lat!, lon!)) return true
    return coast !== undefined && coast.shoreDistanceM(lat!, lon!) < HARBOUR_M
  }

  /** Others near it go sideways the same way: the water moves. */
  function isCarried(state: DriftState, slot: number, run: Run): boolean {
    const way = bearing(run)
    let others = 0
    for (const [other, its] of state.runs) {
      if (other === slot || its.end.t - its.start.t < NEIGHBOUR_MS) continue
      if (run.end.t - its.end.t > HOLE_MS) continue
      if (planeM(run.end.lat!, run.end.lon!, its.end.lat!, its.end.lon!) > NEAR_M) continue
      if (Math.abs(lonDelta(way, bearing(its))) <= SAME_WAY_DEG) others++
    }
    return others >= NEIGHBOURS
  }

  function describe(run: Run, vessel: StaticData): DetectorEvent {
    const { start, end, reports } = run
    const ms = end.t - start.t
    const minutes = ms / MS_PER_MIN
    const distanceM = planeM(start.lat!, start.lon!, end.lat!, end.lon!)
    const offDeg = run.sumOffDeg / reports
    const evidence: Evidence[] = [
      {
        ...{ family: 'kinematics', name: 'off_heading_deg', value: round(offDeg, 0) },
        expected: `≤ ${minOffDeg}°, or astern`,
        weight: round(1 - Math.abs(90 - offDeg) / 90, 3),
        text: `for ${minutes.toFixed(0)} min it goes ${offDeg.toFixed(0)}° off its bow, ${distanceM.toFixed(0)} m in all`,
      },
    ]
    if (coast) {
      const nm = coast.shoreDistanceM(end.lat!, end.lon!) / M_PER_NM
      evidence.push({
        ...{ family: 'place', name: 'shore_nm', value: round(nm, 1) },
        weight: round(Math.max(0, 0.5 - nm / 24), 3),
        text: `${nm.toFixed(0)} nm from shore`,
      })
    }
    if (run.slowMs <= lostWayMs) {
      const value = round(run.slowMs / MS_PER_MIN, 0)
      const text = `it had run at more than ${FAST_KN} kn until ${value} min before`
      evidence.push({ family: 'behaviour', name: 'ran_before_min', value, weight: 0.5, text })
    }
    if (run.ownWord) {
      const text = 'it says itself that it is not under command'
      evidence.push({
        ...{ family: 'behaviour', name: 'nav_status', value: NOT_UNDER_COMMAND, weight: 1, text },
      })
    }
    return {
      ...({ type: 'drift', phase: 'opened', revision: 1 } as const),
      ...{ asOf: end.t, start, end: null, score: rankScore(-1.5, evidence), evidence },
      details: {
        distanceM,
        bearingDeg: bearing(run),
        offHeadingDeg: offDeg,
        averageReportedKn: run.sumKn / reports,
        madeGoodKn: distanceM / M_PER_NM / (ms / MS_PER_HOUR),
        reports,
        lengthM: vessel.length!,
        notUnderCommand: run.ownWord,
      },
    }
  }

  return {
    name: 'drift',
    needs: ['course', 'heading', 'static data'],
    init: slots => ({
      ...createRuns(slots),
      fastAt: new Float64Array(slots),
      askew: new Uint8Array(slots),
    }),
    step,
    watches: (state, slot) => state.watched[slot] === 1,
    moved: (state, slot, _tracks, batch, i, _isJump, emit) => endRun(state, slot, batch.t[i]!, emit),
    mistaken: (state, slot, _t, asOf, emit) => endRun(state, slot, asOf, emit),
    parted: (state, { slots }, _tracks, t, emit) => takeBackRuns(state, slots, t, emit),
    clear(state, slot, tracks, emit) {
      clearRun(state, slot, tracks.t[slot]!, emit)
      state.askew[slot] = state.fastAt[slot] = 0
    },
  }
}

const bearing = ({ start, end }: Run): number => bearingDeg(start.lat!, start.lon!, end.lat!, end.lon!)
