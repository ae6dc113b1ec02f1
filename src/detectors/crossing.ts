// The event of a boundary crossed between two fixes: told by the zone detector as it happens, and by the gap detector when
// late data show that what it had taken for a silence was none.

import { interpolate } from '../geo/distance.js'
import { fix } from '../geo/fix.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { MS_PER_HOUR } from '../model/units.js'
import type { ZoneIndex } from '../zones/index.js'
import { rankScore } from './score.js'

/** The piece of path between two consecutive fixes. */
export interface Leg {
  t0: number
  lat0: number
  lon0: number
  t1: number
  lat1: number
  lon1: number
}

/**
 * @param legs where the crossing is looked for, the likelier first
 * @param unseenMs beyond this nobody knows where on a leg it crossed: the event spans it
 */
export function crossingEvent(
  zones: ZoneIndex,
  zone: number,
  way: 'entered' | 'exited',
  legs: readonly [Leg, ...Leg[]],
  asOf: number,
  unseenMs: number,
): DetectorEvent {
  const ref = zones.zones[zone]!
  const leg = legs.find(each => cutOn(zones, zone, each)) ?? legs[0]
  const ends = [fix(leg.t0, leg.lat0, leg.lon0), fix(leg.t1, leg.lat1, leg.lon1)] as const
  const ms = leg.t1 - leg.t0
  const unseen = ms > unseenMs
  const start = unseen ? ends[0] : (cutOn(zones, zone, leg) ?? ends[1])
  const text = unseen
    ? `${way} ${ref.name} in ${(ms / MS_PER_HOUR).toFixed(1)} h without a position`
    : `${way} ${ref.name}`
  const evidence: Evidence[] = [{ family: 'place', name: 'crossing', value: ref.id, weight: 0, text }]
  return {
    type: 'zone',
    class: way,
    key: ref.id,
    zone: ref,
    phase: 'closed',
    revision: 1,
    asOf,
    start,
    end: unseen ? ends[1] : start,
    score: rankScore(-4, evidence),
    evidence,
    details: { zone: ref.id, interpolated: !unseen, between: ends },
  }
}

/** Where and when a leg cuts the boundary; undefined when it does not. */
export function cutOn(zones: ZoneIndex, zone: number, leg: Leg): Fix | undefined {
  const f = zones.crossing(zone, leg.lat0, leg.lon0, leg.lat1, leg.lon1)
  if (f !== f) return undefined
  const { lat, lon } = interpolate(leg.lat0, leg.lon0, leg.lat1, leg.lon1, f)
  return { t: Math.round(leg.t0 + f * (leg.t1 - leg.t0)), lat, lon }
}
