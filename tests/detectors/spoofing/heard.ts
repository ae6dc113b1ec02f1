// Reports as stations hear them: ships about a place, one report each so many minutes, with the second in which it was
// sent. Times are minutes from the start of the script.

import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_MIN, MS_PER_S } from '../../../src/model/units.js'
import { T0 } from '../../helpers/replay.js'

export interface Sailing {
  mmsi: number
  receiver?: string | undefined
  /** Minutes, `to` not included. */
  from?: number
  to: number
  every?: number
  lat?: number
  lon?: number
  /** Knots and degrees. */
  sog?: number
  cog?: number
  rest?: Partial<PositionReport>
  /** What the ship's clock is ahead by, s; NaN: it tells no second. */
  aheadS?: number
  /** What the station's clock is ahead by, ms. */
  fastMs?: number
}

/** One ship on a straight way. */
export function sailing({
  mmsi,
  receiver,
  from = 0,
  to,
  every = 2,
  lat = 54,
  lon = 4,
  sog = 6,
  cog = 0,
  aheadS = 0,
  fastMs = 0,
  rest = {},
}: Sailing): PositionReport[] {
  const reports: PositionReport[] = []
  const phaseMs = (mmsi % 97) * 601
  for (let minute = from; minute < to; minute += every) {
    const sent = T0 + minute * MS_PER_MIN + phaseMs
    const nm = (sog * (minute - from)) / 60
    const turn = (cog * Math.PI) / 180
    reports.push({
      ...{ mmsi, t: sent + fastMs, sog, cog, msgType: 1, txClass: 'A' },
      lat: lat + (nm * Math.cos(turn)) / 60,
      lon: lon + (nm * Math.sin(turn)) / 60 / Math.cos((lat * Math.PI) / 180),
      utcSecond: (((Math.floor(sent / MS_PER_S) + aheadS) % 60) + 60) % 60,
      ...(receiver !== undefined && { receiver }),
      ...rest,
    })
  }
  return reports
}

/** Ships about a place, a mile or so apart. */
export function company(count: number, of: Omit<Sailing, 'mmsi'>, first = 211_000_001): PositionReport[] {
  const { lat = 54, lon = 4 } = of
  return Array.from({ length: count }, (_, k) =>
    sailing({
      ...of,
      mmsi: first + k,
      lat: lat + (k % 5) / 50,
      lon: lon + Math.floor(k / 5) / 50,
      cog: 37 * k,
    }),
  ).flat()
}

export const inOrder = (...parts: PositionReport[][]): PositionReport[] =>
  parts.flat().sort((a, b) => a.t - b.t || a.mmsi - b.mmsi)
