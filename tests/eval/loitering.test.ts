// The slow ships of the evaluation do what their truth says.

import { expect, test } from 'vitest'
import { slowFleet } from '../../eval/loitering/fleet.js'
import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'

test('a fleet is the same for the same seed; who is said to be slow gets nowhere from hour to hour, and sails before', () => {
  const { ships, truth } = slowFleet(5)
  expect(truth).toEqual(slowFleet(5).truth)
  expect(truth).not.toEqual(slowFleet(6).truth)
  expect(new Set(truth.map(({ class: kind }) => kind)).size).toBe(6)
  expect(ships).toHaveLength(43)
  for (const { mmsi, from, to } of truth) {
    const fixes = ships
      .find(ship => ship.mmsi === mmsi)!
      .messages.flatMap(({ kind, report }) => (kind === 'position' ? [report] : []))
    const netKn = (a: number, b: number) => {
      const [first, last] = [fixes.find(({ t }) => t >= a)!, fixes.findLast(({ t }) => t <= b)!]
      const nm = haversineM(first.lat!, first.lon!, last.lat!, last.lon!) / M_PER_NM
      return nm / ((last.t - first.t) / MS_PER_HOUR)
    }
    for (let t = from; t + MS_PER_HOUR <= to; t += MS_PER_HOUR)
      expect(netKn(t, t + MS_PER_HOUR)).toBeLessThan(2)
    expect(netKn(from - 2 * MS_PER_HOUR, from - MS_PER_HOUR)).toBeGreaterThan(10)
  }
})
