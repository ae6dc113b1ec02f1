import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lonDelta, splitRing } from '../../src/geo/antimeridian.js'
import { interpolate } from '../../src/geo/distance.js'
import { insideRings } from '../../src/geo/polygon.js'
import type { ZoneRef } from '../../src/model/event.js'
import { buildZoneIndex, type ZonePolygon } from '../../src/zones/index.js'

function ref(id: string): ZoneRef {
  return { id, name: id, kind: 'user', mrgid: null, sovereigns: [], method: 'authoritative', weight: 1 }
}

function zone(id: string, ...polygons: number[][][][]): ZonePolygon {
  return { ref: ref(id), polygons }
}

function box(west: number, south: number, east: number, north: number): number[][] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
}

/** Every zone whose any polygon has the point by the plain crossing number. */
function bruteForce(zones: ZonePolygon[], lat: number, lon: number): number[] {
  const at = lon === 180 ? -180 : lon
  return zones.flatMap(({ polygons }, z) =>
    polygons.some(rings =>
      insideRings(
        rings.flatMap(r => splitRing(r.flat())),
        lat,
        at,
      ),
    )
      ? [z]
      : [],
  )
}

/** Coordinates that love trouble: cell sides, halves, and anything. */
const nasty = (limit: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -limit, max: limit }),
    fc.integer({ min: -limit * 8, max: limit * 8 }).map(n => n / 8),
    fc.integer({ min: -limit * 64, max: limit * 64 }).map(n => n / 64),
    fc.double({ min: -limit, max: limit, noNaN: true }),
  )

/** A star of any shape around a centre; longitudes may leave ±180, in either style. */
const star = fc
  .record({
    lat: fc.oneof(nasty(80), fc.constantFrom(-86, 86)),
    lon: fc.oneof(nasty(180), fc.constantFrom(-179, 179, 180)),
    radius: fc.constantFrom(0.05, 0.3, 2, 9, 40),
    arms: fc.array(fc.double({ min: 0.15, max: 1, noNaN: true }), { minLength: 3, maxLength: 40 }),
    hole: fc.boolean(),
    jumping: fc.boolean(),
    snap: fc.boolean(),
  })
  .map(({ lat, lon, radius, arms, hole, jumping, snap }) => {
    const ring = (scale: number): number[][] =>
      arms.map((arm, k) => {
        const angle = (2 * Math.PI * k) / arms.length
        const grain = (v: number): number => (snap ? Math.round(v * 8) / 8 : v)
        const x = grain(lon + radius * arm * scale * Math.cos(angle))
        const y = grain(lat + radius * arm * scale * 0.7 * Math.sin(angle))
        return [jumping ? ((((x + 180) % 360) + 360) % 360) - 180 : x, Math.max(-90, Math.min(90, y))]
      })
    return hole ? [ring(1), ring(0.5)] : [ring(1)]
  })

const world = fc.array(fc.array(star, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 })

