// Lists that an analyst brings: vessels to watch, vessels whose events are not to be told, and registers that a vessel of
// some kind should stand in. Who is on which list, by IMO number, MMSI, call sign, or a name alone. What comes of it is
// in listed.ts; docs/watchlists.md tells it to users.

import { flagOf } from '../ais/mmsi.js'
import { plain } from '../detectors/identity/checks.js'
import { safeText } from '../model/text.js'

export const LIST_ACTIONS = ['watch', 'exempt', 'only'] as const
export type ListAction = (typeof LIST_ACTIONS)[number]

/** One row of a list. It names a vessel by any of the first four; of an `only` row the kind of vessel may stand alone. */
export interface WatchlistEntry {
  mmsi?: number | undefined
  imo?: number | undefined
  callsign?: string | undefined
  name?: string | undefined
  list: string
  reason?: string | undefined
  /** It holds for events that begin before this, epoch ms. @default it always holds */
  expires?: number | undefined
  /** @default 'watch' */
  action?: ListAction | undefined
  /** Of an exemption: event types or classes that are not told. @default all */
  types?: readonly string[] | undefined
  /** Of `only`: vessels of this flag (ISO 3166-1 alpha-3) … */
  flag?: string | undefined
  /** … and this ship type (M.1371) should be on the list; 20, 40, 60, 70, 80 and 90 stand for their ten. */
  shipType?: number | undefined
}

/** What a vessel says it is, as far as it is known. */
export interface Identifiers {
  mmsi: number
  imo: number | null
  callsign: string | null
  name: string | null
}

const FIELDS = ['imo', 'mmsi', 'callsign', 'name'] as const
type IdField = (typeof FIELDS)[number]

/** A vessel found on a list. */
export interface Hit {
  entry: WatchlistEntry
  by: IdField
  /** What both tell, and tell differently. A name is written in many ways and is not compared. */
  against: Exclude<IdField, 'name'>[]
}

/** A list of all vessels of some kind. */
export interface Register {
  list: string
  /** A vessel of these flags and types should be on it; null: of any. */
  scopes: { flag: string | null; shipType: number | null }[]
  /** For each way in which rows name their vessel, the fields; a vessel that tells none of them cannot be told to be missing. */
  named: IdField[][]
}

export interface Watchlist {
  readonly entries: readonly WatchlistEntry[]
  readonly registers: readonly Register[]
  /** Where this vessel stands, each row once, expired or not, in the order of the rows. */
  find(vessel: Identifiers): Hit[]
}

/** Text as lists compare it: letters and digits of any case; from an `@` on there is nothing (M.1371). */
const folded = (text: string): string =>
  plain(text.replace(/@.*$/s, '').normalize('NFKD').replace(/\p{M}/gu, ''))

const keyOf = (field: IdField, value: number | string): string => `${field} ${folded(String(value))}`

/** What an entry or a vessel tells of a field, as it is compared; null for nothing. */
function told(
  field: IdField,
  of: Partial<Record<IdField, number | string | null | undefined>>,
): string | null {
  const value = of[field]
  if (value == null || value === 0) return null
  const key = keyOf(field, value)
  return key.endsWith(' ') ? null : key
}

/** A name says who it is only where a row says nothing better: many ships share one. */
function keysOf(entry: WatchlistEntry): [field: IdField, key: string][] {
  const keys = FIELDS.flatMap(field => {
    const key = told(field, entry)
    return key === null ? [] : [[field, key] as [IdField, string]]
  })
  return keys.length > 1 ? keys.filter(([field]) => field !== 'name') : keys
}

/** True when a row names a vessel at all. */
export const namesVessel = (entry: WatchlistEntry): boolean => keysOf(entry).length > 0

/** Two rows of one list about one vessel, to the same end: equal keys. */
export const entryKey = (entry: WatchlistEntry): string =>
  JSON.stringify([entry.list, entry.action ?? 'watch', keysOf(entry), entry.flag, entry.shipType])

/** Lists in the order given. Texts of them go to people as they are here: safe. */
export function buildWatchlist(rows: readonly WatchlistEntry[]): Watchlist {
  const entries = rows.map(row => ({
    ...row,
    ...safe(row, 'callsign', 20),
    ...safe(row, 'name', 120),
    ...safe(row, 'reason', 300),
    list: safeText(row.list, 80),
  }))
  const byKey = new Map<string, number[]>()
  entries.forEach((entry, k) => {
    for (const [, key] of keysOf(entry)) {
      const rowsOfKey = byKey.get(key)
      if (rowsOfKey) rowsOfKey.push(k)
      else byKey.set(key, [k])
    }
  })
  return {
    entries,
    registers: registersOf(entries),
    find(vessel) {
      const found = new Map<number, IdField>()
      for (const field of FIELDS) {
        const key = told(field, vessel)
        for (const k of (key !== null && byKey.get(key)) || []) if (!found.has(k)) found.set(k, field)
      }
      return [...found]
        .sort(([a], [b]) => a - b)
        .map(([k, by]) => ({ entry: entries[k]!, by, against: against(entries[k]!, vessel) }))
    },
  }
}

const safe = (row: WatchlistEntry, field: 'callsign' | 'name' | 'reason', max: number) =>
  row[field] === undefined ? {} : { [field]: safeText(row[field], max) }

function against(entry: WatchlistEntry, vessel: Identifiers): Hit['against'] {
  return (['imo', 'mmsi', 'callsign'] as const).filter(field => {
    const [listed, own] = [told(field, entry), told(field, vessel)]
    return listed !== null && own !== null && listed !== own
  })
}

function registersOf(entries: readonly WatchlistEntry[]): Register[] {
  const byList = new Map<
    string,
    { scopes: Map<string, Register['scopes'][0]>; named: Map<string, IdField[]> }
  >()
  for (const entry of entries) {
    if (entry.action !== 'only') continue
    let register = byList.get(entry.list)
    if (!register) byList.set(entry.list, (register = { scopes: new Map(), named: new Map() }))
    const { flag = null, shipType = null } = entry
    register.scopes.set(`${flag} ${shipType}`, { flag, shipType })
    const fields = keysOf(entry).map(([field]) => field)
    if (fields.length > 0) register.named.set(fields.join(), fields)
  }
  return [...byList].map(([list, { scopes, named }]) => ({
    ...{ list, scopes: [...scopes.values()], named: [...named.values()] },
  }))
}

/** Of the kind that this register is of. What does not tell its kind is of none. */
export function isInScope(register: Register, { mmsi }: Identifiers, shipType: number | null): boolean {
  const flag = flagOf(mmsi)
  return register.scopes.some(
    scope =>
      (scope.flag === null || scope.flag === flag) &&
      (scope.shipType === null || isOfType(shipType, scope.shipType)),
  )
}

/** Every row of the register could have been found, by something that the vessel tells. */
export const isComparable = (register: Register, vessel: Identifiers): boolean =>
  register.named.every(fields => fields.some(field => told(field, vessel) !== null))

const isOfType = (shipType: number | null, wanted: number): boolean =>
  shipType === wanted ||
  (shipType !== null &&
    wanted % 10 === 0 &&
    wanted !== 30 &&
    wanted !== 50 &&
    Math.floor(shipType / 10) === wanted / 10)

/** A flag as lists write it: three letters, or the country digits of its MMSIs. undefined for what is neither. */
export function flagNamed(text: string): string | undefined {
  if (/^[2-7]\d\d$/.test(text)) return flagOf(Number(text) * 1_000_000) ?? undefined
  return /^[a-z]{3}$/i.test(text) ? text.toUpperCase() : undefined
}
