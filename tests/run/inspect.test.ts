import { describe, expect, test } from 'vitest'
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
