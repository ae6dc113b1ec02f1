// Outputs on their way to the server.

import type { Payload, Server } from './server.js'

/** Messages on their way at a time, of each piece of work. */
const IN_FLIGHT = 256

/**
 * Sends without waiting for each answer, in order, so many at a time: what a busy server cannot answer in time would be sent
 * again, and keep it busier still.
 */
export function createSender(server: Pick<Server, 'publish'>) {
  let waiting: (() => Promise<void>)[] = []
  /** The first of them that was not sent yet. */
  let next = 0
  let inFlight = 0
  let failure: Error | undefined
  let look = (): void => undefined

  function pump(): void {
    while (inFlight < IN_FLIGHT && next < waiting.length && !failure) {
      inFlight++
      void waiting[next++]!()
        .catch((error: unknown) => (failure ??= error as Error))
        .finally(() => {
          inFlight--
          pump()
        })
    }
    if (next === waiting.length) {
      waiting = []
      next = 0
    }
    look()
  }

  return {
    send(
      stream: 'lessons' | 'extract' | 'judged' | 'events',
      tokens: (string | number)[],
      payloads: Payload[],
      from = 0,
    ): void {
      for (const [k, payload] of payloads.entries())
        waiting.push(() => server.publish(stream, [...tokens, from + k], payload))
      pump()
    },
    /** All that was sent is there. @throws Error the first that the server did not take; nothing is sent after it */
    sent: (): Promise<void> =>
      new Promise((resolve, reject) => {
        look = () => {
          if (inFlight > 0 || (next < waiting.length && !failure)) return
          look = () => undefined
          if (failure) reject(failure)
          else resolve()
        }
        look()
      }),
  }
}
