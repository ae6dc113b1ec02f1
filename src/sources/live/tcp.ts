// AIS over TCP: as a client of a shore station or an authority (Kystverket and most receivers serve lines to whoever
// connects), or as a server that receivers connect to.

import net from 'node:net'
import { showAddress, type Address } from './address.js'
import type { LiveSource } from './live.js'
import { createBackoff, keepConnected, spokenError } from './reconnect.js'

const CONNECT_TIMEOUT_MS = 15_000
/** Half-open connections are found by the system's own probes, besides the silence watchdog. */
const KEEP_ALIVE_MS = 30_000
/** Receivers that may be connected at a time. */
const MAX_CLIENTS = 64

export function tcpClient(address: Address): LiveSource {
  const shown = showAddress(address)
  return {
    address: `tcp ${shown}`,
    resends: true,
    connects: true,
    open(sink) {
      const sockets = createPausable()
      const handle = keepConnected(sink, (up, down) => {
        const socket = net.connect({ ...address, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS })
        socket.setTimeout(CONNECT_TIMEOUT_MS, () => down('no answer in time'))
        socket.on('connect', () => {
          socket.setTimeout(0)
          up(shown)
        })
        socket.on('data', bytes => sink.data(bytes))
        socket.on('error', error => down(spokenError(error)))
        socket.on('end', () => down('the other side closed the connection'))
        socket.on('close', () => down('closed'))
        sockets.add(socket)
        return () => socket.destroy()
      })
      return { ...handle, pause: sockets.pause }
    },
  }
}

/** Sockets that are not read from for a while: what is sent meanwhile waits on the other side. */
function createPausable() {
  const sockets = new Set<net.Socket>()
  let paused = false
  return {
    add(socket: net.Socket): void {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      if (paused) socket.pause()
    },
    pause(isPaused: boolean): void {
      paused = isPaused
      for (const socket of sockets)
        if (paused) socket.pause()
        else socket.resume()
    },
  }
}

/** Takes connections; what comes in over one of them is a stream of its own. */
export function tcpServer(address: Address): LiveSource {
  const shown = showAddress(address)
  return {
    address: `tcp server ${shown}`,
    resends: false,
    connects: false,
    open(sink) {
      const clients = new Map<net.Socket, number>()
      const pausable = createPausable()
      let count = 0
      const handle = keepConnected(
        sink,
        (up, down) => {
          const server = net.createServer(socket => {
            if (clients.size >= MAX_CLIENTS) return void socket.destroy()
            const stream = ++count
            clients.set(socket, stream)
            socket.setKeepAlive(true, KEEP_ALIVE_MS)
            socket.on('data', bytes => sink.data(bytes, stream))
            socket.on('error', () => undefined) // its end is all that matters
            socket.on('close', () => clients.delete(socket))
            pausable.add(socket)
            up(socket.remoteAddress ?? 'a client')
          })
          server.on('error', error => down(spokenError(error)))
          server.listen(address.port, address.host)
          return () => {
            server.close()
            for (const socket of clients.keys()) socket.destroy()
          }
        },
        createBackoff(),
      )
      return { ...handle, pause: pausable.pause }
    },
  }
}
