// A pipe: `nc … | darkwake watch`, `rtl_ais -n | darkwake watch`. When it is closed the feed has ended.

import { safeText } from '../../model/text.js'
import type { LiveSource } from './live.js'

export function pipeSource(stream: NodeJS.ReadableStream, name = 'stdin'): LiveSource {
  return {
    address: name,
    resends: false,
    connects: false,
    open(sink) {
      let closed = false
      stream.on('data', (bytes: Uint8Array) => {
        if (!closed) sink.data(bytes)
      })
      stream.on('end', () => {
        if (!closed) sink.ended()
      })
      stream.on('error', (error: Error) => {
        if (closed) return
        sink.lost(safeText(error.message), null)
        sink.ended()
      })
      sink.connected(name)
      return {
        reconnect: () => undefined,
        pause: isPaused => void (isPaused ? stream.pause() : stream.resume()),
        close() {
          closed = true
          stream.pause()
          return Promise.resolve()
        },
      }
    },
  }
}
