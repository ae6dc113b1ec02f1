import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePosition } from '../../src/ais/encode.js'
import { checksum, tagBlock } from '../../src/ais/sentences.js'
import { encodeMessage } from '../../src/ais/pack.js'
import type { PositionReport } from '../../src/model/report.js'
import { inspectionSchema, jsonSchema } from '../../src/model/schema.js'
import { createPairs } from '../../src/run/inspect/pairs.js'
import { createQuantiles } from '../../src/run/inspect/quantiles.js'
import { inspect } from '../../src/run/inspect.js'
import { InputError } from '../../src/model/errors.js'

const HEADER = 'mmsi,timestamp,latitude,longitude,sog\n'
const input = (text: string) => ({
  name: 'test.csv',
  stream: (async function* () {
    yield new TextEncoder().encode(HEADER + text)
  })(),
})
const line = (mmsi: number, minute: number, lat = 50) =>
  `${mmsi},${new Date(Date.UTC(2024, 0, 1) + minute * 60_000).toISOString()},${lat},3,10\n`

describe('inspect', () => {
  test('counts reports, vessels, hours and what was rejected', async () => {
    const rows = [
      line(111000001, 0),
      line(111000002, 30),
      line(111000001, 60),
      line(0, 61),
      line(111000001, 120),
    ]
    const found = await inspect(input(rows.join('')))
    expect(found).toMatchObject({
      ...{ format: 'csv', compression: 'none', read: 5, reports: 4, vessels: 2, duplicates: 0, sorted: true },
      rejected: { 'mmsi-invalid': 1 },
      span: { from: '2024-01-01T00:00:00.000Z', to: '2024-01-01T02:00:00.000Z' },
      ...{ reportsPerHour: 2, reportsPerVesselHour: 1 },
    })
    expect(found.hours.map(({ reports, vessels }) => [reports, vessels])).toEqual([
      [2, 2],
      [1, 1],
      [1, 1],
    ])
  })

  test('a report that comes again is a duplicate; one that differs in a field is not', async () => {
    const rows = [line(111000001, 0), line(111000001, 0), line(111000001, 0, 50.00001), line(111000002, 0)]
    expect(await inspect(input(rows.join('')))).toMatchObject({ reports: 4, duplicates: 1 })
  })

  test('time that goes back is noticed', async () => {
    expect((await inspect(input(line(111000001, 5) + line(111000001, 5)))).sorted).toBe(true)
    expect((await inspect(input(line(111000001, 5) + line(111000002, 4)))).sorted).toBe(false)
  })

  test('refuses what is no AIS', async () => {
    await expect(inspect({ name: 'missing', path: 'no/such/file' })).rejects.toThrow(InputError)
  })
})

const T = Date.UTC(2024, 0, 1)
const nmea = (lines: string[]) => ({
  name: 'test.nmea',
  stream: (async function* () {
    yield new TextEncoder().encode(lines.map(text => `${text}\n`).join(''))
  })(),
})
/** A ship's report sent at `t`, as station `station` with a clock that is `offS` off logged it. */
function heard(t: number, station: string, offS = 0, more: Partial<PositionReport> = {}): string {
  const utcSecond = new Date(t).getUTCSeconds()
  const report = { mmsi: 257000001, t, lat: 60, lon: 5, sog: 9, utcSecond, ...more }
  const receivedAt = t + offS * 1000
  return `${tagBlock({ station, t: receivedAt })}${encodePosition(report, { commState: utcSecond })}`
}

describe('stations', () => {
  test.each([0, 1, 9, -7, 29, -29])('a clock that is %i s off is told', async offS => {
    const lines = Array.from({ length: 40 }, (_, k) => heard(T + 60_000 + k * 7000, 'north', offS))
    const { receivers } = await inspect(nmea(lines))
    expect(receivers).toMatchObject([
      { name: 'north', reports: 40, vessels: 1, hours: 1, clock: { reports: 40, medianS: offS, spreadS: 0 } },
    ])
  })

  test('a median does not heed the few that are far off; the spread is between the quartiles', async () => {
    const offs = [1, 1, 1, 1, 1, 2, 2, 2, 2, 25]
    const lines = offs.map((offS, k) => heard(T + k * 60_000 + 13_000, 'north', offS))
    expect((await inspect(nmea(lines))).receivers[0]!.clock).toEqual({ reports: 10, medianS: 1, spreadS: 1 })
  })

  test('a transmission that two stations heard is a duplicate from elsewhere; from one and the same it is not', async () => {
    const lines = [
      ...[heard(T, 'north'), heard(T, 'south', 2), heard(T + 10_000, 'north'), heard(T + 10_000, 'north')],
      heard(T + 60_000, 'south'), // the same second and words of the next minute are another transmission
    ]
    const found = await inspect(nmea(lines))
    expect(found).toMatchObject({ reports: 5, duplicates: 2, duplicatesElsewhere: 1, vessels: 1 })
    expect(found.receivers.map(({ name, reports, repeats }) => [name, reports, repeats])).toEqual([
      ['north', 3, 0],
      ['south', 2, 1],
    ])
  })

  test('names are made safe', async () => {
    const bad = heard(T, 'north').replace(/^[^!]*/, '\\s:a\u202eb\\')
    expect((await inspect(nmea([heard(T, 'x'), bad]))).receivers.map(({ name }) => name)).toContain('ab')
  })
})

