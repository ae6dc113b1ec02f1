// From "which label has this point" to polygons: marching squares with many labels. Where two neighbouring nodes of a
// lattice differ, the change between them is found by bisection, so lines are as smooth as the labels are, and
// neighbours share every point. Lines are then thinned once, as shared arcs, never per polygon.

import { topology } from 'topojson-server'
import type { GeometryCollection, MultiPolygon, Topology } from 'topojson-specification'

export interface Sheet {
  /** Degrees between nodes; divides 360. */
  step: number
  south: number
  north: number
  /** Label of a point, 0 = none. */
  label: (lat: number, lon: number) => number
}

/** Rings of each label (index = label), flat [lon, lat, …], closed, holes turning the other way. */
export function contour(
  { step, south, north, label }: Sheet,
  progress: (share: number) => void,
): number[][][] {
  const columns = Math.round(360 / step) + 3 // one ghost column without label on either side closes rings at ±180
  const rows = Math.round((north - south) / step) + 1
  const lonOf = (c: number): number => Math.max(-180, Math.min(180, -180 + (c - 1) * step))
  const latOf = (r: number): number => south + r * step

  // points where a label changes, on the sides of squares: id of the point by side, kept for two rows of squares
  const points: number[] = []
  const side = (lat1: number, lon1: number, a: number, lat2: number, lon2: number): number => {
    let lo = 0
    let hi = 1
    if (lon1 === lon2 && lat1 === lat2)
      hi = 0 // towards a ghost column: the change is at ±180 itself
    else {
      for (let k = 0; k < 11; k++) {
        const mid = (lo + hi) / 2
        if (label(lat1 + mid * (lat2 - lat1), lon1 + mid * (lon2 - lon1)) === a) lo = mid
        else hi = mid
      }
    }
    const f = (lo + hi) / 2
    points.push(lon1 + f * (lon2 - lon1), lat1 + f * (lat2 - lat1))
    return points.length / 2 - 1
  }
  // for each label: from a side point to the next, over a centre (or -1), the label on the left
  const links: Map<number, [next: number, centre: number]>[] = []
  const link = (l: number, from: number, to: number, centre: number): void => {
    if (l > 0) (links[l] ??= new Map()).set(from, [to, centre])
  }

  const labelsOf = (r: number): Int32Array => {
    const out = new Int32Array(columns)
    for (let c = 1; c < columns - 2; c++) out[c] = label(latOf(r), lonOf(c))
    out[columns - 2] = out[1]!
    return out
  }
  const acrossOf = (r: number, row: Int32Array): Int32Array => {
    const out = new Int32Array(columns).fill(-1)
    for (let c = 0; c + 1 < columns; c++) {
      if (row[c] !== row[c + 1]) out[c] = side(latOf(r), lonOf(c), row[c]!, latOf(r), lonOf(c + 1))
    }
    return out
  }

  let below = labelsOf(0)
  let belowAcross = acrossOf(0, below)
  for (let r = 0; r + 1 < rows; r++) {
    if (r % 64 === 0) progress(r / rows)
    const above = labelsOf(r + 1)
    const aboveAcross = acrossOf(r + 1, above)
    const up = new Int32Array(columns).fill(-1)
    for (let c = 0; c < columns; c++) {
      if (below[c] !== above[c]) up[c] = side(latOf(r), lonOf(c), below[c]!, latOf(r + 1), lonOf(c))
    }
    for (let c = 0; c + 1 < columns; c++) {
      // corners and sides counter-clockwise from south-west: side k lies between corner k and corner k + 1
      const corners = [below[c]!, below[c + 1]!, above[c + 1]!, above[c]!]
      const sides = [belowAcross[c]!, up[c + 1]!, aboveAcross[c]!, up[c]!]
      const cuts = [0, 1, 2, 3].filter(k => sides[k]! >= 0)
      if (cuts.length === 0) continue
      let centre = -1
      let joined = -1
      if (cuts.length === 4 && corners[0] === corners[2] && corners[1] === corners[3]) {
        joined = label((latOf(r) + latOf(r + 1)) / 2, (lonOf(c) + lonOf(c + 1)) / 2)
        if (joined !== corners[0]) joined = corners[1]!
      } else if (cuts.length > 2) {
        let x = 0
        let y = 0
        for (const k of cuts) {
          x += points[sides[k]! * 2]! / cuts.length
          y += points[sides[k]! * 2 + 1]! / cuts.length
        }
        points.push(x, y)
        centre = points.length / 2 - 1
      }
      cuts.forEach((k, n) => {
        // corners k + 1 … j are one run of one label; its boundary enters at side j and leaves at side k
        const j = cuts[(n + 1) % cuts.length]!
        const own = corners[(k + 1) % 4]!
        // in a saddle the label that holds the middle is joined: its two boundaries cut off the other corners
        if (joined >= 0 && own === joined) link(own, sides[j]!, sides[cuts[(n + 2) % 4]!]!, -1)
        else link(own, sides[j]!, sides[k]!, centre)
      })
    }
    below = above
    belowAcross = aboveAcross
  }

  return links.map(next => {
    const rings: number[][] = []
    while (next.size > 0) {
      const [start] = next.keys()
      const ring: number[] = []
      let at = start!
      for (let step = next.get(at); step; step = next.get(at)) {
        ring.push(points[at * 2]!, points[at * 2 + 1]!)
        if (step[1] >= 0) ring.push(points[step[1] * 2]!, points[step[1] * 2 + 1]!)
        next.delete(at)
        at = step[0]
      }
      ring.push(ring[0]!, ring[1]!)
      rings.push(ring)
    }
    return rings
  })
}

