// A raster over polygons: which of many areas contain a point, from one array read where a cell lies wholly inside or
// outside of everything, and from the few edges of the cell where it does not. Exact: it gives what the crossing number
// over all edges would give (geo/polygon), because each mixed cell remembers what the edges outside of it add up to.
//
// For a cell and a point P in it, edges that do not touch the cell and are met going east from P add a parity that only
// depends on P's latitude, and that only changes at vertices east of the cell which they share with edges that do touch
// it. So parity(P) = base + Σ over the cell's own edges of (met going east) + (end east of the cell and north of P),
// with a base that is one constant per cell and area.
//
// Nothing is divided before it is asked for: a square of 15 degrees into whole degrees, a degree that edges touch into finer
// cells. A day on one sea asks for a few of the world's 288 squares.

import { crossesEast, edgeLonAt } from './polygon.js'
import { wrapLon } from './antimeridian.js'

/** One closed ring and the area it belongs to; rings of one part are even-odd together, parts of one area are united. */
export interface GridRing {
  /** Flat [lon, lat, …] within −180…180, closed. */
  ring: Float64Array
  part: number
}

export interface AreaGrid {
  /** Id of the set of areas at a point, 0 = none. NaN: 0. Longitudes beyond ±180 are wrapped; a pole is as just off it. */
  setAt(lat: number, lon: number): number
  /** The areas of a set, ascending. */
  members(set: number): readonly number[]
  /** Memory held by the arrays so far, bytes. */
  bytes(): number
}

// A degree is divided by 8 three times over; powers of two, so that the cell of a point is found without rounding.
const FINE = 512
const FINE_COLUMNS = 360 * FINE
const FINE_ROWS = 180 * FINE
/** Whole degrees are looked at a square of so many at a time. */
const SQUARE = 15
const SQUARE_COLUMNS = 360 / SQUARE
/** Edges that follow each other share a box, so that those of a square are found without a look at all. */
const RUN_EDGES = 64
/** Numbers of a box: west, south, east, north. */
const BOX = 4
/** A cell with more edges than this is divided again, as long as there is a finer level. */
const MAX_LEAF_EDGES = 24
/** Edges this close to a cell (degrees, ~0.1 mm) count as touching it: far above rounding, far below a position. */
const TOUCH_DEG = 1e-9
/** Up to so many parts in one cell every outcome is looked up in a table; beyond, sets are looked up one by one. */
const MAX_TABLE_PARTS = 6

const EAST_OF_CELL_1 = 1
const EAST_OF_CELL_2 = 2

// what a cell below 0 stands for
const BLOCK = 1
const UNDIVIDED = 2
const UNSEEN = 3

class Ints {
  data = new Int32Array(1 << 10)
  length = 0
  /** Makes room for n numbers and returns where they start. */
  claim(n: number): number {
    const at = this.length
    this.length += n
    if (this.length > this.data.length) {
      const grown = new Int32Array(Math.max(this.length, Math.ceil(this.data.length * 1.25)))
      grown.set(this.data)
      this.data = grown
    }
    return at
  }
  push(value: number): void {
    // first the room: making it may replace the array
    const at = this.claim(1)
    this.data[at] = value
  }
}

/** Sets of parts and, behind them, sets of areas, each kept once as a small integer; 0 is the empty set. */
class Sets {
  private readonly parts: number[][] = [[]]
  private readonly partIds = new Map<string, number>([['', 0]])
  private readonly moves = new Map<number, number>()
  readonly areas: number[][] = [[]]
  private readonly areaIds = new Map<string, number>([['', 0]])
  private readonly areaSetOf: number[] = [0]
  private readonly areaOfPart: ArrayLike<number>

  constructor(areaOfPart: ArrayLike<number>) {
    this.areaOfPart = areaOfPart
  }

