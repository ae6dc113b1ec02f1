import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PAYLOAD_WORDS, unpack } from '../../src/ais/bits.js'
import { createColumnDecoder, type ColumnTable } from '../../src/ais/columns.js'
import { decodeWords } from '../../src/ais/decode.js'
import { encodeMessage } from '../../src/ais/pack.js'
import { PLANS } from '../../src/ais/plan.js'
import { sharedText, testWith } from '../helpers/shared.js'
import { anyMessage } from './messages.js'

interface Payload {
  payload: string
  fill: number
}

/** A row as the object that decodeWords gives. */
function rowOf({ plan, numbers, texts, open, ...table }: ColumnTable, row: number): Record<string, unknown> {
  const out: Record<string, unknown> = {
    type: table.type[row],
    repeat: table.repeat[row],
    mmsi: table.mmsi[row],
  }
  const bits = open ? bitsOf(open, row) : ''
  plan.fields.forEach(({ name, kind, width, optional }, k) => {
    if (width === 0) {
      const value = kind === 'data' ? hexOf(bits) : textOf(bits)
      if (!optional || value !== '') out[name] = value
    } else if (k >= table.present[row]! && optional) return
    else if (kind === 'text') {
      const { chars, bytes } = texts[name]!
      const whole = Buffer.from(bytes.subarray(row * chars, (row + 1) * chars)).toString('latin1')
      // a name that goes on keeps its blanks
      const goesOn = name === 'name' && textOf(bits) !== '' && !whole.includes('\0')
      out[name] = goesOn ? whole : whole.replace(/[ ]*\0*$/, '')
    } else out[name] = numbers[name]![row]
  })
  return out
}

function bitsOf({ at, bits, words }: NonNullable<ColumnTable['open']>, row: number): string {
  const from = at[row]!
  const all = words.subarray(from, from + Math.ceil(bits[row]! / 24))
  return Array.from(all, word => word.toString(2).padStart(24, '0'))
    .join('')
    .slice(0, bits[row]!)
}
const hexOf = (bits: string): string =>
  bits === ''
    ? ''
    : `${bits.length}:${(bits.match(/.{1,8}/g) ?? []).map(b => parseInt(b.padEnd(8, '0'), 2).toString(16).padStart(2, '0')).join('')}`
const textOf = (bits: string): string =>
  (bits.match(/.{6}/g) ?? [])
    .map(b => parseInt(b, 2))
    .map(six => String.fromCharCode(six < 32 ? six + 64 : six))
    .join('')
    .replace(/@.*/s, '')
    .trimEnd()

/** Decodes all, and gives the rows in the order of the messages. */
function columns(all: Payload[], capacity: number): (Record<string, unknown> | string)[] {
  const words = new Int32Array(PAYLOAD_WORDS)
  const out: (Record<string, unknown> | string)[] = []
  const order: number[] = []
  const decoder = createColumnDecoder({
    capacity,
    onFull(table) {
      for (let row = 0; row < table.length; row++) out[order[table.order[row]!]!] = rowOf(table, row)
    },
  })
  all.forEach(({ payload, fill }, i) => {
    unpack(Buffer.from(payload, 'latin1'), 0, payload.length, words)
    order.push(i) // before: a table may be full at once
    const reason = decoder.decode(words, payload.length, fill)
    if (reason === null) return
    order.pop()
    out[i] = reason
  })
  decoder.flush()
  return out
}

/** What the tables say; groups are left out, as a column has no room for them. */
function objects(all: Payload[]): (Record<string, unknown> | string)[] {
  const words = new Int32Array(PAYLOAD_WORDS)
  return all.map(({ payload, fill }) => {
    unpack(Buffer.from(payload, 'latin1'), 0, payload.length, words)
    const raw = decodeWords(words, payload.length, fill)
    if (typeof raw === 'string') return raw
    return Object.fromEntries(Object.entries(raw).filter(([name]) => name !== 'tidals'))
  })
}

const ALPHABET = '0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw'
const anyPayload = fc
  .tuple(
    fc.nat(29),
    fc
      .oneof(fc.constant(27), fc.nat(75))
      .chain(n => fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: n, maxLength: n })),
    fc.oneof(fc.constant(0), fc.nat(5)),
  )
  .map(([type, rest, fill]) => ({ payload: ALPHABET[type]! + rest, fill }))

describe('columns', () => {
  test('hold what the tables decode: any valid message', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage.map(encodeMessage), { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (all, capacity) => {
          expect(columns(all, capacity)).toEqual(objects(all))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('hold what the tables decode: any payload', () => {
    fc.assert(
      fc.property(
        fc.array(anyPayload, { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (all, capacity) => {
          expect(columns(all, capacity)).toEqual(objects(all))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('class A positions take a way of their own, which says the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 27, maxLength: 27 }),
        (type, rest) => {
          const all = [{ payload: `${type}${rest}`, fill: 0 }]
          expect(columns(all, 4)).toEqual(objects(all))
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('one message after the other leaves nothing of the one before', () => {
    const long = { payload: `>${'w'.repeat(40)}`, fill: 0 }
    const short = { payload: '>5?Per18=HB1U:1@E=B0m<L', fill: 2 }
    const all = [long, short, long, short]
    expect(columns(all, 1)).toEqual(objects(all))
  })

  test('every layout has a table that is found again', () => {
    expect(new Set(PLANS.flat().map(plan => plan.id)).size).toBe(PLANS.flat().length)
  })

  testWith('data/nmea/go-ais_aistest.nmea', 'real sentences', () => {
    const all = [
      ...sharedText('data/nmea/go-ais_aistest.nmea').matchAll(/VDM,1,1,[^,]*,[^,]*,([^,]+),(\d)\*/g),
    ].map(([, payload, fill]) => ({ payload: payload!, fill: Number(fill) }))
    expect(all.length).toBeGreaterThan(800)
    expect(columns(all, 100)).toEqual(objects(all))
  })
})
