// Who was there and was still heard: the witnesses of a silence. Every vessel heard in a slot leaves its number and its
// place (a sixteenth of a degree) in a ring of slots. Of a silence one asks: of the vessels of its class that were heard
// near it in the hour before, how many were heard again soon after it fell silent, and how loud was its way meanwhile?
// «17 of 18 vessels nearby were still heard» says more than any average, and names the seventeen.
//
// The ring is of fixed size: in crowded waters it reaches less far back. What it no longer holds, nobody knows: null.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { interpolate } from '../geo/distance.js'
import { COLLECTIONS } from '../model/report.js'
import { EARTH_RADIUS_M, M_PER_NM } from '../model/units.js'
import { SLOTS_PER_DAY, SLOTS_PER_HOUR } from './slots.js'

/** Slots that the ring can tell apart, however few sightings they hold: three days. */
const MAX_SLOTS = 3 * SLOTS_PER_DAY
/** Places are kept in cells of a sixteenth of a degree: within 2.7 nm of where the vessel was. */
const PER_DEG = 16
const ROWS = 180 * PER_DEG
const COLUMNS = 360 * PER_DEG
/** A witness is sought this far from where it was, per hour: hardly anything sails faster. */
const FAST_KN = 30
/** The way of a silence is looked at in this many places at most. */
const MAX_STEPS = 24
/** Numbers named. */
const NAMED = 8

const SATELLITE = COLLECTIONS.indexOf('satellite')
/** How near a witness was, nautical miles, and how many slots it has to be heard again (detection.md 4.2): antennas
 * hear all of a bay, satellites half a sea, but only when they pass. */
const radiusNm = (collection: number) => (collection === SATELLITE ? 60 : 15)
const againSlots = (collection: number) => (collection === SATELLITE ? 3 : 1) * SLOTS_PER_HOUR

/** Plain data; a sighting is two numbers side by side, vessel and class, then place and collection. */
export interface NearbyState {
  /** Newest slot of event time; the ring holds what was heard by `slot` − 2. −1 before the first. */
  slot: number
  /** The first slot that was: before it nobody listened. */
  since: number
  ring: Uint32Array
  /** By slot number modulo MAX_SLOTS: which slot it is, and where in the ring its sightings stand. */
  slots: Int32Array
  from: Int32Array
  to: Int32Array
  /** Where the next slot goes. */
  next: number
  open: [OpenSlot, OpenSlot]
}

interface OpenSlot {
  length: number
  sightings: Uint32Array
}

/** A silence, as far as its witnesses are concerned. */
export interface SilenceOf {
  mmsi: number
  /** Index in RADIO_CLASSES, and in COLLECTIONS of its last report. */
  radio: number
  collection: number
  /** Slot and place of its last report. */
  slot: number
  lat: number
  lon: number
  /** Slot and place where it was heard again; while it lasts, the present slot and NaN. */
  toSlot: number
  toLat: number
  toLon: number
}

export interface Witnesses {
  /** Others of its class that were heard near it in the hour before it fell silent. */
  near: number
  /** Those of them that were heard again soon after: in the first hour, three hours where satellites listen. */
  stillHeard: number
  /** MMSIs, smallest first, at most eight of each. */
  heardAgain: number[]
  silentToo: number[]
  /** Vessels heard along its way during the silence, summed over `steps` slots, and as many as the hour before lets expect. */
  heard: number
  expected: number
  steps: number
}

export interface Nearby {
  readonly state: NearbyState
  /** Event time reached a slot. Before anything else is called in that slot; slots never go back. */
  advance(slot: number): void
  /** A vessel is heard for the first time in the present slot, at a place. */
  heard(mmsi: number, radio: number, collection: number, lat: number, lon: number): void
  /** null when the hour before is no longer, or not yet, in the ring. */
  witnesses(silence: SilenceOf): Witnesses | null
}

