// Identity: who the vessel says it is. A name, call sign or IMO number that becomes another and stays so; an IMO number
// or an MMSI that no ship can have; one IMO number on two MMSIs, at once (shared_identity) or one after the other at one
// place (identity_swap). Text is garbled often, so nothing is believed that was not heard several times over a while,
// and a letter or two say nothing. Names that were told and become blank are a change too, but only where a message says
// that it has none (StaticReport.blank): most sources leave out what they please. detection.md section 9.
//
// Most reports repeat the static data of the one before: they cost a compare. A record is kept of vessels that told some.

import { TX_CLASSES, type StaticData } from '../../model/report.js'
import { distanceBetweenM, fix } from '../../geo/fix.js'
import { isBlank, isStaticOnly, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { liesAtRest, type Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { isEni, isImo, isSameText, mmsiFault } from './checks.js'
import { blankedEvent, changeEvent, faultEvent, pairEvent, type Pair } from './describe.js'

/** What names a ship. Absent: not told so far. */
export type Identity = Pick<StaticData, 'name' | 'callsign' | 'imo' | 'shipType' | 'length' | 'width'>
/** What a change of makes another ship of it. */
const NAMES = ['imo', 'name', 'callsign'] as const

type Before = [t: number, lat: number, lon: number]

/** Something that is told and not yet believed: the first thing, or what differs. */
interface Candidate {
  /** Id in words.statics. */
  statics: number
  /** When and where it was first told. */
  t: number
  lat: number
  lon: number
  /** The last message before that, or before the silence that no older name came through; and the last place then. */
  before: Before
  silentMs: number
  atRest: boolean
  /** Transmissions, and when the last of them came. */
  count: number
  last: number
  receiver: number
  /** Another receiver than that one heard it too. */
  twice: boolean
}

/** Blank messages since names were last told. */
interface Blank extends Candidate {
  told: boolean
}

export interface IdentityState {
  /** Latest static data looked at, by slot, and those that are believed: ids in words.statics, 0 none. */
  last: Uint32Array
  believed: Uint32Array
  /** Before this time a message that says what the last one said tells nothing new, epoch ms … */
  dueAt: Float64Array
  /** … unless another receiver heard it than this: its id + 1, 0 where that does not matter. */
  receiver: Uint32Array
  /** By slot. */
  candidates: Map<number, Candidate>
  /** By slot, of vessels that are believed to have names. */
  blanks: Map<number, Blank>
  /** By slot: when names last came back before it was told that there are none, epoch ms. */
  mixed: Map<number, number>
  /** By station and feed: the ships that it told static data of last, and when, newest first. */
  namedBy: Map<number, { mmsi: number; t: number }[]>
  /** Changes of the last day, by slot: what turns out to be two ships takes them back. */
  recent: Map<number, DetectorEvent[]>
  /** By the slot of one that fell silent, and is taken to have become the vessel of another slot. */
  left: Map<number, { event: DetectorEvent | null; to: number; since: number }>
  /** The last long silence of a slot, unless what it is believed to be was told again since. */
  silences: Map<number, { from: Before; until: number }>
  /** The slot that a valid IMO number was last believed of. */
  byImo: Map<number, number>
}

const CLASS_A = TX_CLASSES.indexOf('A')
/** One ship may carry two transponders, with two clocks: nearer than this two MMSIs may be one hull. */
const ONE_HULL_M = M_PER_NM
/** A vessel that changes more often than this in a day is described by its last ones. */
const MAX_RECENT = 8
/** Ships kept of those that a station told names of last. */
const MAX_NAMED = 3
/** A vessel of which blank messages and names came by turns is not believed to have none for so long. */
const MIXED_MS = MS_PER_DAY

export function identityDetector(options: Config['identity'], words: Words): Detector<IdentityState> {
  const confirmMs = options.confirmMinutes * MS_PER_MIN
  const swapMs = options.swapHours * MS_PER_HOUR
  const silenceMs = options.silenceHours * MS_PER_HOUR
  const identity = (id: number): Identity => words.statics.get(id) ?? {}

  const step: Detector<IdentityState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const heard = tracks.heard[slot]!
    if (batch.t[i]! - heard >= silenceMs) {
      state.silences.set(slot, { until: batch.t[i]!, from: [heard, tracks.lat[slot]!, tracks.lon[slot]!] })
      state.dueAt[slot] = 0
    }
    const id = batch.statics[i]!
    if (id === 0) {
      if (isBlank(batch, i)) blank(state, slot, tracks, batch, i, emit)
      return
    }
    if (isStaticOnly(batch.msgType[i]!)) hearsNames(state, batch, i)
    const waits = state.receiver[slot]!
    if (
      id === state.last[slot] &&
      batch.t[i]! < state.dueAt[slot]! &&
      (waits === 0 || waits === 1 + batch.receiver[i]!)
    )
      return
    state.last[slot] = id
    if (!isNamed(identity(id))) return
    named(state, slot, batch.t[i]!)
    look(state, slot, tracks, batch, i, emit)
    const candidate = state.candidates.get(slot)
    state.receiver[slot] = candidate && !candidate.twice ? 1 + candidate.receiver : 0
    if (state.left.has(slot)) state.dueAt[slot] = 0
    else if (!candidate) state.dueAt[slot] = Infinity
    else state.dueAt[slot] = candidate.count + 1 < options.confirmMessages ? 0 : candidate.t + confirmMs
  }

  function look(
    state: IdentityState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const t = batch.t[i]!
    const id = batch.statics[i]!
    const told = identity(id)
    if (state.left.has(slot)) returned(state, slot, tracks, t, emit)
    const believed = state.believed[slot]!
    const candidate = state.candidates.get(slot)
    const agrees = candidate && (id === candidate.statics || !differ(identity(candidate.statics), told))
    if (believed !== 0 && (id === believed || !differ(identity(believed), told))) {
      // what says nothing of the field in doubt speaks for neither
      if (candidate && !agrees) state.candidates.delete(slot)
      state.silences.delete(slot) // the old name came through it
      if (tellsAll(told, identity(believed))) state.believed[slot] = id
      return
    }
    if (!agrees) {
      state.candidates.set(slot, begin(state, slot, tracks, batch, i))
      return
    }
    heardAgain(candidate, batch, i)
    if (tellsAll(told, identity(candidate.statics))) candidate.statics = id
    if (candidate.count < options.confirmMessages) return
    if (t - candidate.t < confirmMs && !candidate.twice) return
    // of an MMSI that two ships use, each says its own, and which of them a static message is from is a guess
    if (believed !== 0 && tracks.alternations[slot] === 0)
      remember(state, slot, change(believed, candidate, t), emit)
    believe(state, slot, tracks, candidate, t, emit)
  }

  /** A message without names, of a vessel that had some. */
  function blank(
    state: IdentityState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const was = identity(state.believed[slot]!)
    if (was.name === undefined || (was.callsign ?? was.imo) === undefined) return
    const found = state.blanks.get(slot)
    if (!found) {
      state.blanks.set(slot, { ...begin(state, slot, tracks, batch, i), told: false })
      state.dueAt[slot] = 0 // the next name is looked at, whatever it says
      return
    }
    heardAgain(found, batch, i)
    const t = batch.t[i]!
    if (found.told || found.count < options.confirmMessages) return
    // a set that starts is heard blank by two stations as well: only time tells
    if (t - found.t < confirmMs || tracks.alternations[slot] !== 0) return
    if (
      t - (state.mixed.get(slot) ?? -Infinity) <= MIXED_MS ||
      !passesNames(state, batch, i, t - confirmMs / 2)
    )
      return
    found.told = true
    const { lat, lon, before, silentMs, atRest, count } = found
    const after = fix(found.t, lat, lon)
    const blanking = { was, before: fix(...before), after, silentMs, atRest, count, asOf: t }
    remember(state, slot, blankedEvent(blanking, options), emit)
  }

  /** Names are told: it has some. */
  function named(state: IdentityState, slot: number, t: number): void {
    const found = state.blanks.get(slot)
    if (!found) return
    state.blanks.delete(slot)
    if (!found.told) state.mixed.set(slot, t)
  }

  /** Tells of a change, and keeps it: what turns out to be two ships takes it back. */
  function remember(state: IdentityState, slot: number, event: DetectorEvent, emit: Emit): void {
    const kept = (state.recent.get(slot) ?? []).filter(({ asOf }) => event.asOf - asOf <= MS_PER_DAY)
    state.recent.set(slot, [...kept, event].slice(-MAX_RECENT))
    emit(event)
  }

  function begin(
    state: IdentityState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
  ): Candidate {
    const silence = state.silences.get(slot)
    const placed = batch.lat[i]! === batch.lat[i]!
    // written out: every vessel has one of these at first
    return {
      statics: batch.statics[i]!,
      t: batch.t[i]!,
      lat: placed ? batch.lat[i]! : tracks.lat[slot]!,
      lon: placed ? batch.lon[i]! : tracks.lon[slot]!,
      before: silence ? silence.from : [tracks.heard[slot]!, tracks.lat[slot]!, tracks.lon[slot]!],
      silentMs: silence ? silence.until - silence.from[0] : 0,
      atRest: liesAtRest(tracks, slot),
      count: 1,
      last: batch.t[i]!,
      receiver: batch.receiver[i]!,
      twice: false,
    }
  }

  function change(believed: number, candidate: Candidate, asOf: number): DetectorEvent {
    const { t, lat, lon, before, silentMs, atRest } = candidate
    const [from, to] = [identity(believed), identity(candidate.statics)]
    const fields = changedFields(from, to)
    return changeEvent(
      { from, to, fields, before: fix(...before), after: fix(t, lat, lon), silentMs, atRest, asOf },
      options,
    )
  }

  /** What a vessel says of itself is believed from now on: can it be, and does another say the same? */
  function believe(
    state: IdentityState,
    slot: number,
    tracks: Tracks,
    candidate: Candidate,
    t: number,
    emit: Emit,
  ): void {
    forgetImo(state, slot)
    state.believed[slot] = candidate.statics
    state.candidates.delete(slot)
    const { imo, length = 0, shipType = 0 } = identity(candidate.statics)
    const at = fix(candidate.t, candidate.lat, candidate.lon)
    const fault = mmsiFault(tracks.mmsi[slot]!)
    if (fault && tracks.track[slot] === 1) emit(faultEvent('mmsi_invalid', fault, tracks.mmsi[slot]!, at, t))
    if (imo === undefined) return
    if (!isImo(imo)) {
      // only seagoing ships of some size have to have one; of the others nobody knows what stands in the field
      const mustHave = length >= options.imoLengthM && shipType >= 60 && shipType < 90
      if (mustHave && tracks.txClass[slot] === CLASS_A && !isEni(imo))
        emit(faultEvent('imo_invalid', 'check digit', imo, at, t))
      return
    }
    const other = state.byImo.get(imo)
    state.byImo.set(imo, slot)
    if (other !== undefined && tracks.mmsi[other] !== tracks.mmsi[slot])
      compare(state, imo, other, slot, tracks, at, t, emit)
  }

  function forgetImo(state: IdentityState, slot: number): void {
    const { imo } = identity(state.believed[slot]!)
    if (imo !== undefined && state.byImo.get(imo) === slot) state.byImo.delete(imo)
  }

  /**
   * The same IMO number on two MMSIs: on the air at once and apart, or the one where the other fell silent.
   * @param at where and when `slot` was first heard with it
   */
  function compare(
    state: IdentityState,
    imo: number,
    other: number,
    slot: number,
    tracks: Tracks,
    at: Fix,
    t: number,
    emit: Emit,
  ): void {
    const from = fix(tracks.t[other]!, tracks.lat[other]!, tracks.lon[other]!)
    const silentMs = at.t - tracks.heard[other]!
    const isOver = silentMs > 0
    // static data may be the first that is heard of it: then its place is where it was heard since
    const to = isOver && at.lat !== null ? at : fix(tracks.t[slot]!, tracks.lat[slot]!, tracks.lon[slot]!)
    const distanceM = distanceBetweenM(from, to)
    if (distanceM === null) return
    // one hull with two transponders is where the other is; one that changed its MMSI could have come here meanwhile
    const reachM = ONE_HULL_M + (options.swapSpeedKn * M_PER_NM * Math.abs(to.t - from.t)) / MS_PER_HOUR
    const pair: Pair = {
      ...{ imo, distanceM, silentMs, asOf: t, slots: [other, slot], from, to },
      mmsis: [tracks.mmsi[other]!, tracks.mmsi[slot]!],
    }
    if (!isOver && distanceM > reachM) emit(pairEvent('shared_identity', pair))
    if (!(isOver && silentMs <= swapMs && distanceM <= reachM)) return
    const event = pairEvent('identity_swap', pair)
    emit(event)
    // should it speak again, it had not become the other one
    state.left.set(other, { event, to: slot, since: t })
    state.dueAt[other] = 0
  }

  /** A vessel that was taken to have become another is heard again: then there are two, and its next fix tells where. */
  function returned(state: IdentityState, slot: number, tracks: Tracks, t: number, emit: Emit): void {
    const { event, to, since } = state.left.get(slot)!
    if (event && t - event.asOf > MS_PER_DAY) state.left.delete(slot)
    else if (event) {
      emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf: t })
      state.left.set(slot, { event: null, to, since: t })
      return
    }
    if (!(tracks.t[slot]! >= since)) return
    state.left.delete(slot)
    const { imo } = identity(state.believed[slot]!)
    if (imo !== undefined && identity(state.believed[to]!).imo === imo)
      compare(state, imo, to, slot, tracks, fix(since, tracks.lat[slot]!, tracks.lon[slot]!), t, emit)
  }

  /** Two ships on one MMSI: each kept its name all along. */
  const parted: Detector<IdentityState>['parted'] = (state, { slots }, _tracks, t, emit) => {
    for (const slot of slots) {
      for (const event of state.recent.get(slot) ?? []) {
        if (t - event.asOf <= MS_PER_DAY)
          emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
      }
      state.recent.delete(slot)
    }
  }

  return {
    name: 'identity',
    needs: ['static data'],
    init: slots => ({
      ...{ last: new Uint32Array(slots), believed: new Uint32Array(slots) },
      ...{ dueAt: new Float64Array(slots), receiver: new Uint32Array(slots) },
      ...{
        candidates: new Map(),
        blanks: new Map(),
        mixed: new Map(),
        namedBy: new Map(),
        recent: new Map(),
        left: new Map(),
        silences: new Map(),
      },
      byImo: new Map(),
    }),
    step,
    parted,
    statics(state, visit) {
      for (const ids of [state.last, state.believed]) for (const id of ids) if (id !== 0) visit(id)
      for (const { statics } of state.candidates.values()) visit(statics)
    },
    clear(state, slot) {
      forgetImo(state, slot)
      state.last[slot] = state.believed[slot] = state.dueAt[slot] = state.receiver[slot] = 0
      for (const bySlot of [
        state.candidates,
        state.blanks,
        state.mixed,
        state.recent,
        state.left,
        state.silences,
      ])
        bySlot.delete(slot)
      for (const [other, { to }] of state.left) if (to === slot) state.left.delete(other)
    },
  }
}

