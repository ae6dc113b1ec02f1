// A worker: takes pieces of work as the server hands them out, a part of the fleet each, or the sea, or the telling, and does each
// from where its last saved state stands. Whose work is handed on while it still lives finds its outputs refused and its state put by another, and stops.

import { gunzipSync, gzipSync } from 'node:zlib'
import type { DarkEvent } from '../../model/event.js'
import { MS_PER_MIN } from '../../model/units.js'
import { eventLine } from '../../sinks/ndjson.js'
import { isOfPlaces } from '../../engine/lessons.js'
import { pack, unpack } from '../../engine/snapshot.js'
import { judgedUntil, type WorkerBooks } from './books.js'
import { gather } from './gather.js'
import { decoded, linesOf, pieces, piecesOf, type ReportsHead } from './messages.js'
import { createSender } from './sender.js'
import { SILENT_MS, type Server } from './server.js'
import {
  createGrowingLessons,
  createPartStep,
  createSeaStep,
  createTellStep,
  SLOT_MINUTES,
  type StepOptions,
} from './steps.js'
import { SEA, TELL, tokenOf } from './subjects.js'

/** A state is saved after so many slots of event time, and not sooner than so long after the one before, ms. */
const SAVE_SLOTS = 6
const SAVE_MS = 2000
/** A piece of work that fails so often at one minute goes on without its rows. */
const TRIES = 3
/** Whoever has work lets others ask first, for so long for each piece that it has, ms. */
const LET_OTHERS_MS = 250

export interface WorkerOptions {
  rules: StepOptions
  parts: number
  /** Vessels of a part that there is room for. */
  slots: number
  /** Pieces of work at a time, at most. */
  tasks: number
  signal: AbortSignal
  books: WorkerBooks
  log(text: string): void
}

/** Where a piece of work stands: sequence numbers are those of the streams that it reads. */
interface Saved {
  minute: number
  from: number
  /** Of the last message taken of its reports; and the first of those lessons, and judgements, that are still needed. */
  reports: number
  lessons: number
  judged: number
  /** Lessons that are to be taken in yet. */
  rest: string[]
  done: boolean
  state: Uint8Array
}

/** Works until every piece is done, or `signal` says so. @returns how many pieces were ended here */
export async function runWorker(server: Server, options: WorkerOptions): Promise<number> {
  const { tasks, signal, log, books } = options
  const running = new Set<Promise<void>>()
  let ended = 0
  while (!signal.aborted) {
    if (running.size >= tasks) {
      await Promise.race([...running, pause(LET_OTHERS_MS)])
      continue
    }
    if (running.size > 0) await pause(running.size * LET_OTHERS_MS)
    const token = await server.nextWork()
    if (!token) {
      if (running.size === 0 && (await server.isDone())) break
      continue
    }
    const name = token.subject.split('.').at(-1)!
    const beat = setInterval(() => token.working(), SILENT_MS / 5)
    log(`${name}: taken`)
    books.reached.set(name, NaN)
    const work = doWork(server, name, options)
      .then(
        isDone => {
          if (isDone) {
            token.ack()
            ended++
          } else token.nak()
          log(`${name}: ${isDone ? 'done' : 'given back'}`)
        },
        (error: unknown) => {
          token.nak(250)
          books.failures++
          log(`${name}: ${(error as Error).message}`)
        },
      )
      .finally(() => {
        clearInterval(beat)
        running.delete(work)
        books.reached.delete(name)
      })
    running.add(work)
  }
  await Promise.all(running)
  return ended
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** What went wrong while a minute was looked at: the rows of that minute may be why. */
class MinuteError extends Error {
  readonly minute: number
  constructor(minute: number, cause: unknown) {
    super(`minute ${new Date(minute * MS_PER_MIN).toISOString()}: ${(cause as Error).message}`, { cause })
    this.minute = minute
  }
}

async function at<T>(minute: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new MinuteError(minute, error)
  }
}

/** How often work failed at a minute: there may be several before the next state is saved. */
type Failures = Record<number, number>

