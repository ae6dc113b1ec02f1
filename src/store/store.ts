// A store: events with their revisions, tracks, vessels, zones, sources and decisions in one file that plain SQL reads.

import { openDatabase, type Row } from './database.js'
import { createDecisions, type Decisions } from './decisions.js'
import { createEventIndex } from './event-index.js'
import { exportParquet } from './export.js'
import { createPlaceReader, type PlaceReader } from './places.js'
import { createReader, type EventReader } from './reader.js'
import { createRuns, type Runs } from './runs.js'
import { createVesselReader, type VesselReader } from './vessels.js'
import { createWriter, type StoreWriter } from './writer.js'

export interface Store {
  readonly path: string
  readonly write: StoreWriter
  readonly runs: Runs
  readonly events: EventReader
  readonly vessels: VesselReader
  readonly places: PlaceReader
  readonly decisions: Decisions
  /** Any question in SQL, for programs that own the store. */
  sql(query: string): Promise<Row[]>
  /** Its tables as Parquet, with places as GeoParquet, into a folder. @returns the files written */
  exportTo(folder: string): Promise<string[]>
  /** Writes what waits, and lets go of the file. */
  close(): Promise<void>
}

/**
 * Opens the store at `path`, makes it where there is none, brings it up to this version.
 * @param path a file, or `:memory:` for one that lives as long as the process
 * @throws UsageError when the library is missing, the file is something else, newer, or held by another process
 */
export async function openStore(path: string, options: { mustExist?: boolean } = {}): Promise<Store> {
  const db = await openDatabase(path, options)
  const index = createEventIndex(db)
  const runs = createRuns(db, index)
  const write = createWriter(db, index, runs)
  return {
    ...{ path, write, runs },
    events: createReader(db, index),
    vessels: createVesselReader(db),
    places: createPlaceReader(db),
    decisions: createDecisions(db, index),
    async sql(query) {
      const { rows, wrote } = await db.run(query)
      if (wrote) index.forget()
      return rows
    },
    exportTo: folder => exportParquet(db, folder),
    async close() {
      try {
        await write.flush()
      } finally {
        await index.close()
        await db.close()
      }
    },
  }
}
