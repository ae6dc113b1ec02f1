// Reports into the server: by part of the fleet, in order of time, a tick into every part when event time has reached a whole minute.
// The same reports give the same messages, so an ingest that died is started again from the beginning and doubles nothing.

import { isShipReport } from '../../engine/ships.js'
import { copyRow, createBatch, type ReportBatch } from '../../model/batch.js'
import { MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { slotOf } from '../../reception/slots.js'
import { BLOCK_ROWS, createRowPacker, rowsIn } from '../rows.js'
import { encoded, type ReportsHead } from './messages.js'
import { SLOT_MINUTES } from './steps.js'
import { partOf } from './subjects.js'

/** How far the reports have come; plain data. */
export interface Stand {
  /** Messages of each part. */
  sent: number[]
  /** Minute of event time that has begun, since 1970; NaN before the first report. */
  minute: number
  /** As in ReportsHead. */
  from: number | null
  /** Newest report, epoch ms. */
  newest: number
}

export const startWith = (parts: number): Stand => ({
  ...{ sent: new Array<number>(parts).fill(0), minute: NaN, from: null, newest: -Infinity },
})

/** Takes rows in order of time; `end` says that no more come. */
export type Distributor = ReturnType<typeof createDistributor>

export function createDistributor(
  words: Words,
  parts: number,
  publish: (part: number, n: number, payload: Uint8Array, rows: number) => void,
  stand = startWith(parts),
) {
  const pack = createRowPacker(words)
  const waiting = Array.from({ length: parts }, () => createBatch(words, BLOCK_ROWS))
  const sent = [...stand.sent]
  let { minute, from, newest } = stand
  /** Since the last tick. */
  let rows = 0

  function send(
    part: number,
    kind: ReportsHead['kind'],
    t: number,
    block?: Uint8Array,
    since = minute >= 0 ? minute : 0,
  ): void {
    publish(part, sent[part]!++, encoded({ kind, t, since, from }, block), block ? rowsIn(block) : 0)
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

  function pushRow(batch: ReportBatch, i: number): void {
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

  function endOf(part: number): void {
    flush(part)
    send(part, 'end', Math.max(newest, 0))
  }

  return {
    /** Minute of event time that has begun; NaN before the first report. */
    get minute() {
      return minute
    },
    get stand(): Stand {
      return { sent: [...sent], minute, from, newest }
    },
    push(batch: ReportBatch, order: Uint32Array | null | undefined): void {
      const n = order ? order.length : batch.length
      for (let k = 0; k < n; k++) pushRow(batch, order ? order[k]! : k)
    },
    pushRow,
    /** Event time reached a minute, and somebody waits for it. */
    advance(to: number): void {
      leap(to)
      if (to > minute) advance(to)
    },
    /** Parts that an earlier run left behind are told of the last tick, which came after the minute `since`. */
    level(behind: readonly number[], since: number): void {
      for (const part of behind) send(part, 'tick', minute * MS_PER_MIN, undefined, since)
    },
    /** Nothing is kept back. */
    flush(): void {
      for (let part = 0; part < parts; part++) flush(part)
    },
    endOf,
    end(): void {
      for (let part = 0; part < parts; part++) endOf(part)
    },
  }
}
