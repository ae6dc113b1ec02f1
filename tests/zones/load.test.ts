import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { topology } from 'topojson-server'
import { InputError } from '../../src/model/errors.js'
import { buildZoneIndex, type ZonePolygon } from '../../src/zones/index.js'
import { loadZones } from '../../src/zones/load.js'
import { dbf, shp, zip } from './files.js'

const folder = mkdtempSync(path.join(tmpdir(), 'darkwake-zones-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const at = path.join(folder, name)
  writeFileSync(
    at,
    Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content),
  )
  return at
}

function at(zones: ZonePolygon[], lat: number, lon: number): string[] {
  const index = buildZoneIndex(zones)
  return index.members(index.setAt(lat, lon)).map(z => index.zones[z]!.id)
}

const square = (west: number, south: number, size = 2) => [
  [west, south],
  [west, south + size],
  [west + size, south + size],
  [west + size, south],
  [west, south],
]

function feature(properties: Record<string, unknown>, west = 0): Record<string, unknown> {
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [square(west, 0)] } }
}

/** Columns as Marine Regions' World EEZ v12 has them. */
const norway = {
  MRGID: 5686,
  GEONAME: 'Norwegian Exclusive Economic Zone',
  POL_TYPE: '200NM',
  TERRITORY1: 'Norway',
  ISO_TER1: 'NOR',
  SOVEREIGN1: 'Norway',
  ISO_SOV1: 'NOR',
}
const joint = {
  MRGID: 49003,
  GEONAME: 'Joint regime area: Costa Rica / Ecuador',
  POL_TYPE: 'Joint regime',
  ISO_SOV1: 'CRI',
  ISO_SOV2: 'ECU',
  ISO_SOV3: null,
}
const claim = {
  MRGID: 48947,
  GEONAME: 'Overlapping claim Falkland Islands',
  POL_TYPE: 'Overlapping claim',
  ISO_SOV1: 'GBR',
  ISO_SOV2: 'ARG',
}

describe('Marine Regions', () => {
  const world = {
    type: 'FeatureCollection',
    features: [feature(norway), feature(joint, 4), feature(claim, 8)],
  }
  const expected = [
    {
      id: 'mrgid-5686',
      name: 'Norwegian Exclusive Economic Zone',
      kind: 'eez',
      mrgid: 5686,
      sovereigns: ['NOR'],
      method: 'authoritative',
      weight: 1,
    },
    { id: 'mrgid-49003', kind: 'eez', sovereigns: ['CRI', 'ECU'], weight: 0.5 },
    { id: 'mrgid-48947', kind: 'eez', sovereigns: ['GBR', 'ARG'], weight: 0.5 },
  ]

  test.each([
    ['GeoJSON', 'world.geojson', world],
    ['GeoJSON with a byte order mark', 'bom.json', `\ufeff${JSON.stringify(world)}`],
    ['gzipped', 'world.json.gz', gzipSync(JSON.stringify(world))],
    ['TopoJSON', 'world.topojson', topology({ eez: world as never }, 1e5)],
    [
      'in a zip',
      'world.zip',
      zip({ 'World_EEZ/eez.geojson': Buffer.from(JSON.stringify(world)), 'README.txt': Buffer.from('hi') }),
    ],
    ['an array of features', 'array.json', world.features],
  ])('%s', async (_, name, content) => {
    const zones = await loadZones(file(name, content))
    expect(zones.map(z => z.ref)).toMatchObject(expected)
    expect(at(zones, 1, 5)).toEqual(['mrgid-49003'])
  })

  test('lower-case columns, MRGID_EEZ, territory when there is no sovereign code', async () => {
    const [zone] = await loadZones(
      file('lower.json', feature({ mrgid_eez: 8438, geoname: 'Greenland', iso_ter1: 'GRL' })),
    )
    expect(zone!.ref).toMatchObject({
      id: 'mrgid-8438',
      kind: 'eez',
      mrgid: 8438,
      name: 'Greenland',
      sovereigns: ['GRL'],
    })
  })

  test('12 nautical miles are territorial', async () => {
    const [zone] = await loadZones(file('t.json', feature({ ...norway, POL_TYPE: '12NM' })))
    expect(zone!.ref.kind).toBe('territorial')
  })

  test('features of one MRGID are one zone', async () => {
    const zones = await loadZones(file('parts.json', [feature(norway), feature(norway, 8)]))
    expect(zones).toHaveLength(1)
    expect(at(zones, 1, 9)).toEqual(['mrgid-5686'])
    expect(at(zones, 1, 1)).toEqual(['mrgid-5686'])
  })
})

