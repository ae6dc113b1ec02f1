// Fabricated group: several MMSIs that nobody saw leave a port begin to send in the middle of the sea, within a day and
// near each other, and fill the fields of their messages in one way that hardly any other vessel of their class does:
// the work of one program. detection.md 5.8, after Bergman's false naval vessels of 2021.
//
// What looks like it: a fleet with one make of set, whose way of filling fields many have; ships that come out of port;
// ships that a new receiver, a repaired one or a satellite hears at once. So only what begins well inside of waters that
// were heard all along counts. Of each vessel the first reports are looked at, and no others.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { planeM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import {
  BIT_ACCURACY,
  BIT_RAIM,
  BIT_RAIM_KNOWN,
  BIT_REPEAT_SHIFT,
  heardByOf,
  isStaticOnly,
  type ReportBatch,
} from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import type { ReceiverSets } from '../../model/receivers.js'
import { COLLECTIONS } from '../../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, round } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import type { Tracks } from '../../tracks/table.js'
import type { Coast } from '../../zones/coast.js'
import type { Detector, Emit } from '../detector.js'
import { slotOf } from '../../reception/slots.js'
import { rankScore } from '../score.js'

/** Reports that make a profile; the vessel must be under way. */
const SAMPLES = 40
const MIN_SPEED_KN = 3
/** A vessel that was not heard for so long appears anew. */
const ANEW_MS = MS_PER_DAY
/** Profiles whose shares all differ by no more are one. */
const SAME = 0.25
/** Vessels of the class whose profiles are kept. */
const MAX_KNOWN = 256
/**
 * A profile is unusual when so few others have it, and nine times in ten no more when all of the class were known (Wilson's
 * bound): none of 32 that are, one of 66; a group whose profile comes to be this common was none.
 */
const UNUSUAL = 0.05
const UNUSUAL_Z = 1.28
const COMMON = 0.1
/**
 * A receiver must have heard somebody all of this time, without a hole in which it may have been deaf: whoever was in its range
 * when it began to listen was heard long before, …
 */
const RECEIVER_MS = 2 * MS_PER_HOUR
const RECEIVER_HOLE_MS = 3 * MS_PER_HOUR
/** … and waters, in degrees by degrees, somebody before this, and in the last days. */
const WATERS_MS = MS_PER_HOUR
const WATERS_HOLE_MS = 7 * MS_PER_DAY
const CELL_DEG = 1
/**
 * The ways from the cell outwards, in their order: on each, in one of the next two cells, such waters, or land, but for so many
 * ways in a row. A ship that comes from outside is heard there first.
 */
const WAYS = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const
const WAY_CELLS = 2
const MAX_OPEN = 2
const MAX_CELLS = 65_536
const MAX_RECEIVERS = 4096
/** Nearer to land a vessel may have come out of any harbour. */
const MIN_SHORE_NM = 10
/** Others that appear as near to each other as this are a group as well; ships of one make may appear within a day. */
const IN_ONE_GO = { windowMs: 3 * MS_PER_HOUR, regionM: 20 * M_PER_NM }
const MAX_CANDIDATES = 256
const KEPT_MS = 7 * MS_PER_DAY
const MAX_QUIET_MS = 6 * MS_PER_HOUR

// counts of a slot, a byte each
const LEFT = 0 // reports still to be looked at; 0: none
const ACCURATE = 1
const RAIM = 2
const TYPE_2 = 3
const TYPE_3 = 4
const NO_ROT = 5
const NO_HEADING = 6
const NO_COMM = 7
const STATUS = 8 // other than under way
const REPEATED = 9
const STATICS = 10
const FIELDS = 16
/**
 * What a profile is made of, in this order; whether a length is told comes last. Nothing that the way decides, such as a rate of
 * turn of 0: a fleet that fishes or races is no program.
 */
const SHARES = [ACCURATE, RAIM, TYPE_2, TYPE_3, NO_ROT, NO_HEADING, NO_COMM, STATUS, REPEATED, STATICS]
// … and where it appeared
const FROM_T = 0 // 0: not where a vessel cannot come from
const FROM_LAT = 1
const FROM_LON = 2
const PLACES = 3

const SATELLITE = COLLECTIONS.indexOf('satellite')

/** Heard from when to when, without a hole. */
type Span = [since: number, last: number]

/** A vessel that appeared at sea. */
interface Candidate {
  mmsi: number
  txClass: number
  t: number
  lat: number
  lon: number
  profile: number[]
  receivers: number[]
  told: DetectorEvent | null
}

