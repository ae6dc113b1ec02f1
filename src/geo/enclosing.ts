// A circle on the earth that holds places: about the mean of their directions from the middle of the earth, so that no pole
// and no antimeridian matters.

import { haversineM } from './distance.js'

const RAD = Math.PI / 180

/** @param places at least one, within half the earth; the circle is not the smallest, but at most twice as wide */
export function circleAbout(places: readonly { lat: number; lon: number }[]): {
  lat: number
  lon: number
  radiusM: number
} {
  let [x, y, z] = [0, 0, 0]
  for (const { lat, lon } of places) {
    x += Math.cos(lat * RAD) * Math.cos(lon * RAD)
    y += Math.cos(lat * RAD) * Math.sin(lon * RAD)
    z += Math.sin(lat * RAD)
  }
  const lat = Math.atan2(z, Math.hypot(x, y)) / RAD
  const lon = Math.atan2(y, x) / RAD
  const radiusM = places.reduce((most, at) => Math.max(most, haversineM(lat, lon, at.lat, at.lon)), 0)
  return { lat, lon, radiusM }
}
