// One AIS sentence of NMEA 0183 / IEC 61162-1 in bytes: `!AIVDM,total,number,sequence,channel,payload,fill*hh`, as it
// occurs in logs: any talker, garbled or not, either case, VDM (heard) or VDO (own ship), one extra field at the end.

import type { RejectReason } from '../model/report.js'
import { MAX_PAYLOAD_CHARS } from './bits.js'

/** What `readSentence` found; reused for every sentence. */
export interface Sentence {
  /** The two bytes of the talker. */
  talker: number
  /** Sentences of the message, and which one this is, from 1. */
  total: number
  number: number
  /** Sequential message id, 0…99; NO_SEQUENCE when empty. */
  sequence: number
  /** 0 not given, 1 A, 2 B, else the byte as sent. */
  channel: number
  payload: number
  payloadChars: number
  /** Bits of the last character that are none of the message, 0…5. */
  fill: number
  /** Where the sentence ends and its tail begins. Set whatever the outcome. */
  end: number
}

export const NO_SEQUENCE = 100

export const createSentence = (): Sentence => ({
  talker: 0,
  total: 0,
  number: 0,
  sequence: NO_SEQUENCE,
  channel: 0,
  payload: 0,
  payloadChars: 0,
  fill: 0,
  end: 0,
})

/** Is there `!ccVDM,` or `!ccVDO,` at `p`? Two bytes of any kind, `!` or `$`, either case. */
export function isAisHead(bytes: Uint8Array, p: number, end: number): boolean {
  if (p + 7 > end || bytes[p + 6] !== 44) return false
  const c = bytes[p]!
  if (c !== 0x21 && c !== 0x24) return false
  const kind = bytes[p + 5]! | 32
  return (bytes[p + 3]! | 32) === 0x76 && (bytes[p + 4]! | 32) === 0x64 && (kind === 0x6d || kind === 0x6f)
}

/** Value of a hexadecimal digit of either case by its byte; 4096, more than two digits can say, for any other byte. */
const HEX = new Uint16Array(256).fill(4096)
for (let i = 0; i < 16; i++) {
  HEX['0123456789abcdef'.charCodeAt(i)] = HEX['0123456789ABCDEF'.charCodeAt(i)] = i
}

/** The byte that the two hexadecimal digits at `p` say, or −1. */
export function hexByte(bytes: Uint8Array, p: number, end: number): number {
  if (p + 2 > end) return -1
  const value = (HEX[bytes[p]!]! << 4) | HEX[bytes[p + 1]!]!
  return value > 255 ? -1 : value
}

const commas = new Int32Array(8)

/** A field of one or two digits; −1 when empty, −2 when it is anything else, −3 when it has more digits. */
function smallNumber(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return -1
  let value = 0
  for (let p = start; p < end; p++) {
    const c = bytes[p]!
    if (c < 48 || c > 57) return -2
    value = value * 10 + c - 48
  }
  return end - start > 2 ? -3 : value
}

/**
 * Reads the sentence whose head is at `start` (see `isAisHead`).
 * @param end where its line ends
 * @returns null, or why it is refused; `out.end` says where to go on
 */
export function readSentence(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Sentence,
): RejectReason | null {
  let sum = 0
  let fields = 0
  let p = start + 1
  for (; p < end; p++) {
    const c = bytes[p]!
    if (c === 42) break
    // a sentence that was cut off, with the next one in the same line
    if (c === 0x5c || ((c === 0x21 || c === 0x24) && isAisHead(bytes, p, end))) {
      out.end = p
      return 'checksum'
    }
    sum ^= c
    if (c === 44) {
      if (fields < 8) commas[fields] = p
      fields++
    }
  }
  out.end = p
  if (p === end) return 'checksum'
  const said = hexByte(bytes, p + 1, end)
  if (said < 0) return 'checksum'
  out.end = p + 3
  if (said !== sum) return 'checksum'

  if (fields < 5 || fields > 7) return 'malformed'
  const total = smallNumber(bytes, commas[0]! + 1, commas[1]!)
  const number = smallNumber(bytes, commas[1]! + 1, commas[2]!)
  if (total === -2 || total === -1 || number === -2 || number === -1) return 'malformed'
  if (total < 1 || total > 9 || number < 1 || number > total) return 'fragment'
  const sequence = smallNumber(bytes, commas[2]! + 1, commas[3]!)
  if (sequence < -1) return 'malformed'
  const channelAt = commas[3]! + 1
  const channelLength = commas[4]! - channelAt
  if (channelLength > 1) return 'malformed'
  if (fields === 5) return 'payload' // no fill field
  const fillAt = commas[5]! + 1
  const fillEnd = fields > 6 ? commas[6]! : p
  const fill = smallNumber(bytes, fillAt, fillEnd)
  if (fillEnd - fillAt !== 1 || fill < 0 || fill > 5) return 'payload'

  out.talker = (bytes[start + 1]! << 8) | bytes[start + 2]!
  out.total = total
  out.number = number
  out.sequence = sequence === -1 ? NO_SEQUENCE : sequence
  out.channel = channelLength === 0 ? 0 : channelOf(bytes[channelAt]!)
  out.payload = commas[4]! + 1
  out.payloadChars = commas[5]! - out.payload
  out.fill = fill
  return out.payloadChars > MAX_PAYLOAD_CHARS ? 'payload' : null
}

