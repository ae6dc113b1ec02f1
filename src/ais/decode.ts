// Any message of ITU-R M.1371-5, from its payload to a plain object of the integers sent, by the tables of tables.ts.
// Nothing is interpreted here: see scale.ts for units, gpsd.ts for gpsd's JSON.

import type { RejectReason } from '../model/report.js'
import { MAX_PAYLOAD_CHARS, PAYLOAD_WORDS, uint, unpack } from './bits.js'
import { HEADER_BITS, KNOWN_APPLICATIONS, PLANS, type Plan } from './plan.js'
import type { RawValue } from './field.js'
import type { RawMessage } from './tables.js'

const scratchWords = new Int32Array(PAYLOAD_WORDS)
const scratchBytes = new Uint8Array(MAX_PAYLOAD_CHARS)

/**
 * Decodes one message.
 * @param payload its armoured characters, the parts joined, as in the sentences: ASCII bytes or a string
 * @param fill bits of the last character that are none of the message, 0…5
 * @returns the raw message, or why it is none. Never throws, whatever the bytes.
 */
export function decodeMessage(payload: Uint8Array | string, fill = 0): RawMessage | RejectReason {
  const chars = payload.length
  if (chars > MAX_PAYLOAD_CHARS) return 'payload'
  let bytes = payload
  if (typeof bytes === 'string') {
    for (let i = 0; i < chars; i++) {
      const c = bytes.charCodeAt(i)
      scratchBytes[i] = c < 128 ? c : 0
    }
    bytes = scratchBytes
  }
  if (!unpack(bytes, 0, chars, scratchWords)) return 'payload'
  return decodeWords(scratchWords, chars, fill)
}

/**
 * The same for a payload that is unpacked already.
 * @param words 24 bits each (see `unpack`), @param chars how many payload characters they hold
 */
export function decodeWords(words: Int32Array, chars: number, fill = 0): RawMessage | RejectReason {
  const plan = findPlan(words, chars, fill)
  if (typeof plan === 'string') return plan
  const out: Record<string, unknown> = {
    type: words[0]! >>> 18,
    repeat: (words[0]! >>> 16) & 3,
    mmsi: ((words[0]! & 0xffff) << 14) | (words[1]! >>> 10),
  }
  const bits = Math.max(HEADER_BITS, chars * 6 - fill)
  readFields(words, bits, plan, 0, out)
  if (out['name_ext'] !== undefined) out['name'] = wholeName(words, String(out['name']))
  const { group } = plan
  if (group) {
    const all: Record<string, unknown>[] = []
    for (let at = plan.whole; at + group.place <= bits; at += group.bits) {
      const one: Record<string, unknown> = {}
      readFields(words, bits, group.plan, at - HEADER_BITS, one)
      all.push(one)
    }
    out[group.name] = all
  }
  return out as unknown as RawMessage
}

let whenWords: Int32Array = scratchWords
let whenBits = 0
let whenPlan: Plan | undefined
/** A number of the message that a layout's condition asks for. */
function peek(name: string): number | undefined {
  const k = whenPlan!.names.indexOf(name)
  const at = whenPlan!.at[k]!
  const width = whenPlan!.widths[k]!
  return at + width <= whenBits ? uint(whenWords, at, width) : undefined
}

/** The layout of a message, or why it has none. Fill bits do not count against the least length: encoders disagree on them. */
export function findPlan(words: Int32Array, chars: number, fill: number): Plan | RejectReason {
  if (chars === 0) return 'bits'
  const type = words[0]! >>> 18
  const plans = PLANS[type]!
  if (plans.length === 0) return 'unsupported'
  const sent = chars * 6
  let known = false
  let first = 0
  if (type === 6 || type === 8) {
    const at = type === 6 ? 72 : 40
    // words behind a short message may hold anything: it is too short then for any layout
    if (sent < at + 16 || KNOWN_APPLICATIONS[uint(words, at, 16)] === 0) first = plans.length - 1
  }
  for (let i = first; i < plans.length; i++) {
    const plan = plans[i]!
    const { when } = plan.layout
    if (when) {
      whenWords = words
      whenBits = sent
      whenPlan = plan
      const mmsi = ((words[0]! & 0xffff) << 14) | (words[1]! >>> 10)
      if (!when(peek, mmsi, sent - fill)) continue
    }
    known = true
    if (sent >= plan.least) return sent > plan.most ? 'bits' : plan
  }
  return known || sent < plans[0]!.least ? 'bits' : 'unsupported'
}

/** @param shift bits between the place in the plan and that in the message */
function readFields(
  words: Int32Array,
  bits: number,
  plan: Plan,
  shift: number,
  out: Record<string, unknown>,
): void {
  const { names, kinds, at, widths, optional } = plan
  const count = names.length
  for (let k = 0; k < count; k++) {
    const place = at[k]!
    const from = (place < 0 ? Math.max(HEADER_BITS, bits + place) : place) + shift
    const whole = widths[k]!
    const open = whole === 0
    const width = Math.max(0, open ? bits - from - plan.tail : Math.min(whole, bits - from))
    // what is not there, or nothing but zeros that fill up the last character
    const isMissing = width < whole || (open && width === 0)
    let value: RawValue = 0
    const kind = kinds[k]!
    if (kind === 2) {
      value = rawText(words, from, (width / 6) | 0)
    } else if (kind === 3) {
      if (isMissing) continue
      value = hex(words, from, width)
    } else if (width > 0) {
      value = uint(words, from, width)
      if (width < whole && !plan.rest[k]) value <<= whole - width
      if (kind === 1) value = (value << (32 - whole)) >> (32 - whole)
    }
    if ((isMissing || open) && (value === 0 || value === '') && optional[k]) continue
    out[names[k]!] = value
  }
}

const SIX_BIT = Array.from({ length: 64 }, (_, value) => String.fromCharCode(value < 32 ? value + 64 : value))

/** Six-bit text of `chars` characters up to its first `@`, without the blanks at its end. */
export function rawText(words: Int32Array, from: number, chars: number): string {
  let out = ''
  let blanks = 0
  for (let i = 0; i < chars; i++) {
    const value = uint(words, from + 6 * i, 6)
    if (value === 0) break
    out += SIX_BIT[value]!
    blanks = value === 32 ? blanks + 1 : 0
  }
  return blanks > 0 ? out.slice(0, out.length - blanks) : out
}

/** The name of an aid to navigation that goes on at the end of the message: the blanks at its end are part of it. */
function wholeName(words: Int32Array, name: string): string {
  for (let i = 0; i < 20; i++) if (uint(words, 43 + 6 * i, 6) === 0) return name
  return name.padEnd(20)
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** `<bits>:<hex>`, as gpsd writes bits it does not know: bytes from the first bit on, the last filled up with zeros. */
function hex(words: Int32Array, from: number, width: number): string {
  let out = `${width}:`
  for (let i = 0; i < width; i += 8) {
    const have = Math.min(8, width - i)
    out += HEX[uint(words, from + i, have) << (8 - have)]!
  }
  return out
}
