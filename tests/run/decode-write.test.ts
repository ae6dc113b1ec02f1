import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import fc from 'fast-check'
import { parse } from 'fast-csv'
import { describe, expect, test } from 'vitest'
import { unpack, PAYLOAD_WORDS } from '../../src/ais/bits.js'
import { decodeWords, findPlan } from '../../src/ais/decode.js'
import { encodeMessage } from '../../src/ais/pack.js'
import type { RawMessage } from '../../src/ais/tables.js'
import { UsageError } from '../../src/model/errors.js'
import type { DecodedMessage } from '../../src/run/decode.js'
import { columnsOf, createRecords, timeOf, type RecordOptions } from '../../src/run/decode/columns.js'
import { createMessageSink, messageFormatOf, type MessageFormat } from '../../src/run/decode/write.js'
import type { Output } from '../../src/sinks/output.js'
import { toJson } from '../../src/sinks/ndjson.js'
import { anyMessage } from '../ais/messages.js'

function messageOf(raw: RawMessage, more: Partial<DecodedMessage> = {}): DecodedMessage {
  const { payload, fill } = encodeMessage(raw)
  const words = new Int32Array(PAYLOAD_WORDS)
  expect(unpack(new TextEncoder().encode(payload), 0, payload.length, words)).toBe(true)
  const plan = findPlan(words, payload.length, fill)
  if (typeof plan === 'string') throw new Error(plan)
  return {
    raw: decodeWords(words, payload.length, fill) as RawMessage,
    ...{ payload: words, chars: payload.length, fill, plan },
    ...{ t: Date.UTC(2024, 0, 31, 12), station: 'north', channel: 'A', source: 'x.nmea', line: 7, ...more },
  }
}

async function written(
  format: MessageFormat,
  messages: DecodedMessage[],
  options: Omit<RecordOptions, 'names'> = {},
): Promise<Buffer> {
  const pieces: Buffer[] = []
  const output: Output = {
    write: data => void pieces.push(Buffer.from(data as string)),
    close: () => undefined,
    abort: () => undefined,
    gone: false,
    drained: () => Promise.resolve(),
  }
  const sink = await createMessageSink(format, output, options)
  for (const message of messages) sink.write(message)
  sink.close()
  return Buffer.concat(pieces)
}
const text = async (...args: Parameters<typeof written>) => (await written(...args)).toString()
const lines = async (...args: Parameters<typeof written>) =>
  (await text(...args))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)

const SHIP: RawMessage = {
  ...{ type: 1, repeat: 0, mmsi: 259076000, status: 5, turn: -128, speed: 123, accuracy: 1 },
  ...{ lon: 3281583, lat: 36046012, course: 2062, heading: 511, second: 14, maneuver: 0, spare: 0 },
  ...{ raim: 0, radio: 33299 },
}
const named = (shipname: string): RawMessage => ({ type: 24, repeat: 0, mmsi: 1, partno: 0, shipname })

const heard = fc.record({
  t: fc.oneof(fc.constant(NaN), fc.integer({ min: 946684800000, max: 2524608000000 })),
  station: fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 12 })),
  channel: fc.constantFrom('A', 'B', null),
})

