// The way back: reports and static data to the sentences that a receiver would log (ITU-R M.1371-5 annex 8, IEC 61162-1).
// The simulator speaks through it, and a decoder that must give back what was put in here has nowhere to hide.

import type { PositionReport, StaticData, StaticReport } from '../model/report.js'
import { sixBitChar } from './bits.js'

/** How a sentence is sent. */
export interface SentenceOptions {
  /** @default 'AI' */
  talker?: string
  /** @default 'A' */
  channel?: 'A' | 'B' | ''
  /** How often the message was repeated, 0…3. @default 0 */
  repeat?: number
}

export interface PositionOptions extends SentenceOptions {
  /** 1, 2, 3 or 27 (class A), 18 (class B), 9 (aircraft). @default the report's own, else by its class */
  msgType?: 1 | 2 | 3 | 9 | 18 | 27
  /** Position better than 10 m. @default false */
  accuracy?: boolean
  /** Receiver autonomous integrity monitoring in use. @default false */
  raim?: boolean
  /** 19 bits. @default 0 */
  commState?: number
}

type Bits = { chars: Uint8Array; length: number }

const buffer: Bits = { chars: new Uint8Array(80), length: 0 }

function start(type: number, repeat: number, mmsi: number): Bits {
  if (!(Number.isInteger(mmsi) && mmsi >= 0 && mmsi < 2 ** 30)) throw new RangeError(`encode: mmsi ${mmsi}`)
  buffer.chars.fill(0)
  buffer.length = 0
  put(buffer, 6, type)
  put(buffer, 2, repeat)
  put(buffer, 30, mmsi)
  return buffer
}

/** Appends `width` ≤ 30 bits; a negative value in two's complement. */
function put(bits: Bits, width: number, value: number): void {
  for (let i = width - 1; i >= 0; i--) {
    const at = (bits.length / 6) | 0
    if ((value >> i) & 1) bits.chars[at]! |= 32 >> (bits.length - at * 6)
    bits.length++
  }
}

/** Six-bit text, filled up with `@`; what the alphabet does not have becomes a blank. */
function putText(bits: Bits, chars: number, value = ''): void {
  const upper = value.toUpperCase()
  for (let i = 0; i < chars; i++) {
    const c = i < upper.length ? upper.charCodeAt(i) : 64
    put(bits, 6, c >= 64 && c < 96 ? c - 64 : c >= 32 && c < 64 ? c : 32)
  }
}

/** A number that may be missing to wire units, kept within its range; `none` where it is missing. */
function wire(value: number | undefined, scale: number, min: number, max: number, none: number): number {
  if (value === undefined || value !== value) return none
  return Math.min(max, Math.max(min, Math.round(value * scale)))
}

const positionOf = (report: PositionReport): boolean =>
  report.lat !== undefined &&
  report.lon !== undefined &&
  report.lat === report.lat &&
  report.lon === report.lon

function putPlace(bits: Bits, report: PositionReport): void {
  const known = positionOf(report)
  put(bits, 28, known ? wire(report.lon, 600_000, -108_000_000, 108_000_000, 0) : 108_600_000)
  put(bits, 27, known ? wire(report.lat, 600_000, -54_000_000, 54_000_000, 0) : 54_600_000)
}

const sogOf = (report: PositionReport): number => wire(report.sog, 10, 0, 1022, 1023)
/** Rounding may reach 360.0, which would mean "not available": it is north. */
const cogOf = (report: PositionReport): number => {
  const cog = wire(report.cog, 10, 0, 3600, -1)
  return cog < 0 ? 3600 : cog % 3600
}
const headingOf = (report: PositionReport): number => {
  const heading = wire(report.heading, 1, 0, 360, -1)
  return heading < 0 ? 511 : heading % 360
}
const secondOf = (report: PositionReport): number =>
  report.utcSecond !== undefined && report.utcSecond < 64 ? report.utcSecond : 60

/** Rate of turn in °/min to the byte sent, 4.733 · √rate. */
function rotOf(report: PositionReport): number {
  const { rot } = report
  if (rot === undefined || rot !== rot) return -128
  return Math.sign(rot) * Math.min(127, Math.round(4.733 * Math.sqrt(Math.abs(rot))))
}

