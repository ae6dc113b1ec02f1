import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { geojsonToWkb, parquetWriteBuffer, type ParquetWriteOptions } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recognise, type RecogniseOptions } from '../../src/sources/open.js'
import { balance, collector, readCsv, type Collected } from './helpers.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkwake-parquet-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

type Columns = ParquetWriteOptions['columnData']
const T = Date.UTC(2024, 0, 1)

function write(columnData: Columns, options: Partial<ParquetWriteOptions> = {}): string {
  const path = join(folder, 'x.parquet')
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData, ...options })))
  return path
}

async function read(path: string, options: RecogniseOptions = {}): Promise<Collected & { layout: string }> {
  const input = await recognise({ name: 'x', path }, options)
  const result = collector('x')
  await input.read(result.context)
  expect(balance(result).accounted).toBe(result.counts.read)
  return { ...result, layout: input.format }
}

/** GeoParquet 1.1 metadata for a column of WKB points. */
const geo = (column: string) => ({
  key: 'geo',
  value: JSON.stringify({
    version: '1.1.0',
    primary_column: column,
    columns: { [column]: { encoding: 'WKB', geometry_types: ['Point'] } },
  }),
})
const point = (lon: number, lat: number) => geojsonToWkb({ type: 'Point', coordinates: [lon, lat] })

