// darkwake/store: events, tracks, vessels and decisions in one file that plain SQL reads. Needs @duckdb/node-api.

export { openStore } from '../store/store.js'
export type { Store } from '../store/store.js'
export { createStoreOutlet } from '../store/outlet.js'
export { SORTS } from '../store/filter.js'
export type { EventFilter, Sort } from '../store/filter.js'
export type {
  Counts,
  Cursor,
  EventBrief,
  EventColumns,
  EventDetail,
  EventPage,
  EventReader,
} from '../store/reader.js'
export type {
  NearVessel,
  StaticsEntry,
  TrackFix as StoredFix,
  VesselCard,
  VesselReader,
} from '../store/vessels.js'
export { DECISIONS } from '../store/decisions.js'
export type { Decide, Decision, DecisionKind, Decisions, Exemption } from '../store/decisions.js'
export type {
  EventArea,
  PlaceReader,
  ReceptionCell,
  StoredSource,
  StoredZone,
  StoreSummary,
} from '../store/places.js'
export type { SourceRow, StoreWriter } from '../store/writer.js'
