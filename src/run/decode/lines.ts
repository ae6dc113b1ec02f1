// Lines of text straight from the bits of a message, for layouts in which every field has its place, which nearly all
// messages have: no object in between, so that text comes out several times as fast. What a line says is what
// createRecords says; tests hold one against the other.

import { int, uint } from '../../ais/bits.js'
import { rawText } from '../../ais/decode.js'
import type { Field } from '../../ais/field.js'
import type { Plan } from '../../ais/plan.js'
import { printScaled, vendorOf } from '../../ais/gpsd.js'
import { isNone, timeText, turnRate } from '../../ais/scale.js'
import { toJson } from '../../sinks/ndjson.js'
import type { DecodedMessage } from '../decode.js'
import { HEARD, roundedFigure, timeOf } from './columns.js'

/** How values are written. */
export interface Style {
  /** What stands before value `k`. */
  open(k: number, name: string): string
  /** In place of a value that a message does not have; null leaves out its name as well. */
  absent: string | null
  text(value: string): string
  /** The same for text that is known to be digits and letters. */
  plain(value: string): string
  close: string
}

export interface LineOptions {
  scaled: boolean
  /** As gpsd names and prints them. */
  gpsd?: boolean
  style: Style
  /** Columns in order; absent: what the message has. */
  names?: readonly string[] | undefined
}

/** A value's text; '' when it is not there. One that is always the same is that text. */
type Print = (message: DecodedMessage) => string
type Prints = Map<string, Print | string>

interface Part {
  before: string
  print: Print
}
interface Line {
  parts: Part[]
  end: string
}

/** Printable ASCII but for the quote and the backslash. */
const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/

/** One object a line. @param absent null leaves out what a message does not have */
export const jsonStyle = (absent: 'null' | null): Style => ({
  open: (k, name) => `${k === 0 ? '{' : ','}${toJson(name)}:`,
  absent,
  text: value => (NEEDS_NO_ESCAPE.test(value) ? `"${value}"` : toJson(value)),
  plain: value => `"${value}"`,
  close: '}\n',
})

/** @returns a message's line, or null when it must be written the long way */
export function createLines({
  scaled,
  gpsd = false,
  style,
  names,
}: LineOptions): (message: DecodedMessage) => string | null {
  const lines = new Map<Plan, Line | null>()
  // gpsd's own lines say of these only what is known
  const heard = heardPrints(style, gpsd ? '' : (style.absent ?? 'null'))

  function lineOf(plan: Plan): Line | null {
    const prints = gpsd ? gpsdPrints(plan, scaled, style) : fieldPrints(plan, scaled, style)
    if (!prints) return null
    const parts: Part[] = []
    let before = ''
    const own = gpsd ? [...prints.keys(), ...HEARD] : [...HEARD, 'type', 'repeat', 'mmsi', ...prints.keys()]
    for (const [k, name] of (names ?? own).entries()) {
      const print = prints.get(name) ?? heard.get(name)
      before += style.open(k, name)
      if (typeof print === 'function') {
        parts.push({ before, print })
        before = ''
      } else before += print ?? style.absent ?? ''
    }
    return { parts, end: before + style.close }
  }

  return message => {
    const { plan } = message
    let line = lines.get(plan)
    if (line === undefined) lines.set(plan, (line = lineOf(plan)))
    if (line === null || message.chars * 6 - message.fill < plan.whole) return null
    const { parts, end } = line
    const absent = style.absent
    let out = ''
    for (let i = 0; i < parts.length; i++) {
      const { before, print } = parts[i]!
      const value = print(message)
      if (value !== '') out += before + value
      else if (absent !== null) out += before + absent
    }
    return out + end
  }
}

const REPEAT: Print = ({ payload }) => `${(payload[0]! >>> 16) & 3}`
const MMSI: Print = ({ payload }) => `${((payload[0]! & 0xffff) << 14) | (payload[1]! >>> 10)}`

const MAX_STATIONS = 4096

/** @param none in place of a time, a station or a channel that nobody told */
function heardPrints({ text, plain }: Style, none: string): Prints {
  const known = new Map<string, string>()
  const name = (value: string | null): string => {
    if (value === null) return none
    let written = known.get(value)
    if (written === undefined) {
      if (known.size >= MAX_STATIONS) known.clear()
      known.set(value, (written = text(value)))
    }
    return written
  }
  let t = NaN
  let time = ''
  return new Map<string, Print | string>([
    [
      'time',
      message => {
        if (message.t !== t) {
          t = message.t
          const iso = timeOf(t)
          time = iso === null ? none : plain(iso)
        }
        return time
      },
    ],
    ['station', message => name(message.station)],
    ['channel', message => name(message.channel)],
    ['source', message => name(message.source)],
    ['line', message => `${message.line}`],
    ['type', ({ payload }) => `${payload[0]! >>> 18}`],
    ['repeat', REPEAT],
    ['mmsi', MMSI],
  ])
}

