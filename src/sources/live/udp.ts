// AIS over UDP: what AIS-catcher, rtl-ais and most receivers can send. A datagram holds whole lines. A multicast address
// is joined. Nothing is asked for again: what was lost on the way is lost.

import dgram from 'node:dgram'
import net from 'node:net'
import { showAddress, type Address } from './address.js'
import type { LiveSource } from './live.js'
import { keepConnected, spokenError } from './reconnect.js'

const LF = 10
/** Room for a burst while the engine is busy. */
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20

export function isMulticast(host: string): boolean {
  const first = Number(host.split('.')[0])
  return net.isIPv4(host) ? first >= 224 && first <= 239 : /^ff/i.test(host)
}

export function udpSource(address: Address): LiveSource {
  const { host, port } = address
  const multicast = isMulticast(host)
  return {
    address: `udp ${showAddress(address)}`,
    resends: false,
    connects: false,
    open: sink =>
      keepConnected(sink, (up, down) => {
        const socket = dgram.createSocket({
          type: net.isIPv6(host) ? 'udp6' : 'udp4',
          reuseAddr: multicast,
        })
        let line = new Uint8Array(65_536)
        socket.on('message', bytes => {
          if (bytes.length === 0) return
          if (bytes[bytes.length - 1] === LF) return sink.data(bytes)
          if (line.length <= bytes.length) line = new Uint8Array(bytes.length + 1)
          line.set(bytes)
          line[bytes.length] = LF
          sink.data(line.subarray(0, bytes.length + 1))
        })
        socket.on('error', error => down(spokenError(error)))
        socket.on('listening', () => {
          try {
            socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
          } catch {
            // the system allows less: then less it is
          }
          try {
            if (multicast) socket.addMembership(host)
          } catch (error) {
            return down(spokenError(error))
          }
          up(showAddress(address))
        })
        // joined groups are received on any address of the machine
        socket.bind({ port, ...(multicast ? {} : { address: host }) })
        return () => socket.close()
      }),
  }
}
