// The steps of two passes as a cluster runs them, each a process of its own over some of the vessels, in any order: together they
// tell the events of one machine.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines } from './darkwake.js'

const PARTS = 3
let folder: string
let day: string
let header: string
/** Rows of each part, in no order. */
let parts: string[]

beforeAll(async () => {
  build()
  folder = emptyFolder()
  day = join(folder, 'day.csv')
  const made = await darkwake([
    'simulate',
    'north-sea',
    '-o',
    day,
    '--vessels',
    '60',
    '--seed',
    '3',
    '--quiet',
  ])
  expect(made.code).toBe(0)
  const [first, ...rows] = readFileSync(day, 'utf8').trimEnd().split('\n')
  header = first!
  const of = (row: string): number => Number(row.slice(0, row.indexOf(','))) % PARTS
  parts = Array.from({ length: PARTS }, (_, k) =>
    rows
      .filter(row => of(row) === k)
      .map(row => ({ row, at: hash(row) }))
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => `${row}\n`)
      .join(''),
  )
})

const hash = (text: string): number => {
  let h = 0
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) >>> 0
  return Math.imul(h, 0x9e3779b1) >>> 0
}

const timeOf = (row: string): string => row.split(',')[1]!

/** What operators said. */
const said: string[] = []

async function operator(step: string, stdin: string, ...flags: string[]): Promise<string> {
  const outcome = await darkwake(['operator', step, ...flags, '--quiet'], { stdin })
  expect(outcome.code).toBe(0)
  expect(outcome.stderr).toMatch(
    stdin.includes('part\t') ? /^(darkwake: operator: \d+ reports outside of the period left out\n)?$/ : /^$/,
  )
  if (outcome.stderr) said.push(outcome.stderr)
  return outcome.stdout
}

const shuffled = (text: string): string =>
  text
    .split('\n')
    .slice(0, -1)
    .sort((a, b) => hash(a) - hash(b))
    .join('\n')

