// Writes into a store: events, tracks, vessels, zones, sources. Everything waits in memory and goes in by the batch, each
// batch in one transaction: after a crash the store holds whole batches.

import type { DuckDBConnection } from '@duckdb/node-api'
import type { ReportBatch } from '../model/batch.js'
import type { DarkEvent } from '../model/event.js'
import { TX_CLASSES } from '../model/report.js'
import { safeText } from '../model/text.js'
import type { GridRow } from '../reception/grid.js'
import type { ZonePolygon } from '../zones/index.js'
import type { Database } from './database.js'
import type { EventIndex } from './event-index.js'
import { eventRow, type EventRow } from './event-row.js'
import { createRecorder, type Taken } from './recorder.js'
import type { SourceState } from './records.js'
import type { Run, Runs } from './runs.js'
import { stage } from './stage.js'
import { zoneRow } from './zone-row.js'

/** Rows that wait before a batch is written. */
const BATCH_EVENTS = 5000
const BATCH_FIXES = 100_000
/** Events kept while the disk is full; the oldest give way. */
const MAX_WAITING = 200_000
const MAX_TEXT = 120

export interface SourceRow extends SourceState {
  /** Present, epoch ms. */
  at: number
}

export interface StoreWriter {
  /** An event, or another revision of it; a revision older than the one that is held changes nothing. */
  add(event: DarkEvent): void
  /** What was heard. @param order rows to take, in this order; all by default */
  take(batch: ReportBatch, order?: Uint32Array | null): void
  /** True when a batch is full. */
  readonly full: boolean
  /** Events that wait to be written. */
  readonly waiting: number
  /**
   * Writes what waits, in one transaction; resolves when it is on the disk, with the numbers of the events written. When it
   * fails events wait for the next time, tracks are given up.
   * @throws OutputError
   */
  flush(): Promise<number[]>
  setZones(zones: readonly ZonePolygon[]): Promise<void>
  setSources(rows: readonly SourceRow[]): Promise<void>
  setReception(rows: readonly GridRow[]): Promise<void>
  /** Forgets events that ended, fixes, and vessels not heard since, before `t`, epoch ms. Decisions stay. */
  prune(t: number): Promise<void>
}

/** @param runs whose events are written */
export function createWriter(db: Database, index: EventIndex, runs: Pick<Runs, 'current'>): StoreWriter {
  let events: EventRow[] = []
  const recorder = createRecorder()

  return {
    add(event) {
      events.push(eventRow(event))
    },
    take: (batch, order) => recorder.take(batch, order),
    get full() {
      return events.length >= BATCH_EVENTS || recorder.waiting >= BATCH_FIXES
    },
    get waiting() {
      return events.length
    },
    async flush() {
      const rows = events
      events = []
      const taken = recorder.drain()
      if (rows.length === 0 && taken.vessels.length === 0) return []
      try {
        const numbers = await db.transaction(async connection => {
          const written = rows.length > 0 ? await writeEvents(db, connection, rows, runs.current) : []
          await writeTaken(db, connection, taken)
          return written
        })
        await index.changed(numbers)
        return numbers
      } catch (error) {
        events = [...rows, ...events].slice(-MAX_WAITING)
        throw error
      }
    },
    setZones: zones =>
      db.transaction(async connection => {
        const rows = zones.map(zoneRow)
        await stage(
          db,
          connection,
          'new_zones',
          {
            ...{
              id: 'text',
              name: 'text',
              kind: 'text',
              mrgid: 'integer',
              sovereigns: 'texts',
              method: 'text',
            },
            ...{ west: 'real', south: 'real', east: 'real', north: 'real', boundary: 'text' },
          },
          [
            ...[rows.map(r => r.id), rows.map(r => r.name), rows.map(r => r.kind), rows.map(r => r.mrgid)],
            ...[rows.map(r => r.sovereigns), rows.map(r => r.method)],
            ...[0, 1, 2, 3].map(k => rows.map(r => r.box[k])),
            rows.map(r => r.boundary),
          ],
        )
        await connection.run('INSERT OR REPLACE INTO zones SELECT DISTINCT ON (id) * FROM new_zones')
      }),
    setSources: rows => db.transaction(connection => writeSources(db, connection, rows)),
    setReception: rows =>
      db.transaction(async connection => {
        await stage(
          db,
          connection,
          'new_reception',
          {
            ...{ lat: 'real', lon: 'real', deg: 'real', radio: 'text', feed: 'text' },
            ...{ holes: 'real', visits: 'real', heard_share: 'real' },
          },
          [
            ...[rows.map(r => r.lat), rows.map(r => r.lon), rows.map(r => r.deg), rows.map(r => r.radio)],
            ...[rows.map(r => r.feed), rows.map(r => r.holes), rows.map(r => r.visits)],
            rows.map(r => r.heardShare),
          ],
        )
        await connection.run('DELETE FROM reception; INSERT INTO reception SELECT * FROM new_reception')
      }),
    async prune(t) {
      const gone = await db.transaction(async connection => {
        const before = { t: BigInt(Math.floor(t)) }
        await connection.run(
          `CREATE OR REPLACE TEMP TABLE old AS SELECT n, id FROM events
           WHERE phase IN ('closed', 'retracted') AND coalesce(end_t, as_of) < epoch_ms($t::BIGINT)`,
          before,
        )
        await connection.run('DELETE FROM event_zones WHERE n IN (SELECT n FROM old)')
        await connection.run('DELETE FROM event_revisions WHERE id IN (SELECT id FROM old)')
        await connection.run('DELETE FROM events WHERE n IN (SELECT n FROM old)')
        await connection.run('DELETE FROM fixes WHERE t < epoch_ms($t::BIGINT)', before)
        await connection.run(
          'DELETE FROM vessel_statics WHERE mmsi IN (SELECT mmsi FROM vessels WHERE last_t < epoch_ms($t::BIGINT))',
          before,
        )
        await connection.run('DELETE FROM vessels WHERE last_t < epoch_ms($t::BIGINT)', before)
        await connection.run('DELETE FROM source_health WHERE changed_at < epoch_ms($t::BIGINT)', before)
        const old = await connection.runAndReadAll('SELECT n FROM old')
        return (old.getColumns()[0] ?? []) as number[]
      })
      await index.changed(gone)
    },
  }
}

