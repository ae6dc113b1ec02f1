import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitCircle, planeAt } from '../../src/geo/circle.js'
import { geodesicM } from '../../src/geo/distance.js'

const places = fc.record({
  lat: fc.integer({ min: -80, max: 80 }),
  lon: fc.constantFrom(0, 179.999, -180, 57),
  bearing: fc.integer({ min: 0, max: 359 }),
  m: fc.integer({ min: 10, max: 25_000 }),
})

describe('planeAt', () => {
  test('a point of the plane is as far from the origin as the geodesic, and comes back', () => {
    fc.assert(
      fc.property(places, ({ lat, lon, bearing, m }) => {
        const plane = planeAt(lat, lon)
        const [east, north] = [m * Math.sin(bearing), m * Math.cos(bearing)]
        const place = plane.place(east, north)
        expect(Math.abs(geodesicM(lat, lon, place.lat, place.lon) - m)).toBeLessThan(0.5)
        const [x, y] = plane.put(place.lat, place.lon)
        expect(Math.hypot(x - east, y - north)).toBeLessThan(0.5)
      }),
    )
  })
})

describe('fitCircle', () => {
  test('finds the circle that the points lie on, and how far off they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 12_000 }), fc.integer({ min: 0, max: 20 }), (r, off) => {
        const angles = Array.from({ length: 16 }, (_, k) => (k / 16) * 2 * Math.PI)
        const at = (k: number) => r + (k % 2 ? off : -off)
        const xs = angles.map((a, k) => 500 + at(k) * Math.cos(a))
        const ys = angles.map((a, k) => -300 + at(k) * Math.sin(a))
        const circle = fitCircle(xs, ys)!
        expect(Math.hypot(circle.x - 500, circle.y + 300)).toBeLessThan(0.01)
        expect(Math.abs(circle.r - r)).toBeLessThan(0.01 + (off * off) / r)
        expect(Math.abs(circle.rms - off)).toBeLessThan(0.01 + (off * off) / r)
      }),
    )
  })

  test('there is none through points of a line, or two of them', () => {
    expect(fitCircle([0, 1, 2, 3], [0, 2, 4, 6])).toBeNull()
    expect(fitCircle([0, 1], [0, 2])).toBeNull()
  })
})
