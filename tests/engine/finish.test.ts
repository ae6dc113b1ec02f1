import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finishFeedEvent } from '../../src/engine/finish.js'
import type { FeedFinding } from '../../src/model/event.js'
import { T0 } from '../helpers/replay.js'

const at = (t: number) => ({ t, lat: null, lon: null })
const finding = (over: Partial<FeedFinding> = {}): FeedFinding => ({
  ...{ type: 'feed_outage', phase: 'opened', revision: 1, asOf: T0 + 1, source: 'ais-hub', receiver: null },
  ...{ area: null, start: at(T0), end: null, score: 1, evidence: [], details: {} },
  ...over,
})

test('the id of an event without a vessel: what, who, since when, and the key where there is one', () => {
  expect(finishFeedEvent(finding()).id).toBe(`feed_outage-ais-hub-${T0}`)
  expect(finishFeedEvent(finding({ source: null })).id).toBe(`feed_outage-all-${T0}`)
  const fault = finding({ type: 'receiver_fault', receiver: 'north', key: 'clock' })
  expect(finishFeedEvent(fault).id).toBe(`receiver_fault-north-${T0}-clock`)
  expect(finishFeedEvent(fault)).not.toHaveProperty('key')
})

test('it lasts from start to end, null while it lasts', () => {
  expect(finishFeedEvent(finding()).durationS).toBeNull()
  expect(finishFeedEvent(finding({ end: at(T0 + 90_500) })).durationS).toBe(90.5)
})

test('a station may be called anything: its id is harmless, and different names give different ids', () => {
  const idOf = (receiver: string) => finishFeedEvent(finding({ receiver })).id
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(idOf(a)).toMatch(/^[\w.:@+~%-]+$/)
      expect(idOf(a) === idOf(b)).toBe(a === b)
    }),
  )
})
