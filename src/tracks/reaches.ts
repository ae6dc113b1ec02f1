// Who of those that fell silent can have been at a place at a time? An index by place over the reaches of silences. A
// silence that lasts grows by the hour: it stands in the index with a box for twice its age, and gets a larger one when it
// is older than that, so it is put in anew a few times in all. One that has ended is a bridge between two places, and fits
// into a circle about their middle. Boxes only choose; times decide.

import RBush, { type BBox } from 'rbush'
import { haversineM, interpolate } from '../geo/distance.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'

/** A silence as far as it reaches. Plain data. */
export interface Reaching {
  id: string
  off: Placed
  /** Null while it lasts. */
  on: Placed | null
  /** No faster than this. */
  kn: number
}

interface Placed {
  t: number
  lat: number
  lon: number
}

export interface Reaches<R extends Reaching> {
  put(reaching: R): void
  remove(id: string): void
  /** Calls `visit` for each that can have been at the place at some time from `t0` to `t1`, epoch ms; in no order. */
  at(lat: number, lon: number, t0: number, t1: number, visit: (reaching: R) => void): void
  /** Those that can have been within some miles of a circle, cheaply and by boxes alone: more than there are, none too few. */
  about(lat: number, lon: number, radiusM: number, t1: number, visit: (reaching: R) => void): void
}

interface Box extends BBox {
  id: string
}

/** Boxes of young silences are for this age, ms. */
const FIRST_MS = 6 * MS_PER_HOUR
const M_PER_DEG = 111_100
/** Haversine is this near to the geodesic (geo/distance). */
const SLACK = 1.006
const FARTHEST_M = 20_040_000

const mPerMs = (kn: number): number => (kn * M_PER_NM) / MS_PER_HOUR

/** The earliest time at which it can have been at a place, and the latest, epoch ms: no such time where the one is after the other. */
export function stayAt({ off, on, kn }: Reaching, lat: number, lon: number): { from: number; to: number } {
  return {
    from: off.t + haversineM(off.lat, off.lon, lat, lon) / mPerMs(kn),
    to: on ? on.t - haversineM(on.lat, on.lon, lat, lon) / mPerMs(kn) : Infinity,
  }
}

/** The circle that holds all places it can have been at by `untilT`. */
export function circleOf(
  { off, on, kn }: Reaching,
  untilT: number,
): { lat: number; lon: number; radiusM: number } {
  if (!on) return { ...off, radiusM: Math.min(FARTHEST_M, Math.max(0, untilT - off.t) * mPerMs(kn) * SLACK) }
  const radiusM = Math.min(FARTHEST_M, ((on.t - off.t) * mPerMs(kn) * SLACK) / 2)
  return { ...interpolate(off.lat, off.lon, on.lat, on.lon, 0.5), radiusM }
}

export function createReaches<R extends Reaching>(saved: Iterable<R> = []): Reaches<R> {
  const tree = new RBush<Box>()
  const held = new Map<string, { reaching: R; box: Box; validUntil: number }>()
  /** Not in the tree yet: most are told of several times before anybody asks. */
  const fresh = new Map<string, R>()
  /** Ids by the hour at which their box is too small. */
  const growing = new Map<number, string[]>()
  let grownTo = -Infinity

  function enter(reaching: R, validUntil: number): void {
    const { id } = reaching
    const { lat, lon, radiusM } = circleOf(reaching, validUntil)
    const box = { ...boxOf(lat, lon, radiusM), id }
    tree.insert(box)
    held.set(id, { reaching, box, validUntil })
    if (reaching.on || radiusM >= FARTHEST_M) return
    const hour = Math.floor(validUntil / MS_PER_HOUR)
    growing.set(hour, [...(growing.get(hour) ?? []), id])
  }

  function put(reaching: R): void {
    remove(reaching.id)
    fresh.set(reaching.id, reaching)
  }

  function place(reaching: R): void {
    const { off, on } = reaching
    let validUntil = on ? Infinity : off.t + FIRST_MS
    // what was asked for already is not asked for again in vain
    while (validUntil < grownTo * MS_PER_HOUR) validUntil = off.t + 2 * (validUntil - off.t)
    enter(reaching, validUntil)
  }

  function remove(id: string): void {
    fresh.delete(id)
    const entry = held.get(id)
    if (!entry) return
    tree.remove(entry.box)
    held.delete(id)
  }

  /** Boxes hold until then. */
  function grow(t: number): void {
    const hour = Math.floor(t / MS_PER_HOUR) + 1
    if (hour <= grownTo) return
    const due = [...growing.keys()].filter(each => each <= hour)
    grownTo = hour
    for (const each of due) {
      const ids = growing.get(each)!
      growing.delete(each)
      for (const id of ids) {
        const entry = held.get(id)
        if (entry && !entry.reaching.on && Math.floor(entry.validUntil / MS_PER_HOUR) === each)
          put(entry.reaching)
      }
    }
  }

  /** All that was put is in the tree, with boxes that hold until then. */
  function settle(t: number): void {
    grow(t)
    for (const reaching of fresh.values()) place(reaching)
    fresh.clear()
  }

  function about(lat: number, lon: number, radiusM: number, t1: number, visit: (reaching: R) => void): void {
    settle(t1)
    const { minY, maxY, minX, maxX } = boxOf(lat, lon, radiusM)
    const seen = new Set<string>()
    for (const turn of [0, 360, -360])
      for (const { id } of tree.search({ minY, maxY, minX: minX + turn, maxX: maxX + turn })) {
        if (seen.has(id)) continue
        seen.add(id)
        visit(held.get(id)!.reaching)
      }
  }

  for (const reaching of saved) put(reaching)
  return {
    put,
    remove,
    about,
    at(lat, lon, t0, t1, visit) {
      about(lat, lon, 0, t1, reaching => {
        const { from, to } = stayAt(reaching, lat, lon)
        if (Math.max(from, t0) <= Math.min(to, t1)) visit(reaching)
      })
    },
  }
}

/** Longitudes of a box may pass ±180: who asks, asks a turn to the east and to the west as well. */
export function boxOf(lat: number, lon: number, radiusM: number): BBox {
  const deg = radiusM / M_PER_DEG
  const [minY, maxY] = [lat - deg, lat + deg]
  const widest = Math.max(Math.abs(minY), Math.abs(maxY))
  // degrees of longitude grow towards the pole, and over it there is every one
  const wide = widest >= 89.9 ? 180 : Math.min(180, deg / Math.cos((widest * Math.PI) / 180))
  return { minY, maxY, minX: lon - wide, maxX: lon + wide }
}
