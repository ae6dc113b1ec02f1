// The work that is shared by way of a server, without one: parts of the fleet, the sea and the telling, minute by minute, each saved
// and taken up again now and then, tell what two passes on one machine tell.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { lessonsOf } from '../../src/engine/lessons.js'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { appendReport, createBatch, type ReportBatch } from '../../src/model/batch.js'
import {
  createGrowingLessons,
  createPartStep,
  createSeaStep,
  createTellStep,
  SLOT_MINUTES,
} from '../../src/run/jetstream/steps.js'
import { partOf } from '../../src/run/jetstream/subjects.js'
import { LEARNS } from '../../src/run/parts.js'
import { createSecondPass } from '../../src/run/passes.js'
import { createRowPacker } from '../../src/run/rows.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { fleetOf, heardTraffic, traffic } from '../helpers/traffic.js'
import { square } from '../helpers/zones.js'

const zones = buildZoneIndex([square('north', 4.9, 59.9, 0.6), square('wide', 60, -20, 10.05)])
const config: ConfigInput = { engine: { capacity: 256, reorderWindowS: 0 } }
const options = { zones, config }

function batchOf(reports: readonly PositionReport[]): ReportBatch {
  const batch = createBatch(createWords(), reports.length)
  for (const report of [...reports].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)) appendReport(batch, report)
  batch.validated = true
  return batch
}

const nothing = (): void => undefined
const noRest = (): Promise<void> => Promise.resolve()

function onOneMachine(batch: ReportBatch): { events: DarkEvent[]; from: number; to: number } {
  const lines: string[] = []
  const learner = createEngine(
    { ...options, words: batch.words, onEvent: nothing },
    { runs: LEARNS, give: nothing, learn: line => lines.push(line) },
  )
  learner.pushBatch(batch)
  learner.flush()
  const events: DarkEvent[] = []
  const file = { open: () => lessonsOf(lines), lines: () => lines, close: nothing }
  const second = createSecondPass(
    { ...options, words: batch.words, onEvent: event => events.push(event) },
    file,
  )
  second.pushBatch(batch)
  second.flush()
  const { from, to } = file.open()
  return { events, from, to }
}

async function byWay(
  batch: ReportBatch,
  { from, to }: { from: number; to: number },
  parts: number,
  saves: Iterator<boolean>,
): Promise<DarkEvent[]> {
  const slots = 128
  const pack = createRowPacker(batch.words)
  const lessons = Array.from({ length: parts + 2 }, () => createGrowingLessons(from))
  const step = Array.from({ length: parts }, (_, p) => createPartStep(options, lessons[p]!, slots))
  let sea = createSeaStep(options, lessons[parts]!)
  let teller = createTellStep(options, lessons[parts + 1]!)
  const events: DarkEvent[] = []
  const share = (slot: number, lines: string[]): void => lessons.forEach(of => of.add(slot, [...lines]))

  const first = Math.floor(batch.t[0]! / MS_PER_MIN)
  const last = Math.floor(to / MS_PER_MIN)
  let i = 0
  for (let minute = first + 1; minute <= last + 1; minute++) {
    const rows: number[][] = step.map(() => [])
    for (; i < batch.length && batch.t[i]! < minute * MS_PER_MIN; i++)
      rows[partOf(batch.mmsi[i]!, parts)]!.push(i)
    const ended = minute === last + 1
    const read = step.map((of, p) => of.read(pack(batch, rows[p])))
    const judged = await Promise.all(step.map((of, p) => of.judge(read[p]!, minute, noRest)))
    const taught = await Promise.all(step.map((of, p) => of.learn(read[p]!, minute, noRest)))
    if (taught[0] !== null)
      share(
        minute / SLOT_MINUTES - 1,
        taught.flatMap(lines => lines!),
      )
    const found = judged.flatMap(({ lines }) => lines)
    const blocks = judged.flatMap(of => of.blocks)
    events.push(...teller.tell([...found, ...(await sea.judge(blocks, minute, noRest))], minute))
    if (minute % SLOT_MINUTES === 0 && !ended && saves.next().value === true) {
      const saved = step.map(of => of.save())
      saved.forEach((bytes, p) => (step[p] = createPartStep(options, lessons[p]!, slots, bytes)))
      sea = createSeaStep(options, lessons[parts]!, sea.save())
      teller = createTellStep(options, lessons[parts + 1]!, teller.save())
    }
  }
  step.forEach(of => of.learnEnd())
  lessons.forEach(of => (of.to = to))
  const rest = step.flatMap(of => of.judgeEnd())
  return [...events, ...teller.tellEnd([...rest, ...sea.judgeEnd()])]
}

test('parts, sea and telling, saved and taken up again at any time, tell what one machine tells in two passes', async () => {
  const types = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(traffic, heardTraffic),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.boolean()),
      async (reports, ships, parts, saves) => {
        const batch = batchOf(fleetOf(reports, ships))
        const { events, from, to } = onOneMachine(batch)
        if (!(to >= batch.t[batch.length - 1]!)) return
        for (const { type } of events) types.add(type)
        expect(await byWay(batch, { from, to }, parts, saves)).toEqual(events)
      },
    ),
    { numRuns: 6, endOnFailure: true },
  )
  expect(types.size).toBeGreaterThan(5)
}, 240_000)