describe('setAt', () => {
  test('is what the crossing number over all polygons gives', () => {
    fc.assert(
      fc.property(
        world,
        fc.array(fc.tuple(nasty(90), nasty(180)), { minLength: 40, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.double({ min: -1, max: 1, noNaN: true })), {
          maxLength: 40,
        }),
        (polygonsOfZones, anywhere, nearVertices) => {
          const zones = polygonsOfZones.map((polygons, z) => zone(`z${z}`, ...polygons))
          const index = buildZoneIndex(zones)
          const vertices = zones.flatMap(({ polygons }) => polygons.flatMap(rings => rings.flat()))
          const points = [...anywhere]
          // on vertices, level with vertices, and a little off
          for (const [a, b, off] of nearVertices) {
            const p = vertices[a % vertices.length]!
            const q = vertices[b % vertices.length]!
            points.push([p[1]!, p[0]!], [p[1]!, q[0]!], [p[1]!, p[0]! + off], [p[1]! + off * 0.1, p[0]!])
          }
          for (const [lat, lon] of points) {
            if (Math.abs(lat) >= 90 || Math.abs(lon) > 180) continue
            expect([lat, lon, index.members(index.setAt(lat, lon))]).toEqual([
              lat,
              lon,
              bruteForce(zones, lat, lon),
            ])
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

test('a long coast, degree by degree, loses no edge while its raster grows', () => {
  // teeth of 0.05° along the circle of 20° around 0, 0: every degree on it has its own, and leaves by the hundred
  const teeth = Array.from({ length: 6000 }, (_, k) => {
    const angle = (2 * Math.PI * k) / 6000
    const radius = 20 + (k % 2) * 0.05
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  const zones = [zone('toothed', [teeth])]
  const index = buildZoneIndex(zones)
  const ring = [splitRing(teeth.flat())].flat()
  let wrong = 0
  for (const [x, y] of teeth) {
    for (const off of [-0.03, -0.001, 0.001, 0.03]) {
      const inside = index.members(index.setAt(y! + off, x! - off)).length > 0
      if (inside !== insideRings(ring, y! + off, x! - off)) wrong++
    }
  }
  expect(wrong).toBe(0)
})

test('the order of questions changes no answer, and an answer stays what it was', () => {
  const points = fc.array(fc.tuple(nasty(90), nasty(180)), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(world, points, (polygonsOfZones, asked) => {
      const zones = polygonsOfZones.map((polygons, z) => zone(`z${z}`, ...polygons))
      const forth = buildZoneIndex(zones)
      const back = buildZoneIndex(zones)
      const sets = asked.map(([lat, lon]) => forth.setAt(lat, lon))
      const before = sets.map(set => [...forth.members(set)])
      const reversed = asked.map(([lat, lon]) => [lat, lon] as const).reverse()
      expect(reversed.map(([lat, lon]) => back.members(back.setAt(lat, lon))).reverse()).toEqual(before)
      expect(asked.map(([lat, lon]) => forth.setAt(lat, lon))).toEqual(sets)
      expect(sets.map(set => forth.members(set))).toEqual(before)
    }),
  )
})

describe('setAt, by example', () => {
  const index = buildZoneIndex([
    zone('west', [box(0, 0, 10, 10)]),
    zone('east', [box(10, 0, 20, 10)]),
    zone('claim', [box(8, 2, 12, 8), box(9, 4, 11, 6)]),
    zone('dateline', [box(175, -5, 185, 5)]),
  ])
  const names = (lat: number, lon: number) =>
    index.members(index.setAt(lat, lon)).map(z => index.zones[z]!.id)

  test('overlapping claims are all listed, holes are not', () => {
    expect(names(3, 9)).toEqual(['west', 'claim'])
    expect(names(3, 11)).toEqual(['east', 'claim'])
    expect(names(5, 9.5)).toEqual(['west'])
    expect(names(1, 9)).toEqual(['west'])
  })

  test('a point on a shared edge is in exactly one of the neighbours', () => {
    expect(names(1, 10)).toEqual(['east'])
    expect(names(0, 5)).toEqual(['west'])
    expect(names(10, 5)).toEqual([])
  })

  test('nothing is 0, and so is nonsense', () => {
    for (const [lat, lon] of [
      [50, 50],
      [NaN, 5],
      [5, NaN],
      [91, 5],
      [-91, 5],
      [5, Infinity],
    ] as const) {
      expect(index.setAt(lat, lon)).toBe(0)
    }
    expect(index.members(0)).toEqual([])
  })

  test('longitudes are a circle', () => {
    expect(names(0, 179)).toEqual(['dateline'])
    expect(names(0, -179)).toEqual(['dateline'])
    expect(names(0, 180)).toEqual(['dateline'])
    expect(names(0, -180)).toEqual(['dateline'])
    expect(names(0, 181)).toEqual(['dateline'])
    expect(names(1, 365)).toEqual(['west'])
  })

  test('polygons of one zone that overlap are one area', () => {
    const both = buildZoneIndex([zone('both', [box(0, 0, 10, 10)], [box(5, 5, 15, 15)])])
    expect(both.members(both.setAt(7, 7))).toEqual([0])
    expect(both.members(both.setAt(12, 12))).toEqual([0])
    expect(both.members(both.setAt(2, 12))).toEqual([])
  })

  test('twelve zones that meet in one cell are told apart', () => {
    const zones = Array.from({ length: 12 }, (_, k) => {
      const size = 0.0005 * (k + 1)
      return zone(`ring ${k}`, [box(3.3333 - size, 3.3333 - size, 3.3333 + size, 3.3333 + size)])
    })
    const nested = buildZoneIndex(zones)
    for (let k = 0; k < 200; k++) {
      const lat = 3.3333 + 0.007 * Math.sin(k * 12.9898)
      const lon = 3.3333 + 0.007 * Math.sin(k * 78.233)
      expect(nested.members(nested.setAt(lat, lon))).toEqual(bruteForce(zones, lat, lon))
    }
  })

  test('no zones at all', () => {
    const none = buildZoneIndex([])
    expect(none.setAt(0, 0)).toBe(0)
    expect(none.members(0)).toEqual([])
  })
})

describe('crossing', () => {
  const at = fc.tuple(
    fc.double({ min: -70, max: 70, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  )

  test('after it the membership is that of the end, just before it the other one', () => {
    fc.assert(
      fc.property(
        fc.array(star, { minLength: 1, maxLength: 2 }),
        at,
        fc.integer({ min: -170, max: 170 }).map(n => n * 0.000987654321),
        fc.integer({ min: -170, max: 170 }).map(n => n * 0.000876543219),
        fc.nat(),
        (polygons, [anyLat, anyLon], dLat, dLon, pick) => {
          fc.pre(dLat !== 0 || dLon !== 0)
          const zones = [zone('z', ...polygons)]
          const index = buildZoneIndex(zones)
          // half of the ways pass a corner, where something happens, at a share that no sample below hits
          const corners = polygons.flat(2)
          const corner = corners[pick % corners.length]!
          const near = pick % 2 === 0
          const lat1 = near ? Math.max(-85, Math.min(85, corner[1]! - dLat * 0.37)) : anyLat
          const lon1 = near ? corner[0]! - dLon * 0.37 : anyLon
          const inside = (f: number) =>
            index.members(index.setAt(lat1 + f * dLat, lon1 + f * dLon)).length > 0
          const f = index.crossing(0, lat1, lon1, lat1 + dLat, lon1 + dLon)
          if (Number.isNaN(f)) {
            for (let k = 0; k <= 20; k++) expect(inside(k / 20)).toBe(inside(0))
            return
          }
          expect(f).toBeGreaterThanOrEqual(0)
          expect(f).toBeLessThanOrEqual(1)
          for (let k = 1; k <= 20; k++)
            expect(inside(f + ((1 - f) * k) / 20 + (k < 20 ? 1e-9 : 0))).toBe(inside(1))
          // how far before it shows depends on how flat the way meets the edge; 0.1 m is below any AIS position
          const before = [0, 1e-9, 1e-8, 1e-7, 1e-6].map(deg => f - deg / Math.hypot(dLat, dLon))
          expect(before.some(b => inside(Math.max(0, b)) !== inside(1))).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('on a long way, every joint of its pieces after it is as the end', () => {
    fc.assert(
      fc.property(
        fc.array(star, { minLength: 1, maxLength: 2 }),
        at,
        at,
        (polygons, [lat1, lon1], [lat2, lon2]) => {
          const index = buildZoneIndex([zone('z', ...polygons)])
          const inside = (lat: number, lon: number) => index.members(index.setAt(lat, lon)).length > 0
          const pieces = Math.max(
            1,
            Math.ceil(Math.max(Math.abs(lat2 - lat1), Math.abs(lonDelta(lon1, lon2))) * 4),
          )
          const f = index.crossing(0, lat1, lon1, lat2, lon2)
          const last = inside(lat2, lon2)
          if (inside(lat1, lon1) !== last) expect(f).toBeGreaterThanOrEqual(0)
          for (let k = 1; k < pieces; k++) {
            if (k / pieces < f + 1e-9) continue
            const { lat, lon } = interpolate(lat1, lon1, lat2, lon2, k / pieces)
            expect(inside(lat, lon)).toBe(last)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a way that rounding squeezes between the two edges of a corner still meets it', () => {
    const oval = Array.from({ length: 14 }, (_, k) => {
      const angle = (2 * Math.PI * k) / 14
      return [6 * Math.cos(angle), -60.75 + 4.2 * Math.sin(angle)]
    })
    const [lon, lat] = oval[13] as [number, number]
    const index = buildZoneIndex([zone('oval', [oval])])
    const dLat = 72 * 0.000987654321
    const dLon = 21 * 0.000876543219
    const lat1 = lat - dLat * 0.37
    const lon1 = lon - dLon * 0.37
    expect(index.crossing(0, lat1, lon1, lat1 + dLat, lon1 + dLon)).toBeCloseTo(0.37, 9)
    // on every heading, in or out or by
    for (let k = 0; k < 20_000; k++) {
      const angle = k * 0.001234567
      const f = index.crossing(
        0,
        lat - 0.0371 * Math.sin(angle),
        lon - 0.0371 * Math.cos(angle),
        lat + 0.0629 * Math.sin(angle),
        lon + 0.0629 * Math.cos(angle),
      )
      if (!Number.isNaN(f)) expect(f).toBeCloseTo(0.371, 9)
    }
  })

  test('a way that only touches a corner does not cross', () => {
    const diamond = [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ]
    const index = buildZoneIndex([
      zone('diamond', [diamond]),
      zone('notch', [[...box(-2, -2, 2, 2).slice(0, 4), [0, 0]]]),
    ])
    for (const y of [-1, 1]) expect(index.crossing(0, y, -0.1, y, 0.13)).toBeNaN()
    for (const x of [-1, 1]) expect(index.crossing(0, -0.1, x, 0.13, x)).toBeNaN()
    // from inside, by a corner that points inwards
    expect(index.crossing(1, -0.1, 0, 0.13, 0)).toBeNaN()
  })

  const index = buildZoneIndex([
    zone('box', [box(0, 0, 10, 10)]),
    zone('dateline', [box(175, -5, 180, 5)], [box(-180, -5, -175, 5)]),
  ])

  test('in, out, and the last of both', () => {
    expect(index.crossing(0, 5, -0.05, 5, 0.15)).toBeCloseTo(0.25, 12)
    expect(index.crossing(0, 5, 9.95, 5, 10.15)).toBeCloseTo(0.25, 12)
    expect(index.crossing(0, 5, 3, 5, 4)).toBeNaN()
    expect(index.crossing(0, 20, 3, 20, 4)).toBeNaN()
    expect(index.crossing(0, 0.1, -0.01, -0.1, 0.19)).toBeCloseTo(0.5, 12)
  })

  test('a long way is a great circle', () => {
    const f = index.crossing(0, 5, -10, 5, 5)
    // the great circle from 10° W to 5° E along 5° N meets the prime meridian at two thirds, by symmetry almost
    expect(f).toBeCloseTo(2 / 3, 2)
    expect(index.crossing(0, 5, -10, 5, 20)).toBeGreaterThan(0.6)
  })

  test('the cut at ±180 is no crossing', () => {
    expect(index.crossing(1, 0, 179.9, 0, -179.9)).toBeNaN()
    expect(index.crossing(1, 0, 179, 0, -174)).toBeCloseTo(6 / 7, 6)
    expect(index.crossing(1, 0, -174, 0, 179)).toBeCloseTo(1 / 7, 6)
  })

  test('nonsense in, NaN out', () => {
    expect(index.crossing(0, NaN, 0, 5, 5)).toBeNaN()
    expect(index.crossing(0, 5, 5, 5, NaN)).toBeNaN()
  })
})

describe('boundaryDistanceM', () => {
  const index = buildZoneIndex([zone('box', [box(0, 0, 10, 10)]), zone('dateline', [box(170, -5, 190, 5)])])

  test('from either side, as the geodesic has it', () => {
    expect(index.boundaryDistanceM(0, -1, 5)).toBeCloseTo(110_574.4, -1)
    expect(index.boundaryDistanceM(0, 1, 5)).toBeCloseTo(110_574.4, -1)
    expect(index.boundaryDistanceM(0, 0, 5)).toBeLessThan(1)
  })

  test('±180 is no boundary', () => {
    expect(index.boundaryDistanceM(1, 0, 180)).toBeGreaterThan(550_000)
    expect(index.boundaryDistanceM(1, 4, -179.99)).toBeCloseTo(110_576, -2)
  })

  test('a zone without an edge is infinitely far, a place that is none is NaN', () => {
    expect(buildZoneIndex([zone('empty')]).boundaryDistanceM(0, 0, 0)).toBe(Infinity)
    expect(index.boundaryDistanceM(0, NaN, 0)).toBeNaN()
  })
})
