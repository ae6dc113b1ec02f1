// What a machine asks of a running watch: is it alive, is it ready, how is it doing. Loopback unless a token is set;
// every answer is read-only.

import Fastify, { type FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { isLoopback, safeText, showAddress } from '../index.js'
import type { Address, Watch, WatchLog, WatchStatus } from '../index.js'
import { serveStore, type ConsoleOptions, type ConsoleServer } from './serve.js'
import { checkToken, guard, listen } from './guard.js'

/** Seconds; a piece of the feed takes far less than a millisecond, a million waiting reports take more. */
const STEP_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1]

export interface Operations {
  onStep: (ms: number) => void
  start(
    watch: Pick<Watch, 'status'>,
    log: WatchLog,
  ): Promise<{ close(): Promise<void>; page?: ConsoleServer }>
}

/** What a watch that writes into a store shows besides. */
export type Shown = Pick<ConsoleOptions, 'store' | 'version' | 'folder'>

/** @throws UsageError when it would be open to others without a token */
export function createOperations(
  address: Address,
  token?: string,
  shown?: Shown,
  option = '--serve',
): Operations {
  checkToken(address, token, option)
  const registry = new Registry()
  const step = new Histogram({
    name: 'darkwake_step_seconds',
    help: 'Time for one piece of a feed, from bytes to events',
    buckets: STEP_BUCKETS,
    registers: [registry],
  })
  return {
    onStep: ms => step.observe(ms / 1000),
    async start(watch, log) {
      collectDefaultMetrics({ register: registry })
      const collect = createMetrics(registry)
      const more = (app: FastifyInstance): void => {
        app.get('/healthz', () => ({ status: 'ok' }))
        app.get('/readyz', (_, reply) => {
          const { ready, why } = readiness(watch.status())
          return reply.code(ready ? 200 : 503).send({ ready, why })
        })
        app.get('/metrics', async (_, reply) => {
          collect(watch.status())
          return reply.type(registry.contentType).send(await registry.metrics())
        })
      }
      if (shown) {
        const page = await serveStore({ ...shown, address, token, live: true, more })
        const what = page.hasConsole ? 'the console' : 'the API'
        log('info', `serving ${what}, /healthz, /readyz and /metrics on ${page.url}`)
        return { close: () => page.close(), page }
      }
      const app = await serveOnly(address, token, option, more)
      log('info', `serving /healthz, /readyz and /metrics on ${showAddress(address)}`)
      return { close: () => app.close() }
    },
  }
}

/** A server that answers these and no more. */
export async function serveOnly(
  address: Address,
  token: string | undefined,
  option: string,
  routes: (app: FastifyInstance) => void,
): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, bodyLimit: 1024 })
  guard(app, { local: isLoopback(address.host), token })
  routes(app)
  await listen(app, address, option)
  return app
}

/** Ready: at least one source is heard. What else is wrong is said, for degraded is not dead. */
function readiness({ feeds, outlets, checkpoint }: WatchStatus): { ready: boolean; why: string[] } {
  const why = [
    ...feeds.filter(({ health }) => health !== 'up').map(({ name, health }) => `source ${name}: ${health}`),
    ...outlets.filter(({ ok }) => !ok).map(({ name, error }) => `output ${name}: ${error}`),
    ...(checkpoint?.error ? [`state: ${checkpoint.error}`] : []),
  ]
  return { ready: feeds.some(({ health }) => health === 'up'), why: why.map(line => safeText(line, 200)) }
}

