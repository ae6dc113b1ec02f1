// State to bytes and back. State is plain: numbers, strings, arrays, records, Maps, Sets and typed arrays. Numbers go
// into JSON, typed arrays beside it as raw bytes without their trailing zeros, so that an empty table costs nothing.
//
// Taking the state and making bytes of it are two things: what is changed in place is copied at once into one buffer that
// is kept for the next time, and all else waits until somebody asks for the next piece. So a feed stands still for some
// ten milliseconds, not for as long as it takes to write a hundred megabytes.
//
// Layout: "DWSNAP03", u32 length of the JSON, JSON (UTF-8), then the arrays, each on an 8-byte boundary, then lines of
// text to the end. Little endian.

import { UsageError } from '../model/errors.js'
import { fromTable, tableOf, type Shape } from './snapshot-table.js'

const MAGIC = 'DWSNAP03'
const HEAD = 12
/** Lines that are put into text at a time. */
const LINES = 1024

const TYPED = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array }
type TypedName = keyof typeof TYPED
type Typed = InstanceType<(typeof TYPED)[TypedName]>

/** Tags in the JSON: typed array, Map, Set, the same in columns, and numbers that JSON has no word for. */
type Tagged =
  | { $c: 'Map' | 'Set'; shape: Shape | null; rows: Tagged }
  | { $t: TypedName; n: number; at: number; bytes: number }
  | { $m: unknown[] }
  | { $s: unknown[] }
  | { $n: string }

/** A state as it was at one moment. */
export interface Capture {
  /** Its bytes in order. They hold until done() is called; each piece takes a few milliseconds at most to make. */
  pieces(): Generator<Uint8Array, void, undefined>
  /** The bytes are needed no more: their memory is used again. */
  done(): void
}

export interface CaptureOptions {
  /** Typed arrays that will not be changed before done(): they are not copied. */
  lent?: readonly Typed[]
  /** Values that will not be changed, a line of JSON each; undefined is an empty line. */
  lines?: readonly unknown[]
}

/** Makes a function that takes a state. One capture at a time has the use of its buffer. */
export function createPacker(): (value: unknown, options?: CaptureOptions) => Capture {
  let kept = new Uint8Array(0)
  let taken = false
  return (value, { lent = [], lines = [] } = {}) => {
    const { json, arrays } = encode(value)
    const spared = new Set<ArrayBufferLike>(lent.map(({ buffer }) => buffer))
    const copied = arrays.filter(({ buffer }) => !spared.has(buffer))
    const size = copied.reduce((sum, { length }) => sum + padded(length), 0)
    const own = !taken
    if (own && kept.length < size) kept = new Uint8Array(size + (size >> 3))
    const buffer = own ? kept : new Uint8Array(size)
    if (own) taken = true
    let at = 0
    const held = arrays.map(array => {
      if (spared.has(array.buffer)) return array
      const copy = buffer.subarray(at, at + array.length)
      copy.set(array)
      at += padded(array.length)
      return copy
    })
    return {
      *pieces() {
        const encoder = new TextEncoder()
        const text = encoder.encode(json)
        const head = new Uint8Array(padded(HEAD + text.length))
        head.set(encoder.encode(MAGIC), 0)
        new DataView(head.buffer).setUint32(MAGIC.length, text.length, true)
        head.set(text, HEAD)
        yield head
        for (const array of held) {
          yield array
          if (array.length % 8 !== 0) yield new Uint8Array(padded(array.length) - array.length)
        }
        for (let from = 0; from < lines.length; from += LINES) {
          const some = lines.slice(from, from + LINES)
          yield encoder.encode(
            some.map(line => `${line === undefined ? '' : JSON.stringify(line)}\n`).join(''),
          )
        }
      },
      done() {
        if (own) taken = false
      },
    }
  }
}

export function pack(value: unknown, options?: CaptureOptions): Uint8Array {
  return joined(createPacker()(value, options))
}

/** All bytes of a capture, which is done with. */
export function joined(capture: Capture): Uint8Array {
  const pieces = [...capture.pieces()]
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  capture.done()
  return bytes
}

const padded = (length: number): number => (length + 7) & ~7

