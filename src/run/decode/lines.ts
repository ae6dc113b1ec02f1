// Lines of text straight from the bits of a message, for layouts in which every field has its place, which nearly all
// messages have: no object in between, so that text comes out several times as fast. What a line says is what
// createRecords says; tests hold one against the other.

import { int, uint } from '../../ais/bits.js'
import { rawText } from '../../ais/decode.js'
import type { Field } from '../../ais/field.js'
import type { Plan } from '../../ais/plan.js'
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
  style: Style
  /** Columns in order; absent: what the message has. */
  names?: readonly string[] | undefined
}

/** A field's text; '' when it is not there. */
type Print = (message: DecodedMessage) => string

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
  style,
  names,
}: LineOptions): (message: DecodedMessage) => string | null {
  const lines = new Map<Plan, Line | null>()
  const heard = heardPrints(style)

  function lineOf(plan: Plan): Line | null {
    const prints = fieldPrints(plan, scaled, style)
    if (!prints) return null
    const parts: Part[] = []
    let before = ''
    const all = names ?? [...HEARD, 'type', 'repeat', 'mmsi', ...prints.keys()]
    for (const [k, name] of all.entries()) {
      const print = heard.get(name) ?? prints.get(name)
      before += style.open(k, name)
      if (print) {
        parts.push({ before, print })
        before = ''
      } else before += style.absent ?? ''
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

const MAX_STATIONS = 4096

function heardPrints({ text, plain, absent }: Style): Map<string, Print> {
  const none = absent ?? 'null' // these three are in every line
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
  return new Map<string, Print>([
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
    ['repeat', ({ payload }) => `${(payload[0]! >>> 16) & 3}`],
    ['mmsi', ({ payload }) => `${((payload[0]! & 0xffff) << 14) | (payload[1]! >>> 10)}`],
  ])
}

/** null for a layout with a part of any length. */
function fieldPrints(plan: Plan, scaled: boolean, style: Style): Map<string, Print> | null {
  const { fields, layout, group } = plan
  if (group || fields.some(({ width }) => width === 0)) return null
  const prints = new Map<string, Print>()
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
