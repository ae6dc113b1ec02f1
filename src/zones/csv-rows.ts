// Rows of a CSV that a person keeps (ports, watchlists) or a detector writes, each with the line it stands on, for messages
// that say where to look. `,` `;` or tab.

import { parse } from 'fast-csv'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { fileLabel, readTextPieces } from './read-file.js'

export interface CsvRow {
  /** Line of the file, from 1. */
  line: number
  cells: string[]
}

/**
 * All rows, the header among them; blank lines left out. Plain or gzip.
 * @throws InputError when the file cannot be read or is no CSV
 */
export async function readCsvRows(path: string): Promise<CsvRow[]> {
  const rows: CsvRow[] = []
  await eachCsvRow(path, readTextPieces(path), row => rows.push(row))
  return rows
}

/**
 * Hands over the rows of a file one by one, as its text comes in pieces of which the first holds the first line.
 * @throws InputError as readCsvRows; what `take` throws
 */
export async function eachCsvRow(
  path: string,
  pieces: AsyncIterable<string>,
  take: (row: CsvRow) => void,
): Promise<void> {
  const source = pieces[Symbol.asyncIterator]()
  const { value: first = '' } = (await source.next()) as { value?: string }
  const firstLine = first.slice(0, first.search(/[\r\n]|$/))
  const delimiter = [',', ';', '\t'].reduce((a, b) =>
    firstLine.split(b).length > firstLine.split(a).length ? b : a,
  )
  async function* all(): AsyncGenerator<string> {
    yield first
    yield* { [Symbol.asyncIterator]: () => source }
  }
  let line = 1
  let failure: { error: unknown } | undefined
  const parser = parse<string[], string[]>({ delimiter })
  try {
    await pipeline(Readable.from(all()), parser, async function (rows: AsyncIterable<string[]>) {
      for await (const cells of rows) {
        try {
          if (cells.some(cell => cell.trim() !== '')) take({ line, cells })
        } catch (error) {
          failure = { error }
          throw error
        }
        for (const cell of cells) line += breaksIn(cell)
        line++
      }
    })
  } catch (error) {
    if (failure) throw failure.error
    if (error instanceof InputError) throw error
    throw new InputError(
      'unrecognised',
      `${fileLabel(path)}: ${await oddQuotes(path)}no CSV (${safeText((error as Error).message, 200)})`,
      { cause: error },
    )
  }
}

const breaksIn = (cell: string): number =>
  cell.includes('\n') || cell.includes('\r') ? cell.split(/\r\n|\r|\n/).length - 1 : 0

/** Where quotes do not come in pairs, which is how most of these files are broken. */
async function oddQuotes(path: string): Promise<string> {
  let line = 1
  let rest = ''
  for await (const piece of readTextPieces(path)) {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    for (const each of lines) {
      if (each.split('"').length % 2 === 0) return `line ${line}: `
      line++
    }
  }
  return rest.split('"').length % 2 === 0 ? `line ${line}: ` : ''
}
