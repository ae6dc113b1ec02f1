// Distance from any point of the earth to the nearest of many lines: coasts, zone boundaries. Boxes over boxes leave a
// few dozen segments to look at.

import {
  alongTheEarth,
  BOX,
  boxDistance2,
  buildLineTree,
  FAN_OUT,
  place,
  type LineTree,
} from './line-tree.js'

export interface NearestLine {
  /** Metres along the earth, within 5 m + 0.02 % of the WGS-84 geodesic; Infinity without lines, NaN for NaN. */
  distanceM(lat: number, lon: number): number
  /** Index of the nearest line, -1 when none is within `limitM` metres. */
  lineWithin(lat: number, lon: number, limitM: number): number
  /** Whether one is nearer than `limitM` metres: the first that is found ends the search. */
  isWithin(lat: number, lon: number, limitM: number): boolean
  readonly bytes: number
}

/** @param lines flat [lon, lat, …] in degrees, each step the short way round; lines that lie near each other should follow each other */
export function buildNearestLine(lines: readonly Float64Array[]): NearestLine {
  return nearestIn(buildLineTree(lines))
}

export function nearestIn(tree: LineTree): NearestLine {
  const { points, leafStart, leafCount, leafLine, levels, bytes } = tree
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

  function isWithin(lat: number, lon: number, limitM: number): boolean {
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return false
    return alongTheEarth(search(lat, lon, limitM, limitM), lat) < limitM
  }

  // the query of the moment, kept outside so that a search allocates nothing
  const at = new Float64Array(3)
  let best = Infinity
  let depth = 0

  /**
   * Length of the shortest chord to a line, metres, when it is below the limit; its leaf in `nearestLeaf`.
   * @param enoughM one that is nearer than this along the earth will do
   */
  function search(lat: number, lon: number, limitM: number, enoughM = -1): number {
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
        tree.open(level, box)
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
      if (enoughM > 0 && nearestLeaf >= 0 && alongTheEarth(Math.sqrt(best), lat) < enoughM) break
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
    isWithin,
    bytes,
  }
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
