// Far enough from land and from every port that a stop or a meeting there is no business of a harbour's.

import { haversineM } from '../geo/distance.js'
import { M_PER_NM } from '../model/units.js'
import type { Coast } from './coast.js'
import type { PortIndex } from './ports.js'

/** What is known of coasts and ports; where nothing is, everything is sea. */
export interface Shores {
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

/** Whether a place is that far from the coast and from every port of the list, and in no anchorage that was learned. */
export function isOutAtSea(lat: number, lon: number, limitM: number, { coast, ports }: Shores): boolean {
  if (coast?.isLandWithin(lat, lon, limitM) || ports?.at(lat, lon)) return false
  return !(ports?.ports ?? []).some(
    port =>
      Math.abs(port.lat - lat) * 60 * M_PER_NM < limitM + port.radiusM &&
      haversineM(lat, lon, port.lat, port.lon) < limitM + port.radiusM,
  )
}
