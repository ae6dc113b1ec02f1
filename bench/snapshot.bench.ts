// What a checkpoint costs a watch of global AIS: 60,000 vessels, 10,000 reports a second, zones of the world. While the
// state is taken no feed is read.

import { createEngine } from '../src/engine/engine.js'
import { blankRow, createBatch } from '../src/model/batch.js'
import { createWords, staticKey } from '../src/model/words.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { digits, median, say } from './figures.js'

const VESSELS = 60_000
const EVERY_S = 6
const MINUTES = 10
const ROUNDS = 20

const words = createWords()
const engine = createEngine({
  ...{ zones: buildZoneIndex(loadApproximateEez()), coast: loadCoast(), words, preset: 'patrol' },
  timers: 'watermark',
  config: { engine: { silenceCapacity: 131_072 } },
  onEvent: () => undefined,
})
const T0 = Date.UTC(2026, 0, 1)
const perS = VESSELS / EVERY_S
const batch = createBatch(words, perS)

/** One second of the feed; each ship tells its static data once in six minutes, and a new destination now and then. */
function second(s: number): void {
  for (let n = 0; n < perS; n++) {
    const k = (s % EVERY_S) * perS + n
    const round = Math.floor(s / EVERY_S)
    blankRow(batch, n)
    batch.t[n] = T0 + s * 1000
    batch.mmsi[n] = 201_000_000 + k * 37
    batch.lat[n] = -60 + ((k * 7919) % 120_000) / 1000 + round * 2e-4
    batch.lon[n] = -175 + ((k * 104_729) % 350_000) / 1000
    batch.sog[n] = 8
    batch.cog[n] = 0
    batch.msgType[n] = 1
    batch.txClass[n] = 1
    batch.collection[n] = 1
    batch.receiver[n] = words.receivers.id(`s${k % 50}`, () => `s${k % 50}`)
    if (round % 60 !== k % 60) continue
    const data = { name: `SHIP ${k}`, callsign: `C${k}`, shipType: 70, destination: `PORT ${(k + s) % 500}` }
    batch.statics[n] = words.statics.id(staticKey(data), () => data)
  }
  batch.length = perS
  batch.validated = true
  engine.pushBatch(batch)
  if (s % 60 === 0) engine.advance(T0 + s * 1000 - 600_000)
}

let s = 0
for (; s < MINUTES * 60; s++) second(s)
const taken: number[] = []
const spent: number[] = []
const pieces: number[] = []
let bytes = 0
for (let round = 0; round < ROUNDS; round++) {
  for (let k = 0; k < 10; k++) second(s++)
  let before = performance.now()
  const next = (): number => {
    const now = performance.now()
    const ms = now - before
    before = now
    return ms
  }
  const cpu = process.cpuUsage()
  const capture = engine.capture()
  taken.push(next())
  const { user, system } = process.cpuUsage(cpu)
  spent.push((user + system) / 1000)
  bytes = 0
  for (const piece of capture.pieces()) {
    bytes += piece.length
    pieces.push(next())
  }
  capture.done()
}
const tell = (what: string, ms: number[]): void =>
  say(`snapshot: ${what}`, median(ms), 'ms', `worst ${digits(Math.max(...ms))}`)
console.log(`\nsnapshot of ${VESSELS} vessels, ${ROUNDS} times: ${Math.round(bytes / 1e6)} MB each`)
tell('taking the state', taken)
tell('taking the state, by CPU time', spent)
tell('making a piece of its bytes', pieces)