/** @param capacity sightings kept, 8 bytes each: as many as vessels are heard in the slots to remember. @default 2 M, 16 MiB */
export function createNearby(capacity = 1 << 21, restored?: NearbyState): Nearby {
  const state: NearbyState = restored ?? {
    ...{ slot: -1, since: 0 },
    ring: new Uint32Array(2 * capacity),
    slots: new Int32Array(MAX_SLOTS).fill(-1),
    from: new Int32Array(MAX_SLOTS),
    to: new Int32Array(MAX_SLOTS),
    next: 0,
    open: [emptySlot(), emptySlot()],
  }
  const { ring, slots, from, to } = state

  function close(slot: number): void {
    const open = state.open[slot & 1]!
    const n = Math.min(open.length, capacity)
    // by place, then by vessel: the place is the high word
    new BigUint64Array(open.sightings.buffer, 0, open.length).sort()
    if (state.next + n > capacity) state.next = 0
    const at = state.next
    // whose sightings are written over is forgotten as a whole
    for (let k = 0; k < MAX_SLOTS; k++) {
      if (slots[k]! >= 0 && from[k]! < at + n && to[k]! > at) slots[k] = -1
    }
    ring.set(open.sightings.subarray(0, 2 * n), 2 * at)
    const k = slot % MAX_SLOTS
    slots[k] = slot
    from[k] = at
    to[k] = state.next = at + n
    open.length = 0
  }

  const isKept = (slot: number) => slot >= state.since && slots[slot % MAX_SLOTS] === slot

  /** First sighting of a slot at or beyond a place. */
  function lowerBound(lo: number, hi: number, place: number): number {
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (ring[2 * mid + 1]! < place) lo = mid + 1
      else hi = mid
    }
    return lo
  }

  /** Every sighting of a slot whose cell's middle is within a distance of a place. */
  function within(slot: number, lat: number, lon: number, nm: number, see: (at: number) => void): void {
    if (!isKept(slot)) return
    const begin = from[slot % MAX_SLOTS]!
    const end = to[slot % MAX_SLOTS]!
    const first = Math.max(0, rowAt(lat - nm / 60) - 1)
    const last = Math.min(ROWS - 1, rowAt(lat + nm / 60) + 1)
    const reach = Math.cos((nm * M_PER_NM) / EARTH_RADIUS_M)
    for (let row = first; row <= last; row++) {
      const half = halfWidthDeg(lat, latOf(row), reach)
      if (half < 0) continue
      // columns whose middle lies within, counted from 180 W and beyond it either way
      const west = Math.ceil((lon - half) * PER_DEG + COLUMNS / 2 - 0.5)
      const east = Math.floor((lon + half) * PER_DEG + COLUMNS / 2 - 0.5)
      if (east - west >= COLUMNS - 1) seeRow(row, 0, COLUMNS - 1, begin, end, see)
      else if (west < 0) {
        seeRow(row, west + COLUMNS, COLUMNS - 1, begin, end, see)
        seeRow(row, 0, east, begin, end, see)
      } else if (east >= COLUMNS) {
        seeRow(row, west, COLUMNS - 1, begin, end, see)
        seeRow(row, 0, east - COLUMNS, begin, end, see)
      } else seeRow(row, west, east, begin, end, see)
    }
  }

  function seeRow(
    row: number,
    west: number,
    east: number,
    begin: number,
    end: number,
    see: (at: number) => void,
  ) {
    const stop = placeOf(row, east) + 3
    for (let k = lowerBound(begin, end, placeOf(row, west)); k < end && ring[2 * k + 1]! <= stop; k++) see(k)
  }

  function witnesses(silence: SilenceOf): Witnesses | null {
    const { mmsi, radio, collection, slot, lat, lon, toSlot, toLat } = silence
    if (!(lat === lat && lon === lon)) return null
    const closed = state.slot - 2
    const hour: number[] = []
    for (let k = slot - SLOTS_PER_HOUR + 1; k <= slot; k++) if (isKept(k)) hour.push(k)
    if (hour.length < SLOTS_PER_HOUR) return null
    const nm = radiusNm(collection)
    const isOther = (at: number) =>
      (ring[2 * at]! & 3) === radio && (ring[2 * at + 1]! & 3) === collection && ring[2 * at]! >>> 2 !== mmsi

    const near = new Set<number>()
    for (const k of hour) within(k, lat, lon, nm, at => isOther(at) && near.add(ring[2 * at]!))
    const again = new Set<number>()
    const until = Math.min(slot + againSlots(collection), toSlot - 1, closed)
    for (let k = slot + 1; k <= until && near.size > 0; k++) {
      const reach = nm + (FAST_KN * (k - slot + SLOTS_PER_HOUR)) / SLOTS_PER_HOUR
      within(k, lat, lon, reach, at => near.has(ring[2 * at]!) && again.add(ring[2 * at]!))
    }

    const count = (k: number, y: number, x: number) => {
      let n = 0
      within(k, y, x, nm, at => void (n += isOther(at) ? 1 : 0))
      return n
    }
    let heard = 0
    let expected = 0
    let usual = 0
    let steps = 0
    const end = Math.min(toSlot - 1, closed)
    const stride = Math.max(1, Math.ceil((end - slot) / MAX_STEPS))
    for (let k = slot + 1; k <= end; k += stride) {
      if (!isKept(k)) continue
      const at = placeAt(silence, k)
      steps++
      heard += count(k, at.lat, at.lon)
      // while it lasts the place is one and the same
      if (steps === 1 || toLat === toLat) {
        usual = hour.reduce((sum, before) => sum + count(before, at.lat, at.lon), 0) / SLOTS_PER_HOUR
      }
      expected += usual
    }
    const mmsis = (ids: Iterable<number>) => [...ids].map(id => id >>> 2).sort((a, b) => a - b)
    return {
      ...{ near: near.size, stillHeard: again.size },
      heardAgain: mmsis(again).slice(0, NAMED),
      silentToo: mmsis([...near].filter(id => !again.has(id))).slice(0, NAMED),
      ...{ heard, expected, steps },
    }
  }

  return {
    state,
    witnesses,
    advance(slot) {
      const before = state.slot
      state.slot = Math.max(before, slot)
      if (before < 0) state.since = slot
      if (before < 0) return
      // what lies between two distant slots is known to be empty, as far back as the ring reaches
      const first = Math.max(before - 1, slot - 2 - MAX_SLOTS)
      for (const open of [before - 1, before]) if (open >= 0 && open <= slot - 2 && open < first) close(open)
      for (let open = Math.max(0, first); open <= slot - 2; open++) close(open)
    },
    heard(mmsi, radio, collection, lat, lon) {
      if (!(lat >= -90 && lat <= 90) || !Number.isFinite(lon)) return
      const open = state.open[state.slot & 1]!
      if (2 * open.length === open.sightings.length) {
        const sightings = new Uint32Array(4 * open.length)
        sightings.set(open.sightings)
        open.sightings = sightings
      }
      open.sightings[2 * open.length] = mmsi * 4 + radio
      open.sightings[2 * open.length + 1] =
        placeOf(Math.min(ROWS - 1, rowAt(lat)), columnAt(lon)) + collection
      open.length++
    },
  }
}

