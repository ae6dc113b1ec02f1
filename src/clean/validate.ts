// Is this row a report? Ranges only: sentinels are already NaN. A row without a position is a sign of life and stays;
// a row with a wrong one is refused.

import type { ReportBatch } from '../model/batch.js'
import { isStaticOnly } from '../model/batch.js'
import type { RejectReason } from '../model/report.js'
import { MS_PER_MIN } from '../model/units.js'

/** Before 1990 there was no AIS; after 2100 it is a broken clock. */
export const MIN_T = Date.UTC(1990, 0, 1)
export const MAX_T = Date.UTC(2100, 0, 1)
/** A clock may run ahead of the arrival time by this much. detection.md section 1. */
export const MAX_AHEAD_MS = 5 * MS_PER_MIN

/** Why row `i` is no report, or null when it is one. Values that are out of range but not essential become NaN. */
export function validateRow(batch: ReportBatch, i: number): RejectReason | null {
  const mmsi = batch.mmsi[i]!
  if (mmsi < 1 || mmsi > 999_999_999) return 'mmsi-invalid'
  const t = batch.t[i]!
  if (!(t >= MIN_T && t <= MAX_T)) return t !== t ? 'time-invalid' : 'time-out-of-range'
  if (t > batch.receivedAt[i]! + MAX_AHEAD_MS) return 'future'

  const lat = batch.lat[i]!
  const lon = batch.lon[i]!
  if (lat !== lat || lon !== lon) {
    batch.lat[i] = batch.lon[i] = NaN // half a position is none
  } else {
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)) return 'position-out-of-range'
    if (lat === 0 && lon === 0) return 'position-zero'
  }
  if (isStaticOnly(batch.msgType[i]!)) return null
  if (!(batch.sog[i]! >= 0 && batch.sog[i]! <= 102.25)) batch.sog[i] = NaN
  if (!(batch.cog[i]! >= 0 && batch.cog[i]! < 360)) batch.cog[i] = NaN
  if (!(batch.heading[i]! >= 0 && batch.heading[i]! < 360)) batch.heading[i] = NaN
  return null
}
