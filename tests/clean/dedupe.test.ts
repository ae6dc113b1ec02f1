import { describe, expect, test } from 'vitest'
import { createDedupe } from '../../src/clean/dedupe.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import { createReceiverSets } from '../../src/model/receivers.js'
import type { PositionReport } from '../../src/model/report.js'
import { createWords } from '../../src/model/words.js'
import { at, T0 } from '../helpers/replay.js'

/** For each report: was it seen before? */
function seen(reports: PositionReport[], windowS = 30): boolean[] {
  return listen(reports, windowS).seen
}

/** The same, and each time that one more receiver was found to have heard a transmission: when it was first heard, and by whom. */
function listen(reports: PositionReport[], windowS = 30) {
  const words = createWords()
  const batch = createBatch(words, reports.length)
  for (const report of reports) appendReport(batch, report)
  const sets = createReceiverSets(words, 100, () => {})
  const copies: [s: number, names: string[]][] = []
  const dedupe = createDedupe(1, windowS, sets, (_slot, _batch, _i, t, heardBy) =>
    copies.push([(t - T0) / 1000, sets.names(heardBy)!]),
  )
  return { seen: reports.map((_, i) => dedupe.seen(0, batch, i)), copies }
}
const sent = (s: number, rest: Partial<PositionReport> = {}) => at(0, { t: T0 + s * 1000, lon: 10, ...rest })

describe('duplicates', () => {
  test('one transmission heard by several stations, by its UTC second', () => {
    const report = { utcSecond: 12 }
    expect(seen([sent(0, report), sent(3, { ...report, receiver: 'B' }), sent(30, report)])).toEqual([
      false,
      true,
      true,
    ])
    expect(seen([sent(0, report), sent(31, report)])).toEqual([false, false])
  })

  test('a moored ship that repeats itself is no duplicate where no UTC second tells', () => {
    expect(seen([sent(0), sent(10), sent(190)])).toEqual([false, false, false])
    expect(seen([sent(0), sent(0)])).toEqual([false, true])
    // 60…63 are states, not seconds
    expect(seen([sent(0, { utcSecond: 60 }), sent(10, { utcSecond: 60 })])).toEqual([false, false])
  })

  test('any difference in what was sent makes it another report', () => {
    const base = { utcSecond: 5, sog: 1, cog: 2, heading: 3, rot: 4, navStatus: 5, msgType: 1 }
    const other: Partial<PositionReport>[] = [
      { lat: 0.000001 },
      { lon: 10.000001 },
      ...[
        { sog: 1.1 },
        { cog: 2.1 },
        { heading: 4 },
        { rot: 5 },
        { navStatus: 6 },
        { msgType: 3 },
        { utcSecond: 6 },
      ],
    ]
    for (const rest of other)
      expect(seen([sent(0, base), sent(1, { ...base, ...rest })])).toEqual([false, false])
    expect(
      seen([sent(0, base), sent(1, { ...base, receivedAt: T0, receiver: 'X', collection: 'satellite' })])[1],
    ).toBe(true)
  })

  test('no two of many that differ are taken for one: whole numbers, neighbours, one coordinate for the other', () => {
    const batch = createBatch(createWords(), 1)
    const dedupe = createDedupe(
      1,
      30,
      createReceiverSets(batch.words, 1, () => {}),
      () => {},
    )
    const hashes = new Set<number>()
    const words = new Uint32Array(dedupe.state.ring.buffer)
    let different = 0
    for (let lat = -30; lat < 30; lat++)
      for (let lon = -30; lon < 30; lon++)
        for (const [scale, sog] of [
          [1, 0],
          [1, 10],
          [1e-4, 10],
          [1 / 600_000, 10.1],
        ] as const) {
          if (lat === 0 && lon === 0 && scale !== 1) continue
          batch.length = 0
          appendReport(
            batch,
            sent(0, { lat: lat * scale, lon: lon * scale, sog, cog: lat, heading: 0, utcSecond: 7 }),
          )
          dedupe.seen(0, batch, 0)
          hashes.add(words[4 * (different++ % 4) + 2]!) // behind the time
        }
    expect(hashes.size).toBe(different)
  })

  test('stations that lag by a few reports are still recognised', () => {
    const four = [1, 2, 3, 4].map(k => sent(k, { utcSecond: k }))
    expect(seen([...four, ...four.map(r => ({ ...r, t: r.t + 5000 }))])).toEqual([
      ...[false, false, false, false],
      ...[true, true, true, true],
    ])
  })

  test('a copy by another receiver is heard by that receiver too, by the same one it is nothing new', () => {
    const report = { utcSecond: 12 }
    const all = [
      sent(0, { ...report, receiver: 'B' }),
      sent(0, { ...report, receiver: 'B' }),
      sent(1, report),
      sent(2, { ...report, receiver: 'C' }),
      sent(3, { ...report, lat: 1, receiver: 'A' }),
      sent(4, { ...report, receiver: 'A' }),
      sent(5, { ...report, receiver: 'C' }),
      sent(6, { ...report, lat: 1, receiver: 'C' }),
    ]
    expect(listen(all).copies).toEqual([
      [0, ['B', 'C']],
      [0, ['A', 'B', 'C']],
      [3, ['A', 'C']],
    ])
  })
})
