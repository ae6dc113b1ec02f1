// Short lists of whole numbers, one a row, in one array: the zones of events.

export interface Lists {
  /** Where each row's list begins in `items`, and where it ends. */
  begin: Uint32Array
  end: Uint32Array
  items: Uint32Array
}

const FIRST = 1024

export const noLists = (): Lists => ({
  ...{ begin: new Uint32Array(FIRST), end: new Uint32Array(FIRST), items: new Uint32Array(FIRST) },
})

/** Items in use and given up, by list: a longer list of a row goes to the end, its old place stays empty. */
const used = new WeakMap<Lists, number>()

export function setList(lists: Lists, row: number, list: readonly number[]): void {
  if (row >= lists.begin.length) {
    lists.begin = grown(lists.begin, row + 1)
    lists.end = grown(lists.end, row + 1)
  }
  let at = lists.begin[row]!
  if (list.length > lists.end[row]! - at) {
    at = used.get(lists) ?? 0
    if (at + list.length > lists.items.length) lists.items = grown(lists.items, at + list.length)
    used.set(lists, at + list.length)
  }
  lists.items.set(list, at)
  lists.begin[row] = at
  lists.end[row] = at + list.length
}

/** The lists of these rows alone, in their order, without empty places. */
export function keptLists(lists: Lists, rows: Uint32Array): Lists {
  const kept = noLists()
  rows.forEach((row, k) => setList(kept, k, [...lists.items.subarray(lists.begin[row], lists.end[row])]))
  return kept
}

function grown(array: Uint32Array, needed: number): Uint32Array {
  const larger = new Uint32Array(Math.max(needed, 2 * array.length))
  larger.set(array)
  return larger
}
