// A reception grid from a CSV or GeoJSON: one that darkwake wrote, or one made from a static map of reception. Needed are
// a place, how many holes a row rests on, and one share of silences at least; the rest has a default.

import { parseString } from 'fast-csv'
import { wrapLon } from '../geo/antimeridian.js'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { GRID_LENGTHS, type GridRow } from '../reception/grid.js'
import { RADIO_CLASSES, SLOTS_PER_DAY, type RadioClass } from '../reception/slots.js'
import { fileLabel, readWholeFile } from '../zones/read-file.js'

export interface ReceptionGrid {
  rows: GridRow[]
  /** Rows that hold something else than a cell: no number, out of range, shares that grow with length. */
  skipped: number
}

/**
 * Columns of a CSV, or properties of GeoJSON features, in any order: `lat`, `lon` (a place in the cell, degrees), `holes`, and at least one of `over10min` …
 * `over48h` (share of holes of at least that length, 0…1). Optional: `deg` (side of the cell: up to 0.25, 1 or 10;
 * default 0.25), `class` (A, B, other), `feed` (unknown), `visits` (a 144th of the holes).
 * @throws InputError when the file cannot be read, is neither, has no such columns, or gives no row
 */
export async function loadReceptionGrid(path: string): Promise<ReceptionGrid> {
  const label = fileLabel(path)
  const text = (await readWholeFile(path)).toString('utf8').replace(/^\ufeff/, '')
  const records = text.trimStart().startsWith('{') ? features(text, label) : await parse(text, label)
  const header = Object.keys(records[0] ?? {})
  const lengths = GRID_LENGTHS.map(({ name }) => `over${name}`)
  const missing = ['lat', 'lon', 'holes'].filter(name => !header.includes(name))
  if (!lengths.some(name => header.includes(name))) missing.push(`one of ${lengths.join(', ')}`)
  if (missing.length > 0) {
    const found = safeText(header.join(', '), 300)
    throw new InputError('unrecognised', `${label}: no column for ${missing.join(' and ')}, found ${found}`)
  }
  const rows = records.flatMap(record => rowOf(record, lengths) ?? [])
  if (rows.length === 0)
    throw new InputError(
      'unrecognised',
      `${label}: no cell in ${records.length} ${records.length === 1 ? 'row' : 'rows'}`,
    )
  return { rows, skipped: records.length - rows.length }
}

type Record_ = Record<string, string | undefined>

function parse(text: string, label: string): Promise<Record_[]> {
  return new Promise((resolve, reject) => {
    const records: Record_[] = []
    parseString<Record_, Record_>(text, { headers: true, ignoreEmpty: true, discardUnmappedColumns: true })
      .on('error', error =>
        reject(new InputError('unrecognised', `${label}: not a CSV: ${safeText(error.message, 200)}`)),
      )
      .on('data', (record: Record_) => records.push(record))
      .on('end', () => resolve(records))
  })
}

function features(text: string, label: string): Record_[] {
  const no = (why: string) => new InputError('unrecognised', `${label}: no GeoJSON with cells: ${why}`)
  let parsed: { features?: unknown } | null
  try {
    parsed = JSON.parse(text) as typeof parsed
  } catch (error) {
    throw no(safeText((error as Error).message, 200))
  }
  if (!Array.isArray(parsed?.features)) throw no('it has no features')
  return parsed.features.map((feature: { properties?: Record<string, unknown> | null } | null) =>
    Object.fromEntries(
      Object.entries(feature?.properties ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' || typeof value === 'number' ? String(value) : undefined,
      ]),
    ),
  )
}

function rowOf(record: Record_, lengths: string[]): GridRow | null {
  const lat = number(record.lat)
  const lon = number(record.lon)
  const deg = number(record.deg, 0.25)
  const holes = number(record.holes)
  const visits = number(record.visits, holes / SLOTS_PER_DAY)
  const radio = (record.class || 'other') as RadioClass
  const over = lengths.map(name => (record[name] ? number(record[name]) : null))
  const given = over.filter(share => share !== null)
  const isRow =
    Math.abs(lat) <= 90 &&
    Math.abs(lon) <= 360 &&
    deg > 0 &&
    deg <= 10 &&
    holes > 0 &&
    holes < 1e9 &&
    visits >= 0 &&
    visits <= 2 * holes &&
    RADIO_CLASSES.includes(radio) &&
    given.length > 0 &&
    given.every((share, k) => share >= 0 && share <= (given[k - 1] ?? 1))
  const feed = record.feed || 'unknown'
  return isRow ? { lat, lon: wrapLon(lon), deg, radio, feed, holes, visits, heardShare: null, over } : null
}

const number = (text: string | undefined, otherwise = NaN): number =>
  text === undefined || text.trim() === '' ? otherwise : Number(text)