/** @returns false when it was asked to stop before the end */
async function doWork(server: Server, name: string, options: WorkerOptions): Promise<boolean> {
  const failures = (await server.note<Failures>(`fail.${name}`)) ?? {}
  const keeper = await createKeeper(server, name, options.books)
  if (keeper.saved?.done) return true
  try {
    if (name === SEA || name === TELL) return await judgeAll(server, name, options, keeper)
    return await judgePart(server, name, options, keeper, minute => (failures[minute] ?? 0) >= TRIES)
  } catch (error) {
    if (error instanceof MinuteError) {
      const { minute } = error
      await server.putNote(`fail.${name}`, { ...failures, [minute]: (failures[minute] ?? 0) + 1 })
    }
    throw error
  }
}

interface Keeper {
  readonly saved: Saved | undefined
  /** @throws Error when somebody else has put a state meanwhile: the work is no longer ours */
  save(state: Saved): Promise<void>
}

async function createKeeper(server: Server, name: string, books: WorkerBooks): Promise<Keeper> {
  const loaded = await server.load(name)
  let { revision } = loaded
  return {
    saved: loaded.bytes ? (unpack(gunzipSync(loaded.bytes)) as Saved) : undefined,
    async save(state) {
      const put = await server.save(name, String(state.minute), gzipSync(pack(state), { level: 1 }), revision)
      if (put === null) throw new Error('somebody else has gone on with it')
      revision = put
      books.saves++
    },
  }
}

/** A turn of the event loop: who is busy for long still has to say that it lives. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Says when it is time to save; a state stands between two slots. @param minute that work begins at */
function createSaveClock(minute: number) {
  let at = minute
  let ms = performance.now()
  return {
    isTime: (now: number): boolean =>
      now % SLOT_MINUTES === 0 && now >= at + SAVE_SLOTS * SLOT_MINUTES && performance.now() >= ms + SAVE_MS,
    saved(now: number): void {
      at = now
      ms = performance.now()
    },
  }
}

const slotOfMinute = (minute: number): number => Math.floor(minute / SLOT_MINUTES)

async function judgePart(
  server: Server,
  part: string,
  { rules, parts, slots, signal, books }: WorkerOptions,
  { saved, save }: Keeper,
  isPoisoned: (minute: number) => boolean,
): Promise<boolean> {
  const lessons = createGrowingLessons(saved?.from)
  lessons.add(saved?.rest ?? [])
  const step = createPartStep(rules, lessons, slots, saved?.state)
  const taught = gather(server, 'lessons', parts, saved?.lessons ?? 1)
  const out = createSender(server)
  let clock = saved && createSaveClock(saved.minute)
  /** The slot that has begun: what was taught before it is known. */
  let slot = saved ? slotOfMinute(saved.minute) : NaN
  /** Messages of reports since the last tick. */
  let held: { message: Uint8Array; block: Uint8Array }[] = []

  /** Event time reached a minute, after another. */
  async function pass(minute: number, { since, from }: ReportsHead): Promise<void> {
    await turn()
    clock ??= createSaveClock(since)
    if (!(slot >= 0)) slot = slotOfMinute(since)
    if (isPoisoned(minute)) {
      for (const [k, { message }] of held.entries())
        await server.publish('poison', [part, minute, k], message)
      held = []
      books.poisoned++
    }
    const batch = await at(minute, () => step.read(held.map(({ block }) => block)))
    books.rows += batch?.length ?? 0
    held = []
    const lines = await at(minute, () => step.learn(batch, minute, turn))
    if (lines) {
      const next = slotOfMinute(minute)
      out.send('lessons', [part, next - 1], pieces(lines, { since: slot, from, end: null }))
      await out.sent()
      lessons.add(linesOf((await taught.after(slot)).bodies))
      slot = next
    }
    const { lines: found, blocks } = await at(minute, () => step.judge(batch, minute, turn))
    out.send('judged', [part, minute], pieces(found, { since, from, end: null }))
    out.send('extract', [part, minute], piecesOf(blocks, { since, from, end: null }))
    judgedUntil(books, part, since, minute)
  }

  try {
    for await (const message of server.read('reports', [part, '*'], (saved?.reports ?? 0) + 1)) {
      if (signal.aborted) return false
      const { head, body } = decodedOrNone(message.data)
      if (head?.kind !== 'tick' && head?.kind !== 'end') {
        held.push({ message: message.data, block: body })
        continue
      }
      lessons.from = head.from ?? Infinity
      if (head.kind === 'tick') {
        const minute = head.t / MS_PER_MIN
        await pass(minute, head)
        if (!clock!.isTime(minute)) continue
        await out.sent()
        await save({
          ...{ minute, from: lessons.from, reports: message.seq, lessons: taught.needed(slot), judged: 0 },
          ...{ rest: lessons.rest(), done: false, state: step.save() },
        })
        clock!.saved(minute)
        continue
      }
      const minute = Math.max(head.since, Math.floor(head.t / MS_PER_MIN)) + 1
      await pass(minute, head)
      lessons.to = head.t
      const last = { since: minute, from: head.from, end: head.t }
      out.send('judged', [part, minute + 1], pieces(step.judgeEnd(), last))
      out.send('extract', [part, minute + 1], piecesOf([], last))
      await out.sent()
      await save({ ...ended, minute })
      return true
    }
    return false
  } finally {
    await taught.close()
  }
}

