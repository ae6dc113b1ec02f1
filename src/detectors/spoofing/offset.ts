// Constant offset: two feeds hear the same ship, and what they say of where she is differs by the same vector, mile after
// mile. One of the two passes on a lie, or made it. A fix of one feed that lies between two of the other in time is a
// match: the difference is taken there. What delay makes of a moving ship lies along her way and is no lie; what all ships
// of a feed show is the feed's; two ships under one number do not keep their distance. detection.md 5.4.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { fix } from '../../geo/fix.js'
import { isStaticOnly, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix } from '../../model/event.js'
import { COLLECTIONS } from '../../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import {
  collectionOfFeed,
  feedOf,
  feedOfSide,
  FIX_LAT,
  FIX_LON,
  FIX_T,
  sideAt,
  sourceOfFeed,
  type FeedsView,
} from '../../tracks/feeds.js'
import type { Detector, Emit } from '../detector.js'
import {
  across,
  addMatch,
  beginRun,
  describeRun,
  goesOn,
  isAlike,
  isConstant,
  M_PER_DEG,
  middleOf,
  type Match,
  type Run,
} from './offset-run.js'

/** Fixes of one feed that lie farther apart in time have nothing known between them. */
const MAX_SPAN_MS = 10 * MS_PER_MIN
/** Matches of a vessel are this far apart: each is news. */
const EVERY_MS = MS_PER_MIN
/** Clocks, and times rounded to the minute, put a fix this far along the way. */
const TIMING_MS = 60 * MS_PER_S
/** The straight line between two fixes may miss the ship by this share of it. */
const BEND = 0.25
/** Two feeds that agree of the ship again, or a match that never came for a day: it is over. */
const AGREED_AGAIN = 3
const FORGOTTEN_MS = MS_PER_DAY
/** Vessels remembered for a pair of feeds, of each kind; and pairs. */
const MAX_VOTES = 16
const MAX_PAIRS = 64
/** Vessels of which the two feeds agree, before one of which they do not is the odd one; or as often of herself before. */
const WITNESSES = 3

/** Two feeds differ of a ship: where she was by the first of them, and the fix in the middle of the match. */
interface Difference {
  feeds: [number, number]
  north: number
  east: number
  at: [lat: number, lon: number]
  place: Fix
  asOf: number
}

/** MMSIs of which two feeds agreed of late, and those of which they differed, with the vector: the newest last. */
interface Pair {
  agreed: number[]
  differed: [mmsi: number, north: number, east: number][]
}

export interface OffsetState {
  /** Time of a vessel's last match, minutes; and how often the feeds agreed of her. */
  matched: Uint32Array
  agreed: Uint8Array
  runs: Map<number, Run>
  pairs: Map<number, Pair>
}

