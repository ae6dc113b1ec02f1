// From numbers to the Fix and the figures of an event. WGS-84, for reporting only.

import type { Fix } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'
import { geodesicM } from './distance.js'

/** A place in time; NaN becomes null. */
export function fix(t: number, lat: number, lon: number): Fix {
  return lat === lat && lon === lon ? { t, lat, lon } : { t, lat: null, lon: null }
}

/** The same place and time with who heard it, or without: undefined where nobody knows. */
export function heardFix({ t, lat, lon }: Fix, receivers: string[] | undefined): Fix {
  return receivers ? { t, lat, lon, receivers } : { t, lat, lon }
}

/** Geodesic distance between two fixes, metres; null when one has no place. */
export function distanceBetweenM(a: Fix, b: Fix): number | null {
  if (a.lat === null || a.lon === null || b.lat === null || b.lon === null) return null
  return geodesicM(a.lat, a.lon, b.lat, b.lon)
}

/** Speed that covers the distance in the time between, knots; null without distance or time. */
export function impliedSpeedKn(a: Fix, b: Fix, distanceM: number | null): number | null {
  const hours = (b.t - a.t) / MS_PER_HOUR
  return distanceM === null || hours === 0 ? null : distanceM / hours / M_PER_NM
}
