// Speeds in the wrong unit, times that are not those of the fixes: what is wrong with a whole feed is no ship's doing.
// Steps of all ships are counted by feed, in ten-minute slots of event time; what a third of a feed does is the feed's.

import { SLOT_MS } from '../../reception/slots.js'

/** Feeds beyond this share counters. */
const FEEDS = 256
/** Ships, and the share of all steps that theirs are, from which on it is the feed: two could be chance, half is not. */
const MIN_SHIPS = 3
const MIN_SHARE = 0.2
const MIN_SHIPS_OF_MOST = 2
const MOST = 0.5

export interface Feeds {
  /** End of the running slot, epoch ms. */
  until: number
  /** Steps that agree and that contradict, by feed: in the running slot, and from FEEDS on in the one before. */
  agreeing: Uint32Array
  contradicting: Uint32Array
  /** Who contradicts, by feed: vessel slots. */
  ships: Map<number, number[]>
  shipsBefore: Map<number, number[]>
}

export const createFeeds = (): Feeds => ({
  until: 0,
  agreeing: new Uint32Array(2 * FEEDS),
  contradicting: new Uint32Array(2 * FEEDS),
  ships: new Map(),
  shipsBefore: new Map(),
})

export function countAgreeing(feeds: Feeds, t: number, source: number): void {
  if (t >= feeds.until) turn(feeds, t)
  const k = source & (FEEDS - 1)
  feeds.agreeing[k] = feeds.agreeing[k]! + 1
}

export function countContradicting(feeds: Feeds, t: number, source: number, slot: number): void {
  if (t >= feeds.until) turn(feeds, t)
  const k = source & (FEEDS - 1)
  feeds.contradicting[k] = feeds.contradicting[k]! + 1
  const ships = feeds.ships.get(k)
  if (!ships) feeds.ships.set(k, [slot])
  else if (!ships.includes(slot)) ships.push(slot)
}

/** Another slot of time. */
function turn(feeds: Feeds, t: number): void {
  const isNext = t < feeds.until + SLOT_MS
  for (const counts of [feeds.agreeing, feeds.contradicting]) {
    if (isNext) counts.copyWithin(FEEDS, 0, FEEDS)
    else counts.fill(0, FEEDS)
    counts.fill(0, 0, FEEDS)
  }
  feeds.shipsBefore = isNext ? feeds.ships : new Map()
  feeds.ships = new Map()
  feeds.until = (Math.floor(t / SLOT_MS) + 1) * SLOT_MS
}

/** Whether so many ships of the feed contradict themselves that it is the feed's doing. */
export function isOfFeed(feeds: Feeds, source: number): boolean {
  const k = source & (FEEDS - 1)
  const ships = new Set([...(feeds.ships.get(k) ?? []), ...(feeds.shipsBefore.get(k) ?? [])]).size
  const wrong = feeds.contradicting[k]! + feeds.contradicting[k + FEEDS]!
  const share = wrong / (wrong + feeds.agreeing[k]! + feeds.agreeing[k + FEEDS]!)
  return (ships >= MIN_SHIPS && share >= MIN_SHARE) || (ships >= MIN_SHIPS_OF_MOST && share >= MOST)
}
