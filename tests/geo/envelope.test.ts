import { kinks, polygon } from '@turf/turf'
import fc from 'fast-check'
import geographiclib from 'geographiclib-geodesic'
import { describe, expect, test } from 'vitest'
import { wrapLon } from '../../src/geo/antimeridian.js'
import { geodesicM } from '../../src/geo/distance.js'
import { envelope, type Place } from '../../src/geo/envelope.js'
import { insideRings } from '../../src/geo/polygon.js'
import { EARTH_RADIUS_M } from '../../src/model/units.js'

// Karney's geodesics are the oracle
const wgs84 = geographiclib.Geodesic.WGS84
const apartM = (a: Place, b: Place): number => wgs84.Inverse(a.lat, a.lon, b.lat, b.lon).s12!
const wayM = (off: Place, p: Place, on: Place | null) => apartM(off, p) + (on ? apartM(p, on) : 0)
const toward = ({ lat, lon }: Place, azimuth: number, m: number): Place => {
  const { lat2, lon2 } = wgs84.Direct(lat, lon, azimuth, m)
  return { lat: lat2!, lon: lon2! }
}

const place: fc.Arbitrary<Place> = fc.record({
  lat: fc.oneof(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: 84, max: 90, noNaN: true }),
    fc.double({ min: -90, max: -84, noNaN: true }),
  ),
  lon: fc.oneof(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: 176, max: 180, noNaN: true }),
    fc.constantFrom(-180, 0, 180),
  ),
})
const fraction = fc.double({ min: 0, max: 1, noNaN: true })
const azimuth = fc.double({ min: 0, max: 360, noNaN: true })
const upTo = (spanM: number) => fc.double({ min: 2, max: Math.log10(spanM), noNaN: true }).map(x => 10 ** x)

interface Silence {
  off: Place
  on: Place | null
  rangeM: number
}

/** Open or closed, from hardly more than the straight way to many times it. */
const silence = (spanM: number): fc.Arbitrary<Silence> =>
  fc
    .record({
      off: place,
      azimuth,
      rangeM: upTo(spanM),
      share: fc.oneof(fraction, fc.constantFrom(0, 0.001, 0.999)),
      open: fc.boolean(),
    })
    .map(({ off, azimuth: toOn, rangeM, share, open }) => ({
      off,
      on: open ? null : toward(off, toOn, share * rangeM),
      rangeM,
    }))
const of = ({ off, on, rangeM }: Silence) => envelope(off, on, rangeM)

