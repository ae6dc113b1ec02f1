import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitRing } from '../../src/geo/antimeridian.js'
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
      { numRuns: 300 },
    )
  })
})
