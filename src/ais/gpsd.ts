// A message as gpsd and gpsdecode print it (gpsd_json(5), "AIS Dump Formats"; decimals as in its regression test): its JSON names, its integers,
// and when scaled its decimals, its words for what is out of range and its quotes.

import type { Field } from './field.js'
import { planFor } from './plan.js'
import { joinName, timeText, turnRate } from './scale.js'
import type { RawMessage } from './tables.js'

export type GpsdValue = number | string | boolean | readonly Record<string, number | string | boolean>[]

export interface GpsdOptions {
  /** Degrees, knots and so on in place of the integers sent. @default true */
  scaled?: boolean
  /** Device name. @default 'stdin' */
  device?: string
}

/**
 * The object that gpsd prints for this message. A type 24 is the half it is (`gpsdecode -s`), with `part`.
 * @throws RangeError for an object that is no message
 */
export function toGpsd(
  raw: RawMessage,
  { scaled = true, device = 'stdin' }: GpsdOptions = {},
): Record<string, GpsdValue> {
  const plan = planFor(raw)
  const values = raw as unknown as Record<string, number | string>
  const { type, repeat, mmsi } = raw
  const out: Record<string, GpsdValue> = { class: 'AIS', device, type, repeat, mmsi, scaled }
  if (type === 24) out['part'] = values['partno'] === 0 ? 'A' : 'B'

  const hidden = new Set((plan.layout.gpsdTimes ?? []).flatMap(time => time.parts))
  const times = new Map(
    (plan.layout.gpsdTimes ?? []).map(time => [time.parts.find(part => part !== ''), time]),
  )
  for (const field of plan.fields) {
    const time = times.get(field.name)
    if (time) out[time.name] = timeText(time.parts, values)
    if (hidden.has(field.name)) continue
    printField(field, values, type, scaled, out)
    // what a shorter message leaves out is zero, or nothing
    if (!field.own && !(field.name in out))
      out[field.name] = field.kind === 'text' ? '' : field.kind === 'data' ? '0:' : 0
  }
  if (type === 25 || type === 26) {
    out['dest_mmsi'] ??= 0
    out['app_id'] ??= 0
  }
  if (type === 26) {
    // as gpsd prints them: the last byte runs on into the communication state, which it does not read
    out['data'] = runOn(String(out['data']), Number(values['radio']))
    out['radio'] = 0
  }
  if (plan.group) {
    const all = (values[plan.group.name] ?? []) as unknown as Record<string, number>[]
    out[plan.group.name] = all.map(one => {
      const printed: Record<string, GpsdValue> = {}
      for (const field of plan.group!.plan.fields) printField(field, one, type, scaled, printed)
      return printed as Record<string, number>
    })
  }
  return out
}

function printField(
  field: Field,
  values: Record<string, number | string>,
  type: number,
  scaled: boolean,
  out: Record<string, GpsdValue>,
): void {
  const { name, kind } = field
  const value = values[name]
  if (field.own || value === undefined) return
  if (typeof value === 'string') {
    out[name] = name === 'vendorid' ? vendorOf(values) : name === 'name' ? joinName(values) : value
    return
  }
  out[name] = kind === 'bool' ? value === 1 : scaled ? printScaled(field, value, type) : value
  if (field.note) {
    const words = field.texts?.[value]
    if (words !== undefined) out[field.note] = words
  }
}

/** A field's integer as gpsd prints it when it scales. */
export function printScaled(field: Field, value: number, type: number): number | string {
  const { name, gpsd, scale = 1, offset = 0 } = field
  if (name === 'turn') return TURNS[value & 255]!
  if (field.gpsdText) return field.texts?.[value] ?? value
  const words = WORDS[type]?.[name]
  if (words && value in words) return words[value]!
  if (gpsd === undefined) return value
  const scaled = value / scale + offset
  if (gpsd < 0) return scaled.toFixed(-gpsd)
  const unit = UNITS[gpsd]!
  const whole = Math.round(scaled * unit)
  // half-way between two it is the binary value that decides, as in printf; toFixed for all took half the time of a line
  const near = Math.abs(scaled * unit - whole) > 0.49999 ? Number(scaled.toFixed(gpsd)) : whole / unit
  return near + 0 // no −0
}

const UNITS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7]

const SPEED: Record<number, string> = { 1023: 'nan', 1022: 'fast' }
/** What gpsd says in place of a number, by message type and field. Of messages 18 and 19 it prints the number. */
const WORDS: Record<number, Partial<Record<string, Record<number, string>>>> = {
  1: { speed: SPEED },
  2: { speed: SPEED },
  3: { speed: SPEED },
  9: { speed: SPEED, alt: { 4095: 'nan', 4094: 'high' } },
}

/** Rates of turn by the byte sent. */
const TURNS = Array.from({ length: 256 }, (_, byte) => {
  const sent = (byte << 24) >> 24
  if (sent === -128) return 'n/a'
  return Math.abs(sent) === 127 ? (sent < 0 ? 'fastleft' : 'fastright') : turnRate(sent).toFixed(2)
})

/** gpsd reads seven characters where the standard now has three, a model number and a serial number. */
export function vendorOf(values: Record<string, number | string>): string {
  const vendor = String(values['vendorid'])
  if (vendor.length < 3) return vendor
  const bits = Number(values['model']) * 2 ** 20 + Number(values['serial'])
  let out = vendor
  for (let shift = 18; shift >= 0; shift -= 6) {
    const six = (bits >> shift) & 63
    if (six === 0) break
    out += String.fromCharCode(six < 32 ? six + 64 : six)
  }
  return out.trimEnd()
}

/** `bits:hex` whose last byte is filled up with the first of the 20 bits of `next`. */
function runOn(data: string, next: number): string {
  const free = -Number(data.slice(0, data.indexOf(':'))) & 7
  if (free === 0) return data
  const last = parseInt(data.slice(-2), 16) | (next >> (20 - free))
  return data.slice(0, -2) + last.toString(16).padStart(2, '0')
}
