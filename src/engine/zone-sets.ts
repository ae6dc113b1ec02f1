// Zone sets that survive a restart. An index numbers its sets as it meets them, so its numbers mean nothing to another
// process; the engine keeps its own numbers, in order of first use, with the zones behind each.

import { UsageError } from '../model/errors.js'
import type { ZoneIndex } from '../zones/index.js'

/** By number: the ids of the zones in that set; 0 is the empty set. Plain data. */
export type ZoneSetState = string[][]

/** The same index, answering with numbers that belong to `state`. */
export function numberZoneSets(zones: ZoneIndex, state: ZoneSetState): ZoneIndex {
  if (state.length === 0) state.push([])
  const indexOf = new Map(zones.zones.map((zone, k) => [zone.id, k]))
  const numbers = new Map(state.map((ids, number) => [ids.join('\n'), number]))
  const membersOf = state.map(ids =>
    ids.map(id => {
      const k = indexOf.get(id)
      if (k === undefined) throw new UsageError(`snapshot: zone ${id} is not among the zones given`)
      return k
    }),
  )
  /** Number + 1 by the index's own set id; 0 where it has none yet. */
  let known = new Int32Array(1024)

  function number(set: number): number {
    const members = zones.members(set)
    const ids = members.map(k => zones.zones[k]!.id)
    const key = ids.join('\n')
    let found = numbers.get(key)
    if (found === undefined) {
      found = state.length
      state.push(ids)
      membersOf.push([...members])
      numbers.set(key, found)
    }
    if (set >= known.length) {
      const larger = new Int32Array(2 * (set + 1))
      larger.set(known)
      known = larger
    }
    known[set] = found + 1
    return found
  }

  return {
    ...zones,
    setAt(lat, lon) {
      const set = zones.setAt(lat, lon)
      const at = set < known.length ? known[set]! : 0
      return at !== 0 ? at - 1 : number(set)
    },
    members: set => membersOf[set] ?? [],
  }
}
