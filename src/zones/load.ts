// Zones from a file that a user has: GeoJSON, TopoJSON or a shapefile, plain, gzipped or zipped. Marine Regions' columns
// (marineregions.org, World EEZ) are understood; other files give what they have: a name, an id, an ISO code.

import { basename } from 'node:path'
import type { Feature, GeoJSON, Geometry } from 'geojson'
import { feature as topoFeature } from 'topojson-client'
import type { Topology } from 'topojson-specification'
import { InputError } from '../model/errors.js'
import type { ZoneRef } from '../model/event.js'
import { safeText } from '../model/text.js'
import type { ZonePolygon } from './index.js'
import { fileLabel, readWholeFile } from './read-file.js'
import { layerBeside, layersInZip, shapefileFeatures } from './shapefile.js'

const KINDS = ['eez', 'territorial', 'mpa', 'port', 'user'] as const satisfies ZoneRef['kind'][]

const SHAPEFILE_MAGIC = 9994
const ZIP_MAGIC = 0x504b0304

/** POL_TYPE of Marine Regions; what it does not name is the user's own. */
const KIND_BY_POL_TYPE: Record<string, ZoneRef['kind']> = {
  '200nm': 'eez',
  'joint regime': 'eez',
  'joint regime (eez)': 'eez',
  'overlapping claim': 'eez',
  '12nm': 'territorial',
}

/**
 * Reads zones. Content decides what a file is, not its ending (a .shp still needs its .dbf beside it for names).
 * Features without polygons are passed over; polygons of one MRGID are one zone.
 * @throws InputError naming the file: missing, broken, no zones file, no polygons, not in degrees
 */
export async function loadZones(path: string): Promise<ZonePolygon[]> {
  const label = fileLabel(path)
  const bytes = await readWholeFile(path)
  try {
    return distinct(await zonesIn(bytes, path, label))
  } catch (error) {
    if (error instanceof InputError) throw error
    // hostile or damaged structure that no check foresaw
    throw new InputError('failed', `${label}: broken (${safeText((error as Error).message, 200)})`, {
      cause: error,
    })
  }
}

async function zonesIn(bytes: Buffer, path: string, label: string): Promise<ZonePolygon[]> {
  const stem = basename(path).replace(/(\.(zip|shp|geojson|topojson|json|gz))+$/i, '')
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0
  if (magic === SHAPEFILE_MAGIC) {
    return toZones(await shapefileFeatures(await layerBeside(path, bytes), label), stem, label, true)
  }
  if (magic !== ZIP_MAGIC) return toZones(jsonFeatures(bytes, label), stem, label, false)
  const layers = await layersInZip(bytes, label)
  if (layers.length === 0) throw new InputError('unrecognised', `${label}: no .shp and no GeoJSON in the zip`)
  const zones: ZonePolygon[] = []
  for (const layer of layers) {
    const inside = `${label}:${safeText(layer.name)}`
    const json = layer.files.get('json')
    const features = json ? jsonFeatures(json, inside) : await shapefileFeatures(layer, inside)
    zones.push(...toZones(features, basename(layer.name), inside, json === undefined))
  }
  return zones
}

