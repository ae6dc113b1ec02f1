// The seas of the evaluation. Each is a rule that makes a scenario out of a seed: where, who listens, who sails, what
// fails, and who goes dark. A new seed is a new week of the same kind, so seeds can be held back.

import { haversineM } from '../../src/geo/distance.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import type {
  Outage,
  Point,
  Receiver,
  Scenario,
  Traffic,
  Vessel,
  Waters,
} from '../../src/simulate/scenario.js'
import { NORTH_SEA, NORTH_SEA_RECEIVERS } from '../../src/simulate/scenarios/north-sea.js'
import { crossesInTheDark, darkFleet, fishesInTheDark, offTogether, type Setting } from './dark.js'
import {
  BORDERS,
  DATELINE_OCEANS,
  IBERIA,
  IBERIA_GROUNDS,
  IBERIA_RECEIVERS,
  OCEANS,
  oceanWaters,
  offset,
  POLAR_OCEANS,
} from './waters.js'

export interface Sea {
  name: string
  /** What it tries, in a line. */
  title: string
  /** The scenario of a seed; `dark: false` leaves out every ship that switches off at sea. */
  draw(seed: number, dark?: boolean): Scenario
}

/** What a sea says; the rest of the scenario is the same everywhere. */
type Plan = Pick<Scenario, 'waters' | 'receivers' | 'traffic' | 'thinS'> &
  Partial<Pick<Scenario, 'hours' | 'outages' | 'fading' | 'poorSets' | 'late' | 'repeats' | 'start'>> & {
    grounds: readonly Point[]
    kinds?: Setting['kinds']
    txClass?: 'B'
    /** Instead of the usual mix of dark ships. */
    dark?: (setting: Setting) => Vessel[]
    /** Ships with a story, but not this one. */
    others?: Vessel[]
  }

function sea(name: string, title: string, plan: (random: Random) => Plan): Sea {
  return {
    name,
    title,
    draw(seed, dark = true) {
      const random = createRandom(seedOf(seed, 'sea', name))
      const { grounds, kinds = ['trawler', 'longliner'], txClass, others = [], ...rest } = plan(random)
      const { dark: fleet = darkFleet, ...given } = rest
      const hours = given.hours ?? random.between(96, 132)
      const { waters } = given
      const setting = { waters, hours, grounds, kinds, random, ...(txClass && { txClass }) }
      // a start at any hour: midnight falls where it falls
      const start =
        given.start ?? new Date(Date.UTC(2026, random.below(12), 1 + random.below(28), random.below(24)))
      return {
        name,
        title,
        seed,
        fading: 0.12,
        poorSets: 0.06,
        ...given,
        start: typeof start === 'string' ? start : start.toISOString(),
        hours,
        vessels: dark ? [...fleet(setting), ...others] : others,
      }
    },
  }
}

const NORTH_SEA_BANKS = ['dogger', 'dogger-north', 'fisher', 'ekofisk', 'forties', 'viking', 'jutland-bank']
const bank = (name: string): Point => {
  const [lat, lon] = NORTH_SEA.places[name]!
  return [lat, lon]
}
/** Anywhere on the banks, the holes between stations included. */
const northSeaGrounds = (random: Random): Point[] =>
  NORTH_SEA_BANKS.map(name => offset(bank(name), random.between(0, 360), random.between(0, 25)))

/** Some of the stations, each as far as it happens to reach: the sea has holes, and they differ. */
const someOf = (receivers: readonly Receiver[], share: number, random: Random): Receiver[] =>
  receivers.flatMap(receiver =>
    'at' in receiver && random.chance(share)
      ? [{ ...receiver, rangeNm: receiver.rangeNm * random.between(0.75, 1) }]
      : [],
  )

/** A few satellites: two or three passes of each, morning and evening, spread over the day, and hours of nothing between. */
const satellites = (count: number, random: Random): Receiver[] =>
  Array.from({ length: count }, (_, i) => ({
    station: `sat-${i + 1}`,
    passEveryMin: Math.round(random.between(94, 104)),
    passMin: Math.round(random.between(9, 14)),
    probability: random.between(0.2, 0.55),
    twiceADay: { atH: (12 * i) / count + random.between(-1.5, 1.5), aroundH: random.between(1.5, 2.6) },
  }))
/** Near a pole they pass on every orbit. */
const polarSatellites = (count: number, random: Random): Receiver[] =>
  Array.from({ length: count }, (_, i) => ({
    station: `sat-${i + 1}`,
    passEveryMin: Math.round(random.between(94, 104)),
    passMin: Math.round(random.between(9, 14)),
    probability: random.between(0.1, 0.4),
  }))

