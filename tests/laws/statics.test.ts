// Static data that nobody uses are forgotten, and nobody notices: events are those of an engine that forgets nothing.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/api.js'
import { createEngine } from '../../src/engine/engine.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { createWords, staticKey } from '../../src/model/words.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { traffic } from '../helpers/traffic.js'
import { square } from '../helpers/zones.js'
import { share } from '../helpers/share.js'

const zones = buildZoneIndex([square('north', 4.9, 59.9, 0.6), square('south', 4, 56, 2)])

/** Static data that a ship sends with a report, or before it in a message of their own; names never come again. */
interface Said {
  report: PositionReport
  data: StaticData | null
  alone: boolean
}

const said: fc.Arbitrary<Said[]> = fc
  .tuple(
    traffic,
    fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
    fc.integer({ min: 0, max: 40 }), // passers-by, who drive others out of a small table
  )
  .map(([reports, chance, others]) => {
    const every = Math.max(1, Math.floor(reports.length / (others + 1)))
    return reports.flatMap((report, k): Said[] => {
      const n = chance.next().value as number
      const data =
        n < 4 ? { name: `NAME ${k}`, shipType: 70 + n, ...(n === 0 && { imo: 9_000_000 + k }) } : null
      const passer = { mmsi: 211_000_000 + k, t: report.t, lat: 1, lon: 2 + k / 100 }
      return [
        { report, data, alone: n % 2 === 0 },
        ...(k % every === 0 ? [{ report: passer, data: { name: `PASSER ${k}` }, alone: false }] : []),
      ]
    })
  })

interface Outcome {
  events: DarkEvent[]
  /** Most static data at a time. */
  most: number
  sweeps: number
}

interface Options {
  reorderWindowS: number
  forgets: boolean
  /** Goes on from a snapshot at each of these steps, in words of its own. */
  cuts?: number[]
}

function run(steps: Said[], { reorderWindowS, forgets, cuts = [] }: Options): Outcome {
  const events: DarkEvent[] = []
  const make = (restore?: Uint8Array): Engine =>
    createEngine({
      zones,
      words: createWords(),
      config: { engine: { capacity: 16, silenceCapacity: 64, staticsKept: 1, reorderWindowS } },
      onEvent: event => events.push(event),
      ...(restore && { restore }),
    })
  let engine = make()
  let most = 0
  let sweeps = 0
  steps.forEach(({ report, data, alone }, k) => {
    if (cuts.includes(k)) engine = make(engine.snapshot())
    const { words } = engine
    const batch = createBatch(words, 2)
    if (data && alone) engine.pushStatic({ mmsi: report.mmsi, t: report.t, ...data })
    appendReport(batch, report)
    if (data && !alone) batch.statics[0] = words.statics.id(staticKey(data), () => data)
    engine.pushBatch(batch)
    const before = words.statics.epoch
    if (forgets) engine.tidy()
    sweeps += words.statics.epoch - before
    most = Math.max(most, words.statics.size)
  })
  engine.flush()
  return { events, most, sweeps }
}

const window = fc.constantFrom(0, 120)

describe('forgotten static data', () => {
  test('change no event', () => {
    let sweeps = 0
    fc.assert(
      fc.property(said, window, (steps, reorderWindowS) => {
        const kept = run(steps, { reorderWindowS, forgets: false })
        const swept = run(steps, { reorderWindowS, forgets: true })
        sweeps += swept.sweeps
        expect(swept.events).toEqual(kept.events)
      }),
      { numRuns: 120 },
    )
    expect(sweeps).toBeGreaterThan(120 * share)
  })

  test('… nor does resuming in between, however often', () => {
    fc.assert(
      fc.property(
        said,
        window,
        fc.array(fc.nat({ max: 200 }), { maxLength: 3 }),
        (steps, reorderWindowS, cuts) => {
          const kept = run(steps, { reorderWindowS, forgets: false })
          expect(run(steps, { reorderWindowS, forgets: true, cuts }).events).toEqual(kept.events)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('a ship that has another name every minute for a month takes no more room than one', () => {
    const config = { engine: { capacity: 16, silenceCapacity: 16, staticsKept: 100 } }
    const engines = [0, 1].map(() => createEngine({ config, onEvent: () => undefined }))
    let most = 0
    for (let m = 0; m < 30 * 24 * 60; m++) {
      engines.forEach((engine, changing) => {
        engine.pushStatic({ mmsi: 201_000_001, t: m * 60_000, name: `SHIP ${m * changing}` })
        engine.tidy()
        most = Math.max(most, engine.words.statics.size)
      })
    }
    expect(most).toBeLessThanOrEqual(101)
    const [steady, changing] = engines.map(engine => engine.snapshot().length)
    expect(changing! - steady!).toBeLessThan(100 * 200)
  })
})
