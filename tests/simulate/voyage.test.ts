import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createFleet, vesselCount } from '../../src/simulate/fleet.js'
import { route } from '../../src/simulate/lanes.js'
import { createPath, pieceAt, turnDeg } from '../../src/simulate/path.js'
import { createRandom } from '../../src/simulate/random.js'
import type { Journey, Point } from '../../src/simulate/scenario.js'
import { scenarios } from '../../src/simulate/scenarios.js'
import { createState, createVoyage } from '../../src/simulate/voyage.js'
import { loadCoast } from '../../src/zones/coast.js'
import { openSea } from './helpers.js'

const { waters } = openSea([])
const voyage = (journey: Journey, seed = 1) => createVoyage(waters, journey, 0, Infinity, createRandom(seed))

describe('a path', () => {
  const point = fc.tuple(
    fc.double({ min: -60, max: 60, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  )

  it('passes from the first point to the last, no longer than its legs, in short pieces', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 5 }), points => {
        const legs = points.slice(1).map((p, i) => haversineM(...points[i]!, ...p))
        fc.pre(legs.every(m => m > 1000 && m < 15_000_000))
        const path = createPath(points as unknown as Point[])
        const n = path.lat.length
        expect(path.lengthM).toBeLessThanOrEqual(legs.reduce((a, b) => a + b) * 1.000_001)
        for (let i = 1; i < n; i++) {
          expect(path.atM[i]! - path.atM[i - 1]!).toBeLessThan(10.001 * M_PER_NM)
          expect(Math.abs(path.lon[i]! - path.lon[i - 1]!)).toBeLessThan(180)
        }
        expect(haversineM(path.lat[n - 1]!, path.lon[n - 1]!, ...points[points.length - 1]!)).toBeLessThan(1)
      }),
      { numRuns: 60 },
    )
  })

  it('turns in steps of a few degrees, not at once', () => {
    const path = createPath([[55, 3], [55.5, 3], [55.5, 4]]) // prettier-ignore
    for (let i = 1; i < path.course.length; i++) {
      expect(Math.abs(turnDeg(path.course[i - 1]!, path.course[i]!))).toBeLessThan(12)
    }
  })

  it('finds the piece from any hint', () => {
    const path = createPath([[55, 3], [56, 5], [57, 3]]) // prettier-ignore
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(200), (share, hint) => {
        const m = share * path.lengthM
        expect(pieceAt(path, m, hint)).toBe(pieceAt(path, m, 0))
      }),
    )
  })
})

