// What darkwake says: events. The line format is docs/events.md; this file is its single definition in code.

import type { TxClass } from './report.js'

export const EVENT_TYPES = ['gap', 'port_silence', 'spoofing', 'loitering', 'zone'] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** `opened` while it lasts, `closed` once whole, `retracted` when later data disprove it. */
export type Phase = 'opened' | 'updated' | 'closed' | 'retracted'

/** A place in time. `lat` and `lon` are null when the message carried no position. */
export interface Fix {
  /** Epoch ms UTC. */
  t: number
  lat: number | null
  lon: number | null
}

/** One reason for an event, in numbers and in words; the words are derived from the numbers. */
export interface Evidence {
  /** Reasons of one family are correlated; rank caps what a family can add. */
  family: 'silence' | 'kinematics' | 'place' | 'identity' | 'reception' | 'behaviour'
  name: string
  value: number | string | null
  /** What an innocent vessel would show. */
  expected?: string
  /** Contribution to the score, log-odds like; ≤ 0 speaks for the vessel. */
  weight: number
  text: string
}

/** What a detector emits; the engine adds id, vessel and zones. */
export interface DetectorEvent {
  type: EventType
  phase: Phase
  /** Counts from 1 for one id. */
  revision: number
  /** Event time that made it due: the timer's due time, or the report's t. */
  asOf: number
  /** What makes the id unique beside type, mmsi and start: a zone id. */
  key?: string
  /** For a zone event: the zone it is about. */
  zone?: ZoneRef
  start: Fix
  end: Fix | null
  class?: string
  /** 0…1, a rank unless docs/detection.md calls it calibrated. */
  score: number
  evidence: Evidence[]
  details: Record<string, unknown>
}

export interface ZoneRef {
  id: string
  name: string
  kind: 'eez' | 'territorial' | 'mpa' | 'port' | 'user'
  mrgid: number | null
  /** ISO 3166-1 alpha-3 where known; several for joint regimes and overlapping claims. */
  sovereigns: string[]
  method: 'authoritative' | 'approximate'
  /** 1, or 1/n where n claims overlap. */
  weight: number
}

/** What was known of the vessel at that time. */
export interface VesselRef {
  name: string | null
  imo: number | null
  callsign: string | null
  /** ISO 3166-1 alpha-3 from the MMSI's country digits. */
  flag: string | null
  shipType: number | null
  txClass: TxClass
}

/** One event as written to NDJSON: times are ISO-8601 there, epoch ms here. */
export interface DarkEvent extends Omit<DetectorEvent, 'key' | 'zone'> {
  schema: 'darkwake/event/1'
  id: string
  mmsi: number
  track: number
  vessel: VesselRef
  /** Seconds; null while open. */
  durationS: number | null
  zones: { start: ZoneRef[]; end: ZoneRef[]; touched: ZoneRef[] }
}
