// Events to PostgreSQL, and PostGIS where it is installed: one row an event, in its last state. A revision that comes late
// or twice changes nothing. Values travel as parameters, never inside SQL.

import { UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import { RefusedError, type Carrier } from './delivery.js'
import type { Queued } from './queue.js'

const BATCH = 100
const TIMEOUT_MS = 10_000
const MAX_TEXT = 8000

/** The table as it is made when it is not there. */
export const POSTGRES_SCHEMA = `
CREATE TABLE IF NOT EXISTS darkwake_events (
  id text PRIMARY KEY,
  revision integer NOT NULL,
  phase text NOT NULL,
  type text NOT NULL,
  class text,
  score double precision,
  mmsi bigint,
  name text,
  as_of timestamptz NOT NULL,
  start_time timestamptz NOT NULL,
  end_time timestamptz,
  duration_s double precision,
  start_lat double precision,
  start_lon double precision,
  end_lat double precision,
  end_lon double precision,
  event jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS darkwake_events_mmsi ON darkwake_events (mmsi, start_time);
CREATE INDEX IF NOT EXISTS darkwake_events_start ON darkwake_events (start_time);
`

const COLUMNS = [
  ...['id', 'revision', 'phase', 'type', 'class', 'score', 'mmsi', 'name', 'as_of', 'start_time', 'end_time'],
  ...['duration_s', 'start_lat', 'start_lon', 'end_lat', 'end_lon', 'event'],
]

/** With PostGIS: the place where it began, made by the database itself. */
const POSTGIS = `
ALTER TABLE darkwake_events ADD COLUMN IF NOT EXISTS geom geometry(Point, 4326)
  GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(start_lon, start_lat), 4326)) STORED;
CREATE INDEX IF NOT EXISTS darkwake_events_geom ON darkwake_events USING gist (geom);
`

const UPSERT = `
INSERT INTO darkwake_events (${COLUMNS.join(', ')})
VALUES (${COLUMNS.map((_, k) => `$${k + 1}`).join(', ')})
ON CONFLICT (id) DO UPDATE SET ${COLUMNS.slice(1)
  .map(name => `${name} = excluded.${name}`)
  .join(', ')}
WHERE darkwake_events.revision < excluded.revision`

interface EventLine {
  id: string
  revision: number
  phase: string
  type: string
  class?: string
  score?: number
  mmsi?: number
  vessel?: { name?: string | null }
  asOf: string
  start: { t: string; lat: number | null; lon: number | null }
  end: { t: string; lat: number | null; lon: number | null } | null
  durationS: number | null
}

/** Text that the database takes: it knows neither NUL nor half a character. */
const stored = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? safeText(value, MAX_TEXT) : value

export function rowOf(line: string): unknown[] {
  const event = JSON.parse(line, stored) as EventLine
  const { id, revision, phase, type, score, mmsi, vessel, asOf, start, end, durationS } = event
  return [
    ...[id, revision, phase, type, event.class ?? null, score ?? null, mmsi ?? null, vessel?.name ?? null],
    ...[asOf, start.t, end?.t ?? null, durationS, start.lat, start.lon, end?.lat ?? null, end?.lon ?? null],
    JSON.stringify(event),
  ]
}

/** @throws UsageError when the library is not there */
export async function postgresCarrier(url: string): Promise<Carrier> {
  const { default: pg } = await import('pg').catch(() => {
    throw new UsageError('--postgres: needs the package pg: npm install pg')
  })
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: TIMEOUT_MS,
    statement_timeout: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: 'darkwake',
  })
  // a connection broke, idle or not: the next query tells
  pool.on('error', () => undefined)
  pool.on('connect', client => void client.on('error', () => undefined))
  let ready = false

  async function prepare(): Promise<void> {
    if (ready) return
    await pool.query(POSTGRES_SCHEMA)
    const { rowCount } = await pool.query(`SELECT 1 FROM pg_extension WHERE extname = 'postgis'`)
    if (rowCount) await pool.query(POSTGIS)
    ready = true
  }

  return {
    batch: BATCH,
    async send(events: Queued[]) {
      await prepare()
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('BEGIN')
        for (const { line } of events)
          await client.query({ name: 'upsert', text: UPSERT, values: rowOf(line) })
        await client.query('COMMIT')
      } catch (error) {
        broken = error as Error
        await client.query('ROLLBACK').catch(() => undefined)
        // class 22: the value cannot be stored; 23: it breaks a constraint
        const { code = '' } = error as { code?: string }
        if (/^2[23]/.test(code)) throw new RefusedError(`${code} ${broken.message}`)
        if (code === '42P01') ready = false // the table was dropped
        throw error
      } finally {
        client.release(broken && !(broken as { code?: string }).code ? broken : undefined)
      }
    },
    close: () => pool.end(),
  }
}
