// Reading on several cores: whole inputs, or ranges of a large one, a thread each (run/read-helper). What order their rows come in
// does not matter, as they are sorted by all that they say (clean/order).

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ReportBatch } from '../model/batch.js'
import { InputError } from '../model/errors.js'
import type { SourceCounts } from '../model/stats.js'
import { staticKey, type Words } from '../model/words.js'
import type { NewWords, ReadHelperData, ReadJob, ReadMessage } from './read-helper.js'
import { batchesIn, FREE, memoryOf } from './shared-batches.js'

/** Beside this file when it is built; sources that are run as they are read on one thread. */
const HELPER = new URL('./read-helper.js', import.meta.url)
/** Batches of each thread: so many may wait to be taken. */
const BATCHES = 8

export const canReadApart = (): boolean => existsSync(fileURLToPath(HELPER))

/** Who follows a job. */
export interface JobViews {
  /** Its rows: their memory is given back when it returns. What it throws ends all reading. */
  take(batch: ReportBatch): void
  /** Stored bytes of it read so far. */
  onBytes(bytes: number): void
  /** What was read, also of one that broke off. */
  counted(counts: SourceCounts): void
}

export interface ReadThreads {
  readonly threads: number
  /**
   * Does it as soon as a thread is free.
   * @returns whether it can be cut, of a trial
   * @throws InputError what the input is to blame for; any other error ends all reading
   */
  read(job: ReadJob, views: JobViews): Promise<boolean>
  /** However it ends. */
  dispose(): void
}

interface Task {
  job: ReadJob
  views: JobViews
  resolve: (isCuttable: boolean) => void
  reject: (error: unknown) => void
}

interface Thread {
  /** What it works at. */
  task: Task | undefined
  give(task: Task): void
  terminate(): void
}

export function createReadThreads(threads: number, words: Words): ReadThreads {
  const waiting: Task[] = []
  const all: Thread[] = []
  let failure: { error: unknown } | undefined

  /** Nothing more is read, and everybody who waits is told why. */
  function fail(error: unknown): void {
    failure ??= { error }
    for (const task of [...waiting.splice(0), ...all.flatMap(({ task }) => task ?? [])]) task.reject(error)
  }

  function createThread(): Thread {
    const columns = memoryOf(BATCHES)
    const state = new SharedArrayBuffer(4 * BATCHES)
    const batches = batchesIn(columns, words)
    const marks = new Int32Array(state)
    const toOurs = createIds(words)
    const worker = new Worker(HELPER, { workerData: { columns, state } satisfies ReadHelperData })
    const thread: Thread = {
      task: undefined,
      give(task) {
        this.task = task
        worker.postMessage(task.job)
      },
      terminate() {
        worker.off('exit', gone)
        void worker.terminate()
      },
    }
    const gone = (): void => fail(new Error('a thread that reads is gone'))

    function hear(message: ReadMessage): void {
      if (failure) return
      const { views, resolve, reject } = thread.task!
      if ('rows' in message) {
        const { at, length } = message.rows
        const batch = batches[at]!
        batch.length = length
        toOurs(message.words, batch)
        views.onBytes(message.bytes)
        views.take(batch)
        Atomics.store(marks, at, FREE)
        Atomics.notify(marks, at)
        return
      }
      views.counted(message.counts)
      if (!('failed' in message)) resolve(message.isCuttable)
      else if (message.failed.kind) reject(new InputError(message.failed.kind, message.failed.message))
      else fail(new Error(message.failed.message))
      thread.task = undefined
      next(thread)
    }

    worker
      .on('message', (message: ReadMessage) => {
        try {
          hear(message)
        } catch (error) {
          fail(error)
        }
      })
      .on('error', fail)
      .on('exit', gone)
    return thread
  }

  function next(thread: Thread): void {
    const task = waiting.shift()
    if (task) thread.give(task)
  }

  return {
    threads,
    read(job, views) {
      return new Promise((resolve, reject) => {
        if (failure) return void reject(failure.error as Error)
        waiting.push({ job, views, resolve, reject })
        let thread = all.find(({ task }) => !task)
        if (!thread && all.length < threads) all.push((thread = createThread()))
        if (thread) next(thread)
      })
    },
    dispose() {
      for (const thread of all) thread.terminate()
    },
  }
}

/** Puts our ids into batches in place of those of another thread, whose new words come with them. */
function createIds(words: Words): (fresh: NewWords, batch: ReportBatch) => void {
  const receivers = [0]
  const sources = [0]
  const statics = [0]
  return (fresh, { length, receiver, source, statics: data }) => {
    for (const name of fresh.receivers) receivers.push(words.receivers.id(name, () => name))
    for (const name of fresh.sources) sources.push(words.sources.id(name, () => name))
    for (const word of fresh.statics) statics.push(words.statics.id(staticKey(word), () => word))
    for (let i = 0; i < length; i++) {
      receiver[i] = receivers[receiver[i]!]!
      source[i] = sources[source[i]!]!
      data[i] = statics[data[i]!]!
    }
  }
}
