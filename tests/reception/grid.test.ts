import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { gridFeature, GRID_LENGTHS, gridRows, seedHoles, type GridRow } from '../../src/reception/grid.js'
import { createHoles } from '../../src/reception/holes.js'
import { openFile } from '../../src/sinks/output.js'
import { writeReceptionGrid } from '../../src/sinks/reception-grid.js'
import { loadReceptionGrid } from '../../src/sources/reception-grid.js'
import { antenna, learnFrom, S0 } from './world.js'

const folder = mkdtempSync(join(tmpdir(), 'grid-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const path = (ending: string) => join(folder, `${files++}.${ending}`)

const name = () => 'terrestrial'
const code = (feed: string) => (feed === 'terrestrial' ? 0 : -1)
const sea = learnFrom({ ships: 120, slots: 5 * 144, heard: (_, lat, lon) => antenna(lat, lon, 40) })
const rows = gridRows(sea, name)

function written(list: GridRow[], format: 'csv' | 'geojson'): string {
  const file = path(format)
  writeReceptionGrid(list, format, openFile(file))
  return file
}

/** A CSV by hand. */
function csv(text: string): string {
  const file = path('csv')
  writeFileSync(file, text)
  return file
}

describe('a row', () => {
  test('tells of its own cell: how many holes lasted how long, and how often a vessel is heard', () => {
    const holes = createHoles()
    holes.advance(S0)
    // 6 of 10 are heard in the next slot, two are missed once, two for an hour and a half
    for (const slots of [0, 0, 0, 0, 0, 0, 1, 1, 9, 9]) holes.heard(54.1, 3.1, 54.1, 4, 1, 0, slots, 0)
    holes.advance(S0 + 2)
    const [row, ...rest] = gridRows(holes, name)
    expect(rest).toEqual([])
    expect(row).toMatchObject({
      lat: 54.125,
      lon: 3.125,
      deg: 0.25,
      radio: 'A',
      feed: 'terrestrial',
      holes: expect.closeTo(10, 5),
    })
    const over = Object.fromEntries(GRID_LENGTHS.map(({ name }, k) => [name, row!.over[k]]))
    expect(over).toMatchObject({
      '10min': expect.closeTo(0.4, 6) as number,
      '20min': expect.closeTo(0.2, 6),
      '90min': expect.closeTo(0.2, 6),
    })
    expect(over['2h']).toBeCloseTo(0, 6)
    expect(over['3h']).toBeNull() // none came so far
    // six slots missed at most: 6 × 0, 2 × 1, 2 × 6
    expect(row!.heardShare).toBeCloseTo(10 / (10 + 2 + 12), 6)
  })

  test('is left out when it rests on less than was asked for', () => {
    expect(gridRows(sea, name, 200).length).toBeLessThan(rows.length)
    expect(gridRows(sea, name, 200).every(({ holes }) => holes >= 200)).toBe(true)
  })

  test('lies in its place on the map, as a closed ring against the clock', () => {
    const { geometry, properties } = gridFeature(rows[0]!) as {
      geometry: { coordinates: [[number, number][]] }
      properties: Record<string, unknown>
    }
    const [ring] = geometry.coordinates
    expect(ring.length).toBe(5)
    expect(ring[4]).toEqual(ring[0])
    const area = ring.slice(1).reduce((sum, [x, y], k) => sum + ring[k]![0] * y - x * ring[k]![1], 0) / 2
    expect(area).toBeCloseTo(0.25 ** 2, 9)
    expect(properties).toMatchObject({ class: 'A', feed: 'terrestrial', deg: 0.25 })
    for (const value of Object.values(properties)) expect(typeof value).not.toBe('object')
  })
})

describe('a file', () => {
  test('gives the rows it was made from', async () => {
    const { rows: read, skipped } = await loadReceptionGrid(written(rows, 'csv'))
    expect(skipped).toBe(0)
    expect(read.length).toBe(rows.length)
    read.forEach((row, k) => {
      const { over, holes, visits } = rows[k]!
      const { lat, lon, deg, radio, feed } = rows[k]!
      expect(row).toMatchObject({ lat, lon, deg, radio, feed })
      expect(row.holes / holes).toBeCloseTo(1, 3)
      expect(row.visits / visits).toBeCloseTo(1, 3)
      row.over.forEach((share, n) => {
        if (over[n] === null) expect(share).toBeNull()
        else expect(share).toBeCloseTo(over[n]!, 3)
      })
    })
  })

  test('as GeoJSON is a collection of cells, with or without any', () => {
    const parse = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as { features: unknown[] }
    expect(parse(written(rows, 'geojson')).features.length).toBe(rows.length)
    expect(parse(written([], 'geojson'))).toEqual({ type: 'FeatureCollection', features: [] })
  })

  test('with the name of a feed as an attacker writes it is harmless, and is read', async () => {
    const feed = '=HYPERLINK("x,y")\u0007'
    const file = written([{ ...rows[0]!, feed }], 'csv')
    const { rows: read } = await loadReceptionGrid(file)
    expect(read[0]!.feed).toBe(`'=HYPERLINK("x,y")`)
  })

  test('made by hand needs a place, a number of holes and a share', async () => {
    const { rows: read, skipped } = await loadReceptionGrid(
      csv(
        'over6h,lon,lat,holes\n0.1,3.2,54.2,50\n0.1,3.2,154.2,50\nx,3,54,50\n1.1,3,54,50\n0.1,3,54,0\n0,183.2,-54.2,9\n',
      ),
    )
    expect(skipped).toBe(4)
    expect(read).toMatchObject([
      { lat: 54.2, lon: 3.2, deg: 0.25, radio: 'other', feed: 'unknown', holes: 50, visits: 50 / 144 },
      { lat: -54.2, lon: expect.closeTo(-176.8, 9) },
    ])
    expect(read[0]!.over.filter(share => share !== null)).toEqual([0.1])
  })

  test('says what it lacks', async () => {
    await expect(loadReceptionGrid(csv('lat,lon,holes\n1,2,3\n'))).rejects.toThrow(
      /no column for one of over10min, .*, found lat, lon, holes/,
    )
    await expect(loadReceptionGrid(csv('lat,over1h\n1,0.5\n'))).rejects.toThrow('no column for lon and holes')
    await expect(loadReceptionGrid(csv('lat,lon,holes,over1h\n1,2,3,0.5,9,9\n'))).resolves.toBeDefined()
    await expect(loadReceptionGrid(csv('lat,lon,holes,over1h\n1,2,x,0.5\n'))).rejects.toThrow(
      'no cell in 1 row',
    )
    await expect(loadReceptionGrid(join(folder, 'none.csv'))).rejects.toThrow('no such file')
  })

  test('whose shares grow with length is no life table', async () => {
    const file = csv('lat,lon,holes,over1h,over6h\n1,2,30,0.1,0.2\n1,2,30,0.2,0.1\n')
    expect(await loadReceptionGrid(file)).toMatchObject({ skipped: 1, rows: [{ holes: 30 }] })
  })
})

describe('a start', () => {
  test('gives the chances of the model it came from', async () => {
    const { rows: read } = await loadReceptionGrid(written(rows, 'csv'))
    const fresh = createHoles()
    expect(seedHoles(fresh, read, code)).toBe(rows.length)
    fresh.advance(S0)
    for (const lon of [3.1, 3.85, 4.1]) {
      for (const slots of [1, 6, 18]) {
        const was = sea.survival(54.1, lon, 1, 0, slots)
        const is = fresh.survival(54.1, lon, 1, 0, slots)
        expect(is.rests / was.rests).toBeCloseTo(1, 1)
        expect(Math.abs(Math.log(is.survival / was.survival))).toBeLessThan(0.2)
      }
    }
  })

  test('may be put in before time begins or later, and ages from there', () => {
    const [early, late] = [createHoles(), createHoles()]
    seedHoles(early, rows, code)
    early.advance(S0)
    late.advance(S0)
    seedHoles(late, rows, code)
    expect(late.cells()).toEqual(early.cells())
    const before = early.survival(54.1, 3.1, 1, 0, 36).rests
    early.advance(S0 + 14 * 144)
    expect(early.survival(54.1, 3.1, 1, 0, 36).rests).toBeLessThan(0.6 * before)
  })

  test('counts by its weight', () => {
    const rests = (weight: number) => {
      const holes = createHoles()
      seedHoles(holes, rows, code, weight)
      return holes.survival(54.1, 3.1, 1, 0, 36).rests
    }
    expect(rests(0.1) / rests(1)).toBeGreaterThan(0.08)
    expect(rests(0.1) / rests(1)).toBeLessThan(0.25)
  })

  test('of a degree is for the whole degree, and a feed that is not ours is left out', () => {
    const row: GridRow = {
      ...{ lat: 54.5, lon: 3.5, deg: 1, radio: 'A', feed: 'terrestrial', holes: 100, visits: 100 },
      ...{ heardShare: null, over: GRID_LENGTHS.map(({ name }) => (name === '6h' ? 0.5 : null)) },
    }
    const holes = createHoles()
    expect(seedHoles(holes, [row, { ...row, feed: 'other' }], code)).toBe(1)
    const [a, b] = [holes.survival(54.9, 3.9, 1, 0, 36), holes.survival(54.1, 3.1, 1, 0, 36)]
    expect(a).toEqual(b)
    expect(a.survival).toBeCloseTo(0.48, 1)
    expect(a.rests).toBeLessThanOrEqual(4)
  })
})
