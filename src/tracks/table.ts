// The vessel table: one slot per track, its last state in columns. Capacity is fixed when it is made; a new vessel in
// a full table takes the slot of the one least worth keeping: never-confirmed vessels first, then the longest silent,
// both by event time. What the evicted slot held is the caller's to save (engine: tracks/silences).
//
// Invariants: every used slot stands in exactly one of the two queues; `index` maps each MMSI in use to one slot, its
// first; what further slots it has is known to tracks/associate.

import { heardByOf, isStaticOnly, type ReportBatch } from '../model/batch.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import { countSpeed, isSpeedSample, SPEED_BINS } from './speeds.js'

/** A vessel heard this often is real enough to be kept before one that was not. */
const CONFIRMED_REPORTS = 3
/** Below this a vessel is at rest. detection.md section 3. */
const STILL_KN = 0.5
/** A vessel that claims to be moored but does more than this is not. */
const MOORED_MAX_KN = 2
/** detection.md section 3: below 0.5 kn for half an hour. */
const AT_REST_MS = 30 * MS_PER_MIN
/** The message that gives a place in tenths of a minute. */
const COARSE_TYPE = 27
/** Hours kept by the counters, the running one included. */
export const COUNTER_HOURS = 13
const COLLECTION_KINDS = 4
const COUNTERS = COUNTER_HOURS * COLLECTION_KINDS

/** The last state of every track, by slot. Detectors read it while it still holds the report before the current one. */
export interface Tracks {
  mmsi: Uint32Array
  /** 1…8 within one MMSI. */
  track: Uint8Array
  /** Reports heard, static data not counted. */
  count: Uint32Array
  /** Last sign of life, epoch ms. */
  heard: Float64Array
  /** Time and place of the last fix; NaN before the first. */
  t: Float64Array
  lat: Float64Array
  lon: Float64Array
  /** Not 0 when the last message heard carried that fix; 2 when it gave tenths of a minute only (message 27). */
  placed: Uint8Array
  sog: Float32Array
  /** Course over ground of the last report, degrees; NaN unknown. */
  cog: Float32Array
  txClass: Uint8Array
  /** Latest static data: id in words.statics. */
  statics: Uint32Array
  /** Since when the vessel is at rest; NaN when it is not. */
  stillSince: Float64Array
  /** Set of zones at the last fix. */
  zoneSet: Int32Array
  /** Who collected the last report: index in COLLECTIONS. */
  collection: Uint8Array
  /** Who heard the last fix: a set (model/receivers) that grows with every copy; and the last other set before. */
  heardBy: Uint32Array
  /** End of the ten-minute slot in which it was last heard, epoch ms; 0 before (reception/slots). */
  slotEnd: Float64Array
  /** When its silence became a gap, epoch ms; 0: it did not (reception/model). */
  lapsedAt: Float64Array
  /** 1 when the MMSI has more than one place, and tracks/associate an entry for it. */
  apart: Uint8Array
  /** 1 while a detector watches it that most reports tell nothing (detectors/detector). */
  watched: Uint8Array
  /** Changes between the track and another of its MMSI that one vessel cannot serve; 0 unless two go on in turn. */
  alternations: Uint16Array
  /** Reports by hour and collection kind, for the hours before a silence; the running count not yet in it. */
  counters: Uint16Array
  /** Hour (epoch ms / 3,600,000) and collection kind that are being counted, and the count: most reports touch only it. */
  counterHour: Uint32Array
  runningKind: Uint8Array
  running: Uint16Array
  /** How often it went how fast: tracks/speeds. */
  speeds: Uint8Array
}

/** Columns of one number a slot; the others hold several. */
type TrackColumn = Exclude<keyof Tracks, Wide>
type Wide = 'counters' | 'heardBy' | 'speeds'