describe('operators', () => {
  test('tell what two passes on one machine tell, however the vessels are parted', async () => {
    const events = join(folder, 'events.ndjson')
    const own = join(folder, 'own')
    const one = await darkwake([
      'detect',
      day,
      '--passes',
      '2',
      '--lessons-out',
      own,
      '-o',
      events,
      '--quiet',
    ])
    expect(one).toMatchObject({ code: 0, stderr: '' })

    const pieces = await operator('cut', parts.join(''), '--header', header)
    const size = statSync(day).size
    const ranges = `0\t${size >> 1}\t${day}\n${size >> 1}\t${size}\tfile:${day}\n`
    const read = await operator('cut', ranges, '--header', header, '--ranges')
    const rowsOf = (text: string): string[] =>
      text
        .replace(/^\d+\t/gm, '')
        .split(/[\n\u001e]/)
        .sort()
    expect(rowsOf(read)).toEqual(rowsOf(pieces))
    const pieced = parts.map((_, k) =>
      shuffled(pieces.replace(/^(\d+)\t(.*\n)/gm, (_, bucket, rows) => (bucket % PARTS === k ? rows : ''))),
    )
    const learned = await Promise.all(pieced.map(rows => operator('learn', rows, '--header', header)))
    const lessons = join(folder, 'lessons')
    writeFileSync(lessons, learned.join('').split('\n').sort().slice(1).join('\n'))
    const judged = await Promise.all(
      parts.map(rows => operator('vessel', rows, '--header', header, '--lessons', lessons)),
    )
    const all = judged.join('')
    const sea = await operator('sea', shuffled(all), '--lessons', lessons)
    const told = await operator('tell', shuffled(all + sea), '--lessons', lessons)

    const lines = (text: string): string[] => text.trimEnd().split('\n').sort()
    expect(lines(told)).toEqual(lines(readFileSync(events, 'utf8')))
    expect(lines(told).length).toBeGreaterThan(50)
    expect(sea).toContain('"dark_rendezvous"')

    // what was kept can be used again, here and there
    const again = await darkwake(['detect', day, '--passes', '2', '--lessons', lessons, '--quiet'])
    expect(lines(again.stdout)).toEqual(lines(told))
    const withOwn = await operator('tell', all + sea, '--lessons', own)
    expect(lines(withOwn)).toEqual(lines(told))
  })

  test('go on from one period to the next, and tell together what they tell at once', async () => {
    const times = parts.flatMap(rows => rows.trimEnd().split('\n').map(timeOf)).sort()
    const noon = `${times[Math.floor(times.length / 2)]!.slice(0, 15)}0:00Z`
    // nobody is heard in the last part before noon
    const late = parts.map((rows, k) =>
      k < PARTS - 1 ? rows : rows.replace(/.*\n/g, row => (timeOf(row) < noon.slice(0, 19) ? '' : row)),
    )
    const lateDay = join(folder, 'late.csv')
    writeFileSync(lateDay, [`${header}\n`, ...late].join(''))
    const whole = await darkwake(['detect', lateDay, '--passes', '2', '--quiet'])
    const told: string[] = []
    let states = ''
    for (const until of [noon, undefined]) {
      // half of the day, and some rows of the other half
      const flags = until ? ['--until', until] : []
      const half = late.map((rows, k) => {
        const of = rows
          .split('\n')
          .filter((row, n) => row && (n % 50 === 0 || timeOf(row) < noon.slice(0, 19) === !!until))
        const carried = states.split('\n').filter(line => line.startsWith(`state\t${k}/${PARTS};`))
        return shuffled([...of, `part\t${k}/${PARTS}`, ...carried, ''].join('\n'))
      })
      const learned = await Promise.all(
        half.map(rows => operator('learn', rows, '--header', header, ...flags)),
      )
      const lessons = join(folder, `lessons-${until ? 'a' : 'b'}`)
      writeFileSync(lessons, learned.join('').split('\n').sort().slice(1).join('\n'))
      const judged = await Promise.all(
        half.map(rows => operator('vessel', rows, '--header', header, '--lessons', lessons, ...flags)),
      )
      const all = judged.join('')
      const sea = await operator('sea', shuffled(states + all), '--lessons', lessons, ...flags)
      const events = await operator('tell', shuffled(states + all + sea), '--lessons', lessons, ...flags)
      states = (learned.join('') + all + sea + events).replace(/^(?!state\t).*\n/gm, '')
      told.push(...events.split('\n').filter(line => line.startsWith('{')))
    }
    const last = new Map<string, { line: string; revision: number; phase: string }>()
    for (const line of told) {
      const { id, revision, phase } = JSON.parse(line) as { id: string; revision: number; phase: string }
      if (!((last.get(id)?.revision ?? 0) >= revision)) last.set(id, { line, revision, phase })
    }
    expect(told.length).toBeGreaterThan(last.size)
    expect(said.length).toBeGreaterThan(PARTS)
    const stand = [...last.values()].filter(({ phase }) => phase !== 'retracted').map(({ line }) => line)
    expect(stand.sort()).toEqual(whole.stdout.trimEnd().split('\n').sort())
  })

  test('a part without rows is a part; what is no input is said in one line', async () => {
    expect(await operator('learn', '')).toBe('')
    expect(await operator('learn', '', '--header', header)).toBe('')
    const { stdout } = await darkwake(['--version'])
    expect(await operator('learn', '', '--expect-version', stdout.trim())).toBe('')
    const lessons = join(folder, 'none')
    writeFileSync(lessons, 'darkwake/lessons/1\n')
    expect(await operator('vessel', '', '--lessons', lessons)).toBe('')
    expect(await operator('sea', '', '--lessons', lessons)).toBe('')
    expect(await operator('tell', '', '--lessons', lessons)).toBe('')
    const wrong: [string[], string, number, string][] = [
      [['vessel'], '', 2, 'operator: vessel needs --lessons'],
      [['cut'], '', 2, 'operator: cut needs --header'],
      [['cut', '--header', 'LAT,LON,t'], '', 1, 'header: '],
      [['cut', '--header', 'mmsi,lat,lon,t', '--ranges'], 'x\n', 1, 'operator: no range of a file: "x"'],
      [['learn', '--lessons', lessons], '', 2, 'operator: learn takes no --lessons'],
      [['learn', '--expect-version', '0.0.0'], '', 2, 'and 0.0.0 is asked for'],
      [['sea', '--lessons', day], '', 1, 'not lines of darkwake/lessons/1'],
      [['sea', '--lessons', join(folder, 'absent')], '', 1, 'no such file'],
      [['sea', '--lessons', lessons], 'rows\tAAAA\n', 1, 'operator: a broken line'],
      [['tell', '--lessons', lessons], 'anything\n', 1, 'operator: not a line of one'],
      [['learn', '--until', '2024-02-01T00:05'], '', 2, 'until: expected a whole ten minutes'],
      [['learn'], 'no AIS at all\n', 1, 'stdin'],
    ]
    for (const [args, stdin, code, text] of wrong) {
      const outcome = await darkwake(['operator', ...args, '--quiet'], { stdin })
      expect([args, outcome.code, stackLines(outcome.stderr)]).toEqual([args, code, []])
      expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(outcome.stderr).toContain(text)
    }
  })
})
