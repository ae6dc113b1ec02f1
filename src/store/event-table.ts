// What events are filtered and sorted by, in memory: a typed array a field, a row an event, rows by number. The database
// is the truth, and a table is only ever made of what was read from it (event-index.ts).

import { keptLists, noLists, setList, type Lists } from './lists.js'

/** An MMSI that is not there. */
export const NO_MMSI = 0xffffffff

const NUMBERS = {
  n: Int32Array,
  // NO_MMSI for none
  ...{ mmsi: Uint32Array, partner: Uint32Array },
  score: Float64Array,
  // epoch ms and seconds; NaN while it goes on
  ...{ start: Float64Array, end: Float64Array, duration: Float64Array },
  // NaN for none
  ...{ lat: Float64Array, lon: Float64Array, endLat: Float64Array, endLon: Float64Array },
  // 1 for yes
  ...{ retracted: Uint8Array, acknowledged: Uint8Array },
} as const
// codes of texts, 0 for none; `who` and `what` are the two halves of what it is searched by
const CODES = {
  type: Uint16Array,
  class: Uint16Array,
  flag: Uint16Array,
  who: Uint32Array,
  what: Uint32Array,
} as const
type Coded = keyof typeof CODES
const KINDS = { ...NUMBERS, ...CODES }
type Kinds = typeof KINDS
type Field = keyof Kinds
type Fields = { [F in Field]: InstanceType<Kinds[F]> }

/** Texts that repeat, by code; code 0 is none. */
export interface Names {
  readonly list: string[]
  readonly codes: Map<string, number>
  /** Which texts had a word of a search in them, a byte a text: choose.ts. */
  readonly found: Map<string, Uint8Array>
}

export interface EventTable extends Fields {
  /** Rows in use. */
  count: number
  readonly names: Record<Coded | 'zone', Names>
  zones: Lists
}

/** Events as they are put in, an array a field. */
export interface EventsIn extends Record<keyof typeof NUMBERS, readonly (number | null)[]> {
  n: readonly number[]
  type: readonly string[]
  class: readonly (string | null)[]
  flag: readonly (string | null)[]
  zones: readonly (readonly string[])[]
  /** Words with a space between them. */
  search: readonly string[]
}

const FIELDS = Object.keys(KINDS) as Field[]
const FIRST = 1024

export function createTable(): EventTable {
  return {
    ...(Object.fromEntries(FIELDS.map(field => [field, new KINDS[field](FIRST)])) as Fields),
    count: 0,
    names: {
      type: noNames(),
      class: noNames(),
      flag: noNames(),
      who: noNames(),
      what: noNames(),
      zone: noNames(),
    },
    zones: noLists(),
  }
}

/**
 * Puts events into their rows, and new ones behind the last. They come by number.
 * @returns false when one is not there and would have to go between others
 */
export function putRows(table: EventTable, events: EventsIn): boolean {
  const { n } = events
  let fits = true
  const rows = new Int32Array(n.length)
  for (let k = 0; k < rows.length; k++) {
    const isLast = table.count === 0 || n[k]! > table.n[table.count - 1]!
    const row = isLast ? table.count++ : rowOf(table, n[k]!)
    if (row >= table.n.length) makeRoom(table)
    if (row < 0) fits = false
    else table.n[row] = n[k]!
    rows[k] = row
  }
  if (!fits) return false
  for (const field of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
    const column = table[field]
    const none = field === 'mmsi' || field === 'partner' ? NO_MMSI : NaN
    const values = events[field]
    for (let k = 0; k < rows.length; k++) column[rows[k]!] = values[k] ?? none
  }
  const { names } = table
  const list: number[] = []
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    table.type[row] = code(names.type, events.type[k]!)
    table.class[row] = code(names.class, events.class[k] ?? '')
    table.flag[row] = code(names.flag, events.flag[k] ?? '')
    const search = events.search[k]!
    const middle = middleOf(search, events.mmsi[k])
    table.who[row] = code(names.who, search.slice(0, middle))
    table.what[row] = code(names.what, search.slice(middle))
    list.length = 0
    for (const id of events.zones[k]!) list.push(code(names.zone, id))
    setList(table.zones, row, list)
  }
  return true
}

/**
 * Where a search text is cut: at the space behind the vessel's number. What is before it comes again with every event of
 * the vessel, what is behind with every event of the kind in these waters, and no word is cut.
 */
function middleOf(search: string, mmsi: number | null | undefined): number {
  if (mmsi === null || mmsi === undefined) return 0
  const at = search.indexOf(` ${mmsi} `)
  return at < 0 ? Math.max(0, search.indexOf(' ')) : at + String(mmsi).length + 1
}

/** The row of an event; -1 when there is none. */
function rowOf({ n, count }: EventTable, number: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (n[middle]! < number) low = middle + 1
    else high = middle
  }
  return low < count && n[low] === number ? low : -1
}

/** Takes events out; those that are not there are nothing. */
export function dropRows(table: EventTable, numbers: ReadonlySet<number>): void {
  const kept = new Uint32Array(table.count)
  let count = 0
  for (let row = 0; row < table.count; row++) if (!numbers.has(table.n[row]!)) kept[count++] = row
  if (count === table.count) return
  const rows = kept.subarray(0, count)
  for (const field of FIELDS) {
    const column = table[field]
    for (let k = 0; k < count; k++) column[k] = column[rows[k]!]!
  }
  table.zones = keptLists(table.zones, rows)
  table.count = count
  for (const field of Object.keys(CODES) as Coded[]) forgetNames(table, field)
}

/** Texts that no event has any more. */
function forgetNames(table: EventTable, field: Coded): void {
  const { list } = table.names[field]
  const kept = noNames()
  const codes = new Uint32Array(list.length)
  const column = table[field]
  for (let row = 0; row < table.count; row++) {
    const old = column[row]!
    if (codes[old] === 0) codes[old] = code(kept, list[old]!)
    column[row] = codes[old]!
  }
  table.names[field] = kept
}

function makeRoom(table: EventTable): void {
  const larger = FIELDS.map(field => {
    const column = new KINDS[field](2 * table.n.length)
    column.set(table[field])
    return [field, column]
  })
  Object.assign(table, Object.fromEntries(larger))
}

const noNames = (): Names => ({ list: [''], codes: new Map(), found: new Map() })

function code({ list, codes }: Names, text: string): number {
  if (text === '') return 0
  const known = codes.get(text)
  if (known !== undefined) return known
  codes.set(text, list.length)
  return list.push(text) - 1
}
