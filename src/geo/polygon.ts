// Point in polygon by crossing number, and where an edge is met. Edges are straight lines in longitude and latitude,
// as GeoJSON and shapefiles mean them. Half-open: of two polygons that share an edge exactly one has each point on it.

/**
 * Longitude at which an edge meets a parallel it straddles. The same two points give the same number whatever their
 * order, so neighbours that share an edge agree to the last bit.
 */
export function edgeLonAt(x1: number, y1: number, x2: number, y2: number, y: number): number {
  const x = y1 < y2 ? x1 + ((y - y1) * (x2 - x1)) / (y2 - y1) : x2 + ((y - y2) * (x1 - x2)) / (y1 - y2)
  // rounding never leaves the edge's own span
  return x1 < x2 ? (x < x1 ? x1 : x > x2 ? x2 : x) : x < x2 ? x2 : x > x1 ? x1 : x
}

/** True when the edge is met going east from the point: what a crossing number counts. */
export function crossesEast(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  lat: number,
  lon: number,
): boolean {
  if (y1 > lat === y2 > lat) return false
  return lon < edgeLonAt(x1, y1, x2, y2, lat)
}

/**
 * Even-odd test over flat closed rings [lon, lat, …] that lie within −180…180 (see splitRing): the definition that
 * every index must agree with.
 */
export function insideRings(rings: readonly Float64Array[], lat: number, lon: number): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 2; i < ring.length; i += 2) {
      if (crossesEast(ring[i - 2]!, ring[i - 1]!, ring[i]!, ring[i + 1]!, lat, lon)) inside = !inside
    }
  }
  return inside
}

/** Fraction 0…1 of the way from a to b at which it meets the edge 1–2; NaN when it does not, or runs along it. */
export function meetingFraction(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): number {
  const dx = bx - ax
  const dy = by - ay
  const ex = x2 - x1
  const ey = y2 - y1
  const det = dx * ey - dy * ex
  if (det === 0) return NaN
  const onWay = ((x1 - ax) * ey - (y1 - ay) * ex) / det
  const onEdge = ((x1 - ax) * dy - (y1 - ay) * dx) / det
  return onWay >= 0 && onWay <= 1 && onEdge >= 0 && onEdge <= 1 ? onWay : NaN
}