export interface FabricatedGroupState {
  counts: Uint8Array
  began: Float64Array
  /** By cell, and by receiver (0: unnamed). */
  waters: Map<number, Span>
  receivers: Map<number, Span>
  /** Profiles by MMSI, by class. */
  known: Map<number, Map<number, number[]>>
  /** By slot. */
  candidates: Map<number, Candidate>
}

export function fabricatedGroupDetector(
  options: Config['spoofing']['fabricatedGroup'],
  { words, receivers, coast }: { words: Words; receivers: ReceiverSets; coast: Coast | undefined },
): Detector<FabricatedGroupState> {
  const windowMs = options.windowHours * MS_PER_HOUR
  const regionM = options.regionNm * M_PER_NM

  const step: Detector<FabricatedGroupState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const { counts } = state
    const seen = tracks.count[slot]!
    const isNew = seen === 0 || batch.t[i]! - tracks.heard[slot]! >= ANEW_MS
    if (seen === 0 || slotOf(batch.t[i]!) !== slotOf(tracks.heard[slot]!)) hear(state, batch, i)
    if (isNew) appear(state, slot, tracks, batch, i)
    if (counts[slot * FIELDS + LEFT] === 0) return
    count(state, slot, batch, i)
    if (counts[slot * FIELDS + LEFT] === 0) settle(state, slot, tracks, batch, i, emit)
  }

  /** These waters, and this receiver, are listened to. */
  function hear({ waters, receivers }: FabricatedGroupState, batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    if (batch.collection[i] === SATELLITE) return
    extend(receivers, batch.receiver[i]!, t, RECEIVER_HOLE_MS, MAX_RECEIVERS)
    const lat = batch.lat[i]!
    if (lat === lat) extend(waters, cellOf(lat, batch.lon[i]!), t, WATERS_HOLE_MS, MAX_CELLS)
  }

  function appear(
    state: FabricatedGroupState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
  ): void {
    const lat = batch.lat[i]!
    if (lat !== lat || (batch.bits[i]! & BIT_RAIM_KNOWN) === 0) return
    const k = slot * FIELDS
    state.counts.fill(0, k, k + FIELDS)
    state.counts[k + LEFT] = SAMPLES
    const p = slot * PLACES
    state.began.fill(0, p, p + PLACES)
    if (tracks.track[slot] !== 1 || !appearsAtSea(state, batch, i)) return
    state.began[p + FROM_T] = batch.t[i]!
    state.began[p + FROM_LAT] = lat
    state.began[p + FROM_LON] = batch.lon[i]!
  }

  function appearsAtSea({ waters, receivers }: FabricatedGroupState, batch: ReportBatch, i: number): boolean {
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    if (!(batch.sog[i]! >= MIN_SPEED_KN) || batch.collection[i] === SATELLITE) return false
    const receiver = receivers.get(batch.receiver[i]!)
    if (!receiver || t - receiver[0] < RECEIVER_MS || t - receiver[1] > RECEIVER_HOLE_MS) return false
    const isHeard = (span: Span | undefined) => span !== undefined && t - span[0] >= WATERS_MS
    if (!isHeard(waters.get(cellOf(lat, lon)))) return false
    const isKnown = (y: number, x: number) =>
      isHeard(waters.get(cellOf(y, x))) || coast?.onLand(y, x) === true
    let open = 0
    // round, and on over the first ones, as a row may begin before them
    for (let k = 0; k < WAYS.length + MAX_OPEN; k++) {
      const [north, east] = WAYS[k % WAYS.length]!
      let cells = 1
      while (
        cells <= WAY_CELLS &&
        !isKnown(lat + north * cells * CELL_DEG, wrapLon(lon + east * cells * CELL_DEG))
      )
        cells++
      open = cells <= WAY_CELLS ? 0 : open + 1
      if (open > MAX_OPEN) return false
    }
    return !coast || coast.shoreDistanceM(lat, lon) >= MIN_SHORE_NM * M_PER_NM
  }

  /** One of its first reports. */
  function count({ counts }: FabricatedGroupState, slot: number, batch: ReportBatch, i: number): void {
    const k = slot * FIELDS
    const add = (field: number, is: boolean) => {
      if (is) counts[k + field]!++
    }
    const type = batch.msgType[i]!
    if (isStaticOnly(type)) {
      add(STATICS, counts[k + STATICS]! < SAMPLES)
      return
    }
    const bits = batch.bits[i]!
    if (!(batch.sog[i]! >= MIN_SPEED_KN) || (bits & BIT_RAIM_KNOWN) === 0) return
    const rot = batch.rot[i]!
    const heading = batch.heading[i]!
    counts[k + LEFT]!--
    add(ACCURATE, (bits & BIT_ACCURACY) !== 0)
    add(RAIM, (bits & BIT_RAIM) !== 0)
    add(TYPE_2, type === 2)
    add(TYPE_3, type === 3)
    add(NO_ROT, rot !== rot)
    add(NO_HEADING, heading !== heading)
    add(NO_COMM, batch.commState[i] === 0)
    add(STATUS, batch.navStatus[i] !== 0)
    add(REPEATED, ((bits >> BIT_REPEAT_SHIFT) & 3) !== 0)
  }

  /** Its profile is known: is it one of several? */
  function settle(
    state: FabricatedGroupState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const { counts, began, candidates } = state
    const mmsi = tracks.mmsi[slot]!
    const t = batch.t[i]!
    const txClass = batch.txClass[i]!
    const statics = words.statics.get(batch.statics[i]! || tracks.statics[slot]!)
    const profile = SHARES.map(field => counts[slot * FIELDS + field]! / SAMPLES)
    profile.push(statics?.length ? 1 : 0)
    const known = state.known.get(txClass) ?? new Map<number, number[]>()
    state.known.set(txClass, known)
    known.delete(mmsi)
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value!)
    known.set(mmsi, profile)
    takeBack(state, t, emit)
    const [from, lat, lon] = began.subarray(slot * PLACES, (slot + 1) * PLACES)
    if (from === 0) return
    for (const [other, candidate] of candidates)
      if (!candidate.told && t - candidate.t > KEPT_MS) candidates.delete(other)
    if (candidates.size >= MAX_CANDIDATES) return
    const heardBy = [...receivers.members(heardByOf(batch, i))]
    candidates.set(slot, {
      ...{ mmsi, txClass, t: from!, lat: lat!, lon: lon!, profile, receivers: heardBy, told: null },
    })
    gather(state, slot, t, emit)
  }

  /** The candidates that are like this one and appeared near it, it among them: slots in order of MMSI. */
  function alike({ candidates }: FabricatedGroupState, slot: number, near = { windowMs, regionM }): number[] {
    const one = candidates.get(slot)!
    return [...candidates]
      .filter(
        ([, other]) =>
          other.txClass === one.txClass &&
          Math.abs(other.t - one.t) <= near.windowMs &&
          isSame(other.profile, one.profile) &&
          planeM(one.lat, one.lon, other.lat, one.lon + lonDelta(one.lon, other.lon)) <= near.regionM &&
          (one.receivers.length === 0 || one.receivers.some(id => other.receivers.includes(id))),
      )
      .sort(([, a], [, b]) => a.mmsi - b.mmsi)
      .map(([other]) => other)
  }

  /**
   * Of the vessels of its class, those that fill their fields in this way, and all that are known. Another group that appeared at
   * sea in one go is no witness: one program may have invented both.
   */
  function usual(
    state: FabricatedGroupState,
    { txClass, profile }: Candidate,
    group: readonly number[],
  ): { same: number; others: number } {
    const suspects = new Set(group)
    for (const [slot, other] of state.candidates)
      if (
        isSame(profile, other.profile) &&
        (other.told || alike(state, slot, IN_ONE_GO).length >= options.minMembers)
      )
        suspects.add(other.mmsi)
    let others = 0
    let same = 0
    for (const [mmsi, other] of state.known.get(txClass)!) {
      if (suspects.has(mmsi)) continue
      others++
      if (isSame(profile, other)) same++
    }
    return { same, others }
  }

  function gather(state: FabricatedGroupState, slot: number, asOf: number, emit: Emit): void {
    const { candidates } = state
    const slots = alike(state, slot)
    if (slots.length < options.minMembers) return
    const before = slots.flatMap(of => groupOf(candidates.get(of)!))
    const group = [...new Set([...before, ...slots.map(of => candidates.get(of)!.mmsi)])].sort(
      (a, b) => a - b,
    )
    const { same, others } = usual(state, candidates.get(slot)!, group)
    if (!(atMost(same, others) <= UNUSUAL)) return
    const share = same / others
    for (const [of, member] of candidates) {
      if (!group.includes(member.mmsi) || groupOf(member).length === group.length) continue
      const { told } = member
      member.told = told
        ? {
            ...told,
            ...{ phase: 'updated', revision: told.revision + 1, asOf },
            details: { ...told.details, group },
          }
        : describe(member, group, share, asOf)
      emit({ ...member.told, slot: of })
    }
  }

  /** A group whose way of filling fields turns out to be that of many was none. */
  function takeBack(state: FabricatedGroupState, asOf: number, emit: Emit): void {
    for (const [slot, candidate] of state.candidates) {
      const { told } = candidate
      if (!told) continue
      const { same, others } = usual(state, candidate, groupOf(candidate))
      if (!(same / others > COMMON)) continue
      candidate.told = null
      emit({ ...told, slot, phase: 'retracted', revision: told.revision + 1, asOf })
    }
  }

  function describe(member: Candidate, group: number[], share: number, asOf: number): DetectorEvent {
    const evidence: Evidence[] = [
      {
        ...{
          family: 'identity',
          name: 'group_size',
          value: group.length,
          weight: Math.min(2, group.length / 4),
        },
        expected: `< ${options.minMembers}`,
        text: `${group.length} MMSIs fill the fields of their messages in one way`,
      },
      {
        ...{ family: 'behaviour', name: 'usual_share', value: round(share, 3), weight: 0.5 },
        expected: `> ${UNUSUAL}`,
        text: `so do ${Math.round(100 * share)} of 100 other vessels of the class`,
      },
      {
        ...{ family: 'place', name: 'appeared_at_sea', value: round(member.lat, 2), weight: 0.5 },
        text: 'first heard under way well inside of waters that were heard all along',
      },
    ]
    return {
      ...({ type: 'spoofing', class: 'fabricated_group', key: 'fabricated_group' } as const),
      ...({ phase: 'opened', revision: 1, asOf } as const),
      ...{ start: fix(member.t, member.lat, member.lon), end: null },
      score: rankScore(0, evidence),
      evidence,
      details: { group, usualShare: share, profile: profileOf(member.profile) },
    }
  }

  function end(state: FabricatedGroupState, slot: number, tracks: Tracks, asOf: number, emit: Emit): void {
    const candidate = state.candidates.get(slot)
    if (!candidate?.told) return
    const { told } = candidate
    const last = fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!)
    emit({ ...told, slot, phase: 'closed', revision: told.revision + 1, asOf, end: last })
    state.candidates.delete(slot)
  }

  return {
    name: 'fabricated_group',
    needs: ['integrity bits'],
    init: slots => ({
      counts: new Uint8Array(slots * FIELDS),
      began: new Float64Array(slots * PLACES),
      ...{ waters: new Map(), receivers: new Map(), known: new Map(), candidates: new Map() },
    }),
    step,
    watches: ({ counts }, slot) => counts[slot * FIELDS + LEFT] !== 0,
    minDelayMs: MAX_QUIET_MS,
    due: (state, slot, tracks) =>
      state.candidates.size > 0 && state.candidates.get(slot)?.told
        ? tracks.heard[slot]! + MAX_QUIET_MS
        : Infinity,
    tick: (state, slot, tracks, t, emit) => end(state, slot, tracks, t, emit),
    mistaken(state, slot, t) {
      // it did not appear there
      const p = slot * PLACES
      if (state.began[p + FROM_T] === t) state.began.fill(0, p, p + PLACES)
    },
    clear(state, slot, tracks, emit) {
      end(state, slot, tracks, tracks.heard[slot]!, emit)
      state.candidates.delete(slot)
      state.counts.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
      state.began.fill(0, slot * PLACES, (slot + 1) * PLACES)
    },
  }
}

