// Live updates: server-sent events to every page that listens. One that does not read is dropped, and comes back by itself.

import type { FastifyReply } from 'fastify'
import type { ServerResponse } from 'node:http'

const HEARTBEAT_MS = 10_000
const MAX_CLIENTS = 64
/** Bytes that wait for a slow reader before it is let go. */
const MAX_BEHIND = 4 << 20

export interface Hub {
  /** @returns false when there are too many already */
  join(reply: FastifyReply, first: { name: string; data: string }[]): boolean
  /** @param data one line of JSON */
  send(name: string, data: string): void
  readonly size: number
  close(): void
}

export function createHub(): Hub {
  const clients = new Set<ServerResponse>()
  const frame = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`

  function write(client: ServerResponse, text: string): void {
    if (client.writableLength > MAX_BEHIND) {
      clients.delete(client)
      client.destroy()
    } else client.write(text)
  }

  const timer = setInterval(() => {
    for (const client of clients) write(client, frame('beat', '{}'))
  }, HEARTBEAT_MS)
  timer.unref()

  return {
    get size() {
      return clients.size
    },
    join(reply, first) {
      if (clients.size >= MAX_CLIENTS) return false
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      clients.add(raw)
      raw.on('close', () => clients.delete(raw))
      raw.on('error', () => clients.delete(raw))
      for (const { name, data } of first) write(raw, frame(name, data))
      return true
    },
    send(name, data) {
      const text = frame(name, data)
      for (const client of clients) write(client, text)
    },
    close() {
      clearInterval(timer)
      for (const client of clients) client.end()
      clients.clear()
    },
  }
}