describe('other files', () => {
  test('a name and an id, or what there is', async () => {
    const zones = await loadZones(
      file('own.json', [
        feature({ id: 'no-take-7', name: 'No-take zone', kind: 'mpa' }),
        feature({ title: 'B' }),
        feature({ name: 'A', iso3: 'fra' }),
      ]),
    )
    expect(zones.map(z => z.ref)).toMatchObject([
      { id: 'no-take-7', name: 'No-take zone', kind: 'mpa', mrgid: null, sovereigns: [] },
      { id: 'own-2', name: 'B', kind: 'user' },
      { id: 'own-3', name: 'A', kind: 'user', sovereigns: ['FRA'] },
    ])
  })

  test('ids that repeat are told apart', async () => {
    const zones = await loadZones(
      file('same.json', [feature({ id: 'x' }), feature({ id: 'x' }), feature({ id: 'x' })]),
    )
    expect(zones.map(z => z.ref.id)).toEqual(['x', 'x-2', 'x-3'])
  })

  test('a bare geometry', async () => {
    const zones = await loadZones(file('bare.json', { type: 'Polygon', coordinates: [square(0, 0)] }))
    expect(zones[0]!.ref).toMatchObject({ id: 'bare', name: 'bare', kind: 'user' })
  })

  test('hostile names lose what a terminal would obey', async () => {
    const [zone] = await loadZones(file('evil.json', feature({ name: 'a\u001b[31m\u202eb', id: '\u0000' })))
    expect(zone!.ref.name).toBe('a[31mb')
    expect(zone!.ref.id).toBe('evil')
  })

  test('lines and points beside polygons are passed over', async () => {
    const line = {
      type: 'Feature',
      properties: {},
      geometry: {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
    }
    const nothing = { type: 'Feature', properties: {}, geometry: null }
    expect(await loadZones(file('mixed.json', [line, nothing, feature({ name: 'A' })]))).toHaveLength(1)
  })
})

describe('shapefiles', () => {
  const ring = (west: number, south: number, size: number) => square(west, south, size)
  // a hole, and an island in the hole that is a second outer ring of the same shape
  const shapes = [[ring(0, 0, 10), ring(2, 2, 6).toReversed(), ring(4, 4, 2)], [ring(20, 0, 5)]]
  const rows = [
    { MRGID: '5686', GEONAME: 'Norge', POL_TYPE: '200NM' },
    { MRGID: '8322', GEONAME: 'B', POL_TYPE: '200NM' },
  ]

  test('the .dbf beside it gives the names', async () => {
    file('beside.dbf', dbf(rows))
    const zones = await loadZones(file('beside.shp', shp(shapes)))
    expect(zones.map(z => z.ref)).toMatchObject([
      { id: 'mrgid-5686', name: 'Norge', kind: 'eez' },
      { id: 'mrgid-8322' },
    ])
    expect([at(zones, 1, 1), at(zones, 3, 3), at(zones, 5, 5), at(zones, 1, 22)]).toEqual([
      ['mrgid-5686'],
      [],
      ['mrgid-5686'],
      ['mrgid-8322'],
    ])
  })

  test('without one the file does', async () => {
    const zones = await loadZones(file('alone.shp', shp(shapes)))
    expect(zones.map(z => z.ref.id)).toEqual(['alone-1', 'alone-2'])
  })

  test('in a zip', async () => {
    const zones = await loadZones(
      file('both.zip', zip({ 'in/eez.shp': shp(shapes), 'in/eez.DBF': dbf(rows) })),
    )
    expect(zones.map(z => z.ref.id)).toEqual(['mrgid-5686', 'mrgid-8322'])
  })
})

describe('files that are no zones', () => {
  const whole = shp([[square(0, 0)]])
  const zipped = zip({ 'a.shp': whole })
  test.each([
    ['missing', () => path.join(folder, 'nowhere.json'), /nowhere\.json: no such file$/],
    ['a directory', () => folder, /is a directory$/],
    ['empty', () => file('empty.json', ''), /empty$/],
    ['text', () => file('text.txt', 'hello, world'), /no GeoJSON, TopoJSON or shapefile$/],
    [
      'noise',
      () => file('noise.bin', Buffer.from([0, 1, 2, 3, 250, 251])),
      /no GeoJSON, TopoJSON or shapefile$/,
    ],
    ['broken JSON', () => file('broken.json', '{"type":"FeatureCollection","features":[{'), /broken JSON/],
    ['JSON that is no map', () => file('other.json', { hello: 'world' }), /no polygons, nothing in it$/],
    [
      'an empty collection',
      () => file('none.json', { type: 'FeatureCollection', features: [] }),
      /no polygons, nothing in it$/,
    ],
    [
      'lines only',
      () => file('lines.shp', shp([[square(0, 0)]], 3)),
      /no polygons, 1 shapes \(LineString\); lines have no inside/,
    ],
    [
      'a projected map',
      () => file('metres.json', { type: 'Polygon', coordinates: [square(500_000, 6_000_000)] }),
      /not in degrees/,
    ],
    [
      'corners that are no numbers',
      () => file('nan.json', { type: 'Polygon', coordinates: [[[0, null]]] }),
      /broken, a corner is \[0,null\]/,
    ],
    [
      'coordinates that are no list',
      () => file('flat.json', { type: 'Polygon', coordinates: 7 }),
      /no polygons|broken/,
    ],
    [
      'a feature that is none',
      () => file('null.json', { type: 'FeatureCollection', features: [null, 3, { type: 'Feature' }] }),
      /no polygons/,
    ],
    [
      'a topology without arcs',
      () => file('arcs.json', { type: 'Topology', objects: { a: { type: 'Polygon', arcs: [[0]] } } }),
      /broken/,
    ],
    ['a truncated shapefile', () => file('cut.shp', whole.subarray(0, whole.length - 20)), /cut short/],
    ['a truncated zip', () => file('cut.zip', zipped.subarray(0, zipped.length - 30)), /broken zip/],
    [
      'a zip without zones',
      () => file('photos.zip', zip({ 'a.txt': Buffer.from('x') })),
      /no \.shp and no GeoJSON in the zip$/,
    ],
    [
      'a truncated gzip',
      () => file('cut.json.gz', gzipSync(JSON.stringify(feature({}))).subarray(0, 40)),
      /broken or truncated gzip$/,
    ],
  ])('%s', async (_, make, message) => {
    const error = await loadZones(make()).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toMatch(message)
    expect((error as InputError).message).not.toContain('\n')
  })
})

const shared = path.resolve('..', 'shared', 'data', 'zones')

describe('real files', () => {
  test.skipIf(!existsSync(shared))(
    'the coarse EEZs of Global Fishing Watch (skipped without ../shared)',
    async () => {
      const zones = await loadZones(path.join(shared, 'gfw_eezs_coarse.json'))
      expect(zones).toHaveLength(229)
      expect(zones[0]!.ref).toMatchObject({ id: 'mrgid-8491', name: 'Jordan', kind: 'eez', mrgid: 8491 })
      expect(at(zones, 68, 10)).toEqual(['mrgid-5686'])
      expect(at(zones, -17.5, 179.95)).toEqual(['mrgid-8325'])
    },
  )

  test.skipIf(!existsSync(shared))(
    'one detailed shapefile in a zip (skipped without ../shared)',
    async () => {
      const zones = await loadZones(path.join(shared, 'eez_aust_mainland_pl.zip'))
      expect(zones.map(z => z.ref)).toMatchObject([{ id: 'eez_aust_mainland_pl', kind: 'user' }])
      expect(zones[0]!.polygons[0]![0]).toHaveLength(7931)
      expect(at(zones, -36, 152)).toEqual(['eez_aust_mainland_pl'])
      expect(at(zones, -36, 160)).toEqual([])
    },
  )
})
