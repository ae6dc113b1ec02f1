import fc from 'fast-check'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../src/model/config.js'
import { InputError, OutputError, UsageError } from '../../src/model/errors.js'
import type { DarkEvent } from '../../src/model/event.js'
import { statsSchema } from '../../src/model/schema.js'
import { detect, type DetectOptions } from '../../src/run/detect.js'
import type { RunStats } from '../../src/run/stats.js'
import { eventLine } from '../../src/sinks/ndjson.js'
import { openFiles, type Input } from '../../src/sources/open.js'

const t0 = Date.UTC(2022, 0, 3)
const HOUR = 3_600_000

let tempDir: string
beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'detect-test-'))
})
afterEach(() => rmSync(tempDir, { recursive: true, force: true }))

/** Text as an input, in pieces of the given size. */
function input(name: string, content: string | Uint8Array, piece = 1 << 16): Input {
  const bytes = Buffer.from(content as string)
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += piece) {
      await Promise.resolve()
      yield bytes.subarray(i, i + piece)
    }
  }
  return { name, stream: pieces(), sizeBytes: bytes.length }
}

const HEADER = 'mmsi,t,lat,lon,sog,cog'
const row = (mmsi: number, hours: number, lat = 54, lon = 5): string =>
  `${mmsi},${new Date(t0 + hours * HOUR).toISOString()},${lat},${lon},0.1,0`
const csv = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n')

async function runAll(
  inputs: Input[],
  options: DetectOptions = {},
): Promise<{ events: DarkEvent[]; stats: RunStats }> {
  const run = detect(inputs, { tempDir, ...options })
  const events: DarkEvent[] = []
  for await (const event of run) events.push(event)
  expect(readdirSync(tempDir)).toEqual([])
  return { events, stats: run.stats() }
}

function expectBalanced(stats: RunStats): void {
  const rejected = Object.values(stats.rejected).reduce((a, b) => a + b, 0)
  const { accepted, static: statics, other, parts, duplicates, late } = stats
  expect(accepted + statics + other + parts + duplicates + late + rejected).toBe(stats.read)
  expect(stats.inputs.reduce((total, { rows }) => total + rows, 0)).toBe(stats.read)
  expect(statsSchema.safeParse(JSON.parse(JSON.stringify(stats))).error).toBeUndefined()
}

/** Two vessels heard every quarter of an hour for two days; one is silent from hour 10 to hour 20. */
function twoVessels(): string[] {
  const rows: string[] = []
  for (let h = 0; h <= 48; h += 0.25) {
    rows.push(row(244000001, h, 54, 5 + h / 100))
    if (h <= 10 || h >= 20) rows.push(row(244000002, h, 55, 5 + h / 100))
  }
  return rows
}
const settings: DetectOptions = {
  only: ['gap'],
  config: { gap: { portRule: false }, engine: { capacity: 64 } },
}

