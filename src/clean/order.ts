// The canonical order of reports: by event time, then MMSI, then by all that is left of their content. Recorded files
// arrive in any order; after this the same set of reports is the same sequence, whatever file or station came first.
// Time and MMSI by LSD radix sort (Knuth, TAOCP vol. 3, 5.2.5), the rest by comparison, and only where those two tie.

import { copyRow, type ReportBatch } from '../model/batch.js'

/**
 * Compares two rows by their whole content: negative, 0 or positive. NaN comes last, −0 before 0; receivers, sources
 * and statics compare by their words, since ids depend on who came first. Both batches must share one `words`.
 */
export function compareRows(a: ReportBatch, i: number, b: ReportBatch, j: number): number {
  if (a.t[i]! < b.t[j]!) return -1
  if (a.t[i]! > b.t[j]!) return 1
  return compareNumbers(a.t[i]!, b.t[j]!) || a.mmsi[i]! - b.mmsi[j]! || compareRest(a, i, b, j)
}

/** The same for rows of equal time and MMSI. */
function compareRest(a: ReportBatch, i: number, b: ReportBatch, j: number): number {
  return (
    compareNumbers(a.lat[i]!, b.lat[j]!) ||
    compareNumbers(a.lon[i]!, b.lon[j]!) ||
    compareNumbers(a.sog[i]!, b.sog[j]!) ||
    compareNumbers(a.cog[i]!, b.cog[j]!) ||
    compareNumbers(a.heading[i]!, b.heading[j]!) ||
    compareNumbers(a.rot[i]!, b.rot[j]!) ||
    a.navStatus[i]! - b.navStatus[j]! ||
    a.msgType[i]! - b.msgType[j]! ||
    a.txClass[i]! - b.txClass[j]! ||
    a.collection[i]! - b.collection[j]! ||
    a.utcSecond[i]! - b.utcSecond[j]! ||
    a.bits[i]! - b.bits[j]! ||
    a.commState[i]! - b.commState[j]! ||
    compareNumbers(a.receivedAt[i]!, b.receivedAt[j]!) ||
    compareWords(a.words.receivers, a.receiver[i]!, b.receiver[j]!) ||
    compareWords(a.words.sources, a.source[i]!, b.source[j]!) ||
    compareWords(a.words.statics, a.statics[i]!, b.statics[j]!)
  )
}

function compareNumbers(x: number, y: number): number {
  if (x < y) return -1
  if (x > y) return 1
  if (x === y) return x === 0 ? Math.sign(1 / x) - Math.sign(1 / y) : 0
  return (x !== x ? 1 : 0) - (y !== y ? 1 : 0)
}

function compareWords(words: { keys(): string[] }, x: number, y: number): number {
  if (x === y) return 0
  const keys = words.keys()
  const a = keys[x] ?? ''
  const b = keys[y] ?? ''
  return a < b ? -1 : a > b ? 1 : 0
}

/** Appends `count` rows from `start` of one batch to another, which must have room and share its words. */
export function appendRows(from: ReportBatch, start: number, count: number, to: ReportBatch): void {
  const at = to.length
  // below this, making 38 views costs more than copying values one by one
  if (count < 32) for (let k = 0; k < count; k++) copyRow(from, start + k, to, at + k)
  else {
    const end = start + count
    to.t.set(from.t.subarray(start, end), at)
    to.mmsi.set(from.mmsi.subarray(start, end), at)
    to.lat.set(from.lat.subarray(start, end), at)
    to.lon.set(from.lon.subarray(start, end), at)
    to.sog.set(from.sog.subarray(start, end), at)
    to.cog.set(from.cog.subarray(start, end), at)
    to.heading.set(from.heading.subarray(start, end), at)
    to.rot.set(from.rot.subarray(start, end), at)
    to.navStatus.set(from.navStatus.subarray(start, end), at)
    to.msgType.set(from.msgType.subarray(start, end), at)
    to.txClass.set(from.txClass.subarray(start, end), at)
    to.collection.set(from.collection.subarray(start, end), at)
    to.utcSecond.set(from.utcSecond.subarray(start, end), at)
    to.bits.set(from.bits.subarray(start, end), at)
    to.commState.set(from.commState.subarray(start, end), at)
    to.receivedAt.set(from.receivedAt.subarray(start, end), at)
    to.receiver.set(from.receiver.subarray(start, end), at)
    to.source.set(from.source.subarray(start, end), at)
    to.statics.set(from.statics.subarray(start, end), at)
  }
  to.length = at + count
}

