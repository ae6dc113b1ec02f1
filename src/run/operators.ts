// The two passes (run/passes) as steps that a cluster runs, each a filter from lines to lines: `learn` and `vessel` over the reports of
// some of the vessels, `sea` over the extract of all of them, `tell` over what was found. docs/scale.md.
//
//   reports of some vessels ─ learn ─ lessons ── united: given to all that follow
//   reports of some vessels ─ vessel ─ found, rows
//   rows of all ─ sea ─ found
//   found by all ─ tell ─ events

import type { Engine, EngineOptions } from '../engine/api.js'
import { createEngine } from '../engine/engine.js'
import { createExtract } from '../engine/extract.js'
import { compareTurns, type Found } from '../engine/parts.js'
import { createTeller } from '../engine/teller.js'
import type { ReportBatch } from '../model/batch.js'
import { InputError } from '../model/errors.js'
import { createWords } from '../model/words.js'
import type { Input } from '../sources/open.js'
import { runOver, type DetectOptions, type DetectRun } from './detect.js'
import type { LessonsFile } from './lessons-file.js'
import { createFinalEvents } from './final.js'
import { LEARNS, SEA, VESSEL } from './parts.js'
import { checkPasses } from './passes.js'
import { createRowPacker, createRowReader } from './rows.js'
import { createSorter } from './spill.js'

/** What a line of the operators is; the text follows after a tab. */
export const FOUND = 'found'
export const ROWS = 'rows'
/** Rows of a line: some 10 kB, as clusters hold thousands of lines in memory. */
const LINE_ROWS = 100

export type OperatorOptions = Omit<
  DetectOptions,
  'workers' | 'passes' | 'lessons' | 'onLessons' | 'scenes' | 'final'
>

const nothing = (): void => undefined

/** Writes down what the vessels of some reports teach, a line each; iterate it to its end. */
export function learnFrom(
  inputs: Iterable<Input>,
  options: OperatorOptions,
  write: (line: string) => void,
): DetectRun {
  checkPasses(options)
  return runOver(inputs, options, engineOptions =>
    createEngine(engineOptions, { runs: LEARNS, give: nothing, learn: write }),
  )
}

/** Judges the vessels of some reports: what was found, and their part of the extract. */
export function judgeVessels(
  inputs: Iterable<Input>,
  options: OperatorOptions,
  lessons: LessonsFile,
  write: (line: string) => void,
): DetectRun {
  checkPasses(options)
  return runOver(inputs, options, engineOptions => {
    const extracted = createExtract()
    const pack = createRowPacker(engineOptions.words!, LINE_ROWS)
    const engine = createEngine(engineOptions, {
      ...{ runs: VESSEL, lessons: lessons.open() },
      give: found => write(foundLine(found)),
    })
    return {
      ...engine,
      get vessels() {
        return engine.vessels
      },
      pushBatch(batch: ReportBatch, order?: Uint32Array | null) {
        engine.pushBatch(batch, order)
        for (const block of pack(batch, extracted.choose(batch, order)))
          write(`${ROWS}\t${Buffer.from(block).toString('base64')}`)
      },
    } satisfies Engine
  })
}

export const foundLine = (found: Found): string => `${FOUND}\t${JSON.stringify(found)}`

type RuleOptions = Omit<EngineOptions, 'onEvent' | 'onReject' | 'words'>

/**
 * Holds the vessels of the extract against each other.
 * @param lines blocks of rows of all vessels, in any order; lines of other kinds are left out
 */
export async function judgeSea(
  lines: AsyncIterable<string>,
  options: RuleOptions & Pick<DetectOptions, 'maxMemoryBytes' | 'tempDir'>,
  lessons: LessonsFile,
  write: (line: string) => void,
): Promise<void> {
  checkPasses(options)
  const words = createWords()
  const { maxMemoryBytes, tempDir } = options
  const sorter = createSorter({ words, maxMemoryBytes, tempDir })
  try {
    const read = createRowReader(words)
    for await (const line of lines) {
      const text = textOf(line, ROWS)
      if (text !== undefined) sorter.add(orInput(line, () => read([Buffer.from(text, 'base64')])))
    }
    const config = { ...options.config, engine: { ...options.config?.engine, reorderWindowS: 0 } }
    const engine = createEngine(
      { ...options, config, words, onEvent: nothing },
      { runs: SEA, lessons: lessons.open(), give: found => write(foundLine(found)) },
    )
    for (const { batch: rows, order } of sorter.sorted()) engine.pushBatch(rows, order)
    engine.flush()
  } finally {
    sorter.dispose()
  }
}

/**
 * Tells what was found.
 * @param lines what all found, in any order; those of other kinds are left out
 * @param final each event once, in its last state; else every revision as it comes
 */
export async function tellFound(
  lines: AsyncIterable<string>,
  options: RuleOptions & Pick<EngineOptions, 'onEvent'>,
  lessons: LessonsFile,
  final = true,
): Promise<void> {
  const all: Found[] = []
  for await (const line of lines) {
    const text = textOf(line, FOUND)
    if (text !== undefined) all.push(orInput(line, () => JSON.parse(text) as Found))
  }
  const told = lessons.open()
  const finals = createFinalEvents()
  const onEvent = final ? finals.add : options.onEvent
  const teller = createTeller({ ...options, onEvent }, told)
  for (const found of all.sort(compareTurns)) teller.take(found)
  teller.advance(told.to)
  for (const event of finals.rest()) options.onEvent(event)
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
