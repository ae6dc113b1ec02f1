// Detection on several cores: this thread tells, and runs some of the detectors; helpers (run/helper) run the others, ahead of
// it, on the same rows. The events are those of one thread, to the byte (engine/parts).

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import type { EngineOptions } from '../engine/api.js'
import { createFindings, type Part } from '../engine/parts.js'
import { saveWords } from '../engine/saved-words.js'
import type { Words } from '../model/words.js'
import { isShipped } from '../zones/coast.js'
import type { HelperData, HelperMessage } from './helper.js'
import { MOST_SHARES, sharesFor } from './parts.js'
import { SHARED_ROWS } from './shared-batches.js'
import {
  createSharedMemory,
  createSharedWriter,
  type SharedMemory,
  type SharedWriter,
} from './shared-rows.js'
import type { SortedRows } from './spill.js'

/** Beside this file when it is built; sources that are run as they are have one thread. */
const HELPER = new URL('./helper.js', import.meta.url)

/** Whether helpers can be told of everything that the options bring. */
export const canHelp = ({ coast }: Pick<EngineOptions, 'coast'>): boolean =>
  (coast === undefined || isShipped(coast)) && existsSync(fileURLToPath(HELPER))

/** A thread more costs a second or two, for its own code: so many rows make up for that. */
const ROWS_PER_THREAD = 2_000_000

/** Threads that are worth it for so many rows. */
export const threadsFor = (rows: number): number =>
  Math.max(1, Math.min(availableParallelism(), MOST_SHARES, Math.floor(rows / ROWS_PER_THREAD)))

export interface Together {
  /** Of the engine of this thread. */
  readonly part: Part
  /**
   * Hands on the rows, a batch at a time, each when the helpers have seen it; at its end they have seen the end too.
   * @param stopped whether to leave out what is not handed out yet
   * @throws what a helper failed with
   */
  rows(sorted: Iterable<SortedRows>, stopped: () => boolean): AsyncGenerator<SortedRows, void, undefined>
  /** However it ends. */
  dispose(): void
}

/** The share of this thread; its helpers are started when there are rows. @param threads two at least */
export function createTogether(
  threads: number,
  {
    preset,
    config,
    coast,
    ports,
  }: Pick<EngineOptions, 'config' | 'coast' | 'ports'> & { preset?: string | undefined },
  words: Words,
): Together {
  const [own, ...shares] = sharesFor(threads)
  const others = createFindings()
  const workers: Worker[] = []
  const inboxes: MessagePort[] = []
  let failure: { error: unknown } | undefined
  const fail = (error: unknown): void => {
    failure ??= { error }
  }

  function start(memory: SharedMemory, writer: SharedWriter): void {
    const known = { words: saveWords(words), statics: words.statics.values().slice(1) }
    for (const [helper, share] of shares.entries()) {
      const channel = new MessageChannel()
      inboxes.push(channel.port1)
      const data: HelperData = {
        ...{ outbox: channel.port2, memory, helper, share, preset, config: config ?? {}, ...known },
        ...{ hasCoast: coast !== undefined, ports: ports?.ports },
      }
      const worker = new Worker(HELPER, { workerData: data, transferList: [channel.port2] })
      worker.on('error', fail).on('exit', () => {
        if (!writer.hasEnded(helper)) fail(new Error('a thread that detects is gone'))
      })
      workers.push(worker)
    }
  }

  /** What the helpers have said: all that they found in the batches that they are done with, at least. @throws what one failed with */
  function listen(): void {
    for (const inbox of inboxes) {
      for (let heard = receiveMessageOnPort(inbox); heard; heard = receiveMessageOnPort(inbox)) {
        const message = heard.message as HelperMessage
        if ('failed' in message) throw message.failed
        others.add(message.found)
      }
    }
  }

  async function* rows(
    sorted: Iterable<SortedRows>,
    stopped: () => boolean,
  ): AsyncGenerator<SortedRows, void, undefined> {
    const memory = createSharedMemory(shares.length)
    const writer = createSharedWriter(memory, words)
    start(memory, writer)
    const pieces = piecesOf(sorted)
    let piece = pieces.next()
    for (;;) {
      // the helpers are given as much as there is room for, lest they wait
      for (; !piece.done && !writer.full && !stopped(); piece = pieces.next()) {
        const { batch, order, from, to } = piece.value
        writer.write(batch, order, from, to)
      }
      if (piece.done || stopped()) writer.end()
      if (writer.ready) {
        listen()
        yield { batch: writer.next(), order: null }
      } else if (writer.over) break
      else {
        await writer.wait()
        // why one failed, if it could still say so
        listen()
        if (failure && !writer.ready && !writer.over) throw failure.error
      }
    }
    listen()
  }

  return {
    part: { runs: own!.runs, others },
    rows,
    dispose() {
      for (const inbox of inboxes) inbox.close()
      for (const worker of workers) void worker.terminate()
    },
  }
}

/** Rows that fit into a shared batch each. They are good until the next is asked for. */
function* piecesOf(sorted: Iterable<SortedRows>): Generator<SortedRows & { from: number; to: number }, void> {
  for (const { batch, order } of sorted) {
    const rows = order?.length ?? batch.length
    for (let from = 0; from < rows; from += SHARED_ROWS)
      yield { batch, order, from, to: Math.min(rows, from + SHARED_ROWS) }
  }
}
