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

/** Ways and edges nearer than this (degrees, ~0.1 mm) meet: far above rounding, far below a position. */
export const MEETING_DEG = 1e-9

/**
 * Adds the fractions 0…1 of the way from a to b at which it may meet the edge 1–2. An end of the edge on the way, or
 * within MEETING_DEG of it, counts by itself: rounding could otherwise let a way slip out between the two edges of a
 * corner. So a fraction may be one too many, but none is missing. A way without length meets nothing.
 */
export function addMeetings(
  fractions: number[],
  ax: number,
  ay: number,
  bx: number,
  by: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  const dx = bx - ax
  const dy = by - ay
  const length = Math.sqrt(dx * dx + dy * dy)
  if (!(length > 0)) return
  // both ends of the edge: how far beside the way, in degrees, and how far along it, as a fraction
  const beside1 = ((x1 - ax) * dy - (y1 - ay) * dx) / length
  const beside2 = ((x2 - ax) * dy - (y2 - ay) * dx) / length
  if (beside1 > MEETING_DEG && beside2 > MEETING_DEG) return
  if (beside1 < -MEETING_DEG && beside2 < -MEETING_DEG) return
  const along1 = ((x1 - ax) * dx + (y1 - ay) * dy) / length / length
  const along2 = ((x2 - ax) * dx + (y2 - ay) * dy) / length / length
  const slack = MEETING_DEG / length
  if (Math.abs(beside1) <= MEETING_DEG) add(fractions, along1, slack)
  if (Math.abs(beside2) <= MEETING_DEG) add(fractions, along2, slack)
  if (beside1 > 0 !== beside2 > 0)
    add(fractions, along1 + ((along2 - along1) * beside1) / (beside1 - beside2), slack)
}

function add(fractions: number[], f: number, slack: number): void {
  if (f >= -slack && f <= 1 + slack) fractions.push(Math.min(1, Math.max(0, f)))
}
