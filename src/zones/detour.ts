// The shortest way from one place to another by way of a line: how far a ship had to go to touch a zone and come back.
// The same boxes as for the nearest line (zones/line-tree), with the sum of two distances in place of one.

import { ECCENTRICITY_SQUARED, radiusM } from '../geo/distance.js'
import { BOX, boxDistance2, FAN_OUT, place, type LineTree } from './line-tree.js'

export interface Detour {
  /** Length of the way, metres. */
  wayM: number
  /** Where it touches the line. */
  lat: number
  lon: number
}

const RAD = Math.PI / 180
/** A way this little longer than the straight one is the straight one: the line lies across it. */
const STRAIGHT_M = 0.5

// the query of the moment, kept outside so that a search allocates nothing
const stackBox = new Int32Array(256)
const stackLevel = new Uint8Array(256)
const stackWay = new Float64Array(256)
const ends = new Float64Array(6)
const segment = new Float64Array(4) // of the best way so far: its first point, and how far along, as a fraction
let diameterM = 0
let bestM = 0
let depth = 0

/**
 * Within 20 m + 0.02 % of the shortest on WGS-84, while that is below 4,000 km: a line that is straight in degrees is no
 * more than 10 m from its chords of 0.14°.
 * @returns undefined when every way is longer than `limitM`, or a coordinate is not finite
 */
export function shortestVia(
  tree: LineTree,
  lat1: number,
  lon1: number,
  lat2: number,
  lon2: number,
  limitM: number,
): Detour | undefined {
  if (tree.leafStart.length === 0 || !Number.isFinite(lat1 + lon1 + lat2 + lon2)) return undefined
  place(ends, 0, lat1, lon1)
  place(ends, 3, lat2, lon2)
  diameterM = 2 * radiusM((lat1 + lat2) / 2)
  const straightM = arc(Math.hypot(ends[0]! - ends[3]!, ends[1]! - ends[4]!, ends[2]! - ends[5]!))
  bestM = limitM
  segment[0] = -1
  depth = 0
  const { levels, leafStart, leafCount, points } = tree
  push(tree, levels.length - 1, 0, levels.at(-1)!.length / BOX)
  while (depth > 0 && bestM > straightM + STRAIGHT_M) {
    depth--
    if (!(stackWay[depth]! < bestM)) continue
    const level = stackLevel[depth]!
    const box = stackBox[depth]!
    if (level > 0) {
      tree.open(level, box)
      const count = levels[level - 1]!.length / BOX
      push(tree, level - 1, box * FAN_OUT, Math.min((box + 1) * FAN_OUT, count))
      continue
    }
    const end = leafStart[box]! + leafCount[box]!
    for (let i = leafStart[box]!; i < end; i++) trySegment(points, i * 3)
  }
  if (segment[0]! < 0) return undefined
  const at = segment[0]!
  const [x, y, z] = [0, 1, 2].map(
    k => points[at + k]! + segment[1]! * (points[at + 3 + k]! - points[at + k]!),
  )
  const lat = Math.atan2(z!, (1 - ECCENTRICITY_SQUARED) * Math.hypot(x!, y!)) / RAD
  return { wayM: Math.max(bestM, straightM), lat, lon: Math.atan2(y!, x!) / RAD }
}

/** The boxes (as in a level of a tree) that a way of that length may touch. */
export function boxesWithin(
  boxes: Float64Array,
  lat1: number,
  lon1: number,
  lat2: number,
  lon2: number,
  limitM: number,
): number[] {
  place(ends, 0, lat1, lon1)
  place(ends, 3, lat2, lon2)
  const within: number[] = []
  for (let at = 0; at < boxes.length; at += BOX) {
    const d1 = boxDistance2(boxes, at, ends[0]!, ends[1]!, ends[2]!)
    const d2 = boxDistance2(boxes, at, ends[3]!, ends[4]!, ends[5]!)
    if (Math.sqrt(d1) + Math.sqrt(d2) <= limitM) within.push(at / BOX)
  }
  return within
}

