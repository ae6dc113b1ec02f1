// darkwake report and detect --report as a user runs them.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines, write } from './darkwake.js'
import { csv, DARK } from './traffic.js'

let folder: string
let ais: string
const path = (name: string): string => join(folder, name)
const page = (name: string): string => readFileSync(path(name), 'utf8')

/** Ships that call themselves that. */
const named = (name: string): string =>
  csv()
    .split('\n')
    .map((line, k) => (line === '' ? '' : `${line},${k === 0 ? 'name' : name}`))
    .join('\n')

beforeAll(async () => {
  build()
  folder = emptyFolder()
  ais = write(folder, 'day.csv', named('<SCRIPT SRC=//A.CO>'))
  const outputs = [
    '-o',
    path('events.ndjson'),
    '--stats',
    path('stats.json'),
    '--report',
    path('detected.html'),
  ]
  const { code, stderr } = await darkwake(['detect', ais, ...outputs])
  expect({ code, stack: stackLines(stderr) }).toEqual({ code: 0, stack: [] })
})

test('detect --report writes a page with the track, the books of the run, and no script', () => {
  const html = page('detected.html')
  expect(html).toContain(`MMSI ${DARK}`)
  expect(html).toContain('&lt;SCRIPT SRC=//A.CO&gt;')
  expect(html).toContain('class="track"')
  expect(html).toMatch(/\d+ rows read/)
  expect(html).not.toMatch(/<script/i)
})

describe('report', () => {
  test('makes the same page of the events, the AIS and the books', async () => {
    const target = path('again.html')
    const given = ['--ais', ais, '--stats', path('stats.json')]
    const { code } = await darkwake(['report', path('events.ndjson'), ...given, '-o', target])
    expect(code).toBe(0)
    const cut = (html: string) => html.slice(html.indexOf('<main>'), html.indexOf('</main>'))
    expect(cut(page('again.html'))).toBe(cut(page('detected.html')))
  })

  test('writes HTML, Markdown and what a satellite should look at, by ending, and HTML to stdout', async () => {
    const outputs = ['r.html', 'r.md', 'r.geojson'].flatMap(name => ['-o', path(name)])
    expect((await darkwake(['report', path('events.ndjson'), ...outputs])).code).toBe(0)
    expect(page('r.html')).toMatch(/^<!doctype html>/)
    expect(page('r.md')).toMatch(/^# Dark ship report\n/)
    const { features } = JSON.parse(page('r.geojson')) as { features: { properties: { mmsi: number } }[] }
    expect(features.map(({ properties }) => properties.mmsi)).toContain(DARK)
    const { stdout } = await darkwake(['report', path('events.ndjson'), '-q'])
    expect(stdout).toBe(page('r.html'))
  })

  test('gives the card of one event', async () => {
    const gap = page('events.ndjson')
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as { id: string; type: string })
      .find(({ type }) => type === 'gap')!
    const { code, stdout } = await darkwake([
      'report',
      path('events.ndjson'),
      '--event',
      gap.id,
      '--format',
      'md',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain(`- event: ${gap.id}`)
  })

  test.each([
    [['--event', 'gap-1'], 2, /--event gap-1: no such event/],
    [['-o', 'r.pdf'], 2, /r\.pdf: its ending names no format/],
    [['--stats', 'day.csv'], 2, /--stats day\.csv: not what detect --stats writes/],
    [['--ais', 'no.nmea', '-o', 'no-ais.html'], 1, /no\.nmea/],
    [['-o', 'detected.html'], 1, /detected\.html: exists already/],
  ])('%j is refused in one line', async (words, expected, why) => {
    const { code, stderr } = await darkwake(['report', 'events.ndjson', '-q', ...words], { cwd: folder })
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: expected, lines: 1 })
    expect(stderr).toMatch(why)
    expect(existsSync(path('r.pdf'))).toBe(false)
  })

  test('says that a file holds no events', async () => {
    expect((await darkwake(['report', ais])).code).toBe(3)
  })
})
