// Pictures out of files in any order: what is put aside on disk comes back as it was, in order of time, each once, and
// what is said of them is what is said when all are in memory.

import fc from 'fast-check'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { seaOf } from '../../eval/scenes/sea.js'
import type { Scene } from '../../src/model/detection.js'
import type { DarkEvent } from '../../src/model/event.js'
import { match } from '../../src/run/match.js'
import { createPictures, type Pictures } from '../../src/run/pictures.js'
import { createAside } from '../../src/sources/detections/aside.js'
import { eachScene, readDetections } from '../../src/sources/detections/read.js'
import type { Input } from '../../src/sources/open.js'

const dir = mkdtempSync(join(tmpdir(), 'darkwake-pictures-'))
const tempDir = mkdtempSync(join(tmpdir(), 'darkwake-pictures-temp-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
  rmSync(tempDir, { recursive: true, force: true })
})
let files = 0
function file(content: string | Buffer, ending = '.csv'): string {
  const path = join(dir, `${++files}${ending}`)
  writeFileSync(path, content)
  return path
}

const T = Date.UTC(2024, 4, 14)
const HOUR = 3_600_000

function all(pictures: Pictures): Scene[] {
  const source = pictures.source()
  const out: Scene[] = []
  while (source.nextT < Infinity) {
    const { nextT } = source
    out.push(source.next())
    expect(out.at(-1)!.t).toBe(nextT)
  }
  return out
}

describe('rows of scenes in any order', () => {
  const row = fc.record({
    scene: fc.constantFrom('', 'A', 'B', 'C 2', 'S1A_IW_GRDH_1SDV_20240514T060000_20240514T060025_x'),
    // pauses of more and of less than ten minutes, over midnights
    min: fc.option(fc.integer({ min: -3000, max: 3000 }), { freq: 20 }),
    lat: fc.integer({ min: -20, max: 20 }),
    lon: fc.integer({ min: -20, max: 20 }),
    length: fc.option(fc.integer({ min: 5, max: 300 })),
  })
  const text = (rows: readonly (typeof row extends fc.Arbitrary<infer R> ? R : never)[]): string =>
    [
      'scene_id,t,lat,lon,length_m',
      ...rows.map(({ scene, min, lat, lon, length }) =>
        [
          scene,
          min === null ? '' : new Date(T + min * 60_000).toISOString(),
          lat / 7,
          lon / 7,
          length ?? '',
        ].join(),
      ),
      '',
    ].join('\n')

  test('give the same pictures and the same counts put aside as in memory, plain and packed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), fc.nat(8), async (rows, maxRows) => {
        const path = file(text(rows))
        const { scenes, ...counts } = await readDetections(path)
        const aside = createAside(tempDir)
        const found: Scene[] = []
        expect(await eachScene(path, { aside, maxRows: maxRows + 1 }, scene => found.push(scene))).toEqual(
          counts,
        )
        expect(aside.bytes > 0).toBe(counts.read - rejectedAtOnce(counts.rejected) > maxRows)
        aside.dispose()
        expect(found.sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1))).toEqual(scenes)
        const packed = await readDetections(file(gzipSync(text(rows)), '.csv.gz'))
        expect(packed).toEqual({ scenes, ...counts })
      }),
      { numRuns: 60 },
    )
    expect(readdirSync(tempDir)).toEqual([])
  })

  /** Rows that are no detections by themselves wait for nobody. */
  const rejectedAtOnce = (rejected: Record<string, number | undefined>): number =>
    (rejected['time-invalid'] ?? 0) + (rejected['position-invalid'] ?? 0)

  test('detections without a scene are one picture until ten minutes after its first, however they stand', async () => {
    const at = [0, 4, 8, 12, 16, 1436, 1441, 1445, 1447, 1500]
    const expected = [[0, 4, 8], [12, 16], [1436, 1441, 1445], [1447], [1500]]
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(at, { minLength: at.length }), async shuffled => {
        const lines = shuffled.map((min, k) => `${new Date(T + min * 60_000).toISOString()},${k / 10},1`)
        const { scenes } = await readDetections(file(['t,lat,lon', ...lines, ''].join('\n')))
        expect(scenes.map(({ detections }) => detections.map(({ t }) => (t - T) / 60_000))).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })
})

