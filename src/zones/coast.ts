// Land and the distance to shore, from Natural Earth 10 m (public domain): one land for the whole program. The source
// is drawn for maps at 1 : 10 million and stored on a lattice of 0.0036° by 0.0017° (400 m by 190 m at the equator):
// that is how far a real quay may be from this coast, and often farther.

import { splitRing } from '../geo/antimeridian.js'
import { buildAreaGrid, type AreaGrid } from '../geo/grid.js'
import { buildNearestLine, type NearestLine } from './nearest.js'
import { readShipped } from './packed.js'

/**
 * How far the shipped coast may be from the real one, metres. Of 1,405 harbours of the World Port Index on open coasts of
 * the sea (open roadsteads and behind breakwaters; a place to a minute of arc) 95 of 100 are at most 2.0 km inland by it,
 * 99 of 100 3.9 km, and all but eight no more than this. Rivers, canals and lagoons are land on it: Humber and Thames, the
 * waterway to Rotterdam, Weser, Calcasieu and the lagoon of Kaliningrad lie up to 35 km inland.
 */
export const COAST_ACCURACY_M = 5000

export interface Coast {
  /** True on land; lakes count as land, the Caspian Sea does not. NaN: false. */
  onLand(lat: number, lon: number): boolean
  /** Distance to the nearest coast, metres, from either side. Within 5 m + 0.02 % of the coast it has. NaN in, NaN out. */
  shoreDistanceM(lat: number, lon: number): number
  /** On land, or at sea and nearer to the coast than that: a fraction of the cost of the distance. NaN: false. */
  isLandWithin(lat: number, lon: number, limitM: number): boolean
  /** Memory held so far, bytes. */
  bytes(): number
}

/**
 * The shipped land: some 409,000 points. The file is read, raster and distance tree are made, each when first asked for,
 * so that a run that never asks does not pay.
 */
export function loadCoast(): Coast {
  let read: { whole: Float64Array[]; cut: Float64Array[] } | undefined
  let grid: AreaGrid | undefined
  let nearest: NearestLine | undefined
  const lines = () => (read ??= byCut(loadLand()))
  const shore = (): NearestLine =>
    (nearest ??= buildNearestLine([...lines().whole, ...lines().cut.flatMap(withoutCut)]))
  function onLand(lat: number, lon: number): boolean {
    if (!grid) {
      const rings = [...lines().whole, ...lines().cut.flatMap(splitRing)]
      grid = buildAreaGrid(
        rings.map(ring => ({ ring, part: 0 })),
        [0],
      )
    }
    return grid.setAt(lat, lon) !== 0
  }
  const coast: Coast = {
    onLand,
    shoreDistanceM: (lat, lon) => shore().distanceM(lat, lon),
    isLandWithin: (lat, lon, limitM) => onLand(lat, lon) || shore().isWithin(lat, lon, limitM),
    bytes() {
      const own = Object.values(read ?? {})
        .flat()
        .reduce((sum, line) => sum + line.byteLength, 0)
      return own + (grid?.bytes() ?? 0) + (nearest?.bytes ?? 0)
    },
  }
  shipped.add(coast)
  return coast
}

const shipped = new WeakSet<Coast>()

/** Whether loadCoast() made it, so that another thread can have the same. */
export const isShipped = (coast: Coast): boolean => shipped.has(coast)

/** The shipped land as it is: flat rings [lon, lat, …] within −180…180; even-odd over all of them is land. Read anew at each call. */
export const loadLand = (): Float64Array[] => readShipped('land.bin.gz').lines

/** The source leaves −180…180 nowhere, and cuts six of its 4,045 rings there. */
function byCut(rings: Float64Array[]): { whole: Float64Array[]; cut: Float64Array[] } {
  const isCut = rings.map(ring => ring.includes(180) || ring.includes(-180))
  return { whole: rings.filter((_, k) => !isCut[k]), cut: rings.filter((_, k) => isCut[k]) }
}

/** The coast of a ring: all of it but the edges along ±180, where the source cuts Siberia and Fiji. */
function withoutCut(ring: Float64Array): Float64Array[] {
  const lines: Float64Array[] = []
  let from = 0
  for (let i = 0; i + 2 < ring.length; i += 2) {
    if (Math.abs(ring[i]!) !== 180 || Math.abs(ring[i + 2]!) !== 180) continue
    if (i > from) lines.push(ring.subarray(from, i + 2))
    from = i + 2
  }
  if (ring.length - from >= 4) lines.push(ring.subarray(from))
  return lines
}
