// What reception costs: per report, per vessel and slot, per silence that is judged; and what it holds. The fleet of the
// other benches, its reports told as the engine would tell them. Then how well the chances come true on three small
// seas, by how much a cell takes from its surroundings (reception/holes: `surroundings`).

import { slotOf } from '../src/reception/slots.js'
import { createHoles } from '../src/reception/holes.js'
import { createReception, feedCode, type Heard, type Reception } from '../src/reception/model.js'
import { antenna, learnFrom, S0, type Sea } from '../tests/reception/world.js'
import { fleetBatches } from './fleet.js'
import { cpuMs, median, say } from './figures.js'
import { measure, type Work } from './measure.js'

const REPORTS = 1_000_000
let sink = 0

/** Tells a fleet to reception: all of it, or only what every report costs. */
function tell(vessels: number, parts: 'report' | 'all'): { run(): Reception; heard: number } {
  const batches = [...fleetBatches(vessels, REPORTS, 1)]
  const index = new Map<number, number>()
  const last = new Float64Array(vessels)
  const lat = new Float64Array(vessels)
  const lon = new Float64Array(vessels)
  const ships = batches.map(batch =>
    Uint32Array.from(batch.mmsi.subarray(0, batch.length), mmsi => {
      if (!index.has(mmsi)) index.set(mmsi, index.size)
      return index.get(mmsi)!
    }),
  )
  const before = { t: NaN, lat: NaN, lon: NaN, feed: feedCode(1) }
  const out = {
    heard: 0,
    run() {
      const reception = createReception()
      last.fill(NaN)
      out.heard = 0
      for (const [b, batch] of batches.entries()) {
        for (let i = 0; i < batch.length; i++) {
          const t = batch.t[i]!
          const mmsi = batch.mmsi[i]!
          const ship = ships[b]![i]!
          reception.advance(t)
          reception.report(t, 1, batch.receiver[i]!, mmsi)
          if (parts === 'report' || slotOf(last[ship]!) === slotOf(t)) continue
          out.heard++
          before.t = last[ship]!
          before.lat = lat[ship]!
          before.lon = lon[ship]!
          // written out: spreading records is slower than what is measured
          const report: Heard = {
            mmsi,
            radio: 1,
            t,
            lat: batch.lat[i]!,
            lon: batch.lon[i]!,
            feed: 1,
            receiver: batch.receiver[i]!,
            receivedAt: t,
            utcSecond: batch.utcSecond[i]!,
            before,
            lapsedAt: NaN,
          }
          reception.heard(report)
          last[ship] = t
          lat[ship] = batch.lat[i]!
          lon[ship] = batch.lon[i]!
        }
      }
      sink += reception.holes.state.used
      return reception
    },
  }
  return out
}

function works(vessels: number): { list: Work[]; all: ReturnType<typeof tell> } {
  const every = tell(vessels, 'report')
  const all = tell(vessels, 'all')
  all.run()
  const work = (name: string, count: number, unit: string, run: () => void): Work => ({
    name,
    count,
    unit,
    run,
  })
  return {
    all,
    list: [
      work(`${vessels} vessels: every report`, REPORTS, 'reports', () => void every.run()),
      work(`${vessels} vessels: reports, and vessels by slot`, REPORTS, 'reports', () => void all.run()),
    ],
  }
}

for (const vessels of [1000, 60_000]) {
  const { list, all } = works(vessels)
  await measure(`reception, ${REPORTS} reports`, list)
  console.log(`  ${all.heard} vessels by slot`)
}

