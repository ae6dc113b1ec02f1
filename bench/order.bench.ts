// Sorting a run by time, in memory and through the disk: rows/s and memory, on a seeded fleet.
// ROWS=10000000 in the environment gives the size of a US day.

import { createOrderer } from '../src/clean/order.js'
import { blankRow, createBatch, type ReportBatch } from '../src/model/batch.js'
import { createWords } from '../src/model/words.js'
import { createSorter } from '../src/run/spill.js'

const ROWS = Number(process.env.ROWS ?? 3_000_000)
const words = createWords()

/** A generator of the numbers 0…1 that gives the same ones every time. */
function seeded(state: number): () => number {
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/** Fills a batch with rows `from`… of a day of `ROWS` reports; `disorder` 0 keeps them in order. */
function fill(batch: ReportBatch, from: number, disorder: number, random: () => number): void {
  batch.length = Math.min(batch.capacity, ROWS - from)
  for (let i = 0; i < batch.length; i++) {
    blankRow(batch, i)
    const second = Math.floor(((from + i) / ROWS) * 86_400)
    batch.t[i] =
      Date.UTC(2022, 0, 3) +
      1000 * (disorder ? Math.floor(Math.max(0, second - random() * disorder)) : second)
    batch.mmsi[i] = disorder ? 200_000_000 + Math.floor(random() * 20_000) * 137 : 200_000_000 + from + i
    batch.lat[i] = random() * 90
    batch.lon[i] = random() * 180
    batch.sog[i] = random() * 20
    batch.cog[i] = random() * 360
    batch.heading[i] = Math.floor(random() * 360)
    batch.txClass[i] = random() < 0.5 ? 1 : 2
    batch.statics[i] = Math.floor(random() * 20_000)
  }
  batch.validated = true
}

function measure(name: string, disorder: number): void {
  const random = seeded(1)
  const batch = createBatch(words)
  const sorter = createSorter({ words })
  let adding = 0
  for (let from = 0; from < ROWS; from += batch.capacity) {
    fill(batch, from, disorder, random)
    const start = performance.now()
    sorter.add(batch)
    adding += performance.now() - start
  }
  const start = performance.now()
  let last = -Infinity
  let rows = 0
  for (const { batch, order } of sorter.sorted()) {
    const n = order?.length ?? batch.length
    if (!(batch.t[order?.[0] ?? 0]! >= last)) throw new Error('order: out of order')
    last = batch.t[order?.[n - 1] ?? n - 1]!
    rows += n
  }
  const taking = performance.now() - start
  const spilled = sorter.spilledBytes
  sorter.dispose()
  if (rows !== ROWS) throw new Error(`order: ${rows} rows came back`)
  const rate = (ROWS / (adding + taking) / 1000).toFixed(2)
  const rss = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `${name.padEnd(24)} add ${adding.toFixed(0)} ms  take ${taking.toFixed(0)} ms  ${rate} M rows/s` +
      `  on disk ${(spilled / 1e6).toFixed(0)} MB  peak RSS so far ${rss} MiB`,
  )
}

console.log(`sort by time, ${ROWS} rows, Node ${process.version}`)
for (const [name, disorder] of [
  ['in order', 0],
  ['late by up to a minute', 60],
  ['any order', 86_400],
] as const)
  measure(name, disorder)

const one = createBatch(words, Math.min(ROWS, 1_000_000))
const order = createOrderer()
for (let round = 0; round < 3; round++) {
  fill(one, 0, 86_400, seeded(2))
  const start = performance.now()
  order(one)
  const ms = performance.now() - start
  console.log(`order only, round ${round + 1}      ${(one.length / ms / 1000).toFixed(2)} M rows/s`)
}
