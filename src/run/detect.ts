// The main job: recorded files in, events out. Every input is found out and read into one sort by time (files overlap,
// none need be in order, none need fit in memory); then the engine sees all reports in the order in which they happened.

import { availableParallelism } from 'node:os'
import { exemptFacts, isExempt, type Exempt } from '../assess/exemptions.js'
import { createEngine } from '../engine/engine.js'
import type { Engine, EngineOptions } from '../engine/api.js'
import type { Part } from '../engine/parts.js'
import type { ReportBatch } from '../model/batch.js'
import type { FixedMask, Scene } from '../model/detection.js'
import { UsageError, type InputError } from '../model/errors.js'
import { isVesselEvent, type DarkEvent } from '../model/event.js'
import type { Reject } from '../model/report.js'
import type { Anchorage } from '../zones/anchorages.js'
import type { GridRow } from '../reception/grid.js'
import { createWords } from '../model/words.js'
import type { Input, InputFormat, RecognisedInput } from '../sources/open.js'
import { createFinalEvents } from './final.js'
import { lessonsText, openLessonsFiles, type LessonsFile } from './lessons-file.js'
import { checkPasses, createLearner, createSecondPass } from './passes.js'
import { createPictures, type Pictures } from './pictures.js'
import { createFollower, createSelection, type Selection } from './select.js'
import { readInputs } from './reading.js'
import { inSlots } from './in-slots.js'
import { canHelp, createTogether, threadsFor, type Together } from './parallel.js'
import { createSorter, type SortedRows } from './spill.js'
import {
  countEvent,
  countExempt,
  createBooks,
  runStats,
  totals,
  type RunBooks,
  type RunStats,
} from './stats.js'

export interface Progress {
  phase: 'read' | 'detect'
  /** Input bytes as stored. */
  bytesRead: number
  /** null when an input's size is not known. */
  bytesTotal: number | null
  /** Reports and static messages read (phase read), or seen by the engine (phase detect). */
  rows: number
  /** null while reading. */
  rowsTotal: number | null
  /** Event time reached, epoch ms; NaN while reading. */
  lastT: number
}

export interface DetectOptions
  extends
    Selection,
    Pick<EngineOptions, 'preset' | 'config' | 'zones' | 'ports' | 'coast' | 'watchlist' | 'receptionPrior'> {
  /**
   * Satellite pictures, to be held against the tracks, by themselves or out of files (run/pictures); the latter are disposed of
   * at the end. And what is fixed at sea.
   */
  scenes?: readonly Scene[] | Pictures | undefined
  mask?: FixedMask | undefined
  /** Only reports from this event time on, epoch ms … */
  from?: number | undefined
  /** … and before this one. */
  to?: number | undefined
  /** Each event once, in its last state, withdrawn ones left out; false for every revision as it comes. @default true */
  final?: boolean | undefined
  /** Memory for sorting, bytes; more reports than fit go through the disk. @default DEFAULT_SORT_BYTES */
  maxMemoryBytes?: number | undefined
  /** Where reports go when memory is full. @default os.tmpdir() */
  tempDir?: string | undefined
  /** Format of every input, instead of finding it out. */
  inputFormat?: InputFormat | undefined
  /** Column names by field, for tables whose names no alias covers. */
  map?: Record<string, string> | undefined
  /** Event time of sentences that carry none and have nothing to lean on, epoch ms. */
  timeStart?: number | undefined
  /**
   * Threads that read, and that detect, four at most; the events are the same. With pictures or two passes one detects, with
   * `onReject` one reads.
   * @default as many as there are cores, where there is enough for each (run/reading, run/parallel)
   */
  workers?: number | undefined
  /**
   * 2: what vessels teach of one another is learned first, and then every vessel judged by itself (run/passes), so that the events
   * are those of many machines (docs/scale.md). One thread, no pictures. @default 1
   */
  passes?: 1 | 2 | undefined
  /** Of two passes: files of what was learned before, instead of the first pass … */
  lessons?: readonly string[] | undefined
  /** … and where what the first pass learned can be kept: its text, in pieces. */
  onLessons?: ((text: Iterable<string>) => void) | undefined
  /** What analysts exempted: such events are not handed on … */
  exempt?: readonly Exempt[] | undefined
  /** … but to this. */
  onExempt?: ((event: DarkEvent) => void) | undefined
  onReject?: ((reject: Reject) => void) | undefined
  /** Told what each input is, before it is read. */
  onInput?:
    ((input: Pick<RecognisedInput, 'name' | 'format' | 'compression' | 'sizeBytes'>) => void) | undefined
  /** An input that cannot be recognised or read to its end; the others are still processed. Absent: see detect(). */
  onInputError?: ((error: InputError) => void) | undefined
  /** Reports as the engine gets them, in order of time, just before: rows `order` of the batch, or all of it. */
  onReports?: ((batch: ReportBatch, order: Uint32Array | null) => void | Promise<void>) | undefined
  /** Called for each piece that was read and each batch that was seen. */
  onProgress?: ((progress: Progress) => void) | undefined
  /** Stops the run: nothing more is read or seen, what was found so far is still handed on. */
  signal?: AbortSignal | undefined
}

