// A circle that holds places, wherever on the earth they are.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { destination, haversineM } from '../../src/geo/distance.js'
import { circleAbout } from '../../src/geo/enclosing.js'

const places = fc
  .tuple(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.array(
      fc.tuple(fc.double({ min: 0, max: 360, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true })),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
  )
  .map(([lat, lon, ways]) => ways.map(([bearing, m]) => destination(lat, lon, bearing, m)))

test('it holds all of them, touches one, and is at most as wide as they are far apart, over poles and ±180 too', () => {
  fc.assert(
    fc.property(places, all => {
      const { lat, lon, radiusM } = circleAbout(all)
      const away = all.map(at => haversineM(lat, lon, at.lat, at.lon))
      expect(Math.max(...away)).toBeCloseTo(radiusM, 3)
      const apart = Math.max(...all.flatMap(a => all.map(b => haversineM(a.lat, a.lon, b.lat, b.lon))))
      expect(radiusM).toBeLessThanOrEqual(apart + 1)
    }),
  )
})

test('turning the earth turns it', () => {
  fc.assert(
    fc.property(places, fc.integer({ min: -360, max: 360 }), (all, turn) => {
      const turned = circleAbout(all.map(({ lat, lon }) => ({ lat, lon: lon + turn })))
      expect(turned.radiusM).toBeCloseTo(circleAbout(all).radiusM, 1)
    }),
  )
})
