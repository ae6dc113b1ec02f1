// Maps as inline SVG: land (Natural Earth), boundaries, events in the shapes and colours of sinks/looks, tracks black where AIS
// told them, silences as dashed red lines from OFF to ON, and the area in which a silent vessel can have been. Nothing is
// loaded: the picture is the file.

import { lonDelta } from '../../geo/antimeridian.js'
import { haversineM } from '../../geo/distance.js'
import { insideRings } from '../../geo/polygon.js'
import type { DarkEvent, EventType, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR } from '../../model/units.js'
import { loadLand } from '../../zones/coast.js'
import type { ZonePolygon } from '../../zones/index.js'
import { envelopeGeometryOf } from '../geojson.js'
import { LOOKS, type Shape } from '../looks.js'
import { Markup, markup } from '../markup.js'
import type { TrackPoint } from './findings.js'
import { clipRings, createView, pathOf, type View, type ViewOptions } from './view.js'
import { inNm, zoneName } from './words.js'

export interface Pin {
  event: DarkEvent
  /** Beside it, where there is room: the place in the ranking. */
  label?: string
  /** Where a click leads, within the report. */
  href?: string
  title: string
}

export interface Picture {
  pins: readonly Pin[]
  /** Drawn as they were heard. */
  tracks?: readonly (readonly TrackPoint[])[]
  /** Of each silence the area in which the vessel can have been. */
  reach?: boolean
  /** Areas worth looking at, rings of [lon, lat]. */
  looks?: readonly (readonly [lon: number, lat: number])[][]
  /** OFF and ON in words at the ends of silences. */
  ends?: boolean
  /** What is seen. */
  title: string
}

export interface MapMaker {
  overview(picture: Picture): Markup
  card(picture: Picture): Markup
}

const OVERVIEW: ViewOptions = { width: 960, minAspect: 0.5, maxAspect: 0.85, minSpanDeg: 0.6 }
const CARD: ViewOptions = { width: 640, minAspect: 0.55, maxAspect: 0.7, minSpanDeg: 0.25 }
/** Beyond this a leg of a track is no leg: nobody heard it, or it is two ships. */
const MAX_LEG_MS = MS_PER_HOUR
const MAX_LEG_KN = 60

/** Types that lead from one place to another. */
const LINES: ReadonlySet<EventType> = new Set(['gap', 'port_silence', 'partial_silence', 'spoofing'])

/** Land and boundaries are read once for all maps of a report. */
export function createMapMaker(zones: readonly ZonePolygon[], readLand = loadLand): MapMaker {
  let land: Float64Array[] | undefined
  const boundaries = zones.map(({ ref, polygons }) => ({
    name: zoneName(ref.name),
    rings: polygons.flat().map(ring => Float64Array.from(ring.flat())),
  }))

  function draw(picture: Picture, options: ViewOptions): Markup {
    const view = createView(placesOf(picture), options)
    const shores = clipRings((land ??= readLand()), view)
    const borders = boundaries.flatMap(({ name, rings }) => {
      const seen = clipRings(rings, view)
      return seen.length > 0 ? [{ name, rings: seen }] : []
    })
    const { width, height } = view
    const degrees = grid(view)
    return markup`<svg class="${options === OVERVIEW ? 'map over' : 'map'}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${picture.title}"><title>${picture.title}</title><rect class="sea" width="${width}" height="${height}"/>${degrees.lines}<path class="border" d="${path(borders.flatMap(({ rings }) => rings))}"/><path class="land" d="${path(shores)}"/>${namesOf(borders, view)}${picture.reach && picture.pins.map(pin => reachOf(pin.event, view))}${(picture.looks ?? []).map(ring => lookOf(ring, view))}${(picture.tracks ?? []).map(track => trackOf(track, view))}${picture.pins.map(pin => lineOf(pin, view))}${picture.pins.map(pin => pinOf(pin, view, picture.ends ?? false))}${degrees.texts}${scaleBar(view)}</svg>`
  }

  return { overview: picture => draw(picture, OVERVIEW), card: picture => draw(picture, CARD) }
}

/** Paths are numbers of our own, of any length. */
const path = (lines: readonly (readonly number[])[], closed = true): Markup =>
  new Markup(lines.map(line => pathOf(line, closed)).join(''))

const hasPlace = (fix: Pick<Fix, 'lat' | 'lon'> | null): fix is { t: number; lat: number; lon: number } =>
  fix !== null && fix.lat !== null && fix.lon !== null

/** Where an event is drawn: one place, two where it leads from one to the other, or none. */
export function endsOf({ start, end, type, ...event }: DarkEvent): { lat: number; lon: number }[] {
  // ships that share a number are at two places at once
  const { places } = event.details
  if (Array.isArray(places)) return (places as Fix[]).filter(hasPlace).slice(0, 2)
  const area = 'area' in event ? event.area : null
  const fixes = [start, ...(LINES.has(type) ? [end] : [])].filter(hasPlace)
  return fixes.length > 0 ? fixes : hasPlace(end) ? [end] : area ? [area] : []
}

