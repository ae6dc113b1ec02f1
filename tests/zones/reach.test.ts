import fc from 'fast-check'
import geographiclib from 'geographiclib-geodesic'
import { describe, expect, test } from 'vitest'
import { wrapLon } from '../../src/geo/antimeridian.js'
import { geodesicM, interpolate } from '../../src/geo/distance.js'
import { envelope, type Place } from '../../src/geo/envelope.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'
import { buildZoneIndex, type ZonePolygon } from '../../src/zones/index.js'
import { maxDwellMs, minSpeedKn, nearestZones, zonesInReach, type ZoneWay } from '../../src/zones/reach.js'
import { square } from '../helpers/zones.js'

const wgs84 = geographiclib.Geodesic.WGS84
const toward = ({ lat, lon }: Place, azimuth: number, m: number): Place => {
  const { lat2, lon2 } = wgs84.Direct(lat, lon, azimuth, m)
  return { lat: lat2!, lon: lon2! }
}

/** A star of a few degrees with or without a hole, at any place: across ±180, near a pole. */
const star = fc
  .record({
    lat: fc.oneof(fc.double({ min: -75, max: 75, noNaN: true }), fc.constantFrom(-82, 82)),
    lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-179.5, 179.5)),
    radius: fc.constantFrom(0.1, 1, 4),
    arms: fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 }),
    hole: fc.boolean(),
  })
  .map(({ lat, lon, radius, arms, hole }) => {
    const ring = (scale: number) =>
      arms.map((arm, k) => {
        const angle = (2 * Math.PI * k) / arms.length
        return [lon + radius * arm * scale * Math.cos(angle), lat + radius * arm * scale * Math.sin(angle)]
      })
    return { middle: { lat, lon: wrapLon(lon) }, radius, rings: hole ? [ring(1), ring(0.5)] : [ring(1)] }
  })
type Star = { middle: Place; radius: number; rings: number[][][] }

const zoneOf = (id: string, rings: number[][][]): ZonePolygon => ({
  ref: square(id, 0, 0, 1).ref,
  polygons: [rings],
})

/** The shortest of all ways by points of the boundary, a few metres apart where it matters. */
function bruteM(rings: number[][][], off: Place, on: Place): number {
  const way = (lon: number, lat: number) =>
    geodesicM(off.lat, off.lon, lat, lon) + geodesicM(lat, lon, on.lat, on.lon)
  const edges = rings.flatMap(ring => ring.map((a, k) => [a, ring[(k + 1) % ring.length]!] as const))
  const along = ([a, b]: (typeof edges)[0], f: number) =>
    way(a[0]! + f * (b[0]! - a[0]!), a[1]! + f * (b[1]! - a[1]!))
  const STEPS = 32
  const coarse = edges.flatMap(edge =>
    Array.from({ length: STEPS + 1 }, (_, k) => ({ edge, f: k / STEPS, m: along(edge, k / STEPS) })),
  )
  coarse.sort((a, b) => a.m - b.m)
  let best = coarse[0]!.m
  for (const { edge, f } of coarse.slice(0, 6)) {
    let [low, high] = [Math.max(0, f - 1 / STEPS), Math.min(1, f + 1 / STEPS)]
    for (let k = 0; k < 40; k++) {
      const [p, q] = [low + (high - low) * 0.382, low + (high - low) * 0.618]
      if (along(edge, p) < along(edge, q)) high = q
      else low = p
    }
    best = Math.min(best, along(edge, (low + high) / 2))
  }
  return best
}

const silence = star.chain(shape =>
  fc
    .record({
      azimuth: fc.double({ min: 0, max: 360, noNaN: true }),
      off: fc.double({ min: 0, max: 6, noNaN: true }),
      azimuth2: fc.double({ min: 0, max: 360, noNaN: true }),
      apart: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 8, noNaN: true })),
    })
    .map(({ azimuth, off: f, azimuth2, apart }) => {
      const off = toward(shape.middle, azimuth, f * shape.radius * 111_000)
      return { shape: shape as Star, off, on: toward(off, azimuth2, apart * shape.radius * 111_000) }
    }),
)

