// CSV for spreadsheets: one row an event, one header row. A spreadsheet runs a cell that begins like a formula, and
// names come from whoever has a transmitter: such text gets a leading apostrophe (OWASP, CSV injection; CWE-1236).

import { format } from 'fast-csv'
import type { DarkEvent } from '../model/event.js'
import { flatEvent, type Cell } from './flat.js'
import { toJson } from './ndjson.js'
import type { EventFormat } from './sink.js'
import { plain } from './values.js'

/** Column names in order. */
export const CSV_COLUMNS = [
  ...['id', 'type', 'class', 'phase', 'revision', 'asOf', 'mmsi', 'track'],
  ...['name', 'imo', 'callsign', 'flag', 'shipType', 'txClass'],
  ...['source', 'receiver', 'areaLat', 'areaLon', 'areaRadiusM'],
  ...['startTime', 'startLat', 'startLon', 'startReceivers'],
  ...['endTime', 'endLat', 'endLon', 'endReceivers', 'durationS'],
  ...['score', 'startZones', 'endZones', 'touchedZones', 'reasons', 'details'],
]

// = + - @ and their full-width forms, tab, CR, LF
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** Text that no spreadsheet runs. Numbers stay numbers. */
export const formulaSafe = (cell: Cell): Cell =>
  typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell

/** Cells to a line of CSV with its line feed; the lines of one file come from one such writer. */
export function csvLine(): (cells: Cell[]) => string {
  // a transform stream that works in step with its writer: what goes in comes out at once
  const rows = format({ headers: false, rowDelimiter: '\n' })
  return cells => {
    rows.write(cells.map(formulaSafe))
    let text = ''
    for (let piece: unknown; (piece = rows.read()) !== null;) text += String(piece)
    return `${text.replace(/^\n/, '')}\n` // its delimiter stands between rows, ours behind each
  }
}

export function csvFormat(): EventFormat {
  const line = csvLine()
  return {
    head: line(CSV_COLUMNS),
    event: event => line(rowOf(event)),
    tail: '',
  }
}

function rowOf(event: DarkEvent): Cell[] {
  const flat: Record<string, Cell> = { ...flatEvent(event), details: toJson(plain('details', event.details)) }
  return CSV_COLUMNS.map(name => flat[name] ?? null)
}
