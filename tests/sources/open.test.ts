import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { createSourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'
import { decompress, zstdWindow } from '../../src/sources/compressed.js'
import { openFiles, recognise, type RecogniseOptions } from '../../src/sources/open.js'
import { balance, bytesOf, collector } from './helpers.js'

const dir = mkdtempSync(join(tmpdir(), 'darkwake-open-'))
afterAll(() => rmSync(dir, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const fileInput = (path: string, options?: RecogniseOptions) => recognise(openFiles([path])[0]!, options)

async function readFile(path: string, options?: RecogniseOptions) {
  const input = await fileInput(path, options)
  const result = collector(input.name)
  const stored: number[] = []
  let error: unknown
  await input.read(result.context, bytes => stored.push(bytes)).catch((e: unknown) => (error = e))
  return { input, ...result, stored, error }
}

const CSV = `mmsi,t,lat,lon\n${Array.from({ length: 5000 }, (_, k) => `${k + 1},${1704407320 + k},${(k % 80) + 1},${k % 170}`).join('\n')}\n`

/** A zip by hand (APPNOTE 4.3): local headers, data, central directory. */
function zip(
  members: [name: string, content: string | Uint8Array, method?: number, flags?: number][],
): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content, method = 8, flags = 0] of members) {
    const plain = Buffer.from(content)
    const data = method === 8 ? deflateRawSync(plain) : plain
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(flags, 2)
    header.writeUInt16LE(method, 4)
    header.writeUInt32LE(crc(plain), 10)
    header.writeUInt32LE(data.length, 14)
    header.writeUInt32LE(plain.length, 18)
    header.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, Buffer.from(name), data])
    const central = Buffer.alloc(16)
    central.writeUInt32LE(offset, 12)
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x14\x00'),
        header.subarray(0, 24),
        Buffer.from([0, 0]),
        central.subarray(2),
        Buffer.from(name),
      ]),
    )
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}
const crc = (bytes: Uint8Array): number => (typeof crc32 === 'function' ? crc32(bytes) : 0)

/** A zstd frame of raw blocks (RFC 8878, 3.1.1): what a compressor writes when nothing can be saved. */
function zstd(content: string): Uint8Array {
  const plain = Buffer.from(content)
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])] // no content size, window 2 MiB
  for (let at = 0; at < plain.length; at += 100_000) {
    const block = plain.subarray(at, at + 100_000)
    const isLast = at + 100_000 >= plain.length ? 1 : 0
    const header = Buffer.alloc(3)
    header.writeUIntLE((block.length << 3) | isLast, 0, 3)
    parts.push(header, block)
  }
  return Buffer.concat(parts)
}