function jsonFeatures(bytes: Buffer, label: string): Feature[] {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '')
  if (!/^\s*[[{]/.test(text)) {
    throw new InputError('unrecognised', `${label}: no GeoJSON, TopoJSON or shapefile`)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new InputError('failed', `${label}: broken JSON (${safeText((error as Error).message, 200)})`, {
      cause: error,
    })
  }
  return featuresOf(parsed)
}

/** The features of anything GeoJSON-like: a collection, one feature, a bare geometry, a topology, an array of these. */
function featuresOf(node: unknown): Feature[] {
  if (Array.isArray(node)) return node.flatMap(featuresOf)
  if (typeof node !== 'object' || node === null || !('type' in node)) return []
  const json = node as GeoJSON | Topology
  switch (json.type) {
    case 'FeatureCollection':
      return featuresOf(json.features)
    case 'Feature':
      return [json]
    case 'Topology':
      return Object.values(json.objects).flatMap(object => featuresOf(topoFeature(json, object)))
    case 'Polygon':
    case 'MultiPolygon':
    case 'LineString':
    case 'MultiLineString':
    case 'Point':
    case 'MultiPoint':
    case 'GeometryCollection':
      return [{ type: 'Feature', geometry: json, properties: {} }]
    default:
      return []
  }
}

/** @param oneRingSet all rings of a shape are even-odd together, as shapefiles mean them (their holes name no outer) */
function toZones(features: Feature[], stem: string, label: string, oneRingSet: boolean): ZonePolygon[] {
  const seen = new Set<string>()
  const zones: ZonePolygon[] = []
  for (const [i, { geometry, properties, id }] of features.entries()) {
    const polygons = geometry ? polygonsOf(geometry, seen) : []
    if (polygons.length === 0) continue
    checkDegrees(polygons, label)
    const fallback = features.length === 1 ? stem : `${stem}-${i + 1}`
    const ref = zoneRef(properties ?? {}, id, fallback)
    zones.push({ ref, polygons: oneRingSet ? [polygons.flat()] : polygons })
  }
  if (zones.length === 0) {
    const what =
      features.length === 0
        ? 'nothing in it'
        : `${features.length} shapes (${[...seen].join(', ') || 'empty'})`
    const hint = [...seen].some(type => type.includes('Line'))
      ? '; lines have no inside: take the polygon version of the file'
      : ''
    throw new InputError('unrecognised', `${label}: no polygons, ${what}${hint}`)
  }
  return zones
}

function polygonsOf(geometry: Geometry, seen: Set<string>): number[][][][] {
  seen.add(safeText(String(geometry.type), 20))
  switch (geometry.type) {
    case 'Polygon':
      return geometry.coordinates.length > 0 ? [geometry.coordinates] : []
    case 'MultiPolygon':
      return geometry.coordinates.filter(rings => rings.length > 0)
    case 'GeometryCollection':
      return geometry.geometries.flatMap(part => polygonsOf(part, seen))
    default:
      return []
  }
}

function checkDegrees(polygons: number[][][][], label: string): void {
  for (const ring of polygons.flat()) {
    for (const point of Array.isArray(ring) ? ring : [undefined]) {
      const lon = point?.[0]
      const lat = point?.[1]
      if (
        typeof lon !== 'number' ||
        typeof lat !== 'number' ||
        !Number.isFinite(lon) ||
        !Number.isFinite(lat)
      ) {
        throw new InputError(
          'failed',
          `${label}: broken, a corner is ${safeText(JSON.stringify(point ?? null), 60)}`,
        )
      }
      if (Math.abs(lat) > 90.000001 || Math.abs(lon) > 540) {
        throw new InputError(
          'failed',
          `${label}: corner ${lon}, ${lat} is not in degrees: convert the file to WGS-84`,
        )
      }
    }
  }
}

/** What the columns say about a zone. */
function zoneRef(properties: Record<string, unknown>, featureId: unknown, fallback: string): ZoneRef {
  const columns = new Map(Object.entries(properties).map(([name, value]) => [name.toLowerCase(), value]))
  const text = (...names: string[]): string => {
    for (const name of names) {
      const value = columns.get(name)
      if (typeof value === 'string' && safeText(value.trim()) !== '') return safeText(value.trim())
      if (typeof value === 'number' && Number.isFinite(value)) return String(value)
    }
    return ''
  }
  const polType = text('pol_type').toLowerCase()
  const given = text('kind', 'type', 'zone_type').toLowerCase()
  const kind =
    KIND_BY_POL_TYPE[polType] ?? KINDS.find(k => k === given) ?? (columns.has('mrgid_eez') ? 'eez' : 'user')
  // Global Fishing Watch's coarse EEZs carry the MRGID as `area`
  const mrgid = wholeNumber(text('mrgid', 'mrgid_eez') || (given === 'eez' ? text('area') : ''))
  // an Id of 0 is what GIS software writes into a file without attributes: it names nothing
  const own =
    text('id', 'zone_id', 'zoneid', 'code', 'fid').replace(/^0$/, '') ||
    (featureId == null ? '' : safeText(String(featureId)))
  const name = text('geoname', 'name', 'title', 'label', 'zone', 'territory1')
  const sovereigns =
    isoCodes(columns, 'iso_sov') ??
    isoCodes(columns, 'iso_ter') ??
    isoCodes(columns, 'iso3') ??
    isoCodes(columns, 'iso_a3') ??
    []
  return {
    id: mrgid !== null ? `mrgid-${mrgid}` : own || fallback,
    name: name || (/^\d*$/.test(own) ? fallback : own),
    kind,
    mrgid,
    sovereigns,
    method: 'authoritative',
    // a joint regime or an overlapping claim is shared out evenly; nobody is picked silently
    weight: 1 / Math.max(1, sovereigns.length),
  }
}

/** ISO 3166-1 alpha-3 codes in a column, or in its numbered brothers 1…9; undefined when there is none. */
function isoCodes(columns: Map<string, unknown>, stem: string): string[] | undefined {
  const codes = new Set<string>()
  for (const name of [stem, ...Array.from({ length: 9 }, (_, i) => `${stem}${i + 1}`)]) {
    const value = columns.get(name)
    const code = typeof value === 'string' ? value.trim().toUpperCase() : ''
    if (/^[A-Z]{3}$/.test(code)) codes.add(code)
  }
  return codes.size > 0 ? [...codes] : undefined
}

function wholeNumber(text: string): number | null {
  const value = Number(text)
  return text !== '' && Number.isInteger(value) && value > 0 ? value : null
}

/** One zone per MRGID; other ids that repeat get a number. */
function distinct(zones: ZonePolygon[]): ZonePolygon[] {
  const byId = new Map<string, ZonePolygon>()
  for (const zone of zones) {
    const known = byId.get(zone.ref.id)
    if (known && known !== zone && zone.ref.mrgid !== null && known.ref.mrgid === zone.ref.mrgid) {
      known.polygons.push(...zone.polygons)
      continue
    }
    let id = zone.ref.id
    for (let n = 2; byId.has(id); n++) id = `${zone.ref.id}-${n}`
    byId.set(id, { ...zone, ref: { ...zone.ref, id } })
  }
  return [...byId.values()]
}
