// Events to stdout, a line each: a slow reader is waited for, one that has gone away is the end of this output.

import type { Carrier } from './delivery.js'
import type { Queued } from './queue.js'

export function stdoutCarrier(stream: NodeJS.WritableStream, onGone: () => void): Carrier {
  let gone = false
  stream.on('error', () => {
    if (!gone) onGone()
    gone = true
  })
  return {
    batch: 1000,
    async send(events: Queued[]) {
      if (gone) return
      await new Promise<void>(done => {
        stream.write(events.map(({ line }) => `${line}\n`).join(''), () => done())
      })
    },
  }
}
