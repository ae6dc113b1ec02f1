// Rows sorted into piles by what they belong to, in the order in which they came: a file may have the rows of its scenes in
// any order. What is more than memory should hold is put aside in chunks.

import type { Aside, Kept } from './aside.js'
import type { DetectionRow } from './rows.js'

export interface Placed {
  row: DetectionRow
  /** Line or number in its input, from 1. */
  line: number
}

export interface Piles {
  add(key: string, placed: Placed): void
  /** In order of their first rows. */
  keys(): string[]
  /** The rows of a pile, which is gone then. */
  take(key: string): Placed[]
}

const MAX_ROWS = 50_000

/**
 * @param aside none: all stays in memory
 * @param maxRows rows in memory
 */
export function createPiles(aside?: Aside, maxRows = MAX_ROWS): Piles {
  const piles = new Map<string, { rows: Placed[]; chunks: Kept[] }>()
  let held = 0
  return {
    add(key, placed) {
      let pile = piles.get(key)
      if (!pile) piles.set(key, (pile = { rows: [], chunks: [] }))
      pile.rows.push(placed)
      if (!aside || ++held < maxRows) return
      held = 0
      for (const each of piles.values()) {
        if (each.rows.length > 0) each.chunks.push(aside.put(JSON.stringify(each.rows)))
        each.rows = []
      }
    },
    keys: () => [...piles.keys()],
    take(key) {
      const pile = piles.get(key)
      if (!pile) return []
      piles.delete(key)
      const chunks = pile.chunks.map(kept => JSON.parse(aside!.get(kept)) as Placed[])
      // a time that is not told is NaN, which JSON has as null
      for (const chunk of chunks) for (const { row } of chunk) row.t ??= NaN
      return [...chunks.flat(), ...pile.rows]
    },
  }
}
