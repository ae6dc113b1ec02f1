// Any valid message of any type, made from the tables themselves.

import fc from 'fast-check'
import type { Field } from '../../src/ais/field.js'
import { PLANS, type Plan } from '../../src/ais/plan.js'
import type { RawMessage } from '../../src/ais/tables.js'

const SIX_BIT = Array.from({ length: 63 }, (_, i) => String.fromCharCode(i < 31 ? i + 65 : i + 1))

export const sixBitText = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...SIX_BIT), maxLength: max }).map(text => text.trimEnd())

/** `<bits>:<hex>`, what is left of the last byte zero. */
const hexData = fc
  .tuple(fc.array(fc.nat(255), { minLength: 1, maxLength: 100 }), fc.nat(7))
  .map(([bytes, short]) => {
    const last = bytes.length - 1
    bytes[last] = (bytes[last]! >> short) << short
    return `${bytes.length * 8 - short}:${Buffer.from(bytes).toString('hex')}`
  })

function valueOf({ kind, width }: Field): fc.Arbitrary<number | string> {
  if (kind === 'text')
    return sixBitText(width === 0 ? 100 : width / 6).filter(text => width > 0 || text !== '')
  if (kind === 'data') return hexData
  if (kind === 'int') return fc.integer({ min: -(2 ** (width - 1)), max: 2 ** (width - 1) - 1 })
  return fc.nat(2 ** width - 1)
}

const rowOf = (fields: readonly Field[], kept = fields.length): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(
      fields.filter((field, k) => k < kept || !field.optional).map(field => [field.name, valueOf(field)]),
    ),
  )

/** Messages of one layout, cut behind any of its optional fields. */
export function messagesOf(plan: Plan): fc.Arbitrary<RawMessage> {
  const { fields, group, type } = plan
  const head = fc.record({
    repeat: fc.nat(3),
    mmsi: plan.layout.title?.includes('mother ship')
      ? fc.integer({ min: 980_000_000, max: 989_999_999 })
      : fc.nat(979_999_999),
  })
  const groups = group
    ? fc.array(rowOf(group.plan.fields), { minLength: 1, maxLength: 3 }).map(all => ({ [group.name]: all }))
    : fc.constant({})
  const body = group ? rowOf(fields) : fc.nat(fields.length).chain(kept => rowOf(fields, kept))
  return fc
    .tuple(head, body, groups)
    .map(
      ([first, rest, more]) =>
        ({ type, ...first, ...rest, ...more, ...given(plan) }) as unknown as RawMessage,
    )
}

/** What a layout's title says of its own condition. */
function given({ layout: { title = '' } }: Plan): Record<string, number> {
  const application = /^DAC (\d+).*? FI (\d+)/.exec(title)
  if (application) return { dac: Number(application[1]), fid: Number(application[2]) }
  if (title === 'any other') return { dac: 366, fid: 63 }
  if (title === 'an area') return { addressed: 0 }
  if (title === 'two stations') return { addressed: 1 }
  if (title.startsWith('part')) return { partno: title === 'part A' ? 0 : 1 }
  if (/^(broadcast|addressed), /.test(title))
    return {
      addressed: title.startsWith('addressed') ? 1 : 0,
      structured: title.endsWith('application id') ? 1 : 0,
    }
  return {}
}

export const ALL_PLANS = PLANS.flat()
export const anyMessage: fc.Arbitrary<RawMessage> = fc.oneof(...ALL_PLANS.map(messagesOf))
