// Ships that switch off at sea, in the ways known from the field: for a night or a day on the fishing ground, to reach
// another one unseen, over a zone's boundary, again and again, several at one minute, a merchant ship in mid-passage,
// and for good. Each has been seen on the air for a day before: a stranger's silence means nothing.

import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM } from '../../src/model/units.js'
import type { ShipKind } from '../../src/simulate/identity.js'
import { pointOf, route } from '../../src/simulate/lanes.js'
import type { Random } from '../../src/simulate/random.js'
import type { Phase, Point, Vessel, Waters } from '../../src/simulate/scenario.js'
import { offset, type Border } from './waters.js'

/** Hours of a silence: 3 to 40, short ones more often. */
const darkHours = (random: Random): number => Math.exp(random.between(Math.log(3), Math.log(40)))
/** Everybody is seen this long first, hours. */
const SEEN_H = 24
const SPARE_H = 12

/** What the dark ships of a scenario need to know of it. */
export interface Setting {
  waters: Waters
  hours: number
  /** Where fishing goes on. */
  grounds: readonly Point[]
  /** Of those that fish. */
  kinds: readonly ShipKind[]
  txClass?: 'A' | 'B'
  random: Random
}

const fisher = ({ kinds, txClass, random }: Setting) => ({
  kind: random.pick(kinds),
  ...(txClass && { txClass }),
})
const fish = (random: Random, hours: number, off?: Phase['off']): Phase => ({
  ...{ do: 'fish', knots: random.between(3, 5), hours, radiusNm: random.between(4, 7) },
  ...(off && { off }),
})
const near = (point: Point, nm: number, random: Random): Point =>
  offset(point, random.between(0, 360), nm * Math.sqrt(random.next()))

/** When it goes dark, hours: any time after it was seen for a day, and early enough for the silence to show. */
const darkAt = (hours: number, random: Random): number => random.between(SEEN_H, hours - 14)

export function fishesInTheDark(setting: Setting): Vessel {
  const { hours, grounds, random } = setting
  const off = { afterH: darkAt(hours, random), hours: darkHours(random) }
  return {
    ...fisher(setting),
    story: 'off on its ground, back near',
    from: near(random.pick(grounds), 8, random),
    plan: [fish(random, hours + SPARE_H, off)],
  }
}

export function movesInTheDark(setting: Setting): Vessel {
  const { hours, grounds, random } = setting
  const from = near(random.pick(grounds), 8, random)
  const to = offset(from, random.between(0, 360), random.between(40, 110))
  return {
    ...fisher(setting),
    story: 'off for a passage, back far away',
    from,
    plan: [
      fish(random, darkAt(hours, random)),
      {
        ...{ do: 'sail', via: [to], knots: random.between(8, 11) },
        off: { afterH: 0.3, hours: darkHours(random) },
      },
      fish(random, hours),
    ],
  }
}

export function crossesInTheDark(setting: Setting, { at, inward }: Border): Vessel {
  const { hours, random } = setting
  const outside = offset(near(at, 15, random), inward + 180, random.between(2, 12))
  const inside = offset(outside, inward + random.between(-40, 40), random.between(20, 60))
  const knots = random.between(8, 11)
  const stay = random.between(2, 18)
  const passage = (haversineM(...outside, ...inside) / M_PER_NM / knots) * 2
  return {
    ...fisher(setting),
    story: 'off at the boundary, inside meanwhile',
    from: outside,
    plan: [
      fish(random, darkAt(hours, random)),
      { do: 'sail', via: [inside], knots, off: { afterH: 0, hours: passage + stay } },
      fish(random, stay),
      { do: 'sail', via: [outside], knots },
      fish(random, hours),
    ],
  }
}

export function repeatsItself(setting: Setting): Vessel {
  const { hours, grounds, random } = setting
  const every = random.between(24, 34)
  const plan: Phase[] = []
  for (let h = 0; h < hours; h += every) {
    plan.push(fish(random, every, { afterH: random.between(8, 12), hours: random.between(6, 13) }))
  }
  return { ...fisher(setting), story: 'off night after night', from: random.pick(grounds), plan }
}

/** Several of one fleet on one ground, off within a minute or two, on again in their own time. */
export function offTogether(setting: Setting, count: number): Vessel[] {
  const { hours, grounds, random } = setting
  const ground = random.pick(grounds)
  const afterH = darkAt(hours, random)
  return Array.from({ length: count }, () => ({
    ...fisher(setting),
    story: 'off together with its fleet',
    from: near(ground, 10, random),
    plan: [
      fish(random, hours + SPARE_H, {
        ...{ afterH: afterH + random.between(0, 0.03), hours: random.between(8, 30) },
      }),
    ],
  }))
}

export function neverBack(setting: Setting): Vessel {
  const { hours, grounds, random } = setting
  return {
    ...fisher(setting),
    story: 'off for good',
    from: near(random.pick(grounds), 8, random),
    plan: [fish(random, hours + SPARE_H, { afterH: darkAt(hours, random), hours: 1000 })],
  }
}

/** A merchant ship that is dark for a part of a long passage, and calls at ports in between. */
export function darkInPassage({ waters, hours, random }: Setting): Vessel {
  const knots = random.between(10, 14)
  const ends = waters.ports.length > 0 ? waters.ports : Object.keys(waters.places)
  const lengthNm = (from: string, to: string): number => {
    const points = route(waters, from, to).map(name => pointOf(waters, name))
    return points.slice(1).reduce((sum, p, i) => sum + haversineM(...points[i]!, ...p) / M_PER_NM, 0)
  }
  const from = random.pick(ends)
  let here = from
  const plan: Phase[] = []
  let dark = false
  for (let h = 0; h < hours + SPARE_H;) {
    const others = ends.filter(name => name !== here)
    const to = others.reduce((best, name) => {
      // the longest of a few drawn: long passages are where it happens
      return random.chance(0.4) && lengthNm(here, name) > lengthNm(here, best) ? name : best
    }, random.pick(others))
    const takes = lengthNm(here, to) / knots
    const goesDark: boolean = !dark && h >= SEEN_H / 2 && takes > 9
    const off = { afterH: random.between(1.5, takes / 3), hours: Math.min(darkHours(random), takes * 0.8) }
    plan.push({ do: 'sail', to, knots, ...(goesDark && { off }) })
    dark ||= goesDark
    h += takes
    if (waters.ports.length > 0) {
      const stay = random.between(4, 12)
      plan.push({ do: 'moor', hours: stay })
      h += stay
    }
    here = to
  }
  return { kind: random.pick(['tanker', 'reefer', 'cargo']), story: 'off in mid-passage', from, plan }
}

/** Some of each. */
export function darkFleet(setting: Setting): Vessel[] {
  const { random } = setting
  const some = (n: number, make: () => Vessel): Vessel[] => Array.from({ length: n }, make)
  return [
    ...some(3, () => fishesInTheDark(setting)),
    ...some(2, () => movesInTheDark(setting)),
    ...some(1, () => repeatsItself(setting)),
    ...(random.chance(0.5) ? offTogether(setting, 2 + random.below(3)) : []),
    ...some(1, () => neverBack(setting)),
    ...some(2, () => darkInPassage(setting)),
  ]
}
