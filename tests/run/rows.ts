// Random batches for the laws of order, spill and detect: few values per column, so that ties are common.

import fc from 'fast-check'
import { COLUMN_NAMES, copyRow, createBatch, type ReportBatch } from '../../src/model/batch.js'
import { createWords, staticKey, type Words } from '../../src/model/words.js'

export type Row = { [K in (typeof COLUMN_NAMES)[number]]?: number } & {
  receiverName?: string
  sourceName?: string
  shipName?: string
}

const some = (...values: number[]) => fc.constantFrom(...values)
const t0 = Date.UTC(2022, 0, 3)

/** Times of one day in whole ms; now and then any double at all. */
const whole = fc.oneof(
  { weight: 5, arbitrary: some(0, 1, 1000, 60_000).map(d => t0 + d) },
  fc.nat(86_400_000).map(d => t0 + d),
)
export const anyTime = fc.oneof(
  { weight: 12, arbitrary: whole },
  { weight: 1, arbitrary: some(NaN, -0, 0, -1.5, 0.25, -1e300, Infinity, -Infinity, t0 + 0.5, t0 + 2 ** 33) },
)

export const anyRow = (time: fc.Arbitrary<number> = whole): fc.Arbitrary<Row> =>
  fc.record(
    {
      t: time,
      mmsi: some(1, 2, 2047, 2048, 244_000_001, 999_999_999),
      lat: some(NaN, -0, 0, 51.5),
      lon: some(NaN, 3.25, -180),
      sog: some(NaN, 0, 12.5),
      navStatus: some(0, 15),
      msgType: some(1, 5, 18),
      commState: some(0, 70_000),
      receivedAt: some(NaN, t0, t0 + 1),
      receiverName: fc.constantFrom('', 'b', 'a', 'c'),
      sourceName: fc.constantFrom('', 'y.csv', 'x.csv'),
      shipName: fc.constantFrom('', 'ZULU', 'ALPHA'),
    },
    { requiredKeys: ['t', 'mmsi'] },
  )

export function toBatch(rows: Row[], words: Words = createWords()): ReportBatch {
  const batch = createBatch(words, Math.max(1, rows.length))
  for (const { receiverName, sourceName, shipName, ...numbers } of rows) {
    const i = batch.length++
    for (const name of COLUMN_NAMES) batch[name][i] = numbers[name] ?? 0
    if (receiverName) batch.receiver[i] = words.receivers.id(receiverName, () => receiverName)
    if (sourceName) batch.source[i] = words.sources.id(sourceName, () => sourceName)
    if (shipName) {
      const data = { name: shipName }
      batch.statics[i] = words.statics.id(staticKey(data), () => data)
    }
  }
  batch.validated = true
  return batch
}

/** What a row says, whatever its ids are: for comparing two sequences. */
export function contentOf(batch: ReportBatch, i: number): (number | string)[] {
  const { words } = batch
  return COLUMN_NAMES.map(name => {
    if (name === 'receiver') return words.receivers.keys()[batch.receiver[i]!]!
    if (name === 'source') return words.sources.keys()[batch.source[i]!]!
    if (name === 'statics') return words.statics.keys()[batch.statics[i]!]!
    return batch[name][i]!
  })
}

export const contents = (batch: ReportBatch): (number | string)[][] =>
  Array.from({ length: batch.length }, (_, i) => contentOf(batch, i))

/** A batch of the given rows in the given order. */
export function pick(batch: ReportBatch, order: ArrayLike<number>): ReportBatch {
  const out = createBatch(batch.words, Math.max(1, order.length))
  for (let k = 0; k < order.length; k++) copyRow(batch, order[k]!, out, out.length++)
  out.validated = batch.validated
  return out
}
