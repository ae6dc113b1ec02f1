// One detection out of a row of cells or a JSON object: units, words and numbers made ours, and what cannot be one
// refused with its reason.

import type { Sensor } from '../../model/detection.js'
import { parseTimeText } from '../csv/time.js'
import type { DetectionField } from './columns.js'
import { sensorOf } from './columns.js'

export const DETECTION_REJECTS = [
  'no-time', // no time, in the row, its scene or the scene's name
  'time-invalid', // one that cannot be read, or before 1990 or after 2100
  'time-local', // local time only, or an hour at which the satellite is not there
  'position-invalid', // a latitude or longitude that is missing or no number
  'position-out-of-range', // |lat| > 90 or |lon| > 180
  'position-swapped', // latitude and longitude changed places
  'outside-footprint', // not in the picture that it is said to be of
  'duplicate', // the same id in the same scene, or the same place and time
  'no-vessel', // its detector says that it is none
] as const
export type DetectionReject = (typeof DETECTION_REJECTS)[number]

export interface DetectionRow {
  id: string | null
  /** NaN: the scene has to tell. */
  t: number
  lat: number
  lon: number
  sigmaM: number | null
  lengthM: number | null
  headingDeg: number | null
  confidence: number | null
  fishing: number | null
  scene: string | null
  sensor: Sensor
}

export type Cells = Partial<Record<DetectionField, unknown>>

/** Standard deviations where none is told: pixels of a tenth to three quarters of a kilometre, and what radio finds. */
export const USUAL_SIGMA_M: Record<Sensor, number> = {
  sar: 50,
  optical: 30,
  viirs: 300,
  rf: 2000,
  unknown: 200,
}

const MIN_T = Date.UTC(1990, 0, 1)
const MAX_T = Date.UTC(2100, 0, 1)
/** Satellites with VIIRS pass at half past one, by the sun; the edges of their swath an hour and more before and after. */
const NIGHT_FROM_H = 22.5
const NIGHT_TO_H = 4.75
/** Nearer to a pole hours crowd. */
const CROWDED_LAT = 62
/** Flags of the VIIRS boat detections: strong, weak, blurry, … ; others are no boats. */
const VIIRS_FLAGS: Record<number, number> = { 1: 0.95, 2: 0.75, 3: 0.7, 8: 0.6, 10: 0.5 }
const WORDS: Record<string, number> = { high: 0.95, medium: 0.8, low: 0.5 }

const text = (value: unknown): string | null =>
  value === null || value === undefined || value === '' || typeof value === 'object'
    ? null
    : String(value as string | number | boolean).trim() || null

export function numberIn(value: unknown): number {
  const said = text(value)
  return said === null || /^(nan|na|null|none)$/i.test(said) ? NaN : Number(said)
}

/** Epoch ms, NaN for none, undefined for one that cannot be read. */
export function timeIn(value: unknown): number | undefined {
  const said = text(value)
  if (said === null) return NaN
  const t = parseTimeText(said)
  return t >= MIN_T && t < MAX_T ? t : undefined
}

const orNull = (value: number, ok: (x: number) => boolean): number | null => (ok(value) ? value : null)

