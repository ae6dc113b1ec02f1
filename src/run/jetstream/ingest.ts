// Reports into the server: by part of the fleet, in order of time, a tick into every part when event time has reached a whole minute.
// The same reports give the same messages, so an ingest that died is started again from the beginning and doubles nothing.

import { isShipReport } from '../../engine/ships.js'
import { copyRow, createBatch, type ReportBatch } from '../../model/batch.js'
import { MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { slotOf } from '../../reception/slots.js'
import { BLOCK_ROWS, createRowPacker } from '../rows.js'
import { encoded, type ReportsHead } from './messages.js'
import { SLOT_MINUTES } from './steps.js'
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
  /** Since the last tick. */
  let rows = 0

  function send(part: number, kind: ReportsHead['kind'], t: number, block?: Uint8Array): void {
    publish(part, sent[part]!++, encoded({ kind, t, since: minute >= 0 ? minute : 0, from }, block))
  }

  function flush(part: number): void {
    const batch = waiting[part]!
    for (const block of pack(batch)) send(part, 'rows', newest, block)
    batch.length = 0
  }

  /** Event time reached `to`, a minute: what came before it goes out, and a tick behind it. */
  function advance(to: number): void {
    for (let part = 0; part < parts; part++) {
      flush(part)
      send(part, 'tick', to * MS_PER_MIN)
    }
    minute = to
    rows = 0
  }

  /** The same where nobody waits for it: it is told that a slot began, and else when it is worth a message. */
  function leap(to: number): void {
    const slot = to - (to % SLOT_MINUTES)
    if (slot > minute) advance(slot)
    if (to > minute && rows >= BLOCK_ROWS) advance(to)
  }

  return {
    push(batch, order) {
      const n = order ? order.length : batch.length
      for (let k = 0; k < n; k++) {
        const i = order ? order[k]! : k
        const t = batch.t[i]!
        leap(Math.floor(t / MS_PER_MIN))
        if (!(minute >= 0)) minute = Math.floor(t / MS_PER_MIN)
        if (from === null && isShipReport(batch, i)) from = slotOf(t)
        newest = t
        rows++
        const part = partOf(batch.mmsi[i]!, parts)
        const own = waiting[part]!
        copyRow(batch, i, own, own.length++)
        if (own.length === own.capacity) flush(part)
      }
    },
    end() {
      for (let part = 0; part < parts; part++) {
        flush(part)
        send(part, 'end', Math.max(newest, 0))
      }
    },
  }
}
