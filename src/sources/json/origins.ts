// Finding the fields of a layout in a JSON object: paths like `Message.*.UserID` become steps once, and are walked for each
// record. What an object has under `inside` goes before what it has itself.

import { FIELDS } from '../fields.js'
import { originsOf, type Layout, type Origins } from '../layouts.js'
import { FIELD_INDEX, isAbsent, type Values } from '../records.js'
import { toOurs, type Unit } from '../units.js'

export type JsonObject = Record<string, unknown>

/** The value at a path; undefined where there is none. Only own keys count. */
export function valueAt(object: unknown, steps: readonly string[]): unknown {
  let value = object
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined
    const key = step === '*' ? Object.keys(value)[0] : step
    if (key === undefined || !Object.hasOwn(value, key)) return undefined
    value = (value as JsonObject)[key]
  }
  return value
}

interface Lookup {
  field: number
  origins: { steps: string[]; unit: Unit | undefined }[]
}

function lookups(fields: Origins): Lookup[] {
  return FIELDS.filter(field => fields[field] !== undefined).map(field => ({
    field: FIELD_INDEX[field],
    origins: originsOf(fields, field).map(({ name, unit }) => ({ steps: name.split('.'), unit })),
  }))
}

/** Reads the fields of a layout from an object whose `inside` part is `part`. */
export function createPicker(layout: Layout): (record: JsonObject, part: unknown) => Values {
  const common = lookups(layout.fields)
  const byType = new Map(
    Object.entries(layout.byType ?? {}).map(([type, fields]) => [
      Number(type),
      lookups({ ...layout.fields, ...fields }),
    ]),
  )

  function pick({ origins }: Lookup, record: JsonObject, part: unknown): unknown {
    let found: unknown
    for (const { steps, unit } of origins) {
      let value = part === undefined ? undefined : valueAt(part, steps)
      if (value === undefined) value = valueAt(record, steps)
      if (value === undefined) continue
      if (unit !== undefined) value = toOurs(value, unit)
      if (!isAbsent(value)) return value
      found ??= value ?? null
    }
    return found
  }

  return (record, part) => {
    const values: Values = new Array<unknown>(FIELDS.length).fill(undefined)
    for (const lookup of common) values[lookup.field] = pick(lookup, record, part)
    const special = byType.get(Number(values[FIELD_INDEX.msgType]))
    if (special) for (const lookup of special) values[lookup.field] = pick(lookup, record, part)
    return values
  }
}

/** The part of an object that `inside` names; undefined when it has none. */
export function partOf(record: JsonObject, { inside, embedded }: Layout): unknown {
  if (inside === undefined) return undefined
  const part = valueAt(record, inside.split('.'))
  if (!embedded || typeof part !== 'string') return part
  try {
    return JSON.parse(part)
  } catch {
    return undefined
  }
}

/** `path`, or `path=value`. */
export function holds(record: JsonObject, term: string): boolean {
  const equals = term.indexOf('=')
  const path = equals < 0 ? term : term.slice(0, equals)
  const value = valueAt(record, path.split('.'))
  return equals < 0 ? value !== undefined : String(value) === term.slice(equals + 1)
}

/** All names that a layout takes fields from. */
export const namesOf = ({ fields }: Layout): string[] =>
  FIELDS.flatMap(field => originsOf(fields, field).map(({ name }) => name))
