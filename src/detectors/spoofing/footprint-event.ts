// What is told of a vessel that is heard from where it cannot be.

import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'

/** A vessel heard from too far, so far. */
export interface Far {
  start: Fix
  last: Fix
  /** Farthest, in ranges of the station. */
  ranges: number
  transmissions: number
  /** Vessels that the station heard at home meanwhile. */
  home: number
}

/** The station that heard it from the farthest, by its own range. */
export interface FarStation {
  name: string
  middle: { lat: number; lon: number }
  /** In the direction of where the vessel says it is. */
  rangeM: number
  distanceM: number
}

export interface Against {
  /** Stations that should hear it, by name. */
  missing: string[]
  /** Others of its class around where it says it is. */
  around: number
  /** Others on the way there who are not carried; 0: not asked. */
  passed: number
}

export function footprintEvent(
  { start, last, ranges, transmissions, home }: Far,
  { name, middle, rangeM, distanceM }: FarStation,
  { missing, around, passed }: Against,
  minRanges: number,
  asOf: number,
): DetectorEvent {
  const nm = distanceM / M_PER_NM
  const evidence: Evidence[] = [
    {
      family: 'reception',
      name: 'ranges',
      value: round(ranges, 1),
      expected: `< ${minRanges}`,
      weight: round(Math.min(1.5, 0.7 + Math.log10(ranges / minRanges)), 3),
      text:
        `heard ${transmissions} times by a station that hears ${(rangeM / M_PER_NM).toFixed(0)} nm in that ` +
        `direction, from ${nm.toFixed(0)} nm away`,
    },
    {
      family: 'reception',
      name: 'at_home',
      value: home,
      weight: round(Math.min(0.5, home / 40), 3),
      text:
        'which meanwhile heard those within its range as ever, and ' +
        (passed > 0 ? 'hardly anybody' : 'nobody') +
        ' else from that far in that direction',
    },
  ]
  if (missing.length > 0) {
    const text = `not heard by ${missing.length} station${missing.length > 1 ? 's' : ''} within whose range it says it is`
    const value = missing.length
    evidence.push({ family: 'witnesses', name: 'should_hear', value, expected: '0', weight: 1, text })
  }
  if (around > 0) {
    const text = `${around} other${around > 1 ? 's were' : ' was'} heard where it says it is, by those who do not hear it`
    const weight = round(Math.min(0.7, 0.35 * around), 3)
    evidence.push({ family: 'witnesses', name: 'others_there', value: around, weight, text })
  }
  if (passed > 0) {
    const hours = ((last.t - start.t) / MS_PER_HOUR).toFixed(1)
    const text = `for ${hours} h without a break, while ${passed} others on the way to where it says it is were not`
    evidence.push({ family: 'witnesses', name: 'others_on_the_way', value: passed, weight: 0.7, text })
  }
  return {
    ...({ type: 'spoofing', class: 'footprint', key: 'footprint' } as const),
    ...({ phase: 'opened', revision: 1, asOf, start, end: null } as const),
    score: rankScore(-1, evidence),
    evidence,
    details: {
      ...{ station: name, stationMiddle: middle, distanceM, rangeM },
      ...{ transmissions, notHeardBy: missing, othersThere: around, othersOnTheWay: passed },
    },
  }
}
