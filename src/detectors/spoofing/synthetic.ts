// Synthetic track: made by software. A sea moves a ship and GNSS adds its noise: from one report to the next a ship is
// never quite where course and speed had put it, both change, and no set sends on the second. A program leaves all of
// that out. What is too even is not told by fixed bounds but by the vessels of the same class in the same sea: where all
// are smooth, it is the provider that makes them so. detection.md 5.7.
//
// One report in four of a vessel under way is looked at, at the rate that sets send at and no slower.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent } from '../../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { syntheticEvent, type Even } from './synthetic-event.js'
import { signsOf } from './synthetic-signs.js'
import {
  addSample,
  clearWindow,
  createWindows,
  figuresOf,
  MIN_SAMPLES,
  samplesOf,
  windowAt,
  type Figures,
} from './synthetic-window.js'

/** One report in so many, a power of two. */
const EVERY = 4
const MIN_SPEED_KN = 3
/** The slowest native rate under way: Class B. */
const NATIVE_MS = 30 * MS_PER_S
/** In shorter steps the steps of the message are all there is. */
const MIN_STEP_M = 40
/** A window is judged when it is that long, and begun anew after a hole. */
const MIN_WINDOW_MS = 20 * MS_PER_MIN
const MAX_HOLE_MS = MS_PER_HOUR
const MAX_QUIET_MS = 6 * MS_PER_HOUR
/** Windows in a row that are too even. */
const MIN_WINDOWS = 2
/** Neighbours that were judged in the last day, in ten degrees by ten, or in the three such seas that are nearest to it; fewer say nothing. */
const MIN_NEIGHBOURS = 10
const MAX_NEIGHBOURS = 64
const MAX_SEAS = 512
const SEA_DEG = 10
const SEAS_AROUND = 360 / SEA_DEG

// where and when a window of a slot began, with the time of its last sample
const FROM_T = 0
const FROM_LAT = 1
const FROM_LON = 2
const LAST_T = 3
const PLACES = 4

/** A vessel whose last windows were too even. */
interface Suspicion extends Even {
  to: [t: number, lat: number, lon: number]
  told: DetectorEvent | null
}

export interface SyntheticState {
  windows: Float32Array
  began: Float64Array
  suspicions: Map<number, Suspicion>
  /** Last figures by MMSI, by class and sea. */
  seas: Map<number, Map<number, Figures>>
}

