// The commands as they are meant to be used: what they print on stdout is what docs/cli.md and the schemas promise.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines, write } from './darkwake.js'
import { csv, DARK, rows, STEADY } from './traffic.js'

/** When the demo's map in this folder was written: a user may have run the demo before the tests. */
const mapWritten = () => statSync('events.geojson', { throwIfNoEntry: false })?.mtimeMs
const mapBefore = mapWritten()

let folder: string
let good: string

beforeAll(() => {
  build()
  folder = emptyFolder()
  good = write(folder, 'good.csv', csv())
})

interface Line {
  type: string
  mmsi: number
  id: string
  score: number
  start: { t: string }
  zones: { start: { name: string; method: string }[] }
}
const lines = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line)

/** The published schema of a format, as a check of values. */
async function schema(name: string) {
  const { code, stdout } = await darkwake(['schema', name])
  expect(code).toBe(0)
  const ajv = new Ajv2020({ validateFormats: false, allErrors: true, allowUnionTypes: true })
  const validate = ajv.compile(JSON.parse(stdout) as object)
  return (value: unknown) =>
    validate(value) ? [] : validate.errors!.map(e => `${e.instancePath} ${e.message}`)
}

describe('help', () => {
  test('--version prints the version and nothing else', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await darkwake(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test.each([['--help'], ['help', 'detect'], ['detect', '--help'], ['zones', 'at', '--help']])(
    '%j goes to stdout',
    async (...args) => {
      const outcome = await darkwake(args.flat())
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
      expect(outcome.stdout).toMatch(/^Usage: darkwake/)
    },
  )

  test('no command at all prints help on stderr and exits 2', async () => {
    const outcome = await darkwake([])
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toMatch(/^Usage: darkwake/)
  })

  test.each(['detect', 'match', 'rank', 'report'])('every flag of %s is in docs/cli.md', async command => {
    const { stdout } = await darkwake([command, '--help'])
    const docs = readFileSync('docs/cli.md', 'utf8')
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(match => match[1]!)
    expect(flags.length).toBeGreaterThan(command === 'detect' ? 15 : 8)
    const short: Record<string, string> = {
      '--output': '-o FILE',
      '--quiet': '`-q`',
      '--verbose': '`-v`',
      '--help': '--help',
    }
    expect(flags.filter(flag => !docs.includes(short[flag] ?? flag))).toEqual([])
  })
})

describe('detect', () => {
  test('says on stderr what a file is and what was found, on stdout the events alone', async () => {
    const outcome = await darkwake(['detect', good])
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toContain(`${good}: csv`)
    for (const word of [
      'events by type',
      'zones with most events',
      'vessels, most suspicious first',
      'rejected rows',
      'approximate',
    ]) {
      expect(outcome.stderr).toContain(word)
    }
    expect(stackLines(outcome.stderr)).toEqual([])
    expect(
      lines(outcome.stdout)
        .filter(event => event.type === 'gap')
        .map(event => event.mmsi),
    ).toEqual([DARK])
  })

  test('events and books are what the schemas say', async () => {
    const stats = join(folder, 'stats.json')
    const { stdout } = await darkwake(['detect', good, '--stats', stats, '--all'])
    const [event, books] = await Promise.all([schema('event'), schema('stats')])
    for (const line of lines(stdout)) expect(event(line)).toEqual([])
    expect(lines(stdout).length).toBeGreaterThan(0)

    const written = JSON.parse(readFileSync(stats, 'utf8')) as Record<string, number> & {
      rejected: Record<string, number>
    }
    expect(books(written)).toEqual([])
    const { read, accepted, static: statics, other, parts, duplicates, late, rejected } = written
    const fates = [accepted, statics, other, parts, duplicates, late, ...Object.values(rejected)] as number[]
    expect(read).toBe(rows().length)
    expect(fates.reduce((sum, n) => sum + n, 0)).toBe(read)
  })

  test('rejects come with reason, source, line and raw text', async () => {
    const bad = rows()
    bad.splice(
      3,
      0,
      '0,2024-01-01T00:00:00Z,62,2,10,90',
      'no\u001b[31m number,2024-01-01T00:00:00Z,62,2,10,90',
    )
    const path = write(folder, 'bad.csv', csv(bad))
    const rejects = join(folder, 'rejects.ndjson')
    await darkwake(['detect', '--no-zones', '-q', path, '--rejects', rejects])
    const found = readFileSync(rejects, 'utf8').split('\n').filter(Boolean)
    expect(found.map(line => JSON.parse(line) as object)).toMatchObject([
      { reason: 'mmsi-invalid', source: path, line: 5, raw: bad[3] },
      { reason: 'mmsi-invalid', source: path, line: 6, raw: bad[4] },
    ])
    expect(found.join('')).not.toContain('\u001b')
  })

  test('the same events whatever the order of rows and files, compressed or not', async () => {
    const all = rows()
    const want = (await darkwake(['detect', '--no-zones', '-q', good])).stdout
    const packed = write(folder, 'packed.csv.gz', gzipSync(csv([...all].reverse())))
    expect((await darkwake(['detect', '--no-zones', '-q', packed])).stdout).toBe(want)
    const [odd, even] = [0, 1].map(k =>
      write(folder, `half${k}.csv`, csv(all.filter((_, i) => i % 2 === k))),
    ) as [string, string]
    expect((await darkwake(['detect', '--no-zones', '-q', even, odd])).stdout).toBe(want)
    expect((await darkwake(['detect', '--no-zones', '-q', '-'], { stdin: csv(all) })).stdout).toBe(want)
  })

  test('selects by time, type, score and place', async () => {
    const gapsOf = async (...args: string[]) => {
      const { code, stdout } = await darkwake(['detect', '--no-zones', '-q', good, ...args])
      expect(code).toBe(0)
      return lines(stdout).filter(event => event.type === 'gap').length
    }
    expect(await gapsOf('--only', 'gap')).toBe(1)
    expect(await gapsOf('--only', 'spoofing,loitering')).toBe(0)
    expect(await gapsOf('--min-score', '1')).toBe(0)
    expect(await gapsOf('--bbox', '0,60,20,64')).toBe(1)
    expect(await gapsOf('--bbox', '-20,60,-10,64')).toBe(0)
    expect(await gapsOf('--to', '2024-01-01T03:30:00Z')).toBe(0)
    expect(await gapsOf('--from', '2024-01-01T12:00:00Z')).toBe(0)
  })

  test('a flag wins over the file, the file over the preset', async () => {
    const gapsOf = async (...args: string[]) =>
      lines((await darkwake(['detect', '--no-zones', '-q', good, ...args])).stdout).filter(
        event => event.type === 'gap',
      ).length
    const yaml = write(folder, 'long.yaml', '# nothing this short\ngap:\n  minGapHours: 11\n')
    const json = write(folder, 'short.json', '{"gap": {"minGapHours": 9}}')
    expect(await gapsOf('--preset', 'gfw-core')).toBe(0) // 12 h
    expect(await gapsOf('--preset', 'gfw-core', '--config', json)).toBe(1)
    expect(await gapsOf('--config', yaml)).toBe(0)
  })

  test('zones come from a file, and --no-zones means none', async () => {
    const square = {
      type: 'Polygon',
      coordinates: [
        [
          [1, 61],
          [8, 61],
          [8, 64],
          [1, 64],
          [1, 61],
        ],
      ],
    }
    const zones = write(
      folder,
      'zones.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [{ type: 'Feature', properties: { name: 'Test square' }, geometry: square }],
      }),
    )
    const inZone = lines((await darkwake(['detect', '-q', good, '--zones', zones])).stdout).find(
      event => event.type === 'gap',
    )
    expect(inZone?.zones.start).toMatchObject([{ name: 'Test square' }])
    const without = lines((await darkwake(['detect', '-q', good, '--no-zones'])).stdout).find(
      event => event.type === 'gap',
    )
    expect(without?.zones.start).toEqual([])
  })

  test('lists say who is watched, who is exempt and who is missing from a register', async () => {
    const list = (name: string, content: string) => ['--watchlist', write(folder, name, content)]
    const stats = join(folder, 'listed.json')
    const run = (...args: string[]) =>
      darkwake(['detect', '--no-zones', good, '--stats', stats, '--force', ...args])
    const books = () =>
      (JSON.parse(readFileSync(stats, 'utf8')) as { watchlist?: Record<string, unknown> }).watchlist
    const counted = { rows: 1, expired: 0, watched: 0, notOnList: 0, exempted: {} }

    expect((await run()).stderr).not.toContain('watchlists')
    expect(books()).toBeUndefined()

    const watched = await run(...list('iuu.csv', `mmsi,reason\n${DARK},no \u001b[2Jlogbook\n`))
    expect(watched.code).toBe(0)
    const reason = `watched by list iuu (MMSI ${DARK}): no [2Jlogbook`
    expect(watched.stderr).toContain(reason)
    expect(watched.stdout).toContain(JSON.stringify(reason))
    expect(books()).toEqual({ ...counted, watched: 1 })
    expect((await schema('stats'))(JSON.parse(readFileSync(stats, 'utf8')))).toEqual([])

    const exempt = await run(...list('own.csv', `mmsi,action,types\n${DARK},exempt,gap\n`))
    expect(lines(exempt.stdout)).toEqual([])
    expect(exempt.stderr).toContain('1 not told because the vessel is exempt (gap 1)')
    expect(books()).toEqual({ ...counted, exempted: { gap: 1 } })

    const register = `mmsi,action,flag,expires\n${STEADY},only,NOR,\n${DARK},only,NOR,2023-12-31\n`
    const missing = await run(...list('licensed.csv', register))
    expect(missing.stdout).toContain('is no longer on list licensed, since 2024-01-01 (NOR)')
    expect(books()).toEqual({ ...counted, rows: 2, expired: 1, notOnList: 1 })
  })

  test('--verbose logs JSON on stderr, and stdout stays as it is', async () => {
    const outcome = await darkwake(['detect', '--no-zones', '--quiet', '--verbose', good])
    const logged = outcome.stderr
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as { msg: string })
    expect(logged.map(entry => entry.msg)).toEqual(['recognised', 'run ended'])
    expect(outcome.stdout).toBe((await darkwake(['detect', '--no-zones', '-q', good])).stdout)
  })
})

