// darkwake/model: the words everything shares: reports, batches of columns, events, configuration, schemas, errors.

export {
  appendReport,
  blankRow,
  COLUMN_NAMES,
  COLUMNS,
  copyRow,
  createBatch,
  NO_NAV_STATUS,
  NO_UTC_SECOND,
} from '../model/batch.js'
export type { ColumnName, ReportBatch } from '../model/batch.js'
export { configSchema, resolveConfig } from '../model/config.js'
export type { Config, ConfigInput } from '../model/config.js'
export { InputError, OutputError, UsageError } from '../model/errors.js'
export { EVENT_TYPES, isVesselEvent } from '../model/event.js'
export type {
  Area,
  DarkEvent,
  EventType,
  Evidence,
  FeedEvent,
  Fix,
  Phase,
  VesselEvent,
  VesselRef,
  ZoneRef,
} from '../model/event.js'
export { presetConfig, presets } from '../model/presets.js'
export { COLLECTIONS, REJECT_REASONS, TX_CLASSES } from '../model/report.js'
export type {
  Collection,
  PositionReport,
  Reject,
  RejectReason,
  StaticData,
  StaticReport,
  TxClass,
} from '../model/report.js'
export { eventSchema, jsonSchema, reportSchema, statsSchema } from '../model/schema.js'
export type { SchemaName } from '../model/schema.js'
export type { EngineCounts, SourceCounts } from '../model/stats.js'
export { createSourceCounts } from '../model/stats.js'
export { safeText } from '../model/text.js'
export { createWords } from '../model/words.js'
export type { Words } from '../model/words.js'
