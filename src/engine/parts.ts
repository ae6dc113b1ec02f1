// An engine can be taken apart, to use more than one core: several engines see the same rows, each runs some of the
// detectors, and one of them, the teller, takes in what the others found at the very moment at which it would have found it
// itself. So the events are those of one engine, to the byte. What must agree is the order of rows, timers, tracks and
// evictions, which no detector changes; and that detectors which share what they learn are in one part, or in both.
//
// It can be cut by vessel too, once what vessels teach one another is given (engine/lessons): then each part sees the rows of its
// vessels alone, and what the parts find is told in an order that does not depend on the cut (compareTurns).

import type { VesselEvent } from '../model/event.js'
import type { Lessons } from './lessons.js'

/**
 * When something is found: at which step of the engine (they are counted alike in all parts), of timers at which minute and of
 * which track, and by which detector.
 */
export interface Moment {
  beat: number
  minute: number
  mmsi: number
  track: number
  turn: number
}

/** What an engine does when event time has reached a minute, a row, or the end of data, in this order. */
export const PHASES = { waiting: 0, timers: 1, parked: 2, rows: 3, end: 4 } as const

/** When something is found, whatever rows of other vessels are there. */
export interface When {
  /** Event time, epoch ms. */
  t: number
  /** One of PHASES. */
  phase: number
  /** The vessel that was looked at, which of the looks at it in that phase it was, and what was found at it before. */
  mmsi: number
  look: number
  nth: number
}

/** What a part found. Whose waters it was in is for the teller to say. */
export interface Found {
  at: Moment
  when: When
  event: VesselEvent
  asOf: number
}

export interface Part {
  /** Detectors that run here, by name. */
  runs: ReadonlySet<string>
  /** Those of them that run only for what they teach the others; another part tells what they find. */
  silent?: ReadonlySet<string>
  /** Takes what is found; without it this part is the teller. */
  give?: (found: Found) => void
  /** Of the teller: what the others found. */
  others?: Findings
  /** Vessels that it has room for. @default engine.capacity */
  slots?: number
  /** Writes down what its vessels teach of others, a line each (engine/lessons), and learns nothing of it itself. */
  learn?: (line: string) => void
  /** What all vessels teach, instead of learning it from its own. Reports beyond their end are not believed. */
  lessons?: Lessons
}

/** What other parts found, until its moment comes. */
export interface Findings {
  /** Beat of the first that waits; Infinity: none does. */
  readonly beat: number
  /** Takes what a part found in some rows, in its order, before the teller sees those rows. */
  add(found: readonly Found[]): void
  /** Hands out those before a moment, in order. */
  before(at: Moment, take: (found: Found) => void): void
}

export const compareMoments = (a: Moment, b: Moment): number =>
  a.beat - b.beat || a.minute - b.minute || a.mmsi - b.mmsi || a.track - b.track || a.turn - b.turn

/** In which order what the parts of a cut by vessel find is told: a total one. */
export const compareTurns = (a: Found, b: Found): number =>
  a.when.t - b.when.t ||
  a.when.phase - b.when.phase ||
  a.when.mmsi - b.when.mmsi ||
  a.when.look - b.when.look ||
  a.at.track - b.at.track ||
  a.at.turn - b.at.turn ||
  a.when.nth - b.when.nth

export function createFindings(): Findings {
  let waiting: Found[] = []
  let next = 0
  let beat = Infinity
  const look = (): void => {
    beat = next < waiting.length ? waiting[next]!.at.beat : Infinity
  }
  return {
    get beat() {
      return beat
    },
    add(found) {
      if (found.length === 0) return
      // sorting is stable: what a detector finds at one moment stays in its order
      waiting = [...waiting.slice(next), ...found].sort((a, b) => compareMoments(a.at, b.at))
      next = 0
      look()
    },
    before(at, take) {
      while (next < waiting.length && compareMoments(waiting[next]!.at, at) < 0) {
        const found = waiting[next++]!
        // taking it may lead to this again: it is no longer there
        look()
        take(found)
      }
    },
  }
}

/** After everything of its beat. */
export const endOf = (beat: number): Moment => ({ beat, minute: Infinity, mmsi: 0, track: 0, turn: 0 })
