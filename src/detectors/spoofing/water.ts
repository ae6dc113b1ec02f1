// Where ships sail inland: cells of a fortieth of a degree in which two ships or more were heard that came there in an
// honest way. A coast drawn at 1 : 10 million has no rivers and canals; those who use them show where they are.

import { wrapLon } from '../../geo/antimeridian.js'

/** By cell: the one MMSI heard there so far, or SEVERAL. In order of first hearing, so the oldest give way. */
export type WaterState = Map<number, number>

const PER_DEG = 40
const COLUMNS = 360 * PER_DEG
const SEVERAL = 0
/** Half a million square kilometres of river: all that is navigable, several times over. */
const MAX_CELLS = 65_536

export const createWater = (): WaterState => new Map()

export function teach(water: WaterState, lat: number, lon: number, mmsi: number): void {
  const cell = cellOf(lat, lon, 0, 0)
  const known = water.get(cell)
  if (known === undefined) {
    if (water.size >= MAX_CELLS) water.delete(water.keys().next().value!)
    water.set(cell, mmsi)
  } else if (known !== mmsi && known !== SEVERAL) water.set(cell, SEVERAL)
}

/** Several ships sail in this cell or one beside it. */
export function isWater(water: WaterState, lat: number, lon: number): boolean {
  for (let north = -1; north <= 1; north++)
    for (let east = -1; east <= 1; east++)
      if (water.get(cellOf(lat, lon, north, east)) === SEVERAL) return true
  return false
}

function cellOf(lat: number, lon: number, north: number, east: number): number {
  const row = Math.floor((lat + 90) * PER_DEG) + north
  const column = Math.floor((wrapLon(lon) + 180) * PER_DEG) + east
  return row * COLUMNS + ((column + COLUMNS) % COLUMNS)
}
