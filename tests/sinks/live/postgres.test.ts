// Against a real PostgreSQL, with PostGIS: the schema, the upsert, hostile text, and a server that goes away.

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDelivery } from '../../../src/sinks/live/delivery.js'
import { postgresCarrier, rowOf } from '../../../src/sinks/live/postgres.js'
import { createQueue } from '../../../src/sinks/live/queue.js'
import { until } from '../../sources/live/hear.js'
import { HOSTILE } from '../events.js'
import { told } from './lines.js'
import { hasPostgres, startPostgres, type TestServer } from './servers.js'

const vessel = { imo: null, callsign: null, flag: null, shipType: null, txClass: 'A' as const }

describe.skipIf(!hasPostgres)('PostgreSQL (needs Debian’s postgresql)', () => {
  let server: TestServer & { url: string }
  let client: pg.Client

  const query = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await client.query(sql)).rows as never
  const connect = async (): Promise<void> => {
    client = new pg.Client(server.url)
    client.on('error', () => undefined)
    await client.connect()
  }

  beforeAll(async () => {
    server = await startPostgres()
    await connect()
    await client.query('CREATE EXTENSION IF NOT EXISTS postgis').catch(() => undefined)
  })
  afterAll(async () => {
    await client?.end().catch(() => undefined)
    server?.stop()
  })

  const deliver = async () => {
    const said: string[] = []
    const outlet = createDelivery({
      ...{ name: 'postgres', carrier: await postgresCarrier(server.url), queue: createQueue(undefined) },
      log: (_, message) => void said.push(message),
      dice: () => 0,
    })
    return { outlet, said }
  }

  test('each event is one row, in its last state, whatever comes twice or late', async () => {
    const { outlet } = await deliver()
    const revisions = [1, 2, 3, 2, 1, 3]
    revisions.forEach((revision, k) =>
      outlet.offer(told(k + 1, revision === 3 ? 'closed' : 'opened', { id: 'gap-a', revision })),
    )
    outlet.offer(told(7, 'opened', { id: 'gap-b', end: null, durationS: null }))
    await outlet.close(10_000)
    expect(outlet.status()).toMatchObject({ delivered: 7, failures: 0 })
    const rows = await query(
      'SELECT id, revision, phase, mmsi, start_time, end_time, event FROM darkwake_events ORDER BY id',
    )
    expect(rows).toMatchObject([
      {
        id: 'gap-a',
        revision: 3,
        phase: 'closed',
        mmsi: '416000301',
        start_time: new Date('2018-12-25T11:40:42Z'),
      },
      { id: 'gap-b', revision: 1, phase: 'opened', end_time: null },
    ])
    expect((rows[0]!['event'] as { id: string }).id).toBe('gap-a')
  })

  test('with PostGIS a row has its place', async () => {
    const has = await query(`SELECT 1 FROM pg_extension WHERE extname = 'postgis'`)
    if (has.length === 0) return
    const rows = await query(
      `SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat FROM darkwake_events WHERE id = 'gap-a'`,
    )
    expect(rows).toEqual([{ lon: -130.386, lat: -16.225 }])
  })

  test('no name is more than a name', async () => {
    const names = [
      ...HOSTILE,
      `'); DROP TABLE darkwake_events; --`,
      'nul \u0000 and half \ud800 a character',
      '$1',
    ]
    const { outlet } = await deliver()
    names.forEach((name, k) =>
      outlet.offer(told(k + 1, 'opened', { id: `hostile-${k}`, vessel: { ...vessel, name } })),
    )
    await outlet.close(10_000)
    expect(outlet.status()).toMatchObject({ delivered: names.length, refused: 0, failures: 0 })
    const rows = await query(`SELECT name FROM darkwake_events WHERE id LIKE 'hostile-%'`)
    expect(rows).toHaveLength(names.length)
  })

  test('a server that goes away and comes back has missed nothing', async () => {
    const { outlet, said } = await deliver()
    outlet.offer(told(1, 'opened', { id: 'away-1' }))
    await until(() => outlet.status().delivered === 1)
    server.stop()
    outlet.offer(told(2, 'opened', { id: 'away-2' }))
    await until(() => said.length > 0)
    for (let k = 3; k <= 250; k++) outlet.offer(told(k, 'opened', { id: `away-${k}` }))
    await server.restart()
    await until(() => outlet.status().queued === 0)
    await outlet.close(1000)
    await connect()
    expect(await query(`SELECT count(*)::int AS n FROM darkwake_events WHERE id LIKE 'away-%'`)).toEqual([
      { n: 250 },
    ])
    expect(said.at(-1)).toMatch(/works again/)
  })
})

test('a row holds what its columns say', () => {
  const row = rowOf(told(1, 'closed', { class: 'likely_disabled' }).line)
  expect(row.slice(0, 8)).toEqual([
    'gap-1',
    1,
    'closed',
    'gap',
    'likely_disabled',
    0.8735,
    416000301,
    'LONG RUN 7',
  ])
  expect(row.slice(8, 16)).toEqual([
    ...['2018-12-26T04:25:31.000Z', '2018-12-25T11:40:42.000Z', '2018-12-26T04:25:31.000Z', 60289],
    ...[-16.225, -130.386, -16.184225, -131.478745],
  ])
})
