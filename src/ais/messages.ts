// The messages of ITU-R M.1371-5 annex 8 that tell where a station is or who it is, from bits to a row of a batch, in
// canonical units: degrees, knots, degrees per minute. What is sent as "not available" becomes NaN here and never
// travels further.

import {
  BIT_ACCURACY,
  BIT_ACCURACY_KNOWN,
  BIT_BLANK,
  BIT_RAIM,
  BIT_RAIM_KNOWN,
  BIT_REPEAT_SHIFT,
  NO_NAV_STATUS,
  blankRow,
  type ReportBatch,
} from '../model/batch.js'
import { TX_CLASSES, type RejectReason, type TxClass } from '../model/report.js'
import { int, uint } from './bits.js'
import { isBeacon } from './mmsi.js'
import { PLANS } from './plan.js'
import type { StaticIds } from './static.js'
import { utc } from './times.js'

/** Bits that a message needs at least, by type; 0: not a message we know. Longer ones are accepted. */
const MIN_BITS = PLANS.map(plans => (plans.length > 0 ? Math.min(...plans.map(({ least }) => least)) : 0))
const MAX_BITS_5 = PLANS[5]![0]!.most

const code = (name: TxClass): number => TX_CLASSES.indexOf(name)
const CLASS_A = code('A')
const CLASS_B = code('B')
const BASE = code('base')
const ATON = code('aton')
const SAR = code('sar')
const SART = code('sart')

/** Search and rescue transmitters, man overboard and EPIRB devices: whatever message they send, that is what they are. */
const classOf = (mmsi: number, otherwise: number): number => (isBeacon(mmsi) ? SART : otherwise)

/**
 * Rate of turn by the byte sent: sign · (byte / 4.733)². ±126 (708 °/min) is that much or more; ±127 (720) is
 * "more than 5° in 30 s, no turn indicator"; −128 is not available.
 */
const ROT = new Float32Array(256)
for (let sent = -128; sent < 128; sent++) {
  ROT[sent & 255] = sent === -128 ? NaN : Math.sign(sent) * (sent / 4.733) ** 2
}

const LON_NONE = 181 * 600_000
const LAT_NONE = 91 * 600_000
const degrees = (sent: number, none: number): number => (sent === none ? NaN : sent / 600_000)
const tenths = (sent: number, none: number): number => (sent === none ? NaN : sent / 10)
const flags = (words: Int32Array, accuracy: number, raim: number): number =>
  BIT_ACCURACY_KNOWN |
  BIT_RAIM_KNOWN |
  (accuracy ? BIT_ACCURACY : 0) |
  (raim ? BIT_RAIM : 0) |
  (((words[0]! >>> 16) & 3) << BIT_REPEAT_SHIFT)

export type Outcome = 'row' | 'static' | 'other' | RejectReason

/**
 * Decodes one message into row `i` of `batch`. Time, source, receiver and channel are the caller's to set.
 * @param words the payload in 24-bit words (see bits.ts), @param chars its length
 * @returns `row` a report, `static` a row with static data only, `other` valid and of no use here, or why it is refused
 */
