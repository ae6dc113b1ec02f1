// What analysts decide: an event is acknowledged, commented or taken up again; a vessel is exempt until a day. Each is a
// line in a log that nothing is taken out of; what holds follows from it.

import type { Exempt } from '../assess/exemptions.js'
import type { Database, Row } from './database.js'
import type { EventIndex } from './event-index.js'
import { timestamp } from './filter.js'
import type { Decision, DecisionKind, Exemption } from './records.js'

export interface Decide extends Pick<Decision, 'event' | 'mmsi' | 'types' | 'text' | 'author'> {
  kind: DecisionKind
  /** Present, epoch ms. */
  at: number
  /** Epoch ms; exemptions only. */
  expires: number | null
}

export interface Decisions {
  /** @returns the decision as it was logged; null when there is no such event */
  decide(decision: Decide): Promise<Decision | null>
  of(event: string | null, mmsi: number | null): Promise<Decision[]>
  exemptions(): Promise<Exemption[]>
  /** Calls `listener` with those that hold, now and whenever they change; one at a time. */
  followExemptions(listener: (exempt: readonly Exempt[]) => void): Promise<void>
}

const MS = (column: string): string => `epoch_ms(${column})::DOUBLE`

export function createDecisions(db: Database, index: EventIndex): Decisions {
  const list = (value: unknown): string[] | null =>
    value == null ? null : [...(value as { items: string[] }).items]
  let tell: (exempt: readonly Exempt[]) => void = () => undefined
  const asDecision = (row: Row): Decision => ({ ...(row as unknown as Decision), types: list(row['types']) })
  return {
    async decide({ kind, event, mmsi, types, text, author, at, expires }) {
      let about: number[] = []
      const n = await db.transaction(async connection => {
        if (event !== null) {
          const known = await connection.runAndReadAll('SELECT n FROM events WHERE id = $event', { event })
          if (known.currentRowCount === 0) return null
          about = known.getColumns()[0] as number[]
        }
        const wanted = types && db.duckdb.listValue(types)
        const listed = { types: db.duckdb.LIST(db.duckdb.VARCHAR) }
        const last = await connection.runAndReadAll('SELECT coalesce(max(n), 0) + 1 FROM decisions')
        const next = last.getRows()[0]![0] as number
        const times = { at: timestamp(at), expires: expires === null ? null : timestamp(expires) }
        await connection.run(
          `INSERT INTO decisions VALUES ($n, $kind, $event, $mmsi, $types, $text, $author, epoch_ms($at::BIGINT), epoch_ms($expires::BIGINT))`,
          { n: next, kind, event, mmsi, types: wanted, text, author, ...times },
          listed,
        )
        if (kind === 'acknowledge' || kind === 'reopen')
          await connection.run(
            `UPDATE events SET acknowledged_at = ${kind === 'acknowledge' ? 'epoch_ms($at::BIGINT)' : 'NULL'} WHERE id = $event`,
            kind === 'acknowledge' ? { event, at: times.at } : { event },
          )
        if (kind === 'exempt' || kind === 'end_exemption')
          await connection.run('DELETE FROM exemptions WHERE mmsi = $mmsi', { mmsi })
        return next
      })
      if (n === null) return null
      if (kind === 'acknowledge' || kind === 'reopen') await index.changed(about)
      if (kind === 'exempt')
        // a row that left in the same transaction would still bar its key
        await db.transaction(async connection => {
          await connection.run(
            `INSERT INTO exemptions SELECT mmsi, types, text, author, decided_at, expires FROM decisions WHERE n = $n`,
            { n },
          )
        })
      if (kind === 'exempt' || kind === 'end_exemption') {
        index.exemptionsChanged()
        tell(await index.exemptions())
      }
      return (await this.of(event, mmsi)).find(decision => decision.n === n) ?? null
    },
    async of(event, mmsi) {
      const rows = await db.query(
        `SELECT n, kind, event, mmsi, types, text, author, ${MS('decided_at')} AS "at", ${MS('expires')} AS expires FROM decisions
         WHERE event = $event OR mmsi = $mmsi ORDER BY n`,
        { event, mmsi },
      )
      return rows.map(asDecision)
    },
    async followExemptions(listener) {
      listener(await index.exemptions())
      tell = listener
    },
    async exemptions() {
      const rows = await db.query(
        `SELECT x.mmsi, v.name, x.types, x.reason, x.author, ${MS('x.decided_at')} AS "at", ${MS('x.expires')} AS expires
         FROM exemptions x LEFT JOIN vessels v USING (mmsi) ORDER BY x.expires, x.mmsi`,
      )
      return rows.map(row => ({ ...(row as unknown as Exemption), types: list(row['types']) }))
    },
  }
}
