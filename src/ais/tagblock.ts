// TAG blocks of NMEA 0183 4.x (IEC 61162-450): `\s:station,c:time,g:n-total-id*hh\` before a sentence. They say who
// heard it, when, and which sentences belong together; in a group only the first line repeats the first two.

import { hexByte, isAisHead } from './sentence.js'
import { readEpoch } from './times.js'

/** What holds for the next sentence; reused. */
export interface Tag {
  /** Epoch ms UTC, NaN when the block has none. */
  t: number
  /** Where the station name is in the bytes; length 0 when there is none. */
  station: number
  stationLength: number
  /** Hash of the group id; 0 when the block belongs to no group. */
  group: number
  /** Lines of that group. */
  groupTotal: number
}

export const createTag = (): Tag => ({ t: NaN, station: 0, stationLength: 0, group: 0, groupTotal: 0 })

export function clearTag(tag: Tag): void {
  tag.t = NaN
  tag.stationLength = tag.group = tag.groupTotal = 0
}

/** Longest station name kept, bytes. */
export const MAX_STATION_BYTES = 64

const MAX_FIELDS = 16
const commas = new Int32Array(MAX_FIELDS)

/**
 * Reads the block that begins behind the backslash at `start − 1` into `tag`. A block whose checksum is wrong says nothing.
 * Values may hold colons: only the first one in a field counts.
 * @param glued what the block before it said holds on, where this one says nothing else
 * @returns where its closing backslash is; −1 when a sentence, a control character or the end of the line
 * comes first: it is no block
 */
export function readTag(bytes: Uint8Array, start: number, end: number, tag: Tag, glued: boolean): number {
  let sum = 0
  let sumAtStar = 0
  let star = -1
  let fields = 0
  let p = start
  for (; p < end; p++) {
    const c = bytes[p]!
    if (c > 44) {
      if (c === 0x5c) break
    } else if (c === 44) {
      if (star < 0 && fields < MAX_FIELDS) commas[fields++] = p
    } else if (c === 42) {
      if (star < 0) {
        star = p
        sumAtStar = sum
      }
    } else if (c < 32 || ((c === 0x21 || c === 0x24) && isAisHead(bytes, p, end))) return -1
    sum ^= c
  }
  if (p === end) return -1
  if (!glued) clearTag(tag)
  if (star < 0) star = p
  else if (star + 3 !== p || hexByte(bytes, star + 1, p) !== sumAtStar) return p

  let from = start
  for (let i = 0; i <= fields; i++) {
    const to = i < fields ? commas[i]! : star
    readField(bytes, from, to, tag)
    from = to + 1
  }
  return p
}

function readField(bytes: Uint8Array, from: number, to: number, tag: Tag): void {
  if (to - from < 3) return
  const key = bytes[from]!
  if (bytes[from + 1] === 58) {
    if (key === 0x63) {
      const t = readEpoch(bytes, from + 2, to)
      if (t === t) tag.t = t
    } else if (key === 0x73) {
      tag.station = from + 2
      tag.stationLength = Math.min(to - from - 2, MAX_STATION_BYTES)
    } else if (key === 0x67) {
      readGroup(bytes, from + 2, to, tag)
    }
  } else if (bytes[from + 1] === 0x47 && bytes[from + 3] === 58 && to - from > 4) {
    // the older spelling, 1G2:id
    setGroup(bytes, from + 4, to, bytes[from + 2]! - 48, tag)
  }
}

/** `n-total-id`; the id is any text, dashes too. */
function readGroup(bytes: Uint8Array, from: number, to: number, tag: Tag): void {
  let dash = from
  while (dash < to && bytes[dash] !== 45) dash++
  let total = 0
  let p = dash + 1
  for (; p < to && bytes[p] !== 45; p++) {
    const c = bytes[p]!
    if (c < 48 || c > 57) return
    total = total * 10 + c - 48
  }
  if (dash > from && p + 1 < to) setGroup(bytes, p + 1, to, total, tag)
}

function setGroup(bytes: Uint8Array, from: number, to: number, total: number, tag: Tag): void {
  if (!(total >= 1 && total <= 99)) return
  tag.group = hashBytes(bytes, from, to) || 1
  tag.groupTotal = total
}

/** FNV-1a, 32 bits, signed. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0
  for (let p = from; p < to; p++) hash = Math.imul(hash ^ bytes[p]!, 0x01000193)
  return hash
}