/** `!…*hh`, with as many sentences as the bits need; at most 60 characters of payload in each, as ships' sets do. */
function sentences(
  bits: Bits,
  { talker = 'AI', channel = 'A' }: SentenceOptions,
  sequence: number,
): string[] {
  const chars = Math.ceil(bits.length / 6)
  const total = Math.ceil(chars / 60)
  const out: string[] = []
  for (let n = 0; n < total; n++) {
    const from = n * 60
    const to = Math.min(chars, from + 60)
    let payload = ''
    for (let i = from; i < to; i++) payload += String.fromCharCode(sixBitChar(bits.chars[i]!))
    const fill = n === total - 1 ? chars * 6 - bits.length : 0
    const id = total > 1 ? String(sequence % 10) : ''
    const body = `${talker}VDM,${total},${n + 1},${id},${channel},${payload},${fill}`
    out.push(`!${body}*${checksum(body)}`)
  }
  return out
}

/** NMEA checksum: all bytes between the first character and the star, exclusive or. */
export function checksum(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i)
  return sum.toString(16).toUpperCase().padStart(2, '0')
}

const TYPE_BY_CLASS: Partial<Record<string, 1 | 9 | 18>> = { B: 18, sar: 9 }

/**
 * A position report as one sentence. What the report lacks is sent as not available; values beyond the range of a
 * field are sent as its end.
 * @throws RangeError when the MMSI does not fit 30 bits, or for a message type that is no position report
 */
export function encodePosition(report: PositionReport, options: PositionOptions = {}): string {
  const type = options.msgType ?? (report.msgType || TYPE_BY_CLASS[report.txClass ?? ''] || 1)
  const bits = start(type, options.repeat ?? 0, report.mmsi)
  const accuracy = options.accuracy ? 1 : 0
  const raim = options.raim ? 1 : 0
  const commState = options.commState ?? 0
  switch (type) {
    case 1:
    case 2:
    case 3:
      put(bits, 4, report.navStatus ?? 15)
      put(bits, 8, rotOf(report))
      put(bits, 10, sogOf(report))
      put(bits, 1, accuracy)
      putPlace(bits, report)
      put(bits, 12, cogOf(report))
      put(bits, 9, headingOf(report))
      put(bits, 6, secondOf(report))
      put(bits, 5, 0)
      put(bits, 1, raim)
      put(bits, 19, commState)
      break
    case 9:
      put(bits, 12, 4095) // altitude
      put(bits, 10, wire(report.sog, 1, 0, 1022, 1023))
      put(bits, 1, accuracy)
      putPlace(bits, report)
      put(bits, 12, cogOf(report))
      put(bits, 6, secondOf(report))
      put(bits, 13, 0)
      put(bits, 1, raim)
      put(bits, 20, commState)
      break
    case 18:
      put(bits, 8, 0)
      putClassB(bits, report, accuracy)
      put(bits, 2, 0)
      put(bits, 1, 1) // carrier sense unit
      put(bits, 5, 0b01110)
      put(bits, 1, raim)
      put(bits, 20, commState)
      break
    case 27: {
      const known = positionOf(report)
      put(bits, 1, accuracy)
      put(bits, 1, raim)
      put(bits, 4, report.navStatus ?? 15)
      put(bits, 18, known ? wire(report.lon, 600, -108_000, 108_000, 0) : 108_600)
      put(bits, 17, known ? wire(report.lat, 600, -54_000, 54_000, 0) : 54_600)
      put(bits, 6, wire(report.sog, 1, 0, 62, 63))
      const cog = wire(report.cog, 1, 0, 360, -1)
      put(bits, 9, cog < 0 ? 511 : cog % 360)
      put(bits, 2, 0)
      break
    }
    default:
      throw new RangeError(`encode: message ${type} is no position report`)
  }
  return sentences(bits, options, 0)[0]!
}

function putClassB(bits: Bits, report: PositionReport, accuracy: number): void {
  put(bits, 10, sogOf(report))
  put(bits, 1, accuracy)
  putPlace(bits, report)
  put(bits, 12, cogOf(report))
  put(bits, 9, headingOf(report))
  put(bits, 6, secondOf(report))
}

/** Message 19: extended class B report, position and static data in one; two sentences would need 60 characters. */
export function encodeExtendedB(report: PositionReport & StaticData, options: PositionOptions = {}): string {
  const bits = start(19, options.repeat ?? 0, report.mmsi)
  put(bits, 8, 0)
  putClassB(bits, report, options.accuracy ? 1 : 0)
  put(bits, 4, 0)
  putText(bits, 20, report.name)
  put(bits, 8, report.shipType ?? 0)
  putDimensions(bits, report)
  put(bits, 4, 1)
  put(bits, 1, options.raim ? 1 : 0)
  put(bits, 6, 0)
  return sentences(bits, options, 0)[0]!
}

