// The way from one port to another: the shortest chain of sea lanes, each passed a little to starboard of its
// middle line, so that ships meet port to port and no two follow one line.

import { bearingDeg, destination, haversineM } from '../geo/distance.js'
import { UsageError } from '../model/errors.js'
import { M_PER_NM } from '../model/units.js'
import type { Place, Point, Waters } from './scenario.js'

/** @throws UsageError when the waters have no such place */
export function pointOf(waters: Waters, place: Place): Point {
  if (typeof place !== 'string') return place
  const known = Object.hasOwn(waters.places, place) ? waters.places[place] : undefined
  if (!known) throw new UsageError(`simulate: unknown place "${place}"`)
  return [known[0], known[1]]
}

/** The named place nearest to a point. */
export function nearestPlace(waters: Waters, [lat, lon]: Point): string {
  let best = ''
  let bestM = Infinity
  for (const [name, [placeLat, placeLon]] of Object.entries(waters.places)) {
    const m = haversineM(lat, lon, placeLat, placeLon)
    if (m < bestM) [best, bestM] = [name, m]
  }
  return best
}

/**
 * Names along the shortest way (Dijkstra; a scenario has tens of places).
 * @throws UsageError when no chain of lanes joins the two
 */
export function route(waters: Waters, from: string, to: string): string[] {
  const distance = new Map<string, number>([[from, 0]])
  const before = new Map<string, string>()
  const open = new Set([from])
  while (open.size > 0) {
    let here = ''
    for (const name of open) if (here === '' || distance.get(name)! < distance.get(here)!) here = name
    open.delete(here)
    if (here === to) {
      const names = [to]
      while (names[0] !== from) names.unshift(before.get(names[0]!)!)
      return names
    }
    for (const [a, b] of waters.lanes) {
      const next = a === here ? b : b === here ? a : undefined
      if (next === undefined) continue
      const m = distance.get(here)! + haversineM(...pointOf(waters, here), ...pointOf(waters, next))
      if (m < (distance.get(next) ?? Infinity)) {
        distance.set(next, m)
        before.set(next, here)
        open.add(next)
      }
    }
  }
  throw new UsageError(`simulate: no sea lane from "${from}" to "${to}"`)
}

/** @param side 0…1: how far to starboard of the middle this ship keeps, of the room there is */
export function keepToStarboard(waters: Waters, names: readonly string[], side: number): Point[] {
  return names.map((name, i) => {
    const here = pointOf(waters, name)
    const roomNm = waters.places[name]![2]
    const before = names[i - 1]
    const after = names[i + 1]
    if (before === undefined || after === undefined || roomNm === 0) return here
    const course = bearingDeg(...pointOf(waters, before), ...pointOf(waters, after))
    const aside = destination(...here, course + 90, side * roomNm * M_PER_NM)
    return [aside.lat, aside.lon]
  })
}
