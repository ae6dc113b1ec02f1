// Distances, how right and how fast: the largest error by latitude against exact geodesics (Karney 2013), and the time of
// a distance. Seeded; headings all round, distances from 1 m to 1,000 km, every order of magnitude alike often.

import geographiclib from 'geographiclib-geodesic'
import { Bench } from 'tinybench'
import { geodesicM, haversineM } from '../src/geo/distance.js'
import { say } from './figures.js'
import { seeded } from './seeded.js'

const PAIRS = 20_000
const wgs84 = geographiclib.Geodesic.WGS84

const random = seeded(1)
const all: [lat1: number, lon1: number, lat2: number, lon2: number][] = []
console.table(
  [0, 15, 30, 45, 60, 75, 89].map(latitude => {
    let low = 0
    let high = 0
    let geodesicMm = 0
    for (let i = 0; i < PAIRS; i++) {
      const lon1 = random() * 360 - 180
      const { lat2, lon2 } = wgs84.Direct(latitude, lon1, random() * 360, 10 ** (random() * 6))
      const exact = wgs84.Inverse(latitude, lon1, lat2!, lon2!).s12!
      const share = haversineM(latitude, lon1, lat2!, lon2!) / exact - 1
      low = Math.min(low, share)
      high = Math.max(high, share)
      geodesicMm = Math.max(geodesicMm, Math.abs(geodesicM(latitude, lon1, lat2!, lon2!) - exact) * 1000)
      all.push([latitude, lon1, lat2!, lon2!])
    }
    const percent = (x: number): string => `${x > 0 ? '+' : ''}${(x * 100).toFixed(3)} %`
    return {
      latitude,
      'haversine, low': percent(low),
      'haversine, high': percent(high),
      'geodesic, mm': geodesicMm.toFixed(4),
    }
  }),
)

let sink = 0
const bench = new Bench({ time: 1000, warmupTime: 300 })
bench
  .add('haversineM', () => {
    for (const [lat1, lon1, lat2, lon2] of all) sink += haversineM(lat1, lon1, lat2, lon2)
  })
  .add('geodesicM', () => {
    for (const [lat1, lon1, lat2, lon2] of all) sink += geodesicM(lat1, lon1, lat2, lon2)
  })
await bench.run()
for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  say(name, (result.latency.p50 * 1e6) / all.length, 'ns')
}
if (sink === 0) console.log(sink)
