import { describe, expect, it } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { resolveConfig } from '../../src/model/config.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { simulate } from '../../src/simulate/fleet.js'
import type { Vessel } from '../../src/simulate/scenario.js'
import { scenarios } from '../../src/simulate/scenarios.js'
import { flipBit } from '../../src/simulate/transponder.js'
import { openSea, positionsOf } from './helpers.js'

const sailing: Vessel = { kind: 'cargo', from: [55, 3], plan: [{ do: 'sail', via: [[55, 9]], knots: 8 }] }
const lying: Vessel = { kind: 'cargo', from: 'port', plan: [{ do: 'moor', hours: 300 }] }
const truthOf = (vessel: Vessel, hours = 24) => simulate(openSea([vessel], { hours })).truth
const at = (h: number) => Date.parse('2026-01-01T00:00:00Z') + h * MS_PER_HOUR

describe('what the truth says of a silence', () => {
  const off = (vessel: Vessel, from: number, hours?: number, total = 24) =>
    truthOf({ ...vessel, acts: [{ act: 'off', at: from, ...(hours !== undefined && { hours }) }] }, total)

  it('under way and longer than the threshold: a gap', () => {
    expect(off(sailing, 4, 6.01)).toMatchObject([{ type: 'gap', start: { t: at(4) }, end: { t: at(10.01) } }])
  })

  it('under way and as long as the threshold: innocent', () => {
    expect(off(sailing, 4, 6)).toMatchObject([{ type: 'innocent', class: 'short_silence' }])
  })

  it('never heard again: a gap without end', () => {
    expect(off(sailing, 4)).toMatchObject([{ type: 'gap', end: null }])
  })

  it('off just before the data end: too short to tell', () => {
    expect(off(sailing, 20)).toMatchObject([{ type: 'innocent', class: 'short_silence', end: null }])
  })

  it('moored: innocent up to 60 h, then a port silence', () => {
    expect(off(lying, 4, 60, 100)).toMatchObject([{ type: 'innocent', class: 'silence_in_port' }])
    expect(off(lying, 4, 60.1, 100)).toMatchObject([{ type: 'port_silence' }])
  })

  it('beyond every receiver: innocent, however long', () => {
    const scenario = openSea(
      [{ kind: 'cargo', from: [55, 3], plan: [{ do: 'sail', via: [[55, 20]], knots: 15 }] }],
      {
        receivers: [{ station: 'one', at: [55, 3], rangeNm: 50 }],
      },
    )
    const [edge, ...more] = simulate(scenario).truth
    expect(more).toEqual([])
    expect(edge).toMatchObject({ type: 'innocent', class: 'coverage_edge', end: null })
    expect(haversineM(55, 3, edge!.start.lat, edge!.start.lon) / M_PER_NM).toBeCloseTo(50, -0.5)
  })
})

describe('what the truth says of slow hours', () => {
  const drifting = (hours: number, shoreNm: number): Vessel => ({
    kind: 'reefer',
    story: 'waits',
    from: [55, 3],
    plan: [
      { do: 'sail', via: [[55, 3.3]], knots: 12 },
      { do: 'drift', knots: 0.6, hours, bearing: 90, shoreNm },
      { do: 'sail', via: [[55, 15]], knots: 12 },
    ],
  })
  it('loitering only beyond four hours and twenty miles', () => {
    expect(truthOf(drifting(5, 80))).toMatchObject([{ type: 'loitering' }])
    expect(truthOf(drifting(4, 80))).toMatchObject([{ type: 'innocent', class: 'short_wait' }])
    expect(truthOf(drifting(5, 20))).toMatchObject([{ type: 'innocent', class: 'work_near_shore' }])
  })

  it('what happens in the dark is not seen, and no loitering', () => {
    const dark: Vessel = { ...drifting(5, 80), acts: [{ act: 'off', at: 0.5, hours: 9 }] }
    expect(truthOf(dark).map(t => t.type)).toEqual(['gap'])
  })
})

