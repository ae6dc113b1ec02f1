// The work itself, minute by minute of event time, without a server: what a part of the fleet teaches and what is found of it, the
// sea, and the telling. Each is a function of the messages before, with a state that can be saved between two slots.

import type { Engine, EngineOptions } from '../../engine/api.js'
import { createEngine } from '../../engine/engine.js'
import { createExtract, type ExtractState } from '../../engine/extract.js'
import { slotOfLine, united, type Lessons } from '../../engine/lessons.js'
import { compareTurns, type Found } from '../../engine/parts.js'
import { pack, unpack } from '../../engine/snapshot.js'
import { createTeller } from '../../engine/teller.js'
import { createOrderer } from '../../clean/order.js'
import type { ReportBatch } from '../../model/batch.js'
import type { DarkEvent } from '../../model/event.js'
import { MS_PER_MIN } from '../../model/units.js'
import { createWords } from '../../model/words.js'
import { SLOT_MS } from '../../reception/slots.js'
import { LEARNS, SEA, VESSEL } from '../parts.js'
import { createRowPacker, createRowReader } from '../rows.js'

export const SLOT_MINUTES = SLOT_MS / MS_PER_MIN

export type StepOptions = Omit<EngineOptions, 'onEvent' | 'onReject' | 'words' | 'restore'>

/** What all vessels teach, as far as it is known: slots that are over, kept until everybody here has taken them in. */
export interface GrowingLessons extends Lessons {
  from: number
  to: number
  add(lines: string[]): void
  /** Lines that were not asked for yet. */
  rest(): string[]
}

/** @param wants lines of use to whoever is given them */
export function createGrowingLessons(
  from = Infinity,
  wants: (line: string) => boolean = () => true,
): GrowingLessons {
  const slots = new Map<number, string[]>()
  return {
    ...{ from, to: Infinity },
    add(lines) {
      for (const line of united(lines.filter(wants).sort())) {
        const slot = slotOfLine(line)
        const held = slots.get(slot)
        if (held) held.push(line)
        else slots.set(slot, [line])
      }
    },
    of(slot) {
      const lines = slots.get(slot) ?? []
      for (const known of slots.keys()) if (known <= slot) slots.delete(known)
      return lines
    },
    rest: () => [...slots.values()].flat(),
  }
}

const nothing = (): void => undefined
const inOrder = (options: StepOptions): StepOptions => ({
  ...options,
  config: { ...options.config, engine: { ...options.config?.engine, reorderWindowS: 0 } },
})

/** Rows that an engine sees at a time. */
const SLICE = 4096

/** Called now and then in a long piece of work: whoever does it has to say that it lives. */
export type Rest = () => Promise<void>

async function pushAll(
  engine: Engine,
  batch: ReportBatch,
  order: Uint32Array | null,
  rest: Rest,
): Promise<void> {
  const rows = order ?? Uint32Array.from({ length: batch.length }, (_, i) => i)
  for (let from = 0; from < rows.length; from += SLICE) {
    engine.pushBatch(batch, rows.subarray(from, from + SLICE))
    await rest()
  }
}

/** One part of the fleet. */
export interface PartStep {
  /** Blocks of reports as both take them; null: none. @throws RangeError for what is no block */
  read(blocks: readonly Uint8Array[]): ReportBatch | null
  /** Rows of a minute, in order, and that it is over: lines that a slot which is over taught, null while one goes on. */
  learn(rows: ReportBatch | null, minute: number, rest: Rest): Promise<string[] | null>
  /** The same rows, once all slots before theirs are known: what was found, a line each, and their part of the extract. */
  judge(
    rows: ReportBatch | null,
    minute: number,
    rest: Rest,
  ): Promise<{ lines: string[]; blocks: Uint8Array[] }>
  /** The data ended, `lessons.to` is known: what there is left to find. What a slot teaches that is not over nobody asks. */
  judgeEnd(): string[]
  /** Between two slots. */
  save(): Uint8Array
}

interface SavedPart {
  learner: Uint8Array
  judge: Uint8Array
  extract: ExtractState
  /** Lines of the slot that has begun. */
  taught: string[]
}

