// Detections put together as pictures: by the name of their scene, or else by sensor and time. A scene without an outline
// gets none.

import { insideRings } from '../../geo/polygon.js'
import { splitRing } from '../../geo/antimeridian.js'
import { SENSORS, type Detection, type Looking, type Scene, type Sensor } from '../../model/detection.js'
import { MS_PER_MIN } from '../../model/units.js'
import {
  numberIn,
  timeOfScene,
  USUAL_SIGMA_M,
  type Cells,
  type DetectionReject,
  type DetectionRow,
} from './rows.js'

/** What is told of a picture besides its detections. */
export interface SceneFacts {
  t?: number
  untilT?: number
  sensor?: Sensor
  /** Flat closed rings within ±180. */
  footprint?: number[][]
  looking?: Looking
}

/** Detections without a scene that are so near in time are of one picture. */
const TOGETHER_MS = 10 * MS_PER_MIN
/** A detection so far outside the outline is still of the picture, degrees. */
const EDGE_DEG = 0.05
/** Slant range over speed of Sentinel-1, in the middle of its swath, seconds. */
const USUAL_RANGE_OVER_SPEED_S = 118

export interface Placed {
  row: DetectionRow
  /** Line or number in its input, from 1. */
  line: number
}

/** Rings of a GeoJSON Polygon or MultiPolygon, or of a list of [lon, lat]; undefined for anything else. */
export function ringsOf(shape: unknown): number[][] | undefined {
  const rings = ringsIn(shape)
  const flat = rings.flatMap(ring => splitRing(ring.flat()).map(piece => [...piece]))
  return flat.length > 0 ? flat : undefined
}

const isPosition = (value: unknown): value is [number, number] =>
  Array.isArray(value) && Number.isFinite(value[0]) && Number.isFinite(value[1])

function ringsIn(shape: unknown): [number, number][][] {
  if (Array.isArray(shape)) {
    if (shape.length >= 3 && shape.every(isPosition)) return [shape.map(([x, y]): [number, number] => [x, y])]
    return shape.flatMap(ringsIn)
  }
  if (typeof shape === 'string') return wktRings(shape)
  if (typeof shape !== 'object' || shape === null) return []
  const { type, coordinates, geometry } = shape as Record<string, unknown>
  if (geometry) return ringsIn(geometry)
  return type === 'Polygon' || type === 'MultiPolygon' ? ringsIn(coordinates) : []
}

/** POLYGON ((lon lat, …)) and MULTIPOLYGON: each innermost pair of brackets is a ring. */
function wktRings(text: string): [number, number][][] {
  if (!/^\s*(srid=\d+;)?\s*(multi)?polygon/i.test(text)) return []
  return [...text.matchAll(/\(([^()]+)\)/g)].flatMap(([, inner]) => {
    const ring = inner!.split(',').map(pair => pair.trim().split(/\s+/).map(Number))
    return ring.every(isPosition) ? [ring.map(([x, y]): [number, number] => [x!, y!])] : []
  })
}

/** How a radar looked, from cells; undefined where direction of flight or incidence is not told. */
export function lookingOf(cells: Cells): Looking | undefined {
  const headingDeg = numberIn(cells.flightDeg)
  const incidenceDeg = numberIn(cells.incidenceDeg)
  if (!Number.isFinite(headingDeg) || !(incidenceDeg > 0 && incidenceDeg < 90)) return undefined
  const told = numberIn(cells.rangeOverSpeedS)
  const made = numberIn(cells.rangeM) / numberIn(cells.speedMps)
  const look = String((cells.look as string | undefined) ?? 'right')
    .toLowerCase()
    .startsWith('l')
    ? 'left'
    : 'right'
  return {
    ...{ headingDeg: ((headingDeg % 360) + 360) % 360, look, incidenceDeg },
    rangeOverSpeedS: told > 0 ? told : made > 0 ? made : USUAL_RANGE_OVER_SPEED_S,
  }
}

/**
 * @param facts by name of the scene; under '' of the whole input
 * @param refuse told of each row that is none after all
 */
