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
import { createDistributor } from '../../src/run/jetstream/ingest.js'
import { decoded, type ReportsHead } from '../../src/run/jetstream/messages.js'
import {
  createGrowingLessons,
  createPartStep,
  createSeaStep,
  createTellStep,
  SLOT_MINUTES,
} from '../../src/run/jetstream/steps.js'
import { LEARNS } from '../../src/run/parts.js'
import { createSecondPass } from '../../src/run/passes.js'
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
  const minutes: { minute: number; blocks: Uint8Array[][] }[] = []
  let blocks: Uint8Array[][] = Array.from({ length: parts }, () => [])
  const distributor = createDistributor(batch.words, parts, (part, _, message) => {
    const { head, body } = decoded<ReportsHead>(message)
    if (head.kind === 'rows') blocks[part]!.push(body)
    else if (part === parts - 1) {
      const reached = Math.floor(head.t / MS_PER_MIN)
      const minute = head.kind === 'tick' ? reached : Math.max(head.since, reached) + 1
      minutes.push({ minute, blocks })
      blocks = blocks.map(() => [])
    }
  })
  distributor.push(batch, null)
  distributor.end()

  let lessons = Array.from({ length: parts + 2 }, () => createGrowingLessons(from))
  const step = Array.from({ length: parts }, (_, p) => createPartStep(options, lessons[p]!, slots))
  let sea = createSeaStep(options, lessons[parts]!)
  let teller = createTellStep(options, lessons[parts + 1]!)
  const events: DarkEvent[] = []
  let slotsOver = 0
  for (const { minute, blocks: each } of minutes) {
    const read = step.map((of, p) => of.read(each[p]!))
    const taught = await Promise.all(step.map((of, p) => of.learn(read[p]!, minute, noRest)))
    if (taught[0] !== null) lessons.forEach(of => of.add(taught.flatMap(lines => lines!)))
    const judged = await Promise.all(step.map((of, p) => of.judge(read[p]!, minute, noRest)))
    const found = judged.flatMap(({ lines }) => lines)
    const extract = judged.flatMap(of => of.blocks)
    events.push(...teller.tell([...found, ...(await sea.judge(extract, minute, noRest))], minute))
    if (minute % SLOT_MINUTES === 0 && ++slotsOver % 5 === 0 && saves.next().value === true) {
      lessons = lessons.map(of => {
        const again = createGrowingLessons(from)
        again.add(of.rest())
        return again
      })
      const saved = step.map(of => of.save())
      saved.forEach((bytes, p) => (step[p] = createPartStep(options, lessons[p]!, slots, bytes)))
      sea = createSeaStep(options, lessons[parts]!, sea.save())
      teller = createTellStep(options, lessons[parts + 1]!, teller.save())
    }
  }
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
})
