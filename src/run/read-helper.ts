// A thread that reads: inputs, or ranges of one, come in as jobs, and their rows go out in shared memory. Started by
// run/read-threads, and of no use otherwise.

import { parentPort, workerData } from 'node:worker_threads'
import { appendRows } from '../clean/order.js'
import type { ReportBatch } from '../model/batch.js'
import { InputError } from '../model/errors.js'
import { createSourceCounts, type SourceCounts } from '../model/stats.js'
import type { StaticData } from '../model/report.js'
import { createWords, type Interner, type Words } from '../model/words.js'
import { recognise, type InputFormat } from '../sources/open.js'
import type { ReaderContext } from '../sources/reader.js'
import { areLinesRows, rowsOf } from './ranges.js'
import { batchesIn, FULL, SHARED_ROWS } from './shared-batches.js'

export interface ReadHelperData {
  /** Its batches, and of each whether it is FREE or FULL: 32 bits. */
  columns: SharedArrayBuffer
  state: SharedArrayBuffer
}

/** What is to be read, and how. */
export interface ReadJob {
  name: string
  path: string
  format: InputFormat | undefined
  map: Record<string, string> | undefined
  timeStart: number | undefined
  /** Of a plain CSV: bytes of which the rows that begin there are wanted; null: all of it. */
  range: { from: number; to: number } | null
  /** Only look whether the range can be read by itself: whether its lines are rows. */
  isTrial: boolean
}

/** Words that the reader of earlier messages does not have yet, by id. */
export interface NewWords {
  receivers: string[]
  sources: string[]
  statics: StaticData[]
}

export type ReadMessage =
  | { rows: { at: number; length: number }; words: NewWords; bytes: number }
  | { counts: SourceCounts; isCuttable: boolean }
  | { counts: SourceCounts; failed: { kind: InputError['kind'] | null; message: string } }

const { columns, state: shared } = workerData as ReadHelperData
const say = (message: ReadMessage): void => parentPort!.postMessage(message)

const words = createWords()
const batches = batchesIn(columns, words)
const state = new Int32Array(shared)
let filling = 0
const told = { receivers: 1, sources: 1, statics: 1 }

function newWords(): NewWords {
  const since = <T>(name: keyof Words, { values }: Interner<T>): T[] => {
    const fresh = values().slice(told[name]) as T[]
    told[name] += fresh.length
    return fresh
  }
  return {
    receivers: since('receivers', words.receivers),
    sources: since('sources', words.sources),
    statics: since('statics', words.statics),
  }
}

/** The batch that is to be filled, empty, when it is free. */
function room(): ReportBatch {
  Atomics.wait(state, filling, FULL)
  const batch = batches[filling]!
  batch.length = 0
  return batch
}

/** It is full. @param bytes stored ones of its input that were read so far */
function hand(bytes: number): void {
  const { length } = batches[filling]!
  Atomics.store(state, filling, FULL)
  say({ rows: { at: filling, length }, words: newWords(), bytes })
  filling = (filling + 1) % batches.length
}

async function work(job: ReadJob): Promise<void> {
  const counts = createSourceCounts()
  let bytes = 0
  const context: ReaderContext = {
    ...{ words, name: job.name, counts },
    freshBatch: room,
    onBatch(batch) {
      if (batch === batches[filling]) hand(bytes)
      else {
        // a reader may begin with one of its own
        for (let from = 0; from < batch.length; from += SHARED_ROWS) {
          const shared = room()
          appendRows(batch, from, Math.min(SHARED_ROWS, batch.length - from), shared)
          hand(bytes)
        }
      }
    },
    ...(job.timeStart !== undefined && { timeStart: job.timeStart }),
    ...(job.map && { map: job.map }),
  }
  try {
    const input = await recognise({ name: job.name, path: job.path }, { format: job.format, map: job.map })
    let isCuttable = true
    if (!job.range) await input.read(context, stored => void (bytes = stored))
    else {
      const { from, to } = job.range
      const { reader, areRows } = input.table!
      const rows = rowsOf({ path: job.path, from, to })
      if (job.isTrial) isCuttable = areLinesRows(rows, areRows)
      else {
        const into = reader(context)
        for (const chunk of rows) {
          bytes += chunk.length
          into.push(chunk)
        }
        into.end()
      }
    }
    say({ counts, isCuttable })
  } catch (error) {
    const kind = error instanceof InputError ? error.kind : null
    say({ counts, failed: { kind, message: (error as Error).message } })
  }
}

parentPort!.on('message', (job: ReadJob) => void work(job))
