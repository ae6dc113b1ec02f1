// Static and voyage data of messages 5, 19, 21 and 24 (ITU-R M.1371-5 annex 8) as ids of interned words. Ships repeat the same
// few hundred bits every six minutes, so the raw bits are compared first: text is made only when something changed.

import type { StaticData } from '../model/report.js'
import { staticKey, type Words } from '../model/words.js'
import { text, uint } from './bits.js'
import { mmsiKind } from './mmsi.js'

export interface StaticIds {
  /**
   * Each gives an id in words.statics; 0 when the message says nothing of who it is. Of message 5 that is blank: it has room
   * for name, call sign, IMO number and ship type, and none was sent.
   */
  message5(words: Int32Array): number
  message19(words: Int32Array): number
  message21(words: Int32Array, chars: number): number
  /** Joins the halves A and B of an MMSI as far as both were heard. */
  message24(words: Int32Array, mmsi: number): number
  /** The same of message 24: both its halves were heard, and both are blank. */
  isBlank24(mmsi: number): boolean
}

/** Raw bits remembered, as many messages as there may be ships in one file at a time. A slot that is taken gives way. */
const SLOTS = 32_768 // 2¹⁵, see slotOf
const KEY_WORDS = 18
const HALVES = 16_384
const A_WORDS = 5 // bits 40…159, the name
const B_WORDS = 6 // bits 40…161 and a little more: ship type, vendor, callsign, dimensions
const HALF_WORDS = A_WORDS + B_WORDS
/** No id is as large. */
const UNKNOWN = 0xffffffff

/** @param words the ids point into its `statics` */
export function createStaticIds(words: Words): StaticIds {
  const keys = new Int32Array(SLOTS * KEY_WORDS)
  const ids = new Uint32Array(SLOTS)
  const key = new Int32Array(KEY_WORDS)

  const halfOwner = new Uint32Array(HALVES)
  const halfWords = new Int32Array(HALVES * HALF_WORDS)
  const halfHas = new Uint8Array(HALVES)
  const halfId = new Uint32Array(HALVES)

  let { epoch } = words.statics

  /** Ids that were forgotten may mean something else by now; what was heard of halves still holds. */
  function keepUp(): void {
    if (words.statics.epoch === epoch) return
    epoch = words.statics.epoch
    keys.fill(0)
    ids.fill(0)
    halfId.fill(UNKNOWN)
  }

  function intern(data: StaticData): number {
    const { name, callsign, imo, shipType } = data
    const says = name ?? callsign ?? imo ?? shipType
    return says === undefined ? 0 : words.statics.id(staticKey(data), () => data)
  }

  const halfSlot = (mmsi: number): number => (Math.imul(mmsi, 0x9e3779b1) >>> 18) & (HALVES - 1)

  /** The slot of an MMSI; `hit` says whether it holds the bits of `from` already, else it takes them. */
  let hit = false
  function slotOf(mmsi: number, from: Int32Array): number {
    keepUp()
    const slot = Math.imul(mmsi, 0x9e3779b1) >>> 17
    const at = slot * KEY_WORDS
    hit = true
    for (let i = 0; i < KEY_WORDS; i++) {
      const word = from[i]!
      if (keys[at + i] === word) continue
      hit = false
      keys[at + i] = word
    }
    return slot
  }

  /** Copies `count` words of 24 bits from bit `start` into `key` at `at`. */
  function take(from: Int32Array, start: number, at: number, count: number): void {
    for (let i = 0; i < count; i++) key[at + i] = uint(from, start + 24 * i, 24)
  }

  return {
    message5(from) {
      const slot = slotOf(mmsiOf(from), from)
      if (!hit) ids[slot] = intern(readStatic5(from))
      return ids[slot]!
    },

    message19(from) {
      key.fill(0)
      key[0] = 19
      take(from, 143, 1, 7)
      key[7]! &= ~15 // bits 307…310 are flags
      const slot = slotOf(mmsiOf(from), key)
      if (!hit) ids[slot] = intern(readStatic19(from))
      return ids[slot]!
    },

    message21(from, chars) {
      key.fill(0)
      key[0] = 21
      take(from, 43, 1, 5)
      key[6] = uint(from, 219, 30)
      key[7] = chars
      take(from, 272, 8, 4)
      const slot = slotOf(mmsiOf(from), key)
      if (!hit) ids[slot] = intern(readStatic21(from, chars))
      return ids[slot]!
    },

    message24(from, mmsi) {
      keepUp()
      const slot = halfSlot(mmsi)
      if (halfOwner[slot] !== mmsi) {
        halfOwner[slot] = mmsi
        halfHas[slot] = 0
      }
      const isB = uint(from, 38, 2) === 1
      const at = slot * HALF_WORDS + (isB ? A_WORDS : 0)
      const count = isB ? B_WORDS : A_WORDS
      const bit = isB ? 2 : 1
      let changed = (halfHas[slot]! & bit) === 0 || halfId[slot] === UNKNOWN
      for (let i = 0; i < count; i++) {
        const word = uint(from, 40 + 24 * i, 24)
        if (halfWords[at + i] !== word) changed = true
        halfWords[at + i] = word
      }
      if (changed) {
        halfHas[slot]! |= bit
        const base = slot * HALF_WORDS
        const data: StaticData = {}
        if (halfHas[slot]! & 1) readHalfA(halfWords.subarray(base, base + HALF_WORDS), data)
        if (halfHas[slot]! & 2) readHalfB(halfWords.subarray(base + A_WORDS, base + HALF_WORDS), mmsi, data)
        halfId[slot] = intern(data)
      }
      return halfId[slot]!
    },

    isBlank24(mmsi) {
      const slot = halfSlot(mmsi)
      return halfOwner[slot] === mmsi && halfHas[slot] === 3 && halfId[slot] === 0
    },
  }
}