export function decodeMessage(
  words: Int32Array,
  chars: number,
  batch: ReportBatch,
  i: number,
  statics: StaticIds,
): Outcome {
  if (chars === 0) return 'bits'
  const type = words[0]! >>> 18
  const least = MIN_BITS[type]
  if (!least) return 'unsupported'
  // fill bits are not subtracted: encoders disagree on them, and up to five missing bits are spare ones
  if (chars * 6 < least) return 'bits'
  const mmsi = ((words[0]! & 0xffff) << 14) | (words[1]! >>> 10)

  switch (type) {
    case 1:
    case 2:
    case 3:
      positionA(words, type, mmsi, batch, i)
      return 'row'
    case 18:
      positionB(words, mmsi, batch, i)
      return 'row'
    case 4:
      blankRow(batch, i)
      header(batch, i, mmsi, type, BASE)
      place(batch, i, int(words, 79, 28), int(words, 107, 27))
      batch.utcSecond[i] = uint(words, 72, 6)
      batch.commState[i] = words[6]! & 0x7ffff
      batch.bits[i] = flags(words, uint(words, 78, 1), uint(words, 148, 1))
      return 'row'
    case 5:
      if (chars * 6 > MAX_BITS_5) return 'bits'
      blankRow(batch, i)
      header(batch, i, mmsi, type, CLASS_A)
      repeat(words, batch, i)
      batch.statics[i] = statics.message5(words)
      if (batch.statics[i] === 0) batch.bits[i]! |= BIT_BLANK
      return 'static'
    case 9:
      blankRow(batch, i)
      header(batch, i, mmsi, type, SAR)
      place(batch, i, int(words, 61, 28), int(words, 89, 27))
      motion(batch, i, uint(words, 50, 10) * 10, uint(words, 116, 12)) // whole knots here
      batch.utcSecond[i] = uint(words, 128, 6)
      batch.commState[i] = words[6]! & 0x7ffff
      batch.bits[i] = flags(words, uint(words, 60, 1), uint(words, 147, 1))
      return 'row'
    case 19:
      positionB(words, mmsi, batch, i)
      batch.msgType[i] = 19
      batch.commState[i] = 0 // there is none in this message
      batch.bits[i] = flags(words, uint(words, 56, 1), uint(words, 305, 1))
      batch.statics[i] = statics.message19(words)
      return 'row'
    case 21:
      blankRow(batch, i)
      header(batch, i, mmsi, type, ATON)
      place(batch, i, int(words, 164, 28), int(words, 192, 27))
      batch.utcSecond[i] = uint(words, 253, 6)
      batch.bits[i] = flags(words, uint(words, 163, 1), uint(words, 268, 1))
      batch.statics[i] = statics.message21(words, chars)
      return 'row'
    case 24: {
      const part = uint(words, 38, 2)
      if (part > 1) return 'unsupported'
      if (part === 1 && chars * 6 < 168) return 'bits'
      blankRow(batch, i)
      header(batch, i, mmsi, type, CLASS_B)
      repeat(words, batch, i)
      batch.statics[i] = statics.message24(words, mmsi)
      if (statics.isBlank24(mmsi)) batch.bits[i]! |= BIT_BLANK
      return 'static'
    }
    case 27:
      positionLongRange(words, mmsi, batch, i)
      return 'row'
    case 28:
      blankRow(batch, i)
      header(batch, i, mmsi, type, ATON)
      place(batch, i, int(words, 44, 28), int(words, 72, 27))
      batch.utcSecond[i] = uint(words, 38, 6)
      repeat(words, batch, i)
      return 'row'
    default:
      return 'other'
  }
}

function header(batch: ReportBatch, i: number, mmsi: number, type: number, txClass: number): void {
  batch.mmsi[i] = mmsi
  batch.msgType[i] = type
  batch.txClass[i] = classOf(mmsi, txClass)
}

function repeat(words: Int32Array, batch: ReportBatch, i: number): void {
  batch.bits[i] = ((words[0]! >>> 16) & 3) << BIT_REPEAT_SHIFT
}

/** @param lon, lat 1/10,000 minute as sent */
function place(batch: ReportBatch, i: number, lon: number, lat: number): void {
  batch.lon[i] = degrees(lon, LON_NONE)
  batch.lat[i] = degrees(lat, LAT_NONE)
}

/** @param sog 1/10 knot, 1023 (or 10230, sent in whole knots) not available; @param cog 1/10 degree, 3600 not available */
function motion(batch: ReportBatch, i: number, sog: number, cog: number): void {
  batch.sog[i] = sog === 10_230 ? NaN : sog / 10
  batch.cog[i] = tenths(cog, 3600)
}