/** What must be seen: events, and the area of a silence unless that is far wider than its ends. */
function placesOf({ pins, reach, looks = [] }: Picture): { lat: number; lon: number }[] {
  const places = pins.flatMap(({ event }) => endsOf(event))
  const rings = [...(reach ? pins.flatMap(({ event }) => reachRings(event)) : []), ...looks]
  const spanOf = (lats: number[]): number =>
    lats.reduce((a, b) => Math.max(a, b), -90) - lats.reduce((a, b) => Math.min(a, b), 90)
  const own = spanOf(places.map(({ lat }) => lat))
  for (const ring of rings) {
    if (spanOf(ring.map(([, lat]) => lat)) > Math.max(4, 6 * own)) continue
    for (const [lon, lat] of ring) places.push({ lat, lon })
  }
  return places
}

function reachRings(event: DarkEvent): [lon: number, lat: number][][] {
  const area = envelopeGeometryOf(event)
  if (!area) return []
  return area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()
}

const flat = (ring: readonly (readonly [number, number])[]): Float64Array => Float64Array.from(ring.flat())

function reachOf(event: DarkEvent, view: View): Markup | null {
  const rings = clipRings(reachRings(event).map(flat), view)
  return rings.length > 0 ? markup`<path class="reach" d="${path(rings)}"/>` : null
}

function lookOf(ring: readonly (readonly [number, number])[], view: View): Markup {
  return markup`<path class="look" d="${path(clipRings([flat(ring)], view))}"/>`
}

/** In pieces, where it was not heard for long or cannot have gone. */
function trackOf(track: readonly TrackPoint[], view: View): Markup | null {
  const pieces: number[][] = []
  let piece: number[] = []
  track.forEach((point, k) => {
    const before = track[k - 1]
    if (before && !isLeg(before, point)) {
      pieces.push(piece)
      piece = []
    }
    piece.push(view.x(point.lon), view.y(point.lat))
  })
  pieces.push(piece)
  const near = pieces.map(line => seenPart(line, view)).filter(line => line.length >= 4)
  return near.length > 0 ? markup`<path class="track" d="${path(near, false)}"/>` : null
}

function isLeg(a: TrackPoint, b: TrackPoint): boolean {
  const ms = b.t - a.t
  const nm = haversineM(a.lat, a.lon, b.lat, b.lon) / M_PER_NM
  return ms <= MAX_LEG_MS && nm <= 0.5 + (MAX_LEG_KN * ms) / MS_PER_HOUR
}

/** Points far outside of the picture are of no use in it. */
function seenPart(line: readonly number[], { width, height }: View): number[] {
  const out: number[] = []
  for (let i = 0; i < line.length; i += 2) {
    const [x, y] = [line[i]!, line[i + 1]!]
    if (x > -width && x < 2 * width && y > -height && y < 2 * height) out.push(x, y)
  }
  return out
}

function lineOf({ event }: Pin, view: View): Markup | null {
  const [a, b] = endsOf(event)
  if (!a || !b) return null
  const x = view.x(a.lon)
  const x2 = x + lonPx(view, a.lon, b.lon)
  return markup`<path class="line k-${event.type}" d="M${tenth(x)} ${tenth(view.y(a.lat))}L${tenth(x2)} ${tenth(view.y(b.lat))}"/>`
}

/** From one longitude to another the short way, pixels. */
const lonPx = (view: View, from: number, to: number): number =>
  view.xOf(view.west + lonDelta(from, to)) - view.xOf(view.west)

const tenth = (value: number): number => Math.round(value * 10) / 10

const SHAPES: Record<Shape, (x: number, y: number, r: number) => string> = {
  circle: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  diamond: (x, y, r) =>
    `M${x} ${y - 1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}z`,
  'hollow-diamond': (x, y, r) => SHAPES.diamond(x, y, r),
  square: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  triangle: (x, y, r) => `M${x} ${y - 1.2 * r}l${1.2 * r} ${2.1 * r}h${-2.4 * r}z`,
  cross: (x, y, r) => `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`,
}

/** The mark of a type, for maps and for legends. */
export const mark = (type: EventType, x: number, y: number, r = 5): Markup =>
  markup`<path class="mark k-${type} s-${LOOKS[type].shape}" d="${new Markup(SHAPES[LOOKS[type].shape](tenth(x), tenth(y), r))}"/>`

