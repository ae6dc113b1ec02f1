// Files of satellite detections: CSV, GeoJSON, JSON and JSON lines, plain or gzipped. What a row lacks its scene may tell;
// what is no detection is counted under its reason, with the line of the first.

import { InputError } from '../../model/errors.js'
import type { FixedMask, Scene, Sensor } from '../../model/detection.js'
import { safeText } from '../../model/text.js'
import { eachCsvRow, readCsvRows } from '../../zones/csv-rows.js'
import { fileLabel, readTextPieces, readWholeFile } from '../../zones/read-file.js'
import type { Aside } from './aside.js'
import { fieldsOf, sensorOf, type DetectionField } from './columns.js'
import { rowOf, timeIn, type Cells, type DetectionReject } from './rows.js'
import { createPiles } from './piles.js'
import { lookingOf, pileOf, ringsOf, scenesOf, type SceneFacts } from './scenes.js'

/** JSON is read whole; a string holds little more. */
const MAX_JSON = 500_000_000

export interface DetectionsRead extends DetectionsCounts {
  /** By time and name. */
  scenes: Scene[]
}

export interface DetectionsCounts {
  /** Rows, detections among them, and the others by reason. */
  read: number
  accepted: number
  rejected: Partial<Record<DetectionReject, number>>
  /** Line or number of the first of each reason, from 1. */
  firstRejected: Partial<Record<DetectionReject, number>>
}

export interface ReadDetectionsOptions {
  /** Column by field (`t`, `lat`, `lon`, `sigmaM`, `lengthM`, `headingDeg`, `confidence`, `id`, `scene`, `sensor` …). */
  map?: Readonly<Record<string, string>> | undefined
  /** Where rows wait for the others of their scene when they are many. @default in memory */
  aside?: Aside | undefined
  /** Rows in memory before they go there. @default 50,000: some 20 MB */
  maxRows?: number | undefined
}

/** Something flat with values by name, and where it stood. */
interface Raw {
  values: Record<string, unknown>
  line: number
}

/** @throws InputError when the file cannot be read or holds no detections that can be told as such */
export async function readDetections(
  path: string,
  options: ReadDetectionsOptions = {},
): Promise<DetectionsRead> {
  const scenes: Scene[] = []
  const counts = await eachScene(path, options, scene => scenes.push(scene))
  return { ...counts, scenes: scenes.sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1)) }
}

/**
 * The same, a picture at a time, in no order: of a CSV no more is in memory than some ten thousand rows and one picture. JSON is
 * read whole.
 * @throws InputError as readDetections; OutputError when rows cannot be put aside; what `take` throws
 */
export async function eachScene(
  path: string,
  { map, aside, maxRows }: ReadDetectionsOptions,
  take: (scene: Scene) => void,
): Promise<DetectionsCounts> {
  const label = fileLabel(path)
  const facts = new Map<string, SceneFacts>()
  const piles = createPiles(aside, maxRows)
  const out: DetectionsCounts = { read: 0, accepted: 0, rejected: {}, firstRejected: {} }
  const refuse = (reason: DetectionReject, line: number): void => {
    out.rejected[reason] = (out.rejected[reason] ?? 0) + 1
    out.firstRejected[reason] = Math.min(out.firstRejected[reason] ?? Infinity, line)
  }
  /** What takes the rows of a file whose columns have these names. */
  function rowsBy(names: readonly string[]): (raw: Raw) => void {
    const fields = fieldsOf(names, map)
    if (!fields.lat || !fields.lon) {
      const shown = safeText(names.slice(0, 12).join(', '), 200)
      throw new InputError(
        'unrecognised',
        `${label}: no detections: no column for ${fields.lat ? 'longitude' : 'latitude'} among ${shown}: name it with --detection-map lat=…,lon=…,t=…`,
      )
    }
    const sensor =
      facts.get('')?.sensor ?? sensorOf(`${names.map(name => name.replace(/_/g, '')).join(' ')} ${path}`)
    return ({ values, line }) => {
      out.read++
      const cells = cellsOf(values, fields)
      const row = rowOf(cells, sensor)
      if (typeof row === 'string') {
        refuse(row, line)
        return
      }
      piles.add(pileOf(row), { row, line })
      if (row.scene !== null) learnScene(facts, row.scene, cells)
    }
  }

  const pieces = readTextPieces(path)
  const { value: first = '' } = (await pieces.next()) as { value?: string }
  const text = startingWith(first, pieces)
  if (/^\s*[[{]/.test(first)) {
    const raws = jsonRaws(await wholeOf(text, label), label, facts, map)
    const names = new Set<string>()
    for (const { values } of raws.slice(0, 1000)) for (const name of Object.keys(values)) names.add(name)
    if (raws.length > 0) raws.forEach(rowsBy([...names]))
  } else {
    let names: string[] | undefined
    let takeRow: ((raw: Raw) => void) | undefined
    await eachCsvRow(path, text, ({ line, cells }) => {
      if (!names) {
        names = cells.map(name => name.trim())
        return
      }
      takeRow ??= rowsBy(names)
      takeRow({ line, values: valuesOf(names, cells) })
    })
  }
  if (out.read === 0 && facts.size === 0)
    throw new InputError('unrecognised', `${label}: no detections: neither rows nor features`)
  for (const scene of scenesOf(piles, facts, refuse)) {
    out.accepted += scene.detections.length
    take(scene)
  }
  return out
}

const valuesOf = (names: readonly string[], cells: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name, k) => [name, cells[k] ?? '']))

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}

