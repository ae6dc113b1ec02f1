// A cache from the bytes of some cells to a small number: vessel names, station ids and status words repeat on almost
// every row, so only the first row of a kind makes a string. Fixed size, hostile text cannot make it grow.

const WAYS = 4
const HASH = 0
const OFFSET = 1
const LENGTH = 2
const VALUE = 3
const WORDS_PER_SLOT = 4
/** Longer keys are made anew each time. */
const MAX_KEY_BYTES = 512

export interface CellCache {
  /**
   * The number of a row's cells, the same for the same bytes. Cell k is bytes[starts[k], ends[k]); the bytes between
   * two neighbouring cells count as well, so they must be the same for rows of one kind.
   * @param hash of the bytes, from hashCells or as computed on the way
   */
  get(hash: number, bytes: Uint8Array, view: DataView, starts: Int32Array, ends: Int32Array): number
}

export const HASH_START = -2128831035
/** One step of FNV-1a. */
export const HASH_PRIME = 16777619

export function hashCells(
  columns: Int32Array,
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
): number {
  let hash = HASH_START
  for (let k = 0; k < columns.length; k++) {
    const end = ends[columns[k]!]!
    for (let p = starts[columns[k]!]!; p < end; p++) hash = Math.imul(hash ^ bytes[p]!, HASH_PRIME)
  }
  return hash
}

/** Runs of neighbouring columns, as first and last: compared in one go. */
function toRanges(columns: number[]): Int32Array {
  const ranges: number[] = []
  for (const column of [...columns].sort((a, b) => a - b)) {
    if (ranges.length > 0 && ranges[ranges.length - 1] === column - 1) ranges[ranges.length - 1] = column
    else ranges.push(column, column)
  }
  return Int32Array.from(ranges)
}

/**
 * @param columns which cells make the key
 * @param make   the number of new cells, given as text in the order of `columns`
 * @param slots  keys remembered, a power of two; more only cost time
 * @param keyBytes room for the bytes of all keys; when it is full the cache starts anew
 */
export function createCellCache(
  columns: number[],
  make: (texts: string[]) => number,
  slots: number,
  keyBytes = slots * 64,
): CellCache {
  const ranges = toRanges(columns)
  const rangeCount = ranges.length
  const table = new Int32Array(slots * WORDS_PER_SLOT)
  const arena = new Uint8Array(keyBytes)
  const arenaView = new DataView(arena.buffer)
  const mask = (slots - 1) & ~(WAYS - 1)
  let used = 0
  let turn = 0

  function matches(
    at: number,
    bytes: Uint8Array,
    view: DataView,
    starts: Int32Array,
    ends: Int32Array,
  ): boolean {
    for (let r = 0; r < rangeCount; r += 2) {
      const end = ends[ranges[r + 1]!]!
      let p = starts[ranges[r]!]!
      for (const last = end - 4; p <= last; p += 4, at += 4) {
        if (view.getInt32(p, true) !== arenaView.getInt32(at, true)) return false
      }
      for (; p < end; p++) if (bytes[p] !== arena[at++]) return false
    }
    return true
  }

  return {
    get(hash, bytes, view, starts, ends) {
      hash = (hash ^ (hash >>> 15)) | 1 // 0 marks a free slot
      let length = 0
      for (let r = 0; r < rangeCount; r += 2) length += ends[ranges[r + 1]!]! - starts[ranges[r]!]!
      const home = (hash >>> 1) & mask
      let free = -1
      for (let way = 0; way < WAYS; way++) {
        const slot = (home + way) * WORDS_PER_SLOT
        const stored = table[slot]!
        if (
          stored === hash &&
          table[slot + LENGTH] === length &&
          matches(table[slot + OFFSET]!, bytes, view, starts, ends)
        ) {
          return table[slot + VALUE]!
        }
        if (stored === 0 && free < 0) free = slot
      }
      const decoder = new TextDecoder()
      const value = make(columns.map(c => decoder.decode(bytes.subarray(starts[c]!, ends[c]!))))
      if (length > MAX_KEY_BYTES || length > keyBytes) return value
      if (used + length > keyBytes) {
        table.fill(0)
        used = 0
        free = home * WORDS_PER_SLOT
      }
      const slot = free >= 0 ? free : (home + (turn++ & (WAYS - 1))) * WORDS_PER_SLOT
      table[slot + HASH] = hash
      table[slot + OFFSET] = used
      table[slot + LENGTH] = length
      table[slot + VALUE] = value
      for (let r = 0; r < rangeCount; r += 2) {
        const end = ends[ranges[r + 1]!]!
        for (let p = starts[ranges[r]!]!; p < end; p++) arena[used++] = bytes[p]!
      }
      return value
    },
  }
}
