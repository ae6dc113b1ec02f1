// Whose waters: which zones a point lies in. Answers for every report, so most answers are one array read (geo/grid).
// Exact against the polygons it was given; how right those are is docs/zones.md.

import type { ZoneRef } from '../model/event.js'

/** A zone and its area: polygons of rings of [longitude, latitude], as in a GeoJSON MultiPolygon. */
export interface ZonePolygon {
  ref: ZoneRef
  polygons: number[][][][]
}

export interface ZoneIndex {
  readonly zones: readonly ZoneRef[]
  /**
   * Id of the set of zones at a point; 0 = none (high seas). Exact. Hot: called per report. NaN -> 0.
   * Ids belong to this index and this run: they must not be written to disk.
   */
  setAt(lat: number, lon: number): number
  /** Indices into `zones` of a set, ascending. */
  members(set: number): readonly number[]
  /**
   * Fraction 0…1 along the short way from point 1 to point 2 of the LAST change of membership of zone z, NaN when
   * membership does not change. Exact against the edges.
   */
  crossing(zone: number, lat1: number, lon1: number, lat2: number, lon2: number): number
  /** Distance to the nearest boundary of the zone, metres (cold). */
  boundaryDistanceM(zone: number, lat: number, lon: number): number
}
