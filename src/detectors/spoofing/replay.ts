// Replay: recorded positions are sent again, hours later by the same MMSI or by another one, at the same place or shifted.
// No ship meets the same ten-thousandths of a minute twice on its way: noise sees to that. One fix in eight, or fewer, is remembered
// (./remembered), and a vessel that meets several of another time again, all of them just as long ago and just as far
// away, repeats them. detection.md 5.6.
//
// What looks like it: a provider that delivers old messages under a new date, and a receiver whose clock is hours off. They
// do it to every ship that they hear, or the ship is heard elsewhere meanwhile, or the second in the message is the old one.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { planeM } from '../../geo/distance.js'
import { distanceBetweenM, fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import { M_PER_NM, MPS_PER_KN, MS_PER_HOUR, MS_PER_MIN, MS_PER_S, round } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import {
  hashOf,
  initRemembered,
  isChosen,
  latOf,
  lonOf,
  mmsiOf,
  OTHER_KIND,
  recall,
  remember,
  secondOf,
  STEPS_PER_DEG,
  type RememberedState,
} from './remembered.js'

/** Slower than this a vessel may swing at its anchor, and meet its own fixes. */
const MIN_SPEED_KN = 2
/** Of data rounded to five, four and three decimals every place is a multiple of these. */
const FIVE_DECIMALS = STEPS_PER_DEG / 1e5
const FOUR_DECIMALS = STEPS_PER_DEG / 1e4
const THREE_DECIMALS = STEPS_PER_DEG / 1e3
const COARSE_TYPE = 27
/** A step without course noise is that of any other ship on that course: this far beside it at least, in units of the data. */
const MIN_ASIDE = 3
const UNIT_OF_MESSAGE = STEPS_PER_DEG / 600_000
/** A step over more time than this has no character of its own. */
const MAX_STEP_MS = 10 * MS_PER_MIN
/** Clocks of receivers, and the whole seconds of the table. */
const LAG_TOLERANCE_S = 10
/** Another MMSI with the same lag: two transponders of one ship, or feeds that name it differently, are closer in time. */
const OTHER_MIN_LAG_S = 600
/** The second that a message carries is the right one within this. */
const SECOND_TOLERANCE_S = 8
/** A vessel whose every place but one in so many was met before, over this way at least, repeats them. */
const MIN_HIT_SHARE = 1 / 3
const MIN_WAY_M = 500
/** Places in a row that nobody remembers: the repetition is over. */
const MAX_MISSES = 12
/** … or so long without one that is. */
const MAX_QUIET_MS = 6 * MS_PER_HOUR
/** Possible repetitions that are followed at a time, of one vessel. */
const MAX_FOLLOWED = 4
/** Repetitions kept with their lags, and how long: what several ships do with one lag a feed does to them … */
const MAX_LAGS = 1024
const LAGS_KEPT_S = 2 * 86_400
/** … of ships of themselves, two; of others, as where one feed gives ships numbers of its own, four. */
const FEED_SHIPS = 2
const FEED_SHIPS_RENAMED = 4

type At = [t: number, lat: number, lon: number]

/** What a vessel may be repeating. */
interface Followed {
  /** Whose fixes, how long ago, s, and how far it is from there, in steps of a degree. */
  mmsi: number
  lagS: number
  dLat: number
  dLon: number
  /** Fixes and steps met again; fixes that were looked for; fixes found of these; in vain since the last. */
  hits: number
  tried: number
  found: number
  misses: number
  /** Of the hits, those whose second says that they were sent anew. */
  fresh: number
  first: At
  last: At
  /** As announced. */
  told: DetectorEvent | null
}

export interface ReplayState extends RememberedState {
  /** 1 for a slot with an entry in `followed`: all that the report of an honest vessel reads. */
  active: Uint8Array
  followed: Map<number, Followed[]>
  /** Who repeated whom of late, and how much later. */
  lags: { mmsi: number; of: number; lagS: number; second: number }[]
}

export function replayDetector(options: Config['spoofing']['replay']): Detector<ReplayState> {
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
    const { level } = state
    const isPlace = isChosen(place, level)
    const isWay = isChosen(way, level)
    if (!isPlace && !isWay && state.active[slot] === 0) return
    if ((dNorth | dEast) === 0 || batch.msgType[i] === COARSE_TYPE) return
    if (north % THREE_DECIMALS === 0 && east % THREE_DECIMALS === 0) return
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
    const at = recall(state, tag)
    if (at < 0) {
      remember(state, tag, tracks.mmsi[slot]!, second, north, east)
      tryAll(state, slot, 0, 0, -1, second, batch, i, emit)
      return
    }
    if (latOf(state, at) !== north || lonOf(state, at) !== east) return
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
    const at = recall(state, tag)
    if (at < 0) {
      remember(state, tag, tracks.mmsi[slot]!, clockOf(batch.t[i]!), north, east)
      return
    }
    const dLat = north - latOf(state, at)
    const dLon = wrapped(east - lonOf(state, at))
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
      if (!isChosen(place, state.level)) continue
      const at = recall(state, tagOf(batch, i, place, north - dLat, wrapped(east - dLon)))
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
    if (at >= 0 && isOf(state, at, second, repeated)) repeated.found++
    else if (++repeated.misses >= (repeated.told || repeated.hits > 2 ? MAX_MISSES : MAX_MISSES / 2))
      drop(state, slot, repeated, batch.t[i]!, emit)
  }

  const isOf = (state: ReplayState, at: number, second: number, { mmsi, lagS }: Followed) =>
    mmsiOf(state, at) === mmsi && Math.abs(second - secondOf(state, at) - lagS) <= LAG_TOLERANCE_S

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
    const mmsi = mmsiOf(state, at)
    const isOwn = mmsi === tracks.mmsi[slot]
    const lagS = clockOf(batch.t[i]!) - secondOf(state, at)
    if (!(lagS >= (isOwn ? minLagS : OTHER_MIN_LAG_S))) return
    const told = secondTells(batch, i, lagS)
    if (told === 'old' && isOwn) return
    const list = state.followed.get(slot) ?? []
    let repeated = list.find(
      other =>
        other.mmsi === mmsi &&
        Math.abs(other.lagS - lagS) <= LAG_TOLERANCE_S &&
        other.dLat === dLat &&
        other.dLon === dLon,
    )
    if (!repeated) {
      repeated = {
        ...{ mmsi, lagS, dLat, dLon, hits: 0, misses: 0, fresh: 0 },
        ...{ tried: isPlace ? 1 : 0, found: isPlace ? 1 : 0 },
        ...{ first: [...one], last: [...one], told: null },
      }
      if (!enlist(state, slot, list, repeated)) return
    }
    repeated.hits++
    repeated.misses = 0
    if (told === 'new') repeated.fresh++
    repeated.last = [...one]
    if (repeated.hits >= 2) keepLag(state, tracks, tracks.mmsi[slot]!, repeated, emit)
    if (!repeated.told && isCertain(state, slot, tracks, repeated)) {
      repeated.told = describe(repeated, isOwn, batch.t[i]!)
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
    const { hits, tried, found, first, last, mmsi } = repeated
    if (hits < minMatches || found < MIN_HIT_SHARE * tried) return false
    if (planeM(first[1], first[2], last[1], last[2]) < MIN_WAY_M) return false
    // heard elsewhere meanwhile, it is an old message that comes again
    if (mmsi === tracks.mmsi[slot] && tracks.alternations[slot] !== 0) return false
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

  function describe(repeated: Followed, isOwn: boolean, asOf: number): DetectorEvent {
    const { mmsi, lagS, dLat, dLon, hits, tried, found, fresh, first } = repeated
    const start = fix(...first)
    const from = fix(
      first[0] - lagS * MS_PER_S,
      first[1] - dLat / STEPS_PER_DEG,
      wrapLon(first[2] - dLon / STEPS_PER_DEG),
    )
    const offsetM = distanceBetweenM(from, start)!
    const hours = lagS / 3600
    const who = isOwn ? 'its own' : `those of ${String(mmsi).padStart(9, '0')}`
    const evidence: Evidence[] = [
      {
        family: 'kinematics',
        name: 'fixes_met_again',
        value: hits,
        expected: '0: noise makes every way another',
        weight: round(Math.min(2.5, 1.5 + Math.log2(hits / minMatches) / 2), 3),
        text: `${hits} remembered fixes and steps are ${who} of ${hours.toFixed(1)} h before, ${found} of ${tried} looked for`,
      },
    ]
    if (offsetM > 0) {
      const text = `all of them ${(offsetM / M_PER_NM).toFixed(1)} nm away from there`
      evidence.push({ family: 'place', name: 'offset_m', value: round(offsetM, 0), weight: 0.5, text })
    }
    if (!isOwn)
      evidence.push({
        ...{ family: 'identity', name: 'original_mmsi', value: mmsi, weight: 1 },
        text: 'under another MMSI',
      })
    if (fresh > 0)
      evidence.push({
        ...{ family: 'reception', name: 'seconds_of_now', value: fresh, weight: 0.5 },
        text: 'with the second of the new time in the message: sent again, not delivered again',
      })
    return {
      ...({ type: 'spoofing', class: 'replay', key: 'replay' } as const),
      ...({ phase: 'opened', revision: 1, asOf, start, end: null } as const),
      score: rankScore(0.5, evidence),
      evidence,
      details: { original: { mmsi, ...from }, lagS, offsetM, matches: hits, tried },
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
      ...initRemembered(slots),
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

/** A coordinate in whole steps: what rounds to the same here was sent as the same. */
const stepsOf = (deg: number): number => ((deg * STEPS_PER_DEG + (SHIFT + 0.5)) | 0) - SHIFT
/** More steps than there are in 180 degrees: `| 0` cuts off below zero the other way. */
const SHIFT = 600_000_000

const TURN = 360 * STEPS_PER_DEG

/** Steps of longitude, −180…180 degrees. */
const wrapped = (steps: number): number =>
  steps >= TURN / 2 ? steps - TURN : steps < -TURN / 2 ? steps + TURN : steps

/** Tenths of a knot or a degree; 0 where there is none. */
const tenths = (x: number): number => (x * 10 + 0.5) | 0

const clockOf = (t: number): number => Math.floor(t / MS_PER_S)

const isRounded = (north: number, east: number, unit: number) => north % unit === 0 && east % unit === 0

/** A place that is rounded to ten metres is met again soon: there speed and course must be the same too. @returns 0: no tag */
function tagOf(batch: ReportBatch, i: number, place: number, north: number, east: number): number {
  if (!isRounded(north, east, FOUR_DECIMALS)) return place
  const sog = batch.sog[i]!
  const cog = batch.cog[i]!
  // the high bits say that it is a chosen one
  return sog === sog && cog === cog ? place ^ (hashOf(tenths(sog), tenths(cog)) >>> 16) : 0
}

/** Faster than a vessel swings at anchor; without a speed of its own, by what it made since its last fix. */
function isUnderWay(tracks: Tracks, slot: number, batch: ReportBatch, i: number): boolean {
  const sog = batch.sog[i]!
  if (sog === sog) return true
  const ms = batch.t[i]! - tracks.t[slot]!
  if (!(ms > 0 && ms <= MAX_STEP_MS)) return false
  const m = planeM(tracks.lat[slot]!, tracks.lon[slot]!, batch.lat[i]!, batch.lon[i]!)
  return m >= (MIN_SPEED_KN * MPS_PER_KN * ms) / MS_PER_S
}

/** The step to here leads off the reported course by more than the rounding of the data. */
function hasCharacter(
  tracks: Tracks,
  slot: number,
  batch: ReportBatch,
  i: number,
  north: number,
  east: number,
): boolean {
  const cog = batch.cog[i]!
  if (cog !== cog || !(batch.t[i]! - tracks.t[slot]! <= MAX_STEP_MS)) return false
  if (isRounded(north, east, FOUR_DECIMALS)) return false
  const unit = isRounded(north, east, FIVE_DECIMALS) ? FIVE_DECIMALS : UNIT_OF_MESSAGE
  const rad = cog * (Math.PI / 180)
  const dNorth = (batch.lat[i]! - tracks.lat[slot]!) * STEPS_PER_DEG
  const dEast = lonDelta(tracks.lon[slot]!, batch.lon[i]!) * STEPS_PER_DEG
  const aside = dNorth * Math.sin(rad) - dEast * Math.cos(batch.lat[i]! * (Math.PI / 180)) * Math.cos(rad)
  return Math.abs(aside) >= MIN_ASIDE * unit
}

/** Whether the second in the message is that of the new time, or that of the old one; undefined where it does not say. */
function secondTells(batch: ReportBatch, i: number, lagS: number): 'new' | 'old' | undefined {
  const sent = batch.utcSecond[i]!
  const lag = lagS % 60
  if (sent >= 60 || lag < 2 * SECOND_TOLERANCE_S || lag > 60 - 2 * SECOND_TOLERANCE_S) return undefined
  const since = (((clockOf(batch.t[i]!) - sent) % 60) + 60) % 60
  const isNear = (to: number) => Math.abs(((since - to + 90) % 60) - 30) <= SECOND_TOLERANCE_S
  return isNear(0) ? 'new' : isNear(lag) ? 'old' : undefined
}