export function createPartStep(
  options: StepOptions,
  lessons: Lessons,
  slots: number,
  saved?: Uint8Array,
): PartStep {
  const was = saved && (unpack(saved) as SavedPart)
  let taught = was?.taught ?? []
  let out: string[] = []
  const words = createWords()
  const own = inOrder(options)
  const learner = createEngine(
    { ...own, onEvent: nothing, words, ...(was && { restore: was.learner }) },
    { runs: LEARNS, give: nothing, learn: line => taught.push(line), slots },
  )
  const judging = createEngine(
    { ...own, onEvent: nothing, words, ...(was && { restore: was.judge }) },
    { runs: VESSEL, lessons, give: found => out.push(JSON.stringify(found)), slots },
  )
  const extract = createExtract(was?.extract)
  const readRows = createRowReader(words)
  const packed = createRowPacker(words)

  /** Lines of slots before one. */
  function taughtBefore(slot: number): string[] {
    const due = taught.filter(line => slotOfLine(line) < slot)
    taught = taught.filter(line => slotOfLine(line) >= slot)
    return due
  }

  function given(): string[] {
    const lines = out
    out = []
    return lines
  }

  return {
    read: blocks => (blocks.length > 0 ? readRows(blocks) : null),
    async learn(rows, minute, rest) {
      if (rows) await pushAll(learner, rows, null, rest)
      if (minute % SLOT_MINUTES !== 0) return null
      // the next slot begins: what this one left open is told
      learner.advance(minute * MS_PER_MIN)
      return taughtBefore(minute / SLOT_MINUTES)
    },
    async judge(rows, minute, rest) {
      const blocks = rows ? packed(rows, extract.choose(rows)) : []
      if (rows) await pushAll(judging, rows, null, rest)
      judging.advance(minute * MS_PER_MIN - 1)
      return { lines: given(), blocks }
    },
    judgeEnd() {
      judging.flush()
      return given()
    },
    save: () =>
      pack({
        learner: learner.snapshot(),
        judge: judging.snapshot(),
        extract: extract.state(),
        taught,
      } satisfies SavedPart),
  }
}

/** Those who hold vessels against each other. */
export interface SeaStep {
  /** The extract of all parts of a minute, in any order. */
  judge(blocks: readonly Uint8Array[], minute: number, rest: Rest): Promise<string[]>
  judgeEnd(): string[]
  save(): Uint8Array
}

export function createSeaStep(options: StepOptions, lessons: Lessons, saved?: Uint8Array): SeaStep {
  let out: string[] = []
  const words = createWords()
  const engine = createEngine(
    { ...inOrder(options), onEvent: nothing, words, ...(saved && { restore: saved }) },
    { runs: SEA, lessons, give: found => out.push(JSON.stringify(found)) },
  )
  const order = createOrderer()
  const readRows = createRowReader(words)

  function given(): string[] {
    const lines = out
    out = []
    return lines
  }

  return {
    async judge(blocks, minute, rest) {
      if (blocks.length > 0) {
        const batch = readRows(blocks)
        await pushAll(engine, batch, order(batch), rest)
      }
      engine.advance(minute * MS_PER_MIN - 1)
      return given()
    },
    judgeEnd() {
      engine.flush()
      return given()
    },
    save: () => engine.snapshot(),
  }
}

/** Who tells. */
export interface TellStep {
  /** What all parts and the sea found in a minute, a line each. */
  tell(lines: readonly string[], minute: number): DarkEvent[]
  tellEnd(lines: readonly string[]): DarkEvent[]
  save(): Uint8Array
}

export function createTellStep(options: StepOptions, lessons: Lessons, saved?: Uint8Array): TellStep {
  let events: DarkEvent[] = []
  const teller = createTeller({ ...options, onEvent: event => events.push(event) }, lessons, saved)

  function tell(lines: readonly string[], until: number): DarkEvent[] {
    const found = lines.map(line => JSON.parse(line) as Found)
    for (const each of found.sort(compareTurns)) teller.take(each)
    teller.advance(until)
    const told = events
    events = []
    return told
  }

  return {
    tell: (lines, minute) => tell(lines, minute * MS_PER_MIN - 1),
    tellEnd: lines => tell(lines, lessons.to),
    save: () => teller.snapshot(),
  }
}
