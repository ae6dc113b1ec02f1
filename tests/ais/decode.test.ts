import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_PAYLOAD_CHARS } from '../../src/ais/bits.js'
import { decodeMessage } from '../../src/ais/decode.js'
import { printScaled, toGpsd, type GpsdValue } from '../../src/ais/gpsd.js'
import { encodeMessage } from '../../src/ais/pack.js'
import { scaleMessage } from '../../src/ais/scale.js'
import { MESSAGES, TITLES, type RawMessage } from '../../src/ais/tables.js'
import { sharedText, testWith } from '../helpers/shared.js'
import { heard } from './heard.js'
import { ALL_PLANS, messagesOf } from './messages.js'

const decode = (payload: string, fill = 0): RawMessage => {
  const raw = decodeMessage(payload, fill)
  if (typeof raw === 'string') throw new Error(raw)
  return raw
}

describe('round trips', () => {
  test.each(ALL_PLANS.map(plan => [`${plan.type} ${plan.layout.title ?? ''}`.trim(), plan] as const))(
    'message %s comes back as it was',
    (_, plan) => {
      fc.assert(
        fc.property(messagesOf(plan), raw => {
          const { payload, fill } = encodeMessage(raw)
          expect(decodeMessage(payload, fill)).toEqual(raw)
        }),
        { numRuns: 60 },
      )
    },
  )

  test('what is decoded from any payload is encoded to the same message again', () => {
    fc.assert(
      fc.property(payloads, fc.nat(5), (payload, fill) => {
        const raw = decodeMessage(payload, fill)
        fc.pre(typeof raw !== 'string')
        const again = encodeMessage(raw)
        expect(decodeMessage(again.payload, again.fill)).toEqual(raw)
      }),
      { numRuns: 3000 },
    )
  })
})

const ALPHABET = '0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw'
const payloads = fc.oneof(
  fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 100 }),
  // of a type that exists, about as long as it should be
  fc
    .tuple(
      fc.integer({ min: 1, max: 28 }),
      fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 6, maxLength: 75 }),
    )
    .map(([type, rest]) => ALPHABET[type]! + rest),
)

describe('safety', () => {
  test('decoding never throws, whatever the bytes, and what it gives can be scaled and printed', () => {
    fc.assert(
      fc.property(fc.oneof(payloads, fc.uint8Array({ maxLength: 1300 })), fc.nat(5), (payload, fill) => {
        const raw = decodeMessage(payload, fill)
        if (typeof raw === 'string') return
        scaleMessage(raw)
        toGpsd(raw)
        toGpsd(raw, { scaled: false })
      }),
      { numRuns: 3000 },
    )
  })

  test('what is refused, and why', () => {
    expect(decodeMessage('')).toBe('bits')
    expect(decodeMessage('0'.repeat(28))).toBe('unsupported') // type 0
    expect(decodeMessage('M'.repeat(28))).toBe('unsupported') // type 29
    expect(decodeMessage('L'.repeat(27))).toBe('bits') // type 28 that is too short
    expect(decodeMessage('15RTgt0PAso;90TKcjM8h6g208C')).toBe('bits')
    expect(decodeMessage('15RTgt0PAso;90TKcjM8h6g208CX')).toBe('payload')
    expect(decodeMessage('15RTgt0PAso;90TKcjM8h6g208Cé')).toBe('payload')
    expect(decodeMessage('5'.repeat(MAX_PAYLOAD_CHARS + 1))).toBe('payload')
    expect(decodeMessage('5'.repeat(73))).toBe('bits') // two messages 5 glued together
  })

  test('what was decoded before leaves nothing behind', () => {
    const short = '702R5`hwCjq8'
    const before = decode(short)
    decode('w'.repeat(3).padStart(60, '8'))
    expect(decode(short)).toEqual(before)
  })

  test('a value that no field can carry is refused with its name', () => {
    const raw = decode('15RTgt0PAso;90TKcjM8h6g208CQ')
    expect(() => encodeMessage({ ...raw, speed: 1024 } as RawMessage)).toThrow('speed')
    expect(() => encodeMessage({ ...raw, lon: -(2 ** 27) - 1 } as RawMessage)).toThrow('lon')
    expect(() => encodeMessage({ ...raw, type: 29 } as unknown as RawMessage)).toThrow('29')
    expect(() => encodeMessage({ type: 14, repeat: 0, mmsi: 1, spare: 0, text: 'a' })).toThrow('text')
    expect(() => encodeMessage({ type: 14, repeat: 0, mmsi: 1, spare: 0, text: 'A'.repeat(1200) })).toThrow(
      'too long',
    )
    expect(() =>
      encodeMessage({ type: 7, repeat: 0, mmsi: 1, spare: 0, mmsi1: 1, seqno1: 0, mmsi3: 3 }),
    ).toThrow('mmsi2')
    const acknowledged = { type: 8, repeat: 0, mmsi: 1, spare: 0, dac: 2, fid: 3 } as const
    expect(() => encodeMessage({ ...acknowledged, data: '9:ff' })).toThrow('data')
  })
})

