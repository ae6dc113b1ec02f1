// What is told of a repetition: whose fixes, how long ago, how far from there, and how sure.

import { wrapLon } from '../../geo/antimeridian.js'
import { distanceBetweenM, fix } from '../../geo/fix.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import { M_PER_NM, MS_PER_S, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import { STEPS_PER_DEG } from './remembered.js'
export type At = [t: number, lat: number, lon: number]

/** What a vessel may be repeating. */
export interface Followed {
  /** Whose fixes, how long ago, s, and how far it is from there, in steps of a degree. */
  mmsi: number
  lagS: number
  dLat: number
  dLon: number
  /** Fixes and steps met again; fixes that were looked for; fixes found of these; in vain since the last. */
  hits: number
  tried: number
  found: number
  misses: number
  /** Whether it was heard out of reach of the last hit since, and how often it came back from there. */
  away: boolean
  turns: number
  /** Of the hits, those whose second says that they were sent anew. */
  fresh: number
  first: At
  last: At
  /** From hit to hit, metres. */
  wayM: number
  /** As announced. */
  told: DetectorEvent | null
}

/** What is told of a repetition at `asOf`; @param isOwn of the vessel's own fixes, @param minMatches asked for */
export function describeReplay(
  repeated: Followed,
  isOwn: boolean,
  minMatches: number,
  asOf: number,
): DetectorEvent {
  const { mmsi, lagS, dLat, dLon, hits, tried, found, fresh, first } = repeated
  const start = fix(...first)
  const from = fix(
    first[0] - lagS * MS_PER_S,
    first[1] - dLat / STEPS_PER_DEG,
    wrapLon(first[2] - dLon / STEPS_PER_DEG),
  )
  const offsetM = distanceBetweenM(from, start)!
  const hours = lagS / 3600
  const who = isOwn ? 'its own' : `those of ${String(mmsi).padStart(9, '0')}`
  const evidence: Evidence[] = [
    {
      family: 'kinematics',
      name: 'fixes_met_again',
      value: hits,
      expected: '0: noise makes every way another',
      weight: round(Math.min(2.5, 1.5 + Math.log2(hits / minMatches) / 2), 3),
      text: `${hits} remembered fixes and steps are ${who} of ${hours.toFixed(1)} h before, ${found} of ${tried} looked for`,
    },
  ]
  if (offsetM > 0) {
    const text = `all of them ${(offsetM / M_PER_NM).toFixed(1)} nm away from there`
    evidence.push({ family: 'place', name: 'offset_m', value: round(offsetM, 0), weight: 0.5, text })
  }
  if (!isOwn)
    evidence.push({
      ...{ family: 'identity', name: 'original_mmsi', value: mmsi, weight: 1 },
      text: 'under another MMSI',
    })
  if (fresh > 0)
    evidence.push({
      ...{ family: 'reception', name: 'seconds_of_now', value: fresh, weight: 0.5 },
      text: 'with the second of the new time in the message: sent again, not delivered again',
    })
  return {
    ...({ type: 'spoofing', class: 'replay', key: 'replay' } as const),
    ...({ phase: 'opened', revision: 1, asOf, start, end: null } as const),
    score: rankScore(0.5, evidence),
    evidence,
    details: { original: { mmsi, ...from }, lagS, offsetM, matches: hits, tried },
  }
}
