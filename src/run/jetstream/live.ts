// Live feeds into the server, for as long as they go on: a watch whose engine hands on what is in order (run/jetstream/in-order).

import { UsageError } from '../../model/errors.js'
import { MS_PER_MIN } from '../../model/units.js'
import { createWords, type Words } from '../../model/words.js'
import { watchOver, type Watch, type WatchLog, type WatchOptions } from '../watch.js'
import { createInOrder } from './in-order.js'
import { createDistributor, startWith } from './ingest.js'
import { decoded, type ReportsHead } from './messages.js'
import type { Server } from './server.js'
import { openTarget, type Target } from './target.js'

/** A shutdown waits no longer than this for the server to take what is left. */
const STOP_MS = 3000

/** What came of the messages. */
export interface Put {
  /** Reports and static data that the server has taken. */
  rows: number
  /** The same that it has not. */
  left: number
}

export interface LiveIngestOptions
  extends Target, Pick<WatchOptions, 'feeds' | 'stateDir' | 'onReject' | 'onStep' | 'wall'> {
  log: WatchLog
  /** Messages that may wait for the server, bytes. @default OUTBOX_BYTES */
  maxBytes?: number | undefined
}

export interface LiveIngest extends Pick<Watch, 'ended' | 'status'> {
  /** Rejects when it cannot go on: somebody else puts reports in. */
  readonly failed: Promise<never>
  /** Hands on what waits, or keeps it in the state folder. @returns what the server has, and what it has not */
  stop(): Promise<Put>
}

/**
 * Puts in what live feeds send, as event time passes it, until it is stopped; when all feeds have ended for good, so have the data.
 * @throws UsageError for wrong options or a state that cannot be used, InputError when no server answers
 */
export async function ingestLive(options: LiveIngestOptions): Promise<LiveIngest> {
  const { parts, feeds, stateDir, onReject, onStep, wall, log, maxBytes } = options
  const { server, outbox: open } = await openTarget(options, true)
  try {
    let fail = (_: Error): void => undefined
    const failed = new Promise<never>((_, reject) => (fail = reject))
    failed.catch(() => undefined) // who does not ask is told by the log
    const outbox = await open(error => fail(error), undefined, maxBytes)
    const send = (part: number, n: number, payload: Uint8Array, rows: number): void =>
      outbox.send([part, n], payload, rows)
    const there = await standOf(server, parts)
    const afterThere = (words: Words) => {
      outbox.goOn(outbox.known)
      const distributor = createDistributor(words, parts, send, there.stand)
      distributor.level(there.behind, there.since)
      return distributor
    }
    if (there.isEnded) {
      const distributor = afterThere(createWords())
      for (const part of there.open) distributor.endOf(part)
      await outbox.sync()
      throw new UsageError(`ingest: ${server.prefix}: the data there have ended: take another --prefix`)
    }
    const running = watchOver(
      {
        ...{ feeds, stateDir, onReject, log },
        ...(onStep && { onStep }),
        ...(wall && { wall }),
        rules: { fingerprint: 'ingest' },
        outlets: () => [outbox],
      },
      engine =>
        createInOrder({
          ...{ name: server.prefix, parts, engine, seq: () => outbox.seq },
          distribute(words, saved) {
            if (!saved) return afterThere(words)
            if (saved.seq > outbox.known)
              throw new UsageError(
                `state: ${server.prefix} holds fewer reports than when it was saved: give another folder and another --prefix`,
              )
            outbox.goOn(saved.seq)
            return createDistributor(words, parts, send, saved.stand)
          },
          // a machine that died may have put in more than its log still knows
          begin: (distributor, words) => (outbox.seq < outbox.known ? afterThere(words) : distributor),
        }),
    )
    return {
      ended: running.ended,
      failed,
      status: () => running.status(),
      async stop() {
        // a server that is away holds up nobody for long
        const giveUp = setTimeout(() => void outbox.close(0), STOP_MS)
        await running.stop()
        clearTimeout(giveUp)
        await server.close()
        return { rows: outbox.put.rows, left: outbox.waitingRows }
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** How far the reports on a server have come, from the last message of each part. */
async function standOf(server: Server, parts: number) {
  const stand = startWith(parts)
  const minutes = new Array<number>(parts).fill(NaN)
  const ended = new Set<number>()
  /** Minute before the last tick. */
  let since = NaN
  for (let part = 0; part < parts; part++) {
    const last = await server.report({ part })
    if (!last) continue
    const { head } = decoded<ReportsHead>(last.payload)
    stand.sent[part] = Number(last.subject.split('.').at(-1)) + 1
    stand.newest = Math.max(stand.newest, head.t)
    stand.from ??= head.from
    minutes[part] = head.kind === 'tick' ? head.t / MS_PER_MIN : head.since
    if (head.kind === 'end') ended.add(part)
    if (stand.minute >= minutes[part]!) continue
    stand.minute = minutes[part]!
    since = head.kind === 'tick' ? head.since : NaN
  }
  const all = Array.from({ length: parts }, (_, part) => part)
  return {
    ...{ stand, since, isEnded: ended.size > 0 },
    // whoever puts in goes from part to part: those behind the one that died did not get the last tick
    behind: all.filter(part => since >= 0 && !(minutes[part]! >= stand.minute)),
    open: all.filter(part => !ended.has(part)),
  }
}
