// CSV bytes to columns: rows/s of our scanner on MarineCadastre rows of a seeded fleet, pushed in 1 MiB pieces. The plain
// scan beside it only looks for the ends of cells: how far from the bytes themselves the reader is. ROWS=3000000 for 300 MB.

import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createCsvReader } from '../src/sources/csv/reader.js'
import { readCsvLayout } from '../src/sources/csv/layout.js'

const ROWS = Number(process.env.ROWS ?? 1_000_000)
const RUNS = Number(process.env.RUNS ?? 5)
const VESSELS = 10_000
const PIECE = 1 << 20
const HEADER =
  'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n'

/** A generator of the numbers 0…1 that gives the same ones every time. */
function seeded(state: number): () => number {
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

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

/** CPU time of this process in ms: on a machine that others use too it says more than the clock. */
function cpuMs(work: () => number): number {
  const from = process.cpuUsage()
  const sink = work()
  const used = process.cpuUsage(from)
  if (!(sink > 0)) throw new Error('nothing was read')
  return (used.user + used.system) / 1000
}

const bytes = makeCsv()
const scans: number[] = []
const reads: number[] = []
for (let run = 0; run < RUNS; run++) {
  scans.push(cpuMs(() => plainScan(bytes)))
  reads.push(cpuMs(() => readAll(bytes)))
}
const line = (name: string, times: number[]): string => {
  const sorted = [...times].sort((a, b) => a - b)
  const rate = (ms: number): string => (ROWS / ms / 1000).toFixed(2)
  const median = sorted[Math.floor(sorted.length / 2)]!
  return `${name.padEnd(22)} ${rate(sorted[0]!)} M rows/cpu-s best, ${rate(median)} median`
}
console.log(
  `CSV, ${ROWS} rows, ${(bytes.length / 1e6).toFixed(0)} MB, Node ${process.version}, ${process.arch}`,
)
console.log(line('plain scan of bytes', scans))
console.log(line('CSV to columns', reads))
