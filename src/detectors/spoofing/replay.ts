// Replay: recorded positions are sent again, hours later by the same MMSI or by another one, at the same place or shifted.
// No ship meets the same ten-thousandths of a minute twice on its way: noise sees to that. One fix in eight, or fewer, is
// remembered (./remembered), and a vessel that meets several of another time again, all of them just as long ago and just
// as far away, repeats them. detection.md 5.6.
//
// What looks like it: a provider that delivers old messages under a new date, and a receiver whose clock is hours off. They
// do it to every ship that they hear, or the ship is heard elsewhere meanwhile, or the second in the message is the old one.

import { haversineM, planeM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import { M_PER_NM, MS_PER_HOUR } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import {
  clockOf,
  COARSE_TYPE,
  hasCharacter,
  isCoarse,
  isUnderWay,
  MIN_SPEED_KN,
  secondTells,
  stepsOf,
  tagOf,
  tenths,
  wrapped,
} from './fix-content.js'
import {
  hashOf,
  isChosen,
  latOf,
  lonOf,
  mmsiOf,
  OTHER_KIND,
  recall,
  remember,
  secondOf,
  type RememberedState,
} from './remembered.js'
import { describeReplay, type At, type Followed } from './replay-event.js'

/** Clocks of receivers, and the whole seconds of the table. */
export const LAG_TOLERANCE_S = 10
/** Another MMSI with the same lag: two transponders of one ship, or feeds that name it differently, are closer in time. */
const OTHER_MIN_LAG_S = 600
/**
 * Of the places that it should have met again so many were, over this way at least, from each to the next: a harbour ferry
 * is never far from where it began, and goes there and back all day.
 */
const MIN_HIT_SHARE = 1 / 3
const MIN_FOUND = 2
const MIN_WAY_M = 500
/** Places in a row that nobody remembers: the repetition is over. */
const MAX_MISSES = 12
/** … or so long without one that is. */
const MAX_QUIET_MS = 6 * MS_PER_HOUR
/** Changes between the places that it repeats and others, of which a ship that sends recorded ones has none. */
const MAX_TURNS = 2
/** How far it may sail by its own word, and without one (tracks/motion). */
const OWN_SLACK_NM = 0.5
const OWN_GAIN = 1.3
const UNKNOWN_KN = 15
/** Possible repetitions that are followed at a time, of one vessel. */
const MAX_FOLLOWED = 4
/** Repetitions kept with their lags, and how long: what several ships do with one lag a feed does to them … */
const MAX_LAGS = 1024
const LAGS_KEPT_S = 2 * 86_400
/** … of ships of themselves, two; of others, as where one feed gives ships numbers of its own, four. */
const FEED_SHIPS = 2
const FEED_SHIPS_RENAMED = 4

export interface ReplayState {
  /** 1 for a slot with an entry in `followed`: all that the report of an honest vessel reads. */
  active: Uint8Array
  followed: Map<number, Followed[]>
  /** Who repeated whom of late, and how much later. */
  lags: { mmsi: number; of: number; lagS: number; second: number }[]
}

/** @param remembered fixes of all vessels: filled here */
export function replayDetector(
  options: Config['spoofing']['replay'],
  remembered: RememberedState,
): Detector<ReplayState> {
  const { minMatches } = options
  const minLagS = options.minLagHours * 3600
  const one: At = [0, 0, 0]

  const step: Detector<ReplayState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (batch.sog[i]! < MIN_SPEED_KN || lat !== lat) return
    const north = stepsOf(lat)
    const east = stepsOf(batch.lon[i]!)
    const dNorth = north - stepsOf(tracks.lat[slot]!)
    const dEast = east - stepsOf(tracks.lon[slot]!)
    const place = hashOf(north, east)
    const way = hashOf(dNorth + Math.imul(tenths(batch.sog[i]!), 0x3c6ef35f), dEast + tenths(batch.cog[i]!))
    const { level } = remembered
    const isPlace = isChosen(place, level)
    const isWay = isChosen(way, level)
    if (!isPlace && !isWay && state.active[slot] === 0) return
    if ((dNorth | dEast) === 0 || batch.msgType[i] === COARSE_TYPE) return
    if (isCoarse(north, east)) return
    if (!isUnderWay(tracks, slot, batch, i)) return
    one[0] = batch.t[i]!
    one[1] = lat
    one[2] = batch.lon[i]!
    if (state.active[slot] === 1) follow(state, slot, tracks, batch, i, north, east, emit)
    if (isPlace) lookAtPlace(state, slot, tracks, batch, i, place, north, east, emit)
    if (isWay) lookAtStep(state, slot, tracks, batch, i, way | OTHER_KIND, north, east, emit)
  }

  /** The fix is one of those that are chosen: was it met before, at this very place? */
  function lookAtPlace(
    state: ReplayState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    place: number,
    north: number,
    east: number,
    emit: Emit,
  ): void {
    const tag = tagOf(batch, i, place, north, east)
    if (tag === 0) return
    const second = clockOf(batch.t[i]!)
    const at = recall(remembered, tag)
    if (at < 0) {
      remember(remembered, tag, tracks.mmsi[slot]!, second, north, east)
      tryAll(state, slot, 0, 0, -1, second, batch, i, emit)
      return
    }
    if (latOf(remembered, at) !== north || lonOf(remembered, at) !== east) return
    tryAll(state, slot, 0, 0, at, second, batch, i, emit)
    meet(state, slot, tracks, batch, i, at, 0, 0, true, emit)
  }

  /** The same of the step that led here, which tells a shifted track too. */
  function lookAtStep(
    state: ReplayState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    tag: number,
    north: number,
    east: number,
    emit: Emit,
  ): void {
    if (!hasCharacter(tracks, slot, batch, i, north, east)) return
    const at = recall(remembered, tag)
    if (at < 0) {
      remember(remembered, tag, tracks.mmsi[slot]!, clockOf(batch.t[i]!), north, east)
      return
    }
    const dLat = north - latOf(remembered, at)
    const dLon = wrapped(east - lonOf(remembered, at))
    meet(state, slot, tracks, batch, i, at, dLat, dLon, false, emit)
  }

  /** Shifted repetitions have chosen fixes of their own: those of the place that they are shifted from. */
  function follow(
    state: ReplayState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    north: number,
    east: number,
    emit: Emit,
  ): void {
    const second = clockOf(batch.t[i]!)
    for (const repeated of [...state.followed.get(slot)!]) {
      const { dLat, dLon } = repeated
      if (batch.t[i]! - repeated.last[0] > MAX_QUIET_MS) {
        drop(state, slot, repeated, batch.t[i]!, emit)
        continue
      }
      if ((dLat | dLon) === 0) continue
      const place = hashOf(north - dLat, wrapped(east - dLon))
      if (!isChosen(place, remembered.level)) continue
      const at = recall(remembered, tagOf(batch, i, place, north - dLat, wrapped(east - dLon)))
      tryOne(state, slot, repeated, at, second, batch, i, emit)
      if (at >= 0) meet(state, slot, tracks, batch, i, at, dLat, dLon, true, emit)
    }
  }

  /** A chosen fix was looked for: every repetition at this distance should have known it. */
  function tryAll(
    state: ReplayState,
    slot: number,
    dLat: number,
    dLon: number,
    at: number,
    second: number,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    if (state.active[slot] === 0) return
    for (const repeated of [...state.followed.get(slot)!]) {
      if (repeated.dLat === dLat && repeated.dLon === dLon)
        tryOne(state, slot, repeated, at, second, batch, i, emit)
    }
  }

  function tryOne(
    state: ReplayState,
    slot: number,
    repeated: Followed,
    at: number,
    second: number,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    repeated.tried++
    if (at >= 0 && isOf(at, second, repeated)) {
      repeated.found++
      if (repeated.away) repeated.turns++
      repeated.away = false
      // heard elsewhere again and again, it is late news: never far enough for two ships
      if (repeated.turns >= MAX_TURNS && repeated.mmsi === batch.mmsi[i])
        retract(slot, repeated, batch.t[i]!, emit)
      return
    }
    if (!repeated.away) repeated.away = isElsewhere(repeated, batch, i)
    if (++repeated.misses >= (repeated.told || repeated.hits > 2 ? MAX_MISSES : MAX_MISSES / 2))
      drop(state, slot, repeated, batch.t[i]!, emit)
  }

  /** It cannot have come here from the last place that it repeated. */
  function isElsewhere({ last: [t, lat, lon] }: Followed, batch: ReportBatch, i: number): boolean {
    const knots = Math.max(MIN_SPEED_KN, batch.sog[i]! > 0 ? OWN_GAIN * batch.sog[i]! : UNKNOWN_KN)
    const nm = OWN_SLACK_NM + (knots * (batch.t[i]! - t)) / MS_PER_HOUR
    return haversineM(lat, lon, batch.lat[i]!, batch.lon[i]!) > nm * M_PER_NM
  }

  const isOf = (at: number, second: number, { mmsi, lagS }: Followed) =>
    mmsiOf(remembered, at) === mmsi && Math.abs(second - secondOf(remembered, at) - lagS) <= LAG_TOLERANCE_S

  /** What is in the table at `at` was met again, so far from there. */
  function meet(
    state: ReplayState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    at: number,
    dLat: number,
    dLon: number,
    isPlace: boolean,
    emit: Emit,
  ): void {
    const mmsi = mmsiOf(remembered, at)
    const isOwn = mmsi === tracks.mmsi[slot]
    const lagS = clockOf(batch.t[i]!) - secondOf(remembered, at)
    if (!(lagS >= (isOwn ? minLagS : OTHER_MIN_LAG_S))) return
    const told = secondTells(batch, i, lagS)
    if (told === 'old' && isOwn) return
    const list = state.followed.get(slot) ?? []
    // while one is told of, no other begins
    const isTold = list.length === 1 && list[0]!.told !== null
    let repeated = list.find(
      other =>
        other.mmsi === mmsi &&
        Math.abs(other.lagS - lagS) <= LAG_TOLERANCE_S &&
        other.dLat === dLat &&
        other.dLon === dLon,
    )
    if (!repeated) {
      if (isTold) return
      repeated = {
        mmsi,
        lagS,
        dLat,
        dLon,
        hits: 0,
        misses: 0,
        fresh: 0,
        away: false,
        turns: 0,
        tried: isPlace ? 1 : 0,
        found: isPlace ? 1 : 0,
        first: [...one],
        last: [...one],
        wayM: 0,
        told: null,
      }
      if (!enlist(state, slot, list, repeated)) return
    }
    repeated.hits++
    repeated.misses = 0
    if (told === 'new') repeated.fresh++
    repeated.wayM += planeM(repeated.last[1], repeated.last[2], one[1], one[2])
    repeated.last = [...one]
    if (repeated.hits >= 2) keepLag(state, tracks, tracks.mmsi[slot]!, repeated, emit)
    if (!repeated.told && isCertain(state, slot, tracks, repeated)) {
      repeated.told = describeReplay(repeated, isOwn, minMatches, batch.t[i]!)
      state.followed.set(slot, [repeated])
      emit(repeated.told)
    }
  }

  /** @returns false when others deserve the place more */
  function enlist(state: ReplayState, slot: number, list: Followed[], repeated: Followed): boolean {
    if (list.length >= MAX_FOLLOWED) {
      const spare = list.filter(({ hits }) => hits === 1)
      if (spare.length === 0) return false
      const oldest = spare.reduce((a, b) => (b.first[0] < a.first[0] ? b : a))
      list.splice(list.indexOf(oldest), 1)
    }
    list.push(repeated)
    // of many vessels that met something once, few are followed
    if (list.length === 1 && state.followed.size >= Math.max(64, state.active.length >> 4)) {
      for (const [other, followed] of state.followed) {
        if (followed.some(({ hits }) => hits > 1)) continue
        state.followed.delete(other)
        state.active[other] = 0
        break
      }
    }
    state.followed.set(slot, list)
    state.active[slot] = 1
    return true
  }

  function isCertain(state: ReplayState, slot: number, tracks: Tracks, repeated: Followed): boolean {
    const { hits, tried, found, wayM, mmsi, turns } = repeated
    if (hits < minMatches || found < Math.max(MIN_FOUND, MIN_HIT_SHARE * tried)) return false
    if (!(wayM >= MIN_WAY_M)) return false // not known of one that an older state brings along
    // heard elsewhere meanwhile, it is an old message that comes again
    if (mmsi === tracks.mmsi[slot] && (tracks.alternations[slot] !== 0 || turns >= MAX_TURNS)) return false
    return !isOfFeed(state, tracks.mmsi[slot]!, repeated)
  }

  /** Too many do the same, as much later, for each to have had the idea. */
  function isOfFeed({ lags }: ReplayState, mmsi: number, { mmsi: of, lagS }: Followed): boolean {
    const isOwn = of === mmsi
    const others = new Set([mmsi])
    for (const other of lags) {
      const isAlike = (other.mmsi === other.of) === isOwn
      if (isAlike && Math.abs(other.lagS - lagS) <= 3 * LAG_TOLERANCE_S) others.add(other.mmsi)
    }
    return others.size >= (isOwn ? FEED_SHIPS : FEED_SHIPS_RENAMED)
  }

  /** A ship repeats; should one more make it a feed that does it, that was so before. */
  function keepLag(state: ReplayState, tracks: Tracks, mmsi: number, repeated: Followed, emit: Emit): void {
    const { mmsi: of, lagS, last } = repeated
    const second = clockOf(last[0])
    const known = state.lags.find(
      other => other.mmsi === mmsi && other.of === of && Math.abs(other.lagS - lagS) <= LAG_TOLERANCE_S,
    )
    if (known) {
      known.second = second
      return
    }
    const kept = state.lags.filter(other => second - other.second <= LAGS_KEPT_S)
    state.lags = [...kept, { mmsi, of, lagS, second }].slice(-MAX_LAGS)
    if (!isOfFeed(state, mmsi, repeated)) return
    for (const [slot, list] of state.followed)
      for (const other of list)
        if (other.told && isOfFeed(state, tracks.mmsi[slot]!, other)) retract(slot, other, last[0], emit)
  }

  function retract(slot: number, repeated: Followed, asOf: number, emit: Emit): void {
    const { told } = repeated
    if (told) emit({ ...told, slot, phase: 'retracted', revision: told.revision + 1, asOf })
    repeated.told = null
  }

  /** Not repeated any more: what was told is over, at the last place that was. */
  function drop(state: ReplayState, slot: number, repeated: Followed, asOf: number, emit: Emit): void {
    const { told, last } = repeated
    if (told) {
      const end = fix(...last)
      emit({ ...told, slot, phase: 'closed', revision: told.revision + 1, asOf, end })
    }
    const list = state.followed.get(slot)!.filter(other => other !== repeated)
    if (list.length > 0) state.followed.set(slot, list)
    else {
      state.followed.delete(slot)
      state.active[slot] = 0
    }
  }

  function forget(state: ReplayState, slot: number): void {
    state.followed.delete(slot)
    state.active[slot] = 0
  }

  const isOpen = (state: ReplayState, slot: number) =>
    state.active[slot] === 1 && state.followed.get(slot)!.some(({ told }) => told !== null)

  return {
    name: 'replay',
    init: slots => ({
      active: new Uint8Array(slots),
      followed: new Map(),
      lags: [],
    }),
    step,
    minDelayMs: MAX_QUIET_MS,
    due: (state, slot, tracks) => (isOpen(state, slot) ? tracks.heard[slot]! + MAX_QUIET_MS : Infinity),
    tick(state, slot, _tracks, t, emit) {
      for (const repeated of [...state.followed.get(slot)!]) drop(state, slot, repeated, t, emit)
    },
    mistaken(state, slot, t) {
      for (const repeated of state.followed.get(slot) ?? []) {
        if (repeated.last[0] === t && !repeated.told) repeated.hits--
      }
    },
    /** Two places of one MMSI go on in turn: what it repeats of its own may be the late news of a feed. */
    parted(state, { slots }, tracks, t, emit) {
      for (const slot of slots) {
        if (state.active[slot] === 0) continue
        for (const repeated of state.followed.get(slot)!)
          if (repeated.mmsi === tracks.mmsi[slot]) retract(slot, repeated, t, emit)
      }
    },
    clear(state, slot, tracks, emit) {
      if (state.active[slot] === 0) return
      for (const repeated of [...state.followed.get(slot)!])
        drop(state, slot, repeated, tracks.heard[slot]!, emit)
      forget(state, slot)
    },
  }
}
