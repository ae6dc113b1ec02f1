// How far each receiver hears: learned from the vessels it hears, by bearing. Nobody tells where an antenna stands, so the
// middle of what it hears stands for it: the median place of the first vessels. Of each ten degrees of bearing the farthest
// vessels are kept, one vote a vessel, and the fourth of them is the range: a liar or two move nothing, a night of far
// hearing widens it for good. Each slot says who was heard at home and who from far beyond, so that whoever asks can tell a
// single strange ship from a strange night, a satellite in the feed, or an antenna that sails. detection.md 5.10.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { EARTH_RADIUS_M, M_PER_NM } from '../model/units.js'

/** Sectors of ten degrees. */
const SECTORS = 36
/** Farthest vessels kept of a sector; the last of them is its range. With hundreds of vessels heard that is its 99th percentile. */
const KEPT = 4
/** Vessels whose median place is the middle. */
const LEARNERS = 10
/** No range counts as less than this: what an ordinary antenna on shore hears. */
const LEAST_M = 40 * M_PER_NM
/** Heard from beyond this many ranges is strange. A duct, weather of an hour, bears so far as a rule. */
const STRANGE = 1.5
/** A receiver is judged after so many slots: an hour. */
const SETTLED_SLOTS = 6
/** Slots in a row in which most of what it heard was strange: then it is somewhere else than it was. */
const MOVED_SLOTS = 3
const MIN_HEARD = 3
/** Sectors to either side that are the same direction: 35 degrees. */
const SAME_WAY = 3
const LATE_SLOTS = 3
/** Closed slots whose counts are kept. */
const RING = 12
const RAD = Math.PI / 180

/** Plain data: columns by receiver. */
export interface FootprintsState {
  /** Latitude and longitude of the middle; NaN until it is known. */
  middle: Float64Array
  /** Slot in which it became known. */
  since: Int32Array
  /** Vessels heard before that, and where. */
  learners: Uint32Array
  learnerPlaces: Float32Array
  learned: Uint8Array
  /** By sector the farthest vessels, descending: distance in metres, and who. */
  farM: Float32Array
  farMmsi: Uint32Array
  /** Vessels of a slot heard at home; the open slots by parity, the closed ones by number. */
  openHome: Uint16Array
  home: Uint16Array
  /** … and those from beyond by sector, a bit for each, of 32: whoever is heard often counts once, in any order. */
  openStrangers: Uint32Array
  strangers: Uint32Array
  /** Which slot each place of the ring holds, and the newest of them. */
  slots: Int32Array
  newest: number
  /** Slots in a row in which most was strange. */
  strange: Uint8Array
}

/** What a receiver heard in a slot: vessels within its range, strangers from far beyond, and those of them in one direction. */
export interface Hearing {
  home: number
  beyond: number
  /** A bit for each, to be counted by countBits(), and to be united over slots. */
  thatWay: number
}

/** Bits set in 32. */
export function countBits(of: number): number {
  let n = 0
  for (let rest = of; rest !== 0; rest &= rest - 1) n++
  return n
}

export interface Footprints {
  readonly state: FootprintsState
  /** A vessel's first report in a slot. */
  add(receiver: number, slot: number, mmsi: number, lat: number, lon: number): void
  /** Any report that it heard too: how far it hears is learned of it, and whether it hears strangers. */
  hear(receiver: number, slot: number, mmsi: number, lat: number, lon: number): void
  /** Takes in what slot `slot` held, of the first `used` receivers. */
  close(slot: number, used: number): void
  /** Is it known well enough to be held against anybody? */
  isKnown(receiver: number): boolean
  /** Certainly within three times the least range: cheap, true for nearly every report. */
  isNear(receiver: number, lat: number, lon: number): boolean
  /** Distance of a place from the middle over the range in its direction. */
  share(receiver: number, lat: number, lon: number): number
  /** That range, metres. */
  rangeM(receiver: number, lat: number, lon: number): number
  middle(receiver: number): { lat: number; lon: number }
  /**
   * null where the slot is not known, or not any more.
   * @param lat, lon a place in the direction asked about
   */
  hearing(receiver: number, slot: number, lat: number, lon: number): Hearing | null
  /** Vessels that it heard at home in the last half hour that is known, counted in each slot; all, before its range is known. */
  homeOfLate(receiver: number): number
}

