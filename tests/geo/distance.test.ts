import fc from 'fast-check'
import geographiclib from 'geographiclib-geodesic'
import { describe, expect, test } from 'vitest'
import { lonDelta } from '../../src/geo/antimeridian.js'
import { wrapLon } from '../../src/geo/antimeridian.js'
import {
  along,
  bearingDeg,
  destination,
  geodesicM,
  haversineM,
  interpolate,
  shortM,
} from '../../src/geo/distance.js'
import { EARTH_RADIUS_M } from '../../src/model/units.js'

// Karney's geodesics (J. Geodesy 87, 2013), exact to 15 nm, are the oracle
const wgs84 = geographiclib.Geodesic.WGS84
const exactM = (lat1: number, lon1: number, lat2: number, lon2: number): number =>
  wgs84.Inverse(lat1, lon1, lat2, lon2).s12!

const lat = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(-90, -89.9999, 0, 60, 89.9999, 90),
)
const lon = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, -179.9999, 0, 179.9999, 180),
)
const bearing = fc.oneof(
  fc.double({ min: 0, max: 360, noNaN: true, maxExcluded: true }),
  fc.constantFrom(0, 90, 180, 270),
)
/** From a centimetre to a span, every order of magnitude alike often. */
const upTo = (spanM: number): fc.Arbitrary<number> =>
  fc.double({ min: -2, max: Math.log10(spanM), noNaN: true }).map(exponent => 10 ** exponent)

/** Two places a known geodesic apart, at all distances and headings. */
const pair = (spanM: number) =>
  fc.tuple(lat, lon, bearing, upTo(spanM)).map(([lat1, lon1, azimuth, m]) => {
    const to = wgs84.Direct(lat1, lon1, azimuth, m)
    return [lat1, lon1, to.lat2!, to.lon2!] as const
  })

describe('haversineM', () => {
  // the sphere is too large most where the meridian curves most, at the equator: radius a (1 − e²)
  const WORST = EARTH_RADIUS_M / (6_378_137 * (1 - 0.006_694_379_990_14)) - 1

  test('is within 0.562 % of the geodesic, at any distance', () => {
    expect(WORST).toBeLessThan(0.005_62)
    fc.assert(
      fc.property(pair(2e7), places => {
        const exact = exactM(...places)
        expect(Math.abs(haversineM(...places) - exact)).toBeLessThanOrEqual(WORST * exact + 1e-6)
      }),
      { numRuns: 1000 },
    )
  })

  test('is worst along the meridian at the equator, and that bound is reached', () => {
    expect(haversineM(-0.05, 0, 0.05, 0) / exactM(-0.05, 0, 0.05, 0) - 1).toBeCloseTo(WORST, 7)
  })

  test('north to south on the mean sphere is half its girth', () => {
    expect(haversineM(90, 0, -90, 0)).toBeCloseTo(Math.PI * EARTH_RADIUS_M, 6)
    expect(haversineM(0, 0, 0, 180)).toBeCloseTo(Math.PI * EARTH_RADIUS_M, 6)
    expect(haversineM(90, 0, 90, 123)).toBeCloseTo(0, 6)
  })

  test('NaN in, NaN out', () => {
    for (let k = 0; k < 4; k++) {
      const [a, b, c, d] = [1, 2, 3, 4].map((v, i) => (i === k ? NaN : v)) as [number, number, number, number]
      expect(haversineM(a, b, c, d)).toBeNaN()
    }
  })
})

