// External sort by time: recorded files need not be in order and need not fit in memory. Rows gather in one store of
// columns; a full store is put in canonical order and written to disk as a run; at the end the runs are merged.
// (Knuth, TAOCP vol. 3, 5.4: replacement by a plain k-way merge, since runs are large.)

import { appendRows, compareRows, createOrderer, ORDER_BYTES_PER_ROW } from '../clean/order.js'
import { COLUMN_NAMES, COLUMNS, createBatch, windowOf, type ReportBatch } from '../model/batch.js'
import type { Words } from '../model/words.js'
import { createRunFile, type RunCursor, type RunFile } from './runfile.js'

export interface SorterOptions {
  /** The words that all batches share. */
  words: Words
  /** Memory for rows and for sorting them, bytes. @default DEFAULT_SORT_BYTES */
  maxMemoryBytes?: number | undefined
  /** Where runs go when memory is full. @default os.tmpdir() */
  tempDir?: string | undefined
}

/** Rows that follow each other in canonical order: those of `batch` that `order` names, or all of them. */
export interface SortedRows {
  batch: ReportBatch
  order: Uint32Array | null
}

export interface Sorter {
  /** Rows taken so far. */
  readonly rows: number
  /** Bytes on disk. */
  readonly spilledBytes: number
  /** An empty batch in the sorter's own memory: rows written there are not copied when it is added. */
  window(): ReportBatch
  /**
   * Takes the rows of a batch. Unless it is the last window, they are copied, and the batch is the caller's again.
   * @throws OutputError disk full
   */
  add(batch: ReportBatch): void
  /**
   * All rows in canonical order (clean/order), some at a time. Read them before asking for the next. After the last `add`, once
   * for each pass over them.
   * @throws OutputError when a run cannot be written or read back
   */
  sorted(): Generator<SortedRows, void, undefined>
  /** Frees memory and removes what is on disk; safe to call twice, and needed however the run ends. */
  dispose(): void
}

/** 1.5 million rows; with the engine and Node itself that keeps a run of any size below 600 MB. */
export const DEFAULT_SORT_BYTES = 128 * 1024 * 1024

const ROW_BYTES = COLUMN_NAMES.reduce((sum, name) => sum + COLUMNS[name].BYTES_PER_ELEMENT, 0)
/** Rows of a window, and rows handed on at a time. */
const WINDOW_ROWS = 4096
/** Rows that reading a run back holds: 72 kB, so that a thousand runs (1.5 billion rows) merge in 72 MB. */
const BLOCK_ROWS = 1024
const FIRST_ROWS = 65_536
/** From here on making views of a run's rows costs less than copying them. */
const LONG_STRETCH = 256

export function createSorter({ words, maxMemoryBytes = DEFAULT_SORT_BYTES, tempDir }: SorterOptions): Sorter {
  const maxRows = Math.max(64, Math.floor(maxMemoryBytes / (ROW_BYTES + ORDER_BYTES_PER_ROW)))
  let store: ReportBatch | null = null
  let file: RunFile | null = null
  let findOrder = createOrderer()
  let rows = 0
  let validated = true
  let lent: ReportBatch | null = null

  function spill(full: ReportBatch): void {
    file ??= createRunFile(words, Math.min(BLOCK_ROWS, maxRows), tempDir)
    file.write(full, findOrder(full))
    full.length = 0
  }

  /** Room for one row at least: a larger store, or an emptied one. */
  function makeRoom(wanted: number): ReportBatch {
    if (!store) return (store = createBatch(words, Math.min(maxRows, Math.max(FIRST_ROWS, wanted))))
    if (store.length < store.capacity) return store
    if (store.capacity < maxRows) {
      // straight to the full size: the system gives memory to the pages that are used
      const larger = createBatch(words, maxRows)
      appendRows(store, 0, store.length, larger)
      return (store = larger)
    }
    spill(store)
    return store
  }

  return {
    get rows() {
      return rows
    },
    get spilledBytes() {
      return file?.bytes ?? 0
    },

    window() {
      const room = makeRoom(WINDOW_ROWS)
      lent = windowOf(room, room.length, Math.min(WINDOW_ROWS, room.capacity - room.length))
      lent.length = 0
      return lent
    },

    add(batch) {
      rows += batch.length
      if (!batch.validated) validated = false
      if (batch === lent) {
        store!.length += batch.length
        lent = null
        return
      }
      lent = null // its place is about to be taken
      for (let start = 0; start < batch.length;) {
        const room = makeRoom(batch.length - start)
        const count = Math.min(batch.length - start, room.capacity - room.length)
        appendRows(batch, start, count, room)
        start += count
      }
    },

    *sorted() {
      lent = null
      if (store && file) {
        spill(store)
        store = null // what the engine is about to need
        findOrder = createOrderer()
      }
      if (file) yield* merge(file.cursors(), words, validated)
      else if (store) {
        store.validated = validated
        yield* inOrder(store, findOrder(store))
      }
    },

    dispose() {
      store = null
      findOrder = createOrderer()
      const done = file
      file = null
      done?.dispose()
    },
  }
}

