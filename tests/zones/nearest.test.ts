import fc from 'fast-check'
import geographiclib from 'geographiclib-geodesic'
import { describe, expect, test } from 'vitest'
import { wrapLon } from '../../src/geo/antimeridian.js'
import { BOX, buildLineTree, FAN_OUT } from '../../src/zones/line-tree.js'
import { buildNearestLine } from '../../src/zones/nearest.js'

const wgs84 = geographiclib.Geodesic.WGS84
const lat = fc.double({ min: -89, max: 89, noNaN: true })
const lon = fc.double({ min: -180, max: 180, noNaN: true })

/** Even over the whole range: doubles of fast-check mostly lie near 0. */
const even = (min: number, max: number) => fc.integer({ min: 1000 * min, max: 1000 * max }).map(n => n / 1000)
const step = fc.record({ lat: even(-3, 3), lon: even(-4, 4) })
const near = (lat: number, lon: number, deg: number) =>
  fc.record({
    lat: even(lat - deg, lat + deg).map(y => Math.max(-90, Math.min(90, y))),
    lon: even(lon - deg, lon + deg).map(wrapLon),
  })
const begin = fc.oneof(near(0, 0, 180), near(60, 180, 2), near(88, 0, 4))
const walk = fc.tuple(begin, fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }))
/** Long lines, some dozen near each other over ±180 and by the pole: they fill several blocks of a tree. */
const manyLines = fc.array(walk, { minLength: 20, maxLength: 30, size: 'max' }).map(walks =>
  walks.map(([{ lat, lon }, steps]) => {
    const flat = [lon, lat]
    for (const next of steps) {
      lat = Math.max(-90, Math.min(90, lat + next.lat))
      lon = wrapLon(lon + next.lon)
      flat.push(lon, lat)
    }
    return Float64Array.from(flat)
  }),
)

