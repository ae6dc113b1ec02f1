// What the input lacks is said, and only that.

import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { PositionReport } from '../../src/model/report.js'
import { createMet, meet, notJudged } from '../../src/engine/met.js'
import type { Detector, Need } from '../../src/detectors/detector.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { createTracks } from '../../src/tracks/table.js'
import { MMSI, T0 } from '../helpers/replay.js'

const ALL: Need[] = [
  ...(['native rate', 'receivers', 'static data', 'course', 'heading', 'nav status', 'UTC second'] as const),
  ...(['integrity bits', 'second source'] as const),
]
const detectors = ALL.map(need => ({ name: need, needs: [need] })) as unknown as Detector[]

/** What reports, 20 s apart unless they say otherwise, leave wanting. */
function wanting(...reports: Partial<PositionReport>[]): string[] {
  const met = createMet()
  const tracks = createTracks(1)
  const batch = createBatch(createWords(), 16)
  reports.forEach((report, k) => {
    appendReport(batch, { mmsi: MMSI, t: T0 + 20_000 * k, lat: 1, lon: 2, ...report })
    meet(met, 0, tracks, batch, k)
    tracks.t[0] = batch.t[k]!
  })
  return Object.keys(notJudged(met, detectors))
}

test('bare positions leave all but the rate wanting, each field ends one want', () => {
  const bare = wanting({ sog: 9 }, { sog: 9 })
  expect(bare).toEqual(ALL.filter(need => need !== 'native rate'))
  const fields: [Need, Partial<PositionReport>][] = [
    ['receivers', { receiver: 'north' }],
    ['course', { cog: 0 }],
    ['heading', { heading: 0 }],
    ['nav status', { navStatus: 0 }],
    ['UTC second', { utcSecond: 0 }],
    ['integrity bits', { raim: false }],
    ['second source', { source: 'other' }],
    ['second source', { collection: 'satellite' }],
  ]
  for (const [need, field] of fields)
    expect(wanting({ sog: 9 }, { sog: 9, ...field })).toEqual(bare.filter(each => each !== need))
  // states of the clock are no seconds, and 15 is no status
  expect(wanting({ sog: 9 }, { sog: 9, utcSecond: 61, navStatus: 15 })).toEqual(bare)
})

test('a report per minute is not the native rate, and ships at rest say nothing of it', () => {
  expect(wanting({ sog: 9, t: T0 }, { sog: 9, t: T0 + 60_000 })).toContain('native rate')
  expect(wanting({ sog: 9, t: T0 }, { sog: 9, t: T0 + 30_000 })).not.toContain('native rate')
  expect(wanting({ sog: 9, t: T0 }, { sog: 9, t: T0 + 30_001 })).toContain('native rate')
})

test('the engine says it, also after a snapshot', () => {
  const engine = createEngine({ onEvent: () => undefined, config: { engine: { capacity: 16 } } })
  engine.push({ mmsi: MMSI, t: T0, lat: 1, lon: 2 })
  engine.pushStatic({ mmsi: MMSI, t: T0 + 1, name: 'A' })
  engine.push({ mmsi: MMSI, t: T0 + 2, lat: 1, lon: 2 })
  engine.flush()
  expect(engine.notJudged()).not.toHaveProperty('identity')
  const bare = createEngine({ onEvent: () => undefined, config: { engine: { capacity: 16 } } })
  bare.push({ mmsi: MMSI, t: T0, lat: 1, lon: 2 })
  bare.flush()
  expect(bare.notJudged()).toMatchObject({ identity: ['static data'] })
  const restored = createEngine({
    onEvent: () => undefined,
    config: { engine: { capacity: 16 } },
    restore: engine.snapshot(),
  })
  expect(restored.notJudged()).toEqual(engine.notJudged())
})