export function createTracks(slots: number): Tracks {
  return {
    mmsi: new Uint32Array(slots),
    track: new Uint8Array(slots),
    count: new Uint32Array(slots),
    heard: new Float64Array(slots),
    t: new Float64Array(slots),
    lat: new Float64Array(slots),
    lon: new Float64Array(slots),
    placed: new Uint8Array(slots),
    sog: new Float32Array(slots),
    cog: new Float32Array(slots),
    txClass: new Uint8Array(slots),
    statics: new Uint32Array(slots),
    stillSince: new Float64Array(slots),
    zoneSet: new Int32Array(slots),
    collection: new Uint8Array(slots),
    heardBy: new Uint32Array(2 * slots),
    slotEnd: new Float64Array(slots),
    lapsedAt: new Float64Array(slots),
    apart: new Uint8Array(slots),
    watched: new Uint8Array(slots),
    alternations: new Uint16Array(slots),
    counters: new Uint16Array(slots * COUNTERS),
    counterHour: new Uint32Array(slots),
    runningKind: new Uint8Array(slots),
    running: new Uint16Array(slots),
    speeds: new Uint8Array(slots * SPEED_BINS),
  }
}

const WIDE: readonly string[] = ['counters', 'heardBy', 'speeds'] satisfies Wide[]
const SCALARS = Object.keys(createTracks(0)).filter(name => !WIDE.includes(name)) as TrackColumn[]

/** A slot of `to` becomes what a slot of `from` is: what outlives an eviction. */
export function copyTrack(from: Tracks, slot: number, to: Tracks, at: number): void {
  for (const name of SCALARS) to[name][at] = from[name][slot]!
  to.counters.set(from.counters.subarray(slot * COUNTERS, (slot + 1) * COUNTERS), at * COUNTERS)
  to.speeds.set(from.speeds.subarray(slot * SPEED_BINS, (slot + 1) * SPEED_BINS), at * SPEED_BINS)
  to.heardBy.set(from.heardBy.subarray(2 * slot, 2 * slot + 2), 2 * at)
}

export function blankTrack(tracks: Tracks, slot: number, mmsi: number): void {
  for (const name of SCALARS) tracks[name][slot] = 0
  tracks.counters.fill(0, slot * COUNTERS, (slot + 1) * COUNTERS)
  tracks.speeds.fill(0, slot * SPEED_BINS, (slot + 1) * SPEED_BINS)
  tracks.heardBy.fill(0, 2 * slot, 2 * slot + 2)
  tracks.mmsi[slot] = mmsi
  tracks.track[slot] = 1
  tracks.heard[slot] = tracks.t[slot] = tracks.lat[slot] = tracks.lon[slot] = NaN
  tracks.sog[slot] = NaN
  tracks.stillSince[slot] = NaN
}

/** Heard often enough to be real. */
export const isConfirmed = (tracks: Tracks, slot: number): boolean => tracks.count[slot]! >= CONFIRMED_REPORTS

/** Takes row `i` as the slot's newest report: after every detector saw it. */
export function updateTrack(tracks: Tracks, slot: number, batch: ReportBatch, i: number): void {
  const t = batch.t[i]!
  tracks.heard[slot] = t
  if (isStaticOnly(batch.msgType[i]!)) {
    tracks.placed[slot] = 0
    return
  }
  const lat = batch.lat[i]!
  const placed = lat === lat
  const still = isStill(tracks, slot, batch, i)
  tracks.count[slot] = tracks.count[slot]! + 1
  tracks.placed[slot] = placed ? (batch.msgType[i] === COARSE_TYPE ? 2 : 1) : 0
  if (placed) {
    if (isSpeedSample(tracks.t[slot]!, t)) countSpeed(tracks.speeds, slot, batch.sog[i]!)
    tracks.t[slot] = t
    tracks.lat[slot] = lat
    tracks.lon[slot] = batch.lon[i]!
    const heardBy = heardByOf(batch, i)
    const last = tracks.heardBy[2 * slot]!
    if (heardBy !== last) {
      if (last !== 0) tracks.heardBy[2 * slot + 1] = last
      tracks.heardBy[2 * slot] = heardBy
    }
    if (!still) tracks.stillSince[slot] = NaN
    else if (!(tracks.stillSince[slot]! <= t)) tracks.stillSince[slot] = t
  }
  tracks.sog[slot] = batch.sog[i]!
  tracks.cog[slot] = batch.cog[i]!
  const txClass = batch.txClass[i]!
  if (txClass) tracks.txClass[slot] = txClass
  const collection = batch.collection[i]!
  tracks.collection[slot] = collection
  countReport(tracks, slot, t, collection)
}