const emptySlot = (): OpenSlot => ({ length: 0, sightings: new Uint32Array(512) })

const rowAt = (lat: number) => Math.floor(lat * PER_DEG) + ROWS / 2
const columnAt = (lon: number) => Math.floor(wrapLon(lon) * PER_DEG) + COLUMNS / 2
const latOf = (row: number) => (row + 0.5 - ROWS / 2) / PER_DEG
const placeOf = (row: number, column: number) => (row * COLUMNS + column) * 4

/** Degrees of longitude either way that a circle covers at another latitude; −1 when it does not come so far. */
function halfWidthDeg(lat: number, otherLat: number, cosRadius: number): number {
  const [a, b] = [(lat * Math.PI) / 180, (otherLat * Math.PI) / 180]
  const cos = (cosRadius - Math.sin(a) * Math.sin(b)) / (Math.cos(a) * Math.cos(b))
  return cos > 1 ? -1 : cos <= -1 ? 180 : (Math.acos(cos) * 180) / Math.PI
}

/** Where the silent vessel would be in a slot: on its way to where it came back, or where it was. */
function placeAt(
  { slot, lat, lon, toSlot, toLat, toLon }: SilenceOf,
  k: number,
): { lat: number; lon: number } {
  if (!(toLat === toLat && toLon === toLon)) return { lat, lon }
  return interpolate(lat, lon, toLat, lon + lonDelta(lon, toLon), (k - slot) / (toSlot - slot))
}