export interface DetectRun extends AsyncIterable<DarkEvent> {
  /** The books so far; whole once the iteration has ended. */
  stats(): RunStats
  /** What was learned of reception so far: a prior for the next run. */
  receptionGrid(): GridRow[]
  /** Anchorages that were learned so far. */
  anchorages(): Anchorage[]
}

/**
 * Detects over recorded inputs. Nothing happens before the result is iterated, which can be done once.
 * @throws UsageError at once for wrong options. The iteration throws OutputError when the disk is full; without
 * `onInputError` it throws the first InputError, after everything else was processed.
 */
export function detect(inputs: Iterable<Input>, options: DetectOptions = {}): DetectRun {
  return runOver(inputs, options)
}

/** The same, with an engine that the caller makes once all is read: of what sees the sorted rows nothing else is known. */
export function runOver(
  inputs: Iterable<Input>,
  options: DetectOptions,
  make?: (options: EngineOptions, books: RunBooks) => Engine,
): DetectRun {
  const { from = -Infinity, to = Infinity, final = true, signal, scenes, exempt = [] } = options
  const { workers = 1 } = options
  if (!(Number.isInteger(workers) && workers >= 1))
    throw new UsageError(`workers: expected a whole number from 1 on, got ${workers}`)
  if (options.passes === 2) {
    if (workers > 1) throw new UsageError('passes: two passes take one thread')
    if (scenes) throw new UsageError('passes: satellite pictures take one pass')
    checkPasses(options)
  } else if (options.lessons || options.onLessons) throw new UsageError('lessons: they take two passes')
  if (!(from < to)) throw new UsageError(`from, to: expected from < to, got ${from} and ${to}`)
  const wanted = createSelection(options)
  const words = createWords()
  const { preset, zones, ports, coast, watchlist, receptionPrior, onReject } = options
  let found: DarkEvent[] = []
  const pictures = scenes && picturesOf(scenes)
  // the sort has put everything in order, so nothing has to wait for late reports
  const config = { ...options.config, engine: { ...options.config?.engine, reorderWindowS: 0 } }
  const engineOptions: EngineOptions = {
    ...(preset === undefined ? {} : { preset }),
    ...(onReject === undefined ? {} : { onReject }),
    ...{ config, zones, ports, coast, watchlist, receptionPrior, words },
    ...(pictures && { scenes: { mask: options.mask, pictures: pictures.source() } }),
    onEvent: event => found.push(event),
  }
  const makeEngine = (part?: Part): Engine => createEngine(engineOptions, part)
  let engine = makeEngine()
  let lessons: LessonsFile | undefined
  let together: Together | undefined
  const books = createBooks(Date.now(), watchlist)
  const sorter = createSorter({ words, maxMemoryBytes: options.maxMemoryBytes, tempDir: options.tempDir })

  async function* run(): AsyncGenerator<DarkEvent, void, undefined> {
    books.startedAt = Date.now()
    let errors: InputError[]
    try {
      const threads = make ? 1 : (options.workers ?? availableParallelism())
      errors = await readInputs(inputs, { words, sorter, books }, { ...options, threads })
      yield* detectAll()
    } finally {
      books.endedAt = Date.now()
      sorter.dispose()
      pictures?.dispose()
      together?.dispose()
      lessons?.close()
    }
    if (!options.onInputError && errors[0]) throw errors[0]
  }

  /** What vessels teach one another: out of files, or by a pass over all rows. */
  async function learn(): Promise<void> {
    if (options.lessons) lessons = openLessonsFiles(options.lessons)
    else {
      const learner = createLearner(engineOptions, options.tempDir)
      try {
        for (const rows of until(sorter.sorted(), () => signal?.aborted === true)) {
          learner.push(rows)
          await new Promise(resolve => setImmediate(resolve))
        }
        lessons = learner.done()
      } catch (error) {
        learner.close()
        throw error
      }
      options.onLessons?.(lessonsText(lessons))
    }
    engine = createSecondPass(engineOptions, lessons)
  }

  /** The rows as the engine is to see them; who sees them beside it, it is decided here. */
  function rowsFor(): Iterable<SortedRows> | AsyncIterable<SortedRows> {
    const threads =
      options.passes === 2 || pictures || make ? 1 : (options.workers ?? threadsFor(sorter.rows))
    if (threads > 1 && canHelp(options)) {
      together = createTogether(threads, { preset, config, coast, ports }, words)
      engine = makeEngine(together.part)
    }
    const isStopped = (): boolean => signal?.aborted === true
    return together ? together.rows(sorter.sorted(), isStopped) : until(sorter.sorted(), isStopped)
  }

  async function* detectAll(): AsyncGenerator<DarkEvent, void, undefined> {
    const finals = final ? createFinalEvents(scenes !== undefined) : null
    const follow = createFollower(wanted)
    let slot = NaN
    /** What was found, if every revision is wanted, or of that what is settled, or at the end what is left; counted as it goes. */
    function* ready(when: 'found' | 'slot' | 'end'): Generator<DarkEvent, void, undefined> {
      let events = found
      found = []
      if (finals) {
        for (const event of events) finals.add(event)
        // all that is held is looked through, so that is done once in a slot
        if (when === 'slot') events = finals.settled(engine.span.to, engine.isInDoubt)
        else events = when === 'end' ? finals.rest() : []
      }
      for (const event of events) {
        const told = finals ? wanted(event) && 'first' : follow(event)
        if (!told) continue
        const isUntold = isVesselEvent(event) && isExempt(exempt, exemptFacts(event))
        const count = isUntold ? countExempt : countEvent
        if (told === 'first') count(books, event, 1)
        else if (event.phase === 'retracted') count(books, event, -1)
        if (isUntold) options.onExempt?.(event)
        else yield event
      }
    }

    const { bytes: bytesRead } = totals(books)
    const progress: Progress = {
      ...{ phase: 'detect', bytesRead, bytesTotal: bytesRead },
      ...{ rows: 0, rowsTotal: sorter.rows, lastT: NaN },
    }
    if (!signal?.aborted) {
      if (make) engine = make(engineOptions, books)
      else if (options.passes === 2) await learn()
      for await (const { batch, order } of rowsFor()) {
        await options.onReports?.(batch, order)
        for (const rows of inSlots({ batch, order })) {
          if (rows.slot !== slot) yield* ready('slot')
          slot = rows.slot
          engine.pushBatch(batch, rows.order)
        }
        yield* ready('found')
        const n = order?.length ?? batch.length
        progress.rows += n
        progress.lastT = batch.t[order ? order[n - 1]! : n - 1]!
        options.onProgress?.(progress)
        // let an interrupt in
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    // after an interrupt too: it ends at the newest event time that was seen, and gives what is open as it stands
    engine.flush()
    books.whole = !signal?.aborted
    yield* ready('end')
  }

  return {
    [Symbol.asyncIterator]: run,
    stats: () => runStats(books, engine, Date.now()),
    receptionGrid: () => engine.receptionGrid(),
    anchorages: () => engine.anchorages(),
  }
}

function picturesOf(scenes: readonly Scene[] | Pictures): Pictures {
  if ('source' in scenes) return scenes
  const pictures = createPictures({ maxDetections: Infinity }) // they are in memory already
  for (const scene of scenes) pictures.add(scene)
  return pictures
}

function* until<T>(items: Iterable<T>, stopped: () => boolean): Generator<T, void, undefined> {
  for (const item of items) {
    yield item
    if (stopped()) return
  }
}
