import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { createSourceClock } from '../../../src/run/watch/clock.js'
import { minute } from './helpers.js'

const LATE = 10 * MS_PER_MIN

describe('how far a source has come', () => {
  test('the watermark is the newest time less the lateness, and never goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 1 }), minutes => {
        const clock = createSourceClock(LATE)
        let newest = -Infinity
        for (const m of minutes) {
          const before = Math.floor(clock.watermark / MS_PER_MIN)
          const told = clock.see(minute(m), 1)
          newest = Math.max(newest, minute(m))
          expect(clock.watermark).toBe(newest - LATE)
          // told exactly when it reached another whole minute
          expect(told).toBe(Math.floor(clock.watermark / MS_PER_MIN) > before)
        }
      }),
    )
  })

  test('a lone time more than an hour ahead is not believed; one an hour ahead is', () => {
    const clock = createSourceClock(LATE)
    clock.see(minute(0), 1)
    expect(clock.see(minute(60) + 1, 2)).toBe(false)
    expect(clock.state.newest).toBe(minute(0))
    expect(clock.see(minute(60), 2)).toBe(true)
  })

  test('two vessels, or three reports, beyond the hole carry time across', () => {
    for (const [who, needed] of [
      [[1, 2], 2],
      [[1, 1, 1], 3],
    ] as const) {
      const clock = createSourceClock(LATE)
      clock.see(minute(0), 9)
      const moved = who.map((mmsi, k) => clock.see(minute(300 + k), mmsi))
      expect(moved).toEqual(who.map((_, k) => k === needed - 1))
      expect(clock.state.newest).toBe(minute(300 + needed - 1))
    }
  })

  test('broken clocks that agree with nobody move nothing, however many', () => {
    const clock = createSourceClock(LATE)
    clock.see(minute(0), 1)
    for (let k = 1; k <= 1000; k++) clock.see(minute(0) + 2 * k * MS_PER_HOUR, 1000 + k)
    expect(clock.state.newest).toBe(minute(0))
    expect(clock.state.beyond.length).toBeLessThanOrEqual(16)
  })

  test('resumed from its state it goes on as it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 3 }))),
        fc.nat(),
        (all, cut) => {
          const whole = createSourceClock(LATE)
          let resumed = createSourceClock(LATE)
          all.forEach(([m, mmsi], k) => {
            if (k === cut % (all.length + 1))
              resumed = createSourceClock(LATE, structuredClone(resumed.state))
            expect(resumed.see(minute(m), mmsi)).toBe(whole.see(minute(m), mmsi))
          })
          expect(resumed.state).toEqual(whole.state)
        },
      ),
    )
  })
})
