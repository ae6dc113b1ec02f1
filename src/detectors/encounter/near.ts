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

/** Before each row lie so many cells. */
const FIRST = new Int32Array(ROWS + 1)
for (let row = 0; row < ROWS; row++) FIRST[row + 1] = FIRST[row]! + columnsOf(row)

const columnIn = (columns: number, lon: number): number => Math.floor(((lon + 180) / 360) * columns)

function cellAt(row: number, column: number): number {
  const columns = FIRST[row + 1]! - FIRST[row]!
  return FIRST[row]! + (((column % columns) + columns) % columns) + 1
}

const cellOf = (lat: number, lon: number): number => {
  const row = rowOf(lat)
  return cellAt(row, columnIn(FIRST[row + 1]! - FIRST[row]!, lon))
}

const bucketOf = ({ heads }: NearState, cell: number): number =>
  (Math.imul(cell, 0x9e3779b1) >>> 8) & (heads.length - 1)

export const stands = ({ cell }: NearState, slot: number): boolean => cell[slot] !== 0

export function place(state: NearState, slot: number, lat: number, lon: number): void {
  const cell = cellOf(lat, lon)
  if (cell === state.cell[slot]) return
  takeOut(state, slot)
  const bucket = bucketOf(state, cell)
  const head = state.heads[bucket]!
  if (head !== 0) state.previous[head - 1] = slot + 1
  state.next[slot] = head
  state.previous[slot] = 0
  state.heads[bucket] = slot + 1
  state.cell[slot] = cell
}

export function takeOut(state: NearState, slot: number): void {
  const cell = state.cell[slot]!
  if (cell === 0) return
  const next = state.next[slot]!
  const previous = state.previous[slot]!
  if (previous === 0) state.heads[bucketOf(state, cell)] = next
  else state.next[previous - 1] = next
  if (next !== 0) state.previous[next - 1] = previous
  state.next[slot] = state.previous[slot] = state.cell[slot] = 0
}

/** Visits the slots of the cells around a place, in no order that means anything. */
export function around(state: NearState, lat: number, lon: number, visit: (slot: number) => void): void {
  const row = rowOf(lat)
  for (let r = Math.max(0, row - 1); r <= Math.min(ROWS - 1, row + 1); r++) {
    const columns = FIRST[r + 1]! - FIRST[r]!
    const column = columnIn(columns, lon)
    // over a pole everybody is near
    const wide = columns < 8 || r === 0 || r === ROWS - 1
    const from = wide ? 0 : column - 1
    const to = wide ? columns - 1 : column + 1
    for (let c = from; c <= to; c++) visitCell(state, cellAt(r, c), visit)
  }
}

function visitCell(state: NearState, cell: number, visit: (slot: number) => void): void {
  for (let at = state.heads[bucketOf(state, cell)]!; at !== 0; at = state.next[at - 1]!)
    if (state.cell[at - 1] === cell) visit(at - 1)
}