const hasAnyLength = ({ fields, group }: Plan): boolean =>
  group !== undefined || fields.some(({ width }) => width === 0)

/** What gpsd prints of a message, in its order; null for a layout with a part of any length. See toGpsd. */
function gpsdPrints(plan: Plan, scaled: boolean, { text, plain }: Style): Prints | null {
  if (hasAnyLength(plan)) return null
  const { type, fields, layout, at, names } = plan
  const read = new Map(fields.map((field, k) => [names[k]!, codeOf(field, at[k]!)]))
  const times = layout.gpsdTimes ?? []
  const hidden = new Set(times.flatMap(({ parts }) => parts))
  const prints: Prints = new Map<string, Print | string>([
    ['class', plain('AIS')],
    ['device', plain('stdin')],
    ['type', `${type}`],
    ['repeat', REPEAT],
    ['mmsi', MMSI],
    ['scaled', `${scaled}`],
  ])
  if (type === 24) prints.set('part', plain(layout.title === 'part A' ? 'A' : 'B'))
  for (const [k, field] of fields.entries()) {
    const { name, kind, width, own, note, texts } = field
    const time = times.find(({ parts }) => parts.find(part => part !== '') === name)
    if (time) {
      const { parts } = time
      const values: Record<string, number> = {}
      prints.set(time.name, ({ payload }) => {
        for (const part of parts) if (part !== '') values[part] = read.get(part)!(payload)
        return plain(timeText(parts, values))
      })
    }
    if (own || hidden.has(name)) continue
    const code = read.get(name)!
    const place = at[k]!
    if (name === 'vendorid') {
      const [model, serial] = [read.get('model')!, read.get('serial')!]
      prints.set(name, ({ payload }) =>
        text(
          vendorOf({ vendorid: rawText(payload, place, 3), model: model(payload), serial: serial(payload) }),
        ),
      )
    } else if (kind === 'text') prints.set(name, ({ payload }) => text(rawText(payload, place, width / 6)))
    else if (kind === 'bool') prints.set(name, ({ payload }) => (code(payload) === 1 ? 'true' : 'false'))
    else if (scaled)
      prints.set(name, ({ payload }) => {
        const value = printScaled(field, code(payload), type)
        return typeof value === 'string' ? text(value) : `${value}`
      })
    else prints.set(name, ({ payload }) => `${code(payload)}`)
    if (note && texts) {
      const written = texts.map(words => text(words))
      prints.set(note, ({ payload }) => written[code(payload)] ?? '')
    }
  }
  return prints
}

/** null for a layout with a part of any length. */
function fieldPrints(plan: Plan, scaled: boolean, style: Style): Prints | null {
  if (hasAnyLength(plan)) return null
  const { fields, layout } = plan
  const prints: Prints = new Map()
  for (const [k, field] of fields.entries()) {
    if (scaled && field.name.startsWith('spare')) continue
    prints.set(field.name, fieldPrint(field, plan.at[k]!, scaled, style))
    const { texts } = field
    if (!scaled || !texts) continue
    const written = texts.map(words => (words ? style.text(words) : ''))
    const code = codeOf(field, plan.at[k]!)
    prints.set(field.note ?? `${field.name}_text`, ({ payload }) => {
      const value = code(payload)
      return isNone(field, value) ? '' : (written[value] ?? '')
    })
  }
  if (scaled) {
    for (const { name, parts } of layout.gpsdTimes ?? []) {
      const read = parts.flatMap(part => {
        const k = plan.names.indexOf(part)
        return k < 0 ? [] : [{ part, field: fields[k]!, code: codeOf(fields[k]!, plan.at[k]!) }]
      })
      prints.set(name, ({ payload }) => {
        const values: Record<string, number> = {}
        for (const { part, field, code } of read) {
          const value = code(payload)
          if (isNone(field, value)) return ''
          values[part] = value
        }
        return style.plain(timeText(parts, values))
      })
    }
  }
  return prints
}

const codeOf = ({ kind, width }: Field, at: number): ((words: Int32Array) => number) =>
  kind === 'int' ? words => int(words, at, width) : words => uint(words, at, width)

function fieldPrint(field: Field, at: number, scaled: boolean, { text }: Style): Print {
  const { name, kind, width, scale = 1, offset = 0 } = field
  if (kind === 'text') {
    const chars = (width / 6) | 0
    return ({ payload }) => {
      const value = rawText(payload, at, chars)
      return value === '' && scaled ? '' : text(value)
    }
  }
  const code = codeOf(field, at)
  if (!scaled) return ({ payload }) => `${code(payload)}`
  if (kind === 'bool') return ({ payload }) => (code(payload) === 1 ? 'true' : 'false')
  return ({ payload }) => {
    const value = code(payload)
    if (isNone(field, value)) return ''
    return `${roundedFigure(name, name === 'turn' ? turnRate(value) : value / scale + offset)}`
  }
}
