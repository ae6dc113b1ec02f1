// A zone as a store keeps it: who and what it is, and its boundary as lines for maps, thinned to what a screen can show.

import { splitRing } from '../geo/antimeridian.js'
import type { ZoneRef } from '../model/event.js'
import { safeText } from '../model/text.js'
import type { ZonePolygon } from '../zones/index.js'

/** A boundary is drawn at most this far from where it is, degrees: half a mile. */
export const TOLERANCE_DEG = 0.008
const EDGE = 180 - 1e-9

export interface ZoneRow extends Pick<ZoneRef, 'id' | 'kind' | 'mrgid' | 'sovereigns' | 'method'> {
  name: string
  /** West, south, east, north. */
  box: [number, number, number, number]
  /** GeoJSON MultiLineString. */
  boundary: string
}

export function zoneRow({ ref, polygons }: ZonePolygon): ZoneRow {
  const { id, kind, mrgid, sovereigns, method } = ref
  const box: ZoneRow['box'] = [180, 90, -180, -90]
  const lines: number[][][] = []
  for (const ring of polygons.flat().flatMap(points => splitRing(points.flatMap(([x, y]) => [x!, y!])))) {
    for (let i = 0; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], ring[i]!)
      box[1] = Math.min(box[1], ring[i + 1]!)
      box[2] = Math.max(box[2], ring[i]!)
      box[3] = Math.max(box[3], ring[i + 1]!)
    }
    for (const line of withoutCut(ring)) lines.push(simplify(line, TOLERANCE_DEG))
  }
  const boundary = JSON.stringify({ type: 'MultiLineString', coordinates: lines })
  return { ...{ id, kind, mrgid, sovereigns, method, box, boundary }, name: safeText(ref.name, 120) }
}

/** A ring as lines that leave out its edges along ±180, which are no boundary. */
function withoutCut(ring: Float64Array): number[][][] {
  const lines: number[][][] = []
  let line: number[][] = []
  for (let i = 0; i < ring.length; i += 2) {
    const point = [ring[i]!, ring[i + 1]!]
    const before = line.at(-1)
    if (before && Math.abs(before[0]!) >= EDGE && Math.abs(point[0]!) >= EDGE) {
      if (line.length > 1) lines.push(line)
      line = []
    }
    line.push(point)
  }
  if (line.length > 1) lines.push(line)
  return lines
}

/** Douglas and Peucker's: the fewest of the points such that none is farther than `tolerance` from the line. */
export function simplify(line: readonly number[][], tolerance: number): number[][] {
  const keep = new Uint8Array(line.length)
  keep[0] = keep[line.length - 1] = 1
  const spans: [number, number][] = [[0, line.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span
    let worst = tolerance ** 2
    let at = -1
    for (let i = from + 1; i < to; i++) {
      const d = squaredDistance(line[i]!, line[from]!, line[to]!)
      if (d > worst) [worst, at] = [d, i]
    }
    if (at < 0) continue
    keep[at] = 1
    spans.push([from, at], [at, to])
  }
  return line.filter((_, i) => keep[i] === 1).map(([x, y]) => [round(x!), round(y!)])
}

const round = (degrees: number): number => Math.round(degrees * 1e4) / 1e4

function squaredDistance([x, y]: number[], [x1, y1]: number[], [x2, y2]: number[]): number {
  const dx = x2! - x1!
  const dy = y2! - y1!
  const length = dx * dx + dy * dy
  const f = length === 0 ? 0 : Math.min(1, Math.max(0, ((x! - x1!) * dx + (y! - y1!) * dy) / length))
  return (x! - x1! - f * dx) ** 2 + (y! - y1! - f * dy) ** 2
}
