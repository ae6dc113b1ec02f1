import { spawnSync } from 'node:child_process'
import { readdirSync, existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBase, encodePosition, encodeStatic5 } from '../../src/ais/encode.js'
import { checksum, tagBlock, toSentences, type SentenceOptions } from '../../src/ais/sentences.js'
import { encodeMessage } from '../../src/ais/pack.js'
import type { RawMessage } from '../../src/ais/tables.js'
import { InputError } from '../../src/model/errors.js'
import type { Reject } from '../../src/model/report.js'
import { decode, type DecodeCounts, type DecodedMessage, type DecodeOptions } from '../../src/run/decode.js'
import { createRecords } from '../../src/run/decode/columns.js'
import { anyMessage } from '../ais/messages.js'
import { sharedPath, sharedText, testWith } from '../helpers/shared.js'

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0)

type Kept = Pick<DecodedMessage, 'raw' | 't' | 'station' | 'channel' | 'source' | 'line'>
const kept = ({ raw, t, station, channel, source, line }: DecodedMessage): Kept => ({
  ...{ raw, t, station, channel, source, line },
})

async function decoded(
  bytes: Uint8Array | string | (Uint8Array | string)[],
  options: DecodeOptions = {},
): Promise<{ messages: Kept[]; counts: DecodeCounts; rejects: Reject[] }> {
  const messages: Kept[] = []
  const rejects: Reject[] = []
  const pieces = (Array.isArray(bytes) ? bytes : [bytes]).map(piece =>
    typeof piece === 'string' ? new TextEncoder().encode(piece) : piece,
  )
  const stream = (async function* () {
    yield* pieces
  })()
  const counts = await decode({ name: 'test.nmea', stream }, message => messages.push(kept(message)), {
    onReject: reject => rejects.push(reject),
    ...options,
  })
  // every sentence has one fate
  expect(counts.read).toBe(counts.messages + counts.skipped + counts.parts + sum(counts.rejected))
  expect(counts.messages).toBe(messages.length)
  expect(sum(counts.byType)).toBe(messages.length)
  return { messages, counts, rejects }
}

/** A message as a receiver logs it, in as many sentences as it needs. */
const sentences = (raw: RawMessage, options: SentenceOptions = {}): string[] =>
  toSentences(encodeMessage(raw), { sequence: 3, ...options })

const NOON = Date.UTC(2024, 4, 1, 12)
const SHIP = encodePosition({
  mmsi: 259076000,
  t: NOON,
  lat: 60.07,
  lon: 5.47,
  sog: 9.1,
  cog: 206.2,
  utcSecond: 14,
})
const BASE = encodeBase({ mmsi: 2573135, t: NOON, lat: 60, lon: 5 })
const FIVE = encodeStatic5({ mmsi: 259076000, name: 'HALTEN', callsign: 'LABC', destination: 'BERGEN' }, 1)
/** Its checksum is another's. */
const BROKEN = `${SHIP.slice(0, -2)}${SHIP.endsWith('00') ? '01' : '00'}`