describe('recognises by content, never by ending', () => {
  test.each([
    ['csv', 'none', CSV],
    ['csv', 'gzip', gzipSync(CSV)],
    ['csv', 'gzip', Buffer.concat([gzipSync(CSV.slice(0, 30_001)), gzipSync(CSV.slice(30_001))])],
    ['csv', 'zstd', zstd(CSV)],
    ['csv', 'zip', zip([['day.csv', CSV]])],
    ['csv', 'zip', zip([['day.csv', CSV, 0]])],
    ['json', 'none', '{"mmsi":1,"t":1704407320,"lat":1,"lon":1}\n'],
    ['json', 'none', '\ufeff [\n {"mmsi":1,"t":1704407320,"lat":1,"lon":1}\n]'],
    ['nmea', 'none', '# log\n1296683567 !AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23\n'],
    ['nmea', 'none', '\\s:2573135,c:1671620143*0B\\!B2VDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23\n'],
    ['nmea', 'none', '{not json} !=IVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23\n'],
  ])('%s, %s', async (format, compression, content) => {
    const input = await fileInput(file('anything.xyz', content))
    expect(input).toMatchObject({ format, compression })
  })

  test.each([
    ['plain', bytesOf(CSV)],
    ['gzip', gzipSync(CSV)],
    ['gzip in members', Buffer.concat([gzipSync(CSV.slice(0, 777)), gzipSync(CSV.slice(777))])],
    ['zstd', zstd(CSV)],
    ['zip', zip([['a/day.csv', CSV]])],
  ])('%s: the same rows, and its stored bytes counted', async (_, content) => {
    const path = file('same', content)
    const { rows, counts, stored, error } = await readFile(path).catch(() => {
      throw new Error('unreadable')
    })
    expect(error).toBeUndefined()
    expect(rows).toHaveLength(5000)
    expect(rows[4999]).toMatchObject({ mmsi: 5000, t: (1704407320 + 4999) * 1000 })
    expect(stored.at(-1)).toBe(counts.bytes)
    expect(counts.bytes).toBeGreaterThan(content.length * 0.9 - 200)
    expect(counts.bytes).toBeLessThanOrEqual(content.length)
  })

  test('a stream is recognised and read once, in pieces of any size', async () => {
    for (const content of [bytesOf(CSV), gzipSync(CSV)]) {
      for (const step of [7, 1000, 1 << 20]) {
        const stream = (async function* () {
          for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step)
        })()
        const input = await recognise({ name: 'stdin', stream })
        const result = collector('stdin')
        await input.read(result.context)
        expect(result.rows).toHaveLength(5000)
        expect(result.counts.bytes).toBe(content.length)
        await expect(input.read(result.context)).rejects.toThrow('stdin: a stream can be read only once')
      }
    }
  })

  test('- is standard input', () => {
    expect(openFiles(['-', 'a.csv'])).toMatchObject([{ name: 'stdin' }, { name: 'a.csv', path: 'a.csv' }])
  })

  test('what the user says goes over what it looks like', async () => {
    const path = file('said', 'mmsi,t,lat,lon\n1,1704407320,1,1\n')
    expect(await fileInput(path, { format: 'nmea' })).toMatchObject({ format: 'nmea' })
    expect(await fileInput(path, { format: 'dma' })).toMatchObject({ format: 'dma' })
    await expect(fileInput(path, { format: 'xml' as never })).rejects.toThrow(
      'input format: unknown name "xml", expected one of nmea, json',
    )
  })
})

describe('zip', () => {
  test('each member is recognised on its own; others are named, not read', async () => {
    const path = file(
      'month.zip',
      zip([
        ['docs/', ''],
        ['docs/readme.txt', 'Thank you for your interest.'],
        ['__MACOSX/._a.csv', 'x'],
        ['a.csv', CSV],
        ['b.json', '{"mmsi":1,"t":1704407320,"lat":1,"lon":1}\n'],
      ]),
    )
    const input = await fileInput(path)
    expect(input).toMatchObject({
      ...{ format: 'mixed', compression: 'zip' },
      members: [
        { name: 'a.csv', format: 'csv' },
        { name: 'b.json', format: 'json' },
      ],
    })
    expect(input.skipped).toHaveLength(1)
    expect(input.skipped![0]).toContain('month.zip/docs/readme.txt: no AIS in it')
    const words = createWords()
    const counts = createSourceCounts()
    const sources = new Set<string | undefined>()
    await input.read({
      words,
      counts,
      name: input.name,
      onBatch: batch => sources.add(words.sources.get(batch.source[0]!)),
    })
    expect([...sources]).toEqual([`${path}/a.csv`, `${path}/b.json`])
    expect(counts.read).toBe(5001)
  })

  test.each([
    ['encrypted', zip([['a.csv', CSV, 8, 1]]), 'a.csv: encrypted'],
    ['deflate64', zip([['a.csv', CSV, 9]]), 'a.csv: zip method 9 is not supported'],
    [
      'no member of AIS',
      zip([
        ['a.txt', 'hello'],
        ['b.txt', 'hello'],
      ]),
      'no AIS in this zip (2 members)',
    ],
    ['cut off', zip([['a.csv', CSV]]).subarray(0, 3000), 'damaged zip'],
  ])('%s', async (_, content, message) => {
    await expect(fileInput(file('bad.zip', content))).rejects.toThrow(message)
  })
})

