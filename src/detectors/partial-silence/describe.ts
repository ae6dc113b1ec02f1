// What is told of a vessel that one feed stopped to hear.

import { distanceBetweenM } from '../../geo/fix.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { COLLECTIONS } from '../../model/report.js'
import { MS_PER_HOUR, round } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { collectionOfFeed, sourceOfFeed } from '../../tracks/feeds.js'
import { rankScore } from '../score.js'
import { RAREST, type Rhythm } from './rhythm.js'

/** A row of misses: the last fix by the feed before it, what came by the other since. */
export interface Missing {
  side: number
  off: Fix
  feed: number
  receiver: number
  other: number
  reports: number
  /** The last of them. */
  last: Fix
  slots: number
  event: DetectorEvent | null
}

export function describe(
  { off, feed, other, slots, reports, last }: Missing,
  { share, chance }: Rhythm,
  words: Words,
  asOf: number,
): DetectorEvent {
  const hours = (asOf - off.t) / MS_PER_HOUR
  const [silentOn, heardOn] = [nameOf(feed, words), nameOf(other, words)]
  const of = ({ source, collection }: typeof silentOn) =>
    silentOn.collection !== heardOn.collection || source === null ? collection : source
  const evidence: Evidence[] = [
    {
      family: 'silence',
      name: 'slots_missed',
      value: slots,
      expected: `≤ ${Math.floor(Math.log(RAREST) / Math.log(1 - Math.min(0.99, share)))}`,
      weight: round(Math.min(2, -Math.log10(chance) / 4), 3),
      text:
        `for ${hours.toFixed(1)} h not heard by ${of(silentOn)}, in ${slots} times ten minutes in which ` +
        `others near it were; before it was in ${Math.round(100 * share)} of 100`,
    },
    {
      family: 'reception',
      name: 'reports_by_other',
      value: reports,
      expected: '0: a set that is off is heard by nobody',
      weight: 0.5,
      text: `meanwhile ${reports} reports came by ${of(heardOn)}`,
    },
  ]
  return {
    ...({ type: 'partial_silence', phase: 'opened', revision: 1, asOf, start: off, end: null } as const),
    score: rankScore(-1.5, evidence),
    evidence,
    details: {
      ...{ silentOn, heardOn, lastByFeed: off, lastByOther: last, reportsByOther: reports },
      ...{ slotsMissed: slots, usualShare: round(share, 3), movedM: distanceBetweenM(off, last) },
    },
  }
}

const nameOf = (feed: number, words: Words) => ({
  source: words.sources.get(sourceOfFeed(feed)) ?? null,
  collection: COLLECTIONS[collectionOfFeed(feed)]!,
})
