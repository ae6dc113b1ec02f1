// Rows that several threads see: a ring of batches in shared memory. One thread writes a batch after the other, all read them, and
// a batch is written over once all are done with it. Threads wait for each other by Atomics, never by spinning.

import { appendRows } from '../clean/order.js'
import type { ReportBatch } from '../model/batch.js'
import type { Words } from '../model/words.js'
import { batchesIn, memoryOf } from './shared-batches.js'

/** Batches in the ring: so far one thread may be ahead of the other. */
const RING = 16

/** What the threads tell each other: batches written, whether that is all, how often a helper was done with one, … */
const WRITTEN = 0
const ENDED = 1
const STEPS = 2
/** … and of each batch in the ring how many rows it has; then of each helper how many batches it is done with, the end as one more. */
const ROWS = 3
const DONE = ROWS + RING
/** When nothing is heard for so long the writer looks whether the helpers are still there, and a helper whether that was all, ms. */
const LOOK_MS = 1000
const END_MS = 10

export interface SharedMemory {
  control: SharedArrayBuffer
  columns: SharedArrayBuffer
}

/** @param helpers threads that read beside the one that writes */
export const createSharedMemory = (helpers: number): SharedMemory => ({
  control: new SharedArrayBuffer(4 * (DONE + helpers)),
  columns: memoryOf(RING),
})

/** The end of the ring where rows are written, and read by the thread that tells. */
export interface SharedWriter {
  /** No batch is free. */
  readonly full: boolean
  /** A batch waits that all helpers are done with. */
  readonly ready: boolean
  /** The helpers have seen everything and the end, and so has this thread. */
  readonly over: boolean
  /** One of the helpers has seen everything and the end. */
  hasEnded(helper: number): boolean
  /** Copies rows `from` … `to` − 1 of an order, or of the batch. At most SHARED_ROWS, and only while the ring is not full. */
  write(batch: ReportBatch, order: Uint32Array | null, from: number, to: number): void
  /** The batch that waits; the caller is done with it at the next call. */
  next(): ReportBatch
  /** Nothing more will be written. */
  end(): void
  /** Until a batch is ready, or all is over, or some time has passed. */
  wait(): Promise<void>
}

export function createSharedWriter(memory: SharedMemory, words: Words): SharedWriter {
  const control = new Int32Array(memory.control)
  const batches = batchesIn(memory.columns, words)
  let written = 0
  let read = 0
  /** Batches that the slowest helper is done with. */
  function helped(): number {
    let least = Infinity
    for (let k = DONE; k < control.length; k++) least = Math.min(least, Atomics.load(control, k))
    return least
  }
  return {
    get full() {
      // the batch that was read last may still be in use
      return written - Math.min(read - 1, helped()) >= RING
    },
    get ready() {
      return read < Math.min(written, helped())
    },
    get over() {
      return read === written && helped() > written
    },
    hasEnded: helper => Atomics.load(control, ENDED) === 1 && Atomics.load(control, DONE + helper) > written,
    write(from, order, start, end) {
      const batch = batches[written % RING]!
      batch.length = 0
      batch.validated = from.validated
      if (!order) appendRows(from, start, end - start, batch)
      else for (let k = start; k < end; k++) appendRows(from, order[k]!, 1, batch)
      control[ROWS + (written % RING)] = batch.length
      Atomics.store(control, WRITTEN, ++written)
      Atomics.notify(control, WRITTEN)
    },
    next: () => batches[read++ % RING]!,
    end() {
      Atomics.store(control, ENDED, 1)
      Atomics.notify(control, WRITTEN)
    },
    async wait() {
      const steps = Atomics.load(control, STEPS)
      if (helped() > read) return
      const waiting = Atomics.waitAsync(control, STEPS, steps, LOOK_MS)
      if (!waiting.async) return
      // waiting for memory alone keeps no process alive: without helpers it would end here, and say nothing
      const hold = setInterval(() => undefined, LOOK_MS)
      await waiting.value
      clearInterval(hold)
    },
  }
}

/**
 * The end of a helper: calls `take` for each batch as it comes, and `end` when all were taken. Blocks its thread. What was said in
 * them is said before the writer hears that they are done.
 * @param helper which one it is, from 0
 */
export function readShared(
  memory: SharedMemory,
  helper: number,
  words: Words,
  take: (batch: ReportBatch) => void,
  end: () => void,
): void {
  const control = new Int32Array(memory.control)
  const batches = batchesIn(memory.columns, words)
  let done = 0
  const tellDone = (): void => {
    Atomics.store(control, DONE + helper, ++done)
    Atomics.add(control, STEPS, 1)
    Atomics.notify(control, STEPS)
  }
  for (;;) {
    if (Atomics.load(control, WRITTEN) > done) {
      const batch = batches[done % RING]!
      batch.length = control[ROWS + (done % RING)]!
      take(batch)
      tellDone()
    } else if (Atomics.load(control, ENDED) === 0) {
      Atomics.wait(control, WRITTEN, done, END_MS)
    } else if (Atomics.load(control, WRITTEN) === done) {
      end()
      tellDone()
      return
    }
  }
}