export interface Arcs {
  /** Flat [x, y, …] in whole lattice steps. */
  arcs: number[][]
  /** For each label its rings: arc numbers, ~n for arc n backwards. */
  rings: number[][][]
}

/**
 * Shared arcs of the rings, thinned (Douglas–Peucker) and brought to a lattice.
 * @param toleranceDeg how far a line may move
 * @param perDegree lattice steps per degree
 * @param smallestDeg2 closed specks below this area (square degrees) are dropped from both sides
 */
export function shareArcs(
  ringsOfLabel: number[][][],
  toleranceDeg: number,
  perDegree: number,
  smallestDeg2: number,
): Arcs {
  // each ring as a polygon of its own: even-odd over the rings of a label is the label's area, holes or not
  const rings = ringsOfLabel.map(list => list.map(pairs))
  const shared = topology({
    zones: {
      type: 'GeometryCollection',
      geometries: rings.map(list => ({ type: 'MultiPolygon', coordinates: list.map(ring => [ring]) })),
    },
  }) as Topology<{ zones: GeometryCollection }>
  const arcs = shared.arcs.map(arc => {
    const isRing = arc.length > 3 && arc[0]![0] === arc.at(-1)![0] && arc[0]![1] === arc.at(-1)![1]
    const half = Math.floor(arc.length / 2)
    // a closed arc has no ends to hold on to: its first point and the one half way do
    const kept = isRing
      ? [...thin(arc.slice(0, half + 1), toleranceDeg), ...thin(arc.slice(half), toleranceDeg).slice(1)]
      : thin(arc, toleranceDeg)
    return kept
      .flatMap(([x, y]) => [Math.round(x! * perDegree), Math.round(y! * perDegree)])
      .filter(
        (_, i, all) =>
          i < 2 || all[i - (i % 2)] !== all[i - (i % 2) - 2] || all[i - (i % 2) + 1] !== all[i - (i % 2) - 1],
      )
  })
  const isSpeck = arcs.map(arc => {
    const n = arc.length
    return (
      n < 4 ||
      (arc[0] === arc[n - 2] && arc[1] === arc[n - 1] && Math.abs(area(arc)) < smallestDeg2 * perDegree ** 2)
    )
  })
  const geometries = shared.objects.zones.geometries as MultiPolygon[]
  return {
    arcs,
    rings: geometries.map(({ arcs: polygons }) =>
      (polygons ?? [])
        .map(([ring]) => (ring ?? []).filter(a => arcs[a < 0 ? ~a : a]!.length >= 4))
        .filter(
          ring => ring.length > 1 || (ring.length === 1 && !isSpeck[ring[0]! < 0 ? ~ring[0]! : ring[0]!]),
        ),
    ),
  }
}

function pairs(flat: number[]): number[][] {
  const out: number[][] = []
  for (let i = 0; i < flat.length; i += 2) out.push([flat[i]!, flat[i + 1]!])
  return out
}

function area(ring: number[]): number {
  let sum = 0
  for (let i = 2; i < ring.length; i += 2) sum += ring[i - 2]! * ring[i + 1]! - ring[i]! * ring[i - 1]!
  return sum / 2
}

/** Douglas–Peucker in degrees, longitude shrunk by latitude. Ends stay; so does ±180. */
function thin(line: number[][], toleranceDeg: number): number[][] {
  const keep = new Uint8Array(line.length)
  keep[0] = keep[line.length - 1] = 1
  const stack = [[0, line.length - 1]]
  for (let span = stack.pop(); span; span = stack.pop()) {
    const [a, b] = span as [number, number]
    const [ax, ay] = line[a] as [number, number]
    const [bx, by] = line[b] as [number, number]
    const shrink = Math.cos((ay * Math.PI) / 180)
    const ux = (bx - ax) * shrink
    const uy = by - ay
    const length2 = ux * ux + uy * uy
    let farthest = -1
    let worst = toleranceDeg * toleranceDeg
    for (let i = a + 1; i < b; i++) {
      const vx = (line[i]![0]! - ax) * shrink
      const vy = line[i]![1]! - ay
      const t = length2 > 0 ? Math.max(0, Math.min(1, (vx * ux + vy * uy) / length2)) : 0
      const d = (vx - t * ux) ** 2 + (vy - t * uy) ** 2
      if (d > worst) {
        worst = d
        farthest = i
      }
    }
    if (farthest < 0) continue
    keep[farthest] = 1
    stack.push([a, farthest], [farthest, b])
  }
  return line.filter((_, i) => keep[i])
}
