// Many lines as points in space on the WGS-84 ellipsoid, where there is no antimeridian and no pole, and boxes over boxes
// of 8 above them: what the searches for a nearest line (zones/nearest) and a shortest way by a line (zones/detour) share.
// A straight distance through the earth is turned into the one along it at the end. Points are put into space 64 leaves at a
// time, when a search comes that near: of the coasts of the world a day on one sea asks for a few.

import { lonDelta } from '../geo/antimeridian.js'
import { ECCENTRICITY_SQUARED, radiusM, SEMI_MAJOR_M } from '../geo/distance.js'

const RAD = Math.PI / 180
/** Longer segments are divided, so that a chord never runs deeper than 5 m below the surface. */
const MAX_SEGMENT_DEG = 0.14
const LEAF_SEGMENTS = 12
/** Room for the rounding of a cosine times the earth's radius, metres: a million times as much as it needs. */
const ROUNDING_M = 0.01
export const FAN_OUT = 8
export const BOX = 6
/** The level whose boxes stand while nothing below them does: each covers a block of 64 leaves. */
const BLOCK_LEVEL = 2
const BLOCK_LEAVES = FAN_OUT ** BLOCK_LEVEL

export interface LineTree {
  /** x, y, z of each point, metres; those below a box that was not opened are not there yet. */
  points: Float64Array
  /** A leaf is a run of segments of one line: its first point, how many segments, and which line. */
  leafStart: Int32Array
  leafCount: Int32Array
  leafLine: Int32Array
  /** Levels of boxes, the leaves' first; box k of a level covers boxes 8k … 8k + 7 of the level below. */
  levels: Float64Array[]
  /** To be called before what lies below a box is looked at. */
  open(level: number, box: number): void
  readonly bytes: number
}

