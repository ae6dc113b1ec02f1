// Where and when a satellite may have seen a silent vessel, or may yet: for each time at which Sentinel-1 (radar) or
// Sentinel-2 (optical) can pass over, the places at which the vessel can have been just then. That is near OFF soon after the
// silence began, near ON shortly before it ended, and wide in between: the smallest areas are the ones worth a look.
//
// Both fly sun-synchronous orbits, so they cross a latitude at the same local mean solar time every day. Whether one did pass
// there on that day, and took a picture, only its archive or its acquisition plan can tell.

import { lonDelta, wrapLon } from '../geo/antimeridian.js'
import { destination, haversineM, interpolate } from '../geo/distance.js'
import type { Place } from '../geo/envelope.js'
import type { Fix, VesselEvent } from '../model/event.js'
import { EARTH_RADIUS_M, M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'

export type Sensor = 'sentinel-1' | 'sentinel-2'

/** A pass worth looking at. */
export interface Look {
  sensor: Sensor
  pass: 'ascending' | 'descending'
  /** Between these it would pass, epoch ms. */
  from: number
  to: number
  /** Its time has not come yet, as far as the events know: something to ask for, not to look up. */
  upcoming: boolean
  /** Where the vessel can be in the middle of the window: a place inside, and the edge as [lon, lat] around it, closed, −180…180. */
  place: Place
  ring: [lon: number, lat: number][]
  areaKm2: number
}

export interface Tasking {
  /** The whole silence; `to` is null while it lasts. */
  from: number
  to: number | null
  off: Place
  on: Place | null
  vMaxKn: number
  /** Best looks, in the order of time. */
  looks: Look[]
}

interface Orbit {
  sensor: Sensor
  pass: Look['pass']
  /** Local mean solar time at the node of this pass, hours. */
  nodeH: number
  /** Tangent of how far the orbit is turned beyond the poles. */
  tanI: number
  /** Middle of the swath right of the ground track, and half of its width, metres. */
  asideM: number
  halfSwathM: number
}

const tanOf = (inclinationDeg: number): number => Math.abs(Math.tan((inclinationDeg * Math.PI) / 180))
// ESA, Sentinel-1: 98.18°, ascending node at 18:00, looks right, IW swath 250 km at incidences of 29° to 46°
const S1 = { sensor: 'sentinel-1', tanI: tanOf(98.18), asideM: 480_000, halfSwathM: 135_000 } as const
// ESA, Sentinel-2: 98.62°, descending node at 10:30, swath 290 km; its other half of the orbit is in the dark
const S2 = { sensor: 'sentinel-2', tanI: tanOf(98.62), asideM: 0, halfSwathM: 145_000 } as const
const ORBITS: Orbit[] = [
  { ...S1, pass: 'descending', nodeH: 6 },
  { ...S1, pass: 'ascending', nodeH: 18 },
  { ...S2, pass: 'descending', nodeH: 10.5 },
]

/** Control of the orbits, and the way along it: no pass is earlier or later by more than this. */
const SLACK_MS = 10 * MS_PER_MIN
/** Wider than some ten radar scenes: no one looks through that for a single ship. */
const MAX_AREA_KM2 = 500_000
/** Looks told of one silence, each of past and upcoming. */
const MAX_LOOKS = 6
/** How far ahead of what is known. */
const AHEAD_MS = 36 * MS_PER_HOUR
const RING_POINTS = 72

/**
 * What to look at for a silence; null for what is none, has no place, or no known top speed.
 * @param now newest event time that is known: what comes later is yet to pass
 */
export function taskingOf(event: VesselEvent, now: number): Tasking | null {
  const { type, phase, start, end, details } = event
  const reach = details['reach'] as { vMaxKn?: unknown; since?: Fix } | null | undefined
  if (type !== 'gap' || phase === 'retracted' || typeof reach?.vMaxKn !== 'number') return null
  const vMaxKn = reach.vMaxKn
  const since = reach.since ?? start
  const off = placeOf(since)
  if (!off || !(vMaxKn > 0)) return null
  const on = end && placeOf(end)
  const until = end?.t ?? now + AHEAD_MS
  const looks: Look[] = []
  const firstDay = Math.floor(since.t / MS_PER_DAY) - 1
  for (let day = firstDay; day * MS_PER_DAY <= until + MS_PER_DAY; day++) {
    for (const orbit of ORBITS) {
      const look = lookAt(orbit, day * MS_PER_DAY, { since: since.t, until, off, on, vMaxKn })
      if (look && look.areaKm2 <= MAX_AREA_KM2) looks.push({ ...look, upcoming: !end && look.from > now })
    }
  }
  const best = [false, true].flatMap(upcoming =>
    looks
      .filter(look => look.upcoming === upcoming)
      .sort((a, b) => a.areaKm2 - b.areaKm2 || a.from - b.from)
      .slice(0, MAX_LOOKS),
  )
  return {
    ...{ from: since.t, to: end?.t ?? null, off, on, vMaxKn },
    looks: best.sort((a, b) => a.from - b.from || (a.sensor < b.sensor ? -1 : 1)),
  }
}

interface Silence {
  since: number
  until: number
  off: Place
  on: Place | null
  vMaxKn: number
}

/** The pass of that day over where the vessel would be by then; null outside of the silence. */
function lookAt(orbit: Orbit, dayMs: number, silence: Silence): Omit<Look, 'upcoming'> | null {
  // where it is depends on when, and when it is passed on where: two rounds are close enough for a ship
  let place = silence.off
  let t = NaN
  for (let round = 0; round < 3; round++) {
    const hour = solarHour(orbit, place.lat)
    if (hour === null) return null
    // longitude goes on beyond ±180, or the pass would be another day's
    const lon = silence.off.lon + lonDelta(silence.off.lon, place.lon)
    t = dayMs + (hour - lon / 15) * MS_PER_HOUR
    if (!(t > silence.since && t < silence.until)) {
      if (round > 0 || !(t > silence.since - MS_PER_DAY && t < silence.until + MS_PER_DAY)) return null
      continue
    }
    place = middleOf(silence, t)
  }
  if (!(t > silence.since && t < silence.until) || isWide(silence, t)) return null
  const { ring, areaKm2, halfLonDeg } = areaAt(silence, t, place)
  const acrossMs =
    ((orbit.halfSwathM / (EARTH_RADIUS_M * Math.cos((place.lat * Math.PI) / 180)) / Math.PI) * 12 +
      halfLonDeg / 15) *
    MS_PER_HOUR
  const slack = SLACK_MS + Math.min(acrossMs, MS_PER_HOUR)
  const { sensor, pass } = orbit
  return { sensor, pass, from: t - slack, to: t + slack, place, ring, areaKm2 }
}

/** Local mean solar time at which the swath passes a latitude, hours; null where it never does. */
export function solarHour({ pass, nodeH, tanI, asideM }: Orbit, lat: number): number | null {
  const sine = Math.tan((lat * Math.PI) / 180) / tanI
  if (!(Math.abs(sine) < 0.95)) return null
  // a retrograde orbit runs ahead of the sun's meridian on its way north, and falls behind on its way south
  const ahead = (Math.asin(sine) * 12) / Math.PI
  const aside = ((asideM / EARTH_RADIUS_M / Math.cos((lat * Math.PI) / 180)) * 12) / Math.PI
  // right of the track is east on the way north, west on the way south; later is east
  return pass === 'ascending' ? nodeH - ahead + aside : nodeH + ahead - aside
}

/** How far it can be from OFF, and from ON, metres. */
function ranges({ since, until, off, on, vMaxKn }: Silence, t: number): [fromOff: number, toOn: number] {
  const metres = (ms: number): number => (ms / MS_PER_HOUR) * vMaxKn * M_PER_NM
  const apart = on ? haversineM(off.lat, off.lon, on.lat, on.lon) : 0
  const [a, b] = [metres(t - since), on ? metres(until - t) : Infinity]
  // a hair more, where it asked for all of its speed: two circles that touch have a point in common
  const missing = Math.max(0, apart - a - b)
  return [a + missing, b]
}

/** A circle around the middle is in the area, and is too wide by itself: long silences have many days of those. */
function isWide(silence: Silence, t: number): boolean {
  const { off, on } = silence
  const [a, b] = ranges(silence, t)
  const apart = on ? haversineM(off.lat, off.lon, on.lat, on.lon) : 0
  const radiusM = Math.min(a, b) * (1 - (on ? apart / (a + b) : 0))
  return Math.PI * Math.min(radiusM, EARTH_RADIUS_M) ** 2 > 2e6 * MAX_AREA_KM2
}

/** A place that it can be at: on the straight way, as far along as its time is. */
function middleOf(silence: Silence, t: number): Place {
  const { off, on } = silence
  if (!on) return off
  const [a, b] = ranges(silence, t)
  return interpolate(off.lat, off.lon, on.lat, on.lon, a / (a + b))
}

/**
 * All places at which it can be at one time: not too far from OFF, nor from ON. Seen from a place inside its edge is met once in
 * each direction, since what two circles have in common is convex.
 */
function areaAt(silence: Silence, t: number, middle: Place) {
  const { off, on } = silence
  const [a, b] = ranges(silence, t)
  const covers = ({ lat, lon }: Place): boolean =>
    haversineM(off.lat, off.lon, lat, lon) <= a + 1 && (!on || haversineM(lat, lon, on.lat, on.lon) <= b + 1)
  const ring: Look['ring'] = []
  let area = 0
  let halfLonDeg = 0
  let before = NaN
  for (let k = 0; k <= RING_POINTS; k++) {
    // counterclockwise
    const bearing = 360 * (1 - k / RING_POINTS)
    let [low, high] = [0, Math.min(2 * Math.min(a, b) + 2, Math.PI * EARTH_RADIUS_M)]
    for (let step = 0; step < 24; step++) {
      const half = (low + high) / 2
      if (covers(destination(middle.lat, middle.lon, bearing, half))) low = half
      else high = half
    }
    const at = destination(middle.lat, middle.lon, bearing, low)
    ring.push(k === RING_POINTS ? ring[0]! : [wrapLon(at.lon), at.lat])
    halfLonDeg = Math.max(halfLonDeg, Math.abs(wrapLon(at.lon - middle.lon)))
    if (k > 0) area += (sector(low) + sector(before)) / 2
    before = low
  }
  return { ring, areaKm2: area / 1e6, halfLonDeg }
}

/** Area of a piece of a circle on the sphere, one step of bearing wide, m². */
const sector = (radiusM: number): number =>
  ((2 * Math.PI) / RING_POINTS) * EARTH_RADIUS_M ** 2 * (1 - Math.cos(radiusM / EARTH_RADIUS_M))

const placeOf = ({ lat, lon }: Fix): Place | null => (lat === null || lon === null ? null : { lat, lon })

/** Pixels of a map on a screen, and of a tile of the world at zoom 0. */
const SCREEN_PX = 900
const TILE_PX = 256

/** The Copernicus Browser on that day and place. Opens a web page: only when somebody follows it. */
export function browserLink({ sensor, from, to, place, ring }: Look): string {
  const day = new Date((from + to) / 2).toISOString().slice(0, 10)
  const lats = ring.map(([, lat]) => lat)
  const spanDeg = Math.max(0.05, Math.max(...lats) - Math.min(...lats))
  const zoom = Math.log2((360 * SCREEN_PX) / TILE_PX / (spanDeg * 2.5))
  const query = {
    zoom: String(Math.max(4, Math.min(13, Math.round(zoom)))),
    lat: place.lat.toFixed(5),
    lng: place.lon.toFixed(5),
    themeId: 'DEFAULT-THEME',
    datasetId: sensor === 'sentinel-1' ? 'S1_CDAS_IW_VVVH' : 'S2_L2A_CDAS',
    fromTime: `${day}T00:00:00.000Z`,
    toTime: `${day}T23:59:59.999Z`,
    ...(sensor === 'sentinel-2' && { cloudCoverage: '100' }),
    dateMode: 'SINGLE',
  }
  return `https://browser.dataspace.copernicus.eu/?${new URLSearchParams(query).toString()}`
}