export function offsetDetector(
  options: Config['spoofing']['offset'],
  { feeds, words }: { feeds: FeedsView; words: Words },
): Detector<OffsetState> {
  const minM = options.minOffsetNm * M_PER_NM
  const minMs = options.minMinutes * MS_PER_MIN
  const { fixes } = feeds.state

  const received: Detector<OffsetState>['received'] = (state, slot, _tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat || isStaticOnly(batch.msgType[i]!)) return
    const side = feeds.sideOf(slot, batch, i)
    if (side < 0) return
    const own = sideAt(slot, side)
    const other = sideAt(slot, 1 - side)
    // a fix of the other feed between this feed's last and this one
    const t = batch.t[i]!
    const at = fixes[other + FIX_T]!
    const before = fixes[own + FIX_T]!
    if (!(before < at && at <= t && t - before <= MAX_SPAN_MS) || before === 0) return
    const minute = Math.floor(at / EVERY_MS)
    if (state.matched[slot]! >= minute) return
    state.matched[slot] = minute
    match(state, slot, batch, i, own, other, emit)
  }

  function match(
    state: OffsetState,
    slot: number,
    batch: ReportBatch,
    i: number,
    own: number,
    other: number,
    emit: Emit,
  ): void {
    const [before, at, t] = [fixes[own + FIX_T]!, fixes[other + FIX_T]!, batch.t[i]!]
    const [lat0, lon0] = [fixes[own + FIX_LAT]!, fixes[own + FIX_LON]!]
    const f = (at - before) / (t - before)
    const lat = lat0 + f * (batch.lat[i]! - lat0)
    const lon = wrapLon(lon0 + f * lonDelta(lon0, batch.lon[i]!))
    const cos = Math.cos((lat * Math.PI) / 180)
    const legNorth = (batch.lat[i]! - lat0) * M_PER_DEG
    const legEast = lonDelta(lon0, batch.lon[i]!) * cos * M_PER_DEG
    const legM = Math.hypot(legNorth, legEast)
    // the feed of the smaller number is where the vector begins
    const feed = feedOf(batch, i)
    const otherFeed = feedOfSide(fixes, other)
    const sign = feed < otherFeed ? 1 : -1
    const north = sign * (fixes[other + FIX_LAT]! - lat) * M_PER_DEG
    const east = sign * lonDelta(lon, fixes[other + FIX_LON]!) * cos * M_PER_DEG
    const m = Math.hypot(north, east)
    const speed = legM / (t - before)
    const pair = pairOf(state, feed, otherFeed)
    const mmsi = batch.mmsi[i]!
    const middle = fix(at, fixes[other + FIX_LAT]!, fixes[other + FIX_LON]!)
    if (!(m >= minM + speed * TIMING_MS + BEND * legM)) {
      // what is neither here nor there says nothing
      if (m > minM / 2 + speed * TIMING_MS) return
      agree(state, slot, pair, mmsi, t, emit)
      return
    }
    const found: Difference = {
      ...{ feeds: [Math.min(feed, otherFeed), Math.max(feed, otherFeed)], north, east },
      at: sign > 0 ? [lat, lon] : [middle.lat!, middle.lon!],
      ...{ place: middle, asOf: t },
    }
    differ(state, slot, pair, mmsi, found, emit)
  }

  function pairOf(state: OffsetState, a: number, b: number): Pair {
    const key = Math.min(a, b) * 2 ** 20 + Math.max(a, b)
    let pair = state.pairs.get(key)
    if (pair) return pair
    if (state.pairs.size >= MAX_PAIRS) state.pairs.delete(state.pairs.keys().next().value!)
    pair = { agreed: [], differed: [] }
    state.pairs.set(key, pair)
    return pair
  }

  function voteFor(pair: Pair, mmsi: number): void {
    const { agreed } = pair
    if (agreed.at(-1) === mmsi) return
    pair.differed = pair.differed.filter(([of]) => of !== mmsi)
    pair.agreed = [...agreed.filter(of => of !== mmsi), mmsi].slice(-MAX_VOTES)
  }

  function voteAgainst(pair: Pair, mmsi: number, [north, east]: Match): void {
    pair.agreed = pair.agreed.filter(of => of !== mmsi)
    const others = pair.differed.filter(([of]) => of !== mmsi)
    pair.differed = [...others, [mmsi, north, east] as [number, number, number]].slice(-MAX_VOTES)
  }

  function agree(state: OffsetState, slot: number, pair: Pair, mmsi: number, t: number, emit: Emit): void {
    if (state.agreed[slot]! < 255) state.agreed[slot] = state.agreed[slot]! + 1
    const run = state.runs.get(slot)
    if (!run) {
      voteFor(pair, mmsi)
      return
    }
    if (++run.agreed < AGREED_AGAIN) return
    voteFor(pair, mmsi)
    end(state, slot, t, emit)
  }

  function differ(
    state: OffsetState,
    slot: number,
    pair: Pair,
    mmsi: number,
    { feeds: between, north, east, at, place, asOf }: Difference,
    emit: Emit,
  ): void {
    let run = state.runs.get(slot)
    const vector: Match = [north, east, run ? across(run.from, at, north, east) : -1]
    const isOver = run && (place.t - run.last.t > FORGOTTEN_MS || !goesOn(run, between, vector))
    if (isOver) {
      end(state, slot, asOf, emit)
      run = undefined
    }
    if (!run) state.runs.set(slot, (run = beginRun(between, place, at)))
    addMatch(run, vector, place, at)
    if (run.count >= 2) voteAgainst(pair, mmsi, vector)
    if (run.event || !isSure(state, slot, run, pair, mmsi)) return
    run.event = describe(run, pair.agreed.filter(of => of !== mmsi).length, asOf)
    emit(run.event)
  }

  function isSure(state: OffsetState, slot: number, run: Run, pair: Pair, mmsi: number): boolean {
    if (run.count < options.minMatches || run.last.t - run.start.t < minMs || !isConstant(run)) return false
    const middle = middleOf(run.matches)
    const others = pair.agreed.filter(of => of !== mmsi).length
    // what others are off by as well, the feeds are
    const alike = pair.differed.filter(([of, ...vector]) => of !== mmsi && isAlike([...vector, 0], middle))
    return alike.length * 4 <= others && (others >= WITNESSES || state.agreed[slot]! >= WITNESSES)
  }

  function describe(run: Run, others: number, asOf: number): DetectorEvent {
    const [from, to] = run.feeds.map(name)
    return describeRun(run, { from, to }, others, options.minOffsetNm, asOf)
  }

  const name = (feed: number) => ({
    source: words.sources.get(sourceOfFeed(feed)) ?? null,
    collection: COLLECTIONS[collectionOfFeed(feed)]!,
  })

  function end(state: OffsetState, slot: number, asOf: number, emit: Emit): void {
    const run = state.runs.get(slot)
    state.runs.delete(slot)
    if (!run?.event) return
    const { event } = run
    emit({
      ...event,
      ...{ phase: 'closed', revision: event.revision + 1, asOf, end: run.last },
      details: { ...event.details, matches: run.count },
    })
  }

  return {
    name: 'offset',
    needs: ['second source'],
    init: slots => ({
      matched: new Uint32Array(slots),
      agreed: new Uint8Array(slots),
      runs: new Map(),
      pairs: new Map(),
    }),
    received,
    clear(state, slot, tracks, emit) {
      end(state, slot, tracks.heard[slot]!, emit)
      state.matched[slot] = state.agreed[slot] = 0
    },
  }
}
