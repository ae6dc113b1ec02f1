import { describe, expect, test } from 'vitest'
import { loadCoast } from '../../src/zones/coast.js'

const coast = loadCoast()

describe('onLand', () => {
  test.each([
    ['Paris', 48.85, 2.35],
    ['the Sahara', 23, 10],
    ['Tasmania', -42, 146.5],
    ['Chukotka, west of ±180', 67, 179],
    ['Chukotka, east of ±180', 67, -179],
    ['Chukotka, on the cut', 67, 180],
    ['the South Pole', -90, 0],
    ['Vostok', -78.46, 106.84],
    ['Lake Superior: lakes are land', 47.7, -88],
  ])('%s is land', (_, lat, lon) => expect(coast.onLand(lat, lon)).toBe(true))

  test.each([
    ['the North Sea', 56, 3],
    ['the Drake Passage', -58, -65],
    ['the Caspian Sea', 42, 50.5],
    ['the North Pole', 90, 0],
    ['the Pacific on ±180', 0, 180],
    ['nowhere', NaN, NaN],
  ])('%s is not', (_, lat, lon) => expect(coast.onLand(lat, lon)).toBe(false))
})

test('isLandWithin: on land, or nearer than that', () => {
  for (const [lat, lon] of [
    [48.85, 2.35],
    [56, 3],
    [54, 8.1],
    [51, 1.47],
  ] as const) {
    const shoreM = coast.onLand(lat, lon) ? 0 : coast.shoreDistanceM(lat, lon)
    for (const limitM of [1000, 5000, 30_000, 300_000])
      expect(coast.isLandWithin(lat, lon, limitM)).toBe(shoreM < limitM)
  }
})

describe('shoreDistanceM', () => {
  test.each([
    // charted distances, to the accuracy of a coast at 1 : 10 million
    ['Point Nemo to Ducie Island', -48.8767, -123.3933, 2_688_000, 3_000],
    ['the middle of the Strait of Dover', 51.0, 1.47, 16_000, 3_000],
    ['Heligoland Bight, 30 km off Cuxhaven', 54.0, 8.1, 25_000, 6_000],
  ])('%s', (_, lat, lon, expected, tolerance) => {
    expect(Math.abs(coast.shoreDistanceM(lat, lon) - expected)).toBeLessThan(tolerance)
  })

  test('inland too, to the nearest coast', () => {
    expect(coast.shoreDistanceM(46.95, 7.45)).toBeGreaterThan(200_000)
  })

  test('neither the cut through Siberia nor the South Pole is a coast', () => {
    expect(coast.shoreDistanceM(67, 180)).toBeGreaterThan(70_000)
    expect(coast.shoreDistanceM(-89, 0)).toBeGreaterThan(300_000)
  })

  test('where land becomes sea the distance is nothing', () => {
    // walk east off the coast of Portugal and Namibia: the change of onLand is on the coast itself
    for (const lat of [39.5, -22.5]) {
      let west = lat > 0 ? -12 : 10
      let east = lat > 0 ? -8 : 16
      for (let k = 0; k < 50; k++) {
        const middle = (west + east) / 2
        if (coast.onLand(lat, middle)) east = middle
        else west = middle
      }
      expect(coast.shoreDistanceM(lat, east)).toBeLessThan(5)
    }
  })

  test('nonsense in, NaN out', () => {
    expect(coast.shoreDistanceM(NaN, 0)).toBeNaN()
    expect(coast.shoreDistanceM(0, Infinity)).toBeNaN()
  })
})

test('nothing is read before it is asked for, and the distance makes no raster', () => {
  const fresh = loadCoast()
  expect(fresh.bytes()).toBe(0)
  fresh.shoreDistanceM(50, -30)
  const withDistance = fresh.bytes()
  expect(withDistance).toBeGreaterThan(0)
  fresh.onLand(50, -30)
  expect(fresh.bytes()).toBeGreaterThan(withDistance)
})