/** @param lines flat [lon, lat, …] in degrees, each step the short way round; lines that lie near each other should follow each other */
export function buildLineTree(lines: readonly Float64Array[]): LineTree {
  const { pointCount, leafStart, leafCount, leafLine, blocks, boxes } = layOut(lines)
  const points = new Float64Array(pointCount * 3)
  const leaves = leafStart.length
  const levels: Float64Array[] = [new Float64Array(leaves * BOX)]
  if (leaves > FAN_OUT) levels.push(new Float64Array(Math.ceil(leaves / FAN_OUT) * BOX))
  if (leaves > BLOCK_LEAVES) levels.push(boxes)
  while (levels.at(-1)!.length > FAN_OUT * BOX) levels.push(boxesOver(levels.at(-1)!))
  const opened = new Uint8Array(blocks.length)

  function openBlock(block: number): void {
    opened[block] = 1
    const from = block * BLOCK_LEAVES
    const to = Math.min(leaves, from + BLOCK_LEAVES)
    putInSpace(lines, blocks[block]!, points, leafStart[from]!, leafStart[to - 1]! + leafCount[to - 1]!)
    for (let leaf = from; leaf < to; leaf++)
      encloseLeaf(levels[0]!, leaf, points, leafStart[leaf]!, leafStart[leaf]! + leafCount[leaf]!)
    for (let box = from / FAN_OUT; levels[1] && box * FAN_OUT < to; box++)
      levels[1].set(boxOver(levels[0]!, box), box * BOX)
  }
  if (leaves <= BLOCK_LEAVES) blocks.forEach((_, block) => openBlock(block))

  const arrays = [points, leafStart, leafCount, leafLine, ...levels]
  return {
    ...{ points, leafStart, leafCount, leafLine, levels },
    open(level, box) {
      if (level === BLOCK_LEVEL && opened[box] === 0) openBlock(box)
    },
    bytes: arrays.reduce((sum, array) => sum + array.byteLength, 0),
  }
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

/** A box in space that holds lines: three least and three greatest coordinates, metres. */
export function spaceBox(lines: readonly Float64Array[]): Float64Array {
  const box = blankBox()
  for (const line of lines) {
    const area = blankArea()
    let lon = line[0]!
    for (let i = 0; i < line.length; i += 2) {
      lon += lonDelta(lon, line[i]!)
      widen(area, line[i + 1]!, lon)
    }
    extend(box, boxOfArea(area), 0)
  }
  return box
}

/** Least and greatest latitude and longitude, degrees; the longitudes may leave −180…180. */
interface Area {
  south: number
  north: number
  west: number
  east: number
}

const blankArea = (): Area => ({ south: Infinity, north: -Infinity, west: Infinity, east: -Infinity })

function widen(area: Area, lat: number, lon: number): void {
  if (lat < area.south) area.south = lat
  if (lat > area.north) area.north = lat
  if (lon < area.west) area.west = lon
  if (lon > area.east) area.east = lon
}

/** The box in space of all that lies between these latitudes and longitudes, and of the chords between two places there. */
function boxOfArea({ south, north, west, east }: Area): Float64Array {
  const ends = new Float64Array(6)
  place(ends, 0, south, 0) // x on the meridian of Greenwich is the distance from the axis
  place(ends, 3, north, 0)
  const least = Math.min(ends[0]!, ends[3]!)
  const greatest = south <= 0 && north >= 0 ? SEMI_MAJOR_M : Math.max(ends[0]!, ends[3]!)
  const [x1, x2] = cosines(west, east)
  const [y1, y2] = cosines(west - 90, east - 90)
  const low = (c: number): number => c * (c < 0 ? greatest : least) - ROUNDING_M
  const high = (c: number): number => c * (c < 0 ? least : greatest) + ROUNDING_M
  return Float64Array.of(low(x1), low(y1), ends[2]! - ROUNDING_M, high(x2), high(y2), ends[5]! + ROUNDING_M)
}

/** Least and greatest cosine of the angles from one to the other, degrees. */
function cosines(from: number, to: number): [number, number] {
  const ends = [Math.cos(from * RAD), Math.cos(to * RAD)]
  const passes = (angle: number): boolean => Math.ceil((from - angle) / 360) * 360 + angle <= to
  return [passes(180) ? -1 : Math.min(...ends), passes(0) ? 1 : Math.max(...ends)]
}

/** Where a block begins: a step of the segment that ends at number `i` of a line. */
interface Start {
  line: number
  i: number
  step: number
}

/** Which points and leaves there will be: runs of up to 12 segments of one line. */
function layOut(lines: readonly Float64Array[]): {
  pointCount: number
  leafStart: Int32Array
  leafCount: Int32Array
  leafLine: Int32Array
  blocks: Start[]
  /** Of each block, by where its lines go. */
  boxes: Float64Array
} {
  const leafStart: number[] = []
  const leafCount: number[] = []
  const leafLine: number[] = []
  const blocks: Start[] = []
  const areas: Area[] = []
  let area = blankArea()
  let point = 0
  for (const [index, line] of lines.entries()) {
    if (line.length < 4) continue
    let lon = line[0]!
    let room = 0
    for (let i = 2; i < line.length; i += 2) {
      const nextLon = lon + lonDelta(line[i - 2]!, line[i]!)
      const steps = stepsOf(line, i)
      for (let step = 0; step < steps;) {
        if (room === 0) {
          if (leafStart.length % BLOCK_LEAVES === 0) {
            blocks.push({ line: index, i, step })
            areas.push((area = blankArea()))
          }
          leafStart.push(point)
          leafLine.push(index)
          leafCount.push(0)
          room = LEAF_SEGMENTS
        }
        const taken = Math.min(room, steps - step)
        leafCount[leafCount.length - 1]! += taken
        widen(area, line[i - 1]!, lon)
        widen(area, line[i + 1]!, nextLon)
        room -= taken
        point += taken
        step += taken
      }
      lon = nextLon
    }
    point++
  }
  const boxes = new Float64Array(blocks.length * BOX)
  areas.forEach((each, block) => boxes.set(boxOfArea(each), block * BOX))
  return {
    ...{ pointCount: point, blocks, boxes },
    ...{
      leafStart: Int32Array.from(leafStart),
      leafCount: Int32Array.from(leafCount),
      leafLine: Int32Array.from(leafLine),
    },
  }
}

/** In how many steps a segment is taken that ends at number `i` of a line. */
function stepsOf(line: Float64Array, i: number): number {
  const span = Math.max(Math.abs(lonDelta(line[i - 2]!, line[i]!)), Math.abs(line[i + 1]! - line[i - 1]!))
  return span <= MAX_SEGMENT_DEG ? 1 : Math.ceil(span / MAX_SEGMENT_DEG)
}

/** Places the points `from`…`to`; the first is where a block begins. */
function putInSpace(
  lines: readonly Float64Array[],
  start: Start,
  points: Float64Array,
  from: number,
  to: number,
): void {
  let { line: index, i, step } = start
  for (let point = from; point <= to; index++, i = 2) {
    const line = lines[index]!
    if (line.length < 4) continue
    for (; i < line.length && point <= to; i += 2, step = 0) {
      const steps = stepsOf(line, i)
      const dLat = line[i + 1]! - line[i - 1]!
      const dLon = lonDelta(line[i - 2]!, line[i]!)
      for (; step < steps && point <= to; step++) {
        const f = step / steps
        place(points, point++ * 3, line[i - 1]! + f * dLat, line[i - 2]! + f * dLon)
      }
    }
    if (point <= to) place(points, point++ * 3, line.at(-1)!, line.at(-2)!)
  }
}

const blankBox = (): Float64Array =>
  Float64Array.of(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity)

/** Makes a box hold box number `k` of a level too. */
function extend(box: Float64Array, level: Float64Array, k: number): void {
  for (let axis = 0; axis < 3; axis++) {
    box[axis] = Math.min(box[axis]!, level[k * BOX + axis]!)
    box[axis + 3] = Math.max(box[axis + 3]!, level[k * BOX + 3 + axis]!)
  }
}

/** Writes box `leaf`: that of the points `from`…`to`. */
function encloseLeaf(
  boxes: Float64Array,
  leaf: number,
  points: Float64Array,
  from: number,
  to: number,
): void {
  for (let axis = 0; axis < 3; axis++) {
    let min = Infinity
    let max = -Infinity
    for (let i = from * 3 + axis; i < (to + 1) * 3; i += 3) {
      if (points[i]! < min) min = points[i]!
      if (points[i]! > max) max = points[i]!
    }
    boxes[leaf * BOX + axis] = min
    boxes[leaf * BOX + 3 + axis] = max
  }
}

/** The box over eight of the level below. */
function boxOver(below: Float64Array, box: number): Float64Array {
  const over = blankBox()
  const end = Math.min(below.length / BOX, (box + 1) * FAN_OUT)
  for (let k = box * FAN_OUT; k < end; k++) extend(over, below, k)
  return over
}

function boxesOver(below: Float64Array): Float64Array {
  const boxes = new Float64Array(Math.ceil(below.length / BOX / FAN_OUT) * BOX)
  for (let box = 0; box < boxes.length / BOX; box++) boxes.set(boxOver(below, box), box * BOX)
  return boxes
}

export function boxDistance2(boxes: Float64Array, at: number, x: number, y: number, z: number): number {
  const dx = Math.max(boxes[at]! - x, 0, x - boxes[at + 3]!)
  const dy = Math.max(boxes[at + 1]! - y, 0, y - boxes[at + 4]!)
  const dz = Math.max(boxes[at + 2]! - z, 0, z - boxes[at + 5]!)
  return dx * dx + dy * dy + dz * dz
}
