// A vessel that stops at sea, all by itself as far as anybody is heard: what a meeting looks like whose other half has its
// AIS off. The detector tells of each such stop; who may have been there is asked in assess/rendezvous, which hears of
// silences too and alone decides what goes out. detection.md section 7.

import { isShipLike } from '../ais/kinds.js'
import { haversineM, planeM } from '../geo/distance.js'
import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Phase } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import { sigmaOf } from '../tracks/motion.js'
import { createNear, found, place, search, stands, takeOut, type NearState } from '../tracks/near.js'
import type { Tracks } from '../tracks/table.js'
import { THIN_MS, thinnedTracks, type ThinnedState } from '../tracks/thinned.js'
import { isOutAtSea, type Shores } from '../zones/out-at-sea.js'
import type { Detector, Emit } from './detector.js'

/** Nobody knows what a vessel does in a longer silence: a stop ends with it. */
const HOLE_MS = MS_PER_HOUR
/** One that is heard again so soon was heard all the time. */
const HEARD_MS = 10 * MS_PER_MIN
/** Who was last heard longer ago is not known to be near. */
const FRESH_MS = 15 * MS_PER_MIN
/** One that went fast within so long before its stop has come. */
const CAME_MS = MS_PER_HOUR
/** Where a look at the place said port or coast, the next comes after this. */
const ASK_MS = MS_PER_HOUR

/** A stop that goes on. Plain data. */
interface Stop {
  start: Point
  last: Point
  /** Sums of degrees from the start, for the mean place, and points. */
  north: number
  east: number
  points: number
  /** Points at which somebody was near, and how near anybody ever was, metres. */
  company: number
  closestM: number
  radiusM: number
  /** Time in which it was heard: none of what is missing between two points beyond ten minutes, ms. */
  heardMs: number
  /** It had been under way just before. */
  came: boolean
  navStatus: number
  /** Long enough to be asked where it is, and then out at sea. */
  isOut: boolean
  /** In a harbour, or too long: nothing is told of it. */
  isIdle: boolean
  /** When it is told again, epoch ms: it has doubled. */
  tellAt: number
  told: DetectorEvent | null
}

interface Point {
  t: number
  lat: number
  lon: number
}

/** How long a stop is, and at how much of its points somebody was near, and it was heard itself. */
export interface Shares {
  hours: number
  companyShare: number
  heardShare: number
}

/** Long enough, alone enough and heard enough that it may have met somebody who was silent. */
export const isAlone = (
  { hours, companyShare, heardShare }: Shares,
  { maxCompanyShare, minHeardShare, minHours }: Config['darkRendezvous'],
): boolean => hours >= minHours && companyShare <= maxCompanyShare && heardShare >= minHeardShare

export interface DarkRendezvousState {
  thinned: ThinnedState
  /** When it last made good the speed of one under way, epoch ms. */
  fastT: Float64Array
  stops: Map<number, Stop>
  near: NearState
  /** Until then a vessel that says it is slow is not looked at: it lies in a harbour, as most do that lie. Epoch ms. */
  quietT: Float64Array
}

