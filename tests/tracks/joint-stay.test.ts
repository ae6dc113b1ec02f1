// The longest that two can have been at one place: no place of a fine grid gives more, and the place that is told gives it.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wrapLon } from '../../src/geo/antimeridian.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import { jointBoundMs, jointStay } from '../../src/tracks/joint-stay.js'
import { stayAt, type Reaching } from '../../src/tracks/reaches.js'
import { share } from '../helpers/share.js'

const T0 = Date.UTC(2025, 5, 1)
const at = (h: number): number => T0 + h * MS_PER_HOUR

const MIDDLES = [
  { lat: 0, lon: 0 },
  { lat: 45, lon: -30 },
  { lat: -33, lon: 180 },
  { lat: 78, lon: 10 },
]
const offset = fc.double({ min: -3, max: 3, noNaN: true })
const ship = fc.record({
  ...{ dLat: offset, dLon: offset, dLatOn: offset, dLonOn: offset },
  since: fc.double({ min: 0, max: 20, noNaN: true }),
  hours: fc.double({ min: 6, max: 60, noNaN: true }),
  kn: fc.constantFrom(8, 13, 25),
  isOpen: fc.boolean(),
})
const pairs = fc.record({ middle: fc.constantFrom(...MIDDLES), ships: fc.tuple(ship, ship) }).map(
  ({ middle, ships }): [Reaching, Reaching] =>
    ships.map(({ dLat, dLon, dLatOn, dLonOn, since, hours, kn, isOpen }, k): Reaching => ({
      id: `gap-${k}`,
      off: { t: at(since), lat: middle.lat + dLat, lon: wrapLon(middle.lon + dLon) },
      on: isOpen
        ? null
        : { t: at(since + hours), lat: middle.lat + dLatOn, lon: wrapLon(middle.lon + dLonOn) },
      kn,
    })) as [Reaching, Reaching],
)
const UNTIL = at(80)

/** How long both can have been at a place, ms. */
function togetherMs(pair: readonly Reaching[], lat: number, lon: number): number {
  const stays = pair.map(each => stayAt(each, lat, lon))
  return Math.min(UNTIL, ...stays.map(({ to }) => to)) - Math.max(...stays.map(({ from }) => from))
}

/** The best of a grid around all ends, then of finer ones about the best. */
function bruteMs(pair: readonly Reaching[]): number {
  const { lat: lat0, lon: lon0 } = pair[0]!.off
  let [lat, lon, half, best] = [lat0, 0, 7, -Infinity]
  for (let round = 0; round < 7; round++) {
    const [aLat, aLon] = [lat, lon]
    for (let i = -20; i <= 20; i++)
      for (let j = -20; j <= 20; j++) {
        const [x, y] = [aLat + (half * i) / 20, aLon + (half * j) / 20]
        if (Math.abs(x) > 89.9) continue
        const ms = togetherMs(pair, x, wrapLon(lon0 + y))
        if (ms > best) [lat, lon, best] = [x, y, ms]
      }
    half /= 6
  }
  return best
}

describe('the longest joint stay', () => {
  test('is no shorter than at any place of a grid, and as long as told at the place told', () => {
    let positive = 0
    fc.assert(
      fc.property(pairs, pair => {
        const stay = jointStay(...pair, UNTIL)!
        const ms = stay.to - stay.from
        const brute = bruteMs(pair)
        expect(ms).toBeGreaterThanOrEqual(brute - 100)
        expect(Math.abs(togetherMs(pair, stay.lat, stay.lon) - ms)).toBeLessThan(10)
        // the grid finds it too, as far as it is fine
        expect(ms - brute).toBeLessThan(2 * 60_000)
        expect(jointBoundMs(...pair, UNTIL)).toBeGreaterThanOrEqual(ms - 10)
        if (ms > 0) positive++
      }),
      { numRuns: 60 },
    )
    expect(positive).toBeGreaterThan(15 * share)
  })

  test('is that of both, whichever comes first, at any time and any longitude', () => {
    fc.assert(
      fc.property(
        pairs,
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: 1, max: 1e9 }),
        (pair, degrees, ms) => {
          const [a, b] = pair
          const stay = jointStay(a, b, UNTIL)!
          expect(jointStay(b, a, UNTIL)).toEqual(stay)
          const moved = pair.map(({ id, off, on, kn }) => {
            const move = (end: Reaching['off']) => ({
              ...{ t: end.t + ms, lat: -end.lat, lon: wrapLon(end.lon + degrees) },
            })
            return { id, kn, off: move(off), on: on && move(on) }
          }) as [Reaching, Reaching]
          const other = jointStay(...moved, UNTIL + ms)!
          expect(Math.abs(other.to - other.from - (stay.to - stay.from))).toBeLessThan(10)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('of a ship that goes straight there and straight back with one that waits there', () => {
    const waits: Reaching = {
      id: 'a',
      off: { t: at(0), lat: 0, lon: 0 },
      on: { t: at(20), lat: 0, lon: 0 },
      kn: 1e-3,
    }
    const comes: Reaching = {
      id: 'b',
      off: { t: at(2), lat: 0, lon: 1 },
      on: { t: at(16), lat: 0, lon: 1 },
      kn: 12,
    }
    const stay = jointStay(waits, comes, UNTIL)!
    // 60.04 nm at 12 kn, there and back
    expect((stay.to - stay.from) / MS_PER_HOUR).toBeCloseTo(14 - 10.007, 2)
    expect(stay.lat).toBeCloseTo(0, 3)
    expect(stay.lon).toBeCloseTo(0, 3)
  })

  test('says nothing of ships on two sides of the earth', () => {
    const far = (id: string, lon: number): Reaching => ({
      id,
      off: { t: at(0), lat: 0, lon },
      on: null,
      kn: 12,
    })
    expect(jointStay(far('a', 0), far('b', 150), UNTIL)).toBeNull()
  })
})
