// Whose waters, how fast: lookups per second with the approximate EEZs of the world, the time to build their index, land
// and shore. Seeded; each task is one pass over a million points, so a period of n ms is 1000 / n million lookups/s.

import { Bench } from 'tinybench'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { destination } from '../src/geo/distance.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { nearestZones, zonesInReach } from '../src/zones/reach.js'
import { digits, say } from './figures.js'
import { seeded } from './seeded.js'

const POINTS = 1_000_000

interface Points {
  lat: Float64Array
  lon: Float64Array
}

const zones = loadApproximateEez()
const index = buildZoneIndex(zones)
const coast = loadCoast()
coast.onLand(0, 0)
coast.shoreDistanceM(0, 0)

/** Anywhere on the sphere, no two near each other: every lookup misses the caches. */
function scattered(random: () => number): Points {
  const points = { lat: new Float64Array(POINTS), lon: new Float64Array(POINTS) }
  for (let i = 0; i < POINTS; i++) {
    points.lat[i] = (Math.asin(2 * random() - 1) * 180) / Math.PI
    points.lon[i] = random() * 360 - 180
  }
  return points
}

/** What a day of AIS looks like: 5,000 vessels at sea within some zone, their reports interleaved. */
function fleet(random: () => number): Points {
  const vessels = 5000
  const at = Array.from({ length: vessels }, () => {
    for (;;) {
      const lat = random() * 130 - 60
      const lon = random() * 360 - 180
      if (index.setAt(lat, lon) !== 0 && !coast.onLand(lat, lon)) return { lat, lon }
    }
  })
  const points = { lat: new Float64Array(POINTS), lon: new Float64Array(POINTS) }
  for (let i = 0; i < POINTS; i++) {
    const vessel = at[i % vessels]!
    points.lat[i] = vessel.lat += (random() - 0.5) * 0.002
    points.lon[i] = vessel.lon += (random() - 0.5) * 0.002
  }
  return points
}

let sink = 0
function over({ lat, lon }: Points, count: number, ask: (lat: number, lon: number) => number): () => void {
  return () => {
    for (let i = 0; i < count; i++) sink += ask(lat[i]!, lon[i]!)
  }
}

const GAPS = 1000
/** Gaps of 12 h at places of a fleet, back within 60 nm, with what 15 or 30 knots could have covered. */
function reach({ lat, lon }: Points, speedKn: number, isOpen: boolean): () => void {
  return () => {
    for (let i = 0; i < GAPS; i++) {
      const off = { lat: lat[i]!, lon: lon[i]! }
      const on = destination(off.lat, off.lon, (i * 137) % 360, (i % 60) * 1852)
      sink += zonesInReach(index, off, isOpen ? null : on, 12 * speedKn * 1852).length
    }
  }
}

const everywhere = scattered(seeded(1))
const ships = fleet(seeded(2))
const bench = new Bench({ time: 1500, warmupTime: 300 })
bench
  .add('setAt, 1 M points of a fleet', over(ships, POINTS, index.setAt))
  .add('setAt, 1 M points anywhere', over(everywhere, POINTS, index.setAt))
  .add(
    'onLand, 1 M points of a fleet',
    over(ships, POINTS, (lat, lon) => Number(coast.onLand(lat, lon))),
  )
  .add('shoreDistanceM, 10 k points of a fleet', over(ships, 10_000, coast.shoreDistanceM))
  .add('zonesInReach, 1,000 gaps of 12 h, 15 kn', reach(ships, 15, false))
  .add('zonesInReach, 1,000 gaps of 12 h, 30 kn', reach(ships, 30, false))
  .add('zonesInReach, 1,000 open gaps at 12 h, 30 kn', reach(ships, 30, true))
  .add('nearestZones, 3 of 1,000 open gaps', () => {
    for (let i = 0; i < GAPS; i++)
      sink += nearestZones(index, { lat: ships.lat[i]!, lon: ships.lon[i]! }, 3).length
  })
  .add('loadApproximateEez', () => void (sink += loadApproximateEez().length))
  .add('buildZoneIndex, the world', () => void (sink += buildZoneIndex(zones).bytes()))
  .add('the same, and every degree divided', () => {
    const fresh = buildZoneIndex(zones)
    for (let lat = -89.5; lat < 90; lat++)
      for (let lon = -179.5; lon < 180; lon++) sink += fresh.setAt(lat, lon)
  })
  .add('coast from nothing', () => {
    const fresh = loadCoast()
    sink += Number(fresh.onLand(50, 0)) + fresh.shoreDistanceM(50, 0)
  })
await bench.run()

console.log(
  `\n${zones.length} zones, index ${(index.bytes() / 1e6).toFixed(1)} MB, coast ${(coast.bytes() / 1e6).toFixed(1)} MB`,
)
for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  const { p50, min } = result.latency
  say(name, p50, 'ms', `best ${digits(min)}`)
}
if (sink === 0) console.log(sink)
