// Whose waters: which zones a point lies in. Answers for every report, so most answers are one array read (geo/grid).
// Exact against the polygons it was given; how right those are is docs/zones.md.

import RBush from 'rbush'
import { lonDelta, splitRing, wrapLon } from '../geo/antimeridian.js'
import { interpolate } from '../geo/distance.js'
import { buildAreaGrid, type GridRing } from '../geo/grid.js'
import { addMeetings, MEETING_DEG } from '../geo/polygon.js'
import type { ZoneRef } from '../model/event.js'
import { boxesWithin, shortestVia, type Detour } from './detour.js'
import { BOX, buildLineTree, spaceBox, type LineTree } from './line-tree.js'
import { nearestIn, type NearestLine } from './nearest.js'

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
   * membership does not change. Exact against the edges, but for stretches below 0.1 mm, as where the way touches a
   * corner: they are no change. The way is straight in longitude and latitude up to a quarter of a degree, beyond that
   * a great circle of such pieces.
   */
  crossing(zone: number, lat1: number, lon1: number, lat2: number, lon2: number): number
  /** Distance to the nearest boundary of the zone, metres (cold). ±180 and the poles are no boundary. */
  boundaryDistanceM(zone: number, lat: number, lon: number): number
  /**
   * Of every zone the shortest way from 1 to 2 that touches its boundary, where that is within `limitM` (cold): within
   * 20 m + 0.02 % below 4,000 km. Empty when a coordinate is not finite.
   */
  detours(
    lat1: number,
    lon1: number,
    lat2: number,
    lon2: number,
    limitM: number,
  ): (Detour & { zone: number })[]
  /** Memory of the raster and its edges so far, bytes: cells are divided when first asked for. */
  bytes(): number
}

const PIECE_DEG = 0.25
const CHUNK_EDGES = 32

interface Box {
  minX: number
  minY: number
  maxX: number
  maxY: number
}

/** A run of edges of one zone: vertices from…to of a ring. */
interface Chunk extends Box {
  zone: number
  ring: Float64Array
  from: number
  to: number
}

/** Indexes zones for lookup. Rings may cross ±180 in either style (geo/antimeridian) and need not be closed. */
export function buildZoneIndex(zones: readonly ZonePolygon[]): ZoneIndex {
  const ringsOfZone: Float64Array[][] = []
  const gridRings: GridRing[] = []
  const zoneOfPart: number[] = []
  zones.forEach(({ polygons }, zone) => {
    const pieces = polygons.map(rings => rings.flatMap(ring => splitRing(flatten(ring))))
    const layers = layersOf(pieces)
    const firstPart = zoneOfPart.length
    for (let layer = 0; layer <= Math.max(0, ...layers); layer++) zoneOfPart.push(zone)
    pieces.forEach((rings, p) => {
      for (const ring of rings) gridRings.push({ ring, part: firstPart + layers[p]! })
    })
    ringsOfZone.push(pieces.flat())
  })

  const grid = buildAreaGrid(gridRings, zoneOfPart)
  let chunks: RBush<Chunk> | undefined
  let boxes: Float64Array | undefined
  const boundaries: ({ tree: LineTree; nearest: NearestLine } | undefined)[] = []

  const inside = (zone: number, lat: number, lon: number): boolean =>
    grid.members(grid.setAt(lat, lon)).includes(zone)

  function crossing(zone: number, lat1: number, lon1: number, lat2: number, lon2: number): number {
    const dLon = lonDelta(lon1, lon2)
    if (!Number.isFinite(dLon) || !Number.isFinite(lat2 - lat1)) return NaN
    chunks ??= chunkTree(ringsOfZone)
    const count = Math.max(1, Math.ceil(Math.max(Math.abs(lat2 - lat1), Math.abs(dLon)) / PIECE_DEG))
    let b = { lat: lat2, lon: lon2 }
    for (let piece = count - 1; piece >= 0; piece--) {
      const a = piece === 0 ? { lat: lat1, lon: lon1 } : interpolate(lat1, lon1, lat2, lon2, piece / count)
      const f = lastChange(chunks, zone, a.lat, wrapLon(a.lon), b.lat, wrapLon(b.lon))
      if (f >= 0) return (piece + f) / count
      b = a
    }
    return NaN
  }

  /** The same for one straight piece from a to b. */
  function lastChange(
    tree: RBush<Chunk>,
    zone: number,
    aLat: number,
    aLon: number,
    bLat: number,
    bLon: number,
  ): number {
    const dLon = lonDelta(aLon, bLon)
    const meetings: number[] = []
    // the piece may leave −180…180; the rings do not, so it is also looked for one turn on and back
    for (const turn of [0, -360, 360]) {
      const ax = aLon + turn
      const bx = ax + dLon
      const box = {
        minX: Math.min(ax, bx) - MEETING_DEG,
        maxX: Math.max(ax, bx) + MEETING_DEG,
        minY: Math.min(aLat, bLat) - MEETING_DEG,
        maxY: Math.max(aLat, bLat) + MEETING_DEG,
      }
      if (box.maxX < -180 || box.minX > 180) continue
      for (const chunk of tree.search(box)) {
        if (chunk.zone !== zone) continue
        for (let i = chunk.from; i < chunk.to; i += 2) {
          const r = chunk.ring
          addMeetings(meetings, ax, aLat, bx, bLat, r[i]!, r[i + 1]!, r[i + 2]!, r[i + 3]!)
        }
      }
    }
    meetings.sort((p, q) => p - q)
    const insideAt = (f: number): boolean => inside(zone, aLat + f * (bLat - aLat), aLon + f * dLon)
    const tooShort = MEETING_DEG / Math.hypot(dLon, bLat - aLat)
    // between two meetings nothing changes, so the middle speaks for all; the ends may lie on an edge themselves
    let after = inside(zone, bLat, bLon)
    for (let k = meetings.length; k >= 0; k--) {
      const from = k === 0 ? 0 : meetings[k - 1]!
      const to = k === meetings.length ? 1 : meetings[k]!
      if (!(to - from > tooShort)) continue
      const before = insideAt((from + to) / 2)
      if (before !== after) return to
      after = before
    }
    return inside(zone, aLat, aLon) !== after ? 0 : NaN
  }

  function boundaryOf(zone: number): { tree: LineTree; nearest: NearestLine } {
    let boundary = boundaries[zone]
    if (!boundary) {
      const tree = buildLineTree((ringsOfZone[zone] ?? []).flatMap(trueBoundary))
      boundaries[zone] = boundary = { tree, nearest: nearestIn(tree) }
    }
    return boundary
  }

  function detours(lat1: number, lon1: number, lat2: number, lon2: number, limitM: number) {
    boxes ??= boxesOf(ringsOfZone)
    const near = boxesWithin(boxes, lat1, lon1, lat2, lon2, limitM)
    return near.flatMap(zone => {
      const detour = shortestVia(boundaryOf(zone).tree, lat1, lon1, lat2, lon2, limitM)
      return detour ? [{ ...detour, zone }] : []
    })
  }

  return {
    zones: zones.map(({ ref }) => ref),
    setAt: grid.setAt,
    members: grid.members,
    crossing,
    boundaryDistanceM: (zone, lat, lon) => boundaryOf(zone).nearest.distanceM(lat, lon),
    detours,
    bytes: grid.bytes,
  }
}

