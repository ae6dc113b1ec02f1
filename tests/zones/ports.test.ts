import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { destination, haversineM } from '../../src/geo/distance.js'
import { InputError } from '../../src/model/errors.js'
import { buildPortIndex, loadPorts } from '../../src/zones/ports.js'

const folder = mkdtempSync(path.join(tmpdir(), 'darkwake-ports-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const at = path.join(folder, name)
  writeFileSync(at, content)
  return at
}

describe('at', () => {
  test('is the nearest port whose radius covers the point, anywhere on earth', () => {
    const lat = fc.oneof(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.constantFrom(-90, -89.95, 89.99, 90, 0),
    )
    const lon = fc.oneof(fc.double({ min: -180, max: 179.99, noNaN: true }), fc.constantFrom(-180, 179.99, 0))
    const port = fc.record({ lat, lon, radiusM: fc.constantFrom(1, 500, 3000, 60_000) })
    fc.assert(
      fc.property(
        fc.array(port, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.nat(),
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        (places, pick, bearing, share) => {
          const ports = places.map((p, k) => ({ ...p, name: `p${k}`, country: null }))
          const from = ports[pick % ports.length]!
          const at = destination(from.lat, from.lon, bearing % 360, from.radiusM * share)
          const covering = ports.filter(p => haversineM(at.lat, at.lon, p.lat, p.lon) <= p.radiusM)
          covering.sort(
            (a, b) => haversineM(at.lat, at.lon, a.lat, a.lon) - haversineM(at.lat, at.lon, b.lat, b.lon),
          )
          expect(buildPortIndex(ports).at(at.lat, at.lon)).toBe(covering[0])
        },
      ),
      { numRuns: 500 },
    )
  })

  test('both sides of the edge, and of ±180', () => {
    const index = buildPortIndex([{ name: 'Suva', lat: -18, lon: 179.99, radiusM: 3000, country: 'FJI' }])
    const inside = destination(-18, 179.99, 90, 2999)
    const outside = destination(-18, 179.99, 90, 3001)
    expect(inside.lon).toBeLessThan(-179)
    expect(index.at(inside.lat, inside.lon)?.name).toBe('Suva')
    expect(index.at(inside.lat, inside.lon + 360)?.name).toBe('Suva')
    expect(index.at(outside.lat, outside.lon)).toBeUndefined()
  })

  test('nowhere is in no port', () => {
    const index = buildPortIndex([{ name: 'A', lat: 0, lon: 0, radiusM: 1e5, country: null }])
    expect(index.at(NaN, 0)).toBeUndefined()
    expect(index.at(0, NaN)).toBeUndefined()
    expect(index.at(91, 0)).toBeUndefined()
  })
})

describe('loadPorts', () => {
  test('World Port Index columns', async () => {
    const index = await loadPorts(
      file(
        'wpi.csv',
        'World Port Index Number,Region Name,Main Port Name,Alternate Port Name,Country Code,Latitude,Longitude\r\n' +
          '7950,"United States E Coast -- 6585","Maurer, NJ", ,United States,40.533333,-74.25\r\n',
      ),
    )
    expect(index.ports).toEqual([
      { name: 'Maurer, NJ', lat: 40.533333, lon: -74.25, radiusM: 3000, country: 'United States' },
    ])
    expect(index.at(40.54, -74.25)?.name).toBe('Maurer, NJ')
  })

  test('anchorages of Global Fishing Watch, gzipped', async () => {
    const index = await loadPorts(
      file(
        'anchorages.csv.gz',
        gzipSync('s2id,latitude,longitude,label,sublabel,iso3\n356ec741,34.839,128.42,TONGYEONG,,KOR\n'),
      ),
    )
    expect(index.ports).toEqual([
      { name: 'TONGYEONG', lat: 34.839, lon: 128.42, radiusM: 3000, country: 'KOR' },
    ])
  })

  test.each([
    ['radius_m', '500', 500],
    ['radius_km', '5', 5000],
    ['Radius (nm)', '2', 3704],
    ['radius', '1200', 1200],
    ['radius_km', '', 3000],
    ['radius_km', '9999', 100_000],
  ])('%s %s is %d m', async (column, value, expected) => {
    const index = await loadPorts(file('radius.csv', `name;lat;lon;${column}\nA;1;2;${value}\n`))
    expect(index.ports[0]!.radiusM).toBe(expected)
  })

  test('rows that are no port are counted', async () => {
    const index = await loadPorts(
      file(
        'some.csv',
        '\ufeffname\tlat\tlon\tradius_m\nA\t1\t2\t\nB\t\t2\t\nC\t91\t2\t\nD\t1\tx\t\nE\t1\t2\t-5\nF\t1\t190\t\n',
      ),
    )
    expect(index.ports.map(p => [p.name, p.lon])).toEqual([
      ['A', 2],
      ['F', -170],
    ])
    expect(index.skipped).toBe(4)
  })

  test.each([
    ['missing', () => path.join(folder, 'nowhere.csv'), /no such file$/],
    ['a directory', () => folder, /is a directory$/],
    ['empty', () => file('empty.csv', ''), /empty$/],
    [
      'no latitude',
      () => file('columns.csv', 'name,longitude\nA,2\n'),
      /no column for latitude, found name, longitude$/,
    ],
    ['nothing usable', () => file('none.csv', 'name,lat,lon\nA,N 51 30,E 1\n'), /no port in 1 rows/],
    [
      'a truncated gzip',
      () => file('cut.csv.gz', gzipSync('name,lat,lon\nA,1,2\n').subarray(0, 25)),
      /broken or truncated gzip$/,
    ],
    ['an open quote', () => file('quote.csv', 'name,lat,lon\n"A,1,2\n'), /no CSV|no port/],
  ])('%s', async (_, make, message) => {
    const error = await loadPorts(make()).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toMatch(message)
  })
})

const shared = path.resolve('..', 'shared', 'data', 'zones')

describe('real files', () => {
  test.skipIf(!existsSync(shared))('the World Port Index (skipped without ../shared)', async () => {
    const index = await loadPorts(path.join(shared, 'WPI_UpdatedPub150.csv.gz'))
    expect(index.ports.length + index.skipped).toBe(3768)
    expect(index.skipped).toBe(0)
    expect(index.at(51.95, 4.1)).toMatchObject({ name: 'Europoort', country: 'Netherlands' })
  })

  test.skipIf(!existsSync(shared))(
    'anchorages of Global Fishing Watch (skipped without ../shared)',
    async () => {
      const index = await loadPorts(path.join(shared, 'gfw_anchorage_overrides.csv.gz'))
      expect(index.ports.length + index.skipped).toBe(60_410)
      expect(index.at(34.839, 128.4208)?.name).toBe('TONGYEONG')
    },
  )
})