// judging: a busy bay, three hundred vessels within a degree, half of the witnesses' ring full
const holes = learnFrom({ ships: 300, slots: 144, heard: (_, y, x) => antenna(y, x, 40) })
const bay = createReception()
for (let slot = S0; slot < S0 + 100; slot++) {
  bay.advance(slot * 600_000)
  for (let v = 0; v < 300; v++) bay.heard(reportOf(v, slot * 600_000))
}
bay.advance((S0 + 102) * 600_000)
function reportOf(v: number, t: number): Heard {
  const lat = 54 + (v % 20) / 30
  const lon = 3 + Math.floor(v / 20) / 20
  return {
    ...{ mmsi: 200_000_000 + v, radio: 1, t, lat, lon, feed: 1, receiver: 0, receivedAt: t, utcSecond: 64 },
    ...{ before: { t: t - 600_000, lat, lon, feed: 1 }, lapsedAt: NaN },
  }
}
const silence = {
  ...{ mmsi: 200_000_005, radio: 1, t: (S0 + 60) * 600_000, lat: 54.3, lon: 3.3, feed: 1 },
  ...{ toT: (S0 + 100) * 600_000, toLat: NaN, toLon: NaN, lapsedAt: NaN },
}
/** Microseconds of CPU a call, the median of five rounds. */
function perCall(name: string, calls: number, call: (n: number) => number): void {
  const [, ...measured] = Array.from({ length: 6 }, () =>
    cpuMs(() => {
      for (let n = 0; n < calls; n++) sink += call(n)
    }),
  )
  say(name, (1000 * median(measured)) / calls, 'µs')
}
console.log('\njudging')
perCall(
  'a silence of seven hours: survival',
  100_000,
  n => holes.survival(54 + (n % 50) / 100, 3, 1, 0, 36).rests,
)
perCall(
  'a silence of seven hours: judged while it lasts, 300 vessels about',
  200,
  () => bay.judge(silence).slots,
)
perCall(
  'a silence of seven hours: judged after its return, along its way',
  200,
  () => bay.judge({ ...silence, toLat: 54.6, toLon: 3.6 }).slots,
)

const bytes = (state: object): number =>
  Object.values(state).reduce((sum: number, value: unknown) => {
    if (ArrayBuffer.isView(value)) return sum + value.byteLength
    return typeof value === 'object' && value !== null ? sum + bytes(value) : sum
  }, 0)
const { state } = createReception()
const cell = bytes(createHoles({ capacity: 2 }).state) - bytes(createHoles({ capacity: 1 }).state)
console.log(`\nstate: ${cell} bytes a cell and 8 to 16 of its index`)
for (const [name, part] of Object.entries({ holes: state.holes, nearby: state.nearby, health: state.health }))
  console.log(`  ${name.padEnd(8)} ${(bytes(part) / 2 ** 20).toFixed(1)} MiB`)

console.log(
  '\nthe example of docs/reception.md: 150 ships, a week, an antenna at 54 N 3 E that reaches 40 nm',
)
const example = learnFrom({ ships: 150, slots: 7 * 144, heard: (_, y, x) => antenna(y, x, 40) })
for (const lon of [3.125, 4.125, 5.125]) {
  const known = example.cells().find(c => c.level === 0 && c.lat === 54.125 && c.lon === lon)
  const { survival, atMost, rests } = example.survival(54.125, lon, 1, 0, 36)
  const figures = (list: number[] = []) => list.map(n => n.toFixed(0)).join(' ')
  console.log(
    `  54.125 N ${lon} E, by length: ended ${figures(known?.ended)}; went on ${figures(known?.passed)}`,
  )
  console.log(
    `    ${(known?.visits ?? 0).toFixed(0)} visits; six hours: ${survival.toPrecision(2)}, at most ${atMost.toPrecision(2)}, rests on ${rests.toFixed(0)}`,
  )
}

console.log(
  '\nhow the chances come true: log loss (mean, nats) of «at least 18 slots», from the third day of ten on',
)
const seas: [string, Sea['heard']][] = [
  ['edge of a range', (_, y, x) => antenna(y, x, 40)],
  ['poorly heard', (_, y, x) => 0.3 * antenna(y, x, 90)],
  ['satellites', slot => (slot % 9 === 0 ? 0.8 : 0)],
]
const steps = [0, 2, 4, 8, 30]
console.log(`  ${''.padEnd(28)} ${steps.map(s => `${s}`.padStart(8)).join('')}`)
for (const [name, heard] of seas) {
  for (const ships of [10, 40, 200]) {
    const losses = steps.map(surroundings => {
      let loss = 0
      let n = 0
      learnFrom({ ships, slots: 1440, heard }, { surroundings }, (hole, model) => {
        if (hole.slot < S0 + 300) return
        const chance = model.survival(hole.lat, hole.lon, 1, 0, 18).survival
        loss -= Math.log(Math.max(1e-6, hole.slots >= 18 ? chance : 1 - chance))
        n++
      })
      return loss / n
    })
    console.log(
      `  ${`${name}, ${ships} ships`.padEnd(28)} ${losses.map(l => l.toFixed(4).padStart(8)).join('')}`,
    )
  }
}
if (sink === 0) console.log(sink)
