// A small sea to learn from: ships sail to and fro, each ten minutes they are heard or not. What the engine does with
// its tracks stands here in a few lines: it tells a hole when a ship is heard again, and a gap when it lasts too long.

import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM } from '../../src/model/units.js'
import { createHoles, type Holes, type HolesOptions } from '../../src/reception/holes.js'
import { createRandom } from '../../src/simulate/random.js'

export const S0 = 2_840_000 // a slot in 2024
export const GAP_SLOTS = 36

export interface Sea {
  ships: number
  slots: number
  seed?: number
  /** Half a side of the sea, degrees, about 54 N 3 E. @default 1.5 */
  halfDeg?: number
  /** Chance to be heard in a slot. */
  heard(slot: number, lat: number, lon: number, ship: number): number
  /** First and last slot in which nothing is heard, and everybody knows it. */
  outage?: readonly [from: number, to: number]
}

export interface Sighting {
  slot: number
  ship: number
  lat: number
  lon: number
  /** Heard in this slot. */
  heard: boolean
}

/** Share of a circle: 0.97 near, falling to nothing at the range. */
export function antenna(lat: number, lon: number, rangeNm: number, at = { lat: 54, lon: 3 }): number {
  const share = haversineM(at.lat, at.lon, lat, lon) / (rangeNm * M_PER_NM)
  return share > 1 ? 0 : 0.97 - 0.67 * share ** 4
}

export function* sail({ ships, slots, seed = 1, halfDeg = 1.5, heard }: Sea): Generator<Sighting> {
  const random = createRandom(seed)
  const fleet = Array.from({ length: ships }, () => ({
    lat: 54 + random.between(-halfDeg, halfDeg),
    lon: 3 + random.between(-halfDeg * 1.6, halfDeg * 1.6),
    course: random.between(0, 2 * Math.PI),
    nm: random.between(6, 18) / 6,
  }))
  for (let slot = S0; slot < S0 + slots; slot++) {
    for (const [ship, it] of fleet.entries()) {
      it.lat += (it.nm * Math.cos(it.course)) / 60
      it.lon += (it.nm * Math.sin(it.course)) / 60 / 0.588
      const out = Math.abs(it.lat - 54) > halfDeg || Math.abs(it.lon - 3) > halfDeg * 1.6
      if (out) it.course = Math.atan2(3 - it.lon, 54 - it.lat) + random.between(-0.7, 0.7)
      const { lat, lon } = it
      yield { slot, ship, lat, lon, heard: random.chance(heard(slot, lat, lon, ship)) }
    }
  }
}

/** What one hole was, when it ended: where it began and how long it was. */
export interface Told {
  slot: number
  lat: number
  lon: number
  slots: number
}

/** Learns from a sea as the engine would. `onHole` hears of every hole before it is learnt. */
export function learnFrom(
  sea: Sea,
  options: HolesOptions = {},
  onHole?: (hole: Told, holes: Holes) => void,
): Holes {
  const holes = createHoles(options)
  const last = new Map<number, { slot: number; lat: number; lon: number; lapsed: number }>()
  let slot = -1
  for (const { ship, lat, lon, heard, ...at } of sail(sea)) {
    if (at.slot !== slot) {
      slot = at.slot
      holes.advance(slot)
    }
    const before = last.get(ship)
    const silent = before ? slot - before.slot - 1 : 0
    const [from, to] = sea.outage ?? [Infinity, Infinity]
    const cut = before !== undefined && before.slot < from && slot > to
    if (heard) {
      if (before && cut) {
        if (before.lapsed === 0) holes.lapsed(before.lat, before.lon, 1, 0, from - before.slot - 1)
      } else if (before) {
        onHole?.({ slot, lat: before.lat, lon: before.lon, slots: silent }, holes)
        holes.heard(before.lat, before.lon, lat, lon, 1, 0, silent, before.lapsed)
      }
      last.set(ship, { slot, lat, lon, lapsed: 0 })
    } else if (
      before &&
      before.lapsed === 0 &&
      silent >= GAP_SLOTS &&
      !(slot >= from && before.slot < from)
    ) {
      holes.lapsed(before.lat, before.lon, 1, 0, GAP_SLOTS)
      before.lapsed = GAP_SLOTS
    }
  }
  holes.advance(slot + 3)
  return holes
}
