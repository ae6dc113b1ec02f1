// Laws of the density: it makes 1, it knows both ends, it looks the same from behind, east is like north, and ±180 is no edge.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  densityAt,
  densityOf,
  momentsOf,
  offsetM,
  placeAt,
  PARTS,
  type Blur,
  type MovingFix,
} from '../../src/match/density.js'
import type { Mode } from '../../src/match/modes.js'

const HOUR = 3_600_000
const plain: Blur = { sigmaM: 50, flight: [0, 1], toRadar: [-1, 0], shiftS: 0, unknownShiftS: 0 }
const at = (h: number, east = 0, north = 0, sog = NaN, cog = NaN, lon = 3): MovingFix => ({
  t: h * HOUR,
  ...placeAt(54, lon, east * 1852, north * 1852),
  sog,
  cog,
})
const kn = fc.double({ min: 0, max: 20, noNaN: true })
const deg = fc.double({ min: 0, max: 359.9, noNaN: true })
const nm = fc.double({ min: -30, max: 30, noNaN: true })

/** Sum over a lattice. */
function mass(before: MovingFix | null, after: MovingFix | null, t: number, blur: Blur): number {
  const density = densityAt(before, after, t)
  const { east, north, sigmaM } = momentsOf(density)
  const reach = 8 * Math.hypot(sigmaM, 400)
  const n = 160
  const step = (2 * reach) / n
  let sum = 0
  for (let i = 0; i <= n; i++)
    for (let j = 0; j <= n; j++)
      sum += densityOf(density, east - reach + i * step, north - reach + j * step, blur)
  return sum * step * step
}