/** What several stations heard, or the two halves of message 24, is one transmission. */
const ONE_MS = MS_PER_MIN

/** Who told a row: the station, of that feed. */
const tellerOf = (batch: ReportBatch, i: number): number => 65_536 * batch.receiver[i]! + batch.source[i]!

function hearsNames({ namedBy }: IdentityState, batch: ReportBatch, i: number): void {
  const teller = tellerOf(batch, i)
  const mmsi = batch.mmsi[i]!
  const named = namedBy.get(teller)
  if (!named) namedBy.set(teller, [{ mmsi, t: batch.t[i]! }])
  else if (named[0]!.mmsi === mmsi) named[0]!.t = batch.t[i]!
  else {
    const known = named.findIndex(ship => ship.mmsi === mmsi)
    const [ship] = known < 0 ? [{ mmsi, t: 0 }] : named.splice(known, 1)
    ship!.t = batch.t[i]!
    named.unshift(ship!)
    if (named.length > MAX_NAMED) named.pop()
  }
}

/** Whoever told this row passes names on, and has told others' since then: that there are none is the ship's doing. */
function passesNames({ namedBy }: IdentityState, batch: ReportBatch, i: number, since: number): boolean {
  const named = namedBy.get(tellerOf(batch, i))
  if (!named) return false
  const others = named.filter(({ mmsi }) => mmsi !== batch.mmsi[i])
  return others.length === 0 || others.some(({ t }) => t >= since)
}

function heardAgain(candidate: Candidate, batch: ReportBatch, i: number): void {
  if (batch.receiver[i]! !== candidate.receiver) candidate.twice = true
  if (batch.t[i]! - candidate.last < ONE_MS) return
  candidate.count++
  candidate.last = batch.t[i]!
}

/** Both tell it, and tell it differently. */
function differsIn(field: (typeof NAMES)[number], a: Identity, b: Identity): boolean {
  const x = a[field]
  const y = b[field]
  if (x === undefined || y === undefined || x === y) return false
  return !(typeof x === 'string' && isSameText(x, y as string))
}

const differ = (a: Identity, b: Identity): boolean =>
  differsIn('imo', a, b) || differsIn('name', a, b) || differsIn('callsign', a, b)

const changedFields = (a: Identity, b: Identity) => NAMES.filter(field => differsIn(field, a, b))

const isNamed = ({ imo, name, callsign }: Identity): boolean =>
  imo !== undefined || name !== undefined || callsign !== undefined

/** True when `a` tells every name that `b` does. */
const tellsAll = (a: Identity, b: Identity): boolean =>
  NAMES.every(field => b[field] === undefined || a[field] !== undefined)