describe('decode', () => {
  test('any message comes back as it was sent, in however many sentences', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: 8 }), async all => {
        const lines = all.flatMap((raw, k) => sentences(raw, { sequence: k }))
        const { messages } = await decoded(`${lines.join('\n')}\n`)
        expect(messages.map(({ raw }) => raw)).toEqual(all)
      }),
      { numRuns: 60 },
    )
  })

  test('splitting the bytes anywhere changes nothing', async () => {
    const log = [
      SHIP,
      `\\s:north,c:1700000000*1C\\${BASE}`,
      FIVE[0],
      SHIP,
      FIVE[1],
      'noise',
      `${SHIP}0`,
    ].join('\r\n')
    const bytes = new TextEncoder().encode(log)
    const whole = await decoded(bytes)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async cuts => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const pieces = edges.slice(1).map((to, k) => bytes.slice(edges[k], to))
        expect(await decoded(pieces.filter(piece => piece.length > 0))).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  test('a message in parts comes with its last part, between the others and with its line', async () => {
    const { messages, counts } = await decoded([FIVE[0]!, SHIP, FIVE[1]!].join('\n'))
    expect(messages.map(({ raw, line }) => [raw.type, line])).toEqual([
      [1, 2],
      [5, 3],
    ])
    expect(counts).toMatchObject({ read: 3, messages: 2, parts: 1, byType: { 1: 1, 5: 1 } })
  })

  test('nothing is left out as a duplicate', async () => {
    expect((await decoded(`${SHIP}\n${SHIP}\n${SHIP}\n`)).messages).toHaveLength(3)
  })

  test('a lone half of a type 24 is printed as it is', async () => {
    const half = sentences({ type: 24, repeat: 0, mmsi: 271041815, partno: 0, shipname: 'PROGUY' })
    const { messages } = await decoded(half.join('\n'))
    expect(messages.map(({ raw }) => raw)).toEqual([
      { type: 24, repeat: 0, mmsi: 271041815, partno: 0, shipname: 'PROGUY' },
    ])
  })

  test('time and station are those of the TAG block, else the last that was told', async () => {
    const t = NOON
    const log = [
      SHIP,
      `${tagBlock({ station: 'north', t })}${SHIP}`,
      SHIP,
      `${tagBlock({ station: 'south', t: t + 5000 })}${SHIP}`,
    ].join('\n')
    const { messages } = await decoded(log)
    expect(messages.map(({ t, station }) => [t, station])).toEqual([
      [NaN, null],
      [t, 'north'],
      [t, null],
      [t + 5000, 'south'],
    ])
    const started = await decoded(log, { timeStart: t - 1000 })
    expect(started.messages.map(message => message.t)).toEqual([t - 1000, t, t, t + 5000])
  })

  test('a base station tells the time where the log does not', async () => {
    const { messages } = await decoded([SHIP, BASE, SHIP].join('\n'))
    expect(messages.map(message => message.t)).toEqual([NaN, NOON, NOON])
  })

  test('channels are A and B, however they are written', async () => {
    const at = (channel: string): string => {
      const body = `AIVDM,1,1,,${channel},${SHIP.split(',')[5]},0`
      return `!${body}*${checksum(body)}`
    }
    const { messages } = await decoded(['A', 'B', '1', '2', ''].map(at).join('\n'))
    expect(messages.map(({ channel }) => channel)).toEqual(['A', 'B', 'A', 'B', null])
  })

  test('what is refused is told with its reason, line and raw text', async () => {
    const { counts, rejects } = await decoded([SHIP, BROKEN, '!AIVDM,1,1,,B,,0*25'].join('\n'))
    expect(counts.rejected).toEqual({ checksum: 1, bits: 1 })
    expect(rejects).toMatchObject([
      { reason: 'checksum', source: 'test.nmea', line: 2, raw: BROKEN },
      { reason: 'bits', line: 3 },
    ])
  })

  test('other types than those asked for are counted', async () => {
    const { messages, counts } = await decoded([SHIP, BASE, ...FIVE].join('\n'), { types: [4, 5] })
    expect(messages.map(({ raw }) => raw.type)).toEqual([4, 5])
    expect(counts).toMatchObject({ skipped: 1, byType: { 4: 1, 5: 1 } })
  })

  test('a stream gives each message when it is there, not when the stream ends', async () => {
    const got: number[] = []
    let release = (): void => undefined
    const more = new Promise<void>(resolve => (release = resolve))
    const seen = new Promise<void>(resolve => {
      const stream = (async function* () {
        yield new TextEncoder().encode(`${SHIP}\n`)
        await more
        yield new TextEncoder().encode(`${BASE}\n`)
      })()
      void decode({ name: 'live', stream }, ({ raw }) => {
        got.push(raw.type)
        if (got.length === 1) resolve()
      })
    })
    await seen
    expect(got).toEqual([1])
    release()
  })

  test('who has enough ends the reading', async () => {
    const pieces = Array.from({ length: 50 }, () => `${SHIP}\n`)
    let rounds = 0
    const { messages } = await decoded(pieces, { ready: async () => ++rounds < 3 })
    expect(messages).toHaveLength(3)
  })

  test('what is no NMEA is refused', async () => {
    const missing = decode({ name: 'missing', path: 'no/such/file' }, () => undefined)
    await expect(missing).rejects.toMatchObject({ kind: 'failed' })
    await expect(decoded('Nothing here.\n')).rejects.toThrow(/no AIS in it/)
    await expect(decode({ name: 'p', path: 'package.json' }, () => undefined)).rejects.toThrow(InputError)
    await expect(decode({ name: 'f', path: 'fixtures/csv/dma.csv' }, () => undefined)).rejects.toThrow(
      /dma: decode reads NMEA/,
    )
  })
})

