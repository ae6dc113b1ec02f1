// An outlet with a far side: events wait in a queue, a worker hands them on in order, and tries again, ever less often,
// while the far side is away. What it refuses for good is set aside and counted, or one bad event would hold up all.

import { safeText } from '../../model/text.js'
import type { Outlet, OutletLog, OutletStatus } from './outlet.js'
import type { Queue, Queued } from './queue.js'

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000

/** The far side will never take this event: trying again is of no use. */
export class RefusedError extends Error {
  override name = 'RefusedError'
}

export interface Carrier {
  /** Most events handed over at a time. */
  readonly batch: number
  /** Hands over; resolves when the far side has them. @throws RefusedError, or any error to try again later */
  send(events: Queued[], signal: AbortSignal): Promise<void>
  close?(): Promise<void>
}

export interface DeliveryOptions {
  name: string
  queue: Queue
  carrier: Carrier
  log: OutletLog
  /** Takes an event that was refused. */
  onRefused?: (event: Queued, why: string) => void
  /** 0…1, for the jitter of waits. */
  dice: () => number
}

export function createDelivery({ name, queue, carrier, log, onRefused, dice }: DeliveryOptions): Outlet {
  let delivered = 0
  let refused = 0
  let failures = 0
  let error: string | null = null
  let wait = FIRST_WAIT_MS
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | null = null
  let stopping = false
  const abort = new AbortController()

  function wake(): void {
    if (working || timer || stopping || queue.length === 0) return
    // a burst of events is handed over together
    working = Promise.resolve()
      .then(work)
      .finally(() => {
        working = null
        wake()
      })
  }

  async function work(): Promise<void> {
    while (queue.length > 0 && !timer && !abort.signal.aborted) {
      let events = queue.peek(carrier.batch)
      try {
        try {
          await carrier.send(events, abort.signal)
        } catch (failure) {
          if (!(failure instanceof RefusedError)) throw failure
          // which of them is it? One by one then
          events = events.slice(0, 1)
          await sendOne(events[0]!)
        }
        delivered += events.length
        queue.ack(events.at(-1)!.seq)
        if (error !== null) log('info', `output ${name}: works again, ${queue.length} events wait`)
        error = null
        wait = FIRST_WAIT_MS
      } catch (failure) {
        if (abort.signal.aborted) return
        later(failure)
      }
    }
  }

  async function sendOne(event: Queued): Promise<void> {
    try {
      await carrier.send([event], abort.signal)
    } catch (failure) {
      if (!(failure instanceof RefusedError)) throw failure
      refused++
      delivered--
      const why = safeText(failure.message, 200)
      log('warn', `output ${name}: refuses an event for good: ${why}`)
      onRefused?.(event, why)
    }
  }

  function later(failure: unknown): void {
    failures++
    const why = safeText((failure as Error).message, 200)
    const ms = Math.round(wait * (0.8 + 0.4 * dice()))
    wait = Math.min(LONGEST_WAIT_MS, 2 * wait)
    if (error !== why)
      log(
        'warn',
        `output ${name}: ${why}; ${queue.length} events wait, trying again in ${(ms / 1000).toFixed(1)} s`,
      )
    error = why
    timer = setTimeout(() => {
      timer = undefined
      wake()
    }, ms)
  }

  wake()
  return {
    name,
    get lastSeq() {
      return queue.lastSeq
    },
    offer(told) {
      queue.push(told)
      wake()
    },
    status: (): OutletStatus => ({
      ...{ name, ok: error === null, queued: queue.length, queuedBytes: queue.bytes },
      ...{ delivered, dropped: queue.dropped, refused, failures, error },
    }),
    sync() {
      queue.sync()
      return Promise.resolve()
    },
    async close(deadlineMs) {
      const deadline = setTimeout(() => abort.abort(), deadlineMs)
      // what is waiting for another try gets one more
      clearTimeout(timer)
      timer = undefined
      wake()
      while (working && !abort.signal.aborted) {
        await Promise.race([working, new Promise(done => abort.signal.addEventListener('abort', done))])
        if (timer) break
      }
      stopping = true
      clearTimeout(timer)
      clearTimeout(deadline)
      abort.abort()
      await carrier.close?.().catch(() => undefined)
      queue.close()
    },
  }
}
