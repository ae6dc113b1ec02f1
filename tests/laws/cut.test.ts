// Cut by vessel, once what vessels teach one another is given: the parts find what the whole finds, in an order that does not
// depend on the cut; and what they write down, united, is what the whole writes down.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import { lessonsOf, united, type Lessons } from '../../src/engine/lessons.js'
import { compareTurns, type Found } from '../../src/engine/parts.js'
import type { ConfigInput } from '../../src/model/config.js'
import { LEARNS, SEA, VESSEL } from '../../src/run/parts.js'
import type { PositionReport } from '../../src/model/report.js'
import { createWords } from '../../src/model/words.js'
import { appendReport, createBatch, type ReportBatch } from '../../src/model/batch.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { coastNm } from '../helpers/coast.js'
import { fleetOf, heardTraffic, traffic } from '../helpers/traffic.js'
import { square } from '../helpers/zones.js'

const zones = buildZoneIndex([square('north', 4.9, 59.9, 0.6), square('wide', 60, -20, 10.05)])
const config: ConfigInput = { engine: { capacity: 512, reorderWindowS: 0 } }

function batchOf(reports: readonly PositionReport[]): ReportBatch {
  const words = createWords()
  const sorted = [...reports].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
  const batch = createBatch(words, Math.max(1, sorted.length))
  for (const report of sorted) appendReport(batch, report)
  return batch
}

const nobody = (): never => expect.unreachable('a part tells nothing')

function learned(reports: readonly PositionReport[], options: Partial<EngineOptions> = {}): string[] {
  const lines: string[] = []
  const batch = batchOf(reports)
  const engine = createEngine(
    { zones, config, ...options, words: batch.words, onEvent: nobody },
    { runs: LEARNS, give: () => undefined, learn: line => lines.push(line) },
  )
  engine.pushBatch(batch)
  engine.flush()
  return lines
}

function found(
  reports: readonly PositionReport[],
  runs: Iterable<string>,
  lessons: Lessons,
  options: Partial<EngineOptions> = {},
): Found[] {
  const all: Found[] = []
  const batch = batchOf(reports)
  const engine = createEngine(
    { zones, config, ...options, words: batch.words, onEvent: nobody },
    { runs: new Set(runs), give: each => all.push(each), lessons },
  )
  engine.pushBatch(batch)
  engine.flush()
  expect(engine.counts.evicted.vessels).toBe(0)
  return all
}

const told = (parts: Found[][]) =>
  parts
    .flat()
    .sort(compareTurns)
    .map(({ event, asOf }) => ({ event, asOf }))

/** Vessels by a hash, into so many parts. */
const cut = (reports: readonly PositionReport[], parts: number): PositionReport[][] =>
  Array.from({ length: parts }, (_, k) =>
    reports.filter(({ mmsi }) => (Math.imul(mmsi, 2654435761) >>> 8) % parts === k),
  )

describe('a cut by vessel', () => {
  test('writes down, united, what the whole writes down', () => {
    let lines = 0
    fc.assert(
      fc.property(
        fc.oneof(traffic, heardTraffic),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 2, max: 5 }),
        (reports, ships, parts) => {
          const fleet = fleetOf(reports, ships)
          const whole = lessonsOf(learned(fleet))
          const united = lessonsOf(cut(fleet, parts).flatMap(part => learned(part)))
          expect(united.from).toBe(whole.from)
          expect(united.to).toBe(whole.to)
          for (let slot = whole.from; slot * 600_000 <= whole.to; slot++) {
            lines += [...whole.of(slot)].length
            expect(united.of(slot)).toEqual(whole.of(slot))
          }
        },
      ),
      { numRuns: 20 },
    )
    expect(lines).toBeGreaterThan(1000)
  })

  test('lines make one table, whoever puts them together, in whatever order and however often', () => {
    fc.assert(
      fc.property(
        heardTraffic,
        fc.integer({ min: 2, max: 4 }),
        fc.infiniteStream(fc.nat()),
        (reports, parts, order) => {
          const tables = cut(fleetOf(reports, 4), parts).map(part => [...united(learned(part).sort())])
          const all = [...united(tables.flat().sort())]
          // two at a time, some of them twice
          let heap = [...tables, tables[order.next().value % parts]!]
          while (heap.length > 1) {
            const [a] = heap.splice(order.next().value % heap.length, 1)
            const [b] = heap.splice(order.next().value % heap.length, 1)
            heap = [...heap, [...united([...b!, ...a!].sort())]]
          }
          expect(heap[0]).toEqual(all)
        },
      ),
      { numRuns: 20 },
    )
  })

  test('knows what all teach, also where nobody of it was heard; the sea is taught where ships lay, and no more', () => {
    let cells = 0
    let places = 0
    fc.assert(
      fc.property(heardTraffic, fc.integer({ min: 2, max: 6 }), (reports, ships) => {
        const fleet = fleetOf(reports, ships)
        const rules = {
          coast: coastNm(1),
          config: { ...config, anchorages: { minVessels: 2, minHours: 1, minOccasions: 1 } },
        }
        const lessons = lessonsOf(learned(fleet, rules))
        const knows = (runs: ReadonlySet<string>, own: readonly PositionReport[]) => {
          const batch = batchOf(own)
          const engine = createEngine(
            { zones, ...rules, words: batch.words, onEvent: nobody },
            { runs, give: () => undefined, lessons },
          )
          engine.pushBatch(batch)
          engine.advance(lessons.to)
          return { grid: engine.receptionGrid(0), anchorages: engine.anchorages() }
        }
        const whole = knows(VESSEL, fleet)
        cells += whole.grid.length
        places += whole.anchorages.length
        for (const part of [...cut(fleet, 3), []]) expect(knows(VESSEL, part)).toEqual(whole)
        expect(knows(SEA, fleet)).toEqual({ grid: [], anchorages: whole.anchorages })
      }),
      { numRuns: 10 },
    )
    expect(cells).toBeGreaterThan(10)
    expect(places).toBeGreaterThan(0)
  })

  test('finds what the whole finds', () => {
    const types = new Set<string>()
    fc.assert(
      fc.property(
        fc.oneof(traffic, heardTraffic),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 2, max: 5 }),
        (reports, ships, parts) => {
          const fleet = fleetOf(reports, ships)
          const lessons = lessonsOf(learned(fleet))
          const whole = told([found(fleet, [...VESSEL, ...SEA], lessons)])
          for (const { event } of whole) types.add(event.type)
          const byVessel = cut(fleet, parts).map(part => found(part, VESSEL, lessons))
          expect(told([...byVessel, found(fleet, SEA, lessons)])).toEqual(whole)
        },
      ),
      { numRuns: 25 },
    )
    expect(types.size).toBeGreaterThan(5)
  })
})
