// What is asked of the events of a store.

export interface EventFilter {
  types?: readonly string[] | undefined
  classes?: readonly string[] | undefined
  /** Ids of zones that it lies in or touches. */
  zones?: readonly string[] | undefined
  /** Flags, ISO 3166-1 alpha-3. */
  flags?: readonly string[] | undefined
  mmsi?: number | undefined
  /** Events that last into this time … @see to */
  from?: number | undefined
  /** … from epoch ms `from` on, and began before `to`. */
  to?: number | undefined
  minScore?: number | undefined
  maxScore?: number | undefined
  minDurationS?: number | undefined
  /** Words that are all in name, numbers, flag, type, class or waters; case is nothing. */
  text?: string | undefined
  /** West, south, east, north; west > east goes across ±180. */
  bbox?: readonly [number, number, number, number] | undefined
  /** Still going on. */
  open?: boolean | undefined
  /** Seen by an analyst, or not yet. */
  acknowledged?: boolean | undefined
  /** Of vessels that an analyst exempted. @default left out */
  exempt?: 'hide' | 'only' | 'show' | undefined
  /** Taken back. @default left out */
  retracted?: boolean | undefined
}

export const SORTS = {
  score: { field: 'score', descending: true },
  newest: { field: 'start', descending: true },
  oldest: { field: 'start', descending: false },
  longest: { field: 'duration', descending: true },
} as const
export type Sort = keyof typeof SORTS

/** Value that a page is sorted by, and number, of its last event. */
export interface Cursor {
  value: number | null
  n: number
}

export const timestamp = (ms: number): bigint => BigInt(Math.round(ms))
