// The envelope of a silence: every place p a vessel can have been at and still come back in time, d(off, p) + d(p, on)
// ≤ range, where range is its top speed times the silence. While it has not come back: the disc d(off, p) ≤ range.
//
// On a sphere this is the section of an elliptic cone around the middle of both ends, convex and smaller than a
// hemisphere, as long as range is below half the girth; beyond, it is all but such a section around the far side of the
// earth. That is why a few cases are enough for ±180 and the poles. Whether a place belongs to it is asked of the WGS-84
// geodesic; outline and area are of the sphere that has the same distance between the ends (without two ends: that
// fits best at OFF), and right to 0.7 % of the range, 0.35 % for the disc (tests/geo/envelope.test.ts).

import { lonDelta, splitRing } from './antimeridian.js'
import { EARTH_RADIUS_M } from '../model/units.js'
import { geodesicM, haversineM, radiusM } from './distance.js'

export interface Place {
  lat: number
  lon: number
}

/** [longitude, latitude], degrees. */
type Position = [lon: number, lat: number]
type Vector = readonly [x: number, y: number, z: number]

export interface Envelope {
  /** By the WGS-84 geodesic, to a centimetre in 1,000 km. NaN: false. */
  covers(lat: number, lon: number): boolean
  readonly areaM2: number
  /**
   * Its edge as a closed ring, once around; where it passes a pole there are more points than asked for. Longitudes
   * −180…180 that jump at the antimeridian. Empty when it has no edge: the whole earth, or no more than the way itself.
   */
  outline(points: number): Position[]
  /**
   * Its area as the coordinates of a GeoJSON MultiPolygon: cut at ±180, closed over the poles, outer rings
   * counterclockwise (RFC 7946). Empty when it is no more than the way itself.
   */
  polygons(points: number): Position[][][]
}

const RAD = Math.PI / 180
/** Haversine is this near to the geodesic (geo/distance): only close to the edge the geodesic is asked. */
const HAVERSINE_ERROR = 0.005_62
/** An envelope narrower than this has no area to draw: at six decimals its edges would run into each other. */
const MIN_WIDTH_M = 20
/** Longest step of longitude along an outline, degrees: past a pole a straight line in degrees is none on the earth. */
const MAX_STEP_DEG = 5

/**
 * @param on where it was heard again; null while it was not
 * @param rangeM the longest way it can have gone, metres
 */
export function envelope(off: Place, on: Place | null, rangeM: number): Envelope {
  const shape = coneOf(off, on, rangeM)

  function covers(lat: number, lon: number): boolean {
    const roughM = haversineM(off.lat, off.lon, lat, lon) + (on ? haversineM(lat, lon, on.lat, on.lon) : 0)
    if (!(roughM * (1 - HAVERSINE_ERROR) <= rangeM)) return false
    if (roughM * (1 + HAVERSINE_ERROR) < rangeM) return true
    const wayM = geodesicM(off.lat, off.lon, lat, lon) + (on ? geodesicM(lat, lon, on.lat, on.lon) : 0)
    return wayM <= rangeM * (1 + 1e-8)
  }

  function outline(points: number): Position[] {
    if (typeof shape === 'string') return []
    const ring: Position[] = []
    for (let k = 0; k < points; k++) {
      const from = (2 * Math.PI * k) / points
      edge(ring, shape, from, (2 * Math.PI * (k + 1)) / points, 10)
    }
    ring.push(ring[0]!)
    return ring
  }

  return {
    covers,
    areaM2: areaOf(shape),
    outline,
    polygons(points) {
      if (shape === 'none') return []
      if (shape === 'all') return [[WORLD]]
      const ring = outline(points)
      const pole = Math.abs(turnDeg(ring)) > 180 ? Math.sign(shape.middle[2]) : 0
      if (pole !== 0) return [[aroundPole(ring, shape.isHole ? -pole : pole)]]
      return shape.isHole ? [allBut(ring)] : pieces(ring).map(piece => [piece])
    },
  }
}