describe('Parquet', () => {
  const rows = fc.array(
    fc.record({
      mmsi: fc.integer({ min: 1, max: 999_999_999 }),
      t: fc.integer({ min: T, max: T + 86_400_000 }),
      lat: fc.double({ min: 0.001, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }).map(lon => lon + 0),
      name: fc.constantFrom('EVER', 'ÅSE', ''),
    }),
    { minLength: 1, maxLength: 30 },
  )

  test('says the same as CSV, however its rows are grouped and its columns written', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), fc.boolean(), async (ships, group, indexed) => {
        const csv = readCsv(
          'mmsi,t,lat,lon,name\n' + ships.map(s => `${s.mmsi},${s.t},${s.lat},${s.lon},${s.name}\n`).join(''),
        )
        const path = write(
          [
            { name: 'name', data: ships.map(s => s.name), type: 'STRING' },
            { name: 'lon', data: ships.map(s => s.lon), type: 'DOUBLE', offsetIndex: indexed },
            { name: 'lat', data: ships.map(s => s.lat), type: 'DOUBLE', offsetIndex: indexed },
            { name: 't', data: ships.map(s => new Date(s.t)), type: 'TIMESTAMP' },
            { name: 'mmsi', data: ships.map(s => s.mmsi), type: 'INT32' },
          ],
          { rowGroupSize: group },
        )
        expect((await read(path)).rows).toEqual(csv.rows)
      }),
      { numRuns: 30 },
    )
  })

  const place: Columns = [
    { name: 'lat', data: [1, 2], type: 'DOUBLE' },
    { name: 'lon', data: [3, 4], type: 'DOUBLE' },
  ]
  const BigT = BigInt(T)
  const unit = (name: 'MILLIS' | 'MICROS' | 'NANOS') => ({
    type: 'INT64' as const,
    logical_type: { type: 'TIMESTAMP' as const, isAdjustedToUTC: false, unit: name },
  })
  test.each([
    ['ms', unit('MILLIS'), BigT],
    ['µs', unit('MICROS'), BigT * 1000n],
    ['ns', unit('NANOS'), BigT * 1_000_000n],
    ['int64 seconds', { type: 'INT64' as const }, BigT / 1000n],
    ['text', { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const }, '2024-01-01T00:00:00'],
  ])('a time in %s', async (_, element, value) => {
    const path = write(
      [
        { name: 'MMSI', data: [219000001n, 219000002n] },
        { name: 'lat', data: [1, 2] },
        { name: 'lon', data: [3, 4] },
        { name: 'BaseDateTime', data: [value, value] },
      ],
      {
        schema: [
          { name: 'root', num_children: 4 },
          { name: 'MMSI', type: 'INT64', repetition_type: 'REQUIRED' },
          { name: 'lat', type: 'DOUBLE', repetition_type: 'REQUIRED' },
          { name: 'lon', type: 'DOUBLE', repetition_type: 'REQUIRED' },
          { name: 'BaseDateTime', repetition_type: 'REQUIRED', ...element },
        ],
      },
    )
    expect((await read(path)).rows).toMatchObject([
      { mmsi: 219000001, t: T, lat: 1, lon: 3 },
      { mmsi: 219000002, t: T, lat: 2, lon: 4 },
    ])
  })

  test.each([
    ['with GeoParquet metadata', [geo('geometry')]],
    ['by the name of the column alone', []],
  ])('MarineCadastre GeoParquet: a WKB point, %s', async (_, kvMetadata) => {
    const path = write(
      [
        { name: 'mmsi', data: [368000001, 368000002, 368000003], type: 'INT32' },
        { name: 'base_date_time', data: [new Date(T), new Date(T), new Date(T)], type: 'TIMESTAMP' },
        { name: 'sog', data: [1.5, 102.3, 0], type: 'DOUBLE' },
        { name: 'cog', data: [-196.5, 360, 1], type: 'DOUBLE' },
        { name: 'vessel_name', data: ['FIRST LIGHT', null, 'X'], type: 'STRING' },
        { name: 'transceiver', data: ['A', 'B', 'B'], type: 'STRING' },
        { name: 'geometry', data: [point(-118.25, 33.5), point(181, 91), undefined], type: 'BYTE_ARRAY' },
      ],
      { kvMetadata },
    )
    const result = await read(path)
    expect(result.rows[0]).toMatchObject({
      ...{ mmsi: 368000001, t: T, lat: 33.5, lon: -118.25, sog: 1.5, cog: Math.fround(213.1), txClass: 'A' },
      statics: { name: 'FIRST LIGHT' },
    })
    expect(result.rows[1]).toMatchObject({ lat: NaN, lon: NaN, sog: NaN, cog: NaN, txClass: 'B' })
    expect(result.rows[2]).toMatchObject({ lat: NaN, lon: NaN })
  })

  test('rows that are no reports are listed by their number', async () => {
    const { rejects, counts } = await read(
      write([
        { name: 'mmsi', data: [1, 0, 2], type: 'INT32' },
        { name: 't', data: [new Date(T), new Date(T), null], type: 'TIMESTAMP' },
        { name: 'lat', data: [1, 2, 3], type: 'DOUBLE' },
        { name: 'lon', data: [1, 2, 3], type: 'DOUBLE' },
      ]),
    )
    expect(counts.read).toBe(3)
    expect(rejects).toMatchObject([
      { reason: 'mmsi-invalid', line: 2 },
      { reason: 'no-time', line: 3, raw: '{"mmsi":2,"lat":3,"lon":3}' },
    ])
  })

  test('unusual columns by map; a missing one is named', async () => {
    const path = write([
      { name: 'who', data: [7], type: 'INT32' },
      { name: 'when', data: [new Date(T)], type: 'TIMESTAMP' },
      { name: 'y', data: [1], type: 'DOUBLE' },
      { name: 'x', data: [2], type: 'DOUBLE' },
    ])
    await expect(read(path)).rejects.toThrow(
      'x: Parquet without MMSI, time, latitude, longitude; columns found: who, when, y, x; missing: mmsi, t, lat, lon',
    )
    const map = { mmsi: 'who', t: 'when', lat: 'y', lon: 'x' }
    expect((await read(path, { map })).rows[0]).toMatchObject({ mmsi: 7, t: T, lat: 1, lon: 2 })
  })

  test('a damaged file is refused in one line, wherever it is damaged', async () => {
    const good = readFileSync(
      write([
        { name: 'mmsi', data: [1, 2], type: 'INT32' },
        { name: 't', data: [T, T], type: 'DOUBLE' },
        ...place,
      ]),
    )
    const path = join(folder, 'damaged.parquet')
    const outcome = async (bytes: Uint8Array): Promise<string> => {
      writeFileSync(path, bytes)
      try {
        await read(path)
        return 'read'
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError' })
        expect((error as Error).message).toMatch(/^x: [^\n]+$/)
        return 'refused'
      }
    }
    expect(await outcome(good)).toBe('read')
    for (const length of [5, 12, good.length - 100, good.length - 1]) {
      expect(await outcome(good.subarray(0, length))).toBe('refused')
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: good.length - 1 }), fc.nat(255), async (at, byte) => {
        const bad = Uint8Array.from(good)
        bad[at] = byte
        await outcome(bad)
      }),
      { numRuns: 150 },
    )
  })

  test('packed or as a stream it is refused with the remedy', async () => {
    const bytes = readFileSync(
      write([
        { name: 'mmsi', data: [1, 2], type: 'INT32' },
        { name: 't', data: [T, T], type: 'DOUBLE' },
        ...place,
      ]),
    )
    const path = join(folder, 'x.gz')
    writeFileSync(path, gzipSync(bytes))
    await expect(recognise({ name: 'x', path })).rejects.toThrow('x: Parquet is read from a plain file')
    const stream = (async function* () {
      yield bytes
    })()
    await expect(recognise({ name: 'x', stream })).rejects.toThrow('x: Parquet is read from a plain file')
  })
})
