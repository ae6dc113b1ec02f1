// Reports into the server: by part of the fleet, in order of time, a tick into every part when event time has reached a whole minute.
// The same reports give the same messages, so an ingest that died is started again from the beginning and doubles nothing.

import { isShipReport } from '../../engine/ships.js'
import type { ReportBatch } from '../../model/batch.js'
import { MS_PER_MIN } from '../../model/units.js'
import { slotOf } from '../../reception/slots.js'
import { encoded, type ReportsHead } from './messages.js'
import { partOf } from './subjects.js'
import { rowText } from '../rows.js'

const MAX_ROWS = 500

/** Takes rows in order of time; `end` says that no more come. */
export function createDistributor(
  parts: number,
  publish: (part: number, n: number, payload: string) => void,
) {
  const waiting: string[][] = Array.from({ length: parts }, () => [])
  const sent = new Array<number>(parts).fill(0)
  let minute = NaN
  let from: number | null = null
  let newest = -Infinity

  function send(part: number, kind: ReportsHead['kind'], t: number, lines: readonly string[] = []): void {
    publish(part, sent[part]!++, encoded({ v: 1, kind, t, from }, lines))
  }

  function flush(part: number): void {
    if (waiting[part]!.length > 0) send(part, 'rows', newest, waiting[part]!.splice(0))
  }

  return {
    push(batch: ReportBatch, order: Uint32Array | null | undefined): void {
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
        if (waiting[part]!.push(rowText(batch, i)) >= MAX_ROWS) flush(part)
      }
    },
    end(): void {
      for (let part = 0; part < parts; part++) {
        flush(part)
        send(part, 'end', newest)
      }
    },
  }
}
