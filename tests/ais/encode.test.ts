import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBatch } from '../../src/model/batch.js'
import { TX_CLASSES, type PositionReport } from '../../src/model/report.js'
import { createWords } from '../../src/model/words.js'
import { MAX_PAYLOAD_CHARS, PAYLOAD_WORDS, int, uint, unpack } from '../../src/ais/bits.js'
import {
  encodeAton,
  encodeBase,
  encodeExtendedB,
  encodePosition,
  encodeStatic5,
  encodeStatic24,
} from '../../src/ais/encode.js'
import { checksum, tagBlock } from '../../src/ais/sentences.js'
import { decodeMessage } from '../../src/ais/messages.js'
import { createStaticIds } from '../../src/ais/static.js'
import { read, type Row } from './read.js'

const T = Date.UTC(2024, 5, 1, 12)
const decode = (lines: string | string[]): Row[] => {
  const out = read([lines].flat().join('\n'), { timeStart: T })
  expect(out.missing).toBe(0)
  return out.rows
}

const some = <V>(arbitrary: fc.Arbitrary<V>): fc.Arbitrary<V | undefined> =>
  fc.option(arbitrary, { nil: undefined })
const degreesOf = (max: number): fc.Arbitrary<number> => fc.double({ min: -max, max, noNaN: true })
const mmsi = fc.integer({ min: 1, max: 999_999_999 })

const report = fc.record({
  mmsi,
  t: fc.constant(T),
  lat: degreesOf(90),
  lon: degreesOf(180),
  sog: some(fc.double({ min: 0, max: 102.2, noNaN: true })),
  cog: some(fc.double({ min: 0, max: 359.9, noNaN: true })),
  heading: some(fc.integer({ min: 0, max: 359 })),
  rot: some(fc.double({ min: -708, max: 708, noNaN: true })),
  navStatus: fc.integer({ min: 0, max: 15 }),
  utcSecond: fc.integer({ min: 0, max: 63 }),
}) as fc.Arbitrary<PositionReport>

/** Equal within half a wire unit; absent and NaN are the same. */
const near = (got: number, wanted: number | undefined, unit: number): void => {
  if (wanted === undefined) expect(got).toBeNaN()
  else expect(Math.abs(got - wanted)).toBeLessThanOrEqual(unit / 2 + 1e-5)
}

const sixBit = (max: number): fc.Arbitrary<string> =>
  fc
    .string({
      unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !"#$%&\'()*+,-./0123456789:;<=>?'),
      maxLength: max,
    })
    .map(text => text.trim())

