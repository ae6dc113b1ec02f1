// Decoded messages as Parquet (parquet.apache.org), for whoever goes on in DuckDB, pandas or Spark: a column for each
// field, written row group by row group, so that memory does not grow with the file.

import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { toJson } from '../../sinks/ndjson.js'
import type { Output } from '../../sinks/output.js'
import { columnsOf, createRows, placesOf, type ColumnKind, type RecordOptions } from './columns.js'
import type { MessageSink } from './write.js'

/** Values held in memory before a row group is written, those that are absent included; and most rows of a group. */
const GROUP_VALUES = 2_000_000
const MAX_GROUP_ROWS = 50_000

const TYPES = {
  integer: 'INT32',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'STRING',
  time: 'TIMESTAMP',
  json: 'STRING',
} as const satisfies Record<ColumnKind, string>

/** @throws UsageError for a field that no message has */
export function createParquetSink(output: Output, options: Omit<RecordOptions, 'names'>): MessageSink {
  const columns = columnsOf(options)
  const groupRows = Math.min(MAX_GROUP_ROWS, Math.ceil(GROUP_VALUES / columns.length))
  const places = placesOf(columns.map(({ name }) => name))
  const rowOf = createRows(options.scaled ?? true)
  const bytes = new ByteWriter(1 << 20)
  const flush = (): void => {
    output.write(bytes.getBytes().slice())
    bytes.index = 0
  }
  const columnData = columns.map(({ name, kind }) => ({
    name,
    type: TYPES[kind],
    nullable: true,
    data: new Array<unknown>(groupRows),
  }))
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData }),
    createdBy: 'darkwake',
  })
  let rows = 0

  function writeGroup(): void {
    if (rows === 0) return
    if (rows < groupRows) for (const column of columnData) column.data.length = rows
    void writer.write({ columnData, rowGroupSize: groupRows })
    flush()
    for (const column of columnData) column.data = new Array<unknown>(groupRows)
    rows = 0
  }

  return {
    write(message) {
      const row = rowOf(message)
      for (const name in row) {
        const at = places.get(name)
        if (at !== undefined) columnData[at]!.data[rows] = valueOf(columns[at]!.kind, row[name])
      }
      if (++rows === groupRows) writeGroup()
    },
    close() {
      writeGroup()
      void writer.finish()
      flush()
      output.close()
    },
    abort() {
      // without its footer it is not to be read; what is there is kept all the same
      output.abort()
    },
  }
}

function valueOf(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (kind === 'time') return new Date(value as string)
  if (kind === 'json') return toJson(value)
  return kind === 'text' && typeof value !== 'string' ? String(value) : value
}
