// Distance from any point of the earth to the nearest of many lines: coasts, zone boundaries. Lines are kept as points
// in space on the WGS-84 ellipsoid, where there is no antimeridian and no pole; the straight distance through the earth
// is turned into the one along it at the end. Boxes over boxes of 8 leave a few dozen segments to look at.

import { lonDelta } from '../geo/antimeridian.js'
import { ECCENTRICITY_SQUARED, radiusM, SEMI_MAJOR_M } from '../geo/distance.js'

const RAD = Math.PI / 180
/** Longer segments are divided, so that a chord never runs deeper than 5 m below the surface. */
const MAX_SEGMENT_DEG = 0.14
const LEAF_SEGMENTS = 12
const FAN_OUT = 8
const BOX = 6

export interface NearestLine {
  /** Metres along the earth, within 5 m + 0.02 % of the WGS-84 geodesic; Infinity without lines, NaN for NaN. */
  distanceM(lat: number, lon: number): number
  /** Index of the nearest line, -1 when none is within `limitM` metres. */
  lineWithin(lat: number, lon: number, limitM: number): number
  readonly bytes: number
}

/** @param lines flat [lon, lat, …] in degrees, each step the short way round; lines that lie near each other should follow each other */
export function buildNearestLine(lines: readonly Float64Array[]): NearestLine {
  const { points, leafStart, leafCount, leafLine } = toSpace(lines)
  // levels of boxes, the leaves' first; box k of a level covers boxes 8k … 8k + 7 of the level below
  const levels: Float64Array[] = [leafBoxes(points, leafStart, leafCount)]
  while (levels.at(-1)!.length > FAN_OUT * BOX) levels.push(boxesOver(levels.at(-1)!))
  const stackBox = new Int32Array(256)
  const stackLevel = new Uint8Array(256)
  const stackDistance = new Float64Array(256)

  let nearestLeaf = -1

  function distanceM(lat: number, lon: number): number {
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return NaN
    return alongTheEarth(search(lat, lon, Infinity), lat)
  }

  function lineWithin(lat: number, lon: number, limitM: number): number {
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return -1
    const distance = alongTheEarth(search(lat, lon, limitM), lat)
    return nearestLeaf >= 0 && distance <= limitM ? leafLine[nearestLeaf]! : -1
  }

  // the query of the moment, kept outside so that a search allocates nothing
  const at = new Float64Array(3)
  let best = Infinity
  let depth = 0

  /** Length of the shortest chord to a line, metres, when it is below the limit; its leaf in `nearestLeaf`. */
  function search(lat: number, lon: number, limitM: number): number {
    nearestLeaf = -1
    if (leafStart.length === 0) return Infinity
    place(at, 0, lat, lon)
    best = limitM * limitM
    depth = 0
    push(levels.length - 1, 0, levels.at(-1)!.length / BOX)
    while (depth > 0) {
      depth--
      if (!(stackDistance[depth]! < best)) continue
      const level = stackLevel[depth]!
      const box = stackBox[depth]!
      if (level > 0) {
        push(level - 1, box * FAN_OUT, Math.min((box + 1) * FAN_OUT, levels[level - 1]!.length / BOX))
        continue
      }
      const end = leafStart[box]! + leafCount[box]!
      for (let i = leafStart[box]!; i < end; i++) {
        const d = segmentDistance2(points, i * 3, at[0]!, at[1]!, at[2]!)
        if (d < best) {
          best = d
          nearestLeaf = box
        }
      }
    }
    return nearestLeaf < 0 ? Infinity : Math.sqrt(best)
  }

  /** Puts boxes on the stack, farthest first, so that the nearest is looked at first. */
  function push(level: number, from: number, to: number): void {
    const bottom = depth
    const boxes = levels[level]!
    for (let box = from; box < to; box++) {
      const d = boxDistance2(boxes, box * BOX, at[0]!, at[1]!, at[2]!)
      if (!(d < best)) continue
      let k = depth++
      for (; k > bottom && stackDistance[k - 1]! < d; k--) {
        stackDistance[k] = stackDistance[k - 1]!
        stackBox[k] = stackBox[k - 1]!
        stackLevel[k] = stackLevel[k - 1]!
      }
      stackDistance[k] = d
      stackBox[k] = box
      stackLevel[k] = level
    }
  }

  return {
    distanceM,
    lineWithin,
    bytes:
      points.byteLength +
      leafLine.byteLength +
      leafStart.byteLength +
      leafCount.byteLength +
      levels.reduce((sum, b) => sum + b.byteLength, 0),
  }
}

/** Arc over a chord, on the sphere that fits the ellipsoid at that latitude (geometric mean of its radii). */
function alongTheEarth(chordM: number, lat: number): number {
  if (chordM === Infinity) return Infinity
  const radius = radiusM(lat)
  return 2 * radius * Math.asin(Math.min(1, chordM / (2 * radius)))
}

