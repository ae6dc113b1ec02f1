// Deep inland or out at sea, for every report: one byte for a quarter of a degree, and where that is mixed one for a
// fortieth. A cell is called either only when all of it is, so the coast's own error is never an answer; what lies between
// is neither. Filled in as it is asked for: one look at the coast tells of all cells that are no farther away than it.

import { wrapLon } from '../geo/antimeridian.js'
import { M_PER_NM } from '../model/units.js'
import { COAST_ACCURACY_M, type Coast } from './coast.js'

/** Neither: near the coast, on either side of it. */
export const NEAR_COAST = 1
/** All of the cell is at sea, and farther from the coast than that may be wrong. */
export const AT_SEA = 2
/** All of it is on land, and farther from the coast than that and the distance asked for. */
export const INLAND = 3
/** A wide cell that is mixed: ask the fine ones. */
const MIXED = 4

export interface Inland {
  /** NEAR_COAST, AT_SEA or INLAND. */
  at(lat: number, lon: number): number
}

const M_PER_DEG = 60 * M_PER_NM
const WIDE = 4 // cells a degree
const COLUMNS = 360 * WIDE
const ROWS = 180 * WIDE
/** Fine cells of a wide one, along each side. */
const FINE = 10
const BLOCK = FINE * FINE
/** One look tells of so many cells on each side at most. */
const MAX_SPREAD = 12
/** Longitudes run together beyond this: no cell speaks for others there. */
const POLAR_DEG = 80

const made = new WeakMap<Coast, Map<number, Inland>>()

/** @param inlandM how far inland beyond the accuracy of the coast; made once for a coast and a distance */
export function inlandOf(coast: Coast, inlandM: number): Inland {
  let all = made.get(coast)
  if (!all) made.set(coast, (all = new Map()))
  let inland = all.get(inlandM)
  if (!inland) all.set(inlandM, (inland = createInland(coast, inlandM)))
  return inland
}

function createInland(coast: Coast, inlandM: number): Inland {
  const deepM = COAST_ACCURACY_M + inlandM
  const wide = new Uint8Array(COLUMNS * ROWS)
  /** Of a mixed cell, where its fine cells begin, plus one. */
  const blockOf = new Int32Array(COLUMNS * ROWS)
  let blocks = new Uint8Array(256 * BLOCK)
  let used = 0

  /** From the middle of a cell to its farthest corner, metres. */
  function cornerM(lat: number, cellDeg: number): number {
    const cos = Math.cos((Math.max(0, Math.abs(lat) - cellDeg) * Math.PI) / 180)
    return (cellDeg / 2) * M_PER_DEG * Math.hypot(1, cos)
  }

  /** Sets cells around one that are not known: a square with this half side, metres, in steps of a cell. */
  function spread(around: number, cellDeg: number, lat: number, set: (north: number, east: number) => void) {
    if (!(around > 0) || Math.abs(lat) > POLAR_DEG) return
    const n = Math.min(MAX_SPREAD, Math.floor(around / Math.SQRT2 / (M_PER_DEG * cellDeg)))
    for (let north = -n; north <= n; north++) for (let east = -n; east <= n; east++) set(north, east)
  }

  function fillWide(row: number, column: number): number {
    const lat = -90 + (row + 0.5) / WIDE
    const lon = -180 + (column + 0.5) / WIDE
    const shoreM = coast.shoreDistanceM(lat, lon) - cornerM(lat, 1 / WIDE)
    let kind = MIXED
    if (shoreM > COAST_ACCURACY_M) {
      if (!coast.onLand(lat, lon)) kind = AT_SEA
      else if (shoreM > deepM) kind = INLAND
    }
    wide[row * COLUMNS + column] = kind
    if (kind !== MIXED)
      spread(shoreM - (kind === INLAND ? deepM : COAST_ACCURACY_M), 1 / WIDE, lat, (north, east) => {
        const at = (row + north) * COLUMNS + ((column + east + COLUMNS) % COLUMNS)
        if (wide[at] === 0) wide[at] = kind
      })
    return kind
  }

  /** Where the fine cells of a mixed cell begin. */
  function blockAt(cell: number): number {
    if (blockOf[cell] === 0) {
      if ((used + 1) * BLOCK > blocks.length) {
        const grown = new Uint8Array(blocks.length * 2)
        grown.set(blocks)
        blocks = grown
      }
      blockOf[cell] = ++used
    }
    return (blockOf[cell]! - 1) * BLOCK
  }

  /** @param row, column of a fine cell of the whole earth @returns its place in `blocks` */
  function fineAt(row: number, column: number): number {
    const cell = Math.floor(row / FINE) * COLUMNS + Math.floor(column / FINE)
    return blockAt(cell) + (row % FINE) * FINE + (column % FINE)
  }

  function fillFine(row: number, column: number): number {
    const deg = 1 / WIDE / FINE
    const lat = -90 + (row + 0.5) * deg
    const lon = -180 + (column + 0.5) * deg
    const halfM = cornerM(lat, deg)
    const shoreM = coast.shoreDistanceM(lat, lon)
    const isLand = coast.onLand(lat, lon)
    const kind = isLand && shoreM - halfM > deepM ? INLAND : NEAR_COAST
    blocks[fineAt(row, column)] = kind
    // how far from here anything deep inland, or anything that is not, can be at the nearest
    const sameM = kind === INLAND ? shoreM - deepM : isLand ? deepM - shoreM : deepM + shoreM
    spread(sameM - halfM, deg, lat, (north, east) => {
      const r = row + north
      const c = (column + east + COLUMNS * FINE) % (COLUMNS * FINE)
      if (wide[Math.floor(r / FINE) * COLUMNS + Math.floor(c / FINE)] !== MIXED) return
      const at = fineAt(r, c)
      if (blocks[at] === 0) blocks[at] = kind
    })
    return kind
  }

  return {
    at(lat, lon) {
      const east = lon >= -180 && lon < 180 ? lon : wrapLon(lon)
      const y = (lat + 90) * WIDE
      const x = (east + 180) * WIDE
      const row = Math.min(ROWS - 1, Math.floor(y))
      const column = Math.floor(x)
      const cell = row * COLUMNS + column
      const kind = wide[cell]! || fillWide(row, column)
      if (kind !== MIXED) return kind
      const r = Math.min(FINE - 1, Math.floor((y - row) * FINE))
      const c = Math.min(FINE - 1, Math.floor((x - column) * FINE))
      const known = blocks[blockAt(cell) + r * FINE + c]!
      if (known !== 0) return known
      // most ask at sea, where no distance is needed
      if (!coast.onLand(lat, lon)) return NEAR_COAST
      return fillFine(row * FINE + r, column * FINE + c)
    },
  }
}
