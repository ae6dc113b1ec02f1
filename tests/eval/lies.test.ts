// What the evaluation of false positions takes for a lie, and when one counts as found.

import { expect, test } from 'vitest'
import type { Family, Heard, Ship, Water } from '../../eval/lies/family.js'
import { judge } from '../../eval/lies/judge.js'
import { partialSilence } from '../../eval/lies/partial-silence.js'
import { sail, transmit } from '../../eval/lies/ships.js'
import { synthetic } from '../../eval/lies/synthetic.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createRandom } from '../../src/simulate/random.js'
import { coastNm } from '../helpers/coast.js'

const start = Date.UTC(2026, 0, 15)
const water = (hours: number): Water => ({ start, end: start + hours * MS_PER_HOUR, at: [], receivers: [] })
const fleetOf = (count: number, hours: number, at: readonly [number, number], mmsi: number): Ship[] =>
  Array.from({ length: count }, (_, k) => {
    const about = { kind: 'honest', water: water(hours), random: createRandom(mmsi + k) }
    return sail({ ...about, mmsi: mmsi + k, at, knots: [11, 14], withinNm: 4 })
  })

test('who lies is found alone: three who begin at once are taken for those whom a jammer drew away', () => {
  const here = fleetOf(3, 1, [55, 3], 211_000_001)
  const there = fleetOf(3, 1, [57, 5], 245_000_001)
  const clone: Family = {
    ...{ type: 'spoofing', class: 'shared_mmsi', lookalikes: () => [] },
    lie(ship) {
      const other = there[here.indexOf(ship)]
      if (!other) return null
      const theirs = other.messages.map(
        message => ({ ...message, report: { ...message.report, mmsi: ship.mmsi } }) as Heard,
      )
      const messages = [...ship.messages, ...theirs].sort((a, b) => a.receivedAt - b.receivedAt)
      return { messages, from: start, to: start + MS_PER_HOUR }
    },
  }
  const found = (alone: boolean) => {
    const world = { coast: coastNm(60) }
    const verdict = judge(clone, [...here, ...there], null, 3, createRandom(1), world, alone)
    expect(verdict).toMatchObject({ lies: 3, innocentHours: expect.any(Number), lookalikeHours: 0 })
    expect(verdict.falseEvents).toEqual([])
    return verdict.found
  }
  expect(found(false)).toBe(0)
  expect(found(true)).toBe(3)
})

test('no program is laid where too few ships are heard for long enough to show what is even', () => {
  const eastward = (t: number) => ({
    ...{ lat: 55, lon: 3 + (0.35 * (t - start)) / MS_PER_HOUR },
    ...{ sogKn: 12, cog: 90 },
  })
  const about = { mmsi: 230_000_001, kind: 'honest', water: water(2), random: createRandom(1) }
  const liar = transmit({ ...about, motion: eastward })
  const fleet = fleetOf(10, 2, [55, 3], 211_000_001)
  const lie = (others: readonly Ship[]) => synthetic.lie(liar, createRandom(3), [liar, ...others])
  expect(lie(fleet)).not.toBe(null)
  expect(lie(fleet.slice(1))).toBe(null)
  // what is heard when the lie is nearly over shows nothing in time
  const late = fleet.map(ship => ({
    ...ship,
    messages: ship.messages.filter(({ report: { t } }) => t > start + 1.5 * MS_PER_HOUR),
  }))
  expect(lie(late)).toBe(null)
})

test('no feed stops to hear a ship that it had not heard for hours', () => {
  const [ship, ...others] = fleetOf(5, 12, [55, 3], 211_000_001)
  const lie = (of: Ship) => partialSilence.lie(of, createRandom(2), [of, ...others])
  const { from } = lie(ship!)!
  const but = (isLost: (t: number) => boolean): Ship => ({
    ...ship!,
    messages: ship!.messages.filter(({ report: { t } }) => !isLost(t)),
  })
  expect(lie(but(t => t > from - MS_PER_HOUR && t < from))).toBe(null)
  // nor is there a rhythm to be broken
  expect(lie(but(t => t > start + MS_PER_MIN && t < from - MS_PER_HOUR))).toBe(null)
  expect(lie(but(t => t > from - 2 * MS_PER_HOUR && t < from - MS_PER_HOUR))).not.toBe(null)
})
