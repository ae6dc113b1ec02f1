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
/** The way of a silence is looked at in this many slots at most: each one of twelve hours. */
const MAX_STEPS = 72
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
  /** Steps in which anybody was heard along its way, and how many were: of its class, or one that is harder to hear. */
  live: number
  sightings: number
  /**
   * Itself, in slots before it fell silent: heard near there in the last 3, 12 and 48 hours, and how many slots of 3 and
   * 12 hours are known; of those of 12 h in how many it or anybody was heard there, and others heard, summed over them.
   */
  own: {
    in3h: number
    of3h: number
    in12h: number
    of12h: number
    live12h: number
    others12h: number
    in48h: number
  }
}

export interface Nearby {
  readonly state: NearbyState
  /** Event time reached a slot. Before anything else is called in that slot; slots never go back. */
  advance(slot: number): void
  /** A vessel is heard for the first time in the present slot, at a place. */
  heard(mmsi: number, radio: number, collection: number, lat: number, lon: number): void
  /** null when the hour before is no longer, or not yet, in the ring. */
  witnesses(silence: SilenceOf): Witnesses | null
  /** Others of a class that were heard near a place in the last hour that is known. */
  around(mmsi: number, radio: number, collection: number, lat: number, lon: number): number
}

/** @param capacity sightings kept, 8 bytes each: as many as vessels are heard in the slots to remember. @default 2 M, 16 MiB */
export function createNearby(capacity = 1 << 21, restored?: NearbyState): Nearby {
  const state: NearbyState = restored ?? {
    slot: -1,
    since: 0,
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

  /** Every sighting of a slot in ranges of places, which are in order. */
  function look(slot: number, ranges: readonly number[], see: (at: number) => void): void {
    if (!isKept(slot)) return
    const end = to[slot % MAX_SLOTS]!
    let k = from[slot % MAX_SLOTS]!
    for (let r = 0; r < ranges.length && k < end; r += 2) {
      k = lowerBound(k, end, ranges[r]!)
      for (; k < end && ring[2 * k + 1]! <= ranges[r + 1]!; k++) see(k)
    }
  }

  const within = (slot: number, lat: number, lon: number, nm: number, see: (at: number) => void) =>
    look(slot, rangesWithin(lat, lon, nm), see)

  /** The slots of the hour that ends with one; null when some of them are not known. */
  function hourBefore(slot: number): number[] | null {
    const hour = Array.from({ length: SLOTS_PER_HOUR }, (_, k) => slot - SLOTS_PER_HOUR + 1 + k)
    return hour.every(isKept) ? hour : null
  }

  function around(mmsi: number, radio: number, collection: number, lat: number, lon: number): number {
    const here = rangesWithin(lat, lon, radiusNm(collection))
    const near = new Set<number>()
    for (const k of hourBefore(state.slot - 2) ?? [])
      look(k, here, at => {
        const [who, place] = [ring[2 * at]!, ring[2 * at + 1]!]
        if ((who & 3) === radio && (place & 3) === collection && who >>> 2 !== mmsi) near.add(who)
      })
    return near.size
  }

  function witnesses(silence: SilenceOf): Witnesses | null {
    const { mmsi, radio, collection, slot, lat, lon, toSlot, toLat } = silence
    if (!(lat === lat && lon === lon)) return null
    const closed = state.slot - 2
    const hour = hourBefore(slot)
    if (!hour) return null
    const nm = radiusNm(collection)
    const here = rangesWithin(lat, lon, nm)
    const isHere = (at: number) => (ring[2 * at + 1]! & 3) === collection
    const isSelf = (at: number) => ring[2 * at]! >>> 2 === mmsi
    const isOther = (at: number) => (ring[2 * at]! & 3) === radio && isHere(at) && !isSelf(at)
    // where 2 W are heard, 12.5 W would be
    const proves = (at: number) => isHere(at) && !isSelf(at) && (ring[2 * at]! & 3) >= radio && radio > 0

    const near = new Set<number>()
    for (const k of hour) look(k, here, at => isOther(at) && near.add(ring[2 * at]!))
    const again = new Set<number>()
    const until = Math.min(slot + againSlots(collection), toSlot - 1, closed)
    for (let k = slot + 1; k <= until && near.size > 0; k++) {
      const reach = nm + (FAST_KN * (k - slot + SLOTS_PER_HOUR)) / SLOTS_PER_HOUR
      within(k, lat, lon, reach, at => near.has(ring[2 * at]!) && again.add(ring[2 * at]!))
    }

    let signs = 0
    const count = (k: number, ranges: readonly number[]) => {
      let others = 0
      signs = 0
      look(k, ranges, at => {
        if (isOther(at)) others++
        if (isOther(at) || proves(at)) signs++
      })
      return others
    }
    let heard = 0
    let expected = 0
    let steps = 0
    let live = 0
    let sightings = 0
    let usual = 0
    const end = Math.min(toSlot - 1, closed)
    const stride = Math.max(1, Math.ceil((end - slot) / MAX_STEPS))
    for (let k = slot + 1; k <= end; k += stride) {
      if (!isKept(k)) continue
      // while it lasts the place is one and the same
      const ranges = toLat === toLat ? rangesAt(silence, k, nm) : here
      heard += count(k, ranges)
      sightings += signs
      if (signs > 0) live++
      if (steps++ === 0 || toLat === toLat) {
        usual = hour.reduce((sum, before) => sum + count(before, ranges), 0) / SLOTS_PER_HOUR
      }
      expected += usual
    }
    const mmsis = (ids: Iterable<number>) => [...ids].map(id => id >>> 2).sort((a, b) => a - b)
    return {
      near: near.size,
      stillHeard: again.size,
      heardAgain: mmsis(again).slice(0, NAMED),
      silentToo: mmsis([...near].filter(id => !again.has(id))).slice(0, NAMED),
      heard,
      expected,
      steps,
      live,
      sightings,
      own: own(slot, here, isSelf, at => isHere(at) && (isSelf(at) || isOther(at) || proves(at))),
    }
  }

  /** How it was heard itself, around where it fell silent, by slots. */
  function own(
    slot: number,
    here: readonly number[],
    isSelf: (at: number) => boolean,
    isSign: (at: number) => boolean,
  ): Witnesses['own'] {
    const heard = { in3h: 0, of3h: 0, in12h: 0, of12h: 0, live12h: 0, others12h: 0, in48h: 0 }
    for (let back = 0; back < 2 * SLOTS_PER_DAY; back++) {
      const k = slot - back
      if (!isKept(k)) continue
      let isHeard = false
      let others = 0
      look(k, here, at => {
        if (!isSign(at)) return
        if (isSelf(at)) isHeard = true
        else others++
      })
      if (isHeard) heard.in48h++
      if (back >= 12 * SLOTS_PER_HOUR) continue
      heard.of12h++
      if (isHeard) heard.in12h++
      heard.others12h += others
      if (isHeard || others > 0) heard.live12h++
      if (back >= 3 * SLOTS_PER_HOUR) continue
      heard.of3h++
      if (isHeard) heard.in3h++
    }
    return heard
  }

  return {
    state,
    witnesses,
    around,
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

/** Places whose cell's middle is within a distance of a place, as ranges from…to in order. */
function rangesWithin(lat: number, lon: number, nm: number): number[] {
  const ranges: number[] = []
  const first = Math.max(0, rowAt(lat - nm / 60) - 1)
  const last = Math.min(ROWS - 1, rowAt(lat + nm / 60) + 1)
  const reach = Math.cos((nm * M_PER_NM) / EARTH_RADIUS_M)
  for (let row = first; row <= last; row++) {
    const half = halfWidthDeg(lat, latOf(row), reach)
    if (half < 0) continue
    // columns whose middle lies within, counted from 180 W and beyond it either way
    const west = Math.ceil((lon - half) * PER_DEG + COLUMNS / 2 - 0.5)
    const east = Math.floor((lon + half) * PER_DEG + COLUMNS / 2 - 0.5)
    const add = (a: number, b: number) => ranges.push(placeOf(row, a), placeOf(row, b) + 3)
    if (east - west >= COLUMNS - 1) add(0, COLUMNS - 1)
    else if (west < 0) {
      if (east >= 0) add(0, east)
      add(west + COLUMNS, east < 0 ? east + COLUMNS : COLUMNS - 1)
    } else if (east >= COLUMNS) {
      add(Math.max(0, west - COLUMNS), east - COLUMNS)
      if (west < COLUMNS) add(west, COLUMNS - 1)
    } else if (west <= east) add(west, east)
  }
  return ranges
}

const rangesAt = (silence: SilenceOf, slot: number, nm: number): number[] => {
  const { lat, lon } = placeAt(silence, slot)
  return rangesWithin(lat, lon, nm)
}

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
