// The temporary file of an external sort: sorted runs of reports, one after the other, as raw columns in blocks. Column
// values are written as they lie in memory; a column that holds one value through a whole run is kept as that value.

import fs from 'node:fs'
import { tmpdir } from 'node:os'
import {
  COLUMN_NAMES,
  copyRow,
  createBatch,
  windowOf,
  type ColumnName,
  type ReportBatch,
} from '../model/batch.js'
import { OutputError } from '../model/errors.js'
import type { Words } from '../model/words.js'
import { openTempFile } from '../sources/temp-file.js'

type Column = ReportBatch[ColumnName]

/** One sorted run being read back: `block` holds a piece of it, `at` is the row to come. */
export interface RunCursor {
  readonly block: ReportBatch
  at: number
  /** Loads the next block; false when the run has ended. */
  next(): boolean
}

export interface RunFile {
  /** Runs written so far. */
  readonly runs: number
  readonly bytes: number
  /**
   * Writes a run. `order` gives its rows in sorted order, null when the batch is sorted.
   * @throws OutputError when the disk is full or fails
   */
  write(batch: ReportBatch, order: Uint32Array | null): void
  /** A cursor for each run, standing before its first block. Each holds one block in memory. */
  cursors(): RunCursor[]
  /** Closes and removes the file. */
  dispose(): void
}

/** @param blockRows rows per block: what reading a run back holds in memory */
export function createRunFile(words: Words, blockRows: number, tempDir = tmpdir()): RunFile {
  const attempt = <T>(doing: string, work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw spillError(error, doing, tempDir, bytes, wanted)
    }
  }
  let bytes = 0
  let wanted = 0
  const file = attempt('create', () => openTempFile('runs', tempDir))
  const { fd } = file

  const runs: { offset: number; rows: number; first: ReportBatch; varying: ColumnName[] }[] = []
  const scratch = createBatch(words, blockRows)

  return {
    get runs() {
      return runs.length
    },
    get bytes() {
      return bytes
    },

    write(batch, order) {
      const rows = batch.length
      if (rows === 0) return
      const varying = COLUMN_NAMES.filter(name => !isConstant(batch, name))
      const first = createBatch(words, 1)
      copyRow(batch, 0, first, 0)
      runs.push({ offset: bytes, rows, first, varying })
      wanted = bytes + rows * varying.reduce((sum, name) => sum + batch[name].BYTES_PER_ELEMENT, 0)

      for (let start = 0; start < rows; start += blockRows) {
        const count = Math.min(blockRows, rows - start)
        let block = windowOf(batch, start, count)
        if (order) {
          const wanted = order.subarray(start, start + count)
          for (const name of varying) gather(bitsOf(batch[name]), wanted, bitsOf(scratch[name]))
          block = scratch
        }
        bytes += attempt('write', () => writeAll(fd, bytesOf(block, varying, count), bytes))
      }
    },

    cursors: () =>
      runs.map(({ offset, rows, first, varying }) => {
        const block = createBatch(words, Math.min(blockRows, rows))
        for (const name of COLUMN_NAMES) block[name].fill(first[name][0]!)
        let position = offset
        let read = 0
        return {
          block,
          at: 0,
          next() {
            this.at = 0
            block.length = Math.min(blockRows, rows - read)
            if (block.length === 0) return false
            const views = bytesOf(block, varying, block.length)
            position += attempt('read', () => readAll(fd, views, position))
            read += block.length
            return true
          },
        }
      }),

    dispose: () => file.close(),
  }
}

/** Values of the rows that `order` names, one after the other: by column, since most of 19 hold one value. */
function gather(from: Bits, order: Uint32Array, to: Bits): void {
  for (let k = 0; k < order.length; k++) to[k] = from[order[k]!]!
}

type Bits = Float64Array | Uint32Array | Uint16Array | Uint8Array

/** A column by the size of its values: the compiler tells four kinds of array apart at one place, not five. */
function bitsOf(column: Column): Bits {
  return column instanceof Float32Array
    ? new Uint32Array(column.buffer, column.byteOffset, column.length)
    : column
}

const byteView = (
  { buffer, byteOffset }: Uint8Array | Float64Array,
  start: number,
  bytes: number,
): Uint8Array => new Uint8Array(buffer, byteOffset + start, bytes)

const bytesOf = (batch: ReportBatch, names: ColumnName[], rows: number): Uint8Array[] =>
  names.map(name => byteView(batch[name] as Float64Array, 0, rows * batch[name].BYTES_PER_ELEMENT))

/** True when every row holds the same value: the column equals itself moved on by one row, which memcmp tells fast. */
function isConstant(batch: ReportBatch, name: ColumnName): boolean {
  const column = batch[name] as Float64Array
  const size = column.BYTES_PER_ELEMENT
  const length = (batch.length - 1) * size
  return Buffer.compare(byteView(column, 0, length), byteView(column, size, length)) === 0
}

const lengthOf = (views: Uint8Array[]): number => views.reduce((sum, view) => sum + view.length, 0)

/** What is left of `views` after `done` bytes. */
function rest(views: Uint8Array[], done: number): Uint8Array[] {
  const left: Uint8Array[] = []
  for (const view of views) {
    if (done < view.length) left.push(view.subarray(Math.max(0, done)))
    done -= view.length
  }
  return left
}

function writeAll(fd: number, views: Uint8Array[], position: number): number {
  const total = lengthOf(views)
  let done = fs.writevSync(fd, views, position)
  while (done < total) done += fs.writevSync(fd, rest(views, done), position + done) // a short write: the next says why
  return total
}

function readAll(fd: number, views: Uint8Array[], position: number): number {
  const total = lengthOf(views)
  let done = 0
  while (done < total) {
    const got = fs.readvSync(fd, rest(views, done), position + done)
    if (got === 0) throw new Error('the file ended early')
    done += got
  }
  return total
}

const MB = 1_000_000

function spillError(
  cause: unknown,
  doing: string,
  dir: string,
  written: number,
  wanted: number,
): OutputError {
  const { code, message } = cause as NodeJS.ErrnoException
  const needed = Math.ceil(wanted / MB)
  const why =
    code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
      ? `disk full: ${Math.floor(written / MB)} MB of reports were put aside, at least ${needed} MB are needed` +
        ' (set TMPDIR to a larger disk, or allow more memory)'
      : `cannot ${doing} temporary files: ${message}`
  return new OutputError(`sort by time: ${dir}: ${why}`, { cause })
}
