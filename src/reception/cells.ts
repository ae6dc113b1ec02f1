// Places as numbers: cells of a quarter degree, each in one of a degree, in one of ten, in the whole world. A cell is as
// many degrees wide at every latitude, so at 60° it is half as wide in miles as at the equator: the seas far north and
// south are told apart more finely, and each cell there is met by fewer ships. A cell, a radio class and a feed make a key.

import { wrapLon } from '../geo/antimeridian.js'

/** Feeds told apart: a collection kind, plus four for each named source. */
export const MAX_FEEDS = 64

/** From the finest to the whole world. */
export const CELL_DEG = [0.25, 1, 10, 360] as const
export const LEVELS = CELL_DEG.length
const COLUMNS = [1440, 360, 36, 1]
const FINE_ROWS = 720

const CELL_BITS = 20 // 1440 × 720 < 2^20
const FEED_BITS = 6
const CLASS_BITS = 2
const FEED_SHIFT = CELL_BITS
const CLASS_SHIFT = FEED_SHIFT + FEED_BITS
const LEVEL_SHIFT = CLASS_SHIFT + CLASS_BITS

/** Cell of a quarter degree that holds a place. NaN in: −1. */
export function cellAt(lat: number, lon: number): number {
  if (!(lat >= -90 && lat <= 90) || !Number.isFinite(lon)) return -1
  // scaling by a power of two is exact, so the floor is the true cell
  const row = Math.min(FINE_ROWS - 1, Math.floor(lat * 4) + FINE_ROWS / 2)
  return row * COLUMNS[0]! + Math.floor(wrapLon(lon) * 4) + COLUMNS[0]! / 2
}

/** The cell that holds a cell of a quarter degree on a coarser level. */
export function cellOn(level: number, cell: number): number {
  if (level === 0) return cell
  if (level === 3) return 0
  const column = (cell % COLUMNS[0]!) >> 2
  const row = Math.floor(cell / COLUMNS[0]!) >> 2
  return level === 1 ? row * 360 + column : Math.floor(row / 10) * 36 + Math.floor(column / 10)
}

/** Key of a cell on its level, of a radio class and a feed: below 2^30. */
export const cellKey = (level: number, cell: number, radio: number, feed: number): number =>
  (level << LEVEL_SHIFT) | (radio << CLASS_SHIFT) | (feed << FEED_SHIFT) | cell

/** The key of the same class and feed on a coarser level. */
export const keyOn = (level: number, fineKey: number): number =>
  (level << LEVEL_SHIFT) |
  (fineKey & (((1 << LEVEL_SHIFT) - 1) ^ ((1 << CELL_BITS) - 1))) |
  cellOn(level, fineKey & ((1 << CELL_BITS) - 1))

export interface CellPlace {
  level: number
  /** Middle of the cell. */
  lat: number
  lon: number
  /** Side, degrees. */
  deg: number
  /** Index in RADIO_CLASSES. */
  radio: number
  feed: number
}

/** Where a key lies, and what it is of. The whole world lies at 0, 0. */
export function placeOf(key: number): CellPlace {
  const level = key >> LEVEL_SHIFT
  const cell = key & ((1 << CELL_BITS) - 1)
  const columns = COLUMNS[level]!
  const deg = CELL_DEG[level]!
  return {
    level,
    lat: level === 3 ? 0 : (Math.floor(cell / columns) + 0.5) * deg - 90,
    lon: level === 3 ? 0 : ((cell % columns) + 0.5) * deg - 180,
    deg,
    radio: (key >> CLASS_SHIFT) & ((1 << CLASS_BITS) - 1),
    feed: (key >> FEED_SHIFT) & ((1 << FEED_BITS) - 1),
  }
}