/** The set of receivers that heard the last fix. */
export const lastHeardBy = (tracks: Tracks, slot: number): number => tracks.heardBy[2 * slot]!

/**
 * Stations that used to hear it of late: ids in words.receivers; 0 is one that is not named.
 * @param members of sets of receivers
 */
export function receiversOf(
  tracks: Tracks,
  slot: number,
  members: (set: number) => readonly number[],
): number[] {
  const [last, before] = tracks.heardBy.subarray(2 * slot, 2 * slot + 2)
  return last === 0 ? [0] : [...new Set([...members(last!), ...members(before!)])]
}

/** At rest for a while when last heard: a ship at its berth or at anchor, not one that slows down. */
export const liesAtRest = (tracks: Tracks, slot: number): boolean =>
  tracks.heard[slot]! - tracks.stillSince[slot]! >= AT_REST_MS

function isStill(tracks: Tracks, slot: number, batch: ReportBatch, i: number): boolean {
  if (liesStill(batch, i)) return true
  const sog = batch.sog[i]!
  if (sog === sog) return false
  // no speed reported: a minute of arc is a nautical mile, and a degree of longitude is never longer
  const hours = (batch.t[i]! - tracks.t[slot]!) / MS_PER_HOUR
  const nm =
    60 * Math.max(Math.abs(batch.lat[i]! - tracks.lat[slot]!), Math.abs(batch.lon[i]! - tracks.lon[slot]!))
  return nm < STILL_KN * hours
}

/** At rest by its own word: slow, or moored or at anchor by status and not fast. */
export function liesStill(batch: ReportBatch, i: number): boolean {
  const sog = batch.sog[i]!
  if (sog < STILL_KN) return true
  const nav = batch.navStatus[i]!
  return (nav === 1 || nav === 5) && !(sog > MOORED_MAX_KN)
}

function countReport(tracks: Tracks, slot: number, t: number, kind: number): void {
  const hour = Math.floor(t / MS_PER_HOUR)
  if (hour !== tracks.counterHour[slot] || kind !== tracks.runningKind[slot])
    settleCount(tracks, slot, hour, kind)
  if (tracks.running[slot]! < 65_535) tracks.running[slot] = tracks.running[slot]! + 1
}

/** Moves the running count to its place, and turns to another hour or kind. */
function settleCount(tracks: Tracks, slot: number, hour: number, kind: number): void {
  const { counters } = tracks
  const base = slot * COUNTERS
  const last = tracks.counterHour[slot]!
  const at = base + (last % COUNTER_HOURS) * COLLECTION_KINDS + tracks.runningKind[slot]!
  counters[at] = Math.min(65_535, counters[at]! + tracks.running[slot]!)
  if (hour - last >= COUNTER_HOURS) counters.fill(0, base, base + COUNTERS)
  else
    for (let h = last + 1; h <= hour; h++) {
      const from = base + (h % COUNTER_HOURS) * COLLECTION_KINDS
      counters.fill(0, from, from + COLLECTION_KINDS)
    }
  tracks.counterHour[slot] = hour
  tracks.runningKind[slot] = kind
  tracks.running[slot] = 0
}

