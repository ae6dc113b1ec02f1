// A store over several runs of detect, as somebody at the command line makes them.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/store.js'
import { heard } from '../run/watch/helpers.js'
import { hasDuckdb, WITHOUT } from '../store/sea.js'
import { build, darkwake, emptyFolder, stackLines } from './darkwake.js'

beforeAll(() => void build(), 120_000)

/** Four ships by the minute; number 3 is silent for two hours of each day. */
function day(of: number): string {
  let text = ''
  for (let m = of * 1440; m < of * 1440 + 600; m += 2)
    for (let k = 0; k < 4; k++) if (k !== 3 || m % 1440 < 120 || m % 1440 > 240) text += heard(k, m + k / 10)
  return text
}

describe.skipIf(!hasDuckdb)(`detect --store ${hasDuckdb ? '' : WITHOUT}`, () => {
  const folder = emptyFolder()
  const path = join(folder, 'sea.duckdb')
  const file = (k: number): string => join(folder, `day${k}.nmea`)
  writeFileSync(file(0), day(0))
  writeFileSync(file(1), day(1))

  async function detect(files: string[], ...more: string[]): Promise<string> {
    const { code, stderr } = await darkwake(['detect', ...files, '--no-zones', '--store', path, ...more])
    expect(stackLines(stderr)).toEqual([])
    expect(code).toBe(0)
    return stderr
  }
  async function gaps(): Promise<string[]> {
    const store = await openStore(path)
    const { events } = await store.events.page({ types: ['gap'], mmsi: 201_000_003 }, 'oldest', 100)
    await store.close()
    return events.map(({ startT }) => new Date(startT).toISOString().slice(8, 13))
  }

  test('shows what the last run over each file found', async () => {
    writeFileSync(join(folder, 'short.yaml'), 'gap: { minGapHours: 1, portRule: false }\n')
    writeFileSync(join(folder, 'long.yaml'), 'gap: { minGapHours: 5, portRule: false }\n')
    const [short, long] = ['short', 'long'].map(name => ['--config', join(folder, `${name}.yaml`)])
    await detect([file(0)], ...short!)
    expect(await detect([file(1)], ...short!)).not.toContain('withdrawn')
    expect(await gaps()).toEqual(['15T01', '16T01'])
    expect(await detect([file(1)], ...long!)).toContain('1 event of earlier runs not found again: withdrawn')
    expect(await gaps()).toEqual(['15T01'])
    // of both: the night between them is a gap as well
    await detect([file(0), file(1)], ...short!)
    expect(await gaps()).toEqual(['15T01', '15T09', '16T01'])
    // one of the two says nothing of what both together told
    await detect([file(0)], ...short!)
    expect(await gaps()).toEqual(['15T01', '15T09', '16T01'])
    // nor does a run that looks for something else
    await detect([file(0), file(1)], ...long!, '--only', 'loitering')
    expect(await gaps()).toEqual(['15T01', '15T09', '16T01'])
    await detect([file(0), file(1)], ...long!)
    expect(await gaps()).toEqual(['15T09'])
  })

  test('is a file of events for rank and report: of what its console lists', async () => {
    const store = await openStore(path)
    const { events } = await store.events.page({}, 'oldest', 500)
    const [gap] = events.filter(({ type }) => type === 'gap')
    await store.close()
    const card = await darkwake(['report', path, '--format', 'md', '--event', gap!.id])
    expect(card.stderr).toContain(`sea.duckdb: ${events.length} event`)
    expect(card.stdout).toContain('201000003')
    const { stdout } = await darkwake(['rank', path, '--format', 'ndjson'])
    const ranked = stdout.trim().split('\n').map(line => JSON.parse(line) as { mmsis: number[] }) // prettier-ignore
    expect(ranked.flatMap(({ mmsis }) => mmsis)).toContain(201_000_003)
    const none = await darkwake(['rank', join(folder, 'none.duckdb')])
    expect([none.code, stackLines(none.stderr)]).toEqual([1, []])
    expect(none.stderr).toContain('none.duckdb')
    const again = await openStore(path)
    const base = {
      kind: 'exempt',
      event: null,
      types: null,
      text: 'x',
      author: null,
      at: Date.now(),
    } as const
    await again.decisions.decide({ ...base, mmsi: 201_000_003, expires: Date.now() })
    await again.close()
    expect((await darkwake(['rank', path, '--format', 'ndjson'])).stdout).not.toContain('201000003')
  })
})
