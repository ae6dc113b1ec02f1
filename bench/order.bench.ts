// Sorting a run by time, in memory and through the disk: rows/s and memory, on a seeded fleet.
// ROWS=10000000 in the environment gives the size of a US day.

import { createOrderer } from '../src/clean/order.js'
import { blankRow, createBatch, type ReportBatch } from '../src/model/batch.js'
import { createWords } from '../src/model/words.js'
import { createSorter } from '../src/run/spill.js'
import { median, say } from './figures.js'
import { seeded } from './seeded.js'

const ROWS = Number(process.env.ROWS ?? 3_000_000)
const words = createWords()

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
  say(
    `${ROWS / 1e6} M rows sorted, ${name}`,
    ROWS / (adding + taking) / 1000,
    'M rows/s',
    `on disk ${(spilled / 1e6).toFixed(0)} MB, peak RSS so far ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
  )
}

console.log('\nsort by time, through the disk when memory is full')
for (const [name, disorder] of [
  ['in order', 0],
  ['late by up to a minute', 60],
  ['any order', 86_400],
] as const)
  measure(name, disorder)

const one = createBatch(words, Math.min(ROWS, 1_000_000))
const order = createOrderer()
const alone = Array.from({ length: 3 }, () => {
  fill(one, 0, 86_400, seeded(2))
  const start = performance.now()
  order(one)
  return performance.now() - start
})
say('order of rows in memory, any order', one.length / median(alone) / 1000, 'M rows/s')
