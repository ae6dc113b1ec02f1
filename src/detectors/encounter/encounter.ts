// Encounter: two vessels come near each other at sea and stay: for hours, as ships do that hand something over
// (`encounter`), for a quarter of an hour alongside (`brief_meeting`), under way (`tandem`), or because one of them does
// that for a living (`service`). One event for both. detection.md section 7.
//
// Looked at every few minutes, and by those alone that move: the neighbours of a berth or an anchorage that lie there
// together have not met. What a pair costs, it costs while the two are within half a mile.

import { haversineM, shortM } from '../../geo/distance.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import type { Tracks } from '../../tracks/table.js'
import type { Coast } from '../../zones/coast.js'
import type { PortIndex } from '../../zones/ports.js'
import type { Detector, Emit } from '../detector.js'
import { describe, placeOf, retold, type EncounterClass, type Subject } from './describe.js'
import { createNear, found, place, search, stands, takeOut, type NearState } from '../../tracks/near.js'
import { advance, conclude, createPair, keyOf, takeBack, unlink, type Pair } from './pair.js'
import { isGearName, isService, isShipLike } from '../../ais/kinds.js'
import {
  begin,
  DISTANCE_BIN_M,
  edgeBetween,
  endOf,
  goOn,
  medianOf,
  SPEED_BIN_KN,
  type Moment,
  type Rule,
  type Together,
} from './together.js'
import * as way from './way.js'

/** A longer silence of either ends it: nobody knows (pipe-encounters interpolates over holes of less than an hour). */
const HOLE_MS = MS_PER_HOUR
/** Points of a vessel are so far apart at least, while it has company, … */
const PAIR_MS = 2 * MS_PER_MIN
/** … so far while they all lie still, … */
const STILL_PAIR_MS = 3 * MS_PER_MIN
/** … so far while it has none, … */
const ALONE_MS = 5 * MS_PER_MIN
/** … and so far while it is fast as well, until it says that it is slow. */
const FAST_MS = 10 * MS_PER_MIN
/** A vessel that has not moved for so long lies still (tracks/table). */
const STILL_MS = 30 * MS_PER_MIN
/** A vessel that stays within this swings at anchor (loitering). */
const ANCHOR_RADIUS_M = 0.3 * M_PER_NM
/** Slow no more, and in tandem no more: a knot beyond the bound. */
const SLACK_KN = 1
/** Ships in tandem keep their distance: one may be so much faster for some minutes. */
const TANDEM_SLACK_KN = 2
/** They are no pair any more, so much farther off than apart. */
const FORGET = 1.5
const MOORED = 5
const PACES = ['slow', 'fast'] as const
/**
 * Ships with which one makes a pair at a time, at most: within half a mile of it no anchorage has room for more, and what
 * has more is no ship.
 */
const MAX_PARTNERS = 32
/** Where a look at the place said harbour, the next comes after this. */
const ASK_MS = 30 * MS_PER_MIN

export interface EncounterState {
  /** Event time at which the next point of a vessel is wanted, 0: at once; negative: or once it is slow. All that most reports need. */
  wantedT: Float64Array
  ways: Float64Array
  navStatus: Uint8Array
  near: NearState
  /** By both slots. */
  pairs: Map<number, Pair>
  /** Slots of those that a slot makes a pair with. */
  partners: Map<number, number[]>
}

