// A run of detect into a store: events and tracks as they come, zones, inputs and reception around them.

import { openStore } from '../index.js'
import type { DetectOptions, Exempt, GridRow, RunStats, ZonePolygon } from '../index.js'
import type { DarkEvent } from '../model/event.js'

export interface Keeper {
  take: NonNullable<DetectOptions['onReports']>
  add(event: DarkEvent): Promise<void>
  /** What analysts exempted; events of it are kept all the same. */
  exempt: readonly Exempt[]
  keep(event: DarkEvent): void
  /** What the run says of itself. Also after an interrupt. */
  end(stats: RunStats, run: { receptionGrid(): GridRow[] }): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}

/** @throws UsageError when the file cannot be a store */
export async function openKeeper(path: string, zones: readonly ZonePolygon[]): Promise<Keeper> {
  const store = await openStore(path)
  const { write } = store
  if (zones.length > 0) await write.setZones(zones)
  let exempt: readonly Exempt[] = []
  await store.decisions.followExemptions(found => (exempt = found))
  const full = async (): Promise<void> => {
    if (write.full) await write.flush()
  }
  let closed: Promise<void> | undefined
  return {
    exempt,
    keep: event => write.add(event),
    take(batch, order) {
      write.take(batch, order)
      return full()
    },
    add(event) {
      write.add(event)
      return full()
    },
    async end({ inputs, span }, run) {
      await write.flush()
      const newest = span.to === null ? null : Date.parse(span.to)
      await write.setSources(
        inputs.map(({ name, format, rows, rejected, error }) => ({
          ...{ name, format, rejected, reconnects: 0, reports: rows - rejected },
          ...{ address: null, lastHeard: null, newest, at: Date.now() },
          health: error === undefined ? 'ended' : 'failed',
          trouble: error ?? null,
        })),
      )
      await write.setReception(run.receptionGrid())
    },
    close: () => (closed ??= store.close()),
  }
}