const column = <T>(rows: readonly T[], of: (row: T) => unknown): unknown[] => rows.map(of)

const TIME = (name: string): string => `epoch_ms(${name}::BIGINT)`

async function writeEvents(
  db: Database,
  connection: DuckDBConnection,
  rows: EventRow[],
  by: Run | null,
): Promise<number[]> {
  const run = by?.n ?? 'NULL'
  const kind = by ? `'${by.kind}'` : 'NULL'
  await stage(
    db,
    connection,
    'told',
    {
      ...{
        k: 'integer',
        id: 'text',
        revision: 'integer',
        phase: 'text',
        type: 'text',
        class: 'text',
        score: 'real',
      },
      ...{
        mmsi: 'unsigned',
        partner: 'unsigned',
        name: 'text',
        flag: 'text',
        source: 'text',
        receiver: 'text',
      },
      ...{ as_of: 'real', start_t: 'real', end_t: 'real', duration_s: 'real' },
      ...{ start_lat: 'real', start_lon: 'real', end_lat: 'real', end_lon: 'real' },
      ...{ waters: 'text', reasons: 'text', search: 'text', event: 'text', zones: 'texts' },
    },
    [
      rows.map((_, k) => k),
      ...[column(rows, r => r.id), column(rows, r => r.revision), column(rows, r => r.phase)],
      ...[column(rows, r => r.type), column(rows, r => r.class), column(rows, r => r.score)],
      ...[column(rows, r => r.mmsi), column(rows, r => r.partner), column(rows, r => r.name)],
      ...[column(rows, r => r.flag), column(rows, r => r.source), column(rows, r => r.receiver)],
      ...[column(rows, r => r.asOf), column(rows, r => r.startT), column(rows, r => r.endT)],
      column(rows, r => r.durationS),
      ...[column(rows, r => r.startLat), column(rows, r => r.startLon)],
      ...[column(rows, r => r.endLat), column(rows, r => r.endLon)],
      ...[column(rows, r => r.waters), column(rows, r => r.reasons), column(rows, r => r.search)],
      ...[column(rows, r => r.event), column(rows, r => r.zones)],
    ],
  )
  // of several revisions in one batch the last told of the highest; those that are held already keep their number. A run
  // tells anew what an earlier one of its kind told, in its own revisions; otherwise the higher revision holds
  await connection.run(`
    CREATE OR REPLACE TEMP TABLE latest AS
      SELECT * EXCLUDE (k) FROM told QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC, k DESC) = 1;
    CREATE OR REPLACE TEMP TABLE held AS
      SELECT e.id, e.n, e.revision, e.acknowledged_at, e.run, e.withdrawn_by IS NOT NULL AS withdrawn,
        e.withdrawn_by IS NOT NULL OR r.kind IS NOT DISTINCT FROM ${kind} AS ours
      FROM events e SEMI JOIN latest l ON e.id = l.id LEFT JOIN runs r ON r.n = e.run;
    DELETE FROM latest USING held WHERE latest.id = held.id AND latest.revision < held.revision
      AND NOT withdrawn AND NOT (ours AND run IS DISTINCT FROM ${run});
    CREATE OR REPLACE TEMP TABLE numbered AS
      SELECT coalesce(h.n, (SELECT coalesce(max(n), 0) FROM events)
          + (row_number() OVER (PARTITION BY h.n IS NULL ORDER BY l.as_of, l.id))::INTEGER) AS n,
        l.*, h.acknowledged_at, h.n IS NOT NULL AS known, CASE WHEN NOT h.ours THEN h.run ELSE ${run} END AS run
      FROM latest l LEFT JOIN held h USING (id);
    DELETE FROM event_zones WHERE n IN (SELECT n FROM numbered WHERE known);
    INSERT OR REPLACE INTO events
      SELECT n, id, revision, phase, type, class, score, mmsi, partner, name, flag, source, receiver,
        ${TIME('as_of')}, ${TIME('start_t')}, ${TIME('end_t')}, duration_s, start_lat, start_lon, end_lat, end_lon,
        waters, reasons, search, acknowledged_at, event, run, NULL
      FROM numbered ORDER BY n;
    INSERT INTO event_zones SELECT n, unnest(zones) FROM numbered ORDER BY n;
    DELETE FROM event_revisions r USING told t WHERE r.id = t.id AND r.revision = t.revision
      AND (r.run IS NOT DISTINCT FROM ${run} OR (r.event = t.event AND t.id NOT IN (SELECT id FROM held WHERE withdrawn)));
    INSERT INTO event_revisions
      SELECT id, revision, phase, ${TIME('as_of')}, event, ${run} FROM told
      QUALIFY row_number() OVER (PARTITION BY id, revision ORDER BY k DESC) = 1 ORDER BY k;
  `)
  const numbers = await connection.runAndReadAll('SELECT n FROM numbered ORDER BY n')
  return numbers.getColumns()[0] as number[]
}