describe.each(scenarios.map(s => [s.name, s] as const))(
  '%s: the truth is what the messages show',
  (_, scenario) => {
    const sim = simulate(scenario, { vessels: scenario.vessels.length })
    const { gap, loitering } = resolveConfig()
    const reports = new Map<number, ReturnType<typeof positionsOf>>()
    for (const report of positionsOf(sim))
      reports.set(report.mmsi, [...(reports.get(report.mmsi) ?? []), report])
    const within = (mmsi: number, from: number, to: number) =>
      (reports.get(mmsi) ?? []).filter(r => r.t >= from && r.t < to)

    it('nothing is heard of a ship while it is off, and it is heard before', () => {
      let silences = 0
      for (const { type, class: kind, mmsi, start, end } of sim.truth) {
        if (
          type !== 'gap' &&
          type !== 'port_silence' &&
          kind !== 'short_silence' &&
          kind !== 'silence_in_port'
        )
          continue
        silences++
        expect(within(mmsi, start.t, end?.t ?? sim.end)).toEqual([])
        expect(within(mmsi, start.t - 2 * MS_PER_HOUR, start.t).length).toBeGreaterThan(0)
        if (end) expect(within(mmsi, end.t, end.t + 2 * MS_PER_HOUR).length).toBeGreaterThan(0)
        if (type === 'gap')
          expect((end?.t ?? sim.end) - start.t).toBeGreaterThan(gap.minGapHours * MS_PER_HOUR)
      }
      expect(silences).toBeGreaterThan(2)
    })

    it('a spoofed position leaves the track and comes back', () => {
      const jumps = sim.truth.filter(t => t.class === 'jump')
      expect(jumps.length).toBeGreaterThan(0)
      for (const { mmsi, start, end } of jumps) {
        const miles = (a: number, b: number) => {
          const first = within(mmsi, a, b).at(-1)!
          const next = within(mmsi, b, b + 2 * MS_PER_HOUR)[0]!
          return haversineM(first.lat!, first.lon!, next.lat!, next.lon!) / M_PER_NM
        }
        expect(miles(start.t - 2 * MS_PER_HOUR, start.t)).toBeGreaterThan(20)
        expect(miles(end!.t - 2 * MS_PER_HOUR, end!.t)).toBeGreaterThan(20)
      }
    })

    it('a single displaced fix is one fix', () => {
      const singles = sim.truth.filter(t => t.class === 'single_displaced_fix')
      expect(singles.length).toBeGreaterThan(0)
      for (const { mmsi, start } of singles) {
        const track = within(mmsi, start.t - 3 * MS_PER_HOUR, start.t + 3 * MS_PER_HOUR)
        // a fix far from both its neighbours, which are close to each other
        const odd = track.filter((r, i) => {
          const [a, b] = [track[i - 1], track[i + 1]]
          if (!a || !b) return false
          const off = Math.min(
            haversineM(a.lat!, a.lon!, r.lat!, r.lon!),
            haversineM(b.lat!, b.lon!, r.lat!, r.lon!),
          )
          return off > 10 * M_PER_NM
        })
        expect(odd.length).toBe(1)
      }
    })

    it('two hulls of one number are heard at two places at once', () => {
      const shared = sim.truth.filter(t => t.class === 'shared_mmsi')
      expect(shared.length).toBeGreaterThan(0)
      for (const { mmsi, start } of shared) {
        const track = within(mmsi, start.t, start.t + 12 * MS_PER_HOUR)
        const leaps = track.filter((r, i) => {
          const before = track[i - 1]
          return before && haversineM(before.lat!, before.lon!, r.lat!, r.lon!) > 50 * M_PER_NM
        })
        expect(leaps.length).toBeGreaterThan(10)
      }
    })

    it('a loiterer makes less way than the speed that counts as slow', () => {
      const slow = sim.truth.filter(t => t.type === 'loitering')
      expect(slow.length).toBeGreaterThan(0)
      for (const { mmsi, start, end } of slow) {
        const track = within(mmsi, start.t + 10 * MS_PER_MIN, (end?.t ?? sim.end) - 10 * MS_PER_MIN)
        const hourLater = (t: number) => track.find(r => r.t >= t + MS_PER_HOUR)
        for (const r of track) {
          const later = hourLater(r.t)
          if (!later) break
          const kn =
            haversineM(r.lat!, r.lon!, later.lat!, later.lon!) / M_PER_NM / ((later.t - r.t) / MS_PER_HOUR)
          expect(kn).toBeLessThan(loitering.maxSpeedKn)
        }
      }
    })

    it('comes in order of time, within the day, with a line for the reader', () => {
      let last = 0
      for (const { start, end, note } of sim.truth) {
        expect(start.t).toBeGreaterThanOrEqual(last)
        last = start.t
        expect(start.t >= sim.start && start.t < sim.end && (end?.t ?? sim.end) <= sim.end).toBe(true)
        expect(note.length).toBeGreaterThan(10)
      }
    })
  },
)

describe('bit errors', () => {
  it('move a coordinate by a power of two steps, and back', () => {
    expect(Math.abs(flipBit(55, 20) - 55)).toBeCloseTo((1 << 20) / 600_000, 9)
    for (let bit = 0; bit < 25; bit++) {
      for (const deg of [-33.5, 0.25, 54.1]) expect(flipBit(flipBit(deg, bit), bit)).toBeCloseTo(deg, 9)
    }
  })
})
