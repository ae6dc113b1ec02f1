// What a store answers with: plain records, times in epoch ms. The console reads the same ones from the API.

/** What stands of an event in columns of its own. */
export interface EventFacts {
  id: string
  revision: number
  phase: string
  type: string
  class: string | null
  score: number
  mmsi: number | null
  partner: number | null
  name: string | null
  flag: string | null
  source: string | null
  receiver: string | null
  asOf: number
  startT: number
  endT: number | null
  durationS: number | null
  startLat: number | null
  startLon: number | null
  endLat: number | null
  endLon: number | null
  waters: string | null
  reasons: string | null
}

/** What a list says of an event. */
export interface EventBrief extends EventFacts {
  n: number
  acknowledgedAt: number | null
  exempt: boolean
}

export interface VesselCard {
  mmsi: number
  name: string | null
  imo: number | null
  callsign: string | null
  flag: string | null
  shipType: number | null
  txClass: string | null
  length: number | null
  width: number | null
  draught: number | null
  destination: string | null
  eta: string | null
  firstT: number
  lastT: number
  lat: number | null
  lon: number | null
  sog: number | null
  cog: number | null
  reports: number
}

export interface StaticsEntry extends Pick<
  VesselCard,
  'name' | 'imo' | 'callsign' | 'shipType' | 'length' | 'width' | 'draught' | 'destination' | 'eta'
> {
  t: number
}

/** A source and how it is. */
export interface SourceState {
  name: string
  address: string | null
  format: string | null
  health: string
  trouble: string | null
  /** null where it is not known. */
  lastHeard: number | null
  newest: number | null
  reports: number
  rejected: number
  reconnects: number
}

export interface StoredSource extends SourceState {
  updatedAt: number
}

export interface StoreSummary {
  events: number
  revisions: number
  vessels: number
  fixes: number
  decisions: number
  /** Time that events and fixes span, epoch ms. */
  from: number | null
  to: number | null
}

export const DECISIONS = ['acknowledge', 'reopen', 'comment', 'exempt', 'end_exemption'] as const
export type DecisionKind = (typeof DECISIONS)[number]

export interface Decision {
  n: number
  kind: DecisionKind
  event: string | null
  mmsi: number | null
  /** Types that an exemption is of; null: all. */
  types: string[] | null
  text: string | null
  author: string | null
  at: number
  expires: number | null
}

export interface Exemption {
  mmsi: number
  name: string | null
  types: string[] | null
  reason: string | null
  author: string | null
  at: number
  expires: number
}