/** Puts boxes on the stack, longest way first, so that the shortest is looked at first. */
function push({ levels }: LineTree, level: number, from: number, to: number): void {
  const bottom = depth
  const boxes = levels[level]!
  for (let box = from; box < to; box++) {
    const d1 = boxDistance2(boxes, box * BOX, ends[0]!, ends[1]!, ends[2]!)
    const d2 = boxDistance2(boxes, box * BOX, ends[3]!, ends[4]!, ends[5]!)
    const wayM = arc(Math.sqrt(d1)) + arc(Math.sqrt(d2))
    if (!(wayM < bestM)) continue
    let k = depth++
    for (; k > bottom && stackWay[k - 1]! < wayM; k--) {
      stackWay[k] = stackWay[k - 1]!
      stackBox[k] = stackBox[k - 1]!
      stackLevel[k] = stackLevel[k - 1]!
    }
    stackWay[k] = wayM
    stackBox[k] = box
    stackLevel[k] = level
  }
}

/**
 * The shortest way by a segment. By straight lines through the earth it touches where light would be reflected: unfold
 * the two triangles into one plane. Along the earth that is nearly right; a step of Newton's makes it so.
 */
function trySegment(points: Float64Array, at: number): void {
  const ax = points[at]!
  const ay = points[at + 1]!
  const az = points[at + 2]!
  const ux = points[at + 3]! - ax
  const uy = points[at + 4]! - ay
  const uz = points[at + 5]! - az
  const length2 = ux * ux + uy * uy + uz * uz
  const x1 = ends[0]! - ax
  const y1 = ends[1]! - ay
  const z1 = ends[2]! - az
  const x2 = ends[3]! - ax
  const y2 = ends[4]! - ay
  const z2 = ends[5]! - az
  // feet of both ends on the segment's line, as fractions, and their squared heights above it
  const foot1 = length2 > 0 ? (x1 * ux + y1 * uy + z1 * uz) / length2 : 0
  const foot2 = length2 > 0 ? (x2 * ux + y2 * uy + z2 * uz) / length2 : 0
  const above1 = Math.max(0, x1 * x1 + y1 * y1 + z1 * z1 - foot1 * foot1 * length2)
  const above2 = Math.max(0, x2 * x2 + y2 * y2 + z2 * z2 - foot2 * foot2 * length2)
  const h1 = Math.sqrt(above1)
  const h2 = Math.sqrt(above2)
  let t = clamp(h1 + h2 > 0 ? (foot1 * h2 + foot2 * h1) / (h1 + h2) : (foot1 + foot2) / 2)
  let d1 = Math.sqrt(above1 + (t - foot1) * (t - foot1) * length2)
  let d2 = Math.sqrt(above2 + (t - foot2) * (t - foot2) * length2)
  let wayM = arc(d1) + arc(d2)
  const curve = (stretch(d1) * above1) / d1 ** 3 + (stretch(d2) * above2) / d2 ** 3
  if (t > 0 && t < 1 && curve > 0) {
    const slope = (stretch(d1) * (t - foot1)) / d1 + (stretch(d2) * (t - foot2)) / d2
    const next = clamp(t - slope / curve)
    d1 = Math.sqrt(above1 + (next - foot1) * (next - foot1) * length2)
    d2 = Math.sqrt(above2 + (next - foot2) * (next - foot2) * length2)
    const nextM = arc(d1) + arc(d2)
    if (nextM < wayM) {
      wayM = nextM
      t = next
    }
  }
  if (!(wayM < bestM)) return
  bestM = wayM
  segment[0] = at
  segment[1] = t
}

const clamp = (t: number): number => (t < 0 ? 0 : t > 1 ? 1 : t)

/** Length along the earth over a chord, and how much faster than the chord it grows. */
const arc = (chordM: number): number => diameterM * Math.asin(Math.min(1, chordM / diameterM))
const stretch = (chordM: number): number => 1 / Math.sqrt(Math.max(1e-6, 1 - (chordM / diameterM) ** 2))