describe('round trips', () => {
  test.each([1, 2, 3, 18] as const)('message %i', msgType => {
    fc.assert(
      fc.property(
        report,
        fc.boolean(),
        fc.boolean(),
        fc.nat(0x7ffff),
        fc.nat(3),
        (sent, accuracy, raim, commState, repeat) => {
          fc.pre(Math.abs(sent.lat!) > 1e-4 || Math.abs(sent.lon!) > 1e-4)
          const line = encodePosition(sent, {
            msgType,
            accuracy,
            raim,
            commState,
            repeat,
            channel: raim ? 'B' : 'A',
          })
          const [row] = decode(line)
          expect(row).toMatchObject({ mmsi: sent.mmsi, msgType, utcSecond: sent.utcSecond, commState, t: T })
          expect(row!.bits).toBe(
            2 + 8 + (accuracy ? 1 : 0) + (raim ? 4 : 0) + repeat * 16 + 128 + (raim ? 64 : 0),
          )
          near(row!.lat, sent.lat, 1 / 600_000)
          near(row!.lon, sent.lon, 1 / 600_000)
          near(row!.sog, sent.sog, 0.1)
          if (sent.cog !== undefined && sent.cog > 359.95) near(row!.cog, 0, 0.1)
          else near(row!.cog, sent.cog, 0.1)
          near(row!.heading, sent.heading, 1)
          if (msgType === 18) return
          expect(row!.navStatus).toBe(sent.navStatus)
          near(Math.sqrt(Math.abs(row!.rot)) * 4.733, sent.rot && Math.sqrt(Math.abs(sent.rot)) * 4.733, 1)
        },
      ),
    )
  })

  test('message 27, to a tenth of a minute', () => {
    fc.assert(
      fc.property(report, sent => {
        fc.pre(Math.abs(sent.lat!) > 0.01 || Math.abs(sent.lon!) > 0.01)
        const [row] = decode(encodePosition(sent, { msgType: 27 }))
        expect(row).toMatchObject({ mmsi: sent.mmsi, msgType: 27, navStatus: sent.navStatus })
        near(row!.lat, sent.lat, 1 / 600)
        near(row!.lon, sent.lon, 1 / 600)
        near(row!.sog, sent.sog === undefined ? undefined : Math.min(62, sent.sog), 1)
        near(row!.cog, sent.cog === undefined ? undefined : Math.round(sent.cog) % 360, 1)
      }),
    )
  })

  test('message 9, in whole knots', () => {
    const [row] = decode(encodePosition({ mmsi: 111232001, t: T, lat: 55, lon: 12, sog: 88, txClass: 'sar' }))
    expect(row).toMatchObject({ msgType: 9, txClass: TX_CLASSES.indexOf('sar'), sog: 88 })
    const [fast] = decode(
      encodePosition({ mmsi: 111232001, t: T, lat: 55, lon: 12, sog: 140 }, { msgType: 9 }),
    )
    expect(fast!.sog).toBeNaN() // beyond what a report may hold
  })

  test('message 4 carries its own time', () => {
    const t = T + 3_661_000
    const out = read(encodeBase({ mmsi: 2190047, t, lat: 55, lon: 12 }))
    expect(out.rows).toMatchObject([{ msgType: 4, t, txClass: TX_CLASSES.indexOf('base'), utcSecond: 1 }])
  })

  const statics = fc.record({
    mmsi,
    imo: fc.integer({ min: 1, max: 2 ** 30 - 1 }),
    name: sixBit(20),
    callsign: sixBit(7),
    shipType: fc.integer({ min: 1, max: 99 }),
    length: fc.integer({ min: 1, max: 1022 }),
    width: fc.integer({ min: 1, max: 126 }),
    draught: fc.integer({ min: 1, max: 255 }).map(n => n / 10),
    destination: sixBit(20),
    eta: fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }), fc.nat(24), fc.nat(60))
      .map(([mo, d, h, mi]) => {
        const two = (n: number): string => String(n).padStart(2, '0')
        return `${two(mo)}-${two(d)}T${two(h)}:${two(mi)}`
      }),
  })
  const without = (data: object, ...fields: string[]): object =>
    Object.fromEntries(
      Object.entries(data).filter(([key, value]) => value !== '' && key !== 'mmsi' && !fields.includes(key)),
    )

  test('message 5', () => {
    fc.assert(
      fc.property(statics, fc.nat(9), (sent, sequence) => {
        const lines = encodeStatic5(sent, sequence)
        expect(lines).toHaveLength(2)
        const rows = decode(lines)
        expect(rows).toMatchObject([{ mmsi: sent.mmsi, msgType: 5, data: without(sent) }])
        expect(rows[0]!.lat).toBeNaN()
      }),
    )
  })

  test('message 24: each half counts, and both are joined', () => {
    fc.assert(
      fc.property(statics, sent => {
        fc.pre(sent.name !== '' && sent.mmsi < 980_000_000)
        const [a, b] = encodeStatic24(sent)
        const rest = without(sent, 'imo', 'draught', 'destination', 'eta')
        expect(decode([a, b, a]).map(row => row.data)).toEqual([{ name: sent.name }, rest, rest])
        expect(decode(b)[0]!.data).toEqual(without(rest, 'name'))
      }),
    )
  })

  test('message 24 of a craft has a mother ship where others have dimensions', () => {
    const [, b] = encodeStatic24({ mmsi: 982190001, callsign: 'X', length: 200, width: 20 })
    expect(decode(b)[0]!.data).toEqual({ callsign: 'X' })
  })

  test('messages 19 and 21 say where and who', () => {
    const place = { mmsi: 992190001, t: T, lat: 55.5, lon: -12.25 }
    const b = decode(
      encodeExtendedB({ ...place, sog: 7.5, name: 'SAILOR', shipType: 36, length: 12, width: 4 }),
    )
    expect(b).toMatchObject([
      {
        msgType: 19,
        lat: 55.5,
        lon: -12.25,
        sog: 7.5,
        data: { name: 'SAILOR', shipType: 36, length: 12, width: 4 },
      },
    ])
    const name = 'A NAME THAT IS LONGER THAN TWENTY'
    const aton = decode(encodeAton({ ...place, name, length: 10, width: 10, utcSecond: 7 }))
    expect(aton).toMatchObject([
      {
        msgType: 21,
        txClass: TX_CLASSES.indexOf('aton'),
        lat: 55.5,
        utcSecond: 7,
        data: { name, length: 10, width: 10 },
      },
    ])
  })
})

