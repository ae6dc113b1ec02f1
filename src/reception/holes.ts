// How silent a place is by itself: for every cell of the sea, radio class and feed, a life table of the holes between
// the slots in which a vessel last heard there is heard. The edge of an antenna's range, a sea that is poorly heard, a
// satellite that passes every ninety minutes are all learned from how vessels fell silent there. What a cell has not
// seen itself it takes from the cells around it (1°, 10°, the world), each of them counted once; old holes are forgotten
// by half in a fortnight. docs/reception.md explains it with an example.
//
// A silence that became a gap is known to have lasted that long, and is not known to be the receiver's: it is at risk up
// to there and ends nothing (censored). When it does end, its length counts among those that had come as far.

import { cellAt, cellKey, keyOn, LEVELS, placeOf, type CellPlace } from './cells.js'
import { binOf, BINS, shareAtMost, survivalOf, UNKNOWN_HAZARD } from './lifetable.js'
import { SLOTS_PER_DAY } from './slots.js'

/** Half of what a cell knows is forgotten in this time (detection.md 4.1). */
const HALF_LIFE_SLOTS = 14 * SLOTS_PER_DAY
/** What the wider surroundings say counts like this many holes of the cell's own. */
const SURROUNDINGS = 4
/** A full table gives up this share of its cells at once: those that know least. */
const EVICTED_SHARE = 1 / 16
const ROOT = LEVELS - 1
/** Halvings after which the figures are brought back to size: about a year. Single precision bears a hundred. */
const MAX_HALVINGS = 26

export interface HolesOptions {
  /** Cells kept, of all levels, classes and feeds; about 150 bytes each. @default 65,536 */
  capacity?: number
  /** How many holes of a cell's own its surroundings count for; 0: a cell knows only itself. @default 4 */
  surroundings?: number
}

/** Plain data. Cells are rows 0…used − 1. */
export interface HolesState {
  /** Newest slot of event time; the tables hold what ended by `slot` − 2. −1 before the first. */
  slot: number
  used: number
  evicted: number
  keys: Uint32Array
  /** Slot in which a hole counts 1 in the figures below; one of later counts more, and that is how they age. */
  unit: number
  /** Holes after which the vessel was no longer in the cell: visits that ended. */
  left: Float32Array
  /** By row and range of lengths: holes that ended in it, holes that went on past it. */
  ended: Float32Array
  passed: Float32Array
  /** What the two open slots add, packed; the place in the pair is the slot's parity. */
  open: [OpenSlot, OpenSlot]
}

interface OpenSlot {
  length: number
  records: Float64Array
}

export interface Survival {
  /** Chance that a vessel that goes on sending is not heard for at least that long after it was last heard there. */
  survival: number
  /** What it may be at most (95 %), given how many independent holes it rests on. */
  atMost: number
  /** How many that is: own visits, and at most `surroundings` of each wider circle. */
  rests: number
}

/** What one cell knows, aged to now. */
export interface CellHoles extends CellPlace {
  /** Holes, and visits of vessels that they come from. */
  holes: number
  visits: number
  /** By range of lengths (BIN_START). */
  ended: number[]
  passed: number[]
}

export interface Holes {
  readonly state: HolesState
  /** Event time reached a slot. Before anything else is called in that slot; slots never go back. */
  advance(slot: number): void
  /**
   * A vessel is heard again, in a slot after the one it was last heard in.
   * @param lat, lon where it was last heard
   * @param toLat, toLon where it is now; NaN when that is not known
   * @param radio index in RADIO_CLASSES
   * @param feed 0…63: of the report that was last heard
   * @param slots whole slots without it in between
   * @param lapsedAt what lapsed() was told of this silence; 0 when it was not called
   */
  heard(
    lat: number,
    lon: number,
    toLat: number,
    toLon: number,
    radio: number,
    feed: number,
    slots: number,
    lapsedAt: number,
  ): void
  /**
   * A silence has come to `slots`, and what comes after is not to be learnt from, or not yet: it is a gap from here on,
   * or the feed failed, and where the vessel is when it is back nobody knows. Once a silence.
   */
  lapsed(lat: number, lon: number, radio: number, feed: number, slots: number): void
  /**
   * How likely silence is there.
   * @param slots length of the silence, less those in which nothing could be heard
   * @param ownLapse what lapsed() was told of the very silence that is judged; 0: nothing. It is no witness for itself
   */
  survival(lat: number, lon: number, radio: number, feed: number, slots: number, ownLapse?: number): Survival
  /** Everything that is known, in order of key. */
  cells(): CellHoles[]
  /** Adds what was learned elsewhere to the cell of that level and place, and to those around it. It ages like the rest. */
  seed(cell: CellHoles): void
}