export function scenesOf(
  rows: readonly Placed[],
  facts: ReadonlyMap<string, SceneFacts>,
  refuse: (reason: DetectionReject, line: number) => void,
): Scene[] {
  const groups = new Map<string, Placed[]>()
  const nameless = new Map<Sensor, Placed[]>()
  for (const placed of rows) {
    const { scene, sensor } = placed.row
    const into = scene === null ? nameless : groups
    const key = (scene ?? sensor) as never
    const list = (into as Map<string, Placed[]>).get(key)
    if (list) list.push(placed)
    else (into as Map<string, Placed[]>).set(key, [placed])
  }
  const whole = facts.get('')
  for (const [sensor, list] of nameless) {
    if (whole?.t !== undefined) {
      groups.set(`${sensor}-${new Date(whole.t).toISOString()}`, list)
      continue
    }
    // those without a time are refused below
    const timed = list.filter(({ row }) => !Number.isNaN(row.t)).sort((a, b) => a.row.t - b.row.t)
    for (const { line } of list.filter(({ row }) => Number.isNaN(row.t))) refuse('no-time', line)
    let begun = -Infinity
    let name = ''
    for (const placed of timed) {
      if (placed.row.t - begun > TOGETHER_MS) {
        begun = placed.row.t
        name = `${sensor}-${new Date(begun).toISOString()}`
        groups.set(name, [])
      }
      groups.get(name)!.push(placed)
    }
  }
  // a picture with an outline and nothing in it is a picture too: who should have been seen was not
  for (const [name, { footprint, t }] of facts)
    if (name !== '' && !groups.has(name) && footprint && (t ?? timeOfScene(name)?.t) !== undefined)
      groups.set(name, [])
  return [...groups]
    .flatMap(([id, list]) => {
      const scene = sceneOf(id, list, { ...whole, ...facts.get(id) }, refuse)
      return scene ? [scene] : []
    })
    .sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1))
}

function sceneOf(
  id: string,
  list: readonly Placed[],
  facts: SceneFacts,
  refuse: (reason: DetectionReject, line: number) => void,
): Scene | null {
  const named = timeOfScene(id)
  const t = facts.t ?? named?.t
  const rings = facts.footprint?.map(ring => Float64Array.from(ring))
  const inside = (lat: number, lon: number): boolean =>
    [0, EDGE_DEG, -EDGE_DEG].some(y =>
      [0, EDGE_DEG, -EDGE_DEG].some(x => insideRings(rings!, lat + y, lon + x)),
    )
  const seen = new Set<string>()
  const detections: Detection[] = []
  const votes = new Map<Sensor, number>()
  for (const { row, line } of list) {
    const { lat, lon, lengthM, headingDeg, confidence, sigmaM, sensor } = row
    const at = Number.isNaN(row.t) ? t : row.t
    if (at === undefined) {
      refuse('no-time', line)
      continue
    }
    if (rings && !inside(lat, lon)) {
      refuse(Math.abs(lon) <= 90 && inside(lon, lat) ? 'position-swapped' : 'outside-footprint', line)
      continue
    }
    const place = `${at} ${lat} ${lon}`
    const name = row.id ?? place
    if (seen.has(place) || seen.has(`id ${name}`)) {
      refuse('duplicate', line)
      continue
    }
    seen.add(place).add(`id ${name}`)
    votes.set(sensor, (votes.get(sensor) ?? 0) + 1)
    detections.push({
      id: row.id ?? String(line),
      ...{ t: at, lat, lon, lengthM, headingDeg, confidence },
      sigmaM: sigmaM ?? USUAL_SIGMA_M[facts.sensor ?? sensor],
    })
  }
  const times = detections.map(detection => detection.t)
  const first = times.reduce((a, b) => Math.min(a, b), t ?? Infinity)
  if (first === Infinity) return null
  const last = times.reduce((a, b) => Math.max(a, b), facts.untilT ?? named?.untilT ?? first)
  const [sensor] = SENSORS.map(kind => [kind, votes.get(kind) ?? 0] as const).reduce((a, b) =>
    b[1] > a[1] ? b : a,
  )
  return {
    ...{ id, sensor: facts.sensor ?? sensor, t: first, untilT: Math.max(first, last) },
    footprint: facts.footprint ?? null,
    looking: facts.looking ?? null,
    detections,
  }
}