describe('detect', () => {
  test('finds the one silence, once, closed', async () => {
    const { events, stats } = await runAll([input('a.csv', csv(...twoVessels()))], settings)
    expect(events).toMatchObject([
      {
        type: 'gap',
        phase: 'closed',
        mmsi: 244000002,
        start: { t: t0 + 10 * HOUR },
        end: { t: t0 + 20 * HOUR },
      },
    ])
    expect(stats).toMatchObject({
      read: 193 + 154,
      accepted: 193 + 154,
      vessels: 2,
      events: { gap: 1, loitering: 0 },
      span: { from: '2022-01-03T00:00:00.000Z', to: '2022-01-05T00:00:00.000Z' },
      inputs: [{ name: 'a.csv', format: 'csv', compression: 'none', rows: 347, rejected: 0 }],
    })
    expectBalanced(stats)
  })

  test('with final: false tells every revision', async () => {
    const { events, stats } = await runAll([input('a.csv', csv(...twoVessels()))], {
      ...settings,
      final: false,
    })
    expect(events.map(({ phase, revision }) => [phase, revision])).toEqual([
      ['opened', 1],
      ['closed', 2],
    ])
    expect(stats.events.gap).toBe(1)
  })

  test('gives an event that is still open at the end', async () => {
    const rows = twoVessels().filter(line => !line.startsWith('244000002') || line < row(244000002, 20))
    const { events } = await runAll([input('a.csv', csv(...rows))], settings)
    expect(events).toMatchObject([{ phase: 'opened', end: null, durationS: null }])
  })

  test('gives them in the same order too, in whatever pieces rows come back', async () => {
    // silences of which those that began first do not end first, and that are settled at any time of a slot
    const rows = Array.from({ length: 30 }, (_, v) => {
      const from = v < 20 ? 120 + 60 * v : Infinity
      const to = from + 420 + ((v * 37) % 120)
      const minutes = Array.from({ length: 288 }, (_, k) => 10 * k + (v % 10))
      const heard = minutes.filter(m => m <= from || m >= to)
      return heard.map(m => row(244000100 + v, m / 60, 54 + v / 25, 4 + m / 6000))
    })
    const all = rows.flat().sort((a, b) => (a.slice(10, 34) < b.slice(10, 34) ? -1 : 1))
    const whole = (await runAll([input('a.csv', csv(...all))], settings)).events.map(eventLine)
    expect(whole.length).toBeGreaterThan(15)
    const parts = [0, 1, 2].map(k => all.filter((_, i) => i % 3 === k))
    for (const files of [parts, [all]]) {
      const inputs = files.map(lines => input('a.csv', csv(...lines)))
      const { events } = await runAll(inputs, { ...settings, maxMemoryBytes: 60_000 })
      expect(events.map(eventLine)).toEqual(whole)
    }
  })

  test('gives the same events whatever the order, the split in files and the memory', async () => {
    const rows = twoVessels()
    const lines = async (inputs: Input[], memory?: number) =>
      (await runAll(inputs, { ...settings, maxMemoryBytes: memory })).events.map(eventLine)
    const expected = await lines([input('a.csv', csv(...rows))])
    expect(expected.length).toBe(1)
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        fc.nat(rows.length),
        fc.integer({ min: 50, max: 5000 }),
        fc.constantFrom(0, 30_000, undefined),
        async (shuffled, cut, piece, memory) => {
          const files = [
            input('b.csv', csv(...shuffled.slice(0, cut)), piece),
            input('a.csv', csv(...shuffled.slice(cut)), piece),
          ]
          expect(await lines(files, memory)).toEqual(expected)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('looks only at the time that was asked for, from included, to not', async () => {
    const time = { from: t0 + 10.25 * HOUR, to: t0 + 20 * HOUR }
    const { events, stats } = await runAll([input('a.csv', csv(...twoVessels()))], { ...settings, ...time })
    expect(events).toEqual([])
    expect(stats).toMatchObject({ accepted: 39, other: 347 - 39, span: { from: '2022-01-03T10:15:00.000Z' } })
    expectBalanced(stats)
  })

  test('goes on with the other inputs when one fails, and says which and why', async () => {
    const errors: InputError[] = []
    const seen: string[] = []
    const { events, stats } = await runAll(
      [
        ...openFiles([join(tempDir, 'missing.csv'), tempDir]),
        input('noise', '\u0000\u0001\u0002'.repeat(100)),
        input('a.csv', csv(...twoVessels())),
      ],
      {
        ...settings,
        onInputError: error => errors.push(error),
        onInput: ({ name, format }) => seen.push(`${name} ${format}`),
      },
    )
    expect(events.length).toBe(1)
    expect(errors.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'unrecognised'])
    expect(errors[0]!.message).toContain('missing.csv')
    expect(seen).toEqual(['a.csv csv'])
    expectBalanced(stats)
  })

  test('without a handler throws the first of them, after all else was handed on', async () => {
    const run = detect(
      [...openFiles([join(tempDir, 'missing.csv')]), input('a.csv', csv(...twoVessels()))],
      settings,
    )
    const events: DarkEvent[] = []
    await expect(
      (async () => {
        for await (const event of run) events.push(event)
      })(),
    ).rejects.toThrow(InputError)
    expect(events.length).toBe(1)
  })

  test('keeps what an input gave before it broke', async () => {
    const whole = gzipSync(csv(...twoVessels()))
    const errors: InputError[] = []
    const { events, stats } = await runAll([input('a.csv.gz', whole.subarray(0, whole.length - 9))], {
      ...settings,
      onInputError: error => errors.push(error),
    })
    expect(events.length).toBe(1)
    expect(errors.map(({ kind }) => kind)).toEqual(['failed'])
    expect(stats.inputs).toMatchObject([{ compression: 'gzip', error: errors[0]!.message }])
    expectBalanced(stats)
  })

  test('a full disk ends it with one clear error and leaves nothing behind', async () => {
    const missing = join(tempDir, 'nowhere')
    const run = detect([input('a.csv', csv(...twoVessels()))], { maxMemoryBytes: 0, tempDir: missing })
    await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow(OutputError)
  })

  test('refuses wrong options at once', () => {
    expect(() => detect([], { from: 2, to: 2 })).toThrow(UsageError)
    expect(() => detect([], { preset: 'nope' })).toThrow('preset: unknown name "nope"')
    expect(() => detect([], { config: { gap: { minGapHours: -1 } } })).toThrow(UsageError)
    expect(() => detect([], { minScore: 2 })).toThrow(UsageError)
  })

  test('reports how far it is, up to the whole', async () => {
    const seen: { phase: string; bytesRead: number; bytesTotal: number | null; rows: number }[] = []
    const text = csv(...twoVessels())
    await runAll([input('a.csv', text, 1000), input('b.csv', text, 1000)], {
      onProgress: progress => seen.push({ ...progress }),
    })
    const read = seen.filter(({ phase }) => phase === 'read')
    expect(read.at(-1)).toMatchObject({ bytesRead: 2 * text.length, bytesTotal: 2 * text.length })
    expect(read.map(({ bytesRead }) => bytesRead)).toEqual(
      read.map(({ bytesRead }) => bytesRead).sort((a, b) => a - b),
    )
    expect(seen.at(-1)).toMatchObject({ phase: 'detect', rows: 694, rowsTotal: 694, lastT: t0 + 48 * HOUR })
  })
})

describe('an interrupt', () => {
  test('while reading ends it, with books that balance', async () => {
    const stop = new AbortController()
    const { events, stats } = await runAll(
      [input('a.csv', csv(...twoVessels()), 1000), input('b.csv', csv())],
      {
        signal: stop.signal,
        onProgress: ({ bytesRead }) => {
          if (bytesRead >= 5000) stop.abort()
        },
      },
    )
    expect(events).toEqual([])
    const { accepted, other, rejected, read } = stats
    expect(accepted + other + Object.values(rejected).reduce((a, b) => a + b, 0)).toBe(read)
  })

  test('ends it while a pipe is silent', async () => {
    const stop = new AbortController()
    async function* silent() {
      yield Buffer.from(csv(...twoVessels()).repeat(4))
      setTimeout(() => stop.abort(), 10)
      await new Promise(() => undefined)
    }
    const { events } = await runAll([{ name: 'stdin', stream: silent() }], { signal: stop.signal })
    expect(events).toEqual([])
  })

  test('while detecting hands on what was found so far', async () => {
    // enough rows for two batches, the silence within the first
    const rows: string[] = twoVessels()
    for (let i = 0; i < 30_000; i++) rows.push(row(244000003, 12 + i / 3600, 10 + i / 1e4, 5))
    const stop = new AbortController()
    const { events, stats } = await runAll([input('a.csv', csv(...rows))], {
      ...settings,
      config: { gap: { portRule: false, minGapHours: 1.5 } },
      signal: stop.signal,
      onProgress: ({ phase }) => {
        if (phase === 'detect') stop.abort()
      },
    })
    expect(events).toMatchObject([{ mmsi: 244000002, phase: 'opened' }])
    expect(stats.read).toBeLessThan(rows.length)
    expect(stats.accepted).toBe(stats.read)
  })

  test('of the reader (break) cleans up', async () => {
    const run = detect([input('a.csv', csv(...twoVessels()))], { maxMemoryBytes: 0, tempDir })
    for await (const event of run) {
      expect(event.id).toBeTruthy()
      break
    }
    expect(readdirSync(tempDir)).toEqual([])
  })
})

describe('every row has one fate', () => {
  // sixteen slots: vessels give way, and setting up costs nothing
  const small: ConfigInput = { engine: { capacity: 16 } }
  // what a file is, is told from its first rows, so some of them are good, and beyond ±90° they look unswapped
  const good = Array.from({ length: 20 }, (_, i) => row(1 + i, i, 10, 110))
  const cell = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('244000001', '2022-01-03T00:00:00Z', '54.1', '5', '0', '91', '181'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'x', '-1', '1e400', 'NaN', '"', '"a,b"', '2036-01-01T00:00:00Z'),
    },
  )
  const dirty = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.nat(3), fc.nat(50)).map(([v, h]) => row(244000001 + v, h / 2)) },
    { weight: 2, arbitrary: fc.array(cell, { minLength: 1, maxLength: 8 }).map(cells => cells.join(',')) },
    { weight: 1, arbitrary: fc.string({ maxLength: 30 }).map(text => text.replace(/[\r\n]/g, ' ')) },
  )

  test('in dirty tables', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(dirty, { maxLength: 60 }),
        fc.integer({ min: 1, max: 500 }),
        async (rows, piece) => {
          const { stats } = await runAll([input('a.csv', csv(...good, ...rows), piece)], {
            config: small,
          })
          expectBalanced(stats)
        },
      ),
      { numRuns: 100 },
    )
  })

  const sentences = [
    '\\s:r1,c:1641168000*5A\\!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24',
    '!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24',
    '!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E',
    '!AIVDM,2,2,3,B,1@0000000000000,2*55',
    '!AIVDM,1,1,,A,403OviQvHAP00JROmPE6UP100000,0*22', // a station that tells t0
    '# comment',
    '$GPRMC,1',
    '',
  ]
  const sentence = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...sentences) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...sentences), fc.nat(80), fc.string({ minLength: 1, maxLength: 2 }))
        .map(
          ([line, at, text]) =>
            line.slice(0, at) + text.replace(/[\r\n]/g, '!') + line.slice(at + text.length),
        ),
    },
  )

  test('in dirty NMEA logs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sentence, { maxLength: 60 }),
        fc.integer({ min: 1, max: 500 }),
        async (lines, piece) => {
          const text = [...sentences, ...lines].join('\n')
          const { stats } = await runAll([input('a.nmea', text, piece)], { timeStart: t0, config: small })
          expectBalanced(stats)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('in a log whose static data lie outside the time asked for, too', async () => {
    const { stats } = await runAll([input('a.nmea', sentences.join('\n'))], { from: t0 + 1, config: small })
    expect(stats.static).toBeGreaterThan(0)
    expect(stats.accepted).toBe(0)
    expectBalanced(stats)
  })

  const positions = resolve('..', 'shared', 'data', 'positions')
  const real = join(positions, 'marinecadastre_2022-01-03_first99999.csv.gz')
  test.skipIf(!existsSync(real))('in a real archive (skips without ../shared)', async () => {
    const { stats } = await runAll(openFiles([real]))
    expect(stats.read).toBe(99_999)
    expectBalanced(stats)
  })
})

