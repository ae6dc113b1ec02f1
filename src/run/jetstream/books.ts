// What a worker did, for who watches it: counts since it began, and the event time that each of its pieces of work has reached.

import { MS_PER_MIN } from '../../model/units.js'
import { SEA, TELL } from './subjects.js'

/** Kinds of work: a part of the fleet, the sea, the telling. */
export const STAGES = ['part', SEA, TELL] as const
export type Stage = (typeof STAGES)[number]

export const stageOf = (piece: string): Stage => (piece === SEA || piece === TELL ? piece : 'part')

export interface WorkerBooks {
  /** Rows read, those that were read once more after somebody died included. */
  rows: number
  /** Minutes of event time judged, by stage. */
  minutes: Record<Stage, number>
  /** Event time that a piece of work held here has reached, epoch ms; NaN before its first minute. */
  reached: Map<string, number>
  /** Minutes whose rows were set aside. */
  poisoned: number
  /** Outputs that the server had already, from a worker before. */
  repeated: number
  saves: number
  /** Pieces of work that ended with an error, and were given back. */
  failures: number
}

export const createWorkerBooks = (): WorkerBooks => ({
  ...{ rows: 0, minutes: { part: 0, sea: 0, tell: 0 }, reached: new Map<string, number>() },
  ...{ poisoned: 0, repeated: 0, saves: 0, failures: 0 },
})

/** A piece of work got from one minute to another. */
export function judgedUntil(books: WorkerBooks, piece: string, since: number, minute: number): void {
  books.minutes[stageOf(piece)] += minute - since
  books.reached.set(piece, minute * MS_PER_MIN)
}
