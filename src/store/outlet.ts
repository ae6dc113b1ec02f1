// A store as one more output of a watch: events go in with the tracks they came from, every second or so, and who shows
// them is told what was written. While the disk is full they wait in memory.

import { MS_PER_S } from '../model/units.js'
import { safeText } from '../model/text.js'
import type { Outlet, OutletLog } from '../sinks/live/outlet.js'
import type { StoreWriter } from './writer.js'

const EVERY_MS = MS_PER_S

export interface StoreOutletOptions {
  name: string
  write: StoreWriter
  log: OutletLog
  /** Numbers of the events that were written. */
  onWritten?: ((numbers: number[]) => void) | undefined
}

export function createStoreOutlet({ name, write, log, onWritten }: StoreOutletOptions): Outlet {
  let lastSeq = 0
  let delivered = 0
  let failures = 0
  let error: string | null = null
  let flushing: Promise<void> | null = null

  function flush(): Promise<void> {
    flushing ??= write
      .flush()
      .then(numbers => {
        delivered += numbers.length
        if (error !== null) log('info', `output ${name}: can be written again`)
        error = null
        if (numbers.length > 0) onWritten?.(numbers)
      })
      .catch((failure: unknown) => {
        failures++
        const why = safeText((failure as Error).message, 300)
        if (error !== why) log('warn', `output ${why}; events wait in memory, tracks have a hole`)
        error = why
      })
      .finally(() => {
        flushing = null
      })
    return flushing
  }

  const timer = setInterval(() => void flush(), EVERY_MS)
  timer.unref()

  return {
    name,
    get lastSeq() {
      return lastSeq
    },
    offer({ seq, event }) {
      lastSeq = seq
      write.add(event)
    },
    keep: event => write.add(event),
    status: () => ({
      ...{ name, ok: error === null, queued: write.waiting, queuedBytes: 0 },
      ...{ delivered, dropped: 0, refused: 0, failures, error },
    }),
    async sync() {
      await flushing
      await flush()
    },
    async close() {
      clearInterval(timer)
      await flushing
      await flush()
    },
  }
}
