// darkwake/scale: two passes as steps that many machines run. docs/scale.md.

export { judgeSea, judgeVessels, learnFrom, tellFound } from '../run/operators.js'
export type { InPeriod, OperatorOptions, OperatorRun } from '../run/operators.js'
export { createPeriod } from '../run/periods.js'
export type { Period, PeriodOptions, PeriodState } from '../run/periods.js'
export { openLessonsFiles } from '../run/lessons-file.js'
export type { LessonsFile } from '../run/lessons-file.js'
export { createWorkerBooks, STAGES, stageOf } from '../run/jetstream/books.js'
export type { Stage, WorkerBooks } from '../run/jetstream/books.js'
export { ingestLive } from '../run/jetstream/live.js'
export type { LiveIngest, LiveIngestOptions, Put } from '../run/jetstream/live.js'
export { ingest, work } from '../run/jetstream.js'
export type { IngestOptions, WorkOptions } from '../run/jetstream.js'
