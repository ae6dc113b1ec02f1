// What is said of a slow period: its class with the figures that bear it out. A class that explains the hours takes their
// weight: a ship at anchor is no more suspicious after a week.

import { geodesicM } from '../../geo/distance.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import {
  classOf,
  couldTell,
  drifts,
  worksOnTheSpot,
  type ClassRule,
  type LoiteringClass,
  type SlowHours,
} from './classes.js'

export interface Told {
  slow: SlowHours
  start: Fix
  /** Null while it lasts; then what is known until `asOf`. */
  end: Fix | null
  asOf: number
  isRetold: boolean
  meanPlace: { lat: number; lon: number }
  /** Of silences within, too long to say anything of, ms. */
  unheardMs: number
  /** Other slow ships around it, at most. */
  queue: number
  /** In the port or anchorage of this name. */
  port: string | null
  minHours: number
}

/** A priori, in log-odds; and how much long hours and a far place add to it. */
const OF_CLASS: Record<LoiteringClass, { prior: number; counts: number }> = {
  suspicious: { prior: -1, counts: 1 },
  drifting: { prior: -2, counts: 1 },
  undetermined: { prior: -2, counts: 1 },
  station_keeping: { prior: -3, counts: 0.25 },
  fishing_like: { prior: -3, counts: 0.25 },
  anchored: { prior: -4.5, counts: 0 },
  waiting_at_port: { prior: -5, counts: 0 },
}

export function describe(told: Told, rule: ClassRule): DetectorEvent {
  const { slow, start, end, asOf } = told
  const kind = classOf(slow, rule)
  const { prior, counts } = OF_CLASS[kind]
  const evidence = [...common(told, counts), ...reasonsOf(told, kind)]
  return {
    type: 'loitering',
    class: kind,
    phase: end ? 'closed' : 'opened',
    revision: end && told.isRetold ? 2 : 1,
    ...{ asOf, start, end, score: rankScore(prior, evidence), evidence },
    details: {
      meanPlace: told.meanPlace,
      radiusM: slow.radiusM,
      pathM: slow.pathM,
      netM: slow.netM,
      averageSpeedKn: slow.pathM / M_PER_NM / slow.hours,
      thinnedFixes: slow.fixes,
      unheardH: told.unheardMs / MS_PER_HOUR,
      offBowShare: slow.headed === 0 ? null : round(slow.offBow / slow.headed, 3),
      turnDeg: slow.turnDeg === slow.turnDeg ? round(slow.turnDeg, 1) : null,
      neighbours: { compared: slow.compared, alike: slow.alike, stayed: slow.stayed },
      queue: told.queue,
      port: told.port,
      distanceFromShoreM: slow.shoreM,
    },
  }
}

/** How long, how near, how far out. */
function common({ slow, minHours }: Told, counts: number): Evidence[] {
  const { hours, radiusM, shoreM } = slow
  const radius = radiusM / M_PER_NM
  const within = radius < 10 ? radius.toFixed(1) : radius.toFixed(0)
  const evidence: Evidence[] = [
    {
      ...{ family: 'behaviour', name: 'slow_h', value: round(hours, 2), expected: `< ${minHours} h` },
      weight: round(counts * Math.max(0, Math.min(1.5, Math.log2(hours / minHours) / 2)), 3),
      text: `slow for ${hours.toFixed(1)} h within ${within} nm`,
    },
  ]
  if (shoreM !== null) {
    const nm = shoreM / M_PER_NM
    const weight = round(counts * Math.min(1, nm / 100), 3)
    const text = `${nm.toFixed(0)} nm from shore`
    evidence.push({ family: 'place', name: 'shore_nm', value: round(nm, 1), weight, text })
  }
  return evidence
}

/** What bears out its class; for one that nothing explains, what does not. */
function reasonsOf({ slow, port, queue }: Told, kind: LoiteringClass): Evidence[] {
  const { radiusM, fixes, headed, offBow, compared, alike, stayed, shipType } = slow
  const evidence: Evidence[] = []
  const say = (
    family: Evidence['family'],
    name: string,
    value: number | string,
    weight: number,
    text: string,
  ): void => void evidence.push({ family, name, value, weight, text })
  const share = (n: number): string => `${Math.round((100 * n) / fixes)} % of the time`

  if (port !== null) say('place', 'port', port, -0.5, `in the port or anchorage ${port}`)
  if (kind === 'waiting_at_port' && port === null)
    say('witnesses', 'queue', queue, -0.5, `${queue} other slow ships within 5 nm`)
  if (kind === 'anchored' || (kind === 'waiting_at_port' && port === null))
    say('place', 'radius_m', round(radiusM, 0), -0.5, 'stays within the swing of an anchor')
  if (slow.saysLying > 0.5 * fixes)
    say('behaviour', 'says_lying', slow.saysLying, -0.5, `says that it lies still, ${share(slow.saysLying)}`)
  if (slow.saysFishing > 0.5 * fixes)
    say(
      'behaviour',
      'says_fishing',
      slow.saysFishing,
      -0.5,
      `says that it fishes, ${share(slow.saysFishing)}`,
    )
  if (slow.saysRestricted > 0.5 * fixes) {
    const text = `says that it is restricted in its ability to manoeuvre, ${share(slow.saysRestricted)}`
    say('behaviour', 'says_restricted', slow.saysRestricted, -0.5, text)
  }
  if (headed > 0 && kind !== 'anchored' && kind !== 'waiting_at_port') {
    const text = `moves more than 45° off its bow at ${offBow} of ${headed} fixes`
    say('kinematics', 'off_bow', round(offBow / headed, 2), 0, text)
  }
  if (compared > 0) {
    if (drifts(slow) && alike > 0) {
      const text = `moved as slow vessels around it did, ${alike} of ${compared} times`
      say('witnesses', 'neighbours_alike', round(alike / compared, 2), -0.25, text)
    } else if (stayed > 0.5 * compared) {
      const text = `stayed while slow vessels around it moved, ${stayed} of ${compared} times`
      say('witnesses', 'neighbours_stayed', round(stayed / compared, 2), 0, text)
    } else {
      const text = `moved otherwise than slow vessels around it, ${compared - alike} of ${compared} times`
      say('witnesses', 'neighbours_alike', round(alike / compared, 2), 0.25, text)
    }
  }
  if (worksOnTheSpot(slow) && kind !== 'drifting') {
    const ratio = slow.pathM / Math.max(slow.netM, 1)
    const far = ratio < 100 ? ratio.toFixed(1) : 'a hundred'
    const text = `goes to and fro under way: ${far} times as far as it gets`
    say('behaviour', 'path_to_net', round(Math.min(ratio, 100), 1), 0, text)
  }
  if (kind === 'fishing_like' && shipType === 30) say('behaviour', 'ship_type', 30, -0.25, 'a fishing vessel')
  if (kind === 'undetermined' && !couldTell(slow))
    say('kinematics', 'heading', 'unknown', 0, 'its heading is not known: it may be adrift')
  if (kind === 'suspicious')
    say('behaviour', 'unexplained', kind, 0, 'at no anchorage, and nothing that it says or does explains it')
  return evidence
}

/** Metres between start and end. */
export const netBetween = (start: Fix, end: Fix): number =>
  geodesicM(start.lat!, start.lon!, end.lat!, end.lon!)
