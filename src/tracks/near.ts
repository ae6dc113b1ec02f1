// Who is near a place: every slot stands in a cell of 0.05° of latitude and as much, in miles, of longitude. Rows around a
// pole have few cells, and the last one of a row lies beside its first. Cells are a means only: distances decide.

/** 3 nm: a neighbour's place may be some minutes old. */
const CELL_DEG = 0.05
const ROWS = 180 / CELL_DEG
const RAD = Math.PI / 180

/** Chains of slots by a hash of their cell; slots and cells count from 1, so that 0 is none. */
export interface NearState {
  heads: Int32Array
  next: Int32Array
  previous: Int32Array
  cell: Int32Array
}

export function createNear(slots: number): NearState {
  return {
    heads: new Int32Array(2 ** Math.ceil(Math.log2(slots))),
    next: new Int32Array(slots),
    previous: new Int32Array(slots),
    cell: new Int32Array(slots),
  }
}

const rowOf = (lat: number): number => Math.max(0, Math.min(ROWS - 1, Math.floor((lat + 90) / CELL_DEG)))

/** Cells of a row: as many as are no narrower than high at its end towards the equator, … */
const columnsOf = (row: number): number => Math.max(1, Math.floor((360 / CELL_DEG) * widest(row)))
const widest = (row: number): number =>
  Math.cos(Math.min(Math.abs(row * CELL_DEG - 90), Math.abs((row + 1) * CELL_DEG - 90)) * RAD)
const narrowest = (row: number): number =>
  Math.cos(Math.max(Math.abs(row * CELL_DEG - 90), Math.abs((row + 1) * CELL_DEG - 90)) * RAD)

/** Before each row lie so many cells; and how much narrower than high they may be in it. */
const FIRST = new Int32Array(ROWS + 1)
const SLENDER = new Float64Array(ROWS)
for (let row = 0; row < ROWS; row++) {
  FIRST[row + 1] = FIRST[row]! + columnsOf(row)
  SLENDER[row] = widest(row) / narrowest(row)
}

const columnIn = (columns: number, lon: number): number => Math.floor(((lon + 180) / 360) * columns)

function cellAt(row: number, column: number): number {
  const columns = FIRST[row + 1]! - FIRST[row]!
  return FIRST[row]! + (((column % columns) + columns) % columns) + 1
}

export const cellOf = (lat: number, lon: number): number => {
  const row = rowOf(lat)
  return cellAt(row, columnIn(FIRST[row + 1]! - FIRST[row]!, lon))
}

const bucket = (heads: Int32Array, cell: number): number =>
  (Math.imul(cell, 0x9e3779b1) >>> 8) & (heads.length - 1)

export const stands = ({ cell }: NearState, slot: number): boolean => cell[slot] !== 0

export function place(state: NearState, slot: number, lat: number, lon: number): void {
  const cell = cellOf(lat, lon)
  if (cell === state.cell[slot]) return
  takeOut(state, slot)
  const home = bucket(state.heads, cell)
  const head = state.heads[home]!
  if (head !== 0) state.previous[head - 1] = slot + 1
  state.next[slot] = head
  state.previous[slot] = 0
  state.heads[home] = slot + 1
  state.cell[slot] = cell
}

export function takeOut(state: NearState, slot: number): void {
  const cell = state.cell[slot]!
  if (cell === 0) return
  const next = state.next[slot]!
  const previous = state.previous[slot]!
  if (previous === 0) state.heads[bucket(state.heads, cell)] = next
  else state.next[previous - 1] = next
  if (next !== 0) state.previous[next - 1] = previous
  state.next[slot] = state.previous[slot] = state.cell[slot] = 0
}

/** A place this far from where it was last put, as many metres: a neighbour may be some minutes old. */
const STALE_M = 2500
const M_PER_DEG = 111_194

/**
 * No more are found: an anchorage holds hundreds, and a flood of made-up vessels at one place must not cost the square of
 * what it sends.
 */
const MAX_FOUND = 2048

/** Slots found by the last search: one list, over and over. */
export const found: number[] = []

/** Puts into `found` the slots in the cells that lie within a distance, and some minutes of way, those placed last first. */
export function search(state: NearState, lat: number, lon: number, withinM: number): void {
  found.length = 0
  for (const cell of cellsAround(lat, lon, withinM + STALE_M)) collect(state, cell)
}

/** Cells found by the last look: one list, over and over. */
const around: number[] = []

/** The cells that lie within a distance of a place. The list is good until the next call. */
export function cellsAround(lat: number, lon: number, withinM: number): readonly number[] {
  around.length = 0
  const deg = withinM / M_PER_DEG
  const first = rowOf(lat - deg)
  const last = rowOf(lat + deg)
  for (let row = first; row <= last; row++) {
    const columns = FIRST[row + 1]! - FIRST[row]!
    // cells of a row are as wide as high, at its end towards the equator; less towards the pole
    const wide = (deg / CELL_DEG) * SLENDER[row]!
    const at = ((lon + 180) / 360) * columns
    const from = Math.floor(at - wide)
    const to = Math.floor(at + wide)
    // over a pole everybody is near
    if (!(to - from < columns)) for (let c = 0; c < columns; c++) around.push(cellAt(row, c))
    else for (let c = from; c <= to; c++) around.push(cellAt(row, c))
  }
  return around
}

function collect({ heads, next, cell }: NearState, of: number): void {
  for (let at = heads[bucket(heads, of)]!; at !== 0 && found.length < MAX_FOUND; at = next[at - 1]!)
    if (cell[at - 1] === of) found.push(at - 1)
}
