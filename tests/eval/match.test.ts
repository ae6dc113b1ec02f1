import { describe, expect, test } from 'vitest'
import { createMatcher, lastStates } from '../../eval/match.js'
import type { DarkEvent } from '../../src/model/event.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import type { TrueSilence } from '../../src/simulate/causes.js'

const H = MS_PER_HOUR
const silence = (mmsi: number, from: number, to: number): TrueSilence => ({
  ...{ mmsi, from: from * H, to: to * H, durationMs: (to - from) * H },
  ...{ cause: 'disabled', off: 1, missed: 1, story: null },
})
const event = (mmsi: number, from: number, to: number | null) => ({
  mmsi,
  start: { t: from * H, lat: 0, lon: 0 },
  end: to === null ? null : { t: to * H, lat: 0, lon: 0 },
})

describe('an event speaks of', () => {
  const [a, b, other] = [silence(1, 10, 20), silence(1, 30, 40), silence(2, 10, 20)]
  const { silenceOf } = createMatcher([a, b, other])

  test('the silence that begins where it begins, however long', () => {
    expect(silenceOf(event(1, 10, 11), 100 * H)).toBe(a)
    expect(silenceOf(event(2, 10, null), 100 * H)).toBe(other)
  })

  test('else the one that covers more than half of it, and not half of it', () => {
    expect(silenceOf(event(1, 12, 22), 100 * H)).toBe(a)
    expect(silenceOf(event(1, 15, 25), 100 * H)).toBe(null)
    expect(silenceOf(event(1, 14.9, 25), 100 * H)).toBe(a)
  })

  test('none of another ship, and none of another time', () => {
    expect(silenceOf(event(3, 10, 20), 100 * H)).toBe(null)
    expect(silenceOf(event(1, 50, 60), 100 * H)).toBe(null)
  })

  test('an open one ends where the data end', () => {
    expect(silenceOf(event(1, 31, null), 42 * H)).toBe(b)
    expect(silenceOf(event(1, 31, null), 60 * H)).toBe(null)
  })
})

test('of each event the last state counts, and none that was taken back', () => {
  const said = [
    { id: 'x', phase: 'opened', mmsi: 1 },
    { id: 'y', phase: 'closed', mmsi: 1 },
    { id: 'x', phase: 'closed', mmsi: 1 },
    { id: 'y', phase: 'retracted', mmsi: 1 },
    { id: 'an outage', phase: 'opened' },
  ] as DarkEvent[]
  expect(lastStates(said)).toEqual([said[2]])
})
