// docs/messages.md out of the tables that decode: what each message holds, bit by bit. `node <compiled>/scripts/messages-page.js`
// writes it; a test says when it has fallen behind.

import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Field } from '../src/ais/field.js'
import { PLANS, type Plan } from '../src/ais/plan.js'
import { TITLES, type MessageType } from '../src/ais/tables.js'

const INTRO = `# Messages

Every message of ITU-R M.1371-5 that darkwake decodes and encodes, field by field, and message 28 of edition 6. This page is made
from the tables in \`src/ais/tables.ts\` and \`src/ais/applications.ts\`, which are the decoder, the encoder, the types and the JSON
Schema (\`darkwake schema message\`): \`node scripts/compiled.mjs scripts/messages-page\`.

Every message begins with \`type\` (6 bits), \`repeat\` (2) and \`mmsi\` (30). Names are those of gpsd's JSON where gpsd has one.
A raw message holds the integers sent: flags as 0 or 1, text without the blanks and \`@\` at its end, bits of unknown meaning as
\`<number of bits>:<hex>\`. Scaled, a value is \`integer / scale + offset\` in the unit given, and what is sent as "none" is left out.
Fields marked with ? are left out where a shorter message ends before them; one that is cut is filled up with zeros, and left out
when there is nothing but zeros. Spare bits are kept in the raw message.

Rules that the tables do not show:

- Fill bits are cut off the end, but do not count against the least length: encoders disagree on them. \`radio\` is the number
  that is left of it.
- A message that is longer than its fields is accepted, a shorter one refused. A type 5 of more than 72 characters is refused:
  it is two ships glued together.
- \`turn\` is scaled as sign · (sent / 4.733)²; ±127 means more than 5° in 30 s without a turn indicator.
- Type 24 is one of two halves; MMSI 98xxxxxxx have the MMSI of their mother ship where others have dimensions.
- Types 25 and 26: gpsd's places, without the two spare bits that edition 5 puts behind an addressed message's \`dest_mmsi\`.
- Message 28 came with edition 6 (table 84): an aid to navigation in one slot. Its fields are those in which the decoders of AIS-catcher
  and pyais agree; the words for codes 32 and up of \`aid_type\` and for \`dim_type\`, which says what \`dim_a\` and \`dim_b\` are, are
  pyais's. No recorded one was at hand, and gpsd 3.22 prints none. Bits of other types that edition 6 gave a name (bit 147 of
  types 1 to 3: low power) are still in \`spare\`, \`regional\` or \`reserved\`.
- Type 29 and above are not defined: refused as unsupported.

Where peers say something else, and why this is what is meant:

- gpsd never reads the communication state of type 26 (its JSON always says 0) and lets the last byte of \`data\` run on into it.
  The raw message has both right; \`toGpsd\` prints what gpsd prints.
- gpsd adds an empty entry to the \`tidals\` of a message that ends exactly behind the last one. Here every entry was sent.
- gpsd refuses types 7, 13, 15, 16, 20, 21, 25 and 27 that are longer than the type can be. Sets that pad their messages exist, so
  what is behind the last field is ignored here. In turn gpsd accepts a type 5 of 74 characters, two ships glued together.
- gpsd prints a part B of type 24 only until it was joined with its part A; here every half is printed.
- Scaled numbers have the decimals of gpsd's own regression test (seven for positions, \`turn\` in quotes). gpsd 3.22 prints six, \`turn\`
  as a whole number without its sign, and the status of type 27 in words; the integers are the same in both.
- gpsd 3.22 prints a \`waterlevel\` below zero (type 8, DAC 1 FI 31) as 42,949,672.9 and the like, and takes the persons on board of a
  type 6 from the bits of its destination. It does not know DAC 1 FI 16 and 24 of type 8, nor DAC 200 FI 55: \`toGpsd\` prints their fields.
- libais prints the quote \`'\` as a backtick and the underline as a dash, and \`gnss\` of type 27 as the opposite of the bit sent.
`

const kindOf = ({ kind, width }: Field): string =>
  kind === 'text' ? (width === 0 ? 'text' : `text, ${width / 6} characters`) : kind === 'data' ? 'bits' : kind

function meaning({ scale, offset, unit, none, texts, gpsd }: Field): string {
  const out: string[] = []
  if (unit) out.push(unit)
  if (scale) out.push(`/ ${scale}`)
  if (offset) out.push(offset > 0 ? `+ ${offset}` : `− ${-offset}`)
  const first = out.join(' ')
  const parts = first === '' ? [] : [first]
  if (none !== undefined) parts.push(`none: ${[none].flat().join(', ')}`)
  if (gpsd !== undefined && gpsd !== 0)
    parts.push(`gpsd: ${Math.abs(gpsd)} decimals${gpsd < 0 ? ', quoted' : ''}`)
  if (texts && texts.length <= 16)
    parts.push(texts.flatMap((text, i) => (text === '' ? [] : [`${i} ${text}`])).join(' · '))
  else if (texts) parts.push('code')
  return parts.join('; ').replaceAll('|', '\\|')
}

function table(plan: Plan): string {
  const rows = plan.fields.map((field, k) => {
    const at = plan.at[k]!
    const place = at < 0 ? `end ${at}` : String(at)
    return `| ${place} | ${field.width || 'rest'} | \`${field.name}\`${field.optional ? ' ?' : ''} | ${kindOf(field)} | ${meaning(field)} |`
  })
  return ['| bit | bits | field | kind | meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}

function section(type: MessageType, same: readonly MessageType[]): string {
  const plans = PLANS[type]!
  const title = [type, ...same].map(t => `${t}: ${TITLES[t]}`).join('; ')
  const layouts = plans.map(plan => {
    const head = plan.layout.title ? `### Type ${type}, ${plan.layout.title}\n\n` : ''
    const group = plan.group
      ? `\n\nThen, as often as it fits, \`${plan.group.name}\` (bits from the start of each):\n\n${table(plan.group.plan).replaceAll(/^\| (\d+)/gm, (_, at: string) => `| ${Number(at) - 38}`)}`
      : ''
    return `${head}At least ${plan.least} bits.\n\n${table(plan)}${group}`
  })
  return `## ${title}\n\n${layouts.join('\n\n')}\n`
}

/** The whole page, as Markdown. */
export function messagesPage(): string {
  const types = Object.keys(TITLES).map(Number) as MessageType[]
  const shape = (type: MessageType): string => PLANS[type]!.map(plan => table(plan)).join()
  const done = new Set<MessageType>()
  const sections: string[] = []
  for (const type of types) {
    if (done.has(type)) continue
    const same = types.filter(other => other > type && shape(other) === shape(type))
    for (const other of same) done.add(other)
    sections.push(section(type, same))
  }
  return `${INTRO}\n${sections.join('\n')}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync('docs/messages.md', messagesPage())