  /** The set with one part more, or less when it was in. */
  toggle(set: number, part: number): number {
    const move = set * this.areaOfPart.length + part
    const known = this.moves.get(move)
    if (known !== undefined) return known
    const old = this.parts[set]!
    const next = old.includes(part) ? old.filter(p => p !== part) : [...old, part].sort((a, b) => a - b)
    const key = next.join()
    let id = this.partIds.get(key)
    if (id === undefined) {
      id = this.parts.length
      this.partIds.set(key, id)
      this.parts.push(next)
      this.areaSetOf.push(-1)
    }
    this.moves.set(move, id)
    return id
  }

  /** The set of areas that a set of parts means. */
  areaSet(set: number): number {
    let id = this.areaSetOf[set]!
    if (id >= 0) return id
    const areas = [...new Set(this.parts[set]!.map(part => this.areaOfPart[part]!))].sort((a, b) => a - b)
    const key = areas.join()
    id = this.areaIds.get(key) ?? -1
    if (id < 0) {
      id = this.areas.length
      this.areaIds.set(key, id)
      this.areas.push(areas)
    }
    this.areaSetOf[set] = id
    return id
  }
}

/**
 * @param rings all rings of all parts
 * @param areaOfPart the area of each part
 */
export function buildAreaGrid(rings: readonly GridRing[], areaOfPart: ArrayLike<number>): AreaGrid {
  // vertices of all rings in one row, x and y; edge e runs from vertex e to e + 1, and the last vertex of a ring starts none
  const vertexCount = rings.reduce((sum, { ring }) => sum + ring.length / 2, 0)
  const runCount = rings.reduce((sum, { ring }) => sum + Math.ceil((ring.length / 2 - 1) / RUN_EDGES), 0)
  const xy = new Float64Array(2 * vertexCount)
  const partOf = new Int32Array(vertexCount)
  const runStart = new Int32Array(runCount)
  const runEnd = new Int32Array(runCount)
  const runBox = new Float64Array(runCount * BOX)
  let vertex = 0
  let run = 0
  for (const { ring, part } of rings) {
    const first = vertex
    vertex += ring.length / 2
    xy.set(ring, 2 * first)
    partOf.fill(part, first, vertex)
    for (let from = first; from < vertex - 1; from += RUN_EDGES) {
      runStart[run] = from
      runEnd[run] = Math.min(from + RUN_EDGES, vertex - 1)
      encloseRun(run++)
    }
  }

  function encloseRun(r: number): void {
    let west = Infinity
    let south = Infinity
    let east = -Infinity
    let north = -Infinity
    for (let k = runStart[r]!; k <= runEnd[r]!; k++) {
      const x = xy[2 * k]!
      const y = xy[2 * k + 1]!
      if (x < west) west = x
      if (x > east) east = x
      if (y < south) south = y
      if (y > north) north = y
    }
    runBox[r * BOX] = west
    runBox[r * BOX + 1] = south
    runBox[r * BOX + 2] = east
    runBox[r * BOX + 3] = north
  }

  const sets = new Sets(areaOfPart)
  // ≥ 0: the set of areas of a uniform cell. < 0: ~(4 × start of a finer block + BLOCK), ~(4 × start in leaves), or
  // ~(4 × set of parts at its south-west corner + UNDIVIDED), or ~UNSEEN
  const cells = new Ints()
  const leaves = new Ints()
  /** Pairs of a cell, or a row, and an edge. */
  const scratch = new Ints()
  const wideBase: number[] = []
  const wholeDegrees = new Int32Array(360 * 180).fill(~UNSEEN)
  /** Of each square that was looked at, the edges that touch its whole degrees: those of its cell c are edges[starts[c]] … edges[starts[c + 1] - 1]. */
  const squares: { edges: Int32Array; starts: Int32Array }[] = []

  /** A vertex east of a cell, and north of a latitude. */
  const isBeyond = (v: number, east: number, lat: number): boolean =>
    xy[2 * v]! >= east && xy[2 * v + 1]! > lat

  /** Divides a box into columns × rows cells of 8^-level degrees; returns where the block starts in `cells`. */
  function divide(
    edges: Int32Array,
    base: number,
    west: number,
    south: number,
    columns: number,
    rows: number,
    level: number,
  ): number {
    const size = 1 / 8 ** level
    const block = cells.claim(columns * rows)
    const east = west + columns * size

    // which edges touch which cell
    touch(edges, west, south, columns, rows, size)
    const starts = new Int32Array(columns * rows + 1)
    const touching = grouped(starts)
    if (level === 0) {
      const square = ((south + 90) / SQUARE) * SQUARE_COLUMNS + (west + 180) / SQUARE
      squares[square] = { edges: touching, starts }
    }

    // which edges straddle the south side of each row, and where they meet it
    straddle(edges, south, rows, size)
    const rowStarts = new Int32Array(rows + 1)
    const straddling = grouped(rowStarts)
    const meetLon = new Float64Array(straddling.length)
    for (let row = 0; row < rows; row++) {
      const from = rowStarts[row]!
      const to = rowStarts[row + 1]!
      for (let k = from; k < to; k++) {
        const e = straddling[k]!
        meetLon[k] = edgeLonAt(xy[2 * e]!, xy[2 * e + 1]!, xy[2 * e + 2]!, xy[2 * e + 3]!, south + row * size)
      }
      sortDescending(meetLon, straddling, from, to)
    }

    const leaving = edges.filter(e => xy[2 * e]! >= east || xy[2 * e + 2]! >= east)
    for (let row = 0; row < rows; row++) {
      const lat = south + row * size
      let set = base
      for (const e of leaving)
        if (isBeyond(e, east, lat) !== isBeyond(e + 1, east, lat)) set = sets.toggle(set, partOf[e]!)
      // from east to west: the set at the south-west corner of each cell
      let next = rowStarts[row]!
      const rowEnd = rowStarts[row + 1]!
      for (let column = columns - 1; column >= 0; column--) {
        const lon = west + column * size
        for (; next < rowEnd && lon < meetLon[next]!; next++)
          set = sets.toggle(set, partOf[straddling[next]!]!)
        const cell = row * columns + column
        const from = starts[cell]!
        const to = starts[cell + 1]!
        let value: number
        if (from === to) value = sets.areaSet(set)
        else if (level === 0) value = ~(set * 4 + UNDIVIDED)
        else value = mixed(touching.subarray(from, to), set, lon, lat, size, level)
        cells.data[block + cell] = value
      }
    }
    return block
  }

  /** The value of a cell that edges touch, from the set at its south-west corner. */
  function mixed(
    own: Int32Array,
    corner: number,
    west: number,
    south: number,
    size: number,
    level: number,
  ): number {
    const east = west + size
    let base = corner
    for (let k = 0; k < own.length; k++) {
      const e = own[k]!
      const isMet = crossesEast(xy[2 * e]!, xy[2 * e + 1]!, xy[2 * e + 2]!, xy[2 * e + 3]!, south, west)
      const isLeft = isBeyond(e, east, south) !== isBeyond(e + 1, east, south)
      if (isMet !== isLeft) base = sets.toggle(base, partOf[e]!)
    }
    if (level === 0 || (level < 3 && own.length > MAX_LEAF_EDGES)) {
      return ~(divide(own, base, west, south, 8, 8, level + 1) * 4 + BLOCK)
    }
    return ~(leaf(own, base, east) * 4)
  }

  /** Writes a leaf: number of parts, where their outcomes are, and for each part its edges with their two flags. */
  function leaf(own: Int32Array, base: number, east: number): number {
    const parts: number[] = []
    for (const e of own) if (!parts.includes(partOf[e]!)) parts.push(partOf[e]!)
    const at = leaves.claim(2)
    leaves.data[at] = parts.length
    for (const part of parts) {
      const head = leaves.claim(2)
      leaves.data[head] = part
      let count = 0
      for (const e of own) {
        if (partOf[e] !== part) continue
        const flags =
          (xy[2 * e]! >= east ? EAST_OF_CELL_1 : 0) | (xy[2 * e + 2]! >= east ? EAST_OF_CELL_2 : 0)
        leaves.push(e * 4 + flags)
        count++
      }
      leaves.data[head + 1] = count
    }
    if (parts.length > MAX_TABLE_PARTS) {
      leaves.data[at + 1] = wideBase.length
      wideBase.push(base)
      return at
    }
    const table = leaves.claim(1 << parts.length)
    leaves.data[at + 1] = table
    for (let bits = 0; bits < 1 << parts.length; bits++) {
      let set = base
      for (let k = 0; k < parts.length; k++) if (bits & (1 << k)) set = sets.toggle(set, parts[k]!)
      leaves.data[table + bits] = sets.areaSet(set)
    }
    return at
  }

  /** Finds which edges touch which cells of a box; the pairs are in `scratch`. */
  function touch(
    edges: Int32Array,
    west: number,
    south: number,
    columns: number,
    rows: number,
    size: number,
  ): void {
    scratch.length = 0
    for (let k = 0; k < edges.length; k++) {
      const e = edges[k]!
      const flip = xy[2 * e + 1]! > xy[2 * e + 3]!
      const y1 = flip ? xy[2 * e + 3]! : xy[2 * e + 1]!
      const y2 = flip ? xy[2 * e + 1]! : xy[2 * e + 3]!
      const x1 = flip ? xy[2 * e + 2]! : xy[2 * e]!
      const x2 = flip ? xy[2 * e]! : xy[2 * e + 2]!
      const slope = y2 > y1 ? (x2 - x1) / (y2 - y1) : 0
      const row1 = Math.max(0, Math.floor((y1 - TOUCH_DEG - south) / size))
      const row2 = Math.min(rows - 1, Math.floor((y2 + TOUCH_DEG - south) / size))
      for (let row = row1; row <= row2; row++) {
        // the edge's span of longitude within the row
        const bottom = south + row * size - TOUCH_DEG
        const top = south + (row + 1) * size + TOUCH_DEG
        const xa = y1 >= bottom ? x1 : x1 + (bottom - y1) * slope
        const xb = y2 <= top ? x2 : x1 + (top - y1) * slope
        const low = (xa < xb ? xa : xb) - TOUCH_DEG - west
        const high = (xa < xb ? xb : xa) + TOUCH_DEG - west
        const column1 = Math.max(0, Math.floor(low / size))
        const column2 = Math.min(columns - 1, Math.floor(high / size))
        for (let column = column1; column <= column2; column++) {
          const at = scratch.claim(2)
          scratch.data[at] = row * columns + column
          scratch.data[at + 1] = e
        }
      }
    }
  }

  /** Finds which edges straddle the south side of which rows, y1 ≤ lat < y2; the pairs are in `scratch`. */
  function straddle(edges: Int32Array, south: number, rows: number, size: number): void {
    scratch.length = 0
    for (let k = 0; k < edges.length; k++) {
      const e = edges[k]!
      const y1 = xy[2 * e + 1]! < xy[2 * e + 3]! ? xy[2 * e + 1]! : xy[2 * e + 3]!
      const y2 = xy[2 * e + 1]! < xy[2 * e + 3]! ? xy[2 * e + 3]! : xy[2 * e + 1]!
      const first = Math.max(0, Math.floor((y1 - south) / size))
      const last = Math.min(rows - 1, Math.floor((y2 - south) / size) + 1)
      for (let row = first; row <= last; row++) {
        const lat = south + row * size
        if (y1 > lat === y2 > lat) continue
        const at = scratch.claim(2)
        scratch.data[at] = row
        scratch.data[at + 1] = e
      }
    }
  }

  /** The edges of the pairs in `scratch` in the order of their first number; `starts` gets where each begins. */
  function grouped(starts: Int32Array): Int32Array {
    const pairs = scratch.data
    for (let k = 0; k < scratch.length; k += 2) starts[pairs[k]! + 1]!++
    for (let c = 1; c < starts.length; c++) starts[c]! += starts[c - 1]!
    const edges = new Int32Array(scratch.length / 2)
    // filled from the back of each group, so that afterwards `starts` is one group ahead of itself
    const fill = starts.slice(1)
    for (let k = scratch.length - 2; k >= 0; k -= 2) edges[--fill[pairs[k]!]!] = pairs[k + 1]!
    return edges
  }

  // the arrays of the moment: dividing a cell may replace them by longer ones
  let cellData = cells.data
  let leafData = leaves.data

  /** Looks at a whole degree at the first question in it; returns what it now stands for. */
  function prepare(cell: number): number {
    const column = cell % 360
    const row = (cell - column) / 360
    if (wholeDegrees[cell] === ~UNSEEN) lookAtSquare(Math.floor(column / SQUARE), Math.floor(row / SQUARE))
    const value = wholeDegrees[cell]!
    if (value >= 0) return value
    const { edges, starts } =
      squares[Math.floor(row / SQUARE) * SQUARE_COLUMNS + Math.floor(column / SQUARE)]!
    const at = (row % SQUARE) * SQUARE + (column % SQUARE)
    const own = edges.subarray(starts[at]!, starts[at + 1]!)
    const divided = mixed(own, ~value >> 2, column - 180, row - 90, 1, 0)
    wholeDegrees[cell] = divided
    cellData = cells.data
    leafData = leaves.data
    return divided
  }

  /** Divides a square into whole degrees. */
  function lookAtSquare(column: number, row: number): void {
    const west = column * SQUARE - 180
    const south = row * SQUARE - 90
    const own: number[] = []
    const met = new Uint8Array(areaOfPart.length)
    for (let r = 0; r < runCount; r++) {
      const at = r * BOX
      const isEast = runBox[at + 2]! >= west - TOUCH_DEG
      const isAsFarNorth =
        runBox[at + 3]! >= south - TOUCH_DEG && runBox[at + 1]! <= south + SQUARE + TOUCH_DEG
      if (!isEast || !isAsFarNorth) continue
      const isOwn = runBox[at]! <= west + SQUARE + TOUCH_DEG
      if (!isOwn && runBox[at + 1]! > south) continue
      for (let e = runStart[r]!; e < runEnd[r]!; e++) {
        if (isOwn) own.push(e)
        const odd = isOwn
          ? isBeyond(e, west + SQUARE, south) !== isBeyond(e + 1, west + SQUARE, south)
          : crossesEast(xy[2 * e]!, xy[2 * e + 1]!, xy[2 * e + 2]!, xy[2 * e + 3]!, south, west)
        if (odd) met[partOf[e]!]! ^= 1
      }
    }
    let base = 0
    met.forEach((odd, part) => {
      if (odd) base = sets.toggle(base, part)
    })
    const block = divide(Int32Array.from(own), base, west, south, SQUARE, SQUARE, 0)
    for (let k = 0; k < SQUARE; k++) {
      const from = block + k * SQUARE
      const degree = (row * SQUARE + k) * 360 + column * SQUARE
      wholeDegrees.set(cells.data.subarray(from, from + SQUARE), degree)
    }
    cells.length = block // they stand in wholeDegrees now
  }

  function setAt(lat: number, lon: number): number {
    if (!(lat >= -90 && lat < 90 && lon >= -180 && lon < 180)) {
      if (!(Math.abs(lat) <= 90) || !Number.isFinite(lon)) return 0
      lon = wrapLon(lon)
      if (lat === 90) lat = 90 - 1e-12
    }
    // scaling by a power of two is exact, so the floor is the true cell even one bit beside its side
    const x = Math.floor(lon * FINE) + FINE_COLUMNS / 2
    const y = Math.floor(lat * FINE) + FINE_ROWS / 2
    const value = wholeDegrees[(y >> 9) * 360 + (x >> 9)]!
    return value >= 0 ? value : setInDegree(value, x, y, lat, lon)
  }

  // apart from setAt, so that setAt is small enough to be compiled into its caller's loop
  function setInDegree(degree: number, x: number, y: number, lat: number, lon: number): number {
    let at = ~degree
    if (at & UNDIVIDED) {
      const value = prepare((y >> 9) * 360 + (x >> 9))
      if (value >= 0) return value
      at = ~value
    }
    for (let shift = 6; at & BLOCK; shift -= 3) {
      const value = cellData[(at >> 2) + (((y >> shift) & 7) << 3) + ((x >> shift) & 7)]!
      if (value >= 0) return value
      at = ~value
    }
    return setInLeaf(at >> 2, lat, lon)
  }

  function setInLeaf(at: number, lat: number, lon: number): number {
    const parts = leafData[at]!
    const table = leafData[at + 1]!
    if (parts > MAX_TABLE_PARTS) return setInWideLeaf(at, lat, lon)
    let k = at + 2
    let bits = 0
    for (let p = 0; p < parts; p++) {
      const end = k + 2 + leafData[k + 1]!
      bits |= parity(k + 2, end, lat, lon) << p
      k = end
    }
    return leafData[table + bits]!
  }

  function setInWideLeaf(at: number, lat: number, lon: number): number {
    let set = wideBase[leafData[at + 1]!]!
    let k = at + 2
    for (let p = leafData[at]!; p > 0; p--) {
      const end = k + 2 + leafData[k + 1]!
      if (parity(k + 2, end, lat, lon) === 1) set = sets.toggle(set, leafData[k]!)
      k = end
    }
    return sets.areaSet(set)
  }

  function parity(from: number, to: number, lat: number, lon: number): number {
    let odd = 0
    for (let k = from; k < to; k++) {
      const packed = leafData[k]!
      const e = packed >> 2
      const y1 = xy[2 * e + 1]!
      const y2 = xy[2 * e + 3]!
      const north1 = y1 > lat
      const north2 = y2 > lat
      if (north1 && packed & EAST_OF_CELL_1) odd ^= 1
      if (north2 && packed & EAST_OF_CELL_2) odd ^= 1
      if (north1 !== north2 && lon < edgeLonAt(xy[2 * e]!, y1, xy[2 * e + 2]!, y2, lat)) odd ^= 1
    }
    return odd
  }

  return {
    setAt,
    members: set => sets.areas[set] ?? [],
    bytes() {
      const seen = squares.flatMap(({ edges, starts }) => [edges, starts])
      const arrays = [xy, partOf, runStart, runEnd, runBox, wholeDegrees, cellData, leafData, ...seen]
      return arrays.reduce((sum, array) => sum + array.byteLength, 0)
    },
  }
}

/** Sorts numbers and what belongs to them, largest first: runs are short, and nearly in order along a line. */
function sortDescending(keys: Float64Array, values: Int32Array, from: number, to: number): void {
  if (to - from > 48) {
    const order = Array.from({ length: to - from }, (_, k) => from + k).sort((a, b) => keys[b]! - keys[a]!)
    const sortedKeys = order.map(k => keys[k]!)
    const sortedValues = order.map(k => values[k]!)
    keys.set(sortedKeys, from)
    values.set(sortedValues, from)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const key = keys[i]!
    const value = values[i]!
    let k = i
    for (; k > from && keys[k - 1]! < key; k--) {
      keys[k] = keys[k - 1]!
      values[k] = values[k - 1]!
    }
    keys[k] = key
    values[k] = value
  }
}
