// What people hand to a command by mistake, and what the world does to it while it runs: each gets one clear line and
// the right exit code, the rest is still processed, and no half-written file stands under the final name.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines, write, type Outcome } from './darkwake.js'
import { crowd, csv, DARK, HEADER, row, rows } from './traffic.js'

let folder: string
let good: string

beforeAll(() => {
  build()
  folder = emptyFolder()
  good = write(folder, 'good.csv', csv())
})

const detect = (...args: string[]) => darkwake(['detect', '--no-zones', '--quiet', ...args])

/** Ids of the gaps on stdout: each line is one whole event. */
const gaps = ({ stdout }: Outcome): number[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { type: string; mmsi: number })
    .filter(event => event.type === 'gap')
    .map(event => event.mmsi)

/** With --quiet, stderr holds the error line and nothing else. */
function oneLine(outcome: Outcome, ...words: (string | RegExp)[]): void {
  const lines = outcome.stderr.split('\n').filter(Boolean)
  expect(lines, outcome.stderr).toHaveLength(1)
  expect(lines[0]).toMatch(/^darkwake: [^:]+: .+/)
  for (const word of words) expect(lines[0]).toMatch(word)
  expect(stackLines(outcome.stderr)).toEqual([])
}

test('a good file finds the gap and says nothing', async () => {
  const outcome = await detect(good)
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  expect(gaps(outcome)).toEqual([DARK])
})

describe('inputs', () => {
  const noise = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 2_654_435_761) >>> 13)
  const cases: [
    name: string,
    file: string,
    content: string | Uint8Array | null,
    alone: number,
    words: RegExp[],
  ][] = [
    ['a missing file', 'missing.csv', null, 1, [/missing\.csv: no such file/]],
    ['an empty file', 'empty.csv', '', 1, [/empty\.csv/, /empty/]],
    [
      'a text that is no AIS',
      'letter.txt',
      'Dear harbour master,\n\nthe ship is late.\n'.repeat(40),
      3,
      [/letter\.txt/],
    ],
    [
      'a CSV without latitude',
      'nolat.csv',
      'mmsi,timestamp,lon,sog\n257000001,2024-01-01T00:00:00Z,2,10\n',
      3,
      [/nolat\.csv/, /lat/],
    ],
    ['binary noise', 'noise.bin', noise, 3, [/noise\.bin/]],
    ['one line of 10 MB', 'long.txt', 'x'.repeat(10_000_000), 3, [/long\.txt/]],
  ]

  describe.each(cases)('%s', (_, name, content, alone, words) => {
    const path = () => (content === null ? join(folder, name) : write(folder, name, content))

    test(`alone is one line and exit ${alone}`, async () => {
      const outcome = await detect(path())
      expect(outcome.code).toBe(alone)
      expect(outcome.stdout).toBe('')
      oneLine(outcome, ...words)
    })

    test('beside a good file is one line and exit 1, and the good one is processed', async () => {
      const outcome = await detect(path(), good)
      expect(outcome.code).toBe(1)
      expect(gaps(outcome)).toEqual([DARK])
      oneLine(outcome, ...words)
    })
  })

  test('a directory is one line and exit 1', async () => {
    const path = join(folder, 'directory')
    mkdirSync(path, { recursive: true })
    const outcome = await detect(path, good)
    expect(outcome.code).toBe(1)
    expect(gaps(outcome)).toEqual([DARK])
    oneLine(outcome, /directory/)
  })

  test('a truncated gz gives what it held, one line and exit 1', async () => {
    const whole = gzipSync(csv(rows(200, 1)))
    const path = write(folder, 'cut.csv.gz', whole.subarray(0, Math.floor(whole.length * 0.6)))
    const outcome = await detect(path)
    expect(outcome.code).toBe(1)
    expect(gaps(outcome)).toEqual([DARK])
    oneLine(outcome, /cut\.csv\.gz/)
  })

  test('a 10 MB line in a good file is one rejected row', async () => {
    const lines = rows()
    lines.splice(20, 0, 'y'.repeat(10_000_000))
    const path = write(folder, 'longline.csv', csv(lines))
    const stats = join(folder, 'longline.stats.json')
    const outcome = await detect(path, '--stats', stats)
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(gaps(outcome)).toEqual([DARK])
    const books = JSON.parse(readFileSync(stats, 'utf8')) as {
      rejected: Record<string, number>
      accepted: number
    }
    expect(books.rejected['too-long']).toBe(1)
    expect(books.accepted).toBe(lines.length - 1)
  })

  test('swapped columns are noticed, and how to say which is which', async () => {
    const swapped = Array.from(
      { length: 30 },
      (_, i) => `257000001,2024-01-01T00:${10 + i}:00Z,151.2,-33.9,10,90`,
    )
    const path = write(folder, 'swapped.csv', csv(swapped))
    const outcome = await detect(path)
    expect(outcome).toMatchObject({ code: 3, stdout: '' })
    oneLine(outcome, /swapped\.csv/, /swapped/, /--map/)

    const told = await detect(
      path,
      '--map',
      'lat=longitude,lon=latitude',
      '--stats',
      join(folder, 'swapped.json'),
    )
    expect(told).toMatchObject({ code: 0, stderr: '' })
    const books = JSON.parse(readFileSync(join(folder, 'swapped.json'), 'utf8')) as { accepted: number }
    expect(books.accepted).toBe(30)
  })

  test('an input whose every row is rejected is a warning, not a failure', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `0,2024-01-01T00:${10 + i}:00Z,${50 + i / 10},3,10,90`)
    const outcome = await detect(write(folder, 'nobody.csv', csv(lines)))
    expect(outcome).toMatchObject({ code: 0, stdout: '' })
    oneLine(outcome, /nobody\.csv/, /30 rows/, /mmsi-invalid/)
  })

  test('a hostile file name does not reach the terminal raw', async () => {
    const outcome = await detect(join(folder, 'evil\u001b]0;owned\u0007\u202egnp.csv'))
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).not.toMatch(/[\u001b\u0007\u202e]/)
    oneLine(outcome, /evil/)
  })
})