export interface EncounterViews {
  words: Words
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

export function encounterDetector(
  options: Config['encounter'],
  { words, coast, ports }: EncounterViews,
): Detector<EncounterState> {
  const { nearM, leaveM, closeM, maxSpeedKn, tandemKn } = options
  const minMs = options.minHours * MS_PER_HOUR
  const briefMs = options.briefMinutes * MS_PER_MIN
  const minShoreM = options.minShoreNm * M_PER_NM
  const exitKn = maxSpeedKn + SLACK_KN
  const bounds = {
    nearM,
    leaveM,
    closeM,
    leaveMs: options.leaveMinutes * MS_PER_MIN,
    apartCloseM: (closeM * leaveM) / nearM,
  }
  const slowRule: Rule = {
    ...bounds,
    begins: ({ knA, knB }) => knA < maxSpeedKn && knB < maxSpeedKn,
    goesOn: ({ knA, knB }) => knA <= exitKn && knB <= exitKn,
  }
  const fastRule: Rule = {
    ...bounds,
    begins: ({ knA, knB }) => knA > tandemKn && knB > tandemKn,
    goesOn: ({ knA, knB }) => knA >= tandemKn - SLACK_KN && knB >= tandemKn - SLACK_KN,
  }

  const step: Detector<EncounterState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const t = batch.t[i]!
    const wantedT = state.wantedT[slot]!
    if (t < wantedT || (t < -wantedT && !(batch.sog[i]! <= exitKn))) return
    const lat = batch.lat[i]!
    if (lat !== lat) return
    if (way.newestT(state.ways, slot) === 0) {
      if (!isShipLike(tracks.mmsi[slot]!)) return
    } else if (t - tracks.t[slot]! >= HOLE_MS) end(state, slot, tracks, t, emit)
    else if (t - tracks.t[slot]! >= ALONE_MS) take(state, slot, tracks, lastOf(tracks, slot), NaN, t, emit)
    state.navStatus[slot] = batch.navStatus[i]!
    const hasPartners = state.partners.size > 0 && state.partners.has(slot)
    if (hasPartners) take(state, slot, tracks, { t, lat, lon: batch.lon[i]! }, batch.sog[i]!, t, emit)
    else way.goOn(state.ways, slot, t, lat, batch.lon[i]!, batch.sog[i]!)
    place(state.near, slot, lat, batch.lon[i]!)
    if (isMoving(state, slot, t)) look(state, slot, tracks, batch, i, emit)
    const others = partnersOf(state, slot)
    if (others.length > 0) state.wantedT[slot] = t + pairMs(state, slot, others, t)
    else if (batch.sog[i]! > exitKn) state.wantedT[slot] = -(t + FAST_MS)
    else state.wantedT[slot] = t + ALONE_MS
  }

  /** A new point of a vessel: its pairs are known so far. */
  function take(
    state: EncounterState,
    slot: number,
    tracks: Tracks,
    point: way.Point,
    sog: number,
    asOf: number,
    emit: Emit,
  ): void {
    const { ways } = state
    const from = way.newest(ways, slot)
    if (from && point.t <= from.t) return
    way.goOn(ways, slot, point.t, point.lat, point.lon, sog)
    for (const other of partnersOf(state, slot))
      feed(state, state.pairs.get(keyOf(slot, other))!, slot, tracks, from, point, asOf, emit)
  }

  function feed(
    state: EncounterState,
    pair: Pair,
    slot: number,
    tracks: Tracks,
    from: way.Point | undefined,
    to: way.Point,
    asOf: number,
    emit: Emit,
  ): void {
    const kn = way.legKn(from, to) ?? way.speedKn(state.ways, slot)
    advance(pair, slot === pair.a ? 'a' : 'b', from, to, kn, moment => {
      meet(state, pair, tracks, moment, asOf, emit)
    })
    if (!pair.slow && !pair.fast && isOver(state, pair)) part(state, pair)
  }

  /** Both are known at one more time. */
  function meet(
    state: EncounterState,
    pair: Pair,
    tracks: Tracks,
    moment: Moment,
    asOf: number,
    emit: Emit,
  ): void {
    const from = pair.last ?? undefined
    pair.last = moment
    if (moment.distanceM > leaveM) pair.near = null
    else if (moment.distanceM <= nearM) pair.near ??= from ? edgeBetween(from, moment, nearM) : moment
    for (const pace of PACES) {
      const rule = pace === 'slow' ? slowRule : fastRule
      const run = pair[pace]
      // who was always there has not come
      if (!run) {
        if (pair.near && (pace === 'fast' || pair.apart))
          pair[pace] = begin(rule, from, moment, pair.near, pair.apart)
      } else if (goOn(rule, run, from!, moment)) {
        if (!run.away) judge(state, pair, pace, run, tracks, moment, asOf, emit)
      } else {
        close(pair, run, tracks, asOf, emit)
        pair[pace] = null
      }
    }
    if (moment.distanceM > leaveM) pair.apart = true
  }

