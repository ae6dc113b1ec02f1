// A coast as tests draw it: so far away, or along a line of their own.

import { M_PER_NM } from '../../src/model/units.js'
import type { Coast } from '../../src/zones/coast.js'

export function coastOf(
  shoreDistanceM: Coast['shoreDistanceM'],
  onLand: Coast['onLand'] = () => false,
): Coast {
  return {
    ...{ shoreDistanceM, onLand, bytes: () => 0 },
    isLandWithin: (lat, lon, limitM) => onLand(lat, lon) || shoreDistanceM(lat, lon) < limitM,
  }
}

/** The sea everywhere, the coast as many miles away. */
export const coastNm = (nm: number): Coast => coastOf(() => nm * M_PER_NM)