describe('a voyage', () => {
  const plan: Journey = {
    from: 'port',
    plan: [
      { do: 'moor', hours: 1 },
      { do: 'sail', to: 'away', knots: 12 },
      { do: 'drift', knots: 0.8, hours: 5, bearing: 120, shoreNm: 90 },
      { do: 'fish', knots: 3.5, hours: 5, radiusNm: 4 },
      { do: 'work', hours: 3, radiusNm: 1, shoreNm: 90 },
      { do: 'anchor', hours: 2 },
      { do: 'sail', to: 'port', knots: 10 },
    ],
  }

  it('is a function of time: any order of questions gives the same answers', () => {
    const v = voyage(plan)
    const times = Array.from({ length: 300 }, (_, i) => i * 6 * MS_PER_MIN)
    const ask = (t: number) => {
      const state = createState()
      v.at(t, state)
      return JSON.stringify(state)
    }
    const forward = times.map(ask)
    expect(times.toReversed().map(ask).toReversed()).toEqual(forward)
  })

  it('never leaps: from minute to minute no faster than it says, over the seams of its plan, too', () => {
    for (let seed = 0; seed < 20; seed++) {
      const v = voyage(plan, seed)
      const a = createState()
      const b = createState()
      v.at(0, a)
      for (let t = MS_PER_MIN; t < 40 * MS_PER_HOUR; t += MS_PER_MIN) {
        v.at(t, b)
        const kn = haversineM(a.lat, a.lon, b.lat, b.lon) / M_PER_NM / (1 / 60)
        // anchoring lays the ship a length of chain away at once: 180 m
        expect(kn).toBeLessThan(1.05 * Math.max(a.sogKn, b.sogKn) + 6)
        Object.assign(a, b)
      }
    }
  })

  it('stretches follow one another without a hole', () => {
    const { stretches, planEnd } = voyage(plan)
    for (let i = 1; i < stretches.length; i++) expect(stretches[i]!.from).toBe(stretches[i - 1]!.to)
    expect(stretches[stretches.length - 1]).toMatchObject({ phase: 'moor', from: planEnd, to: Infinity })
  })

  it('speed over ground is the speed made good', () => {
    const v = voyage({ from: 'port', plan: [{ do: 'sail', via: [[55, 9]], knots: 14 }] })
    const [berth, state] = [createState(), createState()]
    v.at(0, berth)
    v.at(2 * MS_PER_HOUR, state)
    expect(state.sogKn).toBeGreaterThan(13)
    expect(haversineM(berth.lat, berth.lon, state.lat, state.lon) / M_PER_NM).toBeCloseTo(
      28 - (2 / 8) * (14 - 8),
      0,
    )
  })

  it('begins and ends at a berth of its own, and comes back to it', () => {
    const place = (seed: number, t: number, journey: Journey): Point => {
      const state = createState()
      const v = voyage(journey, seed)
      v.at(Math.min(t, v.planEnd), state)
      return [state.lat, state.lon]
    }
    const round: Journey = { from: 'port', plan: [{ do: 'sail', via: [[55.2, 3.2]], to: 'port', knots: 14 }] }
    const berths = Array.from({ length: 12 }, (_, seed) => place(seed, 0, round))
    for (const [seed, berth] of berths.entries()) {
      expect(haversineM(...berth, 55, 3)).toBeLessThan(2 * M_PER_NM)
      expect(haversineM(...berth, ...place(seed, Infinity, round))).toBeLessThan(1)
    }
    expect(new Set(berths.map(String)).size).toBeGreaterThan(10)
  })

  it('crosses the antimeridian in one go', () => {
    const v = voyage({ from: [-15, 179.5], plan: [{ do: 'sail', via: [[-15, -179.5]], knots: 12 }] })
    const state = createState()
    const lons: number[] = []
    for (let t = 0; t < v.planEnd; t += 10 * MS_PER_MIN) {
      v.at(t, state)
      lons.push(state.lon)
    }
    expect(lons.every(lon => lon >= 179.49 || lon <= -179.49)).toBe(true)
    expect(lons.some(lon => lon > 0) && lons.some(lon => lon < 0)).toBe(true)
  })
})

describe('built-in waters', () => {
  it.each(scenarios.map(s => [s.name, s.waters] as const))(
    '%s: every place can be reached from every other',
    (_, waters) => {
      const names = Object.keys(waters.places)
      for (const name of names.slice(1)) {
        const way = route(waters, names[0]!, name)
        expect(way[0]).toBe(names[0])
        expect(way[way.length - 1]).toBe(name)
      }
      for (const name of [...waters.lanes.flat(), ...waters.ports]) expect(names).toContain(name)
    },
  )

  const coast = loadCoast()
  it.each(scenarios.map(s => [s.name, s] as const))(
    '%s: ships stay on the water, ports included',
    (_, scenario) => {
      let asked = 0
      let ashore = 0
      const state = createState()
      const start = Date.parse(scenario.start)
      for (const seed of [scenario.seed, 99]) {
        for (const { voyage } of createFleet(scenario, seed, scenario.hours, vesselCount(scenario))) {
          for (
            let t = Math.max(start, voyage.from);
            t < start + scenario.hours * MS_PER_HOUR;
            t += 10 * MS_PER_MIN
          ) {
            voyage.at(t, state)
            asked++
            if (coast.onLand(state.lat, state.lon)) ashore++
          }
        }
      }
      expect(asked).toBeGreaterThan(20_000)
      expect(ashore / asked).toBeLessThan(0.01)
    },
  )

  it.each(scenarios.map(s => [s.name, s] as const))(
    '%s: what a story says about the shore is so',
    (_, scenario) => {
      const state = createState()
      for (const { voyage } of createFleet(scenario, scenario.seed, scenario.hours, vesselCount(scenario))) {
        for (const { shoreNm, from } of voyage.stretches) {
          if (shoreNm === undefined) continue
          voyage.at(from, state)
          const nm = coast.shoreDistanceM(state.lat, state.lon) / M_PER_NM
          // loitering counts beyond 20 nm: the truth must be on the right side of it, clearly
          if (shoreNm > 20) expect(nm).toBeGreaterThan(25)
          else expect(nm).toBeLessThan(18)
        }
      }
    },
  )
})