const mmsiOf = (words: Int32Array): number => ((words[0]! & 0xffff) << 14) | (words[1]! >>> 10)

function setText(data: StaticData, field: 'name' | 'callsign' | 'destination', value: string): void {
  if (value !== '') data[field] = value
}

/** Four distances from the antenna at bit `start`: bow 9, stern 9, port 6, starboard 6 bits, metres. */
function setDimensions(data: StaticData, words: Int32Array, start: number): void {
  const length = uint(words, start, 9) + uint(words, start + 9, 9)
  const width = uint(words, start + 18, 6) + uint(words, start + 24, 6)
  if (length > 0) data.length = length
  if (width > 0) data.width = width
}

function setShipType(data: StaticData, code: number): void {
  if (code > 0 && code < 100) data.shipType = code
}

/** Static and voyage related data, 424 bits. */
export function readStatic5(words: Int32Array): StaticData {
  const data: StaticData = {}
  const imo = uint(words, 40, 30)
  if (imo > 0) data.imo = imo
  setText(data, 'callsign', text(words, 70, 7))
  setText(data, 'name', text(words, 112, 20))
  setShipType(data, uint(words, 232, 8))
  setDimensions(data, words, 240)
  const eta = readEta(uint(words, 274, 4), uint(words, 278, 5), uint(words, 283, 5), uint(words, 288, 6))
  if (eta) data.eta = eta
  const draught = uint(words, 294, 8)
  if (draught > 0) data.draught = draught / 10
  setText(data, 'destination', text(words, 302, 20))
  return data
}

/** `MM-DDTHH:MM` as sent: month and day are needed, 24 hours and 60 minutes mean that the rest is not known. */
function readEta(month: number, day: number, hour: number, minute: number): string | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** The static part of an extended class B report, 312 bits. */
export function readStatic19(words: Int32Array): StaticData {
  const data: StaticData = {}
  setText(data, 'name', text(words, 143, 20))
  setShipType(data, uint(words, 263, 8))
  setDimensions(data, words, 271)
  return data
}

/** Name and size of an aid to navigation, 272…360 bits: what does not fit 20 characters follows at the end. */
export function readStatic21(words: Int32Array, chars: number): StaticData {
  const data: StaticData = {}
  const more = Math.min(14, Math.max(0, Math.floor((chars * 6 - 272) / 6)))
  let name = ''
  for (let i = 0; i < 20 + more; i++) {
    const value = uint(words, i < 20 ? 43 + 6 * i : 272 + 6 * (i - 20), 6)
    if (value === 0) break
    name += String.fromCharCode(value < 32 ? value + 64 : value)
  }
  setText(data, 'name', name.trim())
  setDimensions(data, words, 219)
  return data
}

/** `words` start at bit 40 of the message. */
function readHalfA(words: Int32Array, data: StaticData): void {
  setText(data, 'name', text(words, 0, 20))
}

/** `words` start at bit 40 of the message. */
function readHalfB(words: Int32Array, mmsi: number, data: StaticData): void {
  setShipType(data, uint(words, 0, 8))
  setText(data, 'callsign', text(words, 50, 7))
  // a craft associated with a mother ship sends her MMSI here
  if (mmsiKind(mmsi) !== 'craft') setDimensions(data, words, 92)
}
