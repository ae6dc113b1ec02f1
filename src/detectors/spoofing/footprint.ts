// Footprint: a vessel is heard by a receiver that cannot hear it where it says it is, and not by those that should. Its set
// is near the receiver; its position is a lie. How far a receiver hears is learned from all vessels by bearing
// (reception/footprints); a strange night, a satellite in the feed, an antenna that sails bring others from beyond with it,
// and then nothing is said; unless it lasts, and those on the way to where the vessel says it is are not carried, who would
// be by any duct, or somebody there does not hear it all the while. detection.md 5.10.
//
// The ordinary report is looked at once in ten minutes, and costs a compare in degrees.

import { geodesicM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import { BIT_REPEAT_SHIFT, heardByOf, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent } from '../../model/event.js'
import type { Copy, ReceiverSets } from '../../model/receivers.js'
import { COLLECTIONS } from '../../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import { countBits } from '../../reception/footprints.js'
import type { Reception } from '../../reception/model.js'
import { radioClass, SLOT_MS, slotOf } from '../../reception/slots.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { footprintEvent, type Far } from './footprint-event.js'
import { createFootprintWitnesses } from './footprint-witnesses.js'

const SATELLITE = COLLECTIONS.indexOf('satellite')
/** Vessels that the receiver heard at home in the same slots, up to five in each: it stands where it stood, and works. */
const AT_HOME = 6
const MOST = 5
/** A transmission that was heard too by a station of which nobody knows how far it hears takes so many that were not. */
const UNDOUBTED = 4
/** Slots in which that was so. */
const SLOTS = 2
/** Others that it hears from beyond in that direction: the weather's doing. From anywhere, more than three or a tenth: a satellite's. */
const BEYOND_THERE = 1
const BEYOND = 3
const BEYOND_SHARE = 0.1
/** Satellites are over a ship for a quarter of an hour; who is heard from afar by a station in between has stayed. */
const MAX_HOLE_MS = 30 * MS_PER_MIN
/** A receiver should hear what is within this share of its range. */
const SHOULD_HEAR = 0.6
/** … and even a weak set within this. */
const CERTAIN = 0.35
/** So many others heard around the place that it tells: somebody hears there, and does not hear it. */
const AROUND = 2
/** Longer than a night: ducts over the sea come and go with the sun and the wind, and what lasts is no weather. */
const LASTING_MS = 6 * MS_PER_HOUR
/** … if of those on the way to it so many are not carried for each one, she among them, that is. */
const PASSED = 4
/** Heard as it ought to be this often: it is over. */
const NEAR_AGAIN = 3
/** Slots and receivers that wait to be looked at, and vessels that are watched. */
const MAX_WAITING = 32
const MAX_CANDIDATES = 4096

interface Candidate extends Far {
  /** Transmissions of late that a station heard too of which nobody knows how far it hears. */
  doubted: number
  /** When it was told, epoch ms; NaN before. */
  toldAt: number
  /** Others were heard from afar meanwhile; and a station close by where it says it is did not hear it, which no weather does. */
  isWeather: boolean
  isCertain: boolean
  /** Whoever was heard from that way in its slots, itself too: a bit for each. */
  strangers: number
  /** Most of those that were known on the way to it in an hour. */
  passed: number
  /** Reports heard as they ought to be since the last one that was not. */
  near: number
  /** Receivers that heard it from too far: ids; and slots with them that are not looked at yet. */
  receivers: number[]
  waiting: [slot: number, receiver: number][]
  /** Slots in which they heard their own. */
  proven: number
  /** Receiver that it was farthest from. */
  farthest: number
  event: DetectorEvent | null
}

export interface FootprintState {
  /** 1 where there is a candidate: by slot. */
  watched: Uint8Array
  candidates: Map<number, Candidate>
}

export function footprintDetector(
  options: Config['spoofing']['footprint'],
  { reception, receivers }: { reception: Reception; receivers: ReceiverSets },
): Detector<FootprintState> {
  const minMs = options.minMinutes * MS_PER_MIN
  const { ears } = reception
  const { footprints } = ears
  const witnesses = createFootprintWitnesses(reception, receivers)

  const step: Detector<FootprintState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const receiver = batch.receiver[i]!
    if (receiver === 0) return
    // an ordinary vessel is looked at once a slot: at the first report of it
    const isFirst = !(tracks.heard[slot]! >= reception.state.slotEnd - SLOT_MS)
    if (!isFirst && state.watched[slot] === 0) return
    const [lat, lon] = [batch.lat[i]!, batch.lon[i]!]
    if (lat !== lat) return
    const row = ears.rowOf(receiver)
    if (row < 0) return
    if (state.watched[slot] === 0 && footprints.isNear(row, lat, lon)) return
    if (batch.collection[i] === SATELLITE || ((batch.bits[i]! >> BIT_REPEAT_SHIFT) & 3) !== 0) return
    const heard = receivers.members(heardByOf(batch, i))
    const ranges = farFrom(heard.length > 0 ? heard : [receiver], lat, lon)
    if (ranges >= options.minRanges) far(state, slot, tracks, batch, i, ranges, emit)
    else if (state.watched[slot] === 1) near(state, slot, batch.t[i]!, ranges, emit)
  }

  /** Of those that heard it last, the one that is nearest by its own range. */
  let nearest = 0

  /** In ranges of that one; NaN: one of them is not known, and may well be near. */
  function farFrom(heard: readonly number[], lat: number, lon: number): number {
    let least = NaN
    for (const receiver of heard) {
      const row = ears.rowOf(receiver)
      if (row < 0 || !footprints.isKnown(row)) return NaN
      const ranges = footprints.share(row, lat, lon)
      if (ranges >= least) continue
      least = ranges
      nearest = receiver
    }
    return least
  }

  function far(
    state: FootprintState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    ranges: number,
    emit: Emit,
  ): void {
    const t = batch.t[i]!
    const receiver = nearest
    const place = fix(t, batch.lat[i]!, batch.lon[i]!)
    let candidate = state.candidates.get(slot)
    if (candidate && t - candidate.last.t > (candidate.event ? MS_PER_DAY : MAX_HOLE_MS)) {
      end(state, slot, t, emit)
      candidate = undefined
    }
    if (!candidate) {
      if (state.candidates.size >= MAX_CANDIDATES) return
      candidate = {
        start: place,
        last: place,
        transmissions: 0,
        doubted: 0,
        toldAt: NaN,
        near: 0,
        isWeather: false,
        isCertain: false,
        strangers: 0,
        passed: 0,
        receivers: [],
        waiting: [],
        proven: 0,
        ranges: 0,
        farthest: receiver,
        home: 0,
        event: null,
      }
      state.candidates.set(slot, candidate)
      state.watched[slot] = 1
    }
    candidate.transmissions++
    candidate.doubted = Math.max(0, candidate.doubted - 1 / UNDOUBTED)
    candidate.near = 0
    candidate.last = place
    if (ranges > candidate.ranges) {
      candidate.ranges = ranges
      candidate.farthest = receiver
    }
    const now = slotOf(t)
    const { waiting } = candidate
    if (waiting.length < MAX_WAITING && !waiting.some(([of, by]) => of === now && by === receiver))
      waiting.push([now, receiver])
    if (waiting[0]![0] > now - 2) return
    if (!look(candidate, now)) drop(state, slot, t, emit)
    else if (!candidate.event && isSure(candidate))
      tell(candidate, tracks, slot, batch.collection[i]!, t, emit)
  }

  /** Looks at the slots that are closed by now; false when what was told turns out to be the weather. */
  function look(candidate: Candidate, now: number): boolean {
    const { waiting, last } = candidate
    while (waiting.length > 0 && waiting[0]![0] <= now - 2) {
      const [slot, receiver] = waiting.shift()!
      const row = ears.rowOf(receiver)
      const hearing =
        row < 0 || !footprints.isKnown(row) ? null : footprints.hearing(row, slot, last.lat!, last.lon!)
      if (!hearing) continue
      const { home, beyond, thatWay } = hearing
      candidate.strangers |= thatWay
      if (countBits(thatWay) > BEYOND_THERE || beyond > Math.max(BEYOND, BEYOND_SHARE * home)) {
        // what comes later does not undo what was seen before it
        if (slot * SLOT_MS - candidate.toldAt < MS_PER_HOUR && !candidate.isCertain) return false
        candidate.isWeather = true
      }
      // with nobody at home it may be elsewhere: the slot says nothing
      if (home === 0) continue
      candidate.proven++
      candidate.home += Math.min(MOST, home)
      if (!candidate.receivers.includes(receiver) && candidate.receivers.length < MAX_WAITING)
        candidate.receivers.push(receiver)
    }
    return true
  }

  const isSure = ({ transmissions, doubted, proven, home, start, last }: Candidate) =>
    transmissions >= options.minTransmissions &&
    proven >= SLOTS &&
    home >= AT_HOME &&
    doubted < 1 &&
    last.t - start.t >= minMs

  function tell(
    candidate: Candidate,
    tracks: Tracks,
    slot: number,
    collection: number,
    t: number,
    emit: Emit,
  ): void {
    const { last } = candidate
    const her = { mmsi: tracks.mmsi[slot]!, radio: radioClass(tracks.txClass[slot]!), collection }
    const place = { lat: last.lat!, lon: last.lon! }
    const row = ears.rowOf(candidate.farthest)
    const { lat, lon } = footprints.middle(row)
    const distanceM = geodesicM(lat, lon, place.lat, place.lon)
    const station = { row, distanceM }
    const certain = witnesses.shouldHear(place, CERTAIN)
    const missing = witnesses.shouldHear(place, SHOULD_HEAR)
    const around = witnesses.around(her, place)
    const isSeen = missing.length > 0 || around >= AROUND
    const isPlain = !candidate.isWeather && (isSeen || distanceM >= options.surelyNm * M_PER_NM)
    if (!isPlain && certain.length === 0) {
      candidate.passed = Math.max(candidate.passed, witnesses.onTheWay(her, place, station))
      if (last.t - candidate.start.t < LASTING_MS) return
      if (!isSeen && candidate.passed < PASSED * Math.max(1, countBits(candidate.strangers))) return
    }
    candidate.toldAt = t
    candidate.isCertain = certain.length > 0 || !isPlain
    const rangeM = footprints.rangeM(row, place.lat, place.lon)
    const [name] = receivers.names(candidate.farthest)!
    candidate.event = footprintEvent(
      candidate,
      { name: name!, middle: { lat, lon }, rangeM, distanceM },
      { missing, around, passed: candidate.passed },
      options.minRanges,
      t,
    )
    emit(candidate.event)
  }

  /** Heard by somebody who can; or, when none of those who heard it is known, by nobody knows whom. */
  function near(state: FootprintState, slot: number, t: number, ranges: number, emit: Emit): void {
    const candidate = state.candidates.get(slot)!
    if (ranges !== ranges) {
      candidate.doubted++
      return
    }
    if (!candidate.event || ++candidate.near >= NEAR_AGAIN) end(state, slot, t, emit)
  }

  /** One more receiver heard it: if that one can, there is nothing strange in it. */
  function copied(state: FootprintState, slot: number, _tracks: Tracks, copy: Copy, emit: Emit): void {
    if (state.watched[slot] === 0) return
    const candidate = state.candidates.get(slot)!
    if (!(copy.t >= candidate.start.t) || copy.lat !== copy.lat) return
    const ranges = farFrom(receivers.members(copy.heardBy), copy.lat, copy.lon)
    if (ranges !== ranges) candidate.doubted++
    else if (ranges < options.minRanges) drop(state, slot, copy.asOf, emit)
  }

  /** There is nothing in it, or not any more. */
  function drop(state: FootprintState, slot: number, asOf: number, emit: Emit): void {
    const event = state.candidates.get(slot)?.event
    forget(state, slot)
    if (event) emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf })
  }

  function end(state: FootprintState, slot: number, asOf: number, emit: Emit): void {
    const candidate = state.candidates.get(slot)
    forget(state, slot)
    if (!candidate?.event) return
    const { event, last, transmissions } = candidate
    const details = { ...event.details, transmissions }
    emit({ ...event, phase: 'closed', revision: event.revision + 1, asOf, end: last, details })
  }

  function forget(state: FootprintState, slot: number): void {
    state.candidates.delete(slot)
    state.watched[slot] = 0
  }

  return {
    name: 'footprint',
    needs: ['receivers'],
    init: slots => ({ watched: new Uint8Array(slots), candidates: new Map() }),
    step,
    watches: (state, slot) => state.watched[slot] === 1,
    copied,
    moved(state, slot, tracks, _batch, _i, _isJump, emit) {
      if (state.watched[slot] === 1) end(state, slot, tracks.heard[slot]!, emit)
    },
    mistaken(state, slot, t, asOf, emit) {
      const candidate = state.candidates.get(slot)
      if (!candidate) return
      if (candidate.start.t === t || !candidate.event) drop(state, slot, asOf, emit)
    },
    parted(state, { slots }, _tracks, t, emit) {
      // heard in turn here and there: the number is shared, and who was heard by whom is known from now on
      for (const slot of slots) if (state.watched[slot] === 1) drop(state, slot, t, emit)
    },
    clear(state, slot, tracks, emit) {
      if (state.watched[slot] === 1) end(state, slot, tracks.heard[slot]!, emit)
    },
  }
}