async function wholeOf(pieces: AsyncIterable<string>, label: string): Promise<string> {
  const all: string[] = []
  let length = 0
  for await (const piece of pieces) {
    all.push(piece)
    length += piece.length
    if (length > MAX_JSON)
      throw new InputError('failed', `${label}: more than ${MAX_JSON} characters of JSON`)
  }
  return all.join('')
}

function cellsOf(values: Record<string, unknown>, fields: Partial<Record<DetectionField, string>>): Cells {
  const cells: Cells = {}
  for (const [field, name] of Object.entries(fields)) cells[field as DetectionField] = values[name]
  return cells
}

/** What a row says of its scene. */
function learnScene(facts: Map<string, SceneFacts>, scene: string, cells: Cells): void {
  const before = facts.get(scene)
  if (before?.footprint && before.looking) return
  const footprint = before?.footprint ?? ringsOf(cells.footprint)
  const looking = before?.looking ?? lookingOf(cells)
  if (footprint || looking)
    facts.set(scene, { ...before, ...(footprint && { footprint }), ...(looking && { looking }) })
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function jsonRaws(
  text: string,
  label: string,
  facts: Map<string, SceneFacts>,
  map: Readonly<Record<string, string>> | undefined,
): Raw[] {
  const raws: Raw[] = []
  const add = (value: unknown): void => takeJson(value, raws, facts, map)
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch {
    // JSON lines: one object each
    text.split(/\r\n|\n|\r/).forEach((line, k) => {
      if (line.trim() === '') return
      try {
        add(JSON.parse(line))
      } catch {
        throw new InputError('unrecognised', `${label}: line ${k + 1}: no JSON`)
      }
    })
    return raws
  }
  add(whole)
  return raws
}

/** Lists of detections that a JSON object may hold, by name. */
const LISTS = [
  'detections',
  'predictions',
  'features',
  'events',
  'records',
  'data',
  'results',
  'entries',
  'items',
]
/** Lists of objects of which each is a scene with its detections. */
const SCENES = ['scenes', 'images']

function takeJson(
  value: unknown,
  raws: Raw[],
  facts: Map<string, SceneFacts>,
  map: Readonly<Record<string, string>> | undefined,
): void {
  if (Array.isArray(value)) {
    for (const item of value) takeJson(item, raws, facts, map)
    return
  }
  if (!isObject(value)) return
  for (const name of SCENES) if (Array.isArray(value[name])) return takeJson(value[name], raws, facts, map)
  const list = LISTS.map(name => value[name]).find(Array.isArray)
  if (list) {
    const facts_ = sceneFacts(value, map)
    const cells = cellsOf(value, fieldsOf(Object.keys(value), map))
    const name = [cells.scene, isObject(value['scene']) ? undefined : value['scene'], value['id']].find(
      (id): id is string => typeof id === 'string' && id !== '',
    )
    if (name !== undefined || facts_.t !== undefined) facts.set(name ?? '', facts_)
    const from = raws.length
    for (const item of list as unknown[]) takeJson(item, raws, facts, map)
    if (name !== undefined) for (const raw of raws.slice(from)) raw.values['scene_id'] ??= name
    return
  }
  const flat = flatten(value)
  const shape = ringsOf(isObject(value['geometry']) ? value['geometry'] : undefined)
  if (shape) {
    // a polygon among the features is the outline of a scene
    const cells = cellsOf(flat, fieldsOf(Object.keys(flat), map))
    const name = typeof cells.scene === 'string' ? cells.scene : ''
    facts.set(name, { ...facts.get(name), ...sceneFacts(flat, map), footprint: shape })
    return
  }
  raws.push({ values: flat, line: raws.length + 1 })
}

/** Objects within become names of their own, the inner one counting where it is new: `start.point.lat` is `lat`. */
function flatten(value: Json): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const walk = (object: Json): void => {
    for (const [name, item] of Object.entries(object)) {
      if (isObject(item) && item['type'] === 'Point' && Array.isArray(item['coordinates'])) {
        const [lon, lat] = item['coordinates'] as unknown[]
        out['lon'] ??= lon
        out['lat'] ??= lat
      } else if (isObject(item) && !(name in out && item['type'] === 'Polygon')) {
        if (item['type'] === 'Polygon' || item['type'] === 'MultiPolygon') out[name] ??= item
        else if (name !== 'end') walk(item)
      } else out[name] ??= item
    }
  }
  walk(value)
  return out
}