describe('rank', () => {
  let events: string
  let none: string
  beforeAll(async () => {
    const { stdout } = await darkwake(['detect', '-q', '--all', good])
    events = write(folder, 'events.ndjson', stdout)
    none = write(folder, 'none.ndjson', '')
  })
  const rank = (...args: string[]) => darkwake(['rank', ...args])

  test('prints a table on stdout, and of a run without events that there are none', async () => {
    const outcome = await rank(events)
    expect(outcome).toMatchObject({
      code: 0,
      stderr: `${events}: ${lines(readFileSync(events, 'utf8')).length} events\n`,
    })
    expect(outcome.stdout).toMatch(/1 +0\.\d\d +257000001 +NOR +2024-01-01 03:00Z silent for 10 h/)
    expect((await rank('-q', none)).stdout).toBe('candidates: none, no event speaks against a vessel\n')
    expect((await rank('-q', none, '--format', 'ndjson')).stdout).toBe('')
  })

  test('candidates are what their schema says, the same from stdin and from packed files in any order', async () => {
    const text = readFileSync(events, 'utf8')
    const { stdout } = await rank('-q', events, '--format', 'ndjson')
    const candidate = await schema('candidate')
    for (const line of lines(stdout)) expect(candidate(line)).toEqual([])
    expect(lines(stdout)).toMatchObject([{ rank: 1, mmsi: DARK, mmsis: [DARK], patterns: [], lists: [] }])
    expect((await darkwake(['rank', '-', '-q', '--format', 'ndjson'], { stdin: text })).stdout).toBe(stdout)
    const parts = text.split('\n').filter(Boolean)
    const files = parts.map((line, k) => write(folder, `part-${k}.ndjson.gz`, gzipSync(line)))
    expect((await rank('-q', ...files.reverse(), '--format', 'ndjson')).stdout).toBe(stdout)
  })

  test('writes files by their ending, and an account with --explain', async () => {
    const out = (name: string) => ['-o', join(folder, name)]
    const outcome = await rank(
      events,
      '-q',
      ...out('c.ndjson'),
      ...out('c.csv'),
      ...out('c.txt'),
      '--explain',
    )
    expect(outcome).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const [head, row] = readFileSync(join(folder, 'c.csv'), 'utf8').split('\n')
    expect(head!.split(',').length).toBeGreaterThan(15)
    expect(row).toMatch(/^1,[\d.]+,[\d.]+,257000001,/)
    const account = readFileSync(join(folder, 'c.txt'), 'utf8')
    expect(account).toMatch(/^1\. no name told, MMSI 257000001, NOR/)
    const gap = lines(readFileSync(events, 'utf8')).find(({ type }) => type === 'gap')!
    expect(account).toContain(`[${gap.id}]`)
    expect(account).toMatch(/[+−]\d\.\d\d {2}.+ \(silence: \w+ .*innocent: .*\)/)
    expect(readFileSync(join(folder, 'c.ndjson'), 'utf8')).toContain('"rank":1')
  })

  test('--top and --min-score leave out the rest', async () => {
    expect(
      (await rank('-q', events, '--top', '1', '--format', 'ndjson')).stdout.trim().split('\n'),
    ).toHaveLength(1)
    expect((await rank('-q', events, '--min-score', '1', '--format', 'ndjson')).stdout).toBe('')
  })

  test('what is no file of events is one line and 3, what is missing 1; the others are still ranked', async () => {
    expect(await rank(good)).toMatchObject({ code: 3, stdout: '' })
    expect((await rank(good)).stderr).toMatch(
      /^darkwake: input: .*good\.csv: no events of darkwake: line 1: no JSON\n$/,
    )
    const mixed = await rank('-q', join(folder, 'gone.ndjson'), events, '--format', 'ndjson')
    expect(mixed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/gone\.ndjson: no such file\n$/) as string,
    })
    expect(lines(mixed.stdout)).toHaveLength(1)
    const broken = write(folder, 'broken.ndjson', `${readFileSync(events, 'utf8')}{"type":\u001b[2J\n`)
    const outcome = await rank('-q', broken, '--format', 'ndjson')
    expect(outcome).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/1 line left out, the first is \d+: no JSON\n$/) as string,
    })
  })

  test('wrong usage is 2, and nothing is left behind', async () => {
    for (const args of [
      ['--format', 'geojson'],
      ['--top', '0'],
      ['-o', join(folder, 'c.xyz')],
      ['--explain', '--format', 'csv'],
    ])
      expect(await rank(events, ...args)).toMatchObject({ code: 2, stdout: '' })
    expect(readdirSync(folder).filter(name => /partial|xyz/.test(name))).toEqual([])
  })
})