/** The cone x² / tanA² + y² / tanB² ≤ z² in the axes long, across, middle; or, when it is a hole, all but that. */
interface Cone {
  middle: Vector
  long: Vector
  across: Vector
  tanA: number
  tanB: number
  isHole: boolean
  radiusM: number
}

function coneOf(off: Place, on: Place | null, rangeM: number): Cone | 'all' | 'none' {
  const a = toVector(off)
  const b = toVector(on ?? off)
  const apart = angle(a, b)
  // below a decimetre the ratio of two lengths says nothing
  const radius = on && apart > 1.5e-8 ? geodesicM(off.lat, off.lon, on.lat, on.lon) / apart : radiusM(off.lat)
  // half the sum of both distances, and half of what lies between the ends
  let major = on ? rangeM / radius / 2 : rangeM / radius
  const half = apart / 2
  if (!(major >= half)) return 'none'
  if (major >= Math.PI - half) return 'all'
  const isHole = major > Math.PI / 2
  if (isHole) major = Math.PI - major
  const tanA = Math.tan(major)
  const tanB = Math.sqrt(Math.max(0, Math.sin(major + half) * Math.sin(major - half))) / Math.cos(major)
  if (!isHole && !(tanB * radius >= MIN_WIDTH_M / 2)) return 'none'
  const sum = unit([a[0] + b[0], a[1] + b[1], a[2] + b[2]])
  const middle: Vector = isHole ? [-sum[0], -sum[1], -sum[2]] : sum
  const across = unit(
    apart > 1.5e-8 ? cross(a, b) : Math.abs(sum[2]) < 0.9 ? [-sum[1], sum[0], 0] : cross(sum, [1, 0, 0]),
  )
  return { middle, across, long: cross(across, middle), tanA, tanB, isHole, radiusM: radius }
}

/** ∫ (1 − cos ρ) dα around the middle, over the parameter of the edge, where it is smooth even for a thin ellipse. */
function areaOf(shape: Cone | 'all' | 'none'): number {
  if (shape === 'none') return 0
  if (shape === 'all') return 4 * Math.PI * EARTH_RADIUS_M ** 2
  const { tanA, tanB, isHole, radiusM: radius } = shape
  const steps = 180
  let sum = 0
  for (let k = 0; k < steps; k++) {
    const theta = (2 * Math.PI * k) / steps
    const root = Math.sqrt(1 + (tanA * Math.cos(theta)) ** 2 + (tanB * Math.sin(theta)) ** 2)
    sum += 1 / (root * (1 + root))
  }
  const inside = ((2 * Math.PI) / steps) * sum * tanA * tanB * radius ** 2
  return isHole ? 4 * Math.PI * EARTH_RADIUS_M ** 2 - inside : inside
}

/** Adds the edge from parameter `from` up to, and without, `to`. */
function edge(ring: Position[], cone: Cone, from: number, to: number, depth: number): void {
  const start = pointOn(cone, from)
  const steep = Math.abs(lonDelta(start[0], pointOn(cone, to)[0])) > MAX_STEP_DEG
  if (!steep || depth === 0) {
    ring.push(start)
    return
  }
  edge(ring, cone, from, (from + to) / 2, depth - 1)
  edge(ring, cone, (from + to) / 2, to, depth - 1)
}

function pointOn({ long, across, middle, tanA, tanB }: Cone, theta: number): Position {
  const x = tanA * Math.cos(theta)
  const y = tanB * Math.sin(theta)
  const [px, py, pz] = [0, 1, 2].map(k => x * long[k]! + y * across[k]! + middle[k]!) as [
    number,
    number,
    number,
  ]
  const lon = Math.atan2(py, px) / RAD
  // a corner that rounding put a hair beside the cut would leave a sliver on the other side of it
  return [Math.abs(lon) > 180 - 1e-9 ? -180 : lon, Math.atan2(pz, Math.hypot(px, py)) / RAD]
}

const WORLD: Position[] = [
  [-180, -90],
  [180, -90],
  [180, 90],
  [-180, 90],
  [-180, -90],
]

