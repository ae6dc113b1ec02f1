// How often vessels report: ITU-R M.1371-5 (annex 1, table 1) asks of class A every 2 to 10 s under way and 3 min at
// rest, of class B 5 s to 3 min. What a file shows instead tells whether it was thinned out, and how well it was heard.

import type { ReportBatch } from '../../model/batch.js'
import { TX_CLASSES, type TxClass } from '../../model/report.js'
import { MS_PER_S } from '../../model/units.js'
import { createQuantiles, type Quantiles } from './quantiles.js'

export const MOTIONS = ['underWay', 'atRest', 'notTold'] as const
export type Motion = (typeof MOTIONS)[number]

export interface Cadence {
  txClass: TxClass
  /** Both reports at 0.5 kn or more, both below, or no speed told (base stations, aids to navigation). */
  motion: Motion
  /** Pairs of reports that follow one another from one vessel; duplicates and steps back in time are none. */
  intervals: number
  /** Seconds between them: the tenth, a quarter, half, three quarters and nine tenths are no longer. A day and more count as a day. */
  p10S: number
  p25S: number
  medianS: number
  p75S: number
  p90S: number
}

/** Below this a vessel lies still: GNSS noise alone shows a few tenths. */
const UNDER_WAY_KN = 0.5

export function createCadence() {
  const tables: (Quantiles | undefined)[] = []
  return {
    /** 0 under way, 1 at rest, 2 not told: index in MOTIONS. */
    motionOf(batch: ReportBatch, i: number): number {
      const sog = batch.sog[i]!
      return sog >= UNDER_WAY_KN ? 0 : sog >= 0 ? 1 : 2
    },
    /** @param before, after what motionOf said of two reports in a row */
    add(txClass: number, before: number, after: number, intervalMs: number): void {
      if (before !== after || !(intervalMs > 0)) return
      const k = txClass * MOTIONS.length + after
      ;(tables[k] ??= createQuantiles()).add(intervalMs / MS_PER_S)
    },
    rows: (): Cadence[] =>
      tables.flatMap((table, k) =>
        table
          ? [
              {
                txClass: TX_CLASSES[Math.floor(k / MOTIONS.length)]!,
                motion: MOTIONS[k % MOTIONS.length]!,
                intervals: table.count,
                ...{ p10S: table.at(0.1), p25S: table.at(0.25), medianS: table.at(0.5) },
                ...{ p75S: table.at(0.75), p90S: table.at(0.9) },
              },
            ]
          : [],
      ),
  }
}
