// Many lines as points in space on the WGS-84 ellipsoid, where there is no antimeridian and no pole, and boxes over boxes
// of 8 above them: what the searches for a nearest line (zones/nearest) and a shortest way by a line (zones/detour) share.
// A straight distance through the earth is turned into the one along it at the end.

import { lonDelta } from '../geo/antimeridian.js'
import { ECCENTRICITY_SQUARED, radiusM, SEMI_MAJOR_M } from '../geo/distance.js'

const RAD = Math.PI / 180
/** Longer segments are divided, so that a chord never runs deeper than 5 m below the surface. */
const MAX_SEGMENT_DEG = 0.14
const LEAF_SEGMENTS = 12
/** How far a degree of the earth rises above its chord, metres; rounded up. */
const DEGREE_SAGITTA_M = 250
export const FAN_OUT = 8
export const BOX = 6

export interface LineTree {
  /** x, y, z of each point, metres. */
  points: Float64Array
  /** A leaf is a run of segments of one line: its first point, how many segments, and which line. */
  leafStart: Int32Array
  leafCount: Int32Array
  leafLine: Int32Array
  /** Levels of boxes, the leaves' first; box k of a level covers boxes 8k … 8k + 7 of the level below. */
  levels: Float64Array[]
  readonly bytes: number
}

/** @param lines flat [lon, lat, …] in degrees, each step the short way round; lines that lie near each other should follow each other */
export function buildLineTree(lines: readonly Float64Array[]): LineTree {
  const { points, leafStart, leafCount, leafLine } = toSpace(lines)
  const levels: Float64Array[] = [leafBoxes(points, leafStart, leafCount)]
  while (levels.at(-1)!.length > FAN_OUT * BOX) levels.push(boxesOver(levels.at(-1)!))
  const arrays = [points, leafStart, leafCount, leafLine, ...levels]
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0)
  return { points, leafStart, leafCount, leafLine, levels, bytes }
}

/** Arc over a chord, on the sphere that fits the ellipsoid at that latitude (geometric mean of its radii). */
export function alongTheEarth(chordM: number, lat: number): number {
  if (chordM === Infinity) return Infinity
  const radius = radiusM(lat)
  return 2 * radius * Math.asin(Math.min(1, chordM / (2 * radius)))
}

export function place(out: Float64Array, at: number, lat: number, lon: number): void {
  const sin = Math.sin(lat * RAD)
  const cos = Math.cos(lat * RAD)
  const normal = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY_SQUARED * sin * sin)
  out[at] = normal * cos * Math.cos(lon * RAD)
  out[at + 1] = normal * cos * Math.sin(lon * RAD)
  out[at + 2] = normal * (1 - ECCENTRICITY_SQUARED) * sin
}

/** A box in space that holds lines, with some room to spare: three least and three greatest coordinates, metres. */
export function spaceBox(lines: readonly Float64Array[]): Float64Array {
  const box = Float64Array.of(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity)
  const at = new Float64Array(3)
  const take = (lat: number, lon: number) => {
    place(at, 0, lat, lon)
    for (let axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(box[axis]!, at[axis]! - DEGREE_SAGITTA_M)
      box[axis + 3] = Math.max(box[axis + 3]!, at[axis]! + DEGREE_SAGITTA_M)
    }
  }
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const dLon = i === 0 ? 0 : lonDelta(line[i - 2]!, line[i]!)
      const dLat = i === 0 ? 0 : line[i + 1]! - line[i - 1]!
      const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dLon), Math.abs(dLat))))
      for (let s = 1; s <= steps; s++)
        take(line[i + 1]! - (1 - s / steps) * dLat, line[i]! - (1 - s / steps) * dLon)
    }
  }
  return box
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

export function boxDistance2(boxes: Float64Array, at: number, x: number, y: number, z: number): number {
  const dx = Math.max(boxes[at]! - x, 0, x - boxes[at + 3]!)
  const dy = Math.max(boxes[at + 1]! - y, 0, y - boxes[at + 4]!)
  const dz = Math.max(boxes[at + 2]! - z, 0, z - boxes[at + 5]!)
  return dx * dx + dy * dy + dz * dz
}