describe('real logs', () => {
  const folder = 'data/nmea'
  const names = existsSync(sharedPath(folder))
    ? [folder, `${folder}/malformed`].flatMap(at =>
        readdirSync(sharedPath(at), { withFileTypes: true }).flatMap(file =>
          file.isFile() ? [`${at}/${file.name}`] : [],
        ),
      )
    : []
  const LEAST: Record<string, number> = {
    'data/nmea/kystverket_2024-12-09.raw': 196,
    'data/nmea/amsa_ais_2h_2012-01-27.txt.gz': 33_900,
    'data/nmea/amsa_exact-earth-augmented.txt.gz': 3_950,
    'data/nmea/amsa_exact-earth-with-tag-block.txt.gz': 200,
    'data/nmea/dma_stream_example_2010-06-11.txt.gz': 4_040,
    'data/nmea/go-ais_aistest.nmea': 900,
    'data/nmea/pyais_nmea_data_sample.txt': 778,
  }
  for (const name of names) {
    test(`${name} is read to its end, every sentence with a fate`, async () => {
      const lines: unknown[] = []
      const recordOf = createRecords()
      const counts = await decode({ name, path: sharedPath(name) }, message => lines.push(recordOf(message)))
      expect(counts.error).toBeUndefined()
      expect(counts.read).toBe(counts.messages + counts.skipped + counts.parts + sum(counts.rejected))
      expect(lines.length).toBeGreaterThanOrEqual(LEAST[name] ?? 0)
    })
  }
  test.skipIf(names.length > 0)('are absent: ../shared/data/nmea', () => undefined)
})

describe('gpsd', () => {
  const SAMPLE = 'data/conformance/gpsd/sample.aivdm'
  type Record_ = Record<string, unknown> & { type: number; mmsi: number }
  const objects = (text: string): Record_[] =>
    text
      .split('\n')
      .filter(line => line.startsWith('{"class":"AIS"'))
      .map(line => JSON.parse(line) as Record_)

  /** Both halves of a type 24 as gpsd joins them: a part B with the part A before it, once. */
  function joined(all: Record_[]): Record_[] {
    const names = new Map<number, unknown>()
    return all.flatMap(message => {
      const { part, ...rest } = message
      if (part === undefined) return [message]
      if (part === 'A') names.set(message.mmsi, message['shipname'])
      if (part === 'A' || !names.has(message.mmsi)) return []
      const shipname = names.get(message.mmsi)
      names.delete(message.mmsi)
      return [{ ...rest, shipname } as Record_]
    })
  }
  /** What decode adds, and words beside codes, which differ between versions of gpsd. */
  const bare = (message: Record_): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(message).filter(
        ([name]) => !['time', 'station', 'channel', 'device'].includes(name) && !name.endsWith('_text'),
      ),
    )

  async function ours(scaled: boolean): Promise<Record_[]> {
    const recordOf = createRecords({ names: 'gpsd', scaled })
    const { messages } = await decoded(sharedText(SAMPLE))
    return messages.map(message => JSON.parse(JSON.stringify(recordOf(message as DecodedMessage))) as Record_)
  }

  for (const [kind, scaled] of [
    ['ju', false],
    ['js', true],
  ] as const) {
    testWith(SAMPLE, `--format gpsd equals its published decodes (${kind})`, async () => {
      const theirs = objects(sharedText(`${SAMPLE}.${kind}.chk`))
      const mine = joined(await ours(scaled))
      expect(theirs).toHaveLength(97)
      expect(mine.map(bare)).toEqual(theirs.map(bare))
    })
  }

  const installed = spawnSync('gpsdecode', ['-V']).status === 0
  testWith(
    SAMPLE,
    `a drop-in for the gpsdecode that is installed${installed ? '' : ' (skipped: gpsdecode is absent)'}`,
    async () => {
      if (!installed) return
      const { stdout } = spawnSync('gpsdecode', ['-u'], { input: sharedText(SAMPLE), encoding: 'utf8' })
      const theirs = objects(stdout)
      expect(joined(await ours(false)).map(bare)).toEqual(theirs.map(bare))
    },
  )
})
