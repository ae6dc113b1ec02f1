// One turn of a ship as a circle: its newest points over a whole turn, the circle they lie on best, and how what the ship
// reports goes with it. Null where it is no circle: the radius, the fit or the speed is not that of one. detection.md 5.3.

import { fitCircle, planeAt } from '../../geo/circle.js'
import type { Config } from '../../model/config.js'
import { M_PER_NM, MS_PER_HOUR } from '../../model/units.js'
import type { TrailPoint } from '../../tracks/trail.js'

/** detection.md 5.3: points of a turn, and residual as a share of the radius. */
export const MIN_POINTS = 12
const MAX_RESIDUAL = 0.15
/** RadianceFleet: 3 kn. A ship that swings at anchor goes round in hours. */
const MIN_SPEED_KN = 3
/** Eight points a turn: fewer may be the corners of anything. */
const MAX_MEAN_STEP_RAD = Math.PI / 4
const MAX_STEP_RAD = (100 / 180) * Math.PI
/** Standard deviation of the legs' speeds, as a share of their mean. */
const MAX_UNSTEADY = 0.3
const MAX_LEG_MS = MS_PER_HOUR
/** A course this far from the tangent has nothing to do with it. */
const OFF_COURSE_DEG = 45

export interface Turn {
  lat: number
  lon: number
  radiusM: number
  /** Root mean square distance of the points from the circle, and as a share of the radius. */
  residualM: number
  residual: number
  /** 1 to starboard, −1 to port. */
  sense: number
  periodS: number
  /** Along the circle. */
  speedKn: number
  /** Mean of the speeds it reported; null when it reported few. */
  sogKn: number | null
  /** Of the courses it reported, the share that is nowhere near the tangent; null the same. */
  offCourse: number | null
  /** How far its heading strayed from the mean, degrees, and how often it changed; null the same. */
  headingSpread: number | null
  headingChanges: number
}

/** @param points of one turning, oldest first @returns the last whole turn as a circle, and its first point's index */
export function lastTurn(
  points: readonly TrailPoint[],
  { minRadiusM, maxRadiusM }: Config['spoofing']['circle'],
): { turn: Turn; first: number } | null {
  const n = points.length
  if (n < MIN_POINTS) return null
  const plane = planeAt(points[n - 1]!.lat, points[n - 1]!.lon)
  const places = points.map(({ lat, lon }) => plane.put(lat, lon))
  const first = wholeTurn(places)
  if (first < 0) return null
  const xs = places.slice(first).map(([x]) => x)
  const ys = places.slice(first).map(([, y]) => y)
  const circle = fitCircle(xs, ys)
  if (!circle || !(circle.r >= minRadiusM && circle.r <= maxRadiusM)) return null
  if (!(circle.rms < MAX_RESIDUAL * circle.r)) return null

  const kept = points.slice(first)
  const last = kept.length - 1
  // clockwise from north, as bearings are
  const bearings = xs.map((x, i) => Math.atan2(x - circle.x, ys[i]! - circle.y))
  const steps = bearings.slice(1).map((bearing, i) => angle(bearing - bearings[i]!))
  const swept = steps.reduce((a, b) => a + b)
  const sense = Math.sign(swept)
  if (Math.abs(swept) < 2 * Math.PI || Math.abs(swept) > MAX_MEAN_STEP_RAD * steps.length) return null
  const speeds: number[] = []
  for (const [i, step] of steps.entries()) {
    const ms = kept[i + 1]!.t - kept[i]!.t
    if (!(step * sense > 0 && step * sense < MAX_STEP_RAD && ms > 0 && ms <= MAX_LEG_MS)) return null
    speeds.push((step * sense * circle.r) / ms)
  }
  const spanMs = kept[last]!.t - kept[0]!.t
  const speed = (Math.abs(swept) * circle.r) / spanMs
  const speedKn = (speed / M_PER_NM) * MS_PER_HOUR
  const spread = Math.sqrt(speeds.reduce((sum, each) => sum + (each - speed) ** 2, 0) / speeds.length)
  if (!(speedKn >= MIN_SPEED_KN) || !(spread <= MAX_UNSTEADY * speed)) return null

  const tangents = bearings.map(bearing => bearing + (sense * Math.PI) / 2)
  return {
    first,
    turn: {
      ...plane.place(circle.x, circle.y),
      radiusM: circle.r,
      residualM: circle.rms,
      residual: circle.rms / circle.r,
      sense,
      periodS: ((2 * Math.PI) / Math.abs(swept)) * (spanMs / 1000),
      speedKn,
      sogKn: meanKn(kept),
      offCourse: offCourse(kept, tangents),
      ...headings(kept),
    },
  }
}

/** Index of the point from which on the legs have turned all the way round; −1 when they have not. */
function wholeTurn(places: readonly (readonly [number, number])[]): number {
  let turned = 0
  let after: number | undefined
  for (let i = places.length - 2; i >= 0; i--) {
    const [x, y] = places[i]!
    const [x2, y2] = places[i + 1]!
    const course = Math.atan2(x2 - x, y2 - y)
    if (after !== undefined) turned += angle(after - course)
    after = course
    if (Math.abs(turned) >= 2 * Math.PI && places.length - i >= MIN_POINTS) return i
  }
  return -1
}

/** −π … π. */
function angle(rad: number): number {
  return rad - 2 * Math.PI * Math.round(rad / (2 * Math.PI))
}

const isFew = (known: number, all: number) => known < 8 || known < all / 2

function meanKn(points: readonly TrailPoint[]): number | null {
  const known = points.map(({ sog }) => sog).filter(sog => sog === sog)
  return isFew(known.length, points.length) ? null : known.reduce((a, b) => a + b) / known.length
}

function offCourse(points: readonly TrailPoint[], tangents: readonly number[]): number | null {
  const RAD = Math.PI / 180
  const off = points.flatMap(({ cog }, i) =>
    cog === cog ? [Math.abs(angle(cog * RAD - tangents[i]!)) > OFF_COURSE_DEG * RAD] : [],
  )
  return isFew(off.length, points.length) ? null : off.filter(Boolean).length / off.length
}

function headings(points: readonly TrailPoint[]): Pick<Turn, 'headingSpread' | 'headingChanges'> {
  const RAD = Math.PI / 180
  const known = points.map(({ heading }) => heading).filter(heading => heading === heading)
  const headingChanges = known.filter((heading, i) => i > 0 && heading !== known[i - 1]).length
  if (isFew(known.length, points.length)) return { headingSpread: null, headingChanges }
  const sin = known.reduce((sum, heading) => sum + Math.sin(heading * RAD), 0)
  const cos = known.reduce((sum, heading) => sum + Math.cos(heading * RAD), 0)
  const mean = Math.atan2(sin, cos)
  const spread = Math.max(...known.map(heading => Math.abs(angle(heading * RAD - mean))))
  return { headingSpread: spread / RAD, headingChanges }
}