function flatten(ring: readonly (readonly number[])[]): Float64Array {
  const flat = new Float64Array(ring.length * 2)
  for (let i = 0; i < ring.length; i++) {
    flat[i * 2] = ring[i]![0]!
    flat[i * 2 + 1] = ring[i]![1]!
  }
  return flat
}

/**
 * Polygons of one zone whose boxes overlap may overlap themselves, and even-odd over both would cut a hole there: they
 * go to different layers, each of which is even-odd on its own. Most zones have one layer.
 */
function layersOf(polygons: readonly (readonly Float64Array[])[]): number[] {
  if (polygons.length < 2) return polygons.map(() => 0)
  const tree = new RBush<Box & { layer: number }>()
  return polygons.map(rings => {
    const boxes = rings.map(ring => boxOf(ring, 0, ring.length))
    const taken = new Set(boxes.flatMap(box => tree.search(box).map(other => other.layer)))
    let layer = 0
    while (taken.has(layer)) layer++
    for (const box of boxes) tree.insert({ ...box, layer })
    return layer
  })
}

function boxOf(ring: Float64Array, from: number, to: number): Box {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity }
  for (let i = from; i < to; i += 2) {
    box.minX = Math.min(box.minX, ring[i]!)
    box.maxX = Math.max(box.maxX, ring[i]!)
    box.minY = Math.min(box.minY, ring[i + 1]!)
    box.maxY = Math.max(box.maxY, ring[i + 1]!)
  }
  return box
}

function chunkTree(ringsOfZone: readonly (readonly Float64Array[])[]): RBush<Chunk> {
  const chunks: Chunk[] = []
  ringsOfZone.forEach((rings, zone) => {
    for (const ring of rings) {
      for (let from = 0; from < ring.length - 2; from += CHUNK_EDGES * 2) {
        const to = Math.min(from + CHUNK_EDGES * 2, ring.length - 2)
        chunks.push({ ...boxOf(ring, from, to + 2), zone, ring, from, to })
      }
    }
  })
  return new RBush<Chunk>().load(chunks)
}

/** For each zone the box in space that holds its rings: enough to know that it is too far away. */
function boxesOf(ringsOfZone: readonly (readonly Float64Array[])[]): Float64Array {
  const boxes = new Float64Array(ringsOfZone.length * BOX)
  ringsOfZone.forEach((rings, zone) => boxes.set(spaceBox(rings), zone * BOX))
  return boxes
}

/** The parts of a ring that are a boundary in the world: not the cut at ±180, not the closure over a pole. */
function trueBoundary(ring: Float64Array): Float64Array[] {
  const lines: Float64Array[] = []
  let from = 0
  for (let i = 0; i + 2 < ring.length; i += 2) {
    const onCut = Math.abs(ring[i]!) === 180 && ring[i] === ring[i + 2]
    const onPole = Math.abs(ring[i + 1]!) === 90 && ring[i + 1] === ring[i + 3]
    if (!onCut && !onPole) continue
    if (i > from) lines.push(ring.subarray(from, i + 2))
    from = i + 2
  }
  if (ring.length - from >= 4) lines.push(ring.subarray(from))
  return lines
}
