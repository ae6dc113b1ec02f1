// Distances, bearings and interpolation on the earth. Haversine for decisions in the hot path (error ≤ 0.562 %
// against WGS-84), the WGS-84 geodesic for every figure that is reported.

import { getPreciseDistance } from 'geolib'
import { EARTH_RADIUS_M } from '../model/units.js'

const RAD = Math.PI / 180
/** WGS-84. */
export const SEMI_MAJOR_M = 6_378_137
export const ECCENTRICITY_SQUARED = 0.006_694_379_990_14

/** Radius of the sphere that fits the ellipsoid best at a latitude (geometric mean of its two radii), metres. */
export function radiusM(lat: number): number {
  const sin = Math.sin(lat * RAD)
  return (SEMI_MAJOR_M * Math.sqrt(1 - ECCENTRICITY_SQUARED)) / (1 - ECCENTRICITY_SQUARED * sin * sin)
}

/** Great-circle distance on the mean sphere, metres. NaN in, NaN out. Any longitudes. */
export function haversineM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const sinLat = Math.sin((lat2 - lat1) * RAD * 0.5)
  const sinLon = Math.sin((lon2 - lon1) * RAD * 0.5)
  const h = sinLat * sinLat + Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * sinLon * sinLon
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Distance between close points, metres, on a plane with the scale of their middle latitude: a third of haversine's
 * cost, within 0.01 % of it up to 100 km below 80 degrees. Any longitudes.
 */
export function planeM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  let dLon = Math.abs(lon2 - lon1)
  if (dLon > 180) dLon = 360 - dLon
  const north = (lat2 - lat1) * RAD
  const east = dLon * RAD * Math.cos((lat1 + lat2) * (RAD / 2))
  return EARTH_RADIUS_M * Math.sqrt(north * north + east * east)
}

/** Distance between points within a few miles of each other, metres: `planeM`, and haversine's near a pole. */
export function shortM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  return lat1 < PLANE_DEG && lat1 > -PLANE_DEG
    ? planeM(lat1, lon1, lat2, lon2)
    : haversineM(lat1, lon1, lat2, lon2)
}

/** From here to the pole meridians meet too fast for a plane. */
const PLANE_DEG = 80

/**
 * WGS-84 geodesic distance, metres: within 0.01 mm and a billionth (Vincenty); haversine near antipodes, where Vincenty
 * does not converge. NaN in, NaN out.
 */
export function geodesicM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  if (lat1 === lat2 && lon1 === lon2) return 0
  const d = getPreciseDistance({ latitude: lat1, longitude: lon1 }, { latitude: lat2, longitude: lon2 }, 1e-9)
  if (Number.isFinite(d)) return d
  // so near the equator that the cosine rounds to 1, Vincenty divides by zero; on the equator itself it does not
  if ((lat1 !== 0 || lat2 !== 0) && Math.abs(lat1) < 1e-6 && Math.abs(lat2) < 1e-6)
    return geodesicM(0, lon1, 0, lon2)
  return haversineM(lat1, lon1, lat2, lon2)
}

/** Initial great-circle bearing, degrees 0…360. */
export function bearingDeg(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const dLon = (lon2 - lon1) * RAD
  const y = Math.sin(dLon) * Math.cos(lat2 * RAD)
  const x =
    Math.cos(lat1 * RAD) * Math.sin(lat2 * RAD) - Math.sin(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.cos(dLon)
  return (Math.atan2(y, x) / RAD + 360) % 360
}

/** Point at fraction `f` (0…1) of the great circle from 1 to 2. Antimeridian-proof; longitude −180…180. */
export function interpolate(
  lat1: number,
  lon1: number,
  lat2: number,
  lon2: number,
  f: number,
): { lat: number; lon: number } {
  const cos1 = Math.cos(lat1 * RAD)
  const cos2 = Math.cos(lat2 * RAD)
  const ax = cos1 * Math.cos(lon1 * RAD)
  const ay = cos1 * Math.sin(lon1 * RAD)
  const az = Math.sin(lat1 * RAD)
  const bx = cos2 * Math.cos(lon2 * RAD)
  const by = cos2 * Math.sin(lon2 * RAD)
  const bz = Math.sin(lat2 * RAD)
  // the angle from the chord keeps its precision for close points, where acos of the dot product loses it
  const angle = 2 * Math.asin(Math.min(1, Math.hypot(ax - bx, ay - by, az - bz) / 2))
  const sin = Math.sin(angle)
  const wa = sin > 1e-12 ? Math.sin((1 - f) * angle) / sin : 1 - f
  const wb = sin > 1e-12 ? Math.sin(f * angle) / sin : f
  const x = wa * ax + wb * bx
  const y = wa * ay + wb * by
  const z = wa * az + wb * bz
  return { lat: Math.atan2(z, Math.hypot(x, y)) / RAD, lon: Math.atan2(y, x) / RAD }
}

/** A leg that is shorter than this in latitude and in longitude is as good as straight on the chart. */
const SHORT_DEG = 0.05

/** `interpolate`, for legs of minutes: within a metre of it, and for short ones a tenth of its cost. */
export function along(
  lat1: number,
  lon1: number,
  lat2: number,
  lon2: number,
  f: number,
): { lat: number; lon: number } {
  const dLat = lat2 - lat1
  const dLon = lon2 - lon1
  const isShort = dLat < SHORT_DEG && dLat > -SHORT_DEG && dLon < SHORT_DEG && dLon > -SHORT_DEG
  if (isShort && lat1 < PLANE_DEG && lat1 > -PLANE_DEG) return { lat: lat1 + f * dLat, lon: lon1 + f * dLon }
  return interpolate(lat1, lon1, lat2, lon2, f)
}

/** Point at a distance and bearing from another, on the mean sphere. Longitude −180…180. */
export function destination(
  lat: number,
  lon: number,
  bearing: number,
  distanceM: number,
): { lat: number; lon: number } {
  const d = distanceM / EARTH_RADIUS_M
  const b = bearing * RAD
  const sinLat = Math.sin(lat * RAD) * Math.cos(d) + Math.cos(lat * RAD) * Math.sin(d) * Math.cos(b)
  const lat2 = Math.asin(Math.max(-1, Math.min(1, sinLat)))
  const dLon = Math.atan2(
    Math.sin(b) * Math.sin(d) * Math.cos(lat * RAD),
    Math.cos(d) - Math.sin(lat * RAD) * sinLat,
  )
  return { lat: lat2 / RAD, lon: ((((lon + dLon / RAD + 180) % 360) + 360) % 360) - 180 }
}