describe('what is not available', () => {
  test('is sent as such and comes back as nothing', () => {
    for (const msgType of [1, 18, 9, 27] as const) {
      const [row] = decode(encodePosition({ mmsi: 219000001, t: T }, { msgType }))
      for (const field of ['lat', 'lon', 'sog', 'cog', 'heading', 'rot'] as const)
        expect(row![field]).toBeNaN()
      expect(row!.navStatus).toBe(15)
    }
    expect(decode(encodeStatic5({ mmsi: 219000001 }, 0))[0]!.statics).toBe(0)
  })
  test('values at the end of their range', () => {
    const [row] = decode(
      encodePosition({
        mmsi: 219000001,
        t: T,
        lat: 90,
        lon: -180,
        sog: 102.2,
        cog: 359.97,
        heading: 359.6,
        rot: 5000,
      }),
    )
    expect(row).toMatchObject({ lat: 90, lon: -180, cog: 0, heading: 0 })
    expect(row!.sog).toBeCloseTo(102.2, 4)
    expect(row!.rot).toBeCloseTo((127 / 4.733) ** 2, 2)
    const [turning] = decode(encodePosition({ mmsi: 219000001, t: T, lat: 9, lon: 9, rot: -708 }))
    expect(turning!.rot).toBeCloseTo(-((126 / 4.733) ** 2), 2)
  })
  test('distress transmitters are told by their MMSI', () => {
    const classOf = (mmsi: number): string =>
      TX_CLASSES[decode(encodePosition({ mmsi, t: T, lat: 1, lon: 1 }))[0]!.txClass]!
    expect([970012345, 972012345, 974012345].map(classOf)).toEqual(['sart', 'sart', 'sart'])
    expect([969999999, 971012345, 975000000, 219000001].map(classOf)).toEqual(['A', 'A', 'A', 'A'])
  })
})

describe('safety', () => {
  test('decoding never throws, whatever the bits', () => {
    const words = createWords()
    const batch = createBatch(words, 4)
    const statics = createStaticIds(words)
    const payload = new Int32Array(PAYLOAD_WORDS)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const chars = Uint8Array.from(bytes, b => (b & 63) + ((b & 63) < 40 ? 48 : 56))
        expect(unpack(chars, 0, chars.length, payload)).toBe(true)
        expect(decodeMessage(payload, chars.length, batch, 0, statics)).toBeTypeOf('string')
      }),
      { numRuns: 2000 },
    )
  })
  test('the longest payload fits', () => {
    const payload = new Int32Array(PAYLOAD_WORDS)
    expect(unpack(new Uint8Array(MAX_PAYLOAD_CHARS).fill(119), 0, MAX_PAYLOAD_CHARS, payload)).toBe(true)
    expect(uint(payload, MAX_PAYLOAD_CHARS * 6 - 30, 30)).toBe(2 ** 30 - 1)
  })
  test('bits are what a string of zeros and ones says', () => {
    const payload = new Int32Array(PAYLOAD_WORDS)
    fc.assert(
      fc.property(
        fc.array(fc.nat(63), { minLength: 1, maxLength: 60 }),
        fc.nat(300),
        fc.integer({ min: 1, max: 30 }),
        (values, start, length) => {
          const chars = Uint8Array.from(values, v => v + (v < 40 ? 48 : 56))
          unpack(chars, 0, chars.length, payload)
          const bits = values
            .map(v => v.toString(2).padStart(6, '0'))
            .join('')
            .padEnd(chars.length * 6 + 48, '0')
          fc.pre(start + length <= chars.length * 6)
          const field = bits.slice(start, start + length)
          expect(uint(payload, start, length)).toBe(parseInt(field, 2))
          expect(int(payload, start, length)).toBe(parseInt(field, 2) - (field[0] === '1' ? 2 ** length : 0))
        },
      ),
    )
  })
  test('what no sentence can carry is refused or made harmless', () => {
    expect(() => encodePosition({ mmsi: 2 ** 30, t: T })).toThrow('mmsi')
    expect(() => encodePosition({ mmsi: 1, t: T, msgType: 5 })).toThrow('message 5')
    expect(decode(encodeStatic5({ mmsi: 219000001, name: 'Bjørn\n<b>' }, 0))[0]!.data!.name).toBe('BJ RN <B>')
    const block = tagBlock({ station: 'a,b\\c*d\n', t: T })
    expect(decode(block + encodePosition({ mmsi: 1, t: T, lat: 1, lon: 1 }))[0]!.station).toBe('a_b_c_d_')
    expect(checksum('AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0')).toBe('4A')
  })
})
