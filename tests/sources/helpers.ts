// What a reader made of some bytes, as plain rows: for tests only.

import { COLLECTIONS, TX_CLASSES, type Reject, type StaticData } from '../../src/model/report.js'
import { isStaticOnly, type ReportBatch } from '../../src/model/batch.js'
import { createSourceCounts, type SourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'
import { createCsvReader } from '../../src/sources/csv/reader.js'
import { readCsvLayout } from '../../src/sources/csv/layout.js'
import type { Reader, ReaderContext } from '../../src/sources/reader.js'

export interface Row {
  mmsi: number
  t: number
  lat: number
  lon: number
  sog: number
  cog: number
  heading: number
  rot: number
  navStatus: number
  msgType: number
  txClass: string
  collection: string
  receiver: string
  receivedAt: number
  utcSecond: number
  statics: StaticData | undefined
}

export interface Collected {
  rows: Row[]
  rejects: Reject[]
  counts: SourceCounts
  context: ReaderContext
}

export function collector(name = 'test.csv', map?: Record<string, string>): Collected {
  const words = createWords()
  const counts = createSourceCounts()
  const rows: Row[] = []
  const rejects: Reject[] = []
  const onBatch = (batch: ReportBatch): void => {
    if (!batch.validated) throw new Error('batch was not validated')
    for (let i = 0; i < batch.length; i++) {
      if (!words.sources.get(batch.source[i]!)?.startsWith(name)) throw new Error('row without its source')
      rows.push({
        mmsi: batch.mmsi[i]!,
        t: batch.t[i]!,
        lat: batch.lat[i]!,
        lon: batch.lon[i]!,
        sog: batch.sog[i]!,
        cog: batch.cog[i]!,
        heading: batch.heading[i]!,
        rot: batch.rot[i]!,
        navStatus: batch.navStatus[i]!,
        msgType: batch.msgType[i]!,
        txClass: TX_CLASSES[batch.txClass[i]!]!,
        collection: COLLECTIONS[batch.collection[i]!]!,
        receiver: words.receivers.get(batch.receiver[i]!) ?? '',
        receivedAt: batch.receivedAt[i]!,
        utcSecond: batch.utcSecond[i]!,
        statics: words.statics.get(batch.statics[i]!),
      })
    }
  }
  const context: ReaderContext = { words, name, counts, onBatch, onReject: reject => rejects.push(reject) }
  if (map) context.map = map
  return { rows, rejects, counts, context }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Pushes the bytes cut at the given places. */
export function pushCut(reader: Reader, bytes: Uint8Array, cuts: number[] = []): void {
  let from = 0
  for (const to of [...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    // a copy that is spoiled afterwards: the bytes are the caller's again when push returns
    const piece = bytes.slice(from, to)
    reader.push(piece)
    piece.fill(0x5a)
    from = to
  }
  reader.end()
}

export function readCsv(
  text: string | Uint8Array,
  cuts: number[] = [],
  map?: Record<string, string>,
): Collected {
  const bytes = typeof text === 'string' ? bytesOf(text) : text
  const result = collector('test.csv', map)
  const layout = readCsvLayout(bytes.subarray(0, 65_536), 'test.csv', map)
  pushCut(createCsvReader(result.context, layout), bytes, cuts)
  return result
}

/** The identity of the books: every row read has one fate. */
export function balance({ counts, rows }: Collected): { read: number; accounted: number } {
  const rejected = Object.values(counts.rejected).reduce((a, b) => a + b)
  const positions = rows.filter(row => !isStaticOnly(row.msgType)).length
  return { read: counts.read, accounted: positions + counts.static + counts.other + counts.parts + rejected }
}
