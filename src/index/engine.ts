// darkwake/engine: reports in, events out, in event time; and events folded into candidates. Also runs in a browser.

export { createEngine } from '../engine/engine.js'
export type { Engine, EngineOptions, ZoneActivity } from '../engine/api.js'
export { segment } from '../engine/segment.js'
export type { Segment, SegmentOptions, SegmentReport } from '../engine/segment.js'
export type { GridRow } from '../reception/grid.js'
export { isOfList } from '../assess/listed.js'
export { buildWatchlist, LIST_ACTIONS } from '../assess/watchlist.js'
export type { ListAction, Watchlist, WatchlistEntry } from '../assess/watchlist.js'
export { isReproach, LISTS_CAP, rank } from '../assess/rank.js'
export type { Candidate } from '../assess/rank.js'
export { storyOf } from '../assess/story.js'
export type { Pattern, Step, Story } from '../assess/story.js'