describe('by hand', () => {
  test('a class A position report, raw and scaled', () => {
    const raw = decode('15RTgt0PAso;90TKcjM8h6g208CQ')
    expect(raw).toEqual({
      ...{ type: 1, repeat: 0, mmsi: 371798000, status: 0, turn: -127, speed: 123, accuracy: 1 },
      ...{ lon: -74037230, lat: 29028980, course: 2240, heading: 215, second: 33, maneuver: 0 },
      ...{ spare: 0, raim: 0, radio: 34017 },
    })
    expect(scaleMessage(raw)).toMatchObject({
      ...{ speed: 12.3, accuracy: true, course: 224, status_text: 'Under way using engine', raim: false },
      lon: -74037230 / 600_000,
    })
  })

  test('what is not available is left out when scaled', () => {
    const raw = decode(
      encodeMessage({
        ...{ type: 1, repeat: 0, mmsi: 1, status: 15, turn: -128, speed: 1023, accuracy: 0, lon: 108600000 },
        ...{
          lat: 54600000,
          course: 3600,
          heading: 511,
          second: 60,
          maneuver: 0,
          spare: 0,
          raim: 0,
          radio: 0,
        },
      }).payload,
    )
    expect(scaleMessage(raw)).toEqual({ type: 1, repeat: 0, mmsi: 1, accuracy: false, raim: false, radio: 0 })
  })

  test('the name of an aid to navigation goes on behind twenty characters', () => {
    const raw = {
      ...{ type: 21, repeat: 0, mmsi: 992190001, aid_type: 3, name: 'A NAME THAT ENDS IN ', accuracy: 0 },
      ...{ lon: 0, lat: 0, to_bow: 0, to_stern: 0, to_port: 0, to_starboard: 0, epfd: 1, second: 0 },
      ...{ off_position: 0, regional: 0, raim: 0, virtual_aid: 0, assigned: 0, spare: 0, name_ext: 'BLANKS' },
    } as RawMessage
    const { payload, fill } = encodeMessage(raw)
    expect(scaleMessage(decode(payload, fill))['name']).toBe('A NAME THAT ENDS IN BLANKS')
    const ended = encodeMessage({ ...raw, name: '13' } as RawMessage)
    expect(scaleMessage(decode(ended.payload, ended.fill))['name']).toBe('13')
    expect(toGpsd(decode(payload, fill))['name']).toBe('A NAME THAT ENDS IN BLANKS')
  })

  test('a craft of a mother ship names her where others have dimensions', () => {
    const part = {
      type: 24,
      repeat: 0,
      partno: 1,
      shiptype: 36,
      vendorid: 'ABC',
      model: 1,
      serial: 2,
    } as const
    const rest = { callsign: 'X', mothership_mmsi: 219000001, epfd: 0, spare: 0 } as const
    const { payload } = encodeMessage({ ...part, mmsi: 982190001, ...rest })
    expect(decode(payload)).toMatchObject({ mothership_mmsi: 219000001 })
    expect(toGpsd(decode(payload))).toMatchObject({ part: 'B', mothership_mmsi: 219000001 })
  })

  test('message 28, as pyais 3.3.1 wrote it: an aid to navigation that moves', () => {
    const raw = decode('L>kb9HDMMdKD<76J5E<ALCSp1:J5')
    expect(raw).toEqual({
      ...{ type: 28, repeat: 0, mmsi: 993692001, second: 17, lon: -42547500, lat: 25398480 },
      ...{ restricted_use: 2, aton_station_type: 5, aid_type: 41, iala_mrn: 70001, dim_type: 3, dim_a: 287 },
      ...{ dim_b: 4, dim_more: 1, charted_status: 0, on_station_status: 9, aton_status: 0b10100001 },
      ...{ spare: 0, authenticated: 1 },
    })
    expect(scaleMessage(raw)).toMatchObject({
      ...{
        lon: -70.9125,
        lat: 42.3308,
        aton_station_type_text: 'Mobile',
        aid_type_text: 'Protected species',
      },
    })
  })

  test('inland ship data in metres', () => {
    const sample = decode('83aDCr@j2P000000029Pt?cm0000') // made up, vin of blanks
    expect(sample).toMatchObject({ type: 8, dac: 200, fid: 10 })
  })

  test('persons on board', () => {
    const six = { type: 6, repeat: 0, mmsi: 1, seqno: 0, dest_mmsi: 2, retransmit: 0, spare: 0 } as const
    const { payload, fill } = encodeMessage({ ...six, dac: 1, fid: 16, persons: 23, spare2: 0 })
    expect(decode(payload, fill)).toMatchObject({ persons: 23 })
  })

  test('every type has a title, and every layout of several its own', () => {
    expect(Object.keys(TITLES)).toEqual(Object.keys(MESSAGES))
    for (const plan of ALL_PLANS) {
      const titles = ALL_PLANS.filter(other => other.type === plan.type).map(other => other.layout.title)
      expect(new Set(titles).size).toBe(titles.length)
      // a name is a column, and a key: only once in a layout
      expect(new Set(plan.names).size).toBe(plan.names.length)
    }
  })
})

