// Every field of every message as columns: one table of typed arrays per message type and layout, the integers as sent,
// text as bytes. No string and no object per message, so that whole archives are decoded at the speed they are read.

import type { RejectReason } from '../model/report.js'
import { PAYLOAD_WORDS, int, uint } from './bits.js'
import { findPlan } from './decode.js'
import { HEADER_BITS, KIND, PLANS, type Plan } from './plan.js'

/** All messages of one type and layout. */
export interface ColumnTable {
  readonly plan: Plan
  /** Rows in use. */
  length: number
  readonly capacity: number
  /** Counts all messages that were decoded, from 0: joins a row with what the caller knows of it. */
  readonly order: Float64Array
  readonly type: Int32Array
  readonly repeat: Int32Array
  readonly mmsi: Int32Array
  /** Fields that the message holds; those behind are absent (see Plan.fields). */
  readonly present: Int32Array
  /** Numbers by field name. */
  readonly numbers: Readonly<Record<string, Int32Array>>
  /**
   * Six-bit text by field name as ASCII, `chars` bytes a row: 0 behind its first `@`. A text that takes what is left is in
   * `open`.
   */
  readonly texts: Readonly<Record<string, { chars: number; bytes: Uint8Array }>>
  /** Bits that take what is left of a message, 24 in a word, and where those of each row begin; groups too. */
  readonly open: { at: Uint32Array; bits: Uint16Array; words: Int32Array } | undefined
}

export interface ColumnDecoder {
  /**
   * Decodes a message into the next row of its table.
   * @param words the payload unpacked (see bits.ts), @param chars its length, @param fill its fill bits
   * @returns null, or why it is refused
   */
  decode(words: Int32Array, chars: number, fill: number): RejectReason | null
  /** Hands over the tables that have rows. */
  flush(): void
}

export interface ColumnOptions {
  /** Takes a table that is full, or at the end what there is; it is emptied and used again when this returns. */
  onFull(table: ColumnTable): void
  /** Rows of a table. @default 2048 */
  capacity?: number
}

/**
 * How numbers are read when all of them is there: words and shifts in place of bits, and no branch that has to be guessed. STEP
 * integers a field: where its column begins in the store's data; a mask for what of its first word is its own; and, five bits
 * each from the lowest on, how far that is moved to the left and to the right, how far the next word, of which nothing may be
 * left, is moved to the right, how many bits on the left repeat the sign; then which word is the first.
 */
const STEP = 3

/** The same for a number that reaches into three words. */
interface LongStep {
  column: number
  word: number
  head: number
  more: number
  sign: number
}

interface TextStep {
  at: number
  chars: number
  bytes: Uint8Array
}

interface Store extends ColumnTable {
  /** All columns of numbers, one behind the other: one array to write to. */
  data: Int32Array
  steps: Int32Array
  longSteps: LongStep[]
  textSteps: TextStep[]
  /** Column of each field in its order. */
  columns: (number | TextStep | undefined)[]
  /** The open field: its index, or −1. */
  openField: number
  openUsed: number
}

/** Type, repeat, MMSI and how many fields there are. */
const HEADER_COLUMNS = 4
const OPEN_WORDS = 16 // on average; a table is full when its room for them is

/**
 * From the beginning of one column to that of the next: were it a power of two, all columns would fall on the same lines of
 * the processor's cache, and a row take twice as long.
 */
const strideOf = (capacity: number): number => Math.ceil(capacity / 32) * 32 + 16

function createStore(plan: Plan, capacity: number): Store {
  const numbers: Record<string, Int32Array> = {}
  const texts: Record<string, { chars: number; bytes: Uint8Array }> = {}
  const stride = strideOf(capacity)
  const data = new Int32Array(stride * (HEADER_COLUMNS + plan.fields.length))
  const view = (column: number): Int32Array => data.subarray(column, column + capacity)
  const steps: number[] = []
  const longSteps: LongStep[] = []
  const textSteps: TextStep[] = []
  let openField = -1
  const columns = plan.fields.map(({ name, kind, width }, k) => {
    const at = plan.at[k]!
    if (width === 0) openField = k
    else if (kind === 'text') {
      const step = { at, chars: width / 6, bytes: new Uint8Array((capacity * width) / 6) }
      texts[name] = step
      textSteps.push(step)
      return step
    } else {
      const column = (HEADER_COLUMNS + k) * stride
      const have = 24 - (at % 24)
      const [word, head, more] = [(at / 24) | 0, (1 << have) - 1, width - have]
      const sign = kind === 'int' ? 32 - width : 0
      numbers[name] = view(column)
      if (more > 24) longSteps.push({ column, word, head, more, sign })
      else {
        const over = Math.max(0, more)
        // a word has 24 bits: moved by as many nothing of it is left
        const shifts = over | (Math.max(0, -more) << 5) | ((24 - over) << 10) | (sign << 15)
        steps.push(column, head, shifts | (word << 20))
      }
      return column
    }
    return undefined
  })
  const hasOpen = openField >= 0 || plan.group !== undefined
  return {
    plan,
    length: 0,
    capacity,
    order: new Float64Array(capacity),
    type: view(0),
    repeat: view(stride),
    mmsi: view(2 * stride),
    present: view(3 * stride),
    data,
    numbers,
    texts,
    open: hasOpen
      ? {
          at: new Uint32Array(capacity),
          bits: new Uint16Array(capacity),
          words: new Int32Array(capacity * OPEN_WORDS + PAYLOAD_WORDS),
        }
      : undefined,
    openField,
    openUsed: 0,
    steps: Int32Array.from(steps),
    longSteps,
    textSteps,
    columns,
  }
}

