// NMEA bytes to columns, everything decoded and validated: sentences/s of a seeded fleet, as receivers log it (sentences
// alone) and as networks pass it on (TAG blocks with station and time). By CPU time, user and system, of this process.

import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createNmeaReader } from '../src/sources/nmea.js'
import { cpuMs, digits, median, say } from './figures.js'
import { fleetNmea } from './fleet.js'

const SENTENCES = 1_000_000
const VESSELS = 10_000
const RUNS = 7
const PIECE_BYTES = 1 << 20

function measure(name: string, bytes: Uint8Array): void {
  let counts = createSourceCounts()
  let rows = 0
  const pass = (): void => {
    counts = createSourceCounts()
    rows = 0
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
  }
  // the first run warms up
  const [, ...times] = Array.from({ length: RUNS + 1 }, () => cpuMs(pass))
  const rate = (ms: number): number => counts.read / ms / 1000
  const best = digits(rate(Math.min(...times)))
  say(name, rate(median(times)), 'M sentences/CPU s', `best ${best}, ${counts.read} read, ${rows} rows`)
}

console.log(`\nNMEA to columns, ${VESSELS} vessels`)
const { bytes: tagged } = fleetNmea(VESSELS, SENTENCES, 1)
const plain = Buffer.from(
  Buffer.from(tagged)
    .toString('latin1')
    .replace(/^\\[^\\]*\\/gm, ''),
  'latin1',
)
measure('NMEA to columns, with TAG blocks', tagged)
measure('NMEA to columns, sentences alone', plain)