  /** What it is by now, if anything. */
  function judge(
    state: EncounterState,
    pair: Pair,
    pace: 'slow' | 'fast',
    run: Together,
    tracks: Tracks,
    moment: Moment,
    asOf: number,
    emit: Emit,
  ): void {
    const found = pace === 'fast' ? tandemOf(run) : slowOf(state, pair, run)
    if (!found) return
    if (run.told?.class === found || moment.t < run.askAt) return
    if (run.told && !(run.told.class === 'brief_meeting' && found === 'encounter')) return
    const { lat, lon } = moment.a
    const subject = subjectOf(pair, tracks, lat, lon)
    if (!run.told && (isGear(subject) || isInHarbour(lat, lon))) {
      run.askAt = moment.t + ASK_MS
      return
    }
    const isForLiving = isService(subject.vessel) || isService(subject.partner)
    const kind = found !== 'tandem' && isForLiving ? 'service' : found
    const event = describe(subject, tracks, run, kind, asOf)
    run.told = run.told ? retold(run.told, event, 'updated') : event
    emit(run.told)
  }

  const isAnchored = (run: Together): boolean => run.earlierRangeM <= ANCHOR_RADIUS_M

  const tandemOf = (run: Together): EncounterClass | null =>
    run.last.t - run.start.t >= minMs && medianOf(run.bySpeed, SPEED_BIN_KN) > tandemKn ? 'tandem' : null

  function slowOf(state: EncounterState, { a, b }: Pair, run: Together): EncounterClass | null {
    const ms = run.last.t - run.start.t
    if (ms < briefMs) return null
    if (state.navStatus[a] === MOORED && state.navStatus[b] === MOORED) return null
    const isLong = ms >= minMs && medianOf(run.bySpeed, SPEED_BIN_KN) < maxSpeedKn
    // neighbours at anchor are no encounter, unless one goes alongside the other
    if (isLong && !(isAnchored(run) && medianOf(run.byDistance, DISTANCE_BIN_M) > closeM)) return 'encounter'
    return run.closeMs >= briefMs ? 'brief_meeting' : null
  }

  /** It is over, at its end; closed where it was told. */
  function close(pair: Pair, run: Together, tracks: Tracks, asOf: number, emit: Emit): void {
    const { told } = run
    if (!told) return
    const edge = endOf(run)
    const { lat, lon } = edge.a
    const subject = subjectOf(pair, tracks, lat, lon)
    const now = describe(subject, tracks, run, told.class as EncounterClass, asOf)
    emit({ ...retold(told, now, 'closed'), end: placeOf(edge, subject.isA) })
  }

  function subjectOf({ a, b }: Pair, tracks: Tracks, lat: number, lon: number): Subject {
    const isA = tracks.mmsi[a]! < tracks.mmsi[b]!
    const [own, other] = isA ? [a, b] : [b, a]
    return {
      own,
      other,
      isA,
      vessel: words.statics.get(tracks.statics[own]!),
      partner: words.statics.get(tracks.statics[other]!),
      shoreM: shoreM(lat, lon),
    }
  }

  /** Metres from the coast; 0 on land, null without a coast. */
  const shoreM = (lat: number, lon: number): number | null =>
    coast ? (coast.onLand(lat, lon) ? 0 : coast.shoreDistanceM(lat, lon)) : null

  const isGear = ({ vessel, partner }: Subject): boolean =>
    [vessel, partner].some(of => of?.name !== undefined && isGearName(of.name))