export function createFootprints(capacity: number, restored?: FootprintsState): Footprints {
  const state: FootprintsState = restored ?? {
    middle: new Float64Array(capacity * 2).fill(NaN),
    since: new Int32Array(capacity),
    learners: new Uint32Array(capacity * LEARNERS),
    learnerPlaces: new Float32Array(capacity * LEARNERS * 2),
    learned: new Uint8Array(capacity),
    farM: new Float32Array(capacity * SECTORS * KEPT),
    farMmsi: new Uint32Array(capacity * SECTORS * KEPT),
    openHome: new Uint16Array(2 * capacity),
    home: new Uint16Array(RING * capacity),
    openStrangers: new Uint32Array(2 * capacity * SECTORS),
    strangers: new Uint32Array(RING * capacity * SECTORS),
    ...{ slots: new Int32Array(RING).fill(-1), newest: -1 },
    strange: new Uint8Array(capacity),
  }
  const { middle, since, learners, learnerPlaces, learned, farM, farMmsi, strange } = state
  const { openHome, openStrangers, home, strangers, slots } = state
  /** Of the place measured last. A plane does: what is far is far, and all is measured alike. */
  let distanceM = 0
  let sector = 0

  function measure(receiver: number, lat: number, lon: number): void {
    const lat0 = middle[2 * receiver]!
    const north = lat - lat0
    const east = lonDelta(middle[2 * receiver + 1]!, lon) * Math.cos(((lat + lat0) / 2) * RAD)
    distanceM = Math.sqrt(north * north + east * east) * RAD * EARTH_RADIUS_M
    sector = Math.floor(((Math.atan2(east, north) / RAD + 360) % 360) / (360 / SECTORS)) % SECTORS
  }

  const fourth = (receiver: number, of: number) => farM[(receiver * SECTORS + of) * KEPT + KEPT - 1]!

  /** Range in the sector measured last: its own or a neighbour's; where none is known, the longest there is. */
  function range(receiver: number): number {
    let most = 0
    for (const turn of [SECTORS - 1, 0, 1]) most = Math.max(most, fourth(receiver, (sector + turn) % SECTORS))
    if (most === 0) for (let of = 0; of < SECTORS; of++) most = Math.max(most, fourth(receiver, of))
    return Math.max(LEAST_M, most)
  }

  /** Puts a vessel among the farthest of its sector, once. */
  function vote(receiver: number, mmsi: number): void {
    const at = (receiver * SECTORS + sector) * KEPT
    if (!(distanceM > farM[at + KEPT - 1]!)) return
    let k = 0
    while (k < KEPT - 1 && farMmsi[at + k] !== mmsi) k++
    if (farMmsi[at + k] === mmsi && farM[at + k]! >= distanceM) return
    for (; k > 0 && farM[at + k - 1]! < distanceM; k--) {
      farM[at + k] = farM[at + k - 1]!
      farMmsi[at + k] = farMmsi[at + k - 1]!
    }
    farM[at + k] = distanceM
    farMmsi[at + k] = mmsi
  }

  function learn(receiver: number, slot: number, mmsi: number, lat: number, lon: number): void {
    const from = receiver * LEARNERS
    const n = learned[receiver]!
    for (let k = from; k < from + n; k++) if (learners[k] === mmsi) return
    learners[from + n] = mmsi
    learnerPlaces[2 * (from + n)] = lat
    learnerPlaces[2 * (from + n) + 1] = lon
    learned[receiver] = n + 1
    if (n + 1 < LEARNERS) return
    const places = learnerPlaces.subarray(2 * from, 2 * (from + LEARNERS))
    const lon0 = places[1]!
    middle[2 * receiver] = median(places.filter((_, k) => k % 2 === 0))
    const east = places.filter((_, k) => k % 2 === 1).map(lon1 => lonDelta(lon0, lon1))
    middle[2 * receiver + 1] = wrapLon(lon0 + median(east))
    since[receiver] = slot
    for (let k = 0; k < LEARNERS; k++) {
      measure(receiver, places[2 * k]!, places[2 * k + 1]!)
      vote(receiver, learners[from + k]!)
    }
  }

  function forget(receiver: number): void {
    middle.fill(NaN, 2 * receiver, 2 * receiver + 2)
    learned[receiver] = strange[receiver] = 0
    farM.fill(0, receiver * SECTORS * KEPT, (receiver + 1) * SECTORS * KEPT)
    farMmsi.fill(0, receiver * SECTORS * KEPT, (receiver + 1) * SECTORS * KEPT)
  }

  const isLearned = (receiver: number) => learned[receiver] === LEARNERS

  /** Is the place measured last far beyond its range? Then who is there is a stranger of the slot. */
  function isStranger(receiver: number, slot: number, mmsi: number): boolean {
    if (!(distanceM > STRANGE * LEAST_M && distanceM > STRANGE * range(receiver))) return false
    const way = ((slot & 1) * capacity + receiver) * SECTORS + sector
    openStrangers[way] = openStrangers[way]! | (1 << (Math.imul(mmsi, 0x9e3779b1) >>> 27))
    return true
  }

  return {
    state,
    hear(receiver, slot, mmsi, lat, lon) {
      if (!(lat === lat && lon === lon)) return
      if (!isLearned(receiver)) {
        learn(receiver, slot, mmsi, lat, lon)
        return
      }
      measure(receiver, lat, lon)
      isStranger(receiver, slot, mmsi)
      vote(receiver, mmsi)
    },
    add(receiver, slot, mmsi, lat, lon) {
      if (!(lat === lat && lon === lon)) return
      const at = (slot & 1) * capacity + receiver
      if (!isLearned(receiver)) {
        // where nobody knows better all are at home
        openHome[at] = openHome[at]! + 1
        learn(receiver, slot, mmsi, lat, lon)
        return
      }
      measure(receiver, lat, lon)
      if (!isStranger(receiver, slot, mmsi)) openHome[at] = openHome[at]! + 1
      vote(receiver, mmsi)
    },
    close(slot, used) {
      const ring = slot % RING
      const open = (slot & 1) * capacity
      slots[ring] = state.newest = slot
      for (let receiver = 0; receiver < used; receiver++) {
        const to = ring * capacity + receiver
        const near = (home[to] = openHome[open + receiver]!)
        let far = 0
        for (let of = 0; of < SECTORS; of++)
          far += countBits((strangers[to * SECTORS + of] = openStrangers[(open + receiver) * SECTORS + of]!))
        if (near + far < MIN_HEARD) continue
        strange[receiver] = far > near ? strange[receiver]! + 1 : 0
        if (strange[receiver]! >= MOVED_SLOTS) forget(receiver)
      }
      openHome.fill(0, open, open + used)
      openStrangers.fill(0, open * SECTORS, (open + used) * SECTORS)
    },
    isKnown: receiver => isLearned(receiver) && state.newest - since[receiver]! >= SETTLED_SLOTS,
    isNear(receiver, lat, lon) {
      const away = Math.abs(lat - middle[2 * receiver]!) + Math.abs(lon - middle[2 * receiver + 1]!)
      return away < (3 * LEAST_M) / M_PER_NM / 60
    },
    share(receiver, lat, lon) {
      measure(receiver, lat, lon)
      return distanceM / range(receiver)
    },
    rangeM(receiver, lat, lon) {
      measure(receiver, lat, lon)
      return range(receiver)
    },
    middle: receiver => ({ lat: middle[2 * receiver]!, lon: middle[2 * receiver + 1]! }),
    hearing(receiver, slot, lat, lon) {
      const ring = slot % RING
      if (slot < 0 || slots[ring] !== slot) return null
      measure(receiver, lat, lon)
      const at = ring * capacity + receiver
      const found: Hearing = { home: home[at]!, beyond: 0, thatWay: 0 }
      for (let of = 0; of < SECTORS; of++) {
        const there = strangers[at * SECTORS + of]!
        const turn = Math.abs(of - sector)
        found.beyond += countBits(there)
        if (Math.min(turn, SECTORS - turn) <= SAME_WAY) found.thatWay |= there
      }
      return found
    },
    homeOfLate(receiver) {
      let sum = 0
      for (let slot = state.newest; slot > state.newest - LATE_SLOTS; slot--) {
        const ring = slot % RING
        if (slot >= 0 && slots[ring] === slot) sum += home[ring * capacity + receiver]!
      }
      return sum
    },
  }
}

function median(values: Float32Array): number {
  return values.sort()[values.length >> 1]!
}
