// Association: which ship of this MMSI sent this fix? Mostly there is one ship, and the fix is near its last: nothing more
// is asked. A fix that it can hardly have reached waits for a second one; a fix that it cannot have reached at all is
// another place of the MMSI, and waits until enough of them agree. Then either the old place has fallen quiet, and the
// track goes on at the new one (a jump), or both go on in turn, and two hulls share the number: two tracks, a slot each.
// One displaced fix is neither. Definitions: detection.md sections 2, 5.1 and 5.2; docs/tracks.md.
//
// Only an MMSI with more than one place has an entry here; it is gone when one place is left.

import { copyOut, createBatch, heardByOf, writeRow, type ReportBatch, type Row } from '../model/batch.js'
import type { Config } from '../model/config.js'
import { isCopyOf, type Copy } from '../model/receivers.js'
import type { StaticData } from '../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { Words } from '../model/words.js'
import {
  apartM,
  isAlong,
  isDelayed,
  isDetour,
  isGarbled,
  logLikelihood,
  motionOf,
  NEAR_DEG,
  NEAR_DEG_PER_MS,
  ownReachM,
  reachM,
  sigmaOf,
  speedLimitKn,
  type Motion,
} from './motion.js'
import { lastHeardBy, type Tracks } from './table.js'

/** Places remembered per MMSI beside those of its tracks; the least supported gives way. */
const MAX_OTHER_PLACES = 4
/** A place not heard from for this long is no longer the other half of anything … */
const PLACE_EXPIRY_MS = MS_PER_DAY
/** … and one that was heard once, probably noise, is forgotten sooner, lest two errors look like a second ship. */
const SINGLE_EXPIRY_MS = 6 * MS_PER_HOUR
/** A fix that nothing contradicts for this long is believed. And after this long without a fix the next one stands alone:
 * if all later ones contradict it, it was the error. */
const RETURN_MS = MS_PER_HOUR
/** After this long a ship may have done anything within its reach: the next fix needs no second one. */
const FREE_MS = 4 * MS_PER_HOUR
/** Several fixes at another place are news when they span this: a few of a late copy of the feed may come in a row. */
const THERE_MS = MS_PER_MIN
/** Two ships are heard in turn for longer than this: what a feed delivers late may come within seconds, hours of it at once. */
const IN_TURN_MS = 5 * MS_PER_MIN
/** What speaks against a fix being a track's: static data or a class of another ship (gpsdio-segment: 0.1), a place
 * that was not believed so far, static data that are not known. */
const LOG_OTHER_SHIP = Math.log(0.1)
const LOG_UNPROVEN = Math.log(0.2)
const LOG_UNKNOWN = Math.log(0.5)

/**
 * A place where this MMSI was heard, by its last fix there.
 * `track`: the place of a track. `doubt`: where track `slot` may have gone, if a second fix agrees. `left`: where a track
 * was before it jumped. `new`: where nothing was believed so far.
 */
interface Place extends Motion {
  kind: 'track' | 'doubt' | 'left' | 'new'
  /** Names it among all places of all MMSIs. */
  id: number
  /** Of the track; −1 for `left` and `new`. */
  slot: number
  txClass: number
  statics: number
  /** Fixes here (of a track: since its last long silence), and separate runs of them. */
  fixes: number
  visits: number
  /** Fixes of the running visit, and its first. */
  run: number
  runT: number
  /** Every fix so far could be one of the track's, garbled. */
  garbled: boolean
  /** The last fix elsewhere before this place was first heard: where the two parted. */
  fork: [t: number, lat: number, lon: number]
  /** Rows that wait here until they are believed. */
  held: Held[]
  /** The track as it was before the one fix that broke a long silence; null once a second one has agreed. */
  before: Before | null
}

/** A row that waits, and the set of receivers that have heard it by now. */
type Held = Row & { heardBy: number }

/** What a fix changes in the table, and a mistaken one has to give back. */
const FIX_COLUMNS = ['heard', 't', 'lat', 'lon', 'placed', 'sog', 'stillSince', 'zoneSet'] as const
type Before = Record<(typeof FIX_COLUMNS)[number] | 'heardBy', number>

