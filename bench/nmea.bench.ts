// NMEA bytes to columns, everything decoded and validated: sentences/s of a seeded fleet, as receivers log it (sentences
// alone) and as networks pass it on (TAG blocks with station and time). By CPU time, user and system, of this process.

import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createNmeaReader } from '../src/sources/nmea.js'
import { fleetNmea } from './fleet.js'

const SENTENCES = 1_000_000
const VESSELS = 10_000
const RUNS = 7
const PIECE_BYTES = 1 << 20

function measure(name: string, bytes: Uint8Array): void {
  const times: number[] = []
  let counts = createSourceCounts()
  let rows = 0
  for (let run = 0; run <= RUNS; run++) {
    counts = createSourceCounts()
    rows = 0
    const start = process.cpuUsage()
    const reader = createNmeaReader({
      words: createWords(),
      name,
      counts,
      timeStart: Date.UTC(2026, 0, 1),
      onBatch: batch => (rows += batch.length),
    })
    for (let from = 0; from < bytes.length; from += PIECE_BYTES)
      reader.push(bytes.subarray(from, from + PIECE_BYTES))
    reader.end()
    const { user, system } = process.cpuUsage(start)
    if (run > 0) times.push((user + system) / 1000) // the first run warms up
  }
  times.sort((a, b) => a - b)
  const rate = (ms: number): string => `${(counts.read / ms / 1000).toFixed(2)} M sentences/s`
  console.log(
    `${name.padEnd(12)} median ${rate(times[RUNS >> 1]!)}, best ${rate(times[0]!)}, ${counts.read} read, ${rows} rows`,
  )
}

console.log(`nmea: ${VESSELS} vessels, Node ${process.version}`)
const { bytes: tagged } = fleetNmea(VESSELS, SENTENCES, 1)
const plain = Buffer.from(
  Buffer.from(tagged)
    .toString('latin1')
    .replace(/^\\[^\\]*\\/gm, ''),
  'latin1',
)
measure('TAG blocks', tagged)
measure('alone', plain)