export function syntheticDetector(options: Config['spoofing']['synthetic']): Detector<SyntheticState> {
  const minMs = options.minMinutes * MS_PER_MIN

  const step: Detector<SyntheticState>['step'] = (state, slot, tracks, batch, i, emit) => {
    if ((tracks.count[slot]! & (EVERY - 1)) !== 0 || !(batch.sog[i]! >= MIN_SPEED_KN)) return
    const ms = batch.t[i]! - tracks.t[slot]!
    const cog = batch.cog[i]!
    if (!(ms > 0 && ms <= NATIVE_MS) || cog !== cog) return
    const lat = batch.lat[i]!
    if (lat !== lat) return
    sample(state, slot, tracks, batch, i, ms, emit)
  }

  function sample(
    state: SyntheticState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    ms: number,
    emit: Emit,
  ): void {
    const lat = batch.lat[i]!
    const course = batch.cog[i]! * RAD
    const north = (lat - tracks.lat[slot]!) * M_PER_DEG
    const east = lonDelta(tracks.lon[slot]!, batch.lon[i]!) * M_PER_DEG * Math.cos(lat * RAD)
    if (north * north + east * east < MIN_STEP_M * MIN_STEP_M) return
    const asideM = Math.abs(north * Math.sin(course) - east * Math.cos(course))
    const { windows, began } = state
    const k = windowAt(slot)
    const p = slot * PLACES
    const t = batch.t[i]!
    if (samplesOf(windows, k) === 0 || t - began[p + LAST_T]! > MAX_HOLE_MS) begin(state, slot, batch, i)
    addSample(windows, k, batch.cog[i]!, batch.sog[i]!, batch.heading[i]!, asideM, ms / MS_PER_S)
    began[p + LAST_T] = t
    if (samplesOf(windows, k) < MIN_SAMPLES || t - began[p + FROM_T]! < MIN_WINDOW_MS) return
    judge(state, slot, tracks, batch, i, emit)
    forget(state, slot)
  }

  function begin({ windows, began }: SyntheticState, slot: number, batch: ReportBatch, i: number): void {
    const p = slot * PLACES
    clearWindow(windows, windowAt(slot))
    began[p + FROM_T] = batch.t[i]!
    began[p + FROM_LAT] = batch.lat[i]!
    began[p + FROM_LON] = batch.lon[i]!
  }

  /** A window is full: held against those of the neighbours, then one of theirs. */
  function judge(
    state: SyntheticState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const { windows, began } = state
    const mmsi = tracks.mmsi[slot]!
    const t = batch.t[i]!
    const own = figuresOf(windows, windowAt(slot), t)
    const others = neighboursOf(state, mmsi, batch, i)
    takeIn(seaOf(state, batch, i), mmsi, own)
    const signs = others.length < MIN_NEIGHBOURS ? [] : signsOf(own, others)
    const suspicion = state.suspicions.get(slot)
    const p = slot * PLACES
    const isQuiet = suspicion && began[p + FROM_T]! - suspicion.to[0] > MAX_QUIET_MS
    if (signs.length === 0 || isQuiet) end(state, slot, t, emit)
    if (signs.length === 0) return
    const from = [began[p + FROM_T]!, began[p + FROM_LAT]!, began[p + FROM_LON]!] as Suspicion['from']
    const told = state.suspicions.get(slot) ?? { windows: 0, from, to: from, told: null }
    told.windows++
    told.to = [t, batch.lat[i]!, batch.lon[i]!]
    state.suspicions.set(slot, told)
    if (told.told || told.windows < MIN_WINDOWS || t - told.from[0] < minMs) return
    told.told = syntheticEvent(told, own, others, signs, t)
    emit(told.told)
  }

  /** The figures of a vessel's last window; the least recent of the sea make room. */
  function takeIn(sea: Map<number, Figures>, mmsi: number, figures: Figures): void {
    sea.delete(mmsi)
    if (sea.size >= MAX_NEIGHBOURS) sea.delete(sea.keys().next().value!)
    sea.set(mmsi, figures)
  }

  /** Figures of others of the last day: of the sea, and where they are few of the three that are nearest to it. */
  function neighboursOf({ seas }: SyntheticState, mmsi: number, batch: ReportBatch, i: number): Figures[] {
    const others = new Map<number, Figures>()
    const add = (north: number, east: number): void => {
      for (const [other, figures] of seas.get(seaAt(batch, i, north, east)) ?? []) {
        const isNewer = figures[0] > (others.get(other)?.[0] ?? batch.t[i]! - MS_PER_DAY)
        if (other !== mmsi && isNewer) others.set(other, figures)
      }
    }
    add(0, 0)
    if (others.size >= MIN_NEIGHBOURS) return [...others.values()]
    // a sea does not end where a line of ten degrees is
    const north = isInUpperHalf(batch.lat[i]! + 90) ? 1 : -1
    const east = isInUpperHalf(batch.lon[i]! + 180) ? 1 : -1
    add(north, 0)
    add(0, east)
    add(north, east)
    return [...others.values()]
  }

  function seaOf({ seas }: SyntheticState, batch: ReportBatch, i: number): Map<number, Figures> {
    const key = seaAt(batch, i, 0, 0)
    const sea = seas.get(key) ?? new Map<number, Figures>()
    if (!seas.has(key) && seas.size >= MAX_SEAS) seas.delete(seas.keys().next().value!)
    seas.set(key, sea)
    return sea
  }

  /** Over: it was even up to the last window that was. */
  function end(state: SyntheticState, slot: number, asOf: number, emit: Emit): void {
    const suspicion = state.suspicions.get(slot)
    if (!suspicion) return
    state.suspicions.delete(slot)
    const { told, to } = suspicion
    if (told) emit({ ...told, slot, phase: 'closed', revision: told.revision + 1, asOf, end: fix(...to) })
  }

  function forget({ windows, began }: SyntheticState, slot: number): void {
    clearWindow(windows, windowAt(slot))
    began.fill(0, slot * PLACES, (slot + 1) * PLACES)
  }

  return {
    name: 'synthetic',
    needs: ['native rate', 'course'],
    init: slots => ({
      windows: createWindows(slots),
      began: new Float64Array(slots * PLACES),
      suspicions: new Map(),
      seas: new Map(),
    }),
    step,
    minDelayMs: MAX_QUIET_MS,
    due: (state, slot, tracks) =>
      state.suspicions.size > 0 && state.suspicions.has(slot) ? tracks.heard[slot]! + MAX_QUIET_MS : Infinity,
    tick: (state, slot, _tracks, t, emit) => end(state, slot, t, emit),
    // what the window holds may be of two places
    moved: forget,
    mistaken: forget,
    parted: (state, { slots }) => slots.forEach(slot => forget(state, slot)),
    clear(state, slot, tracks, emit) {
      end(state, slot, tracks.heard[slot]!, emit)
      forget(state, slot)
    },
  }
}

const isInUpperHalf = (deg: number): boolean => deg - SEA_DEG * Math.floor(deg / SEA_DEG) >= SEA_DEG / 2

/** Number of the sea of row `i`, or of one beside it, and of its class. */
function seaAt(batch: ReportBatch, i: number, north: number, east: number): number {
  const row = Math.floor((batch.lat[i]! + 90) / SEA_DEG) + north
  const column = (Math.floor((wrapLon(batch.lon[i]!) + 180) / SEA_DEG) + east + SEAS_AROUND) % SEAS_AROUND
  return ((row + 1) * 64 + column) * 8 + batch.txClass[i]!
}

const RAD = Math.PI / 180
const M_PER_DEG = 111_195
