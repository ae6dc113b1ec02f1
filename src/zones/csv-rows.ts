// Rows of a small CSV that a person keeps (ports, watchlists), each with the line it stands on, for messages that say
// where to look. `,` `;` or tab, plain or gzip.

import { parseString } from 'fast-csv'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { fileLabel, readWholeFile } from './read-file.js'

export interface CsvRow {
  /** Line of the file, from 1. */
  line: number
  cells: string[]
}

/**
 * All rows, the header among them; blank lines left out.
 * @throws InputError when the file cannot be read or is no CSV
 */
export async function readCsvRows(path: string): Promise<CsvRow[]> {
  const label = fileLabel(path)
  const text = (await readWholeFile(path)).toString('utf8').replace(/^\ufeff/, '')
  const firstLine = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = [',', ';', '\t'].reduce((a, b) =>
    firstLine.split(b).length > firstLine.split(a).length ? b : a,
  )
  return new Promise((resolve, reject) => {
    const rows: CsvRow[] = []
    let line = 1
    parseString<string[], string[]>(text, { delimiter })
      .on('data', (cells: string[]) => {
        if (cells.some(cell => cell.trim() !== '')) rows.push({ line, cells })
        line += cells.reduce((lines, cell) => lines + cell.split(/\r\n|\r|\n/).length - 1, 1)
      })
      .on('error', error =>
        reject(
          new InputError(
            'unrecognised',
            `${label}: ${oddQuotes(text)}no CSV (${safeText(error.message, 200)})`,
            { cause: error },
          ),
        ),
      )
      .on('end', () => resolve(rows))
  })
}

/** Where quotes do not come in pairs, which is how most of these files are broken. */
function oddQuotes(text: string): string {
  const line = text.split(/\r\n|\r|\n/).findIndex(one => one.split('"').length % 2 === 0)
  return line < 0 ? '' : `line ${line + 1}: `
}
