// What a vessel could have done while it was silent: how far it could have gone, which zones that touches, how fast it had
// to be and how long it can have stayed. And the zone events of a silence: it came back on the other side of a boundary,
// it was in a zone at both ends, it could have been in one in between, or it cannot have been. All of it follows from the
// silence alone, so late data that split a silence correct this too. detection.md section 8.

import { geodesicM, haversineM } from '../../geo/distance.js'
import { envelope, type Place } from '../../geo/envelope.js'
import { distanceBetweenM } from '../../geo/fix.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { topSpeedKn, typeSpeedKn } from '../../tracks/speeds.js'
import type { Tracks } from '../../tracks/table.js'
import type { ZoneIndex } from '../../zones/index.js'
import { nearestZones, zonesInReach, type ZoneWay } from '../../zones/reach.js'
import { crossingEvent } from '../crossing.js'
import type { Silence } from './silence.js'
import { boundsOf, zoneEvent, type Kind } from './zone-event.js'

/** Zones listed with a gap; after weeks a vessel can have been almost anywhere, and a list says nothing. */
const MAX_LISTED = 24

/** How fast a vessel can have gone, and how that is known. */
export interface TopSpeed {
  kn: number
  from: 'track' | 'class'
}

/** A silence as far as places go: from where to where, how far in between, and which zones that reaches. */
export interface Survey {
  off: Place
  /** Older than OFF, which has no place: since then. */
  since: Fix | null
  /** null while it lasts, and when the message that ended it had no place. */
  on: Place | null
  /** From the place of `off` on, ms. */
  silentMs: number
  vMaxKn: number
  /** `implied`: the distance between OFF and ON asked for more than the vessel was known for. */
  vMaxFrom: 'track' | 'class' | 'implied'
  rangeM: number
  /** Zones in reach, those least out of the way first. */
  ways: ZoneWay[]
}

export interface Reach {
  /** Of the track as it was last heard. */
  topSpeed(tracks: Tracks, slot: number): TopSpeed
  /** Null when the vessel never had a place, or both ends cannot be one ship's. */
  survey(silence: Silence, on: Fix | null, untilT: number): Survey | null
  /** `details.reach` of a gap. */
  details(seen: Survey): Record<string, unknown>
  /**
   * What is to be said of zones, revision 1: closed for a silence that has ended, opened for one that lasts; there, of the
   * zones by now in reach the nearest, so that a later list begins with an earlier one.
   */
  zoneEvents(seen: Survey, silence: Silence, on: Fix | null, asOf: number, gapClass?: string): DetectorEvent[]
  /** The first `count` events of such a list, when it is that long. */
  opened(silence: Silence, count: number, asOf: number): DetectorEvent[]
  /** Event time after `t` at which it grows beyond `count`; Infinity when never. */
  growsAt(silence: Silence, count: number, t: number): number
  /** Boundaries crossed between two fixes that turned out to be no silence. */
  crossings(off: Fix, on: Fix, asOf: number): DetectorEvent[]
}

/** True when no faster than any ship: else two places are two ships', or a displaced fix. */
export function canBeOneShip(a: Fix, b: Fix, clean: Config['clean']): boolean {
  if (a.lat === null || a.lon === null || b.lat === null || b.lon === null) return true
  const hours = (b.t - a.t) / MS_PER_HOUR
  return haversineM(a.lat, a.lon, b.lat, b.lon) <= (clean.minJumpNm + clean.maxSpeedKn * hours) * M_PER_NM
}

