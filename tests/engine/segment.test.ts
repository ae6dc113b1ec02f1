import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { segment, type Segment } from '../../src/engine/segment.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import type { PositionReport } from '../../src/model/report.js'
import { createWords } from '../../src/model/words.js'
import { at } from '../helpers/replay.js'
import { heardTraffic } from '../helpers/traffic.js'

const fates = (found: Segment[], fate: Segment['fate']) => found.filter(each => each.fate === fate).length

describe('segment', () => {
  test('finds what the engine finds: as many copies and outliers, and further tracks where it has shared MMSIs', () => {
    let shared = 0
    fc.assert(
      fc.property(heardTraffic, reports => {
        const further = new Set<number>()
        const engine = createEngine({
          config: { clean: { futureGuard: false }, engine: { capacity: 64, reorderWindowS: 0 } },
          onEvent: event => {
            if (event.class === 'shared_mmsi') further.add(event.mmsi!)
          },
        })
        reports.forEach(report => engine.push(report))
        engine.flush()
        const found = segment(reports)
        expect(fates(found, 'copy')).toBe(engine.counts.duplicates)
        // a fix that the engine took for an error may turn out to have been the other ship's
        const outliers = fates(found, 'outlier')
        if (further.size === 0) expect(outliers).toBe(engine.counts.outliers)
        else expect(outliers).toBeLessThanOrEqual(engine.counts.outliers)
        const several = reports.filter((_, k) => found[k]!.track > 1).map(({ mmsi }) => mmsi)
        expect(new Set(several)).toEqual(further)
        shared += further.size
      }),
    )
    expect(shared).toBeGreaterThan(0)
  })

  test('the order of the input, its form, and other vessels in it change nothing', () => {
    fc.assert(
      fc.property(heardTraffic, fc.infiniteStream(fc.double({ noNaN: true })), (reports, lots) => {
        const all = segment(reports)
        const found = new Map(reports.map((report, k) => [report, all[k]!]))
        const shuffled = reports
          .map(report => ({ report, lot: lots.next().value as number }))
          .sort((a, b) => a.lot - b.lot)
          .map(({ report }) => report)
        const words = createWords()
        const batch = createBatch(words, shuffled.length)
        for (const report of shuffled) appendReport(batch, report)
        const before = structuredClone({ ...batch, words: null })
        // reports of one content are one another's copies, whichever is first
        const plain = ({ fate: _, ...rest }: Segment) => rest
        const inBatch = segment(batch)
        expect(inBatch).toEqual(segment(shuffled))
        expect(inBatch.map(plain)).toEqual(shuffled.map(report => plain(found.get(report)!)))
        expect({ ...batch, words: null }).toEqual(before)
        const one = reports.filter(({ mmsi }) => mmsi === 257000010)
        expect(segment(one)).toEqual(one.map(report => found.get(report)))
      }),
      { numRuns: 30 },
    )
  })

  test('a leap makes a new piece, a displaced fix none', () => {
    const far = (h: number): PositionReport => at(h, { lat: 40 })
    const aside = at(0.2, { lat: -30 })
    const reports = [at(0), at(0.1), aside, at(0.3), far(0.4), far(0.5), far(0.6), far(0.7)]
    expect(segment(reports).map(({ fate, track, piece }) => [fate, track, piece])).toEqual([
      ['track', 1, 1],
      ['track', 1, 1],
      ['outlier', 0, 0],
      ['track', 1, 1],
      ...[4, 5, 6, 7].map(() => ['track', 1, 2]),
    ])
  })

  test('of what is no report it says so, and of nothing nothing', () => {
    const bad = [at(0, { lat: 91 }), at(0, { mmsi: 0 }), at(NaN), at(0, { lat: 0, lon: 0 })]
    expect(segment(bad).map(({ fate }) => fate)).toEqual(['invalid', 'invalid', 'invalid', 'invalid'])
    expect(segment([])).toEqual([])
    expect(() => segment([], { preset: 'none' })).toThrow('preset')
  })

  test('what a ship did at a place that it had left, as it seemed, was the other ship of its number', () => {
    const here = (h: number) => at(h)
    const there = (h: number) => at(h, { lat: 40 })
    const reports = [
      here(0),
      here(0.1),
      ...[0.2, 0.3, 0.4].map(there),
      ...[0.5, 0.6, 0.7].map(here),
      there(0.8),
      here(0.9),
    ]
    const found = segment([...reports, ...[1, 1.1, 1.2].map(there)])
    const north = (k: number) => (k >= 2 && k <= 4) || k === 8 || k >= 10
    const tracks = new Set(found.map(({ track }, k) => `${track} ${north(k)}`))
    expect(found.every(({ fate }) => fate === 'track')).toBe(true)
    expect(tracks.size).toBe(2)
  })

  test('a name is heard from the ship that has it, or by itself', () => {
    const [a, b] = [{ ...at(0), name: 'A' }, at(0.1)]
    const name = { mmsi: a.mmsi, t: b.t + 1, name: 'A' }
    expect(segment([a, b, name]).map(({ fate, track }) => [fate, track])).toEqual(
      Array.from({ length: 3 }, () => ['track', 1]),
    )
    expect(segment([name])).toEqual([{ fate: 'track', track: 1, piece: 1 }])
  })
})
