// Sentences at the beginning of a log, before any time is known: they wait, in bounded number, for the first one.

import { copyRow, createBatch, type ReportBatch } from '../../model/batch.js'
import type { Words } from '../../model/words.js'

/** Rows that may wait: some seconds of the busiest feed there is. */
export const MAX_HELD = 65_536

export interface Held {
  /** Rows that wait. A field, as it is looked at for every sentence. */
  length: number
  readonly full: boolean
  /** Keeps row `i` of `batch`; `raw` is its line, where somebody wants to see rejected ones. */
  add(batch: ReportBatch, i: number, line: number, raw: string | undefined): void
  /** Hands each row that waits to `take`, in order, and forgets them. */
  release(take: (rows: ReportBatch, at: number, line: number, raw: string | undefined) => void): void
}

export function createHeld(words: Words): Held {
  let rows: ReportBatch | undefined
  let lines = new Float64Array(0)
  let raws: (string | undefined)[] = []
  return {
    length: 0,
    get full() {
      return rows !== undefined && rows.length >= MAX_HELD
    },
    add(batch, i, line, raw) {
      if (rows === undefined || rows.length === rows.capacity) {
        // most logs tell a time soon: begin small
        const larger = createBatch(words, rows ? rows.capacity * 4 : 1024)
        const largerLines = new Float64Array(larger.capacity)
        largerLines.set(lines)
        if (rows)
          for (; larger.length < rows.length; larger.length++)
            copyRow(rows, larger.length, larger, larger.length)
        rows = larger
        lines = largerLines
      }
      lines[rows.length] = line
      if (raw !== undefined) raws[rows.length] = raw
      copyRow(batch, i, rows, rows.length++)
      this.length = rows.length
    },
    release(take) {
      const waiting = rows
      const waitingLines = lines
      const waitingRaws = raws
      rows = undefined
      this.length = 0
      lines = new Float64Array(0)
      raws = []
      if (waiting) for (let i = 0; i < waiting.length; i++) take(waiting, i, waitingLines[i]!, waitingRaws[i])
    },
  }
}
