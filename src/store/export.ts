// The tables of a store as Parquet, for those who go on in other tools. Where a row has a place it gets a `geometry`
// column: GeoParquet 1.0, WGS-84, longitude first.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from './database.js'

const point = (lon: string, lat: string): string =>
  `CASE WHEN ${lat} IS NULL OR ${lon} IS NULL THEN NULL ELSE ('POINT(' || ${lon} || ' ' || ${lat} || ')')::GEOMETRY END AS geometry`

/** Table by table what goes into its file, in an order that does not depend on how it came in. */
const TABLES: Record<string, string> = {
  events: `SELECT *, ${point('start_lon', 'start_lat')} FROM events ORDER BY start_t, id`,
  event_revisions: 'SELECT * FROM event_revisions ORDER BY id, run NULLS FIRST, revision',
  event_zones: 'SELECT * FROM event_zones ORDER BY n, zone',
  fixes: `SELECT *, ${point('lon', 'lat')} FROM fixes ORDER BY mmsi, t`,
  vessels: `SELECT *, ${point('lon', 'lat')} FROM vessels ORDER BY mmsi`,
  vessel_statics: 'SELECT * FROM vessel_statics ORDER BY mmsi, t',
  zones: 'SELECT * EXCLUDE (boundary), boundary FROM zones ORDER BY id',
  sources: 'SELECT * FROM sources ORDER BY name',
  runs: 'SELECT * FROM runs ORDER BY n',
  decisions: 'SELECT * FROM decisions ORDER BY n',
  reception: 'SELECT * FROM reception ORDER BY radio, feed, lat, lon',
}

export async function exportParquet(db: Database, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const files: string[] = []
  for (const [name, sql] of Object.entries(TABLES)) {
    const file = join(folder, `${name}.parquet`)
    await db.query(`COPY (${sql}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`)
    files.push(file)
  }
  return files
}