function pinOf({ event, label, href, title }: Pin, view: View, ends: boolean): Markup | null {
  const [a, b] = endsOf(event)
  if (!a) return null
  const [x, y] = [view.x(a.lon), view.y(a.lat)]
  const x2 = b && x + lonPx(view, a.lon, b.lon)
  const silence = event.type === 'gap' || event.type === 'port_silence'
  const words = (text: string, at: number, of: number): Markup =>
    markup`<text class="name" x="${tenth(at > view.width - 90 ? at - 8 : at + 8)}" y="${tenth(of + 4)}" text-anchor="${at > view.width - 90 ? 'end' : 'start'}">${text}</text>`
  const told = ends && silence ? 'OFF' : label
  const near = x2 !== undefined && Math.hypot(x2 - x, view.y(b!.lat) - view.y(a.lat)) < 26
  const marks = markup`<title>${title}</title>${mark(event.type, x, y)}${b && markup`<circle class="on k-${event.type}" cx="${tenth(x2!)}" cy="${tenth(view.y(b.lat))}" r="4.5"/>`}${told && words(near && ends ? `${told}, ON` : told, x, y)}${b && ends && silence && !near && words('ON', x2!, view.y(b.lat))}`
  return href === undefined ? markup`<g>${marks}</g>` : markup`<a href="${href}">${marks}</a>`
}

const STEPS_DEG = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60]

/** Parallels and meridians, told at the left and at the bottom. */
function grid(view: View): { lines: Markup; texts: Markup } {
  const { west, east, south, north, width, height } = view
  const step = STEPS_DEG.find(deg => (east - west) / deg <= 7) ?? 60
  const decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0
  const lines: Markup[] = []
  const texts: Markup[] = []
  for (let k = Math.ceil(west / step); k * step < east; k++) {
    const x = tenth(view.xOf(k * step))
    const lon = lonDelta(0, k * step)
    lines.push(markup`<path d="M${x} 0V${height}"/>`)
    texts.push(
      markup`<text x="${x + 3}" y="${height - 5}">${Math.abs(lon).toFixed(decimals)}°${lon < 0 ? 'W' : 'E'}</text>`,
    )
  }
  for (let k = Math.ceil(south / step); k * step < north; k++) {
    const y = tenth(view.y(k * step))
    if (Math.abs(k * step) > 90) continue
    lines.push(markup`<path d="M0 ${y}H${width}"/>`)
    texts.push(
      markup`<text x="4" y="${y - 3}">${Math.abs(k * step).toFixed(decimals)}°${k < 0 ? 'S' : 'N'}</text>`,
    )
  }
  return { lines: markup`<g class="grid">${lines}</g>`, texts: markup`<g class="grid">${texts}</g>` }
}

const BAR_NM = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]

function scaleBar({ width, height, nmPerPx }: View): Markup {
  const nm = [...BAR_NM].reverse().find(each => each / nmPerPx <= width / 4) ?? 1
  const px = nm / nmPerPx
  const [x, y] = [width - 14 - px, height - 22]
  return markup`<g class="scale"><path d="M${tenth(x)} ${y - 4}v4h${tenth(px)}v-4"/><text x="${tenth(x + px / 2)}" y="${y - 8}" text-anchor="middle">${inNm(nm * M_PER_NM).replace('.0', '')}</text></g>`
}

const CELLS = 26
/** Names of zones that fill less than this many cells of the picture are left out. */
const MIN_CELLS = 8

/** Each zone's name where it is farthest from all that is not of it. */
function namesOf(borders: readonly { name: string; rings: number[][] }[], view: View): Markup[] {
  const { width, height } = view
  const cell = width / CELLS
  const rows = Math.max(1, Math.round(height / cell))
  return borders.flatMap(({ name, rings }) => {
    const flats = rings.map(ring => Float64Array.from([...ring, ring[0]!, ring[1]!]))
    const inside: [number, number][] = []
    const outside: [number, number][] = []
    for (let row = -1; row <= rows; row++) {
      for (let column = -1; column <= CELLS; column++) {
        const seen = row >= 0 && row < rows && column >= 0 && column < CELLS
        const at: [number, number] = [(column + 0.5) * cell, (row + 0.5) * cell]
        if (seen && insideRings(flats, at[1], at[0])) inside.push(at)
        else outside.push(at)
      }
    }
    if (inside.length < MIN_CELLS) return []
    let best: { at: [number, number]; room: number } | undefined
    for (const at of inside) {
      const room = outside.reduce(
        (least, other) => Math.min(least, Math.hypot(other[0] - at[0], (other[1] - at[1]) * 2.5)),
        Infinity,
      )
      if (!best || room > best.room) best = { at, room }
    }
    return [
      markup`<text class="zone" x="${tenth(best!.at[0])}" y="${tenth(best!.at[1])}" text-anchor="middle">${name}</text>`,
    ]
  })
}
