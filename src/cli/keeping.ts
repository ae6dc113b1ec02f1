// A run of detect into a store: events and tracks as they come, zones, inputs and reception around them.

import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { createSelection, openStore } from '../index.js'
import type {
  DetectOptions,
  Exempt,
  GridRow,
  RunBegin,
  RunInput,
  RunStats,
  Selection,
  ZonePolygon,
} from '../index.js'
import type { DarkEvent } from '../model/event.js'
import { safeText } from '../model/text.js'

export interface Keeper {
  take: NonNullable<DetectOptions['onReports']>
  add(event: DarkEvent): Promise<void>
  /** What analysts exempted; events of it are kept all the same. */
  exempt: readonly Exempt[]
  keep(event: DarkEvent): void
  /**
   * What the run says of itself. Also after an interrupt.
   * @param whole false when it was cut short
   * @returns how many events of earlier runs over the same inputs it did not find again
   */
  end(stats: RunStats, run: { receptionGrid(): GridRow[] }, whole: boolean): Promise<number>
  /** Safe to call twice. */
  close(): Promise<void>
}

export interface KeptRun extends Selection {
  kind: RunBegin['kind']
  files: readonly string[]
  /** What else it finds events in: pictures. */
  besides: readonly string[]
  zones: readonly ZonePolygon[]
}

/** @throws UsageError when the file cannot be a store */
export async function openKeeper(
  path: string,
  { kind, files, besides, zones, ...asked }: KeptRun,
): Promise<Keeper> {
  const store = await openStore(path)
  const { write, runs } = store
  const all = [...files, ...besides]
  const inputs = all.map(inputOf)
  await runs.begin({ kind, inputs, at: Date.now() })
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
    async end({ inputs: told, span }, run, whole) {
      await write.flush()
      const at = (time: string | null): number | null => (time === null ? null : Date.parse(time))
      const newest = at(span.to)
      await write.setSources(
        told.map(({ name, format, rows, rejected, error }) => ({
          ...{ name, format, rejected, reconnects: 0, reports: rows - rejected },
          ...{ address: null, lastHeard: null, newest, at: Date.now() },
          health: error === undefined ? 'ended' : 'failed',
          trouble: error ?? null,
        })),
      )
      await write.setReception(run.receptionGrid())
      const done = new Set(told.flatMap(({ name, error }) => (error === undefined ? [name] : [])))
      const isRead = (path: string): boolean => besides.includes(path) || done.has(safeText(path, MAX_PATH))
      const read = inputs.flatMap(({ key }, k) => (key !== null && isRead(all[k]!) ? [key] : []))
      return runs.end({
        ...{ from: at(span.from), to: newest, at: Date.now() },
        read: whole ? read : [],
        wanted: createSelection(asked),
      })
    },
    close: () => (closed ??= store.close()),
  }
}

/** Of an input's name, as the run says it. */
const MAX_PATH = 300
/** Bytes that tell one input from others, and are the same when it has grown since. */
const HEAD_BYTES = 4096

function inputOf(path: string): RunInput {
  const name = basename(path)
  try {
    const fd = openSync(path, 'r')
    try {
      const head = Buffer.alloc(HEAD_BYTES)
      const length = readSync(fd, head, 0, HEAD_BYTES, 0)
      const key = createHash('sha256').update(head.subarray(0, length)).digest('hex').slice(0, 32)
      return { name, key: length > 0 ? key : null }
    } finally {
      closeSync(fd)
    }
  } catch {
    return { name, key: null } // stdin, or what the run itself says cannot be read
  }
}
