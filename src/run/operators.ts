// The two passes (run/passes) as steps that a cluster runs, each a filter from lines to lines: `learn` and `vessel` over the reports of
// some of the vessels, `sea` over the extract of all of them, `tell` over what was found. docs/scale.md.
//
//   reports of some vessels ─ learn ─ lessons ── united: given to all that follow
//   reports of some vessels ─ vessel ─ found, rows
//   rows of all ─ sea ─ found
//   found by all ─ tell ─ events

import type { Engine, EngineOptions } from '../engine/api.js'
import { createExtract, type ExtractState } from '../engine/extract.js'
import {
  allHeard,
  slotOfLine,
  spanOf,
  stretchesAfter,
  type Kind,
  type Lessons,
  type Stretch,
} from '../engine/lessons.js'
import { compareTurns, type Found } from '../engine/parts.js'
import { createTeller } from '../engine/teller.js'
import { InputError } from '../model/errors.js'
import { copyRow, createBatch, type ReportBatch } from '../model/batch.js'
import { createWords } from '../model/words.js'
import { slotOf } from '../reception/slots.js'
import type { Input } from '../sources/open.js'
import { runOver, type DetectOptions, type DetectRun } from './detect.js'
import type { LessonsFile } from './lessons-file.js'
import { createFinalEvents } from './final.js'
import { LEARNS, SEA, SEA_LEARNS, VESSEL } from './parts.js'
import { checkPasses } from './passes.js'
import { createPeriodEngine, type EngineState } from './period-engine.js'
import { createPeriod, type Period, type PeriodState } from './periods.js'
import { createRowPacker, createRowReader } from './rows.js'
import { createSorter } from './spill.js'

/** What a line of the operators is; the text follows after a tab. */
export const FOUND = 'found'
export const ROWS = 'rows'
/** Rows of a line: some 25 kB, as clusters hold thousands of lines in memory. */
const LINE_ROWS = 400
/** So many events are told before room is asked for. */
const PACE = 1000
/** So many wait until those of a vessel are put together: each line tells once who its vessels are. */
const GATHERED_ROWS = 65_536

export type OperatorOptions = Omit<
  DetectOptions,
  'workers' | 'passes' | 'lessons' | 'onLessons' | 'scenes' | 'final' | 'from' | 'to'
>

export interface InPeriod {
  /** Goes on from a period before, or ends one before the data end. Of inputs, lines of states must have been taken out: period.without(). */
  period?: Period | undefined
}

export interface OperatorRun extends DetectRun {
  /** Reports that were left out because their time is not in the period. */
  outside(): number
}

const nothing = (): void => undefined

function runInPeriod(
  inputs: Iterable<Input>,
  options: OperatorOptions,
  { until: to }: Period,
  make: (options: EngineOptions, leftOut: (reports: number) => void) => Engine,
): OperatorRun {
  checkPasses(options)
  let outside = (): number => 0
  const run = runOver(inputs, { ...options, to }, (engineOptions, books) => {
    outside = () => books.outside
    return make(engineOptions, reports => void (books.outside += reports))
  })
  return { ...run, outside: () => outside() }
}

interface LearnerState extends EngineState {
  /** Lines of the slot that begins where the period ends. */
  taught: string[]
}

/** Writes down what the vessels of some reports teach, a line each; iterate it to its end. */
export function learnFrom(
  inputs: Iterable<Input>,
  options: OperatorOptions & InPeriod,
  write: (line: string) => void,
): OperatorRun {
  const { period = createPeriod() } = options
  const { until } = period
  return runInPeriod(inputs, options, period, (engineOptions, leftOut) => {
    const saved = period.before<LearnerState>('learn')
    const taught: string[] = []
    const learn = (line: string): void => {
      if (until !== undefined && slotOfLine(line) >= slotOf(until)) taught.push(line)
      else write(line)
    }
    saved?.taught.forEach(learn)
    return createPeriodEngine(
      engineOptions,
      { runs: LEARNS, give: nothing, learn },
      {
        ...{ period, saved, leftOut },
        ended(state) {
          if (options.signal?.aborted) return
          for (const line of period.linesOf('learn', { ...state, taught } satisfies LearnerState)) write(line)
        },
      },
    )
  })
}

/** What a step that is given lessons has to keep of those that are over. */
interface Judged {
  heard?: Stretch | undefined
}

interface VesselState extends EngineState, Judged {
  extract: ExtractState
}

/** Judges the vessels of some reports: what was found, and their part of the extract. */
export function judgeVessels(
  inputs: Iterable<Input>,
  options: OperatorOptions & InPeriod,
  file: LessonsFile,
  write: (line: string) => void,
): OperatorRun {
  const { period = createPeriod() } = options
  return runInPeriod(inputs, options, period, (engineOptions, leftOut) => {
    const saved = period.before<VesselState>('vessel')
    const { lessons, heard } = inPeriod(file, period, saved)
    const extracted = createExtract(saved?.extract)
    const pack = createRowPacker(engineOptions.words!, LINE_ROWS)
    const gathered = createBatch(engineOptions.words!, GATHERED_ROWS)
    const writeRows = (): void => {
      for (const block of pack(gathered, byVessel(gathered)))
        write(`${ROWS}\t${Buffer.from(block).toString('base64')}`)
      gathered.length = 0
    }
    return createPeriodEngine(
      engineOptions,
      { runs: VESSEL, lessons, give: found => write(foundLine(found)) },
      {
        ...{ period, saved, leftOut },
        see(batch, order) {
          for (const i of extracted.choose(batch, order)) {
            copyRow(batch, i, gathered, gathered.length++)
            if (gathered.length === GATHERED_ROWS) writeRows()
          }
        },
        seen: writeRows,
        ended(state) {
          if (options.signal?.aborted) return
          const all: VesselState = { ...state, heard, extract: extracted.state() }
          for (const line of period.linesOf('vessel', all)) write(line)
        },
      },
    )
  })
}

