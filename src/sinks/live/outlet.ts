// Where events go while the feed runs on: several at once, each at its own pace. Taking an event never waits and never
// fails; what cannot be handed on yet is kept, in bounded space, and tried again.

import type { DarkEvent } from '../../model/event.js'

/** An event in its place in the order of all that was told. */
export interface Told {
  /** Counts from 1, over restarts: an outlet that has seen a number does not want it again. */
  seq: number
  event: DarkEvent
  /** Its line of NDJSON, without the line feed. */
  line: string
}

export interface OutletStatus {
  name: string
  ok: boolean
  /** Events that wait, and their bytes. */
  queued: number
  queuedBytes: number
  delivered: number
  /** Updates that gave way to newer ones. */
  dropped: number
  /** Events that the other side will never take. */
  refused: number
  failures: number
  /** Of the last failure, or null after a success. */
  error: string | null
}

export interface Outlet {
  readonly name: string
  /** Number of the newest event it has. */
  readonly lastSeq: number
  offer(told: Told): void
  /** An event that is told to nobody, since an analyst exempted its vessel: for who keeps all. It has no number. */
  keep?(event: DarkEvent): void
  status(): OutletStatus
  /** Where it stands, for a checkpoint; plain data. */
  position?(): unknown
  /** It can take no more for now: resolves when it can. null: it can. For one that must not lose anything. */
  room?(): Promise<void> | null
  /** Everything taken so far is on the disk. */
  sync(): Promise<void>
  /** Hands on what it can until `deadlineMs` from now; what is left stays in its queue. */
  close(deadlineMs: number): Promise<void>
}

/** What an outlet says of itself to whoever runs it. */
export type OutletLog = (level: 'info' | 'warn', message: string) => void