function place(out: Float64Array, at: number, lat: number, lon: number): void {
  const sin = Math.sin(lat * RAD)
  const cos = Math.cos(lat * RAD)
  const normal = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY_SQUARED * sin * sin)
  out[at] = normal * cos * Math.cos(lon * RAD)
  out[at + 1] = normal * cos * Math.sin(lon * RAD)
  out[at + 2] = normal * (1 - ECCENTRICITY_SQUARED) * sin
}

/** The lines as points in space, and the leaves: runs of up to 12 segments of one line. */
function toSpace(lines: readonly Float64Array[]): {
  points: Float64Array
  leafStart: Int32Array
  leafCount: Int32Array
  leafLine: Int32Array
} {
  const stepsOf = (line: Float64Array, i: number): number => {
    const span = Math.max(Math.abs(lonDelta(line[i - 2]!, line[i]!)), Math.abs(line[i + 1]! - line[i - 1]!))
    return Math.max(1, Math.ceil(span / MAX_SEGMENT_DEG))
  }
  let count = 0
  let leafTotal = 0
  for (const line of lines) {
    let segments = 0
    for (let i = 2; i < line.length; i += 2) segments += stepsOf(line, i)
    if (segments === 0) continue
    count += segments + 1
    leafTotal += Math.ceil(segments / LEAF_SEGMENTS)
  }
  const points = new Float64Array(count * 3)
  const leafStart = new Int32Array(leafTotal)
  const leafCount = new Int32Array(leafTotal)
  const leafLine = new Int32Array(leafTotal)
  let point = 0
  let leaf = 0
  for (const [index, line] of lines.entries()) {
    if (line.length < 4) continue
    const first = point
    place(points, point++ * 3, line[1]!, line[0]!)
    for (let i = 2; i < line.length; i += 2) {
      const steps = stepsOf(line, i)
      for (let s = 1; s < steps; s++) {
        const f = s / steps
        const lat = line[i - 1]! + f * (line[i + 1]! - line[i - 1]!)
        place(points, point++ * 3, lat, line[i - 2]! + f * lonDelta(line[i - 2]!, line[i]!))
      }
      place(points, point++ * 3, line[i + 1]!, line[i]!)
    }
    for (let i = first; i < point - 1; i += LEAF_SEGMENTS) {
      leafStart[leaf] = i
      leafLine[leaf] = index
      leafCount[leaf++] = Math.min(LEAF_SEGMENTS, point - 1 - i)
    }
  }
  return { points, leafStart, leafCount, leafLine }
}

function leafBoxes(points: Float64Array, leafStart: Int32Array, leafCount: Int32Array): Float64Array {
  const boxes = new Float64Array(leafStart.length * BOX)
  for (let leaf = 0; leaf < leafStart.length; leaf++) {
    const from = leafStart[leaf]! * 3
    const to = (leafStart[leaf]! + leafCount[leaf]! + 1) * 3
    for (let axis = 0; axis < 3; axis++) {
      let min = Infinity
      let max = -Infinity
      for (let i = from + axis; i < to; i += 3) {
        if (points[i]! < min) min = points[i]!
        if (points[i]! > max) max = points[i]!
      }
      boxes[leaf * BOX + axis] = min
      boxes[leaf * BOX + 3 + axis] = max
    }
  }
  return boxes
}

function boxesOver(below: Float64Array): Float64Array {
  const count = below.length / BOX
  const boxes = new Float64Array(Math.ceil(count / FAN_OUT) * BOX)
  for (let box = 0; box < boxes.length / BOX; box++) {
    for (let axis = 0; axis < 3; axis++) {
      let min = Infinity
      let max = -Infinity
      for (let k = box * FAN_OUT; k < Math.min(count, (box + 1) * FAN_OUT); k++) {
        min = Math.min(min, below[k * BOX + axis]!)
        max = Math.max(max, below[k * BOX + 3 + axis]!)
      }
      boxes[box * BOX + axis] = min
      boxes[box * BOX + 3 + axis] = max
    }
  }
  return boxes
}

function boxDistance2(boxes: Float64Array, at: number, x: number, y: number, z: number): number {
  const dx = Math.max(boxes[at]! - x, 0, x - boxes[at + 3]!)
  const dy = Math.max(boxes[at + 1]! - y, 0, y - boxes[at + 4]!)
  const dz = Math.max(boxes[at + 2]! - z, 0, z - boxes[at + 5]!)
  return dx * dx + dy * dy + dz * dz
}

function segmentDistance2(points: Float64Array, at: number, x: number, y: number, z: number): number {
  const ax = points[at]!
  const ay = points[at + 1]!
  const az = points[at + 2]!
  const ux = points[at + 3]! - ax
  const uy = points[at + 4]! - ay
  const uz = points[at + 5]! - az
  const length2 = ux * ux + uy * uy + uz * uz
  const along = length2 > 0 ? ((x - ax) * ux + (y - ay) * uy + (z - az) * uz) / length2 : 0
  const t = along < 0 ? 0 : along > 1 ? 1 : along
  const dx = ax + t * ux - x
  const dy = ay + t * uy - y
  const dz = az + t * uz - z
  return dx * dx + dy * dy + dz * dz
}
