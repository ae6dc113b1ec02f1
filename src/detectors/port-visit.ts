// Port visits: a vessel comes into a port or anchorage, of the list or learned, stops there, and goes, after pipe-anchorages
// (Global Fishing Watch): in at the radius of the port (3 km), out at four thirds of it, at rest below 0.2 knots until it makes
// 0.5; a silence of more than four hours in port counts as a stop. One event with what was seen of it, held against nobody:
// it serves stories and sequences. docs/detection.md.
//
// Beside it, how long each vessel has lain at one place, anywhere, by net displacement: anchorages are learned from that
// (zones/anchorages). A vessel is looked at once a minute.

import { haversineM, planeM } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Fix } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Tracks } from '../tracks/table.js'
import type { Anchorages, Stay } from '../zones/anchorages.js'
import type { Port } from '../zones/ports.js'
import type { Detector, Emit } from './detector.js'

const LOOK_MS = MS_PER_MIN
/** A fix after so long a silence may be told to have been mistaken; see Detector.mistaken. */
const MISTAKABLE_MS = MS_PER_HOUR
/** A ship that stays within this of where it stopped lies there: the swing of an anchor, and some noise. */
const LIE_M = 500
/** It lies there after this, to those that may come beside it, and says so as often. */
const LIES_MS = MS_PER_HOUR
const AT_ANCHOR = 1
const MOORED = 5

// where a vessel has stayed since when, as a row of numbers; and what of that was passed on
const SINCE = 0
const LAT = 1
const LON = 2
const STAGE = 3 // 0 nothing, 1 that it lies there, 2 that it has stopped
const SAY_AT = 4 // … that it still lies there is passed on by then
const FIELDS = 5

interface Visit {
  port: Port
  /** First fix in port, and whether it was seen to come. */
  first: Fix
  came: boolean
  /** First fix at rest; the first after that that was under way, unless it rests again; rests and the time of those that are over, ms. */
  stopped: Fix | null
  went: Fix | null
  stops: number
  stoppedMs: number
  restSince: number
  /** Silences, and all of their time, ms. */
  holes: number
  holesMs: number
  event: DetectorEvent | null
}

export interface PortVisitState {
  askAt: Float64Array
  stays: Float64Array
  /** 1: the slot is in port. */
  inPort: Uint8Array
  visits: Map<number, Visit>
  /** By slot: the visit before the one fix that ended a long silence, null where it was in no port. */
  before: Map<number, { t: number; visit: Visit | null }>
}

