// The reception model as a grid: what a map shows and a file keeps. A row is a cell of the sea for one radio class and
// feed: how many holes it rests on, and what share of them lasted how long. Rows that were learned elsewhere, or worked
// out from a static map of reception, can be put in as a start: they count like holes of one's own, and age like them.

import { CELL_DEG } from './cells.js'
import type { CellHoles, Holes } from './holes.js'
import { BIN_START, BINS, survivalOf } from './lifetable.js'
import { RADIO_CLASSES, SLOTS_PER_HOUR, type RadioClass } from './slots.js'

/** Lengths of silence that a row tells of: in slots, and as the end of a column's name. */
export const GRID_LENGTHS: readonly { slots: number; name: string }[] = BIN_START.slice(1).map(slots => ({
  slots,
  name: slots % SLOTS_PER_HOUR === 0 ? `${slots / SLOTS_PER_HOUR}h` : `${slots * 10}min`,
}))

export interface GridRow {
  /** Middle of the cell, and its side, degrees. */
  lat: number
  lon: number
  deg: number
  radio: RadioClass
  feed: string
  /** Holes between two slots heard that the row rests on, the old ones counting less; visits of vessels behind them. */
  holes: number
  visits: number
  /** Share of slots in which a vessel there is heard, silences beyond an hour aside; null when not known. */
  heardShare: number | null
  /** Share of holes of at least each length of GRID_LENGTHS; null where no hole came so far. */
  over: (number | null)[]
}

/** Every cell of a quarter degree that knows at least `minHoles`, in order of class, feed, latitude and longitude. */
export function gridRows(holes: Holes, feedName: (code: number) => string, minHoles = 1): GridRow[] {
  return holes
    .cells()
    .filter(cell => cell.level === 0 && cell.holes >= minHoles)
    .map(cell => ({
      ...{ lat: cell.lat, lon: cell.lon, deg: cell.deg },
      ...{ radio: RADIO_CLASSES[cell.radio]!, feed: feedName(cell.feed) },
      ...{ holes: cell.holes, visits: cell.visits },
      ...shares(cell),
    }))
}

function shares({ ended, passed }: CellHoles): Pick<GridRow, 'heardShare' | 'over'> {
  const hazards = ended.map((n, bin) => n / (n + passed[bin]!))
  const known = ended.findIndex((n, bin) => !(n + passed[bin]! > 0))
  const over = BIN_START.slice(1).map((slots, k) =>
    known >= 0 && known <= k ? null : survivalOf(hazards, slots),
  )
  // after being heard a vessel is missed in one slot, two …, as the holes tell
  let missed = 0
  for (let n = 1; n <= SLOTS_PER_HOUR; n++)
    missed += survivalOf(
      hazards.map(h => h || 0),
      n,
    )
  return { heardShare: ended[0]! + passed[0]! > 0 ? 1 / (1 + missed) : null, over }
}

/**
 * Puts rows into a model as a start.
 * @param weight what a hole of theirs counts against one of our own
 * @param feedCode feed of a row by its name; −1: not ours, left out
 * @returns how many rows were taken
 */
export function seedHoles(
  holes: Holes,
  rows: readonly GridRow[],
  feedCode: (name: string) => number,
  weight = 1,
): number {
  let taken = 0
  for (const row of rows) {
    const feed = feedCode(row.feed)
    if (feed < 0) continue
    const level = CELL_DEG.findIndex(deg => row.deg <= deg)
    const { lat, lon, deg } = row
    const place = { lat, lon, deg, level, radio: RADIO_CLASSES.indexOf(row.radio), feed }
    holes.seed({ ...place, holes: row.holes * weight, visits: row.visits * weight, ...table(row, weight) })
    taken++
  }
  return taken
}

/** A life table that has these shares: between two that are given the hazard is even, beyond the last nothing is said. */
function table({ over, holes }: GridRow, weight: number): { ended: number[]; passed: number[] } {
  const starts: readonly number[] = BIN_START
  const survival: (number | null)[] = [1, ...over]
  const ended = new Array<number>(BINS).fill(0)
  const passed = new Array<number>(BINS).fill(0)
  let [from, before] = [0, 1]
  for (let to = 1; to < BINS; to++) {
    const share = survival[to] ?? null
    if (share === null) continue
    const width = starts[to]! - starts[from]!
    for (let bin = from, reached = before; bin < to; bin++) {
      const went =
        before === 0 ? 0 : before * (share / before) ** ((starts[bin + 1]! - starts[from]!) / width)
      passed[bin] = holes * weight * went
      ended[bin] = holes * weight * (reached - went)
      reached = went
    }
    from = to
    before = share
  }
  return { ended, passed }
}

/** A row as a GeoJSON feature: its cell, and what is known of it. */
export function gridFeature(row: GridRow): Record<string, unknown> {
  const { lat, lon, deg } = row
  const [west, east, south, north] = [lon - deg / 2, lon + deg / 2, lat - deg / 2, lat + deg / 2]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  return {
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [ring] },
    properties: gridFields(row),
  }
}

const figure = (x: number | null): number | null => (x === null ? null : Number(x.toPrecision(4)))

/** A row's fields under their public names, in order: the columns of the CSV and the properties of the GeoJSON. */
export function gridFields(row: GridRow): Record<string, number | string | null> {
  const { lat, lon, deg, radio, feed, holes, visits, heardShare, over } = row
  return {
    ...{ lat, lon, deg, class: radio, feed },
    ...{ holes: figure(holes), visits: figure(visits), heardShare: figure(heardShare) },
    ...Object.fromEntries(GRID_LENGTHS.map(({ name }, k) => [`over${name}`, figure(over[k]!)])),
  }
}
