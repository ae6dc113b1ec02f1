// darkwake/engine: reports in, events out, in event time. Pure: also runs in a browser.

export { createEngine } from '../engine/engine.js'
export type { Engine, EngineOptions, ZoneActivity } from '../engine/api.js'