describe('geodesicM', () => {
  test('is the WGS-84 geodesic to 0.01 mm and a billionth, but near antipodes', () => {
    fc.assert(
      fc.property(pair(1.9e7), places => {
        const exact = exactM(...places)
        expect(Math.abs(geodesicM(...places) - exact)).toBeLessThanOrEqual(1e-5 + 1e-9 * exact)
      }),
      { numRuns: 1000 },
    )
  })

  test('near antipodes, where Vincenty does not converge, it is within 0.562 % still', () => {
    const off = fc.double({ min: -2, max: 2, noNaN: true })
    fc.assert(
      fc.property(lat, lon, off, off, (lat1, lon1, dLat, dLon) => {
        const lat2 = Math.max(-90, Math.min(90, -lat1 + dLat))
        const exact = exactM(lat1, lon1, lat2, lon1 + 180 + dLon)
        const got = geodesicM(lat1, lon1, lat2, lon1 + 180 + dLon)
        expect(Math.abs(got - exact)).toBeLessThan(0.005_62 * exact)
      }),
      { numRuns: 500 },
    )
  })

  test('so near the equator that cosines round to 1, it is the geodesic still', () => {
    for (const y of [0, 3e-18, 1e-9, 1e-8, 1e-7, 5e-7, 2e-6]) {
      for (const [lat1, lat2] of [
        [y, y],
        [y, -y],
        [0, y],
      ] as const) {
        for (const x of [1e-5, 1, 170])
          expect(geodesicM(lat1, 0, lat2, x)).toBeCloseTo(exactM(lat1, 0, lat2, x), 4)
      }
    }
  })

  test('NaN in, NaN out', () => {
    expect(geodesicM(NaN, 1, 2, 3)).toBeNaN()
    expect(geodesicM(1, 1, 2, NaN)).toBeNaN()
  })

  test('±180 is no barrier, a pole is one place', () => {
    for (const y of [-70, 0, 10, 54.3]) {
      expect(geodesicM(y, 179.9, y, -179.9)).toBeCloseTo(exactM(y, 0, y, 0.2), 4)
      expect(geodesicM(y, -180, y, 180)).toBeCloseTo(0, 6)
    }
    expect(geodesicM(90, 0, 90, 77)).toBeCloseTo(0, 6)
    expect(geodesicM(-90, 12, -89.999, 150)).toBeCloseTo(exactM(-90, 12, -89.999, 150), 4)
    // from the pole to the equator: a quarter meridian, 10,001,965.729 m
    expect(geodesicM(90, 0, 0, 33)).toBeCloseTo(10_001_965.729, 3)
    expect(geodesicM(90, 0, -90, 0)).toBeCloseTo(20_003_931.459, 3)
  })

  test('Flinders Peak to Buninyong, as Geoscience Australia has it: 54,972.271 m', () => {
    const degrees = (d: number, m: number, s: number) => Math.sign(d) * (Math.abs(d) + m / 60 + s / 3600)
    const flinders = [degrees(-37, 57, 3.7203), degrees(144, 25, 29.5244)] as const
    const buninyong = [degrees(-37, 39, 10.1561), degrees(143, 55, 35.3839)] as const
    // GRS80, whose flattening differs from that of WGS-84 in the ninth digit
    expect(geodesicM(...flinders, ...buninyong)).toBeCloseTo(54_972.271, 3)
  })
})

describe.each([
  ['haversineM', haversineM],
  ['geodesicM', geodesicM],
])('%s', (_, distanceM) => {
  test('there is as far as back, a place is nowhere from itself, and nothing is negative', () => {
    fc.assert(
      fc.property(lat, lon, lat, lon, (lat1, lon1, lat2, lon2) => {
        const there = distanceM(lat1, lon1, lat2, lon2)
        expect(there).toBeGreaterThanOrEqual(0)
        expect(Math.abs(distanceM(lat2, lon2, lat1, lon1) - there)).toBeLessThan(0.001)
        expect(distanceM(lat1, lon1, lat1, lon1)).toBe(0)
      }),
    )
  })

  test('full turns, and the other hemisphere, change nothing', () => {
    fc.assert(
      fc.property(pair(1.9e7), fc.constantFrom(-360, 360), ([lat1, lon1, lat2, lon2], turn) => {
        const here = distanceM(lat1, lon1, lat2, lon2)
        const near = 1e-4 + 1e-9 * here
        expect(Math.abs(distanceM(lat1, lon1, lat2, lon2 + turn) - here)).toBeLessThan(near)
        expect(Math.abs(distanceM(lat1, -lon1, lat2, -lon2) - here)).toBeLessThan(near)
        expect(Math.abs(distanceM(-lat1, lon1, -lat2, lon2) - here)).toBeLessThan(near)
      }),
    )
  })
})

