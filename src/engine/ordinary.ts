// What a report of an honest ship is like, nearly always: it goes on as fast as it went, does not claim to lie still while
// it runs, points where it goes, and is in no distress. Detectors that such a report tells nothing (detectors/detector, `watches`)
// are asked only of the others: they share this one look.

import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { Tracks } from '../tracks/table.js'
import { ACTIVE } from '../detectors/distress.js'
import { FAST_KN, offCourseDeg } from '../detectors/drift.js'
import { saysAtRest } from '../detectors/spoofing/nav-status.js'
import { HOLE_MS } from '../detectors/sudden-stop.js'

/** True when row `i`, the next report of that track, is not like that. */
export type IsUnusual = (tracks: Tracks, slot: number, batch: ReportBatch, i: number) => boolean

export function createIsUnusual({ drift, spoofing, suddenStop }: Config): IsUnusual {
  const claimKn = spoofing.navStatus.minKn
  const { fromKn } = suddenStop
  const { minKn, maxKn, minOffDeg } = drift

  return (tracks, slot, batch, i) => {
    const sog = batch.sog[i]!
    const before = tracks.sog[slot]!
    const nav = batch.navStatus[i]!
    if (nav === ACTIVE || (saysAtRest(nav) && sog >= claimKn)) return true
    if (before > FAST_KN && !(sog > FAST_KN)) return true
    if (sog > fromKn !== before > fromKn) return true
    if (sog > fromKn && !(batch.t[i]! - tracks.t[slot]! <= HOLE_MS)) return true
    return sog >= minKn && sog <= maxKn && offCourseDeg(batch, i) > minOffDeg
  }
}