function sceneFacts(value: Json, map: Readonly<Record<string, string>> | undefined): SceneFacts {
  const flat = flatten(Object.fromEntries(Object.entries(value).filter(([, item]) => !isListOfObjects(item))))
  const cells = cellsOf(flat, fieldsOf(Object.keys(flat), map))
  const t = timeIn(cells.t)
  const footprint = ringsOf(cells.footprint ?? flat['frame_extents'] ?? flat['extent'])
  const looking = lookingOf(cells)
  const words = ['sensor', 'filename', 'satellite', 'source', 'id', 'scene_id']
    .map(name => text(flat[name]))
    .join(' ')
  const sensor: Sensor = sensorOf(words)
  return {
    ...(t !== undefined && !Number.isNaN(t) && { t }),
    ...(footprint && { footprint }),
    ...(looking && { looking }),
    ...(sensor !== 'unknown' && { sensor }),
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isListOfObjects = (value: unknown): boolean => Array.isArray(value) && isObject(value[0])

/** Radius of a platform or a turbine where none is told, metres. */
const USUAL_RADIUS_M = 200

/**
 * Fixed objects: points and polygons of GeoJSON, or a CSV of points with lat, lon and maybe radius_m.
 * @throws InputError
 */
export async function readFixedMask(path: string): Promise<FixedMask> {
  const label = fileLabel(path)
  const content = (await readWholeFile(path)).toString('utf8').replace(/^\ufeff/, '')
  const mask: FixedMask = { points: [], areas: [] }
  const point = (flat: Record<string, unknown>): void => {
    const cells = cellsOf(flat, fieldsOf(Object.keys(flat)))
    const [lat, lon] = [Number(cells.lat), Number(cells.lon)]
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || text(cells.lat) === ' ') return
    const radius = Number(flat['radius_m'] ?? flat['radiusM'] ?? flat['radius'])
    const name = flat['name'] ?? flat['label']
    const known = typeof name === 'string' && name !== '' ? name : null
    mask.points.push({ lat, lon, radiusM: radius > 0 ? radius : USUAL_RADIUS_M, name: known })
  }
  if (/^\s*[[{]/.test(content)) {
    let value: unknown
    try {
      value = JSON.parse(content)
    } catch {
      throw new InputError('unrecognised', `${label}: no JSON`)
    }
    const features =
      isObject(value) && Array.isArray(value['features']) ? (value['features'] as unknown[]) : [value]
    for (const feature of features) {
      if (!isObject(feature)) continue
      const rings = ringsOf(feature)
      const flat = flatten(feature)
      const name = text(flat['name']) || null
      if (rings) mask.areas.push({ rings, name })
      else point(flat)
    }
  } else {
    const [head, ...rows] = await readCsvRows(path)
    const names = head?.cells.map(name => name.trim()) ?? []
    for (const { cells } of rows) point(valuesOf(names, cells))
  }
  if (mask.points.length + mask.areas.length === 0)
    throw new InputError('unrecognised', `${label}: no fixed objects: neither points nor polygons`)
  return mask
}