describe('covers', () => {
  test('is the sum of two geodesics, on both sides of the edge', () => {
    fc.assert(
      fc.property(
        silence(5e6),
        azimuth,
        fc.oneof(fraction, fc.double({ min: 0.99, max: 1.01 })),
        (s, to, f) => {
          const p = toward(s.off, to, f * s.rangeM)
          const over = wayM(s.off, p, s.on) / s.rangeM - 1
          if (Math.abs(over) > 1e-7) expect(of(s).covers(p.lat, p.lon)).toBe(over < 0)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('is the straight way alone when there was time for no other', () => {
    fc.assert(
      fc.property(place, azimuth, upTo(5e6), fraction, (off, to, m, f) => {
        const on = toward(off, to, m)
        const there = envelope(off, on, geodesicM(off.lat, off.lon, on.lat, on.lon))
        const between = toward(off, to, f * m)
        expect(there.covers(between.lat, between.lon)).toBe(true)
        const beside = toward(between, to + 90, 0.01 * m)
        expect(there.covers(beside.lat, beside.lon)).toBe(false)
        expect(there.polygons(64)).toEqual([])
        expect(there.areaM2 / (m * m)).toBeLessThan(0.001)
      }),
    )
  })

  test('does not ask which end comes first', () => {
    fc.assert(
      fc.property(silence(1e7), place, ({ off, on, rangeM }, p) => {
        if (!on) return
        const there = envelope(off, on, rangeM)
        const back = envelope(on, off, rangeM)
        expect(back.covers(p.lat, p.lon)).toBe(there.covers(p.lat, p.lon))
        expect(back.areaM2).toBeCloseTo(there.areaM2, -Math.log10(there.areaM2 + 1) + 7)
      }),
    )
  })

  test('grows with the range, and coming back makes it smaller', () => {
    fc.assert(
      fc.property(
        silence(1e7),
        azimuth,
        fraction,
        fc.double({ min: 1, max: 3, noNaN: true }),
        (s, to, f, more) => {
          const p = toward(s.off, to, f * s.rangeM)
          const wide = envelope(s.off, s.on, s.rangeM * more)
          if (of(s).covers(p.lat, p.lon)) {
            expect(wide.covers(p.lat, p.lon)).toBe(true)
            expect(envelope(s.off, null, s.rangeM).covers(p.lat, p.lon)).toBe(true)
          }
          expect(wide.areaM2).toBeGreaterThanOrEqual(of(s).areaM2 * (1 - 1e-9))
          expect(envelope(s.off, null, s.rangeM).areaM2).toBeGreaterThanOrEqual(of(s).areaM2 * 0.99)
        },
      ),
    )
  })

  test('knows no antimeridian: turning the earth turns it', () => {
    fc.assert(
      fc.property(silence(1e7), place, fc.constantFrom(90, 180, -110), (s, p, turn) => {
        const turned = (at: Place) => ({ lat: at.lat, lon: wrapLon(at.lon + turn) })
        const there = envelope(turned(s.off), s.on && turned(s.on), s.rangeM)
        expect(there.areaM2 / (of(s).areaM2 || 1)).toBeCloseTo(of(s).areaM2 ? 1 : 0, 6)
        const over = wayM(s.off, p, s.on) / s.rangeM - 1
        if (Math.abs(over) > 1e-7) expect(there.covers(p.lat, turned(p).lon)).toBe(of(s).covers(p.lat, p.lon))
      }),
    )
  })

  test('nowhere when the ends lie farther apart than the range, everywhere when time was plenty', () => {
    const [off, on] = [
      { lat: 10, lon: 0 },
      { lat: 10, lon: 5 },
    ]
    const none = envelope(off, on, 500_000)
    expect([none.covers(10, 2.5), none.areaM2, none.polygons(32)]).toEqual([false, 0, []])
    const all = envelope(off, on, 4e7)
    expect([all.covers(-10, 180), all.covers(90, 0), all.outline(32)]).toEqual([true, true, []])
    expect(all.areaM2).toBeCloseTo(4 * Math.PI * EARTH_RADIUS_M ** 2, 0)
    expect(all.polygons(32)).toEqual([
      [
        [
          [-180, -90],
          [180, -90],
          [180, 90],
          [-180, 90],
          [-180, -90],
        ],
      ],
    ])
    expect(all.covers(NaN, 0)).toBe(false)
  })
})

describe('the outline', () => {
  /** How far the worst point of an outline misses the range, as a share of it. */
  const worst = (s: Silence): number =>
    Math.max(
      0,
      ...of(s)
        .outline(64)
        .map(([lon, lat]) => Math.abs(wayM(s.off, { lat, lon }, s.on) / s.rangeM - 1)),
    )

  test('is where the range ends, to 0.35 % for a disc and 0.7 % between two ends', () => {
    fc.assert(
      fc.property(silence(2e6), s => {
        expect(worst(s)).toBeLessThan(s.on ? 0.007 : 0.0035)
      }),
      { numRuns: 500 },
    )
  })

  test('of a circle around the pole is a parallel', () => {
    const ring = envelope({ lat: 90, lon: 0 }, null, 1_000_000).outline(36)
    for (const [, lat] of ring) expect(lat).toBeCloseTo(ring[0]![1], 9)
    expect(apartM({ lat: ring[0]![1], lon: 0 }, { lat: 90, lon: 0 })).toBeCloseTo(1_000_000, -4)
    expect(new Set(ring.map(([lon]) => Math.round(lon))).size).toBeGreaterThan(60) // no step beyond 5°
  })
})

describe('the polygons', () => {
  const anySize = fc.oneof(silence(1e6), silence(4e7))
  const ringsOf = (s: Silence) =>
    of(s)
      .polygons(180)
      .flat()
      .map(ring => Float64Array.from(ring.flat()))

  test('hold what the envelope covers, but for 1.5 % along the edge', () => {
    fc.assert(
      fc.property(
        anySize,
        fc.array(fc.tuple(azimuth, fraction), { minLength: 20, maxLength: 20 }),
        (s, probes) => {
          const rings = ringsOf(s)
          if (rings.length === 0) return
          for (const [to, f] of probes) {
            const p = toward(s.off, to, f * Math.min(1.2 * s.rangeM, 2e7))
            const over = wayM(s.off, p, s.on) / s.rangeM - 1
            // half-open as it is, the crossing number has no pole inside
            if (!(Math.abs(over) > 0.015) || Math.abs(p.lat) > 90 - 1e-6) continue
            expect([p, insideRings(rings, p.lat, wrapLon(p.lon))]).toEqual([p, over < 0])
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('have the area of the envelope', () => {
    fc.assert(
      fc.property(anySize, s => {
        // ∫ over the sphere under an edge that is straight in degrees, near enough
        let area = 0
        for (const ring of of(s).polygons(360).flat()) {
          for (let k = 1; k < ring.length; k++) {
            const [[x1, y1], [x2, y2]] = [ring[k - 1]!, ring[k]!]
            const sin = (y: number) => Math.sin((y * Math.PI) / 180)
            area -= (((x2 - x1) * Math.PI) / 180) * ((sin(y1) + sin(y2)) / 2) * EARTH_RADIUS_M ** 2
          }
        }
        const { areaM2 } = of(s)
        if (of(s).outline(8).length > 0) expect(Math.abs(area / areaM2 - 1)).toBeLessThan(0.025)
      }),
      { numRuns: 500 },
    )
  })

  test('are what RFC 7946 asks for: closed, on the map, counterclockwise, never crossing themselves', () => {
    fc.assert(
      fc.property(anySize, s => {
        // an edge that runs through a pole itself has every longitude there
        for (const lat of [-90, 90]) {
          if (Math.abs(wayM(s.off, { lat, lon: 0 }, s.on) / s.rangeM - 1) < 0.01) return
        }
        for (const rings of of(s).polygons(48)) {
          rings.forEach((ring, k) => {
            expect(ring.at(-1)).toEqual(ring[0])
            expect(ring.length).toBeGreaterThan(3)
            let area = 0
            for (let i = 0; i < ring.length; i++) {
              const [lon, lat] = ring[i]!
              expect(Math.abs(lon)).toBeLessThanOrEqual(180)
              expect(Math.abs(lat)).toBeLessThanOrEqual(90)
              if (i > 0) area -= (lon - ring[i - 1]![0]) * (lat + ring[i - 1]![1])
            }
            expect(Math.sign(area)).toBe(k === 0 ? 1 : -1)
          })
          expect(kinks(polygon(rings)).features).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('are cut at ±180 on the way over the antimeridian', () => {
    const pieces = envelope({ lat: 0, lon: 179.5 }, null, 200_000).polygons(64)
    expect(pieces.length).toBe(2)
    const lons = pieces.map(([ring]) => ring!.map(([lon]) => lon))
    expect(lons.some(ring => Math.min(...ring) > 177 && Math.max(...ring) === 180)).toBe(true)
    expect(lons.some(ring => Math.max(...ring) < -178 && Math.min(...ring) === -180)).toBe(true)
  })

  test('around a pole reach it, on the side of the envelope', () => {
    const edges = (lat: number, rangeM: number) =>
      envelope({ lat, lon: 30 }, null, rangeM)
        .polygons(64)
        .map(([ring]) => [Math.min(...ring!.map(p => p[1])), Math.max(...ring!.map(p => p[1]))])
    expect(edges(88, 500_000)[0]![1]).toBe(90)
    expect(edges(-88, 500_000)[0]![0]).toBe(-90)
    // more than a hemisphere, and its edge lies south of the equator: still the north
    expect(edges(85, 1.2e7)[0]![1]).toBe(90)
    expect(edges(85, 1.2e7)[0]![0]).toBeGreaterThan(-89)
    // both poles: all but a hole
    expect(edges(0, 1.6e7)[0]).toEqual([-90, 90])
  })
})
