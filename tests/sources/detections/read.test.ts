// Lists of detections as they are written by those who make them, and what is wrong with some.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readDetections, readFixedMask } from '../../../src/sources/detections/read.js'

const dir = mkdtempSync(join(tmpdir(), 'darkwake-detections-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
let files = 0
function file(content: string | object, ending = '.csv'): string {
  const path = join(dir, `${++files}${ending}`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const T = Date.UTC(2020, 7, 3, 18, 14, 40)
const S1 = 'S1A_IW_GRDH_1SDV_20200803T181440_20200803T181505_033748_03E95B_A4D2'

describe('tables', () => {
  test('of Global Fishing Watch: SAR with a presence score', async () => {
    const { scenes, accepted } = await readDetections(
      file(
        `scene_id,timestamp,lat,lon,presence_score,length_m,mmsi,matching_score\n${S1},2020-08-03 18:14:52 UTC,5.5,3.25,0.97,84.2,,\n`,
      ),
    )
    expect(accepted).toBe(1)
    expect(scenes[0]).toMatchObject({ id: S1, sensor: 'sar', footprint: null, looking: null })
    expect(scenes[0]!.detections[0]).toMatchObject({
      t: T + 12_000,
      lat: 5.5,
      lon: 3.25,
      confidence: 0.97,
      lengthM: 84.2,
    })
  })

  test('of xView3: the time is in the name of the scene', async () => {
    const rows = `detect_lat,detect_lon,scene_id,detect_id,vessel_length_m,confidence\n5.5,3.25,${S1},a,40,HIGH\n5.6,3.25,${S1},b,,LOW\n`
    const { scenes } = await readDetections(file(rows))
    expect(scenes).toHaveLength(1)
    expect(scenes[0]).toMatchObject({ t: T, untilT: T + 25_000, sensor: 'sar' })
    expect(scenes[0]!.detections.map(({ confidence, lengthM }) => [confidence, lengthM])).toEqual([
      [0.95, 40],
      [0.5, null],
    ])
  })

  test('of VIIRS boat detections: UTC beside local time, and flags', async () => {
    const head = 'id_Key,Date_Mscan,Date_LTZ,Lat_DNB,Lon_DNB,Rad_DNB,QF_Detect\n'
    const row = (id: string, flag: number) =>
      `${id},2020/08/03 18:10:00,2020/08/04 01:10:00,9.5,103.2,12.5,${flag}\n`
    const { scenes, rejected } = await readDetections(
      file(head + row('a', 1) + row('b', 2).replace('9.5', '9.6') + row('c', 4).replace('9.5', '9.7')),
    )
    expect(scenes[0]).toMatchObject({ sensor: 'viirs', t: Date.UTC(2020, 7, 3, 18, 10) })
    expect(scenes[0]!.detections.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(rejected).toEqual({ 'no-vessel': 1 })
  })

  test('VIIRS in local time is refused: named so, or at an hour at which the satellite is not there', async () => {
    const named = await readDetections(
      file('Date_LTZ,Lat_DNB,Lon_DNB,Rad_DNB\n2020/08/04 01:10:00,9.5,103.2,12\n'),
    )
    expect(named.rejected).toEqual({ 'time-local': 1 })
    const mistaken = await readDetections(
      file('Date_Mscan,Lat_DNB,Lon_DNB,Rad_DNB\n2020/08/04 01:10:00,9.5,103.2,12\n'),
    )
    expect(mistaken.rejected).toEqual({ 'time-local': 1 })
  })

  test('the kind of ship: scores, yes and no, and names of kinds', async () => {
    const kinds = async (column: string, values: readonly string[]) => {
      const rows = values.map((value, k) => `2020-08-03T18:14:52Z,${k},1,${value}`)
      const { scenes } = await readDetections(file([`t,lat,lon,${column}`, ...rows, ''].join('\n')))
      return scenes[0]!.detections.map(({ fishing = null }) => fishing)
    }
    expect(await kinds('is_fishing', ['True', 'False', '', 'nan'])).toEqual([1, 0, null, null])
    expect(await kinds('fishing_score', ['0.93', '0', '1', '7'])).toEqual([0.93, 0, 1, null])
    expect(
      await kinds('vessel_type', ['Fishing', 'non-fishing', 'not_fishing', 'Cargo', 'trawler', 'unknown']),
    ).toEqual([1, 0, 0, 0, 1, null])
  })

  test('of any other making, with a map', async () => {
    const path = file(
      'wann;breite;laenge;wie sicher\n2020-08-03T18:14:40+02:00;5,5;3\n'
        .replace('5,5', '5.5')
        .replace(';3\n', ';3;80\n'),
    )
    const { scenes } = await readDetections(path, {
      map: { t: 'wann', lat: 'breite', lon: 'laenge', confidence: 'wie sicher' },
    })
    expect(scenes[0]!.detections[0]).toMatchObject({
      t: T - 2 * 3_600_000,
      lat: 5.5,
      lon: 3,
      confidence: 0.8,
    })
  })

  test('without time: refused row by row, and by the line', async () => {
    const { rejected, firstRejected, scenes } = await readDetections(
      file('lat,lon,length_m\n1,2,30\n1.1,2,40\n'),
    )
    expect(scenes).toEqual([])
    expect(rejected).toEqual({ 'no-time': 2 })
    expect(firstRejected).toEqual({ 'no-time': 2 })
  })

  test('what is wrong with a row is told', async () => {
    const rows = [
      't,lat,lon,id',
      '2020-08-03T18:14:40Z,1,2,a',
      '2020-08-03T18:14:40Z,1.1,2,a', // the same id
      '2020-08-03T18:14:40Z,1,2,', // the same place and time
      'yesterday,1,2,b',
      '2020-08-03T18:14:40Z,,2,c',
      '2020-08-03T18:14:40Z,120,30,d', // swapped
      '2020-08-03T18:14:40Z,91,2000,e',
    ]
    const { rejected, accepted, read } = await readDetections(file(rows.join('\n')))
    expect(accepted).toBe(1)
    expect(read).toBe(7)
    expect(rejected).toEqual({
      ...{
        duplicate: 2,
        'time-invalid': 1,
        'position-invalid': 1,
        'position-swapped': 1,
        'position-out-of-range': 1,
      },
    })
  })

  test('no positions at all, or no file of the kind: one clear line', async () => {
    await expect(readDetections(file('a,b\n1,2\n'))).rejects.toThrow('no column for latitude among a, b')
    await expect(readDetections(file('', '.json'))).rejects.toThrow('empty')
    await expect(readDetections(file('{"x":', '.json'))).rejects.toThrow('no JSON')
    await expect(readDetections(join(dir, 'none.csv'))).rejects.toThrow('no such file')
  })
})

describe('GeoJSON and JSON', () => {
  const point = (lon: number, lat: number, properties: object) => ({
    ...{ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties },
  })
  const outline = (ring: number[][], properties: object) => ({
    ...{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties },
  })
  const box = (w: number, e: number): number[][] => [
    [w, -1],
    [e, -1],
    [e, 1],
    [w, 1],
    [w, -1],
  ]

  test('a polygon is the outline of its scene; what is outside is refused, what is swapped is told as such', async () => {
    const time = '2020-08-03T18:14:40Z'
    const { scenes, rejected } = await readDetections(
      file(
        {
          type: 'FeatureCollection',
          features: [
            outline(box(30, 32), {
              scene_id: 'S',
              sensor: 'sar',
              platform_heading: 348,
              incidence_angle: 38,
            }),
            point(31, 0.5, { scene_id: 'S', time, length_m: 60 }),
            point(0.5, 31, { scene_id: 'S', time }),
            point(40, 0.5, { scene_id: 'S', time }),
          ],
        },
        '.geojson',
      ),
    )
    expect(scenes).toHaveLength(1)
    expect(scenes[0]).toMatchObject({
      sensor: 'sar',
      looking: { headingDeg: 348, look: 'right', incidenceDeg: 38 },
    })
    expect(scenes[0]!.detections).toHaveLength(1)
    expect(rejected).toEqual({ 'position-swapped': 1, 'outside-footprint': 1 })
  })

  test('an outline over ±180 is cut, however it is written', async () => {
    for (const ring of [box(179, 181), box(179, -179)]) {
      const { scenes, accepted } = await readDetections(
        file(
          {
            features: [
              outline(ring, { scene_id: 'S' }),
              point(-179.5, 0, { scene_id: 'S', t: T }),
              point(179.5, 0, { scene_id: 'S', t: T }),
            ],
          },
          '.json',
        ),
      )
      expect(accepted).toBe(2)
      expect(scenes[0]!.footprint!.flat().every((x, k) => k % 2 === 1 || Math.abs(x) <= 180)).toBe(true)
    }
  })

  test('events of Skylight, EarthRanger: places and times within', async () => {
    const event = {
      event_id: 'e1',
      event_type: 'sar',
      start: { time: '2020-08-03T18:14:40Z', point: { lat: 5, lon: 6 } },
      event_details: { estimated_length: 33 },
    }
    const { scenes } = await readDetections(file({ records: [event] }, '.json'))
    expect(scenes[0]).toMatchObject({ sensor: 'sar' })
    expect(scenes[0]!.detections[0]).toMatchObject({ id: 'e1', lat: 5, lon: 6, lengthM: 33 })
    const lines = `${JSON.stringify({ lat: 1, lon: 2, t: T })}\n${JSON.stringify({ lat: 1.5, lon: 2, t: T })}\n`
    expect((await readDetections(file(lines, '.ndjson'))).accepted).toBe(2)
  })

  test('detections without a scene are of one when they are within ten minutes', async () => {
    const at = (min: number) => ({ lat: 1, lon: 2 + min / 100, t: T + min * 60_000 })
    const { scenes } = await readDetections(file([at(0), at(5), at(60)], '.json'))
    expect(scenes.map(({ detections }) => detections.length)).toEqual([2, 1])
  })

  test('an empty picture with an outline is a picture', async () => {
    const { scenes } = await readDetections(
      file({ features: [outline(box(1, 2), { scene_id: S1 })] }, '.json'),
    )
    expect(scenes).toMatchObject([{ id: S1, detections: [] }])
  })

  test('a mask: points and areas', async () => {
    const mask = await readFixedMask(
      file({ features: [point(3, 50, { name: 'rig' }), outline(box(1, 2), { name: 'farm' })] }, '.geojson'),
    )
    expect(mask.points).toEqual([{ lat: 50, lon: 3, radiusM: 200, name: 'rig' }])
    expect(mask.areas).toMatchObject([{ name: 'farm' }])
    expect((await readFixedMask(file('lat,lon,label\n50,3,oil\n'))).points).toHaveLength(1)
  })
})

const sample = ['../shared', '../../shared']
  .map(root => `${root}/data/detections/allenai_viirs_sample_response.json`)
  .find(existsSync)
test.skipIf(!sample)('the VIIRS sample reads as it is (skipped where ../shared is absent)', async () => {
  const { scenes, accepted, rejected } = await readDetections(sample!)
  expect([accepted, rejected]).toEqual([46, {}])
  expect(scenes).toHaveLength(1)
  expect(scenes[0]).toMatchObject({ sensor: 'viirs', t: Date.UTC(2023, 10, 6, 6, 6) })
  expect(scenes[0]!.footprint).not.toBeNull()
})
