// Whom each feed heard where, in ten minutes and in the ten before: a feed that hears others about a place listens there.

import { wrapLon } from '../../geo/antimeridian.js'
import { slotOf, SLOT_MS } from '../../reception/slots.js'

/** Cells of an eighth of a degree, that of the place and those around: within some ten miles. */
const PER_DEG = 8
const COLUMNS = 360 * PER_DEG
const CELLS = COLUMNS * 180 * PER_DEG
/** Vessels of Class B are counted a second time, in the upper half. */
const B_UNIT = 2 ** 16

export interface Company {
  slot: number
  /** Vessels by feed and cell, of the present slot and of the one before: all, and those of Class B. */
  open: Map<number, number>
  before: Map<number, number>
}

export const createCompany = (): Company => ({ slot: -1, open: new Map(), before: new Map() })

/** Event time reached `t`. */
export function turnCompany(company: Company, t: number): void {
  if (t < (company.slot + 1) * SLOT_MS) return
  const slot = slotOf(t)
  company.before = slot === company.slot + 1 ? company.open : new Map()
  company.open = new Map()
  company.slot = slot
}

/** The feed hears a vessel for the first time in this slot. */
export function joinCompany({ open }: Company, feed: number, lat: number, lon: number, isB: boolean): void {
  const key = keyOf(feed, rowOf(lat), columnOf(lon))
  open.set(key, (open.get(key) ?? 0) + 1 + (isB ? B_UNIT : 0))
}

/** Vessels that the feed heard about a place in the slot before; `onlyB`: those of Class B. */
export function companyAt(
  { before }: Company,
  feed: number,
  lat: number,
  lon: number,
  onlyB: boolean,
): number {
  const [row, column] = [rowOf(lat), columnOf(lon)]
  let others = 0
  for (let north = -1; north <= 1; north++) {
    for (let east = -1; east <= 1; east++) {
      const count = before.get(keyOf(feed, row + north, (column + east + COLUMNS) % COLUMNS)) ?? 0
      others += onlyB ? Math.floor(count / B_UNIT) : count % B_UNIT
    }
  }
  return others
}

const rowOf = (lat: number) => Math.floor((lat + 90) * PER_DEG)
const columnOf = (lon: number) => Math.floor((wrapLon(lon) + 180) * PER_DEG) % COLUMNS
const keyOf = (feed: number, row: number, column: number) => feed * CELLS + row * COLUMNS + column
