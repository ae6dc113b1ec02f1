// Two vessels near each other. Their fixes come in turn, so that one is always known a little further than the other: its
// points wait until the other has passed them, and then both are known at one time, the other on the great circle
// between two of its own. So nothing is guessed ahead, and a pair is the same whoever of the two is asked.

import { shortM } from '../../geo/distance.js'
import { MS_PER_MIN } from '../../model/units.js'
import type { Edge, Moment, Together } from './together.js'
import { placeAt, type Point } from './way.js'

/** A place between two points farther apart in time than this counts as interpolated. */
const GUESSED_MS = 10 * MS_PER_MIN
/** Points that wait, at most: a source may be hours behind. */
const MAX_WAITING = 360

/** A point that waits, and the leg that led to it. */
interface Waiting extends Point {
  kn: number
  guessed: boolean
}

export interface Pair {
  /** Slots, a < b. */
  a: number
  b: number
  /** Points of one of them that the other has not reached. */
  ahead: 'a' | 'b'
  waiting: Waiting[]
  /** The last point of that one that the other has reached. */
  base: Waiting | null
  last: Moment | null
  /** Since when they have been near, not having been apart since. */
  near: Edge | null
  /** They were seen apart. */
  apart: boolean
  slow: Together | null
  fast: Together | null
}

/** Of two slots, whichever comes first. */
export const keyOf = (a: number, b: number): number => Math.min(a, b) * 2 ** 26 + Math.max(a, b)

/** Two slots are partners no more. */
export function unlink(partners: Map<number, number[]>, a: number, b: number): void {
  for (const [of, its] of [
    [a, b],
    [b, a],
  ] as const) {
    const left = partners.get(of)!.filter(other => other !== its)
    if (left.length > 0) partners.set(of, left)
    else partners.delete(of)
  }
}

export function createPair(a: number, b: number): Pair {
  const none = { base: null, last: null, near: null, slow: null, fast: null }
  return { a, b, ahead: 'a', waiting: [], apart: false, ...none }
}

/**
 * One of them has come to a new point.
 * @param from its point before, of the same unbroken way
 * @param kn made good in between
 * @param visit called for each moment at which both are known by now
 */
export function advance(
  pair: Pair,
  side: 'a' | 'b',
  from: Point | undefined,
  to: Point,
  kn: number,
  visit: (moment: Moment) => void,
): void {
  const { waiting } = pair
  if (waiting.length > 0 && pair.ahead !== side) {
    let passed = 0
    for (; passed < waiting.length && waiting[passed]!.t <= to.t; passed++) {
      const other = waiting[passed]!
      if (from && other.t >= from.t) visit(momentOf(side, from, to, kn, other))
    }
    if (passed > 0) pair.base = waiting[passed - 1]!
    if (passed === waiting.length) waiting.length = 0
    else if (passed > 0) waiting.splice(0, passed)
    // where the other stands is this one's newest place too, or the other is still ahead
    if (waiting.length > 0 || pair.last?.t === to.t) return
  }
  if (waiting.length === 0) pair.base = from ? waitingAt(from, kn, false) : null
  pair.ahead = side
  if (waiting.length >= MAX_WAITING) waiting.shift()
  waiting.push(waitingAt(to, kn, isGuessed(from, to)))
}

/** One of them goes no further than `to`: the other is looked for there, between two points of its own. */
export function conclude(
  pair: Pair,
  side: 'a' | 'b',
  to: Point,
  kn: number,
  visit: (moment: Moment) => void,
): void {
  const { base, waiting } = pair
  const next = waiting[0]
  if (!base || !next || pair.ahead === side || !(base.t < to.t && to.t < next.t)) return
  visit(momentOf(side, to, to, kn, waitingAt(placeAt(base, next, to.t), next.kn, next.guessed)))
}

/** The newest point of one was none of its own. */
export function takeBack(pair: Pair, side: 'a' | 'b', t: number): void {
  if (pair.ahead === side) pair.waiting = pair.waiting.filter(point => point.t !== t)
}

// written out, not spread: some thousand of them are made a second
const waitingAt = ({ t, lat, lon }: Point, kn: number, guessed: boolean): Waiting => ({
  t,
  lat,
  lon,
  kn,
  guessed,
})

const isGuessed = (from: Point | undefined, to: Point): boolean =>
  from !== undefined && to.t - from.t > GUESSED_MS

function momentOf(side: 'a' | 'b', from: Point, to: Point, kn: number, other: Waiting): Moment {
  const { t } = other
  const own = placeAt(from, to, t)
  const its: Point = { t, lat: other.lat, lon: other.lon }
  const guessed = isGuessed(from, to)
  const distanceM = shortM(own.lat, own.lon, its.lat, its.lon)
  return side === 'a'
    ? { t, distanceM, a: own, b: its, knA: kn, knB: other.kn, guessedA: guessed, guessedB: other.guessed }
    : { t, distanceM, a: its, b: own, knA: other.kn, knB: kn, guessedA: other.guessed, guessedB: guessed }
}