/** 1 for A, 2 for B, else the byte. */
export function channelOf(c: number): number {
  if (c === 0x41 || c === 0x31 || c === 0x61) return 1
  if (c === 0x42 || c === 0x32 || c === 0x62) return 2
  return c
}

const VDM = 0x2c4d4456 // `VDM,`, read little-endian
const ONE_OF_ONE = 0x2c312c31 // `1,1,`

/**
 * Is the most common sentence of all at `p`, whole and with the right checksum: `!ccVDM,1,1,,A,` + 28 characters + `,0*hh`?
 * Nothing but loads, of four bytes where it can; anything else goes through `readSentence`.
 * @param view over the same bytes; 47 of them from `p` on must be there
 */
export function isPlainSentence(view: DataView, bytes: Uint8Array, p: number): boolean {
  if (view.getUint32(p + 3, true) !== VDM || view.getUint32(p + 7, true) !== ONE_OF_ONE) return false
  if (bytes[p + 11] !== 44 || bytes[p + 13] !== 44 || bytes[p + 42] !== 44 || bytes[p + 44] !== 42)
    return false
  const fill = bytes[p + 43]!
  if (fill < 48 || fill > 53) return false
  let sum =
    view.getUint32(p + 1, true) ^
    view.getUint32(p + 5, true) ^
    view.getUint32(p + 9, true) ^
    view.getUint32(p + 13, true) ^
    view.getUint32(p + 17, true) ^
    view.getUint32(p + 21, true) ^
    view.getUint32(p + 25, true) ^
    view.getUint32(p + 29, true) ^
    view.getUint32(p + 33, true) ^
    view.getUint32(p + 37, true)
  sum ^= sum >>> 16
  sum ^= sum >>> 8
  sum = (sum ^ bytes[p + 41]! ^ 44 ^ fill) & 255
  return sum === ((HEX[bytes[p + 45]!]! << 4) | HEX[bytes[p + 46]!]!)
}

const EACH_0 = 0x30303030
const EACH_BACKSLASH = 0x5c5c5c5c
const EACH_1 = 0x01010101
const HIGH_BITS = 0x80808080 | 0

/**
 * Is a whole sentence of the usual form at `p`, with the right checksum? Then `out` is what `readSentence` makes of it; if
 * not, `readSentence` says what is wrong, if anything. The payload is taken in by four characters at a time.
 * @param view over the same bytes, `end` of them
 */
export function isUsualSentence(
  view: DataView,
  bytes: Uint8Array,
  p: number,
  end: number,
  out: Sentence,
): boolean {
  if (p + 20 > end || view.getInt32(p + 3, true) !== VDM || bytes[p + 8] !== 44 || bytes[p + 10] !== 44)
    return false
  const total = bytes[p + 7]! - 48
  const number = bytes[p + 9]! - 48
  if (!(total >= 1 && total <= 9 && number >= 1 && number <= total)) return false
  let q = p + 11
  let sequence = NO_SEQUENCE
  let c = bytes[q++]!
  let sum = view.getInt32(p + 1, true) ^ view.getInt32(p + 5, true) ^ (44 << 8) ^ bytes[p + 9]!
  // the eight bytes above are `ccVDM,n,`; then `n,` folded in by hand
  if (c >= 48 && c <= 57) {
    sum ^= c
    sequence = c - 48
    c = bytes[q++]!
  }
  if (c !== 44) return false
  sum ^= 44
  let channel = 0
  c = bytes[q++]!
  if (c !== 44) {
    // a letter or a digit
    if (c < 48 || c > 0x7a || c === 0x5c) return false
    channel = channelOf(c)
    sum ^= c
    if (bytes[q++] !== 44) return false
  }
  sum ^= 44
  const payload = q
  while (q + 4 <= end) {
    const four = view.getInt32(q, true)
    const slash = four ^ EACH_BACKSLASH
    if ((((four - EACH_0) | four | ((slash - EACH_1) & ~slash)) & HIGH_BITS) !== 0) break
    sum ^= four
    q += 4
  }
  sum ^= sum >>> 16
  sum ^= sum >>> 8
  for (; q < end; q++) {
    c = bytes[q]!
    if (c < 48 || c >= 128 || c === 0x5c) break
    sum ^= c
  }
  const fill = bytes[q + 1]! - 48
  if (q + 5 > end || c !== 44 || !(fill >= 0 && fill <= 5) || bytes[q + 2] !== 42) return false
  sum = (sum ^ 44 ^ (fill + 48)) & 255
  if (sum !== ((HEX[bytes[q + 3]!]! << 4) | HEX[bytes[q + 4]!]!)) return false
  if (q - payload > MAX_PAYLOAD_CHARS) return false
  out.talker = (bytes[p + 1]! << 8) | bytes[p + 2]!
  out.total = total
  out.number = number
  out.sequence = sequence
  out.channel = channel
  out.payload = payload
  out.payloadChars = q - payload
  out.fill = fill
  out.end = q + 5
  return true
}