async function writeTaken(
  db: Database,
  connection: DuckDBConnection,
  { fixes, vessels, statics }: Taken,
): Promise<void> {
  if (fixes.t.length > 0) {
    await stage(
      db,
      connection,
      'new_fixes',
      { mmsi: 'unsigned', t: 'real', lat: 'real', lon: 'real', sog: 'real', cog: 'real' },
      [fixes.mmsi, fixes.t, fixes.lat, fixes.lon, fixes.sog, fixes.cog],
    )
    await connection.run(
      `INSERT INTO fixes
         SELECT n.mmsi, n.told_at, round(n.lat, 6), round(n.lon, 6), n.sog, n.cog
         FROM (SELECT *, ${TIME('t')} AS told_at FROM new_fixes) n ${unlessKnown('fixes', 'new_fixes')}`,
    )
  }
  if (statics.length > 0) {
    const text = (value: string | undefined): string | null => (value ? safeText(value, MAX_TEXT) : null)
    await stage(
      db,
      connection,
      'new_statics',
      {
        ...{
          mmsi: 'unsigned',
          t: 'real',
          name: 'text',
          imo: 'unsigned',
          callsign: 'text',
          ship_type: 'integer',
        },
        ...{ length: 'real', width: 'real', draught: 'real', destination: 'text', eta: 'text' },
      },
      [
        ...[column(statics, r => r.mmsi), column(statics, r => r.t), column(statics, r => text(r.data.name))],
        ...[column(statics, r => r.data.imo), column(statics, r => text(r.data.callsign))],
        ...[column(statics, r => shipType(r.data.shipType)), column(statics, r => r.data.length)],
        ...[column(statics, r => r.data.width), column(statics, r => r.data.draught)],
        ...[column(statics, r => text(r.data.destination)), column(statics, r => text(r.data.eta))],
      ],
    )
    await connection.run(`
      INSERT INTO vessel_statics
      SELECT n.mmsi, n.told_at, n.name, n.imo, n.callsign, n.ship_type, n.length, n.width, n.draught, n.destination, n.eta
      FROM (SELECT *, ${TIME('t')} AS told_at FROM new_statics) n ${unlessKnown('vessel_statics', 'new_statics')}`)
  }
  if (vessels.length > 0) await writeVessels(db, connection, vessels)
}

/** The same input once more, or a log that is played again after a crash, adds nothing. */
const unlessKnown = (table: string, staged: string): string =>
  `WHERE NOT EXISTS (SELECT 1 FROM ${table} old
     WHERE old.t >= (SELECT epoch_ms(min(t)::BIGINT) FROM ${staged}) AND old.mmsi = n.mmsi AND old.t = n.told_at)`