describe('densityAt', () => {
  test('makes 1 over the sea, shifted by a radar or not', () => {
    const blurs: Blur[] = [
      { ...plain, sigmaM: 400 },
      { ...plain, sigmaM: 400, flight: [0.6, 0.8], toRadar: [-0.8, 0.6], shiftS: 70 },
      { ...plain, sigmaM: 400, unknownShiftS: 65 },
    ]
    for (const blur of blurs) {
      expect(mass(at(0, 0, 0, 12, 90), null, 0.4 * HOUR, blur)).toBeCloseTo(1, 1)
      expect(mass(at(0, 0, 0, 12, 90), at(1, 12, 0, 12, 90), 0.4 * HOUR, blur)).toBeCloseTo(1, 1)
    }
  })

  test('shares make 1, variances are positive, and all is finite', () => {
    fc.assert(
      fc.property(
        kn,
        deg,
        nm,
        nm,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.02, max: 24, noNaN: true }),
        (sog, cog, east, north, f, h) => {
          const { count, parts } = densityAt(
            at(0, 0, 0, sog, cog),
            at(h, east, north, sog, cog),
            f * h * HOUR,
          )
          let shares = 0
          for (let k = 0; k < count; k++) {
            shares += parts[PARTS * k]!
            expect(parts[PARTS * k + 3]).toBeGreaterThan(0)
          }
          expect(shares).toBeCloseTo(1, 9)
          expect([...parts].every(Number.isFinite)).toBe(true)
        },
      ),
    )
  })

  test('at a fix it is that fix', () => {
    const before = at(0, 0, 0, 14, 45)
    const after = at(2, 20, 20, 14, 45)
    const start = momentsOf(densityAt(before, after, before.t))
    const end = momentsOf(densityAt(before, after, after.t))
    expect(Math.hypot(start.east, start.north)).toBeLessThan(1)
    expect(start.sigmaM).toBeLessThan(15)
    const [x, y] = offsetM(before.lat, before.lon, after.lat, after.lon)
    expect(Math.hypot(end.east - x, end.north - y)).toBeLessThan(25)
    expect(end.sigmaM).toBeLessThan(25)
  })

  test('grows with the time away', () => {
    const sigmas = [0.1, 0.5, 1, 3, 6, 12].map(
      h => momentsOf(densityAt(at(0, 0, 0, 10, 0), null, h * HOUR)).sigmaM,
    )
    for (let k = 1; k < sigmas.length; k++) expect(sigmas[k]).toBeGreaterThan(sigmas[k - 1]!)
  })

  test('a fix after makes it narrower', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 6, noNaN: true }), h => {
        const alone = momentsOf(densityAt(at(0, 0, 0, 12, 90), null, h * HOUR)).sigmaM
        const both = momentsOf(densityAt(at(0, 0, 0, 12, 90), at(2 * h, 24 * h, 0, 12, 90), h * HOUR)).sigmaM
        expect(both).toBeLessThan(alone)
      }),
    )
  })

  test('is the same when time runs backwards', () => {
    fc.assert(
      fc.property(
        kn,
        deg,
        kn,
        deg,
        nm,
        nm,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (s0, c0, s1, c1, east, north, f) => {
          const forth = densityAt(at(0, 0, 0, s0, c0), at(4, east, north, s1, c1), 4 * f * HOUR)
          const back = densityAt(
            at(0, east, north, s1, (c1 + 180) % 360),
            at(4, 0, 0, s0, (c0 + 180) % 360),
            4 * (1 - f) * HOUR,
          )
          const a = momentsOf(forth)
          const b = momentsOf(back)
          const start = placeAt(54, 3, east * 1852, north * 1852)
          const [x, y] = offsetM(54, 3, start.lat, start.lon)
          // metres of slack: the plane is laid through another place
          expect(Math.abs(a.east - (b.east + x))).toBeLessThan(200)
          expect(Math.abs(a.north - (b.north + y))).toBeLessThan(200)
          expect(b.sigmaM / a.sigmaM).toBeCloseTo(1, 1)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is led on by speed and course, and before a first fix led back', () => {
    const on = momentsOf(densityAt(at(0, 0, 0, 12, 90), null, HOUR / 6))
    expect(on.east / 1852).toBeGreaterThan(1.7)
    expect(on.east / 1852).toBeLessThan(2.05)
    const back = momentsOf(densityAt(null, at(0, 0, 0, 12, 90), -HOUR / 6))
    expect(back.east).toBeCloseTo(-on.east, 3)
  })

  test('knows nothing of ±180', () => {
    const lonOf = (lon: number) => {
      const before = at(0, 0, 0, 12, 90, lon)
      const after = at(1, 12, 0, 12, 90, lon)
      return momentsOf(densityAt(before, after, HOUR / 2))
    }
    const here = lonOf(3)
    const there = lonOf(179.95)
    expect(there.east).toBeCloseTo(here.east, 4)
    expect(there.sigmaM).toBeCloseTo(here.sigmaM, 4)
  })

  test('a ship that comes towards the radar is seen ahead along the flight', () => {
    // flying north, looking right (east): the radar is to the west, a ship that steers west comes towards it
    const blur = { ...plain, flight: [0, 1] as const, toRadar: [-1, 0] as const, shiftS: 70 }
    const density = densityAt(at(0, 0, 0, 12, 270), at(0.2, -2.4, 0, 12, 270), 0.1 * HOUR)
    const { east, north } = momentsOf(density)
    const shiftM = 70 * 12 * 0.514444
    const ahead = densityOf(density, east, north + shiftM, blur)
    expect(ahead).toBeGreaterThan(10 * densityOf(density, east, north, blur))
    expect(ahead).toBeGreaterThan(10 * densityOf(density, east, north - shiftM, blur))
  })

  test('at anchor it is about the middle of two fixes, and wider between them than at them', () => {
    const anchored: Mode[] = [{ name: '', share: 1, steadyMps: 0, wanderMps: 0, swingM: 100, lastsS: 120 }]
    const [before, after] = [at(0), at(1, 0.1, 0)]
    const sigma = (h: number) => momentsOf(densityAt(before, after, h * HOUR, anchored)).sigmaM
    const { east } = momentsOf(densityAt(before, after, HOUR / 2, anchored))
    const [whole] = offsetM(before.lat, before.lon, after.lat, after.lon)
    expect(east / whole).toBeCloseTo(0.5, 2)
    // one of three independent places about an anchor that the other two tell: 100 m times the root of 3/2
    expect(sigma(0.5)).toBeGreaterThan(119)
    expect(sigma(0.5)).toBeLessThan(126)
    for (const h of [0, 1]) expect(sigma(h)).toBeLessThan(20)
  })
})