describe('bad input gets one line', () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, k) => (k * 7919 + (k >> 3) * 104729) & 255)
  test.each([
    ['an empty file', '', 'failed', 'x: empty'],
    ['a gz of nothing', gzipSync(''), 'failed', 'x: empty'],
    [
      'prose',
      'Dear Sir,\nthe ship left, and so on.\n',
      'unrecognised',
      'x: no AIS in it: neither NMEA, CSV, JSON nor Parquet (it starts "Dear Sir,")',
    ],
    ['binary noise', noise, 'unrecognised', 'x: binary data of an unknown kind, not AIS'],
    ['NUL bytes', new Uint8Array(100), 'unrecognised', 'x: binary data of an unknown kind'],
    ['Parquet', 'PAR1\x15\x04', 'failed', 'x: damaged Parquet'],
    ['gz in gz', gzipSync(gzipSync(CSV)), 'unrecognised', 'x: compressed inside compressed'],
    ['UTF-16', Buffer.from('\ufeffmmsi,t', 'utf16le'), 'unrecognised', 'x: UTF-16 text: save it as UTF-8'],
    [
      'CSV without latitude',
      'mmsi,time,lon\n',
      'unrecognised',
      'x: CSV without latitude; columns found: mmsi, time, lon; missing: lat',
    ],
    ['a header that is no AIS', 'date,temperature,pressure\n1,2,3\n', 'unrecognised', 'x: '],
  ])('%s', async (_, content, kind, message) => {
    const path = file('x', content)
    const error = await fileInput(path).catch((e: unknown) => e)
    expect(error).toMatchObject({ name: 'InputError', kind })
    const text = (error as Error).message.replace(path, 'x')
    expect(text).toContain(message)
    expect(text).not.toContain('\n')
  })

  test('missing files and directories', async () => {
    const missing = join(dir, 'day.csv')
    await expect(fileInput(missing)).rejects.toMatchObject({
      kind: 'failed',
      message: `${missing}: no such file`,
    })
    await expect(fileInput(join(file('plain', 'x'), 'y'))).rejects.toThrow('no such file')
    await expect(fileInput(dir)).rejects.toMatchObject({ kind: 'failed', message: `${dir}: is a directory` })
  })

  test('a gz that breaks off gives what it held, then says so', async () => {
    const whole = gzipSync(CSV)
    const { rows, error, counts } = await readFile(file('cut.gz', whole.subarray(0, whole.length / 2)))
    expect(error).toMatchObject({ kind: 'failed' })
    expect((error as Error).message).toMatch(/cut\.gz: ends too early \(truncated\)$/)
    expect(rows.length).toBeGreaterThan(1000)
    expect(rows.length).toBeLessThan(5000)
    expect(counts.bytes).toBe(Math.floor(whole.length / 2))
  })

  test('a zstd that breaks off gives its whole blocks, then says so', async () => {
    const whole = zstd(CSV.repeat(3))
    const { rows, error } = await readFile(file('cut.zst', whole.subarray(0, 250_000)))
    expect(error).toMatchObject({ kind: 'failed' })
    expect((error as Error).message).toMatch(/cut\.zst: ends too early \(truncated\)$/)
    expect(rows.length).toBeGreaterThan(1000)
  })

  test('a gz that is damaged in the middle gives what came before', async () => {
    const bytes = gzipSync(CSV.repeat(10))
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 200)
    const { error, rows } = await readFile(file('hurt.gz', bytes))
    expect((error as Error).message).toMatch(/hurt\.gz: compressed data are damaged$/)
    expect(rows.length).toBeGreaterThan(10_000)
    expect(rows.length).toBeLessThan(26_000)
  })

  test('a file that expands beyond all reason is refused; --max-bytes draws the line lower', async () => {
    // long rows: they cost no more than their bytes
    const rows = `mmsi,t,lat,lon\n${'1'.repeat(8000)}\n`
    const bomb = gzipSync(Buffer.alloc(300 << 20, rows), { level: 9 })
    const { error } = await readFile(file('bomb.gz', bomb))
    expect((error as Error).message).toMatch(
      /bomb\.gz: expands more than 250 times: refused as a decompression bomb$/,
    )
    const limited = await readFile(file('ok.gz', gzipSync(CSV)), { maxBytes: 50_000 })
    expect((limited.error as Error).message).toMatch(/more than 50000 bytes when decompressed$/)
  })

  test('a zstd frame may not ask for any window it likes', async () => {
    const huge = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, ...new Uint8Array(20)])
    expect(zstdWindow(huge)).toBe(2 ** 31)
    expect(zstdWindow(zstd(CSV))).toBe(2 ** 21)
  })

  test('an error of the taker is thrown as it is', async () => {
    const pieces = (async function* () {
      yield gzipSync(CSV)
    })()
    const boom = new Error('boom')
    await expect(
      decompress('x', pieces, 'gzip', () => {
        throw boom
      }),
    ).rejects.toBe(boom)
  })
})