  const isInHarbour = (lat: number, lon: number): boolean =>
    coast?.isLandWithin(lat, lon, minShoreM) === true || ports?.at(lat, lon) !== undefined

  const isMoving = ({ ways }: EncounterState, slot: number, t: number): boolean =>
    t - way.movedT(ways, slot) < STILL_MS

  const isStill = (state: EncounterState, { a, b }: Pair, t: number): boolean =>
    !isMoving(state, a, t) && !isMoving(state, b, t)

  /** Far from each other when last both were known, and by what is known of each now; or they lie still. */
  function isOver(state: EncounterState, pair: Pair): boolean {
    if (!pair.last) return false
    if (isStill(state, pair, pair.last.t)) return true
    const a = way.newest(state.ways, pair.a)!
    const b = way.newest(state.ways, pair.b)!
    return pair.last.distanceM > FORGET * leaveM && shortM(a.lat, a.lon, b.lat, b.lon) > FORGET * leaveM
  }

  /** How long one that has company can be left alone. */
  const pairMs = (state: EncounterState, slot: number, others: readonly number[], t: number): number =>
    isMoving(state, slot, t) || others.some(other => isMoving(state, other, t)) ? PAIR_MS : STILL_PAIR_MS

  /** Who is there that may become a partner: one of them slow, or both under way on one course. */
  function look(
    state: EncounterState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    const { ways } = state
    const isSlow = way.speedKn(ways, slot) <= exitKn
    let room = MAX_PARTNERS - partnersOf(state, slot).length
    if (room <= 0) return
    search(state.near, lat, lon, leaveM)
    let others: number[] | undefined
    for (const other of found) {
      if (other === slot) continue
      const lastT = tracks.t[other]!
      if (!(t - lastT < HOLE_MS)) continue
      if (!(way.northM(ways, other, lastT, tracks.lat[other]!, t, lat) <= leaveM)) continue
      if (!(way.offM(ways, other, lastT, tracks.lat[other]!, tracks.lon[other]!, t, lat, lon) <= leaveM))
        continue
      const areFast = !isSlow && way.speedKn(ways, other) > exitKn
      if (areFast && way.driftApartKn(ways, slot, other) > TANDEM_SLACK_KN) continue
      if (tracks.mmsi[other] === tracks.mmsi[slot] || state.pairs.has(keyOf(slot, other))) continue
      others ??= []
      others.push(other)
    }
    if (!others || isInHarbour(lat, lon)) return
    for (const other of byMmsi(others, tracks)) {
      if (partnersOf(state, other).length >= MAX_PARTNERS) continue
      join(state, slot, other, tracks, t, emit)
      if (--room === 0) return
    }
  }

  /** A new pair, of which the last leg of each is known. */
  function join(
    state: EncounterState,
    slot: number,
    other: number,
    tracks: Tracks,
    asOf: number,
    emit: Emit,
  ): void {
    const pair = createPair(Math.min(slot, other), Math.max(slot, other))
    state.pairs.set(keyOf(slot, other), pair)
    for (const [of, its] of [
      [slot, other],
      [other, slot],
    ] as const)
      state.partners.set(of, byMmsi([...(state.partners.get(of) ?? []), its], tracks))
    const legs = [slot, other].flatMap(of => {
      const points = way.recent(state.ways, of)
      return points.map((to, k) => ({ of, from: points[k - 1], to }))
    })
    legs.sort((x, y) => x.to.t - y.to.t || tracks.mmsi[x.of]! - tracks.mmsi[y.of]!)
    for (const { of, from, to } of legs)
      if (state.pairs.has(keyOf(slot, other))) feed(state, pair, of, tracks, from, to, asOf, emit)
    state.wantedT[other] = 0
  }

  function part(state: EncounterState, { a, b }: Pair): void {
    state.pairs.delete(keyOf(a, b))
    unlink(state.partners, a, b)
  }