/** Its rows, those of a vessel together. */
function byVessel({ mmsi, length }: ReportBatch): Uint32Array {
  // as numbers, whose order asks no function: an MMSI and the row that has it fit into one
  const keys = Float64Array.from({ length }, (_, i) => mmsi[i]! * GATHERED_ROWS + i).sort()
  return Uint32Array.from(keys, key => key % GATHERED_ROWS)
}

export const foundLine = (found: Found): string => `${FOUND}\t${JSON.stringify(found)}`

/** The lessons of a period, which begins where the data do or another has ended; and all that was heard by its end. */
function inPeriod(
  file: LessonsFile,
  { until }: Period,
  saved: (PeriodState & Judged) | undefined,
  only?: Kind,
): { lessons: Lessons; heard: Stretch | undefined } {
  const stretches = stretchesAfter(saved?.heard, file.stretches())
  const { from, to } = spanOf(stretches)
  return {
    // where the data go on, nothing is beyond belief; and what was believed is
    lessons: {
      ...file.open(only),
      from,
      to: until === undefined ? Math.max(to, saved?.until ?? -Infinity) : Infinity,
    },
    heard: allHeard(stretches),
  }
}

type RuleOptions = Omit<EngineOptions, 'onEvent' | 'onReject' | 'words'> & InPeriod

/**
 * Holds the vessels of the extract against each other.
 * @param lines blocks of rows of all vessels, in any order; lines of other kinds are left out
 */
export async function judgeSea(
  lines: AsyncIterable<string>,
  options: RuleOptions & Pick<DetectOptions, 'maxMemoryBytes' | 'tempDir'>,
  file: LessonsFile,
  write: (line: string) => void,
): Promise<void> {
  checkPasses(options)
  const words = createWords()
  const { period = createPeriod(), maxMemoryBytes, tempDir } = options
  const sorter = createSorter({ words, maxMemoryBytes, tempDir })
  try {
    const read = createRowReader(words)
    for await (const line of lines) {
      if (period.take(line)) continue
      const text = textOf(line, ROWS)
      if (text !== undefined) sorter.add(orInput(line, () => read([Buffer.from(text, 'base64')])))
    }
    const config = { ...options.config, engine: { ...options.config?.engine, reorderWindowS: 0 } }
    const saved = period.before<EngineState & Judged>('sea')
    const { lessons, heard } = inPeriod(file, period, saved, SEA_LEARNS)
    const engine = createPeriodEngine(
      { ...options, config, words, onEvent: nothing },
      { runs: SEA, lessons, give: found => write(foundLine(found)) },
      {
        ...{ period, saved, leftOut: nothing },
        ended(state) {
          for (const line of period.linesOf('sea', { ...state, heard } satisfies EngineState & Judged))
            write(line)
        },
      },
    )
    for (const { batch: rows, order } of sorter.sorted()) engine.pushBatch(rows, order)
    engine.flush()
  } finally {
    sorter.dispose()
  }
}

interface TellerState extends PeriodState, Judged {
  teller: Uint8Array
}

/**
 * Tells what was found: in a period what is new or has changed in it, so that of all lines of an id the one with the highest
 * revision stands; if that one is a retraction, nothing does.
 * @param lines what all found, in any order; those of other kinds are left out
 * @param final each event once, in its last state; else every revision as it comes
 * @param write takes the lines of the state, where the period ends before the data
 * @param options drained: resolves when whoever takes the events has room for more
 */
export async function tellFound(
  lines: AsyncIterable<string>,
  options: RuleOptions & Pick<EngineOptions, 'onEvent'> & { drained?: () => Promise<void> },
  file: LessonsFile,
  final = true,
  write: (line: string) => void = nothing,
): Promise<void> {
  const { period = createPeriod() } = options
  const all: Found[] = []
  for await (const line of lines) {
    if (period.take(line)) continue
    const text = textOf(line, FOUND)
    if (text !== undefined) all.push(orInput(line, () => JSON.parse(text) as Found))
  }
  const saved = period.before<TellerState>('tell')
  const { lessons, heard } = inPeriod(file, period, saved)
  const finals = createFinalEvents(false, saved !== undefined)
  const onEvent = final ? finals.add : options.onEvent
  const teller = createTeller({ ...options, onEvent }, lessons, saved?.teller)
  let told = 0
  const paced = async (): Promise<void> => {
    if (++told % PACE === 0) await options.drained?.()
  }
  for (const found of all.sort(compareTurns)) {
    teller.take(found)
    await paced()
  }
  const { until } = period
  teller.advance(until ?? lessons.to)
  for (const event of finals.rest()) {
    options.onEvent(event)
    await paced()
  }
  if (until === undefined) return
  const state: TellerState = { until, heard, teller: teller.snapshot() }
  for (const line of period.linesOf('tell', state)) write(line)
}

/** What a line says, if it is of that kind. */
function textOf(line: string, kind: string): string | undefined {
  const tab = line.indexOf('\t')
  const is = line.slice(0, tab)
  if (is === kind) return line.slice(tab + 1)
  if (is === FOUND || is === ROWS || line === '') return undefined
  throw new InputError('failed', `operator: not a line of one: ${JSON.stringify(line.slice(0, 60))}`)
}

function orInput<T>(line: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new InputError('failed', `operator: a broken line: ${JSON.stringify(line.slice(0, 60))}`, {
      cause: error,
    })
  }
}