describe('pictures of a run', () => {
  const picture = (k: number, n: number): Scene => ({
    ...{ id: `p${k % 5}`, sensor: 'optical', t: T + (k % 7) * HOUR, untilT: T + (k % 7) * HOUR },
    ...{ footprint: null, looking: null },
    detections: Array.from({ length: n }, (_, d) => ({
      ...{ id: String(d), t: T, lat: k / 10, lon: d / 10, sigmaM: 30 },
      ...{ lengthM: null, headingDeg: null, confidence: null },
    })),
  })

  test('come in order of time, from memory and from disk', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(34), { maxLength: 20 }),
        fc.nat(6),
        fc.integer({ min: 0, max: 40 }),
        (ks, n, maxDetections) => {
          const some = createPictures({ maxDetections, tempDir })
          const whole = createPictures({ maxDetections: Infinity })
          for (const k of ks) some.add(picture(k, n))
          // those of one time too, whatever the order of the files
          for (const k of [...ks].reverse()) whole.add(picture(k, n))
          const found = all(some)
          expect(found).toEqual(all(whole))
          expect(found).toHaveLength(ks.length)
          found.forEach((scene, k) => expect(scene.t >= (found[k - 1]?.t ?? 0)).toBe(true))
          some.dispose()
          some.dispose()
        },
      ),
    )
    expect(readdirSync(tempDir)).toEqual([])
  })
})

describe('what is said', () => {
  // a day of ships, and pictures of them every three hours: simulated seas whose ships report before and after
  const seas = [0, 3, 6, 9, 30].map((h, k) => {
    const sea = seaOf(k + 1, { kind: 'lanes', vessels: 30, cadenceMin: 30, noiseM: 50 })
    return { sea, ms: h * HOUR - sea.scene.t + T }
  })
  const reports = seas
    .filter((_, k) => k < 4)
    .flatMap(({ sea, ms }) =>
      sea.candidates.flatMap(({ mmsi, before, after }) =>
        [before, after].flatMap(fix =>
          fix ? [{ mmsi, t: fix.t + ms, lat: fix.lat, lon: fix.lon, sog: fix.sog, cog: fix.cog }] : [],
        ),
      ),
    )
    .map(
      ({ mmsi, t, lat, lon, sog, cog }) =>
        `${mmsi},${new Date(t).toISOString()},${lat.toFixed(5)},${lon.toFixed(5)},${Number.isNaN(sog) ? '' : sog},${Number.isNaN(cog) ? '' : cog.toFixed(1)}`,
    )
  const ais = ['mmsi,t,lat,lon,sog,cog', ...reports, ''].join('\n')
  const input = (): Input => ({
    name: 'ais.csv',
    stream: (async function* () {
      yield Buffer.from(ais)
    })(),
    sizeBytes: ais.length,
  })
  const scenes: Scene[] = seas.map(({ sea: { scene }, ms }, k) => ({
    ...scene,
    id: `scene ${k}`,
    ...{ t: scene.t + ms, untilT: scene.untilT + ms },
    detections: scene.detections.map(each => ({ ...each, t: each.t + ms })),
  }))

  async function said(pictures: readonly Scene[] | Pictures): Promise<DarkEvent[]> {
    const events: DarkEvent[] = []
    for await (const event of match([input()], { scenes: pictures, tempDir, final: false }))
      events.push(event)
    return events
  }

  test('depends neither on the order of the files nor on how much memory there is', async () => {
    const whole = await said(scenes)
    expect(whole.filter(({ type }) => type === 'scene').length).toBeGreaterThan(5)
    expect(whole.filter(({ type }) => type === 'unmatched_detection').length).toBeGreaterThan(5)
    for (const order of [
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ])
      for (const maxDetections of [0, 40, Infinity]) {
        const pictures = createPictures({ maxDetections, tempDir })
        for (const k of order) pictures.add(scenes[k]!)
        expect(await said(pictures)).toEqual(whole)
        expect(readdirSync(tempDir)).toEqual([])
      }
  })

  test('a picture that is told twice counts once', async () => {
    expect(await said([...scenes, scenes[1]!])).toEqual(await said(scenes))
  })
})
