// A recorded sea and pictures of it, of any number of days, to see what match needs of memory: 150 ships with a report every
// 20 minutes, and a picture a day of 2,000 detections in one file, days in any order and their rows between one another.
//
//   node scripts/days-of-pictures.mjs DAYS FOLDER
import { createWriteStream, mkdirSync } from 'node:fs'
import { once } from 'node:events'
const [days, dir] = [Number(process.argv[2]), process.argv[3]]
mkdirSync(dir, { recursive: true })
let s = 12345
const rnd = () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 2 ** 32
const T = Date.UTC(2023, 0, 1)
const ships = Array.from({ length: 150 }, (_, k) => ({
  mmsi: 200000000 + k,
  a: rnd() * 6.28,
  r: 0.3 + rnd(),
  w: (0.5 + rnd()) / 40,
  y: 54 + rnd() * 2,
  x: 2 + rnd() * 3,
}))
const at = (v, h) => ({
  lat: v.y + 0.6 * v.r * Math.sin(v.a + v.w * h),
  lon: v.x + v.r * Math.cos(v.a + v.w * h),
})
const ais = createWriteStream(`${dir}/ais.csv`)
ais.write('mmsi,t,lat,lon,sog,cog\n')
const put = async (f, text) => {
  if (!f.write(text)) await once(f, 'drain')
}
for (let k = 0; k < days * 72; k++) {
  let out = ''
  for (const v of ships) {
    const h = k / 3 + (v.mmsi % 60) / 200
    // silent for eight hours of every third day
    if ((v.mmsi + Math.floor(h / 24)) % 21 === 0 && h % 24 > 2 && h % 24 < 10) continue
    const a = at(v, h),
      b = at(v, h + 0.01)
    const n = (b.lat - a.lat) * 60,
      e = (b.lon - a.lon) * 60 * Math.cos(a.lat / 57.3)
    out += `${v.mmsi},${new Date(T + h * 3.6e6).toISOString()},${a.lat.toFixed(5)},${a.lon.toFixed(5)},${(Math.hypot(n, e) / 0.01).toFixed(1)},${((Math.atan2(e, n) * 57.3 + 360) % 360).toFixed(1)}\n`
  }
  await put(ais, out)
}
ais.end()
await once(ais, 'finish')
// detections: all in one file with days in any order, rows of five days between one another
const f = createWriteStream(`${dir}/detections.csv`)
f.write('scene_id,timestamp,lat,lon,presence_score,length_m\n')
const order = Array.from({ length: days }, (_, d) => d).sort(
  (a, b) => ((a * 7919) % 1009) - ((b * 7919) % 1009),
)
const lines = d => {
  const h = d * 24 + 5.8,
    out = []
  for (const v of ships) {
    const p = at(v, h)
    out.push([p.lat + 0.0004 * (rnd() - 0.5), p.lon + 0.0004 * (rnd() - 0.5)])
  }
  while (out.length < 2000) out.push([53.5 + 3 * rnd(), 1 + 5 * rnd(), out.length > 400])
  return out.map(
    ([lat, lon, poor]) =>
      `sar-${d},${new Date(T + h * 3.6e6).toISOString()},${lat.toFixed(5)},${lon.toFixed(5)},${(poor ? 0.03 + 0.1 * rnd() : 0.8 + 0.2 * rnd()).toFixed(2)},${(10 + 90 * rnd()).toFixed(0)}\n`,
  )
}
for (let k = 0; k < days; k += 5) {
  const all = order.slice(k, k + 5).map(lines)
  let out = ''
  for (let i = 0; i < 2000; i++) for (const l of all) out += l[i]
  await put(f, out)
}
f.end()
await once(f, 'finish')
