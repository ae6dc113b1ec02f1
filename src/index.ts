// darkwake: the public face. Named re-exports and nothing else; no work happens at import. The same names stand under
// darkwake/ais, darkwake/zones and so on for whoever wants one part alone. docs/library.md.

export { detect } from './run/detect.js'
export type { DetectOptions, DetectRun, Progress } from './run/detect.js'
export { match, MATCH_TYPES } from './run/match.js'
export type { MatchOptions } from './run/match.js'
export { createPictures } from './run/pictures.js'
export type { Pictures, PicturesOptions } from './run/pictures.js'
export { systemWall, watch } from './run/watch.js'
export type {
  FeedStatus,
  OutletContext,
  Wall,
  Watch,
  WatchLog,
  WatchOptions,
  WatchRules,
  WatchStatus,
} from './run/watch.js'
export type { FeedOptions, Health } from './run/watch/feed.js'
export { decode } from './run/decode.js'
export type { DecodeCounts, DecodedMessage, DecodeOptions } from './run/decode.js'
export { createRecords } from './run/decode/columns.js'
export type { RecordOptions } from './run/decode/columns.js'
export { lineSchema } from './run/decode/schema.js'
export { createMessageSink, MESSAGE_FORMATS, messageFormatOf } from './run/decode/write.js'
export type { MessageFormat, MessageSink } from './run/decode/write.js'
export { inspect } from './run/inspect.js'
export type { Cadence, ClockOffset, InspectOptions, Inspection } from './run/inspect.js'
export type { InputStats, RunStats } from './run/stats.js'
export { lookAround } from './run/around.js'
export type { AroundOptions } from './run/around.js'
export { createSelection } from './run/select.js'
export type { BoundingBox, Selection } from './run/select.js'

export * from './index/ais.js'
export * from './index/engine.js'
export * from './index/geo.js'
export * from './index/live.js'
export * from './index/match.js'
export * from './index/model.js'
export * from './index/scale.js'
export * from './index/simulate.js'
export * from './index/sinks.js'
export * from './index/sources.js'
export * from './index/store.js'
export * from './index/zones.js'
