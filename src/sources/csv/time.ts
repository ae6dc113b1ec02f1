// Times straight from bytes to epoch ms: ISO 8601 in the shapes that AIS archives use, day-first dates of the Danish
// DMA, compact stamps, and epoch numbers, whose unit their size tells. A time without a zone is UTC.

import { MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import { parseNumber } from './number.js'

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Epoch numbers up to here are seconds, then ms, µs and ns: 10^11 s is the year 5138, 10^11 ms is 1973. */
const EPOCH_UNIT_STEP = 1000
const MAX_EPOCH_S = 1e11

/** Two digits at p, or −1. */
function two(bytes: Uint8Array, p: number): number {
  const tens = bytes[p]! - 48
  const ones = bytes[p + 1]! - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

function four(bytes: Uint8Array, p: number): number {
  const high = two(bytes, p)
  const low = two(bytes, p + 2)
  return high < 0 || low < 0 ? -1 : high * 100 + low
}

/** Rows of an archive share their day, so the last one is remembered. */
let cachedDay = -1
let cachedDayMs = NaN

/** Midnight UTC of a calendar day, NaN when there is no such day. */
function dayMs(year: number, month: number, day: number): number {
  const key = (year * 100 + month) * 100 + day
  if (key === cachedDay) return cachedDayMs
  if (year < 0 || !(month >= 1 && month <= 12) || !(day >= 1 && day <= DAYS_IN_MONTH[month - 1]!)) return NaN
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return NaN
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  cachedDay = key
  cachedDayMs = date.getTime()
  return cachedDayMs
}

/** Epoch seconds, ms, µs or ns, told apart by size, to epoch ms. */
export function epochToMs(value: number): number {
  const size = Math.abs(value)
  if (size < MAX_EPOCH_S) return Math.round(value * MS_PER_S)
  if (size < MAX_EPOCH_S * EPOCH_UNIT_STEP) return Math.round(value)
  if (size < MAX_EPOCH_S * EPOCH_UNIT_STEP ** 2) return Math.floor(value / 1e3)
  return Math.floor(value / 1e6)
}

/**
 * Epoch ms of the time in bytes[start, end), NaN when it cannot be read. Fractions of a second are cut to ms.
 * Understood: `2022-01-03T00:00:00`, with a blank for T, `/` for −, seconds and fraction optional, then nothing, `Z`,
 * `UTC`, `GMT` or an offset; a date alone; `31/12/2015 23:59:59`; `20210101_000000`; epoch s, ms, µs, ns.
 */
export function parseTime(bytes: Uint8Array, start: number, end: number): number {
  while (start < end && bytes[start] === 32) start++
  while (end > start && bytes[end - 1] === 32) end--
  const length = end - start
  if (length < 8) return length > 0 ? epochToMs(parseNumber(bytes, start, end)) : NaN
  const c4 = bytes[start + 4]!
  if ((c4 === 45 || c4 === 47) && bytes[start + 7] === c4) {
    if (length < 10) return NaN
    const day = dayMs(four(bytes, start), two(bytes, start + 5), two(bytes, start + 8))
    return length === 10 ? day : day + clockMs(bytes, start + 10, end)
  }
  const c2 = bytes[start + 2]!
  if ((c2 === 47 || c2 === 46 || c2 === 45) && bytes[start + 5] === c2) {
    if (length < 10) return NaN
    const day = dayMs(four(bytes, start + 6), two(bytes, start + 3), two(bytes, start))
    return length === 10 ? day : day + clockMs(bytes, start + 10, end)
  }
  return parseCompactTime(bytes, start, end)
}

/** The clock part, from its separator on, in ms after midnight UTC; NaN when it cannot be read. */
export function clockMs(bytes: Uint8Array, start: number, end: number): number {
  const separator = bytes[start]!
  if (separator !== 84 && separator !== 32 && separator !== 116 && separator !== 95) return NaN
  if (end - start < 6 || bytes[start + 3] !== 58) return NaN
  const hour = two(bytes, start + 1)
  const minute = two(bytes, start + 4)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return NaN
  let ms = hour * MS_PER_HOUR + minute * MS_PER_MIN
  let p = start + 6
  if (p < end && bytes[p] === 58) {
    if (end - p < 3) return NaN
    const second = two(bytes, p + 1)
    if (second < 0 || second > 59) return NaN
    ms += second * MS_PER_S
    p += 3
    if (p === end) return ms
    if (bytes[p] === 46 || bytes[p] === 44) {
      const firstDigit = ++p
      let scale = 100
      let digit: number
      while (p < end && (digit = bytes[p]! - 48) >= 0 && digit <= 9) {
        if (scale >= 1) ms += digit * scale
        scale = scale === 100 ? 10 : scale === 10 ? 1 : 0
        p++
      }
      if (p === firstDigit) return NaN
    }
  }
  return p === end ? ms : ms - zoneMs(bytes, p, end)
}

/** Offset of a zone east of UTC in ms: `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`, or `+0000 UTC` as Go prints it. */
function zoneMs(bytes: Uint8Array, start: number, end: number): number {
  while (start < end && bytes[start] === 32) start++
  const c = bytes[start]!
  if (c !== 43 && c !== 45) return isUtcName(bytes, start, end) ? 0 : NaN
  const hours = two(bytes, start + 1)
  let p = start + 3
  if (hours < 0 || hours > 23 || p > end) return NaN
  let minutes = 0
  if (p < end && bytes[p] !== 32) {
    if (bytes[p] === 58) p++
    minutes = p + 2 <= end ? two(bytes, p) : -1
    if (minutes < 0 || minutes > 59) return NaN
    p += 2
  }
  while (p < end && bytes[p] === 32) p++
  if (p < end && !isUtcName(bytes, p, end)) return NaN
  const offset = hours * MS_PER_HOUR + minutes * MS_PER_MIN
  return c === 45 ? -offset : offset
}

function isUtcName(bytes: Uint8Array, start: number, end: number): boolean {
  const a = bytes[start]! | 32
  if (end - start === 1) return a === 122 // Z
  if (end - start !== 3) return false
  const b = bytes[start + 1]! | 32
  const c = bytes[start + 2]! | 32
  return (a === 117 && b === 116 && c === 99) || (a === 103 && b === 109 && c === 116) // UTC, GMT
}

/** `20210101_000000`, `20210101T000000Z`, `20190327085040`, or an epoch number. */
function parseCompactTime(bytes: Uint8Array, start: number, end: number): number {
  let digits = 0
  while (start + digits < end && bytes[start + digits]! >= 48 && bytes[start + digits]! <= 57) digits++
  const whole = start + digits === end
  if (digits === 8 && !whole) {
    const c = bytes[start + 8]!
    if ((c === 95 || c === 84 || c === 116 || c === 32) && end - start >= 15)
      return compact(bytes, start, start + 9, end)
  }
  // fourteen digits: as epoch ms it would lie after the year 2500
  if (digits === 14) return compact(bytes, start, start + 8, end)
  return epochToMs(parseNumber(bytes, start, end))
}

function compact(bytes: Uint8Array, date: number, clock: number, end: number): number {
  const hour = two(bytes, clock)
  const minute = two(bytes, clock + 2)
  const second = two(bytes, clock + 4)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN
  const day = dayMs(four(bytes, date), two(bytes, date + 4), two(bytes, date + 6))
  const zone = clock + 6 === end ? 0 : zoneMs(bytes, clock + 6, end)
  return day + hour * MS_PER_HOUR + minute * MS_PER_MIN + second * MS_PER_S - zone
}

const encoder = new TextEncoder()

/** The same for a string. */
export function parseTimeText(text: string): number {
  const bytes = encoder.encode(text)
  return bytes.length > 64 ? NaN : parseTime(bytes, 0, bytes.length)
}