export function darkRendezvousDetector(
  options: Config['darkRendezvous'],
  shores: Shores,
): Detector<DarkRendezvousState> {
  const windowMs = options.windowMinutes * MS_PER_MIN
  const minMs = options.minMinutes * MS_PER_MIN
  const maxMs = options.maxHours * MS_PER_HOUR
  const companyM = options.companyNm * M_PER_NM
  const minPortM = options.minPortNm * M_PER_NM
  const mpms = (kn: number) => (kn * M_PER_NM) / MS_PER_HOUR
  const [slow, exit, fast] = [options.maxSpeedKn, options.exitSpeedKn, options.wayKn].map(mpms) as [
    number,
    number,
    number,
  ]
  const track = thinnedTracks(windowMs)

  const step: Detector<DarkRendezvousState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const { thinned } = state
    const t = batch.t[i]!
    const newestT = thinned.newestT[slot]!
    if (t - newestT < THIN_MS) return
    if (t < state.quietT[slot]! && batch.sog[i]! < options.exitSpeedKn) return
    const lat = batch.lat[i]!
    if (lat !== lat) return
    if (newestT === 0) {
      if (!isShipLike(tracks.mmsi[slot]!)) return
    } else if (t - tracks.t[slot]! >= HOLE_MS) leave(state, slot, t, emit)
    const lon = batch.lon[i]!
    track.push(thinned, slot, t, lat, lon, sigmaOf(batch.msgType[i]!, batch.txClass[i]!))
    place(state.near, slot, lat, lon)
    const back = track.backTo(thinned, slot, windowMs)
    if (back < 0) return
    const speed = track.speed(thinned, slot, back, 0)
    if (speed > fast) state.fastT[slot] = t
    const stop = state.stops.size > 0 ? state.stops.get(slot) : undefined
    if (!stop) {
      if (speed < slow) begin(state, slot, back, batch.navStatus[i]!)
    } else if (speed > exit) {
      goOn(state, slot, stop, t, emit)
    } else if (stop.isIdle) {
      // nobody looks who is near, unless it is out of there by now
      const isLong = t - stop.start.t > maxMs
      if (!isLong && isOut(lat, lon)) begin(state, slot, 0, batch.navStatus[i]!)
      else state.quietT[slot] = t + ASK_MS
    } else {
      takeIn(stop, { t, lat, lon })
      lookAround(state, slot, tracks, stop)
      judge(stop, t, emit)
    }
  }

  /** It has stopped: since the first slow step of the last minutes. */
  function begin(state: DarkRendezvousState, slot: number, oldest: number, navStatus: number): void {
    const { thinned } = state
    let back = oldest
    while (back > 1 && !(track.speed(thinned, slot, back, back - 1) < slow)) back--
    const start = pointAt(state, slot, back)
    const stop: Stop = {
      start,
      last: start,
      north: 0,
      east: 0,
      points: 1,
      company: 0,
      closestM: Infinity,
      radiusM: 0,
      heardMs: 0,
      came: start.t - state.fastT[slot]! <= CAME_MS,
      navStatus,
      isOut: false,
      isIdle: false,
      tellAt: 0,
      told: null,
    }
    for (back--; back >= 0; back--) takeIn(stop, pointAt(state, slot, back))
    state.stops.set(slot, stop)
  }

  function pointAt({ thinned }: DarkRendezvousState, slot: number, back: number): Point {
    const k = track.at(thinned, slot, back)
    return { t: thinned.ring[k]!, lat: thinned.ring[k + 1]!, lon: thinned.ring[k + 2]! }
  }

  function takeIn(stop: Stop, point: Point): void {
    const { start } = stop
    stop.heardMs += Math.min(point.t - stop.last.t, HEARD_MS)
    stop.last = point
    stop.north += point.lat - start.lat
    stop.east += lonDelta(start.lon, point.lon)
    stop.points++
    stop.radiusM = Math.max(stop.radiusM, planeM(start.lat, start.lon, point.lat, point.lon))
  }

  /** Who else is heard there. */
  function lookAround({ near }: DarkRendezvousState, slot: number, tracks: Tracks, stop: Stop): void {
    const { t, lat, lon } = stop.last
    search(near, lat, lon, companyM)
    let nearestM = Infinity
    for (const other of found) {
      if (tracks.mmsi[other] === tracks.mmsi[slot] || !(t - tracks.t[other]! <= FRESH_MS)) continue
      nearestM = Math.min(nearestM, haversineM(lat, lon, tracks.lat[other]!, tracks.lon[other]!))
    }
    if (nearestM <= companyM) stop.company++
    stop.closestM = Math.min(stop.closestM, nearestM)
  }

  /** Long enough, and far enough from anywhere? */
  function judge(stop: Stop, t: number, emit: Emit): void {
    const ms = stop.last.t - stop.start.t
    if (ms < minMs || t < stop.tellAt) return
    if (ms > maxMs) {
      if (stop.told) emit({ ...stop.told, phase: 'retracted', revision: stop.told.revision + 1, asOf: t })
      stop.told = null
      stop.isIdle = true
      return
    }
    if (!stop.isOut) {
      const { lat, lon } = meanOf(stop)
      stop.isOut = isOut(lat, lon)
      stop.isIdle = !stop.isOut
      if (stop.isIdle) return
    }
    stop.tellAt = Math.min(stop.start.t + maxMs + 1, stop.start.t + 2 * ms)
    tell(stop, t, stop.told ? 'updated' : 'opened', emit)
  }

  /** Most stops were never alone, and nobody need hear of them. */
  function tell(stop: Stop, asOf: number, phase: Phase, emit: Emit): void {
    if (!stop.told && !isAlone(sharesOf(stop), options)) return
    stop.told = describe(stop, asOf, phase)
    emit(stop.told)
  }

  function sharesOf({ start, last, points, company, heardMs }: Stop): Shares {
    const ms = last.t - start.t
    return {
      hours: round(ms / MS_PER_HOUR, 3),
      companyShare: round(company / points, 3),
      heardShare: round(Math.min(1, heardMs / ms), 3),
    }
  }

  const isOut = (lat: number, lon: number): boolean => isOutAtSea(lat, lon, minPortM, shores)

  /** Under way again: it had stopped until the fast steps began. */
  function goOn(state: DarkRendezvousState, slot: number, stop: Stop, t: number, emit: Emit): void {
    let back = 0
    while (back + 1 < state.thinned.used[slot]! && !(track.speed(state.thinned, slot, back + 1, back) < slow))
      back++
    const end = pointAt(state, slot, back)
    if (end.t > stop.last.t) stop.last = end
    close(state, slot, stop, t, emit)
  }

  function close(state: DarkRendezvousState, slot: number, stop: Stop, t: number, emit: Emit): void {
    state.stops.delete(slot)
    if (stop.isOut && !stop.isIdle) tell(stop, t, 'closed', emit)
  }

  /** What comes is another way: a hole, a jump, another owner of the slot. */
  function leave(state: DarkRendezvousState, slot: number, t: number, emit: Emit): void {
    const stop = state.stops.get(slot)
    if (stop) close(state, slot, stop, t, emit)
    track.clear(state.thinned, slot)
    takeOut(state.near, slot)
    state.fastT[slot] = state.quietT[slot] = 0
  }

  function describe(stop: Stop, asOf: number, phase: Phase): DetectorEvent {
    const { start, last, told } = stop
    const { lat, lon } = meanOf(stop)
    const { hours, companyShare, heardShare } = sharesOf(stop)
    return {
      ...({ type: 'dark_rendezvous', phase, revision: (told?.revision ?? 0) + 1, asOf } as const),
      start: fix(start.t, start.lat, start.lon),
      end: phase === 'closed' ? fix(last.t, last.lat, last.lon) : null,
      ...{ score: 0, evidence: [] },
      details: {
        place: { lat, lon },
        hours,
        radiusM: stop.radiusM,
        companyShare,
        closestOtherM: stop.closestM === Infinity ? null : stop.closestM,
        heardShare,
        cameUnderWay: stop.came,
        navStatus: stop.navStatus,
        distanceFromShoreM: shores.coast ? shores.coast.shoreDistanceM(lat, lon) : null,
      },
    }
  }

  return {
    name: 'dark_rendezvous',
    init: slots => ({
      thinned: track.init(slots),
      fastT: new Float64Array(slots),
      stops: new Map(),
      near: createNear(slots),
      quietT: new Float64Array(slots),
    }),
    step,
    minDelayMs: HOLE_MS,
    due: (state, slot, tracks) => (stands(state.near, slot) ? tracks.t[slot]! + HOLE_MS : Infinity),
    tick: (state, slot, _tracks, t, emit) => leave(state, slot, t, emit),
    moved: (state, slot, _tracks, batch: ReportBatch, i, _isJump, emit) =>
      leave(state, slot, batch.t[i]!, emit),
    mistaken(state, slot) {
      track.clear(state.thinned, slot)
      state.quietT[slot] = 0
    },
    clear: (state, slot, tracks, emit) => leave(state, slot, tracks.heard[slot]!, emit),
  }
}

const meanOf = ({ start, north, east, points }: Stop): { lat: number; lon: number } => ({
  lat: start.lat + north / points,
  lon: wrapLon(start.lon + east / points),
})
