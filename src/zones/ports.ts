// Ports and anchorages: places where a silent or slow ship is no news. The user brings the list: the World Port Index
// (NGA publication 150), Global Fishing Watch's anchorages, or any CSV with a name, a latitude and a longitude.

import { wrapLon } from '../geo/antimeridian.js'
import { haversineM } from '../geo/distance.js'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { M_PER_NM } from '../model/units.js'
import { readCsvRows } from './csv-rows.js'
import { fileLabel } from './read-file.js'

export interface Port {
  name: string
  lat: number
  lon: number
  radiusM: number
  /** ISO 3166-1 alpha-3, or as the file has it. */
  country: string | null
  /** Not of the list: ships have lain there (zones/anchorages). */
  learned?: boolean
}

export interface PortIndex {
  readonly ports: readonly Port[]
  /** Rows of the file that gave no port: no number, or out of range. */
  readonly skipped: number
  /**
   * The nearest port whose radius covers the point. NaN: none.
   * @param t of those that are learned, only what was known by then, epoch ms
   */
  at(lat: number, lon: number, t?: number): Port | undefined
}

/** Global Fishing Watch counts a vessel as in port within 3 km of an anchorage (pipe-anchorages, port entry). */
export const DEFAULT_PORT_RADIUS_M = 3000
/** The widest radius taken from a file: beyond, a port would silence a sea. */
const MAX_PORT_RADIUS_M = 100_000

/** Headers by field, first match wins; compared in lower case with anything but letters and digits left out. */
const COLUMNS = {
  name: ['mainportname', 'portname', 'name', 'label', 'port', 'anchorage', 'title'],
  lat: ['latitude', 'lat', 'latitudedd', 'latdd', 'y'],
  lon: ['longitude', 'lon', 'lng', 'long', 'longitudedd', 'londd', 'x'],
  country: ['iso3', 'countrycode', 'countryiso3', 'country', 'flag'],
  radius: ['radiusm', 'radiuskm', 'radiusnm', 'radius'],
} as const
/** Metres in the unit that a radius header names; a bare `radius` is metres. */
const RADIUS_UNIT_M: Record<string, number> = { radiusm: 1, radiuskm: 1000, radiusnm: M_PER_NM, radius: 1 }

/**
 * Ports from a CSV (`,` `;` or tab, plain or .gz). Columns: a latitude and a longitude in degrees; where present a name,
 * a country and a radius (`radius_m`, `radius_km`, `radius_nm`; 3 km otherwise).
 * @throws InputError when the file cannot be read, has no such columns, or gives no port
 */