/** All places of one MMSI. */
interface Group {
  places: Place[]
  /** Place heard last. */
  at: number
  /** Time of the newest fix, believed or not. */
  t: number
  /** Two tracks or more are heard in turn. */
  shared: boolean
}

export interface AssociationState {
  byMmsi: Map<number, Group>
  nextId: number
}

/** Two tracks of one MMSI that are heard in turn. */
export interface Parting {
  /** The one that has just been heard, and the other. */
  slots: [number, number]
  fork: [t: number, lat: number, lon: number]
  /** Changes between the two. */
  alternations: number
}

export interface AssociationHandlers {
  /** A row that belongs to a track, in order of time for each track. */
  deliver(slot: number, batch: ReportBatch, i: number): void
  /**
   * The track goes on at row `i`, in another place, where its last fix could not have come from; the row is delivered next.
   * @param isJump false when nothing follows from it for the ship: the fix that it leaves stood alone, or the MMSI is shared
   * @param from, to ids of the two places
   */
  moved(slot: number, batch: ReportBatch, i: number, isJump: boolean, from: number, to: number): void
  /** The last fix of this track, at time `t`, was not its own: it is no longer in the table. */
  mistaken(slot: number, t: number, place: number): void
  /**
   * A slot for one more track of the MMSI that has these, with a blank track; −1 when it may have no more.
   * The first of them keeps its own.
   */
  open(slots: number[], t: number, place: number): number
  /** The track gives way to another of its MMSI, which will use its slot and number. */
  retire(slot: number, place: number): void
  /** Other tracks of the same MMSI that had lost their slots are put back; `slot` keeps its own. @returns their slots */
  recall(slot: number, t: number): number[]
  /** Two tracks go on in turn, or one more does. */
  parted(parting: Parting, t: number): void
  /** Only one track of the MMSI, or none, is still heard; `slot` is the one that fell silent last. */
  alone(slot: number, t: number): void
  /** Rows that belong to no track: nothing confirmed them. */
  dropped(rows: Row[], place: number): void
}

export interface Association {
  readonly state: AssociationState
  /**
   * Row `i`, which has a position, of the MMSI whose first slot this is.
   * @returns true: it is this slot's next fix, for the caller to deliver. false: all is done, it was delivered or waits
   */
  admit(slot: number, batch: ReportBatch, i: number): boolean
  /** For an MMSI with several places: the track that a message without a position is from; takes in its static data. */
  hear(slot: number, batch: ReportBatch, i: number): number
  /** The same: true when row `i` is older than the newest fix. */
  isLate(slot: number, t: number): boolean
  /** The same: the track that a late fix fits, −1 for none. */
  fit(slot: number, batch: ReportBatch, i: number): number
  /** The same: row `i` is late for the MMSI, and all the same the next fix of this track. */
  next(slot: number, batch: ReportBatch, i: number): void
  /** For an MMSI with several places: takes in who else heard a row that waits. @returns the slots of its tracks */
  copied(slot: number, copy: Copy): number[]
  /** Event time reached `t` without another fix: what nothing contradicted is believed. */
  settle(t: number): void
  /** Tracks that came back to slots together are tracks of one MMSI. */
  join(mmsi: number, slots: number[]): void
  /**
   * The slot changes owner.
   * @returns another slot of the same MMSI, −1 when there is none
   */
  leave(slot: number): number
  /** Visits the static data that places and the rows that wait there hold: ids in words.statics. */
  statics(visit: (id: number) => void): void
  /** The data end: what nothing contradicted is believed, the rest is not. */
  end(): void
}