describe('JSON lines', () => {
  test('a line says what the record says, whichever way it was written', async () => {
    const some = fc.constantFrom<readonly string[] | undefined>(
      undefined,
      ['mmsi', 'time', 'lat', 'status_text', 'line'],
      ['shipname', 'eta', 'station', 'data', 'timestamp', 'mmsi'],
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyMessage, heard), { minLength: 1 }),
        fc.boolean(),
        some,
        async (all, scaled, fields) => {
          const messages = all.map(([raw, more]) => messageOf(raw, more))
          const options = { scaled, ...(fields && { fields }) }
          for (const [format, names] of [
            ['ndjson', 'own'],
            ['gpsd', 'gpsd'],
          ] as const) {
            const recordOf = createRecords({ ...options, names })
            const want = messages.map(message => `${toJson(recordOf(message))}\n`).join('')
            expect(await text(format, messages, options)).toBe(want)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('time, station and channel are in every line, null where nobody told', async () => {
    const [line] = await lines('ndjson', [messageOf(SHIP, { t: NaN, station: null, channel: null })])
    expect(Object.keys(line!).slice(0, 6)).toEqual(['time', 'station', 'channel', 'type', 'repeat', 'mmsi'])
    expect(line).toMatchObject({ time: null, station: null, channel: null })
  })

  test('scaled is in degrees and knots with words for codes, raw the integers on the wire', async () => {
    const [scaled] = await lines('ndjson', [messageOf(SHIP)])
    expect(scaled).toMatchObject({
      time: '2024-01-31T12:00:00.000Z',
      speed: 12.3,
      lon: 5.469305,
      status_text: 'Moored',
    })
    expect(scaled).not.toHaveProperty('heading')
    expect(scaled).not.toHaveProperty('turn')
    const [raw] = await lines('ndjson', [messageOf(SHIP)], { scaled: false })
    expect(raw).toMatchObject(SHIP)
  })

  test('fields come in the order asked for, null where the message has none', async () => {
    const got = await text('ndjson', [messageOf(SHIP)], { fields: ['lat', 'shipname', 'mmsi', 'line'] })
    expect(got).toBe('{"lat":60.076687,"shipname":null,"mmsi":259076000,"line":7}\n')
  })

  test('hostile text stays in its line and out of the terminal', async () => {
    const station = 'a"\n\u001b[31m\u009b\u2028'
    const out = await text('ndjson', [messageOf(named('"\\<SCRIPT>'), { station })])
    expect(out.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/)
    expect(JSON.parse(out)).toMatchObject({ station, shipname: '"\\<SCRIPT>' })
  })

  test('gpsd’s lines begin as gpsd’s, and end in time and station', async () => {
    const [line] = await lines('gpsd', [messageOf(SHIP)], { scaled: false })
    expect(Object.keys(line!).slice(0, 6)).toEqual(['class', 'device', 'type', 'repeat', 'mmsi', 'scaled'])
    expect(line).toMatchObject({
      scaled: false,
      lon: 3281583,
      station: 'north',
      time: '2024-01-31T12:00:00.000Z',
    })
    const [bare] = await lines('gpsd', [messageOf(SHIP, { t: NaN, station: null, channel: null })])
    expect(bare).not.toHaveProperty('time')
  })
})

describe('CSV', () => {
  const rows = (csv: string) =>
    new Promise<Record<string, string>[]>((resolve, reject) => {
      const all: Record<string, string>[] = []
      const stream = parse<Record<string, string>, Record<string, string>>({ headers: true })
      stream.on('data', (row: Record<string, string>) => all.push(row))
      stream.on('error', reject).on('end', () => resolve(all))
      stream.end(csv)
    })

  test('cells are those of the record, under the names of the columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMessage, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (all, scaled) => {
          const messages = all.map(raw => messageOf(raw))
          const recordOf = createRecords({ scaled })
          const got = await rows(await text('csv', messages, { scaled }))
          for (const [k, message] of messages.entries()) {
            const record = recordOf(message)
            for (const [name, cell] of Object.entries(got[k]!)) {
              const value = record[name]
              const bare = typeof value === 'string' && /^[=+\-@]/.test(value) ? `'${value}` : value
              const want =
                bare == null ? '' : typeof bare === 'object' ? toJson(bare) : String(bare as string)
              expect([name, cell]).toEqual([name, want])
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('the columns are those of the types asked for', async () => {
    const head = async (types: number[]) => (await text('csv', [], { types })).trimEnd().split(',')
    expect(await head([10])).toEqual(['time', 'station', 'channel', 'type', 'repeat', 'mmsi', 'dest_mmsi'])
    expect(await head([1])).not.toContain('shipname')
    expect(await head([1, 5])).toContain('shipname')
  })

  test('no spreadsheet runs a ship’s name, and numbers stay numbers', async () => {
    const fields = ['shipname', 'lon']
    const west: RawMessage = { ...SHIP, lon: -600000 }
    const out = await text(
      'csv',
      [messageOf(named('=CMD A1')), messageOf(named('A "B", C')), messageOf(west)],
      { fields },
    )
    expect(out).toBe('shipname,lon\n\'=CMD A1,\n"A ""B"", C",\n,-1\n')
  })
})

describe('Parquet', () => {
  test('reads back as it was, row group by row group', async () => {
    const all = fc.sample(anyMessage, { numRuns: 300, seed: 5 }).map(raw => messageOf(raw))
    for (const scaled of [true, false]) {
      const bytes = await written('parquet', all, { scaled })
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
      expect(parquetMetadata(file).num_rows).toBe(300n)
      const got = await parquetReadObjects({ file })
      const recordOf = createRecords({ scaled })
      for (const [k, message] of all.entries()) {
        const record = recordOf(message)
        for (const { name, kind } of columnsOf({ scaled })) {
          const value = record[name] ?? null
          const want =
            value === null
              ? null
              : kind === 'time'
                ? new Date(value as string)
                : kind === 'json'
                  ? toJson(value)
                  : value
          const is = got[k]![name] ?? null
          expect([name, is]).toEqual([name, kind === 'text' && want !== null ? String(want) : want])
        }
      }
    }
  })

  test('no message at all is a file all the same', async () => {
    const bytes = await written('parquet', [])
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    expect(parquetMetadata(file).num_rows).toBe(0n)
  })
})

describe('columns', () => {
  test('no field of a message has the name of what is known besides', () => {
    for (const scaled of [true, false]) {
      const names = columnsOf({ scaled }).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(names.slice(0, 6)).toEqual(['time', 'station', 'channel', 'type', 'repeat', 'mmsi'])
      for (const name of ['source', 'line']) expect(names).not.toContain(name)
    }
  })

  test('a name that no message has is refused, with those that come near', () => {
    expect(() => createRecords({ fields: ['mmsi', 'ship'] })).toThrow(UsageError)
    expect(() => createRecords({ fields: ['ship'] })).toThrow(/no message has "ship"; there is .*shipname/)
    expect(() => columnsOf({ fields: ['shipname'], types: [1] })).toThrow(
      /no message of type 1 has "shipname"/,
    )
    expect(columnsOf({ fields: ['shipname'], types: [5] })).toEqual([{ name: 'shipname', kind: 'text' }])
  })

  test('times are those of Date', () => {
    fc.assert(
      fc.property(fc.nat(2e9), fc.oneof(fc.nat(110), fc.nat(999)), (s, ms) => {
        const t = s * 1000 + ms
        expect(timeOf(t)).toBe(new Date(t).toISOString())
      }),
    )
    expect(timeOf(NaN)).toBeNull()
  })

  test('an ending names a format', () => {
    expect(['a.ndjson', 'a.JSONL', 'a.csv', 'a.parquet', 'a.txt', 'a'].map(messageFormatOf)).toEqual([
      ...['ndjson', 'ndjson', 'csv', 'parquet', undefined, undefined],
    ])
  })
})
