// Runs over recorded inputs, each a row: which of them found an event last, and which no longer finds it. A run that reads
// again all that an earlier one of its kind had read speaks for it: what it does not find is withdrawn, never deleted.
// What a watch writes is of no run, and no run withdraws it.

import type { DarkEvent } from '../model/event.js'
import { safeText } from '../model/text.js'
import { eventLine } from '../sinks/ndjson.js'
import { parseEvent } from '../sources/events.js'
import type { Database } from './database.js'
import type { EventIndex } from './event-index.js'
import { timestamp } from './filter.js'
import { stage } from './stage.js'

export interface RunInput {
  name: string
  /** Equal for what is the same input, or more of it; null where that cannot be told. */
  key: string | null
}

export interface RunBegin {
  /** A run speaks for those of its own kind alone. */
  kind: 'detect' | 'match'
  inputs: readonly RunInput[]
  /** Present, epoch ms. */
  at: number
}

export interface RunEnd {
  /** First and last event time that was accepted, epoch ms; null for none. */
  from: number | null
  to: number | null
  /** Present, epoch ms. */
  at: number
  /** Keys of inputs that were read to their end; none when the run was cut short. */
  read: readonly string[]
  /** What it would have told of: of other events it says nothing. */
  wanted: (event: DarkEvent) => boolean
}

export interface Run {
  n: number
  kind: RunBegin['kind']
}

export interface Runs {
  /** The one that writes; null for a watch. */
  readonly current: Run | null
  /** What is written from now on is of this run. */
  begin(run: RunBegin): Promise<void>
  /** After all it found was written; what is written later is of no run. @returns how many events of earlier runs were withdrawn */
  end(run: RunEnd): Promise<number>
}

const MAX_NAME = 120

export function createRuns(db: Database, index: EventIndex): Runs {
  let current: Run | null = null

  return {
    get current() {
      return current
    },
    async begin({ kind, inputs, at }) {
      current = await db.transaction(async connection => {
        const last = await connection.runAndReadAll('SELECT coalesce(max(n), 0) + 1 FROM runs')
        const n = last.getRows()[0]![0] as number
        const texts = db.duckdb.LIST(db.duckdb.VARCHAR)
        await connection.run(
          `INSERT INTO runs (n, kind, inputs, keys, began_at) VALUES ($n, $kind, $names, $keys, epoch_ms($at::BIGINT))`,
          {
            ...{ n, kind, at: timestamp(at) },
            names: db.duckdb.listValue(inputs.map(({ name }) => safeText(name, MAX_NAME))),
            keys: db.duckdb.listValue(inputs.map(({ key }) => key)),
          },
          { names: texts, keys: texts },
        )
        return { n, kind }
      })
    },
    async end({ from, to, at, read, wanted }) {
      if (!current) return 0
      const { n, kind } = current
      current = null
      const gone = await db.transaction(async connection => {
        const time = (t: number | null) => (t === null ? 'NULL' : `epoch_ms(${Math.round(t)})`)
        await connection.run(
          `UPDATE runs SET from_t = ${time(from)}, to_t = ${time(to)}, ended_at = ${time(at)} WHERE n = ${n}`,
        )
        if (from === null || to === null || read.length === 0) return []
        // of a run that was killed the span is not known: each event stands for itself
        const found = await connection.runAndReadAll(
          `SELECT e.n, e.event FROM events e JOIN runs p ON p.n = e.run
           WHERE e.run <> ${n} AND e.withdrawn_by IS NULL AND e.phase <> 'retracted' AND p.kind = $kind
             AND len(p.keys) > 0 AND list_has_all($read, list_transform(p.keys, key -> coalesce(key, '')))
             AND coalesce(p.from_t, e.start_t) >= ${time(from)} AND coalesce(p.to_t, e.start_t) <= ${time(to)}
           ORDER BY e.n`,
          { kind, read: db.duckdb.listValue([...read]) },
          { read: db.duckdb.LIST(db.duckdb.VARCHAR) },
        )
        const rows = (found.getRows() as [number, string][]).flatMap(([row, line]) => {
          const event = parseEvent(line)
          return typeof event === 'string' || !wanted(event) ? [] : [{ row, event: takenBack(event, to) }]
        })
        if (rows.length === 0) return []
        await stage(db, connection, 'gone', { n: 'integer', as_of: 'real', event: 'text' }, [
          rows.map(({ row }) => row),
          rows.map(({ event }) => event.asOf),
          rows.map(({ event }) => eventLine(event)),
        ])
        await connection.run(`
          UPDATE events SET phase = 'retracted', revision = revision + 1, as_of = epoch_ms(gone.as_of::BIGINT),
            event = gone.event, withdrawn_by = ${n} FROM gone WHERE events.n = gone.n;
          INSERT INTO event_revisions
            SELECT id, revision, phase, e.as_of, e.event, ${n} FROM events e SEMI JOIN gone USING (n) ORDER BY n;
        `)
        return rows.map(({ row }) => row)
      })
      await index.changed(gone)
      return gone.length
    },
  }
}

const takenBack = (event: DarkEvent, to: number): DarkEvent => ({
  ...{ ...event, phase: 'retracted', revision: event.revision + 1, asOf: Math.max(event.asOf, to) },
})