test('what an analyst exempted is counted and not handed on, whatever is asked for', async () => {
  const text = csv(
    ...[1, 2].flatMap(k =>
      Array.from({ length: 60 }, (_, h) => h)
        .filter(h => (h < 6 || h > 22) && (h < 30 || h > 50))
        .map(h => row(200_000_000 + k, h, 54 + k, 5 + h / 10).replace(/,0.1,0$/, ',3.5,90')),
    ),
  )
  const gaps = ({ events }: { events: DarkEvent[] }) => events.filter(({ type }) => type === 'gap')
  for (const final of [true, false]) {
    const options = { final, config: { gap: { portRule: false } } }
    const all = await runAll([input('a.csv', text)], options)
    const kept: DarkEvent[] = []
    const exempt = [{ mmsi: 200_000_001, types: ['gap'], expires: t0 + 10 * HOUR }]
    const onExempt = (event: DarkEvent) => kept.push(event)
    const some = await runAll([input('a.csv', text)], { ...options, exempt, onExempt })
    const isGone = ({ mmsi, start }: DarkEvent) => mmsi === 200_000_001 && start.t < t0 + 10 * HOUR
    expect(gaps(some)).toEqual(gaps(all).filter(event => !isGone(event)))
    expect(kept).toEqual(gaps(all).filter(isGone))
    expect(kept.length).toBeGreaterThan(0)
    expect(some.stats.exempted).toEqual({ gap: 1 })
    expect(some.stats.events['gap']).toBe(all.stats.events['gap']! - 1)
    expect(all.stats.exempted).toBeUndefined()
    expectBalanced(some.stats)
  }
})
