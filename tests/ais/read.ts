// Reads NMEA into plain rows, for tests: what is not available is left out.

import { createNmeaReader } from '../../src/sources/nmea.js'
import { COLUMN_NAMES, isStaticOnly, type ColumnName } from '../../src/model/batch.js'
import type { Reject, StaticData } from '../../src/model/report.js'
import { createSourceCounts, type SourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'

export type Row = Record<ColumnName, number> & { station?: string; data?: StaticData }

export interface Read {
  rows: Row[]
  counts: SourceCounts
  rejects: Reject[]
  /** read − what became of it: 0 when the books balance. */
  missing: number
  /** Reasons with a count. */
  reasons: Record<string, number>
}

export interface ReadOptions {
  timeStart?: number
  /** Where to cut the bytes. */
  cuts?: number[]
}

/** NMEA checksums are wanted: `*??` at the end of a body is replaced by the right one. */
export function signed(text: string): string {
  return text.replace(/([!$\\])([^!$\\*]*)\*\?\?/g, (_, start: string, body: string) => {
    let sum = 0
    for (const c of Buffer.from(body, 'latin1')) sum ^= c
    return `${start}${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`
  })
}

export function read(input: string | Uint8Array, { timeStart, cuts = [] }: ReadOptions = {}): Read {
  const bytes = typeof input === 'string' ? Buffer.from(signed(input), 'latin1') : input
  const words = createWords()
  const counts = createSourceCounts()
  const rows: Row[] = []
  const rejects: Reject[] = []
  const reader = createNmeaReader({
    words,
    name: 'test.nmea',
    counts,
    onBatch(batch) {
      if (!batch.validated) throw new Error('a batch that was not validated')
      for (let i = 0; i < batch.length; i++) {
        const row = Object.fromEntries(
          COLUMN_NAMES.map(column => [column, batch[column][i]!]),
        ) as unknown as Row
        const station = words.receivers.get(row.receiver)
        const data = words.statics.get(row.statics)
        if (station !== undefined) row.station = station
        if (data) row.data = data
        rows.push(row)
      }
    },
    onReject: reject => rejects.push(reject),
    ...(timeStart === undefined ? {} : { timeStart }),
  })
  let from = 0
  for (const cut of [...cuts.map(c => Math.min(c, bytes.length)).sort((a, b) => a - b), bytes.length]) {
    reader.push(Uint8Array.from(bytes.subarray(from, cut))) // a copy: the reader must not lean on it afterwards
    from = cut
  }
  reader.end()
  const rejected = Object.values(counts.rejected).reduce((sum, n) => sum + n, 0)
  const reports = rows.filter(row => !isStaticOnly(row.msgType)).length
  if (rows.length - reports !== counts.static) throw new Error('static rows and their count differ')
  if (rejects.length !== rejected) throw new Error('rejects and their count differ')
  return {
    rows,
    counts,
    rejects,
    missing: counts.read - (reports + counts.static + counts.other + counts.parts + rejected),
    reasons: Object.fromEntries(Object.entries(counts.rejected).filter(([, n]) => n > 0)),
  }
}