/** @param sensor what is known of it besides */
export function rowOf(cells: Cells, sensor: Sensor): DetectionRow | DetectionReject {
  const lat = numberIn(cells.lat)
  const lon = numberIn(cells.lon)
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) return 'position-invalid'
  if (Math.abs(lat) > 90 && Math.abs(lon) <= 90 && Math.abs(lat) <= 180) return 'position-swapped'
  if (Math.abs(lat) > 90 || lon < -180 || lon > 360) return 'position-out-of-range'
  const t = timeIn(cells.t)
  if (t === undefined) return 'time-invalid'
  if (Number.isNaN(t) && text(cells.localTime) !== null) return 'time-local'
  const said = text(cells.sensor)
  const known = said === null ? 'unknown' : sensorOf(said)
  const kind = known === 'unknown' ? sensor : known
  if (kind === 'viirs' && !isNight(t, lat, lon)) return 'time-local'
  const confidence = confidenceIn(cells)
  if (confidence === 0) return 'no-vessel'
  const sigma = numberIn(cells.sigmaM)
  const pixel = numberIn(cells.pixelM)
  return {
    ...{
      id: text(cells.id),
      t,
      lat,
      lon: lon > 180 ? lon - 360 : lon,
      scene: text(cells.scene),
      sensor: kind,
    },
    sigmaM: sigma > 0 ? sigma : pixel > 0 ? Math.max(pixel / 2, USUAL_SIGMA_M[kind] / 2) : null,
    lengthM: orNull(numberIn(cells.lengthM), x => x > 0 && x < 600),
    headingDeg: orNull(numberIn(cells.headingDeg), x => x >= 0 && x <= 360),
    confidence,
    fishing: fishingIn(cells.fishing),
  }
}

/** Probability of being a fishing vessel: a score, yes or no, or the name of a kind; null where it is none that is known. */
function fishingIn(value: unknown): number | null {
  const said = text(value)?.toLowerCase()
  if (!said) return null
  const score = Number(said)
  if (!Number.isNaN(score)) return score >= 0 && score <= 1 ? score : null
  if (/^(true|yes|t|y)$/.test(said)) return 1
  if (/^(false|no|f|n)$/.test(said) || /\b(not|non)\b[ _-]?fish/.test(said.replace(/_/g, ' '))) return 0
  if (/fish|trawl|longlin|seiner/.test(said)) return 1
  return /cargo|tanker|passenger|ferry|cruise|container|bulk|tug|pilot|naval|navy|military/.test(said)
    ? 0
    : null
}

/** True where the satellite can have been: by the sun it comes about half past one. */
function isNight(t: number, lat: number, lon: number): boolean {
  if (Number.isNaN(t) || Math.abs(lat) > CROWDED_LAT) return true
  const hour = (((t / 3_600_000 + lon / 15) % 24) + 24) % 24
  return hour >= NIGHT_FROM_H || hour <= NIGHT_TO_H
}

/** 0…1; null where nothing is said; 0 where it is said to be no vessel. */
function confidenceIn({ confidence, quality }: Cells): number | null {
  const flag = numberIn(quality)
  if (Number.isFinite(flag)) return VIIRS_FLAGS[flag] ?? 0
  const said = text(confidence)
  if (said === null) return null
  const word = WORDS[said.toLowerCase()]
  if (word !== undefined) return word
  const value = Number(said)
  if (!(value >= 0) || value > 100) return null
  return value > 1 ? value / 100 : value
}

/** The time in the name of a picture: Sentinel-1 and -2 (…_20200803T181440_…) and VIIRS (…A2023310.0606…). */
export function timeOfScene(name: string): { t: number; untilT: number } | null {
  const stamps = [...name.matchAll(/(?<!\d)(\d{8})T(\d{6})(?!\d)/g)].slice(0, 2)
  const times = stamps
    .map(([, day, clock]) =>
      Date.parse(
        `${day!.replace(/(....)(..)(..)/, '$1-$2-$3')}T${clock!.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
      ),
    )
    .filter(t => t >= MIN_T && t < MAX_T)
  if (times.length > 0) {
    // a second stamp is the end of the picture, or when it was processed
    const last = times.at(-1)!
    const isEnd = last >= times[0]! && last - times[0]! < 15 * 60_000
    return { t: times[0]!, untilT: isEnd ? last : times[0]! }
  }
  const ordinal = /\bA(\d{4})(\d{3})\.(\d\d)(\d\d)\./.exec(name)
  if (!ordinal) return null
  const [, year, day, hour, minute] = ordinal
  const t = Date.UTC(Number(year), 0, Number(day), Number(hour), Number(minute))
  return t >= MIN_T && t < MAX_T ? { t, untilT: t } : null
}
