// What the model makes of waters as they are: the edge of an antenna's range, satellites that pass, a sea that is poorly
// heard, a day without ears, ships that go dark. And whether its chances come true.

import { describe, expect, test } from 'vitest'
import { antenna, learnFrom, S0, sail, type Sea } from './world.js'

const DAY = 144
const week = { ships: 150, slots: 7 * DAY }
const at = (lat: number, lon: number) => antenna(lat, lon, 40)
/** 3 E is the antenna; a degree of longitude there is 35 nm. */
const NEAR = 3.1
const EDGE = 4.1
const ear: Sea = { ...week, heard: (_, lat, lon) => at(lat, lon) }

describe('the edge of an antenna’s range', () => {
  test('explains six hours of silence, the sea before it does not', () => {
    const holes = learnFrom(ear)
    const near = holes.survival(54.1, NEAR, 1, 0, 36)
    const edge = holes.survival(54.1, EDGE, 1, 0, 36)
    expect(near.survival).toBeLessThan(0.005)
    expect(near.atMost).toBeLessThan(0.03)
    expect(edge.survival).toBeGreaterThan(0.15)
    expect(edge.survival).toBeLessThan(0.5) // who sails in is heard on
  })

  test('a ship or two that go dark in the middle teach the model next to nothing', () => {
    const dark = (slot: number, ship: number) => ship < 2 && (slot - S0) % (2 * DAY) > 1.5 * DAY
    const holes = learnFrom({
      ...ear,
      heard: (slot, lat, lon, ship) => (dark(slot, ship) ? 0 : at(lat, lon)),
    })
    expect(holes.survival(54.1, NEAR, 1, 0, 36).survival).toBeLessThan(0.01)
  })
})

describe('satellites', () => {
  const passes = learnFrom({ ...week, heard: slot => (slot % 9 === 0 ? 0.8 : 0) })
  const silent = (slots: number) => passes.survival(54.1, NEAR, 1, 0, slots).survival

  test('are silent between two passes, may miss one, and hardly three', () => {
    expect(silent(8)).toBeGreaterThan(0.99)
    expect(silent(9)).toBeGreaterThan(0.1)
    expect(silent(9)).toBeLessThan(0.3)
    expect(silent(27)).toBeLessThan(0.03)
    expect(silent(36)).toBeLessThan(0.02)
  })
})

describe('a day without ears', () => {
  const outage = [S0 + 3 * DAY, S0 + 4 * DAY - 1] as const
  const deaf = (slot: number) => slot >= outage[0] && slot <= outage[1]
  const heard: Sea['heard'] = (slot, lat, lon) => (deaf(slot) ? 0 : at(lat, lon))
  const silence = (sea: Sea) => learnFrom(sea).survival(54.1, NEAR, 1, 0, 36).survival

  test('teaches nothing when it is known for what it was, and that the sea is deaf when it is not', () => {
    const usual = silence(ear)
    const known = silence({ ...ear, heard, outage })
    const blamed = silence({ ...ear, heard })
    expect(known).toBeLessThan(1.5 * usual)
    expect(blamed).toBeGreaterThan(2 * usual)
  })
})

describe('forgetting', () => {
  test('an antenna that was taken down is out of mind in a few weeks', () => {
    const down = S0 + 3 * DAY
    const gone: Sea['heard'] = (slot, lat, lon) => (slot < down ? at(lat, lon) : 0.4 * at(lat, lon))
    const silent = (slots: number) =>
      learnFrom({ ships: 60, slots, heard: gone }).survival(54.1, NEAR, 1, 0, 6).survival
    const [before, after, long] = [silent(3 * DAY), silent(10 * DAY), silent(45 * DAY)]
    expect(before).toBeLessThan(0.01)
    expect(after).toBeGreaterThan(before)
    expect(long).toBeGreaterThan(after)
    expect(long).toBeGreaterThan(0.03)
  })
})

describe('the chances it gives', () => {
  const seas: [string, Sea['heard']][] = [
    ['the edge of a range', (_, lat, lon) => at(lat, lon)],
    ['a sea poorly heard', (_, lat, lon) => 0.3 * antenna(lat, lon, 90)],
    ['satellites', slot => (slot % 9 === 0 ? 0.8 : 0)],
  ]

  // every hole is judged before it is learnt, by what was known two slots before
  test.each(seas)('come true, from the second day on: %s', (_, heard) => {
    const strata = Array.from({ length: 4 }, () => ({ foretold: 0, atMost: 0, came: 0 }))
    learnFrom({ ships: 200, slots: 7 * DAY, seed: 5, heard }, {}, ({ slot, lat, lon, slots }, holes) => {
      if (slot < S0 + 2 * DAY) return
      const { survival, atMost } = holes.survival(lat, lon, 1, 0, 18)
      const stratum = strata[Math.min(3, Math.floor(-Math.log10(survival)))]!
      stratum.foretold += survival
      stratum.atMost += atMost
      stratum.came += slots >= 18 ? 1 : 0
    })
    for (const { foretold, atMost, came } of strata) {
      // beside what chance alone does to a handful
      const slack = 3 * Math.sqrt(foretold + 1)
      expect(came).toBeLessThan(atMost + slack)
      expect(came).toBeGreaterThan(foretold / 3 - slack)
    }
    const all = strata.reduce((sum, { came }) => sum + came, 0)
    const foretold = strata.reduce((sum, stratum) => sum + stratum.foretold, 0)
    expect(all / foretold).toBeGreaterThan(0.8)
    expect(all / foretold).toBeLessThan(1.25)
  })

  test('the world of these tests is no empty one', () => {
    expect([...sail({ ...ear, slots: 6 })].filter(({ heard }) => heard).length).toBeGreaterThan(50)
  })
})
