// CSV bytes to columns: rows/s of our scanner on MarineCadastre rows of a seeded fleet, pushed in 1 MiB pieces. The plain
// scan beside it only looks for the ends of cells: how far from the bytes themselves the reader is. ROWS=3000000 for 300 MB.

import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createCsvReader } from '../src/sources/csv/reader.js'
import { readCsvLayout } from '../src/sources/csv/layout.js'
import { cpuMs, digits, median, say } from './figures.js'
import { seeded } from './seeded.js'

const ROWS = Number(process.env.ROWS ?? 1_000_000)
const RUNS = Number(process.env.RUNS ?? 5)
const VESSELS = 10_000
const PIECE = 1 << 20
const HEADER =
  'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n'

function makeCsv(): Uint8Array {
  const random = seeded(1)
  const tails = Array.from({ length: VESSELS }, (_, k) =>
    k % 3 === 0
      ? `BOAT ${k},,,37,,${10 + (k % 20)},,,,B`
      : `VESSEL ${k},IMO${9_000_000 + k},WX${k},70,0,${100 + (k % 200)},32,11.5,70,A`,
  )
  const parts: Buffer[] = [Buffer.from(HEADER)]
  for (let row = 0; row < ROWS;) {
    let text = ''
    for (const stop = Math.min(ROWS, row + 10_000); row < stop; row++) {
      const vessel = Math.floor(random() * VESSELS)
      const time = new Date(Date.UTC(2022, 0, 3) + Math.floor((row / ROWS) * 86_400) * 1000)
        .toISOString()
        .slice(0, 19)
      const place = `${(24 + random() * 25).toFixed(5)},${(-125 + random() * 55).toFixed(5)}`
      const motion = `${(random() * 20).toFixed(1)},${(random() * 360).toFixed(1)},${random() < 0.5 ? 511 : Math.floor(random() * 360)}`
      text += `${366_000_000 + vessel},${time},${place},${motion},${tails[vessel]}\n`
    }
    parts.push(Buffer.from(text))
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** Finds every delimiter and newline, and does nothing with them. */
function plainScan(bytes: Uint8Array): number {
  let cells = 0
  for (let p = 0; p < bytes.length; p++) {
    const c = bytes[p]!
    if (c === 44 || c === 10) cells++
  }
  return cells
}

function readAll(bytes: Uint8Array): number {
  const counts = createSourceCounts()
  let rows = 0
  const layout = readCsvLayout(bytes.subarray(0, 65_536), 'bench.csv')
  const reader = createCsvReader(
    { words: createWords(), name: 'bench.csv', counts, onBatch: batch => (rows += batch.length) },
    layout,
  )
  for (let p = 0; p < bytes.length; p += PIECE) reader.push(bytes.subarray(p, p + PIECE))
  reader.end()
  return rows
}

const bytes = makeCsv()
const scans: number[] = []
const reads: number[] = []
let found = 0
for (let run = 0; run < RUNS; run++) {
  scans.push(cpuMs(() => (found += plainScan(bytes))))
  reads.push(cpuMs(() => (found += readAll(bytes))))
}
if (found === 0) throw new Error('nothing was read')
const rate = (ms: number): number => ROWS / ms / 1000
const tell = (name: string, times: number[]): void =>
  say(name, rate(median(times)), 'M rows/CPU s', `best ${digits(rate(Math.min(...times)))}`)
console.log(`\nCSV, ${ROWS} rows, ${(bytes.length / 1e6).toFixed(0)} MB`)
tell('CSV: a plain scan of the bytes', scans)
tell('CSV to columns', reads)
