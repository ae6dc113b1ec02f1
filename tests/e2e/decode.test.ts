// darkwake decode, and simulate into a pipe, as people use them: streams, pipes that close, outputs that exist.

import { Ajv2020 } from 'ajv/dist/2020.js'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodePosition, encodeStatic5 } from '../../src/ais/encode.js'
import { tagBlock } from '../../src/ais/sentences.js'
import { build, darkwake, emptyFolder, stackLines, write } from './darkwake.js'

let folder: string
let log: string

const T = Date.UTC(2024, 0, 1)
const sentence = (minute: number): string =>
  `${tagBlock({ station: 'north', t: T + minute * 60_000 })}${encodePosition({ mmsi: 257000001, t: T, lat: 62, lon: 3, sog: 9 })}\n`
const text = (count: number): string =>
  Array.from({ length: count }, (_, minute) => sentence(minute)).join('') +
  encodeStatic5({ mmsi: 257000001, name: 'HALTEN' }, 1)
    .map(line => `${line}\n`)
    .join('') +
  '!AIVDM,1,1,,A,0,0*00\n'

beforeAll(() => {
  build()
  folder = emptyFolder()
  log = write(folder, 'log.nmea', text(3))
})

const lines = (out: string) =>
  out
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Record<string, unknown>)

describe('decode', () => {
  test('messages on stdout, the summary on stderr', async () => {
    const { code, stdout, stderr } = await darkwake(['decode', log])
    expect(code).toBe(0)
    expect(lines(stdout)).toMatchObject([
      { time: '2024-01-01T00:00:00.000Z', station: 'north', type: 1, mmsi: 257000001, lat: 62, speed: 9 },
      { time: '2024-01-01T00:01:00.000Z' },
      { time: '2024-01-01T00:02:00.000Z' },
      { time: '2024-01-01T00:02:00.000Z', type: 5, shipname: 'HALTEN' },
    ])
    for (const word of ['log.nmea: nmea', '4 messages of 6 sentences', 'class A position', 'checksum'])
      expect(stderr).toContain(word)
    const quiet = await darkwake(['decode', log, '-q'])
    expect(quiet).toMatchObject({ code: 0, stdout, stderr: '' })
  })

  test('every line fits the published schema', async () => {
    for (const [name, flag] of [
      ['message', '--scaled'],
      ['message-raw', '--raw'],
    ] as const) {
      const [schema, out] = await Promise.all([
        darkwake(['schema', name]),
        darkwake(['decode', '-q', flag, log]),
      ])
      const ajv = new Ajv2020({ validateFormats: false, allowUnionTypes: true })
      const fits = ajv.compile(JSON.parse(schema.stdout) as object)
      expect(lines(out.stdout).map(line => fits(line))).toEqual([true, true, true, true])
      expect(fits({ ...lines(out.stdout)[0], status: 16 })).toBe(false)
    }
  })

  test('reads stdin and compressed files alike', async () => {
    const want = (await darkwake(['decode', '-q', log])).stdout
    expect((await darkwake(['decode', '-q', '-'], { stdin: text(3) })).stdout).toBe(want)
    expect((await darkwake(['decode', '-q', '-'], { stdin: gzipSync(text(3)) })).stdout).toBe(want)
    const packed = write(folder, 'log.nmea.gz', gzipSync(text(3)))
    expect((await darkwake(['decode', '-q', packed])).stdout).toBe(want)
  })

  test('a line comes out while stdin is still open', async () => {
    let out = ''
    const { code } = await darkwake(['decode', '-q', '-'], {
      during(child) {
        child.stdout!.on('data', (piece: string) => {
          out += piece
          if (lines(out).length === 1) child.kill('SIGINT') // stdin never ends
        })
      },
      openStdin: sentence(0),
    })
    expect(lines(out)).toMatchObject([{ mmsi: 257000001 }])
    expect(code).toBe(130)
  })

  test('ends quietly when its reader has enough', async () => {
    const path = write(folder, 'long.nmea', text(60_000))
    const { code, stderr } = await darkwake(['decode', path, '-q'], {
      during: child => void child.stdout!.once('data', () => child.stdout!.destroy()),
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('writes CSV, Parquet and rejects beside one another, each under its name when whole', async () => {
    const [csv, parquet, rejects] = ['out.csv', 'out.parquet', 'rejects.ndjson'].map(name =>
      join(folder, name),
    )
    const args = ['decode', log, '-q', '-o', csv!, '-o', parquet!, '--rejects', rejects!]
    expect(await darkwake([...args, '--types', '1', '--fields', 'time,mmsi,lat'])).toMatchObject({
      ...{ code: 0, stdout: '', stderr: '' },
    })
    expect(readFileSync(csv!, 'utf8').split('\n').slice(0, 2)).toEqual([
      'time,mmsi,lat',
      '2024-01-01T00:00:00.000Z,257000001,62',
    ])
    expect(readFileSync(parquet!).subarray(0, 4).toString()).toBe('PAR1')
    expect(lines(readFileSync(rejects!, 'utf8'))).toMatchObject([
      { reason: 'checksum', source: log, line: 6, raw: '!AIVDM,1,1,,A,0,0*00' },
    ])
    const again = await darkwake(args)
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^darkwake: output: .*out\.csv: exists already \(--force overwrites it\)\n$/)
    expect((await darkwake([...args, '--force'])).code).toBe(0)
    expect(existsSync(`${csv}.partial`)).toBe(false)
  })

  test('gpsd’s JSON goes to a file too', async () => {
    const path = join(folder, 'gpsd.json')
    expect((await darkwake(['decode', log, '-q', '--format', 'gpsd', '--raw', '-o', path])).code).toBe(0)
    expect(lines(readFileSync(path, 'utf8'))[0]).toMatchObject({
      class: 'AIS',
      scaled: false,
      lat: 62 * 600_000,
    })
  })

  test.each([
    [['--fields', 'mmsi,ship'], /no message has "ship"; there is .*shipname/],
    [['--types', '0'], /message types from 1 to 28/],
    [['--types', 'ships'], /message types from 1 to 28/],
    [['--raw', '--scaled'], /cannot be used with/],
    [['-o', 'x.doc'], /its ending names no format/],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await darkwake(['decode', log, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect(existsSync('x.doc.partial')).toBe(false)
  })

  test('no AIS is 3, a file that is missing 1, and the others are read', async () => {
    const prose = write(folder, 'prose.txt', 'Nothing here.\n')
    expect((await darkwake(['decode', prose])).code).toBe(3)
    expect((await darkwake(['decode', '-'], { stdin: 'Nothing here.\n' })).code).toBe(3)
    const some = await darkwake(['decode', '-q', join(folder, 'none.nmea'), log])
    expect(some.code).toBe(1)
    expect(lines(some.stdout)).toHaveLength(4)
    expect(some.stderr).toMatch(/^darkwake: input: .*none\.nmea: no such file\n$/)
    expect(stackLines(some.stderr)).toEqual([])
  })
})

describe('simulate', () => {
  test('stops when its reader has enough', async () => {
    const started = await darkwake(
      ['simulate', 'north-sea', '--vessels', '100', '--hours', '700', '-o', '-'],
      {
        during: child => void child.stdout!.once('data', () => child.stdout!.destroy()),
      },
    )
    // to its end it would take minutes
    expect(started).toMatchObject({ code: 0, stderr: '' })
  })
})
