// Rows into the database by the thousand: appended to a table that lives for one transaction, then taken over by SQL.
// Times travel as epoch milliseconds and become timestamps there.

import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import type { Database, Value } from './database.js'

export type Kind = 'integer' | 'unsigned' | 'real' | 'text' | 'texts'

const SQL: Record<Kind, string> = {
  ...{ integer: 'INTEGER', unsigned: 'UINTEGER', real: 'DOUBLE', text: 'VARCHAR', texts: 'VARCHAR[]' },
}
const CHUNK = 2048

/** NaN is what a column without a value holds; the database gets a NULL. */
const orNull = (value: unknown): Value =>
  typeof value === 'number' && Number.isNaN(value) ? null : ((value ?? null) as Value)

/**
 * @param kinds name and kind of each column
 * @param columns as many arrays, all of one length
 */
export async function stage(
  { duckdb }: Database,
  connection: DuckDBConnection,
  name: string,
  kinds: Record<string, Kind>,
  columns: readonly (readonly unknown[])[],
): Promise<void> {
  const list = Object.entries(kinds).map(([column, kind]) => `${column} ${SQL[kind]}`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} (${list.join(', ')})`)
  const types: Record<Kind, DuckDBType> = {
    integer: duckdb.INTEGER,
    unsigned: duckdb.UINTEGER,
    real: duckdb.DOUBLE,
    text: duckdb.VARCHAR,
    texts: duckdb.LIST(duckdb.VARCHAR),
  }
  const of = Object.values(kinds)
  const rows = columns[0]?.length ?? 0
  const appender = await connection.createAppender(name)
  for (let from = 0; from < rows; from += CHUNK) {
    const n = Math.min(CHUNK, rows - from)
    const chunk = duckdb.DuckDBDataChunk.create(
      of.map(kind => types[kind]),
      n,
    )
    columns.forEach((column, k) => {
      const values = column.slice(from, from + n).map(orNull)
      chunk.setColumnValues(
        k,
        of[k] === 'texts'
          ? values.map(value => value && duckdb.listValue(value as unknown as Value[]))
          : values,
      )
    })
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}
