// The tables made ready to be walked: every field with its place in the message. Places count from the first bit; behind
// a field that takes whatever is left they count back from the end.

import type { Field, FieldKind, Layout } from './field.js'
import { MESSAGES } from './tables.js'

export const KIND = { uint: 0, bool: 0, int: 1, text: 2, data: 3 } as const satisfies Record<
  FieldKind,
  number
>

/** Type, repeat indicator and MMSI. */
export const HEADER_BITS = 38
export const MAX_TYPE = 28

export interface Plan {
  /** Unique: the message type, and the number of the layout where there are several, `24.1`. */
  id: string
  /** Place among all layouts. */
  index: number
  type: number
  layout: Layout
  fields: readonly Field[]
  names: readonly string[]
  /** KIND by field. */
  kinds: Uint8Array
  /** First bit of each field; a field behind the one without a width counts from the end: negative. */
  at: Int16Array
  /** Bits; 0 for whatever is left. */
  widths: Uint8Array
  optional: Uint8Array
  /** Fields that are the number that is left of them, when cut. */
  rest: Uint8Array
  /** Bits behind the field without a width. */
  tail: number
  /** Bits that a message must have. */
  least: number
  /** Bits that a message may have. */
  most: number
  /** Bits of all fields with a width. */
  whole: number
  /** Fields that repeat; a last one that is cut counts when its place, the first two fields, is there. */
  group: { name: string; plan: Plan; bits: number; place: number } | undefined
}

function planOf(id: string, type: number, layout: Layout): Plan {
  const { fields, group } = layout
  const open = fields.findIndex(field => field.width === 0)
  const tail = open < 0 ? 0 : fields.slice(open + 1).reduce((sum, field) => sum + field.width, 0)
  let next = HEADER_BITS
  const at = fields.map((field, k) => {
    if (open >= 0 && k === open + 1) next = -tail
    const here = next
    next += field.width
    return here
  })
  const bits = (wanted: (field: Field) => boolean): number =>
    fields.filter(wanted).reduce((sum, field) => sum + field.width, 0)
  return {
    id,
    index: 0,
    type,
    layout,
    fields,
    names: fields.map(field => field.name),
    kinds: Uint8Array.from(fields, field => KIND[field.kind]),
    at: Int16Array.from(at),
    widths: Uint8Array.from(fields, field => field.width),
    optional: Uint8Array.from(fields, field => (field.optional ? 1 : 0)),
    rest: Uint8Array.from(fields, field => (field.rest ? 1 : 0)),
    tail,
    least: HEADER_BITS + bits(field => !field.optional),
    most: layout.most ?? Infinity,
    whole: HEADER_BITS + bits(() => true),
    group: group && groupOf(id, type, group),
  }
}

function groupOf(id: string, type: number, { name, fields }: NonNullable<Layout['group']>): Plan['group'] {
  const plan = planOf(id, type, { fields })
  const place = plan.widths[0]! + plan.widths[1]!
  return { name, plan, bits: plan.whole - HEADER_BITS, place }
}

/** By message type; an empty list for what is none. */
export const PLANS: readonly (readonly Plan[])[] = Array.from({ length: 64 }, (_, type) => {
  const layouts: readonly Layout[] = MESSAGES[type as keyof typeof MESSAGES] ?? []
  return layouts.map((layout, i) => planOf(layouts.length > 1 ? `${type}.${i}` : `${type}`, type, layout))
})

PLANS.flat().forEach((plan, index) => (plan.index = index))

/** DAC and FI (`dac << 6 | fid`) of the application messages whose layout is known, of messages 6 and 8 alike. */
export const KNOWN_APPLICATIONS = new Uint8Array(1 << 16)
for (const { layout } of [...PLANS[6]!, ...PLANS[8]!]) {
  const { dacs = [], fid = 0 } = layout.application ?? {}
  for (const dac of dacs) KNOWN_APPLICATIONS[(dac << 6) | fid] = 1
}

const valueOf = (raw: object, name: string): number | undefined => {
  const value = (raw as Record<string, unknown>)[name]
  return typeof value === 'number' ? value : undefined
}

/**
 * The layout that a raw message is in: the first whose condition holds and whose fields it has.
 * @throws RangeError when there is none
 */
export function planFor(raw: { type: number; mmsi: number }): Plan {
  const get = (name: string): number | undefined => valueOf(raw, name)
  for (const plan of PLANS[raw.type] ?? []) {
    if (plan.layout.when && !plan.layout.when(get, raw.mmsi, NaN)) continue
    if (plan.fields.every(field => field.optional || field.name in raw)) return plan
  }
  throw new RangeError(`message type ${raw.type}: no layout has these fields`)
}
