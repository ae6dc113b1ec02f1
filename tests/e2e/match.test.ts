// darkwake match as it is run: the README's example and its figures, what it says of each picture, and what people get wrong.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines, write } from './darkwake.js'

beforeAll(() => void build(), 120_000)

const DETECTIONS = 'fixtures/scenarios/seen-from-above.detections.geojson'
const REPORTS = 'fixtures/scenarios/seen-from-above.reports.ndjson'

interface Line {
  type: string
  score: number
  mmsi?: number
  evidence: { name: string }[]
  details: { silences?: { mmsi: number; p: number }[]; notJudged?: string | null }
}
const lines = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line)

describe('match', () => {
  test('tells what the README says of its example, in the same figures', async () => {
    const readme = readFileSync('README.md', 'utf8')
    const [command] = /darkwake match --detections .+/.exec(readme)!
    expect(command).toBe(`darkwake match --detections ${DETECTIONS} ${REPORTS}`)
    const outcome = await darkwake(['match', '--detections', DETECTIONS, REPORTS])
    expect(outcome.code).toBe(0)
    expect(stackLines(outcome.stderr)).toEqual([])
    const told = lines(outcome.stdout)
    const dark = told.filter(({ type }) => type === 'unmatched_detection').sort((a, b) => b.score - a.score)
    const figures = [
      ...dark.map(({ score }) => score.toFixed(2)),
      ...dark.map(({ details }) => details.silences![0]!.p.toFixed(2)),
    ]
    expect(figures).toHaveLength(4)
    const said = readme.slice(
      readme.indexOf(command),
      readme.indexOf('docs/detection.md says what is weighed'),
    )
    expect([...said.matchAll(/\b0\.\d\d\b/g)].map(([figure]) => figure)).toEqual(figures)
    // both may be the one that fell silent, and its gap says so
    const [gap] = told.filter(({ type }) => type === 'gap')
    expect(dark.map(({ details }) => details.silences![0]!.mmsi)).toEqual([gap!.mmsi, gap!.mmsi])
    expect(gap!.evidence.map(({ name }) => name)).toContain('satellite_detection')
    expect(told.map(({ type }) => type).sort()).toEqual([
      'gap',
      'scene',
      'unmatched_detection',
      'unmatched_detection',
    ])
    for (const words of ['3 detections in 1 scene, footprint given', 'ships that no AIS track explains'])
      expect(outcome.stderr).toContain(words)
  })

  test('of pictures at another time nothing is made but a line', async () => {
    const folder = emptyFolder()
    const late = write(
      folder,
      'late.csv',
      't,lat,lon\n2026-04-02T00:00:00Z,54,3\n2026-04-02T00:00:01Z,55,4\n',
    )
    const { code, stdout, stderr } = await darkwake(['match', '--detections', late, REPORTS])
    expect(code).toBe(0)
    expect(lines(stdout).filter(({ type }) => type === 'unmatched_detection')).toEqual([])
    expect(stderr).toContain('no AIS within 12 h: 2 detections not judged')
  })

  test('what cannot be read or used is said in a line', async () => {
    const folder = emptyFolder()
    const noPlace = write(folder, 'no-place.csv', 't,speed\n2026-03-21T13:00:00Z,3\n')
    const noJson = write(folder, 'not.json', '{]')
    const noTime = write(folder, 'no-time.csv', 'lat,lon\n54,3\n')
    for (const [args, code, words] of [
      [['--detections', `${folder}/missing.csv`, REPORTS], 1, 'missing.csv'],
      [['--detections', noPlace, REPORTS], 1, 'no-place.csv'],
      [['--detections', noJson, REPORTS], 1, 'not.json'],
      [['--detections', noTime, REPORTS], 1, 'no time'],
      [[REPORTS], 2, '--detections'],
      [['--detections', DETECTIONS], 2, 'files'],
    ] as [string[], number, string][]) {
      const outcome = await darkwake(['match', ...args])
      expect(outcome, args.join(' ')).toMatchObject({ code, stdout: '' })
      expect(outcome.stderr).toContain(words)
      expect(stackLines(outcome.stderr)).toEqual([])
    }
  })

  test('one that cannot be read beside one that can: the other is judged, and the exit code tells', async () => {
    const { code, stdout } = await darkwake([
      'match',
      '--detections',
      'missing.csv',
      '--detections',
      DETECTIONS,
      REPORTS,
    ])
    expect(code).toBe(1)
    expect(lines(stdout).filter(({ type }) => type === 'unmatched_detection')).toHaveLength(2)
  })

  test('a file without a detection that can be used says why, and nothing of footprints', async () => {
    const rows = 'id_Key,Date_LTZ,Lat_DNB,Lon_DNB\n1,2024-05-14 03:20:00,54.1,3.1\n'
    const { code, stdout, stderr } = await darkwake([
      'match',
      '--detections',
      write(emptyFolder(), 'viirs.csv', rows),
      REPORTS,
    ])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stackLines(stderr)).toEqual([])
    expect(stderr).toContain('no detection that can be used')
    expect(stderr).toContain('a local time: UTC is needed')
    expect(stderr).not.toContain('footprint')
  })
})
