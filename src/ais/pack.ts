// The way back, by the same tables: any raw message to the characters of its payload.

import { MAX_PAYLOAD_CHARS, sixBitChar } from './bits.js'
import type { Field } from './field.js'
import { planFor } from './plan.js'
import type { RawMessage } from './tables.js'

/** Bits written one behind the other, six to a byte. */
export interface BitWriter {
  chars: Uint8Array
  length: number
}

export const createBitWriter = (chars = MAX_PAYLOAD_CHARS): BitWriter => ({
  chars: new Uint8Array(chars),
  length: 0,
})

export function clearBits(bits: BitWriter): void {
  bits.chars.fill(0, 0, Math.ceil(bits.length / 6))
  bits.length = 0
}

/** Appends `width` ≤ 30 bits; a negative value in two's complement. What does not fit the buffer is not written. */
export function putBits(bits: BitWriter, width: number, value: number): void {
  const { chars } = bits
  let left = width
  let { length } = bits
  while (left > 0) {
    const at = (length / 6) | 0
    const room = 6 - (length - at * 6)
    const take = left < room ? left : room
    left -= take
    chars[at]! |= ((value >> left) & ((1 << take) - 1)) << (room - take)
    length += take
  }
  bits.length = length
}

/** Six-bit text, filled up with `@`; what the alphabet does not have becomes a blank. */
export function putText(bits: BitWriter, chars: number, value = ''): void {
  const upper = value.toUpperCase()
  for (let i = 0; i < chars; i++) {
    const c = i < upper.length ? upper.charCodeAt(i) : 64
    putBits(bits, 6, c >= 64 && c < 96 ? c - 64 : c >= 32 && c < 64 ? c : 32)
  }
}

/** The characters of a payload and how many bits of the last one are none of the message. */
export function payloadOf(bits: BitWriter): { payload: string; fill: number } {
  const chars = Math.ceil(bits.length / 6)
  let payload = ''
  for (let i = 0; i < chars; i++) payload += String.fromCharCode(sixBitChar(bits.chars[i]!))
  return { payload, fill: chars * 6 - bits.length }
}

const scratch = createBitWriter()

/**
 * Encodes a message of any type. Optional fields may be left out from the end; `decodeMessage` gives back what was put in.
 * @throws RangeError when a field is missing, or a value does not fit it
 */
export function encodeMessage(raw: RawMessage): { payload: string; fill: number } {
  writeMessage(raw, scratch)
  return payloadOf(scratch)
}

/** Writes the message into `bits`, whatever was there. */
export function writeMessage(raw: RawMessage, bits: BitWriter): void {
  clearBits(bits)
  const plan = planFor(raw)
  putInteger(bits, 6, raw.type, false, 'type')
  putInteger(bits, 2, raw.repeat, false, 'repeat')
  putInteger(bits, 30, raw.mmsi, false, 'mmsi')
  const values = raw as unknown as Record<string, unknown>
  writeFields(bits, plan.fields, values, plan.tail)
  if (!plan.group) return
  const all = (values[plan.group.name] ?? []) as Record<string, unknown>[]
  for (const one of all) writeFields(bits, plan.group.plan.fields, one, 0)
}

function writeFields(
  bits: BitWriter,
  fields: readonly Field[],
  values: Record<string, unknown>,
  tail: number,
): void {
  let ended = ''
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined && field.optional) {
      // with fields behind it that count from the end, an open field may be empty
      if (!(field.width === 0 && tail > 0)) ended ||= field.name
      continue
    }
    if (value === undefined) throw new RangeError(`${field.name}: missing`)
    if (ended) throw new RangeError(`${field.name}: given, but ${ended} before it is not`)
    if (field.kind === 'text') putWholeText(bits, field, value)
    else if (field.kind === 'data') putData(bits, field.name, value)
    else putInteger(bits, field.width, value, field.kind === 'int', field.name)
  }
}

function putInteger(bits: BitWriter, width: number, value: unknown, signed: boolean, name: string): void {
  const low = signed ? -(1 << (width - 1)) : 0
  const high = (1 << (signed ? width - 1 : width)) - 1
  const whole = (value as number) | 0
  if (whole !== value || whole < low || whole > high)
    throw new RangeError(`${name}: expected an integer ${low}…${high}, got ${String(value)}`)
  putBits(bits, width, whole)
}

function room(bits: BitWriter, wanted: number, name: string): void {
  if (bits.length + wanted > bits.chars.length * 6) throw new RangeError(`${name}: too long for a message`)
}

function putWholeText(bits: BitWriter, field: Field, value: unknown): void {
  if (typeof value !== 'string' || /[^ -_]|@/.test(value))
    throw new RangeError(`${field.name}: expected capitals, digits and signs of ASCII 32…95 but @`)
  const chars = field.width === 0 ? value.length : field.width / 6
  if (value.length > chars)
    throw new RangeError(`${field.name}: expected at most ${chars} characters, got ${value.length}`)
  room(bits, chars * 6, field.name)
  putText(bits, chars, value)
}

function putData(bits: BitWriter, name: string, value: unknown): void {
  const [, count = '', digits = ''] = /^(\d{1,5}):((?:[0-9a-f]{2})*)$/.exec(String(value)) ?? []
  const width = Number(count)
  if (count === '' || digits.length !== Math.ceil(width / 8) * 2)
    throw new RangeError(`${name}: expected <bits>:<hex>, got ${String(value)}`)
  room(bits, width, name)
  for (let i = 0; i < width; i += 8) {
    const have = Math.min(8, width - i)
    putBits(bits, have, parseInt(digits.slice(i / 4, i / 4 + 2), 16) >> (8 - have))
  }
}
