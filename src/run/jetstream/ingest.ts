// Reports into the server: by part of the fleet, in order of time, a tick into every part when event time has reached a whole minute.
// The same reports give the same messages, so an ingest that died is started again from the beginning and doubles nothing.

import { isShipReport } from '../../engine/ships.js'
import { copyRow, createBatch, type ReportBatch } from '../../model/batch.js'
import { MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { slotOf } from '../../reception/slots.js'
import { BLOCK_ROWS, createRowPacker } from '../rows.js'
import { encoded, type ReportsHead } from './messages.js'
import { partOf } from './subjects.js'

/** Takes rows in order of time; `end` says that no more come. */
export interface Distributor {
  push(batch: ReportBatch, order: Uint32Array | null | undefined): void
  end(): void
}

export function createDistributor(
  words: Words,
  parts: number,
  publish: (part: number, n: number, payload: Uint8Array) => void,
): Distributor {
  const pack = createRowPacker(words)
  const waiting = Array.from({ length: parts }, () => createBatch(words, BLOCK_ROWS))
  const sent = new Array<number>(parts).fill(0)
  let minute = NaN
  let from: number | null = null
  let newest = -Infinity

  function send(part: number, kind: ReportsHead['kind'], t: number, block?: Uint8Array): void {
    publish(part, sent[part]!++, encoded({ kind, t, from }, block))
  }

  function flush(part: number): void {
    const rows = waiting[part]!
    for (const block of pack(rows)) send(part, 'rows', newest, block)
    rows.length = 0
  }

  return {
    push(batch, order) {
      const n = order ? order.length : batch.length
      for (let k = 0; k < n; k++) {
        const i = order ? order[k]! : k
        const t = batch.t[i]!
        while (t >= (minute + 1) * MS_PER_MIN) {
          minute++
          for (let part = 0; part < parts; part++) {
            flush(part)
            send(part, 'tick', minute * MS_PER_MIN)
          }
        }
        if (!(minute >= 0)) minute = Math.floor(t / MS_PER_MIN)
        if (from === null && isShipReport(batch, i)) from = slotOf(t)
        newest = t
        const part = partOf(batch.mmsi[i]!, parts)
        const rows = waiting[part]!
        copyRow(batch, i, rows, rows.length++)
        if (rows.length === rows.capacity) flush(part)
      }
    },
    end() {
      for (let part = 0; part < parts; part++) {
        flush(part)
        send(part, 'end', newest)
      }
    },
  }
}
