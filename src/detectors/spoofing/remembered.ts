// What of the traffic is remembered so that it is known again: one fix or step in so many, chosen by its own content, in
// one table of fixed size. A replay meets the same ones again whatever was lost of it and of the original in between. An
// entry gives way to newer ones when its places are taken; when the table would hold less than two days, fewer fixes are
// chosen, and more again when it would hold much longer.

/** Steps of a degree that fixes are brought to: whole for 1/10000 minute and for six decimals. */
export const STEPS_PER_DEG = 3_000_000
/** One fix in 2 ** 3 at most. Each costs a look into memory that is in no cache. */
const LEAST_LEVEL = 3
const MOST_LEVEL = 16
/** Numbers of an entry beside its tag: MMSI, second, latitude and longitude in steps. */
const WORDS = 4
const SECOND = 1
const LAT = 2
const LON = 3
/** Entries that may take each other's place. */
const WAYS = 4
/** The table is to hold this long, s. */
const KEEP_S = 2 * 86_400
/** Entries for each slot of the vessel table, until there are so many that slots share them: 10 MB. */
const PER_SLOT = 64
const MOST_ENTRIES = 2 ** 19
const LEAST_ENTRIES = 2 ** 12
/** The table is filled in so many parts, and after each it is seen how fast that went. */
const PARTS = 128

export interface RememberedState {
  /** By entry, 0: free. What is told of a tag stands apart: most are not found, and cost one look. */
  tags: Int32Array
  told: Int32Array
  /** A content is chosen when so many high bits of its hash are 0. */
  level: number
  /** Entries made since the level was last looked at, and the second of that look; 0: not yet. */
  made: number
  lookedAt: number
}

export function initRemembered(slots: number): RememberedState {
  let entries = LEAST_ENTRIES
  while (entries < MOST_ENTRIES && entries < PER_SLOT * slots) entries *= 2
  return {
    ...{ tags: new Int32Array(entries), told: new Int32Array(entries * WORDS) },
    ...{ level: LEAST_LEVEL, made: 0, lookedAt: 0 },
  }
}

/** A hash of two whole numbers, whose high bits are the better ones: the cheapest there is, as every report pays for it. */
export const hashOf = (a: number, b: number): number =>
  (Math.imul(a, 0x9e3779b1) + Math.imul(b, 0x85ebca77)) >>> 0

/** True for the content of one report in 2 ** level. */
export const isChosen = (hash: number, level: number): boolean => hash >>> (32 - level) === 0

/** The tag of a chosen hash of another kind: no chosen hash has this bit. */
export const OTHER_KIND = 0x80000000

/** The entry of this tag; −1 when there is none. */
export function recall({ tags }: RememberedState, tag: number): number {
  const from = bucketOf(tags, tag)
  for (let entry = from; entry < from + WAYS; entry++) if (tags[entry] === (tag | 0)) return entry
  return -1
}

export const mmsiOf = ({ told }: RememberedState, entry: number): number => told[entry * WORDS]!
export const secondOf = ({ told }: RememberedState, entry: number): number =>
  told[entry * WORDS + SECOND]! >>> 0
export const latOf = ({ told }: RememberedState, entry: number): number => told[entry * WORDS + LAT]!
export const lonOf = ({ told }: RememberedState, entry: number): number => told[entry * WORDS + LON]!

/** Makes an entry, of a tag that has none. */
export function remember(
  state: RememberedState,
  tag: number,
  mmsi: number,
  second: number,
  lat: number,
  lon: number,
): void {
  const { tags, told } = state
  const entry = placeFor(state, tag)
  tags[entry] = tag
  const at = entry * WORDS
  told[at] = mmsi
  told[at + SECOND] = second
  told[at + LAT] = lat
  told[at + LON] = lon
  settle(state, second)
}

/** A free place, or that of what would no longer be chosen, or of the oldest. */
function placeFor(state: RememberedState, tag: number): number {
  const { tags, level } = state
  const from = bucketOf(tags, tag)
  let place = from
  let oldest = Infinity
  for (let entry = from; entry < from + WAYS; entry++) {
    const old = tags[entry]!
    if (old === 0 || !isChosen(old & ~OTHER_KIND, level)) return entry
    if (secondOf(state, entry) >= oldest) continue
    oldest = secondOf(state, entry)
    place = entry
  }
  return place
}

function settle(state: RememberedState, second: number): void {
  if (state.lookedAt === 0) state.lookedAt = second
  if (++state.made < state.tags.length / PARTS) return
  const took = second - state.lookedAt
  if (took < KEEP_S / PARTS && state.level < MOST_LEVEL) state.level++
  else if (took > (4 * KEEP_S) / PARTS && state.level > LEAST_LEVEL) state.level--
  state.made = 0
  state.lookedAt = second
}

/** The high bits of a chosen hash are all the same, so the bucket comes from a product. */
const bucketOf = (tags: Int32Array, tag: number): number =>
  ((Math.imul(tag, 0x9e3779b1) >>> 8) & (tags.length / WAYS - 1)) * WAYS
