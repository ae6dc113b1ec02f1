// An engine of an operator in a period (run/periods): it goes on where the one before stood, sees what lies in the period, and ends it
// without ending the data.

import type { Engine, EngineOptions } from '../engine/api.js'
import { createEngine } from '../engine/engine.js'
import type { Part } from '../engine/parts.js'
import { copyRow, createBatch, isStaticOnly, type ReportBatch } from '../model/batch.js'
import { createWords, staticKey, type Interner, type Words } from '../model/words.js'
import type { Period, PeriodState } from './periods.js'

/** Of a step that has an engine. */
export interface EngineState extends PeriodState {
  engine: Uint8Array
}

export interface PeriodWork {
  period: Period
  saved: EngineState | undefined
  /** Told of reports that the period before has seen, or should have. */
  leftOut(reports: number): void
  /** Sees what the engine sees. */
  see?(batch: ReportBatch, order: Uint32Array | null | undefined): void
  /** It has seen all. */
  seen?(): void
  /** The period has ended, and the data have not. */
  ended(state: EngineState): void
}

/** Rows are pushed in order of time, and none after the period's end. */
export function createPeriodEngine(options: EngineOptions, part: Part, work: PeriodWork): Engine {
  const { period, saved, see, seen } = work
  const { until } = period
  // an engine that goes on has words of its own, and so do the rows, which were read before it was there
  const words = saved ? createWords() : options.words!
  const engine = createEngine({ ...options, words, ...(saved && { restore: saved.engine }) }, part)
  const moved = createMover(words)
  const from = saved?.until ?? -Infinity

  /** Those of the rows that are not of the period before. */
  function sinceThen(
    batch: ReportBatch,
    order: Uint32Array | null | undefined,
  ): Uint32Array | null | undefined {
    const n = order ? order.length : batch.length
    const row = (k: number): number => (order ? order[k]! : k)
    if (n === 0 || batch.t[row(0)]! >= from) return order
    let first = 0
    let reports = 0
    for (; first < n && batch.t[row(first)]! < from; first++)
      if (!isStaticOnly(batch.msgType[row(first)]!)) reports++
    work.leftOut(reports)
    return Uint32Array.from({ length: n - first }, (_, k) => row(first + k))
  }

  return {
    ...engine,
    get vessels() {
      return engine.vessels
    },
    pushBatch(batch, order) {
      const rows = sinceThen(batch, order)
      if (saved) engine.pushBatch(moved(batch, rows))
      else engine.pushBatch(batch, rows)
      see?.(batch, rows)
    },
    flush() {
      seen?.()
      if (until === undefined) {
        engine.flush()
        return
      }
      engine.advance(until)
      engine.tidy()
      work.ended({ until, engine: engine.snapshot() })
    },
  }
}

/** Makes a function that copies rows into a batch with these words; it is the caller's until the next call. */
function createMover(words: Words): (batch: ReportBatch, order?: Uint32Array | null) => ReportBatch {
  const receivers = createIds(words.receivers, name => name)
  const sources = createIds(words.sources, name => name)
  const statics = createIds(words.statics, staticKey)
  let to = createBatch(words, 0)
  return (batch, order) => {
    const n = order ? order.length : batch.length
    if (to.capacity < n) to = createBatch(words, n)
    to.validated = batch.validated
    to.length = n
    for (let k = 0; k < n; k++) {
      copyRow(batch, order ? order[k]! : k, to, k)
      to.receiver[k] = receivers(batch.words.receivers, to.receiver[k]!)
      to.source[k] = sources(batch.words.sources, to.source[k]!)
      to.statics[k] = statics(batch.words.statics, to.statics[k]!)
    }
    return to
  }
}

/** Ids of other words in these; the others do not change. */
function createIds<T>(
  words: Interner<T>,
  keyOf: (word: T) => string,
): (others: Interner<T>, id: number) => number {
  const ids: number[] = [0]
  return (others, id) => (ids[id] ??= words.id(keyOf(others.get(id)!), () => others.get(id)!))
}
