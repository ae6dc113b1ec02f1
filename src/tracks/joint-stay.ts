// How long can two silent vessels have been at one place? Each can be at a place from when it can have come there until
// when it has to leave (stayAt), so both can from the later coming to the earlier leaving. Distances are convex along great
// circles shorter than a quarter of the girth, so that time is concave: it has one top, and nested golden sections find it, in
// the plane on which great circles are straight lines. The top lies between the places where the silences begin and
// end: from beyond, all of them are nearer at the edge.

import { planeOf, toPlace, toVector, vectorM, type Vector } from '../geo/gnomonic.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'
import type { Reaching } from './reaches.js'

/** Where two can have been at once. */
export interface JointStay {
  lat: number
  lon: number
  /** From the later coming to the earlier leaving, epoch ms; `to` is before `from` where they miss each other. */
  from: number
  to: number
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
/** A box of 1,000 km is down to 3 cm: a hundredth of a second at top speed. */
const STEPS = 36

/** Milliseconds that a metre takes. */
export const msPerM = (kn: number): number => MS_PER_HOUR / (kn * M_PER_NM)

/**
 * No place gives them longer than this, ms: from every OFF to every ON somebody has to have gone, no faster than the faster
 * of both. Cheap, and never less than what `jointStay` finds.
 * @param untilT silences that last are taken to end then, anywhere
 */
export function jointBoundMs(a: Reaching, b: Reaching, untilT: number): number {
  let least = Infinity
  const ships = [a, b].map(({ off, on, kn }) => ({
    ...{ from: toVector(off), since: off.t, to: on && toVector(on), until: on ? on.t : untilT, kn },
  }))
  for (const x of ships)
    for (const y of ships) {
      const wayMs = y.to ? vectorM(x.from, y.to) * msPerM(Math.max(x.kn, y.kn)) : 0
      least = Math.min(least, y.until - x.since - wayMs)
    }
  return least
}

/**
 * The place at which both can have been for longest; where several give as much, any of them.
 * @param untilT silences that last are taken to end then, anywhere
 * @returns null where the ends are too far from each other to say anything
 */
export function jointStay(one: Reaching, other: Reaching, untilT: number): JointStay | null {
  // in one order, so that rounding too is the same for both
  const pair = one.id < other.id ? [one, other] : [other, one]
  const early: { at: Vector; t: number; perM: number }[] = []
  const late: typeof early = []
  for (const { off, on, kn } of pair) {
    const perM = msPerM(kn)
    early.push({ at: toVector(off), t: off.t, perM })
    if (on) late.push({ at: toVector(on), t: on.t, perM })
  }
  const plane = planeOf([...early, ...late].map(({ at }) => at))
  if (!plane) return null

  function cameAt(p: Vector): number {
    let came = -Infinity
    for (const { at, t, perM } of early) came = Math.max(came, t + vectorM(at, p) * perM)
    return came
  }
  function leavesAt(p: Vector): number {
    let leaves = untilT
    for (const { at, t, perM } of late) leaves = Math.min(leaves, t - vectorM(at, p) * perM)
    return leaves
  }
  const along = (x: number) =>
    topOf(plane.minY, plane.maxY, y => {
      const p = plane.at(x, y)
      return leavesAt(p) - cameAt(p)
    })
  const { x } = topOf(plane.minX, plane.maxX, x => along(x).value)
  const top = plane.at(x, along(x).x)
  return { ...toPlace(top), from: cameAt(top), to: leavesAt(top) }
}

/** Golden section: the top of a function that rises to it and falls from it. */
function topOf(min: number, max: number, f: (x: number) => number): { x: number; value: number } {
  let [a, b] = [min, max]
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)]
  let [fc, fd] = [f(c), f(d)]
  for (let k = 0; k < STEPS; k++) {
    if (fc >= fd) {
      b = d
      d = c
      fd = fc
      c = b - GOLDEN * (b - a)
      fc = f(c)
    } else {
      a = c
      c = d
      fc = fd
      d = a + GOLDEN * (b - a)
      fd = f(d)
    }
  }
  return fc >= fd ? { x: c, value: fc } : { x: d, value: fd }
}
