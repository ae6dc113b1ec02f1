// Parquet and GeoParquet (https://parquet.apache.org/docs/file-format/, https://geoparquet.org) through hyparquet: row group by
// row group, one column after the other, only the columns that fill a field. Memory is that of one row group.

import { open } from 'node:fs/promises'
import {
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  type ParquetParsers,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { wkbToGeojson } from 'hyparquet/src/wkb.js'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { FIELDS, plainName } from './fields.js'
import type { NamedLayout } from './json/recognise.js'
import { checkPages } from './parquet-pages.js'
import { createRecords, FIELD_INDEX, isAbsent, type Values } from './records.js'
import type { ReaderContext } from './reader.js'
import { createRows } from './rows.js'
import { applyMap, assignColumns, recogniseTable, requireColumns, type TableColumns } from './tables.js'
import { toOurs, type Unit } from './units.js'

/** Rows read at a time where the file has an index of its pages; else a row group. */
const SLICE_ROWS = 1 << 18
/** A column of one row group that unpacks to more is refused: writers make groups of some 100 MB in all. */
const MAX_COLUMN_BYTES = 2 ** 30
const MAX_GROUP_ROWS = 2 ** 25
const MAX_FOOTER_BYTES = 2 ** 26
const GEOMETRY_NAMES = ['geometry', 'geom', 'wkbgeometry', 'shape']

export interface ParquetTable {
  layout: NamedLayout | undefined
  columns: string[]
  fields: TableColumns
  /** Column of WKB points, −1 where there is none or latitude and longitude have columns of their own. */
  geometry: number
  metadata: FileMetaData
}

/** Numbers for times (epoch ms), points as they are, text as text; what cannot be decoded is not available. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: millis => Number(millis),
  timestampFromMicroseconds: micros => Math.floor(Number(micros) / 1e3),
  timestampFromNanoseconds: nanos => Number(nanos / 1_000_000n),
  dateFromDays: days => days * 86_400_000,
  geometryFromBytes: pointOf,
  geographyFromBytes: pointOf,
  jsonFromBytes: () => undefined,
}

/** `[longitude, latitude]` of a WKB point; undefined for anything else. */
function pointOf(bytes: Uint8Array): readonly number[] | undefined {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const shape = wkbToGeojson({ view, offset: 0 })
    return shape.type === 'Point' ? shape.coordinates : undefined
  } catch {
    return undefined
  }
}

/** Runs `work` with the file open; what hyparquet throws about damaged bytes becomes one line. */
async function withFile<T>(
  name: string,
  path: string,
  work: (buffer: AsyncBuffer) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
      const from = Math.max(0, start < 0 ? size + start : start)
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - from))
      let done = 0
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done)
        if (bytesRead === 0) throw new Error('ends too early')
        done += bytesRead
      }
      return bytes.buffer
    }
    return await work({ byteLength: size, slice })
  } catch (error) {
    if (error instanceof InputError || (error as NodeJS.ErrnoException).syscall) throw error
    const why = safeText(error instanceof Error ? error.message : String(error), 100)
    throw new InputError('failed', `${name}: damaged Parquet (${why})`, { cause: error })
  } finally {
    await file.close()
  }
}

/**
 * Reads the footer: which columns there are and what they mean.
 * @param known the layout where somebody said it; `names`: columns go by their names
 * @throws InputError `failed` when the file is damaged, `unrecognised` when columns are missing
 */
export function openParquet(
  name: string,
  path: string,
  known: NamedLayout | 'names' | undefined,
  map: Record<string, string> = {},
): Promise<ParquetTable> {
  return withFile(name, path, async file => {
    const footer = new DataView(await file.slice(-8))
    if (footer.byteLength === 8 && footer.getUint32(0, true) > MAX_FOOTER_BYTES) {
      throw new Error('a footer larger than 64 MiB')
    }
    const metadata = await parquetMetadataAsync(file, { parsers: PARSERS })
    for (const element of metadata.schema) {
      const isGeometry = element.type === 'BYTE_ARRAY' && GEOMETRY_NAMES.includes(plainName(element.name))
      if (isGeometry && !element.converted_type) element.logical_type ??= { type: 'GEOMETRY' }
    }
    const flat = parquetSchema(metadata).children.filter(child => child.children.length === 0)
    const columns = flat.map(({ element }) => element.name)
    // what is stored as integers
    const isWhole = (k: number): boolean => {
      const { type, logical_type, converted_type } = flat[k]!.element
      return (
        (type === 'INT32' || type === 'INT64') &&
        !/TIME|DATE|DECIMAL/.test(`${logical_type?.type} ${converted_type}`)
      )
    }
    const layout = known === 'names' ? undefined : (known ?? recogniseTable(columns, isWhole))
    const fields = assignColumns(columns, layout)
    applyMap(fields, columns, map, name)
    const isPlaced = fields.column.lat >= 0 && fields.column.lon >= 0
    const geometry = isPlaced
      ? -1
      : flat.findIndex(({ element }) => /^GEO/.test(element.logical_type?.type ?? ''))
    const { column } = fields
    requireColumns({ column, columns, layout, input: name, what: 'Parquet', hasPlace: geometry >= 0 })
    return { layout, columns, fields, geometry, metadata }
  })
}

