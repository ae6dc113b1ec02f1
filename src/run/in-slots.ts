// Rows in order of time, those of each slot of ten minutes by themselves: what is done once in a slot is done at the same point of
// the data, in whatever pieces rows come.

import { slotOf } from '../reception/slots.js'
import type { SortedRows } from './spill.js'

export interface SlotRows extends SortedRows {
  slot: number
}

/** @param rows at least one */
export function* inSlots({ batch, order }: SortedRows): Generator<SlotRows, void, undefined> {
  const n = order?.length ?? batch.length
  const slotAt = (k: number): number => slotOf(batch.t[order ? order[k]! : k]!)
  for (let from = 0; from < n;) {
    const slot = slotAt(from)
    if (from === 0 && slotAt(n - 1) === slot) return yield { batch, order, slot }
    let to = from + 1
    while (to < n && slotAt(to) === slot) to++
    const rows = order
      ? order.subarray(from, to)
      : Uint32Array.from({ length: to - from }, (_, k) => from + k)
    yield { batch, order: rows, slot }
    from = to
  }
}
