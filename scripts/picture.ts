// Draws the README's picture: the demo's events on the North Sea, as SVG. After `npm run demo`:
//   npx tsc --noEmit false --outDir OUT --rootDir . && node OUT/scripts/picture.js events.geojson docs/north-sea.svg

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature } from 'topojson-client'
import type { Feature, FeatureCollection, LineString, MultiPolygon, Point, Polygon } from 'geojson'
import type { Topology } from 'topojson-specification'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'

const [WEST, SOUTH, EAST, NORTH] = [-4.5, 50.5, 12.5, 61.5] as const
const WIDTH = 960
const X_SCALE = WIDTH / (EAST - WEST)
const Y_SCALE = X_SCALE / Math.cos((56 * Math.PI) / 180)
const HEIGHT = Math.round((NORTH - SOUTH) * Y_SCALE)

interface Properties {
  type: string
  name: string | null
}
type Shown = Feature<Point | LineString, Properties>

const STYLE: Record<string, { colour: string; text: string }> = {
  gap: { colour: '#d1332e', text: 'gap: from OFF to ON' },
  spoofing: { colour: '#8a2be2', text: 'false position, shared MMSI' },
  loitering: { colour: '#c77700', text: 'loitering' },
}

const x = (lon: number) => Math.round((lon - WEST) * X_SCALE * 10) / 10
const y = (lat: number) => Math.round((NORTH - lat) * Y_SCALE * 10) / 10
const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value))
const escape = (text: string) => text.replace(/[<>&"']/g, c => `&#${c.charCodeAt(0)};`)

/** A ring as a path, without points that would not be seen; '' when it lies outside the picture. */
function ringPath(ring: number[][]): string {
  const seen = ring.some(p => p[0]! > WEST - 2 && p[0]! < EAST + 2 && p[1]! > SOUTH - 2 && p[1]! < NORTH + 2)
  if (!seen) return ''
  const points: [number, number][] = []
  for (const [lon, lat] of ring) {
    const at: [number, number] = [x(clamp(lon!, WEST - 3, EAST + 3)), y(clamp(lat!, SOUTH - 3, NORTH + 3))]
    const last = points.at(-1)
    if (!last || Math.abs(at[0] - last[0]) + Math.abs(at[1] - last[1]) > 0.7) points.push(at)
  }
  return points.length > 2 ? `M${points.map(p => p.join(' ')).join('L')}Z` : ''
}

function landPath(): string {
  const path = createRequire(import.meta.url).resolve('world-atlas/land-50m.json')
  const topology = JSON.parse(readFileSync(path, 'utf8')) as Topology
  const land = feature(topology, topology.objects['land']!) as unknown as FeatureCollection<
    MultiPolygon | Polygon
  >
  return land.features
    .flatMap(({ geometry: g }) => (g.type === 'Polygon' ? [g.coordinates] : g.coordinates))
    .flatMap(rings => rings.map(ringPath))
    .join('')
}

const zonePath = (): string =>
  loadApproximateEez()
    .flatMap(zone => zone.polygons.flatMap(rings => rings.map(ringPath)))
    .join('')

const ends = ({ geometry: g }: Shown): [number[], number[]] =>
  g.type === 'Point' ? [g.coordinates, g.coordinates] : [g.coordinates[0]!, g.coordinates.at(-1)!]

function draw(event: Shown): string {
  const { colour } = STYLE[event.properties.type]!
  const [a, b] = ends(event)
  const dot = (p: number[]) => `<circle cx="${x(p[0]!)}" cy="${y(p[1]!)}" r="4" fill="${colour}"/>`
  if (a === b) return dot(a)
  const line = `M${x(a[0]!)} ${y(a[1]!)}L${x(b[0]!)} ${y(b[1]!)}`
  return `<path d="${line}" stroke="${colour}" stroke-width="2" stroke-dasharray="6 4" fill="none"/>${dot(a)}${dot(b)}`
}

/** Each vessel's name once, right of its easternmost point, where it covers least. */
function label(name: string, events: Shown[]): string {
  const [lon, lat] = events.flatMap(ends).reduce((p, q) => (q[0]! > p[0]! ? q : p))
  return `<text x="${x(lon!) + 7}" y="${y(lat!) + 4}">${escape(name)}</text>`
}

const [input = 'events.geojson', output = 'docs/north-sea.svg'] = process.argv.slice(2)
const { features } = JSON.parse(readFileSync(input, 'utf8')) as FeatureCollection<
  Point | LineString,
  Properties
>
const shown = features.filter(f => f.geometry && Object.hasOwn(STYLE, f.properties.type))
const byName = new Map<string, Shown[]>()
for (const event of shown)
  byName.set(event.properties.name ?? '', [...(byName.get(event.properties.name ?? '') ?? []), event])
const key = Object.values(STYLE).map(
  ({ colour, text }, k) =>
    `<circle cx="24" cy="${28 + 22 * k}" r="5" fill="${colour}"/><text x="36" y="${32 + 22 * k}">${text}</text>`,
)
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<title>Events of a simulated day on the North Sea, with approximate EEZ boundaries</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#dce9f2"/>
<path d="${zonePath()}" fill="none" stroke="#7d9bb0" stroke-dasharray="2 3"/>
<path d="${landPath()}" fill="#f4f0e6" stroke="#b5ab93" stroke-width="0.7"/>
${shown.map(draw).join('\n')}
${[...byName].map(([name, events]) => label(name, events)).join('\n')}
<rect x="8" y="10" width="222" height="72" rx="4" fill="#ffffffcc"/>
${key.join('\n')}
</svg>
`,
)
