// darkwake/sinks: events as NDJSON, CSV, GeoJSON, KML or in the shape of Global Fishing Watch, into files that take their name only when whole.

export { CANDIDATE_FORMATS, candidateRecord, writeCandidates } from '../sinks/candidates.js'
export type { CandidateFormat } from '../sinks/candidates.js'
export { writeAnchorages } from '../sinks/anchorages.js'
export { envelopeFeature, feature, geometryOf } from '../sinks/geojson.js'
export { eventLine, toJson } from '../sinks/ndjson.js'
export { openFile, openOutput, openStdout } from '../sinks/output.js'
export type { FileOutputOptions, Output } from '../sinks/output.js'
export { GRID_FORMATS, writeReceptionGrid } from '../sinks/reception-grid.js'
export type { GridFormat } from '../sinks/reception-grid.js'
export { createSink, formatOf, SINK_FORMATS } from '../sinks/sink.js'
export type { Sink, SinkFormat } from '../sinks/sink.js'
