// What is known of a vessel's way when it turns out to have company.

import { expect, test } from 'vitest'
import { FIELDS, goOn, recent } from '../../../src/detectors/encounter/way.js'
import { MS_PER_MIN } from '../../../src/model/units.js'

/** Points at minutes, so many miles to the north. */
function wayOf(...points: [minute: number, nm: number][]): number[] {
  const ways = new Float64Array(2 * FIELDS)
  for (const [minute, nm] of points) goOn(ways, 1, 1e12 + minute * MS_PER_MIN, nm / 60, 0, NaN)
  return recent(ways, 1).map(({ t }) => (t - 1e12) / MS_PER_MIN)
}

test('the last four points of one that moves', () => {
  expect(wayOf([0, 0])).toEqual([0])
  expect(wayOf([0, 0], [5, 1], [10, 2], [15, 3], [20, 4])).toEqual([5, 10, 15, 20])
})

test('one that came to rest two points ago was far off before', () => {
  expect(wayOf([-50, 8], [-26, 3.5], [-4, 0.4], [1, 0.1], [21, 0.1])).toEqual([-26, -4, 1, 21])
})

test('of one that lies still, from where on it has', () => {
  expect(wayOf([0, 9], [10, 0], [20, 0], [30, 0], [40, 0], [50, 0], [60, 0])).toEqual([10, 40, 50, 60])
  expect(wayOf([0, 0], [10, 0], [20, 0], [30, 0], [40, 0], [50, 3], [60, 6])).toEqual([0, 40, 50, 60])
  expect(wayOf([0, 0], [10, 0], [20, 0], [30, 0], [40, 3], [50, 6], [60, 9])).toEqual([30, 40, 50, 60])
})
