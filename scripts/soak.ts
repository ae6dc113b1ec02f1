// npm run soak [-- SECONDS [VESSELS]]: a watch of global AIS, as its own process: 60,000 vessels, 10,000 reports a second.
// First an hour of event time as fast as it goes, then ten minutes (or SECONDS) by the wall. Prints what the process says
// of itself: memory, event loop, CPU, and how long an alert takes from the report that makes it due. Loopback only.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodePosition, encodeStatic5 } from '../src/ais/encode.js'
import { tagBlock } from '../src/ais/sentences.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../src/model/units.js'

const seconds = Number(process.argv[2] ?? 600)
const vessels = Number(process.argv[3] ?? 60_000)
const EVERY_MS = 6000
const perS = (vessels * 1000) / EVERY_MS
const LATENESS_MS = 10 * MS_PER_MIN
const WARM_UP_MS = seconds >= 600 ? MS_PER_HOUR : Math.min(MS_PER_HOUR, 45 * MS_PER_MIN)
const T0 = Math.floor(Date.now() / MS_PER_MIN) * MS_PER_MIN - WARM_UP_MS

/** One ship in 200 falls silent at some minute of the hour, for good: it is due in the second part. */
const silentFrom = (k: number): number =>
  k % 200 === 0 ? T0 + ((k / 200) % 60) * MS_PER_MIN * (WARM_UP_MS / MS_PER_HOUR) : Infinity

let next = 0 // reports sent
let eventT = T0
/** Wall time at which event time first reached a minute. */
const reachedAt = new Map<number, number>()

/** The next `count` sentences of the fleet. */
function sentences(count: number): string {
  let text = ''
  for (let n = 0; n < count; n++, next++) {
    const k = next % vessels
    const round = Math.floor(next / vessels)
    const t = T0 + Math.floor((next * 1000) / perS)
    if (t - eventT >= 1000) {
      eventT = t - (t % 1000)
      if (eventT % MS_PER_MIN === 0) reachedAt.set(eventT, Date.now())
    }
    if (t >= silentFrom(k)) continue
    const mmsi = 201_000_000 + k * 37
    const tag = tagBlock({ t: eventT, station: `s${k % 50}` })
    const lat = -60 + ((k * 7919) % 120_000) / 1000
    const lon = -175 + ((k * 104_729) % 350_000) / 1000
    text += `${tag}${encodePosition({ mmsi, t, lat: lat + round * 2e-4, lon, sog: 8, cog: 0, utcSecond: Math.floor(t / 1000) % 60 })}\n`
    if (round % 60 === k % 60)
      for (const line of encodeStatic5({ mmsi, name: `SHIP ${k}`, callsign: `C${k}`, shipType: 70 }, k % 10))
        text += `${tag}${line}\n`
  }
  return text
}

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

const folder = mkdtempSync(join(tmpdir(), 'darkwake-soak-'))
let client: net.Socket | undefined
const server = net.createServer(socket => {
  client = socket
  socket.on('error', () => undefined)
})
await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
const { port } = server.address() as AddressInfo
const ops = await freePort()
const main = 'dist/bin/darkwake.js' // npm run soak builds it
/** What the process measures of its own event loop, for who asks: Node samples it every so many ms. */
const RESOLUTION_MS = 10
const MONITOR = `
  import { monitorEventLoopDelay } from 'node:perf_hooks'
  const [whole, window] = [0, 0].map(() => monitorEventLoopDelay({ resolution: ${RESOLUTION_MS} }))
  whole.enable()
  window.enable()
  process.on('message', what => {
    if (what === 'start') whole.reset()
    const of = what === 'whole' ? whole : window
    process.send([50, 99, 99.9, 100].map(q => of.percentile(q) / 1e6))
    window.reset()
  })
  process.channel.unref()
`
const child = spawn(
  process.execPath,
  [
    '--import',
    `data:text/javascript,${encodeURIComponent(MONITOR)}`,
    main,
    'watch',
    '--tcp',
    `127.0.0.1:${port}`,
    '--state',
    join(folder, 'state'),
    '--serve',
    String(ops),
    '--preset',
    'patrol',
    '-o',
    '-',
    '--quiet',
  ],
  { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
)
child.once('exit', code => {
  if (!leaving) throw new Error(`soak: the watch left with ${code}`)
})
let leaving = false
const latencies: number[] = []
let alerts = 0
let live = false
let rest = ''
child.stdout!.setEncoding('utf8').on('data', (text: string) => {
  const lines = (rest + text).split('\n')
  rest = lines.pop()!
  for (const line of lines) {
    const event = JSON.parse(line) as { type: string; phase: string; asOf: string }
    if (event.type !== 'gap' || event.phase !== 'opened') continue
    alerts++
    const due = reachedAt.get(Date.parse(event.asOf) + LATENESS_MS)
    if (live && due !== undefined) latencies.push(Date.now() - due)
  }
})

/** How late its event loop was, ms: in half of the cases, in 1 of 100, 1 of 1000, and at worst. */
interface Lag {
  p50: number
  p99: number
  p999: number
  worst: number
}

/** Since the last time that it was asked, or since the start. A sample holds the wait between two, which is taken off. */
async function lag(what: 'start' | 'window' | 'whole'): Promise<Lag> {
  const answer = new Promise<number[]>(done => child.once('message', told => done(told as number[])))
  child.send(what)
  const [p50, p99, p999, worst] = (await answer).map(ms => Math.max(0, ms - RESOLUTION_MS))
  return { p50: p50!, p99: p99!, p999: p999!, worst: worst! }
}

interface Sample {
  at: number
  rssMb: number
  cpuS: number
  lag: Lag
  reports: number
  stallMs: number
}

async function sample(): Promise<Sample> {
  const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text()
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1])
  return {
    at: Date.now(),
    rssMb: value('process_resident_memory_bytes') / 1e6,
    cpuS: value('process_cpu_seconds_total'),
    lag: await lag('window'),
    reports: value('darkwake_reports_total'),
    stallMs: value('darkwake_checkpoint_stall_seconds') * 1000,
  }
}

