// Questions to a store about what does not move: zones, sources and their health, reception, and what it holds at all.

import type { ZoneRef } from '../model/event.js'
import type { Database, Row } from './database.js'
import type { StoredSource, StoreSummary } from './records.js'

export interface StoredZone extends Pick<
  ZoneRef,
  'id' | 'name' | 'kind' | 'mrgid' | 'sovereigns' | 'method'
> {
  /** West, south, east, north. */
  box: [number, number, number, number]
  events: number
}

export interface ReceptionCell {
  lat: number
  lon: number
  deg: number
  radio: string
  feed: string
  holes: number
  heardShare: number | null
}

/** The area of an event that is of no vessel. */
export interface EventArea {
  id: string
  type: string
  class: string | null
  lat: number
  lon: number
  radiusM: number
  startT: number
  endT: number | null
}

export interface PlaceReader {
  /** Of interference, and of feeds and receivers that failed; the newest first. */
  areas(): Promise<EventArea[]>
  zones(): Promise<StoredZone[]>
  /** Id and GeoJSON MultiLineString of each zone. */
  boundaries(): Promise<{ id: string; name: string; kind: string; method: string; boundary: string }[]>
  sources(): Promise<StoredSource[]>
  sourceHistory(
    limit: number,
  ): Promise<{ name: string; at: number; health: string; trouble: string | null }[]>
  reception(): Promise<ReceptionCell[]>
  summary(): Promise<StoreSummary>
}

const MAX_AREAS = 500

const MS = (column: string): string => `epoch_ms(${column})::DOUBLE`

export function createPlaceReader(db: Database): PlaceReader {
  const as = <T>(rows: Row[]): T[] => rows as unknown as T[]
  return {
    async zones() {
      const rows = await db.query(
        `SELECT id, name, kind, mrgid, sovereigns, method, west, south, east, north,
           (SELECT count(*) FROM event_zones z WHERE z.zone = zones.id)::DOUBLE AS events
         FROM zones ORDER BY name, id`,
      )
      return rows.map(({ west, south, east, north, sovereigns, ...rest }) => ({
        ...(rest as unknown as Omit<StoredZone, 'box' | 'sovereigns'>),
        sovereigns: [...((sovereigns as { items?: string[] } | null)?.items ?? [])],
        box: [west, south, east, north] as StoredZone['box'],
      }))
    },
    boundaries: async () =>
      as(await db.query('SELECT id, name, kind, method, boundary FROM zones ORDER BY id')),
    sources: async () =>
      as(
        await db.query(
          `SELECT name, address, format, health, trouble, ${MS('last_heard')} AS "lastHeard", ${MS('newest')} AS newest,
             reports::DOUBLE AS reports, rejected::DOUBLE AS rejected, reconnects::DOUBLE AS reconnects,
             ${MS('updated_at')} AS "updatedAt"
           FROM sources ORDER BY name`,
        ),
      ),
    sourceHistory: async limit =>
      as(
        await db.query(
          `SELECT name, ${MS('changed_at')} AS "at", health, trouble FROM source_health ORDER BY changed_at DESC, name LIMIT ${Math.trunc(limit)}`,
        ),
      ),
    reception: async () =>
      as(
        await db.query(
          `SELECT lat, lon, deg, radio, feed, holes, heard_share AS "heardShare" FROM reception ORDER BY radio, feed, lat, lon`,
        ),
      ),
    areas: async () =>
      as(
        await db.query(
          `SELECT * FROM (
             SELECT id, type, class, start_lat AS lat, start_lon AS lon, (event->>'$.area.radiusM')::DOUBLE AS "radiusM",
               ${MS('start_t')} AS "startT", ${MS('end_t')} AS "endT"
             FROM events WHERE mmsi IS NULL AND phase <> 'retracted' AND start_lat IS NOT NULL
             ORDER BY start_t DESC LIMIT ${MAX_AREAS})
           WHERE "radiusM" > 0`,
        ),
      ),
    async summary() {
      const [row] = await db.query(
        `SELECT (SELECT count(*) FROM events)::DOUBLE AS events, (SELECT count(*) FROM event_revisions)::DOUBLE AS revisions,
           (SELECT count(*) FROM vessels)::DOUBLE AS vessels, (SELECT count(*) FROM fixes)::DOUBLE AS fixes,
           (SELECT count(*) FROM decisions)::DOUBLE AS decisions,
           ${MS('least((SELECT min(start_t) FROM events), (SELECT min(t) FROM fixes))')} AS "from",
           ${MS('greatest((SELECT max(greatest(start_t, end_t)) FROM events), (SELECT max(t) FROM fixes))')} AS "to"`,
      )
      return row as unknown as StoreSummary
    },
  }
}