/** Message 4: base station, with the UTC of `report.t`. */
export function encodeBase(report: PositionReport, options: PositionOptions = {}): string {
  const bits = start(4, options.repeat ?? 0, report.mmsi)
  const at = new Date(report.t)
  put(bits, 14, at.getUTCFullYear())
  put(bits, 4, at.getUTCMonth() + 1)
  put(bits, 5, at.getUTCDate())
  put(bits, 5, at.getUTCHours())
  put(bits, 6, at.getUTCMinutes())
  put(bits, 6, at.getUTCSeconds())
  put(bits, 1, options.accuracy ? 1 : 0)
  putPlace(bits, report)
  put(bits, 4, 1)
  put(bits, 10, 0)
  put(bits, 1, options.raim ? 1 : 0)
  put(bits, 19, options.commState ?? 0)
  return sentences(bits, options, 0)[0]!
}

/** Message 21: aid to navigation; names up to 34 characters. `kind` is its type, 0…31. */
export function encodeAton(
  report: PositionReport & StaticData & { kind?: number },
  options: PositionOptions = {},
): string {
  const bits = start(21, options.repeat ?? 0, report.mmsi)
  const name = report.name ?? ''
  put(bits, 5, report.kind ?? 0)
  putText(bits, 20, name)
  put(bits, 1, options.accuracy ? 1 : 0)
  putPlace(bits, report)
  putDimensions(bits, report)
  put(bits, 4, 1)
  put(bits, 6, secondOf(report))
  put(bits, 9, 0)
  put(bits, 1, options.raim ? 1 : 0)
  put(bits, 3, 0)
  if (name.length > 20) putText(bits, Math.min(14, name.length - 20), name.slice(20))
  return sentences(bits, options, 0)[0]!
}

/** Message 5: static and voyage data of class A, in two sentences. `sequence` tells them from others' parts, 0…9. */
export function encodeStatic5(
  report: Omit<StaticReport, 't'>,
  sequence: number,
  options: SentenceOptions = {},
): string[] {
  const bits = start(5, options.repeat ?? 0, report.mmsi)
  put(bits, 2, 0)
  put(bits, 30, report.imo ?? 0)
  putText(bits, 7, report.callsign)
  putText(bits, 20, report.name)
  put(bits, 8, report.shipType ?? 0)
  putDimensions(bits, report)
  put(bits, 4, 1)
  const [month = 0, day = 0, hour = 24, minute = 60] =
    /^(\d\d)-(\d\d)T(\d\d):(\d\d)$/
      .exec(report.eta ?? '')
      ?.slice(1)
      .map(Number) ?? []
  put(bits, 4, month)
  put(bits, 5, day)
  put(bits, 5, hour)
  put(bits, 6, minute)
  put(bits, 8, wire(report.draught, 10, 0, 255, 0))
  putText(bits, 20, report.destination)
  put(bits, 2, 0)
  return sentences(bits, options, sequence)
}

/** Message 24: static data of class B, part A (name) and part B (the rest). */
export function encodeStatic24(
  report: Omit<StaticReport, 't'>,
  options: SentenceOptions = {},
): [string, string] {
  const a = start(24, options.repeat ?? 0, report.mmsi)
  put(a, 2, 0)
  putText(a, 20, report.name)
  const partA = sentences(a, options, 0)[0]!

  const b = start(24, options.repeat ?? 0, report.mmsi)
  put(b, 2, 1)
  put(b, 8, report.shipType ?? 0)
  putText(b, 7) // vendor
  putText(b, 7, report.callsign)
  putDimensions(b, report)
  put(b, 6, 0)
  return [partA, sentences(b, options, 0)[0]!]
}

/** Distances from an antenna in the middle: bow, stern, port, starboard; at most 1022 m and 126 m together. */
function putDimensions(bits: Bits, { length = 0, width = 0 }: StaticData): void {
  const long = wire(length, 1, 0, 1022, 0)
  const wide = wire(width, 1, 0, 126, 0)
  put(bits, 9, long >> 1)
  put(bits, 9, long - (long >> 1))
  put(bits, 6, wide >> 1)
  put(bits, 6, wide - (wide >> 1))
}

/**
 * A TAG block to put in front of a sentence: `\s:station,c:time*hh\`.
 * @param t epoch ms; written in seconds where it is whole, else in milliseconds
 */
export function tagBlock({ station, t }: { station?: string; t?: number }): string {
  const fields: string[] = []
  // what would end the field, the block or the line is no part of a name
  if (station) fields.push(`s:${station.replace(/[^\x20-\x7e]|[\\,*!$]/g, '_')}`)
  if (t !== undefined) fields.push(`c:${t % 1000 === 0 ? t / 1000 : Math.round(t)}`)
  const body = fields.join(',')
  return `\\${body}*${checksum(body)}\\`
}
