// The way back: reports and static data to the sentences that a receiver would log. What a report tells in degrees and knots
// becomes a raw message of the tables (tables.ts), which pack.ts writes. The simulator speaks through it, and a decoder that
// must give back what was put in here has nowhere to hide.

import type { PositionReport, StaticData, StaticReport } from '../model/report.js'
import { encodeMessage } from './pack.js'
import { toSentences, type SentenceOptions } from './sentences.js'
import { isCraft, type RawMessage } from './tables.js'

export interface MessageOptions extends SentenceOptions {
  /** How often the message was repeated, 0…3. @default 0 */
  repeat?: number
}

export interface PositionOptions extends MessageOptions {
  /** 1, 2, 3 or 27 (class A), 18 (class B), 9 (aircraft). @default the report's own, else by its class */
  msgType?: 1 | 2 | 3 | 9 | 18 | 27
  /** Position better than 10 m. @default false */
  accuracy?: boolean
  /** Receiver autonomous integrity monitoring in use. @default false */
  raim?: boolean
  /** 19 bits, 20 of messages 9 and 18. @default 0 */
  commState?: number
}

const sentencesOf = (raw: RawMessage, options: SentenceOptions): string[] =>
  toSentences(encodeMessage(raw), options)

/** A number that may be missing to wire units, kept within its range; `none` where it is missing. */
function wire(value: number | undefined, scale: number, min: number, max: number, none: number): number {
  if (value === undefined || value !== value) return none
  return Math.min(max, Math.max(min, Math.round(value * scale)))
}

/** Capitals, cut to the field; what the six-bit alphabet does not have, and the @ that ends a text, becomes a blank. */
const sixBit = (chars: number, value = ''): string =>
  value
    .toUpperCase()
    .slice(0, chars)
    .replace(/[^ -_]|@/g, ' ')

const positionOf = (report: PositionReport): boolean =>
  report.lat !== undefined &&
  report.lon !== undefined &&
  report.lat === report.lat &&
  report.lon === report.lon

/** @param scale wire units of a degree */
const lonOf = (report: PositionReport, scale = 600_000): number =>
  positionOf(report) ? wire(report.lon, scale, -180 * scale, 180 * scale, 0) : 181 * scale
const latOf = (report: PositionReport, scale = 600_000): number =>
  positionOf(report) ? wire(report.lat, scale, -90 * scale, 90 * scale, 0) : 91 * scale
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

/** Distances from an antenna in the middle; at most 1022 m and 126 m together. */
const longOf = ({ length = 0 }: StaticData): number => wire(length, 1, 0, 1022, 0)
const wideOf = ({ width = 0 }: StaticData): number => wire(width, 1, 0, 126, 0)

const TYPE_BY_CLASS: Partial<Record<string, 1 | 9 | 18>> = { B: 18, sar: 9 }

/**
 * A position report as one sentence. What the report lacks is sent as not available; values beyond the range of a
 * field are sent as its end.
 * @throws RangeError when the MMSI does not fit 30 bits, or for a message type that is no position report
 */
export function encodePosition(report: PositionReport, options: PositionOptions = {}): string {
  const type = options.msgType ?? (report.msgType || TYPE_BY_CLASS[report.txClass ?? ''] || 1)
  const raw = positionMessage(report, type, options)
  if (!raw) throw new RangeError(`encode: message ${type} is no position report`)
  return sentencesOf(raw, options)[0]!
}

// The objects below are written out flat: put together from smaller ones, they made the simulator take three times as long.

function positionMessage(
  report: PositionReport,
  type: number,
  { repeat = 0, commState = 0, accuracy, raim }: PositionOptions,
): RawMessage | undefined {
  switch (type) {
    case 1:
    case 2:
    case 3:
      return {
        type,
        repeat,
        mmsi: report.mmsi,
        status: report.navStatus ?? 15,
        turn: rotOf(report),
        speed: sogOf(report),
        accuracy: accuracy ? 1 : 0,
        lon: lonOf(report),
        lat: latOf(report),
        course: cogOf(report),
        heading: headingOf(report),
        second: secondOf(report),
        maneuver: 0,
        spare: 0,
        raim: raim ? 1 : 0,
        radio: commState,
      }
    case 9:
      return {
        type,
        repeat,
        mmsi: report.mmsi,
        alt: 4095,
        speed: wire(report.sog, 1, 0, 1022, 1023),
        accuracy: accuracy ? 1 : 0,
        lon: lonOf(report),
        lat: latOf(report),
        course: cogOf(report),
        second: secondOf(report),
        regional: 0,
        dte: 0,
        spare: 0,
        assigned: 0,
        raim: raim ? 1 : 0,
        radio: commState,
      }
    case 18: // of a carrier sense unit
      return {
        type,
        repeat,
        mmsi: report.mmsi,
        reserved: 0,
        speed: sogOf(report),
        accuracy: accuracy ? 1 : 0,
        lon: lonOf(report),
        lat: latOf(report),
        course: cogOf(report),
        heading: headingOf(report),
        second: secondOf(report),
        regional: 0,
        cs: 1,
        display: 0,
        dsc: 1,
        band: 1,
        msg22: 1,
        assigned: 0,
        raim: raim ? 1 : 0,
        radio: commState,
      }
    case 27: {
      const cog = wire(report.cog, 1, 0, 360, -1)
      return {
        type,
        repeat,
        mmsi: report.mmsi,
        accuracy: accuracy ? 1 : 0,
        raim: raim ? 1 : 0,
        status: report.navStatus ?? 15,
        lon: lonOf(report, 600),
        lat: latOf(report, 600),
        speed: wire(report.sog, 1, 0, 62, 63),
        course: cog < 0 ? 511 : cog % 360,
        gnss: 0,
        spare: 0,
      }
    }
    default:
      return undefined
  }
}

