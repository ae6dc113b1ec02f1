// A cache from bytes to a small number: vessel names, station ids and status words repeat on almost every row, so only
// the first row of a kind makes a string. Fixed size: hostile text cannot make it grow.

const WAYS = 4
// words of a slot: hash (0: free), where its bytes are, how many, and three for the caller
const OFFSET = 1
const LENGTH = 2
const VALUES = 3
const WORDS_PER_SLOT = 6
const FIRST_SLOTS = 1 << 10
const BYTES_PER_SLOT = 64
/** Longer keys are not kept. */
const MAX_KEY_BYTES = 512
const HASH_START = -2128831035
const HASH_PRIME = 16777619

/** One step of the hash: FNV-1a on words, with the high bits brought down, which multiplication alone never does. */
export function mixHash(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, HASH_PRIME)
  return mixed ^ (mixed >>> 15)
}

/** Byte strings as keys, three numbers below 2^32 as value. It forgets, never errs: a cache. */
export class ByteTable {
  /** Slots as words; the value of a found key starts at the index that find() gave. */
  words = new Int32Array(FIRST_SLOTS * WORDS_PER_SLOT)
  private arena = new Uint8Array(FIRST_SLOTS * BYTES_PER_SLOT)
  private arenaView = new DataView(this.arena.buffer)
  private slots = FIRST_SLOTS
  private used = 0
  private keys = 0
  private turn = 0
  private readonly maxSlots: number

  /** @param maxSlots keys remembered, a power of two ≥ 1,024 */
  constructor(maxSlots: number) {
    this.maxSlots = maxSlots
  }

  /** Index in `words` of the value of bytes[start, end), or −1. */
  find(hash: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const { words, arena, arenaView } = this
    const wanted = hash | 1
    const length = end - start
    const home = ((hash >>> 1) & (this.slots - 1) & ~(WAYS - 1)) * WORDS_PER_SLOT
    for (let at = home; at < home + WAYS * WORDS_PER_SLOT; at += WORDS_PER_SLOT) {
      if (words[at] !== wanted || words[at + LENGTH] !== length) continue
      let p = start
      let q = words[at + OFFSET]!
      while (p + 4 <= end && view.getInt32(p, true) === arenaView.getInt32(q, true)) {
        p += 4
        q += 4
      }
      if (p + 4 <= end) continue
      while (p < end && bytes[p] === arena[q]) {
        p++
        q++
      }
      if (p === end) return at + VALUES
    }
    return -1
  }

  /** Keeps a key that find() does not know, perhaps in the place of another. */
  put(hash: number, bytes: Uint8Array, start: number, end: number, a: number, b: number, c: number): void {
    const length = end - start
    if (length > MAX_KEY_BYTES) return
    if (this.keys > this.slots / 2 && this.slots < this.maxSlots)
      this.reset(Math.min(this.slots * 8, this.maxSlots))
    else if (this.used + length > this.arena.length) this.reset(this.slots)
    const { words } = this
    const home = ((hash >>> 1) & (this.slots - 1) & ~(WAYS - 1)) * WORDS_PER_SLOT
    const stop = home + WAYS * WORDS_PER_SLOT
    let at = home
    while (at < stop && words[at] !== 0) at += WORDS_PER_SLOT
    if (at === stop) at = home + (this.turn++ & (WAYS - 1)) * WORDS_PER_SLOT
    words[at] = hash | 1
    words[at + OFFSET] = this.used
    words[at + LENGTH] = length
    words[at + VALUES] = a
    words[at + VALUES + 1] = b
    words[at + VALUES + 2] = c
    this.arena.set(bytes.subarray(start, end), this.used)
    this.used += length
    this.keys++
  }

  /** Forgets everything. */
  private reset(slots: number): void {
    this.used = this.keys = 0
    if (slots === this.slots) {
      this.words.fill(0)
      return
    }
    this.slots = slots
    this.words = new Int32Array(slots * WORDS_PER_SLOT)
    this.arena = new Uint8Array(slots * BYTES_PER_SLOT)
    this.arenaView = new DataView(this.arena.buffer)
  }
}

/** Between the cells of a key. */
const SEPARATOR = 31

/**
 * Number of some cells of a row, the same for the same bytes. Cell k is bytes[starts[k], ends[k]).
 * @param columns which cells make the key
 * @param make the number of new cells, given as text in the order of `columns`
 */
export function createCellCache(
  columns: readonly number[],
  make: (texts: string[]) => number,
  maxSlots: number,
): (bytes: Uint8Array, starts: Int32Array, ends: Int32Array) => number {
  const table = new ByteTable(maxSlots)
  const key = new Uint8Array(MAX_KEY_BYTES)
  const keyView = new DataView(key.buffer)
  const decoder = new TextDecoder()

  return (bytes, starts, ends) => {
    let hash = HASH_START
    let length = 0
    for (let k = 0; k < columns.length; k++) {
      const end = ends[columns[k]!]!
      for (let p = starts[columns[k]!]!; p < end && length < MAX_KEY_BYTES; p++) {
        hash = mixHash(hash, bytes[p]!)
        key[length++] = bytes[p]!
      }
      if (length < MAX_KEY_BYTES) key[length++] = SEPARATOR
    }
    const isWhole = length < MAX_KEY_BYTES
    if (isWhole) {
      const at = table.find(hash, key, keyView, 0, length)
      if (at >= 0) return table.words[at]!
    }
    const value = make(columns.map(c => decoder.decode(bytes.subarray(starts[c]!, ends[c]!))))
    if (isWhole) table.put(hash, key, 0, length, value, 0, 0)
    return value
  }
}