/** Bytes of scratch that ordering takes per row: two orders and the two halves of a key. */
export const ORDER_BYTES_PER_ROW = 16

/**
 * Makes a function that finds the canonical order of a batch's rows and leaves the batch as it is. It keeps its scratch
 * from call to call. It returns row numbers in order (valid until the next call), or null when the rows already are.
 */
export function createOrderer(): (batch: ReportBatch) => Uint32Array | null {
  let order = new Uint32Array(0)
  let spare = new Uint32Array(0)
  let low = new Uint32Array(0)
  let high = new Uint32Array(0)
  const counts = new Uint32Array(3 * BUCKETS)

  /** Stable sort of `order` by a 32-bit key per row; a digit that all rows share costs nothing. */
  function passes(key: Uint32Array, n: number): void {
    counts.fill(0)
    for (let i = 0; i < n; i++) {
      const k = key[i]!
      counts[k & DIGIT]!++
      counts[BUCKETS + ((k >>> 11) & DIGIT)]!++
      counts[2 * BUCKETS + (k >>> 22)]!++
    }
    for (let pass = 0; pass < 3; pass++) {
      const shift = 11 * pass
      const base = BUCKETS * pass
      if (counts[base + ((key[0]! >>> shift) & DIGIT)] === n) continue
      let sum = 0
      for (let b = base; b < base + BUCKETS; b++) {
        const c = counts[b]!
        counts[b] = sum
        sum += c
      }
      for (let k = 0; k < n; k++) {
        const row = order[k]!
        spare[counts[base + ((key[row]! >>> shift) & DIGIT)]!++] = row
      }
      ;[order, spare] = [spare, order]
    }
  }

  /** Stable sort of `order` by time. */
  function byTime(t: Float64Array, n: number): void {
    const { min, unit } = wholeUnits(t, n)
    if (min === min) {
      for (let i = 0; i < n; i++) low[i] = (t[i]! - min) / unit
      passes(low, n)
    } else {
      if (high.length < n) high = new Uint32Array(n)
      sortableBits(t, n, low, high)
      passes(low, n)
      passes(high, n)
    }
  }

  return batch => {
    const n = batch.length
    if (isOrdered(batch, n)) return null
    if (order.length < n) {
      order = new Uint32Array(n)
      spare = new Uint32Array(n)
      low = new Uint32Array(n)
    }
    for (let i = 0; i < n; i++) order[i] = i
    const { t } = batch
    // archives mostly are in order of time, or nearly, with the vessels of one second mixed: by time first, which costs
    // two passes or none, then by MMSI within each time
    const inTime = isInTime(t, n)
    if (!inTime) byTime(t, n)
    if (!sortWithinTimes(batch, order, n)) {
      for (let i = 0; i < n; i++) order[i] = i
      passes(batch.mmsi, n)
      if (!inTime) byTime(t, n)
    }
    settleTies(batch, order, n)
    return order.subarray(0, n)
  }
}

const BUCKETS = 2048
const DIGIT = BUCKETS - 1

function isOrdered(batch: ReportBatch, n: number): boolean {
  for (let i = 1; i < n; i++) if (compareRows(batch, i - 1, batch, i) > 0) return false
  return true
}

function isInTime(t: Float64Array, n: number): boolean {
  for (let i = 1; i < n; i++) if (compareNumbers(t[i - 1]!, t[i]!) > 0) return false
  return true
}

/**
 * The least time, and the unit of which all times are whole multiples from it, so that they fit in 32 bits: seconds, or
 * milliseconds within 49 days. NaN when they do not.
 */
function wholeUnits(t: Float64Array, n: number): { min: number; unit: number } {
  let min = Infinity
  for (let i = 0; i < n; i++) if (t[i]! < min) min = t[i]!
  let unit = 1000
  for (let i = 0; i < n; i++) {
    const d = t[i]! - min
    // −0 would be equal to 0 as a difference, and is not in the order
    if (d >>> 0 !== d || Object.is(t[i], -0)) return { min: NaN, unit: 1 }
    if (unit === 1000 && (d >>> 0) % 1000 !== 0) unit = 1
  }
  return { min, unit }
}

