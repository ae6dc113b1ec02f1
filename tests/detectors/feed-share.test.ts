import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFeedShare, initFeedShare } from '../../src/detectors/gap/feed-share.js'
import { MS_PER_HOUR } from '../../src/model/units.js'

interface Report {
  hour: number
  feed: number
  mmsi: number
}
const reports = fc
  .array(
    fc.record({
      hour: fc.integer({ min: 0, max: 20 }),
      feed: fc.integer({ min: 0, max: 1 }),
      mmsi: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 120 },
  )
  .map(list => list.sort((a, b) => a.hour - b.hour))

/** The rule as it reads: 70 % of the vessels of three hours, in each of them. */
function isUp(all: Report[], feed: number, hour: number, share: number, hours: number): boolean {
  const heard = (from: number, to: number) =>
    new Set(all.filter(r => r.feed === feed && r.hour >= from && r.hour < to).map(({ mmsi }) => mmsi)).size
  const known = heard(hour - hours, hour)
  return Array.from({ length: hours }, (_, k) => hour - hours + k).every(h => heard(h, h + 1) > share * known)
}

test('a feed is up when the rule says so, whatever hours were looked at in between', () => {
  const share = fc.constantFrom(0.5, 0.7, 1 / 3)
  const looks = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 })
  fc.assert(
    fc.property(reports, share, fc.integer({ min: 1, max: 4 }), looks, (all, minShare, hours, asked) => {
      const feeds = createFeedShare(minShare, hours)
      const state = initFeedShare()
      for (const { hour, feed, mmsi } of all) {
        for (const at of asked)
          if (at < hour && at >= (all[0]?.hour ?? 0)) feeds.advance(state, at * MS_PER_HOUR)
        feeds.hear(state, (hour + 0.5) * MS_PER_HOUR, feed, mmsi)
      }
      feeds.advance(state, 30 * MS_PER_HOUR)
      for (let hour = (all[0]?.hour ?? 0) + 1; hour <= 30; hour++) {
        for (const feed of [0, 1]) {
          const t = hour * MS_PER_HOUR
          expect(feeds.wasUp(state, feed, t, t), `feed ${feed}, hour ${hour}`).toBe(
            isUp(all, feed, hour, minShare, hours),
          )
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('a time is asked for by all its hours', () => {
  const feeds = createFeedShare(0.7, 2)
  const state = initFeedShare()
  for (const hour of [0, 1, 5, 6]) feeds.hear(state, hour * MS_PER_HOUR, 0, 1)
  feeds.advance(state, 8 * MS_PER_HOUR)
  const wasUp = (from: number, to: number) => feeds.wasUp(state, 0, from * MS_PER_HOUR, to * MS_PER_HOUR)
  // up in the hours 2 and 7
  expect([wasUp(2, 2.99), wasUp(3, 6.99), wasUp(0, 1.99), wasUp(2.99, 6), wasUp(6, 7)]).toEqual([
    ...[true, false, false, true, true],
  ])
})