export function createReach(
  options: Config['reach'],
  clean: Config['clean'],
  words: Words,
  zones: ZoneIndex | undefined,
): Reach {
  const { maxIncursions } = options
  const clearM = options.clearNm * M_PER_NM

  function topSpeed(tracks: Tracks, slot: number): TopSpeed {
    const ownKn = topSpeedKn(tracks.speeds, slot)
    const floorKn = typeSpeedKn(options, words.statics.get(tracks.statics[slot]!)?.shipType)
    return ownKn > floorKn ? { kn: ownKn, from: 'track' } : { kn: floorKn, from: 'class' }
  }

  function survey({ off, placed, top, heard }: Silence, on: Fix | null, untilT: number): Survey | null {
    const since = off.lat === null ? placed : null
    const start = since ?? off
    const from = placeOf(start)
    if (!from || (on && !canBeOneShip(start, on, clean))) return null
    const silentMs = untilT - (since ? since.t : heard)
    const impliedKn = ((on && distanceBetweenM(start, on)) ?? 0) / M_PER_NM / (silentMs / MS_PER_HOUR)
    const isImplied = impliedKn > top.kn
    const vMaxKn = isImplied ? impliedKn : top.kn
    const rangeM = (vMaxKn * M_PER_NM * silentMs) / MS_PER_HOUR
    const to = on && placeOf(on)
    const ways = zones ? zonesInReach(zones, from, to, rangeM) : []
    return {
      off: from,
      since,
      on: to,
      silentMs,
      vMaxKn,
      vMaxFrom: isImplied ? 'implied' : top.from,
      rangeM,
      ways,
    }
  }

  function zoneEvents(seen: Survey, silence: Silence, on: Fix | null, asOf: number, gapClass?: string) {
    // where it was as the silence began is not known: what was crossed, zone-crossing tells when it is placed again
    if (!zones || seen.since) return []
    const say = (kind: Kind, way: ZoneWay) => zoneEvent(zones, silence, on, asOf, kind, way, seen, gapClass)
    const events: DetectorEvent[] = []
    for (const way of seen.ways) {
      const { holdsOff, holdsOn } = way
      if (holdsOn === null || !(holdsOff || holdsOn)) continue
      if (holdsOff !== holdsOn) events.push(say(holdsOn ? 'entered_dark' : 'exited_dark', way))
      else if (!silence.rest) events.push(say('dark_inside', way))
    }
    // a vessel at rest is only asked whether it came back elsewhere
    if (silence.rest) return events
    const touched = seen.ways.filter(({ holdsOff, holdsOn }) => !holdsOff && !holdsOn).slice(0, maxIncursions)
    const cleared = outOfReach(zones, seen).slice(0, maxIncursions - touched.length)
    return [
      ...events,
      ...touched.map(way => say('incursion_possible', way)),
      ...cleared.map(way => say('incursion_impossible', way)),
    ]
  }

  /**
   * Zones near OFF or ON in which the vessel cannot have been, those least out of the way first. None while it may still
   * get there, or when it went faster than was known of it: then its top speed is not known.
   */
  function outOfReach(index: ZoneIndex, { off, on, rangeM, vMaxFrom }: Survey): ZoneWay[] {
    if (!on || vMaxFrom === 'implied') return []
    // there and back from one end, then on to the other: no way by a zone that near is longer
    const furthestM = geodesicM(off.lat, off.lon, on.lat, on.lon) + 2 * clearM
    if (furthestM <= rangeM) return []
    return zonesInReach(index, off, on, furthestM).filter(
      ({ wayM, offM, onM, holdsOff, holdsOn }) =>
        wayM > rangeM && !holdsOff && !holdsOn && Math.min(offM, onM!) <= clearM,
    )
  }

  /** The zones nearest to OFF, without those that hold it. */
  function nearest({ off, rest }: Silence, count: number, guessM?: number): ZoneWay[] {
    const from = placeOf(off)
    return zones && from && !rest && count > 0 ? nearestZones(zones, from, count, guessM) : []
  }

  return {
    topSpeed,
    survey,
    details: seen => describe(seen, zones),
    zoneEvents,
    opened(silence, count, asOf) {
      const ways = nearest(silence, count)
      const seen = ways.length > 0 && survey(silence, null, Math.max(asOf, silence.heard + 1))
      return seen ? zoneEvents({ ...seen, ways }, silence, null, asOf) : []
    },
    growsAt(silence, count, t) {
      if (count >= maxIncursions) return Infinity
      const { heard, top } = silence
      const soonM = 2 * ((t - heard) / MS_PER_HOUR) * top.kn * M_PER_NM
      const next = nearest(silence, count + 1, soonM)[count]
      // a millisecond more, lest rounding find it out of reach
      return next ? heard + Math.ceil((next.offM / M_PER_NM / top.kn) * MS_PER_HOUR) + 1 : Infinity
    },
    crossings(off, on, asOf) {
      const [a, b] = [placeOf(off), placeOf(on)]
      if (!zones || !a || !b || !canBeOneShip(off, on, clean)) return []
      const leg = { t0: off.t, lat0: a.lat, lon0: a.lon, t1: on.t, lat1: b.lat, lon1: b.lon }
      const [before, after] = [a, b].map(({ lat, lon }) => zones.members(zones.setAt(lat, lon)))
      const say = (way: 'entered' | 'exited') => (zone: number) =>
        crossingEvent(zones, zone, way, [leg], asOf, Infinity)
      return [
        ...before!.filter(zone => !after!.includes(zone)).map(say('exited')),
        ...after!.filter(zone => !before!.includes(zone)).map(say('entered')),
      ]
    },
  }
}

function describe(seen: Survey, zones: ZoneIndex | undefined): Record<string, unknown> {
  const { off, since, on, vMaxKn, vMaxFrom, rangeM, ways } = seen
  return {
    ...(since && { since }),
    vMaxKn,
    vMaxFrom,
    rangeM,
    areaKm2: round(envelope(off, on, rangeM).areaM2 / 1e6, 1),
    zonesInReach: ways.length,
    zones: ways.slice(0, MAX_LISTED).map(way => {
      const { id, name, kind, method } = zones!.zones[way.zone]!
      return { id, name, kind, method, ...boundsOf(way, seen) }
    }),
  }
}

function placeOf({ lat, lon }: Fix): Place | null {
  return lat === null || lon === null ? null : { lat, lon }
}
