// Whoever can have been at a place is found, and nobody else: what asking each of them gives.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { geodesicM } from '../../src/geo/distance.js'
import { envelope } from '../../src/geo/envelope.js'
import { wrapLon } from '../../src/geo/antimeridian.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'
import { circleOf, createReaches, stayAt, type Reaching } from '../../src/tracks/reaches.js'

const T0 = Date.UTC(2025, 5, 1)
const at = (h: number): number => T0 + h * MS_PER_HOUR

const place = fc.record({
  lat: fc.double({ min: -89, max: 89, noNaN: true }),
  lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 179.99, -179.99, 180)),
})
const silence = fc
  .record({
    off: place,
    hours: fc.double({ min: 6, max: 300, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    bearing: fc.double({ min: -1, max: 1, noNaN: true }),
    kn: fc.constantFrom(5, 12, 25),
    since: fc.double({ min: 0, max: 200, noNaN: true }),
    isOpen: fc.boolean(),
  })
  .map(({ off, hours, share, bearing, kn, since, isOpen }): Omit<Reaching, 'id'> => {
    const deg = (share * hours * kn) / 60 / 2
    const lat = Math.max(-89.9, Math.min(89.9, off.lat + deg * bearing))
    const lon = wrapLon(off.lon + deg * Math.sqrt(1 - bearing ** 2))
    return { off: { t: at(since), ...off }, on: isOpen ? null : { t: at(since + hours), lat, lon }, kn }
  })
const silences = fc
  .array(silence, { minLength: 1, maxLength: 25 })
  .map(all => all.map((each, k): Reaching => ({ id: `gap-${k}`, ...each })))
/** Asked where somebody may be: at or near one of the silences. */
const questions = fc.array(
  fc.record({
    of: fc.nat({ max: 24 }),
    dLat: fc.double({ min: -8, max: 8, noNaN: true }),
    dLon: fc.double({ min: -8, max: 8, noNaN: true }),
    from: fc.double({ min: 0, max: 600, noNaN: true }),
    hours: fc.double({ min: 0, max: 48, noNaN: true }),
  }),
  { minLength: 1, maxLength: 12 },
)

const canBeThere = (each: Reaching, lat: number, lon: number, t0: number, t1: number): boolean => {
  const { from, to } = stayAt(each, lat, lon)
  return Math.max(from, t0) <= Math.min(to, t1)
}

describe('reaches', () => {
  test('find those that asking each finds, whatever was asked before, put in again or taken out', () => {
    let found = 0
    fc.assert(
      fc.property(silences, questions, fc.array(fc.nat({ max: 24 })), (all, asked, changed) => {
        const reaches = createReaches<Reaching>(all.slice(0, all.length >> 1))
        for (const each of all.slice(all.length >> 1)) reaches.put(each)
        const held = new Map(all.map(each => [each.id, each]))
        asked.forEach(({ of, dLat, dLon, from, hours }, k) => {
          const { off } = all[of % all.length]!
          const lat = Math.max(-90, Math.min(90, off.lat + dLat))
          const lon = wrapLon(off.lon + dLon)
          const got: string[] = []
          reaches.at(lat, lon, at(from), at(from + hours), ({ id }) => got.push(id))
          const want = [...held.values()].filter(each =>
            canBeThere(each, lat, lon, at(from), at(from + hours)),
          )
          expect([...got].sort()).toEqual(want.map(({ id }) => id).sort())
          found += want.length
          const each = all[(changed[k] ?? 0) % all.length]!
          if (k % 2 === 0) {
            reaches.remove(each.id)
            held.delete(each.id)
          } else {
            // it has come back
            const back = { ...each, on: each.on ?? { ...each.off, t: each.off.t + 50 * MS_PER_HOUR } }
            reaches.put(back)
            held.set(back.id, back)
          }
        })
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(300)
  })

  test('one that lasts is found from the hour on at which it can be there, asked hour by hour', () => {
    const off = { t: at(0), lat: 40, lon: -30 }
    const reaching: Reaching = { id: 'gap', off, on: null, kn: 12 }
    for (const away of [1, 5, 11, 23, 47]) {
      const reaches = createReaches<Reaching>([reaching])
      const lat = 40 + (away * 12) / 60
      for (let h = 0; h < 60; h++) {
        let isFound = false
        reaches.at(lat, -30, at(h), at(h), () => (isFound = true))
        expect(isFound).toBe(canBeThere(reaching, lat, -30, at(h), at(h)))
      }
    }
  })

  test('a place is in reach for some time when the envelope covers it, and the circle holds it', () => {
    fc.assert(
      fc.property(silence, questions, (each, asked) => {
        const reaching: Reaching = { id: 'gap', ...each }
        const untilT = each.on?.t ?? each.off.t + 100 * MS_PER_HOUR
        const rangeM = (each.kn * M_PER_NM * (untilT - each.off.t)) / MS_PER_HOUR
        const shape = envelope(each.off, each.on, rangeM)
        for (const { dLat, dLon } of asked) {
          const lat = Math.max(-90, Math.min(90, each.off.lat + dLat))
          const lon = wrapLon(each.off.lon + dLon)
          const { from, to } = stayAt(reaching, lat, lon)
          const isThere = from <= Math.min(to, untilT)
          // the sphere and the ellipsoid differ by half a per cent
          const slack = 0.006 * rangeM
          if (isThere && !shape.covers(lat, lon))
            expect(envelope(each.off, each.on, rangeM + slack).covers(lat, lon)).toBe(true)
          if (!isThere && rangeM > 2 * slack)
            expect(envelope(each.off, each.on, rangeM - slack).covers(lat, lon)).toBe(false)
          const circle = circleOf(reaching, untilT)
          if (isThere)
            expect(geodesicM(circle.lat, circle.lon, lat, lon)).toBeLessThanOrEqual(
              circle.radiusM * 1.006 + 1,
            )
        }
      }),
      { numRuns: 300 },
    )
  })

  test('what one asks does not grow with all there are: of a thousand silences around the earth, those near are looked at', () => {
    const all = Array.from({ length: 1000 }, (_, k): Reaching => ({
      id: `gap-${k}`,
      off: { t: T0, lat: ((k * 37) % 120) - 60, lon: ((k * 61) % 360) - 180 },
      on: null,
      kn: 12,
    }))
    const reaches = createReaches<Reaching>(all)
    let looked = 0
    reaches.about(10, 20, 0, at(24), () => looked++)
    expect(looked).toBeLessThan(60)
  })
})
