// From the integers on the wire to what they mean: degrees, knots, metres, °/min; codes with their words. What is sent as
// "not available" is left out.

import type { Field } from './field.js'
import { planFor } from './plan.js'
import type { RawMessage } from './tables.js'

export type ScaledValue = number | string | boolean | readonly Record<string, number | string | boolean>[]

/** Rate of turn in °/min by the byte sent; ±127 is "more than 5° in 30 s, no turn indicator". */
export const turnRate = (sent: number): number => Math.sign(sent) * (sent / 4.733) ** 2

export const isNone = ({ none }: Field, value: number): boolean =>
  typeof none === 'number' ? value === none : none !== undefined && none.includes(value)

/**
 * A message in canonical units, by field name; `<field>_text` beside a code. Absent: not available.
 * @throws RangeError for an object that is no message
 */
export function scaleMessage(raw: RawMessage): Record<string, ScaledValue> {
  const plan = planFor(raw)
  const values = raw as unknown as Record<string, number | string>
  const out: Record<string, ScaledValue> = { type: raw.type, repeat: raw.repeat, mmsi: raw.mmsi }
  scaleFields(plan.fields, values, out)
  if (typeof out['name_ext'] === 'string') {
    out['name'] = joinName(values)
    delete out['name_ext']
  }
  for (const { name, parts } of plan.layout.gpsdTimes ?? []) {
    if (parts.every(part => part === '' || part in out)) out[name] = timeText(parts, values)
  }
  if (plan.group) {
    const all = (values[plan.group.name] ?? []) as unknown as Record<string, number>[]
    out[plan.group.name] = all.map(one => {
      const scaled: Record<string, number | string | boolean> = {}
      scaleFields(plan.group!.plan.fields, one, scaled)
      return scaled
    })
  }
  return out
}

function scaleFields(
  fields: readonly Field[],
  values: Record<string, number | string>,
  out: Record<string, ScaledValue>,
): void {
  for (const field of fields) {
    const { name, kind, scale = 1, offset = 0, texts } = field
    const value = values[name]
    if (value === undefined || name.startsWith('spare')) continue
    if (typeof value === 'string') {
      if (value !== '') out[name] = value
    } else if (kind === 'bool') out[name] = value === 1
    else if (!isNone(field, value)) {
      out[name] = name === 'turn' ? turnRate(value) : value / scale + offset
      const words = texts?.[value]
      if (words) out[field.note ?? `${name}_text`] = words
    }
  }
}

/** The name of an aid to navigation that goes on behind its first twenty characters. */
export function joinName(values: Record<string, unknown>): string {
  const name = String(values['name'])
  const more = values['name_ext'] as string | undefined
  // a name that an @ ended does not go on
  return more !== undefined && name.length === 20 ? name + more : name
}

/** A date of which some parts may be unknown, as ISO 8601 and gpsd write it: `05-15T14:00Z`, `18T17:15Z`. */
export function timeText(parts: readonly string[], values: Record<string, unknown>): string {
  const [year, month, day, hour, minute, second] = parts.map(part =>
    part === '' ? '' : String(values[part] ?? 0).padStart(2, '0'),
  )
  const date = [year && year.padStart(4, '0'), month, day].filter(part => part !== '').join('-')
  return `${date}T${[hour, minute, second].filter(part => part !== '').join(':')}Z`
}
