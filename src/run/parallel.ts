// Detection on two cores: this thread tells, and runs most of the detectors; a helper (run/helper) runs the others, ahead of
// it, on the same rows. The events are those of one thread, to the byte (engine/parts).

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import type { EngineOptions } from '../engine/api.js'
import { createFindings, type Part } from '../engine/parts.js'
import { saveWords } from '../engine/saved-words.js'
import type { Words } from '../model/words.js'
import { isShipped } from '../zones/coast.js'
import type { HelperData, HelperMessage } from './helper.js'
import { SHARES } from './parts.js'
import { createSharedMemory, createSharedWriter, SHARED_ROWS, type SharedMemory } from './shared-rows.js'
import type { SortedRows } from './spill.js'

/** Beside this file when it is built; sources that are run as they are have one thread. */
const HELPER = new URL('./helper.js', import.meta.url)

/** Whether a helper can be told of everything that the options bring. */
export const canHelp = ({ coast }: Pick<EngineOptions, 'coast'>): boolean =>
  (coast === undefined || isShipped(coast)) && existsSync(fileURLToPath(HELPER))

export interface Together {
  /** Of the engine of this thread. */
  readonly part: Part
  /**
   * Hands on the rows, a batch at a time, each when the helper has seen it; at its end the helper has seen the end too.
   * @param stopped whether to leave out what is not handed out yet
   * @throws what the helper failed with
   */
  rows(sorted: Iterable<SortedRows>, stopped: () => boolean): AsyncGenerator<SortedRows, void, undefined>
  /** However it ends. */
  dispose(): void
}

/** The share of this thread; the helper is started when there are rows. */
export function createTogether(
  {
    preset,
    config,
    coast,
    ports,
  }: Pick<EngineOptions, 'config' | 'coast' | 'ports'> & { preset?: string | undefined },
  words: Words,
): Together {
  const others = createFindings()
  let worker: Worker | undefined
  let inbox: MessagePort | undefined
  let failure: { error: unknown } | undefined

  function start(memory: SharedMemory): void {
    const channel = new MessageChannel()
    inbox = channel.port1
    const data: HelperData = {
      ...{ outbox: channel.port2, memory, share: SHARES[1]!, preset, config: config ?? {} },
      ...{ words: saveWords(words), statics: words.statics.values().slice(1), hasCoast: coast !== undefined },
      ports: ports?.ports,
    }
    worker = new Worker(HELPER, { workerData: data, transferList: [channel.port2] })
    const fail = (error: unknown): void => {
      failure ??= { error }
    }
    worker.on('error', fail).on('exit', () => fail(new Error('the second thread is gone')))
  }

  /** What the helper has said: all that it found in the batches that it is done with, at least. @throws what it failed with */
  function listen(): void {
    for (let heard = receiveMessageOnPort(inbox!); heard; heard = receiveMessageOnPort(inbox!)) {
      const message = heard.message as HelperMessage
      if ('failed' in message) throw message.failed
      others.add(message.found)
    }
  }

  async function* rows(
    sorted: Iterable<SortedRows>,
    stopped: () => boolean,
  ): AsyncGenerator<SortedRows, void, undefined> {
    const memory = createSharedMemory()
    start(memory)
    const writer = createSharedWriter(memory, words)
    const pieces = piecesOf(sorted)
    let piece = pieces.next()
    for (;;) {
      // the helper is given as much as there is room for, lest it waits
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
        // why it failed, if it could still say so
        listen()
        if (failure && !writer.ready && !writer.over) throw failure.error
      }
    }
    listen()
  }

  return {
    part: { runs: SHARES[0]!.runs, others },
    rows,
    dispose() {
      inbox?.close()
      void worker?.terminate()
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
