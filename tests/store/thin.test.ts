// Which fixes of a track are kept: laws over any track, then the ship on a straight course.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createThinner, MOVING_MS, RESTING_MS, SILENCE_MS } from '../../src/store/thin.js'

interface Fix {
  t: number
  lat: number
  lon: number
  sog: number
  cog: number
}

function thin(fixes: readonly Fix[]): Fix[] {
  const kept: Fix[] = []
  const thinner = createThinner((_, t, lat, lon, sog, cog) => kept.push({ t, lat, lon, sog, cog }))
  for (const { t, lat, lon, sog, cog } of fixes) thinner.see(1, t, lat, lon, sog, cog)
  return kept
}

const anyTrack = fc
  .array(
    fc.record({
      dt: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 100, max: 20_000 })),
      lat: fc.double({ min: -89, max: 89, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      sog: fc.oneof(fc.double({ min: 0, max: 30, noNaN: true }), fc.constant(NaN), fc.constant(0)),
      cog: fc.oneof(fc.double({ min: 0, max: 359, noNaN: true }), fc.constant(NaN)),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map(steps => {
    let t = 0
    return steps.map(({ dt, ...fix }) => ({ t: (t += dt * 1000), ...fix }))
  })

describe('thinning', () => {
  test('keeps fixes that there are, each once, in order of time', () => {
    fc.assert(
      fc.property(anyTrack, fixes => {
        const kept = thin(fixes)
        for (const fix of kept) expect(fixes).toContainEqual(fix)
        for (const [k, fix] of kept.entries()) if (k > 0) expect(fix.t).toBeGreaterThan(kept[k - 1]!.t)
      }),
    )
  })

  test('keeps both ends of every silence, and the first fix', () => {
    fc.assert(
      fc.property(anyTrack, fixes => {
        const times = thin(fixes).map(({ t }) => t)
        expect(times[0]).toBe(fixes[0]!.t)
        for (const [k, { t }] of fixes.entries()) {
          const before = fixes[k - 1]?.t
          if (before === undefined || t - before < SILENCE_MS) continue
          expect(times).toContain(before)
          expect(times).toContain(t)
        }
      }),
    )
  })

  test('never leaves a stretch undrawn for longer than the track itself and the rest of a ship at rest', () => {
    fc.assert(
      fc.property(anyTrack, fixes => {
        const times = thin(fixes).map(({ t }) => t)
        const longest = Math.max(...fixes.slice(1).map(({ t }, k) => t - fixes[k]!.t), 0)
        for (const [k, t] of times.entries())
          if (k > 0) expect(t - times[k - 1]!).toBeLessThanOrEqual(RESTING_MS + longest)
      }),
    )
  })

  const straight = (seconds: number, sog = 10): Fix[] =>
    Array.from({ length: seconds / 10 }, (_, k) => ({
      ...{ t: k * 10_000, lat: 50 + (k * sog) / 36e4 / 6, lon: 3, sog, cog: 0 },
    }))

  test('a ship on a straight course is a fix every three minutes, at rest every half hour', () => {
    expect(thin(straight(36_000)).length).toBe(36_000 / (MOVING_MS / 1000))
    expect(thin(straight(36_000, 0)).length).toBe(36_000 / (RESTING_MS / 1000))
  })

  test('a turn is kept where it begins', () => {
    const track = straight(1800).map((fix, k) => (k < 95 ? fix : { ...fix, cog: 90 }))
    expect(thin(track).map(({ t }) => t)).toContain(950_000)
  })

  test('what comes late is a thin line of its own, and takes nothing away', () => {
    const live = straight(3600)
    const late = live.slice(0, 100).map(fix => ({ ...fix, lat: fix.lat + 1 }))
    const kept = thin([...live, ...late])
    expect(kept.filter(({ lat }) => lat < 51)).toEqual(thin(live))
    expect(kept.length).toBe(thin(live).length + Math.ceil(1000 / (MOVING_MS / 1000)))
  })
})
