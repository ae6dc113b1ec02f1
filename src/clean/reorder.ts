// Puts reports in order of event time before anything else sees them, and keeps broken clocks from moving time. Rows
// wait until the newest event time is a window past them; a recorded run, already sorted, has a window of 0 and passes
// straight through. Event time crosses a hole of more than an hour only when two vessels or three reports lie beyond
// it: one row from 2036 must not make everybody else look silent for years. detection.md section 1.

import { type ReportBatch, createBatch } from '../model/batch.js'
import { MS_PER_HOUR } from '../model/units.js'
import type { Words } from '../model/words.js'
import { appendRows, createOrderer } from './order.js'

const HOLE_MS = MS_PER_HOUR
const VESSELS_BEYOND = 2
const REPORTS_BEYOND = 3
/** Rows collected before they are looked through for what may leave: sorting them one by one would cost more. */
const RELEASE_EVERY = 2048

export interface ReorderState {
  /** Newest event time that can be believed; −Infinity before the first. */
  newest: number
  /** Rows older than this have left. */
  released: number
  /** Rows beyond a hole that nothing has confirmed yet: [t, mmsi]. */
  beyond: [number, number][]
}

export interface Reorder {
  readonly state: ReorderState
  /** Rows waiting, in no order. */
  readonly waiting: ReportBatch
  /** Takes row `i`; rows that are due go to `deliver`, in canonical order. */
  push(batch: ReportBatch, i: number): void
  /** All data up to `t` have arrived: releases them. */
  advance(t: number): void
  /**
   * The data end: releases what is left. Lone rows beyond a hole go to `reject`.
   * @param single true when there is but one vessel: nobody else's clock to protect
   */
  end(single: boolean, reject: (batch: ReportBatch, i: number) => void): void
}

export function createReorder(
  words: Words,
  windowMs: number,
  futureGuard: boolean,
  deliver: (batch: ReportBatch, i: number) => void,
  restored?: { state: ReorderState; waiting: ReportBatch },
): Reorder {
  const state = restored?.state ?? { newest: -Infinity, released: -Infinity, beyond: [] }
  let waiting = restored?.waiting ?? createBatch(words, RELEASE_EVERY)
  let spare = createBatch(words, RELEASE_EVERY)
  let looked = 0
  const order = createOrderer()

  function push(batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    if (t <= state.newest + HOLE_MS || !futureGuard) {
      if (t > state.newest) state.newest = t
      if (windowMs === 0) {
        // whatever waits lies beyond a hole
        state.released = t
        deliver(batch, i)
        return
      }
      hold(batch, i)
      if (waiting.length - looked >= RELEASE_EVERY) release(state.newest - windowMs, false)
    } else {
      hold(batch, i)
      state.beyond.push([t, batch.mmsi[i]!])
      if (cross()) release(windowMs === 0 ? state.newest : state.newest - windowMs, windowMs === 0)
    }
  }

  function hold(batch: ReportBatch, i: number): void {
    if (waiting.length === waiting.capacity) waiting = grow(waiting)
    appendRows(batch, i, 1, waiting)
  }

  function grow(batch: ReportBatch): ReportBatch {
    const larger = createBatch(words, batch.capacity * 2)
    appendRows(batch, 0, batch.length, larger)
    return larger
  }

  /** Moves the clock over holes that enough rows lie beyond. */
  function cross(): boolean {
    let crossed = false
    for (;;) {
      const { beyond } = state
      const vessels = new Set(beyond.map(([, mmsi]) => mmsi)).size
      if (vessels < VESSELS_BEYOND && beyond.length < REPORTS_BEYOND) return crossed
      catchUp(beyond.reduce((min, [t]) => Math.min(min, t), Infinity))
      crossed = true
    }
  }

  /** Time reached `t`: rows within an hour of it are beyond nothing any more, and carry it further. */
  function catchUp(t: number): void {
    if (t > state.newest) state.newest = t
    state.beyond.sort((a, b) => a[0] - b[0])
    let n = 0
    for (; n < state.beyond.length && state.beyond[n]![0] <= state.newest + HOLE_MS; n++) {
      state.newest = Math.max(state.newest, state.beyond[n]![0])
    }
    state.beyond.splice(0, n)
  }

  /** Hands over, in order, the waiting rows before `bound` (or at it). */
  function release(bound: number, inclusive: boolean): void {
    const rows = waiting
    const sequence = order(rows)
    if (spare.capacity < rows.capacity) spare = createBatch(words, rows.capacity)
    spare.length = 0
    waiting = spare
    spare = rows
    const n = rows.length
    for (let k = 0; k < n; k++) {
      const i = sequence ? sequence[k]! : k
      const t = rows.t[i]!
      if (t < bound || (inclusive && t <= bound)) deliver(rows, i)
      else appendRows(rows, i, 1, waiting)
    }
    rows.length = 0
    looked = waiting.length
    if (bound > state.released) state.released = bound
  }

  return {
    state,
    get waiting() {
      return waiting
    },
    push,
    advance(t) {
      catchUp(t)
      if (waiting.length > 0) release(t, true)
    },
    end(single, reject) {
      if (single || state.newest === -Infinity) {
        // nothing to lean on: the rows are all there is
        state.beyond.length = 0
        release(Infinity, true)
        return
      }
      release(state.newest, true)
      for (let i = 0; i < waiting.length; i++) reject(waiting, i)
      waiting.length = 0
      state.beyond.length = 0
    },
  }
}