describe('outputs', () => {
  test('an existing file is kept unless --force says otherwise', async () => {
    const path = write(folder, 'mine.ndjson', 'precious\n')
    const refused = await detect(good, '-o', path)
    expect(refused.code).toBe(1)
    oneLine(refused, /mine\.ndjson/, /--force/)
    expect(readFileSync(path, 'utf8')).toBe('precious\n')

    expect(await detect(good, '-o', path, '--force')).toMatchObject({ code: 0, stderr: '', stdout: '' })
    expect(readFileSync(path, 'utf8')).toContain(`"mmsi":${DARK}`)
  })

  test('a folder that is not there is one line and exit 1', async () => {
    const outcome = await detect(good, '-o', join(folder, 'nowhere', 'out.ndjson'))
    expect(outcome.code).toBe(1)
    oneLine(outcome, /nowhere/)
  })

  test('an ending that names no format is wrong usage', async () => {
    const outcome = await detect(good, '-o', join(folder, 'out.docx'))
    expect(outcome.code).toBe(2)
    oneLine(outcome, /out\.docx/, /--format/)
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk is one line and exit 1 (needs /dev/full)', async () => {
    const outcome = await detect(good, '-o', '/dev/full', '--format', 'ndjson', '--force')
    expect(outcome.code).toBe(1)
    oneLine(outcome, /no space left/)
    expect(readdirSync('/dev').filter(name => name.startsWith('full'))).toEqual(['full'])
  })

  test('several outputs hold the same events', async () => {
    const [a, b, c] = ['many.ndjson', 'many.csv', 'many.geojson'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    expect(await detect(good, '-o', a, '-o', b, '-o', c)).toMatchObject({ code: 0, stdout: '' })
    const events = readFileSync(a, 'utf8').split('\n').filter(Boolean)
    expect(readFileSync(b, 'utf8').trimEnd().split('\n')).toHaveLength(events.length + 1)
    const map = JSON.parse(readFileSync(c, 'utf8')) as { features: unknown[] }
    expect(map.features.length).toBeGreaterThanOrEqual(events.length)
    expect(readdirSync(folder).filter(name => name.endsWith('.partial'))).toEqual([])
  })
})

describe('the reader goes away', () => {
  // a thousand vessels that all fall silent: more events than a pipe holds
  const silent = () => {
    const lines = Array.from({ length: 1000 }, (_, k) =>
      [0, 10, 20, 900, 910].map(m => row(257200000 + k, m, 60)),
    )
    return csv(lines.flat())
  }

  test('a closed pipe ends the run quietly with exit 0', async () => {
    const path = write(folder, 'silent.csv', silent())
    const outcome = await darkwake(['detect', '--no-zones', '--quiet', path], {
      during: child => child.stdout!.once('data', () => child.stdout!.destroy()),
    })
    expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  test('Ctrl-C keeps what was found as .partial and leaves with 130', async () => {
    const path = write(folder, 'crowd.csv', silent() + crowd(500, 40).slice(HEADER.length + 1))
    const out = join(folder, 'interrupted.ndjson')
    const outcome = await darkwake(['detect', '--no-zones', '--quiet', path, '-o', out], {
      during: child => {
        const poll = setInterval(() => {
          if (!existsSync(`${out}.partial`)) return
          clearInterval(poll)
          child.kill('SIGINT')
        }, 5)
        child.once('exit', () => clearInterval(poll))
      },
    })
    expect(outcome).toMatchObject({ code: 130, signal: null, stdout: '' })
    oneLine(outcome, /interrupted/)
    expect(existsSync(out)).toBe(false)
    expect(existsSync(`${out}.partial`)).toBe(true)
    for (const line of readFileSync(`${out}.partial`, 'utf8').split('\n').filter(Boolean)) JSON.parse(line)
  })
})

describe('usage', () => {
  const wrong: [args: string[], words: RegExp][] = [
    [['frobnicate'], /unknown command/],
    [['detect'], /missing required argument/],
    [['detect', 'x.csv', '--phases', '2'], /unknown option '--phases'/],
    [['detect', 'x.csv', '--passes', '2', '--workers', '2'], /two passes take one thread/],
    [['detect', 'x.csv', '--lessons', 'x'], /lessons: they take two passes/],
    [['detect', 'x.csv', '--min-scor', '2'], /Did you mean --min-score/],
    [['detect', 'x.csv', '--min-score', '2'], /0 to 1/],
    [['detect', 'x.csv', '--only', 'darkness'], /gap, port_silence/],
    [['detect', 'x.csv', '--preset', 'gfw'], /gfw-core, gfw-pipe/],
    [['detect', 'x.csv', '--from', 'yesterday'], /ISO-8601/],
    [['detect', 'x.csv', '--from', '2024-01-02', '--to', '2024-01-01'], /--to/],
    [['detect', 'x.csv', '--bbox', '1,2,3'], /lonmin/],
    [['detect', 'x.csv', '--map', 'mmsi'], /field=column/],
    [['zones', 'at', '99', '5'], /latitude/],
    [['schema', 'everything'], /event, candidate, report, stats, config/],
    [['simulate', 'atlantis', '-o', 'x.nmea'], /atlantis/],
  ]

  test.each(wrong)('%j is one line and exit 2', async (args, words) => {
    const outcome = await darkwake(args)
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    oneLine(outcome, words)
  })

  test('a wrong configuration names field, value and what is allowed', async () => {
    const path = join(folder, 'wrong.yaml')
    writeFileSync(path, 'gap:\n  minGapHours: -3\n')
    const outcome = await detect(good, '--config', path)
    expect(outcome.code).toBe(2)
    oneLine(outcome, /gap\.minGapHours/, /-3/)

    writeFileSync(path, 'gap:\n  minGapHour: 3\n')
    const unknown = await detect(good, '--config', path)
    expect(unknown.code).toBe(2)
    oneLine(unknown, /minGapHour/)
  })
})

test('a watchlist that cannot be understood stops the run before anything is read: file, line, what is allowed', async () => {
  const list = (content: string) => write(folder, 'list.csv', content)
  const run = async (content: string) => {
    const outcome = await detect(good, '--watchlist', list(content))
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    return outcome
  }
  oneLine(await run('mmsi,colour\n'), /list\.csv: no column is named "colour": expected mmsi, imo/)
  oneLine(await run('mmsi\n1\n\u001b[31mx\n'), /list\.csv: line 3: mmsi: expected .* got "\[31mx"/)
  oneLine(await detect(good, '--watchlist', join(folder, 'none.csv')), /none\.csv: no such file/)
})
