// Every input into one sort: what each is, how far it came, what is counted and what is wrong with it. Large tables are read in
// ranges, several files at a time, where there are threads for it (run/read-threads).

import { copyRow, isStaticOnly, type ReportBatch } from '../model/batch.js'
import { InputError } from '../model/errors.js'
import { createSourceCounts, type SourceCounts } from '../model/stats.js'
import type { Words } from '../model/words.js'
import { recognise, type Input, type RecognisedInput } from '../sources/open.js'
import type { DetectOptions, Progress } from './detect.js'
import { canReadApart, createReadThreads, type ReadThreads } from './read-threads.js'
import type { Sorter } from './spill.js'
import type { InputStats, RunBooks } from './stats.js'

/** A thread more has its own code compiled, and rows are copied once more: of a plain table so many bytes make up for it, … */
const BYTES_PER_THREAD = 256 * 2 ** 20
/** … and of several files, which may be packed, so many of all. */
const BYTES_OF_FILES = 64 * 2 ** 20

/** This thread takes in what so many read. */
const MOST = 4

export type ReadingOptions = Pick<
  DetectOptions,
  | 'from'
  | 'to'
  | 'inputFormat'
  | 'map'
  | 'timeStart'
  | 'signal'
  | 'onReject'
  | 'onInput'
  | 'onInputError'
  | 'onProgress'
> & {
  /** Threads that read, at most; more than MOST have nothing to do. */
  threads: number
  /** What threads are worth it for, bytes. @default BYTES_PER_THREAD, BYTES_OF_FILES */
  bytesPerThread?: number
  bytesOfFiles?: number
}

interface Target {
  words: Words
  sorter: Sorter
  books: RunBooks
}

/** An input that is known, and where what it gives is counted. */
interface Opened {
  recognised: RecognisedInput
  path: string | undefined
  stats: InputStats
  counts: SourceCounts
}

/**
 * Reads all inputs, or until the interrupt.
 * @returns what was wrong with which input; the others were read nevertheless
 * @throws OutputError disk full
 */
