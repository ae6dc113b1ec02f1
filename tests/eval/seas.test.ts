// The seas of the evaluation: what a seed makes of them, and that they lie where they say.

import { describe, expect, it, test } from 'vitest'
import { SEAS } from '../../eval/scenarios/index.js'
import { BORDERS, IBERIA, IBERIA_GROUNDS, offset } from '../../eval/scenarios/waters.js'
import { HELD_SEEDS, holdsHeld, setOf, TUNING_SEEDS } from '../../eval/seeds.js'
import { interpolate } from '../../src/geo/distance.js'
import { createFleet, vesselCount } from '../../src/simulate/fleet.js'
import { pointOf, route } from '../../src/simulate/lanes.js'
import { loadApproximateEez } from '../../src/zones/approximate-eez.js'
import { loadCoast } from '../../src/zones/coast.js'
import { buildZoneIndex } from '../../src/zones/index.js'

describe('seeds', () => {
  test('for tuning and for judging have none in common', () => {
    expect(TUNING_SEEDS.filter(seed => HELD_SEEDS.includes(seed))).toEqual([])
    expect(new Set([...TUNING_SEEDS, ...HELD_SEEDS]).size).toBe(TUNING_SEEDS.length + HELD_SEEDS.length)
  })

  test('are a set only when whole, and one held seed among others is noticed', () => {
    expect(setOf(TUNING_SEEDS)).toBe('tuning')
    expect(setOf(HELD_SEEDS.toReversed())).toBe('held')
    expect(setOf(TUNING_SEEDS.slice(1))).toBe('other')
    expect(setOf([...TUNING_SEEDS, HELD_SEEDS[0]!])).toBe('other')
    expect(holdsHeld([1, 2, HELD_SEEDS[0]!])).toBe(true)
    expect(holdsHeld(TUNING_SEEDS)).toBe(false)
  })
})

describe.each(SEAS.map(sea => [sea.name, sea] as const))('%s', (_, sea) => {
  it('is the same for the same seed, and another for another', () => {
    expect(sea.draw(5)).toEqual(sea.draw(5))
    expect(sea.draw(6)).not.toEqual(sea.draw(5))
  })

  it('has dark ships, and none when asked for none', () => {
    for (const seed of [1, 2, 3]) {
      const all = sea.draw(seed)
      const dark = all.vessels.filter(({ plan }) => plan.some(({ off }) => off))
      expect(dark.length).toBeGreaterThan(6)
      expect(dark.every(({ story }) => story !== undefined)).toBe(true)
      const fewer = sea.draw(seed, false)
      expect(fewer.traffic).toEqual(all.traffic)
      expect(fewer.receivers).toEqual(all.receivers)
      expect(all.vessels.length).toBeGreaterThan(fewer.vessels.length)
      expect(fewer.vessels.every(({ story }) => story?.includes('number'))).toBe(true)
    }
  })

  it('lasts days, so that reception can be learned, and its ships can be worked out', () => {
    const scenario = sea.draw(7)
    expect(scenario.hours).toBeGreaterThanOrEqual(96)
    const hulls = createFleet(scenario, scenario.seed, scenario.hours, vesselCount(scenario))
    expect(hulls.length).toBeGreaterThan(70)
    for (const { at, hours } of scenario.outages ?? []) {
      expect(at).toBeGreaterThanOrEqual(24) // never in the first day
      expect(at + hours).toBeLessThanOrEqual(scenario.hours)
    }
  })
})

test('midnight: every dark ship is silent over it', () => {
  const scenario = SEAS.find(({ name }) => name === 'midnight')!.draw(3)
  const startH = (Date.parse(scenario.start) / 3_600_000) % 24
  for (const { plan } of scenario.vessels) {
    const { afterH, hours } = plan[0]!.off!
    expect(Math.floor((startH + afterH) / 24)).toBeLessThan(Math.floor((startH + afterH + hours!) / 24))
  }
})

describe('waters', () => {
  const coast = loadCoast()

  test('off Iberia every lane is over water, and every place can be reached', () => {
    for (const [a, b] of IBERIA.lanes) {
      const [from, to] = [pointOf(IBERIA, a), pointOf(IBERIA, b)]
      const ashore = Array.from({ length: 51 }, (_, k) => interpolate(...from, ...to, k / 50)).filter(p =>
        coast.onLand(p.lat, p.lon),
      )
      expect(ashore, `${a} to ${b}`).toEqual([])
    }
    const [first, ...others] = Object.keys(IBERIA.places)
    for (const name of others) expect(route(IBERIA, first!, name).at(-1)).toBe(name)
    for (const [lat, lon] of IBERIA_GROUNDS) expect(coast.onLand(lat, lon)).toBe(false)
  })

  test('the 200-mile lines run where they are said to, into the zone', () => {
    const zones = buildZoneIndex(loadApproximateEez())
    const inside = (lat: number, lon: number) => zones.members(zones.setAt(lat, lon)).length > 0
    for (const { at, inward } of BORDERS) {
      expect(inside(...offset(at, inward, 3)), `${at}`).toBe(true)
      expect(inside(...offset(at, inward + 180, 3)), `${at}`).toBe(false)
    }
  })
})
