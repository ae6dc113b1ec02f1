// Tables for people, on stderr or for commands whose answer is a table. Cells hold text from ships and from zone files,
// so every cell passes through safeText.

import Table from 'cli-table3'
import { safeText } from '../model/text.js'
import { inThousands } from './numbers.js'

export type Cell = string | number | null | undefined

const shown = (cell: Cell): string =>
  cell == null
    ? ''
    : typeof cell === 'number'
      ? Number.isFinite(cell)
        ? inThousands(cell)
        : ''
      : safeText(cell, 400)

/** A ship's name: AIS has room for 20 characters, a JSON feed for as many as somebody liked. */
export const nameCell = (name: string | null): string => safeText(name ?? '', 32)

/**
 * A table with a title above it. Numbers stand right and are written in thousands.
 * @param head column names
 * @param rows may be empty: then there is no table but one line that says so
 */
export function table(
  title: string,
  head: string[],
  rows: Cell[][],
  { none = 'none', width }: TableOptions = {},
): string {
  if (rows.length === 0) return `${title}: ${none}`
  const right = head.map((_, k) => rows.every(row => isFigure(row[k])))
  const out = new Table({
    head,
    colAligns: right.map(isRight => (isRight ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
    chars: PLAIN,
    ...(width !== undefined && { colWidths: fit(head, rows, width), wordWrap: true }),
  })
  for (const row of rows) out.push(row.map(shown))
  return `${title}\n${trimmed(out)}`
}

/** A number, or text that is one with its unit; so is nothing at all. */
const isFigure = (cell: Cell): boolean =>
  cell == null || typeof cell === 'number' || /^([-+]?[\d,.]+( (%|s))?)?$/.test(cell)

const trimmed = (out: Table.Table): string => out.toString().replace(/ +$/gm, '')

interface TableOptions {
  /** Said when there are no rows. */
  none?: string
  /** Columns of the terminal: the last column is wrapped to fit. */
  width?: number
}

/** Every column as wide as its widest cell, the last one as wide as what is left. */
function fit(head: string[], rows: Cell[][], width: number): number[] {
  const widths = head.map((name, k) => 2 + Math.max(name.length, ...rows.map(row => shown(row[k]).length)))
  const used = widths.slice(0, -1).reduce((sum, w) => sum + w + 1, 2)
  return [...widths.slice(0, -1), Math.max(30, Math.min(widths.at(-1)!, width - used))]
}

/** Two columns: what, and how much. */
export function pairs(title: string, rows: [what: string, value: Cell][]): string {
  const out = new Table({ style: { head: [], border: [], compact: true }, chars: PLAIN })
  for (const [what, value] of rows) out.push([what, shown(value)])
  return `${title}\n${trimmed(out)}`
}

// a rule under the head and nothing else: readable in any font, in a log and on paper
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: ' ',
  'left-mid': ' ',
  mid: '─',
  'mid-mid': '─',
  right: '',
  'right-mid': '',
  middle: ' ',
}
