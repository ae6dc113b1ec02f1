import { expect, test } from 'vitest'
import { inBytes, inMinutes, inPercent, inThousands, inTime } from '../../src/cli/numbers.js'

test('figures read the same wherever the machine stands', () => {
  expect([0, 999, 1000, 1_234_567].map(inThousands)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([999, 1000, 58_800_000, 2e9].map(inBytes)).toEqual(['999 B', '1.0 kB', '58.8 MB', '2.0 GB'])
  expect([800, 119_000, 120_000, 3_600_000].map(inTime)).toEqual(['0.8 s', '119.0 s', '2 min', '1.0 h'])
  expect(inMinutes(Date.UTC(2024, 0, 31, 23, 59, 59))).toBe('2024-01-31 23:59Z')
  expect(inMinutes(NaN)).toBe('')
  expect([inPercent(1, 4), inPercent(1, 1000), inPercent(0, 0)]).toEqual(['25.0 %', '0.10 %', ''])
})