const data = resolve('..', 'shared', 'data')
const here = existsSync(data)

// rows, vessels and invalid positions as data/README.md counts them; MMSI 0 and other numbers that no vessel has are rejects
describe.skipIf(!here)('recorded files of ../shared/data (skipped where that folder is absent)', () => {
  test.each([
    ['positions/marinecadastre_2022-01-03_first99999.csv.gz', 'marinecadastre', 99_999, 99_994, 10_630, 0],
    ['positions/noaa_1000rows_20230111.csv', 'marinecadastre', 1000, 1000, 1000, 0],
    ['positions/dataset1_truth.csv.gz', 'csv', 102_861, 102_861, 5620, 0],
    ['positions/aisanalyze_northsea_1h_2022-11-01.csv.gz', 'csv', 50_142, 50_142, 202, 0],
    ['positions/stonesoup_SolentAIS_20160112.csv.gz', 'csv', 18_623, 18_623, 91, 0],
    ['positions/gfw_pelagos_4vessels_2012.csv.gz', 'csv', 10_000, 10_000, 4, 720],
    ['gaps/pyseas_gap_positions_exactearth.csv.gz', 'csv', 41_844, 41_844, 1, 0],
    ['gaps/pyseas_gap_positions_gfw.csv.gz', 'gfw', 2119, 2119, 1, 0],
    ['gaps/pipe-gaps_sample_messages.json', 'gfw', 84, 84, 1, 1],
    ['spoofing/gpsdio_segment_10mmsi_2014-2015.csv.gz', 'csv', 19_415, 19_415, 10, 5],
    ['spoofing/pyseas_position_messages_3mmsi_2018-01.csv.gz', 'gfw', 19_846, 19_846, 3, 0],
  ])('%s', async (name, format, read, accepted, vessels, signsOfLife) => {
    const result = await readFile(resolve(data, name))
    expect(result.error).toBeUndefined()
    expect(result.input.format).toBe(format)
    expect(result.counts.read).toBe(read)
    expect(result.rows).toHaveLength(accepted)
    expect(balance(result).accounted).toBe(read)
    expect(new Set(result.rows.map(row => row.mmsi)).size).toBe(vessels)
    expect(result.rows.filter(row => Number.isNaN(row.lat)).length).toBe(signsOfLife)
    expect(result.counts.bytes).toBe(readFileSync(resolve(data, name)).length)
  })

  test.each([
    ['gaps/pyseas_gaps_data.csv', 'MMSI'],
    ['gaps/pyseas_hourly_gfw.csv', 'latitude'],
    ['gaps/pyseas_vessel_performance.csv', 'latitude'],
  ])('%s holds no positions and is refused', async (name, missing) => {
    const error = await fileInput(resolve(data, name)).catch((e: unknown) => e)
    expect(error).toMatchObject({ kind: 'unrecognised' })
    if (missing !== 'MMSI') expect((error as Error).message).toContain(missing)
  })
})