export async function readInputs(
  inputs: Iterable<Input>,
  { words, sorter, books }: Target,
  options: ReadingOptions,
): Promise<InputError[]> {
  const { from = -Infinity, to = Infinity, signal, onReject, timeStart, map } = options
  const { bytesPerThread = BYTES_PER_THREAD, bytesOfFiles = BYTES_OF_FILES } = options
  const all = [...inputs]
  const errors: (InputError | undefined)[] = []
  let apart: ReadThreads | undefined
  const progress: Progress = {
    phase: 'read',
    bytesRead: 0,
    bytesTotal: all.reduce<number | null>(
      (n, { sizeBytes }) => (n === null || sizeBytes == null ? null : n + sizeBytes),
      0,
    ),
    rows: 0,
    rowsTotal: null,
    lastT: NaN,
  }

  /** Told how many bytes of something are read so far. */
  function createMeter(): (bytes: number) => void {
    let before = 0
    return bytes => {
      if (signal?.aborted) throw STOPPED
      progress.bytesRead += bytes - before
      before = bytes
      progress.rows = sorter.rows
      options.onProgress?.(progress)
    }
  }

  /** Into the sort, but for what is outside the time asked for. The batch is ours. */
  function take(batch: ReportBatch): void {
    if (signal?.aborted) throw STOPPED
    let kept = from === -Infinity && to === Infinity ? batch.length : 0
    for (let i = kept; i < batch.length; i++) {
      if (batch.t[i]! >= from && batch.t[i]! < to) {
        if (kept < i) copyRow(batch, i, batch, kept)
        kept++
      } else if (!isStaticOnly(batch.msgType[i]!)) books.outside++
    }
    batch.length = kept
    sorter.add(batch)
  }

  async function open(input: Input): Promise<Opened> {
    const recognised = await recognise(input, { format: options.inputFormat, map })
    const { name, format, compression, sizeBytes } = recognised
    options.onInput?.({ name, format, compression, sizeBytes })
    const counts = createSourceCounts()
    const stats: InputStats = { name, format, compression, rows: 0, rejected: 0 }
    books.sources.push({ input: stats, counts })
    return { recognised, path: input.stream ? undefined : input.path, stats, counts }
  }

  /** On this thread: rows go straight into the memory of the sort. */
  async function readHere({ recognised, counts }: Opened): Promise<void> {
    let failure: { error: unknown } | undefined
    /** Remembers that what went wrong was ours, not the input's. */
    const ours = <T>(work: () => T): T => {
      try {
        return work()
      } catch (error) {
        failure = { error }
        throw error
      }
    }
    const context = {
      ...{ words, name: recognised.name, counts },
      freshBatch: () => ours(() => sorter.window()),
      onBatch: (batch: ReportBatch) => ours(() => take(batch)),
      ...(onReject && { onReject }),
      ...(timeStart !== undefined && { timeStart }),
      ...(map && { map }),
    }
    try {
      await recognised.read(context, createMeter())
    } catch (error) {
      throw failure ? failure.error : error // ours, whatever the reader made of it
    }
  }

  /** The ranges that a table is cut into: one of each thread, if its lines are rows; else all of it as one. */
  async function rangesOf({ recognised, path }: Opened, threads: ReadThreads) {
    const { table, sizeBytes = 0 } = recognised
    const parts = Math.min(threads.threads, Math.floor(sizeBytes / bytesPerThread))
    if (!table || parts < 2) return [null]
    const edges = Array.from({ length: parts + 1 }, (_, k) => Math.floor((k * sizeBytes) / parts))
    const ranges = edges.slice(1).map((end, k) => ({ from: Math.max(edges[k]!, table.start), to: end }))
    const nobody = { take, onBytes: () => undefined, counted: () => undefined }
    const trials = ranges.map(range => threads.read(jobOf(recognised.name, path!, range, true), nobody))
    return (await Promise.all(trials)).every(isCuttable => isCuttable) ? ranges : [null]
  }

  const jobOf = (
    name: string,
    path: string,
    range: { from: number; to: number } | null,
    isTrial = false,
  ) => ({
    ...{ name, path, range, isTrial, map, timeStart, format: options.inputFormat },
  })

  async function readApart(opened: Opened, threads: ReadThreads): Promise<void> {
    const { recognised, path, counts } = opened
    const ranges = await rangesOf(opened, threads)
    await Promise.all(
      ranges.map(range => {
        const onBytes = createMeter()
        return threads.read(jobOf(recognised.name, path!, range), {
          ...{ take, onBytes },
          counted(some) {
            addCounts(counts, some)
            onBytes(range ? range.to - range.from : some.bytes)
          },
        })
      }),
    )
    if (ranges[0]) counts.bytes = recognised.sizeBytes!
  }

  /** Whether there are threads for it: rejects name their line, which who reads a range does not know. */
  function threadsOf({ path, recognised: { sizeBytes, table } }: Opened): ReadThreads | undefined {
    if (options.threads < 2 || onReject || path === undefined || sizeBytes === undefined) return undefined
    // files that are read together are of one kind
    const isWorth = all.length > 1 && all.length * sizeBytes >= bytesOfFiles
    if (!isWorth && !(table && sizeBytes >= 2 * bytesPerThread)) return undefined
    if (!canReadApart()) return undefined
    return (apart ??= createReadThreads(Math.min(MOST, options.threads), words))
  }

  /** Notes what was wrong with an input. @throws what the input is not to blame for */
  async function settled(k: number, reading: Promise<void>, stats?: InputStats): Promise<void> {
    try {
      await orAborted(reading, signal)
    } catch (error) {
      if (error === STOPPED || signal?.aborted) return
      if (!(error instanceof InputError)) throw error
      if (stats) stats.error = error.message
      errors[k] = error
      options.onInputError?.(error)
    }
  }

  const running = new Set<Promise<void>>()
  try {
    for (const [k, input] of all.entries()) {
      if (signal?.aborted) break
      let opened: Opened | undefined
      await settled(
        k,
        open(input).then(it => void (opened = it)),
      )
      if (!opened) continue
      options.onProgress?.(progress)
      const threads = threadsOf(opened)
      const reading = settled(k, threads ? readApart(opened, threads) : readHere(opened), opened.stats)
      if (!threads) await reading
      else {
        running.add(reading)
        void reading.finally(() => running.delete(reading)).catch(() => undefined)
        if (running.size >= threads.threads) await Promise.race(running)
      }
    }
    await Promise.all(running)
  } finally {
    apart?.dispose()
  }
  return errors.filter(error => error !== undefined)
}

function addCounts(to: SourceCounts, from: SourceCounts): void {
  for (const name of ['read', 'static', 'other', 'parts', 'bytes'] as const) to[name] += from[name]
  for (const [reason, count] of Object.entries(from.rejected))
    to.rejected[reason as keyof SourceCounts['rejected']] += count
}

const STOPPED = new Error('stopped')

/** Waits for `work`, but no longer than until the interrupt: a silent pipe may never give another byte. */
async function orAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(STOPPED)
    signal.addEventListener('abort', stop, { once: true })
  })
  work.catch(() => undefined) // when it is left behind, so is its error
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