describe('what is near', () => {
  const lats = fc.double({ min: -89.9, max: 89.9, noNaN: true })
  const lons = fc.double({ min: -180, max: 180, noNaN: true })
  const steps = fc.double({ min: -0.2, max: 0.2, noNaN: true })

  test('shortM is within a thousandth of haversine, and a millimetre', () => {
    fc.assert(
      fc.property(lats, lons, steps, steps, (lat, lon, north, east) => {
        const to = Math.max(-90, Math.min(90, lat + north))
        const expected = haversineM(lat, lon, to, lon + east)
        expect(Math.abs(shortM(lat, lon, to, lon + east) - expected)).toBeLessThan(0.001 + expected / 1000)
      }),
      { numRuns: 2000 },
    )
  })

  test('along is within a metre of the great circle', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(lats, lons, steps, steps, shares, (lat, lon, north, east, f) => {
        const to = Math.max(-90, Math.min(90, lat + north))
        const at = along(lat, lon, to, wrapLon(lon + east), f)
        const exact = interpolate(lat, lon, to, wrapLon(lon + east), f)
        expect(haversineM(at.lat, at.lon, exact.lat, exact.lon)).toBeLessThan(1)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('interpolate', () => {
  const f = fc.double({ min: 0, max: 1, noNaN: true })

  test('a fraction of the way is that fraction of the distance, and the rest is left', () => {
    fc.assert(
      fc.property(pair(1.9e7), f, ([lat1, lon1, lat2, lon2], share) => {
        const whole = haversineM(lat1, lon1, lat2, lon2)
        const p = interpolate(lat1, lon1, lat2, lon2, share)
        expect(Math.abs(haversineM(lat1, lon1, p.lat, p.lon) - share * whole)).toBeLessThan(0.01)
        expect(Math.abs(haversineM(p.lat, p.lon, lat2, lon2) - (1 - share) * whole)).toBeLessThan(0.01)
        expect(Math.abs(p.lat)).toBeLessThanOrEqual(90)
        expect(Math.abs(p.lon)).toBeLessThanOrEqual(180)
      }),
      { numRuns: 500 },
    )
  })

  test('a fraction of a fraction is their product', () => {
    fc.assert(
      fc.property(pair(1.9e7), f, f, ([lat1, lon1, lat2, lon2], first, second) => {
        const part = interpolate(lat1, lon1, lat2, lon2, first)
        const twice = interpolate(lat1, lon1, part.lat, part.lon, second)
        const once = interpolate(lat1, lon1, lat2, lon2, first * second)
        expect(haversineM(twice.lat, twice.lon, once.lat, once.lon)).toBeLessThan(0.01)
      }),
    )
  })

  test('begins and ends where the way does', () => {
    fc.assert(
      fc.property(pair(1.9e7), ([lat1, lon1, lat2, lon2]) => {
        const from = interpolate(lat1, lon1, lat2, lon2, 0)
        const to = interpolate(lat1, lon1, lat2, lon2, 1)
        expect(haversineM(from.lat, from.lon, lat1, lon1)).toBeLessThan(1e-6)
        expect(haversineM(to.lat, to.lon, lat2, lon2)).toBeLessThan(1e-6)
      }),
    )
  })

  test('across ±180 it stays there, over a pole it goes over', () => {
    const across = interpolate(10, 179, 10, -179, 0.5)
    expect(Math.abs(across.lon)).toBeCloseTo(180, 9)
    expect(across.lat).toBeCloseTo(10.0015, 3)
    expect(interpolate(0, 179, 0, -179, 0.75).lon).toBeCloseTo(-179.5, 9)
    const over = interpolate(80, 0, 80, 180, 0.75)
    expect(over.lat).toBeCloseTo(85, 9)
    expect(Math.abs(over.lon)).toBeCloseTo(180, 9)
  })

  test('from a place to itself is that place', () => {
    expect(interpolate(54.3, 10.1, 54.3, 10.1, 0.4)).toEqual({
      lat: expect.closeTo(54.3, 12) as number,
      lon: expect.closeTo(10.1, 12) as number,
    })
  })
})

describe('bearingDeg and destination', () => {
  // at a pole every heading is the same one, so it is no way to come back
  const offPole = fc.double({ min: -89, max: 89, noNaN: true })

  test('the way there, walked, arrives', () => {
    fc.assert(
      fc.property(offPole, lon, offPole, lon, (lat1, lon1, lat2, lon2) => {
        const m = haversineM(lat1, lon1, lat2, lon2)
        fc.pre(m < 1.99e7)
        const to = destination(lat1, lon1, bearingDeg(lat1, lon1, lat2, lon2), m)
        expect(haversineM(to.lat, to.lon, lat2, lon2)).toBeLessThan(0.05)
        expect(to.lon).toBeGreaterThanOrEqual(-180)
        expect(to.lon).toBeLessThanOrEqual(180)
      }),
      { numRuns: 500 },
    )
  })

  test('after a walk the distance and the bearing are those walked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -85, max: 85, noNaN: true }),
        lon,
        bearing,
        fc.double({ min: 100, max: 300_000, noNaN: true }),
        (lat1, lon1, heading, m) => {
          const to = destination(lat1, lon1, heading, m)
          expect(Math.abs(haversineM(lat1, lon1, to.lat, to.lon) - m)).toBeLessThan(1e-4)
          const found = bearingDeg(lat1, lon1, to.lat, to.lon)
          expect(found).toBeGreaterThanOrEqual(0)
          expect(found).toBeLessThan(360)
          expect(Math.abs(lonDelta(heading, found))).toBeLessThan(1e-5)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('the four winds', () => {
    expect(bearingDeg(0, 0, 1, 0)).toBe(0)
    expect(bearingDeg(0, 0, 0, 1)).toBe(90)
    expect(bearingDeg(1, 0, 0, 0)).toBe(180)
    expect(bearingDeg(0, 0, 0, -1)).toBe(270)
    expect(bearingDeg(0, 179.5, 0, -179.5)).toBe(90)
    expect(destination(0, 179.5, 90, EARTH_RADIUS_M * (Math.PI / 180)).lon).toBeCloseTo(-179.5, 9)
  })
})