export async function loadPorts(path: string): Promise<PortIndex> {
  const label = fileLabel(path)
  const [header = [], ...rows] = (await readCsvRows(path)).map(({ cells }) => cells)
  const names = header.map(cell => cell.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const column = (field: keyof typeof COLUMNS): number =>
    COLUMNS[field].map(alias => names.indexOf(alias)).find(i => i >= 0) ?? -1
  const lat = column('lat')
  const lon = column('lon')
  if (lat < 0 || lon < 0) {
    const missing = [lat < 0 && 'latitude', lon < 0 && 'longitude'].filter(Boolean).join(' and ')
    throw new InputError(
      'unrecognised',
      `${label}: no column for ${missing}, found ${safeText(header.join(', '), 300)}`,
    )
  }
  const [name, country, radius] = [column('name'), column('country'), column('radius')]
  const unitM = RADIUS_UNIT_M[names[radius] ?? ''] ?? 1

  const ports: Port[] = []
  let skipped = 0
  for (const row of rows) {
    const port: Port = {
      name: safeText(row[name]?.trim() ?? ''),
      lat: degrees(row[lat], 90),
      lon: wrapLon(degrees(row[lon], 360)),
      radiusM: radiusM(row[radius], unitM),
      country: safeText(row[country]?.trim() ?? '') || null,
    }
    if (Number.isNaN(port.lat) || Number.isNaN(port.lon) || Number.isNaN(port.radiusM)) skipped++
    else ports.push(port)
  }
  if (ports.length === 0) {
    throw new InputError(
      'unrecognised',
      `${label}: no port in ${rows.length} rows (latitude and longitude in degrees?)`,
    )
  }
  return buildPortIndex(ports, skipped)
}

/** Indexes ports for lookup; where several cover a point the nearest answers, and of equals the first. */
export function buildPortIndex(ports: readonly Port[], skipped = 0): PortIndex {
  const cells = new Map<number, number[]>()
  // one bit per cell of a tenth of a degree: nearly every report is asked for and nearly none is in a port
  const taken = new Uint8Array((COLUMNS_OF_CELLS * ROWS_OF_CELLS) / 8)
  ports.forEach((port, index) => {
    for (const cell of cellsWithin(port)) {
      const held = cells.get(cell)
      if (held) held.push(index)
      else cells.set(cell, [index])
      taken[cell >> 3]! |= 1 << (cell & 7)
    }
  })
  return {
    ports,
    skipped,
    at(lat, lon) {
      if (!(Math.abs(lat) <= 90) || !Number.isFinite(lon)) return undefined
      const cell = cellOf(lat, wrapLon(lon))
      if (!(taken[cell >> 3]! & (1 << (cell & 7)))) return undefined
      let best: Port | undefined
      let bestM = Infinity
      for (const index of cells.get(cell)!) {
        const port = ports[index]!
        const distanceM = haversineM(lat, lon, port.lat, port.lon)
        if (distanceM <= port.radiusM && distanceM < bestM) {
          best = port
          bestM = distanceM
        }
      }
      return best
    },
  }
}

const CELLS_PER_DEG = 10
const COLUMNS_OF_CELLS = 360 * CELLS_PER_DEG
const ROWS_OF_CELLS = 180 * CELLS_PER_DEG

function rowOf(lat: number): number {
  return Math.max(0, Math.min(ROWS_OF_CELLS - 1, Math.floor((lat + 90) * CELLS_PER_DEG)))
}

/** Its cell of a tenth of a degree. */
export function cellOf(lat: number, lon: number): number {
  const column = Math.max(0, Math.min(COLUMNS_OF_CELLS - 1, Math.floor((lon + 180) * CELLS_PER_DEG)))
  return rowOf(lat) * COLUMNS_OF_CELLS + column
}

/** Every cell that the port's circle may touch, and a few around it. */
export function cellsWithin({ lat, lon, radiusM }: Pick<Port, 'lat' | 'lon' | 'radiusM'>): number[] {
  const dLat = radiusM / 111_000
  const widest = Math.min(90, Math.max(Math.abs(lat - dLat), Math.abs(lat + dLat)))
  // degrees of longitude that the radius is at its poleward end; near a pole all of them
  const dLon = widest > 89 ? 180 : Math.min(180, dLat / Math.cos((widest * Math.PI) / 180))
  const first = Math.floor((lon - dLon + 180) * CELLS_PER_DEG)
  const last = Math.min(first + COLUMNS_OF_CELLS - 1, Math.floor((lon + dLon + 180) * CELLS_PER_DEG))
  const cells: number[] = []
  for (let row = rowOf(lat - dLat); row <= rowOf(lat + dLat); row++) {
    for (let column = first; column <= last; column++) {
      cells.push(row * COLUMNS_OF_CELLS + ((column + COLUMNS_OF_CELLS) % COLUMNS_OF_CELLS))
    }
  }
  return cells
}

function degrees(cell: string | undefined, limit: number): number {
  const text = cell?.trim() ?? ''
  const value = text === '' ? NaN : Number(text)
  return Math.abs(value) <= limit ? value : NaN
}

function radiusM(cell: string | undefined, unitM: number): number {
  const text = cell?.trim() ?? ''
  if (text === '') return DEFAULT_PORT_RADIUS_M
  const value = Number(text) * unitM
  return value > 0 ? Math.min(value, MAX_PORT_RADIUS_M) : NaN
}
