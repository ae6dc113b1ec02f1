// Receivers whose clock is wrong, and where they hear. Each vessel's first report of a slot adds to its receiver: the
// second it sent against the time of receipt, and its place. When the clock is off, it is so for every vessel that the
// receiver hears; one vessel whose second is off among many is that vessel's affair and moves no median.

import type { Area } from '../model/event.js'
import { EARTH_RADIUS_M } from '../model/units.js'
import { offsetBin, offsetOf, type ClockOffset } from './clock-offset.js'
import { ones } from './listeners.js'

/**
 * Strictly more than this is a fault, s. Real antennas: median −1 to 1 s, spread up to 2 s; a satellite provider: −20 s,
 * spread 8 s (`darkwake inspect` on ../shared/data/nmea). Seconds tell nothing of whole minutes, so the 30 s of
 * pipe-segment, which sees whole time stamps, could never be passed here.
 */
const OFF_S = 10
/** It is right again at this or less. */
const RIGHT_S = 5
/** Offsets wider apart than this are noise, not an offset. */
const MAX_SPREAD_S = 10
/** Messages that a verdict needs (pipe-segment: 10), and vessels they come from. */
const MIN_MESSAGES = 10
const MIN_VESSELS = 3
/** Beyond this many messages half are forgotten, so that a clock that was set is noticed. */
const FULL = 64

const BINS = 60
/** Closed slots that are kept one by one, for whoever asks how a receiver's clock stood just then. */
const RING = 8
/** A second told and a time of receipt agree up to this, s: the way takes a few, and no clock is perfect. */
const EARLY_S = 3
const LATE_S = 5
/** Two offsets are the same within this, s. */
const SAME_S = 3
const SEEN_BITS = 64
/** Sums of places are integers, so that their order does not show. */
const UNIT = 1e9
const MAX_PLACES = 2 ** 22

/** Plain data: columns by receiver; the open ones stand twice, by the slot's parity. */
export interface ClocksState {
  bins: Uint32Array
  openBins: Uint16Array
  /** A bit for each vessel, of sixty-four: were there three? */
  seen: Uint32Array
  openSeen: Uint32Array
  /** Sums of the places heard, as points of the unit sphere: x, y, z, how many. */
  places: Float64Array
  openPlaces: Float64Array
  /** 1 while the clock is wrong. */
  wrong: Uint8Array
  /** Vessels by offset in each of the last slots, and which slots those are. */
  recent: Uint8Array
  slots: Int32Array
}

/** How the vessels that a receiver heard in one slot agreed with its clock. */
export interface ClockSlot {
  /** Vessels that told a second. */
  vessels: number
  /** Those whose second was that of receipt. */
  right: number
  /** Those that were off by the offset asked for. */
  same: number
}

export interface ReceiverClocks {
  readonly state: ClocksState
  /** A vessel's first report in a slot of this parity; `second` from 60 on says nothing. */
  add(
    receiver: number,
    parity: number,
    mmsi: number,
    t: number,
    second: number,
    lat: number,
    lon: number,
  ): void
  /** Takes in what slot `slot` held, of the first `used` receivers. */
  close(slot: number, used: number): void
  /**
   * How a receiver's clock stood in a slot; null where that is not known.
   * @param offsetS whole seconds, 0…59
   */
  at(receiver: number, slot: number, offsetS: number): ClockSlot | null
  /** What became of the receiver's clock: off, right again, or nothing new. */
  judge(receiver: number): { what: 'off' | 'right'; offset: ClockOffset } | null
  /** Where it hears: the middle, and a circle that holds nearly all. null with too few places. */
  area(receiver: number): Area | null
}

