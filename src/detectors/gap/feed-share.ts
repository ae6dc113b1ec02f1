// Is a feed up? By MonitorFish's rule: in each of the last 24 clock hours more than 70 % of its vessels were heard. There
// a vessel of a feed is one that has a beacon of it; on AIS nobody is signed up, so it is one heard in any of these hours.

import { COLLECTIONS } from '../../model/report.js'
import { MS_PER_HOUR } from '../../model/units.js'

/** Stretches of hours in which a feed was up that are kept, for late data; the oldest give way. */
const MAX_STRETCHES = 256

/** Plain data. Hours are whole hours since 1970. */
export interface FeedShareState {
  /** The hour that runs; NaN before the first report. */
  hour: number
  /** The last hour in which a vessel was heard in a feed, by vesselKey(). */
  last: Map<number, number>
  /** Vessels heard in a feed, by `hour * feeds + feed`. */
  heard: Map<number, number>
  /** By feed, hours in which it was up: [first, last], in order. */
  up: [first: number, last: number][][]
}

export interface FeedShare {
  /** Event time reached `t`, epoch ms. */
  advance(state: FeedShareState, t: number): void
  /** A report of a vessel in a feed (index in COLLECTIONS). One of an hour that is over says nothing any more. */
  hear(state: FeedShareState, t: number, feed: number, mmsi: number): void
  /** Was the feed up at any moment of this time, which must have been reached? */
  wasUp(state: FeedShareState, feed: number, from: number, to: number): boolean
}

const FEEDS = COLLECTIONS.length
const vesselKey = (mmsi: number, feed: number) => mmsi * FEEDS + feed
const hourOf = (t: number) => Math.floor(t / MS_PER_HOUR)

export const initFeedShare = (): FeedShareState => ({
  hour: NaN,
  last: new Map(),
  heard: new Map(),
  up: COLLECTIONS.map(() => []),
})

/**
 * @param minShare of the feed's vessels, strictly more in each hour
 * @param hours whole clock hours looked at, those before the running one
 */
export function createFeedShare(minShare: number, hours: number): FeedShare {
  function advance(state: FeedShareState, t: number): void {
    const now = hourOf(t)
    if (state.hour !== state.hour) state.hour = now
    while (state.hour < now) {
      open(state, ++state.hour)
      // with an hour in which nobody was heard no feed is up; after a long hole that is the same for all of them
      if (now - state.hour > hours) state.hour = now - hours
    }
  }

  function open(state: FeedShareState, hour: number): void {
    const known = new Array<number>(FEEDS).fill(0)
    for (const [key, last] of state.last) {
      if (last < hour - hours) state.last.delete(key)
      else known[key % FEEDS]!++
    }
    for (const key of state.heard.keys()) if (key < (hour - hours) * FEEDS) state.heard.delete(key)
    for (let feed = 0; feed < FEEDS; feed++)
      if (isUp(state, hour, feed, known[feed]!)) note(state.up[feed]!, hour)
  }

  function isUp(state: FeedShareState, hour: number, feed: number, known: number): boolean {
    for (let h = hour - hours; h < hour; h++)
      if (!((state.heard.get(h * FEEDS + feed) ?? 0) > minShare * known)) return false
    return true
  }

  function note(stretches: [number, number][], hour: number): void {
    const newest = stretches.at(-1)
    if (newest?.[1] === hour - 1) newest[1] = hour
    else stretches.push([hour, hour])
    if (stretches.length > MAX_STRETCHES) stretches.shift()
  }

  return {
    advance,
    hear(state, t, feed, mmsi) {
      advance(state, t)
      const hour = hourOf(t)
      const key = vesselKey(mmsi, feed)
      if (hour < state.hour || state.last.get(key) === hour) return
      state.last.set(key, hour)
      const of = hour * FEEDS + feed
      state.heard.set(of, (state.heard.get(of) ?? 0) + 1)
    },
    wasUp: (state, feed, from, to) =>
      state.up[feed]!.some(([first, last]) => first <= hourOf(to) && hourOf(from) <= last),
  }
}
