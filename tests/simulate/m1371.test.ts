import { describe, expect, it } from 'vitest'
import type { PositionReport } from '../../src/model/report.js'
import { simulate } from '../../src/simulate/fleet.js'
import { reportingIntervalMs } from '../../src/simulate/m1371.js'
import type { Scenario, Vessel } from '../../src/simulate/scenario.js'
import { openSea } from './helpers.js'

describe('reporting intervals of M.1371-5', () => {
  it.each([
    // class, knots, turning, status, seconds
    ['A', 0, false, 1, 180],
    ['A', 3, false, 5, 180],
    ['A', 3.1, false, 5, 10],
    ['A', 0, false, 0, 10],
    ['A', 14, false, 0, 10],
    ['A', 14, true, 0, 10 / 3],
    ['A', 14.1, false, 0, 6],
    ['A', 14.1, true, 0, 2],
    ['A', 23, false, 0, 6],
    ['A', 23.1, false, 0, 2],
    ['B', 2, false, 15, 180],
    ['B', 2.1, false, 15, 30],
    ['B', 30, true, 15, 30],
  ] as const)(
    'class %s at %s kn, turning %s, status %s: every %s s',
    (txClass, sog, turning, status, seconds) => {
      expect(reportingIntervalMs(txClass, sog, turning, status)).toBeCloseTo(seconds * 1000, 6)
    },
  )
})

/** Every report of one ship, heard by a receiver that misses little. */
function reportsOf(vessel: Vessel, overrides: Partial<Scenario> = {}): PositionReport[] {
  const sim = simulate(openSea([vessel], overrides))
  return [...sim.firstMessages].flatMap(m => (m.kind === 'position' ? [m.report] : []))
}

/** Seconds between reports; nothing is lost in these. */
const intervals = (reports: PositionReport[]) =>
  reports.slice(1).map((report, i) => (report.t - reports[i]!.t) / 1000)

const between = (values: number[], low: number, high: number) =>
  values.filter(v => v >= low && v <= high).length / values.length

const heardByAll = {
  receivers: Array.from({ length: 4 }, (_, i) => ({ station: `s${i}`, at: [55, 3] as const, rangeNm: 900 })),
}

describe('a simulated transponder', () => {
  const straight = (kind: Vessel['kind'], knots: number): Vessel => ({
    kind,
    from: [55, 3],
    plan: [{ do: 'sail', via: [[55, 20]], knots }],
  })

  it.each([
    ['cargo', 10, 10],
    ['cargo', 18, 6],
    ['ferry', 28, 2],
    ['yacht', 6, 30],
    ['yacht', 1.5, 180],
  ] as const)('%s at %s kn reports every %s s, give or take a tenth', (kind, knots, seconds) => {
    const reports = reportsOf(straight(kind, knots), { hours: 2, thinS: 0, ...heardByAll })
    expect(reports.length).toBeGreaterThan(30)
    expect(between(intervals(reports), seconds * 0.89, seconds * 1.11)).toBe(1)
  })

  it.each([
    ['moor', 5],
    ['anchor', 1],
  ] as const)('a ship that lies still (%s) reports every three minutes with status %s', (phase, status) => {
    const still: Vessel = { kind: 'cargo', from: [55, 3], plan: [{ do: phase, hours: 10 }] }
    const reports = reportsOf(still, { hours: 4, thinS: 0, ...heardByAll })
    expect(between(intervals(reports), 160, 200)).toBe(1)
    expect(new Set(reports.map(r => r.navStatus))).toEqual(new Set([status]))
  })

  it('turns are reported faster', () => {
    const turning: Vessel = {
      kind: 'cargo',
      from: [55, 3],
      plan: [{ do: 'sail', via: [[55.1, 3], [55.1, 3.3]], knots: 12 }],
    } // prettier-ignore
    const reports = reportsOf(turning, { hours: 1, thinS: 0, ...heardByAll })
    const fast = intervals(reports).filter(s => s < 5)
    expect(fast.length).toBeGreaterThan(5)
    expect(fast.every(s => s > 2.9 && s < 3.7)).toBe(true)
  })

  it('thinning leaves whole multiples of the interval out', () => {
    const reports = reportsOf(straight('cargo', 10), { hours: 3, thinS: 60, ...heardByAll })
    expect(between(intervals(reports), 53, 67)).toBe(1)
  })
})
