// On land: a ship sails where no water is. The shipped coast knows no rivers, canals and lakes, so being inland accuses
// nobody; how the ship came there may. It jumped there from the sea, or it came from the open sea on one straight leg that
// no waterway is as straight, long and fast as. A ship that was ever inland in another way belongs there, and is left
// alone; and where others sail inland there is water. detection.md 5.5.

import { planeM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, round } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import type { Tracks } from '../../tracks/table.js'
import { COAST_ACCURACY_M, type Coast } from '../../zones/coast.js'
import { AT_SEA, INLAND, inlandOf } from '../../zones/inland.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import { createWater, isWater, teach, type WaterState } from './water.js'

/** The first fix of each of these is looked at; of a ship that belongs inland, every third. */
const SAMPLE_MS = 5 * MS_PER_MIN
const INLANDER_SAMPLES = 3
/** Not seen inland for so long, it is a ship like any other. */
const INLANDER_MS = 3 * MS_PER_DAY
/** Fixes further apart than this are no leg, and those of a run that is told no run. */
const MAX_LEG_HOLE_MS = 10 * MS_PER_MIN
const MAX_HOLE_MS = MS_PER_HOUR
/**
 * A jump tells of one ship only when its set was heard until shortly before, and often: a number that two share goes on
 * at the old place. detection.md 5.2.
 */
const MAX_JUMP_MS = MS_PER_HOUR
const MIN_REPORTS = 10
const MIN_FIXES = 3
const MOVING_KN = 1
/** A set at a dealer's and a ship in dry dock do not move; far above noise. */
const MIN_WAY_M = 500

/** A leg is straight while its way is no longer than this: a bend of six degrees in the middle is. */
const STRAIGHT = 1.001
const STRAIGHT_SLACK_M = 40
/**
 * No canal lets ships go faster than 9 kn (Suez 16 km/h, Kiel 15, North Sea Canal 18), nor is one that begins at the open
 * sea as straight for as long. Large ships do not do 14 kn on any river or canal that is as straight for 8 km.
 */
const LEG_M = 20_000
const LEG_KN = 10
const LARGE_LEG_M = 8000
const LARGE_LEG_KN = 14
const LARGE_M = 100

/** What `where` holds: where the ship was by its last sample, or that it was inland in an honest way of late. */
const ELSEWHERE = 0
const NEAR = 1
const DEEP = 2
const INLANDER = 3

// A ship near a coast or inland: one row
const LEG_T = 0 // where the straight leg began that it is on
const LEG_LAT = 1
const LEG_LON = 2
const AT_T = 3 // its last sample; of one that belongs inland, the last there
const AT_LAT = 4
const AT_LON = 5
const PATH_M = 6 // along the leg
const ROW = 7

interface Place {
  t: number
  lat: number
  lon: number
}

/** A stay inland that may be told. */
interface Run {
  byJump: boolean
  /** First fix inland, and the last so far. */
  start: Place
  last: Place
  /** Of the leg that led there. */
  legT: number
  fixes: number
  furthestM: number
  /** Fixes where others sail too. */
  onWater: number
  told: DetectorEvent | null
}

export interface OnLandState {
  where: Uint8Array
  row: Float64Array
  runs: Map<number, Run>
  water: WaterState
  /** What rests on a jump, and was told in the last day: what a shared MMSI would have to take back. */
  recent: Map<number, DetectorEvent>
}