const shipType = (code: number | undefined): number | null =>
  code !== undefined && code >= 0 && code <= 255 ? code : null

async function writeVessels(
  db: Database,
  connection: DuckDBConnection,
  vessels: Taken['vessels'],
): Promise<void> {
  const said = (of: (data: NonNullable<(typeof vessels)[number]['statics']>) => unknown): unknown[] =>
    vessels.map(({ statics }) => (statics ? of(statics) : null))
  const text = (value: string | undefined): string | null => (value ? safeText(value, MAX_TEXT) : null)
  await stage(
    db,
    connection,
    'new_vessels',
    {
      ...{
        mmsi: 'unsigned',
        name: 'text',
        imo: 'unsigned',
        callsign: 'text',
        flag: 'text',
        ship_type: 'integer',
      },
      ...{
        tx_class: 'text',
        length: 'real',
        width: 'real',
        draught: 'real',
        destination: 'text',
        eta: 'text',
      },
      ...{
        first_t: 'real',
        last_t: 'real',
        lat: 'real',
        lon: 'real',
        sog: 'real',
        cog: 'real',
        reports: 'real',
      },
    },
    [
      ...[
        column(vessels, v => v.mmsi),
        said(d => text(d.name)),
        said(d => d.imo),
        said(d => text(d.callsign)),
      ],
      ...[column(vessels, v => v.flag), said(d => shipType(d.shipType))],
      column(vessels, v => (v.txClass === 0 ? null : TX_CLASSES[v.txClass])),
      ...[said(d => d.length), said(d => d.width), said(d => d.draught), said(d => text(d.destination))],
      ...[said(d => text(d.eta)), column(vessels, v => v.firstT)],
      column(vessels, v => Math.max(v.firstT, v.lastT)),
      ...[column(vessels, v => v.lat), column(vessels, v => v.lon)],
      ...[column(vessels, v => v.sog), column(vessels, v => v.cog), column(vessels, v => v.reports)],
    ],
  )
  // what is not said again still holds
  const kept = [
    'name',
    'imo',
    'callsign',
    'ship_type',
    'tx_class',
    'length',
    'width',
    'draught',
    'destination',
    'eta',
  ]
  const moving = ['lat', 'lon', 'sog', 'cog']
  await connection.run(`
    INSERT INTO vessels
      SELECT * REPLACE (${TIME('first_t')} AS first_t, ${TIME('last_t')} AS last_t, reports::UBIGINT AS reports)
      FROM new_vessels QUALIFY row_number() OVER (PARTITION BY mmsi ORDER BY last_t DESC) = 1
    ON CONFLICT (mmsi) DO UPDATE SET
      ${kept.map(name => `${name} = coalesce(excluded.${name}, ${name})`).join(', ')},
      ${moving.map(name => `${name} = CASE WHEN excluded.last_t >= last_t THEN coalesce(excluded.${name}, ${name}) ELSE ${name} END`).join(', ')},
      first_t = least(first_t, excluded.first_t), last_t = greatest(last_t, excluded.last_t),
      reports = reports + excluded.reports`)
}

async function writeSources(
  db: Database,
  connection: DuckDBConnection,
  rows: readonly SourceRow[],
): Promise<void> {
  if (rows.length === 0) return
  await stage(
    db,
    connection,
    'new_sources',
    {
      ...{ name: 'text', address: 'text', format: 'text', health: 'text', trouble: 'text' },
      ...{
        last_heard: 'real',
        newest: 'real',
        reports: 'real',
        rejected: 'real',
        reconnects: 'real',
        told_at: 'real',
      },
    },
    [
      ...[
        column(rows, r => safeText(r.name, MAX_TEXT)),
        column(rows, r => r.address),
        column(rows, r => r.format),
      ],
      ...[column(rows, r => r.health), column(rows, r => r.trouble && safeText(r.trouble, MAX_TEXT))],
      ...[column(rows, r => r.lastHeard), column(rows, r => r.newest), column(rows, r => r.reports)],
      ...[column(rows, r => r.rejected), column(rows, r => r.reconnects), column(rows, r => r.at)],
    ],
  )
  await connection.run(`
    INSERT INTO source_health
      SELECT n.name, ${TIME('n.told_at')}, n.health, n.trouble FROM new_sources n LEFT JOIN sources s USING (name)
      WHERE s.health IS DISTINCT FROM n.health;
    INSERT OR REPLACE INTO sources
      SELECT DISTINCT ON (name) name, address, format, health, trouble, ${TIME('last_heard')}, ${TIME('newest')},
        reports::UBIGINT, rejected::UBIGINT, reconnects::UBIGINT, ${TIME('told_at')}
      FROM new_sources`)
}
