// Columns of a table, CSV or Parquet: which layout they are in, which field each fills and in what unit. A column that the
// layout does not name can still be found by its name (fields.ts).

import { InputError, UsageError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { fieldOf, FIELDS, plainName, type Field } from './fields.js'
import type { NamedLayout } from './json/recognise.js'
import { LAYOUTS, originsOf, type Layout } from './layouts.js'
import type { Unit } from './units.js'

const REQUIRED = ['mmsi', 't', 'lat', 'lon'] as const satisfies readonly Field[]
const SPOKEN: Record<(typeof REQUIRED)[number], string> = {
  mmsi: 'MMSI',
  t: 'time',
  lat: 'latitude',
  lon: 'longitude',
}

export interface TableColumns {
  /** Column number of each field, −1 where there is none. */
  column: Record<Field, number>
  /** Units other than ours. */
  unit: Partial<Record<Field, Unit>>
}

/**
 * The layout of a table by its header.
 * @param isWhole true when the sampled values of a column are all whole numbers
 */
export function recogniseTable(
  columns: readonly string[],
  isWhole: (column: number) => boolean,
): NamedLayout | undefined {
  const plain = new Set(columns.map(plainName))
  const exact = new Set(columns)
  return LAYOUTS.find(
    layout =>
      layout.shape === 'table' &&
      layout.has.some(names =>
        names.every(name => (layout.exact ? exact.has(name) : plain.has(plainName(name)))),
      ) &&
      (layout.integers ?? []).every(field => {
        const k = assignColumns(columns, layout).column[field]
        return k >= 0 && isWhole(k)
      }),
  )
}

/** Which column each field takes: what the layout says, then the best name, and of equal names the first. */
export function assignColumns(columns: readonly string[], layout: Layout | undefined): TableColumns {
  const column = Object.fromEntries(FIELDS.map(field => [field, -1])) as Record<Field, number>
  const unit: TableColumns['unit'] = {}
  const taken = new Set<number>()
  const plain = columns.map(plainName)
  if (layout) {
    for (const field of FIELDS) {
      for (const origin of originsOf(layout.fields, field)) {
        const k = plain.indexOf(plainName(origin.name))
        if (k < 0) continue
        column[field] = k
        if (origin.unit !== undefined) unit[field] = origin.unit
        taken.add(k)
        break
      }
    }
  }
  const rank = new Map<Field, number>()
  columns.forEach((name, k) => {
    const known = fieldOf(name)
    if (!known || taken.has(k) || (rank.get(known.field) ?? Infinity) <= known.rank) return
    if (column[known.field] >= 0 && !rank.has(known.field)) return
    column[known.field] = k
    rank.set(known.field, known.rank)
  })
  return { column, unit }
}

/** Applies `--map field=column`. @throws UsageError for an unknown field, InputError for a missing column */
export function applyMap(
  { column, unit }: TableColumns,
  columns: readonly string[],
  map: Record<string, string>,
  input: string,
): void {
  for (const [field, name] of Object.entries(map)) {
    if (!(FIELDS as readonly string[]).includes(field)) {
      throw new UsageError(`map: unknown field "${safeText(field)}", expected one of ${FIELDS.join(', ')}`)
    }
    let k = columns.indexOf(name)
    if (k < 0) k = columns.findIndex(other => plainName(other) === plainName(name) && plainName(name) !== '')
    if (k < 0) {
      throw new InputError(
        'unrecognised',
        `${input}: no column "${safeText(name)}" for ${field}; columns found: ${listColumns(columns)}`,
      )
    }
    for (const other of FIELDS) if (column[other] === k) column[other] = -1
    column[field as Field] = k
    delete unit[field as Field]
  }
}

const listColumns = (columns: readonly string[]): string =>
  columns
    .slice(0, 40)
    .map(name => safeText(name, 40) || '(no name)')
    .join(', ') + (columns.length > 40 ? ` and ${columns.length - 40} more` : '')

/**
 * Refuses a table that has no column for a vessel, a time or a place.
 * @param hasPlace the place stands in a column of another kind
 * @throws InputError `unrecognised`, with the columns found, the ones that are missing, and the remedy
 */
export function requireColumns({
  column,
  columns,
  layout,
  input,
  what,
  hasPlace = false,
}: {
  column: TableColumns['column']
  columns: readonly string[]
  layout: Layout | undefined
  input: string
  what: string
  hasPlace?: boolean
}): void {
  const needsPlace = !hasPlace && !layout?.isStatic
  const missing = REQUIRED.filter(
    field => column[field] < 0 && (needsPlace || (field !== 'lat' && field !== 'lon')),
  )
  if (missing.length === 0) return
  throw new InputError(
    'unrecognised',
    `${input}: ${what} without ${missing.map(field => SPOKEN[field]).join(', ')}; columns found: ` +
      `${listColumns(columns)}; missing: ${missing.join(', ')} ` +
      `(name them with --map ${missing.map(field => `${field}=COLUMN`).join(',')})`,
  )
}