/** Reports by collection kind over the counters' hours (the 12 whole hours before the last report's, and that one). */
export function reportsByKind(tracks: Tracks, slot: number): number[] {
  const sums = [0, 0, 0, 0]
  const base = slot * COUNTERS
  sums[tracks.runningKind[slot]!] = tracks.running[slot]!
  for (let k = 0; k < COUNTERS; k++)
    sums[k % COLLECTION_KINDS] = sums[k % COLLECTION_KINDS]! + tracks.counters[base + k]!
  return sums
}

/** Reports in the hours from `t` (epoch ms) on, that whole hour included: an upper bound, as counters are by the hour. */
export function reportsSince(tracks: Tracks, slot: number, t: number): number {
  const newest = tracks.counterHour[slot]!
  const first = Math.floor(t / MS_PER_HOUR)
  let sum = first <= newest ? tracks.running[slot]! : 0
  for (let hour = Math.max(first, newest - COUNTER_HOURS + 1); hour <= newest; hour++) {
    const at = slot * COUNTERS + (hour % COUNTER_HOURS) * COLLECTION_KINDS
    for (let k = 0; k < COLLECTION_KINDS; k++) sum += tracks.counters[at + k]!
  }
  return sum
}

/** Reports in the counters' hours, below which the silence of a further track of an MMSI means nothing: a gap of half that
 * time is then five of its intervals, and what garbled fixes were taken for is never heard so often. */
const MIN_REPORTS_FURTHER = 10

/** Heard often enough for its silence to mean something. */
export function isHeardOften(tracks: Tracks, slot: number, minReports: number): boolean {
  if (tracks.count[slot]! < minReports) return false
  return (
    tracks.track[slot] === 1 || reportsByKind(tracks, slot).reduce((a, b) => a + b) >= MIN_REPORTS_FURTHER
  )
}

export interface VesselTable {
  readonly capacity: number
  /**
   * Slots ever used: 0…used − 1. No getter, nor has any other object that is asked for each report: a literal with one is a
   * dictionary to V8, and every look at its members a search (docs/performance.md: 5 % of a report).
   */
  used(): number
  readonly tracks: Tracks
  /** First slot of an MMSI, −1 when it has none. */
  find(mmsi: number): number
  /**
   * Gives an MMSI a slot with a blank track: its first, or one more.
   * @param evict called with the slot that has to make room, before it is blanked
   * @param keep a slot that has not to
   */
  add(mmsi: number, t: number, evict: (slot: number) => void, keep?: number): number
  /** Makes another slot of an MMSI its first. */
  promote(slot: number): void
  state(): TableState
  restore(state: TableState): void
}

/** Two queues of slots and the rest of what a snapshot needs; plain data. */
export interface TableState {
  used: number
  /** Ring of never-confirmed, then of confirmed slots. */
  rings: [Int32Array, Int32Array]
  heads: [number, number]
  lengths: [number, number]
  queuedAt: Float64Array
  /** 1 for a slot that is not its MMSI's first. */
  further: Uint8Array
}

