// A binary heap: the smallest of many, cheaply. Ships wait in it for their next transmission, messages for their
// time of arrival.

export interface Heap<T> {
  readonly size: number
  /** The smallest, or undefined when empty. */
  peek(): T | undefined
  push(item: T): void
  pop(): T | undefined
  /** Puts the smallest back in its place after its key has grown. */
  settle(): void
}

/** @param before a total order, so that ties come out the same every time */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = []
  const down = () => {
    const item = items[0]!
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= items.length) break
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++
      if (!before(items[child]!, item)) break
      items[i] = items[child]!
      i = child
    }
    items[i] = item
  }
  return {
    get size() {
      return items.length
    },
    peek: () => items[0],
    push(item) {
      let i = items.length
      items.push(item)
      while (i > 0) {
        const parent = (i - 1) >> 1
        if (!before(item, items[parent]!)) break
        items[i] = items[parent]!
        i = parent
      }
      items[i] = item
    },
    pop() {
      const top = items[0]
      const last = items.pop()
      if (items.length > 0) {
        items[0] = last!
        down()
      }
      return top
    },
    settle: down,
  }
}
