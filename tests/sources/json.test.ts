import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createJsonReader } from '../../src/sources/json.js'
import { MAX_LINE_BYTES } from '../../src/sources/reader.js'
import { balance, bytesOf, collector, pushCut, type Collected } from './helpers.js'

function readJson(text: string, cuts: number[] = [], map?: Record<string, string>): Collected {
  const result = collector('test.json', map)
  pushCut(createJsonReader(result.context), bytesOf(text), cuts)
  return result
}

const T = Date.UTC(2024, 0, 4, 22, 28, 40)

describe('JSON reader', () => {
  test('reads reports with our own field names', () => {
    const report = {
      ...{
        mmsi: 416000301,
        t: T,
        lat: -16.225,
        lon: -130.386,
        sog: 9,
        cog: 271.5,
        heading: 270,
        rot: -3,
        navStatus: 7,
      },
      ...{
        msgType: 1,
        txClass: 'A',
        receivedAt: T + 2000,
        receiver: 'r003',
        collection: 'satellite',
        utcSecond: 40,
      },
    }
    const { rows } = readJson(JSON.stringify(report))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ ...report, statics: undefined })
  })

  test.each([
    ['ISO', '"2024-01-04T22:28:40Z"'],
    ['epoch s', '1704407320'],
    ['epoch s as a float', '1704407320.0'],
    ['epoch s as text', '"1704407320"'],
    ['epoch ms', '1704407320000'],
  ])('takes a time as %s, and a vessel as text', (_, time) => {
    const { rows } = readJson(
      `{"ssvid":"412331104","timestamp":${time},"latitude":45.4,"longitude":80.6,"receiver_type":"terrestrial"}\n`,
    )
    expect(rows[0]).toMatchObject({ mmsi: 412331104, t: T, lat: 45.4, lon: 80.6, collection: 'terrestrial' })
  })

  test('a null position is a sign of life; static data without a position is a static report', () => {
    const result = readJson(
      `{"mmsi":1,"t":${T},"lat":null,"lon":null}\n{"mmsi":1,"t":${T},"name":"EVER@@@","imo":9000001,"shipType":70,"length":400}\n` +
        `{"mmsi":1,"t":${T},"lat":1,"lon":2,"name":"EVER"}\n`,
    )
    expect(result.rows[0]).toMatchObject({ lat: NaN, lon: NaN, msgType: 0 })
    expect(result.rows[1]).toMatchObject({
      msgType: 5,
      statics: { name: 'EVER', imo: 9000001, shipType: 70, length: 400 },
    })
    expect(result.rows[2]).toMatchObject({ lat: 1, msgType: 0, statics: { name: 'EVER' } })
    expect(result.counts).toMatchObject({ read: 3, static: 1 })
    expect(balance(result)).toEqual({ read: 3, accounted: 3 })
  })

  test.each([
    ['{"mmsi":1,', 'malformed'],
    ['[1,2]x', 'malformed'],
    ['7', 'malformed'],
    ['{"t":1704407320,"lat":1,"lon":1}', 'mmsi-invalid'],
    ['{"mmsi":1,"lat":1,"lon":1}', 'no-time'],
    ['{"mmsi":1,"t":"soon","lat":1,"lon":1}', 'time-invalid'],
    ['{"mmsi":1,"t":1704407320,"lat":"north","lon":1}', 'position-invalid'],
    ['{"mmsi":1,"t":1704407320,"lat":95,"lon":1}', 'position-out-of-range'],
    [`{"mmsi":1,"x":"${'x'.repeat(MAX_LINE_BYTES)}"}`, 'too-long'],
  ])('%.50s is refused as %s', (line, reason) => {
    const { rejects, counts } = readJson(`{"mmsi":1,"t":1704407320,"lat":1,"lon":1}\n\n${line}\n`)
    expect(rejects).toMatchObject([{ reason, line: 3 }])
    expect(counts.read).toBe(2)
  })

  test('keys of the prototype are only keys', () => {
    const { rows } = readJson(`{"__proto__":{"lat":5},"constructor":1,"mmsi":1,"t":${T},"lat":1,"lon":1}`)
    expect(rows[0]).toMatchObject({ lat: 1 })
  })

  test('unusual keys by map', () => {
    const { rows } = readJson(`{"who":7,"when":${T},"y":1,"x":2}`, [], {
      mmsi: 'who',
      t: 'when',
      lat: 'y',
      lon: 'x',
    })
    expect(rows[0]).toMatchObject({ mmsi: 7, t: T, lat: 1, lon: 2 })
  })

  const record = fc.record({
    mmsi: fc.integer({ min: 1, max: 999_999_999 }),
    t: fc.constant(T),
    lat: fc.double({ min: 0.1, max: 90, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }).map(lon => lon + 0), // JSON has no −0
    name: fc.string({ unit: fc.constantFrom(...'AB{}[]"\\,é\n'), maxLength: 8 }),
  })

  test('lines or one array, cut anywhere, pretty or not: the same rows', () => {
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (records, cuts) => {
          const lines = readJson(records.map(r => JSON.stringify(r) + '\n').join(''))
          expect(lines.rows.map(r => [r.mmsi, r.lat, r.lon])).toEqual(
            records.map(r => [r.mmsi, r.lat, r.lon]),
          )
          for (const text of [JSON.stringify(records), JSON.stringify(records, null, 2)]) {
            expect(readJson(text, cuts).rows).toEqual(lines.rows)
          }
          const cut = readJson(records.map(r => JSON.stringify(r)).join('\r\n'), cuts)
          expect(cut.rows).toEqual(lines.rows)
        },
      ),
    )
  })

  test('an array that breaks off gives what it held', () => {
    const { rows, rejects } = readJson(`[{"mmsi":1,"t":${T},"lat":1,"lon":1},\n{"mmsi":2,"t":${T},"la`)
    expect(rows).toHaveLength(1)
    expect(rejects).toMatchObject([{ reason: 'malformed', line: 2 }])
  })
})