/** Messages 1, 2, 3: class A position report. The whole row is written here, field by field, as it is the hottest. */
function positionA(words: Int32Array, type: number, mmsi: number, batch: ReportBatch, i: number): void {
  const w1 = words[1]!
  const w2 = words[2]!
  const w3 = words[3]!
  const w4 = words[4]!
  const w5 = words[5]!
  const w6 = words[6]!
  const sog = (w2 >>> 12) & 0x3ff
  const lon = ((((w2 & 0x7ff) << 17) | (w3 >>> 7)) << 4) >> 4
  const lat = ((((w3 & 0x7f) << 20) | (w4 >>> 4)) << 5) >> 5
  const heading = (w5 >>> 7) & 0x1ff
  batch.mmsi[i] = mmsi
  batch.msgType[i] = type
  batch.txClass[i] = classOf(mmsi, CLASS_A)
  batch.navStatus[i] = (w1 >>> 6) & 15
  batch.rot[i] = ROT[((w1 & 0x3f) << 2) | (w2 >>> 22)]!
  batch.sog[i] = tenths(sog, 1023)
  batch.lon[i] = degrees(lon, LON_NONE)
  batch.lat[i] = degrees(lat, LAT_NONE)
  batch.cog[i] = tenths(((w4 & 15) << 8) | (w5 >>> 16), 3600)
  batch.heading[i] = heading === 511 ? NaN : heading
  batch.utcSecond[i] = (w5 >>> 1) & 63
  batch.bits[i] = flags(words, w2 & 0x800, w6 & 0x80000)
  batch.commState[i] = w6 & 0x7ffff
  batch.collection[i] = 0
  batch.receivedAt[i] = NaN
  batch.statics[i] = 0
}

/** Message 18, class B position report, and the first 139 bits of message 19, which are the same. */
function positionB(words: Int32Array, mmsi: number, batch: ReportBatch, i: number): void {
  const w1 = words[1]!
  const w2 = words[2]!
  const w3 = words[3]!
  const w4 = words[4]!
  const w5 = words[5]!
  const w6 = words[6]!
  const sog = ((w1 & 3) << 8) | (w2 >>> 16)
  const lon = ((((w2 & 0x7fff) << 13) | (w3 >>> 11)) << 4) >> 4
  const lat = ((((w3 & 0x7ff) << 16) | (w4 >>> 8)) << 5) >> 5
  const heading = (w5 >>> 11) & 0x1ff
  batch.mmsi[i] = mmsi
  batch.msgType[i] = 18
  batch.txClass[i] = classOf(mmsi, CLASS_B)
  batch.navStatus[i] = NO_NAV_STATUS
  batch.rot[i] = NaN
  batch.sog[i] = tenths(sog, 1023)
  batch.lon[i] = degrees(lon, LON_NONE)
  batch.lat[i] = degrees(lat, LAT_NONE)
  batch.cog[i] = tenths(((w4 & 0xff) << 4) | (w5 >>> 20), 3600)
  batch.heading[i] = heading === 511 ? NaN : heading
  batch.utcSecond[i] = (w5 >>> 5) & 63
  batch.bits[i] = flags(words, w2 & 0x8000, w6 & 0x100000)
  batch.commState[i] = w6 & 0x7ffff
  batch.collection[i] = 0
  batch.receivedAt[i] = NaN
  batch.statics[i] = 0
}

/** Message 27: long range, made for satellites; position to a tenth of a minute, whole knots and degrees. */
function positionLongRange(words: Int32Array, mmsi: number, batch: ReportBatch, i: number): void {
  blankRow(batch, i)
  header(batch, i, mmsi, 27, CLASS_A)
  const lon = int(words, 44, 18)
  const lat = int(words, 62, 17)
  const sog = uint(words, 79, 6)
  const cog = uint(words, 85, 9)
  batch.navStatus[i] = uint(words, 40, 4)
  batch.lon[i] = lon === 181 * 600 ? NaN : lon / 600
  batch.lat[i] = lat === 91 * 600 ? NaN : lat / 600
  batch.sog[i] = sog === 63 ? NaN : sog
  batch.cog[i] = cog === 511 ? NaN : cog
  batch.bits[i] = flags(words, uint(words, 38, 1), uint(words, 39, 1))
}

/** The UTC that a base station (message 4) tells, epoch ms; NaN when it does not know it, or it lies outside 2000…2050. */
export function baseStationTime(words: Int32Array): number {
  return utc(
    uint(words, 38, 14),
    uint(words, 52, 4),
    uint(words, 56, 5),
    uint(words, 61, 5),
    uint(words, 66, 6),
    uint(words, 72, 6),
  )
}
