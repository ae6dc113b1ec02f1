// The table of events that questions are answered from (event-table.ts): read from the database when it is first needed,
// kept up with what is written after. One in memory answers any filter on a million events in some milliseconds; a scan
// of the database takes ten times as long.

import type { Exempt } from '../assess/exemptions.js'
import type { Database, Row, Value } from './database.js'
import { createTable, dropRows, putRows, type EventTable } from './event-table.js'

export interface EventIndex {
  /** The table as of all that was written before; read it before the next `await`. */
  table(): Promise<EventTable>
  /** Exemptions that were decided and not ended; one a vessel. */
  exemptions(): Promise<readonly Exempt[]>
  /** These events were written, or are gone. Nothing is read while nobody has asked for the table. */
  changed(numbers: readonly number[]): Promise<void>
  exemptionsChanged(): void
  /** Somebody else wrote: the next question reads everything again. */
  forget(): void
  /** Reads no more; resolves when nothing is being read. */
  close(): Promise<void>
}

/** Numbers of one question to the database. */
const CHUNK = 5000

const MS = (column: string): string => `epoch_ms(${column})::DOUBLE`

/** All events, or those of these numbers, each with its zones, by number. */
const rows = (numbers?: readonly number[]): string => {
  const among = (column: string): string => (numbers ? `${column} IN (${numbers.join(', ')})` : 'true')
  return `
    SELECT e.n, e.type, e.class, e.flag, e.mmsi, e.partner, e.score, ${MS('e.start_t')}, ${MS('e.end_t')}, e.duration_s,
      e.start_lat, e.start_lon, e.end_lat, e.end_lon, (e.phase = 'retracted')::INTEGER, (e.acknowledged_at IS NOT NULL)::INTEGER, e.search, z.zones
    FROM events e LEFT JOIN (SELECT n, list(zone) AS zones FROM event_zones WHERE ${among('n')} GROUP BY n) z USING (n)
    WHERE ${among('e.n')} ORDER BY e.n`
}

export function createEventIndex(db: Database): EventIndex {
  let table: EventTable | null = null
  let exempt: Promise<readonly Exempt[]> | null = null
  let stale = true
  let closed = false
  // reads follow one another, so that what was written last is read last
  let last: Promise<unknown> = Promise.resolve()
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }

  async function load(): Promise<EventTable> {
    while (stale || table === null) {
      stale = false
      const made = createTable()
      try {
        await db.chunks(rows(), columns => {
          if (closed) throw new Error('store: closed')
          put(made, columns)
        })
      } catch (error) {
        stale = true
        throw error
      }
      table = made
    }
    return table
  }

  return {
    table: () => (table !== null && !stale ? Promise.resolve(table) : after(load)),
    exemptions: () => (exempt ??= readExemptions(db)),
    exemptionsChanged() {
      exempt = null
    },
    changed: numbers =>
      after(async () => {
        // nobody asks, or all is read again anyway
        if (table === null || stale || numbers.length === 0) return
        const gone = new Set(numbers)
        try {
          for (let from = 0; from < numbers.length; from += CHUNK) {
            const columns = await db.columns(rows(numbers.slice(from, from + CHUNK)))
            for (const n of columns[0] ?? []) gone.delete(n as number)
            if (!put(table, columns)) stale = true
          }
          if (gone.size > 0) dropRows(table, gone)
        } catch {
          // it is written all the same: the next question reads it, or says what is wrong
          stale = true
        }
      }),
    forget() {
      stale = true
      exempt = null
    },
    async close() {
      closed = true
      await last
    },
  }
}

/** @returns false when an event has no place in the table */
function put(table: EventTable, columns: readonly (readonly Value[])[]): boolean {
  if (columns.length === 0) return true
  const at = (k: number): never => columns[k] as never
  return putRows(table, {
    ...{ n: at(0), type: at(1), class: at(2), flag: at(3), mmsi: at(4), partner: at(5), score: at(6) },
    ...{ start: at(7), end: at(8), duration: at(9) },
    ...{ lat: at(10), lon: at(11), endLat: at(12), endLon: at(13) },
    ...{ retracted: at(14), acknowledged: at(15), search: at(16) },
    zones: columns[17]!.map(zones => (zones as { items: string[] } | null)?.items ?? []),
  })
}

async function readExemptions(db: Database): Promise<Exempt[]> {
  const found: Row[] = await db.query(`SELECT mmsi, types, ${MS('expires')} AS expires FROM exemptions`)
  return found.map(({ mmsi, types, expires }) => ({
    mmsi: mmsi as number,
    types: types === null ? null : [...(types as unknown as { items: string[] }).items],
    expires: expires as number,
  }))
}