/** @param capacity tracks kept, ≥ 1; columns have one slot more, a scratch slot at index `capacity` */
export function createVesselTable(capacity: number): VesselTable {
  const tracks = createTracks(capacity + 1)
  /** Places in the index, a power of two, at least twice the slots in use: it grows with them, to stay in the cache. */
  let size = 256
  let mask = size - 1
  /** Open addressing: MMSI, slot + 1 (0: free) beside each other, so that a look-up touches one cache line. */
  let index = new Uint32Array(size * 2)
  let s: TableState = {
    used: 0,
    rings: [new Int32Array(capacity), new Int32Array(capacity)],
    heads: [0, 0],
    lengths: [0, 0],
    queuedAt: new Float64Array(capacity),
    further: new Uint8Array(capacity),
  }

  const home = (mmsi: number) => (Math.imul(mmsi, 0x9e3779b1) >>> 7) & mask

  function find(mmsi: number): number {
    for (let k = home(mmsi); ; k = (k + 1) & mask) {
      const slot = index[2 * k + 1]!
      if (slot === 0) return -1
      if (index[2 * k] === mmsi) return slot - 1
    }
  }

  function insert(mmsi: number, slot: number): void {
    if (2 * s.used > size) {
      rebuild() // takes in every slot in use, this one too
      return
    }
    let k = home(mmsi)
    while (index[2 * k + 1]! !== 0) k = (k + 1) & mask
    index[2 * k] = mmsi
    index[2 * k + 1] = slot + 1
  }

  /** Linear probing without tombstones: followers move up into the hole. */
  function remove(mmsi: number): void {
    let hole = home(mmsi)
    while (index[2 * hole] !== mmsi) hole = (hole + 1) & mask
    for (let k = (hole + 1) & mask; index[2 * k + 1]! !== 0; k = (k + 1) & mask) {
      const wanted = home(index[2 * k]!)
      if (((k - wanted) & mask) < ((k - hole) & mask)) continue
      index[2 * hole] = index[2 * k]!
      index[2 * hole + 1] = index[2 * k + 1]!
      hole = k
    }
    index[2 * hole] = index[2 * hole + 1] = 0
  }

  /** Makes the index anew, large enough for the slots in use. */
  function rebuild(): void {
    while (2 * s.used > size) size *= 2
    mask = size - 1
    index = new Uint32Array(size * 2)
    for (let slot = 0; slot < s.used; slot++) {
      if (s.further[slot] === 1) continue
      let k = home(tracks.mmsi[slot]!)
      while (index[2 * k + 1]! !== 0) k = (k + 1) & mask
      index[2 * k] = tracks.mmsi[slot]!
      index[2 * k + 1] = slot + 1
    }
  }

  function enqueue(queue: 0 | 1, slot: number, at: number): void {
    s.rings[queue][(s.heads[queue] + s.lengths[queue]) % capacity] = slot
    s.lengths[queue]++
    s.queuedAt[slot] = at
  }

  function dequeue(queue: 0 | 1): number {
    const slot = s.rings[queue][s.heads[queue]]!
    s.heads[queue] = (s.heads[queue] + 1) % capacity
    s.lengths[queue]--
    return slot
  }

  /** Queues are looked after only here: a slot heard since it was queued goes to the back, so no report pays for it.
   * That is the order of last hearing to within the time between two looks. */
  function victim(keep: number): number {
    for (const queue of [0, 1] as const) {
      for (let left = 2 * s.lengths[queue]; left > 0 && s.lengths[queue] > 0; left--) {
        const slot = dequeue(queue)
        if (slot === keep) enqueue(queue, slot, s.queuedAt[slot]!)
        else if (queue === 0 && isConfirmed(tracks, slot)) enqueue(1, slot, s.queuedAt[slot]!)
        else if (tracks.heard[slot]! > s.queuedAt[slot]!) enqueue(queue, slot, tracks.heard[slot]!)
        else return slot
      }
    }
    return dequeue(s.lengths[0] > 0 ? 0 : 1)
  }

  return {
    capacity,
    tracks,
    used: () => s.used,
    find,
    add(mmsi, t, evict, keep = -1) {
      let slot = s.used
      if (slot < capacity) s.used++
      else {
        slot = victim(keep)
        evict(slot)
        if (s.further[slot] === 0) remove(tracks.mmsi[slot]!)
      }
      const further = find(mmsi) >= 0
      blankTrack(tracks, slot, mmsi)
      s.further[slot] = further ? 1 : 0
      if (!further) insert(mmsi, slot)
      enqueue(0, slot, t)
      return slot
    },
    promote(slot) {
      const mmsi = tracks.mmsi[slot]!
      let k = home(mmsi)
      while (index[2 * k] !== mmsi) k = (k + 1) & mask
      s.further[index[2 * k + 1]! - 1] = 1
      s.further[slot] = 0
      index[2 * k + 1] = slot + 1
    },
    state: () => s,
    restore(state) {
      s = state
      rebuild()
    },
  }
}