/** Wilson's upper bound of a share of which `same` of `all` were seen. */
function atMost(same: number, all: number): number {
  const share = same / all
  const z2 = UNUSUAL_Z ** 2 / all
  const spread = UNUSUAL_Z * Math.sqrt((share * (1 - share)) / all + z2 / (4 * all))
  return (share + z2 / 2 + spread) / (1 + z2)
}

const groupOf = ({ told }: Candidate): number[] => (told ? (told.details['group'] as number[]) : [])

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((share, k) => Math.abs(share - b[k]!) <= SAME)

const NAMES = ['accuracy', 'raim', 'type2', 'type3', 'noRot', 'noHeading', 'noCommState', 'status']
const profileOf = (profile: readonly number[]): Record<string, number> =>
  Object.fromEntries(
    [...NAMES, 'repeated', 'static', 'length'].map((name, k) => [name, round(profile[k]!, 2)]),
  )

const COLUMNS = 360 / CELL_DEG
const cellOf = (lat: number, lon: number): number =>
  Math.floor((lat + 90) / CELL_DEG) * COLUMNS + (Math.floor((lon + 180) / CELL_DEG) % COLUMNS)

/** Heard at `t` too: from the beginning, or from now on when there was a hole. The least recent make room. */
function extend(spans: Map<number, Span>, key: number, t: number, holeMs: number, most: number): void {
  const span = spans.get(key)
  if (span) {
    if (t - span[1] > holeMs) span[0] = t
    if (t > span[1]) span[1] = t
    return
  }
  if (spans.size >= most) for (const [other, [, last]] of spans) if (t - last > holeMs) spans.delete(other)
  if (spans.size < most) spans.set(key, [t, t])
}