interface Source {
  index: number
  column: string
  unit: Unit | undefined
}

/**
 * Reads all rows; `context.counts.bytes` grows with the share of rows read.
 * @throws InputError `failed` where the file is damaged; what was read until then was delivered
 */
export function readParquet(
  name: string,
  path: string,
  { layout, columns, fields, geometry, metadata }: ParquetTable,
  context: ReaderContext,
  onBytes?: (bytes: number) => void,
): Promise<void> {
  const rows = createRows(context)
  const records = createRecords(context, rows)
  const sources: Source[] = FIELDS.filter(field => fields.column[field] >= 0).map(field => ({
    index: FIELD_INDEX[field],
    column: columns[fields.column[field]]!,
    unit: fields.unit[field],
  }))
  const pointColumn = geometry >= 0 ? columns[geometry]! : undefined
  const needed = [...new Set([...sources.map(({ column }) => column), ...(pointColumn ? [pointColumn] : [])])]
  const values: Values = new Array<unknown>(FIELDS.length).fill(undefined)
  const before = context.counts.bytes
  const noBytes = new Uint8Array(0)
  const encoder = new TextEncoder()
  let line = 0

  function rawRow(): Uint8Array {
    if (!context.onReject) return noBytes
    const shown = FIELDS.filter((_, k) => !isAbsent(values[k])).map(field => [
      field,
      values[FIELD_INDEX[field]],
    ])
    return encoder.encode(
      JSON.stringify(Object.fromEntries(shown), (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    )
  }

  function takeRows(data: Map<string, DecodedArray>, count: number): void {
    const cells = sources.map(({ column }) => data.get(column)!)
    const points = pointColumn === undefined ? undefined : data.get(pointColumn)!
    for (let i = 0; i < count; i++) {
      line++
      for (let k = 0; k < sources.length; k++) {
        const { index, unit } = sources[k]!
        const value: unknown = cells[k]![i]
        values[index] = unit === undefined ? (value ?? null) : toOurs(value, unit)
      }
      if (points) {
        const point = points[i] as readonly number[] | undefined
        values[FIELD_INDEX.lon] = point?.[0] ?? null
        values[FIELD_INDEX.lat] = point?.[1] ?? null
      }
      context.counts.read++
      const filled = records.fill(values, { isMessage: layout?.isMessage, isStatic: layout?.isStatic })
      if (filled === 'other') {
        context.counts.other++
        continue
      }
      const reason = filled ?? rows.settle()
      if (reason === null) continue
      if (reason === 'no-time') rows.drop()
      const raw = rawRow()
      rows.reject(reason, line, raw, 0, raw.length)
    }
  }

  return withFile(name, path, async file => {
    const total = Number(metadata.num_rows)
    try {
      let start = 0
      for (const group of metadata.row_groups) {
        const groupRows = Number(group.num_rows)
        const chunks = group.columns.filter(({ meta_data }) =>
          needed.includes(meta_data?.path_in_schema[0] ?? ''),
        )
        const largest = Math.max(
          0,
          ...chunks.map(({ meta_data }) => Number(meta_data?.total_uncompressed_size ?? 0)),
        )
        if (!(groupRows >= 0 && groupRows <= MAX_GROUP_ROWS) || largest > MAX_COLUMN_BYTES) {
          throw new InputError(
            'failed',
            `${name}: a row group of ${groupRows} rows is too large: rewrite it in smaller ones`,
          )
        }
        for (const chunk of chunks) await checkPages(file, chunk, groupRows)
        const isIndexed =
          chunks.length > 0 && chunks.every(({ offset_index_length }) => (offset_index_length ?? 0) > 0)
        const step = isIndexed ? SLICE_ROWS : groupRows
        for (let from = 0; from < groupRows; from += step) {
          const count = Math.min(step, groupRows - from)
          const data = new Map<string, DecodedArray>()
          for (const column of needed) {
            const scan = await parquetScan({
              file,
              metadata,
              columns: [column],
              compressors,
              parsers: PARSERS,
            })
            const cells = await scan.readColumn({
              column,
              rowStart: start + from,
              rowEnd: start + from + count,
            })
            if (cells.length < count) throw new Error(`column ${column} is shorter than its row group`)
            data.set(column, cells)
          }
          takeRows(data, count)
          const read = Math.round((file.byteLength * (start + from + count)) / Math.max(1, total))
          context.counts.bytes = before + Math.min(read, file.byteLength)
          onBytes?.(context.counts.bytes - before)
        }
        start += groupRows
      }
    } finally {
      rows.flush()
    }
    context.counts.bytes = before + file.byteLength
    onBytes?.(file.byteLength)
  })
}