describe('zonesInReach', () => {
  test('finds the shortest way by the boundary: within 20 m + 0.02 %', () => {
    fc.assert(
      fc.property(silence, ({ shape: { rings }, off, on }) => {
        const zones = buildZoneIndex([zoneOf('star', rings)])
        const [way] = zonesInReach(zones, off, on, 2e7)
        const straightM = geodesicM(off.lat, off.lon, on.lat, on.lon)
        if (way!.holdsOff || way!.holdsOn) {
          expect(way!.wayM).toBe(straightM)
          return
        }
        const expected = Math.max(straightM, bruteM(rings, off, on))
        expect(Math.abs(way!.wayM - expected)).toBeLessThan(20 + 0.0002 * expected)
      }),
      { numRuns: 500 },
    )
  })

  test('finds a zone just when the range reaches it, in the order of reaching', () => {
    fc.assert(
      fc.property(silence, fc.double({ min: 0.5, max: 1.5, noNaN: true }), ({ shape, off, on }, share) => {
        const zones = buildZoneIndex([zoneOf('star', shape.rings), square('far', 0, 0, 0.01)])
        for (const back of [on, null]) {
          const ways = zonesInReach(zones, off, back, 4.1e7)
          expect(ways.length).toBe(2)
          expect(ways[0]!.wayM).toBeLessThanOrEqual(ways[1]!.wayM)
          const { wayM, holdsOff, holdsOn, zone } = ways.find(({ zone }) => zone === 0)!
          const found = zonesInReach(zones, off, back, wayM * share).some(way => way.zone === zone)
          expect(found).toBe(share >= 1 || holdsOff || holdsOn === true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('agrees with the envelope: a zone in reach meets it, one out of reach does not', () => {
    fc.assert(
      fc.property(silence, fc.double({ min: 1.001, max: 2, noNaN: true }), ({ shape, off, on }, share) => {
        const zones = buildZoneIndex([zoneOf('star', shape.rings)])
        const rangeM = share * Math.max(1000, geodesicM(off.lat, off.lon, on.lat, on.lon))
        const way = zonesInReach(zones, off, on, rangeM)[0]
        const { covers } = envelope(off, on, rangeM)
        const meets = shape.rings[0]!.some(([lon, lat]) => covers(lat!, wrapLon(lon!)))
        // a corner in the envelope is the zone in reach
        if (meets) expect(way).toBeDefined()
      }),
    )
  })

  test('distances to the zone are 0 inside, and to its boundary on either side', () => {
    const zones = buildZoneIndex([square('home', 0, 0, 2)])
    const [way] = zonesInReach(zones, { lat: 1, lon: 1.5 }, { lat: 1, lon: 3 }, 1e6)
    expect(way).toMatchObject({ zone: 0, holdsOff: true, holdsOn: false, offM: 0 })
    expect(way!.boundaryM).toBeCloseTo(55_652, -2) // half a degree of longitude
    expect(way!.onM).toBeCloseTo(111_303, -2)
    expect(way!.wayM).toBeCloseTo(geodesicM(1, 1.5, 1, 3), 6)
  })

  test('a zone that the straight way crosses is not out of the way, one in a hole is not in the zone', () => {
    const ring = (r: number) => [
      [-r, -r],
      [r, -r],
      [r, r],
      [-r, r],
    ]
    const zones = buildZoneIndex([square('across', 1, -1, 2), zoneOf('ring', [ring(9), ring(5)])])
    const [off, on] = [
      { lat: 0, lon: 0 },
      { lat: 0.2, lon: 4 },
    ]
    const straightM = geodesicM(0, 0, 0.2, 4)
    const ways = zonesInReach(zones, off, on, 1.2 * straightM)
    expect(ways.map(({ zone }) => zone)).toEqual([0])
    expect(ways[0]!.wayM).toBeCloseTo(straightM, 0)
    // out of the hole by its nearest side, and back, as light would
    const ringWay = zonesInReach(zones, off, on, 1e7).find(({ zone }) => zone === 1)!
    expect(ringWay.wayM).toBeCloseTo(geodesicM(0, 0, 0.2, 6), -1) // mirrored at its side
    expect(ringWay).toMatchObject({ holdsOff: false, holdsOn: false })
  })

  test('turning the earth changes nothing: no antimeridian', () => {
    fc.assert(
      fc.property(silence, fc.constantFrom(90, 180, -110), ({ shape, off, on }, turn) => {
        const turned = ({ lat, lon }: Place) => ({ lat, lon: wrapLon(lon + turn) })
        const ways = (rings: number[][][], a: Place, b: Place) =>
          zonesInReach(buildZoneIndex([zoneOf('star', rings)]), a, b, 2e7)
        const [here] = ways(shape.rings, off, on)
        const [there] = ways(
          shape.rings.map(ring => ring.map(([lon, lat]) => [lon! + turn, lat!])),
          turned(off),
          turned(on),
        )
        // a ring is cut at ±180, and its chords begin anew there: each is as exact as said, not the same
        expect(Math.abs(there!.wayM - here!.wayM)).toBeLessThan(2 * (20 + 2e-4 * here!.wayM))
        expect(Math.abs(there!.offM - here!.offM)).toBeLessThan(2 * (5 + 2e-4 * here!.offM))
      }),
      { numRuns: 100 },
    )
  })
})

describe('the bounds', () => {
  const hours = (h: number) => h * MS_PER_HOUR
  const way = (of: Partial<ZoneWay>): ZoneWay => ({
    ...{ zone: 0, holdsOff: false, holdsOn: false, wayM: 60 * M_PER_NM, boundaryM: 20 * M_PER_NM },
    ...{ offM: 20 * M_PER_NM, onM: 30 * M_PER_NM },
    ...of,
  })

  test('the least speed is the way over the time', () => {
    expect(minSpeedKn(way({}), hours(6))).toBeCloseTo(10, 9)
  })

  test('the longest stay is what is left of the time after going there and coming back', () => {
    expect(maxDwellMs(way({}), hours(12), 10)).toBeCloseTo(hours(7), 3)
    expect(maxDwellMs(way({ onM: null }), hours(12), 10)).toBeCloseTo(hours(10), 3)
  })

  test('all of it when the zone holds both ends, none when it is out of reach', () => {
    expect(maxDwellMs(way({ wayM: 0, offM: 0, onM: 0 }), hours(12), 10)).toBe(hours(12))
    expect(maxDwellMs(way({}), hours(5.99), 10)).toBe(0)
    expect(maxDwellMs(way({}), hours(6), 10)).toBeCloseTo(hours(1), 3)
  })

  test('no track stays longer, however it goes: random walks of full speed between both ends', () => {
    const zones = buildZoneIndex([square('z', 1, -1, 2)])
    const step = fc.record({
      lat: fc.double({ min: -2, max: 2, noNaN: true }),
      lon: fc.double({ min: -1, max: 4, noNaN: true }),
    })
    fc.assert(
      fc.property(step, step, fc.array(step, { maxLength: 4 }), (off, on, stops) => {
        const path = [off, ...stops, on]
        const speedKn = 12
        let ms = 0
        let inside = 0
        for (let k = 1; k < path.length; k++) {
          const [a, b] = [path[k - 1]!, path[k]!]
          const legMs = hours(geodesicM(a.lat, a.lon, b.lat, b.lon) / M_PER_NM / speedKn)
          ms += legMs
          for (let f = 0.5; f < 100; f++) {
            const { lat, lon } = interpolate(a.lat, a.lon, b.lat, b.lon, f / 100)
            if (zones.setAt(lat, lon) !== 0) inside += legMs / 100
          }
        }
        if (ms < 1000) return
        const [found] = zonesInReach(zones, off, on, (speedKn * ms * M_PER_NM) / MS_PER_HOUR + 1)
        if (inside === 0) return
        expect(found).toBeDefined()
        expect(minSpeedKn(found!, ms)).toBeLessThan(speedKn * 1.001)
        // by 100 steps a leg, a leg's time inside is known to two of them
        expect(inside).toBeLessThan(maxDwellMs(found!, ms, speedKn * 1.001) + 0.03 * ms)
      }),
      { numRuns: 300 },
    )
  })
})

describe('nearestZones', () => {
  test('are those that a growing range meets first, without the one that holds the place', () => {
    const zones = buildZoneIndex([
      square('a', 0, 0, 1),
      square('b', 2, 0, 1),
      square('c', 5, 0, 1),
      square('d', 60, 60, 1),
    ])
    const at = { lat: 0.5, lon: 0.5 }
    expect(nearestZones(zones, at, 2).map(({ zone }) => zone)).toEqual([1, 2])
    expect(nearestZones(zones, at, 9).map(({ zone }) => zone)).toEqual([1, 2, 3])
    expect(nearestZones(zones, at, 1)[0]!.offM).toBeCloseTo(geodesicM(0.5, 0.5, 0.5, 2), -1)
  })
})