/** The JSON of a state, and the bytes of its arrays as they are in use. */
function encode(value: unknown): { json: string; arrays: Uint8Array[] } {
  const arrays: Uint8Array[] = []
  let size = 0

  function plain(v: unknown): unknown {
    if (typeof v === 'number')
      return Number.isFinite(v) && !Object.is(v, -0) ? v : { $n: Object.is(v, -0) ? '-0' : String(v) }
    if (v === null || typeof v !== 'object') return v
    if (ArrayBuffer.isView(v)) return typed(v as Typed)
    if (v instanceof Map || v instanceof Set) {
      const table = tableOf(v)
      if (table)
        return { $c: v instanceof Map ? 'Map' : 'Set', shape: table.shape, rows: typed(table.rows) } as Tagged
    }
    if (v instanceof Map) return { $m: [...v].map(([key, item]) => [plain(key), plain(item)]) }
    if (v instanceof Set) return { $s: [...v].map(plain) }
    if (Array.isArray(v)) return v.map(plain)
    return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, plain(item)]))
  }

  function typed(v: Typed): Tagged {
    const raw = new Uint8Array(v.buffer, v.byteOffset, v.byteLength)
    const used = usedBytes(raw)
    const at = size
    arrays.push(raw.subarray(0, used))
    size += padded(used)
    return { $t: v.constructor.name as TypedName, n: v.length, at, bytes: used }
  }

  return { json: JSON.stringify(plain(value)), arrays }
}

/** Length without the zeros at the end, looked for 32 bytes at a time: an empty table is a hundred megabytes of them. */
function usedBytes(raw: Uint8Array): number {
  let used = raw.length
  if (raw.byteOffset % 4 === 0 && used % 4 === 0) {
    const words = new Uint32Array(raw.buffer, raw.byteOffset, used / 4)
    let n = words.length
    for (; n >= 8; n -= 8) {
      const low = words[n - 1]! | words[n - 2]! | words[n - 3]! | words[n - 4]!
      if ((low | words[n - 5]! | words[n - 6]! | words[n - 7]! | words[n - 8]!) !== 0) break
    }
    while (n > 0 && words[n - 1] === 0) n--
    used = n * 4
  }
  while (used > 0 && raw[used - 1] === 0) used--
  return used
}

export function unpack(bytes: Uint8Array): unknown {
  return unpackWithLines(bytes).value
}

/** @throws UsageError when the bytes are no snapshot of this version, or cut short */
export function unpackWithLines(bytes: Uint8Array): { value: unknown; lines: unknown[] } {
  const text = new TextDecoder()
  if (bytes.length < HEAD || text.decode(bytes.subarray(0, 8)) !== MAGIC) {
    throw new UsageError('snapshot: not a darkwake snapshot of this version')
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true)
  const start = padded(HEAD + length)
  if (bytes.length < start) throw new UsageError('snapshot: cut short')

  /** Where the arrays end. */
  let end = 0

  function decode(v: unknown): unknown {
    if (v === null || typeof v !== 'object') return v
    if (Array.isArray(v)) return v.map(decode)
    const tagged = v as Partial<Record<'$t' | '$m' | '$s' | '$n' | '$c', never>>
    if (tagged.$c !== undefined) {
      const { shape, rows } = v as { shape: Shape | null; rows: never }
      return fromTable(shape, decodeTyped(rows) as Float64Array)
    }
    if (tagged.$n !== undefined) return Number(tagged.$n)
    if (tagged.$m !== undefined)
      return new Map((tagged.$m as [unknown, unknown][]).map(([key, item]) => [decode(key), decode(item)]))
    if (tagged.$s !== undefined) return new Set((tagged.$s as unknown[]).map(decode))
    if (tagged.$t !== undefined)
      return decodeTyped(v as { $t: TypedName; n: number; at: number; bytes: number })
    return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, decode(item)]))
  }

  function decodeTyped({
    $t,
    n,
    at,
    bytes: used,
  }: {
    $t: TypedName
    n: number
    at: number
    bytes: number
  }): Typed {
    end = Math.max(end, at + padded(used))
    if (start + end > bytes.length) throw new UsageError('snapshot: cut short')
    const array = new TYPED[$t](n)
    new Uint8Array(array.buffer).set(bytes.subarray(start + at, start + at + used))
    return array
  }

  const value = decode(JSON.parse(text.decode(bytes.subarray(HEAD, HEAD + length))))
  const lines = text
    .decode(bytes.subarray(start + end))
    .split('\n')
    .slice(0, -1)
  return { value, lines: lines.map(line => (line === '' ? undefined : (JSON.parse(line) as unknown))) }
}
