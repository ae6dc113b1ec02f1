// What of the traffic is remembered so that it is known again: one fix or step in so many, chosen by its own content, in
// one table of fixed size. A replay meets the same ones again whatever was lost of it and of the original in between. An
// entry gives way to newer ones when its places are taken; when the table would hold less than two days, fewer fixes are
// chosen, and more again when it would hold much longer.

/** Steps of a degree that fixes are brought to: whole for 1/10000 minute and for six decimals. */
export const STEPS_PER_DEG = 3_000_000
/** One fix in 2 ** 4 at most. Each costs a look into memory that is in no cache. */
const LEAST_LEVEL = 4
const MOST_LEVEL = 16
/** Numbers of an entry: tag (0: free), MMSI, second, latitude and longitude in steps. */
const WORDS = 5
const TAG = 0
const MMSI = 1
const SECOND = 2
const LAT = 3
const LON = 4
/** Entries that may take each other's place. */
const WAYS = 4
/** The table is to hold this long, s. */
const KEEP_S = 2 * 86_400
/** Slots of the vessel table for which there are eight entries each; more share them. */
const MOST_ENTRIES = 2 ** 19
const LEAST_ENTRIES = 2 ** 12

export interface RememberedState {
  table: Int32Array
  /** A content is chosen when so many low bits of its hash are 0. */
  level: number
  /** Entries made since the level was last looked at, and the second of that look; 0: not yet. */
  made: number
  lookedAt: number
}

export function initRemembered(slots: number): RememberedState {
  let entries = LEAST_ENTRIES
  while (entries < MOST_ENTRIES && entries < 8 * slots) entries *= 2
  return { table: new Int32Array(entries * WORDS), level: LEAST_LEVEL, made: 0, lookedAt: 0 }
}

/** A hash of two whole numbers in which every bit depends on all of both (constants: Wellons' hash prospector). */
export function hashOf(a: number, b: number): number {
  let h = (Math.imul(a, 0x9e3779b1) + Math.imul(b, 0x85ebca77)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return h ^ (h >>> 16)
}

export const maskOf = (level: number): number => (1 << level) - 1

/** Where in the table the entry of this tag is; −1 when there is none. */
export function recall({ table }: RememberedState, tag: number): number {
  const from = bucketOf(table, tag)
  for (let at = from; at < from + WAYS * WORDS; at += WORDS) if (table[at + TAG] === tag) return at
  return -1
}

export const mmsiAt = ({ table }: RememberedState, at: number): number => table[at + MMSI]!
export const secondAt = ({ table }: RememberedState, at: number): number => table[at + SECOND]! >>> 0
export const latAt = ({ table }: RememberedState, at: number): number => table[at + LAT]!
export const lonAt = ({ table }: RememberedState, at: number): number => table[at + LON]!

/** Makes an entry, of a tag that has none. */
export function remember(
  state: RememberedState,
  tag: number,
  mmsi: number,
  second: number,
  lat: number,
  lon: number,
): void {
  const { table } = state
  const mask = maskOf(state.level)
  const from = bucketOf(table, tag)
  let place = from
  let oldest = Infinity
  for (let at = from; at < from + WAYS * WORDS; at += WORDS) {
    const old = table[at + TAG]!
    // what would no longer be chosen goes first
    const since = old === 0 || (old & ~1 & mask) !== 0 ? -1 : table[at + SECOND]! >>> 0
    if (since >= oldest) continue
    oldest = since
    place = at
  }
  table[place + TAG] = tag
  table[place + MMSI] = mmsi
  table[place + SECOND] = second
  table[place + LAT] = lat
  table[place + LON] = lon
  settle(state, second)
}

/** A quarter of the table was filled: in how long? */
function settle(state: RememberedState, second: number): void {
  const quarter = state.table.length / WORDS / 4
  if (state.lookedAt === 0) state.lookedAt = second
  if (++state.made < quarter) return
  const took = second - state.lookedAt
  if (took < KEEP_S / 4 && state.level < MOST_LEVEL) state.level++
  else if (took > KEEP_S && state.level > LEAST_LEVEL) state.level--
  state.made = 0
  state.lookedAt = second
}

/** The low bits of a chosen hash are all the same, so the bucket comes from a product. */
function bucketOf(table: Int32Array, tag: number): number {
  const buckets = table.length / (WAYS * WORDS)
  return ((Math.imul(tag, 0x9e3779b1) >>> 8) & (buckets - 1)) * WAYS * WORDS
}
