// Pairs of a detection and a vessel that may be one, as columns: a crowded picture has some ten thousands of them.

export interface Pairs {
  count: number
  /** Numbers from 0. */
  detection: Int32Array
  vessel: Int32Array
  /**
   * How much likelier it is that the two are one than that the detection is of nobody known and the vessel was not seen.
   * 0: the two are no pair.
   */
  weight: Float64Array
}

/** An empty list that holds `capacity` pairs. */
export const createPairs = (capacity: number): Pairs => ({
  count: 0,
  detection: new Int32Array(capacity),
  vessel: new Int32Array(capacity),
  weight: new Float64Array(capacity),
})

/** Adds a pair; the columns of a full list are made anew, twice as long. */
export function addPair(pairs: Pairs, detection: number, vessel: number, weight: number): void {
  const k = pairs.count++
  if (k >= pairs.weight.length) {
    const longer = createPairs(Math.max(16, 2 * k))
    longer.detection.set(pairs.detection)
    longer.vessel.set(pairs.vessel)
    longer.weight.set(pairs.weight)
    Object.assign(pairs, longer, { count: k + 1 })
  }
  pairs.detection[k] = detection
  pairs.vessel[k] = vessel
  pairs.weight[k] = weight
}

/** Order of things by a key from 0, those with key −1 left out: where each key begins, and the things. */
export interface Listed {
  /** Of `keys` + 1. */
  start: Int32Array
  item: Int32Array
}

/** Counting sort: what has one key stays in its order. */
export function listedBy(key: Int32Array, count: number, keys: number): Listed {
  const start = new Int32Array(keys + 1)
  for (let k = 0; k < count; k++) if (key[k]! >= 0) start[key[k]! + 1]!++
  for (let k = 0; k < keys; k++) start[k + 1]! += start[k]!
  const next = start.slice(0, keys)
  const item = new Int32Array(start[keys]!)
  for (let k = 0; k < count; k++) if (key[k]! >= 0) item[next[key[k]!]!++] = k
  return { start, item }
}