/** Degrees of longitude that a ring turns around the earth: 0 or ±360. */
function turnDeg(ring: readonly Position[]): number {
  let turn = 0
  for (let k = 1; k < ring.length; k++) turn += lonDelta(ring[k - 1]![0], ring[k]![0])
  return turn
}

/** A ring around a pole (1 north, −1 south) meets each meridian once: from −180 to 180, and back along the pole. */
function aroundPole(ring: readonly Position[], pole: number): Position[] {
  const sorted = ring.slice(1).sort((a, b) => a[0] - b[0])
  const [first, last] = [sorted[0]!, sorted.at(-1)!]
  const f = (first[0] + 180) / (first[0] + 360 - last[0])
  const lat = first[1] + f * (last[1] - first[1])
  const inner = sorted.filter(([lon]) => lon > -180)
  const closed: Position[] = [
    [-180, lat],
    ...inner,
    [180, lat],
    [180, pole * 90],
    [-180, pole * 90],
    [-180, lat],
  ]
  return eastAbout(closed, 1)
}

/** All the earth but a hole that holds no pole; where the hole lies across ±180, a bite from both sides of the map. */
function allBut(ring: readonly Position[]): Position[][] {
  const holes = pieces(ring)
  if (holes.length < 2) return [WORLD, ...holes.map(hole => eastAbout(hole, -1))]
  const bite = (side: number) => {
    // counterclockwise, a piece comes to the cut at its lower end on the eastern side of the map, upper on the western
    const piece = holes.find(([first]) => Math.sign(first![0]) === side)!.slice(1)
    const cut = piece.findIndex(
      (at, k) => Math.abs(at[0]) === 180 && Math.abs(piece[(k + 1) % piece.length]![0]) === 180,
    )
    return [...piece.slice(cut + 1), ...piece.slice(0, cut + 1)].reverse()
  }
  return [[[-180, -90], [180, -90], ...bite(1), [180, 90], [-180, 90], ...bite(-1), [-180, -90]]]
}

/** The ring, turned about if need be: 1 counterclockwise, −1 clockwise. */
function eastAbout(ring: Position[], way: 1 | -1): Position[] {
  let area = 0
  for (let k = 1; k < ring.length; k++)
    area += (ring[k]![0] - ring[k - 1]![0]) * (ring[k]![1] + ring[k - 1]![1])
  return -area * way >= 0 ? ring : [...ring].reverse()
}

/** A ring that holds no pole, cut at ±180 where it crosses. */
function pieces(ring: readonly Position[]): Position[][] {
  let turn = 0
  const unwrapped = ring.flatMap(([lon, lat], k) => {
    const step = k === 0 ? 0 : lon - ring[k - 1]![0]
    if (Math.abs(step) > 180) turn -= Math.sign(step) * 360
    return [lon + turn, lat]
  })
  return splitRing(unwrapped).map(piece => eastAbout(pairs(piece), 1))
}

/** A flat closed ring as positions, without repeats: the cut leaves one where a corner lies on it. */
function pairs(flat: Float64Array): Position[] {
  const ring: Position[] = []
  for (let i = 0; i + 2 < flat.length; i += 2) {
    const [lon, lat] = ring.at(-1) ?? [flat.at(-4)!, flat.at(-3)!]
    if (Math.hypot(lon - flat[i]!, lat - flat[i + 1]!) > 1e-9) ring.push([flat[i]!, flat[i + 1]!])
  }
  return [...ring, ring[0]!]
}

function toVector({ lat, lon }: Place): Vector {
  const cos = Math.cos(lat * RAD)
  return [cos * Math.cos(lon * RAD), cos * Math.sin(lon * RAD), Math.sin(lat * RAD)]
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v)
  return [v[0] / length, v[1] / length, v[2] / length]
}

/** Angle between two directions, precise for close and for opposite ones alike. */
function angle(a: Vector, b: Vector): number {
  return Math.atan2(Math.hypot(...cross(a, b)), a[0] * b[0] + a[1] * b[1] + a[2] * b[2])
}
