// Partial silence: a vessel that a feed used to hear is heard by another one only, while the first hears others around it.
// Its set sends; what is missing is one side of the story. The first feed's reports are counted against its own rhythm, in
// slots of ten minutes, and only where it should be heard: near where it was heard last, or well within the range in which
// stations of the feed used to hear this very set. detection.md 5.14.

import { fix } from '../../geo/fix.js'
import { planeM } from '../../geo/distance.js'
import { isStaticOnly, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix } from '../../model/event.js'
import { COLLECTIONS, TX_CLASSES } from '../../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import type { Reception } from '../../reception/model.js'
import { SLOT_MS, SLOTS_PER_DAY } from '../../reception/slots.js'
import {
  collectionOfFeed,
  feedOf,
  feedOfSide,
  FIX_LAT,
  FIX_LON,
  FIX_T,
  receiverOfSide,
  sideAt,
  type FeedsView,
} from '../../tracks/feeds.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { companyAt, createCompany, joinCompany, turnCompany, type Company } from './company.js'
import { describe, type Missing } from './describe.js'
import {
  brokenRhythm,
  clearRhythms,
  createRhythms,
  forgetRhythm,
  forgiveMisses,
  hit,
  miss,
  missesOf,
  noteStrength,
  rhythmAt,
  strengthOf,
} from './rhythm.js'

const CLASS_B = TX_CLASSES.indexOf('B')
const SATELLITE = COLLECTIONS.indexOf('satellite')
/** So many others heard about it in ten minutes: the feed hears there. */
const OTHERS = 3
/** Not farther than this from where the feed heard it last: it should still be heard there. Satellites hear half a sea. */
const NEAR_M = 5 * M_PER_NM
const NEAR_SATELLITE_M = 60 * M_PER_NM
/** … or within this share of the distance at which stations heard this set, as a share of their range. */
const WELL_WITHIN = 0.6
/** 2 W reach less far than 12.5 W, by this: within so much of a station's range it hears either, and either is company. */
const CLASS_B_RANGE = 0.65
/** Reports by the other feed meanwhile. */
const REPORTS = 3
/** The station that used to hear it must have worked for this share of the time. */
const HEALTHY = 0.9
/** Below this it lies still: behind a quay, in a shed. */
const STILL_KN = 0.5

export interface PartialSilenceState {
  /** Slot in which each of two feeds last heard a vessel, and in which it was looked at: three stamps each. */
  slots: Uint16Array
  /** Rhythms by vessel and feed. */
  counts: Uint8Array
  missing: Map<number, Missing>
  /** Silences that ended, for late reports to take back. */
  ended: Map<number, { event: DetectorEvent; feed: number }>
  company: Company
}

const STAMPS = 2 ** 16 - 1