/** Message 19: extended class B report, position and static data in one; two sentences would need 60 characters. */
export function encodeExtendedB(
  report: PositionReport & StaticData,
  { repeat = 0, ...options }: PositionOptions = {},
): string {
  const raw: RawMessage<19> = {
    type: 19,
    repeat,
    mmsi: report.mmsi,
    reserved: 0,
    speed: sogOf(report),
    accuracy: options.accuracy ? 1 : 0,
    lon: lonOf(report),
    lat: latOf(report),
    course: cogOf(report),
    heading: headingOf(report),
    second: secondOf(report),
    regional: 0,
    shipname: sixBit(20, report.name),
    shiptype: report.shipType ?? 0,
    to_bow: longOf(report) >> 1,
    to_stern: (longOf(report) + 1) >> 1,
    to_port: wideOf(report) >> 1,
    to_starboard: (wideOf(report) + 1) >> 1,
    epfd: 1,
    raim: options.raim ? 1 : 0,
    dte: 0,
    assigned: 0,
    spare: 0,
  }
  return sentencesOf(raw, options)[0]!
}

/** Message 4: base station, with the UTC of `report.t`. */
export function encodeBase(
  report: PositionReport,
  { repeat = 0, commState = 0, ...options }: PositionOptions = {},
): string {
  const at = new Date(report.t)
  const raw: RawMessage<4> = {
    type: 4,
    repeat,
    mmsi: report.mmsi,
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    accuracy: options.accuracy ? 1 : 0,
    lon: lonOf(report),
    lat: latOf(report),
    epfd: 1,
    spare: 0,
    raim: options.raim ? 1 : 0,
    radio: commState,
  }
  return sentencesOf(raw, options)[0]!
}

/** Message 21: aid to navigation; names up to 34 characters. `kind` is its type, 0…31. */
export function encodeAton(
  report: PositionReport & StaticData & { kind?: number },
  { repeat = 0, ...options }: PositionOptions = {},
): string {
  const name = sixBit(34, report.name)
  const raw: RawMessage<21> = {
    type: 21,
    repeat,
    mmsi: report.mmsi,
    aid_type: report.kind ?? 0,
    name: name.slice(0, 20),
    accuracy: options.accuracy ? 1 : 0,
    lon: lonOf(report),
    lat: latOf(report),
    to_bow: longOf(report) >> 1,
    to_stern: (longOf(report) + 1) >> 1,
    to_port: wideOf(report) >> 1,
    to_starboard: (wideOf(report) + 1) >> 1,
    epfd: 1,
    second: secondOf(report),
    off_position: 0,
    regional: 0,
    raim: options.raim ? 1 : 0,
    virtual_aid: 0,
    assigned: 0,
    spare: 0,
    ...(name.length > 20 && { name_ext: name.slice(20) }),
  }
  return sentencesOf(raw, options)[0]!
}

/** Message 5: static and voyage data of class A, in two sentences. `sequence` tells them from others' parts, 0…9. */
export function encodeStatic5(
  report: Omit<StaticReport, 't'>,
  sequence: number,
  { repeat = 0, ...options }: MessageOptions = {},
): string[] {
  const [month = 0, day = 0, hour = 24, minute = 60] =
    /^(\d\d)-(\d\d)T(\d\d):(\d\d)$/
      .exec(report.eta ?? '')
      ?.slice(1)
      .map(Number) ?? []
  const raw: RawMessage<5> = {
    type: 5,
    repeat,
    mmsi: report.mmsi,
    ais_version: 0,
    imo: report.imo ?? 0,
    callsign: sixBit(7, report.callsign),
    shipname: sixBit(20, report.name),
    shiptype: report.shipType ?? 0,
    to_bow: longOf(report) >> 1,
    to_stern: (longOf(report) + 1) >> 1,
    to_port: wideOf(report) >> 1,
    to_starboard: (wideOf(report) + 1) >> 1,
    epfd: 1,
    month,
    day,
    hour,
    minute,
    draught: wire(report.draught, 10, 0, 255, 0),
    destination: sixBit(20, report.destination),
    dte: 0,
    spare: 0,
  }
  return toSentences(encodeMessage(raw), { ...options, sequence })
}

/** Message 24: static data of class B, part A (name) and part B (the rest). */
export function encodeStatic24(
  report: Omit<StaticReport, 't'>,
  { repeat = 0, ...options }: MessageOptions = {},
): [string, string] {
  const head = { type: 24, repeat, mmsi: report.mmsi } as const
  const a: RawMessage<24> = { ...head, partno: 0, shipname: sixBit(20, report.name) }
  const size = {
    to_bow: longOf(report) >> 1,
    to_stern: (longOf(report) + 1) >> 1,
    to_port: wideOf(report) >> 1,
    to_starboard: (wideOf(report) + 1) >> 1,
  }
  const b = {
    ...{ ...head, partno: 1, shiptype: report.shipType ?? 0, vendorid: '', model: 0, serial: 0 },
    ...{ callsign: sixBit(7, report.callsign), epfd: 0, spare: 0 },
    // the MMSI of a craft's mother ship, in the place of dimensions, is not known here
    ...(isCraft(report.mmsi) ? { mothership_mmsi: 0 } : size),
  } as const
  return [sentencesOf(a, options)[0]!, sentencesOf(b, options)[0]!]
}
