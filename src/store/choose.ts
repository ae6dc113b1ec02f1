// Which events of a table a filter is about, and the first of them in an order. Every condition is one pass over what the
// ones before it left, the cheapest first, some thousand events at a time.

import { isAboutTwo, type Exempt } from '../assess/exemptions.js'
import { NO_MMSI, type EventTable, type Names } from './event-table.js'
import { SORTS, type Cursor, type EventFilter, type Sort } from './filter.js'

/** Words of a search that are looked at. */
const MAX_WORDS = 8
/** Words of searches whose texts are remembered. */
const MAX_FOUND = 16
/** Values that the place of a page's end is guessed from. */
const SAMPLE = 1000

type Test = (row: number) => boolean

/** Rows of a pass: few enough that what it looks at stays near. */
const BLOCK = 4096

/**
 * Rows of the events that `filter` is about, in the order of their numbers. They lie in memory that the next call takes
 * over: new millions for every question would cost more than to answer it.
 */
export function choose(table: EventTable, filter: EventFilter, exemptions: readonly Exempt[]): Uint32Array {
  const all = [...tests(table, filter, exemptions)]
  const { retracted, count } = table
  const most = filter.retracted ? 1 : 0
  const rows = room(count)
  let kept = 0
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(count, from + BLOCK)
    let end = kept
    for (let row = from; row < to; row++) if (retracted[row]! <= most) rows[end++] = row
    for (const test of all) end = narrowed(rows, kept, end, test)
    kept = end
  }
  return rows.subarray(0, kept)
}

/** Leaves of the rows in `from…to` those that pass, and says where they end. */
function narrowed(rows: Uint32Array, from: number, to: number, test: Test): number {
  let end = from
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    if (test(row)) rows[end++] = row
  }
  return end
}

let shared = new Uint32Array(0)
function room(count: number): Uint32Array {
  if (shared.length < count) shared = new Uint32Array(2 * count)
  return shared
}

function* tests(table: EventTable, filter: EventFilter, exemptions: readonly Exempt[]): Generator<Test> {
  const { type, class: class_, flag, score, start, end, duration, mmsi, partner, names } = table
  if (filter.mmsi !== undefined) {
    const wanted = filter.mmsi
    yield row => mmsi[row] === wanted || partner[row] === wanted
  }
  for (const [wanted, codes, of] of [
    [filter.types, type, names.type],
    [filter.classes, class_, names.class],
    [filter.flags, flag, names.flag],
  ] as const) {
    if (!wanted) continue
    const marks = marked(of, wanted)
    yield row => marks[codes[row]!] === 1
  }
  if (filter.open !== undefined) {
    const wanted = filter.open
    yield row => Number.isNaN(end[row]!) === wanted
  }
  if (filter.acknowledged !== undefined) {
    const { acknowledged } = table
    const wanted = filter.acknowledged ? 1 : 0
    yield row => acknowledged[row] === wanted
  }
  const { minScore = -Infinity, maxScore = Infinity, minDurationS } = filter
  if (minScore > -Infinity || maxScore < Infinity)
    yield row => score[row]! >= minScore && score[row]! <= maxScore
  if (minDurationS !== undefined) yield row => duration[row]! >= minDurationS
  if (filter.to !== undefined) {
    const to = Math.round(filter.to)
    yield row => start[row]! < to
  }
  if (filter.from !== undefined) {
    const from = Math.round(filter.from)
    // what has not ended lasts
    yield row => !(end[row]! < from)
  }
  if (filter.bbox) yield inBox(table, filter.bbox)
  if (filter.zones) yield holds(table.zones, marked(names.zone, filter.zones))
  const { exempt = 'hide' } = filter
  if (exempt === 'only' || (exempt === 'hide' && exemptions.length > 0)) {
    const isExempt = exemptTest(table, exemptions)
    yield exempt === 'only' ? isExempt : row => !isExempt(row)
  }
  const words = filter.text?.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS) ?? []
  const { who, what } = table
  for (const word of words) {
    const inWho = marksOf(names.who, word)
    const inWhat = marksOf(names.what, word)
    yield row => (inWho[who[row]!]! | inWhat[what[row]!]!) === 1
  }
}

/** 1 for each text that has `part` in it; kept, as pages, counts and the map ask for the same words. */
function marksOf(names: Names, part: string): Uint8Array {
  const { list } = names
  const known = names.found.get(part)
  if (known?.length === list.length) return known
  const marks = new Uint8Array(list.length)
  if (known) marks.set(known)
  for (let code = known?.length ?? 0; code < list.length; code++)
    marks[code] = list[code]!.includes(part) ? 1 : 0
  // the oldest gives way
  names.found.delete(part)
  if (names.found.size >= MAX_FOUND) names.found.delete(names.found.keys().next().value!)
  names.found.set(part, marks)
  return marks
}

/** 1 for the code of each of these. */
function marked({ list, codes }: Names, wanted: readonly string[]): Uint8Array {
  const marks = new Uint8Array(list.length)
  for (const text of wanted) {
    const code = codes.get(text)
    if (code !== undefined) marks[code] = 1
  }
  return marks
}