export function partialSilenceDetector(
  options: Config['partialSilence'],
  { feeds, words, reception }: { feeds: FeedsView; words: Words; reception: Reception },
): Detector<PartialSilenceState> {
  const minMs = options.minMinutes * MS_PER_MIN
  const { fixes } = feeds.state
  const { ears } = reception

  const received: Detector<PartialSilenceState>['received'] = (state, slot, tracks, batch, i, emit) => {
    const side = knownSide(slot, batch, i)
    if (side < 0) return
    const t = batch.t[i]!
    if (t < fixes[sideAt(slot, side) + FIX_T]! || t < state.company.slot * SLOT_MS) {
      if (state.missing.size + state.ended.size > 0) takeBack(state, slot, side, batch, i, emit)
      return
    }
    turnCompany(state.company, t)
    const now = stampOf(state.company.slot)
    const at = slot * 3
    if (state.slots[at + side] !== now) first(state, slot, side, tracks, batch, i)
    if (state.slots[at + 2] !== now && batch.lat[i]! === batch.lat[i]!) {
      state.slots[at + 2] = now
      look(state, slot, tracks, batch, i)
    }
    if (state.missing.size === 0) return
    const missing = state.missing.get(slot)
    if (!missing) return
    if (missing.side === side) back(state, slot, batch, i, emit)
    else goOn(state, slot, missing, batch, i, emit)
  }

  /** The side of the report's feed; static data alone do not make one. */
  function knownSide(slot: number, batch: ReportBatch, i: number): number {
    const side = feeds.sideOf(slot, batch, i)
    if (side < 0 || !isStaticOnly(batch.msgType[i]!)) return side
    return feedOfSide(fixes, sideAt(slot, side)) === feedOf(batch, i) ? side : -1
  }

  /** The feed hears the vessel for the first time in this slot. */
  function first(
    state: PartialSilenceState,
    slot: number,
    side: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
  ): void {
    const now = stampOf(state.company.slot)
    const stamp = slot * 3 + side
    // it may be another feed's by now (tracks/feeds)
    if (slotsSince(state.slots[stamp]!, now) > SLOTS_PER_DAY) forgetRhythm(state.counts, rhythmAt(slot, side))
    state.slots[stamp] = now
    const [lat, lon] = [batch.lat[i]!, batch.lon[i]!]
    if (lat !== lat) return
    const isB = tracks.txClass[slot] === CLASS_B || batch.txClass[i] === CLASS_B
    joinCompany(state.company, feedOf(batch, i), lat, lon, isB)
    const ear = ears.rowOf(batch.receiver[i]!)
    if (ear < 0 || !ears.footprints.isKnown(ear)) return
    noteStrength(state.counts, rhythmAt(slot, side), ears.footprints.share(ear, lat, lon))
  }

  /** Once a slot: was each of the two feeds able to hear it, and did it? */
  function look(
    state: PartialSilenceState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
  ): void {
    const [lat, lon] = [batch.lat[i]!, batch.lon[i]!]
    const isB = tracks.txClass[slot] === CLASS_B
    const now = stampOf(state.company.slot)
    for (const side of [0, 1]) {
      const of = sideAt(slot, side)
      if (fixes[of] === 0) continue
      // a vessel that is heard proves that it could be: of others one asks only when it is not
      if (slotsSince(state.slots[slot * 3 + side]!, now) <= 1) hit(state.counts, rhythmAt(slot, side))
      else if (
        !(batch.sog[i]! < STILL_KN) &&
        hasCompany(state, of, lat, lon, isB) &&
        isExpected(state, slot, side, lat, lon)
      )
        missed(state, slot, side)
    }
  }

  function missed(state: PartialSilenceState, slot: number, side: number): void {
    if (!miss(state.counts, rhythmAt(slot, side)) || state.missing.has(slot)) return
    const of = sideAt(slot, side)
    const last = fix(fixes[of + FIX_T]!, fixes[of + FIX_LAT]!, fixes[of + FIX_LON]!)
    state.missing.set(slot, {
      side,
      off: last,
      feed: feedOfSide(fixes, of),
      receiver: receiverOfSide(fixes, of),
      other: feedOfSide(fixes, sideAt(slot, 1 - side)),
      reports: 0,
      last,
      slots: 0,
      event: null,
    })
  }

  /**
   * In the slot before, the feed heard others there. Strong sets prove little for a weak one, but close to the station that
   * heard it last.
   */
  function hasCompany(
    state: PartialSilenceState,
    of: number,
    lat: number,
    lon: number,
    isB: boolean,
  ): boolean {
    const ear = isB ? ears.rowOf(receiverOfSide(fixes, of)) : -1
    const isClose =
      ear >= 0 &&
      ears.footprints.isKnown(ear) &&
      ears.footprints.share(ear, lat, lon) <= WELL_WITHIN * CLASS_B_RANGE
    return companyAt(state.company, feedOfSide(fixes, of), lat, lon, isB && !isClose) >= OTHERS
  }

  /** Near where the feed heard it last, or well within the reach of one of its stations. */
  function isExpected(
    state: PartialSilenceState,
    slot: number,
    side: number,
    lat: number,
    lon: number,
  ): boolean {
    const at = sideAt(slot, side)
    const collection = collectionOfFeed(feedOfSide(fixes, at))
    const nearM = collection === SATELLITE ? NEAR_SATELLITE_M : NEAR_M
    if (planeM(fixes[at + FIX_LAT]!, fixes[at + FIX_LON]!, lat, lon) <= nearM) return true
    const reach = WELL_WITHIN * strengthOf(state.counts, rhythmAt(slot, side))
    const { footprints } = ears
    for (let ear = 0; reach > 0 && ear < ears.receivers().length; ear++) {
      if (ears.collectionOf(ear) !== collection || !footprints.isKnown(ear)) continue
      if (!footprints.isNear(ear, lat, lon) || footprints.share(ear, lat, lon) > reach) continue
      if (footprints.homeOfLate(ear) >= OTHERS) return true
    }
    return false
  }

  /** Heard by the other feed, and not by this one. */
  function goOn(
    state: PartialSilenceState,
    slot: number,
    missing: Missing,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const [t, lat, lon] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!]
    if (lat !== lat) return
    if (feedOfSide(fixes, sideAt(slot, missing.side)) !== missing.feed) {
      state.missing.delete(slot)
      if (missing.event) close(state, slot, missing, missing.last, t, emit)
      return
    }
    missing.reports++
    missing.last = fix(t, lat, lon)
    const at = rhythmAt(slot, missing.side)
    missing.slots = missesOf(state.counts, at)
    if (missing.event || missing.reports < REPORTS || !(t - missing.off.t > minMs)) return
    const rhythm = brokenRhythm(state.counts, at)
    if (!rhythm || !worked(missing, t)) return
    missing.event = describe(missing, rhythm, words, t)
    emit(missing.event)
  }

  /** The station that heard it last did not fail. */
  function worked({ receiver, feed, off }: Missing, t: number): boolean {
    if (receiver === 0) return true
    const collection = collectionOfFeed(feed)
    if (!(reception.healthyMs(off.t, t, collection, [receiver]) >= HEALTHY * (t - off.t))) return false
    const ear = ears.rowOf(receiver)
    if (ear < 0 || collection === SATELLITE) return true
    // one that few ships are heard by is judged by nobody: it must have been heard from
    return ears.footprints.homeOfLate(ear) >= (ears.footprints.isKnown(ear) ? OTHERS : 1)
  }

  /** The feed hears it again. */
  function back(state: PartialSilenceState, slot: number, batch: ReportBatch, i: number, emit: Emit): void {
    const missing = state.missing.get(slot)!
    const [t, lat, lon] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!]
    if (missing.event && lat !== lat) return
    state.missing.delete(slot)
    if (missing.event) close(state, slot, missing, fix(t, lat, lon), t, emit)
  }

  function close(
    state: PartialSilenceState,
    slot: number,
    { event, feed, slots, reports, last }: Missing,
    to: Fix,
    asOf: number,
    emit: Emit,
  ): void {
    const closed: DetectorEvent = {
      ...event!,
      ...{ phase: 'closed', revision: event!.revision + 1, asOf, end: to },
      details: { ...event!.details, slotsMissed: slots, reportsByOther: reports, lastByOther: last },
    }
    for (const [of, { event: old }] of state.ended) if (asOf - old.asOf > MS_PER_DAY) state.ended.delete(of)
    state.ended.set(slot, { event: closed, feed })
    emit(closed)
  }

  /** A late report of a feed that was taken to have been silent then. */
  function takeBack(
    state: PartialSilenceState,
    slot: number,
    side: number,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const [t, feed] = [batch.t[i]!, feedOf(batch, i)]
    const asOf = Math.max(t, state.company.slot * SLOT_MS)
    const missing = state.missing.get(slot)
    if (missing && missing.side === side && t > missing.off.t) {
      state.missing.delete(slot)
      forgiveMisses(state.counts, rhythmAt(slot, side))
      if (missing.event) retract(missing.event, asOf, emit)
    }
    const ended = state.ended.get(slot)
    if (!ended || ended.feed !== feed || !(t > ended.event.start.t && t < ended.event.end!.t)) return
    state.ended.delete(slot)
    retract(ended.event, asOf, emit)
  }

  const retract = (event: DetectorEvent, asOf: number, emit: Emit) =>
    emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf })

  return {
    name: 'partial_silence',
    needs: ['second source'],
    init: slots => ({
      slots: new Uint16Array(slots * 3),
      counts: createRhythms(slots),
      missing: new Map(),
      ended: new Map(),
      company: createCompany(),
    }),
    received,
    clear(state, slot, tracks, emit) {
      const missing = state.missing.get(slot)
      if (missing?.event) close(state, slot, missing, missing.last, tracks.heard[slot]!, emit)
      state.missing.delete(slot)
      state.ended.delete(slot)
      state.slots.fill(0, slot * 3, slot * 3 + 3)
      clearRhythms(state.counts, slot)
    },
  }
}

/** Slots modulo 2^16 − 1, from 1: 0 is never. */
const stampOf = (slot: number): number => 1 + (slot % STAMPS)
const slotsSince = (stamp: number, now: number): number =>
  stamp === 0 ? Infinity : (now - stamp + STAMPS) % STAMPS
