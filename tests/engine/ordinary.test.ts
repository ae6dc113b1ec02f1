// An ordinary report of a track that nobody watches tells the detectors that declare `watches` nothing: their state stays
// as it is, and they say nothing. So they need not be asked.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDetectors } from '../../src/detectors/index.js'
import { initRemembered } from '../../src/detectors/spoofing/remembered.js'
import { createIsUnusual } from '../../src/engine/ordinary.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import { resolveConfig } from '../../src/model/config.js'
import { createReceiverSets } from '../../src/model/receivers.js'
import { createWords } from '../../src/model/words.js'
import { createReception } from '../../src/reception/model.js'
import { slotOf } from '../../src/reception/slots.js'
import { createFeeds } from '../../src/tracks/feeds.js'
import { createTracks, updateTrack } from '../../src/tracks/table.js'
import { T0 } from '../helpers/replay.js'
import { createAnchorages } from '../../src/zones/anchorages.js'
import { share } from '../helpers/share.js'

const report = fc.record({
  afterS: fc.integer({ min: 1, max: 500 }),
  sog: fc.constantFrom(undefined, 0, 0.4, 1, 3, 6.9, 7.1, 9.9, 10.1, 14, 25),
  cog: fc.constantFrom(undefined, 0, 90, 181),
  heading: fc.constantFrom(undefined, 0, 45, 90, 180),
  navStatus: fc.constantFrom(undefined, 0, 1, 2, 5, 6, 7, 14),
  lat: fc.constantFrom(undefined, 40, 40.001, 40.1),
  utcSecond: fc.constantFrom(undefined, 0, 30),
  receiver: fc.constantFrom(undefined, 'Abel', 'Bodø'),
})

test('an ordinary report changes nothing of a track that is not watched', () => {
  let ordinary = 0
  let unusual = 0
  // of equal thresholds one test would stand for two
  const fromKn = fc.constantFrom(3, 7, 10)
  fc.assert(
    fc.property(fc.array(report, { minLength: 1, maxLength: 30 }), fromKn, (reports, fromKn) => {
      const words = createWords()
      const config = resolveConfig(undefined, { suddenStop: { fromKn } })
      const receivers = createReceiverSets(words, 64, () => {})
      const reception = createReception({ cells: 64, sightings: 1024, receivers: 8 })
      const anchorages = createAnchorages(config.anchorages, {})
      const views = {
        ...{ reception, words, receivers, anchorages },
        ...{ feeds: createFeeds(1), remembered: initRemembered(1) },
      }
      const detectors = createDetectors(config, views).filter(({ watches }) => watches)
      const isUnusual = createIsUnusual(config)
      const states = detectors.map(detector => detector.init(1))
      const tracks = createTracks(1)
      tracks.heard[0] = tracks.t[0] = tracks.lat[0] = tracks.lon[0] = tracks.sog[0] = NaN
      let t = T0
      for (const { afterS, lat, ...rest } of reports) {
        t += afterS * 1000
        const batch = createBatch(words, 1)
        const place = lat === undefined ? {} : { lat, lon: 3 }
        appendReport(batch, { mmsi: 257000010, t, msgType: 1, txClass: 'A', ...place, ...rest } as never)
        reception.advance(t)
        const isFirst = slotOf(t) !== slotOf(tracks.heard[0]!)
        const isOdd = isFirst || isUnusual(tracks, 0, batch, 0)
        for (const [d, detector] of detectors.entries()) {
          const before = structuredClone(states[d])
          const isWatched = detector.watches!(states[d], 0)
          let told = 0
          detector.step!(states[d], 0, tracks, batch, 0, () => told++)
          if (isOdd || isWatched) unusual++
          else {
            ordinary++
            expect(told).toBe(0)
            expect(states[d]).toEqual(before)
          }
        }
        updateTrack(tracks, 0, batch, 0)
      }
    }),
    { numRuns: 300 },
  )
  expect(Math.min(ordinary, unusual)).toBeGreaterThan(1000 * share)
})
