// What one run learned of reception, kept in a file and given to the next.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines, write } from './darkwake.js'
import { csv, row } from './traffic.js'

let folder: string
let week: string
let day: string
let both: string
/** Twenty ships to and fro for three days, heard well; on the fourth one of them is not heard for ten hours. */
const DAYS = 3
const DARK = 257000001

beforeAll(() => {
  build()
  folder = emptyFolder()
  const before: string[] = []
  const after: string[] = []
  for (let minutes = 0; minutes < (DAYS + 1) * 1440; minutes += 10) {
    for (let k = 0; k < 20; k++) {
      const isDark = k === 0 && minutes >= DAYS * 1440 + 600 && minutes < DAYS * 1440 + 1200
      if (isDark) continue
      // within two degrees, each in a lane of its own; some reports are missed
      if ((minutes / 10 + 7 * k) % 11 === 0) continue
      const lane = row(DARK + k, minutes % 720, 60 + k / 100).split(',')
      lane[1] = new Date(Date.UTC(2024, 0, 1) + minutes * 60_000).toISOString()
      ;(minutes < DAYS * 1440 ? before : after).push(lane.join(','))
    }
  }
  week = write(folder, 'week.csv', csv(before))
  day = write(folder, 'day.csv', csv(after))
  both = write(folder, 'both.csv', csv([...before, ...after]))
})

interface Gap {
  type: string
  mmsi: number
  class: string
  details: { survival: { survival: number; atMost: number; rests: number } }
}
const gaps = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Gap)
    .filter(({ type, mmsi }) => type === 'gap' && mmsi === DARK)

const config = () => write(folder, 'guardless.yaml', 'clean:\n  outlierGuard: false\n')
const detect = (...args: string[]) => darkwake(['detect', '--no-zones', '--config', config(), ...args])

describe('--reception-out and --reception', () => {
  test.each(['csv', 'geojson'])(
    'as %s: what is judged with the file is judged as in one run',
    async ending => {
      const grid = join(folder, `grid.${ending}`)
      const learned = await detect('--quiet', week, '--reception-out', grid)
      expect(learned).toMatchObject({ code: 0, stderr: '' })
      expect(existsSync(`${grid}.partial`)).toBe(false)

      const judged = await detect('--quiet', day, '--reception', grid)
      expect(judged).toMatchObject({ code: 0, stderr: '' })
      const [[inOne], [withFile], [without]] = [
        gaps((await detect('--quiet', both)).stdout),
        gaps(judged.stdout),
        gaps((await detect('--quiet', day)).stdout),
      ]
      const [one, file, none] = [inOne!, withFile!, without!].map(({ details }) => details.survival)
      expect(file!.rests / one!.rests).toBeCloseTo(1, 1)
      expect(Math.abs(Math.log(file!.survival / one!.survival))).toBeLessThan(0.3)
      expect(Math.abs(Math.log(file!.atMost / one!.atMost))).toBeLessThan(0.3)
      expect(withFile!.class).toBe(inOne!.class)
      expect(none!.rests).toBeLessThan(0.7 * one!.rests)
    },
  )

  test('CSV has a header and a row a cell; GeoJSON has a polygon for each', async () => {
    const [asCsv, asMap] = ['cells.csv', 'cells.geojson'].map(name => join(folder, name))
    await detect('--quiet', week, '--reception-out', asCsv!)
    await detect('--quiet', week, '--reception-out', asMap!)
    const [header, ...rows] = readFileSync(asCsv!, 'utf8').trim().split('\n')
    expect(header).toMatch(/^lat,lon,deg,class,feed,holes,visits,heardShare,over10min,/)
    const { features } = JSON.parse(readFileSync(asMap!, 'utf8')) as { features: unknown[] }
    expect(features.length).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(5)
  })

  test.skipIf(!process.env['DARKWAKE_SLOW'] || !hasGdal())(
    'GDAL reads the GeoJSON (skipped: slow, or no ogrinfo)',
    async () => {
      const map = join(folder, 'gdal.geojson')
      await detect('--quiet', week, '--reception-out', map)
      const info = execFileSync('ogrinfo', ['-al', '-so', map], { encoding: 'utf8' })
      expect(info).toMatch(/Geometry: Polygon/)
      const { features } = JSON.parse(readFileSync(map, 'utf8')) as { features: unknown[] }
      expect(info).toContain(`Feature Count: ${features.length}`)
    },
  )
})

function hasGdal(): boolean {
  try {
    execFileSync('ogrinfo', ['--version'])
    return true
  } catch {
    return false
  }
}

describe('what cannot be used', () => {
  const refused = async (code: number, words: RegExp, ...args: string[]) => {
    const outcome = await detect('--quiet', day, ...args)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(stackLines(outcome.stderr)).toEqual([])
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1)
    expect(outcome.stderr).toMatch(words)
  }

  test('a file that is missing, no grid, or broken is told in a line', async () => {
    await refused(1, /input: .*none\.csv: no such file/, '--reception', join(folder, 'none.csv'))
    await refused(1, /no column for lat and lon and holes and one of over10min/, '--reception', day)
    await refused(1, /no GeoJSON with cells/, '--reception', write(folder, 'half.geojson', '{"features": ['))
    await refused(1, /it has no features/, '--reception', write(folder, 'no.geojson', '{"type":"Feature"}'))
    await refused(
      1,
      /no cell in 1 row/,
      '--reception',
      write(folder, 'x.csv', 'lat,lon,holes,over1h\n1,2,x,1\n'),
    )
  })

  test('an output of no known ending, or one that exists, spoils the run before it begins', async () => {
    await refused(2, /reception-out: .*use \.csv or \.geojson/, '--reception-out', join(folder, 'grid.txt'))
    const there = write(folder, 'there.csv', 'mine')
    await refused(1, /there\.csv: exists/, '--reception-out', there)
    expect(readFileSync(there, 'utf8')).toBe('mine')
    const forced = await detect('--quiet', day, '--reception-out', there, '--force')
    expect(forced.code).toBe(0)
    expect(readFileSync(there, 'utf8')).toMatch(/^lat,/)
  })

  test('rows of other feeds, and rows that are none, are left out with a word', async () => {
    const odd = write(
      folder,
      'odd.csv',
      'lat,lon,holes,over6h,feed\n60,2,50,0.1,terrestrial\n60,2,50,0.1,mine\n60,2,x,0.1,mine\n',
    )
    const outcome = await detect(day, '--reception', odd)
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toMatch(/odd\.csv: 1 row holds no cell, left out/)
    expect(outcome.stderr).toMatch(
      /1 of 2 rows is of another feed, such as "mine", left out; expected .*terrestrial/,
    )
  })
})