  /** Its way is broken: with whom it was, it was until its last fix. */
  function end(state: EncounterState, slot: number, tracks: Tracks, asOf: number, emit: Emit): void {
    for (const of of [...partnersOf(state, slot), slot])
      if (state.partners.has(of)) take(state, of, tracks, lastOf(tracks, of), NaN, asOf, emit)
    for (const other of partnersOf(state, slot)) {
      const pair = state.pairs.get(keyOf(slot, other))!
      const to = way.newest(state.ways, slot)!
      conclude(pair, slot === pair.a ? 'a' : 'b', to, way.speedKn(state.ways, slot), moment => {
        meet(state, pair, tracks, moment, asOf, emit)
      })
      for (const run of [pair.slow, pair.fast]) if (run) close(pair, run, tracks, asOf, emit)
      part(state, pair)
    }
    forget(state, slot)
  }

  function forget(state: EncounterState, slot: number): void {
    takeOut(state.near, slot)
    way.breakOff(state.ways, slot)
    state.wantedT[slot] = 0
    state.navStatus[slot] = 0
  }

  return {
    name: 'encounter',
    init: slots => ({
      wantedT: new Float64Array(slots),
      ways: new Float64Array(slots * way.FIELDS),
      navStatus: new Uint8Array(slots),
      near: createNear(slots),
      pairs: new Map(),
      partners: new Map(),
    }),
    step,
    minDelayMs: HOLE_MS,
    due: (state, slot, tracks) => (stands(state.near, slot) ? tracks.t[slot]! + HOLE_MS : Infinity),
    tick: (state, slot, tracks, t, emit) => end(state, slot, tracks, t, emit),
    late(state, slot, batch, i, asOf, emit) {
      const lat = batch.lat[i]!
      if (lat !== lat || !state.partners.has(slot)) return
      const at = { t: batch.t[i]!, lat, lon: batch.lon[i]! }
      for (const other of partnersOf(state, slot)) {
        const pair = state.pairs.get(keyOf(slot, other))!
        if (pair.slow?.told && cannotBeThere(pair.slow, at, slot === pair.a)) {
          emit({ ...retold(pair.slow.told, pair.slow.told, 'retracted'), asOf })
          pair.slow = null
        }
      }
    },
    moved: (state, slot, tracks, batch, i, _isJump, emit) => end(state, slot, tracks, batch.t[i]!, emit),
    mistaken(state, slot, t) {
      if (way.newestT(state.ways, slot) !== t) return
      for (const other of partnersOf(state, slot)) {
        const pair = state.pairs.get(keyOf(slot, other))!
        takeBack(pair, slot === pair.a ? 'a' : 'b', t)
      }
      way.goBack(state.ways, slot)
    },
    clear(state, slot, tracks, emit) {
      end(state, slot, tracks, tracks.heard[slot]!, emit)
    },
  }

  /** So far off during it that neither the way there nor the way back fits in. */
  function cannotBeThere(run: Together, at: way.Point, isA: boolean): boolean {
    if (at.t <= run.start.t || at.t >= run.last.t) return false
    const off = (edge: Together['start']) => {
      const { lat, lon } = isA ? edge.a : edge.b
      const reachM = leaveM + (exitKn * MPS_PER_KN * Math.abs(at.t - edge.t)) / MS_PER_S
      return haversineM(lat, lon, at.lat, at.lon) > reachM
    }
    return off(run.start) || off(run.last)
  }
}

const partnersOf = ({ partners }: EncounterState, slot: number): readonly number[] =>
  (partners.size > 0 ? partners.get(slot) : undefined) ?? []

const byMmsi = (slots: number[], tracks: Tracks): number[] =>
  slots.sort((a, b) => tracks.mmsi[a]! - tracks.mmsi[b]! || tracks.track[a]! - tracks.track[b]!)

function lastOf(tracks: Tracks, slot: number): way.Point {
  return { t: tracks.t[slot]!, lat: tracks.lat[slot]!, lon: tracks.lon[slot]! }
}
