// Questions to a store about vessels: cards, tracks, who was near, where all are.

import type { Database, Row, Value } from './database.js'
import { timestamp } from './filter.js'
import type { StaticsEntry, VesselCard } from './records.js'

export interface TrackFix {
  t: number
  lat: number
  lon: number
  sog: number | null
  cog: number | null
}

export interface NearVessel extends TrackFix {
  mmsi: number
  name: string | null
  flag: string | null
  shipType: number | null
}

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

const MS = (column: string): string => `epoch_ms(${column})::DOUBLE`
const STATICS = `name, imo, callsign, ship_type AS "shipType", length, width, draught, destination, eta`

export interface VesselReader {
  card(mmsi: number): Promise<VesselCard | null>
  /** Newest first. @param limit 1…1000 */
  history(mmsi: number, limit: number): Promise<StaticsEntry[]>
  /** In order of time; thinned evenly where there are more than `limit`. */
  track(mmsi: number, from: number, to: number, limit: number): Promise<TrackFix[]>
  /** The last fix of each vessel in a box within a time; at most `limit` vessels, those heard most first. */
  heardIn(box: Box, from: number, to: number, limit: number): Promise<NearVessel[]>
  /** Where each vessel was last: mmsi, t, lat, lon, sog, cog, ship type, one array each. */
  positions(limit: number): Promise<Value[][]>
  /** Fixes from `from` to `to` of all vessels by vessel and time: mmsi, t, lat, lon, one array each. */
  fixes(from: number, to: number, limit: number): Promise<Value[][]>
  /** By name, MMSI, IMO number or call sign. */
  find(text: string, limit: number): Promise<VesselCard[]>
}

const CARD = `mmsi, ${STATICS}, flag, tx_class AS "txClass", ${MS('first_t')} AS "firstT", ${MS('last_t')} AS "lastT",
  lat, lon, sog::DOUBLE AS sog, cog::DOUBLE AS cog, reports::DOUBLE AS reports`

export function createVesselReader(db: Database): VesselReader {
  const as = <T>(rows: Row[]): T[] => rows as unknown as T[]
  const span = (from: number, to: number) => ({ from: timestamp(from), to: timestamp(to) })
  return {
    async card(mmsi) {
      return (
        as<VesselCard>(await db.query(`SELECT ${CARD} FROM vessels WHERE mmsi = $mmsi`, { mmsi }))[0] ?? null
      )
    },
    history: async (mmsi, limit) =>
      as(
        await db.query(
          `SELECT ${MS('t')} AS t, ${STATICS} FROM vessel_statics WHERE mmsi = $mmsi ORDER BY t DESC LIMIT ${Math.trunc(limit)}`,
          { mmsi },
        ),
      ),
    track: async (mmsi, from, to, limit) =>
      as(
        await db.query(
          `WITH found AS (
             SELECT t AS told_at, lat, lon, sog::DOUBLE AS sog, cog::DOUBLE AS cog,
               row_number() OVER (ORDER BY t) - 1 AS k, count(*) OVER () AS total
             FROM fixes WHERE mmsi = $mmsi AND t >= epoch_ms($from::BIGINT) AND t <= epoch_ms($to::BIGINT))
           SELECT ${MS('told_at')} AS t, lat, lon, sog, cog FROM found
           WHERE k % greatest(1, ceil(total / ${Math.trunc(limit)}))::BIGINT = 0 OR k = total - 1 ORDER BY told_at`,
          { mmsi, ...span(from, to) },
        ),
      ),
    heardIn: async ({ west, south, east, north }, from, to, limit) =>
      as(
        await db.query(
          `WITH near AS (
             SELECT mmsi, max_by({told_at: t, lat: lat, lon: lon, sog: sog, cog: cog}, t) AS f, count(*) AS heard FROM fixes
             WHERE t >= epoch_ms($from::BIGINT) AND t <= epoch_ms($to::BIGINT) AND lat >= $south AND lat <= $north
               AND ${west <= east ? 'lon >= $west AND lon <= $east' : '(lon >= $west OR lon <= $east)'}
             GROUP BY mmsi ORDER BY heard DESC, mmsi LIMIT ${Math.trunc(limit)})
           SELECT near.mmsi, ${MS('f.told_at')} AS t, f.lat AS lat, f.lon AS lon, f.sog::DOUBLE AS sog, f.cog::DOUBLE AS cog,
             v.name, v.flag, v.ship_type AS "shipType"
           FROM near LEFT JOIN vessels v USING (mmsi) ORDER BY near.mmsi`,
          { west, south, east, north, ...span(from, to) },
        ),
      ),
    positions: limit =>
      db.columns(
        `SELECT mmsi, ${MS('last_t')}, lat, lon, sog::DOUBLE, cog::DOUBLE, ship_type FROM vessels
         WHERE lat IS NOT NULL ORDER BY last_t DESC, mmsi LIMIT ${Math.trunc(limit)}`,
      ),
    fixes: (from, to, limit) =>
      db.columns(
        `SELECT mmsi, ${MS('t')}, lat, lon FROM (
           SELECT * FROM fixes WHERE t >= epoch_ms($from::BIGINT) AND t < epoch_ms($to::BIGINT) LIMIT ${Math.trunc(limit)})
         ORDER BY mmsi, t`,
        span(from, to),
      ),
    async find(text, limit) {
      const number = /^\d{7,9}$/.test(text.trim()) ? Number(text) : -1
      return as(
        await db.query(
          `SELECT ${CARD} FROM vessels WHERE mmsi = $number OR imo = $number
             OR contains(lower(name), $text) OR lower(callsign) = $text
           ORDER BY last_t DESC LIMIT ${Math.trunc(limit)}`,
          { number, text: text.trim().toLowerCase() },
        ),
      )
    },
  }
}
