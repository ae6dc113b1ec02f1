// The shipped land at its finest, for who comes near on the map: made into GeoJSON when it is first asked for.

import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { loadLand } from '../index.js'

export const LAND_PATH = '/basemap/detail.geojson'

export function serveLand(app: FastifyInstance): void {
  let packed: Buffer | undefined
  app.get(LAND_PATH, (_, reply) => {
    packed ??= gzipSync(landText(), { level: 4 })
    return reply
      .type('application/geo+json')
      .header('content-encoding', 'gzip')
      .header('cache-control', 'public, max-age=86400')
      .send(packed)
  })
}

/** Each ring a feature; `water` is one that runs the other way round, as a sea within land. */
function landText(): string {
  const features = loadLand().map(ring => {
    const points: string[] = []
    let twice = 0
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const [x, y] = [ring[i]!, ring[i + 1]!]
      points.push(`[${Math.round(x * 1e4) / 1e4},${Math.round(y * 1e4) / 1e4}]`)
      if (i + 3 < ring.length) twice += x * ring[i + 3]! - ring[i + 2]! * y
    }
    return { area: twice / 2, text: `[[${points.join(',')}]]` }
  })
  // the largest is land for sure, whichever way the source runs
  const land = Math.sign(features.reduce((a, b) => (Math.abs(b.area) > Math.abs(a.area) ? b : a)).area)
  const texts = features.map(
    ({ area, text }) =>
      `{"type":"Feature","properties":{"water":${Math.sign(area) !== land}},"geometry":{"type":"Polygon","coordinates":${text}}}`,
  )
  return `{"type":"FeatureCollection","features":[${texts.join(',')}]}`
}