/** What is no message is no block of reports either, which is said when its minute is over. */
function decodedOrNone(message: Uint8Array): { head?: ReportsHead; body: Uint8Array } {
  try {
    return decoded<ReportsHead>(message)
  } catch (error) {
    if (error instanceof RangeError) return { body: new Uint8Array(0) }
    throw error
  }
}

const ended: Saved = {
  ...{ minute: 0, from: 0, reports: 0, lessons: 0, judged: 0, rest: [], done: true },
  state: new Uint8Array(0),
}

/** The sea, or the telling: minute by minute, when all that it needs is there. */
async function judgeAll(
  server: Server,
  name: string,
  { rules, parts, signal, books }: WorkerOptions,
  { saved, save }: Keeper,
): Promise<boolean> {
  const isSea = name === SEA
  const lessons = createGrowingLessons(saved?.from, isSea ? isOfPlaces : undefined)
  lessons.add(saved?.rest ?? [])
  const taught = gather(server, 'lessons', parts, saved?.lessons ?? 1)
  const judged = isSea
    ? gather(server, 'extract', parts, saved?.judged ?? 1)
    : gather(server, 'judged', parts + 1, saved?.judged ?? 1)
  const out = createSender(server)
  const sea = isSea ? createSeaStep(rules, lessons, saved?.state) : undefined
  const tell = !isSea ? createTellStep(rules, lessons, saved?.state) : undefined
  /** The minute that all was judged up to, and the slot that it is in. */
  let reached = saved?.minute ?? (await judged.first())
  const clock = createSaveClock(reached)
  let slot = slotOfMinute(reached)

  async function hand(events: DarkEvent[]): Promise<void> {
    for (const event of events) out.send('events', [tokenOf(event.id)], [eventLine(event)], event.revision)
    await out.sent()
  }

  try {
    while (!signal.aborted) {
      await turn()
      const { key: minute, bodies, from, end } = await judged.after(reached)
      lessons.from = from ?? Infinity
      if (end !== null) lessons.to = end
      else if (minute % SLOT_MINUTES === 0) {
        lessons.add(linesOf((await taught.after(slot)).bodies))
        slot = slotOfMinute(minute)
      }
      if (sea) {
        const found = await at(minute, () =>
          end === null ? sea.judge(bodies, minute, turn) : sea.judgeEnd(),
        )
        out.send('judged', [SEA, minute], pieces(found, { since: reached, from, end }))
      } else if (tell)
        await hand(
          await at(minute, () => {
            const lines = linesOf(bodies)
            return end === null ? tell.tell(lines, minute) : tell.tellEnd(lines)
          }),
        )
      judgedUntil(books, name, reached, minute)
      if (end !== null) {
        await out.sent()
        await save({ ...ended, minute })
        return true
      }
      reached = minute
      if (!clock.isTime(minute)) continue
      await out.sent()
      const seen = { lessons: taught.needed(slot), judged: judged.needed(minute) }
      await save({
        ...{ minute, from: lessons.from, reports: 0, ...seen, rest: lessons.rest(), done: false },
        state: (sea ?? tell)!.save(),
      })
      clock.saved(minute)
    }
    return false
  } finally {
    await taught.close()
    await judged.close()
  }
}
