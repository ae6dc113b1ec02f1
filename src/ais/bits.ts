// The six-bit alphabet of AIS (ITU-R M.1371-5 annex 8, table 47): a payload character carries six bits. Two characters
// are looked up at once and four of them make a 24-bit word, so that a field costs a shift and a mask, and no string is
// ever made of a payload.

/** Longest payload that is decoded, characters: five slots are 178, but lines in the wild are padded or glued. */
export const MAX_PAYLOAD_CHARS = 1152

/** Room for the words of any payload, plus the slack that is read and written past the end. */
export const PAYLOAD_WORDS = MAX_PAYLOAD_CHARS / 4 + 3

export const ILLEGAL = 0x8000

/** Two characters, as a little-endian pair of bytes, to twelve bits; ILLEGAL where either is no payload character. */
export const PAIRS = new Uint16Array(65_536).fill(ILLEGAL)
for (let a = 0; a < 64; a++) {
  for (let b = 0; b < 64; b++) PAIRS[sixBitChar(a) | (sixBitChar(b) << 8)] = (a << 6) | b
}

/** The payload character of a six-bit value 0…63. */
export function sixBitChar(value: number): number {
  return value < 40 ? value + 48 : value + 56
}

/**
 * Unpacks `n` payload characters into 24-bit words, the last one filled up with zeros.
 * @param n at most MAX_PAYLOAD_CHARS
 * @returns false when a character is none of the alphabet
 */
export function unpack(bytes: Uint8Array, start: number, n: number, words: Int32Array): boolean {
  let flags = 0
  let w = 0
  let p = start
  const whole = start + (n & ~3)
  while (p < whole) {
    const high = PAIRS[bytes[p]! | (bytes[p + 1]! << 8)]!
    const low = PAIRS[bytes[p + 2]! | (bytes[p + 3]! << 8)]!
    flags |= high | low
    words[w++] = (high << 12) | low
    p += 4
  }
  const rest = n & 3
  if (rest > 0) {
    const high = PAIRS[bytes[p]! | ((rest > 1 ? bytes[p + 1]! : 48) << 8)]!
    const low = PAIRS[(rest > 2 ? bytes[p + 2]! : 48) | (48 << 8)]!
    flags |= high | low
    words[w++] = (high << 12) | low
  }
  words[w] = words[w + 1] = 0
  return (flags & ILLEGAL) === 0
}

/** Unsigned field of `length` ≤ 30 bits that starts at bit `start`. */
export function uint(words: Int32Array, start: number, length: number): number {
  const i = (start / 24) | 0
  const have = 24 - (start - i * 24)
  const head = words[i]! & ((1 << have) - 1)
  const more = length - have
  if (more <= 0) return head >>> -more
  if (more <= 24) return (head << more) | (words[i + 1]! >>> (24 - more))
  return (head << more) | (words[i + 1]! << (more - 24)) | (words[i + 2]! >>> (48 - more))
}

/** The same, in two's complement. */
export function int(words: Int32Array, start: number, length: number): number {
  const unused = 32 - length
  return (uint(words, start, length) << unused) >> unused
}

/** Six-bit text of `chars` characters: it ends at the first `@`, blanks around it do not count. */
export function text(words: Int32Array, start: number, chars: number): string {
  let out = ''
  for (let i = 0; i < chars; i++) {
    const value = uint(words, start + 6 * i, 6)
    if (value === 0) break
    out += String.fromCharCode(value < 32 ? value + 64 : value)
  }
  return out.trim()
}
