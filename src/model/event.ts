// What darkwake says: events. The line format is docs/events.md; this file is its single definition in code.

import type { TxClass } from './report.js'

/** What a vessel did. */
export const VESSEL_EVENT_TYPES = [
  'gap',
  'port_silence',
  'spoofing',
  'identity',
  'draught',
  'loitering',
  'encounter',
  'dark_rendezvous',
  'drift',
  'sudden_stop',
  'distress',
  'partial_silence',
  'port_visit',
  'zone',
  'sequence',
] as const
export type VesselEventType = (typeof VESSEL_EVENT_TYPES)[number]
/** What happened to those who listen, or to all in an area: no single vessel is behind these. */
export const FEED_EVENT_TYPES = ['feed_outage', 'receiver_fault', 'interference'] as const
/** What a satellite saw: a ship that no AIS track explains, and a picture as a whole. */
export const SCENE_EVENT_TYPES = ['unmatched_detection', 'scene'] as const
/** The classes of `spoofing`: one each for a way in which a place or a track is false. */
export const SPOOFING_CLASSES = [
  'jump',
  'shared_mmsi',
  'circle',
  'on_land',
  'replay',
  'synthetic',
  'fabricated_group',
  'clock',
  'footprint',
  'kinematic',
  'nav_status',
  'offset',
] as const
export type FeedEventType = (typeof FEED_EVENT_TYPES)[number]
export type SceneEventType = (typeof SCENE_EVENT_TYPES)[number]
export const EVENT_TYPES = [...VESSEL_EVENT_TYPES, ...FEED_EVENT_TYPES, ...SCENE_EVENT_TYPES] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** `opened` while it lasts, `closed` once whole, `retracted` when later data disprove it. */
export type Phase = 'opened' | 'updated' | 'closed' | 'retracted'

/** A place in time. `lat` and `lon` are null when the message carried no position. */
export interface Fix {
  /** Epoch ms UTC. */
  t: number
  lat: number | null
  lon: number | null
  /** Stations that heard the message, by name, sorted; absent where none is named. Hostile, as all text from outside. */
  receivers?: string[]
}

/** One reason for an event, in numbers and in words; the words are derived from the numbers. */
export interface Evidence {
  /** Reasons of one family are correlated; rank caps what a family can add. */
  family: 'silence' | 'kinematics' | 'place' | 'identity' | 'reception' | 'witnesses' | 'behaviour'
  name: string
  value: number | string | null
  /** What an innocent vessel would show. */
  expected?: string
  /** Contribution to the score, log-odds like; ≤ 0 speaks for the vessel. */
  weight: number
  text: string
}

/** A part of the sea, for what has no single place: a circle on the mean sphere. */
export interface Area {
  lat: number
  lon: number
  radiusM: number
}

/** What every event tells. */
interface Told {
  phase: Phase
  /** Counts from 1 for one id. */
  revision: number
  /** Event time that made it due: the timer's due time, or the report's t. */
  asOf: number
  start: Fix
  end: Fix | null
  class?: string
  /** 0…1, a rank unless docs/detection.md calls it calibrated. */
  score: number
  evidence: Evidence[]
  details: Record<string, unknown>
}

/** What a detector emits; the engine adds id, vessel and zones. */
export interface DetectorEvent extends Told {
  type: VesselEventType
  /** The track it is about, where that is not the one being looked at: its slot. */
  slot?: number
  /** For an event about several tracks of one MMSI: their slots. The engine tells in `details.tracks` who they are. */
  slots?: number[]
  /** What makes the id unique beside type, mmsi and start: a zone id. */
  key?: string
  /** For a zone event: the zone it is about. */
  zone?: ZoneRef
}

/** Who listened, or looked: what an event without a vessel is about. */
interface Listener {
  type: FeedEventType | SceneEventType
  /** Kind of sensor that looked (model/detection); or feed: a name given by whoever runs it, or the kind of collection; null where only the receiver is known. */
  source: string | null
  /** Station id; null when it is the whole feed. */
  receiver: string | null
  /** Where it used to hear vessels, or what it saw; null when unknown, or everywhere. */
  area: Area | null
}

/** The same of a feed or a receiver. */
export interface FeedFinding extends Told, Listener {
  /** What makes the id unique beside type, receiver or source, and start. */
  key?: string
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

/** What the engine adds to every event. */
interface Finished {
  schema: 'darkwake/event/1'
  id: string
  /** Seconds; null while open. */
  durationS: number | null
  zones: { start: ZoneRef[]; end: ZoneRef[]; touched: ZoneRef[] }
}

/** An event of one vessel. */
export interface VesselEvent extends Told, Finished {
  type: VesselEventType
  mmsi: number
  track: number
  vessel: VesselRef
}

/** An event of a feed, a receiver or a satellite: of no vessel. Only an `unmatched_detection` has a place in `start` and `end`. */
export interface FeedEvent extends Told, Finished, Listener {
  mmsi?: undefined
  track?: undefined
  vessel?: undefined
}

/** One event as written to NDJSON: times are ISO-8601 there, epoch ms here. `mmsi` tells the two kinds apart. */
export type DarkEvent = VesselEvent | FeedEvent

export const isVesselEvent = (event: DarkEvent): event is VesselEvent => event.mmsi !== undefined