const quantile = (values: number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

while (!client) await pause(50)
const began = Date.now()
const warm = Math.round((WARM_UP_MS / 1000) * perS)
while (next < warm) {
  if (!client.write(sentences(Math.min(2000, warm - next))))
    await new Promise(done => client!.once('drain', done))
}
// until it has caught up
for (let before = -1, now = (await sample()).reports; now !== before;) {
  await pause(2500)
  before = now
  now = (await sample()).reports
}
const fast = (Date.now() - began) / 1000
console.log(`${vessels} vessels, ${Math.round(perS)} reports/s`)
console.log(
  `${WARM_UP_MS / MS_PER_MIN} min of event time at full speed: ${fast.toFixed(0)} s, ${Math.round(next / fast)} reports/s (the feed is made meanwhile), ${alerts} alerts`,
)

live = true
await lag('start')
const start = Date.now()
const already = next
const samples: Sample[] = []
let nextSample = start
const sending = setInterval(() => {
  const due = already + Math.floor(((Date.now() - start) / 1000) * perS)
  if (due > next) client!.write(sentences(due - next))
}, 20)
while (Date.now() - start < seconds * 1000) {
  if (Date.now() >= nextSample) {
    samples.push(await sample())
    nextSample += Math.min(5000, (seconds * 1000) / 20)
  }
  await pause(50)
}
clearInterval(sending)
await pause(1000)
const last = await sample()
const whole = await lag('whole')
/** Each checkpoint is told until the next one. */
const stalls = samples
  .map(({ stallMs }) => stallMs)
  .filter((stall, k, all) => k === 0 || stall !== all[k - 1])
const quarter = (k: number): number[] =>
  samples.slice((samples.length * k) / 4, (samples.length * (k + 1)) / 4).map(({ rssMb }) => rssMb)
const growth = mean(quarter(3)) / mean(quarter(1)) - 1
const cpu = (last.cpuS - samples[0]!.cpuS) / ((last.at - samples[0]!.at) / 1000)
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`
console.log(`${seconds} s by the wall:`)
console.log(
  `  RSS MB by quarter: ${[0, 1, 2, 3].map(k => mean(quarter(k)).toFixed(0)).join(', ')}; last against second ${percent(growth)} (aim: no more than 5 % above)`,
)
const ms = (x: number): string => `${x.toFixed(1)} ms`
const p99s = samples.map(sample => sample.lag.p99)
console.log(
  `  event loop late, over all: p50 ${ms(whole.p50)}, p99 ${ms(whole.p99)} (aim 20), p99.9 ${ms(whole.p999)}, worst ${ms(whole.worst)}; sampled every ${RESOLUTION_MS} ms, which are taken off`,
)
console.log(
  `  … p99 of each of ${samples.length} windows: median ${ms(quantile(p99s, 0.5))}, worst ${ms(Math.max(...p99s))}`,
)
console.log(
  `  a checkpoint holds up the feeds for ${ms(quantile(stalls, 0.5))} (median of ${stalls.length}), worst ${ms(Math.max(...stalls))}`,
)
console.log(`  CPU: ${percent(cpu)} of a core (aim 15)`)
console.log(
  `  alert after the report that makes it due: p50 ${quantile(latencies, 0.5)} ms, p99 ${quantile(latencies, 0.99)} ms, of ${latencies.length} alerts (aim 1000)`,
)
console.log(`  reports: ${last.reports} accepted`)
const gone = new Promise<number | null>(done => child.once('exit', done))
leaving = true
child.kill('SIGTERM')
const code = await gone
server.close()
client.destroy()
rmSync(folder, { recursive: true, force: true })
// memory that is given back is no leak
const flat = growth <= 0.05
if (code !== 0 || alerts === 0 || (seconds >= 600 && !flat)) {
  console.error(`soak: failed: exit code ${code}, ${alerts} alerts, memory ${flat ? 'flat' : 'grows'}`)
  process.exitCode = 1
}