describe('cadence', () => {
  test('intervals by class and motion, duplicates left out', async () => {
    const lines: string[] = []
    for (let k = 0; k <= 20; k++)
      lines.push(heard(T + k * 10_000, 'north'), heard(T + k * 10_000, 'south', 1))
    const moored = { mmsi: 257000002, sog: 0 }
    for (let k = 0; k <= 10; k++) lines.push(heard(T + k * 180_000, 'north', 0, moored))
    const b = { mmsi: 257000003, txClass: 'B' as const, sog: 0.5 }
    for (let k = 0; k <= 5; k++) lines.push(heard(T + k * 30_000, 'north', 0, b))
    const { cadence } = await inspect(nmea(lines))
    expect(cadence).toMatchObject([
      { txClass: 'A', motion: 'underWay', intervals: 20, p10S: 10, medianS: 10, p90S: 10 },
      { txClass: 'A', motion: 'atRest', intervals: 10, medianS: 180 },
      { txClass: 'B', motion: 'underWay', intervals: 5, medianS: 30 },
    ])
  })

  test('quantiles are those of the sorted list, to a tenth of a second', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 599 }), { minLength: 1 }),
        fc.constantFrom(0.1, 0.25, 0.5, 0.75, 0.9),
        (tenths, q) => {
          const quantiles = createQuantiles()
          for (const value of tenths) quantiles.add(value / 10)
          const sorted = [...tenths].sort((a, b) => a - b)
          expect(quantiles.at(q)).toBe(sorted[Math.ceil(q * tenths.length) - 1]! / 10)
        },
      ),
    )
    expect(createQuantiles().at(0.5)).toBeNaN()
  })

  test.each([
    [0.04, 0],
    [59.9, 59.9],
    [60, 60],
    [3599, 3599],
    [3600, 3600],
    [86_400, 86_400],
    [1e9, 86_400],
  ])('%d s is kept as %d s', (seconds, kept) => {
    const quantiles = createQuantiles()
    quantiles.add(seconds)
    expect(quantiles.at(0.5)).toBe(kept)
  })
})

describe('what is counted', () => {
  test('every row has a place, and each reason its first line', async () => {
    const broken = heard(T, 'north').replace(/..$/, 'ZZ')
    const { payload, fill } = encodeMessage({
      type: 10,
      repeat: 0,
      mmsi: 1,
      spare: 0,
      dest_mmsi: 2,
      spare2: 0,
    })
    const other = `!AIVDM,1,1,,A,${payload},${fill}`
    const ask = `${other}*${checksum(other.slice(1))}`
    const found = await inspect(
      nmea([heard(T, 'north'), broken, ask, broken.toLowerCase(), '!AIVDM,1,1,,B,,0*25']),
    )
    expect(found).toMatchObject({ read: 5, reports: 1, other: 1, rejected: { checksum: 2, bits: 1 } })
    expect(found.rejectSamples).toMatchObject({
      checksum: { line: 2 },
      bits: { line: 5, raw: '!AIVDM,1,1,,B,,0*25' },
    })
    expect(found.messageTypes).toEqual({ 1: 1, 10: 1 })
    const { read, reports, static: statics, other: others, parts, rejected } = found
    expect(read).toBe(reports + statics + others + parts + Object.values(rejected).reduce((a, b) => a + b, 0))
  })

  test('hours without a report are counted, not listed', async () => {
    const found = await inspect(input(line(111000001, 10) + line(111000001, 250)))
    expect(found.hours.map(({ t }) => t)).toEqual(['2024-01-01T00:00:00.000Z', '2024-01-01T04:00:00.000Z'])
    expect(found.hoursWithout).toBe(3)
  })

  test('it is what its schema says', async () => {
    const validate = new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile(
      jsonSchema('inspection'),
    )
    for (const found of [
      await inspect(nmea([heard(T, 'north'), heard(T + 9000, 'south'), '!AIVDM,1,1,,B,,0*25'])),
      await inspect(input(line(111000001, 0))),
      await inspect(input('')),
    ]) {
      expect(validate(JSON.parse(JSON.stringify(found))), JSON.stringify(validate.errors)).toBe(true)
      expect(inspectionSchema.strict().safeParse(found).error).toBeUndefined()
    }
  })

  test('pairs are counted once, until the table is full', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2 ** 21), fc.integer({ min: 1, max: 50 })), { maxLength: 300 }),
        all => {
          const pairs = createPairs(1000)
          const known = new Set<string>()
          for (const [group, member] of all) {
            expect(pairs.add(group, member)).toBe(!known.has(`${group} ${member}`))
            known.add(`${group} ${member}`)
          }
        },
      ),
    )
    const pairs = createPairs(5000)
    for (let i = 1; i <= 5000; i++) expect(pairs.add(i & 7, i)).toBe(true)
    expect([pairs.add(0, 9999), pairs.add(1, 1), pairs.full]).toEqual([null, false, true])
  })
})
