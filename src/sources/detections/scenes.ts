// Detections put together as pictures: by the name of their scene, or else by sensor and time. A scene without an outline
// gets none.

import { insideRings } from '../../geo/polygon.js'
import { splitRing } from '../../geo/antimeridian.js'
import { SENSORS, type Detection, type Looking, type Scene, type Sensor } from '../../model/detection.js'
import { MS_PER_DAY, MS_PER_MIN } from '../../model/units.js'
import type { Piles, Placed } from './piles.js'
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

type Refuse = (reason: DetectionReject, line: number) => void

/** The pile of a row. Rows without a scene are piled by sensor and day (UTC), or under '' where they have no time. */
export function pileOf({ scene, sensor, t }: DetectionRow): string {
  if (scene !== null) return `scene ${scene}`
  return `${sensor} ${Number.isNaN(t) ? '' : Math.floor(t / MS_PER_DAY)}`
}

/**
 * The pictures of an input, one after another, in no order.
 * @param facts by name of the scene; under '' of the whole input
 * @param refuse told of each row that is none after all
 */
export function* scenesOf(
  piles: Piles,
  facts: ReadonlyMap<string, SceneFacts>,
  refuse: Refuse,
): Generator<Scene, void, undefined> {
  const whole = facts.get('')
  const named = new Set<string>()
  const nameless = new Map<Sensor, string[]>()
  for (const key of piles.keys()) {
    const [, kind, name] = /^(\w+) (.*)$/s.exec(key) as unknown as [string, string, string]
    if (kind !== 'scene') {
      nameless.set(kind as Sensor, [...(nameless.get(kind as Sensor) ?? []), name])
      continue
    }
    named.add(name)
    yield* sceneOf(name, piles.take(key), { ...whole, ...facts.get(name) }, refuse)
  }
  for (const [sensor, days] of nameless) {
    // those without a time come first: they are refused, or have that of the whole
    days.sort((a, b) => Number(a) - Number(b))
    const rows = days.map(day => () => piles.take(`${sensor} ${day}`))
    if (whole?.t === undefined) yield* apart(sensor, rows, { ...whole }, refuse)
    else
      yield* sceneOf(
        `${sensor}-${new Date(whole.t).toISOString()}`,
        rows.flatMap(take => take()).sort((a, b) => a.line - b.line),
        whole,
        refuse,
      )
  }
  // a picture with an outline and nothing in it is a picture too: who should have been seen was not
  for (const [name, of] of facts)
    if (name !== '' && !named.has(name) && of.footprint && (of.t ?? timeOfScene(name)?.t) !== undefined)
      yield* sceneOf(name, [], { ...whole, ...of }, refuse)
}

/** Pictures of detections that name none: those of one sensor, day by day, with pauses between the pictures. */
function* apart(
  sensor: Sensor,
  days: readonly (() => Placed[])[],
  facts: SceneFacts,
  refuse: Refuse,
): Generator<Scene, void, undefined> {
  let begun = -Infinity
  let open: Placed[] = []
  const close = (): Scene[] =>
    open.length > 0 ? sceneOf(`${sensor}-${new Date(begun).toISOString()}`, open, facts, refuse) : []
  for (const take of days) {
    const timed: Placed[] = []
    for (const placed of take())
      if (Number.isNaN(placed.row.t)) refuse('no-time', placed.line)
      else timed.push(placed)
    for (const placed of timed.sort((a, b) => a.row.t - b.row.t)) {
      if (placed.row.t - begun > TOGETHER_MS) {
        yield* close()
        begun = placed.row.t
        open = []
      }
      open.push(placed)
    }
  }
  yield* close()
}

/** The picture of these rows; none where nothing has a time. */
function sceneOf(id: string, list: readonly Placed[], facts: SceneFacts, refuse: Refuse): Scene[] {
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
    const { lat, lon, lengthM, headingDeg, confidence, fishing, sigmaM, sensor } = row
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
      ...(fishing !== null && { fishing }),
      sigmaM: sigmaM ?? USUAL_SIGMA_M[facts.sensor ?? sensor],
    })
  }
  const times = detections.map(detection => detection.t)
  const first = times.reduce((a, b) => Math.min(a, b), t ?? Infinity)
  if (first === Infinity) return []
  const last = times.reduce((a, b) => Math.max(a, b), facts.untilT ?? named?.untilT ?? first)
  const [sensor] = SENSORS.map(kind => [kind, votes.get(kind) ?? 0] as const).reduce((a, b) =>
    b[1] > a[1] ? b : a,
  )
  return [
    {
      ...{ id, sensor: facts.sensor ?? sensor, t: first, untilT: Math.max(first, last) },
      footprint: facts.footprint ?? null,
      looking: facts.looking ?? null,
      detections,
    },
  ]
}
