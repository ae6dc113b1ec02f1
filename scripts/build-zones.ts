// Makes data/land.bin.gz and data/approximate-eez.bin.gz from Natural Earth 10 m (npm package world-atlas, public
// domain). Run from the root, a few minutes:
//   npx tsc --noEmit false --outDir node_modules/.cache/darkwake && node node_modules/.cache/darkwake/scripts/build-zones.js

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature } from 'topojson-client'
import type { Geometry, MultiPolygon, Polygon } from 'geojson'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { M_PER_NM } from '../src/model/units.js'
import type { ApproximateHeader } from '../src/zones/approximate-eez.js'
import { buildZoneIndex, type ZonePolygon } from '../src/zones/index.js'
import { buildNearestLine } from '../src/zones/nearest.js'
import { packLines } from '../src/zones/packed.js'
import { contour, shareArcs } from './zones-contour.js'
import { NO_ZONE, TERRITORIES, WESTERN_SAHARA, type Territory } from './zones-territories.js'

const EEZ_M = 200 * M_PER_NM // UNCLOS article 57
/** Land this near to a coast belongs to its country's zone, so that harbours and estuaries do: docs/zones.md. */
const HARBOUR_STRIP_M = 50_000
const STEP_DEG = 0.05
const TOLERANCE_DEG = 0.004
const PER_DEGREE = 1024
const SPECK_DEG2 = 0.002

type World = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }> & {
  transform: { scale: [number, number]; translate: [number, number] }
}
const world = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-10m.json'), 'utf8'),
) as World
const { scale, translate } = world.transform
mkdirSync('data', { recursive: true })

function ringsOf(geometry: Geometry): number[][][][] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(ringsOf)
  return geometry.type === 'Polygon'
    ? [(geometry as Polygon).coordinates]
    : (geometry as MultiPolygon).coordinates
}

// land, in the very integers of its source; rings near each other follow each other
const land = feature(world, world.objects.land)
const landRings = ('features' in land ? land.features.map(f => f.geometry) : [])
  .flatMap(ringsOf)
  .flat()
  .map(ring =>
    ring.flatMap(([x, y]) => [
      Math.round((x! - translate[0]) / scale[0]),
      Math.round((y! - translate[1]) / scale[1]),
    ]),
  )
  .sort((a, b) => zOrder(a[0]!, a[1]!) - zOrder(b[0]!, b[1]!))
const packedLand = packLines({ scale, translate }, landRings)
writeFileSync('data/land.bin.gz', packedLand)
console.log(`land: ${landRings.length} rings, ${sum(landRings) / 2} points, ${packedLand.length} bytes`)

// coasts by territory: arcs that only one country uses
const uses = new Map<number, number>()
const arcsOf = (node: unknown): number[] =>
  typeof node === 'number' ? [node < 0 ? ~node : node] : (node as unknown[]).flatMap(arcsOf)
const countries = world.objects.countries.geometries.flatMap(g => {
  const arcs = 'arcs' in g ? arcsOf(g.arcs) : []
  for (const arc of arcs) uses.set(arc, (uses.get(arc) ?? 0) + 1)
  return [{ name: g.properties && 'name' in g.properties ? g.properties.name : '', arcs, geometry: g }]
})
const territories: Territory[] = [{ iso: '', name: '', sovereigns: [] }]
const labelOfIso = new Map<string, number>()
const coastLines: { line: Float64Array; label: number; order: number }[] = []
const landOf: ZonePolygon[] = []
const landLabel: ((lat: number) => number)[] = []
function labelFor(territory: Territory): number {
  const label = labelOfIso.get(territory.iso) ?? territories.push(territory) - 1
  labelOfIso.set(territory.iso, label)
  return label
}
for (const { name, arcs, geometry } of countries) {
  const coast = arcs.filter(arc => uses.get(arc) === 1)
  const territory = TERRITORIES.get(name)
  if (!territory && coast.length > 0 && !NO_ZONE.has(name))
    console.log(`no zone for ${name}, ${coast.length} coast arcs`)
  const label = territory ? labelFor(territory) : 0
  const labelAt = (lat: number): number =>
    name === WESTERN_SAHARA.drawnAs && lat < WESTERN_SAHARA.southOf
      ? labelFor(TERRITORIES.get(WESTERN_SAHARA.territory)!)
      : label
  for (const arc of territory ? coast : []) {
    const first = world.arcs[arc]![0]!
    const order = zOrder(first[0]!, first[1]!)
    let line: number[] = []
    let x = 0
    let y = 0
    for (const [dx, dy] of world.arcs[arc]!) {
      const before = line.at(-1)
      x += dx!
      y += dy!
      const point = [x * scale[0] + translate[0], y * scale[1] + translate[1]] as const
      line.push(...point)
      if (before !== undefined && labelAt(before) !== labelAt(point[1])) {
        // the coast changes hands here: the piece in between belongs to where it came from
        coastLines.push({ line: Float64Array.from(line), label: labelAt(before), order })
        line = [...point]
      }
    }
    coastLines.push({ line: Float64Array.from(line), label: labelAt(line[1]!), order })
  }
  const shape = feature(world, geometry as never) as unknown as { geometry: Geometry }
  landLabel.push(labelAt)
  landOf.push({
    ref: {
      id: name,
      name,
      kind: 'user',
      mrgid: null,
      sovereigns: [],
      method: 'approximate',
      weight: 1,
    },
    polygons: ringsOf(shape.geometry),
  })
}
coastLines.sort((a, b) => a.order - b.order)

const nearest = buildNearestLine(coastLines.map(c => c.line))
const landIndex = buildZoneIndex(landOf)
let asked = 0
function labelOf(lat: number, lon: number): number {
  asked++
  const country = landIndex.members(landIndex.setAt(lat, lon))[0]
  if (country !== undefined) {
    const label = landLabel[country]!(lat)
    return label > 0 && nearest.lineWithin(lat, lon, HARBOUR_STRIP_M) >= 0 ? label : 0
  }
  const line = nearest.lineWithin(lat, lon, EEZ_M)
  return line < 0 ? 0 : coastLines[line]!.label
}

const started = performance.now()
const elapsed = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`
const rings = contour({ step: STEP_DEG, south: -66, north: 88, label: labelOf }, share =>
  process.stdout.write(`\r${(share * 100).toFixed(0)} % ${elapsed()}  `),
)
console.log(`\n${asked} points asked, ${elapsed()}`)
const present = territories.map((_, label) => label).filter(label => (rings[label]?.length ?? 0) > 0)
const { arcs, rings: arcRings } = shareArcs(
  present.map(label => rings[label]!),
  TOLERANCE_DEG,
  PER_DEGREE,
  SPECK_DEG2,
)
const header: ApproximateHeader = {
  zones: present.map((label, k) => ({ ...territories[label]!, rings: arcRings[k]! })),
}
const packed = packLines({ scale: [1 / PER_DEGREE, 1 / PER_DEGREE], translate: [0, 0], ...header }, arcs)
writeFileSync('data/approximate-eez.bin.gz', packed)
console.log(
  `approximate EEZs: ${present.length} zones, ${arcs.length} arcs, ${sum(arcs) / 2} points, ${packed.length} bytes, ${elapsed()}`,
)

function sum(lines: number[][]): number {
  return lines.reduce((total, line) => total + line.length, 0)
}

/** Morton order of a point of the 17-bit source grid: neighbours in the plane are neighbours in the file. */
function zOrder(x: number, y: number): number {
  let order = 0
  for (let bit = 16; bit >= 0; bit--) order = order * 4 + ((x >> bit) & 1) * 2 + ((y >> bit) & 1)
  return order
}
