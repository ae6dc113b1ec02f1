// Anchorages that one run learned, kept in a file and given to the next as ports.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { loadPorts } from '../../src/zones/ports.js'
import { build, darkwake, emptyFolder, write } from './darkwake.js'

let folder: string
let roads: string
beforeAll(() => {
  build()
  folder = emptyFolder()
  // six ships wait off IJmuiden, nine hours each, one after the other
  const lines: string[] = []
  for (let m = 0; m < 6 * 720; m += 10) {
    const k = Math.floor(m / 720)
    if (m % 720 > 540) continue
    const t = new Date(Date.UTC(2024, 0, 1) + m * 60_000).toISOString()
    lines.push(
      JSON.stringify({ mmsi: 211000001 + k, t, lat: 52.5 + k / 1000, lon: 4.4, sog: 0, navStatus: 1 }),
    )
  }
  roads = write(folder, 'roads.ndjson', `${lines.join('\n')}\n`)
})

test('--anchorages-out writes what --ports reads', async () => {
  const file = join(folder, 'learned.csv')
  const first = await darkwake(['detect', '--no-zones', '--quiet', roads, '--anchorages-out', file])
  expect(first.code).toBe(0)
  const [header, row, ...none] = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(header).toBe('name,latitude,longitude,radius_m,vessels,stops,since')
  expect(row).toBe('anchorage 52.50°N 4.40°E,52.5,4.4,2000,6,6,2024-01-03T06:10:00.000Z')
  expect(none).toEqual([])
  expect((await loadPorts(file)).ports).toEqual([
    { name: 'anchorage 52.50°N 4.40°E', lat: 52.5, lon: 4.4, radiusM: 2000, country: null },
  ])
  const second = await darkwake([
    'detect',
    '--no-zones',
    '--quiet',
    roads,
    '--ports',
    file,
    '--only',
    'port_visit',
  ])
  expect(second.stdout.trimEnd().split('\n').length).toBe(6)
})

test('it does not overwrite, and leaves nothing of a run that did not begin', async () => {
  const there = write(folder, 'there.csv', 'mine\n')
  const refused = await darkwake(['detect', '--no-zones', '--quiet', roads, '--anchorages-out', there])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/there\.csv: exists/)
  expect(readFileSync(there, 'utf8')).toBe('mine\n')
  expect(existsSync(`${there}.partial`)).toBe(false)
})
