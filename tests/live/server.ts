// A station that serves lines over TCP at a steady rate, whoever listens or not: as a receiver does. To a client that comes
// back it sends again from so long before the break. One client at a time; loopback only.

import { readFileSync } from 'node:fs'
import net from 'node:net'

const TICK_MS = 20
const LF = 10

export interface FeedServer {
  port: number
  /** Connections so far. */
  readonly connections: number
  /** Resolves when everything was sent to a client, and taken by it. */
  done: Promise<void>
  close(): void
}

export async function serveFeed(
  path: string,
  { linesPerS, resendS }: { linesPerS: number; resendS: number },
): Promise<FeedServer> {
  const bytes = readFileSync(path)
  /** Where each 100th line begins. */
  const marks: number[] = []
  let lines = 0
  for (let p = 0; p < bytes.length; lines++) {
    if (lines % 100 === 0) marks.push(p)
    p = bytes.indexOf(LF, p) + 1
  }
  const offsetOf = (line: number): number => marks[Math.floor(line / 100)] ?? bytes.length
  let startedAt = 0
  let connections = 0
  /** Bytes that the client before was sent. */
  let sent = 0
  let finish = (): void => undefined
  const done = new Promise<void>(resolve => (finish = resolve))

  const server = net.createServer(socket => {
    connections++
    startedAt ||= Date.now()
    // from `resendS` before the break, in lines
    const back = Math.max(0, lineAt(sent) - resendS * linesPerS)
    let at = offsetOf(back)
    const pump = (): void => {
      const now = offsetOf(((Date.now() - startedAt) / 1000) * linesPerS)
      while (at < now && !socket.writableNeedDrain) {
        const to = Math.min(now, at + 65_536)
        socket.write(bytes.subarray(at, to))
        at = to
      }
      sent = Math.max(sent, at)
      if (at >= bytes.length && socket.writableLength === 0) finish()
    }
    const timer = setInterval(pump, TICK_MS)
    socket.on('drain', pump)
    socket.on('error', () => undefined)
    socket.on('close', () => clearInterval(timer))
  })

  /** Number of the line at an offset, to a hundred. */
  function lineAt(offset: number): number {
    let low = 0
    let high = marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (marks[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1) * 100
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    get connections() {
      return connections
    },
    done,
    close: () => void server.close(),
  }
}