export function onLandDetector(
  options: Config['spoofing']['onLand'],
  words: Words,
  coast: Coast,
): Detector<OnLandState> {
  const inland = inlandOf(coast, options.inlandKm * 1000)
  const minMs = options.minMinutes * MS_PER_MIN
  const perSample = 1 / SAMPLE_MS

  const step: Detector<OnLandState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const sample = Math.floor(batch.t[i]! * perSample)
    const before = Math.floor(tracks.t[slot]! * perSample)
    if (sample === before) return
    const where = state.where[slot]!
    if (where === INLANDER) {
      const isDue = Math.floor(sample / INLANDER_SAMPLES) !== Math.floor(before / INLANDER_SAMPLES)
      if (isDue) belong(state, slot, tracks, batch, i)
      return
    }
    const kind = inland.at(lat, batch.lon[i]!)
    if (kind !== AT_SEA) walk(state, slot, tracks, batch, i, kind === INLAND, emit)
    else if (where !== ELSEWHERE) leave(state, slot, emit)
  }

  /** A ship that belongs inland, for as long as it is seen there now and then. */
  function belong(state: OnLandState, slot: number, tracks: Tracks, batch: ReportBatch, i: number): void {
    const at = slot * ROW + AT_T
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    if (inland.at(lat, lon) !== INLAND) {
      if (t - state.row[at]! > INLANDER_MS) forget(state, slot)
      return
    }
    state.row[at] = t
    const isGoingOn = t - tracks.t[slot]! <= MAX_LEG_HOLE_MS && batch.sog[i]! >= MOVING_KN
    if (isGoingOn) teach(state.water, lat, lon, tracks.mmsi[slot]!)
  }

  /** A sample near a coast or inland. */
  function walk(
    state: OnLandState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    isInland: boolean,
    emit: Emit,
  ): void {
    const { where, row } = state
    const k = slot * ROW
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    const before = where[slot]!
    if (before === ELSEWHERE || !(t - row[k + AT_T]! <= MAX_LEG_HOLE_MS)) {
      setPlace(row, k + LEG_T, t, lat, lon)
      row[k + PATH_M] = 0
    } else {
      const wentM = planeM(row[k + AT_LAT]!, row[k + AT_LON]!, lat, lon)
      const wayM = row[k + PATH_M]! + wentM
      const straightM = planeM(row[k + LEG_LAT]!, row[k + LEG_LON]!, lat, lon)
      const isStraight = wayM <= straightM * STRAIGHT + STRAIGHT_SLACK_M
      if (!isStraight) row.copyWithin(k + LEG_T, k + AT_T, k + AT_T + 3)
      row[k + PATH_M] = isStraight ? wayM : wentM
    }
    setPlace(row, k + AT_T, t, lat, lon)
    const run = state.runs.size === 0 ? undefined : state.runs.get(slot)
    if (!isInland) {
      if (run) end(state, slot, run, emit)
      where[slot] = NEAR
      return
    }
    where[slot] = DEEP
    const here = { t, lat, lon }
    if (!run) {
      if (before === NEAR && cameFromSea(row, k)) state.runs.set(slot, blankRun(false, here, row[k + LEG_T]!))
      else where[slot] = INLANDER
    } else if (t - run.last.t > MAX_HOLE_MS || (!run.byJump && !run.told && row[k + LEG_T] !== run.legT)) {
      end(state, slot, run, emit)
      // the leg bends: it came by water after all
      where[slot] = run.byJump ? ELSEWHERE : INLANDER
    } else extend(state, slot, run, tracks, here, emit)
  }

  /** The leg that it is on began out at sea. */
  function cameFromSea(row: Float64Array, k: number): boolean {
    return !coast.isLandWithin(row[k + LEG_LAT]!, row[k + LEG_LON]!, COAST_ACCURACY_M)
  }

  function extend(state: OnLandState, slot: number, run: Run, tracks: Tracks, here: Place, emit: Emit): void {
    run.last = here
    run.fixes++
    run.furthestM = Math.max(run.furthestM, planeM(run.start.lat, run.start.lon, here.lat, here.lon))
    if (isWater(state.water, here.lat, here.lon)) run.onWater++
    if (run.told || here.t - run.start.t < minMs || run.fixes < MIN_FIXES) return
    if (run.furthestM < MIN_WAY_M || 2 * run.onWater >= run.fixes) return
    if (!run.byJump && !isNoWaterway(slot, run, tracks)) return
    run.told = describe(run, slot, tracks)
    if (run.byJump) state.recent.set(slot, run.told)
    emit(run.told)
  }

  /** So far inland on one leg from the sea, and so fast, that no river or canal is like that. */
  function isNoWaterway(slot: number, run: Run, tracks: Tracks): boolean {
    const { start, last } = run
    const kn = run.furthestM / M_PER_NM / ((last.t - start.t) / MS_PER_HOUR)
    if (kn < LEG_KN) return false
    if (run.furthestM >= LEG_M) return true
    const { shipType, length } = words.statics.get(tracks.statics[slot]!) ?? {}
    const isLarge = shipType! >= 70 && shipType! <= 89 && length! >= LARGE_M
    return isLarge && run.furthestM >= LARGE_LEG_M && kn >= LARGE_LEG_KN
  }

  /** Out at sea, or nobody knows where: what there was has ended. */
  function leave(state: OnLandState, slot: number, emit: Emit): void {
    const run = state.runs.get(slot)
    if (run) end(state, slot, run, emit)
    if (state.where[slot] !== INLANDER) forget(state, slot)
  }

  function forget({ where, row }: OnLandState, slot: number): void {
    where[slot] = ELSEWHERE
    row.fill(0, slot * ROW, (slot + 1) * ROW)
  }

  function end(state: OnLandState, slot: number, run: Run, emit: Emit): void {
    state.runs.delete(slot)
    const { told, last } = run
    if (!told) return
    const inlandM = Math.max(told.details['inlandM'] as number, depthM(last))
    const event: DetectorEvent = {
      ...told,
      ...{ phase: 'closed', revision: told.revision + 1, asOf: last.t, end: fix(last.t, last.lat, last.lon) },
      details: { ...told.details, inlandM },
    }
    if (run.byJump) state.recent.set(slot, event)
    emit(event)
  }

  const depthM = ({ lat, lon }: Place) => round(coast.shoreDistanceM(lat, lon), 0)

  function describe(run: Run, slot: number, tracks: Tracks): DetectorEvent {
    const { byJump, start, last, fixes, onWater, furthestM } = run
    const inlandM = depthM(last)
    const km = inlandM / 1000
    const evidence: Evidence[] = [
      {
        family: 'place',
        name: 'inland_km',
        value: round(km, 1),
        expected: `≤ ${COAST_ACCURACY_M / 1000 + options.inlandKm} km`,
        weight: round(Math.min(1.5, km / 20), 3),
        text: `${km.toFixed(0)} km inland, and moving`,
      },
      {
        family: 'kinematics',
        name: 'reached_by',
        value: byJump ? 'jump' : 'straight leg',
        expected: 'a waterway',
        weight: 1.5,
        text: byJump
          ? 'it came there by a jump from the sea'
          : `it came from the open sea and went straight on over land for ${(furthestM / 1000).toFixed(0)} km`,
      },
    ]
    if (onWater > 0)
      evidence.push({
        family: 'witnesses',
        name: 'others_there',
        value: round(onWater / fixes, 2),
        weight: -1,
        text: 'others sail nearby: there is some water',
      })
    if (words.statics.get(tracks.statics[slot]!)?.imo === undefined)
      evidence.push({
        family: 'identity',
        name: 'imo',
        value: null,
        weight: -0.3,
        text: 'it tells no IMO number: inland vessels have none',
      })
    return {
      ...{ type: 'spoofing', class: 'on_land', key: 'on_land', slot, phase: 'opened', revision: 1 },
      ...{ asOf: last.t, start: fix(start.t, start.lat, start.lon), end: null },
      ...{ score: rankScore(-1, evidence), evidence },
      details: { inlandM, reachedBy: byJump ? 'jump' : 'leg' },
    }
  }

  return {
    name: 'on_land',
    init: slots => ({
      where: new Uint8Array(slots),
      row: new Float64Array(slots * ROW),
      runs: new Map(),
      water: createWater(),
      recent: new Map(),
    }),
    step,
    moved(state, slot, tracks, batch, i, isJump, emit) {
      leave(state, slot, emit)
      const [t, lat, lon] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!]
      if (!isJump || state.where[slot] === INLANDER) return
      if (t - tracks.t[slot]! > MAX_JUMP_MS || tracks.count[slot]! < MIN_REPORTS) return
      if (inland.at(lat, lon) !== INLAND || inland.at(tracks.lat[slot]!, tracks.lon[slot]!) === INLAND) return
      state.runs.set(slot, { ...blankRun(true, { t, lat, lon }, t), fixes: 0 })
      state.where[slot] = DEEP
      setPlace(state.row, slot * ROW + LEG_T, t, lat, lon)
      setPlace(state.row, slot * ROW + AT_T, t, lat, lon)
    },
    // that fix stood alone after a silence that ended whatever there was
    mistaken: (state, slot, _t, _asOf, emit) => leave(state, slot, emit),
    parted(state, { slots }, _tracks, t, emit) {
      for (const slot of slots) {
        if (state.runs.get(slot)?.byJump) state.runs.delete(slot)
        const event = state.recent.get(slot)
        state.recent.delete(slot)
        if (event && t - event.asOf <= MS_PER_DAY)
          emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
      }
    },
    clear(state, slot, _tracks, emit) {
      leave(state, slot, emit)
      forget(state, slot)
      state.recent.delete(slot)
    },
  }
}

function blankRun(byJump: boolean, at: Place, legT: number): Run {
  return { byJump, start: at, last: at, legT, fixes: 1, furthestM: 0, onWater: 0, told: null }
}

function setPlace(row: Float64Array, at: number, t: number, lat: number, lon: number): void {
  row[at] = t
  row[at + 1] = lat
  row[at + 2] = lon
}