export function createHoles(
  { capacity = 65_536, surroundings = SURROUNDINGS }: HolesOptions = {},
  restored?: HolesState,
): Holes {
  const state: HolesState = restored ?? {
    ...{ slot: -1, used: 0, evicted: 0, unit: 0 },
    keys: new Uint32Array(capacity),
    left: new Float32Array(capacity),
    ended: new Float32Array(capacity * BINS),
    passed: new Float32Array(capacity * BINS),
    open: [emptySlot(), emptySlot()],
  }
  const { keys, left, ended, passed } = state

  // open addressing: row + 1, 0 is free. A power of two, at least twice the rows
  const size = 2 ** Math.ceil(Math.log2(2 * capacity))
  const index = new Int32Array(size)
  const home = (key: number) => (Math.imul(key, 0x9e3779b1) >>> 5) & (size - 1)
  rebuild()

  function find(key: number): number {
    for (let k = home(key); ; k = (k + 1) & (size - 1)) {
      const row = index[k]! - 1
      if (row < 0 || keys[row] === key) return row
    }
  }

  function insert(row: number): void {
    let k = home(keys[row]!)
    while (index[k]! !== 0) k = (k + 1) & (size - 1)
    index[k] = row + 1
  }

  function rebuild(): void {
    index.fill(0)
    for (let row = 0; row < state.used; row++) insert(row)
  }

  function rowOf(key: number): number {
    const known = find(key)
    if (known >= 0) return known
    if (state.used === capacity) evict()
    const row = state.used++
    keys[row] = key
    left[row] = 0
    ended.fill(0, row * BINS, (row + 1) * BINS)
    passed.fill(0, row * BINS, (row + 1) * BINS)
    insert(row)
    return row
  }

  /** What a hole of a slot counts in the figures; what is read is divided by that of the present. */
  const worth = (slot: number) => 2 ** ((slot - state.unit) / HALF_LIFE_SLOTS)
  const now = () => worth(state.slot < 0 ? state.unit : state.slot - 2)

  /** Brings the figures back to size; by a power of two, which changes no digit. */
  function shrink(slot: number): void {
    const halvings = Math.floor((slot - state.unit) / HALF_LIFE_SLOTS)
    if (halvings < MAX_HALVINGS) return
    state.unit += halvings * HALF_LIFE_SLOTS
    for (const figures of [left, ended, passed])
      for (let k = 0; k < figures.length; k++) figures[k] = figures[k]! * 2 ** -halvings
  }

  const holesOf = (row: number) => ended[row * BINS]! + passed[row * BINS]!
  const visitsOf = (row: number) => left[row]! + holesOf(row) / SLOTS_PER_DAY

  /** Gives up the cells that know least, whoever was met first; ties go by key. */
  function evict(): void {
    const known = Array.from({ length: capacity }, (_, row) => visitsOf(row))
    const order = Array.from({ length: capacity }, (_, row) => row)
    order.sort((a, b) => known[a]! - known[b]! || keys[a]! - keys[b]!)
    const gone = new Uint8Array(capacity)
    for (const row of order.slice(0, Math.ceil(capacity * EVICTED_SHARE))) gone[row] = 1
    let to = 0
    for (let row = 0; row < capacity; row++) {
      if (gone[row]) continue
      keys[to] = keys[row]!
      left[to] = left[row]!
      ended.copyWithin(to * BINS, row * BINS, (row + 1) * BINS)
      passed.copyWithin(to * BINS, row * BINS, (row + 1) * BINS)
      to++
    }
    state.evicted += capacity - to
    state.used = to
    rebuild()
  }

  function note(lat: number, lon: number, radio: number, feed: number, what: number): void {
    const cell = cellAt(lat, lon)
    if (cell < 0) return
    const open = state.open[state.slot & 1]!
    if (open.length === open.records.length) {
      const records = new Float64Array(2 * open.length)
      records.set(open.records)
      open.records = records
    }
    open.records[open.length++] = cellKey(0, cell, radio, feed) * KEY_UNIT + what
  }

  // what one slot adds to one cell, in whole holes: a single one would be lost in the millions of the whole world
  const addEnded = new Float64Array(BINS)
  const addPassed = new Float64Array(BINS)
  let addLeft = 0
  let fineKeys = new Int32Array(256)

  /** Adds what a slot saw, in order of key, to each cell and to what surrounds it. */
  function close(slot: number): void {
    const open = state.open[slot & 1]!
    if (open.length === 0) return
    shrink(slot)
    const unit = worth(slot)
    const n = open.length
    const records = open.records.subarray(0, n).sort()
    if (fineKeys.length < n) fineKeys = new Int32Array(2 * n)
    for (let k = 0; k < n; k++) fineKeys[k] = Math.floor(records[k]! / KEY_UNIT)
    for (let level = 0; level < LEVELS; level++) {
      // cells follow one another, and so do those around them
      let fine = fineKeys[0]!
      let key = keyOn(level, fine)
      for (let k = 0; k < n; k++) {
        if (fineKeys[k] !== fine) {
          fine = fineKeys[k]!
          const wider = keyOn(level, fine)
          if (wider !== key) add(rowOf(key), unit)
          key = wider
        }
        count(records[k]! - fine * KEY_UNIT)
      }
      add(rowOf(key), unit)
    }
    open.length = 0
  }

  function count(what: number): void {
    const end = (what >> END_SHIFT) & 15
    for (let bin = (what >> FROM_SHIFT) & 15; bin < end; bin++) addPassed[bin] = addPassed[bin]! + 1
    if (what & ENDS) addEnded[end] = addEnded[end]! + 1
    if (what & LEAVES) addLeft++
  }

  function add(row: number, unit: number): void {
    for (let bin = 0; bin < BINS; bin++) {
      const k = row * BINS + bin
      ended[k] = ended[k]! + unit * addEnded[bin]!
      passed[k] = passed[k]! + unit * addPassed[bin]!
    }
    left[row] = left[row]! + unit * addLeft
    addEnded.fill(0)
    addPassed.fill(0)
    addLeft = 0
  }

  // one wider circle after the other, less what the narrower one knows: every hole counts once
  const ownEnded = new Float64Array(BINS)
  const ownPassed = new Float64Array(BINS)
  const hazards = new Float64Array(BINS)

  function survival(
    lat: number,
    lon: number,
    radio: number,
    feed: number,
    slots: number,
    ownLapse = 0,
  ): Survival {
    const cell = cellAt(lat, lon)
    const rows = Array.from({ length: LEVELS }, (_, level) =>
      cell < 0 && level < ROOT ? -1 : find(keyOn(level, cellKey(0, Math.max(0, cell), radio, feed))),
    )
    hazards.set(UNKNOWN_HAZARD)
    let rests = 0
    for (let level = ROOT; level >= 0; level--) {
      const inner = level > 0 ? rows[level - 1]! : -1
      const visits = collect(rows[level]!, inner, level === 0 && ownLapse > 0 ? binOf(ownLapse) : 0)
      for (let bin = 0; bin < BINS; bin++) {
        const seen = ownEnded[bin]! + ownPassed[bin]!
        // a vessel that lies in one place all day is one witness, however often it is heard
        const weight = seen > visits ? visits / seen : 1
        const all = seen * weight + surroundings
        if (all > 0) hazards[bin] = (ownEnded[bin]! * weight + surroundings * hazards[bin]!) / all
      }
      rests = visits + (rests > 0 ? (surroundings * rests) / (surroundings + rests) : 0)
    }
    const survival = survivalOf(hazards, slots)
    return { survival, atMost: shareAtMost(survival, rests), rests }
  }

  /** What a cell knows without the cell in it, and without one hole that passed the first `own` ranges; returns visits. */
  function collect(row: number, inner: number, own: number): number {
    const unit = now()
    const less = (figures: Float32Array, bin: number) =>
      ((row < 0 ? 0 : figures[row * BINS + bin]!) - (inner < 0 ? 0 : figures[inner * BINS + bin]!)) / unit
    for (let bin = 0; bin < BINS; bin++) {
      ownEnded[bin] = Math.max(0, less(ended, bin))
      ownPassed[bin] = Math.max(0, less(passed, bin) - (bin < own ? 1 : 0))
    }
    const visits = ((row < 0 ? 0 : visitsOf(row)) - (inner < 0 ? 0 : visitsOf(inner))) / unit
    return Math.max(0, own > 0 ? visits - 1 - 1 / SLOTS_PER_DAY : visits)
  }

  return {
    state,
    survival,
    advance(slot) {
      if (state.slot < 0) state.unit = slot - 2
      // the slots before the present and the present one are all that can be open
      else for (let open = state.slot - 1; open <= Math.min(state.slot, slot - 2); open++) close(open)
      state.slot = Math.max(state.slot, slot)
    },
    heard(lat, lon, toLat, toLon, radio, feed, slots, lapsedAt) {
      if (!(slots >= 0)) return
      const to = cellAt(toLat, toLon)
      const leaves = to >= 0 && to !== cellAt(lat, lon) && lapsedAt === 0
      const from = lapsedAt > 0 ? Math.min(binOf(lapsedAt), binOf(slots)) : 0
      note(lat, lon, radio, feed, what(from, binOf(slots), true, leaves))
    },
    lapsed(lat, lon, radio, feed, slots) {
      if (slots > 0) note(lat, lon, radio, feed, what(0, binOf(slots), false, true))
    },
    cells() {
      const unit = now()
      const figures = (from: Float32Array, row: number) =>
        Array.from(from.subarray(row * BINS, (row + 1) * BINS), n => n / unit)
      return Array.from({ length: state.used }, (_, row) => row)
        .sort((a, b) => keys[a]! - keys[b]!)
        .map(row => ({
          ...placeOf(keys[row]!),
          ...{ holes: holesOf(row) / unit, visits: visitsOf(row) / unit },
          ...{ ended: figures(ended, row), passed: figures(passed, row) },
        }))
    },
    seed(cell) {
      const key = cellKey(0, cellAt(cell.lat, cell.lon), cell.radio, cell.feed)
      const unit = now()
      for (let level = cell.level; level < LEVELS; level++) {
        const row = rowOf(keyOn(level, key))
        left[row] = left[row]! + unit * Math.max(0, cell.visits - cell.holes / SLOTS_PER_DAY)
        for (let bin = 0; bin < BINS; bin++) {
          ended[row * BINS + bin] = ended[row * BINS + bin]! + unit * cell.ended[bin]!
          passed[row * BINS + bin] = passed[row * BINS + bin]! + unit * cell.passed[bin]!
        }
      }
    },
  }
}

const emptySlot = (): OpenSlot => ({ length: 0, records: new Float64Array(256) })

// a record: the key, then ten bits
const KEY_UNIT = 1024
const ENDS = 1
const LEAVES = 2
const END_SHIFT = 2
const FROM_SHIFT = 6

/** A hole that went on past the ranges `from`…`to` − 1, and ended in range `to` or left the books there. */
const what = (from: number, to: number, ends: boolean, leaves: boolean): number =>
  (from << FROM_SHIFT) | (to << END_SHIFT) | (ends ? ENDS : 0) | (leaves ? LEAVES : 0)
