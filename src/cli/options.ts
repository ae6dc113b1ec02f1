// Option values as people type them, turned into numbers: times, boxes, coordinates, sizes, column maps.
// A value that cannot be read is refused with what would have been right; commander adds which option it was.

import { InvalidArgumentError, Option, type Command } from 'commander'

/** A number in a range. */
export function numberIn(min: number, max: number, unit = ''): (text: string) => number {
  return text => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a number from ${min} to ${max}${unit && ` ${unit}`}.`)
  }
}

/** A whole number in a range. */
export function integerIn(min: number, max: number): (text: string) => number {
  const read = numberIn(min, max)
  return text => {
    const value = read(text)
    if (Number.isInteger(value)) return value
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`)
  }
}

/** ISO-8601 to epoch ms; without a zone it is UTC, as all times here are. */
export function time(text: string): number {
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(
    text.trim(),
  )
  const t = iso ? Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? 'Z'}`) : NaN
  if (Number.isFinite(t)) return t
  throw new InvalidArgumentError('Expected an ISO-8601 time in UTC, such as 2024-01-31T12:00:00Z.')
}

/** West, south, east, north in degrees; west > east means across ±180. */
export type Box = [west: number, south: number, east: number, north: number]

export function box(text: string): Box {
  const parts = text.split(',').map(part => (part.trim() === '' ? NaN : Number(part)))
  const [west = NaN, south = NaN, east = NaN, north = NaN] = parts
  const lon = (value: number) => value >= -180 && value <= 180
  const lat = (value: number) => value >= -90 && value <= 90
  if (parts.length === 4 && lon(west) && lon(east) && lat(south) && lat(north) && south <= north) {
    return [west, south, east, north]
  }
  throw new InvalidArgumentError(
    'Expected lonmin,latmin,lonmax,latmax in degrees, such as 4.5,53.4,10.6,58.7.',
  )
}

/** `mmsi=Ship ID,t=When` to field → column; may be repeated. */
export function columnMap(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const map = { ...earlier }
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const field = pair.slice(0, at).trim()
    const column = pair.slice(at + 1).trim()
    if (at < 1 || !field || !column) {
      throw new InvalidArgumentError('Expected field=column,…, such as mmsi=ship_id,t=when,lat=y,lon=x.')
    }
    map[field] = column
  }
  return map
}

/** `512M`, `1.5G` or bytes. */
export function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg])?i?b?$/i.exec(text.trim())
  const factor = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[(match?.[2] ?? '').toLowerCase()] ?? 1
  const value = match ? Math.round(Number(match[1]) * factor) : NaN
  if (value >= 64 * 2 ** 20) return value
  throw new InvalidArgumentError('Expected a size of at least 64M, such as 512M or 2G.')
}

/** `90s`, `10m`, `8h`, `2d`; a bare number is seconds. In ms. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)?$/.exec(text.trim())
  const units = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }
  const value = match ? Number(match[1]) * units[(match[2] ?? 's') as keyof typeof units] : NaN
  if (value > 0 && value <= 30 * units.d) return value
  throw new InvalidArgumentError('Expected a length of time, such as 90s, 10m or 8h.')
}

/** A value with or without a name before it: `station=10.0.0.1:5631`. */
export interface Named {
  name: string | undefined
  value: string
}

export function named(text: string): Named {
  const match = /^([A-Za-z][\w.-]{0,39})=(.+)$/s.exec(text)
  return match ? { name: match[1]!, value: match[2]! } : { name: undefined, value: text }
}

export const repeatedNamed = (text: string, earlier: Named[] = []): Named[] => [...earlier, named(text)]

/** `10m` for all, or `station=10m` for one; may be repeated. Under '' stands what holds for all. */
export function perSource(text: string, earlier: Record<string, number> = {}): Record<string, number> {
  const { name = '', value } = named(text)
  return { ...earlier, [name]: duration(value) }
}

/** A comma-separated list of words out of `allowed`. */
export function listOf<T extends string>(allowed: readonly T[]): (text: string, earlier?: T[]) => T[] {
  return (text, earlier = []) => {
    const words = text.split(',').map(word => word.trim())
    for (const word of words) {
      if (!allowed.includes(word as T)) throw new InvalidArgumentError(`Expected ${allowed.join(', ')}.`)
    }
    return [...earlier, ...(words as T[])]
  }
}

/** Collects a repeated option. */
export const repeated = (text: string, earlier: string[] = []): string[] => [...earlier, text]

/** `host:port,host:port`. */
export const serversOf = (text: string): string[] => text.split(',').map(part => part.trim())

/** What every command that works for a while has in common: how much it says on stderr. */
export interface TalkOptions {
  quiet?: boolean
  verbose?: boolean
  logLevel?: string
}

export function withTalk(command: Command): Command {
  return command
    .option('-q, --quiet', 'say nothing on stderr but errors')
    .option('-v, --verbose', 'log what happens, as JSON lines on stderr')
    .addOption(
      new Option('--log-level <level>', 'log from this level on').choices(['debug', 'info', 'warn', 'error']),
    )
}