export function createColumnDecoder({ onFull, capacity = 2048 }: ColumnOptions): ColumnDecoder {
  /** By the layout's index. */
  const stores: (Store | undefined)[] = PLANS.flat().map(() => undefined)
  /** Types of one layout, the quick way; the rest are found by their conditions. */
  const single: (Store | undefined)[] = PLANS.map(plans =>
    plans.length === 1 && plans[0]!.type !== 2 && plans[0]!.type !== 3 ? storeOf(plans[0]!) : undefined,
  )
  single[2] = single[3] = single[1]
  const stride = strideOf(capacity)
  let order = 0

  function storeOf(plan: Plan): Store {
    return (stores[plan.index] ??= createStore(plan, capacity))
  }

  const positions = single[1]!
  const writePositionA = positionWriter(positions)

  function empty(store: Store): void {
    if (store.length > 0) onFull(store)
    store.length = store.openUsed = 0
  }

  function finish(store: Store, row: number, words: Int32Array, present: number): void {
    const w0 = words[0]!
    const { data } = store
    store.order[row] = order++
    data[row] = w0 >>> 18
    data[row + stride] = (w0 >>> 16) & 3
    data[row + 2 * stride] = ((w0 & 0xffff) << 14) | (words[1]! >>> 10)
    data[row + 3 * stride] = present
    if (++store.length === store.capacity || store.openUsed > store.capacity * OPEN_WORDS) empty(store)
  }

  return {
    decode(words, chars, fill) {
      const type = words[0]! >>> 18
      // nearly all there are: a class A position, whole
      if (chars === 28 && fill === 0 && type >= 1 && type <= 3) {
        const row = positions.length
        writePositionA(words, row)
        positions.order[row] = order++
        if (++positions.length === capacity) empty(positions)
        return null
      }
      if (chars === 0) return 'bits'
      let store = single[type]
      if (!store || chars * 6 < store.plan.least || chars * 6 > store.plan.most) {
        const plan = findPlan(words, chars, fill)
        if (typeof plan === 'string') return plan
        store = storeOf(plan)
      }
      const { plan } = store
      const bits = chars * 6 - fill
      const row = store.length
      let present = plan.fields.length
      if (bits < plan.whole || plan.tail > 0) present = readCut(store, words, bits, row)
      else readWhole(store, words, row)
      if (store.open) keepOpen(store, words, bits, row)
      finish(store, row, words, present)
      return null
    },

    flush() {
      for (const store of stores) if (store) empty(store)
    },
  }
}

const POSITION_FIELDS = PLANS[1]![0]!.fields.length

/** The 168 bits of messages 1, 2 and 3, written out: all the shifts are constants. */
function positionWriter({ data, capacity }: Store): (words: Int32Array, row: number) => void {
  const stride = strideOf(capacity)
  return (words, row) => {
    const w0 = words[0]!
    const w1 = words[1]!
    const w2 = words[2]!
    const w3 = words[3]!
    const w4 = words[4]!
    const w5 = words[5]!
    const w6 = words[6]!
    let at = row
    data[at] = w0 >>> 18 // type
    data[(at += stride)] = (w0 >>> 16) & 3 // repeat
    data[(at += stride)] = ((w0 & 0xffff) << 14) | (w1 >>> 10) // mmsi
    data[(at += stride)] = POSITION_FIELDS // present
    data[(at += stride)] = (w1 >>> 6) & 15 // status
    data[(at += stride)] = (((w1 & 0x3f) << 26) | ((w2 >>> 22) << 24)) >> 24 // turn
    data[(at += stride)] = (w2 >>> 12) & 0x3ff // speed
    data[(at += stride)] = (w2 >>> 11) & 1 // accuracy
    data[(at += stride)] = (((w2 & 0x7ff) << 21) | ((w3 >>> 7) << 4)) >> 4 // lon
    data[(at += stride)] = (((w3 & 0x7f) << 25) | ((w4 >>> 4) << 5)) >> 5 // lat
    data[(at += stride)] = ((w4 & 15) << 8) | (w5 >>> 16) // course
    data[(at += stride)] = (w5 >>> 7) & 0x1ff // heading
    data[(at += stride)] = (w5 >>> 1) & 63 // second
    data[(at += stride)] = ((w5 & 1) << 1) | (w6 >>> 23) // maneuver
    data[(at += stride)] = (w6 >>> 20) & 7 // spare
    data[(at += stride)] = (w6 >>> 19) & 1 // raim
    data[at + stride] = w6 & 0x7ffff // radio
  }
}

