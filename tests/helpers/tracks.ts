// Tracks for detectors of motion: straight ways at full rate, with what is told of them to be changed.

import { destination } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_S } from '../../src/model/units.js'
import { MMSI, T0 } from './replay.js'

export interface Way {
  /** Minutes that it lasts, from this minute on. @default 0 */
  minutes: number
  from?: number
  /** Seconds between reports. @default 10 */
  everyS?: number
  /** @default 12, 90 */
  kn?: number
  cog?: number
  /** Where it begins. @default 55, 3 */
  lat?: number
  lon?: number
  mmsi?: number
  /** What is told instead. @param minute since T0 */
  told?: (report: PositionReport, minute: number) => Partial<PositionReport>
}

/** Reports of a ship on a straight way. */
export function way({ minutes, from = 0, everyS = 10, told = () => ({}), ...rest }: Way): PositionReport[] {
  const { kn = 12, cog = 90, lat = 55, lon = 3, mmsi = MMSI } = rest
  return Array.from({ length: Math.floor((minutes * 60) / everyS) + 1 }, (_, k) => {
    const s = k * everyS
    const t = T0 + (from * 60 + s) * MS_PER_S
    const place = destination(lat, lon, cog, (kn * M_PER_NM * s) / 3600)
    const report: PositionReport = {
      ...{ mmsi, t, ...place, sog: kn, cog, heading: cog, navStatus: 0, msgType: 1, txClass: 'A' },
    }
    return { ...report, ...told(report, from + s / 60) }
  })
}

/** The last place of a way, for the next one to begin at. */
export const endOf = (reports: PositionReport[]): { lat: number; lon: number } => {
  const { lat, lon } = reports.at(-1)!
  return { lat: lat!, lon: lon! }
}
