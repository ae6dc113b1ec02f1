// Units that feeds and archives send, and how they become ours (degrees, knots, degrees per minute, metres). Most are the
// integers of the wire (ITU-R M.1371-5, tables 47 and 52) that nobody scaled.

import type { Field } from './fields.js'

/** A unit other than ours, by the name that a layout gives it. */
export type Unit = keyof typeof UNITS

interface Scale {
  /** For the docs. */
  readonly spoken: string
  /** Divide by this to get our unit; 0 where the value is no plain number. */
  readonly per: number
}

export const UNITS = {
  '1/600000 deg': { spoken: '1/600,000 degree (1/10,000 minute)', per: 600_000 },
  '1/600 deg': { spoken: '1/600 degree (1/10 minute)', per: 600 },
  '1/10 deg': { spoken: 'tenths of a degree', per: 10 },
  '1/10 kn': { spoken: 'tenths of a knot', per: 10 },
  'deg or signed': { spoken: 'degrees; below 0 signed 12 bits of 0.1 degree', per: 0 },
  dm: { spoken: 'decimetres', per: 10 },
  byte: { spoken: 'the byte of M.1371, ±127: sign · (byte / 4.733)² degrees per minute', per: 0 },
  'gpsd turn': { spoken: 'degrees per minute, or `fastleft`, `fastright`', per: 0 },
  'eta bits': { spoken: 'the 20 bits of M.1371: month, day, hour, minute', per: 0 },
  'eta parts': { spoken: 'an object of month, day, hour and minute', per: 0 },
  topic: { spoken: 'second part of the MQTT topic', per: 0 },
} as const satisfies Record<string, Scale>

/**
 * Rate of turn from the byte of messages 1–3: sign · (byte / 4.733)². ±127 says "more than 5° in 30 s"; −128 (in some
 * archives with its sign lost) is not available.
 * @returns degrees per minute, NaN when not available
 */
export function turnOfByte(byte: number): number {
  if (!(byte >= -127 && byte <= 127)) return NaN
  return Math.sign(byte) * (byte / 4.733) ** 2
}

/** COG as signed 12 bits of 0.1 degree: what some copies of MarineCadastre made of courses beyond 204.7. */
const SIGNED_COG_SPAN = 409.6

/** Course in degrees, from one that may have become negative. */
export const unsignedCog = (cog: number): number =>
  cog < 0 ? Math.round((cog + SIGNED_COG_SPAN) * 10) / 10 : cog

const FAST = turnOfByte(127)

const two = (value: number): string => String(value).padStart(2, '0')

/** `MM-DDTHH:MM`; undefined when month or day is not available. Hour 24 and minute 60 mean that the rest is not known. */
function etaText(month: number, day: number, hour: number, minute: number): string | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined
  return `${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** `{Month, Day, Hour, Minute}`, whatever the case of its keys. */
function etaOfParts(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const parts = Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toLowerCase(), part]))
  return etaText(
    Number(parts['month']),
    Number(parts['day']),
    Number(parts['hour'] ?? 24),
    Number(parts['minute'] ?? 60),
  )
}

/** A value in `unit` as a value in ours; what cannot be read stays as it is, for its field to refuse. */
export function toOurs(value: unknown, unit: Unit): unknown {
  if (unit === 'eta parts') return etaOfParts(value)
  if (unit === 'topic') return typeof value === 'string' ? /^[^/]+\/(\d{1,9})\//.exec(value)?.[1] : undefined
  if (unit === 'gpsd turn') {
    if (value === 'fastleft') return -FAST
    if (value === 'fastright') return FAST
    return value
  }
  if (value == null || value === '') return value
  const number = Number(value)
  if (number !== number) return value
  if (unit === 'byte') return turnOfByte(number)
  if (unit === 'deg or signed') return unsignedCog(number)
  if (unit === 'eta bits')
    return etaText((number >> 16) & 15, (number >> 11) & 31, (number >> 6) & 31, number & 63)
  return number / UNITS[unit].per
}

/** How M.1371 says "not available", in our units: what every reader drops. For the docs. */
export const NOT_AVAILABLE: Partial<Record<Field, number | string>> = {
  lat: 91,
  lon: 181,
  sog: 102.3,
  cog: 360,
  heading: 511,
  navStatus: 15,
  utcSecond: '60–63',
  imo: 0,
  shipType: 0,
  draught: 0,
  length: 0,
  width: 0,
  toBow: 'all four 0',
  toStern: 'all four 0',
  toPort: 'all four 0',
  toStarboard: 'all four 0',
  name: 'blank, `@`',
  callsign: 'blank, `@`',
  destination: 'blank, `@`',
}

/** The same as it stands in a file of another unit. */
export function notAvailableIn(field: Field, unit: Unit | undefined): string {
  if (unit === 'byte') return '−128'
  if (unit === 'deg or signed') return '360'
  if (unit === 'gpsd turn') return '`nan`, `n/a`'
  if (unit === 'eta bits' || unit === 'eta parts') return 'month or day 0'
  if (field === 'rot') return '±128, beyond ±720'
  const value = NOT_AVAILABLE[field]
  if (value === undefined) return ''
  return String(typeof value === 'number' && unit ? value * UNITS[unit].per : value)
}
