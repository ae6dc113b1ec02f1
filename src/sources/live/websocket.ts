// AIS over a WebSocket: aisstream.io, which wants a subscription with a key first, or any server that sends a message a
// frame. aisstream drops clients without a word and sends no error for a bad subscription, so pings find a dead
// connection and the silence watchdog a deaf one.

import { UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import { showUrl } from './address.js'
import type { LiveSource } from './live.js'
import { keepConnected, spokenError } from './reconnect.js'

const PING_MS = 30_000
const MAX_MESSAGE_BYTES = 1 << 20
const LF = 10

/** South-west and north-east corner, each [lat, lon], as aisstream wants them. */
export type SubscribedBox = [[number, number], [number, number]]

export interface WebSocketOptions {
  url: string
  /** Sent with the subscription; absent: nothing is sent. */
  apiKey?: string | undefined
  /** @default the world */
  boxes?: SubscribedBox[] | undefined
}

/** @throws UsageError when the library is not there */
export async function webSocketSource({ url, apiKey, boxes }: WebSocketOptions): Promise<LiveSource> {
  const { default: WebSocket } = await import('ws').catch(() => {
    throw new UsageError('--ws: needs the package ws: npm install ws')
  })
  const shown = showUrl(url)
  return {
    address: shown,
    resends: false,
    connects: true,
    open: sink =>
      keepConnected(sink, (up, down) => {
        const socket = new WebSocket(url, { handshakeTimeout: 15_000, maxPayload: MAX_MESSAGE_BYTES })
        let alive = true
        const pinging = setInterval(() => {
          if (!alive) return down('no answer to a ping: the connection is dead')
          alive = false
          if (socket.readyState === WebSocket.OPEN) socket.ping()
        }, PING_MS)
        socket.on('open', () => {
          up(shown)
          if (apiKey === undefined) return
          const world: SubscribedBox = [
            [-90, -180],
            [90, 180],
          ]
          socket.send(JSON.stringify({ APIKey: apiKey, BoundingBoxes: boxes ?? [world] }))
        })
        socket.on('pong', () => (alive = true))
        socket.on('message', (data: Buffer | ArrayBuffer | Buffer[]) => {
          alive = true
          const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
          const refusal = refusalIn(bytes)
          if (refusal !== null) return down(`refused: ${refusal}`)
          sink.data(line(bytes))
        })
        socket.on('error', error => down(spokenError(error)))
        socket.on('unexpected-response', (_, response) =>
          down(`the server answered ${response.statusCode} ${safeText(response.statusMessage ?? '', 60)}`),
        )
        socket.on('close', (code, reason) =>
          down(
            `closed by the server (${code}${reason.length ? ` ${safeText(reason.toString(), 100)}` : ''})`,
          ),
        )
        return () => {
          clearInterval(pinging)
          socket.removeAllListeners()
          socket.on('error', () => undefined)
          socket.terminate()
        }
      }),
  }
}

/** `{"error":"Api Key Is Not Valid"}` */
function refusalIn(bytes: Buffer): string | null {
  if (bytes.length > 500 || !/^\s*\{\s*"error"/i.test(bytes.toString('latin1', 0, 20))) return null
  try {
    const { error } = JSON.parse(bytes.toString()) as { error?: unknown }
    return safeText(String(error), 100)
  } catch {
    return null
  }
}

/** One message on one line: JSON may be sent over several. */
function line(bytes: Buffer): Uint8Array {
  const isJson = bytes[0] === 0x7b || bytes[0] === 0x5b
  const out = new Uint8Array(bytes.length + 1)
  out.set(bytes)
  // a raw line feed in JSON is a blank
  if (isJson) for (let p = 0; p < bytes.length; p++) if (out[p] === LF || out[p] === 13) out[p] = 32
  out[bytes.length] = LF
  return out
}
