// An engine taken apart finds what the whole one finds, to the byte and in its order, wherever the rows are cut and however the
// detectors are dealt out, as long as those that teach one another are together.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import { compareMoments, createFindings, type Found, type Moment } from '../../src/engine/parts.js'
import { dealt, MOST_SHARES, sharesFor, TEACHES } from '../../src/run/parts.js'
import { DETECTORS, type ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { appendReport, createBatch, type ReportBatch } from '../../src/model/batch.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { T0 } from '../helpers/replay.js'
import { fleetOf, heardTraffic, traffic } from '../helpers/traffic.js'
import { square } from '../helpers/zones.js'

const zones = buildZoneIndex([
  square('north', 4.9, 59.9, 0.6),
  square('south', 4, 56, 2),
  square('west', 0, 59, 1),
  square('wide', 60, -20, 10.05),
])
const config: ConfigInput = { engine: { capacity: 16, silenceCapacity: 16, reorderWindowS: 0 } }

function batchesOf(reports: readonly PositionReport[], cut: number): ReportBatch[] {
  const words = createWords()
  const sorted = [...reports].sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
  const batches: ReportBatch[] = []
  for (let from = 0; from < sorted.length; from += cut) {
    const batch = createBatch(words, cut)
    for (const report of sorted.slice(from, from + cut)) appendReport(batch, report)
    batches.push(batch)
  }
  return batches
}

function whole(batches: readonly ReportBatch[], options: Partial<EngineOptions> = {}): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({
    ...{ zones, config, ...options, words: batches[0]!.words, onEvent: event => events.push(event) },
  })
  for (const batch of batches) engine.pushBatch(batch)
  engine.flush()
  return events
}

/** The same by a teller and helpers, who are ahead of it by a batch. */
function apart(
  batches: readonly ReportBatch[],
  parts: readonly string[][],
  options: Partial<EngineOptions> = {},
): DarkEvent[] {
  const events: DarkEvent[] = []
  const others = createFindings()
  const { words } = batches[0]!
  const [own, ...helps] = dealt(parts)
  const teller = createEngine(
    { zones, config, ...options, words, onEvent: event => events.push(event) },
    { runs: own!.runs, others },
  )
  const helpers = helps.map(part => {
    let found: Found[] = []
    const engine = createEngine(
      { config, words, onEvent: () => expect.unreachable('a helper tells nothing') },
      { ...part, give: each => found.push(each) },
    )
    return {
      engine,
      hand() {
        others.add(found)
        found = []
      },
    }
  })
  for (const batch of batches) {
    for (const { engine, hand } of helpers) {
      engine.pushBatch(batch)
      hand()
    }
    teller.pushBatch(batch)
  }
  for (const { engine, hand } of helpers) {
    engine.flush()
    hand()
  }
  teller.flush()
  return events
}

/** Detectors dealt out to so many parts; those that teach one another together, with gap in the first. */
const deals = fc.array(fc.nat(2), { minLength: DETECTORS.length, maxLength: DETECTORS.length }).map(at => {
  const parts: string[][] = [[], [], []]
  DETECTORS.forEach((name, k) => {
    const group = TEACHES.findIndex(names => names.includes(name))
    parts[group === 0 ? 0 : group > 0 ? at[DETECTORS.indexOf(TEACHES[group]![0] as 'gap')]! : at[k]!]!.push(
      name,
    )
  })
  return parts
})

describe('parts of an engine', () => {
  test('find what the whole engine finds, whoever has which detectors', () => {
    const types = new Set<string>()
    fc.assert(
      fc.property(
        fc.oneof(traffic, heardTraffic),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 300 }),
        deals,
        (reports, ships, cut, parts) => {
          const batches = batchesOf(fleetOf(reports, ships), cut)
          const expected = whole(batches)
          for (const { type } of expected) types.add(type)
          expect(apart(batches, parts)).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
    expect(types.size).toBeGreaterThan(5)
  })
})

test('of what is found at one report, what is asked of all comes before what is asked of the unusual, in parts as in the whole', () => {
  // 12 knots eastward on the equator, moored by its own word: the one is told at some minute, the other where the border is
  const reports = Array.from({ length: 90 }, (_, k) => ({
    ...{ mmsi: 257000010, t: T0 + k * MS_PER_MIN, lat: 0, lon: 10 + (k * 0.2) / 60, sog: 12, cog: 90 },
    ...{ navStatus: 5, msgType: 1, txClass: 'A' as const },
  }))
  const batches = batchesOf(reports, 20)
  const asOf = (events: DarkEvent[], type: string, kind: string): number =>
    events.find(event => event.type === type && event.class === kind)?.asOf ?? NaN
  let together = 0
  for (let west = 10.01; west < 10.25; west += 0.2 / 60) {
    const options = { zones: buildZoneIndex([square('ahead', west, -0.5, 1)]) }
    const expected = whole(batches, options)
    if (asOf(expected, 'spoofing', 'nav_status') !== asOf(expected, 'zone', 'entered')) continue
    together++
    const others = DETECTORS.filter(name => name !== 'nav_status')
    expect(apart(batches, [others, ['nav_status']], options)).toEqual(expected)
  }
  expect(together).toBeGreaterThan(0)
})

test('every detector tells in one share of any number of them, those that teach one another are together, and each has something to do', () => {
  for (let threads = 1; threads <= MOST_SHARES + 1; threads++) {
    const shares = sharesFor(threads)
    expect(shares).toHaveLength(Math.min(threads, MOST_SHARES))
    const told = shares.map(({ runs, silent }) => DETECTORS.filter(n => runs.has(n) && !silent?.has(n)))
    expect(told.flat().sort()).toEqual([...DETECTORS].sort())
    for (const names of told) expect(names).not.toEqual([])
    for (const names of TEACHES)
      expect(shares.filter(({ runs }) => names.some(name => runs.has(name)))).toHaveLength(1)
  }
})

test('findings come in order of moment, each once, those of one moment in the order in which they were found', () => {
  const moment = fc.record({
    ...{ beat: fc.nat(5), minute: fc.nat(2), mmsi: fc.nat(2), track: fc.nat(1), turn: fc.nat(2) },
  })
  fc.assert(
    fc.property(fc.array(fc.array(moment)), fc.array(moment), (given, asked) => {
      const findings = createFindings()
      const all: Found[] = []
      const out: Found[] = []
      for (const part of given) {
        const when = { t: 0, phase: 0, mmsi: 0, look: 0, nth: 0 }
        const found = part
          .sort(compareMoments)
          .map(at => ({ at, when, event: {} as Found['event'], asOf: all.length }))
        findings.add(found)
        all.push(...found)
      }
      const expected = all
        .map((found, k) => ({ found, k }))
        .sort((a, b) => compareMoments(a.found.at, b.found.at) || a.k - b.k)
        .map(({ found }) => found)
      for (const at of asked.sort(compareMoments)) {
        findings.before(at, found => out.push(found))
        const due = expected.filter(found => compareMoments(found.at, at) < 0)
        expect(out).toEqual(due)
        expect(findings.beat).toBe(expected[out.length]?.at.beat ?? Infinity)
      }
    }),
  )
  const last: Moment = { beat: 1, minute: 0, mmsi: 0, track: 0, turn: 0 }
  expect(compareMoments(last, last)).toBe(0)
})
