// Kinematics: what a ship reports of its motion contradicts how its positions move, step after step for a while. It goes
// more than twice as fast as it says, or less than half; or not where it says. A single step says nothing: clocks, bit
// errors and turns do that. Nor does what a whole feed does: then the feed has it wrong. detection.md 5.11.
//
// The ordinary report costs a look at the fix before. Where reports come more often, the first of two minutes is compared
// with the first of the two before, which is kept here.

import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import { MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import { SPEED_BINS } from '../../tracks/speeds.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { clearRun, createRuns, endRun, startRun, takeBackRuns, tellRun, type RunState } from '../runs.js'
import { addStep, beginRun, describeRun, isContradiction, type Run } from './kinematic-run.js'
import { AGREES, createStepJudge, FASTER, NOTHING, stepOf, type Step } from './kinematic-step.js'
import { countAgreeing, countContradicting, createFeeds, isOfFeed, type Feeds } from './kinematic-feeds.js'

/** A longer way may have had turns and stops that nobody heard of. */
const MAX_STEP_MS = 3 * MS_PER_MIN
/** Of reports that come more often the first of every two minutes is looked at. */
const SAMPLE_MS = 2 * MS_PER_MIN
/** Fixes this far apart make a step by themselves. */
const PAIR_MS = 45 * MS_PER_S
/** So many steps in a row that do not contradict end it. */
const MISSES = 3
const COARSE_TYPE = 27

/** Of each slot the last sample: t, lat, lon, speed and course in one number. */
const FIELDS = 4
const SOG_UNIT = 4096
const NO_SOG = 1023
const NO_COG = 3600

export interface KinematicState extends RunState<Run> {
  samples: Float64Array
  feeds: Feeds
}

export function kinematicDetector(options: Config['spoofing']['kinematic']): Detector<KinematicState> {
  const judge = createStepJudge(options.maxRatio, options.minCourseOffDeg)
  /** The last step between samples that contradicted: read at once. */
  let sampled: Step = stepOf(0, 0, 0, 0, 0)

  const step: Detector<KinematicState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const t = batch.t[i]!
    const before = tracks.t[slot]!
    const ms = t - before
    if (!(ms <= MAX_STEP_MS)) {
      if (state.watched[slot] === 1) endRun(state, slot, t, emit)
      return
    }
    if (ms < SAMPLE_MS && Math.floor(t / SAMPLE_MS) === Math.floor(before / SAMPLE_MS)) return
    if (batch.msgType[i] === COARSE_TYPE || tracks.placed[slot] === 2) return

    const sog = batch.sog[i]!
    const sog0 = tracks.sog[slot]!
    let kind = NOTHING
    if (ms >= PAIR_MS) {
      const low = sog < sog0 ? sog : sog0
      const high = sog > sog0 ? sog : sog0
      kind = judge(
        tracks.lat[slot]!,
        tracks.lon[slot]!,
        NaN,
        lat,
        batch.lon[i]!,
        batch.cog[i]!,
        low,
        high,
        ms,
      )
    }
    // what two fixes say must be what samples say: times may be rounded, or made up
    if (ms < PAIR_MS || kind >= FASTER) kind = sample(state, slot, tracks, batch, i)
    if (kind === AGREES) countAgreeing(state.feeds, t, batch.source[i]!)
    if (kind >= FASTER || state.watched[slot] === 1) notice(state, slot, tracks, batch, i, kind, emit)
  }

  /** Row `i` is a sample: what the way says that leads there from the sample before. */
  function sample(
    state: KinematicState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
  ): number {
    const { samples } = state
    const k = slot * FIELDS
    const t0 = samples[k]!
    const lat0 = samples[k + 1]!
    const lon0 = samples[k + 2]!
    const told = samples[k + 3]!
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    const sog = batch.sog[i]!
    const cog = batch.cog[i]!
    samples[k] = t
    samples[k + 1] = lat
    samples[k + 2] = lon
    samples[k + 3] = packed(sog, cog)
    const ms = t - t0
    if (!(ms <= MAX_STEP_MS)) return NOTHING
    const before = tracks.sog[slot]!
    const sog0 = sogOf(told)
    const low = Math.min(sog0, before, sog)
    const high = Math.max(sog0, before, sog)
    const kind = judge(lat0, lon0, cogOf(told), lat, lon, cog, low, high, ms)
    if (kind >= FASTER) sampled = stepOf(lat0, lon0, lat, lon, ms)
    return kind
  }

  /** A step that contradicts, or any of a slot that is watched. */
  function notice(
    state: KinematicState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    kind: number,
    emit: Emit,
  ): void {
    const t = batch.t[i]!
    let run = state.runs.get(slot)
    if (run && t - run.end.t > MISSES * MAX_STEP_MS) {
      endRun(state, slot, t, emit)
      run = undefined
    }
    if (kind < FASTER || isMute(tracks, slot, batch, i, kind)) {
      if (!run || kind !== AGREES) return
      run.allMisses++
      if (++run.misses >= MISSES) endRun(state, slot, t, emit)
      return
    }
    if (run && run.kind !== kind) {
      endRun(state, slot, t, emit)
      run = undefined
    }
    run ??= startRun(state, slot, beginRun(kind, sampled, t - sampled.ms, tracks, slot))
    addStep(run, sampled, tracks, slot, batch, i)
    countContradicting(state.feeds, t, batch.source[i]!, slot)
    if (run.event || !isContradiction(run, options) || isOfFeed(state.feeds, batch.source[i]!)) return
    tellRun(state, slot, describeRun(run, batch.txClass[i]!, t, options), emit)
  }

  function forget(state: KinematicState, slot: number, asOf: number, emit: Emit): void {
    endRun(state, slot, asOf, emit)
    state.samples.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
  }

  return {
    name: 'kinematic',
    init: slots => ({
      ...createRuns(slots),
      samples: new Float64Array(slots * FIELDS),
      feeds: createFeeds(),
    }),
    step,
    moved: (state, slot, _tracks, batch, i, _isJump, emit) => forget(state, slot, batch.t[i]!, emit),
    mistaken: (state, slot, _t, asOf, emit) => forget(state, slot, asOf, emit),
    parted(state, { slots }, _tracks, t, emit) {
      takeBackRuns(state, slots, t, emit)
      for (const slot of slots) state.samples.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    },
    clear(state, slot, tracks, emit) {
      clearRun(state, slot, tracks.t[slot]!, emit)
      state.samples.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    },
  }
}

function packed(sog: number, cog: number): number {
  const tenths = sog === sog ? Math.round(sog * 10) : NO_SOG
  return tenths * SOG_UNIT + (cog === cog ? Math.round(cog * 10) : NO_COG)
}

function sogOf(packed: number): number {
  const tenths = Math.floor(packed / SOG_UNIT)
  return tenths === NO_SOG ? NaN : tenths / 10
}

function cogOf(packed: number): number {
  const tenths = packed % SOG_UNIT
  return tenths === NO_COG ? NaN : tenths / 10
}

/**
 * What contradicts says nothing: a set without a speed sends 0 for ever, and many do. It is a claim only of a set that was
 * heard to tell a speed before.
 */
function isMute(tracks: Tracks, slot: number, batch: ReportBatch, i: number, kind: number): boolean {
  if (kind !== FASTER) return false
  if (batch.sog[i]! > 0 || tracks.sog[slot]! > 0) return false
  for (let k = slot * SPEED_BINS; k < (slot + 1) * SPEED_BINS; k++) if (tracks.speeds[k]! > 0) return false
  return true
}