describe('buildNearestLine', () => {
  test('agrees with the WGS-84 geodesic to the nearest of many points', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(lon, lat), { minLength: 1, maxLength: 300 }),
        lat,
        lon,
        (places, y, x) => {
          // a line of no length is a point
          const nearest = buildNearestLine(places.map(([px, py]) => Float64Array.of(px, py, px, py)))
          const expected = Math.min(
            ...places.map(([px, py]) => wgs84.Inverse(y, x, py, px).s12!).filter(d => d >= 0),
          )
          // beyond a quarter of the earth a chord through an ellipsoid says little; no coast is that far
          if (expected > 5_000_000) return
          expect(Math.abs(nearest.distanceM(y, x) - expected)).toBeLessThan(5 + 0.0005 * expected)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('within 5 m + 0.02 % up to 3,000 km, the farthest that a sea is from land', () => {
    fc.assert(
      fc.property(
        lat,
        lon,
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0, max: 3e6, noNaN: true }),
        (y, x, bearing, d) => {
          const to = wgs84.Direct(y, x, bearing, d)
          const line = buildNearestLine([Float64Array.of(to.lon2!, to.lat2!, to.lon2!, to.lat2!)])
          expect(Math.abs(line.distanceM(y, x) - d)).toBeLessThan(5 + 0.0002 * d)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('is the least over many small steps along the lines', () => {
    const step = fc.double({ min: -3, max: 3, noNaN: true })
    const line = fc.tuple(
      lon,
      fc.double({ min: -70, max: 70, noNaN: true }),
      fc.array(fc.tuple(step, step), { minLength: 1, maxLength: 6 }),
    )
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 4 }),
        fc.double({ min: -75, max: 75, noNaN: true }),
        lon,
        (lines, y, x) => {
          const flats = lines.map(([x0, y0, steps]) => {
            const flat = [x0, y0]
            for (const [dx, dy] of steps) flat.push(flat.at(-2)! + dx, flat.at(-1)! + dy)
            return Float64Array.from(flat)
          })
          let expected = Infinity
          for (const flat of flats) {
            for (let i = 2; i < flat.length; i += 2) {
              for (let k = 0; k <= 64; k++) {
                const px = flat[i - 2]! + (k / 64) * (flat[i]! - flat[i - 2]!)
                const py = flat[i - 1]! + (k / 64) * (flat[i + 1]! - flat[i - 1]!)
                // the oracle gives NaN for some pairs a quarter of the equator apart
                const d = wgs84.Inverse(y, x, py, px).s12!
                if (d < expected) expected = d
              }
            }
          }
          if (expected > 3_000_000) return
          // the steps are up to 7.3 km long: near the line they miss it by up to half of that
          const found = buildNearestLine(flats).distanceM(y, x)
          expect(found).toBeLessThan(expected + 5 + 0.0002 * expected)
          expect(found).toBeGreaterThan(expected - 3_700)
          if (expected > 50_000) expect(found).toBeGreaterThan(expected - 160 - 0.0002 * expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a line across ±180 takes the short way', () => {
    const nearest = buildNearestLine([Float64Array.of(179.9, 0, -179.9, 0)])
    expect(nearest.distanceM(0, 180)).toBeLessThan(1)
    expect(nearest.distanceM(0, 0)).toBeGreaterThan(10_000_000)
  })

  test('of many long lines, over both poles and ±180, the nearest is that of each alone', () => {
    fc.assert(
      fc.property(manyLines, fc.array(begin, { minLength: 5, maxLength: 10 }), (lines, places) => {
        const all = buildNearestLine(lines)
        const each = lines.map(line => buildNearestLine([line]))
        for (const { lat, lon } of places) {
          const distances = each.map(one => one.distanceM(lat, lon))
          const nearestM = Math.min(...distances)
          expect(all.distanceM(lat, lon)).toBe(nearestM)
          expect(distances[all.lineWithin(lat, lon, nearestM + 1)]).toBe(nearestM)
        }
      }),
      { numRuns: 50, endOnFailure: true },
    )
  })

  test('the nearest line within a limit, or none', () => {
    const nearest = buildNearestLine([Float64Array.of(0, 0, 1, 0), Float64Array.of(0, 5, 1, 5)])
    expect(nearest.lineWithin(1, 0.5, 200_000)).toBe(0)
    expect(nearest.lineWithin(4, 0.5, 200_000)).toBe(1)
    expect(nearest.lineWithin(1, 0.5, 110_000)).toBe(-1)
    expect(nearest.lineWithin(1, 0.5, 111_000)).toBe(0)
    expect(nearest.lineWithin(NaN, 0, 1)).toBe(-1)
  })

  test('one is within a limit just when the nearest is', () => {
    const lines = [Float64Array.of(3, 50, 4, 52, 6, 51), Float64Array.of(-1, 49, 1, 49.5, 2, 53)]
    const nearest = buildNearestLine(lines)
    fc.assert(
      fc.property(
        fc.double({ min: 45, max: 56, noNaN: true }),
        fc.double({ min: -5, max: 10, noNaN: true }),
        fc.double({ min: 1, max: 500_000, noNaN: true }),
        (y, x, limitM) => {
          expect(nearest.isWithin(y, x, limitM)).toBe(nearest.distanceM(y, x) < limitM)
          const distanceM = nearest.distanceM(y, x)
          expect(nearest.isWithin(y, x, distanceM * (1 + 1e-12))).toBe(true)
          expect(nearest.isWithin(y, x, distanceM * (1 - 1e-12))).toBe(false)
        },
      ),
    )
    expect(nearest.isWithin(NaN, 0, 1e9)).toBe(false)
  })

  test('no lines: infinitely far', () => {
    expect(buildNearestLine([]).isWithin(0, 0, 1e9)).toBe(false)
    expect(buildNearestLine([]).distanceM(0, 0)).toBe(Infinity)
    expect(buildNearestLine([]).lineWithin(0, 0, 1e9)).toBe(-1)
  })
})

test('buildLineTree: each box holds what lies below it', () => {
  fc.assert(
    fc.property(manyLines, lines => {
      const { levels, points, leafStart, leafCount, open } = buildLineTree(lines)
      const holds = (boxes: Float64Array, box: number, min: Float64Array, max = min): boolean =>
        [0, 1, 2].every(
          axis => boxes[box * BOX + axis]! <= min[axis]! && boxes[box * BOX + 3 + axis]! >= max[axis]!,
        )
      for (let level = levels.length - 1; level > 0; level--) {
        const below = levels[level - 1]!
        for (let k = 0; k < below.length / BOX; k++) {
          const box = Math.floor(k / FAN_OUT)
          open(level, box)
          const [min, max] = [below.subarray(k * BOX), below.subarray(k * BOX + 3)]
          expect(holds(levels[level]!, box, min, max)).toBe(true)
        }
      }
      leafStart.forEach((first, leaf) => {
        for (let point = first; point <= first + leafCount[leaf]!; point++)
          expect(holds(levels[0]!, leaf, points.subarray(3 * point))).toBe(true)
      })
    }),
    { numRuns: 8, endOnFailure: true },
  )
})