export function portVisitDetector(
  { portVisit: options, anchorages: { minHours } }: Config,
  { anchorages }: { anchorages: Anchorages },
): Detector<PortVisitState> {
  const { stopKn, goKn, leaveRadii, minConfidence } = options
  const { ports } = anchorages
  const holeMs = options.holeHours * MS_PER_HOUR
  const stopMs = minHours * MS_PER_HOUR

  const step: Detector<PortVisitState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const t = batch.t[i]!
    if (t < state.askAt[slot]!) return
    const lat = batch.lat[i]!
    if (lat !== lat) return
    state.askAt[slot] = t + LOOK_MS
    const lon = batch.lon[i]!
    if (t - tracks.t[slot]! > MISTAKABLE_MS) {
      const visit = state.visits.get(slot)
      state.before.set(slot, { t, visit: visit ? { ...visit } : null })
    } else if (state.before.size > 0) state.before.delete(slot)
    lie(state, slot, tracks, batch, i)
    if (state.inPort[slot] === 1) goOn(state, slot, tracks, batch, i, emit)
    else {
      const port = ports.at(lat, lon, t)
      if (port) begin(state, slot, tracks, batch, i, port, emit)
    }
  }

  /** How long it has stayed where it is. */
  function lie({ stays }: PortVisitState, slot: number, tracks: Tracks, batch: ReportBatch, i: number): void {
    const k = slot * FIELDS
    const t = batch.t[i]!
    const since = stays[k + SINCE]!
    const isThere =
      since !== 0 &&
      t - tracks.t[slot]! <= holeMs &&
      planeM(stays[k + LAT]!, stays[k + LON]!, batch.lat[i]!, batch.lon[i]!) <= LIE_M
    if (!isThere) {
      if (stays[k + STAGE]! > 0) pass(stays, k, tracks.mmsi[slot]!, t, 'leaves', false)
      stays[k + SINCE] = t
      stays[k + LAT] = batch.lat[i]!
      stays[k + LON] = batch.lon[i]!
      stays[k + STAGE] = 0
      stays[k + SAY_AT] = t + LIES_MS
      return
    }
    const isLong = t - since >= stopMs && stays[k + STAGE] !== 2
    if (t < stays[k + SAY_AT]! && !isLong) return
    const nav = batch.navStatus[i]!
    const saysSo = nav === AT_ANCHOR || nav === MOORED
    if (t >= stays[k + SAY_AT]!) {
      pass(stays, k, tracks.mmsi[slot]!, t, 'lies', saysSo)
      stays[k + SAY_AT] = t + LIES_MS
      stays[k + STAGE] = Math.max(1, stays[k + STAGE]!)
    }
    if (!isLong) return
    pass(stays, k, tracks.mmsi[slot]!, t, 'stopped', saysSo)
    stays[k + STAGE] = 2
  }

  function pass(
    stays: Float64Array,
    k: number,
    mmsi: number,
    t: number,
    what: Stay['what'],
    saysSo: boolean,
  ): void {
    anchorages.take({ t, mmsi, what, lat: stays[k + LAT]!, lon: stays[k + LON]!, saysSo })
  }

  function begin(
    state: PortVisitState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    port: Port,
    emit: Emit,
  ): void {
    const [t, lat, lon] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!]
    const wasThere = !(tracks.t[slot]! < t) || ports.at(tracks.lat[slot]!, tracks.lon[slot]!, t) !== undefined
    const visit: Visit = {
      port,
      first: fix(t, lat, lon),
      came: !wasThere,
      stopped: null,
      went: null,
      stops: 0,
      stoppedMs: 0,
      restSince: NaN,
      holes: 0,
      holesMs: 0,
      event: null,
    }
    state.visits.set(slot, visit)
    state.inPort[slot] = 1
    move(visit, tracks, slot, batch, i, emit)
  }

  function goOn(
    state: PortVisitState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const visit = state.visits.get(slot)!
    const [t, lat, lon] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!]
    const silentMs = t - tracks.t[slot]!
    if (silentMs > holeMs) {
      visit.holes++
      visit.holesMs += silentMs
    }
    const { port } = visit
    if (haversineM(lat, lon, port.lat, port.lon) <= leaveRadii * port.radiusM) {
      move(visit, tracks, slot, batch, i, emit)
      return
    }
    rest(visit, tracks.t[slot]!)
    close(state, slot, fix(t, lat, lon), fix(t, lat, lon), t, emit)
    const next = ports.at(lat, lon, t)
    if (next) begin(state, slot, tracks, batch, i, next, emit)
  }

  /** At rest, or under way again. */
  function move(visit: Visit, tracks: Tracks, slot: number, batch: ReportBatch, i: number, emit: Emit): void {
    const [t, lat, lon] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!]
    const kn = speedOf(tracks, slot, batch, i)
    if (kn < stopKn && visit.restSince !== visit.restSince) {
      visit.stops++
      visit.restSince = t
      visit.stopped ??= fix(t, lat, lon)
      visit.went = null
    } else if (kn > goKn && visit.restSince === visit.restSince) {
      rest(visit, t)
      visit.went = fix(t, lat, lon)
    }
    if (!visit.event && isStop(visit) && confidenceOf(visit, false) >= minConfidence) {
      visit.event = describe(visit, null, null, t)
      emit(visit.event)
    }
  }

  /** Its rest is over. */
  function rest(visit: Visit, t: number): void {
    if (visit.restSince === visit.restSince) visit.stoppedMs += t - visit.restSince
    visit.restSince = NaN
  }

  /** Knots, as it tells, or as it went since its last fix; NaN of the first. */
  function speedOf(tracks: Tracks, slot: number, batch: ReportBatch, i: number): number {
    const sog = batch.sog[i]!
    if (sog === sog) return sog
    const ms = batch.t[i]! - tracks.t[slot]!
    const m = planeM(tracks.lat[slot]!, tracks.lon[slot]!, batch.lat[i]!, batch.lon[i]!)
    return ms > 0 ? (m / M_PER_NM / ms) * MS_PER_HOUR : NaN
  }

  const isStop = ({ stops, holes }: Visit): boolean => stops + holes > 0

  /** As pipe-anchorages has it: 1 nothing but a passage, 2 a stop or a silence, 3 that and one end of the visit, 4 both ends. */
  const confidenceOf = (visit: Visit, isLeft: boolean): number =>
    isStop(visit) ? 2 + Number(visit.came) + Number(isLeft) : 1

  function describe(visit: Visit, left: Fix | null, end: Fix | null, asOf: number): DetectorEvent {
    const { port, first, came, stopped, went, stops, holes, event } = visit
    return {
      ...({ type: 'port_visit', class: port.learned ? 'anchorage' : 'port' } as const),
      ...{ phase: end ? 'closed' : 'opened', revision: (event?.revision ?? 0) + 1, asOf },
      ...{ start: first, end, score: 0, evidence: [] },
      details: {
        port: { name: port.name, country: port.country, lat: port.lat, lon: port.lon, radiusM: port.radiusM },
        learned: port.learned ?? false,
        confidence: confidenceOf(visit, left !== null),
        entered: came ? first : null,
        stopped,
        restarted: went,
        left,
        stops,
        stoppedH: round(visit.stoppedMs / MS_PER_HOUR, 3),
        silences: holes,
        silentH: round(visit.holesMs / MS_PER_HOUR, 3),
      },
    }
  }

  /** It is over, at `end`; it left there, unless nobody knows. */
  function close(
    state: PortVisitState,
    slot: number,
    left: Fix | null,
    end: Fix,
    asOf: number,
    emit: Emit,
  ): void {
    const visit = state.visits.get(slot)!
    state.visits.delete(slot)
    state.inPort[slot] = 0
    const isTold = visit.event !== null
    if (isTold || confidenceOf(visit, left !== null) >= minConfidence) emit(describe(visit, left, end, asOf))
  }

  /** It goes on elsewhere, or nobody knows where: what there was ends at the last fix. */
  function end(state: PortVisitState, slot: number, tracks: Tracks, asOf: number, emit: Emit): void {
    const k = slot * FIELDS
    const visit = state.visits.get(slot)
    if (visit) {
      rest(visit, tracks.t[slot]!)
      close(state, slot, null, fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!), asOf, emit)
    }
    if (state.stays[k + STAGE]! > 0) pass(state.stays, k, tracks.mmsi[slot]!, asOf, 'leaves', false)
    state.stays.fill(0, k, k + FIELDS)
    state.askAt[slot] = 0
    state.before.delete(slot)
  }

  return {
    name: 'port_visit',
    init: slots => ({
      askAt: new Float64Array(slots),
      stays: new Float64Array(slots * FIELDS),
      inPort: new Uint8Array(slots),
      visits: new Map(),
      before: new Map(),
    }),
    step,
    mistaken(state, slot, t, asOf, emit) {
      const before = state.before.get(slot)
      if (before?.t !== t) return
      state.before.delete(slot)
      const { visit } = before
      const now = state.visits.get(slot)
      const goesOn = visit !== null && now?.first.t === visit.first.t
      if (now?.event && now.event !== visit?.event)
        emit({ ...now.event, phase: 'retracted', revision: now.event.revision + 1, asOf })
      if (visit) state.visits.set(slot, visit)
      else state.visits.delete(slot)
      state.inPort[slot] = visit ? 1 : 0
      if (!visit?.event || goesOn) return
      // it was told to be over
      const again = { ...visit.event, phase: 'updated' as const, revision: visit.event.revision + 2, asOf }
      visit.event = again
      emit(again)
    },
    moved: (state, slot, tracks, batch, i, _isJump, emit) => end(state, slot, tracks, batch.t[i]!, emit),
    clear: (state, slot, tracks, emit) => end(state, slot, tracks, tracks.heard[slot]!, emit),
  }
}
