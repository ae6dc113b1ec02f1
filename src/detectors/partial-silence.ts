// Partial silence: a vessel that a feed used to hear is heard by another one only, while the first hears others around it.
// Its set sends; what is missing is one side of the story. The first feed's reports are counted against its own rhythm, in
// slots of ten minutes, and only where it should be heard: near where it was heard last, or well within the range in which
// stations of the feed used to hear this very set. detection.md 5.14.

import { distanceBetweenM, fix } from '../geo/fix.js'
import { planeM } from '../geo/distance.js'
import { wrapLon } from '../geo/antimeridian.js'
import { isStaticOnly, type ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { COLLECTIONS, TX_CLASSES } from '../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Words } from '../model/words.js'
import type { Reception } from '../reception/model.js'
import { SLOT_MS, slotOf, SLOTS_PER_DAY } from '../reception/slots.js'
import {
  collectionOfFeed,
  feedOf,
  feedOfSide,
  FIX_LAT,
  FIX_LON,
  FIX_T,
  receiverOfSide,
  sideAt,
  sourceOfFeed,
  type FeedsView,
} from '../tracks/feeds.js'
import type { Tracks } from '../tracks/table.js'
import type { Detector, Emit } from './detector.js'
import { rankScore } from './score.js'

const CLASS_B = TX_CLASSES.indexOf('B')
const SATELLITE = COLLECTIONS.indexOf('satellite')
/** Others are sought in cells of an eighth of a degree, that of the vessel and those around: within some ten miles. */
const PER_DEG = 8
const COLUMNS = 360 * PER_DEG
const CELLS = COLUMNS * 180 * PER_DEG
/** So many others heard there in ten minutes: the feed hears. */
const OTHERS = 3
/** Not farther than this from where the feed heard it last: it should still be heard there. Satellites hear half a sea. */
const NEAR_M = 5 * M_PER_NM
const NEAR_SATELLITE_M = 60 * M_PER_NM
/** … or within this share of the distance at which stations heard this set, as a share of their range. */
const WELL_WITHIN = 0.6
/** Slots in which it could be heard before a rhythm is known: two hours. Less than half of them heard is chance. */
const KNOWN = 12
const BY_CHANCE = 0.5
/** Misses: longer than anything before, by this factor, and rarer than this by chance. */
const LONGER = 3
const RAREST = 1e-4
/** Reports by the other feed meanwhile. */
const REPORTS = 3
/** Half is forgotten at this many slots counted. */
const FULL = 240
/** The station that used to hear it must have worked for this share of the time. */
const HEALTHY = 0.9
/** Slots that are closed by now in which that one may have heard somebody: half an hour. */
const LATE_SLOTS = [2, 3, 4]
/** Below this it lies still: behind a quay, in a shed. */
const STILL_KN = 0.5

// One vessel's row of bytes: for each of two feeds …
const HEARD = 0 // slots heard, of those in which it could be
const TRIED = 1
const MISSED = 2 // in a row, of late
const LONGEST = 3 // such a row before
const STRENGTH = 4 // farthest it was heard by a station, in hundredths of that station's range
const SIDE = 5
const FIELDS = 2 * SIDE

/** A row of misses: the last fix by the feed before it, what came by the other since. */
interface Missing {
  side: number
  off: Fix
  feed: number
  receiver: number
  other: number
  reports: number
  /** The last of them. */
  last: Fix
  slots: number
  event: DetectorEvent | null
}

export interface PartialSilenceState {
  /** Slot in which each of two feeds last heard a vessel, and in which it was looked at: three stamps each. */
  slots: Uint16Array
  counts: Uint8Array
  missing: Map<number, Missing>
  /** Silences that ended, for late reports to take back. */
  ended: Map<number, { event: DetectorEvent; feed: number }>
  /** Vessels by feed and cell, of the present slot and of the one before: all, and those of Class B. */
  slot: number
  open: Map<number, number>
  before: Map<number, number>
}

const B_UNIT = 2 ** 16
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
    if (t < fixes[sideAt(slot, side) + FIX_T]! || t < state.slot * SLOT_MS) {
      if (state.missing.size + state.ended.size > 0) takeBack(state, slot, side, batch, i, emit)
      return
    }
    if (t >= (state.slot + 1) * SLOT_MS) turn(state, slotOf(t))
    const now = stampOf(state.slot)
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

  function turn(state: PartialSilenceState, slot: number): void {
    state.before = slot === state.slot + 1 ? state.open : new Map()
    state.open = new Map()
    state.slot = slot
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
    const now = stampOf(state.slot)
    const stamp = slot * 3 + side
    // it may be another feed's by now (tracks/feeds)
    if (slotsSince(state.slots[stamp]!, now) > SLOTS_PER_DAY)
      state.counts.fill(0, slot * FIELDS + side * SIDE, slot * FIELDS + (side + 1) * SIDE)
    state.slots[stamp] = now
    const [lat, lon] = [batch.lat[i]!, batch.lon[i]!]
    if (lat !== lat) return
    const isB = tracks.txClass[slot] === CLASS_B || batch.txClass[i] === CLASS_B
    const key = keyOf(feedOf(batch, i), rowOf(lat), columnOf(lon))
    state.open.set(key, (state.open.get(key) ?? 0) + 1 + (isB ? B_UNIT : 0))
    const ear = ears.rowOf(batch.receiver[i]!)
    if (ear < 0 || !ears.footprints.isKnown(ear)) return
    const at = slot * FIELDS + side * SIDE + STRENGTH
    const share = Math.min(255, Math.round(100 * ears.footprints.share(ear, lat, lon)))
    if (share > state.counts[at]!) state.counts[at] = share
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
    const now = stampOf(state.slot)
    for (const side of [0, 1]) {
      const of = sideAt(slot, side)
      if (fixes[of] === 0) continue
      const at = slot * FIELDS + side * SIDE
      // a vessel that is heard proves that it could be: of others one asks only when it is not
      if (slotsSince(state.slots[slot * 3 + side]!, now) <= 1) hit(state.counts, at)
      else if (
        !(batch.sog[i]! < STILL_KN) &&
        isAlive(state, feedOfSide(fixes, of), lat, lon, isB) &&
        isExpected(state, slot, side, lat, lon)
      )
        miss(state, slot, side)
    }
  }

  function hit(counts: Uint8Array, at: number): void {
    counts[at + LONGEST] = Math.max(counts[at + LONGEST]!, counts[at + MISSED]!)
    counts[at + MISSED] = 0
    counts[at + HEARD] = counts[at + HEARD]! + 1
    if ((counts[at + TRIED] = counts[at + TRIED]! + 1) < FULL) return
    counts[at + HEARD] = counts[at + HEARD]! >> 1
    counts[at + TRIED] = counts[at + TRIED]! >> 1
  }

  function miss(state: PartialSilenceState, slot: number, side: number): void {
    const { counts } = state
    const at = slot * FIELDS + side * SIDE
    if (counts[at + MISSED]! < 255) counts[at + MISSED] = counts[at + MISSED]! + 1
    if (counts[at + TRIED]! < FULL) counts[at + TRIED] = counts[at + TRIED]! + 1
    if (state.missing.has(slot) || counts[at + TRIED]! < KNOWN) return
    const of = sideAt(slot, side)
    const last = fix(fixes[of + FIX_T]!, fixes[of + FIX_LAT]!, fixes[of + FIX_LON]!)
    state.missing.set(slot, {
      ...{ side, off: last, feed: feedOfSide(fixes, of), receiver: receiverOfSide(fixes, of) },
      ...{ other: feedOfSide(fixes, sideAt(slot, 1 - side)), reports: 0, last, slots: 0, event: null },
    })
  }

  /** In the slot before, the feed heard others there, of the same class or a weaker one. */
  function isAlive(
    state: PartialSilenceState,
    feed: number,
    lat: number,
    lon: number,
    isB: boolean,
  ): boolean {
    const [row, column] = [rowOf(lat), columnOf(lon)]
    let others = 0
    for (let north = -1; north <= 1; north++) {
      for (let east = -1; east <= 1; east++) {
        const count = state.before.get(keyOf(feed, row + north, (column + east + COLUMNS) % COLUMNS))
        if (count !== undefined) others += isB ? Math.floor(count / B_UNIT) : count % B_UNIT
      }
    }
    return others >= OTHERS
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
    const reach = (WELL_WITHIN * state.counts[slot * FIELDS + side * SIDE + STRENGTH]!) / 100
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
    const at = slot * FIELDS + missing.side * SIDE
    const { counts } = state
    missing.slots = counts[at + MISSED]!
    if (missing.event || missing.reports < REPORTS || !(t - missing.off.t > minMs)) return
    const tried = Math.max(1, counts[at + TRIED]! - missing.slots)
    if (tried < KNOWN || missing.slots < minMs / SLOT_MS) return
    if (missing.slots <= LONGER * counts[at + LONGEST]!) return
    const share = counts[at + HEARD]! / tried
    const chance = (1 - counts[at + HEARD]! / (tried + 2)) ** missing.slots
    if (!(share >= BY_CHANCE && chance <= RAREST) || !worked(missing, t)) return
    missing.event = describe(missing, share, chance, t)
    emit(missing.event)
  }

  /** The station that heard it last did not fail. */
  function worked({ receiver, feed, off }: Missing, t: number): boolean {
    if (receiver === 0) return true
    const collection = collectionOfFeed(feed)
    if (!(reception.healthyMs(off.t, t, collection, [receiver]) >= HEALTHY * (t - off.t))) return false
    const ear = ears.rowOf(receiver)
    if (ear < 0 || collection === SATELLITE) return true
    if (ears.footprints.isKnown(ear)) return ears.footprints.homeOfLate(ear) >= OTHERS
    // one that few ships are heard by is judged by nobody: it must have been heard from
    const now = slotOf(t)
    return LATE_SLOTS.some(ago => (ears.clocks.at(ear, now - ago, 0)?.vessels ?? 0) > 0)
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
    const asOf = Math.max(t, state.slot * SLOT_MS)
    const missing = state.missing.get(slot)
    if (missing && missing.side === side && t > missing.off.t) {
      state.missing.delete(slot)
      state.counts[slot * FIELDS + side * SIDE + MISSED] = 0
      if (missing.event) retract(missing.event, asOf, emit)
    }
    const ended = state.ended.get(slot)
    if (!ended || ended.feed !== feed || !(t > ended.event.start.t && t < ended.event.end!.t)) return
    state.ended.delete(slot)
    retract(ended.event, asOf, emit)
  }

  const retract = (event: DetectorEvent, asOf: number, emit: Emit) =>
    emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf })

  function describe(missing: Missing, share: number, chance: number, asOf: number): DetectorEvent {
    const { off, feed, other, slots, reports, last } = missing
    const hours = (asOf - off.t) / MS_PER_HOUR
    const [silentOn, heardOn] = [name(feed), name(other)]
    const of = ({ source, collection }: typeof silentOn) =>
      silentOn.collection !== heardOn.collection || source === null ? collection : source
    const evidence: Evidence[] = [
      {
        family: 'silence',
        name: 'slots_missed',
        value: slots,
        expected: `≤ ${Math.floor(Math.log(RAREST) / Math.log(1 - Math.min(0.99, share)))}`,
        weight: round(Math.min(2, -Math.log10(chance) / 4), 3),
        text:
          `for ${hours.toFixed(1)} h not heard by ${of(silentOn)}, in ${slots} times ten minutes in which ` +
          `others near it were; before it was in ${Math.round(100 * share)} of 100`,
      },
      {
        family: 'reception',
        name: 'reports_by_other',
        value: reports,
        expected: '0: a set that is off is heard by nobody',
        weight: 0.5,
        text: `meanwhile ${reports} reports came by ${of(heardOn)}`,
      },
    ]
    return {
      ...({ type: 'partial_silence', phase: 'opened', revision: 1, asOf, start: off, end: null } as const),
      score: rankScore(-1.5, evidence),
      evidence,
      details: {
        ...{ silentOn, heardOn, lastByFeed: off, lastByOther: last, reportsByOther: reports },
        ...{ slotsMissed: slots, usualShare: round(share, 3), movedM: distanceBetweenM(off, last) },
      },
    }
  }

  const name = (feed: number) => ({
    source: words.sources.get(sourceOfFeed(feed)) ?? null,
    collection: COLLECTIONS[collectionOfFeed(feed)]!,
  })

  return {
    name: 'partial_silence',
    needs: ['second source'],
    init: slots => ({
      slots: new Uint16Array(slots * 3),
      counts: new Uint8Array(slots * FIELDS),
      missing: new Map(),
      ended: new Map(),
      ...{ slot: -1, open: new Map(), before: new Map() },
    }),
    received,
    clear(state, slot, tracks, emit) {
      const missing = state.missing.get(slot)
      if (missing?.event) close(state, slot, missing, missing.last, tracks.heard[slot]!, emit)
      state.missing.delete(slot)
      state.ended.delete(slot)
      state.slots.fill(0, slot * 3, slot * 3 + 3)
      state.counts.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    },
  }
}

/** Slots modulo 2^16 − 1, from 1: 0 is never. */
const stampOf = (slot: number): number => 1 + (slot % STAMPS)
const slotsSince = (stamp: number, now: number): number =>
  stamp === 0 ? Infinity : (now - stamp + STAMPS) % STAMPS

const rowOf = (lat: number) => Math.floor((lat + 90) * PER_DEG)
const columnOf = (lon: number) => Math.floor((wrapLon(lon) + 180) * PER_DEG) % COLUMNS
const keyOf = (feed: number, row: number, column: number) => feed * CELLS + row * COLUMNS + column
