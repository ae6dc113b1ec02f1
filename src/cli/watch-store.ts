// A watch into a store: its outlet, the health of its sources, what is too old, and the page that shows it all.

import { createStoreOutlet, openStore } from '../index.js'
import type {
  Exempt,
  Outlet,
  OutletContext,
  ReportBatch,
  Store,
  Watch,
  WatchLog,
  ZonePolygon,
} from '../index.js'
import { MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import type { ConsoleServer } from '../server/serve.js'
import { oneLine } from './exit.js'

const SOURCES_MS = 5 * MS_PER_S
const PRUNE_MS = MS_PER_HOUR
const MS_PER_DAY = 24 * MS_PER_HOUR

export interface WatchStore {
  readonly store: Store
  outlet(context: OutletContext): Outlet
  take(batch: ReportBatch): void
  /** From now on keeps the sources' health, forgets what is too old, tells the page. */
  follow(watch: Watch, page: ConsoleServer | undefined): void
  /** What analysts exempted, kept up while the watch runs. */
  readonly exempt: readonly Exempt[]
  setZones(zones: readonly ZonePolygon[]): Promise<void>
  /** After the watch has stopped. */
  close(): Promise<void>
}

/** @param keepDays what the store keeps; undefined: all. @throws UsageError */
export async function openWatchStore(
  path: string,
  keepDays: number | undefined,
  log: WatchLog,
): Promise<WatchStore> {
  const store = await openStore(path)
  const { write } = store
  let page: ConsoleServer | undefined
  let timers: NodeJS.Timeout[] = []
  let watched: Watch | undefined
  let exempt: readonly Exempt[] = []
  await store.decisions.followExemptions(next => {
    exempt = next
    watched?.setExempt(next)
  })
  const failed = (error: unknown): void => log('warn', `store: ${oneLine(error)}`)

  async function tellSources(): Promise<void> {
    const at = Date.now()
    await write.setSources(
      watched!
        .status()
        .feeds.map(({ name, address, health, trouble, lastHeardAt, newest, counts, reconnects }) => {
          const rejected = Object.values(counts.rejected).reduce((sum, n) => sum + n, 0)
          return {
            ...{ name, address, health, trouble, lastHeard: lastHeardAt, newest, rejected, reconnects, at },
            ...{ format: null, reports: counts.read - rejected },
          }
        }),
    )
    page?.hub.send('sources', JSON.stringify({ sources: await store.places.sources() }))
  }

  async function prune(): Promise<void> {
    const newest = Math.max(...watched!.status().feeds.map(feed => feed.newest ?? -Infinity))
    if (keepDays !== undefined && Number.isFinite(newest)) await write.prune(newest - keepDays * MS_PER_DAY)
  }

  return {
    store,
    get exempt() {
      return exempt
    },
    outlet: ({ log: say }) =>
      createStoreOutlet({
        ...{ name: `store:${path}`, write, log: say },
        onWritten: numbers => void page?.tell(numbers).catch(failed),
      }),
    take: batch => write.take(batch),
    follow(watch, shown) {
      watched = watch
      watch.setExempt(exempt) // the page may have been asked already
      page = shown
      timers = [
        setInterval(() => void tellSources().catch(failed), SOURCES_MS),
        setInterval(() => void prune().catch(failed), PRUNE_MS),
      ]
      timers.forEach(timer => timer.unref())
      void tellSources().catch(failed)
    },
    setZones: zones => (zones.length > 0 ? write.setZones(zones) : Promise.resolve()),
    async close() {
      timers.forEach(timer => clearInterval(timer))
      if (watched) await tellSources().catch(failed)
      await store.close()
    },
  }
}