/** Any double as 64 bits that sort like the numbers do: negative ones inverted, positive ones above them, NaN last. */
function sortableBits(t: Float64Array, n: number, low: Uint32Array, high: Uint32Array): void {
  const view = new DataView(new ArrayBuffer(8))
  for (let i = 0; i < n; i++) {
    view.setFloat64(0, t[i]! === t[i]! ? t[i]! : NaN)
    const hi = view.getUint32(0)
    const lo = view.getUint32(4)
    const negative = hi >>> 31 === 1 && t[i]! === t[i]!
    high[i] = negative ? ~hi : hi | 0x80000000
    low[i] = negative ? ~lo : lo
  }
}

/** Rows of one time are numbered in 22 bits of a sort key: with 30 bits of MMSI that is still an exact double. */
const GROUP_LIMIT = 1 << 22

/** A group up to this is sorted by insertion: a second of one sea holds a dozen reports, and calling sort costs more. */
const SMALL_GROUP = 32

/** … and up to this by Shell's method, on the keys: a second of a busy ocean. */
const MIDDLE_GROUP = 512
/** Gaps by Ciura (2001). */
const GAPS = [301, 132, 57, 23, 10, 4, 1]

/** Orders rows of equal time by MMSI. Returns false when so many share one time that their keys would not be exact. */
function sortWithinTimes(batch: ReportBatch, order: Uint32Array, n: number): boolean {
  const { t, mmsi } = batch
  let keys = new Float64Array(0)
  let rows = new Uint32Array(0)
  for (let start = 0, end = 1; start < n; start = end++) {
    const first = t[order[start]!]!
    while (end < n && isSame(first, t[order[end]!]!)) end++
    const size = end - start
    if (size > GROUP_LIMIT) return false
    if (size <= SMALL_GROUP) {
      insertByMmsi(mmsi, order, start, end)
      continue
    }
    if (keys.length < size) {
      keys = new Float64Array(2 * size)
      rows = new Uint32Array(2 * size)
    }
    for (let j = 0; j < size; j++) {
      rows[j] = order[start + j]!
      keys[j] = mmsi[rows[j]!]! * GROUP_LIMIT + j
    }
    if (size <= MIDDLE_GROUP) shellSort(keys, size)
    else keys.subarray(0, size).sort()
    for (let j = 0; j < size; j++) {
      // what is left of the key without the MMSI: % of doubles is a call
      const key = keys[j]!
      order[start + j] = rows[key - Math.floor(key / GROUP_LIMIT) * GROUP_LIMIT]!
    }
  }
  return true
}

const isSame = (x: number, y: number): boolean => (x === y && x !== 0) || compareNumbers(x, y) === 0

/** Stable. */
function insertByMmsi(mmsi: Uint32Array, order: Uint32Array, start: number, end: number): void {
  for (let k = start + 1; k < end; k++) {
    const row = order[k]!
    const key = mmsi[row]!
    let j = k
    while (j > start && mmsi[order[j - 1]!]! > key) {
      order[j] = order[j - 1]!
      j--
    }
    order[j] = row
  }
}

/** Sorts the first `n` of different keys. */
function shellSort(keys: Float64Array, n: number): void {
  for (const gap of GAPS) {
    for (let k = gap; k < n; k++) {
      const key = keys[k]!
      let j = k
      while (j >= gap && keys[j - gap]! > key) {
        keys[j] = keys[j - gap]!
        j -= gap
      }
      keys[j] = key
    }
  }
}

/** Orders rows of equal time and MMSI by the rest of their content. */
function settleTies(batch: ReportBatch, order: Uint32Array, n: number): void {
  const { t, mmsi } = batch
  for (let k = 1, start = 0; k <= n; k++) {
    if (k < n) {
      const a = order[k - 1]!
      const b = order[k]!
      if (mmsi[a] === mmsi[b] && compareNumbers(t[a]!, t[b]!) === 0) continue
    }
    const size = k - start
    if (size > 1) {
      const rows = order.subarray(start, k)
      if (size <= 16) insertionSort(batch, rows)
      else rows.set(Array.from(rows).sort((a, b) => compareRest(batch, a, batch, b)))
    }
    start = k
  }
}

function insertionSort(batch: ReportBatch, rows: Uint32Array): void {
  for (let k = 1; k < rows.length; k++) {
    const row = rows[k]!
    let j = k
    while (j > 0 && compareRest(batch, rows[j - 1]!, batch, row) > 0) {
      rows[j] = rows[j - 1]!
      j--
    }
    rows[j] = row
  }
}
