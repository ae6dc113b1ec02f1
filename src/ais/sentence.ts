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
export const HEX = new Uint16Array(256).fill(4096)
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