export function createReceiverClocks(capacity: number, restored?: ClocksState): ReceiverClocks {
  const state: ClocksState = restored ?? {
    bins: new Uint32Array(capacity * BINS),
    openBins: new Uint16Array(2 * capacity * BINS),
    seen: new Uint32Array(capacity * 2),
    openSeen: new Uint32Array(2 * capacity * 2),
    places: new Float64Array(capacity * 4),
    openPlaces: new Float64Array(2 * capacity * 4),
    wrong: new Uint8Array(capacity),
    recent: new Uint8Array(RING * capacity * BINS),
    slots: new Int32Array(RING).fill(-1),
  }
  const { bins, openBins, seen, openSeen, places, openPlaces, wrong, recent, slots } = state

  return {
    state,
    add(receiver, parity, mmsi, t, second, lat, lon) {
      const open = parity * capacity + receiver
      if (second < 60) {
        const bin = open * BINS + offsetBin(t, second, BINS)
        openBins[bin] = openBins[bin]! + 1
        const bit = (Math.imul(mmsi, 0x9e3779b1) >>> 8) % SEEN_BITS
        const k = open * 2 + (bit >> 5)
        openSeen[k] = openSeen[k]! | (1 << (bit & 31))
      }
      if (!(lat === lat && lon === lon)) return
      const [y, x] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180]
      const at = open * 4
      openPlaces[at] = openPlaces[at]! + Math.round(UNIT * Math.cos(y) * Math.cos(x))
      openPlaces[at + 1] = openPlaces[at + 1]! + Math.round(UNIT * Math.cos(y) * Math.sin(x))
      openPlaces[at + 2] = openPlaces[at + 2]! + Math.round(UNIT * Math.sin(y))
      openPlaces[at + 3] = openPlaces[at + 3]! + 1
    },
    close(slot, used) {
      const parity = slot & 1
      const ring = slot % RING
      slots[ring] = slot
      const [to, of] = [ring * capacity * BINS, parity * capacity * BINS]
      for (let k = 0; k < used * BINS; k++) recent[to + k] = Math.min(255, openBins[of + k]!)
      move(openBins, bins, parity * capacity * BINS, used * BINS)
      const from = parity * seen.length
      for (let k = 0; k < used * 2; k++) seen[k] = seen[k]! | openSeen[from + k]!
      openSeen.fill(0, from, from + used * 2)
      move(openPlaces, places, parity * capacity * 4, used * 4)
      for (let k = 3; k < used * 4; k += 4) if (places[k]! > MAX_PLACES) halve(k - 3)
    },
    at(receiver, slot, offsetS) {
      const ring = slot % RING
      if (slot < 0 || slots[ring] !== slot) return null
      const found: ClockSlot = { vessels: 0, right: 0, same: 0 }
      const own = (ring * capacity + receiver) * BINS
      for (let bin = 0; bin < BINS; bin++) {
        const vessels = recent[own + bin]!
        found.vessels += vessels
        if (bin <= LATE_S || bin >= BINS - EARLY_S) found.right += vessels
        const apart = Math.abs(bin - offsetS)
        if (Math.min(apart, BINS - apart) <= SAME_S) found.same += vessels
      }
      return found
    },
    judge(receiver) {
      const own = bins.subarray(receiver * BINS, (receiver + 1) * BINS)
      const offset = offsetOf(own)
      if (!offset) return null
      const vessels = ones(seen[receiver * 2]!) + ones(seen[receiver * 2 + 1]!)
      const { reports, medianS, spreadS } = offset
      if (reports > FULL) {
        for (let k = 0; k < BINS; k++) own[k] = own[k]! >> 1
        seen.fill(0, receiver * 2, receiver * 2 + 2)
      }
      if (reports < MIN_MESSAGES || vessels < MIN_VESSELS || spreadS > MAX_SPREAD_S) return null
      const isOff = wrong[receiver] === 1 ? Math.abs(medianS) > RIGHT_S : Math.abs(medianS) > OFF_S
      if (isOff === (wrong[receiver] === 1)) return null
      wrong[receiver] = isOff ? 1 : 0
      return { what: isOff ? 'off' : 'right', offset }
    },
    area(receiver) {
      const [x, y, z, n] = places.subarray(receiver * 4, receiver * 4 + 4) as unknown as number[]
      const length = Math.hypot(x!, y!, z!)
      if (n! < MIN_MESSAGES || length === 0) return null
      // the mean square of the distances from the middle, twice: all but a few lie within
      const spread = Math.sqrt(2 * Math.max(0, 1 - length / (UNIT * n!)))
      return {
        lat: (Math.asin(z! / length) * 180) / Math.PI,
        lon: (Math.atan2(y!, x!) * 180) / Math.PI,
        radiusM: Math.min(Math.PI, 2 * spread) * EARTH_RADIUS_M,
      }
    },
  }

  function move(
    open: Uint16Array | Float64Array,
    to: Uint32Array | Float64Array,
    from: number,
    n: number,
  ): void {
    for (let k = 0; k < n; k++) to[k] = to[k]! + open[from + k]!
    open.fill(0, from, from + n)
  }

  function halve(at: number): void {
    for (let k = at; k < at + 4; k++) places[k] = Math.floor(places[k]! / 2)
  }
}
