// A cache from bytes to a small number: vessel names, station ids and status words repeat on almost every row, so only
// the first row of a kind makes a string. Fixed size: hostile text cannot make it grow.

const WAYS = 4
// words of a slot: hash (0: free), and where its entry is
const ENTRY = 1
const WORDS_PER_SLOT = 2
// words of an entry: length of the key in bytes, three for the caller, then the key: one place in memory, not two
const LENGTH = -1
const VALUES = 3
const FIRST_SLOTS = 1 << 10
const BYTES_PER_SLOT = 80
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
  /** The three values of a key start at the index that find() gave. */
  values: Int32Array
  /** Times it forgot everything: indices from before are void. */
  resets = 0
  private slots = FIRST_SLOTS
  private slotWords = new Int32Array(FIRST_SLOTS * WORDS_PER_SLOT)
  private arena: Uint8Array
  private view: DataView
  private used = 0
  private keys = 0
  private turn = 0
  private readonly maxSlots: number

  /** @param maxSlots keys remembered, a power of two ≥ 1,024 */
  constructor(maxSlots: number) {
    this.maxSlots = maxSlots
    const buffer = new ArrayBuffer(FIRST_SLOTS * BYTES_PER_SLOT)
    this.values = new Int32Array(buffer)
    this.arena = new Uint8Array(buffer)
    this.view = new DataView(buffer)
  }

  /** Index in `values` of what bytes[start, end) stands for, or −1. */
  find(hash: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const { slotWords, values, arena, view: keys } = this
    const wanted = hash | 1
    const length = end - start
    const home = ((hash >>> 1) & (this.slots - 1) & ~(WAYS - 1)) * WORDS_PER_SLOT
    for (let slot = home; slot < home + WAYS * WORDS_PER_SLOT; slot += WORDS_PER_SLOT) {
      if (slotWords[slot] !== wanted) continue
      const at = slotWords[slot + ENTRY]!
      if (values[at + LENGTH] !== length) continue
      let p = start
      let q = (at + VALUES) * 4
      while (p + 4 <= end && view.getInt32(p, true) === keys.getInt32(q, true)) {
        p += 4
        q += 4
      }
      if (p + 4 <= end) continue
      while (p < end && bytes[p] === arena[q]) {
        p++
        q++
      }
      if (p === end) return at
    }
    return -1
  }

  /** Length in bytes of the key whose values are at `at`. */
  lengthAt(at: number): number {
    return this.values[at + LENGTH]!
  }

  /**
   * Is the key whose values are at `at` what stands at `start`? Asked where a good guess is at hand, it spares the hash.
   * @param end `start` and the length of that key; the bytes go further
   */
  isAt(at: number, bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const { arena, view: keys } = this
    let p = start
    let q = (at + VALUES) * 4
    while (p + 4 <= end) {
      if (view.getInt32(p, true) !== keys.getInt32(q, true)) return false
      p += 4
      q += 4
    }
    while (p < end) if (bytes[p++] !== arena[q++]) return false
    return true
  }

  /** Keeps a key that find() does not know, perhaps in the place of another. */
  put(hash: number, bytes: Uint8Array, start: number, end: number, a: number, b: number, c: number): void {
    const length = end - start
    if (length > MAX_KEY_BYTES || length === 0) return
    const size = (1 + VALUES) * 4 + length
    if (this.keys > this.slots / 2 && this.slots < this.maxSlots)
      this.reset(Math.min(this.slots * 8, this.maxSlots))
    else if (this.used + size > this.arena.length) this.reset(this.slots)
    const { slotWords, values } = this
    const home = ((hash >>> 1) & (this.slots - 1) & ~(WAYS - 1)) * WORDS_PER_SLOT
    const stop = home + WAYS * WORDS_PER_SLOT
    let slot = home
    while (slot < stop && slotWords[slot] !== 0) slot += WORDS_PER_SLOT
    if (slot === stop) slot = home + (this.turn++ & (WAYS - 1)) * WORDS_PER_SLOT
    const at = this.used / 4 - LENGTH
    slotWords[slot] = hash | 1
    slotWords[slot + ENTRY] = at
    values[at + LENGTH] = length
    values[at] = a
    values[at + 1] = b
    values[at + 2] = c
    this.arena.set(bytes.subarray(start, end), (at + VALUES) * 4)
    this.used += (size + 3) & ~3
    this.keys++
  }

  /** Forgets everything. */
  clear(): void {
    this.reset(this.slots)
  }

  /** The same, with room for more. */
  private reset(slots: number): void {
    this.used = this.keys = 0
    this.resets++
    if (slots === this.slots) {
      this.slotWords.fill(0)
      return
    }
    this.slots = slots
    this.slotWords = new Int32Array(slots * WORDS_PER_SLOT)
    const buffer = new ArrayBuffer(slots * BYTES_PER_SLOT)
    this.values = new Int32Array(buffer)
    this.arena = new Uint8Array(buffer)
    this.view = new DataView(buffer)
  }
}

/** Between the cells of a key. */
const SEPARATOR = 31

/**
 * Number of some cells of a row, the same for the same bytes. Cell k is bytes[starts[k], ends[k]).
 * @param columns which cells make the key
 * @param make the number of new cells, given as text in the order of `columns`
 * @param epoch numbers are worked out anew when it says something else
 */
export function createCellCache(
  columns: readonly number[],
  make: (texts: string[]) => number,
  maxSlots: number,
  epoch = (): number => 0,
): (bytes: Uint8Array, starts: Int32Array, ends: Int32Array) => number {
  const table = new ByteTable(maxSlots)
  const key = new Uint8Array(MAX_KEY_BYTES)
  const keyView = new DataView(key.buffer)
  const decoder = new TextDecoder()
  let since = epoch()

  return (bytes, starts, ends) => {
    if (since !== epoch()) {
      since = epoch()
      table.clear()
    }
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
      if (at >= 0) return table.values[at]!
    }
    const value = make(columns.map(c => decoder.decode(bytes.subarray(starts[c]!, ends[c]!))))
    if (isWhole) table.put(hash, key, 0, length, value, 0, 0)
    return value
  }
}
