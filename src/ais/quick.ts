// The quick way through a sentence: found whole, its checksum right and its payload unpacked, in one pass over its bytes, four
// at a time. Whatever is not of the usual form, or wrong in any way, is left to `readSentence` and `unpack`, which say the same
// of what is taken here: tests hold one against the other. Checksum and table by the same loads took a quarter off what the
// reader costs, and 12 % off whole archives decoded in full, over one function after the other (npm run bench -- peers).

import { ILLEGAL, MAX_PAYLOAD_CHARS, PAIRS } from './bits.js'
import { HEX, NO_SEQUENCE, channelOf, type Sentence } from './sentence.js'
import { MAX_STATION_BYTES, type Tag } from './tagblock.js'
import { readEpoch } from './times.js'

/** Bytes of the most common sentence, without its line end. */
export const PLAIN_BYTES = 47
/** Characters of its payload. */
export const PLAIN_CHARS = 28

const VDM = 0x2c4d4456 // `VDM,`, read little-endian
const ONE_OF_ONE = 0x2c312c31 // `1,1,`

/**
 * Is the most common sentence of all at `p`, whole and with the right checksum: `!ccVDM,1,1,,A,` + 28 characters + `,0*hh`? Then
 * its payload is in the first seven words.
 * @param view over the same bytes; PLAIN_BYTES of them from `p` on must be there
 */
export function readPlain(view: DataView, bytes: Uint8Array, p: number, words: Int32Array): boolean {
  if (view.getInt32(p + 3, true) !== VDM || view.getInt32(p + 7, true) !== ONE_OF_ONE) return false
  if (bytes[p + 11] !== 44 || bytes[p + 13] !== 44 || bytes[p + 42] !== 44 || bytes[p + 44] !== 42)
    return false
  const fill = bytes[p + 43]!
  const channel = bytes[p + 12]!
  if (fill < 48 || fill > 53 || channel < 48 || channel > 0x5a) return false
  const head = view.getInt32(p + 1, true)
  const a = view.getInt32(p + 14, true)
  const b = view.getInt32(p + 18, true)
  const c = view.getInt32(p + 22, true)
  const d = view.getInt32(p + 26, true)
  const e = view.getInt32(p + 30, true)
  const f = view.getInt32(p + 34, true)
  const g = view.getInt32(p + 38, true)
  // cc and `VDM,1,1,`, the comma, the channel, then the payload
  let sum = head ^ view.getInt32(p + 5, true) ^ view.getInt32(p + 9, true)
  sum ^= a ^ b ^ c ^ d ^ e ^ f ^ g
  sum ^= sum >>> 16
  sum ^= sum >>> 8
  // the commas before and behind the payload make nothing of each other
  sum = (sum ^ fill) & 255
  if (sum !== ((HEX[bytes[p + 45]!]! << 4) | HEX[bytes[p + 46]!]!)) return false

  const a0 = PAIRS[a & 0xffff]!
  const a1 = PAIRS[a >>> 16]!
  const b0 = PAIRS[b & 0xffff]!
  const b1 = PAIRS[b >>> 16]!
  const c0 = PAIRS[c & 0xffff]!
  const c1 = PAIRS[c >>> 16]!
  const d0 = PAIRS[d & 0xffff]!
  const d1 = PAIRS[d >>> 16]!
  const e0 = PAIRS[e & 0xffff]!
  const e1 = PAIRS[e >>> 16]!
  const f0 = PAIRS[f & 0xffff]!
  const f1 = PAIRS[f >>> 16]!
  const g0 = PAIRS[g & 0xffff]!
  const g1 = PAIRS[g >>> 16]!
  // a talker of other characters is rare, and may hold what ends a sentence
  if (
    ((PAIRS[head & 0xffff]! | a0 | a1 | b0 | b1 | c0 | c1 | d0 | d1 | e0 | e1 | f0 | f1 | g0 | g1) &
      ILLEGAL) !==
    0
  )
    return false
  words[0] = (a0 << 12) | a1
  words[1] = (b0 << 12) | b1
  words[2] = (c0 << 12) | c1
  words[3] = (d0 << 12) | d1
  words[4] = (e0 << 12) | e1
  words[5] = (f0 << 12) | f1
  words[6] = (g0 << 12) | g1
  words[7] = words[8] = 0
  return true
}

/**
 * Is a whole sentence of the usual form at `p`, with the right checksum and a payload of legal characters? Then `out` is what
 * `readSentence` makes of it and `words` what `unpack` does.
 * @param view over the same bytes, `end` of them
 */