const SAMPLE = 'data/conformance/gpsd/sample.aivdm'

describe('gpsd', () => {
  test('has the decimals that printf gives it', () => {
    const fields = ALL_PLANS.flatMap(({ type, fields }) => fields.map(field => ({ type, field })))
    const scaled = fields.filter(({ field: { gpsd = -1, gpsdText } }) => gpsd >= 0 && !gpsdText)
    expect(scaled.length).toBeGreaterThan(30)
    for (const { type, field } of scaled) {
      const { kind, width, scale = 1, offset = 0, gpsd } = field
      const low = kind === 'int' ? -(2 ** (width - 1)) : 0
      const any = fc.integer({ min: low, max: low + 2 ** width - 1 })
      const all = width <= 10 ? Array.from({ length: 2 ** width }, (_, i) => low + i) : fc.sample(any, 300)
      for (const value of all) {
        const printed = printScaled(field, value, type)
        if (typeof printed === 'number')
          expect(printed).toBe(Number((value / scale + offset).toFixed(gpsd)) + 0)
      }
    }
  })

  test('says in words what is no number, as gpsdecode 3.22 does: of types 1 to 3 and 9, not of 18', () => {
    const nine = { type: 9, repeat: 0, mmsi: 111232501, accuracy: 0, lon: 0, lat: 0, course: 0, second: 0 }
    const sar = { ...nine, ...{ regional: 0, dte: 0, spare: 0, assigned: 0, raim: 0, radio: 0 } }
    const one = decode('15RTgt0PAso;90TKcjM8h6g208CQ')
    const eighteen = decode('B3oB764N3?=1B00<8C@0001P4330')
    const printed = (raw: object, field: string): unknown => toGpsd(raw as RawMessage)[field]
    expect([1023, 1022, 1021].map(speed => printed({ ...one, speed }, 'speed'))).toEqual([
      'nan',
      'fast',
      102.1,
    ])
    expect([1023, 1022].map(speed => printed({ ...eighteen, speed }, 'speed'))).toEqual([102.3, 102.2])
    expect([1023, 1022, 90].map(speed => printed({ ...sar, alt: 1, speed }, 'speed'))).toEqual([
      'nan',
      'fast',
      90,
    ])
    expect([4095, 4094, 303].map(alt => printed({ ...sar, alt, speed: 1 }, 'alt'))).toEqual([
      'nan',
      'high',
      303,
    ])
    // the integers are printed as they are
    expect(toGpsd({ ...one, speed: 1023 } as RawMessage, { scaled: false })['speed']).toBe(1023)
  })

  /** gpsd joins the halves of a type 24, and prints a message when part B completes it. */
  function joined(messages: RawMessage[], scaled: boolean): Record<string, GpsdValue>[] {
    const halves = new Map<number, Record<string, GpsdValue>>()
    const out: Record<string, GpsdValue>[] = []
    for (const raw of messages) {
      const { part, ...printed } = toGpsd(raw, { scaled })
      if (part === undefined) out.push(printed)
      else if (part === 'A') halves.set(raw.mmsi, printed)
      else if (halves.has(raw.mmsi)) {
        out.push({ ...halves.get(raw.mmsi), ...printed })
        halves.delete(raw.mmsi)
      }
    }
    return out
  }

  const withoutTexts = (printed: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(printed).filter(([name]) => !name.endsWith('_text')))

  for (const [file, scaled] of [
    ['ju', false],
    ['js', true],
  ] as const) {
    testWith(SAMPLE, `all fields of all messages, ${scaled ? 'scaled' : 'integers'}`, () => {
      const wanted = sharedText(`${SAMPLE}.${file}.chk`)
        .trim()
        .split('\n')
        .map(line => withoutTexts(JSON.parse(line) as Record<string, unknown>))
      const { messages, refused } = heard(Buffer.from(sharedText(SAMPLE), 'latin1'))
      const got = joined(messages, scaled).map(withoutTexts)
      expect(refused).toEqual([])
      expect(wanted).toHaveLength(97)
      expect(got).toEqual(wanted)
    })
  }
})

test('docs/messages.md is what the tables say', async () => {
  const { messagesPage } = await import('../../scripts/messages-page.js')
  expect(readFileSync('docs/messages.md', 'utf8')).toBe(messagesPage())
})
