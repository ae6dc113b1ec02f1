import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendReport, createBatch } from '../../src/model/batch.js'
import type { PositionReport } from '../../src/model/report.js'
import { createWords } from '../../src/model/words.js'
import {
  addToTrail,
  clearTrail,
  createTrails,
  TRAIL_POINTS,
  trailPoints,
  turnedRad,
  turnPoints,
} from '../../src/tracks/trail.js'
import { approach, ring } from '../detectors/spoofing/rings.js'

const words = createWords()
const SLOT = 1

function sail(reports: readonly PositionReport[], state = createTrails(3)) {
  const batch = createBatch(words, reports.length + 1)
  for (const report of reports) appendReport(batch, report)
  const kept = reports.filter((_, i) => addToTrail(state, SLOT, batch, i))
  return { state, kept }
}

const circles = fc.record({
  radiusM: fc.integer({ min: 250, max: 10_000 }),
  knots: fc.integer({ min: 5, max: 18 }),
  sense: fc.constantFrom(1, -1),
  lat: fc.integer({ min: -65, max: 65 }),
  lon: fc.constantFrom(0, 179.99, -120),
  from: fc.integer({ min: 0, max: 359 }),
})

describe('a trail', () => {
  test('has up to sixteen points a turn, whatever the size of the circle, and tells how far it has turned', () => {
    fc.assert(
      fc.property(circles, ({ radiusM, knots, sense, lat, lon, from }) => {
        // often enough that no step is a great part of a turn
        const everyS = Math.max(2, Math.round((2 * Math.PI * radiusM) / (knots * 0.5144) / 120))
        const round = ring({ radiusM, knots, sense, centre: [lat, lon], from, turns: 3, everyS, noiseM: 1 })
        const { state, kept } = sail(round)
        const perTurn = (kept.length - 1) / 3
        expect(perTurn).toBeGreaterThan(radiusM < 500 ? 8 : 11)
        expect(perTurn).toBeLessThan(18)
        expect((turnedRad(state, SLOT) * sense) / 2 / Math.PI).toBeGreaterThan(2.7)
        expect((turnedRad(state, SLOT) * sense) / 2 / Math.PI).toBeLessThan(3.05)
        expect(turnPoints(state, SLOT)).toBe(Math.min(TRAIL_POINTS, kept.length - 2))
      }),
      { numRuns: 60 },
    )
  })

  test('has a point each three miles of a straight way, and no turn', () => {
    const way = approach(ring(), 6)
    const { state, kept } = sail(way)
    expect(kept.length).toBeGreaterThan(18)
    expect(kept.length).toBeLessThan(22)
    expect(turnedRad(state, SLOT)).toBe(0)
  })

  test('begins to turn where the ship does, however long it went straight on', () => {
    const round = ring({ radiusM: 400, turns: 1.5 })
    const { state } = sail([...approach(round, 0.25, 180), ...round])
    expect(turnedRad(state, SLOT) / 2 / Math.PI).toBeGreaterThan(1)
  })

  test('of a ship that lies still is its place', () => {
    const { kept } = sail(ring({ radiusM: 20, knots: 0.05, turns: 5, everyS: 180 }))
    expect(kept).toHaveLength(1)
  })

  test('gives back what was reported, in order', () => {
    const { state, kept } = sail(ring({ radiusM: 2000, turns: 1.5 }))
    const points = trailPoints(state, SLOT, 10)
    expect(points).toHaveLength(10)
    points.forEach((point, k) => {
      const report = kept.at(k - 10)!
      expect(point.t).toBe(report.t)
      expect(Math.abs(point.lat - report.lat!)).toBeLessThan(1e-7)
      expect(Math.abs(point.lon - report.lon!)).toBeLessThan(1e-7)
      expect(Math.abs(point.cog - report.cog!)).toBeLessThan(0.051)
      expect(point.sog).toBe(report.sog)
      expect(point.heading).toBe(report.heading)
    })
  })

  test('knows what was not told', () => {
    const { state } = sail(ring({ report: () => ({ sog: NaN, cog: NaN, heading: NaN }) }))
    expect(trailPoints(state, SLOT, 1)[0]).toMatchObject({ sog: NaN, cog: NaN, heading: NaN })
  })

  test('starts anew after 24 days, and cleared it is as good as new', () => {
    const round = ring({ turns: 1 })
    const { state } = sail([...round, { ...round[0]!, t: round[0]!.t + 25 * 86_400_000 }])
    expect(trailPoints(state, SLOT, 32)).toHaveLength(1)
    clearTrail(state, SLOT)
    expect(state).toEqual(createTrails(3))
  })
})