export function readUsual(
  view: DataView,
  bytes: Uint8Array,
  p: number,
  end: number,
  out: Sentence,
  words: Int32Array,
): boolean {
  if (p + 20 > end || view.getInt32(p + 3, true) !== VDM || bytes[p + 8] !== 44 || bytes[p + 10] !== 44)
    return false
  const total = bytes[p + 7]! - 48
  const number = bytes[p + 9]! - 48
  if (!(total >= 1 && total <= 9 && number >= 1 && number <= total)) return false
  let q = p + 11
  let sequence = NO_SEQUENCE
  let c = bytes[q++]!
  // the eight bytes `ccVDM,n,`; then `n,` folded in by hand
  const head = view.getInt32(p + 1, true)
  if ((PAIRS[head & 0xffff]! & ILLEGAL) !== 0) return false
  let sum = head ^ view.getInt32(p + 5, true) ^ (44 << 8) ^ bytes[p + 9]!
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
  let w = 0
  const last = Math.min(end, payload + MAX_PAYLOAD_CHARS) - 4
  while (q <= last) {
    const four = view.getInt32(q, true)
    const high = PAIRS[four & 0xffff]!
    const low = PAIRS[four >>> 16]!
    if (((high | low) & ILLEGAL) !== 0) break
    sum ^= four
    words[w++] = (high << 12) | low
    q += 4
  }
  sum ^= sum >>> 16
  sum ^= sum >>> 8
  // up to three characters that are left
  let rest = 0
  let room = 24
  for (; room > 6 && q < end; q++) {
    c = bytes[q]!
    const pair = PAIRS[c | (48 << 8)]!
    if ((pair & ILLEGAL) !== 0) break
    sum ^= c
    room -= 6
    rest |= (pair >> 6) << room
  }
  words[w] = rest
  words[w + 1] = words[w + 2] = 0

  if (q + 5 > end || q - payload > MAX_PAYLOAD_CHARS) return false
  const fill = bytes[q + 1]! - 48
  if (bytes[q] !== 44 || !(fill >= 0 && fill <= 5) || bytes[q + 2] !== 42) return false
  sum = (sum ^ 44 ^ (fill + 48)) & 255
  if (sum !== ((HEX[bytes[q + 3]!]! << 4) | HEX[bytes[q + 4]!]!)) return false
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

const S_COLON = 0x3a73 // `s:`, read little-endian
const C_COLON = 0x3a632c00 // `,c:`
/** Bytes of `\\s:x,c:1234567890*hh\\` beside the name. */
const TAG_BYTES = 20

/** The digits of the last time, as they were read, and what they mean: sentences heard in one second tell the same. */
const lastDigits = new Int32Array(3)
const lastTime = new Float64Array(1).fill(NaN)

/**
 * Is the most common TAG block at `p`, with the right checksum: `\\s:name,c:1234567890*hh\\`? Then `tag` is what `readTag` makes of
 * it. A fifth off reading a feed in which every line has one.
 * @param view over the same bytes, `end` of them
 * @returns where its closing backslash is, or −1
 */
export function readPlainTag(view: DataView, bytes: Uint8Array, p: number, end: number, tag: Tag): number {
  if (p + TAG_BYTES + 1 > end || view.getUint16(p + 1, true) !== S_COLON) return -1
  let sum = S_COLON
  let q = p + 3
  // where a name must have ended for the rest to be here
  const last = Math.min(end - 17, q + MAX_STATION_BYTES)
  for (; q <= last; q++) {
    const c = bytes[q]!
    if (c <= 44 || c === 0x5c) break
    sum ^= c
  }
  if (q > last || q === p + 3 || view.getInt32(q, true) << 8 !== C_COLON) return -1
  const a = view.getInt32(q + 3, true)
  const b = view.getInt32(q + 7, true)
  const c = view.getUint16(q + 11, true)
  if (bytes[q + 13] !== 42 || bytes[q + 16] !== 0x5c) return -1
  sum ^= C_COLON ^ a ^ b ^ c
  sum ^= sum >>> 16
  sum = (sum ^ (sum >>> 8)) & 255
  if (sum !== ((HEX[bytes[q + 14]!]! << 4) | HEX[bytes[q + 15]!]!)) return -1
  if (a !== lastDigits[0] || b !== lastDigits[1] || c !== lastDigits[2]) {
    const t = readEpoch(bytes, q + 3, q + 13)
    if (t !== t) return -1
    lastDigits[0] = a
    lastDigits[1] = b
    lastDigits[2] = c
    lastTime[0] = t
  }
  tag.t = lastTime[0]!
  tag.station = p + 3
  tag.stationLength = q - p - 3
  tag.group = tag.groupTotal = 0
  return q + 16
}
