// A binary heap of slots that knows where each stands: the first in an order, any one taken out or moved, in O(log n).

export interface SlotHeap {
  readonly size: number
  /** The first in order; −1 when there is none. */
  first(): number
  /** Puts a slot in, or in its place after what orders it has changed. */
  put(slot: number): void
  /** Takes a slot out, if it is in. */
  remove(slot: number): void
  clear(): void
}

/** @param before a total order, so that ties come out the same every time */
export function createSlotHeap(before: (a: number, b: number) => boolean): SlotHeap {
  const order: number[] = []
  /** Place in `order` + 1, by slot; 0 when it is not in. */
  const places: number[] = []

  function rise(slot: number, at: number): void {
    for (let k = at; ;) {
      const up = (k - 1) >> 1
      if (k === 0 || !before(slot, order[up]!)) {
        set(k, slot)
        return
      }
      set(k, order[up]!)
      k = up
    }
  }

  function sink(slot: number, at: number): void {
    for (let k = at; ;) {
      let down = 2 * k + 1
      if (down + 1 < order.length && before(order[down + 1]!, order[down]!)) down++
      if (down >= order.length || !before(order[down]!, slot)) {
        set(k, slot)
        return
      }
      set(k, order[down]!)
      k = down
    }
  }

  function set(at: number, slot: number): void {
    order[at] = slot
    places[slot] = at + 1
  }

  function settle(slot: number, at: number): void {
    if (at > 0 && before(slot, order[(at - 1) >> 1]!)) rise(slot, at)
    else sink(slot, at)
  }

  return {
    get size() {
      return order.length
    },
    first: () => order[0] ?? -1,
    put(slot) {
      while (places.length <= slot) places.push(0)
      if (places[slot] === 0) {
        order.push(slot)
        rise(slot, order.length - 1)
      } else settle(slot, places[slot]! - 1)
    },
    remove(slot) {
      const at = (places[slot] ?? 0) - 1
      if (at < 0) return
      places[slot] = 0
      const last = order.pop()!
      if (last !== slot) settle(last, at)
    },
    clear() {
      order.length = places.length = 0
    },
  }
}
