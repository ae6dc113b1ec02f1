// Reports on their way to the server: in order, each behind the one before it or not at all, kept until the server has it. While the
// server is away they wait, in bounded memory, and are sent again ever less often.

import { OutputError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import type { Outlet, OutletLog } from '../../sinks/live/outlet.js'
import { createBackoff } from '../../sources/live/reconnect.js'
import type { Server } from './server.js'

/** Messages on their way at a time. */
const IN_FLIGHT = 256
/** Bytes that may wait. */
export const OUTBOX_BYTES = 128 * 2 ** 20
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

interface Message {
  /** Its number in the stream. */
  seq: number
  tokens: (string | number)[]
  payload: Uint8Array
  rows: number
}

export interface Outbox extends Outlet {
  /** Number of the last message that was given, and of the last one that was there at the start. */
  readonly seq: number
  readonly known: number
  /** Rows and messages that the server has, and messages that it had before. */
  readonly put: { rows: number; messages: number; repeated: number }
  /** Rows that wait. */
  readonly waitingRows: number
  send(tokens: (string | number)[], payload: Uint8Array, rows: number): void
  /** The next message has the number after this one. */
  goOn(after: number): void
  room(): Promise<void> | null
}

export interface OutboxOptions {
  server: Pick<Server, 'append' | 'lastReport' | 'report'>
  /** Of the server, for people. */
  name: string
  /** Number of the last message that is on the server: up to there nothing is sent again. */
  known: number
  maxBytes?: number | undefined
  log: OutletLog
  /** It can never go on: somebody else puts reports in. */
  onFailure?: (error: Error) => void
  signal?: AbortSignal | undefined
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { server, name, known, maxBytes = OUTBOX_BYTES, log, onFailure, signal } = options
  const waiting: Message[] = []
  const put = { rows: 0, messages: 0, repeated: 0 }
  const backoff = createBackoff(FIRST_WAIT_MS, LONGEST_WAIT_MS)
  let seq = 0
  let bytes = 0
  let waitingRows = 0
  let failures = 0
  let error: string | null = null
  let failure: Error | null = null
  let working = false
  let closed = false
  let nudge = (): void => undefined
  /** Told whenever something has left. */
  const watchers = new Set<() => void>()

  function taken(count: number): void {
    for (const message of waiting.splice(0, count)) {
      bytes -= message.payload.length
      waitingRows -= message.rows
      put.rows += message.rows
      put.messages++
    }
    for (const look of watchers) look()
  }

  /** @returns resolves when `isSo`; rejects when it never will be */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isSo() && !failure && !closed) return
        watchers.delete(look)
        if (isSo()) resolve()
        else reject(failure ?? new Error(`${name}: ${waiting.length} messages still wait`))
      }
      watchers.add(look)
      look()
    })
  }

  async function work(): Promise<void> {
    if (working) return
    working = true
    while (waiting.length > 0 && !closed && !failure) {
      const sending = waiting.slice(0, IN_FLIGHT)
      const answers = await Promise.allSettled(
        sending.map(({ tokens, payload, seq: own }) => server.append(tokens, payload, own - 1)),
      )
      const wrong = answers.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
      if (wrong) await again(wrong.reason, sending)
      else {
        taken(sending.length)
        works()
      }
    }
    working = false
  }

  function works(): void {
    if (error !== null) log('info', `output ${name}: works again, ${waiting.length} messages wait`)
    error = null
    backoff.reset()
  }

  /** Some of them are there and some are not: the server knows. */
  async function again(reason: unknown, sending: readonly Message[]): Promise<void> {
    failures++
    try {
      const last = await server.lastReport()
      const there = sending.filter(message => message.seq <= last)
      const newest = there.at(-1)
      if (newest && !(await isOurs(newest))) return fail()
      taken(there.length)
      if (last > sending.at(-1)!.seq) return fail()
      if (there.length > 0) return works()
    } catch (another) {
      reason = another
    }
    const why = safeText((reason as Error).message, 200)
    const wait = backoff.next()
    if (error === null)
      log(
        'warn',
        `output ${name}: ${why}: ${waitingRows} reports wait; trying again in ${(wait / 1000).toFixed(1)} s and on`,
      )
    error = why
    if (closed) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, wait)
      nudge = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function isOurs({ seq: own, payload }: Message): Promise<boolean> {
    const there = await server.report({ seq: own })
    return there !== null && Buffer.compare(payload, there.payload) === 0
  }

  function fail(): void {
    failure = new OutputError(
      `${name}: somebody else puts reports in: one ingest at a time, or another --prefix`,
    )
    error = failure.message
    onFailure?.(failure)
    for (const look of watchers) look()
  }

  function close(): void {
    closed = true
    nudge()
    for (const look of watchers) look()
  }
  signal?.addEventListener('abort', close, { once: true })

  return {
    name,
    put,
    known,
    lastSeq: 0,
    get seq() {
      return seq
    },
    get waitingRows() {
      return waitingRows
    },
    send(tokens, payload, rows) {
      seq++
      if (seq <= known) {
        put.repeated++
        return
      }
      waiting.push({ seq, tokens, payload, rows })
      bytes += payload.length
      waitingRows += rows
      void work()
    },
    goOn(after) {
      seq = after
    },
    room: () => (bytes < maxBytes ? null : until(() => bytes < maxBytes / 2).catch(() => undefined)),
    // an engine that only hands on tells no events
    offer: () => undefined,
    status: () => ({
      ...{ name, ok: error === null, queued: waiting.length, queuedBytes: bytes },
      ...{ delivered: put.messages, dropped: 0, refused: 0, failures, error },
    }),
    sync: () => until(() => waiting.length === 0),
    async close(deadlineMs) {
      const deadline = setTimeout(close, deadlineMs)
      nudge()
      await until(() => waiting.length === 0).catch(() => undefined)
      clearTimeout(deadline)
      close()
    },
  }
}