export function createAssociation(
  { clean, tracks: limits, spoofing }: Pick<Config, 'clean' | 'tracks' | 'spoofing'>,
  tracks: Tracks,
  words: Words,
  handlers: AssociationHandlers,
  state: AssociationState = { byMmsi: new Map(), nextId: 1 },
): Association {
  const { confirmFixes } = clean
  const { minAlternations } = spoofing
  const { byMmsi } = state
  const confirmMs = clean.confirmMinutes * MS_PER_MIN
  const slackM = clean.minJumpNm * M_PER_NM
  const slackDeg = clean.minJumpNm / 60
  const one = createBatch(words, 1)
  one.heardBy = new Uint32Array(1)
  const row: Motion = { t: 0, lat: 0, lon: 0, sog: 0, cog: 0, sigmaM: 0 }
  const last: Motion = { ...row }

  function admit(slot: number, batch: ReportBatch, i: number): boolean {
    if (tracks.apart[slot] === 0) {
      // a minute of arc is a nautical mile and a degree of longitude never longer: nearby without any trigonometry
      const off = Math.abs(batch.lat[i]! - tracks.lat[slot]!) + Math.abs(batch.lon[i]! - tracks.lon[slot]!)
      const near = NEAR_DEG + NEAR_DEG_PER_MS * (batch.t[i]! - tracks.t[slot]!)
      if (!(off > (near < slackDeg ? near : slackDeg))) return true // or the first fix
      motionOf(batch, i, row)
      lastMotion(slot)
      const awayM = apartM(last, row)
      if (row.t - last.t < RETURN_MS && awayM <= ownReachM(last, row, clean.maxSpeedKn, slackM)) return true
      begin(slot, awayM)
    } else motionOf(batch, i, row)
    judge(byMmsi.get(tracks.mmsi[slot]!)!, batch, i)
    return false
  }

  /** What the table holds of a track's motion: not its course. */
  function lastMotion(slot: number): void {
    last.t = tracks.t[slot]!
    last.lat = tracks.lat[slot]!
    last.lon = tracks.lon[slot]!
    last.sog = tracks.sog[slot]!
    last.cog = NaN
    last.sigmaM = sigmaOf(tracks.placed[slot] === 2 ? 27 : 0, tracks.txClass[slot]!)
  }

  /** A fix that asks for a second look makes the MMSI one with places. */
  function begin(slot: number, awayM: number): void {
    const beyond = awayM > reachM(last, row, limitKn(tracks.statics[slot]!), slackM)
    join(tracks.mmsi[slot]!, [slot, ...(beyond ? handlers.recall(slot, row.t) : [])])
  }

  function join(mmsi: number, slots: number[]): void {
    const places = slots.map(trackPlace)
    const newest = places.reduce((a, b) => (b.t > a.t ? b : a))
    newest.visits = 1
    const shared = slots.some(slot => tracks.alternations[slot]! > 0)
    byMmsi.set(mmsi, { places, at: newest.id, t: newest.t, shared })
    for (const slot of slots) tracks.apart[slot] = 1
  }

  function trackPlace(slot: number): Place {
    lastMotion(slot)
    return {
      ...last,
      kind: 'track',
      id: state.nextId++,
      slot,
      statics: 0,
      txClass: 0,
      fixes: tracks.count[slot]!,
      visits: 0,
      run: 1,
      runT: last.t,
      garbled: false,
      fork: [last.t, last.lat, last.lon],
      held: [],
      before: null,
    }
  }

  function judge(group: Group, batch: ReportBatch, i: number): void {
    const { t } = row
    expire(group, t)
    for (const place of [...group.places]) {
      if (place.kind === 'doubt' && t - place.t >= RETURN_MS) believe(group, place)
    }
    let place = likeliest(group, batch, i)
    if (place?.kind === 'track') {
      resolve(group, place)
      if (!isFree(place)) place = doubt(group, place)
    }
    place ??= found(group)
    const current = newestTrack(group)
    visit(group, place, t)
    group.t = t
    if (place.kind === 'track') take(place, batch, i)
    else {
      place.garbled &&= isGarbled(current, row, batch.msgType[i]!, ownOf(current))
      hold(place, batch, i)
      if (place.kind === 'doubt') {
        if (place.held.length >= 2) believe(group, place)
      } else if (!isParted(place, current) && isConfirmed(place, t)) move(group, place, current)
    }
    const heard = newestTrack(group)
    for (const other of [...group.places]) {
      if (other.slot < 0 && isParted(other, heard)) part(group, other, heard, t)
    }
    reshare(group, place, t)
    dissolve(group)
  }

  /** The place whose ship most likely sent the row, of those that could have. */
  function likeliest(group: Group, batch: ReportBatch, i: number): Place | undefined {
    let best: Place | undefined
    let most = -Infinity
    for (const place of group.places) {
      if (!(apartM(place, row) <= reachOf(place))) continue
      const likely = logLikelihood(place, row) + logPrior(place, batch, i)
      if (likely <= most) continue
      best = place
      most = likely
    }
    return best
  }

  function logPrior(place: Place, batch: ReportBatch, i: number): number {
    let log = place.kind === 'track' ? 0 : place.kind === 'doubt' ? LOG_UNKNOWN : LOG_UNPROVEN
    const statics = batch.statics[i]!
    const known = staticsOf(place)
    if (statics !== known && statics !== 0)
      log += known === 0 ? LOG_UNKNOWN : isSameShip(known, statics) ? 0 : LOG_OTHER_SHIP
    const txClass = batch.txClass[i]!
    const known2 = place.slot < 0 ? place.txClass : tracks.txClass[place.slot]!
    return txClass !== 0 && known2 !== 0 && txClass !== known2 ? log + LOG_OTHER_SHIP : log
  }

  function isSameShip(a: number, b: number): boolean {
    const [x, y] = [words.statics.get(a), words.statics.get(b)] as const
    if (!x || !y) return true
    const differs = (field: keyof StaticData) =>
      x[field] !== undefined && y[field] !== undefined && x[field] !== y[field]
    return !(differs('name') || differs('callsign') || differs('imo') || differs('length'))
  }

  const staticsOf = (place: Place) => (place.slot < 0 ? place.statics : tracks.statics[place.slot]!)
  const limitOf = (place: Place) => limitKn(staticsOf(place))
  const ownOf = (place: Place) => ownReachM(place, row, limitOf(place), slackM)

  /** A place that was not believed so far is one ship's only if it moves as it says. */
  const reachOf = (place: Place) =>
    place.kind === 'new' ? ownOf(place) : reachM(place, row, limitOf(place), slackM)

  function limitKn(statics: number): number {
    const shipType = statics === 0 ? undefined : words.statics.get(statics)?.shipType
    return speedLimitKn(shipType, clean, limits)
  }

  /** Within its own speed, or silent for so long that anything within reach is as good. */
  function isFree(place: Place): boolean {
    return row.t - place.t >= FREE_MS || apartM(place, row) <= ownOf(place)
  }

  /** The track may have gone there. */
  function doubt(group: Group, track: Place): Place {
    const place = blankPlace('doubt', track)
    place.slot = track.slot
    group.places.push(place)
    return place
  }

  /** The track is heard elsewhere than at a place where it may have gone: it had been there in between, or never. */
  function resolve(group: Group, track: Place): void {
    const place = group.places.find(({ kind, slot }) => kind === 'doubt' && slot === track.slot)
    if (!place) return
    if (isDetour(track, place, row, place.held[0]!.msgType)) believe(group, place)
    else remove(group, other => other === place)
  }

  function found(group: Group): Place {
    const others = group.places.filter(({ slot }) => slot < 0)
    if (others.length >= MAX_OTHER_PLACES) {
      const worst = others.reduce((a, b) => (b.fixes < a.fixes || (b.fixes === a.fixes && b.t < a.t) ? b : a))
      remove(group, place => place === worst)
    }
    const place = blankPlace('new', newestTrack(group))
    group.places.push(place)
    return place
  }

  function blankPlace(kind: Place['kind'], fork: Place): Place {
    return {
      ...row,
      kind,
      id: state.nextId++,
      slot: -1,
      txClass: 0,
      statics: 0,
      fixes: 0,
      visits: 0,
      run: 0,
      runT: row.t,
      garbled: true,
      fork: [fork.t, fork.lat, fork.lon],
      held: [],
      before: null,
    }
  }

  function newestTrack(group: Group): Place {
    let newest: Place | undefined
    for (const place of group.places)
      if (place.kind === 'track' && !(newest && place.t <= newest.t)) newest = place
    return newest!
  }

  /** Counts runs of fixes at one place; a doubt is no other place than its track's. */
  function visit(group: Group, place: Place, t: number): void {
    const at =
      place.kind === 'doubt' ? group.places.find(p => p.kind === 'track' && p.slot === place.slot)! : place
    if (group.at !== at.id) {
      if (at.visits === 0 && at.kind === 'track') {
        const other = newestTrack(group)
        if (other !== at) at.fork = [other.t, other.lat, other.lon]
      }
      at.visits++
      at.run = 0
      at.runT = t
      group.at = at.id
    }
    at.run++
  }

  /** Row `i` is the track's next fix. */
  function take(place: Place, batch: ReportBatch, i: number): void {
    const { slot } = place
    if (batch.t[i]! - place.t >= RETURN_MS) {
      place.before = saveFix(slot)
      place.fixes = 0
    } else place.before = null
    place.fixes++
    motionOf(batch, i, place)
    deliver(slot, batch, i)
  }

  function deliver(slot: number, batch: ReportBatch, i: number): void {
    if (batch.statics[i]! !== 0) tracks.statics[slot] = batch.statics[i]!
    handlers.deliver(slot, batch, i)
    if (tracks.alternations[slot] !== 0 && !byMmsi.get(tracks.mmsi[slot]!)!.shared)
      tracks.alternations[slot] = 0
  }

  function hold(place: Place, batch: ReportBatch, i: number): void {
    motionOf(batch, i, place)
    place.fixes++
    if (batch.txClass[i]! !== 0) place.txClass = batch.txClass[i]!
    if (batch.statics[i]! !== 0) place.statics = batch.statics[i]!
    place.held.push({ ...copyOut(batch, i), heardBy: heardByOf(batch, i) })
  }

  /** The rows that waited at a place are a track's. */
  function release(place: Place, track: Place): void {
    const rows = place.held
    place.held = []
    for (const held of rows) {
      putBack(held)
      take(track, one, 0)
    }
  }

  function putBack(held: Held): void {
    writeRow(one, 0, held)
    one.heardBy![0] = held.heardBy
  }

  function believe(group: Group, place: Place): void {
    const track = group.places.find(p => p.kind === 'track' && p.slot === place.slot)!
    group.places.splice(group.places.indexOf(place), 1)
    // within reach, but nowhere near: the first of them may still turn out to be the error
    release(place, track)
  }

  function isConfirmed({ run, runT }: Place, t: number): boolean {
    return (run >= confirmFixes && t - runT >= THERE_MS) || (run >= 2 && t - runT >= confirmMs)
  }

  /** Changes between two places of one MMSI that one ship cannot serve. */
  function changes(a: Place, b: Place): number {
    const pairs = Math.min(a.visits, b.visits)
    return a.visits === b.visits ? 2 * pairs - 1 : 2 * pairs
  }

  /** Both go on: the place is another ship's. A coordinate that is often wrong makes no ship, nor does a late feed. */
  function isParted(place: Place, track: Place): boolean {
    if (place.garbled || place.fixes < confirmFixes || place.t - place.fork[0] < IN_TURN_MS) return false
    return changes(place, track) >= minAlternations && !isDelayed(place, track, slackM)
  }

  /** The place has a track of its own. */
  function part(group: Group, place: Place, track: Place, t: number): void {
    const others = group.places.filter(({ kind }) => kind === 'track').filter(other => other !== track)
    let slot = handlers.open([track.slot, ...others.map(other => other.slot)], t, place.id)
    if (slot < 0) {
      slot = others.reduce((a, b) => (b.t < a.t ? b : a)).slot
      handlers.retire(slot, place.id)
      remove(group, other => other.slot === slot)
    }
    place.kind = 'track'
    place.slot = slot
    tracks.apart[slot] = 1
    tracks.statics[slot] = place.statics
    tracks.txClass[slot] = place.txClass
    place.fixes -= place.held.length
    tracks.count[slot] = place.fixes
    release(place, place)
    share(group, place, track, t)
  }

  function share(group: Group, a: Place, b: Place, t: number): void {
    group.shared = true
    const alternations = changes(a, b)
    for (const { kind, slot } of group.places)
      if (kind === 'track')
        tracks.alternations[slot] = Math.min(65_535, Math.max(alternations, tracks.alternations[slot]!))
    const slots: [number, number] = a.t > b.t ? [a.slot, b.slot] : [b.slot, a.slot]
    handlers.parted({ slots, fork: a.fork, alternations }, t)
  }

  /** Two tracks that are both still there are heard in turn again. */
  function reshare(group: Group, place: Place, t: number): void {
    if (group.shared || place.kind !== 'track') return
    for (const other of group.places) {
      if (other.kind !== 'track' || other === place || other.visits === 0 || t - other.t > PLACE_EXPIRY_MS)
        continue
      if (changes(place, other) < minAlternations) continue
      share(group, place, other, t)
      return
    }
  }

  /** The track goes on at the place; where it was is one that it has left. */
  function move(group: Group, place: Place, track: Place): void {
    const { slot, before } = track
    const stoodAlone = track.fixes === 1
    const left: Place = {
      ...track,
      kind: 'left',
      slot: -1,
      statics: tracks.statics[slot]!,
      txClass: tracks.txClass[slot]!,
      fork: place.fork,
      held: [],
      before: null,
    }
    group.places[group.places.indexOf(place)] = left
    // rows of an earlier run are older than what the track has seen since
    const older = place.held.filter(({ t }) => t < place.runT)
    const rows = place.held.filter(({ t }) => t >= place.runT)
    if (older.length > 0) handlers.dropped(older, place.id)
    putBack(rows[0]!)
    motionOf(one, 0, row)

    let cameFrom = left.id
    if (stoodAlone) {
      restore(slot, before)
      if (before) {
        // that one fix was the error: the ship was where it had been before
        cameFrom = track.id
        left.id = state.nextId++
        lastMotion(slot)
        Object.assign(track, last)
      }
      handlers.mistaken(slot, left.t, left.id)
    }
    const sailed =
      before !== null && stoodAlone && apartM(track, row) <= reachM(track, row, limitOf(track), slackM)
    if (!sailed) {
      track.id = place.id
      const isLeap = isDelayed(track, row, slackM) && isAlong(track, row)
      const isJump = !group.shared && !isLeap && !(stoodAlone && before === null)
      handlers.moved(slot, one, 0, isJump, cameFrom, place.id)
    }
    group.at = track.id
    Object.assign(track, {
      before: null,
      fixes: place.fixes - rows.length,
      fork: place.fork,
      visits: place.visits,
      run: place.run,
      runT: place.runT,
    })
    for (const each of rows) {
      putBack(each)
      motionOf(one, 0, track)
      track.fixes++
      deliver(slot, one, 0)
    }
  }

  function saveFix(slot: number): Before {
    const columns = FIX_COLUMNS.map(name => [name, tracks[name][slot]!])
    return { ...Object.fromEntries(columns), heardBy: lastHeardBy(tracks, slot) } as Before
  }

  /** The table as if the last fix had not been: as it was before, or without a place. */
  function restore(slot: number, before: Before | null): void {
    const nothingSince = tracks.heard[slot] === tracks.t[slot]
    for (const name of FIX_COLUMNS) {
      if (name !== 'heard') tracks[name][slot] = before ? before[name] : NaN // 0 where a column has none
    }
    tracks.heardBy[2 * slot] = before ? before.heardBy : 0
    if (before && nothingSince) tracks.heard[slot] = before.heard
  }

  function remove(group: Group, which: (place: Place) => boolean): void {
    const gone = group.places.filter(which)
    if (gone.length === 0) return
    group.places = group.places.filter(place => !gone.includes(place))
    for (const place of gone) drop(place)
  }

  function drop({ held, id }: Place): void {
    if (held.length > 0) handlers.dropped(held, id)
  }

  function expire(group: Group, t: number): void {
    remove(group, place => {
      const age = t - place.t
      return place.slot < 0 && age > (place.fixes > 1 ? PLACE_EXPIRY_MS : SINGLE_EXPIRY_MS)
    })
    if (!group.shared) return
    const live = group.places.filter(({ kind }) => kind === 'track').sort((a, b) => b.t - a.t)
    if (live.length > 1 && t - live[1]!.t <= PLACE_EXPIRY_MS) return
    group.shared = false
    // the silence of the one that fell silent began while the number was shared
    for (const place of live) if (t - place.t <= PLACE_EXPIRY_MS) tracks.alternations[place.slot] = 0
    for (const place of group.places) place.visits = place.id === group.at ? 1 : 0
    handlers.alone((live[1] ?? live[0]!).slot, t)
  }

  /** One place is left, and it is not in doubt: the MMSI is an ordinary one again. */
  function dissolve(group: Group): void {
    if (group.places.length > 1 || group.places[0]!.before !== null) return
    const { slot } = group.places[0]!
    tracks.apart[slot] = 0
    tracks.alternations[slot] = 0
    byMmsi.delete(tracks.mmsi[slot]!)
  }

  function hear(slot: number, batch: ReportBatch, i: number): number {
    const group = byMmsi.get(tracks.mmsi[slot]!)!
    const statics = batch.statics[i]!
    const live = group.places.filter(({ kind }) => kind === 'track').sort((a, b) => b.t - a.t)
    const at = group.places.find(({ id }) => id === group.at)
    let place = live.find(p => statics !== 0 && staticsOf(p) === statics)
    place ??= live.find(p => statics !== 0 && staticsOf(p) !== 0 && isSameShip(staticsOf(p), statics))
    if (!place && at && at.kind !== 'track' && statics !== 0) {
      // sent by whoever is being heard, and that is no track yet
      at.statics = statics
      return live[0]!.slot
    }
    place ??= statics === 0 ? live[0]! : (live.find(p => staticsOf(p) === 0) ?? live[0]!)
    if (statics !== 0) tracks.statics[place.slot] = statics
    return place.slot
  }

  function fit(slot: number, batch: ReportBatch, i: number): number {
    const group = byMmsi.get(tracks.mmsi[slot]!)!
    motionOf(batch, i, row)
    const best = likeliest(
      { ...group, places: group.places.filter(({ kind }) => kind === 'track') },
      batch,
      i,
    )
    return best ? best.slot : -1
  }

  function copied(slot: number, copy: Copy): number[] {
    const { places } = byMmsi.get(tracks.mmsi[slot]!)!
    for (const { held } of places) for (const row of held) if (isCopyOf(copy, row)) row.heardBy = copy.heardBy
    return places.filter(({ kind }) => kind === 'track').map(place => place.slot)
  }

  function settle(t: number): void {
    const isRipe = ({ kind, t: since }: Place): boolean => kind === 'doubt' && t - since >= RETURN_MS
    const ripe = [...byMmsi].filter(([, { places }]) => places.some(isRipe))
    for (const [, group] of ripe.sort(([a], [b]) => a - b)) {
      for (const place of group.places.filter(isRipe)) believe(group, place)
      dissolve(group)
    }
  }

  function leave(slot: number): number {
    const group = byMmsi.get(tracks.mmsi[slot]!)
    if (!group) return -1
    for (const place of [...group.places])
      if (place.kind === 'doubt' && place.slot === slot) believe(group, place)
    remove(group, place => place.slot === slot)
    const next = group.places.find(({ kind }) => kind === 'track')
    if (next) {
      dissolve(group)
      return next.slot
    }
    remove(group, () => true)
    byMmsi.delete(tracks.mmsi[slot]!)
    return -1
  }

  return {
    state,
    admit,
    hear,
    fit,
    copied,
    next(slot, batch, i) {
      const group = byMmsi.get(tracks.mmsi[slot]!)!
      take(
        group.places.find(place => place.kind === 'track' && place.slot === slot)!,
        batch,
        i,
      )
    },
    settle,
    join,
    leave,
    isLate: (slot, t) => t < byMmsi.get(tracks.mmsi[slot]!)!.t,
    statics(visit) {
      for (const { places } of byMmsi.values())
        for (const { statics, held } of places) {
          visit(statics)
          for (const row of held) visit(row.statics)
        }
    },
    end() {
      for (const group of [...byMmsi.values()]) {
        for (const place of [...group.places]) {
          if (place.kind === 'doubt') believe(group, place)
          else if (place.held.length > 0) {
            drop(place)
            place.held = []
          }
        }
        dissolve(group)
      }
    },
  }
}
