// Connect, and connect again: a feed that was lost comes back by itself. Waits double from one second to a minute, with
// jitter, so that a thousand receivers do not fall upon a restarted server in one second.

import { randomInt } from 'node:crypto'
import { safeText } from '../../model/text.js'
import type { LiveHandle, LiveSink } from './live.js'

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000
/** A connection that lasted this long was a good one: the next wait is short again. */
const GOOD_MS = 30_000
/** Waits vary by this part, up and down. */
const JITTER = 0.2

export interface Backoff {
  /** The next wait, ms. */
  next(): number
  reset(): void
}

export function createBackoff(
  firstMs = FIRST_WAIT_MS,
  longestMs = LONGEST_WAIT_MS,
  /** 0…1 */
  dice = () => randomInt(0, 1001) / 1000,
): Backoff {
  let wait = firstMs
  return {
    next() {
      const now = wait
      wait = Math.min(longestMs, wait * 2)
      return Math.round(now * (1 - JITTER + 2 * JITTER * dice()))
    },
    reset() {
      wait = firstMs
    },
  }
}

/**
 * Keeps one connection alive until it is closed.
 * @param connect makes a connection and calls `down` once when it is over, for whatever reason; returns how to drop it
 */
export function keepConnected(
  sink: LiveSink,
  connect: (up: (peer: string) => void, down: (why: string) => void) => () => void,
  backoff = createBackoff(),
): LiveHandle {
  let timer: NodeJS.Timeout | undefined
  let drop: (() => void) | undefined
  let closed = false

  function attempt(): void {
    timer = undefined
    let over = false
    let upAt = NaN
    const down = (why: string): void => {
      if (over) return
      over = true
      const dropping = drop
      drop = undefined
      dropping?.()
      if (closed) return
      if (Date.now() - upAt >= GOOD_MS) backoff.reset()
      const wait = backoff.next()
      sink.lost(safeText(why, 200), wait)
      timer = setTimeout(attempt, wait)
    }
    current = down
    drop = connect(peer => {
      upAt = Date.now()
      if (!over) sink.connected(safeText(peer, 200))
    }, down)
    if (over) drop() // it failed at once
  }

  let current: (why: string) => void = () => undefined
  attempt()
  return {
    reconnect: why => current(why),
    close() {
      closed = true
      clearTimeout(timer)
      drop?.()
      return Promise.resolve()
    },
  }
}

/** What the system's codes mean to whoever runs a receiver. */
const SPOKEN: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the other side broke off',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'no answer in time',
  EPIPE: 'the other side broke off',
  EADDRINUSE: 'the port is taken',
  EADDRNOTAVAIL: 'no such address on this machine',
  EACCES: 'permission denied',
  CERT_HAS_EXPIRED: 'TLS: the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS: the certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS: a certificate in the chain is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS: the certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS: the certificate is for another host',
}

/** An error of a connection in a few words. */
export function spokenError(error: unknown): string {
  const { code, message, cause, errors } = error as NodeJS.ErrnoException & {
    cause?: unknown
    errors?: unknown[]
  }
  if (code && SPOKEN[code]) return SPOKEN[code]
  if (errors?.[0]) return spokenError(errors[0]) // several addresses of one name were tried
  if (cause) return spokenError(cause)
  return safeText(`${code && !message?.includes(code) ? `${code} ` : ''}${message}`, 200)
}