const coastalTraffic = (grounds: readonly Point[]): Traffic[] => [
  { kind: 'cargo', pattern: 'voyages', count: 18, knots: [12, 18] },
  { kind: 'coaster', pattern: 'voyages', count: 30, knots: [9, 13] },
  { kind: 'tanker', pattern: 'voyages', count: 12, knots: [10, 14] },
  { kind: 'trawler', pattern: 'fishing', count: 24, knots: [3, 4.5], at: grounds },
  { kind: 'trawler', txClass: 'B', pattern: 'fishing', count: 6, knots: [3, 4.5], at: grounds },
  { kind: 'boat', pattern: 'day-boats', count: 8, knots: [7, 10] },
  { kind: 'yacht', pattern: 'leisure', count: 6, knots: [4, 7] },
  { kind: 'coaster', pattern: 'moored', count: 8, knots: [0, 0] },
  { kind: 'tug', pattern: 'laid-up', count: 3, knots: [0, 0] },
]

const northSea = (random: Random, share = 0.7) => {
  const grounds = northSeaGrounds(random)
  return {
    waters: NORTH_SEA,
    grounds,
    receivers: someOf(NORTH_SEA_RECEIVERS, share, random),
    traffic: coastalTraffic(grounds),
    thinS: 300,
  }
}

const oceanGrounds = (middle: Point, random: Random): Point[] =>
  Array.from({ length: 4 }, (_, i) =>
    offset(middle, 90 * i + random.between(-30, 30), random.between(40, 170)),
  )

const oceanTraffic = (waters: Waters, grounds: readonly Point[]): Traffic[] => {
  const ports = Object.keys(waters.places)
  return [
    { kind: 'trawler', pattern: 'fishing', count: 30, knots: [3, 4.5], at: grounds },
    { kind: 'longliner', pattern: 'fishing', count: 24, knots: [4.5, 6.5], at: grounds },
    { kind: 'longliner', txClass: 'B', pattern: 'fishing', count: 6, knots: [4.5, 6.5], at: grounds },
    { kind: 'cargo', pattern: 'voyages', count: 14, knots: [11, 16], ports },
    { kind: 'tanker', pattern: 'voyages', count: 6, knots: [10, 14], ports },
  ]
}

const ocean = (middle: Point, random: Random, receivers = satellites(3 + random.below(3), random)) => {
  const waters = oceanWaters(middle, random)
  const grounds = oceanGrounds(middle, random)
  const plan = { waters, grounds, receivers, traffic: oceanTraffic(waters, grounds), thinS: 120, hours: 120 }
  // at times one of the satellites is lost for a day
  return random.chance(0.6) ? plan : { ...plan, outages: satelliteLost(receivers, random) }
}

const satelliteLost = (receivers: readonly Receiver[], random: Random): Outage[] => [
  { at: random.between(30, 80), hours: random.between(10, 36), stations: [random.pick(receivers).station] },
]

/** Single stations down for some hours, never in the first day, and once a whole stretch of coast. */
const stationOutages = (receivers: readonly Receiver[], random: Random): Outage[] => {
  const shore = receivers.filter(receiver => 'at' in receiver)
  const times = () => ({ at: random.between(24, 95), hours: random.between(4, 20) })
  const middle = random.pick(shore).at
  const coast = shore
    .map(({ station, at }) => ({ station, m: haversineM(...middle, ...at) }))
    .sort((a, b) => a.m - b.m)
    .slice(0, 6)
    .map(({ station }) => station)
  return [
    ...Array.from({ length: 4 }, () => ({ ...times(), stations: [random.pick(shore).station] })),
    { ...times(), stations: coast },
    // the line, not the antennas
    { ...times(), stations: [random.pick(shore).station], delayed: true },
  ]
}

