// State to bytes and back. State is plain: numbers, strings, arrays, records, Maps, Sets and typed arrays. Numbers go
// into JSON, typed arrays beside it as raw bytes without their trailing zeros, so that an empty table costs nothing.
//
// Layout: "DWSNAP01", u32 length of the JSON, JSON (UTF-8), then the arrays, each on an 8-byte boundary. Little endian.

import { UsageError } from '../model/errors.js'

const MAGIC = 'DWSNAP01'

const TYPED = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array }
type TypedName = keyof typeof TYPED
type Typed = InstanceType<(typeof TYPED)[TypedName]>

/** Tags in the JSON: typed array, Map, Set, and numbers that JSON has no word for. */
type Tagged =
  | { $t: TypedName; n: number; at: number; bytes: number }
  | { $m: unknown[] }
  | { $s: unknown[] }
  | { $n: string }

export function pack(value: unknown): Uint8Array {
  const arrays: Uint8Array[] = []
  let size = 0

  function encode(v: unknown): unknown {
    if (typeof v === 'number')
      return Number.isFinite(v) && !Object.is(v, -0) ? v : { $n: Object.is(v, -0) ? '-0' : String(v) }
    if (v === null || typeof v !== 'object') return v
    if (ArrayBuffer.isView(v)) return encodeTyped(v as Typed)
    if (v instanceof Map) return { $m: [...v].map(([key, item]) => [encode(key), encode(item)]) }
    if (v instanceof Set) return { $s: [...v].map(encode) }
    if (Array.isArray(v)) return v.map(encode)
    return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, encode(item)]))
  }

  function encodeTyped(v: Typed): Tagged {
    const raw = new Uint8Array(v.buffer, v.byteOffset, v.byteLength)
    const used = usedBytes(raw)
    const at = size
    arrays.push(raw.subarray(0, used))
    size += (used + 7) & ~7
    return { $t: v.constructor.name as TypedName, n: v.length, at, bytes: used }
  }

  const json = new TextEncoder().encode(JSON.stringify(encode(value)))
  const start = (12 + json.length + 7) & ~7
  const out = new Uint8Array(start + size)
  out.set(new TextEncoder().encode(MAGIC), 0)
  new DataView(out.buffer).setUint32(8, json.length, true)
  out.set(json, 12)
  let at = start
  for (const raw of arrays) {
    out.set(raw, at)
    at += (raw.length + 7) & ~7
  }
  return out
}

/** Length without the zeros at the end, looked for word by word: an empty table is a hundred megabytes of them. */
function usedBytes(raw: Uint8Array): number {
  let used = raw.length
  if (raw.byteOffset % 4 === 0 && used % 4 === 0) {
    const words = new Uint32Array(raw.buffer, raw.byteOffset, used / 4)
    let n = words.length
    while (n > 0 && words[n - 1] === 0) n--
    used = n * 4
  }
  while (used > 0 && raw[used - 1] === 0) used--
  return used
}

/** @throws UsageError when the bytes are no snapshot of this version, or cut short */
export function unpack(bytes: Uint8Array): unknown {
  const text = new TextDecoder()
  if (bytes.length < 12 || text.decode(bytes.subarray(0, 8)) !== MAGIC) {
    throw new UsageError('snapshot: not a darkwake snapshot of this version')
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true)
  const start = (12 + length + 7) & ~7
  if (bytes.length < start) throw new UsageError('snapshot: cut short')

  function decode(v: unknown): unknown {
    if (v === null || typeof v !== 'object') return v
    if (Array.isArray(v)) return v.map(decode)
    const tagged = v as Partial<Record<'$t' | '$m' | '$s' | '$n', never>>
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
    if (start + at + used > bytes.length) throw new UsageError('snapshot: cut short')
    const array = new TYPED[$t](n)
    new Uint8Array(array.buffer).set(bytes.subarray(start + at, start + at + used))
    return array
  }

  return decode(JSON.parse(text.decode(bytes.subarray(12, 12 + length))))
}
