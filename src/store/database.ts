// The database under a store: DuckDB in this process, one file. The library is optional and imported when a store is
// asked for, so that nobody else pays for it.

import type * as Library from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { OutputError, UsageError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { MIGRATIONS, STORE_VERSION } from './schema.js'

export type Value = DuckDBValue
export type Params = Record<string, DuckDBValue>
export type Row = Record<string, DuckDBValue>

export interface Database {
  readonly path: string
  readonly duckdb: typeof Library
  /** The one connection that writes. */
  readonly main: DuckDBConnection
  /** Rows of a query; `$name` in SQL takes the value of that name. */
  query(sql: string, params?: Params): Promise<Row[]>
  /** The same by column, for many rows: arrays in the order of the select list. */
  columns(sql: string, params?: Params): Promise<Value[][]>
  /** The same, some thousand rows at a time. */
  chunks(sql: string, take: (columns: Value[][]) => void): Promise<void>
  /** Any statement; `wrote` is false for one that only reads. */
  run(sql: string): Promise<{ rows: Row[]; wrote: boolean }>
  /** Runs `work` after all that was begun before it, in one transaction. */
  transaction<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Readers at a time beside the writer: more would only share the same cores. */
const READERS = 3
/** Memory that the database takes for pages; the process has its own besides. */
const MEMORY = '1GB'

/**
 * Opens a store, or makes one where there is none.
 * @param path a file, or `:memory:`
 * @throws UsageError without the library, when it is another program's file, or of a newer version
 */
export async function openDatabase(path: string, { mustExist = false } = {}): Promise<Database> {
  const duckdb = await import('@duckdb/node-api').catch(() => {
    throw new UsageError('store: needs the package @duckdb/node-api: npm install @duckdb/node-api')
  })
  let instance: DuckDBInstance
  try {
    instance = await duckdb.DuckDBInstance.create(path, {
      memory_limit: MEMORY,
      // nothing is fetched, nothing of the file system is read through a query
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      access_mode: 'READ_WRITE',
    })
  } catch (error) {
    throw new UsageError(`store: ${path}: ${reason(error)}`)
  }
  const main = await instance.connect()
  try {
    await migrate(main, path, mustExist)
  } catch (error) {
    main.closeSync()
    instance.closeSync()
    throw error
  }
  // the key finds rows by the hundred far sooner than a scan
  await main.run('SET late_materialization_max_rows = 1000; SET preserve_insertion_order = true')
  const readers = await Promise.all(Array.from({ length: READERS }, () => instance.connect()))
  const busy = readers.map(() => 0)
  let last: Promise<unknown> = Promise.resolve()

  async function reading<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const k = busy.indexOf(Math.min(...busy))
    busy[k]!++
    try {
      return await work(readers[k]!)
    } finally {
      busy[k]!--
    }
  }

  return {
    ...{ path, duckdb, main },
    query: (sql, params = {}) =>
      reading(async connection => {
        const found = await connection.runAndReadAll(sql, params)
        return found.getRowObjects()
      }),
    columns: (sql, params = {}) =>
      reading(async connection => {
        const found = await connection.runAndReadAll(sql, params)
        return found.getColumns()
      }),
    chunks: (sql, take) =>
      reading(async connection => {
        const found = await connection.stream(sql)
        for (let chunk = await found.fetchChunk(); chunk?.rowCount; chunk = await found.fetchChunk())
          take(chunk.getColumns())
      }),
    run: sql =>
      reading(async connection => {
        const found = await connection.runAndReadAll(sql)
        return { rows: found.getRowObjects(), wrote: found.statementType !== duckdb.StatementType.SELECT }
      }),
    transaction(work) {
      const next = last.then(async () => {
        await main.run('BEGIN')
        try {
          const result = await work(main)
          await main.run('COMMIT')
          return result
        } catch (error) {
          await main.run('ROLLBACK').catch(() => undefined)
          throw new OutputError(`store: ${path}: ${reason(error)}`, { cause: error })
        }
      })
      last = next.catch(() => undefined)
      return next
    },
    async close() {
      await last
      for (const reader of readers) reader.closeSync()
      if (path !== ':memory:') await main.run('CHECKPOINT').catch(() => undefined)
      main.closeSync()
      instance.closeSync()
    },
  }
}

async function migrate(main: DuckDBConnection, path: string, mustExist: boolean): Promise<void> {
  const tables = await main.runAndReadAll(`SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'`)
  const names = tables.getRows().map(([name]) => name)
  if (names.length > 0 && !names.includes('meta'))
    throw new UsageError(`store: ${path}: a database of something else`)
  if (names.length === 0 && mustExist) throw new UsageError(`store: ${path}: holds nothing of darkwake`)
  let version = 0
  if (names.length > 0) {
    const found = await main.runAndReadAll(`SELECT value FROM meta WHERE key = 'version'`)
    version = Number(found.getRows()[0]?.[0] ?? NaN)
  }
  if (!(version <= STORE_VERSION))
    throw new UsageError(
      `store: ${path}: version ${version} is newer than this darkwake, which knows ${STORE_VERSION}`,
    )
  for (let next = version; next < STORE_VERSION; next++) {
    await main.run('BEGIN')
    await main.run(MIGRATIONS[next]!)
    await main.run(`INSERT OR REPLACE INTO meta VALUES ('version', '${next + 1}')`)
    await main.run('COMMIT')
  }
}

/** The database's own words on one line; a lock gets words that help. */
export function reason(error: unknown): string {
  const text = safeText(String((error as Error).message).split('\n')[0]!, 300)
  if (/lock/i.test(text))
    return 'another process has it open (watch --store FILE --serve shows it while it grows)'
  return text
}
