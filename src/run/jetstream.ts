// Detection shared by way of NATS JetStream: `ingest` puts reports in, workers judge them (run/jetstream/worker). docs/scale.md.

import type { Engine, EngineOptions } from '../engine/api.js'
import { createEngine } from '../engine/engine.js'
import { UsageError } from '../model/errors.js'
import { resolveConfig } from '../model/config.js'
import { presetConfig } from '../model/presets.js'
import type { Input } from '../sources/open.js'
import { runOver, type DetectRun } from './detect.js'
import type { OperatorOptions } from './operators.js'
import { checkPasses } from './passes.js'
import { createWorkerBooks, type WorkerBooks } from './jetstream/books.js'
import { createDistributor, type Distributor } from './jetstream/ingest.js'
import { connectServer, type ServerOptions } from './jetstream/server.js'
import type { StepOptions } from './jetstream/steps.js'
import { openTarget, type Setup, type Target } from './jetstream/target.js'
import { runWorker } from './jetstream/worker.js'

/** Messages of a recording that wait for the server, bytes. */
const RECORDED_BYTES = 32 * 2 ** 20

export interface IngestOptions extends OperatorOptions, Target {}

/** Puts recorded reports in, in order of time. What was put in before is not put in again. @returns the books, when it has ended */
export async function ingest(inputs: Iterable<Input>, options: IngestOptions): Promise<DetectRun> {
  const { parts } = options
  const { server, outbox: open } = await openTarget(options, false)
  try {
    let failure: { error: Error } | undefined
    const outbox = await open(error => (failure = { error }), options.signal, RECORDED_BYTES)
    const send = (part: number, n: number, payload: Uint8Array, rows: number): void =>
      outbox.send([part, n], payload, rows)
    let distributor: Distributor
    const run = runOver(
      inputs,
      {
        ...options,
        async onReports(batch, order) {
          distributor.push(batch, order)
          await outbox.room()
          if (failure) throw failure.error
        },
      },
      engineOptions => {
        distributor = createDistributor(engineOptions.words!, parts, send)
        return counting(engineOptions)
      },
    )
    await run[Symbol.asyncIterator]().next()
    if (options.signal?.aborted) return run
    distributor!.end()
    await outbox.sync()
    return run
  } finally {
    await server.close()
  }
}

/** An engine that only counts the reports. */
function counting(options: EngineOptions): Engine {
  const engine = createEngine({ ...options, config: { ...options.config, engine: { capacity: 1024 } } })
  return {
    ...engine,
    pushBatch(batch, order) {
      const n = order ? order.length : batch.length
      engine.counts.accepted += n
      if (n === 0) return
      const [first, last] = [batch.t[order ? order[0]! : 0]!, batch.t[order ? order[n - 1]! : n - 1]!]
      if (!(engine.span.from <= first)) engine.span.from = first
      engine.span.to = last
    },
    flush: () => undefined,
  }
}

export interface WorkOptions extends ServerOptions {
  version: string
  rules: StepOptions
  /** Parts of the fleet at a time, at most. */
  tasks: number
  signal: AbortSignal
  /** Kept while it works. */
  books?: WorkerBooks | undefined
  log(text: string): void
}

/**
 * Works until the data end, or `signal` says so.
 * @returns pieces of work that ended here
 * @throws UsageError where another version has put reports in, or nobody has
 */
export async function work(options: WorkOptions): Promise<number> {
  const { rules, version, tasks, signal, log, books = createWorkerBooks() } = options
  checkPasses(rules)
  const server = await connectServer(options)
  try {
    const setup = await server.note<Setup>('setup')
    if (!setup)
      throw new UsageError(`worker: ${server.prefix}: nothing has been put in there: darkwake ingest first`)
    if (setup.version !== version)
      throw new UsageError(
        `worker: ${server.prefix}: version ${setup.version} put reports in, this is ${version}`,
      )
    const { capacity } = resolveConfig(
      rules.preset ? presetConfig(rules.preset) : undefined,
      rules.config,
    ).engine
    // parts are as even as a hash makes them: twice a share is room enough
    const slots = Math.min(capacity, Math.ceil((2 * capacity) / setup.parts))
    server.onRepeated = () => books.repeated++
    return await runWorker(server, { rules, parts: setup.parts, slots, tasks, signal, books, log })
  } finally {
    await server.close()
  }
}
