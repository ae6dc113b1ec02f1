// Puts reports in order of event time before anything else sees them, and keeps broken clocks from moving time. Rows
// wait, by second, until the newest event time is a window past them; a recorded run, already sorted, has a window of 0
// and passes straight through. Event time crosses a hole of more than an hour only when two vessels or three reports
// lie beyond it: one row from 2036 must not make everybody else look silent for years. detection.md section 1.

import { COLUMN_NAMES, createBatch, type ColumnName, type ReportBatch } from '../model/batch.js'
import { MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import type { Words } from '../model/words.js'
import { appendRows, createOrderer } from './order.js'

const HOLE_MS = MS_PER_HOUR
const VESSELS_BEYOND = 2
const REPORTS_BEYOND = 3
/** Rows a second's batch starts with; it doubles when full. */
const FIRST_CAPACITY = 64
/** Larger ones, made in a flood, are given back to the system. */
const SPARE_CAPACITY = 65_536

export interface ReorderState {
  /** Newest event time that can be believed; −Infinity before the first. */
  newest: number
  /** Rows beyond a hole that nothing has confirmed yet: [t, mmsi]. */
  beyond: [number, number][]
}

/** Rows that wait, a second at a time. Plain data. */
export type WaitingRows = Pick<ReportBatch, ColumnName | 'length'>

export interface Loan {
  rows: WaitingRows[]
  /** All of their columns. */
  columns: ReportBatch[ColumnName][]
  end(): void
}

export type Deliver = (batch: ReportBatch, i: number) => void

export interface Reorder {
  readonly state: ReorderState
  /** Takes row `i`; rows that are due go to `deliver`, in canonical order. */
  push(batch: ReportBatch, i: number): void
  /** All data up to `t` have arrived: releases them. */
  advance(t: number): void
  /** Visits the rows that wait, second by second. */
  waiting(visit: Deliver): void
  /** The same as columns that stay as they are until the loan ends: a busy feed has a million rows waiting, too many to copy. */
  lend(): Loan
  /**
   * The data end: releases what is left. Lone rows beyond a hole go to `reject`.
   * @param single true when there is but one vessel: nobody else's clock to protect
   */
  end(single: boolean, reject: Deliver): void
}

/** @param maxWaiting rows that may wait; more, in a flood, shorten the window */
export function createReorder(
  words: Words,
  windowMs: number,
  futureGuard: boolean,
  deliver: Deliver,
  restored?: { state: ReorderState; waiting: readonly WaitingRows[] },
  maxWaiting = Infinity,
): Reorder {
  const state = restored?.state ?? { newest: -Infinity, beyond: [] }
  const seconds = new Map<number, ReportBatch>()
  const spare: ReportBatch[] = []
  /** Batches that somebody still reads, and those of them that are empty but for that. */
  const lent = new Set<ReportBatch>()
  const withheld: ReportBatch[] = []
  let loans = 0
  const order = createOrderer()
  /** Whole seconds before this one have been released. */
  let released = -Infinity
  let held = 0
  for (const columns of restored?.waiting ?? []) {
    const rows = { ...columns, capacity: columns.t.length, words, validated: true, heardBy: null }
    for (let i = 0; i < rows.length; i++) hold(rows, i)
  }

  function push(batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    if (t <= state.newest + HOLE_MS || !futureGuard) {
      if (t > state.newest) state.newest = t
      if (windowMs === 0) {
        // whatever waits lies beyond a hole
        deliver(batch, i)
        return
      }
      hold(batch, i)
      const due = Math.floor((state.newest - windowMs) / MS_PER_S)
      if (due > released || t < released * MS_PER_S) release(due * MS_PER_S, false)
      if (held > maxWaiting) release((Math.min(...seconds.keys()) + 1) * MS_PER_S, false)
    } else {
      hold(batch, i)
      state.beyond.push([t, batch.mmsi[i]!])
      if (cross()) release(state.newest - windowMs, windowMs === 0)
    }
  }

  function hold(batch: ReportBatch, i: number): void {
    const second = Math.floor(batch.t[i]! / MS_PER_S)
    let rows = seconds.get(second)
    if (!rows) seconds.set(second, (rows = spare.pop() ?? createBatch(words, FIRST_CAPACITY)))
    if (rows.length === rows.capacity) {
      const larger = createBatch(words, rows.capacity * 2)
      appendRows(rows, 0, rows.length, larger)
      seconds.set(second, (rows = larger))
    }
    appendRows(batch, i, 1, rows)
    held++
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
    const due = [...seconds.keys()].filter(second => second * MS_PER_S <= bound).sort((a, b) => a - b)
    for (const second of due) {
      const rows = seconds.get(second)!
      seconds.delete(second)
      const sequence = order(rows)
      held -= rows.length
      for (let k = 0; k < rows.length; k++) {
        const i = sequence ? sequence[k]! : k
        const t = rows.t[i]!
        if (t < bound || (inclusive && t <= bound)) deliver(rows, i)
        else hold(rows, i)
      }
      rows.length = 0
      if (rows.capacity <= SPARE_CAPACITY) (lent.has(rows) ? withheld : spare).push(rows)
    }
    const whole = Math.floor(bound / MS_PER_S)
    if (whole > released) released = whole
  }

  function waiting(visit: Deliver): void {
    for (const rows of seconds.values()) for (let i = 0; i < rows.length; i++) visit(rows, i)
  }

  return {
    state,
    push,
    waiting,
    lend() {
      loans++
      const batches = [...seconds.values()]
      for (const rows of batches) lent.add(rows)
      const rows = batches.map(inUse)
      return {
        rows,
        columns: rows.flatMap(each => COLUMN_NAMES.map(name => each[name])),
        end() {
          if (--loans > 0) return
          lent.clear()
          spare.push(...withheld.splice(0))
        },
      }
    },
    advance(t) {
      catchUp(t)
      if (seconds.size > 0) release(t, true)
    },
    end(single, reject) {
      // with nothing to lean on, the rows are all there is
      const all = single || state.newest === -Infinity
      release(all ? Infinity : state.newest, true)
      waiting(reject)
      seconds.clear()
      held = 0
      state.beyond.length = 0
    },
  }
}

const inUse = (batch: ReportBatch): WaitingRows => ({
  ...(Object.fromEntries(COLUMN_NAMES.map(name => [name, batch[name].subarray(0, batch.length)])) as Pick<
    ReportBatch,
    ColumnName
  >),
  length: batch.length,
})
