// What a machine asks of a worker: is it alive, and how far has it come. Loopback unless a token is set.

import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { showAddress, STAGES, stageOf } from '../index.js'
import type { Address, WorkerBooks } from '../index.js'
import { checkToken } from './guard.js'
import { serveOnly } from './operations.js'

const OPTION = '--metrics'

/**
 * Answers `/healthz` and `/metrics` out of the books of a worker.
 * @returns where it does, and how to end it
 * @throws UsageError when it would be open to others without a token
 */
export async function serveWorker(
  address: Address,
  token: string | undefined,
  books: WorkerBooks,
): Promise<{ shown: string; close(): Promise<void> }> {
  checkToken(address, token, OPTION)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const collect = createMetrics(registry)
  const app = await serveOnly(address, token, OPTION, routes => {
    routes.get('/healthz', () => ({ status: 'ok' }))
    routes.get('/metrics', async (_, reply) => {
      collect(books)
      return reply.type(registry.contentType).send(await registry.metrics())
    })
  })
  return { shown: showAddress(address), close: () => app.close() }
}

function createMetrics(registry: Registry): (books: WorkerBooks) => void {
  const registers = [registry]
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name: `darkwake_worker_${name}`, help, labelNames, registers })
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Gauge({ name: `darkwake_worker_${name}`, help, labelNames, registers })

  const rows = counter('rows_total', 'Reports and static data read')
  const minutes = counter('minutes_total', 'Minutes of event time judged', ['stage'])
  const pieces = gauge('pieces', 'Pieces of work held', ['stage'])
  const lag = gauge('lag_seconds', 'Present less the event time that a piece of work has reached', [
    'stage',
    'piece',
  ])
  const poisoned = counter('poisoned_minutes_total', 'Minutes whose rows were set aside')
  const repeated = counter('repeated_total', 'Outputs refused because they were there already')
  const saves = counter('saves_total', 'States saved')
  const failures = counter('failures_total', 'Pieces of work given back with an error')
  const counters = [rows, minutes, poisoned, repeated, saves, failures]

  return books => {
    // totals are kept where they arise, so they are set, not added to
    for (const metric of counters) metric.reset()
    lag.reset()
    rows.inc(books.rows)
    poisoned.inc(books.poisoned)
    repeated.inc(books.repeated)
    saves.inc(books.saves)
    failures.inc(books.failures)
    const now = Date.now()
    const held = [...books.reached]
    for (const stage of STAGES) {
      minutes.inc({ stage }, books.minutes[stage])
      pieces.set({ stage }, held.filter(([piece]) => stageOf(piece) === stage).length)
    }
    for (const [piece, t] of held) lag.set({ stage: stageOf(piece), piece }, (now - t) / 1000)
  }
}