export const SEAS: readonly Sea[] = [
  sea('coastal', 'shore stations with holes and edges between them', random => northSea(random)),
  sea('ocean', 'satellite passes only', random => ocean(random.pick(OCEANS), random)),
  sea('handover', 'ships leave the shore stations for the satellites and come back', random => ({
    waters: IBERIA,
    grounds: IBERIA_GROUNDS,
    receivers: [...IBERIA_RECEIVERS, ...satellites(3, random)],
    traffic: coastalTraffic(IBERIA_GROUNDS),
    thinS: 240,
  })),
  sea('receiver-outage', 'single stations, and once a stretch of coast, fail for 4 to 20 hours', random => {
    const plan = northSea(random, 0.6)
    return { ...plan, hours: 120, outages: stationOutages(plan.receivers, random) }
  }),
  sea('feed-outage', 'everything fails for 1 to 24 hours, at times twice', random => {
    const first = { at: random.between(30, 60), hours: random.between(1, 24) }
    const second = { at: random.between(90, 100), hours: random.between(1, 12) }
    return { ...northSea(random), hours: 120, outages: random.chance(0.5) ? [first, second] : [first] }
  }),
  sea('class-b', 'small craft with weak sets, by shore stations', random => {
    const plan = northSea(random, 0.8)
    const at = plan.grounds
    return {
      ...plan,
      kinds: ['boat'],
      txClass: 'B',
      poorSets: 0.15,
      traffic: [
        { kind: 'boat', pattern: 'fishing', count: 40, knots: [3, 5], at },
        { kind: 'trawler', txClass: 'B', pattern: 'fishing', count: 10, knots: [3, 5], at },
        { kind: 'boat', pattern: 'day-boats', count: 20, knots: [7, 10] },
        { kind: 'yacht', pattern: 'leisure', count: 15, knots: [4, 7] },
        { kind: 'coaster', pattern: 'voyages', count: 25, knots: [9, 13] },
      ],
    }
  }),
  sea('harbour', 'fleets that switch off in their berths, for a night or a winter', random => {
    const plan = northSea(random)
    return {
      ...plan,
      traffic: [
        { kind: 'boat', pattern: 'day-boats', count: 30, knots: [7, 10] },
        { kind: 'trawler', pattern: 'day-boats', count: 30, knots: [8, 11] },
        { kind: 'tug', pattern: 'laid-up', count: 12, knots: [0, 0] },
        { kind: 'yacht', pattern: 'laid-up', count: 12, knots: [0, 0] },
        { kind: 'coaster', pattern: 'moored', count: 15, knots: [0, 0] },
        { kind: 'coaster', pattern: 'voyages', count: 20, knots: [9, 13] },
      ],
    }
  }),
  sea('shared-mmsi', 'a dozen numbers are used by two ships each', random => {
    const plan = ocean(random.pick(OCEANS), random)
    const { grounds, waters } = plan
    const at = (): Point => offset(random.pick(grounds), random.between(0, 360), random.between(0, 20))
    const fishing = { do: 'fish', knots: 4, hours: 160, radiusNm: 6 } as const
    const twins = Array.from({ length: 12 }, (_, i): Vessel => {
      const from = at()
      // a third go dark while the other one sends on; a third have a twin that appears some time, and leaves
      const off = { afterH: random.between(30, 80), hours: random.between(8, 24) }
      const elsewhere = offset(from, random.between(0, 360), random.between(80, 160))
      return {
        kind: random.pick(['trawler', 'longliner']),
        story: i % 3 === 1 ? 'off while another ship sends its number' : 'shares its number',
        from,
        plan: [{ ...fishing, ...(i % 3 === 1 && { off }) }],
        twin:
          i % 3 === 0
            ? { from: 'a', startH: random.between(-10, 40), plan: [{ do: 'sail', to: 'd', knots: 11 }] }
            : { from: elsewhere, plan: [fishing] },
      }
    })
    return { ...plan, waters, others: twins }
  }),
  sea('late', 'whole passes and station hours arrive up to 20 hours late, many reports twice', random => {
    const plan = ocean(random.pick(OCEANS), random, satellites(4, random))
    const share = random.between(0.05, 0.3)
    return { ...plan, late: { share, hours: [0.5, 20] }, repeats: 0.2 }
  }),
  sea('midnight', 'every dark ship is silent over 00:00 UTC', random => ({
    ...ocean(random.pick(OCEANS), random),
    start: '2026-06-10T12:00:00Z',
    dark: setting =>
      // off between 18:00 and 23:00 of the second to the fourth day, for seven hours and more
      Array.from({ length: 9 }, () => {
        const vessel = fishesInTheDark(setting)
        const at = 24 * (1 + random.below(3)) + 6 + random.between(0, 5)
        const [only] = vessel.plan
        return {
          ...vessel,
          story: 'off over midnight',
          plan: [{ ...only!, off: { afterH: at, hours: random.between(7, 16) } }],
        }
      }),
  })),
  sea('dateline', 'the fishing grounds lie across the antimeridian', random =>
    ocean(random.pick(DATELINE_OCEANS), random),
  ),
  sea('poles', 'high latitudes, up to 88 degrees', random => {
    const middle = random.pick(POLAR_OCEANS)
    return ocean(middle, random, polarSatellites(2 + random.below(2), random))
  }),
  sea('boundary', 'along a 200-mile line; the dark ones slip over it', random => {
    const border = random.pick(BORDERS)
    const plan = ocean(border.at, random)
    // the fleet fishes along the line, outside
    const grounds = [-90, -40, 40, 90].map(aside =>
      offset(offset(border.at, border.inward + 180, 15), border.inward + aside, random.between(20, 90)),
    )
    return {
      ...plan,
      grounds,
      traffic: oceanTraffic(plan.waters, grounds),
      dark: setting => [
        ...Array.from({ length: 7 }, () => crossesInTheDark(setting, border)),
        ...offTogether(setting, 2),
      ],
    }
  }),
]