describe('inspect', () => {
  test('tells what is in a file', async () => {
    const twice = rows()
    twice.push(twice[0]!)
    const path = write(folder, 'twice.csv', csv(twice))
    const { code, stdout, stderr } = await darkwake(['inspect', path, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [found] = JSON.parse(stdout) as [{ hours: unknown[] }]
    expect(found).toMatchObject({
      ...{ name: path, format: 'csv', compression: 'none', read: twice.length, reports: twice.length },
      ...{ vessels: 2, duplicates: 1, sorted: false, rejected: {} },
      span: { from: '2024-01-01T00:00:00.000Z', to: '2024-01-01T17:50:00.000Z' },
    })
    expect(found.hours).toHaveLength(18)
    const text = await darkwake(['inspect', path])
    for (const word of ['format', 'span', 'duplicates', 'rejected', 'reports by hour'])
      expect(text.stdout).toContain(word)
  })

  test('goes on after a file that cannot be read', async () => {
    const outcome = await darkwake(['inspect', join(folder, 'none.csv'), good])
    expect(outcome.code).toBe(1)
    expect(outcome.stdout).toContain(good)
    expect(outcome.stderr).toMatch(/^darkwake: input: .*none\.csv: no such file\n$/)
    expect((await darkwake(['inspect', write(folder, 'prose.txt', 'Nothing here.\n')])).code).toBe(3)
  })
})

describe('zones at', () => {
  test.each([
    ['54.5', '3.2', ['NLD']],
    ['54°30′N', '3°12′E', ['NLD']],
    ['-16.2', '-130.4', []],
  ])('%s %s lies in the waters of %j', async (lat, lon, sovereigns) => {
    const { code, stdout } = await darkwake(['zones', 'at', lat, lon, '--json'])
    expect(code).toBe(0)
    const found = JSON.parse(stdout) as {
      zones: { sovereigns: string[]; method: string }[]
      onLand: boolean
      shoreDistanceM: number
    }
    expect(found.zones.flatMap(zone => zone.sovereigns)).toEqual(sovereigns)
    expect(found.zones.every(zone => zone.method === 'approximate')).toBe(true)
    expect(found.onLand).toBe(false)
    expect(found.shoreDistanceM).toBeGreaterThan(100_000)
  })

  test('says that approximate zones are no legal limits', async () => {
    expect((await darkwake(['zones', 'at', '54.5', '3.2'])).stdout).toContain('never a legal limit')
  })
})

describe('simulate', () => {
  test('equal arguments give equal bytes, another seed gives other ones', async () => {
    const make = async (name: string, ...args: string[]) => {
      const path = join(folder, name)
      const outcome = await darkwake([
        'simulate',
        'north-sea',
        '--hours',
        '1',
        '--vessels',
        '30',
        '-q',
        '-o',
        path,
        ...args,
      ])
      expect(outcome).toMatchObject({ code: 0, stdout: '', stderr: '' })
      return readFileSync(path, 'utf8')
    }
    const a = await make('a.nmea', '--truth', join(folder, 'truth.ndjson'))
    expect(await make('b.nmea')).toBe(a)
    expect(await make('c.nmea', '--seed', '7')).not.toBe(a)
    expect(a).toMatch(/!..VDM/)
    expect(await make('d.csv')).toMatch(/^MMSI,BaseDateTime,LAT,LON/)
    expect(readFileSync(join(folder, 'truth.ndjson'), 'utf8')).toContain('"type":')
  })

  test('--list names what there is', async () => {
    expect((await darkwake(['simulate', '--list'])).stdout).toMatch(/^north-sea\t/m)
  })
})

describe('schema', () => {
  test('a report and a configuration are what their schemas say', async () => {
    const [report, config] = await Promise.all([schema('report'), schema('config')])
    expect(report({ mmsi: STEADY, t: Date.UTC(2024, 0, 1), lat: 62, lon: 3, sog: 10 })).toEqual([])
    expect(report({ mmsi: 0, t: 1 })).not.toEqual([])
    expect(config({})).toEqual([])
    expect(config({ gap: { minGapHours: 12 } })).toEqual([])
    expect(config({ gap: { minGapHours: -1 } })).not.toEqual([])
    expect(config({ gap: { minGapHour: 12 } })).not.toEqual([])
  })
})

test('no command leaves a temporary file in the current folder', () => {
  expect(readdirSync(folder).filter(name => name.endsWith('.partial'))).toEqual([])
  expect(mapWritten()).toBe(mapBefore)
})