/** All fields, none of them cut. */
function readWhole({ data, steps, longSteps, textSteps }: Store, words: Int32Array, row: number): void {
  for (let k = 0; k < steps.length; k += STEP) {
    // a shift takes no more than the five lowest bits
    const shifts = steps[k + 2]!
    const word = shifts >>> 20
    const value =
      (((words[word]! & steps[k + 1]!) << shifts) >>> (shifts >>> 5)) | (words[word + 1]! >>> (shifts >>> 10))
    const sign = shifts >>> 15
    data[steps[k]! + row] = (value << sign) >> sign
  }
  for (let k = 0; k < longSteps.length; k++) {
    const { column, word, head, more, sign } = longSteps[k]!
    const value =
      ((words[word]! & head) << more) | (words[word + 1]! << (more - 24)) | (words[word + 2]! >>> (48 - more))
    data[column + row] = (value << sign) >> sign
  }
  for (let k = 0; k < textSteps.length; k++) {
    const { at, chars, bytes } = textSteps[k]!
    writeText(words, at, chars, bytes, row * chars)
  }
}

const ENDS = 0x8000
/** Two six-bit characters to two bytes of ASCII, the first one low; with ENDS when one of them is an `@`. */
const ASCII_PAIRS = Uint16Array.from({ length: 4096 }, (_, pair) => {
  const [one, two] = [pair >> 6, pair & 63]
  return one === 0 || two === 0 ? ENDS : asciiOf(one) | (asciiOf(two) << 8)
})

function asciiOf(six: number): number {
  return six < 32 ? six + 64 : six
}

/** Four characters at a time, as they share a word or two; nothing counts behind the first `@`. */
function writeText(words: Int32Array, at: number, chars: number, bytes: Uint8Array, to: number): void {
  const end = to + chars
  let p = to
  let i = (at / 24) | 0
  const shift = at - i * 24
  while (p + 4 <= end) {
    // with no shift the second word is shifted out
    const four = ((words[i]! << shift) | (words[i + 1]! >>> (24 - shift))) & 0xffffff
    const one = ASCII_PAIRS[four >>> 12]!
    const two = ASCII_PAIRS[four & 0xfff]!
    if (((one | two) & ENDS) !== 0) break
    bytes[p] = one
    bytes[p + 1] = one >>> 8
    bytes[p + 2] = two
    bytes[p + 3] = two >>> 8
    p += 4
    i++
  }
  for (; p < end; p++) {
    const six = uint(words, at + 6 * (p - to), 6)
    if (six === 0) break
    bytes[p] = asciiOf(six)
  }
  while (p < end) bytes[p++] = 0
}

/** Fields of a message that ends among them, or whose last ones count from its end. Returns how many it holds. */
function readCut(store: Store, words: Int32Array, bits: number, row: number): number {
  const { plan, columns, data } = store
  const { kinds, at, widths, optional, rest } = plan
  let present = columns.length
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k]
    const place = at[k]!
    const whole = widths[k]!
    if (column === undefined) continue
    if (place >= 0 && place + whole <= bits && typeof column === 'number') {
      data[column + row] = kinds[k] === KIND.int ? int(words, place, whole) : uint(words, place, whole)
      continue
    }
    const from = place < 0 ? Math.max(HEADER_BITS, bits + place) : place
    const width = Math.max(0, Math.min(whole, bits - from))
    let value = 0
    if (typeof column !== 'number') {
      const { chars, bytes } = column
      const there = (width / 6) | 0
      writeText(words, from, there, bytes, row * chars)
      bytes.fill(0, row * chars + there, (row + 1) * chars)
      value = there
    } else {
      if (width > 0)
        value = width === whole && kinds[k] === KIND.int ? int(words, from, width) : uint(words, from, width)
      if (width < whole && !rest[k]) {
        value <<= whole - width
        if (kinds[k] === KIND.int) value = (value << (32 - whole)) >> (32 - whole)
      }
      data[column + row] = value
    }
    if (width < whole && value === 0 && optional[k] && k < present) present = k
  }
  return present
}

/** Keeps the bits that have no column of their own: those of the open field, or of a group. */
function keepOpen(store: Store, words: Int32Array, bits: number, row: number): void {
  const { plan, openField } = store
  const open = store.open!
  const from = openField >= 0 ? plan.at[openField]! : plan.whole
  const width = Math.max(0, bits - plan.tail - from)
  const out = open.words
  let used = store.openUsed
  open.at[row] = used
  open.bits[row] = width
  for (let i = 0; i < width; i += 24) {
    const there = Math.min(24, width - i)
    out[used++] = uint(words, from + i, there) << (24 - there)
  }
  store.openUsed = used
}
