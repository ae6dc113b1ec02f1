// A piece of the earth as a picture: degrees to pixels, the short way round at ±180, and shapes cut to what is seen.

import { lonDelta } from '../../geo/antimeridian.js'
import type { Place } from '../../geo/envelope.js'

export interface View {
  /** Degrees; west < east, and either may be beyond ±180. */
  west: number
  south: number
  east: number
  north: number
  /** Pixels. */
  width: number
  height: number
  /** Pixels of a longitude −180…180, and of one that lies within west…east as it is. */
  x(lon: number): number
  xOf(unwrapped: number): number
  y(lat: number): number
  /** Nautical miles per pixel, in the middle. */
  nmPerPx: number
}

export interface ViewOptions {
  width: number
  /** Height as a share of the width: at least and at most. */
  minAspect: number
  maxAspect: number
  /** Degrees of latitude that are seen at least. */
  minSpanDeg: number
}

/** Room around what is to be seen, as a share of it. */
const PADDING = 0.14
const NM_PER_DEG = 60

/** A view of some places; of the world without any. Longitude is shortened by the cosine of the middle latitude. */
export function createView(
  places: readonly Place[],
  { width, minAspect, maxAspect, minSpanDeg }: ViewOptions,
): View {
  const [west0, spanLon0] = places.length > 0 ? arcOf(places.map(({ lon }) => lon)) : [-180, 360]
  const lats = places.length > 0 ? places.map(({ lat }) => lat) : [-60, 75]
  const [south0, north0] = [lats.reduce((a, b) => Math.min(a, b)), lats.reduce((a, b) => Math.max(a, b))]
  const midLat = clamp((south0 + north0) / 2, -80, 80)
  const midLon = west0 + spanLon0 / 2
  const squeeze = Math.cos((midLat * Math.PI) / 180)

  let spanLat = Math.max(minSpanDeg, (north0 - south0) * (1 + 2 * PADDING))
  let spanLon = Math.max(minSpanDeg / squeeze, spanLon0 * (1 + 2 * PADDING))
  // both grow to the shape of the picture
  spanLat = Math.max(spanLat, spanLon * squeeze * minAspect)
  spanLon = Math.max(spanLon, spanLat / maxAspect / squeeze)
  spanLon = Math.min(spanLon, 360)
  spanLat = Math.min(spanLat, 178)
  const pxPerLon = width / spanLon
  const pxPerLat = pxPerLon / squeeze
  const height = Math.round(clamp(spanLat * pxPerLat, width * minAspect, width * maxAspect))
  spanLat = height / pxPerLat

  const [west, north] = [midLon - spanLon / 2, midLat + spanLat / 2]
  const xOf = (lon: number): number => (lon - west) * pxPerLon
  return {
    ...{ west, east: west + spanLon, south: north - spanLat, north, width, height, xOf },
    x: lon => xOf(midLon + lonDelta(midLon, lon)),
    y: lat => (north - lat) * pxPerLat,
    nmPerPx: NM_PER_DEG / pxPerLat,
  }
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

/** The shortest arc of longitude that holds them all: where it begins, and how long it is. */
function arcOf(lons: readonly number[]): [west: number, span: number] {
  const sorted = [...lons].sort((a, b) => a - b)
  let widest = sorted[0]! + 360 - sorted.at(-1)!
  let west = sorted[0]!
  for (let k = 1; k < sorted.length; k++) {
    const gap = sorted[k]! - sorted[k - 1]!
    if (gap > widest) [widest, west] = [gap, sorted[k]!]
  }
  return [west, 360 - widest]
}

/** Pixels beyond the picture at which shapes are cut, so that the cut is not seen. */
const BLEED = 8
/** Points nearer to each other than this are drawn as one, pixels. */
const STEP = 0.7

/**
 * Rings cut to the view, in pixels: flat [x, y, …], closed. Even-odd over all of them is even-odd over the rings.
 * @param rings flat [lon, lat, …] within −180…180
 */
export function clipRings(rings: readonly Float64Array[], view: View): number[][] {
  const { west, east, south, north, width, height } = view
  const out: number[][] = []
  for (const ring of rings) {
    const [w, s, e, n] = boundsOf(ring)
    if (s > north || n < south) continue
    for (const turn of [-360, 0, 360]) {
      if (w + turn > east || e + turn < west) continue
      let line: number[] = []
      for (let i = 0; i < ring.length; i += 2) line.push(view.xOf(ring[i]! + turn), view.y(ring[i + 1]!))
      line = cut(line, 0, -BLEED, 1)
      line = cut(line, 0, width + BLEED, -1)
      line = cut(line, 1, -BLEED, 1)
      line = cut(line, 1, height + BLEED, -1)
      const thin = thinned(line)
      if (thin.length >= 6) out.push(thin)
    }
  }
  return out
}

const known = new WeakMap<Float64Array, [number, number, number, number]>()

/** Of a ring: west, south, east, north; asked for again with every map. */
function boundsOf(ring: Float64Array): [number, number, number, number] {
  const before = known.get(ring)
  if (before) return before
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < ring.length; i += 2) {
    box[0] = Math.min(box[0], ring[i]!)
    box[1] = Math.min(box[1], ring[i + 1]!)
    box[2] = Math.max(box[2], ring[i]!)
    box[3] = Math.max(box[3], ring[i + 1]!)
  }
  known.set(ring, box)
  return box
}

/** Sutherland–Hodgman against one edge: keeps what is at or beyond `at` (side 1), or before it (side −1). */
function cut(line: readonly number[], axis: 0 | 1, at: number, side: 1 | -1): number[] {
  const out: number[] = []
  const n = line.length
  for (let i = 0; i < n; i += 2) {
    const j = (i + n - 2) % n
    const [ax, ay, bx, by] = [line[j]!, line[j + 1]!, line[i]!, line[i + 1]!]
    const [a, b] = axis === 0 ? [ax, bx] : [ay, by]
    const [inA, inB] = [(a - at) * side >= 0, (b - at) * side >= 0]
    if (inA !== inB) {
      const f = (at - a) / (b - a)
      out.push(ax + f * (bx - ax), ay + f * (by - ay))
    }
    if (inB) out.push(bx, by)
  }
  return out
}

function thinned(line: readonly number[]): number[] {
  const out: number[] = []
  for (let i = 0; i < line.length; i += 2) {
    const [x, y] = [line[i]!, line[i + 1]!]
    const n = out.length
    if (n === 0 || Math.abs(x - out[n - 2]!) + Math.abs(y - out[n - 1]!) > STEP) out.push(x, y)
  }
  return out
}

/** A path of SVG in tenths of a pixel, by steps: short, since neighbours are near. */
export function pathOf(line: readonly number[], closed: boolean): string {
  if (line.length < 4) return ''
  const tenth = (value: number): number => Math.round(value * 10)
  let [x, y] = [tenth(line[0]!), tenth(line[1]!)]
  let path = `M${x / 10} ${y / 10}l`
  for (let i = 2; i < line.length; i += 2) {
    const [nx, ny] = [tenth(line[i]!), tenth(line[i + 1]!)]
    path += `${i > 2 ? ' ' : ''}${(nx - x) / 10} ${(ny - y) / 10}`
    ;[x, y] = [nx, ny]
  }
  return closed ? `${path}z` : path
}
