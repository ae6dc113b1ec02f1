// darkwake/store: events, tracks, vessels and decisions in one file that plain SQL reads. Needs @duckdb/node-api.

export { isExempt } from '../assess/exemptions.js'
export type { Exempt } from '../assess/exemptions.js'
export { openStore } from '../store/store.js'
export type { Store } from '../store/store.js'
export { createStoreOutlet } from '../store/outlet.js'
export { SORTS } from '../store/filter.js'
export type { Cursor, EventFilter, Sort } from '../store/filter.js'
export { DECISIONS } from '../store/records.js'
export type {
  Decision,
  DecisionKind,
  EventBrief,
  Exemption,
  StaticsEntry,
  StoredSource,
  StoreSummary,
  VesselCard,
} from '../store/records.js'
export { MAX_STEPS } from '../store/reader.js'
export type {
  Counts,
  EventColumns,
  EventDetail,
  EventPage,
  EventReader,
  HistogramBin,
} from '../store/reader.js'
export type { NearVessel, TrackFix as StoredFix, VesselReader } from '../store/vessels.js'
export type { Decide, Decisions } from '../store/decisions.js'
export type { EventArea, PlaceReader, ReceptionCell, StoredZone } from '../store/places.js'
export type { Run, RunBegin, RunEnd, RunInput, Runs } from '../store/runs.js'
export type { SourceRow, StoreWriter } from '../store/writer.js'