function* inOrder(store: ReportBatch, order: Uint32Array | null): Generator<SortedRows, void, undefined> {
  for (let start = 0; start < store.length; start += WINDOW_ROWS) {
    const count = Math.min(WINDOW_ROWS, store.length - start)
    if (order) yield { batch: store, order: order.subarray(start, start + count) }
    else yield { batch: windowOf(store, start, count), order: null }
  }
}

/** k-way merge over a binary heap of runs, in stretches: files in order cost one comparison per block. */
function* merge(
  cursors: RunCursor[],
  words: Words,
  validated: boolean,
): Generator<SortedRows, void, undefined> {
  const out = createBatch(words, WINDOW_ROWS)
  out.validated = validated
  const heap = cursors.filter(cursor => cursor.next())
  const before = (a: RunCursor, b: RunCursor): boolean => compareRows(a.block, a.at, b.block, b.at) < 0

  function sink(i: number): void {
    for (;;) {
      let least = i
      const left = 2 * i + 1
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left
      if (left + 1 < heap.length && before(heap[left + 1]!, heap[least]!)) least = left + 1
      if (least === i) return
      const moved = heap[i]!
      heap[i] = heap[least]!
      heap[least] = moved
      i = least
    }
  }
  for (let i = heap.length >> 1; i >= 0; i--) sink(i)

  while (heap.length > 0) {
    const first = heap[0]!
    let rival = heap[1]
    if (heap[2] && before(heap[2], rival!)) rival = heap[2]
    const end = rival ? stretch(first, rival) : first.block.length
    if (end - first.at >= LONG_STRETCH) {
      if (out.length > 0) yield { batch: out, order: null }
      out.length = 0
      const batch = windowOf(first.block, first.at, end - first.at)
      first.at = end
      batch.validated = validated
      yield { batch, order: null }
    } else {
      const count = Math.min(end - first.at, out.capacity - out.length)
      appendRows(first.block, first.at, count, out)
      first.at += count
      if (out.length === out.capacity) {
        yield { batch: out, order: null }
        out.length = 0
      }
    }
    if (first.at === first.block.length && !first.next()) {
      const last = heap.pop()!
      if (heap.length > 0) heap[0] = last
    }
    sink(0)
  }
  if (out.length > 0) yield { batch: out, order: null }
}

/** End of the rows of `first`'s block that come no later than `rival`'s next row; at least one does. */
function stretch({ block, at }: RunCursor, rival: RunCursor): number {
  const fits = (row: number): boolean => compareRows(block, row, rival.block, rival.at) <= 0
  if (fits(block.length - 1)) return block.length
  let low = at // fits
  let high = block.length - 1 // does not
  for (let step = 1; low + step < high; step *= 2) {
    if (!fits(low + step)) {
      high = low + step
      break
    }
    low += step
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return high
}
