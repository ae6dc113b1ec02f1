// What is told of a vessel that is too even.

import { fix } from '../../geo/fix.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import { round } from '../../model/units.js'
import { rankScore } from '../score.js'
import { ASIDE_AT, HEADING_AT, quantile, type Sign } from './synthetic-signs.js'
import type { Figures } from './synthetic-window.js'

/** Windows in a row that were too even. */
export interface Even {
  windows: number
  from: [t: number, lat: number, lon: number]
}

export function syntheticEvent(
  { from, windows }: Even,
  own: Figures,
  others: readonly Figures[],
  signs: readonly Sign[],
  asOf: number,
): DetectorEvent {
  const usualM = quantile(others, ASIDE_AT, 0.5)
  const evidence: Evidence[] = [
    {
      family: 'kinematics',
      name: 'aside_m',
      value: round(own[1], 3),
      expected: `${usualM.toFixed(2)} m, as the ${others.length} vessels around`,
      weight: round(Math.min(1.5, Math.log2(usualM / Math.max(own[1], 0.02)) / 3), 3),
      text: `steps lead ${own[1].toFixed(2)} m beside the course: no sea and no GNSS noise`,
    },
    ...signs.map(([name, what, at]): Evidence => {
      const usual = quantile(others, at, 0.9)
      return {
        ...{ family: 'behaviour', name, value: round(own[at], 2), weight: 0.8 },
        expected: `≤ ${usual.toFixed(2)} with nine of ten around`,
        text:
          at === HEADING_AT
            ? `heading is the course in ${percent(own[at])}`
            : `the same ${what} from look to look in ${percent(own[at])}`,
      }
    }),
  ]
  return {
    ...({ type: 'spoofing', class: 'synthetic', key: 'synthetic' } as const),
    ...({ phase: 'opened', revision: 1, asOf, start: fix(...from), end: null } as const),
    score: rankScore(-0.5, evidence),
    evidence,
    details: {
      ...{ windows, neighbours: others.length, asideM: own[1], usualAsideM: usualM },
      ...{ sameCourse: own[2], sameSpeed: own[3], sameInterval: own[4], headingIsCourse: own[5] },
    },
  }
}

const percent = (share: number): string => `${Math.round(100 * share)} of 100`
