// A recording played as if it were live: reports come at the pace of their own times, or so many times faster. Any file
// that can be read will do.

import { createBatch, copyRow, type ReportBatch } from '../../model/batch.js'
import { safeText } from '../../model/text.js'
import { recognise, type InputFormat } from '../open.js'
import type { FilePosition, LiveSource } from './live.js'

const STEP_MS = 50
/** Batches read ahead. */
const AHEAD = 8

export interface ReplayOptions {
  path: string
  /** Seconds of the recording in one second; Infinity for as fast as can be. */
  speed: number
  format?: InputFormat | undefined
  map?: Record<string, string> | undefined
  timeStart?: number | undefined
}

export function replayFile({ path, speed, format, map, timeStart }: ReplayOptions): LiveSource {
  return {
    address: `${path} at ${speed} times`,
    resends: false,
    connects: false,
    readsAhead: true,
    open(sink, left, context) {
      let stopped = false
      let paused = false
      let wake = (): void => undefined
      const queue: ReportBatch[] = []
      let read = false

      async function readAll(): Promise<void> {
        const input = await recognise({ name: path, path }, { format, map })
        sink.connected(path)
        await input.read({
          ...context,
          ...(map && { map }),
          ...(timeStart !== undefined && { timeStart }),
          onBatch: batch => queue.push(batch),
          async ready() {
            while (queue.length >= AHEAD && !stopped) await new Promise<void>(done => (wake = done))
            return !stopped
          },
        })
      }

      async function play(): Promise<void> {
        let rows = 0
        /** Rows that an earlier run has taken. */
        const skip = (left as FilePosition | undefined)?.offset ?? 0
        const isDue = createPace(speed)
        while (!stopped) {
          const batch = paused ? undefined : queue.shift()
          wake()
          if (!batch) {
            if (read && queue.length === 0) return
            await pause(STEP_MS)
            continue
          }
          let from = Math.min(batch.length, Math.max(0, skip - rows))
          rows += from
          while (from < batch.length && !stopped) {
            let to = from
            while (to < batch.length && isDue(batch.t[to]!)) to++
            if (to > from) {
              const part = slice(batch, from, to)
              rows += to - from
              from = to
              sink.rows(part, rows)
            }
            await pause(from < batch.length ? STEP_MS : 0)
          }
        }
      }

      const pause = (ms: number): Promise<void> =>
        new Promise(done => (ms > 0 ? setTimeout(done, ms) : setImmediate(done)))

      const reading = readAll()
        .catch((error: unknown) => {
          if (!stopped) sink.lost(safeText((error as Error).message, 300), null)
        })
        .finally(() => (read = true))
      const playing = play().then(async () => {
        await reading
        if (!stopped) sink.ended()
      })
      return {
        reconnect: () => undefined,
        pause: isPaused => void (paused = isPaused),
        async close() {
          stopped = true
          wake()
          await playing
        },
      }
    },
  }
}

/** Is it time for a report of event time `t`? The first one sets the clock; those out of order wait for nobody. */
function createPace(speed: number): (t: number) => boolean {
  let startT = NaN
  let startAt = NaN
  return t => {
    if (startT !== startT) {
      startT = t
      startAt = Date.now()
    }
    return speed === Infinity || t <= startT + (Date.now() - startAt) * speed
  }
}

function slice(batch: ReportBatch, from: number, to: number): ReportBatch {
  if (from === 0 && to === batch.length) return batch
  const part = createBatch(batch.words, to - from)
  for (let i = from; i < to; i++) copyRow(batch, i, part, i - from)
  part.length = to - from
  part.validated = batch.validated
  return part
}
