// What live feeds hand to the distributor: rows wait until event time, the watermark of the feeds, has passed them, and go on in order of
// time with the minutes between them. What comes later than that is counted and left out: nobody who was told that a minute is over
// looks at it again. Stands where a watch has its engine, so that feeds, their clocks and their state are those of a watch.

import { validateRow } from '../../clean/validate.js'
import { createReorder, type ReorderState, type WaitingRows } from '../../clean/reorder.js'
import type { EngineOptions } from '../../engine/api.js'
import { restoreWords, saveWords, type SavedWords } from '../../engine/saved-words.js'
import { createPacker, joined, unpackWithLines } from '../../engine/snapshot.js'
import { isStaticOnly } from '../../model/batch.js'
import { UsageError } from '../../model/errors.js'
import type { StaticData } from '../../model/report.js'
import type { EngineCounts } from '../../model/stats.js'
import { MS_PER_DAY, MS_PER_MIN } from '../../model/units.js'
import { createWords, type Words } from '../../model/words.js'
import type { WatchEngine } from '../watch.js'
import type { Distributor, Stand } from './ingest.js'

/** Reports that may wait, some 100 bytes each; more, in a flood, shorten the wait. */
const MAX_WAITING = 4_000_000
/** Static data kept before those that nothing waits with are forgotten. */
const STATICS_KEPT = 262_144

interface Saved {
  version: 1
  name: string
  parts: number
  counts: EngineCounts
  reorder: ReorderState
  waiting: WaitingRows[]
  words: SavedWords
  stand: Stand
  seq: number
}

export interface InOrderOptions {
  /** Tells one body of data from another. */
  name: string
  parts: number
  engine: EngineOptions
  /** Goes on where an earlier run stood, or begins. */
  distribute(words: Words, saved: { stand: Stand; seq: number } | undefined): Distributor
  /** Number of the last message that was given out. */
  seq(): number
  /** What an earlier run had logged has been given out again. */
  begin(distributor: Distributor, words: Words): Distributor
}

/** @throws UsageError for a state of another body of data */
export function createInOrder(options: InOrderOptions): WatchEngine {
  const { name, parts, engine } = options
  const { words = createWords(), onReject } = engine
  const restored = engine.restore && unpackWithLines(engine.restore)
  const saved = restored?.value as Saved | undefined
  if (saved && (saved.version !== 1 || saved.name !== name || saved.parts !== parts))
    throw new UsageError(
      `state: made by an ingest into ${saved.name} with ${saved.parts} parts: give another folder`,
    )
  if (saved) restoreWords(words, saved.words, restored!.lines as (StaticData | undefined)[])
  let distributor = options.distribute(words, saved)
  const counts: EngineCounts = saved?.counts ?? {
    ...{ accepted: 0, duplicates: 0, late: 0, future: 0, rejected: {}, outliers: 0 },
    ...{ evicted: { vessels: 0, silences: 0 }, events: {}, exempted: {} },
  }
  /** Event time at which nothing has been handed on yet: older ones are no part of it. */
  let oldest = -Infinity
  const reorder = createReorder(
    words,
    Infinity,
    true,
    (batch, i) => {
      const t = batch.t[i]!
      const isStatic = isStaticOnly(batch.msgType[i]!)
      if (t < oldest || t < distributor.minute * MS_PER_MIN) {
        if (!isStatic) counts.late++
        return
      }
      if (!isStatic) counts.accepted++
      distributor.pushRow(batch, i)
    },
    saved && { state: saved.reorder, waiting: saved.waiting },
    MAX_WAITING,
  )
  const take = createPacker()
  let untidy = STATICS_KEPT

  function capture() {
    const loan = reorder.lend()
    const state = {
      ...{
        version: 1,
        name,
        parts,
        counts,
        reorder: reorder.state,
        waiting: loan.rows,
        words: saveWords(words),
      },
      ...{ stand: distributor.stand, seq: options.seq() },
    } satisfies Saved
    const taken = take(state, { lent: loan.columns, lines: words.statics.values().slice(1) })
    return {
      pieces: taken.pieces,
      done() {
        loan.end()
        taken.done()
      },
    }
  }

  /** All that waits, but for lone reports beyond a hole in time. */
  function release(): void {
    reorder.end(false, (batch, i) => {
      if (!isStaticOnly(batch.msgType[i]!)) counts.future++
    })
  }

  return {
    counts,
    // nobody looks at who they are
    vessels: 0,
    pushBatch(batch, order) {
      const n = order ? order.length : batch.length
      for (let k = 0; k < n; k++) {
        const i = order ? order[k]! : k
        const reason = batch.validated ? null : validateRow(batch, i)
        if (reason === null) reorder.push(batch, i)
        else {
          counts.rejected[reason] = (counts.rejected[reason] ?? 0) + 1
          onReject?.({ reason, source: 'push' })
        }
      }
      // a flood that could not wait
      distributor.flush()
    },
    pushScene: () => false,
    advance(watermark) {
      // one wrong clock before all others is not when the data began
      if (!(distributor.minute >= 0)) oldest = watermark - MS_PER_DAY
      reorder.advance(watermark - 1)
      distributor.advance(Math.floor(watermark / MS_PER_MIN))
    },
    tidy() {
      const { statics } = words
      if (statics.size <= untidy) return
      statics.sweep(visit => reorder.waiting((batch, i) => visit(batch.statics[i]!)))
      untidy = Math.max(STATICS_KEPT, 2 * statics.size)
    },
    begin: () => void (distributor = options.begin(distributor, words)),
    leave() {
      release()
      distributor.advance(Math.floor(distributor.stand.newest / MS_PER_MIN))
      distributor.flush()
    },
    flush() {
      release()
      distributor.end()
    },
    capture,
    snapshot: () => joined(capture()),
  }
}
