import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { piecesOf, stopsOf, type Stretch, type StopRule, type TrackFix } from '../../src/tracks/stops.js'
import { sharedText, testWith } from '../helpers/shared.js'
import { share } from '../helpers/share.js'

const planar = (a: TrackFix, b: TrackFix) => Math.hypot(a.lat - b.lat, a.lon - b.lon)

/** The words of the rule, and nothing else: from the first fix on, the longest stretch of fixes near each other. */
function naively(track: readonly TrackFix[], { maxDiameterM, minMs }: StopRule): Stretch[] {
  const stops: Stretch[] = []
  for (let from = 0; from < track.length; from++) {
    let to = from
    const isNear = (k: number) => track.slice(from, k).every(fix => planar(fix, track[k]!) < maxDiameterM)
    while (to + 1 < track.length && isNear(to + 1)) to++
    if (to === from || track[to]!.t - track[from]!.t < minMs) continue
    stops.push({ from, to })
    from = to
  }
  return stops
}

const steps = fc.array(
  fc.record({
    t: fc.integer({ min: 1, max: 4 }),
    north: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -1, max: 1 }) },
      fc.integer({ min: -9, max: 9 }),
    ),
    east: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -1, max: 1 }) },
      fc.integer({ min: -9, max: 9 }),
    ),
  }),
  { maxLength: 60 },
)
const tracks = steps.map(list => {
  let at: TrackFix = { t: 0, lat: 0, lon: 0 }
  return list.map(({ t, north, east }) => (at = { t: at.t + t, lat: at.lat + north, lon: at.lon + east }))
})
const rules = fc.record({
  maxDiameterM: fc.integer({ min: 1, max: 6 }),
  minMs: fc.integer({ min: 1, max: 12 }),
})

describe('stops', () => {
  test('are what the words of the rule say, on any track', () => {
    let found = 0
    fc.assert(
      fc.property(tracks, rules, (track, rule) => {
        const stops = stopsOf(track, rule, planar)
        found += stops.length
        expect(stops).toEqual(naively(track, rule))
      }),
      { numRuns: 1000 },
    )
    expect(found).toBeGreaterThan(300 * share)
  })

  test('turn with the track, whichever way it lies on the earth', () => {
    fc.assert(
      fc.property(tracks, rules, (track, rule) => {
        const wide = { ...rule, maxDiameterM: rule.maxDiameterM * 1111 + 300 }
        const on = (lon: number, side = 1) =>
          track.map(fix => ({ t: fix.t, lat: side * (fix.lat / 100), lon: lon + fix.lon / 100 }))
        const expected = stopsOf(on(10), wide)
        expect(stopsOf(on(179.95), wide)).toEqual(expected)
        expect(stopsOf(on(10, -1), wide)).toEqual(expected)
      }),
    )
  })

  test('a month at a berth is compared a few times a fix', () => {
    let asked = 0
    const berth = Array.from({ length: 20_000 }, (_, k) => ({
      ...{ t: k * 10_000, lat: 50 + ((k * 7919) % 13) * 1e-5, lon: ((k * 104_729) % 17) * 1e-5 },
    }))
    const stops = stopsOf(berth, { maxDiameterM: 500, minMs: 3_600_000 }, (a, b) => {
      asked++
      return haversineM(a.lat, a.lon, b.lat, b.lon)
    })
    expect(stops).toEqual([{ from: 0, to: berth.length - 1 }])
    expect(asked).toBeLessThan(2 * berth.length)
  })

  test('neither an empty track nor a single fix is one', () => {
    expect(stopsOf([], { maxDiameterM: 1, minMs: 0 })).toEqual([])
    expect(stopsOf([{ t: 0, lat: 0, lon: 0 }], { maxDiameterM: 1, minMs: 0 })).toEqual([])
  })
})

describe('pieces', () => {
  test('hold every fix once, in order; within one no gap is too long, between two each is', () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 })).map(list => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 8 }), (list, maxGapMs) => {
        const pieces = piecesOf(list, maxGapMs)
        expect(pieces.flatMap(({ from, to }) => list.slice(from, to + 1))).toEqual(list)
        const starts = new Set(pieces.map(({ from }) => from))
        list.slice(1).forEach((t, k) => expect(starts.has(k + 1)).toBe(t - list[k]! > maxGapMs))
      }),
    )
  })
})

describe('MovingPandas', () => {
  const path = 'cases/movingpandas/stops-and-gaps.json'
  interface Cases {
    stops: {
      name: string
      max_diameter_m: number
      min_duration_s: number
      points: [x: number, y: number, t: number][]
      expected: [number, number][]
    }[]
    gap_split: {
      t_s?: number[]
      tracks?: string[][]
      gap_s: number
      expected?: number[][]
      expected_pieces?: number
    }[]
  }
  const cases = () => JSON.parse(sharedText(path)) as Cases

  testWith(path, 'its stops', () => {
    const { stops } = cases()
    expect(stops).toHaveLength(6)
    for (const { name, max_diameter_m, min_duration_s, points, expected } of stops) {
      const track = points.map(([x, y, t]) => ({ t, lat: y, lon: x }))
      const found = stopsOf(track, { maxDiameterM: max_diameter_m, minMs: min_duration_s }, planar)
      expect([name, found.map(({ from, to }) => [track[from]!.t, track[to]!.t])]).toEqual([name, expected])
    }
  })

  testWith(path, 'its pieces between gaps; it drops those of one fix, ours keep them', () => {
    const { gap_split } = cases()
    expect(gap_split).toHaveLength(3)
    for (const { t_s, tracks: many, gap_s, expected, expected_pieces } of gap_split) {
      const all = t_s ? [t_s] : many!.map(track => track.map(text => Date.parse(text) / 1000))
      const pieces = all.flatMap(times =>
        piecesOf(times, gap_s)
          .filter(({ from, to }) => to > from)
          .map(({ from, to }) => times.slice(from, to + 1)),
      )
      if (expected) expect(pieces).toEqual(expected)
      else expect(pieces).toHaveLength(expected_pieces!)
    }
  })
})
