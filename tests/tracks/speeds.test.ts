import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countSpeed, isSpeedSample, SPEED_BINS, topSpeedKn } from '../../src/tracks/speeds.js'

const counted = (speeds: number[], slot = 0) => {
  const bins = new Uint8Array(3 * SPEED_BINS)
  for (const sog of speeds) countSpeed(bins, slot, sog)
  return bins
}

describe('the top speed of a track', () => {
  test('is the 95th percentile under way, up to 2 kn above it, never below', () => {
    const sogs = fc.array(fc.double({ min: 2, max: 63.9, noNaN: true }), { minLength: 20, maxLength: 250 })
    fc.assert(
      fc.property(sogs, speeds => {
        const sorted = [...speeds].sort((a, b) => a - b)
        const exact = sorted[Math.ceil(0.95 * sorted.length) - 1]!
        const top = topSpeedKn(counted(speeds), 0)
        expect(top).toBeGreaterThanOrEqual(exact)
        expect(top).toBeLessThanOrEqual(exact + 2 + 1e-9)
      }),
    )
  })

  test('needs 20 speeds; lying still, drifting and no speed do not count', () => {
    expect(topSpeedKn(counted(Array(19).fill(11)), 0)).toBeNaN()
    expect(topSpeedKn(counted(Array(20).fill(11)), 0)).toBe(12)
    expect(topSpeedKn(counted([...Array(19).fill(11), ...Array(500).fill(1.99), NaN]), 0)).toBeNaN()
  })

  test('is not moved by one speed in twenty, however wild', () => {
    const speeds = [...Array(190).fill(9), ...Array(10).fill(102.2)]
    expect(topSpeedKn(counted(speeds), 0)).toBe(10)
    expect(topSpeedKn(counted([...speeds, 102.2]), 0)).toBe(66)
  })

  test('follows a ship that changes its habits within some hundred speeds', () => {
    const fast = Array(250).fill(19)
    expect(topSpeedKn(counted([...fast, ...Array(300).fill(5)]), 0)).toBe(20)
    expect(topSpeedKn(counted([...fast, ...Array(1000).fill(5)]), 0)).toBe(6)
  })

  test('stays within its bytes and its slot, however long it counts', () => {
    const bins = counted(Array(100_000).fill(13), 1)
    expect(topSpeedKn(bins, 1)).toBe(14)
    expect([topSpeedKn(bins, 0), topSpeedKn(bins, 2)]).toEqual([NaN, NaN])
    expect(bins.filter(x => x > 0).length).toBe(1)
  })

  test('takes one fix in twenty minutes of event time, and not the first of all', () => {
    const t = Date.UTC(2024, 0, 1)
    expect(isSpeedSample(NaN, t)).toBe(false)
    expect(isSpeedSample(t, t + 1_199_999)).toBe(false)
    expect(isSpeedSample(t, t + 1_200_000)).toBe(true)
    expect(isSpeedSample(t + 1_199_999, t + 1_200_000)).toBe(true)
  })
})
