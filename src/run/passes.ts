// Detection in two passes: the first writes down what vessels teach one another, the second is given it. Each vessel is then judged
// by itself, those that are held against each other by an extract of all, and what was found is told in an order that depends on
// nothing but event time and vessels. So the events are the same on one machine and on many, however the fleet is cut up
// (docs/scale.md), if not quite those of one pass, which learns as it goes and sees every report of everybody.

import type { Engine, EngineOptions } from '../engine/api.js'
import { createEngine } from '../engine/engine.js'
import { createExtract } from '../engine/extract.js'
import { compareTurns, type Found } from '../engine/parts.js'
import { createTeller } from '../engine/teller.js'
import { resolveConfig } from '../model/config.js'
import { UsageError } from '../model/errors.js'
import { presetConfig } from '../model/presets.js'
import { createBatch, copyRow, type ReportBatch } from '../model/batch.js'
import { createLessonsWriter, type LessonsFile } from './lessons-file.js'
import { LEARNS, SEA, SEA_LEARNS, VESSEL } from './parts.js'
import type { SortedRows } from './spill.js'

const nothing = (): void => undefined

/** @throws UsageError for a configuration that needs to see everybody at once */
export function checkPasses(options: Pick<EngineOptions, 'config' | 'preset'>): void {
  const config = resolveConfig(options.preset ? presetConfig(options.preset) : undefined, options.config)
  if (config.gap.minFeedShare > 0)
    throw new UsageError('passes: gap.minFeedShare is judged as reports come: it takes one pass')
}

/** Takes the rows of a first pass, in order of time, and writes down what their vessels teach. */
export interface Learner {
  push({ batch, order }: SortedRows): void
  /** The rows end. */
  done(): LessonsFile
  close(): void
}

export function createLearner(options: EngineOptions, tempDir?: string): Learner {
  const writer = createLessonsWriter(tempDir)
  const engine = createEngine(
    { ...options, onEvent: nothing, onReject: nothing },
    { runs: LEARNS, give: nothing, learn: line => writer.write(line) },
  )
  return {
    push: ({ batch, order }) => engine.pushBatch(batch, order),
    done() {
      engine.flush()
      return writer.done()
    },
    close: () => writer.close(),
  }
}

/** An engine for the second pass: rows in order of time, and no others. It has no snapshots. */
export function createSecondPass(options: EngineOptions, lessons: Pick<LessonsFile, 'open'>): Engine {
  const { words } = options
  if (!words) throw new UsageError('passes: rows come with words of their own')
  let found: Found[] = []
  // as text, since that is how machines hand it on: what text does not hold may tell nothing
  const give = (each: Found): void => void found.push(JSON.parse(JSON.stringify(each)) as Found)
  const own = createEngine(options, { runs: VESSEL, give, lessons: lessons.open() })
  // its rejects are told by the other one
  const sea = createEngine(
    { ...options, onReject: nothing },
    { runs: SEA, give, lessons: lessons.open(SEA_LEARNS) },
  )
  const told = lessons.open()
  const teller = createTeller(options, told)
  const extracted = createExtract()
  const extract = createBatch(words, 4096)

  function pushExtract(batch: ReportBatch, order: Uint32Array | null | undefined): void {
    extract.validated = batch.validated
    for (const i of extracted.choose(batch, order)) {
      copyRow(batch, i, extract, extract.length++)
      if (extract.length === extract.capacity) handOn()
    }
    handOn()
  }

  function handOn(): void {
    if (extract.length > 0) sea.pushBatch(extract)
    extract.length = 0
  }

  /** What nothing more can come before. */
  function tell(until: number): void {
    const due = found.filter(({ when }) => when.t < until).sort(compareTurns)
    if (due.length === 0) return
    found = found.filter(({ when }) => when.t >= until)
    for (const each of due) teller.take(each)
  }

  return {
    ...own,
    get vessels() {
      return own.vessels
    },
    get counts() {
      const { events, exempted } = teller.counts
      return { ...own.counts, events, exempted }
    },
    pushBatch(batch, order) {
      own.pushBatch(batch, order)
      pushExtract(batch, order)
      const n = order ? order.length : batch.length
      if (n > 0) tell(batch.t[order ? order[n - 1]! : n - 1]!)
    },
    flush() {
      own.flush()
      sea.flush()
      tell(Infinity)
      teller.advance(told.to)
    },
    isInDoubt: mmsi => own.isInDoubt(mmsi) || sea.isInDoubt(mmsi),
  }
}
