// Batches in memory that threads share: the same columns, seen by each through a batch of its own.

import { COLUMN_NAMES, COLUMNS, createBatch, type ReportBatch } from '../model/batch.js'
import type { Words } from '../model/words.js'

/** Rows of each, at most. */
export const SHARED_ROWS = 4096

/** What one is to two threads that hand it to and fro: it may be written, or waits to be read. */
export const FREE = 0
export const FULL = 1

const BATCH_BYTES = COLUMN_NAMES.reduce((sum, name) => sum + SHARED_ROWS * COLUMNS[name].BYTES_PER_ELEMENT, 0)

/** Memory for so many. */
export const memoryOf = (batches: number): SharedArrayBuffer => new SharedArrayBuffer(batches * BATCH_BYTES)

/** The batches in it, for one of the threads. */
export function batchesIn(memory: SharedArrayBuffer, words: Words): ReportBatch[] {
  return Array.from({ length: memory.byteLength / BATCH_BYTES }, (_, k) => {
    const batch = createBatch(words, 1)
    let at = k * BATCH_BYTES
    // wide columns first, so that each is aligned
    for (const name of [...COLUMN_NAMES].sort((a, b) => width(b) - width(a))) {
      Object.assign(batch, { [name]: new COLUMNS[name](memory as unknown as ArrayBuffer, at, SHARED_ROWS) })
      at += SHARED_ROWS * width(name)
    }
    return Object.assign(batch, { capacity: SHARED_ROWS, validated: true })
  })
}

const width = (name: (typeof COLUMN_NAMES)[number]): number => COLUMNS[name].BYTES_PER_ELEMENT
