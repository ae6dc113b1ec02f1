// What happened in each zone: reports heard, vessels seen, and the time they spent there. Counted per set of zones, so
// that a report costs two additions; folded to zones when asked.

import { MS_PER_HOUR } from '../model/units.js'
import type { ZoneIndex } from '../zones/index.js'
import type { ZoneActivity } from './api.js'

/** Time between two fixes counts as spent in their zone up to this: beyond it nobody knows. */
const MAX_STEP_MS = MS_PER_HOUR

export interface ActivityState {
  /** By set of zones: reports, and time spent, ms. */
  reports: number[]
  ms: number[]
  /** Distinct vessels by zone index. */
  vessels: Map<number, Set<number>>
}

export interface Activity {
  readonly state: ActivityState
  /** A fix in `set`, `sinceMs` after the vessel's fix before, which was in `before`; NaN when there was none. */
  add(mmsi: number, set: number, before: number, sinceMs: number): void
  list(): ZoneActivity[]
}

/** @param maxVessels distinct vessels remembered per zone; more are not counted */
export function createActivity(zones: ZoneIndex, maxVessels: number, restored?: ActivityState): Activity {
  const state: ActivityState = restored ?? { reports: [], ms: [], vessels: new Map() }
  const { reports, ms } = state

  function meet(mmsi: number, set: number): void {
    for (const zone of zones.members(set)) {
      let seen = state.vessels.get(zone)
      if (!seen) state.vessels.set(zone, (seen = new Set()))
      if (seen.size < maxVessels) seen.add(mmsi)
    }
  }

  return {
    state,
    add(mmsi, set, before, sinceMs) {
      while (reports.length <= set) {
        reports.push(0)
        ms.push(0)
      }
      reports[set]!++
      if (set === before && sinceMs <= MAX_STEP_MS) ms[set]! += sinceMs
      else if (!(set === before)) meet(mmsi, set)
    },
    list() {
      const rows = new Map<number, ZoneActivity>()
      for (let set = 0; set < reports.length; set++) {
        for (const zone of zones.members(set)) {
          let row = rows.get(zone)
          if (!row) {
            const vessels = state.vessels.get(zone)?.size ?? 0
            rows.set(zone, (row = { zone: zones.zones[zone]!, reports: 0, vessels, vesselHours: 0 }))
          }
          row.reports += reports[set]!
          row.vesselHours += ms[set]! / MS_PER_HOUR
        }
      }
      return [...rows.values()].sort((a, b) => b.reports - a.reports || (a.zone.id < b.zone.id ? -1 : 1))
    },
  }
}