function holds({ begin, end, items }: EventTable['zones'], marks: Uint8Array): Test {
  return row => {
    for (let k = begin[row]!; k < end[row]!; k++) if (marks[items[k]!] === 1) return true
    return false
  }
}

function inBox(
  table: EventTable,
  [west, south, east, north]: readonly [number, number, number, number],
): Test {
  const { lat, lon, endLat, endLon } = table
  const across = west > east
  const within = (y: number, x: number): boolean =>
    y >= south && y <= north && (across ? x >= west || x <= east : x >= west && x <= east)
  return row => within(lat[row]!, lon[row]!) || within(endLat[row]!, endLon[row]!)
}

function exemptTest(table: EventTable, exemptions: readonly Exempt[]): Test {
  const { mmsi, partner, start, type, names } = table
  const of = new Map(
    exemptions.map(one => [
      one.mmsi,
      { expires: Math.round(one.expires), types: one.types && marked(names.type, one.types) },
    ]),
  )
  const aboutTwo = marked(names.type, names.type.list.filter(isAboutTwo))
  const isExempt = (row: number, who: number): boolean => {
    const one = of.get(who)
    return (
      one !== undefined && start[row]! < one.expires && (one.types === null || one.types[type[row]!] === 1)
    )
  }
  // no exemption is of NO_MMSI
  return row =>
    isExempt(row, mmsi[row]!) &&
    (aboutTwo[type[row]!] === 0 || partner[row] === NO_MMSI || isExempt(row, partner[row]!))
}

/**
 * The first `limit` of `rows` in an order; equal ones by number, those without a value last.
 * @param after where the page before ended
 */
export function first(
  table: EventTable,
  rows: Uint32Array,
  sort: Sort,
  limit: number,
  after?: Cursor,
): Uint32Array {
  const { field, descending } = SORTS[sort]
  const values = table[field]
  const sign = descending ? -1 : 1
  const behind = after ? (after.value === null ? Infinity : sign * after.value) : -Infinity
  const behindN = after?.n ?? -1

  /** Keys and rows behind the cursor whose key is at most `bound`. */
  function upTo(bound: number, step: number): { keys: Float64Array; found: Uint32Array } {
    let keys = new Float64Array(1024)
    let found = new Uint32Array(1024)
    let count = 0
    for (let k = 0; k < rows.length; k += step) {
      const row = rows[k]!
      const value = sign * values[row]!
      const key = Number.isNaN(value) ? Infinity : value
      if (key > bound || key < behind || (key === behind && table.n[row]! <= behindN)) continue
      if (count === keys.length) {
        const [moreKeys, more] = [new Float64Array(2 * count), new Uint32Array(2 * count)]
        moreKeys.set(keys)
        more.set(found)
        ;[keys, found] = [moreKeys, more]
      }
      keys[count] = key
      found[count++] = row
    }
    return { keys: keys.subarray(0, count), found: found.subarray(0, count) }
  }

  // a sample says how far down the last of them stands; when it is wrong all are looked at
  const step = Math.ceil(rows.length / SAMPLE)
  const bound = step > 1 ? upTo(Infinity, step).keys.sort()[Math.ceil((2 * limit) / step) + 8] : undefined
  let near = upTo(bound ?? Infinity, 1)
  if (near.keys.length < limit && bound !== undefined) near = upTo(Infinity, 1)
  const { keys, found } = near

  const edge = limit < keys.length ? nth(keys.slice(), limit - 1) : Infinity
  let equal = limit
  if (limit < keys.length) for (let k = 0; k < keys.length; k++) if (keys[k]! < edge) equal--
  const wanted = new Uint32Array(Math.min(limit, keys.length))
  let at = 0
  for (let k = 0; k < keys.length && at < wanted.length; k++)
    if (keys[k]! < edge || (keys[k] === edge && equal-- > 0)) wanted[at++] = k
  return inOrder(keys, wanted).map(k => found[k]!)
}

/** Places in `keys` by their key; equal ones keep their order. Twice as fast as a sort that asks about two at a time. */
function inOrder(keys: Float64Array, places: Uint32Array): Uint32Array {
  const sorted = new Float64Array(places.length)
  for (let k = 0; k < places.length; k++) sorted[k] = keys[places[k]!]!
  sorted.sort()
  const taken = new Uint32Array(places.length)
  const ordered = new Uint32Array(places.length)
  for (let k = 0; k < places.length; k++) {
    const key = keys[places[k]!]!
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]! < key) low = middle + 1
      else high = middle
    }
    ordered[low + taken[low]!++] = places[k]!
  }
  return ordered
}

/** The value that would stand at `at` in order; the array is left half sorted (quickselect, Hoare's partition). */
function nth(values: Float64Array, at: number): number {
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const pivot = values[(low + high) >> 1]!
    let [i, j] = [low, high]
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i > j) break
      const swapped = values[i]!
      values[i++] = values[j]!
      values[j--] = swapped
    }
    if (at <= j) high = j
    else if (at >= i) low = i
    else break
  }
  return values[at]!
}
