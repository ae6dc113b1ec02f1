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
export { buildReport, REPORT_FORMATS, reportFormatOf, writeReport } from '../sinks/report.js'
export type { ReportFormat } from '../sinks/report.js'
export type {
  Around,
  Findings as ReportFindings,
  Heard,
  ReportOptions,
  TrackPoint,
} from '../sinks/report/findings.js'
export { taskingGeojson } from '../sinks/tasking.js'
export { createSink, formatOf, SINK_FORMATS } from '../sinks/sink.js'
export type { Sink, SinkFormat } from '../sinks/sink.js'
