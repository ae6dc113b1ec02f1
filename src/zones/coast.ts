// Land and the distance to shore, from Natural Earth 10 m (public domain): one land for the whole program. The source
// is drawn for maps at 1 : 10 million and stored on a lattice of 0.0036° by 0.0017° (400 m by 190 m at the equator):
// that is how far a real quay may be from this coast, and often farther.

import { splitRing } from '../geo/antimeridian.js'
import { buildAreaGrid } from '../geo/grid.js'
import { buildNearestLine } from './nearest.js'
import { readShipped } from './packed.js'

export interface Coast {
  /** True on land; lakes count as land, the Caspian Sea does not. NaN: false. */
  onLand(lat: number, lon: number): boolean
  /** Distance to the nearest coast, metres, from either side. Within 5 m + 0.02 % of the coast it has. NaN in, NaN out. */
  shoreDistanceM(lat: number, lon: number): number
  /** Memory held, bytes. */
  readonly bytes: number
}

/** Reads the shipped land: some 409,000 points. The raster is made here, the tree for distances when first asked. */
export function loadCoast(): Coast {
  const { lines } = readShipped('land.bin.gz')
  const grid = buildAreaGrid(
    lines.flatMap(line => splitRing(line).map(ring => ({ ring, part: 0 }))),
    [0],
  )
  const nearest = buildNearestLine(lines.flatMap(withoutCut))
  return {
    onLand: (lat, lon) => grid.setAt(lat, lon) !== 0,
    shoreDistanceM: nearest.distanceM,
    bytes: grid.bytes + nearest.bytes,
  }
}

/** The coast of a ring: all of it but the edges along ±180, where the source cuts Siberia and Fiji. */
function withoutCut(ring: Float64Array): Float64Array[] {
  const lines: Float64Array[] = []
  let from = 0
  for (let i = 0; i + 2 < ring.length; i += 2) {
    if (Math.abs(ring[i]!) < 180 - 1e-9 || Math.abs(ring[i + 2]!) < 180 - 1e-9) continue
    if (i > from) lines.push(ring.subarray(from, i + 2))
    from = i + 2
  }
  if (ring.length - from >= 4) lines.push(ring.subarray(from))
  return lines
}
