// JSON Schema (draft 2020-12) of messages, out of the tables that decode them: a definition for each layout, with the range that
// the bits of each field allow, its unit, and the words of its codes.

import type { Field } from './field.js'
import { PLANS, type Plan } from './plan.js'
import { turnRate } from './scale.js'
import { TITLES, type MessageType } from './tables.js'

export type JsonSchema = Record<string, unknown>

export interface MessageSchemaOptions {
  /** Degrees, knots and words as `scaleMessage` gives them; false: the integers sent, as `decodeMessage` gives them. @default true */
  scaled?: boolean
  /** What stands in every message besides, by name. */
  besides?: Record<string, JsonSchema>
}

/** The schema of any message. A message fits the layouts of its own type only. */
export function messageSchema({ scaled = true, besides = {} }: MessageSchemaOptions = {}): JsonSchema {
  const plans = PLANS.flat()
  const name = ({ id }: Plan): string => `message-${id}`
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    description: scaled
      ? 'A message of ITU-R M.1371 in canonical units; what is not available is left out'
      : 'A message of ITU-R M.1371, the integers as they are sent',
    anyOf: plans.map(plan => ({ $ref: `#/$defs/${name(plan)}` })),
    $defs: Object.fromEntries(plans.map(plan => [name(plan), layoutSchema(plan, scaled, besides)])),
  }
}

function layoutSchema(
  { type, layout, fields, group }: Plan,
  scaled: boolean,
  besides: Record<string, JsonSchema>,
): JsonSchema {
  const title = TITLES[type as MessageType]
  const own = objectSchema(fields, scaled)
  const properties: Record<string, JsonSchema> = {
    ...besides,
    type: { const: type },
    repeat: { type: 'integer', minimum: 0, maximum: 3, description: 'How often it was repeated' },
    mmsi: { type: 'integer', minimum: 0, maximum: 2 ** 30 - 1 },
    ...(own.properties as Record<string, JsonSchema>),
  }
  if (scaled && 'name_ext' in properties) {
    // joined with the name that it goes on with
    delete properties['name_ext']
    properties['name'] = textSchema(0)
  }
  if (scaled) {
    for (const { name, parts } of layout.gpsdTimes ?? [])
      properties[name] = { type: 'string', pattern: timePattern(parts) }
  }
  if (group) properties[group.name] = { type: 'array', items: objectSchema(group.plan.fields, scaled) }
  return {
    title: layout.title ? `${title}: ${layout.title}` : title,
    ...own,
    properties,
    required: [
      ...Object.keys(besides),
      ...['type', 'repeat', 'mmsi'],
      ...(own.required as string[]),
      ...(group ? [group.name] : []),
    ],
  }
}

/** An object of some fields, and nothing else. */
function objectSchema(
  fields: readonly Field[],
  scaled: boolean,
): JsonSchema & Record<'properties' | 'required', unknown> {
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  for (const field of fields) {
    const { name, kind, none, optional, note = `${name}_text`, texts, unit } = field
    if (scaled && name.startsWith('spare')) continue
    const range = scaled ? scaledSchema(field) : rawSchema(field)
    const words = texts?.filter(word => word !== '')
    if (scaled && words) properties[note] = { enum: [...new Set(words)] }
    properties[name] = {
      ...range,
      ...(unit && { description: scaled ? unit : `${unit}, unscaled` }),
    }
    // when it is not available it is left out, and so is an empty text
    const isAlways = !optional && !(scaled && (none !== undefined || kind === 'text'))
    if (isAlways) required.push(name)
  }
  return { type: 'object', properties, required, additionalProperties: false }
}

const bounds = ({ kind, width }: Field): [number, number] =>
  kind === 'int' ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1]

function rawSchema(field: Field): JsonSchema {
  if (field.kind === 'text') return textSchema(field.width)
  if (field.kind === 'data') return DATA
  const [minimum, maximum] = bounds(field)
  return { type: 'integer', minimum, maximum }
}

function scaledSchema(field: Field): JsonSchema {
  const { name, kind, width, scale = 1, offset = 0 } = field
  if (kind === 'text') return { ...textSchema(width), minLength: 1 }
  if (kind === 'data') return DATA
  if (kind === 'bool') return { type: 'boolean' }
  const isWhole = scale === 1 && Number.isInteger(offset) && name !== 'turn'
  const [low, high] = bounds(field)
  const inUnits = (sent: number): number => (name === 'turn' ? turnRate(sent) : sent / scale + offset)
  return {
    type: isWhole ? 'integer' : 'number',
    // a value may have been rounded to six decimals
    minimum: Math.floor(inUnits(low) * 1e6) / 1e6,
    maximum: Math.ceil(inUnits(high) * 1e6) / 1e6,
  }
}

/** Six-bit ASCII without the `@` that ends it. */
const textSchema = (width: number): JsonSchema => ({
  type: 'string',
  pattern: '^[ -?A-_]*$',
  ...(width > 0 && { maxLength: width / 6 }),
})

const DATA: JsonSchema = {
  type: 'string',
  pattern: '^[0-9]+:([0-9a-f]{2})*$',
  description: 'Bits of unknown meaning: how many, and the bytes they fill from the first bit on',
}

/** See timeText. */
function timePattern(parts: readonly string[]): string {
  const [date, clock] = [parts.slice(0, 3), parts.slice(3)].map((some, k) =>
    some
      .filter(part => part !== '')
      .map(part => (part === 'year' ? '[0-9]{4,5}' : '[0-9]{2}'))
      .join(k === 0 ? '-' : ':'),
  )
  return `^${date}T${clock}Z$`
}
