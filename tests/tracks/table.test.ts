import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendReport, createBatch } from '../../src/model/batch.js'
import { COLLECTIONS } from '../../src/model/report.js'
import { createWords } from '../../src/model/words.js'
import {
  copyTrack,
  COUNTER_HOURS,
  createTracks,
  createVesselTable,
  reportsByKind,
  reportsSince,
  updateTrack,
} from '../../src/tracks/table.js'
import { T0 } from '../helpers/replay.js'

describe('vessel table', () => {
  test('finds what a Map would, through any adds and evictions', () => {
    // MMSIs that differ by the table's size share a home: probing and removal are what is tested
    const mmsi = fc.integer({ min: 1, max: 12 }).map(k => 200_000_000 + k * 64)
    fc.assert(
      fc.property(fc.array(mmsi, { maxLength: 200 }), fc.integer({ min: 1, max: 9 }), (steps, capacity) => {
        const table = createVesselTable(capacity)
        const model = new Map<number, number>()
        steps.forEach((id, t) => {
          expect(table.find(id)).toBe(model.get(id) ?? -1)
          let slot = table.find(id)
          if (slot < 0) {
            slot = table.add(id, t, evicted => {
              const [gone] = [...model].find(([, at]) => at === evicted)!
              model.delete(gone)
            })
            model.set(id, slot)
          }
          table.tracks.heard[slot] = t
          table.tracks.count[slot]!++
          expect(model.size).toBeLessThanOrEqual(capacity)
          for (const [other, at] of model) expect(table.find(other)).toBe(at)
        })
      }),
    )
  })

  test('evicts the never-confirmed first, then the longest silent', () => {
    const table = createVesselTable(4)
    const evicted: number[] = []
    const evict = (slot: number) => evicted.push(table.tracks.mmsi[slot]!)
    const hear = (mmsi: number, t: number, times: number) => {
      let slot = table.find(mmsi)
      if (slot < 0) slot = table.add(mmsi, t, evict)
      table.tracks.heard[slot] = t
      table.tracks.count[slot]! += times
    }
    hear(1, 1, 5)
    hear(2, 2, 5)
    hear(3, 3, 1)
    hear(4, 4, 1)
    hear(1, 5, 1)
    hear(5, 6, 5) // 3 was heard once, longest ago
    hear(6, 7, 5) // then 4
    hear(7, 8, 5) // all are confirmed: 2 has been silent longest
    expect(evicted).toEqual([3, 4, 2])
  })

  test('a copied track is the same in every column, and its neighbours stay as they were', () => {
    const { tracks } = createVesselTable(3)
    const store = createTracks(3)
    for (const column of [...Object.values(tracks), ...Object.values(store)])
      for (let k = 0; k < column.length; k++) column[k] = 1 + ((k * 37) % 200)
    tracks.stillSince[1] = NaN
    const slots = (of: typeof tracks, slot: number) =>
      Object.values(of).map(column => {
        const width = column.length / (of === store ? 3 : 4)
        return [...column.subarray(slot * width, (slot + 1) * width)]
      })
    const [before, after] = [slots(store, 1), slots(store, 0)]
    copyTrack(tracks, 1, store, 2)
    expect(slots(store, 2)).toEqual(slots(tracks, 1))
    expect([slots(store, 1), slots(store, 0)]).toEqual([before, after])
  })

  test('counts reports by the hour and kind as a list of all of them would', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 240 }), fc.nat({ max: 3 })), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 20 }), (minutes, back) => {
        const { tracks } = createVesselTable(1)
        const batch = createBatch(createWords(), 1)
        const all: { t: number; kind: number }[] = []
        let t = T0
        for (const [step, kind] of minutes) {
          t += step * 60_000
          batch.length = 0
          appendReport(batch, { mmsi: 1, t, lat: 1, lon: 2, collection: COLLECTIONS[kind]! })
          updateTrack(tracks, 0, batch, 0)
          all.push({ t, kind })
        }
        const hourOf = (at: number) => Math.floor(at / 3_600_000)
        const kept = all.filter(report => hourOf(report.t) > hourOf(t) - COUNTER_HOURS)
        expect(reportsByKind(tracks, 0)).toEqual(
          [0, 1, 2, 3].map(k => kept.filter(({ kind }) => kind === k).length),
        )
        const since = t - back * 3_600_000
        expect(reportsSince(tracks, 0, since)).toBe(
          kept.filter(report => hourOf(report.t) >= hourOf(since)).length,
        )
      }),
    )
  })
})