/** Metrics are read from the status when they are asked for: the feed pays nothing. */
function createMetrics(registry: Registry): (status: WatchStatus) => void {
  const registers = [registry]
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name: `darkwake_${name}`, help, labelNames, registers })
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Gauge({ name: `darkwake_${name}`, help, labelNames, registers })

  const rows = counter('rows_total', 'Rows or sentences read', ['source'])
  const rejected = counter('rejected_total', 'Rows that became no report, by reason', ['source', 'reason'])
  const resent = counter('resent_lines_total', 'Lines that a server sent again after a break', ['source'])
  const floods = counter('flood_reports_total', 'Reports above what one transmitter can send', ['source'])
  const lost = counter('lost_lines_total', 'Lines that came while no output had room for them', ['source'])
  const losses = counter('source_losses_total', 'Times a source was lost', ['source'])
  const bytes = counter('bytes_total', 'Bytes taken in', ['source'])
  const health = gauge('source_up', '1 when the source is heard', ['source'])
  const lag = gauge('source_lag_seconds', 'Present less the newest event time of the source', ['source'])
  const silence = gauge('source_silence_seconds', 'Time since the source was last heard', ['source'])
  const watermarkAge = gauge(
    'watermark_age_seconds',
    'Present less the event time that silence is measured by',
  )
  const sourceWatermark = gauge('source_watermark_age_seconds', 'The same for one source', ['source'])
  const reports = counter('reports_total', 'Reports accepted by the engine')
  const duplicates = counter('duplicates_total', 'Repeats of a transmission')
  const late = counter('late_total', 'Reports older than their vessel had been heard')
  const evicted = counter('evicted_total', 'Vessels and silences that gave way to new ones', ['what'])
  const vessels = gauge('vessels', 'Distinct vessels seen')
  const statics = gauge('static_data', 'Different static data remembered')
  const events = counter('events_total', 'Events told', ['type', 'phase'])
  const exempted = counter('exempted_events_total', 'Events that an exemption kept from being told', ['type'])
  const queued = gauge('output_queued', 'Events that wait for an output', ['output'])
  const queuedBytes = gauge('output_queued_bytes', 'The same in bytes', ['output'])
  const delivered = counter('output_delivered_total', 'Events an output has taken', ['output'])
  const dropped = counter('output_dropped_total', 'Updates that gave way in a full queue', ['output'])
  const refused = counter('output_refused_total', 'Events an output will never take', ['output'])
  const failures = counter('output_failures_total', 'Failed attempts', ['output'])
  const outputUp = gauge('output_up', '1 when the last attempt succeeded', ['output'])
  const checkpointAge = gauge('checkpoint_age_seconds', 'Time since the last checkpoint')
  const checkpointBytes = gauge('checkpoint_bytes', 'Size of the last checkpoint')
  const checkpointStall = gauge('checkpoint_stall_seconds', 'How long taking it held up the feeds')
  const checkpointFailures = counter('checkpoint_failures_total', 'Checkpoints that could not be written')

  return status => {
    // totals are kept where they arise, so they are set, not added to
    for (const metric of [
      rows,
      rejected,
      resent,
      floods,
      lost,
      losses,
      bytes,
      reports,
      duplicates,
      late,
      evicted,
    ])
      metric.reset()
    for (const metric of [events, exempted, delivered, dropped, refused, failures, checkpointFailures])
      metric.reset()
    const now = Date.now()
    const age = (t: number | null): number => (t === null ? NaN : (now - t) / 1000)
    for (const feed of status.feeds) {
      const source = safeText(feed.name, 100)
      rows.inc({ source }, feed.counts.read)
      for (const [reason, count] of Object.entries(feed.counts.rejected))
        rejected.inc({ source, reason }, count)
      resent.inc({ source }, feed.resent)
      floods.inc({ source }, feed.floods)
      lost.inc({ source }, feed.dropped)
      losses.inc({ source }, feed.reconnects)
      bytes.inc({ source }, feed.counts.bytes)
      health.set({ source }, feed.health === 'up' ? 1 : 0)
      lag.set({ source }, age(feed.newest))
      silence.set({ source }, age(feed.lastHeardAt))
      sourceWatermark.set({ source }, age(feed.watermark))
    }
    watermarkAge.set(age(status.watermark))
    reports.inc(status.engine.accepted)
    duplicates.inc(status.engine.duplicates)
    late.inc(status.engine.late)
    for (const [what, count] of Object.entries(status.engine.evicted)) evicted.inc({ what }, count)
    vessels.set(status.vessels)
    statics.set(status.statics)
    for (const [type, phases] of Object.entries(status.events))
      for (const [phase, count] of Object.entries(phases)) events.inc({ type, phase }, count)
    for (const [type, count] of Object.entries(status.exempted)) exempted.inc({ type }, count)
    for (const outlet of status.outlets) {
      const output = safeText(outlet.name, 100)
      queued.set({ output }, outlet.queued)
      queuedBytes.set({ output }, outlet.queuedBytes)
      delivered.inc({ output }, outlet.delivered)
      dropped.inc({ output }, outlet.dropped)
      refused.inc({ output }, outlet.refused)
      failures.inc({ output }, outlet.failures)
      outputUp.set({ output }, outlet.ok ? 1 : 0)
    }
    if (!status.checkpoint) return
    checkpointAge.set(age(status.checkpoint.at))
    checkpointBytes.set(status.checkpoint.bytes)
    checkpointStall.set(status.checkpoint.stallMs / 1000)
    checkpointFailures.inc(status.checkpoint.failures)
  }
}
