// Watchlists, exemptions and registers from CSV files (docs/watchlists.md). A list decides who is told of and who is not, so nothing of
// it is guessed: what cannot be read is refused, with the line it stands on.

import { basename } from 'node:path'
import {
  entryKey,
  flagNamed,
  LIST_ACTIONS,
  namesVessel,
  type ListAction,
  type WatchlistEntry,
} from '../assess/watchlist.js'
import { InputError } from '../model/errors.js'
import { SPOOFING_CLASSES, VESSEL_EVENT_TYPES } from '../model/event.js'
import { safeText } from '../model/text.js'
import { MS_PER_DAY } from '../model/units.js'
import { readCsvRows } from '../zones/csv-rows.js'
import { fileLabel } from '../zones/read-file.js'
import { shipTypeCode } from './codes.js'

const COLUMNS = [
  ...(['mmsi', 'imo', 'callsign', 'name', 'list', 'reason'] as const),
  ...(['expires', 'action', 'types', 'flag', 'shiptype'] as const),
]
type Column = (typeof COLUMNS)[number]
const IDENTIFIERS = ['mmsi', 'imo', 'callsign', 'name'] as const
/** What an exemption can name. */
export const EXEMPTIBLE: readonly string[] = [...VESSEL_EVENT_TYPES, ...SPOOFING_CLASSES]

export interface LoadedWatchlist {
  entries: WatchlistEntry[]
  /** Rows that a later row of the same list, about the same vessel and to the same end, has replaced. */
  replaced: number
}

/**
 * @throws InputError when the file cannot be read, has other columns, or a row cannot be understood: with its line, and
 * what would be right
 */
export async function loadWatchlist(path: string): Promise<LoadedWatchlist> {
  const label = fileLabel(path)
  const [head, ...rows] = await readCsvRows(path)
  const columns = columnsOf(head?.cells ?? [], label)
  const otherwise = basename(path).replace(/(\.[a-z]{1,4}){1,2}$/i, '')
  const byKey = new Map<string, WatchlistEntry>()
  for (const { line, cells } of rows) {
    const no = (why: string) => new InputError('unrecognised', `${label}: line ${line}: ${why}`)
    if (cells.length > columns.length && cells.slice(columns.length).some(cell => cell.trim() !== ''))
      throw no(`${cells.length} cells, but the header names ${columns.length}`)
    const row = Object.fromEntries(columns.map((name, k) => [name, cells[k]?.trim() ?? ''])) as Row
    const entry = entryOf(row, otherwise, no)
    const key = entryKey(entry)
    byKey.delete(key) // the later one stands where it stands
    byKey.set(key, entry)
  }
  return { entries: [...byKey.values()], replaced: rows.length - byKey.size }
}

type Row = Partial<Record<Column, string>>
type Refuse = (why: string) => InputError

function columnsOf(header: string[], label: string): Column[] {
  const names = header.map(cell => cell.trim().toLowerCase())
  const no = (why: string) => new InputError('unrecognised', `${label}: ${why}`)
  for (const [k, name] of names.entries()) {
    if (!(COLUMNS as readonly string[]).includes(name))
      throw no(`no column is named "${safeText(header[k]!.trim(), 60)}": expected ${COLUMNS.join(', ')}`)
    if (names.indexOf(name) < k) throw no(`two columns are named ${name}`)
  }
  if (!IDENTIFIERS.some(name => names.includes(name)))
    throw no(`no column that names a vessel: expected one of ${IDENTIFIERS.join(', ')}`)
  return names as Column[]
}

function entryOf(row: Row, otherwise: string, no: Refuse): WatchlistEntry {
  const { callsign, name, reason, expires, flag, shiptype } = row
  const must = <T>(column: Column, value: T | undefined, expected: string): T => {
    if (value !== undefined) return value
    throw no(`${column}: expected ${expected}, got "${safeText(row[column] ?? '', 60)}"`)
  }
  const action = must('action', actionOf(row.action), LIST_ACTIONS.join(', '))
  const types = (row.types ?? '')
    .toLowerCase()
    .split(/[\s,;|]+/)
    .filter(Boolean)
  const entry: WatchlistEntry = {
    ...(row.mmsi && { mmsi: must('mmsi', numberOf(row.mmsi), NUMBER) }),
    ...(row.imo && { imo: must('imo', numberOf(row.imo.replace(/^imo\s*/i, '')), NUMBER) }),
    ...(callsign && { callsign }),
    ...(name && { name }),
    list: row.list || otherwise,
    ...(reason && { reason }),
    ...(expires && { expires: must('expires', endOf(expires), 'a date such as 2026-12-31') }),
    action,
    ...(types.length > 0 && { types }),
    ...(flag && {
      flag: must('flag', flagNamed(flag), 'ISO 3166-1 alpha-3, or the first three digits of its MMSIs'),
    }),
    ...(shiptype && {
      shipType: must(
        'shiptype',
        shipTypeCode(shiptype),
        'an M.1371 type from 1 to 99, or a word such as fishing',
      ),
    }),
  }
  must(
    'types',
    types.every(type => EXEMPTIBLE.includes(type)) || undefined,
    `some of ${EXEMPTIBLE.join(', ')}`,
  )
  if (types.length > 0 && action !== 'exempt') throw no(`types: goes with action exempt, not ${action}`)
  const isKind = entry.flag !== undefined || entry.shipType !== undefined
  if (isKind && action !== 'only') throw no(`flag, shiptype: go with action only, not ${action}`)
  if (!isKind && action === 'only')
    throw no('action only: expected a flag or a shiptype, to say which vessels the list is of')
  if (action !== 'only' && !namesVessel(entry))
    throw no(`no vessel: expected one of ${IDENTIFIERS.join(', ')}`)
  return entry
}

function actionOf(text = ''): ListAction | undefined {
  const word = text.toLowerCase() || 'watch'
  return LIST_ACTIONS.find(action => action === word)
}

const NUMBER = 'a whole number from 1 to 999999999'

function numberOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined
}

/** A day is meant to its end, in UTC. */
function endOf(text: string): number | undefined {
  const start = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  const isDay = Number.isFinite(start) && new Date(start).toISOString().startsWith(text)
  return isDay ? start + MS_PER_DAY : undefined
}
