// What stays is learned: the same as of a list of places that is gone through from the start, whatever the order of memory,
// across ±180 and near the poles, from a state, and when old places give way.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { createStays, newStays } from '../../src/match/stays.js'
import type { Detection } from '../../src/model/detection.js'

const DAY = 86_400_000
const of = (lat: number, lon: number, day: number, sigmaM = 50): Detection => ({
  ...{ id: '', t: day * DAY, lat, lon, sigmaM },
  ...{ lengthM: null, headingDeg: null, confidence: null },
})

/** The definition, gone through from the start. */
function listed(detections: readonly Detection[], maxPlaces: number) {
  const places: { lat: number; lon: number; days: number[]; pictures: number }[] = []
  const nearest = (lat: number, lon: number, reachM: number) => {
    let best: { place: (typeof places)[0]; m: number } | null = null
    for (const place of places) {
      const m = haversineM(lat, lon, place.lat, place.lon)
      if (m <= reachM && (!best || m < best.m)) best = { place, m }
    }
    return best
  }
  for (const { lat, lon, sigmaM, t } of detections) {
    const day = Math.floor(t / DAY)
    const near = nearest(lat, lon, 100 + 2 * sigmaM)
    if (!near) {
      if (places.length === maxPlaces) places.shift()
      places.push({ lat, lon, days: [day], pictures: 1 })
      continue
    }
    const { place } = near
    if (place.days.includes(day)) continue
    place.pictures++
    place.lat += (lat - place.lat) / place.pictures
    if (Math.abs(lon - place.lon) < 1) place.lon += (lon - place.lon) / place.pictures
    if (place.days.length < 4) place.days.push(day)
    else place.days[3] = Math.max(day, place.days[3]!)
  }
  return ({ lat, lon, sigmaM }: Detection): number => {
    const near = nearest(lat, lon, 100 + 3 * sigmaM)
    if (!near || near.place.pictures < 4) return 0
    const { days } = near.place
    if (Math.max(...days) - Math.min(...days) < 10) return 0
    const spread = 50 ** 2 + sigmaM ** 2
    return (0.9 * Math.exp((-near.m * near.m) / (2 * spread))) / (2 * Math.PI * spread)
  }
}

/** Some places on the sphere, seen again and again with errors, and others once. */
const detection = fc
  .record({
    lat: fc.constantFrom(54, 54.02, 0, -89.9, 71),
    lon: fc.constantFrom(3, 3.003, 179.9995, -179.9995, -60),
    day: fc.nat({ max: 30 }),
    north: fc.double({ min: -0.002, max: 0.002, noNaN: true }),
    sigmaM: fc.constantFrom(20, 50, 700),
  })
  .map(({ lat, lon, day, north, sigmaM }) => of(lat + north, lon, day, sigmaM))

describe('stays', () => {
  test('are those of a list gone through from the start, also when old places give way', () => {
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: 1, maxLength: 150 }),
        fc.constantFrom(3, 10, 1000),
        (detections, maxPlaces) => {
          const stays = createStays(newStays(), maxPlaces)
          stays.add(detections)
          const expected = listed(detections, maxPlaces)
          for (const each of detections)
            expect(stays.density(each.lat, each.lon, each.sigmaM)).toBe(expected(each))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('resuming from the state at any point changes nothing', () => {
    fc.assert(
      fc.property(fc.array(detection, { minLength: 2, maxLength: 60 }), fc.nat(), (detections, at) => {
        const cut = at % detections.length
        const whole = createStays(newStays(), 5)
        whole.add(detections)
        const first = createStays(newStays(), 5)
        first.add(detections.slice(0, cut))
        const second = createStays(structuredClone(first.state), 5)
        second.add(detections.slice(cut))
        expect(second.state).toEqual(whole.state)
      }),
    )
  })

  test('a platform of a fortnight is one, a ship that comes back within a week is none', () => {
    const stays = createStays()
    for (const day of [0, 5, 10, 14]) stays.add([of(54, 3, day), of(55, 3, day / 2)])
    expect(stays.density(54, 3, 50)).toBeGreaterThan(1e-5)
    expect(stays.density(55, 3, 50)).toBe(0)
    expect(stays.density(54.01, 3, 50)).toBe(0)
  })

  test('of more places than are watched take no more memory', () => {
    const stays = createStays(newStays(), 2000)
    for (let k = 0; k < 10_000; k++) stays.add([of(-80 + 0.016 * k, 0.37 * (k % 400), k % 20)])
    expect(stays.state.used).toBe(2000)
    expect(stays.state.lat.length).toBe(2000)
  })
})
