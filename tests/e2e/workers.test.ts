// Several threads write what one writes, to the byte, from whatever is read and however it is sorted.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type * as Library from '../../src/index.js'
import type { DarkEvent } from '../../src/index.js'
import { sharedPath, testWith } from '../helpers/shared.js'
import { build, builtWith, darkwake, emptyFolder, stackLines, write } from './darkwake.js'

let folder: string
let day: string

beforeAll(async () => {
  build()
  folder = emptyFolder()
  day = join(folder, 'day.csv')
  const made = await darkwake(['simulate', 'north-sea', '-o', day, '--vessels', '150', '--quiet'])
  expect(made.code).toBe(0)
})

async function all(threads: number[], files: string[], ...flags: string[]): Promise<void> {
  const written = []
  for (const workers of threads.map(String)) {
    const out = join(folder, `${workers}.ndjson`)
    const outcome = await darkwake([
      'detect',
      ...files,
      ...flags,
      '--workers',
      workers,
      '-o',
      out,
      '--force',
      '--quiet',
    ])
    expect(outcome).toMatchObject({ code: 0, stdout: '', stderr: '' })
    written.push(readFileSync(out, 'utf8'))
  }
  expect(written[0]).not.toBe('')
  for (const other of written) expect(other).toBe(written[0])
}

describe('several threads find what one finds', () => {
  test('in a simulated day', () => all([1, 2, 4], [day]))
  test.each([
    ['with every revision', false],
    ['with each event in its last state', true],
  ])('%s, spilled to disk in pieces of any size, with ports, as a library', async (_what, final) => {
    const { detect, loadCoast, loadPorts, openFiles } = (await import(
      join(build(), 'dist', 'index.js')
    )) as typeof Library
    const ports = await loadPorts(write(folder, 'ports.csv', 'name,lat,lon,radius_km\nsomewhere,56,3,60\n'))
    const found = async (workers: number, maxMemoryBytes?: number): Promise<DarkEvent[]> => {
      const events: DarkEvent[] = []
      const options = { workers, ports, coast: loadCoast(), final, maxMemoryBytes }
      for await (const event of detect(openFiles([day]), options)) events.push(event)
      return events
    }
    const whole = await found(1)
    expect(whole.length).toBeGreaterThan(20)
    expect(await found(2, 2e6)).toEqual(whole)
    if (final) expect(await found(4)).toEqual(whole)
  })
  test('with a preset, and its own encounters', () =>
    all([1, 3], [day], '--preset', 'gfw-encounters', '--all'))
  testWith('data/positions/marinecadastre_2022-01-03_first99999.csv.gz', 'in real traffic', () =>
    all([1, 2], [sharedPath('data/positions/marinecadastre_2022-01-03_first99999.csv.gz')], '--all'),
  )
})

test.each([
  [
    'says why',
    "import { workerData } from 'node:worker_threads'; workerData.outbox.postMessage({ failed: new Error('no more') })",
    /no more/,
  ],
  ['throws', "throw new Error('broken')", /broken/],
  ['is gone', 'process.exit(3)', /a thread that detects is gone/],
])('a second thread that %s ends the run with one line', async (_what, code, words) => {
  const copy = builtWith('bin/helper.js', code)
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(copy, 'bin', 'darkwake.js'), 'detect', day, '--workers', '2', '--quiet'],
    { encoding: 'utf8', timeout: 200_000, maxBuffer: 2 ** 28 },
  )
  expect(status).toBe(1)
  expect(stderr).toMatch(words)
  expect(stackLines(stderr)).toEqual([])
})

test('Ctrl-C ends both, and what was found is kept', async () => {
  const out = join(folder, 'interrupted.ndjson')
  const outcome = await darkwake(['detect', day, '--workers', '2', '-o', out, '--quiet'], {
    during: child => {
      const poll = setInterval(() => {
        if (!existsSync(`${out}.partial`)) return
        clearInterval(poll)
        // while rows are on their way between the two
        setTimeout(() => child.kill('SIGINT'), 2500)
      }, 5)
      child.once('exit', () => clearInterval(poll))
    },
  })
  expect(stackLines(outcome.stderr)).toEqual([])
  if (outcome.code === 0) return // it was faster
  expect(outcome.code).toBe(130)
  for (const line of readFileSync(`${out}.partial`, 'utf8').split('\n').filter(Boolean)) JSON.parse(line)
})
